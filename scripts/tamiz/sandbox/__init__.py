"""The ad platforms on loopback, strict: the OpenAPI contract is the gate."""

from tamiz.sandbox.app import create_app
from tamiz.sandbox.script import Script, parse_script, read_script
from tamiz.sandbox.server import running_sandbox, serve
from tamiz.sandbox.world import World

__all__ = [
    "Script",
    "World",
    "create_app",
    "parse_script",
    "read_script",
    "running_sandbox",
    "serve",
]
