"""The ledger's tables, in SQL that SQLite and PostgreSQL both take.

A member is an identifier, not a person. `member.state` is `P` (the platform confirmed it),
`A` (absent, or on its way in an open batch) or `M` (a lost outcome: maybe there); `batch_number`
is the batch it was last part of, and what a settled batch says of its members is folded into
their states later, all at once. `member_hash` is keyed; `sealed` is the platform's hash, and
`batch_content` all of a batch until it is settled, under the same local key: without the key file
none of this is an audience list. Who is in `quarantine` is not sent until `retry_after`.
"""

VERSION = 2

TABLES = {
    "schema_version": """
    create table schema_version (
        version integer not null,
        key_check text not null,
        suppressions bigint not null
    )
    """,
    "sync": """
    create table sync (
        sync_id text primary key,
        platform text not null,
        account_id text not null,
        audience_id text,
        segment text not null,
        list_name text not null,
        policy_hash text not null,
        owner_marker text not null,
        targetable_id text,
        is_asked integer not null,
        made_at text
    )
    """,
    "lease": """
    create table lease (
        sync_id text primary key,
        holder text not null,
        fence bigint not null,
        expires_at text not null
    )
    """,
    "run": """
    create table run (
        run_id text primary key,
        sync_id text not null references sync (sync_id),
        generation_id text not null,
        base_version bigint not null,
        state text not null check (state in ('OPEN', 'DONE', 'BLOCKED')),
        counts text not null,
        guard_verdict text not null,
        approved_by text,
        fence bigint not null,
        started_at text not null,
        closed_at text,
        unique (sync_id, base_version)
    )
    """,
    "batch": """
    create table batch (
        batch_id text primary key,
        number bigint not null unique,
        run_id text not null references run (run_id),
        sync_id text not null references sync (sync_id),
        root_id text references batch (batch_id),
        parent_id text references batch (batch_id),
        is_probe integer not null,
        op text not null check (op in ('add', 'remove')),
        n integer not null,
        state text not null
            check (state in ('PLANNED', 'SENDING', 'ACKED', 'UNKNOWN', 'DEAD', 'SPLIT')),
        attempt integer not null,
        was_lost integer not null,
        is_folded integer not null,
        content_sha256 text not null,
        remote_job_id text,
        not_before text,
        http_status integer,
        error_code text,
        accepted integer,
        invalid integer,
        left_out integer not null,
        is_counted integer,
        started_at text,
        settled_at text
    )
    """,
    "batch_content": """
    create table batch_content (
        batch_id text primary key references batch (batch_id),
        content bytea not null
    )
    """,
    "member": """
    create table member (
        sync_id text not null references sync (sync_id),
        member_hash bytea not null,
        identifier text not null,
        sealed bytea not null,
        state text not null check (state in ('P', 'A', 'M')),
        batch_number bigint,
        primary key (sync_id, member_hash)
    )
    """,
    "attempt": """
    create table attempt (
        batch_id text not null references batch (batch_id),
        n integer not null,
        intent_at text not null,
        answered_at text,
        outcome text,
        sent_sha256 text not null,
        suppressed_n integer not null,
        fence bigint not null,
        primary key (batch_id, n)
    )
    """,
    "quarantine": """
    create table quarantine (
        sync_id text not null references sync (sync_id),
        member_hash bytea not null,
        reason_code text not null,
        first_seen text not null,
        retry_after text,
        primary key (sync_id, member_hash)
    )
    """,
    "suppression": """
    create table suppression (
        member_hash bytea primary key,
        reason text not null check (reason in ('opt_out', 'erasure', 'regulator', 'minor')),
        since text not null
    )
    """,
}
INDEXES = ("create index batch_by_state on batch (sync_id, state)",)
