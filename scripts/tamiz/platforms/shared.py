"""What platform modules share: reading JSON, verdicts, marks of lists, tokens, sandbox accounts."""

import re
from base64 import b64encode
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, TypeVar
from urllib.parse import quote

from pydantic import SecretStr

from tamiz.errors import ConfigError
from tamiz.platforms.base import (
    Account,
    Answer,
    Batch,
    Identifier,
    Json,
    NewList,
    Refusal,
    Renewal,
    Request,
    Verdict,
)

Code = TypeVar("Code")

# Ours, where a platform documents no limit in bytes: eight bodies in flight stay small.
BODY_BYTES = 2_000_000
NO_CONSENT_FIELD = "no field for consent: who did not give it is not sent"
RENEWAL_SECRETS = ("refresh_token", "client_id", "client_secret")
TOKENS = re.compile(r"[!-~]{1,8192}")  # what may stand in a header
FIGURES = re.compile(r"[0-9]{1,20}")
STATES = ("status", "state", "result", "request_status")
OK, CREATED, NO_CONTENT = 200, 201, 204


def bearer(account: "Account") -> dict[str, str]:
    """The header of platforms that take `Authorization: Bearer <token>`."""
    return {"Authorization": f"Bearer {account.secret('access_token')}"}


def safe_code(text: object) -> str:
    """An error code fit for a message: figures and capitals as they are, anything else hidden.

    A platform's answer may repeat what was sent, so its own words are never printed.
    """
    shown = str(text)
    return shown if re.fullmatch(r"[A-Z0-9_]{1,60}", shown) else "an unreadable code"


def inner(value: object, *steps: str | int) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Return what stands there in a JSON value, or None; for errors, whose shape is not sure."""
    for step in steps:
        if isinstance(value, dict) and isinstance(step, str):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return None
    return value


def succeeded(answer: Answer, *, besides: str = "", status: int = OK) -> Json:
    """Return the object of an answer that may be a yes: of that HTTP status, without an error.

    Platforms send errors with 200 as well: a word of one at the top of the object makes it no yes,
    but for the key `besides`, which the contract has in a yes, too. Raises TypeError or
    ValueError otherwise: nobody knows then what came of the request.
    """
    if answer.http_status != status:
        raise ValueError
    body = as_object(answer.body)
    for key, value in body.items():
        word = key.lower().replace("_", "")
        if word in ("success", "ok") and value is not True:
            raise ValueError
        if key != besides and re.search("error|fault|exception", word) and says(value):
            raise ValueError
        if key in STATES and re.search("(?i)error|fail|reject|denied|invalid", str(value)):
            raise ValueError
    return body


def says(value: object) -> bool:
    """Whether a JSON value says anything: a list of nothing but null does not."""
    return any(map(says, value)) if isinstance(value, list) else value not in (None, "", {})


def as_id(value: object, pattern: re.Pattern[str]) -> str:
    """Return an id that fits its pattern; raises TypeError or ValueError if it does not."""
    if not pattern.fullmatch(as_text(value)):
        raise ValueError
    return as_text(value)


def in_path(value: str, pattern: re.Pattern[str]) -> str:
    """Return an id as a step of an address; raises ValueError if it does not fit its pattern."""
    return quote(as_id(value, pattern), safe="")


def as_object(value: object) -> Json:
    """Return a JSON object; raises TypeError if it is none."""
    if not isinstance(value, dict):
        raise TypeError
    return value


def as_list(value: object) -> list[Any]:
    """Return a JSON array; raises TypeError if it is none."""
    if not isinstance(value, list):
        raise TypeError
    return value


def as_text(value: object) -> str:
    """Return a text that is not empty; raises TypeError if it is none."""
    if not isinstance(value, str) or not value:
        raise TypeError
    return value


def optional_text(value: object) -> str:
    """Return a text, "" for null; raises TypeError if it is neither."""
    if value is not None and not isinstance(value, str):
        raise TypeError
    return value or ""


def as_count(value: object) -> int:
    """Return a count of people or rows; raises TypeError if it is none."""
    if type(value) is not int or value < 0:
        raise TypeError
    return value


def judged(
    verdicts: Mapping[Code, Verdict], code: Code, shown: str, missing: Collection[Code] = ()
) -> Refusal:
    """Classify by a platform's table; a code that is not in it stops."""
    verdict = verdicts.get(code, Verdict.STOP)
    return Refusal(verdict, shown, code in verdicts, is_missing=code in missing)


def wires(identifiers: Iterable[Identifier]) -> dict[str, str]:
    """What the platform calls the kinds that are pushed."""
    return {entry.kind: entry.wire for entry in identifiers if entry.column is not None}


def the_wire(batch: Batch, names: Mapping[str, str]) -> str:
    """The one kind of identifier of a batch; raises ValueError if it holds several."""
    (found,) = {names[kind] for kind, _ in batch.members}
    return found


def described(new: NewList) -> str:
    """The description of a list made by us, in which `RemoteList.mark` shows the mark."""
    return f"Filled by Tamiz ({new.audience}); mark {new.mark}"


def fitting_name(new: NewList, longest: int) -> str:
    """The name of a new list; raises ConfigError if the platform would refuse or cut it."""
    if len(new.name) > longest:
        raise ConfigError(
            f"the list_name of {new.audience} has {len(new.name)} characters and the platform"
            f" takes {longest}: shorten it"
        )
    return new.name


def marked_name(new: NewList, longest: int) -> str:
    """The name with the mark behind it, for platforms where a list has no other text."""
    ending = f" [{new.mark}]"
    return fitting_name(new, longest - len(ending)) + ending


def split_name(text: str) -> tuple[str, str]:
    """Undo `marked_name`: the list's name and its mark, which is "" for a list not ours."""
    found = re.fullmatch(r"(.*) \[([0-9a-f]{8,64})\]", text, re.DOTALL)
    return (found[1], found[2]) if found else (text, "")


def renewal(
    token_url: str,
    *,
    basic: bool = False,
    scope: str | None = None,
    headers: Callable[[Account], dict[str, str]] | None = None,
) -> Renewal:
    """OAuth 2.0, RFC 6749 section 6; `basic`: the client stands in a header, not in the form."""

    def request(account: Account) -> Request:
        client = {name: account.secret(name) for name in ("client_id", "client_secret")}
        form = {"grant_type": "refresh_token", "refresh_token": account.secret("refresh_token")}
        more = dict(headers(account)) if headers is not None else {}
        if basic:
            joined = f"{client['client_id']}:{client['client_secret']}".encode()
            more["Authorization"] = f"Basic {b64encode(joined).decode()}"
        else:
            form |= client
        if scope is not None:
            form["scope"] = scope
        return Request("POST", "", headers=more, form=form)

    return Renewal(
        token_url, request, lambda answer: as_id(succeeded(answer)["access_token"], TOKENS)
    )


def sandbox_account(
    platform: str,
    account_id: str,
    secrets: tuple[str, ...],
    settings: Mapping[str, str] | None = None,
) -> Account:
    """The account a sandbox knows: every secret is `sandbox-<platform>-<secret>`, with hyphens."""
    values = {name: SecretStr(f"sandbox-{platform}-{name.replace('_', '-')}") for name in secrets}
    return Account(platform, account_id, values, settings or {})
