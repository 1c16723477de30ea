"""What every ad platform is made of: identifiers, requests, answers, receipts and verdicts.

A platform module holds data and pure functions and ends in one `Platform`. Nothing here opens a
connection, and no identifier, token or word of a platform's answer appears in a `repr`.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from pydantic import SecretStr

Json = dict[str, Any]


def bearer(account: "Account") -> dict[str, str]:
    """The header of platforms that take `Authorization: Bearer <token>`."""
    return {"Authorization": f"Bearer {account.token.get_secret_value()}"}


def safe_code(text: object) -> str:
    """An error code fit for a message: figures and capitals as they are, anything else hidden.

    A platform's answer may repeat what was sent, so its own words are never printed.
    """
    shown = str(text)
    return shown if re.fullmatch(r"[A-Z0-9_]{1,60}", shown) else "an unreadable code"


class Verdict(StrEnum):
    """What an error answer asks of the caller; an unknown code is always `STOP`."""

    RETRY = "retry"  # the outcome is unknown; the same content may be sent again
    WAIT = "wait"  # not applied: too many requests
    REAUTHENTICATE = "reauthenticate"  # not applied: the token is refused
    STOP = "stop"  # sending again will not help


@dataclass(frozen=True, slots=True)
class Identifier:
    """A kind of identifier and the column of `fct_audience_members` that holds it."""

    kind: str
    column: str


@dataclass(frozen=True, slots=True)
class Account:
    """Whose lists are written, and with which token.

    `base_url` is set for a sandbox on loopback only; None means the platform itself.
    """

    platform: str
    account_id: str
    token: SecretStr
    login_account_id: str | None = None
    base_url: str | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request below the platform's base address; `path` starts with a slash."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: Json | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Batch:
    """Members of one request: pairs of kind and lower-case hex SHA-256, one identifier each."""

    batch_id: str
    attempt: int
    members: Sequence[tuple[str, str]] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the platform said it took; `asynchronous` means it is still working on it."""

    received: int
    invalid: int
    remote_id: str | None = None
    asynchronous: bool = False


@dataclass(frozen=True, slots=True)
class Status:
    """Where work stands that a platform took asynchronously; `receipt` is None while it runs."""

    receipt: Receipt | None
    has_failed: bool = False


@dataclass(frozen=True, slots=True)
class Refusal:
    """An error answer, classified by the platform's own table of codes."""

    verdict: Verdict
    code: str
    is_known: bool = True
    is_missing: bool = False  # the thing asked for is not there


@dataclass(frozen=True, slots=True)
class RemoteList:
    """A list of members as the platform describes it; `account_id` None means it does not say."""

    list_id: str
    name: str
    description: str = ""
    account_id: str | None = None


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page of an account's lists, and the token of the next page if there is one."""

    lists: tuple[RemoteList, ...]
    next_page: str | None


@dataclass(frozen=True, slots=True)
class Platform:
    """An ad platform. The functions raise KeyError, TypeError or ValueError on unreadable answers.

    `base_url` is the only address requests may go to. `minimum_size` is in people. `settings`
    name the environment variables an account needs: the token first, then the account id.
    `classify` returns None for an answer without a readable code.
    """

    name: str
    base_url: str
    identifiers: tuple[Identifier, ...]
    batch_size: int
    minimum_size: int
    settings: tuple[str, ...]
    sandbox: Account
    headers: Callable[[Account], dict[str, str]]
    find_lists: Callable[[Account, str | None], Request]
    read_lists: Callable[[Json], ListPage]
    get_list: Callable[[Account, str], Request]
    read_list: Callable[[Json], RemoteList]
    create_list: Callable[[Account, str, str], Request]
    read_created: Callable[[Json], str]
    add_members: Callable[[Account, str, Batch], Request]
    remove_members: Callable[[Account, str, Batch], Request]
    read_receipt: Callable[[Json, int], Receipt]
    classify: Callable[[Json], Refusal | None]
    login_setting: str | None = None
    clean_account_id: Callable[[str], str] = str.strip
    poll: Callable[[Account, str], Request] | None = None
    read_status: Callable[[Json], Status] | None = None
