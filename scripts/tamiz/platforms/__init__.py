"""The ad platforms: one small module each, one line here."""

from tamiz.errors import UnknownPlatform
from tamiz.platforms import (
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
from tamiz.platforms.base import Account, Platform

__all__ = ["PLATFORMS", "Account", "Platform", "platform"]

PLATFORMS: dict[str, Platform] = {
    "google": google.PLATFORM,
    "linkedin": linkedin.PLATFORM,
    "meta": meta.PLATFORM,
    "microsoft": microsoft.PLATFORM,
    "pinterest": pinterest.PLATFORM,
    "reddit": reddit.PLATFORM,
    "snapchat": snapchat.PLATFORM,
    "tiktok": tiktok.PLATFORM,
    "x": x.PLATFORM,
}


def platform(name: str) -> Platform:
    """Return the platform of that name; raises UnknownPlatform, naming the known ones."""
    if name not in PLATFORMS:
        known = ", ".join(sorted(PLATFORMS))
        raise UnknownPlatform(f"no platform named '{name}'; known: {known}")
    return PLATFORMS[name]
