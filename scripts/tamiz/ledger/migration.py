"""Bring a ledger of version 1 to version 2, in place and whole or not at all."""

import numpy as np

from tamiz.ledger import schema
from tamiz.ledger.columns import Members, hashes, packed
from tamiz.ledger.keys import Keys
from tamiz.ledger.sqlite import SqliteStore

COPIES = {
    "sync": """
        select
            sync_id, platform, account_id, audience_id, segment, list_name, policy_hash,
            owner_marker, null, 0, null
        from old_sync
    """,
    "lease": "select * from old_lease",
    "run": "select * from old_run",
    "batch": """
        select
            old_batch.batch_id,
            row_number() over (order by old_run.started_at, old_run.run_id, old_batch.seq),
            old_batch.run_id, old_batch.sync_id, null, null, 0, old_batch.op, old_batch.n,
            old_batch.state, old_batch.attempt,
            case when old_batch.state <> 'ACKED' and tries.lost > 0 then 1 else 0 end,
            case when old_batch.state in ('ACKED', 'DEAD') then 1 else 0 end,
            old_batch.content_sha256, old_batch.remote_job_id, old_batch.not_before,
            old_batch.http_status, old_batch.error_code,
            case
                when old_batch.state = 'ACKED'
                    then old_batch.n - coalesce(tries.left_out, 0) - coalesce(old_batch.invalid, 0)
            end,
            old_batch.invalid,
            coalesce(tries.left_out, 0),
            case when old_batch.state = 'ACKED' then 1 end,
            tries.started_at,
            case when old_batch.state in ('ACKED', 'DEAD') then tries.settled_at end
        from old_batch
        inner join old_run on old_run.run_id = old_batch.run_id
        left join (
            select
                batch_id,
                sum(case when outcome in ('unknown', 'crash', 'accepted') then 1 else 0 end)
                    as lost,
                sum(suppressed_n) as left_out,
                min(intent_at) as started_at,
                max(answered_at) as settled_at
            from old_attempt
            group by batch_id
        ) as tries on tries.batch_id = old_batch.batch_id
    """,
    "member": """
        select
            sync_id, member_hash, identifier, sealed, state,
            (
                select max(batch.number)
                from old_batch_member
                inner join batch on batch.batch_id = old_batch_member.batch_id
                where old_batch_member.member_hash = old_member.member_hash
                    and batch.sync_id = old_member.sync_id
                    and batch.state in ('PLANNED', 'SENDING', 'UNKNOWN')
            )
        from old_member
    """,
    "attempt": "select * from old_attempt",
    "quarantine": "select * from old_quarantine",
    "suppression": "select * from old_suppression",
}
LEFT = """
    select member.member_hash, member.identifier, member.sealed
    from old_batch_member
    inner join member on member.member_hash = old_batch_member.member_hash
    where old_batch_member.batch_id = ? and member.sync_id = ?
    order by member.member_hash
"""
TABLES = (
    "attempt", "batch_member", "quarantine", "suppression", "member", "batch", "run", "lease",
    "sync", "schema_version",
)  # fmt: skip


def migrate(store: SqliteStore, keys: Keys) -> None:
    """Copy everything into tables of version 2; the caller holds transaction and lock."""
    for table in TABLES:
        store.run(f"alter table {table} rename to old_{table}")
    store.run("drop index batch_by_state")
    store.run("create index old_members on old_batch_member (member_hash)")
    for statement in schema.TABLES.values():
        store.run(statement)
    row = (schema.VERSION, keys.check())
    store.run("insert into schema_version values (?, ?, 0)", row)
    for table, select in COPIES.items():
        store.run(f"insert into {table} {select}")
    for batch_id, sync_id in list(
        store.rows(
            "select batch_id, sync_id from batch where state in ('PLANNED', 'SENDING', 'UNKNOWN')"
        )
    ):
        _seal_content(store, keys, batch_id, sync_id)
    for table in TABLES:
        store.run(f"drop table old_{table}")
    for statement in schema.INDEXES:
        store.run(statement)


def _seal_content(store: SqliteStore, keys: Keys, batch_id: str, sync_id: str) -> None:
    rows = list(store.rows(LEFT, (batch_id, sync_id)))
    names = tuple(sorted({kind for _, kind, _ in rows}))
    members = Members(
        hashes(member_hash for member_hash, _, _ in rows),
        hashes(keys.unseal(member_hash, sealed) for member_hash, _, sealed in rows),
        np.array([names.index(kind) for _, kind, _ in rows], dtype=np.uint8),
        names,
    )
    sealed = keys.seal(batch_id.encode(), packed(members))
    store.run("insert into batch_content values (?, ?)", (batch_id, sealed))
