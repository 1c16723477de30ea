"""Read platforms.yml: which account each reference names on each platform; never a secret."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError, create_model

from tamiz.errors import ConfigError
from tamiz.platforms import PLATFORMS, Platform
from tamiz.platforms.shared import RENEWAL_SECRETS
from tamiz.push.account_secrets import variable
from tamiz.strict_yaml import read_yaml

Entry = Mapping[str, Any]
Place = tuple[str, ...]
Mistake = tuple[Place, str]

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
REFERENCE = re.compile(r"[a-z][a-z0-9_]{0,30}")
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
# What tokens look like: announced as one, or long, unbroken, of letters and figures.
TOKEN = re.compile(r"(Bearer\s+|sandbox-)\S+|(?=\S*[0-9])(?=\S*[A-Za-z])[A-Za-z0-9_\-.+/=|~]{25,}")
# Settings whose values are long and unbroken, too, and no secret: names that people gave.
NAMES = ("source_platform", "user_agent")
SECRET_WORDS = ("token", "secret", "password", "api_key", "private_key")


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)


class _File(_Model):
    accounts: dict[str, dict[str, dict[str, Any]]] = {}


def read_file(file: Path) -> Mapping[str, Mapping[str, Entry]]:
    """Return account id, settings and `lists` by reference and platform; {} where no file is.

    Raises ConfigError with a line for every mistake: the file, the path in it, what to do.
    """
    if not file.exists():
        return {}
    content = read_yaml(file) or {}
    mistakes = list(_secret_mistakes(content, ()))
    accounts: Mapping[str, Mapping[str, Entry]] = {}
    try:
        accounts = _File.model_validate(content).accounts
    except ValidationError as error:
        mistakes += _schema_mistakes((), error)
    for reference, entries in accounts.items():
        mistakes += _reference_mistakes(reference)
        for name, entry in entries.items():
            mistakes += _account_mistakes(("accounts", reference, name), entry)
    said: dict[str, str] = {}
    for place, mistake in mistakes:
        said.setdefault(_path(place), mistake)  # one line a place; secrets come first
    if said:
        raise ConfigError("\n".join(f"{file}: {path}: {text}" for path, text in said.items()))
    return accounts


def _secret_mistakes(content: object, place: Place) -> Iterator[Mistake]:
    if isinstance(content, dict):
        for key, value in content.items():
            inner = (*place, str(key))
            if _names_secret(str(key), place):
                yield inner, _not_here(inner)
            else:
                yield from _secret_mistakes(value, inner)
    elif isinstance(content, list):
        for value in content:
            yield from _secret_mistakes(value, place)
    elif isinstance(content, str) and _looks_secret(content, place):
        yield place, f"its value looks like a token: {_not_here(place)}"


def _looks_secret(text: str, place: Place) -> bool:
    is_name = bool(place) and place[-1] in NAMES
    return bool(TOKEN.fullmatch(text)) and not UUID.fullmatch(text) and not is_name


def _names_secret(key: str, place: Place) -> bool:
    word = key.lower().replace("-", "_")
    known = {name for entry in PLATFORMS.values() for name in entry.secrets} | {*RENEWAL_SECRETS}
    # Names of lists are the reader's own.
    return "lists" not in place and (word in known or any(part in word for part in SECRET_WORDS))


def _not_here(place: Place) -> str:
    advice = "a secret does not belong in this file: delete it here, renew it, and"
    _, reference, name, secret, *_ = (*place, "", "", "", "")
    entry = PLATFORMS.get(name)
    if entry is None:
        return f"{advice} put it in the environment (`tamiz platforms` names the variables)"
    asked = secret if secret in (*entry.secrets, *RENEWAL_SECRETS) else entry.secrets[0]
    named = variable(reference, entry, asked)
    return f"{advice} set {named}, or {named}_FILE to a file that holds it"


def _reference_mistakes(reference: str) -> Iterator[Mistake]:
    if not REFERENCE.fullmatch(reference):
        rule = "a reference is small letters, figures and underscores, a letter first"
        yield ("accounts", reference), f"{rule}: rename it, here and in models/audiences"


def _account_mistakes(place: Place, content: Entry) -> Iterator[Mistake]:
    entry = PLATFORMS.get(place[-1])
    if entry is None:
        yield place, f"no platform of that name; known: {', '.join(sorted(PLATFORMS))}"
        return
    try:
        _model(entry).model_validate(content)
    except ValidationError as error:
        yield from _schema_mistakes(place, error)
    else:
        yield from _id_mistakes(place, entry, content)


def _id_mistakes(place: Place, entry: Platform, content: Entry) -> Iterator[Mistake]:
    """Yield what does not look as the platform's ids and settings do; nothing of it is sent."""
    if not entry.account_ids.fullmatch(entry.clean_account_id(content["account_id"])):
        yield (*place, "account_id"), "holds no id: write the id of your ad account"
    for name, pattern in entry.setting_values.items():
        if content.get(name) is not None and not pattern.fullmatch(content[name]):
            yield (*place, name), f"is nothing that {entry.label} takes there: write it as given"
    for name, list_id in content.get("lists", {}).items():
        if not entry.list_ids.fullmatch(list_id):
            yield (
                (*place, "lists", name),
                "is no id of a list there: copy it from the platform",
            )


def _model(entry: Platform) -> type[BaseModel]:
    fields: dict[str, Any] = {"account_id": (Text, ...)}
    fields |= dict.fromkeys(entry.settings, (Text, ...))
    fields |= dict.fromkeys(entry.optional_settings, (Text | None, None))
    fields["lists"] = (dict[Text, Text], {})
    return create_model(f"{entry.name} account", __base__=_Model, **fields)


def _schema_mistakes(place: Place, error: ValidationError) -> Iterator[Mistake]:
    for each in error.errors(include_url=False, include_input=False):
        inner = (str(part) for part in each["loc"] if part != "[key]")
        yield (*place, *inner), _remedy(place, each)


def _remedy(place: Place, mistake: Mapping[str, Any]) -> str:
    kind, is_key = mistake["type"], "[key]" in mistake["loc"]
    entry = PLATFORMS.get(place[-1]) if place else None
    if kind == "missing":
        return "is missing: add it, in quotes"
    if kind == "extra_forbidden":
        taken: Place = ("accounts",)
        if entry is not None:
            taken = ("account_id", *entry.settings, *entry.optional_settings, "lists")
        return f"is not known here; known: {', '.join(taken)}"
    if kind == "string_type":
        # 0123, 0x1f, 12:30, 1_000, yes and no are read as something else: the digits are lost.
        return f"the {'key' if is_key else 'value'} is no text: write it in quotes, as it was given"
    if kind in ("dict_type", "model_type"):
        return "holds no entries of its own: indent what belongs to it below it"
    if kind in ("string_too_short", "string_too_long"):
        return "is empty or longer than 200 characters: write it anew"
    return "cannot be read: compare it with the example on top of the file"


def _path(place: Place) -> str:
    # A key may be anything, a token pasted in the wrong place as well.
    return ".".join("…" if TOKEN.fullmatch(part) else part for part in place) or "the file"
