"""Sessions do not depend on how their events came in: late, twice, contradicting, day by day.

`TAMIZ_ARRIVALS=20` deals the events out in that many ways instead of two.
"""

import os
import random
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from worlds import World

START = datetime(2026, 6, 1)
AS_OF = "2026-06-30 00:00:00"


def made_up(seed: int, count: int = 400) -> list[dict[str, object]]:
    """Events of few visitors in two busy days; one in five comes again, some with other content."""
    dice = random.Random(seed)  # noqa: S311 - no secret
    events: list[dict[str, object]] = []
    for number in range(count):
        occurred = START + timedelta(
            minutes=30 * dice.randrange(60), seconds=dice.choice((0, 0, 1))
        )
        event: dict[str, object] = {
            "event_id": f"e{number}",
            "anonymous_id": f"v{dice.randrange(12)}",
            "event_name": dice.choice(("page_view", "product_view", "add_to_cart", "login")),
            "occurred_at": occurred,
            "received_at": occurred + timedelta(hours=dice.choice((0, 0, 0, 5, 200))),
            "user_id": dice.choice((None, None, "c1", "c2")),
            "page_url": dice.choice(("https://shop.example/a", "https://shop.example/b?x=1")),
        }
        events.append(event)
        if dice.random() < 0.2:
            again = dict(event)
            again["received_at"] = event["received_at"] + timedelta(  # type: ignore[operator]
                milliseconds=dice.choice((0, 0, 800, -800))
            )
            again["anonymous_id"] = dice.choice((event["anonymous_id"], "v0"))
            again["event_name"] = dice.choice((event["event_name"], "page_view"))
            events.append(again)
    return events


def write(world: World, events: list[dict[str, object]]) -> None:
    def text(value: object) -> str:
        if value is None:
            return "null"
        return f"timestamp '{value}'" if isinstance(value, datetime) else f"'{value}'"

    values = ", ".join(f"({', '.join(text(v) for v in event.values())})" for event in events)
    world.write("pixel_events", f"select * from (values {values}) as rows ({', '.join(events[0])})")


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(1, 1 + int(os.environ.get("TAMIZ_ARRIVALS", "2"))))
def test_batches_in_any_order_give_the_sessions_of_one_full_run(
    new_world: Callable[[str], World], seed: int
) -> None:
    events = made_up(seed)
    whole = new_world("whole")
    write(whole, events)
    whole.build("--select", "+fct_sessions", as_of=AS_OF, command="run")

    fed = new_world("fed")
    shuffled = random.Random(seed).sample(events, len(events))  # noqa: S311 - no secret
    size = len(shuffled) // 4 + 1
    for start in range(0, len(shuffled), size):
        # Only what is new lies in the folder: yesterday's file is gone.
        write(fed, shuffled[start : start + size])
        fed.build("--select", "+fct_sessions", as_of=AS_OF, command="run")

    for table in ("fct_sessions", "int_sessions", "int_events"):
        assert fed.query(f"select * from {table} order by all") == whole.query(
            f"select * from {table} order by all"
        )
    assert whole.query("select count(*) > 20 and count(person_id) > 0 from fct_sessions") == [
        (True,)
    ]
