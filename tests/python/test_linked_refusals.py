"""A refusal by one of a device's or an X account's names holds for its other ones, too."""

import pytest
from worlds import World

AS_OF = "2026-06-30 00:00:00"
PEOPLE = ("control", "first", "second", "carrier", "notation", "handle", "number", "damaged")
PEOPLE += ("idfa", "gaid", "zeros")
IDS = {
    "control": "aaaaaaaa-0000-4000-8000-000000000001",
    "first": "aaaaaaaa-0000-4000-8000-000000000002",
    "carrier": "aaaaaaaa-0000-4000-8000-000000000003",
    "notation": "aaaaaaaa-0000-4000-8000-000000000004",
    "idfa": "aaaaaaaa-0000-4000-8000-000000000005",
    "gaid": "aaaaaaaa-0000-4000-8000-000000000006",
}
X_IDS = {"control": "12345", "number": "777", "damaged": "1.23E+18", "zeros": "555"}
X_HANDLES = {"control": "@Control", "handle": "foo5", "number": "seven"}


def rows(columns: str, *values: tuple[object, ...]) -> str:
    shown = (
        ", ".join("null" if value is None else f"'{value}'" for value in row) for row in values
    )
    return f"select * from (values ({'), ('.join(shown)})) as rows ({columns})"


def refusal(number: int, kind: str, subject: str) -> tuple[object, ...]:
    return (f"no{number}", kind, subject, "ad_user_data", "withdrawn", "2026-03-01")


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """Return which kinds of identifiers of each customer may be sent to X."""
    world = World(tmp_path_factory.mktemp("linked"))
    world.write(
        "crm_customers",
        rows(
            "customer_id, email, mobile_ad_id, x_user_id, x_handle, updated_at",
            *(
                (
                    *(name, f"{name}@example.com"),
                    IDS[name] if name in ("carrier", "notation", "idfa", "gaid") else None,
                    *(X_IDS.get(name), X_HANDLES.get(name), "2026-01-01"),
                )
                for name in PEOPLE
            ),
        ),
    )
    events = (
        ("e1", "phone-control", "control", IDS["control"], "iOS 17"),
        # Two people use this device, and only one of their log-ins carries its ad id.
        ("e2", "phone-shared", "first", IDS["first"], "iOS 17"),
        ("e3", "phone-shared", "second", None, "iOS 17"),
        ("e4", "phone-carrier", None, IDS["carrier"], "Android 14"),
        ("e5", "phone-notation", None, IDS["notation"], "Android 14"),
        ("e6", "phone-idfa", None, IDS["idfa"], "iOS 17"),
        ("e7", "phone-gaid", None, IDS["gaid"], "Android 14"),
    )
    world.write(
        "app_events",
        rows(
            "event_id, device_id, user_id, mobile_ad_id, operating_system, event_name, occurred_at",
            *((*event, "opened", "2026-02-01") for event in events),
        ),
    )
    world.write(
        "social_mentions",
        rows(
            "mention_id, network, network_user_id, occurred_at, text, handle",
            ("m1", "x", "9995", "2026-02-01", "hello", "@Foo5"),
        ),
    )
    world.write(
        "consent_events",
        rows(
            "consent_id, subject_type, subject, purpose, status, occurred_at",
            *(
                (f"{name}-{purpose}", "customer_id", name, purpose, "granted", "2026-01-01")
                for name in PEOPLE
                for purpose in ("ad_user_data", "ad_personalization")
            ),
            refusal(1, "customer_id", "second"),
            refusal(2, "device_id", "phone-carrier"),
            refusal(3, "mobile_ad_id", IDS["notation"].upper().replace("-", "")),
            refusal(4, "x_user_id", "9995"),
            refusal(5, "x_handle", " @SEVEN"),
            refusal(6, "idfa", "\u200b" + IDS["idfa"].upper().replace("-", "")),
            refusal(7, "gaid", IDS["gaid"].upper()),
            refusal(8, "x_user_id", "000555"),
        ),
    )
    world.build("--select", "+int_sendable_identifiers", as_of=AS_OF, command="run")
    kinds = ("email", "idfa", "aaid", "x_user_id", "x_handle")
    columns = ", ".join(f"{kind}_sha256 is not null" for kind in kinds)
    found: dict[str, set[str]] = {name: set() for name in PEOPLE}
    for customer, *is_sent in world.query(
        f"""select customers.customer_id, {columns} from int_sendable_identifiers
            inner join int_customers as customers using (person_id) where platform = 'x'"""
    ):
        found[customer] = {kind for kind, yes in zip(kinds, is_sent, strict=True) if yes}
    return found


@pytest.mark.parametrize(
    ("customer", "kinds"),
    [
        pytest.param("control", {"email", "idfa", "x_user_id", "x_handle"}, id="who only granted"),
        pytest.param("first", {"email"}, id="a device that somebody else logged in on"),
        pytest.param("second", set(), id="who withdrew"),
        pytest.param("carrier", set(), id="a device that carried the ad id of a customer file"),
        pytest.param("notation", set(), id="an ad id without hyphens, in capitals"),
        pytest.param("idfa", set(), id="an ad id of iOS without hyphens"),
        pytest.param("gaid", set(), id="an ad id of Android by its other name"),
        pytest.param("zeros", set(), id="a number with zeros in front"),
        pytest.param("handle", set(), id="the number of the account with that handle"),
        pytest.param("number", set(), id="the handle of the account with that number"),
        pytest.param("damaged", {"email"}, id="a number that a spreadsheet has spoilt"),
    ],
)
def test_a_refusal_holds_for_all_that_names_the_same(
    sent: dict[str, set[str]], customer: str, kinds: set[str]
) -> None:
    # Whoever a refused ad id or account belongs to may still be sent by an e-mail of its own.
    assert sent[customer] - {"email"} == kinds - {"email"}
    assert ("email" in sent[customer]) or "email" not in kinds
