"""The only place that opens a connection to a platform: verified TLS, one host, no redirects."""

import ipaddress
import json
import ssl
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import urlencode, urlsplit

import urllib3
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError, SSLError

from tamiz.errors import ConfigError
from tamiz.platforms import Account, Platform
from tamiz.platforms.base import Json, Request

ANSWER_LIMIT = 1 << 20  # bytes
TIMEOUT = urllib3.Timeout(connect=5, read=30)  # seconds; below the ledger's settle time


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


def encoded(body: Json | None) -> bytes | None:
    """The bytes of a body, or None for a request without one."""
    return None if body is None else json.dumps(body, separators=(",", ":")).encode()


class NotSent(Exception):  # noqa: N818 - what happened
    """No connection came about, so nothing can have been applied; the text is our own."""


class Lost(Exception):  # noqa: N818 - what happened
    """The request may have left and no readable answer came; the text is our own."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; `body` is None unless it was a JSON object, `retry_after` in seconds."""

    http_status: int
    body: Json | None = field(repr=False)
    retry_after: float | None = None

    @property
    def is_success(self) -> bool:
        """Whether the HTTP status says so."""
        return HTTPStatus.OK <= self.http_status < HTTPStatus.MULTIPLE_CHOICES


class Transport:
    """A kept-alive connection to one platform for one account."""

    __slots__ = ("_account", "_base_url", "_platform", "_pool", "where")

    def __init__(self, platform: Platform, account: Account) -> None:
        """Refuse, with ConfigError, every address but the platform's own or a loopback sandbox."""
        base_url = platform.base_url if account.base_url is None else account.base_url
        if account.base_url is not None and not is_loopback(account.base_url):
            raise ConfigError(
                f"{platform.name}: requests go to {urlsplit(platform.base_url).hostname} or to a"
                " sandbox on this machine, nowhere else: mend the sandbox address"
            )
        self.where = urlsplit(base_url).netloc
        self._base_url = base_url
        self._platform = platform
        self._account = account
        self._pool = urllib3.PoolManager(num_pools=1, cert_reqs="CERT_REQUIRED", timeout=TIMEOUT)

    def exchange(self, request: Request, payload: bytes | None) -> Answer:
        """Send one request once; raises NotSent or Lost."""
        query = f"?{urlencode(request.query)}" if request.query else ""
        headers = {**self._platform.headers(self._account), **request.headers}
        if payload is not None:
            headers["Content-Type"] = "application/json"
        try:
            response = self._pool.request(
                request.method,
                f"{self._base_url}{request.path}{query}",
                body=payload,
                headers=headers,
                redirect=False,
                retries=False,
                preload_content=False,
            )
            try:
                content = response.read(ANSWER_LIMIT + 1)
                if len(content) > ANSWER_LIMIT:
                    response.close()
                    raise Lost("an answer of more than 1 MiB")
                return Answer(response.status, _json(content), _seconds(response.headers))
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

    def close(self) -> None:
        """Close the connection."""
        self._pool.clear()


def _json(content: bytes) -> Json | None:
    try:
        body = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) else None


def _seconds(headers: urllib3.HTTPHeaderDict) -> float | None:
    value = headers.get("Retry-After", "")
    return float(value) if value.isascii() and value.isdigit() else None
