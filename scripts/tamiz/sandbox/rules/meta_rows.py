"""Rows of Meta's members requests: rules M1 to M4, M6 and M7, and who is in them."""

import re
from collections.abc import Sequence
from typing import Any

from tamiz.sandbox.rules.common import Call, Refused, Reply, bad_rows
from tamiz.sandbox.rules.meta_errors import MISMATCH, error
from tamiz.sandbox.world import Json, SandboxList, World

CLEAR = {"EXTERN_ID", "MADID", "APPUID"}
OPTION = "DATA_PROCESSING_OPTIONS"
PLACES = {f"{OPTION}_COUNTRY", f"{OPTION}_STATE"}
NO_MATCH_KEY = {"LOOKALIKE_VALUE", OPTION, *PLACES}
SINGLE = {"EMAIL_SHA256": "EMAIL", "PHONE_SHA256": "PHONE", "MOBILE_ADVERTISER_ID": "MADID"}
KINDS = {"EMAIL": "email", "PHONE": "phone", "MADID": "mobile_ad_id"}
DIGESTS = re.compile("([0-9a-f]{64})*")
DIGEST_LENGTH = 64


def read_rows(world: World, found: SandboxList, call: Call) -> tuple[Json, Reply]:
    """Return the members by kind, those that are valid, and the answer."""
    payload = call.body["payload"]
    schema, data = payload["schema"], payload["data"]
    source = "single key" if isinstance(schema, str) else "multi key"
    if found.state.get("data_source", source) != source:  # M6
        raise Refused(error(2650, "Cannot update this audience: another data source"))
    keys = [SINGLE[schema]] if isinstance(schema, str) else schema
    rows = [[value] for value in data] if isinstance(schema, str) else data
    if OPTION not in keys and PLACES & set(keys):  # M7
        raise Refused(error(100, f"{OPTION}_COUNTRY and _STATE need {OPTION}"))
    if any(len(row) != len(keys) for row in rows):  # M1
        raise Refused(error(100, MISMATCH))
    columns = dict(zip(keys, zip(*rows, strict=True), strict=True))
    if not all(_fits(key, cells) for key, cells in columns.items()):  # M2, M4
        raise Refused(error(100, MISMATCH))
    match = {key: cells for key, cells in columns.items() if key not in NO_MATCH_KEY}
    # M3
    bad = {index for index, cells in enumerate(zip(*match.values(), strict=True)) if not any(cells)}
    if call.bad_share:
        bad |= bad_rows(world, call, map("".join, zip(*match.values(), strict=True)))
    members = {
        KINDS.get(key, key): [cell for index, cell in enumerate(cells) if cell and index not in bad]
        for key, cells in match.items()
    }
    if found.state.get("data_source") is None and found.list_id in world.lists:
        found.state["data_source"] = source
        world.put(found)
    session = str(int(call.body.get("session", {}).get("session_id", world.number())))
    answer = {
        "audience_id": found.list_id,
        "session_id": session,
        "num_received": len(data),
        "num_invalid_entries": len(bad),
        "invalid_entry_samples": {},
    }
    return members, Reply(200, answer)


def _fits(key: str, cells: Sequence[Any]) -> bool:
    """Whether the cells of a column are what its key asks for."""
    if key == "LOOKALIKE_VALUE" or key in PLACES:
        return all(isinstance(cell, int | float) and not isinstance(cell, bool) for cell in cells)
    if key == OPTION:
        return all(isinstance(cell, list) for cell in cells)
    if not all(isinstance(cell, str) for cell in cells):
        return False
    if key in CLEAR:
        return not any(DIGESTS.fullmatch(cell) for cell in cells if cell)
    lengths = set(map(len, cells))
    return lengths <= {0, DIGEST_LENGTH} and DIGESTS.fullmatch("".join(cells)) is not None
