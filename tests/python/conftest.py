"""Worlds that tests share: one small demo world, built whole once a session.

`TAMIZ_TEST_WORLD` names the folder of one that is built: scripts/test has built it before.
"""

import os
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from loops import Sandbox
from story import Told, tell
from worlds import AS_OF, World

# What takes longest starts first, so that no core waits for another one at the end.
LONGEST = ("test_command_line", "test_loop", "test_readme", "test_truths", "test_hashing",
           "test_sandbox_fuzz", "test_erasure", "test_arrival", "test_real_data")  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests of the longest files first, in the order of the list."""
    places = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.path.stem, len(LONGEST)))


@pytest.fixture
def new_world(tmp_path: Path) -> Callable[[str], World]:
    """Return a maker of empty worlds, each in a folder of its own."""

    def make(name: str) -> World:
        world = World(tmp_path / name)
        world.raw.mkdir(parents=True)
        return world

    return make


@pytest.fixture(scope="session")
def demo_world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Return a demo world of 600 people and 30 days, built whole; tests must not change it."""
    from tamiz.demo_data import make_demo_world

    if "TAMIZ_TEST_WORLD" in os.environ:
        return World(Path(os.environ["TAMIZ_TEST_WORLD"]))
    world = World(tmp_path_factory.mktemp("demo"))
    make_demo_world(
        people=600,
        days=30,
        seed=7,
        out=world.raw,
        as_of=datetime.fromisoformat(AS_OF),
        say=lambda _: None,
    )
    world.build()
    return world


@pytest.fixture(scope="session")
def told(demo_world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    """Return a loop gone through twice, its sandbox still running; tests must not change it."""
    from tamiz.sandbox import running_sandbox

    with running_sandbox() as url:
        yield tell(demo_world, tmp_path_factory.mktemp("told"), Sandbox(url))
