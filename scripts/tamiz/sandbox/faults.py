"""Which calls the script strikes, and what that does to an answer."""

import asyncio
import random
import re
from collections.abc import AsyncIterator, Mapping
from email.utils import formatdate

from starlette.responses import Response, StreamingResponse

from tamiz.errors import ConfigError
from tamiz.sandbox.contract import Contract
from tamiz.sandbox.rules.common import Reply, Rules, Trouble
from tamiz.sandbox.script import Entry, Fault, Garbage, Script, Status
from tamiz.sandbox.world import World

TOO_MANY_REQUESTS = 429
ABSURD = "99999999999"  # seconds
HUGE = 100_000_000  # bytes
CHUNK = b" " * 1_000_000
HTML = "<!doctype html><title>Sign in</title><p>Your session has ended: sign in again."
RENEWAL = "renewToken"  # the operation of token endpoints


def check_operations(script: Script, contracts: Mapping[str, Contract]) -> None:
    """Raise ConfigError if an entry names an operation that no platform of its has."""
    for number, entry in enumerate(script.faults):
        names = [entry.platform] if entry.platform else list(contracts)
        known = {RENEWAL}
        for name in names:
            known |= {operation.operation_id for operation in contracts[name].operations}
        if entry.operation is not None and entry.operation not in known:
            raise ConfigError(
                f"faults.{number}.operation: {entry.platform or 'no platform'} has no operation"
                f" '{entry.operation}'; known: {', '.join(sorted(known))}"
            )


def striking(world: World, platform: str, operation: str, method: str, path: str) -> Fault | None:
    """Return the fault of this call, the first in the script; every entry counts its calls."""
    found: Fault | None = None
    for number, entry in enumerate(world.script.faults):
        if _is_about(entry, platform, operation, method, path):
            world.struck[number] = call = world.struck.get(number, 0) + 1
            if found is None and _strikes(world.script.seed, number, entry, call):
                found = entry.fault
    return found


def _is_about(entry: Entry, platform: str, operation: str, method: str, path: str) -> bool:
    pattern = ".*".join(re.escape(part) for part in (entry.path or "*").split("*"))
    return (
        entry.platform in (None, platform)
        and entry.operation in (None, operation)
        and (entry.method or method).upper() == method
        and re.fullmatch(pattern, path) is not None
    )


def _strikes(seed: int, number: int, entry: Entry, call: int) -> bool:
    when = entry.when
    if when.calls is not None:
        return call in when.calls
    if when.every is not None:
        return call % when.every == 0
    if when.after is not None:
        return call > when.after
    if when.probability is not None:
        drawn = random.Random(f"{seed} {number} {call}")  # noqa: S311 - dice, not a secret
        return drawn.random() < when.probability
    return True


def is_before(fault: Fault | None) -> bool:
    """Whether the request is lost before it is applied."""
    return getattr(fault, "applied", None) == "before" and getattr(fault, "kind", "") != "slow"


def failing(rules: Rules, fault: Status, now: float) -> Reply:
    """Return the answer of a platform that is busy or broken."""
    if fault.status == TOO_MANY_REQUESTS:
        reply = rules.trouble(Trouble.BUSY, None)
    else:
        reply = rules.trouble(Trouble.FAILING, fault.status)
    headers = dict(reply.headers)
    if fault.retry_after == "absurd":
        headers["Retry-After"] = ABSURD
    elif fault.retry_after is not None:
        text = f"{fault.retry_after:g}"
        is_date = fault.as_date
        headers["Retry-After"] = (
            formatdate(now + fault.retry_after, usegmt=True) if is_date else text
        )
    return Reply(reply.status, reply.body, headers)


def garbage(fault: Garbage, response: Response) -> Response:
    """Return an answer nobody can read, instead of the right one."""
    if fault.body == "huge":
        return StreamingResponse(_huge(), fault.status, media_type="application/json")
    if fault.body == "html":
        return Response(HTML, fault.status, media_type="text/html")
    content = bytes(response.body)
    cut = content[: len(content) // 2] if fault.body == "truncated" else b""
    return Response(cut, fault.status, media_type="application/json")


async def _huge() -> AsyncIterator[bytes]:
    yield b'{"data": "'
    for _ in range(HUGE // len(CHUNK)):
        yield CHUNK
        await asyncio.sleep(0)
    yield b'"}'
