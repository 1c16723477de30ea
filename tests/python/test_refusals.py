"""However a refusal is written down, it holds."""

import pytest
from worlds import World

AS_OF = "2026-06-30 00:00:00"
BOTH = ("google", "meta")


def rows(columns: str, *values: str) -> str:
    return f"select * from (values {', '.join(values)}) as rows ({columns})"


def person(name: str, number: int, birth: str = "null", updated: str = "2026-01-01") -> str:
    return (
        f"('{name}', '{name}@example.com', '+34 600 12 34 {number}', 'Given', '{name}', 'ES',"
        f" cast({birth} as date), timestamp '{updated}')"
    )


def statement(  # noqa: PLR0913, PLR0917 - the columns of the table
    given: str,
    kind: str,
    subject: str,
    purpose: str,
    status: str,
    platform: str = "null",
    day: str = "2026-02-01",
) -> str:
    texts = ", ".join(f"'{text}'" for text in (given, kind, subject, purpose, status, day))
    return f"({texts}, {platform})"


PEOPLE = (
    "control",
    "sale",
    "banner",
    "national",
    "exit_code",
    "phone_1",
    "phone_2",
    "shouting",
    "minor_by_phone",
    "minor_updated",
    "second_subject",
    "elsewhere",
    "old_mail",
    "objector",
)


@pytest.fixture(scope="module")
def sendable(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """Return the platforms on which each customer has something that may be sent."""
    world = World(tmp_path_factory.mktemp("refusals"))
    numbers = {name: 10 + number for number, name in enumerate(PEOPLE)}
    crm = [
        person(
            name,
            number,
            birth="'2012-05-05'" if name == "minor_updated" else "null",
            updated="2026-06-30 09:00:00" if name == "minor_updated" else "2026-01-01",
        )
        for name, number in numbers.items()
    ]
    crm.append(
        "('gmail', 'anas11@gmail.com', null, 'Given', 'gmail', 'ES', null, timestamp '2026-01-01')"
    )
    world.write(
        "crm_customers",
        rows(
            "customer_id, email, phone, first_name, last_name, country, birth_date, updated_at",
            *crm,
        ),
    )
    grants = [
        statement(f"{name}-{purpose}", "customer_id", name, purpose, "granted", day="2026-01-01")
        for name in (*PEOPLE, "gmail")
        for purpose in ("ad_user_data", "ad_personalization")
    ]
    world.write(
        "consent_events",
        rows(
            "consent_id, subject_type, subject, purpose, status, occurred_at, platform",
            *grants,
            statement("c1", "customer_id", "sale", "sale_or_sharing", "denied", "'meta'"),
            # A banner writes every choice of a visitor under one id.
            statement("banner-ad_user_data", "customer_id", "banner", "ad_user_data", "withdrawn"),
            statement("c2", "phone", "600 123 413", "ad_user_data", "denied"),
            statement(
                "c3", "phone", f"00346001234{numbers['exit_code']}", "ad_user_data", "denied"
            ),
            statement("c4", "anonymous_id", "shared-device", "ad_user_data", "withdrawn"),
            statement(
                "c5", "Email", " SHOUTING@Example.COM", "AD_USER_DATA", "Withdrawn", "'Meta'"
            ),
            statement("c6", "customer_id", "elsewhere", "ad_user_data", "denied", "'myspace'"),
            statement("c7", "email", "a.nas11@gmail.com", "ad_user_data", "withdrawn"),
        ),
    )
    world.write(
        "pixel_events",
        rows(
            "event_id, anonymous_id, event_name, occurred_at, user_id",
            "('e1', 'shared-device', 'login', timestamp '2026-03-01', 'phone_1')",
            "('e2', 'shared-device', 'login', timestamp '2026-03-02', 'phone_2')",
        ),
    )
    world.write(
        "intake_people",
        rows(
            "file_id, row_number, phone, country, birth_date, received_at",
            f"('f1', 1, '600 12 34 {numbers['minor_by_phone']}', 'es', date '2012-05-05',"
            " timestamp '2026-03-01')",
        ),
    )
    world.write(
        "shop_orders",
        rows(
            "order_id, customer_id, ordered_at, amount, email",
            "('o1', 'old_mail', timestamp '2025-01-01', 10.0, 'former@example.com')",
        ),
    )
    world.write(
        "privacy_requests",
        rows(
            "request_id, subject_type, subject, kind, requested_at",
            "('r1', 'email', 'nobody@example.com', 'erase', timestamp '2026-03-01')",
            "('r1', 'customer_id', 'second_subject', 'erase', timestamp '2026-03-01')",
            "('r2', 'email', 'former@example.com', 'erase', timestamp '2026-03-01')",
            "('r3', 'customer_id', 'objector', 'object', timestamp '2026-03-01')",
        ),
    )
    world.build("--select", "+int_sendable_identifiers", as_of=AS_OF, command="run")
    found = {name: set[str]() for name in (*PEOPLE, "gmail")}
    for customer, platform in world.query(
        """select customers.customer_id, platform from int_sendable_identifiers
           inner join int_customers as customers using (person_id)
           where coalesce(email_sha256, phone_sha256) is not null
           and platform in ('google', 'meta')"""
    ):
        found[customer].add(platform)
    return found


@pytest.mark.parametrize(
    ("customer", "platforms"),
    [
        pytest.param("control", BOTH, id="a person who only ever granted is sent"),
        pytest.param("sale", ("google",), id="no sale or sharing on one platform"),
        pytest.param("banner", (), id="a withdrawal under the id of the grant"),
        pytest.param("national", (), id="a phone without country code"),
        pytest.param("exit_code", (), id="a phone with an exit code"),
        pytest.param("phone_1", (), id="a device that two people share, the first"),
        pytest.param("phone_2", (), id="a device that two people share, the second"),
        pytest.param("shouting", ("google",), id="upper case and blanks"),
        pytest.param("minor_by_phone", (), id="a minor known from a file without e-mail"),
        pytest.param("minor_updated", (), id="a minor whose record was touched after as_of"),
        pytest.param("second_subject", (), id="the second subject of one request"),
        pytest.param("elsewhere", (), id="a platform nobody knows"),
        pytest.param("old_mail", (), id="an erasure by an address of the past"),
        pytest.param("objector", (), id="an objection"),
        pytest.param("gmail", (), id="another spelling of a mailbox bars the person everywhere"),
    ],
)
def test_a_refusal_holds(
    sendable: dict[str, set[str]], customer: str, platforms: tuple[str, ...]
) -> None:
    assert sendable[customer] == set(platforms)
