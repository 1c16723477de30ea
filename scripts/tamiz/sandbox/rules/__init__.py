"""The rules of each platform that its contract cannot say: one line a platform."""

from collections.abc import Mapping

from tamiz.sandbox.rules import (
    google,
    linkedin,
    meta,
    microsoft,
    pinterest,
    reddit,
    snapchat,
    tiktok,
    x,
)
from tamiz.sandbox.rules.common import Rules

__all__ = ["RULES"]

RULES: Mapping[str, Rules] = {
    module.RULES.name: module.RULES
    for module in (google, linkedin, meta, microsoft, pinterest, reddit, snapchat, tiktok, x)
}
