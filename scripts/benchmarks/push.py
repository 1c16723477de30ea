"""How long a million members take to one platform, and how much memory: ledger, plan and sending.

The pushing process is one of its own, and so is the server. The minimal server speaks only as much
of Meta as a push needs and checks nothing: the sandbox holds every request to its contract, which
takes longer than the pushing that is to be measured.
"""

# ruff: noqa: INP001 - a program, no package

import asyncio
import json
import os
import re
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from math import ceil
from pathlib import Path
from typing import Any

import click

AS_OF = datetime(2026, 6, 30, tzinfo=UTC)
LONGEST = 1.4  # times the floor: batches one after another in each place, and nothing but latency
MOST_MEMORY = 400  # MiB
ROWS = re.compile(rb'"estimated_num_total":(\d+)')
STARTED = time.perf_counter()


@click.group()
def cli() -> None:
    """Hold the steps, each in a process of its own."""


@cli.command()
@click.option("--members", default=1_000_000, show_default=True)
@click.option("--platform", "name", default="meta", show_default=True)
@click.option("--latency", default=200, show_default=True, help="Milliseconds of each answer.")
@click.option("--in-flight", default=8, show_default=True)
@click.option("--server", type=click.Choice(["minimal", "sandbox"]), help="[default: as it fits]")
def run(members: int, name: str, latency: int, in_flight: int, server: str | None) -> None:
    """Make members, push them, push again, and print what it took; exit 1 above the limits."""
    server = server or ("minimal" if name == "meta" else "sandbox")
    with tempfile.TemporaryDirectory() as text:
        folder = Path(text)
        _step("make", folder, members, name)
        serving = _serving(server, folder, latency)
        try:
            url = serving.stdout.readline().strip() if serving.stdout else ""
            first = _step("send", folder, name, url, in_flight)
            again = _step("send", folder, name, url, in_flight)
        finally:
            serving.kill()
            serving.wait()
    floor = ceil(first["batches"] / first["in_flight"]) * latency / 1000
    ratio = first["sending"] / floor if floor else 0.0
    for line in (
        f"platform                 {name} ({server} server, {latency} ms)",
        f"members                  {members:,}",
        f"batches                  {first['batches']:,}, {first['in_flight']} in flight",
        f"sending                  {first['sending']:.2f} s, first request to last receipt",
        f"ratio                    {ratio:.2f} of {floor:.2f} s (at most {LONGEST})",
        f"whole push               {first['whole']:.2f} s with plan and ledger",
        f"memory                   {first['memory']:.0f} MiB (at most {MOST_MEMORY})",
        f"ledger                   {first['ledger']:.0f} MiB",
        f"nothing to change        {again['whole']:.2f} s, {again['memory']:.0f} MiB",
    ):
        click.echo(line)
    memory = max(first["memory"], again["memory"])
    if ratio > LONGEST or memory > MOST_MEMORY:
        sys.exit(1)


def _step(step: str, *arguments: object) -> dict[str, Any]:
    command = [sys.executable, __file__, step, *map(str, arguments)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE)  # noqa: S603 - ourselves
    answer: dict[str, Any] = json.loads(done.stdout or b"{}")
    return answer


