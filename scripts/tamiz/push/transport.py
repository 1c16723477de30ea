"""The only place that opens a connection to a platform: verified TLS, its hosts, no redirects."""

import ipaddress
import ssl
import time
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

import orjson
import urllib3
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError, SSLError

from tamiz.errors import ConfigError
from tamiz.platforms import Account, Platform
from tamiz.platforms.base import Answer, Request

ANSWER_LIMIT = 1 << 20  # bytes
CHUNK = 1 << 16
CONNECT, READ = 5.0, 30.0  # seconds, each time something is waited for
LONGEST = 50.0  # seconds for a whole answer; with the above, below the ledger's settle time


class NotSent(Exception):  # noqa: N818 - what happened
    """No connection came about, so nothing can have been applied; the text is our own."""


class Lost(Exception):  # noqa: N818 - what happened
    """The request may have left and no readable answer came; the text is our own."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A request as it leaves: whole address, headers and bytes."""

    method: str
    url: str
    headers: Mapping[str, str] = field(repr=False)
    payload: bytes | None = field(repr=False)


def is_loopback(address: str) -> bool:
    """Whether an http address names this machine and nothing else."""
    try:
        parts = urlsplit(address)
        if parts.scheme != "http" or parts.username or parts.query or parts.fragment:
            return False
        host = parts.hostname or ""
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def encoded(request: Request) -> tuple[bytes | None, dict[str, str]]:
    """Return the bytes of a request, or None for one without a body, and what kind they are."""
    if request.form is not None:
        return urlencode(request.form).encode(), {
            "Content-Type": "application/x-www-form-urlencoded"
        }
    if request.body is None:
        return None, {}
    return orjson.dumps(request.body), {"Content-Type": "application/json"}


class Transport:
    """Kept-alive connections to one platform for one account; used from several threads."""

    __slots__ = ("_hosts", "_pool", "_ticks", "base_url", "token_url", "where")

    def __init__(
        self,
        platform: Platform,
        account: Account,
        in_flight: int = 1,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        """Refuse, with ConfigError, every address but the platform's own or a loopback sandbox."""
        for address in (account.base_url, account.token_url):
            if address is not None and not is_loopback(address):
                raise ConfigError(
                    f"{platform.name}: requests go to {urlsplit(platform.base_url).hostname} or to"
                    " a sandbox on this machine, nowhere else: mend the sandbox address"
                )
        self.base_url = platform.base_url if account.base_url is None else account.base_url
        self.token_url = account.token_url
        if self.token_url is None and account.base_url is None and platform.renewal is not None:
            self.token_url = platform.renewal.token_url
        self.where = urlsplit(self.base_url).netloc
        allowed = [self.base_url, *([] if self.token_url is None else [self.token_url])]
        self._hosts = {urlsplit(url)[:2] for url in allowed}
        self._ticks = ticks
        self._pool = urllib3.PoolManager(
            num_pools=len(self._hosts),
            maxsize=in_flight,
            block=True,
            cert_reqs="CERT_REQUIRED",
            timeout=urllib3.Timeout(connect=CONNECT, read=READ),
        )

    def exchange(self, prepared: Prepared) -> Answer:
        """Send one request once; raises NotSent or Lost, and ConfigError on a foreign address."""
        if urlsplit(prepared.url)[:2] not in self._hosts:
            raise ConfigError(f"a request went elsewhere than to {self.where}: it was not sent")
        try:
            response = self._pool.request(
                prepared.method,
                prepared.url,
                body=prepared.payload,
                headers={**prepared.headers, "Accept-Encoding": "identity"},
                redirect=False,
                retries=False,
                preload_content=False,
                decode_content=False,
            )
            try:
                content = self._content(response)
            except BaseException:
                response.close()
                raise
            finally:
                response.release_conn()
        except (NewConnectionError, ConnectTimeoutError):
            raise NotSent("no connection") from None
        except SSLError as error:
            if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in error.args):
                raise NotSent("its certificate is not trusted") from None
            raise Lost("the connection broke") from None
        except HTTPError:
            raise Lost("no whole answer") from None
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Answer(response.status, headers, _json(content), is_empty=not content)

    def close(self) -> None:
        """Close the connections."""
        self._pool.clear()

    def _content(self, response: urllib3.BaseHTTPResponse) -> bytes:
        """Read what was asked to come as it is, and unpack it within the limit if it did not."""
        content, until = b"", self._ticks() + LONGEST
        while chunk := response.read1(CHUNK, decode_content=False):
            content += chunk
            if len(content) > ANSWER_LIMIT:
                raise Lost("an answer of more than 1 MiB")
            if self._ticks() > until:
                raise Lost("an answer that took too long")
        packing = response.headers.get("Content-Encoding", "identity").strip().lower()
        return content if packing == "identity" else _unpacked(content, packing)


def _unpacked(content: bytes, packing: str) -> bytes:
    if packing not in ("gzip", "x-gzip", "deflate"):
        return b"?"  # no JSON: an answer nobody can read
    try:
        unpacked = zlib.decompressobj(32 + zlib.MAX_WBITS).decompress(content, ANSWER_LIMIT + 1)
    except zlib.error:
        return b"?"
    if len(unpacked) > ANSWER_LIMIT:
        raise Lost("an answer of more than 1 MiB")
    return unpacked


def _json(content: bytes) -> object:
    try:
        return orjson.loads(content) if content else None
    except orjson.JSONDecodeError:
        return None
