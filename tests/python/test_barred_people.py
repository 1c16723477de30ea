"""Nobody who is barred is sent, for whatever reason and however it is written down."""

import pytest
from barred_people import controls, everybody, hashes, write_world
from worlds import World

BARRED = everybody()
CONTROLS = controls(len(BARRED) + 1)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    made = World(tmp_path_factory.mktemp("barred"))
    made.raw.mkdir(parents=True)
    write_world([*BARRED, *CONTROLS], made.raw)
    made.build("--select", "+fct_audience_members", "+fct_exclusions", command="run")
    return made


@pytest.fixture(scope="module")
def sent(world: World) -> set[str]:
    columns = [
        str(name)
        for (name,) in world.query(
            "select column_name from information_schema.columns"
            " where table_name = 'fct_audience_members' and column_name like '%_sha256'"
        )
    ]
    listed = " union ".join(f"select {name} from fct_audience_members" for name in columns)
    return {str(value) for (value,) in world.query(listed) if value}


def test_there_are_enough_of_them() -> None:
    assert len(BARRED) >= 144
    assert len({person.reason for person in BARRED}) == len(BARRED)


def test_nobody_who_is_barred_is_sent(sent: set[str]) -> None:
    assert [person.reason for person in BARRED if hashes(person) & sent] == []


def test_whom_nothing_bars_is_sent(world: World) -> None:
    ids = ", ".join(f"'{person.own['id']}'" for person in CONTROLS)
    found = world.query(
        "select count(distinct customer_id) from fct_audience_members join dim_people"
        f" using (person_id) where customer_id in ({ids})"
    )
    assert found == [(len(CONTROLS),)]


def test_everybody_who_is_barred_is_counted_under_an_exclusion(world: World) -> None:
    counted = {
        customer
        for (customer,) in world.query(
            "select distinct customer_id from fct_exclusions join dim_people using (person_id)"
            " where scope not in ('where_named')"
        )
    }
    assert [person.reason for person in BARRED if person.own["id"] not in counted] == []