def _serving(server: str, folder: Path, latency: int) -> "subprocess.Popen[str]":
    command = [sys.executable, __file__, "serve", str(latency)]
    if server == "sandbox":
        script = folder / "script.yml"
        script.write_text(json.dumps({"latency": latency}))
        command = [sys.executable, "-m", "tamiz.sandbox", "--faults", str(script)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603 - ourselves


@cli.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.argument("members", type=int)
@click.argument("name")
def make(folder: Path, members: int, name: str) -> None:
    """Publish a generation of made-up hashes."""
    import pyarrow as pa  # noqa: PLC0415 - each step loads what it needs
    import pyarrow.parquet as pq  # noqa: PLC0415

    from tamiz.platforms import platform  # noqa: PLC0415
    from tamiz.publish import Generation, PublishedTable  # noqa: PLC0415
    from tamiz.publish.generation import (  # noqa: PLC0415
        MANIFEST,
        content_hash,
        file_sha256,
        generation_name,
        manifest_of,
    )

    kind = platform(name).pushed[0]
    texts = os.urandom(32 * members).hex()
    columns = {
        "audience_name": pa.array(["aud_benchmark"]).dictionary_encode().take(_zeros(members)),
        "platform": pa.array([name]).dictionary_encode().take(_zeros(members)),
        "person_id": pa.array([f"{number:032x}" for number in range(members)]),
        kind.column: pa.array([texts[at : at + 64] for at in range(0, 64 * members, 64)]),
        "is_holdout": pa.array([False]).take(_zeros(members)),
    }
    place = folder / "published" / "generation"
    place.mkdir(parents=True)
    file = place / "fct_audience_members.parquet"
    table = pa.table(columns)
    pq.write_table(table, file, row_group_size=122_880)
    types = {column.name: str(column.type) for column in table.schema}
    tables = {"fct_audience_members": PublishedTable(file, members, file_sha256(file), types)}
    audience = {
        "name": "aud_benchmark",
        "platforms": [name],
        "list_name": "tamiz_benchmark",
        "identifiers": [kind.kind],
        "minimum_size": 1,
    }
    named = generation_name(AS_OF, content_hash(tables, (audience,), ()))
    generation = Generation(place, named, 1, AS_OF, "benchmark", tables, (audience,), ())
    (place / MANIFEST).write_text(json.dumps(manifest_of(generation)))


def _zeros(count: int) -> Any:  # noqa: ANN401 - pyarrow has no types
    import numpy as np  # noqa: PLC0415 - as above
    import pyarrow as pa  # noqa: PLC0415

    return pa.array(np.zeros(count, dtype=np.int8))


@cli.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.argument("name")
@click.argument("url")
@click.argument("in_flight", type=int)
def send(folder: Path, name: str, url: str, in_flight: int) -> None:
    """Push what is published, and tell what it took."""
    from tamiz.ledger import open_ledger  # noqa: PLC0415 - as above
    from tamiz.platforms import platform  # noqa: PLC0415
    from tamiz.publish import latest_generation  # noqa: PLC0415
    from tamiz.push import plan, push  # noqa: PLC0415
    from tamiz.push.accounts import sandbox_account  # noqa: PLC0415

    entry, file = platform(name), folder / "ledger" / "ledger.db"
    with open_ledger(file) as ledger:
        plans = plan(latest_generation(folder / "published"), ledger)
        known = {each.sync_id: sandbox_account(entry, url) for each in plans}
        result = push(
            plans,
            ledger,
            known,
            clock=lambda: datetime.now(UTC),
            say=lambda line: click.echo(line, err=True),
            in_flight=in_flight,
        )
    whole = time.perf_counter() - STARTED
    for failure in result.failures:
        raise failure
    with sqlite3.connect(file) as connection:
        begun, ended, batches = connection.execute(
            "select min(intent_at), max(answered_at), count(distinct batch_id) from attempt"
        ).fetchone()
    sending = datetime.fromisoformat(ended) - datetime.fromisoformat(begun)
    told = {
        "batches": batches,
        "in_flight": min(in_flight, entry.max_in_flight),
        "sending": sending.total_seconds(),
        "whole": whole,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "ledger": file.stat().st_size / (1 << 20),
    }
    click.echo(json.dumps(told))


@cli.command()
@click.argument("latency", type=int)
def serve(latency: int) -> None:
    """Answer like Meta, as late as was asked, until killed."""
    asyncio.run(_serve(latency / 1000))


async def _serve(latency: float) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await _head(reader):
            method, path, length = head
            body = await reader.readexactly(length)
            await asyncio.sleep(latency)
            content = json.dumps(_answer(method, path, body)).encode()
            start = f"HTTP/1.1 200 OK\r\nContent-Length: {len(content)}\r\n\r\n"
            writer.write(start.encode() + content)
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0, limit=1 << 22)
    click.echo(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    async with server:
        await server.serve_forever()


async def _head(reader: asyncio.StreamReader) -> tuple[str, str, int] | None:
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    except asyncio.IncompleteReadError:
        return None
    method, path, _ = head.split(" ", 2)
    length = re.search(r"(?i)content-length: (\d+)", head)
    return method, path, int(length[1]) if length else 0


def _answer(method: str, path: str, body: bytes) -> dict[str, Any]:
    if path.partition("?")[0].endswith("/users"):
        rows = ROWS.search(body[:1000])
        count = int(rows[1]) if rows else 0
        ids = {"audience_id": "1", "session_id": "1", "invalid_entry_samples": {}}
        return {**ids, "num_received": count, "num_invalid_entries": 0}
    if path.partition("?")[0].endswith("/customaudiences"):
        return {"id": "1"} if method == "POST" else {"data": []}
    return {"id": "1", "name": "tamiz_benchmark"}


if __name__ == "__main__":
    cli(
        sys.argv[1:] if sys.argv[1:2] in (["make"], ["send"], ["serve"]) else ["run", *sys.argv[1:]]
    )
