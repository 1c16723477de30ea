"""The catalogue of ad platforms: what each takes, its limits, and what an account of it needs."""

from collections.abc import Iterator
from textwrap import wrap
from typing import Any
from urllib.parse import urlsplit

from tamiz.platforms import PLATFORMS, Platform
from tamiz.platforms.base import RateLimit
from tamiz.push.account_secrets import DEFAULT, optional_secrets, variable

Facts = dict[str, Any]
WIDTH = 96


def catalogue() -> list[Facts]:
    """Return every platform as JSON, by name.

    The keys of each are stable:

    * `name`, `label`, `api`, `host` (the only one requests go to), `rule_version`: texts
    * `identifiers`: list of {`kind` (our word), `wire` (the platform's), `is_hashed`, `is_pushed`};
      what is not pushed is shown by `tamiz hash` only
    * `limits`: {`batch_rows`, `batch_bytes` (of one request), `batch_size` (in members, by both),
      `is_one_kind` (one kind of identifier a request), `rates`: list of {`requests`, `seconds`},
      `max_in_flight`}
    * `minimum_size`: people; `membership_days`: null means until removed
    * `has_replace` (the platform could fill a list anew in one go; a push never does, it sends the
      difference), `has_look_up` (its lists can be searched): whether the platform can
    * `consent`: what it is told about consent, in a phrase
    * `settings`, `optional_settings`: keys of an account in platforms.yml
    * `secrets`, `optional_secrets`: environment variables of the account reference `default`
    """
    return [_facts(PLATFORMS[name]) for name in sorted(PLATFORMS)]


def render(platforms: list[Facts]) -> list[str]:
    """Return the catalogue as lines of text."""
    return [line for facts in platforms for line in _lines(facts)]


def _facts(entry: Platform) -> Facts:
    return {
        "name": entry.name,
        "label": entry.label,
        "api": entry.api,
        "host": urlsplit(entry.base_url).hostname,
        "rule_version": entry.rule_version,
        "identifiers": [
            {
                "kind": each.kind,
                "wire": each.wire,
                "is_hashed": each.is_hashed,
                "is_pushed": each.column is not None,
            }
            for each in entry.identifiers
        ],
        "limits": {
            "batch_rows": entry.batch_rows,
            "batch_bytes": entry.batch_bytes,
            "batch_size": entry.batch_size,
            "is_one_kind": entry.one_kind,
            "rates": [_rate(rate) for rate in entry.rates],
            "max_in_flight": entry.max_in_flight,
        },
        "minimum_size": entry.minimum_size,
        "membership_days": entry.membership_days,
        "has_replace": entry.has_replace,
        "has_look_up": entry.find_lists is not None,
        "consent": entry.consent,
        "settings": ["account_id", *entry.settings],
        "optional_settings": [*entry.optional_settings, "lists"],
        "secrets": [variable(DEFAULT, entry, name) for name in entry.secrets],
        "optional_secrets": [variable(DEFAULT, entry, name) for name in optional_secrets(entry)],
    }


def _rate(rate: RateLimit) -> Facts:
    return {"requests": rate.requests, "seconds": rate.seconds}


def _lines(facts: Facts) -> Iterator[str]:
    limits = facts["limits"]
    pushed = [_identifier(each) for each in facts["identifiers"] if each["is_pushed"]]
    others = [_identifier(each) for each in facts["identifiers"] if not each["is_pushed"]]
    rates = [f"{rate['requests']:,} in {rate['seconds']:,.0f} s" for rate in limits["rates"]]
    one_kind = " of one kind of identifier" if limits["is_one_kind"] else ""
    both = f"{limits['batch_rows']:,} rows and {limits['batch_bytes']:,} bytes are its limits"
    days = facts["membership_days"]
    values = {
        "pushed": ", ".join(pushed),
        "taken, not pushed": ", ".join(others),
        "request": f"{limits['batch_size']:,} members{one_kind}; {both}",
        "rate": f"{', '.join(rates) or 'not published'}; {limits['max_in_flight']} in flight",
        "list": (
            f"at least {facts['minimum_size']:,} people;"
            f" {'until removed' if days is None else f'{days:,} days'};"
            f" {'can' if facts['has_look_up'] else 'cannot'} be looked up"
        ),
        "consent": facts["consent"],
        "settings": ", ".join((*facts["settings"], *_maybe(facts["optional_settings"]))),
        "secrets": ", ".join((*facts["secrets"], *_maybe(facts["optional_secrets"]))),
    }
    yield f"{facts['name']}: {facts['label']}, {facts['api']}, rules {facts['rule_version']}"
    for title, text in values.items():
        if text:
            yield from wrap(text, WIDTH, initial_indent=f"  {title:18}", subsequent_indent=" " * 20)


def _identifier(each: Facts) -> str:
    return f"{each['kind']} ({each['wire']}{'' if each['is_hashed'] else ', in clear'})"


def _maybe(names: list[str]) -> list[str]:
    return [f"[{name}]" for name in names]
