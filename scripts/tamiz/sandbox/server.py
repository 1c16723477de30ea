"""Run the sandbox on loopback: in the foreground, or beside a test."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import uvicorn

from tamiz.errors import ConfigError
from tamiz.sandbox.app import create_app
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
    clock: Callable[[], datetime] = wall_clock,
    ready: Callable[[str], None] = print,
) -> None:
    """Serve until interrupted; `ready` is told the address, port 0 takes a free one.

    Raises ConfigError if the port is taken.
    """
    listener = _listener(port)
    ready(_address(listener))
    _server(World(clock, state_file)).run(sockets=[listener])


@contextmanager
def running_sandbox(
    state_file: Path | None = None, *, port: int = 0, world: World | None = None
) -> Iterator[str]:
    """Serve in a thread of this process and yield the address; it answers from the start."""
    listener = _listener(port)
    server = _server(world or World(wall_clock, state_file))
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
    app = create_app(world)
    config = uvicorn.Config(app, log_config=None, access_log=False, lifespan="off")
    return uvicorn.Server(config)
