"""The ad platforms on loopback, strict: the OpenAPI contract is the gate."""

from tamiz.sandbox.app import create_app
from tamiz.sandbox.server import running_sandbox, serve
from tamiz.sandbox.world import World

__all__ = ["World", "create_app", "running_sandbox", "serve"]
