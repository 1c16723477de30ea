"""A world out of its state file, and the shortest file that gives the same world."""

from collections.abc import Iterator
from typing import Any

from tamiz.sandbox.world import SandboxList, World

Note = list[Any]


def load(world: World) -> None:
    """Read the state file, if there is one, and write it anew without what is over."""
    for note in world.journal.read():
        _replay(world, note)
    world.journal.rewrite(_notes(world))


def _replay(world: World, note: Note) -> None:
    what, *rest = note
    if what == "number":
        (world.last_number,) = rest
    elif what == "list":
        _replay_list(world, *rest)
    elif what == "drop":
        del world.lists[rest[0]]
    elif what == "add":
        list_id, changed_at, kind, at, values = rest
        world.add(world.lists[list_id], {kind: values}, at)
        world.lists[list_id].changed_at = changed_at
    elif what == "remove":
        list_id, changed_at, kind, values = rest
        world.remove(world.lists[list_id], {kind: values})
        world.lists[list_id].changed_at = changed_at
    elif what == "work":
        world.work[rest[0]] = rest[1]
    else:
        world.tokens[rest[0]] = rest[1]


def _replay_list(world: World, kept: dict[str, Any]) -> None:
    there = world.lists.get(kept["list_id"])
    entry = SandboxList(**kept)
    if there is not None:
        entry.members, entry.matched = there.members, there.matched
    world.lists[entry.list_id] = entry


def _notes(world: World) -> Iterator[Note]:
    yield ["number", world.last_number]
    for entry in world.lists.values():
        yield ["list", entry.described()]
        for kind, values in entry.members.items():
            by_time: dict[float, list[str]] = {}
            for value, at in values.items():
                by_time.setdefault(at, []).append(value)
            for at, group in by_time.items():
                yield ["add", entry.list_id, entry.changed_at, kind, at, group]
    yield from (["work", key, value] for key, value in world.work.items())
    yield from (["token", key, value] for key, value in world.tokens.items())
