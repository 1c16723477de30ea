"""Who is sent X ids, handles and ad ids, and for whom they are not: on a world of a few people."""

import hashlib
from collections.abc import Callable
from itertools import count

import pytest
from worlds import World

AUDIENCE = "aud_existing_customers"
COLUMNS = ("email", "phone", "idfa", "aaid", "x_user_id", "x_handle")
# One digit of an ad id for each, the first one of their device.
PEOPLE = {
    "ios": "1",  # logs in on an iPhone
    "android": "2",  # the CRM knows the ad id, a device of nobody's carries it
    "unsaid": "3",  # the CRM knows an ad id that no device carried
    "both": "4",  # the same id on an iPhone and on Android
    "ann": "5",  # shares a phone with bob
    "bob": "5",
    "zero": "0",  # allows no tracking
    "refuser": "6",  # no customer, asks to be erased by ad id
    "heir": "6",  # has that ad id now
    "twin": "7",  # has the X account of held
    "held": "7",
}
NAMES = [name for name in PEOPLE if name != "refuser"]


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def ad_id(name: str) -> str:
    digit = PEOPLE[name]
    return "-".join(digit * length for length in (8, 4, 4, 4, 12))


def is_held_out(email: str) -> bool:
    return sha256(f"{AUDIENCE}|{sha256(email)}")[:8] < f"{int(0.05 * 2**32):08x}"


def email(name: str) -> str:
    """An address of somebody who is held out, for `held`, and of nobody else who is."""
    texts = (f"{name}{number}@example.com" for number in count())
    return next(text for text in texts if is_held_out(text) == (name == "held"))


def handle(name: str) -> str | None:
    return {"ios": "@Ann_1", "bob": "ANN_1", "heir": "heir", "twin": "twin", "held": "Twin"}.get(
        name
    )


def quoted(*values: object) -> str:
    texts = ["null" if value is None else f"'{value}'" for value in values]
    return f"({', '.join(texts)})"


def write(world: World) -> None:
    held_by_crm = {"android", "unsaid", "heir"}
    people = [
        quoted(
            *(name, email(name), handle(name), "777" if name in {"twin", "held"} else None),
            ad_id(name) if name in held_by_crm else None,
        )
        for name in NAMES
    ]
    world.write(
        "crm_customers",
        f"""select *, 'Name ' || customer_id as first_name
            from (values {", ".join(people)})
            as rows (customer_id, email, x_handle, x_user_id, mobile_ad_id)""",
    )
    devices = [
        *(("d1", "ios", "ios", "iOS"), ("d2", None, "android", "Android 15")),
        *(("d4", "both", "both", "iOS"), ("d5", None, "both", "android")),
        *(("d6", "ann", "ann", "ios"), ("d6", "bob", "bob", "ios")),
        *(("d7", "zero", "zero", "ios"), ("d8", None, "heir", "ios")),
    ]
    events = [
        quoted(number, device, user, ad_id(owner).upper(), system)
        for number, (device, user, owner, system) in enumerate(devices)
    ]
    world.write(
        "app_events",
        f"""select *, 'opened' as event_name, timestamp '2026-06-01' as occurred_at
            from (values {", ".join(events)})
            as rows (event_id, device_id, user_id, mobile_ad_id, operating_system)""",
    )
    ids = ", ".join(quoted(name) for name in NAMES)
    world.write(
        "shop_orders",
        f"""select 'o-' || customer_id as order_id, customer_id, 'paid' as status,
            timestamp '2026-01-01' as ordered_at, 10.0 as amount, 'EUR' as currency
            from (values {ids}) as rows (customer_id)""",
    )
    world.write(
        "consent_events",
        f"""select customer_id || purpose as consent_id, 'customer_id' as subject_type,
            customer_id as subject, purpose, 'granted' as status,
            timestamp '2026-01-02' as occurred_at
            from (values {ids}) as rows (customer_id),
            (values ('ad_user_data'), ('ad_personalization')) as purposes (purpose)""",
    )


def build(world: World) -> None:
    world.build("--select", "+fct_audience_members", command="run")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    made = World(tmp_path_factory.mktemp("sent"))
    write(made)
    build(made)
    return made


def sent(world: World, platform: str, kind: str) -> dict[str, str]:
    """The hashes of one kind by the customer they are sent for."""
    rows = world.query(
        f"""select customer_id, {kind}_sha256 from fct_audience_members
            inner join dim_people using (person_id)
            where audience_name = '{AUDIENCE}' and platform = '{platform}'
                and {kind}_sha256 is not null"""
    )
    return dict(rows)


def test_an_ad_id_is_sent_as_what_a_device_says_it_is_and_otherwise_not(world: World) -> None:
    for platform in ("x", "tiktok", "snapchat"):
        assert sent(world, platform, "idfa") == {
            "ios": sha256(ad_id("ios")),
            "heir": sha256(ad_id("heir")),
        }
        assert sent(world, platform, "aaid") == {"android": sha256(ad_id("android"))}


def test_reddit_gets_the_capitals_of_an_ios_id(world: World) -> None:
    rows = world.query("select rule_name from int_platform_rules where platform = 'reddit'")
    assert ("ad_id_upper",) in rows
    assert sent(world, "reddit", "idfa").keys() == {"ios", "heir"}


def test_no_other_platform_gets_ad_ids_or_accounts_of_x(world: World) -> None:
    for platform in ("google", "linkedin", "meta", "microsoft", "pinterest"):
        for kind in ("idfa", "aaid", "x_user_id", "x_handle"):
            assert sent(world, platform, kind) == {}
    for platform in ("reddit", "snapchat", "tiktok"):
        assert sent(world, platform, "x_user_id") == sent(world, platform, "x_handle") == {}


def test_a_handle_joins_nobody(world: World) -> None:
    assert world.query("select count(*) from dim_people") == [(len(NAMES),)]
    assert sent(world, "x", "x_handle")["ios"] == sent(world, "x", "x_handle")["bob"]
    assert sent(world, "x", "x_handle")["ios"] == sha256("ann_1")


def test_what_somebody_held_out_holds_is_sent_for_nobody(world: World) -> None:
    assert sent(world, "x", "email").keys() == set(NAMES) - {"held"}
    assert not {"held", "twin"} & sent(world, "x", "x_user_id").keys()
    assert not {"held", "twin"} & sent(world, "x", "x_handle").keys()


def test_what_somebody_refused_is_sent_for_nobody(new_world: Callable[[str], World]) -> None:
    world = new_world("refused")
    write(world)
    requests = [
        quoted("r1", "mobile_ad_id", ad_id("refuser").upper()),
        quoted("r2", "x_handle", "@ANN_1"),
        quoted("r3", "x_user_id", "777"),
    ]
    world.write(
        "privacy_requests",
        f"""select *, 'erase' as kind, timestamp '2026-05-01' as requested_at
            from (values {", ".join(requests)}) as rows (request_id, subject_type, subject)""",
    )
    build(world)
    erased = {"heir", "ios", "bob", "twin", "held"}
    assert sent(world, "x", "email").keys() == set(NAMES) - erased
    hashes = {value for kind in COLUMNS for value in sent(world, "x", kind).values()}
    assert not hashes & {sha256(ad_id("refuser")), sha256("ann_1"), sha256("777")}
    # Refused for good, should anybody else come to hold them.
    refused = {
        value
        for (value,) in world.query(
            "select identifier_sha256 from int_refused_hashes where platform = 'x'"
        )
    }
    # A customer file has twin beside 777.
    assert refused == {sha256(text) for text in (ad_id("refuser"), "ann_1", "twin", "777")}
