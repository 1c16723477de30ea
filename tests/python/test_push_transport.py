"""The transport against a local server that answers as no platform should."""

import gzip
import socket
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from pydantic import SecretStr

from tamiz.errors import ConfigError
from tamiz.platforms import Account, platform
from tamiz.platforms.base import Request
from tamiz.push.accounts import sandbox_account
from tamiz.push.transport import (
    ANSWER_LIMIT,
    Lost,
    NotSent,
    Prepared,
    Transport,
    encoded,
    is_loopback,
)

META = platform("meta")


@contextmanager
def answering(*answers: bytes) -> Iterator[tuple[str, list[bytes]]]:
    """Answer one request after another with raw bytes; yields address and what was received."""
    seen: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            for answer in answers:
                connection, _ = server.accept()
                with connection:
                    seen.append(connection.recv(1 << 16))
                    connection.sendall(answer)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}", seen
        thread.join(5)


def http(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    lines = (f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers)
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def get(
    url: str, path: str = "/me", ticks: Callable[[], float] = lambda: 0.0
) -> tuple[Transport, Prepared]:
    account = Account("meta", "1", {"access_token": SecretStr("t")}, base_url=url)
    transport = Transport(META, account, 1, ticks)
    return transport, Prepared("GET", f"{transport.base_url}{path}", {}, None)


def exchange(answer: bytes) -> object:
    with answering(answer) as (url, _):
        transport, prepared = get(url)
        return transport.exchange(prepared)


@pytest.mark.parametrize(
    ("body", "read"),
    [
        (b'{"a": 1}', {"a": 1}),
        (b'[1, "b"]', [1, "b"]),
        (b'"text"', "text"),
        (b"7", 7),
        (b"<html>log in</html>", None),
        (b'{"a": ', None),
        (b"[" * 100_000, None),
        (b'{"a": NaN}', None),
        (b"\xff\xfe", None),
    ],
)
def test_json_of_any_shape_is_read_and_nothing_else(body: bytes, read: object) -> None:
    with answering(http(body)) as (url, _):
        transport, prepared = get(url)
        answer = transport.exchange(prepared)
    assert (answer.body, answer.is_empty) == (read, False)


def test_an_answer_without_a_body_is_empty_and_headers_are_lower_case() -> None:
    raw = b"HTTP/1.1 204 No Content\r\nX-Rate-Limit-Reset: 9\r\nConnection: close\r\n\r\n"
    with answering(raw) as (url, _):
        transport, prepared = get(url)
        answer = transport.exchange(prepared)
    assert (answer.http_status, answer.is_empty, answer.body) == (204, True, None)
    assert answer.headers["x-rate-limit-reset"] == "9"


def test_an_answer_of_more_than_a_mebibyte_is_lost() -> None:
    with pytest.raises(Lost, match="more than 1 MiB"):
        exchange(http(b" " * (ANSWER_LIMIT + 1)))


@pytest.mark.parametrize("packing", ["gzip", "deflate"])
def test_a_small_packed_answer_is_read_and_a_bomb_is_not_unpacked(packing: str) -> None:
    pack = gzip.compress if packing == "gzip" else zlib.compress
    header = f"Content-Encoding: {packing}"
    with answering(http(pack(b'{"a": 1}'), header)) as (url, seen):
        transport, prepared = get(url)
        assert transport.exchange(prepared).body == {"a": 1}
    assert b"accept-encoding: identity" in seen[0].lower()
    bomb = pack(b" " * 200_000_000)
    assert len(bomb) < ANSWER_LIMIT
    with pytest.raises(Lost, match="more than 1 MiB"):
        exchange(http(bomb, header))


@pytest.mark.parametrize("header", ["Content-Encoding: br", "Content-Encoding: gzip, gzip"])
def test_an_answer_packed_in_another_way_cannot_be_read(header: str) -> None:
    with answering(http(b'{"a": 1}', header)) as (url, _):
        transport, prepared = get(url)
        answer = transport.exchange(prepared)
    assert (answer.body, answer.is_empty) == (None, False)


def test_a_redirect_is_not_followed() -> None:
    with answering(http(b"", "Location: http://127.0.0.1:9/", status="302 Found")) as (url, seen):
        transport, prepared = get(url)
        assert transport.exchange(prepared).http_status == 302
    assert len(seen) == 1


@pytest.mark.parametrize("raw", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", b"no"])
def test_a_broken_answer_is_lost(raw: bytes) -> None:
    with pytest.raises(Lost):
        exchange(raw)


def test_an_answer_that_drips_is_cut_off() -> None:
    moments = iter(range(0, 10_000, 60))
    with answering(http(b" " * 200_000)) as (url, _):
        transport, prepared = get(url, ticks=lambda: float(next(moments)))
        with pytest.raises(Lost, match="took too long"):
            transport.exchange(prepared)


def test_a_port_where_nobody_listens_means_that_nothing_was_sent() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        transport, prepared = get(f"http://127.0.0.1:{unused.getsockname()[1]}")
        with pytest.raises(NotSent):
            transport.exchange(prepared)


@pytest.mark.parametrize(
    "path", ["@example.com/", ".example.com/", ":1@example.com/", "//example.com"]
)
def test_no_path_leads_to_another_host(path: str) -> None:
    transport, prepared = get("http://127.0.0.1:9", path)
    with pytest.raises((ConfigError, NotSent)):
        transport.exchange(replace(prepared, url=f"http://127.0.0.1:9{path}"))
    with pytest.raises(ConfigError, match=r"elsewhere than to 127\.0\.0\.1:9: it was not sent"):
        transport.exchange(replace(prepared, url="https://graph.facebook.com/me"))


def test_the_certificate_of_a_platform_is_always_checked() -> None:
    account = Account("meta", "1", {"access_token": SecretStr("t")})
    transport = Transport(META, account)
    assert transport.where == "graph.facebook.com"
    pool = transport._pool.connection_from_url("https://graph.facebook.com")  # noqa: SLF001
    assert str(pool.cert_reqs) == "CERT_REQUIRED"
    assert pool.assert_hostname is None  # None: compared with the certificate


@pytest.mark.parametrize(
    "address",
    [
        "http://10.0.0.1:8765",
        "https://127.0.0.1",
        "http://127.0.0.1@example.com",
        "http://169.254.169.254",
        "http://127.0.0.1.example.com",
        "http://[",
        "ftp://127.0.0.1",
    ],
)
def test_requests_go_to_the_platform_or_to_this_machine_only(address: str) -> None:
    assert not is_loopback(address)
    with pytest.raises(ConfigError, match="address given is not on this machine"):
        sandbox_account(META, address)
    for place in ("base_url", "token_url"):
        account = replace(Account("meta", "1", {}), **{place: address})
        with pytest.raises(ConfigError, match=r"go to graph.facebook.com or to a sandbox"):
            Transport(META, account)


def test_a_body_is_json_and_a_form_is_a_form() -> None:
    assert encoded(Request("GET", "/")) == (None, {})
    payload, kind = encoded(Request("POST", "/", body={"a": ["é"]}))
    assert (payload, kind) == ('{"a":["é"]}'.encode(), {"Content-Type": "application/json"})
    payload, kind = encoded(Request("POST", "/", form={"a": "b c"}))
    assert payload == b"a=b+c"
    assert kind == {"Content-Type": "application/x-www-form-urlencoded"}
