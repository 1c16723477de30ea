"""What every ad platform is made of: identifiers, limits, requests, answers and verdicts.

A platform module holds data and pure functions and ends in one `Platform`. Nothing here opens a
connection, reads a clock or throws dice, and no identifier, secret or word of a platform's answer
appears in a `repr`.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from pydantic import SecretStr

Json = dict[str, Any]

SHA256_OF_NOTHING = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


class Verdict(StrEnum):
    """What an error answer asks of the caller; an unknown code is always `STOP`."""

    RETRY = "retry"  # the outcome is unknown; the same content may be sent again
    WAIT = "wait"  # not applied: too many requests, or not ready yet
    REAUTHENTICATE = "reauthenticate"  # not applied: the token is refused
    REFUSE_ROWS = "refuse rows"  # not applied: some of the rows are bad, the others are not
    STOP = "stop"  # not applied, and sending again will not help


@dataclass(frozen=True, slots=True)
class Identifier:
    """A kind of identifier that a platform matches people by.

    `kind` is our word for it, `wire` the platform's. `column` is the one of `fct_audience_members`
    that holds its hash; None: the platform takes it, but we do not publish or push it (it would
    travel in clear, or only together with others), and `tamiz hash` shows it.
    """

    kind: str
    wire: str
    column: str | None = None
    is_hashed: bool = True


@dataclass(frozen=True, slots=True)
class RateLimit:
    """At most so many requests in so many seconds, by the platform's documentation."""

    requests: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Pace:
    """What the headers of an answer say: requests that are left, and seconds until there are more.

    `wait` is the pause the platform asks for before the next request, 0 for none.
    """

    remaining: int | None = None
    reset_after: float | None = None
    wait: float = 0.0


@dataclass(frozen=True, slots=True)
class Account:
    """Whose lists are written, and with which secrets.

    `settings` are what is not secret and stands in `platforms.yml` beside the account's id;
    `lists` names lists made by hand (list name to list id), for platforms without a look-up.
    `base_url` is set for a sandbox on loopback only; None means the platform itself.
    `reference` is its name in `platforms.yml`.
    """

    platform: str
    account_id: str
    secrets: Mapping[str, SecretStr]
    settings: Mapping[str, str] = field(default_factory=dict)
    lists: Mapping[str, str] = field(default_factory=dict)
    base_url: str | None = None
    token_url: str | None = None
    reference: str = "default"

    def secret(self, name: str) -> str:
        """Return a secret in clear, for a header or a signature; raises KeyError if not set."""
        return self.secrets[name].get_secret_value()


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request below the platform's base address; `path` starts with a slash.

    A `form` is sent url-encoded instead of a JSON `body`.
    """

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: Json | list[Any] | None = field(default=None, repr=False)
    form: Mapping[str, str] | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: status, headers with lower-case names, and JSON.

    `body` is None when there was none (`is_empty`) or none that can be read.
    """

    http_status: int
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: Any = field(default=None, repr=False)
    is_empty: bool = False

    @property
    def is_success(self) -> bool:
        """Whether the HTTP status says so; some platforms fail with 200 all the same."""
        return 200 <= self.http_status < 300  # noqa: PLR2004 - HTTP's


@dataclass(frozen=True, slots=True)
class NewList:
    """A list to be made. The mark must come back from `read_list` in `RemoteList.mark`.

    `member` is one identifier (kind, lower-case hex SHA-256) for platforms that make no empty list.
    """

    name: str
    audience: str
    mark: str
    member: tuple[str, str] | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Batch:
    """Members of one request: pairs of kind and lower-case hex SHA-256, one identifier each.

    `attempt` counts from 1. All members are of one kind where the platform asks for it. Raises
    ValueError for the hash of nothing: the last gate before it would leave (T1).
    """

    batch_id: str
    attempt: int
    members: Sequence[tuple[str, str]] = field(repr=False)

    def __post_init__(self) -> None:
        """Refuse the hash of nothing."""
        if any(digest == SHA256_OF_NOTHING for _, digest in self.members):
            raise ValueError("the hash of nothing is among the members of a batch")


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that the platform could not use: its index in the batch, and a code."""

    index: int
    code: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the platform said it took: accepted + invalid are all the members of the request.

    `bad_rows` names invalid rows where the platform does. `is_counted`: the numbers are its own;
    otherwise it only said yes to the whole request. `asynchronous`: it is still working on it.
    """

    accepted: int
    invalid: int = 0
    bad_rows: tuple[BadRow, ...] = ()
    is_counted: bool = True
    remote_id: str | None = None
    asynchronous: bool = False


@dataclass(frozen=True, slots=True)
class Status:
    """Where work stands that a platform took asynchronously; `receipt` is None while it runs."""

    receipt: Receipt | None
    has_failed: bool = False


