"""However the subject of a refusal is spelled, it finds its person, and nobody else."""

import csv
import random
from pathlib import Path

import pytest
from reference import spellings
from worlds import World

PEOPLE = 500
SPELLINGS = 10_000
KINDS = {
    "email": (spellings.email, ("email", "E-Mail", "correo")),
    "phone": (spellings.phone, ("phone", "Teléfono", "msisdn")),
    "customer_id": (spellings.customer_id, ("customer_id", "userId", "Customer ID")),
    "ad_id": (spellings.ad_id, ("mobile_ad_id", "idfa", "gaid", "maid")),
    "x_account": (spellings.x_account, ("x_handle", "x_user_id", "twitter")),
}


def write(path: Path, columns: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(rows)


# What is nobody's, with what it must not be taken for.
NOBODYS = (
    ("email", "ana.lopez1@mail2.example.com"),
    ("email", "lopez1@mail1.example.com"),
    ("email", "ana-lopez1@mail1.example.com"),
    ("phone", "+34911111112"),
    ("phone", "+33610007919"),
    ("customer_id", "K00001x"),
    ("customer_id", "40000.5"),
    ("x_handle", "https://fax.com/ana_1_x"),
    ("x_handle", "ana_1_xx"),
    ("mobile_ad_id", "a0b1c2d3-0000-0000-0000-010000abcdee"),
    ("sha256", "ab" * 32),
)
UNREAD = (
    ("email", "no address here"),
    ("phone", "600 123"),
    ("favourite colour", "green"),
    ("phone", "3.461E+10"),
)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Return a world of people and refusals, in which it is known who is barred by each."""
    made = World(tmp_path_factory.mktemp("spellings"))
    made.raw.mkdir()
    people = [spellings.person(number) for number in range(PEOPLE)]
    write(
        made.raw / "crm_customers.csv",
        ("customer_id", "email", "phone", "mobile_ad_id", "x_handle", "x_user_id", "country"),
        [
            (one.customer_id, one.email, one.phone, one.ad_id, one.x_handle, one.x_user_id, "ES")
            for one in people
        ],
    )
    rows = []
    for kind, (spell, types) in KINDS.items():
        draw = random.Random(kind)  # noqa: S311 - the same texts in every run
        for number in range(SPELLINGS):
            held = people[number % PEOPLE]
            rows.append((f"{kind}:{number % PEOPLE}", draw.choice(types), spell(held, draw)))
    rows += [("nobody", *one) for one in NOBODYS] + [("unread", *one) for one in UNREAD]
    rows.append(("granted", "email", "ana.lopez1+x@mail1.example.com"))
    write(
        made.raw / "consent_events.csv",
        ("consent_id", "subject_type", "subject", "purpose", "status", "occurred_at"),
        [
            (
                *(owner, kind, subject, "ad_user_data"),
                *("granted" if owner == "granted" else "denied", "2026-03-01 00:00:00"),
            )
            for owner, kind, subject in rows
        ],
    )
    made.build("--select", "phone_countries", command="seed")
    made.build(
        *("--select", "+int_stated_people", "int_statements", "int_requests"),
        *("int_subjects", "int_unread_subjects", "fct_consent_current"),
        command="run",
    )
    return made


@pytest.mark.parametrize("kind", KINDS)
def test_every_spelling_finds_its_person_and_nobody_else(world: World, kind: str) -> None:
    people = dict(world.query("select customer_id, person_id from int_customers"))
    numbers = {people[spellings.person(number).customer_id]: number for number in range(PEOPLE)}
    found = world.query(
        f"""select statement_id, list(distinct person_id), any_value(stated_subject)
            from int_statements left join int_stated_people using (stated_type, stated_subject)
            where statement_id like '{kind}:%'
            group by statement_id, stated_type, stated_subject"""
    )
    assert len(found) > PEOPLE
    wrong = [
        (owner, subject)
        for owner, persons, subject in found
        if [f"{kind}:{numbers.get(one)}" for one in persons] != [owner]
    ]
    assert not wrong, f"{len(wrong)} of {len(found)}, such as {wrong[:8]}"


def test_what_is_nobodys_bars_nobody(world: World) -> None:
    assert not world.query(
        """select stated_type, stated_subject from int_statements
           inner join int_stated_people using (stated_type, stated_subject)
           where statement_id = 'nobody'"""
    )


def test_a_grant_under_a_wide_spelling_is_of_what_it_names(world: World) -> None:
    assert world.query("select subject from fct_consent_current where is_granted") == [
        ("ana.lopez1+x@mail1.example.com",)
    ]


def test_what_cannot_be_read_stops_the_gate_with_its_lines(world: World) -> None:
    assert sorted(
        world.query(
            """select column_name, reason, word, value_count from int_unread_subjects
               where stops_gate"""
        )
    ) == [
        (
            "subject",
            "digits are lost: it bars everybody whose number it may be",
            None,
            1,
        ),
        ("subject", "fewer than eight digits", None, 1),
        ("subject", "no X account in it", None, 1),
        ("subject", "no e-mail address in it", None, 1),
        ("subject_type", "not on the list of subject_types", "favourite colour", 1),
    ]


def test_a_number_with_lost_digits_bars_everybody_whose_it_may_be(world: World) -> None:
    barred = world.query(
        "select count(*) from int_stated_people where stated_subject = '3.461E+10'"
    )
    numbers = [int(spellings.person(number).phone[1:]) for number in range(PEOPLE)]
    assert barred == [(sum(34_605_000_000 <= one <= 34_615_000_000 for one in numbers),)]
