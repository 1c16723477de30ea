"""Run the sandbox on loopback: in the foreground, or beside a test."""

import asyncio
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import uvicorn
from starlette.requests import Request
from typing_extensions import override
from uvicorn.protocols.http.h11_impl import H11Protocol

from tamiz.errors import ConfigError
from tamiz.sandbox.app import create_app
from tamiz.sandbox.script import Script
from tamiz.sandbox.world import World

HOST = "127.0.0.1"
READY_WITHIN = 10.0  # seconds


def wall_clock() -> datetime:
    """UTC now; the sandbox is a server of its own and keeps its own time."""
    return datetime.now(UTC)


def serve(
    port: int,
    *,
    state_file: Path | None = None,
    script: Script | None = None,
    clock: Callable[[], datetime] = wall_clock,
    ready: Callable[[str], None] = print,
) -> None:
    """Serve until interrupted; `ready` is told the address, port 0 takes a free one.

    Raises ConfigError if the port is taken, or the state file or the script cannot be used.
    """
    server = _server(World(clock, state_file, script or Script()))
    listener = _listener(port)
    ready(_address(listener))
    server.run(sockets=[listener])


@contextmanager
def running_sandbox(
    state_file: Path | None = None,
    *,
    port: int = 0,
    world: World | None = None,
    script: Script | None = None,
) -> Iterator[str]:
    """Serve in a thread of this process and yield the address; it answers from the start."""
    server = _server(world or World(wall_clock, state_file, script or Script()))
    listener = _listener(port)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        yield _address(listener)
    finally:
        server.should_exit = True
        thread.join(READY_WITHIN)
        listener.close()


def _listener(port: int) -> socket.socket:
    # Named as TCP, so that asyncio sends small answers at once (it looks at the protocol).
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
    except OSError as error:
        listener.close()
        raise ConfigError(
            f"port {port} cannot be used ({error.strerror}): stop what listens there, or name"
            " another port"
        ) from None
    listener.listen(128)
    return listener


def _address(listener: socket.socket) -> str:
    return f"http://{HOST}:{listener.getsockname()[1]}"


def _server(world: World) -> uvicorn.Server:
    connections: dict[tuple[str, int], asyncio.Transport] = {}

    class Protocol(H11Protocol):
        """Keeps the connections, so that one can be reset."""

        @override
        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            connections[transport.get_extra_info("peername")] = transport

        @override
        def connection_lost(self, exc: Exception | None) -> None:
            connections.pop(self.transport.get_extra_info("peername"), None)
            super().connection_lost(exc)

    def disconnect(request: Request) -> None:
        if request.client is not None:
            transport = connections[request.client.host, request.client.port]
            # Closing without lingering resets: what was sent is not even acknowledged.
            linger = struct.pack("ii", 1, 0)
            transport.get_extra_info("socket").setsockopt(
                socket.SOL_SOCKET, socket.SO_LINGER, linger
            )
            transport.abort()

    app = create_app(world, disconnect)
    config = uvicorn.Config(app, http=Protocol, log_config=None, access_log=False, lifespan="off")
    return uvicorn.Server(config)
