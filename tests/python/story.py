"""A loop gone through twice: in between, people leave, move, share a mailbox, refuse and grow."""

import os
from dataclasses import dataclass, field
from pathlib import Path

from loops import PLATFORMS, Loop, Outcome, Sandbox, email_hash, loop_of, phone_hash
from reference.identifiers import sha256
from worlds import World

# Members of aud_win_back on both platforms of whom all is simple: one e-mail, one phone, one
# customer number that alone speaks for their consent.
SIMPLE = """
    with

    members as (

        select person_id from fct_audience_members
        where
            audience_name = 'aud_win_back'
            and email_sha256 is not null
            and phone_sha256 is not null
        group by person_id
        having count(*) = 2

    ),

    simple as (

        select
            person_id,
            min(identifier) filter (identifier_type = 'customer_id') as customer_id,
            min(identifier) filter (identifier_type = 'email') as email,
            min(identifier) filter (identifier_type = 'phone') as phone
        from fct_person_identifiers
        where identifier_type in ('customer_id', 'email', 'phone')
        group by person_id
        having count(*) = 3 and not bool_or(is_shared)

    )

    select customer_id, email, phone
    from simple
    semi join members using (person_id)
    semi join (
        select customer_id from read_parquet('{raw}/crm_customers.parquet')
        group by customer_id
        having count(*) = 1 and bool_and(email = lower(trim(email)))
    ) using (customer_id)
    semi join (
        select subject as customer_id from read_parquet('{raw}/consent_events.parquet')
        where subject_type = 'customer_id'
        group by subject
        having bool_and(status = 'granted') and count(distinct purpose) >= 2
    ) using (customer_id)
    anti join (
        select lower(trim(email)) as email from read_parquet('{raw}/shop_orders.parquet')
        where customer_id is null
    ) using (email)
    anti join (
        select value as email from read_parquet('{raw}/truth/canaries.parquet')
    ) using (email)
    order by customer_id
"""
ROLES = (
    *("stays", "sharer", "leaver", "mover"),
    *("objector", "seller", "erased", "minor", "silent"),
)
YESTERDAY = "timestamp '2026-06-29 12:00:00'"


@dataclass(frozen=True)
class Customer:
    """Somebody of the raw tables: normalised e-mail and E.164 phone."""

    customer_id: str
    email: str
    phone: str

    def hashes(self, platform: str) -> set[str]:
        return {email_hash(platform, self.email), phone_hash(platform, self.phone)}


@dataclass
class Told:
    """A loop that was gone through twice, and what was seen of it on the way."""

    loop: Loop
    sandbox: Sandbox
    people: dict[str, Customer]
    before: dict[str, set[str]] = field(default_factory=dict)
    requests_before: int = 0
    outcomes: dict[str, Outcome] = field(default_factory=dict)


def tell(demo_world: World, folder: Path, sandbox: Sandbox) -> Told:
    """Go through the loop twice with real commands; people change in between."""
    loop = loop_of(demo_world, folder)
    os.umask(0o022)  # as most machines have it
    found = loop.query(SIMPLE.format(raw=loop.raw))
    people = {role: Customer(*row) for role, row in zip(ROLES, found, strict=False)}
    told = Told(loop, sandbox, people)
    share_a_mailbox(loop, people)
    loop.build("--exclude-resource-type", "unit_test", "test")
    keep(told, "first validate", loop.tamiz("validate"))
    keep(told, "first plan", loop.tamiz("plan"))
    keep(told, "first push", loop.tamiz("push", "--sandbox", sandbox.url))
    told.before = {name: sandbox.members(name) for name in PLATFORMS}
    told.requests_before = len(sandbox.changes())
    change_people(loop, people)
    keep(told, "build", loop.tamiz("build", "--exclude-resource-type", "unit_test", "test"))
    keep(told, "docs", loop.dbt_docs())
    keep(told, "validate", loop.process("validate"))
    keep(told, "plan", loop.process("plan"))
    keep(told, "push", loop.process("push", "--sandbox", sandbox.url))
    keep(told, "report", loop.process("report"))
    return told


def keep(told: Told, name: str, outcome: Outcome) -> None:
    assert outcome.code == 0, (name, outcome)
    told.outcomes[name] = outcome


def share_a_mailbox(loop: Loop, people: dict[str, Customer]) -> None:
    """From the start: who stays has the mailbox of somebody who will leave."""
    stays, shared = people["stays"], people["sharer"].email
    loop.change(
        "crm_customers",
        f"update crm_customers set email = '{shared}' where customer_id = '{stays.customer_id}'",
    )
    people["stays"] = Customer(stays.customer_id, shared, stays.phone)


def change_people(loop: Loop, people: dict[str, Customer]) -> None:
    """Two buy again, one moves, and five may no longer be shown an advertisement."""
    loop.change(
        "shop_orders",
        *(
            f"""insert into shop_orders by name
                select 'again {role}' as order_id, '{people[role].customer_id}' as customer_id,
                    {YESTERDAY} as ordered_at, 'paid' as status, 'EUR' as currency, 25 as amount"""
            for role in ("leaver", "sharer")
        ),
    )
    moved = Customer(people["mover"].customer_id, new_address(), people["mover"].phone)
    people["moved"] = moved
    minor = people["minor"].customer_id
    loop.change(
        "crm_customers",
        f"update crm_customers set email = '{moved.email}'"
        f" where customer_id = '{moved.customer_id}'",
        f"update crm_customers set birth_date = date '2008-07-01' where customer_id = '{minor}'",
    )
    loop.change(
        "privacy_requests",
        f"""insert into privacy_requests values
            ('r1', 'customer_id', '{people["objector"].customer_id}', 'object', {YESTERDAY}),
            ('r2', 'email', '{people["erased"].email.upper()}', 'erase', {YESTERDAY})""",
    )
    loop.change(
        "consent_events",
        f"""insert into consent_events by name
            select 's1' as consent_id, 'phone' as subject_type,
                '{people["seller"].phone}' as subject, 'sale_or_sharing' as purpose,
                'denied' as status, {YESTERDAY} as occurred_at""",
        f"delete from consent_events where subject = '{people['silent'].customer_id}'",
    )


def new_address() -> str:
    """An address that aud_win_back does not hold out: one in ten is."""
    for number in range(100):
        address = f"moved.{number}@example.com"
        drawn = sha256(f"aud_win_back|{sha256(address)}") or ""
        if int(drawn[:8], 16) >= 0.1 * 2**32:
            return address
    raise AssertionError
