"""platforms.yml names accounts and never holds a secret; secrets come from environment or file."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml
from platform_cases import LISTS
from worlds import PROJECT

from tamiz.errors import ConfigError
from tamiz.platforms import PLATFORMS
from tamiz.push.accounts import AccountBook, accounts, read_accounts, sandbox_account
from tamiz.sandbox import read_script

GOOD = """
accounts:
  default:
    meta: {account_id: 'act_100200300400500'}
    google:
      account_id: '123-456-7890'
      login_customer_id: '9876543210'
      lists: {tamiz_win_back: '0042'}
  shop_mx:
    meta: {account_id: '7'}
"""
SECRETS = {
    "TAMIZ_META_ACCESS_TOKEN": "canary-meta",
    "TAMIZ_GOOGLE_ACCESS_TOKEN": "canary-google",
    "TAMIZ_SHOP_MX_META_ACCESS_TOKEN": "canary-shop",
}
# Made up, in the shape of a long-lived token.
TOKEN = "EAAB" + "x7Kq2mZ9" * 6

NO_ENTRIES = "holds no entries of its own: indent what belongs to it below it"
EMPTY = "is empty or longer than 200 characters: write it anew"
NOT_A_REFERENCE = (
    "a reference is small letters, figures and underscores, a letter first: rename it, here and in"
    " models/audiences"
)


@dataclass(frozen=True)
class Plan:
    """What the choice of an account asks of a plan."""

    audience: str
    platform: str
    described: dict[str, Any] = field(default_factory=dict)
    is_left_alone: bool = False

    @property
    def sync_id(self) -> str:
        return f"{self.platform}/{self.audience}"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "platforms.yml"


def book(file: Path, text: str = GOOD, environment: dict[str, str] | None = None) -> AccountBook:
    file.write_text(text, encoding="utf-8")
    return read_accounts(file, SECRETS if environment is None else environment)


def refusal(file: Path, text: str) -> str:
    with pytest.raises(ConfigError) as caught:
        book(file, text)
    assert caught.value.exit_code == 10
    return str(caught.value).replace(str(file), "platforms.yml")


def test_each_audience_is_written_with_the_account_its_meta_names(file: Path) -> None:
    plans = (
        Plan("aud_a", "meta", {"account": "default"}),
        Plan("aud_b", "meta", {"account": "shop_mx"}),
        Plan("aud_a", "google", {"account": "default"}),
    )
    chosen = accounts(book(file), plans, {})
    assert {name: account.account_id for name, account in chosen.items()} == {
        "meta/aud_a": "100200300400500",
        "meta/aud_b": "7",
        "google/aud_a": "1234567890",
    }
    assert chosen["meta/aud_a"].secret("access_token") == "canary-meta"
    assert chosen["meta/aud_b"].secret("access_token") == "canary-shop"
    assert chosen["google/aud_a"].settings == {"login_customer_id": "9876543210"}
    assert chosen["google/aud_a"].lists == {"tamiz_win_back": "0042"}


def test_an_audience_that_left_the_project_keeps_the_account_the_ledger_knows(file: Path) -> None:
    gone = Plan("aud_gone", "meta", {"name": "aud_gone", "platforms": []})
    assert accounts(book(file), [gone], {gone.sync_id: "7"})[gone.sync_id].account_id == "7"
    without = accounts(book(file), [gone], {})
    assert without[gone.sync_id].account_id == "100200300400500"


def test_a_list_that_is_left_alone_needs_no_account(file: Path) -> None:
    plan = Plan("aud_a", "meta", {"account": "nobody"}, is_left_alone=True)
    assert accounts(book(file), [plan], {}) == {}


def test_no_secret_is_in_any_text_of_the_book_or_of_an_account(file: Path) -> None:
    known = book(file)
    account = known.account("default", PLATFORMS["meta"])
    assert "canary" not in f"{known!r} {account!r} {account.secrets}"


def test_the_sandbox_needs_neither_file_nor_secret(file: Path) -> None:
    empty = read_accounts(file, {})
    plans = [Plan("aud_a", name, {"account": "default"}) for name in PLATFORMS]
    chosen = accounts(empty, plans, {}, sandbox_url="http://127.0.0.1:8765/")
    for name, entry in PLATFORMS.items():
        account = chosen[f"{name}/aud_a"]
        assert (account.base_url or "").startswith(f"http://127.0.0.1:8765/{name}")
        assert account.account_id == entry.sandbox.account_id
        assert (account.token_url is None) == (entry.renewal is None)
    with pytest.raises(ConfigError, match="is not on this machine"):
        sandbox_account(PLATFORMS["meta"], "http://10.0.0.1:8765")


def test_a_reference_or_platform_that_is_not_there_is_named_with_what_to_add(file: Path) -> None:
    known = book(file)
    with pytest.raises(ConfigError) as no_reference:
        known.account("shop_fr", PLATFORMS["meta"])
    assert (
        "no account reference 'shop_fr' (there are: default, shop_mx): add accounts.shop_fr.meta"
        in str(no_reference.value)
    )
    with pytest.raises(ConfigError) as no_platform:
        known.account("shop_mx", PLATFORMS["google"])
    assert "accounts.shop_mx has no google: add accounts.shop_mx.google.account_id" in str(
        no_platform.value
    )


def test_the_checked_in_file_is_valid_and_its_examples_are_as_well(file: Path) -> None:
    text = (PROJECT / "platforms.yml").read_text(encoding="utf-8")
    assert book(file, text).entries == {}
    examples = "\n".join(
        line.removeprefix("# ")
        for line in text.splitlines()
        if line.startswith("#   ") or line == "# accounts:"
    )
    found = book(file, examples).entries
    assert sorted(found["default"]) == sorted(PLATFORMS)
    assert len(found) > 1


@pytest.mark.parametrize(
    "value",
    [
        "0123456789",
        "0x1F",
        "12:30:45",
        "1_000",
        "1e5",
        "yes",
        "2026-06-30",
        "~",
        "123",
        "!!binary aGk=",
    ],
)
def test_a_text_that_yaml_would_change_must_stand_in_quotes(file: Path, value: str) -> None:
    text = f"accounts: {{default: {{linkedin: {{account_id: '9', source_platform: {value}}}}}}}"
    said = "the value is no text: write it in quotes, as it was given"
    assert (
        refusal(file, text) == f"platforms.yml: accounts.default.linkedin.source_platform: {said}"
    )
    quoted = text.replace(value, f"'{value}'")
    assert book(file, quoted).entry("default", PLATFORMS["linkedin"])["source_platform"] == value
    assert refusal(file, text.replace("'9'", value)).count(said) == 2


def test_a_list_id_or_name_that_is_a_number_must_stand_in_quotes(file: Path) -> None:
    start = "accounts: {default: {meta: {account_id: '1', lists: "
    assert "lists.a: the value is no text" in refusal(file, start + "{a: 007}}}}")
    assert "lists.7: the key is no text" in refusal(file, start + "{7: '7'}}}}")


def test_a_key_that_is_there_twice_is_refused_with_its_line(file: Path) -> None:
    text = "accounts:\n  default:\n    meta: {account_id: '1'}\n    meta: {account_id: '2'}\n"
    assert refusal(file, text) == "platforms.yml: line 4: this key is there twice: keep one"


def test_every_mistake_has_a_line_with_its_path_and_what_to_do(file: Path) -> None:
    text = """
        accounts:
          Default: {}
          default:
            metta: {account_id: '1'}
            meta: {acount_id: '1'}
            google: {account_id: '', lists: {a: ['b']}}
          other: {meta: text}
        acounts: {}
    """
    assert refusal(file, text).splitlines() == [
        f"platforms.yml: accounts.other.meta: {NO_ENTRIES}",
        "platforms.yml: acounts: is not known here; known: accounts",
    ]
    mended = text.replace("acounts: {}", "").replace("meta: text", "meta: {account_id: ' '}")
    known = ", ".join(sorted(PLATFORMS))
    lines = [
        line.removeprefix("platforms.yml: accounts.") for line in refusal(file, mended).splitlines()
    ]
    assert lines == [
        f"Default: {NOT_A_REFERENCE}",
        f"default.metta: no platform of that name; known: {known}",
        "default.meta.account_id: is missing: add it, in quotes",
        "default.meta.acount_id: is not known here; known: account_id, lists",
        f"default.google.account_id: {EMPTY}",
        "default.google.lists.a: the value is no text: write it in quotes, as it was given",
        f"other.meta.account_id: {EMPTY}",
    ]


def test_an_id_of_punctuation_only_is_refused(file: Path) -> None:
    text = "accounts: {default: {google: {account_id: '---'}}}"
    assert "account_id: holds no id" in refusal(file, text)


def test_a_secret_in_the_file_is_refused_with_the_variable_to_use(file: Path) -> None:
    text = f"accounts: {{default: {{meta: {{account_id: '1', access_token: '{TOKEN}'}}}}}}"
    assert refusal(file, text) == (
        "platforms.yml: accounts.default.meta.access_token: a secret does not belong in this file:"
        " delete it here, renew it, and set TAMIZ_META_ACCESS_TOKEN, or"
        " TAMIZ_META_ACCESS_TOKEN_FILE to a file that holds it"
    )
    other = text.replace("default", "shop_mx").replace("access_token", "Refresh-Token")
    assert "set TAMIZ_SHOP_MX_META_ACCESS_TOKEN, or" in refusal(file, other)
    assert TOKEN not in refusal(file, other)


@pytest.mark.parametrize(
    "place",
    [
        "accounts: {{default: {{meta: {{account_id: '{}'}}}}}}",
        "accounts: {{default: {{meta: {{account_id: '1', lists: {{win: '{}'}}}}}}}}",
        "accounts: {{default: {{meta: ['{}']}}}}",
        "accounts: {{default: {{meta: {{account_id: '1', '{}': x}}}}}}",
        "meta_token: '{}'",
        "accounts: {{default: {{meta: {{account_id: '1', account_id: '{}'}}}}}}",
        "accounts: {{default: {{meta: '{}",
        "'{}'",
    ],
)
def test_a_token_anywhere_is_refused_and_never_repeated(file: Path, place: str) -> None:
    said = refusal(file, place.format(TOKEN))
    assert said.startswith("platforms.yml: ")
    assert TOKEN[:12] not in said


def test_an_account_id_that_is_a_uuid_or_a_long_number_is_no_token(file: Path) -> None:
    for name, account_id, more in (
        ("snapchat", "8adc3db7-8148-4fbf-999c-8d2266369d74", ""),
        ("tiktok", "70123456789012345678", ""),
        ("linkedin", "urn:li:sponsoredAccount:512345678901", ", source_platform: ACME"),
        ("reddit", "a2_abc123xyz", ""),
    ):
        text = f"accounts: {{default: {{{name}: {{account_id: '{account_id}'{more}}}}}}}"
        assert book(file, text).entry("default", PLATFORMS[name])["account_id"] == account_id


BAD_IDS = [
    "../x",
    "..",
    "1?y=2",
    "1/2",
    "1#2",
    "1%2f2",
    "1\\n2",
    "1\\r\\nX-Y: z",
    "\u0661\u0662",
    "1 2",
]


@pytest.mark.parametrize("name", sorted(PLATFORMS))
@pytest.mark.parametrize("bad", BAD_IDS)
def test_an_id_or_setting_that_no_platform_gives_is_refused(
    file: Path, name: str, bad: str
) -> None:
    entry = PLATFORMS[name]
    settings = {setting: entry.sandbox.settings[setting] for setting in entry.settings}
    good = {"account_id": entry.sandbox.account_id, **settings, "lists": {"win": LISTS[name]}}
    names = [setting for setting in entry.setting_values if setting.endswith(("_id", "_version"))]
    changes: list[dict[str, Any]] = [{"account_id": bad}, {"lists": {"win": bad}}]
    changes += [{setting: bad} for setting in names]

    def text(change: dict[str, Any]) -> str:
        said = json.dumps({"accounts": {"default": {name: good | change}}})
        return said.replace("\\\\", "\\")

    assert book(file, text({})).entry("default", entry)["account_id"] == good["account_id"]
    for change in changes:
        (place,) = change
        path = f"accounts.default.{name}.{place}" + (".win" if place == "lists" else "")
        said = refusal(file, text(change))
        assert said.startswith(f"platforms.yml: {path}: ")
        assert bad not in said


def test_a_long_name_that_a_platform_gave_is_no_token(file: Path) -> None:
    settings = "account_id: '1', source_platform: 'ACME_CUSTOMER_DATA_PLATFORM_2'"
    found = book(file, f"accounts: {{default: {{linkedin: {{{settings}}}}}}}")
    entry = found.entry("default", PLATFORMS["linkedin"])
    assert entry["source_platform"] == "ACME_CUSTOMER_DATA_PLATFORM_2"


def test_a_file_that_is_no_yaml_is_refused_with_its_line(file: Path) -> None:
    assert refusal(file, "accounts:\n  default: {meta: [}\n") == (
        "platforms.yml: line 2: is no YAML: mend its indents and quotes"
    )
    assert refusal(file, "accounts: !!python/object/apply:os.getcwd []").startswith(
        "platforms.yml: line 1"
    )
    assert "mend its indents" in refusal(file, "a: [\n")
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="is not UTF-8"):
        read_accounts(file, {})


BOMB = "\n".join(
    ["l0: &l0 ['x']", *(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 12))]
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: &x {b: 1}\n", "line 1: & and * are not taken: write what they stand for"),
        ("a: 1\nb: *x\n", "line 2: & and * are not taken: write what they stand for"),
        (
            "accounts: &a\n  default: *a\n",
            "line 1: & and * are not taken: write what they stand for",
        ),
        (BOMB, "line 1: & and * are not taken: write what they stand for"),
        ("accounts:\n  <<: {default: {}}\n", "line 2: << is not taken: write what it stands for"),
        ("seed: 1\nseed: 2\n", "line 2: this key is there twice: keep one"),
        ("a: " + "[" * 5_000, "holds what YAML cannot read: write texts in quotes"),
        ("a: 2026-02-31\n", "holds what YAML cannot read: write texts in quotes"),
        ("#" * 1_000_001, "is larger than 1,000,000 bytes: name another file"),
    ],
)
def test_yaml_that_stands_for_something_else_is_refused_wherever_it_is_read(
    file: Path, text: str, said: str
) -> None:
    assert refusal(file, text) == f"platforms.yml: {said}"
    with pytest.raises(ConfigError) as caught:
        read_script(file)
    assert str(caught.value) == f"{file}: {said}"


def test_a_secret_that_is_not_set_is_named_with_its_variable(file: Path) -> None:
    known = book(file, environment={"TAMIZ_META_ACCESS_TOKEN": ""})
    for reference, name in (
        ("default", "TAMIZ_META_ACCESS_TOKEN"),
        ("shop_mx", "TAMIZ_SHOP_MX_META_ACCESS_TOKEN"),
    ):
        with pytest.raises(ConfigError, match=f"^{name} not set: export what Meta gave you"):
            known.account(reference, PLATFORMS["meta"])


def test_a_secret_may_stand_in_a_file_that_only_its_owner_reads(file: Path, tmp_path: Path) -> None:
    secret = tmp_path / "token"
    secret.write_text("canary-file\n", encoding="utf-8")
    secret.chmod(0o600)
    known = book(file, environment={"TAMIZ_META_ACCESS_TOKEN_FILE": str(secret)})
    assert known.account("default", PLATFORMS["meta"]).secret("access_token") == "canary-file"
    for mode in (0o640, 0o604, 0o622):
        secret.chmod(mode)
        with pytest.raises(ConfigError, match=f"can be read by others: run `chmod 600 {secret}`"):
            known.account("default", PLATFORMS["meta"])


@pytest.mark.parametrize("content", ["", "  \n", "canary\ntwo", "caf\u00e9", "a\x00b"])
def test_a_secret_that_could_break_a_header_is_refused_without_its_text(
    file: Path, tmp_path: Path, content: str
) -> None:
    secret = tmp_path / "token"
    secret.write_text(content, encoding="utf-8")
    secret.chmod(0o600)
    known = book(file, environment={"TAMIZ_META_ACCESS_TOKEN_FILE": str(secret)})
    with pytest.raises(ConfigError, match="is no secret in one line") as caught:
        known.account("default", PLATFORMS["meta"])
    assert not content.strip() or content.partition("\n")[0] not in str(caught.value)


def test_a_secret_set_twice_or_in_a_file_that_is_not_there_is_refused(
    file: Path, tmp_path: Path
) -> None:
    both = {"TAMIZ_META_ACCESS_TOKEN": "a", "TAMIZ_META_ACCESS_TOKEN_FILE": "b"}
    with pytest.raises(ConfigError, match="are both set: unset one of them"):
        book(file, environment=both).account("default", PLATFORMS["meta"])
    nowhere = {"TAMIZ_META_ACCESS_TOKEN_FILE": str(tmp_path / "nowhere")}
    with pytest.raises(ConfigError, match="cannot be read"):
        book(file, environment=nowhere).account("default", PLATFORMS["meta"])


def test_secrets_that_renew_a_token_are_read_where_a_platform_renews_them(file: Path) -> None:
    more = {
        "TAMIZ_GOOGLE_REFRESH_TOKEN": "r",
        "TAMIZ_GOOGLE_CLIENT_ID": "i",
        "TAMIZ_META_REFRESH_TOKEN": "never asked for",
    }
    known = book(file, environment=SECRETS | more)
    google = known.account("default", PLATFORMS["google"])
    assert sorted(google.secrets) == ["access_token", "client_id", "refresh_token"]
    assert sorted(known.account("default", PLATFORMS["meta"]).secrets) == ["access_token"]


def test_every_audience_of_the_project_names_an_account_reference() -> None:
    for file in (PROJECT / "models" / "audiences").glob("aud_*.sql"):
        meta = file.read_text(encoding="utf-8").partition("config(meta=")[2].partition(") }}")[0]
        assert yaml.safe_load(meta)["account"], file