@dataclass(frozen=True, slots=True)
class Refusal:
    """An error answer, classified by the platform's own table of codes.

    `bad_rows` names the rows at fault, if the platform does. `wait` is in seconds.
    """

    verdict: Verdict
    code: str
    is_known: bool = True
    is_missing: bool = False  # the thing asked for is not there
    bad_rows: tuple[BadRow, ...] = ()
    wait: float | None = None


@dataclass(frozen=True, slots=True)
class RemoteList:
    """A list as the platform describes it; None means that the platform does not say.

    `mark` is the text in which the mark of `NewList` would stand. `trouble` is a code for why the
    list cannot be written or shown ads (flagged, expired …).
    """

    list_id: str
    name: str
    mark: str = ""
    account_id: str | None = None
    size: int | None = None
    trouble: str | None = None


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page of an account's lists, and the token of the next page if there is one."""

    lists: tuple[RemoteList, ...]
    next_page: str | None


@dataclass(frozen=True, slots=True)
class Renewal:
    """How an access token is renewed, with the secrets refresh_token, client_id, client_secret.

    `request` makes the form (its path is empty: it goes to `token_url`); `read` returns the token.
    """

    token_url: str
    request: Callable[[Account], Request]
    read: Callable[[Answer], str]


@dataclass(frozen=True, slots=True)
class Platform:
    """An ad platform.

    The functions raise KeyError, TypeError or ValueError on every answer that is not the one the
    contract describes: only that one means yes. `create_list` raises
    ConfigError for a name the platform would refuse or cut.

    Limits: `batch_rows` members and `batch_bytes` of body in a request, of which a member takes
    `member_bytes` at most; `one_kind`: all members of a request are of one kind. `minimum_size` is
    in people; `membership_days` None: until removed. `ready_after`: seconds between making a list
    and filling it. `base_url` and the renewal's address are the only ones requests may go to.

    `list_ids` and `account_ids` are the patterns of the platform's ids, `setting_values` those of
    its settings: what does not fit is neither sent nor kept.

    `secrets` and `settings` name what an account needs, `optional_settings` what it may have
    (all in `platforms.yml` but the secrets). `classify` is asked about every answer and returns
    None for one that is no refusal, or without a readable code. `find_lists` is given the list's
    name, which some platforms filter by (the answer may hold others), and the page; it is None
    where lists cannot be looked up. `sign` is None where headers do not depend on the request; it
    is given account, request, full address without query, nonce and Unix time. `pace` reads
    headers, given Unix time.
    """

    name: str
    label: str
    api: str
    base_url: str
    rule_version: str
    identifiers: tuple[Identifier, ...]
    batch_rows: int
    batch_bytes: int
    member_bytes: int
    one_kind: bool
    rates: tuple[RateLimit, ...]
    minimum_size: int
    membership_days: int | None
    has_replace: bool
    consent: str  # in a phrase: what the platform is told about consent
    secrets: tuple[str, ...]
    sandbox: Account
    account_ids: re.Pattern[str]
    list_ids: re.Pattern[str]
    headers: Callable[[Account], dict[str, str]]
    get_list: Callable[[Account, str], Request]
    read_list: Callable[[Answer], RemoteList]
    create_list: Callable[[Account, NewList], Request]
    read_created: Callable[[Answer], str]
    add_members: Callable[[Account, str, Batch], Request]
    remove_members: Callable[[Account, str, Batch], Request]
    read_receipt: Callable[[Answer, Batch], Receipt]
    classify: Callable[[Answer], Refusal | None]
    find_lists: Callable[[Account, str, str | None], Request] | None = None
    read_lists: Callable[[Answer], ListPage] | None = None
    settings: tuple[str, ...] = ()
    optional_settings: tuple[str, ...] = ()
    setting_values: Mapping[str, re.Pattern[str]] = field(default_factory=dict)
    clean_account_id: Callable[[str], str] = str.strip
    creates_with_member: bool = False
    ready_after: float = 0.0
    make_targetable: Callable[[Account, str, str], Request] | None = None  # list id and name
    read_targetable: Callable[[Answer], str] | None = None
    poll: Callable[[Account, str], Request] | None = None
    read_status: Callable[[Answer], Status] | None = None
    pace: Callable[[Mapping[str, str], float], Pace] | None = None
    sign: Callable[[Account, Request, str, str, int], dict[str, str]] | None = None
    renewal: Renewal | None = None
    max_in_flight: int = 8

    @property
    def pushed(self) -> tuple[Identifier, ...]:
        """The identifiers that are published hashed and pushed."""
        return tuple(entry for entry in self.identifiers if entry.column is not None)

    @property
    def batch_size(self) -> int:
        """The largest number of members that keeps both limits."""
        return min(self.batch_rows, self.batch_bytes // self.member_bytes)
