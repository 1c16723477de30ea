"""What batches are made of: sealed content, the members in them, and who is put away."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256

import numpy as np

from tamiz.ledger.columns import HASH, Hashes, Members, each, hashes, packed, unpacked
from tamiz.ledger.keys import Keys
from tamiz.ledger.records import StoredBatch
from tamiz.ledger.sqlite import SqliteStore, text

PAYLOAD_VERSION = 2
PUT_AWAY = timedelta(days=30)  # what a platform refuses today it may take then

NEW_BATCH = """
    insert into batch (
        batch_id, number, run_id, sync_id, root_id, parent_id, is_probe, op, n, state, attempt,
        was_lost, is_folded, content_sha256, left_out
    )
    values (?, ?, ?, ?, ?, ?, ?, ?, ?, 'PLANNED', 0, ?, 0, ?, 0)
"""
NEW_MEMBER = """
    insert into member values (?, ?, ?, ?, 'A', ?)
    on conflict (sync_id, member_hash) do update set batch_number = excluded.batch_number
"""
NEW_QUARANTINE = """
    insert into quarantine values (?, ?, ?, ?, ?)
    on conflict (sync_id, member_hash) do update set
        reason_code = excluded.reason_code, retry_after = excluded.retry_after
"""
MOVE = "update member set batch_number = ? where sync_id = ? and member_hash = ?"


class Contents:
    """The statements about what a batch holds; the caller holds a transaction where it writes."""

    def __init__(self, store: SqliteStore, keys: Keys) -> None:
        """Put them over an open store."""
        self._store = store
        self._keys = keys

    def of(self, batch: StoredBatch) -> Members:
        """Return the members of a batch that is not settled, in order, without member hashes."""
        sql = "select content from batch_content where batch_id = ?"
        sealed = next(self._store.rows(sql, (batch.batch_id,)))[0]
        names, kinds, digests = unpacked(self._keys.unseal(batch.batch_id.encode(), sealed))
        return Members(np.empty(len(digests), dtype=HASH), digests, kinds, names)

    def hashed(self, members: Members) -> Members:
        """Return members with their member hashes."""
        found = self._keys.member_hashes(members.digests)
        return Members(found, members.digests, members.kinds, members.names)

    def stored(self, sync_id: str, removals: Hashes, names: tuple[str, ...]) -> Members:
        """What the ledger keeps sealed of members it is to remove."""
        sql = "select identifier, sealed from member where sync_id = ? and member_hash = ?"
        known, kinds, digests = {name: place for place, name in enumerate(names)}, [], []
        for member_hash in each(removals):
            kind, sealed = next(self._store.rows(sql, (sync_id, member_hash)))
            kinds.append(known.setdefault(kind, len(known)))
            digests.append(self._keys.unseal(member_hash, sealed))
        return Members(removals, hashes(digests), np.array(kinds, dtype=np.uint8), tuple(known))

    def store(  # noqa: PLR0913 - a batch's own columns
        self,
        run_id: str,
        sync_id: str,
        op: str,
        piece: Members,
        parent: StoredBatch | None = None,
        *,
        is_probe: bool = False,
    ) -> StoredBatch:
        """Store a batch of members, or a part of one."""
        store = self._store
        number = int(next(store.rows("select coalesce(max(number), 0) + 1 from batch"))[0])
        content = sha256(piece.hashes.tobytes()).hexdigest()
        name = f"{run_id}:{number}:{op}:{content}:{PAYLOAD_VERSION}"
        batch_id = sha256(name.encode()).hexdigest()[:32]
        root_id = None if parent is None else parent.root_id or parent.batch_id
        parent_id = None if parent is None else parent.batch_id
        was_lost = parent is not None and self.was_lost(parent)
        family = (root_id, parent_id, is_probe)
        store.run(
            NEW_BATCH,
            (batch_id, number, run_id, sync_id, *family, op, len(piece), was_lost, content),
        )
        self.keep(batch_id, piece)
        counts = (len(piece), "PLANNED", 0, None, root_id, is_probe)
        return StoredBatch(batch_id, number, run_id, sync_id, op, *counts)

    def keep(self, batch_id: str, members: Members) -> None:
        """Seal what a batch is made of."""
        sealed = self._keys.seal(batch_id.encode(), packed(members))
        self._store.run("insert into batch_content values (?, ?)", (batch_id, sealed))

    def enter(self, batch: StoredBatch, piece: Members) -> None:
        """Enter members that are to be added."""
        names = [piece.names[kind] for kind in piece.kinds.tolist()]
        columns = (each(piece.hashes), names, self._keys.seals(piece))
        self._store.run_many(
            NEW_MEMBER,
            (
                (batch.sync_id, member_hash, name, sealed, batch.number)
                for member_hash, name, sealed in zip(*columns, strict=True)
            ),
        )

    def move(self, batch: StoredBatch, piece: Members) -> None:
        """Make members part of a batch."""
        moved = ((batch.number, batch.sync_id, one) for one in each(piece.hashes))
        self._store.run_many(MOVE, moved)

    def put_away(
        self, batch: StoredBatch, pairs: Sequence[tuple[bytes, str]], now: datetime
    ) -> None:
        """Quarantine members for a while; they are on the list only if an earlier try was lost."""
        change = "delete from member"
        if self.was_lost(batch):
            change = "update member set state = 'M', batch_number = null"
        sql = f"{change} where sync_id = ? and member_hash = ?"
        self._store.run_many(sql, ((batch.sync_id, one) for one, _ in pairs))
        times = (text(now), text(now + PUT_AWAY))
        rows = ((batch.sync_id, one, code, *times) for one, code in pairs)
        self._store.run_many(NEW_QUARANTINE, rows)

    def was_lost(self, batch: StoredBatch) -> bool:
        """Whether an earlier try of it, or of what it was cut from, may have been applied."""
        sql = "select was_lost from batch where batch_id = ?"
        return bool(next(self._store.rows(sql, (batch.batch_id,)))[0])
