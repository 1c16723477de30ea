"""Files that only their owner may read: how they are made, found open, and closed."""

import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

OTHERS = stat.S_IRWXG | stat.S_IRWXO


def keep_to_owner() -> None:
    """Let whatever this process makes from now on be its owner's alone."""
    os.umask(OTHERS)


def open_to_others(places: Iterable[Path]) -> list[Path]:
    """Return what group or others may open of files and folders, the outermost of each only.

    What lies in a folder that is closed cannot be reached, so it is not looked at.
    """
    return [found for place in places for found in _open(place)]


def close_to_others(place: Path) -> None:
    """Take the rights of group and others from a file, or from a folder and all that is in it.

    Left alone are symbolic links, what belongs to somebody else, folders that many share (such as
    /tmp), and a folder in which the command itself runs.
    """
    if not _is_ours(place):
        return
    if place.is_dir():
        if Path.cwd().is_relative_to(place.resolve()):
            return
        for inner in place.iterdir():
            close_to_others(inner)
    mode = place.stat().st_mode
    if mode & OTHERS:
        place.chmod(stat.S_IMODE(mode) & ~OTHERS)


def _open(place: Path) -> Iterator[Path]:
    if not place.exists() or place.is_symlink():
        return
    if place.stat().st_mode & OTHERS:
        yield place


def _is_ours(place: Path) -> bool:
    if place.is_symlink() or not place.exists():
        return False
    found = place.stat()
    return found.st_uid == os.getuid() and not found.st_mode & stat.S_ISVTX
