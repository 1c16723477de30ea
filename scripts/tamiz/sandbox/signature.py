"""OAuth 1.0a signatures, as X asks for them: rule X1."""

from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha1
from types import SimpleNamespace

from oauthlib.oauth1.rfc5849 import signature, utils

from tamiz.platforms import Account
from tamiz.sandbox.wire import Wire
from tamiz.sandbox.world import World

NONCES = 100_000  # that are remembered
NEEDED = ("consumer_key", "token", "nonce", "timestamp", "signature", "signature_method")


def is_signed(world: World, account: Account, wire: Wire) -> bool:
    """Whether a request carries a valid signature of the account that was not seen before.

    The signature is over method, address, query and `oauth_` parameters; a JSON body is not in it
    but through `oauth_body_hash`, which is checked where it is given. The time of the signature is
    not: a sandbox may live in another time than its caller.
    """
    given = _given(wire.headers.get("authorization", ""))
    if any(f"oauth_{name}" not in given for name in NEEDED):
        return False
    known = (
        given["oauth_consumer_key"] == account.secret("consumer_key")
        and given["oauth_token"] == account.secret("access_token")
        and given["oauth_signature_method"] == "HMAC-SHA1"
    )
    return known and _fits(account, wire, given) and _is_new(world, given)


def _fits(account: Account, wire: Wire, given: Mapping[str, str]) -> bool:
    digest = b64encode(sha1(wire.content, usedforsecurity=False).digest()).decode()
    if given.get("oauth_body_hash", digest) != digest:
        return False
    try:
        parameters = signature.collect_parameters(
            uri_query=wire.query_text,
            headers={"Authorization": wire.headers["authorization"]},
            with_realm=False,
        )
    except ValueError:  # a query that cannot be signed
        return False
    request = SimpleNamespace(
        params=parameters,
        uri=wire.url,
        http_method=wire.method,
        signature=given["oauth_signature"],
    )
    return bool(
        signature.verify_hmac_sha1(
            request,  # type: ignore[arg-type] # it reads these four attributes alone
            account.secret("consumer_secret"),
            account.secret("access_token_secret"),
        )
    )


def _is_new(world: World, given: Mapping[str, str]) -> bool:
    nonce = f"{given['oauth_timestamp']} {given['oauth_nonce']}"
    if nonce in world.nonces:
        return False
    world.nonces[nonce] = world.seconds()
    if len(world.nonces) > NONCES:
        del world.nonces[next(iter(world.nonces))]
    return True


def _given(authorization: str) -> dict[str, str]:
    try:
        pairs = utils.parse_authorization_header(authorization)
    except ValueError:
        return {}
    return {name: utils.unescape(value) for name, value in pairs}
