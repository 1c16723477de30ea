"""A shop of 130 lapsed customers, of whom some ask to be erased, and its loop."""

from pathlib import Path

from loops import Loop
from worlds import parsed_project

COUNT = 130
# Nobody else's: grepped for in every file.
ERASED = "erased.person@zq-shop.example.net"
ERASED_PHONE = "+34655000901"
ERASED_ID = "cust-erased-901"
ERASED_VISITOR = "visitor-erased-901"
OBJECTOR = "objector.person@zq-shop.example.net"
OBJECTOR_PHONE = "+34655000902"
NEW_MAIL = "objector.new@zq-shop.example.org"
OBJECTOR_ID = "cust-objector-902"
ASKING_VISITOR = "visitor-asked-903"

CUSTOMERS = """
    select
        'c' || range as customer_id,
        'person' || range || '@zq-shop.example.org' as email,
        '+34655' || lpad(range::text, 6, '0') as phone,
        'Given' || range as first_name,
        'Family' || range as last_name,
        'ES' as country,
        timestamp '2025-01-01' as created_at
    from range({count})
    union all
    from (values {more}) as more
        (customer_id, email, phone, first_name, last_name, country, created_at)
"""
BARRED = (
    f"('{ERASED_ID}', '{ERASED}', '{ERASED_PHONE}', 'Eva', 'Gone', 'ES', timestamp '2025-01-01')",
    f"('{OBJECTOR_ID}', '{OBJECTOR}', '{OBJECTOR_PHONE}', 'Oto', 'No', 'ES', date '2025-01-01')",
)
BACK = (
    f"('new-id-77', '{ERASED}', '+34655000977', 'Eva', 'Gone', 'ES', timestamp '2026-06-01')",
    f"('new-id-78', '{NEW_MAIL}', '+34 655 000 902', 'Oto', 'No', 'ES', date '2026-06-01')",
)


def write_people(loop: Loop, *more: str) -> None:
    """Write customers, their orders of last year, their consent and the visits of some."""
    listed = ", ".join(more or ("('c0', null, null, null, null, null, null)",))
    loop.write("crm_customers", CUSTOMERS.format(count=COUNT, more=listed))
    customers = f"read_parquet('{loop.raw}/crm_customers.parquet')"
    loop.write(
        "shop_orders",
        "select 'o-' || customer_id as order_id, customer_id, timestamp '2025-06-01' as ordered_at,"
        f" 'paid' as status, 'EUR' as currency, 40.0 as amount from {customers}",
    )
    loop.write(
        "consent_events",
        "select customer_id || purpose as consent_id, 'customer_id' as subject_type,"
        " customer_id as subject, purpose, 'granted' as status,"
        f" timestamp '2026-01-01' as occurred_at from {customers}"
        " cross join (values ('ad_user_data'), ('ad_personalization')) as purposes (purpose)",
    )
    loop.write(
        "pixel_events",
        f"""
        select
            'e' || range || anonymous_id as event_id, anonymous_id, 'page_view' as event_name,
            timestamp '2026-06-20 10:00:00' + range * interval 1 minute as occurred_at,
            user_id, 'https://zq-shop.example.net/a?n=' || range as page_url
        from range(3)
        cross join (values
            ('{ERASED_VISITOR}', '{ERASED_ID}'), ('{ASKING_VISITOR}', null), ('v1', 'c1')
        ) as visitors (anonymous_id, user_id)
        """,
    )


def write_requests(loop: Loop, *rows: str) -> None:
    loop.write(
        "privacy_requests",
        f"from (values {', '.join(rows)})"
        " as requests (request_id, subject_type, subject, kind, requested_at)",
    )


REQUESTS = (
    f"('r1', 'email', '{ERASED}', 'erase', timestamp '2026-06-20')",
    f"('r2', 'customer_id', '{OBJECTOR_ID}', 'object', timestamp '2026-06-20')",
    f"('r3', 'anonymous_id', '{ASKING_VISITOR}', 'erase', timestamp '2026-06-20')",
)
# A request of somebody else: the table is there, so the guard against lost tables is content.
ANOTHER = "('r9', 'email', 'stranger@zq-shop.example.com', 'erase', timestamp '2026-06-20')"


def build(loop: Loop) -> None:
    outcome = loop.tamiz("build", "--exclude-resource-type", "unit_test", "test")
    assert outcome.code == 0, outcome


def new_loop(folder: Path) -> Loop:
    loop = Loop(folder)
    loop.raw.mkdir(parents=True)
    loop.target.mkdir()
    parsed_project()
    return loop
