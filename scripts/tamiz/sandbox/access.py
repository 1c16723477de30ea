"""Who may do what: tokens that end and are renewed, and signatures."""

import binascii
from base64 import b64decode
from collections.abc import Mapping
from urllib.parse import parse_qsl

from tamiz.platforms import Account
from tamiz.sandbox.contract import Contract
from tamiz.sandbox.rules.common import Reply, Rules, Trouble
from tamiz.sandbox.signature import is_signed
from tamiz.sandbox.wire import Wire
from tamiz.sandbox.world import World

LONG = 86_400  # seconds that `expires_in` tells of a token that never ends
CLIENT_IN_HEADER = ("pinterest", "reddit")  # they take the client as a Basic header only


def refusal(
    world: World, rules: Rules, contract: Contract, account: Account, wire: Wire
) -> Trouble | None:
    """Return why a request may not be carried out, or None."""
    if "consumer_key" in account.secrets:
        signed = is_signed(world, account, wire)
        return rules.admits(account, wire.headers) if signed else Trouble.UNAUTHORISED
    ends_at = _ends_at(world, account, _token(contract, wire))
    if ends_at is not None and ends_at < 0:
        return Trouble.UNAUTHORISED
    if ends_at is not None and ends_at <= world.seconds():
        return Trouble.EXPIRED
    return rules.admits(account, wire.headers)


def end_token(world: World, contract: Contract, account: Account, wire: Wire) -> None:
    """End the token of a request, where the platform gives another one for a refresh token."""
    token = _token(contract, wire)
    if "refresh_token" in account.secrets and _ends_at(world, account, token) != UNKNOWN:
        world.keep_token(_key(account, token), world.seconds())


def renew(world: World, account: Account, wire: Wire) -> Reply:
    """Answer a token endpoint (RFC 6749, section 6)."""
    form = dict(parse_qsl(wire.content.decode("latin-1")))
    if wire.media_type != "application/x-www-form-urlencoded" or "refresh_token" not in form:
        return _wrong("invalid_request")
    if form.get("grant_type") != "refresh_token":
        return _wrong("unsupported_grant_type")
    if "refresh_token" not in account.secrets:
        return _wrong("unauthorized_client")
    client = tuple(account.secret(name) for name in ("client_id", "client_secret"))
    if _client(account.platform, form, wire.headers) != client:
        return _wrong("invalid_client", 401)
    if form["refresh_token"] != account.secret("refresh_token"):
        return _wrong("invalid_grant")
    token = f"{account.secret('access_token')}-{world.number()}"
    lifetime = world.behaviour(account.platform).token_lifetime
    ends_at = None if lifetime is None else world.seconds() + lifetime
    world.keep_token(_key(account, token), ends_at)
    expires_in = LONG if lifetime is None else int(lifetime)
    return Reply(200, {"access_token": token, "token_type": "bearer", "expires_in": expires_in})


UNKNOWN = -1.0  # when a token ends that nobody gave


def _ends_at(world: World, account: Account, token: str) -> float | None:
    key = _key(account, token)
    if key not in world.tokens and token == account.secret("access_token"):
        # The first one is good from its first use on.
        lifetime = world.behaviour(account.platform).token_lifetime
        world.keep_token(key, None if lifetime is None else world.seconds() + lifetime)
    return world.tokens.get(key, UNKNOWN)


def _token(contract: Contract, wire: Wire) -> str:
    """Return the token of a request: behind `Bearer`, or bare where the header is its own."""
    text = wire.headers.get(contract.access_header, "")
    if contract.access_header != "authorization":
        return text
    scheme, _, token = text.partition(" ")
    return token if scheme.lower() == "bearer" else ""


def _key(account: Account, token: str) -> str:
    return f"{account.platform} {token}"


def _client(platform: str, form: Mapping[str, str], headers: Mapping[str, str]) -> tuple[str, ...]:
    scheme, _, text = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            name, _, secret = b64decode(text, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return ()
        return name, secret
    if platform in CLIENT_IN_HEADER:
        return ()
    return form.get("client_id", ""), form.get("client_secret", "")


def _wrong(error: str, status: int = 400) -> Reply:
    return Reply(status, {"error": error})
