"""Identifiers come out of the warehouse as platforms want them, and as a reference makes them."""

# ruff: noqa: S311 - chance for tests, SQL of the test's own

import csv
import json
import os
import random
import shutil
from contextlib import chdir
from pathlib import Path
from typing import Any

import duckdb
import phonenumbers
import pyarrow as pa
import pytest
import yaml
from dbt.cli.main import dbtRunner
from reference import identifiers as reference
from reference import made_up

from tamiz import phone_metadata
from tamiz.errors import ConfigError
from tamiz.platforms import PLATFORMS

ROOT = Path(__file__).parents[2]
SEED = ROOT / "seeds" / "phone_countries.csv"
# The full run is TAMIZ_FUZZ=100000.
FUZZ = int(os.environ.get("TAMIZ_FUZZ", "20000"))
COLUMN_TYPES = dict.fromkeys(phone_metadata.COLUMNS, "varchar") | {
    "plan_order": "integer",
    "longest_length": "integer",
}
STUBS = {
    "inputs": ("text", "first_name", "last_name"),
    "int_phones": ("phone_text", "country"),
    "stg_crm__customers": ("phone", "country"),
    "stg_intake__people": ("phone", "country"),
    "int_subject_readings": ("part", "reading"),
}
QUERIES = {
    "emails": """
        with normalised as (
            select text, {{ normalise_email('text') }} as email from {{ ref('inputs') }}
        )
        select text, email, {{ normalise_email('email') }} as twice from normalised
    """,
    "names": """
        with folded as (
            select first_name, last_name, {{ fold_name('first_name', 'last_name') }} as name
            from {{ ref('inputs') }}
        )
        select first_name, last_name, name, {{ fold_name('name', 'null') }} as twice from folded
    """,
}


def _invoke(project: Path, *arguments: str) -> Any:
    with chdir(project):
        return dbtRunner().invoke([*arguments, "--profiles-dir", str(project), "--quiet"])


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a small dbt project with the real macros, seed and model, built once."""
    folder = tmp_path_factory.mktemp("identifiers")
    for room in ("identifiers", "segments", "warehouse"):
        shutil.copytree(ROOT / "macros" / room, folder / "macros" / room)
    (folder / "seeds").mkdir()
    shutil.copy(SEED, folder / "seeds")
    (folder / "models").mkdir()
    shutil.copy(ROOT / "models" / "identity" / "int_phone_numbers.sql", folder / "models")
    every_phone = (ROOT / "models" / "identity" / "int_phones.sql").read_text()
    (folder / "models" / "every_phone.sql").write_text(every_phone)
    for name, columns in STUBS.items():
        nothing = ", ".join(f"cast(null as varchar) as {column}" for column in columns)
        (folder / "models" / f"{name}.sql").write_text(f"select {nothing}")
    for name, query in QUERIES.items():
        (folder / "models" / f"{name}.sql").write_text(query)
    settings = {
        "name": "tamiz",
        "version": "0.1.0",
        "config-version": 2,
        "profile": "tamiz",
        "flags": {"send_anonymous_usage_stats": False, "validate_macro_args": True},
        "seeds": {"tamiz": {"phone_countries": {"+column_types": COLUMN_TYPES}}},
    }
    (folder / "dbt_project.yml").write_text(yaml.safe_dump(settings))
    output = {"type": "duckdb", "path": "tamiz.duckdb", "threads": 1}
    profile = {"tamiz": {"target": "duckdb", "outputs": {"duckdb": output}}}
    (folder / "profiles.yml").write_text(yaml.safe_dump(profile))
    built = _invoke(folder, "build")
    assert built.success, built.exception
    return folder


class Warehouse:
    """The compiled SQL of the project's models, run on whatever a test puts in."""

    def __init__(self, project: Path) -> None:
        self.compiled = project / "target" / "compiled" / "tamiz" / "models"
        self.connection = duckdb.connect()
        self.connection.execute("attach ':memory:' as tamiz; use tamiz")
        self.connection.execute(
            f"create table phone_countries as from read_csv('{SEED}', types = {COLUMN_TYPES})"
        )
        for name, columns in STUBS.items():
            typed = ", ".join(f"{column} varchar" for column in columns)
            self.connection.execute(f"create table {name} ({typed})")

    def rows(self, model: str, table: str, values: list[Any]) -> list[tuple[Any, ...]]:
        """Return the rows of `model` once `table` holds `values`, one tuple per row."""
        columns = STUBS[table][: len(values[0])] if isinstance(values[0], tuple) else ("text",)
        rows = values if isinstance(values[0], tuple) else [(value,) for value in values]
        given = pa.table(
            {
                column: pa.array([row[position] for row in rows], pa.string())
                for position, column in enumerate(columns)
            }
        )
        self.connection.execute(f"truncate {table}")
        self.connection.register("given", given)
        self.connection.execute(f"insert into {table} by name select * from given")
        query = (self.compiled / f"{model}.sql").read_text()
        return self.connection.execute(query).fetchall()

    def numbers(self, phones: list[tuple[str, str | None]]) -> dict[Any, tuple[Any, Any]]:
        """Return E.164 and reject reason by phone as typed and country."""
        rows = self.rows("int_phone_numbers", "int_phones", phones)
        return {(text, country): (number, reason) for text, country, number, reason in rows}


@pytest.fixture(scope="module")
def warehouse(project: Path) -> Warehouse:
    return Warehouse(project)


def test_addresses_are_those_of_the_reference(warehouse: Warehouse) -> None:
    values = made_up.emails(random.Random(1), FUZZ)
    rows = warehouse.rows("emails", "inputs", values)
    assert len(rows) == FUZZ
    kept = 0
    for text, email, twice in rows:
        assert email == reference.normalised_email(text), ascii(text)
        assert twice == email, ascii(text)
        kept += email is not None
    assert FUZZ * 0.5 < kept < FUZZ * 0.95


def test_names_fold_as_in_the_reference_and_only_once(warehouse: Warehouse) -> None:
    pairs = made_up.names(random.Random(2), FUZZ)
    values = [(None, first, last) for first, last in pairs]
    rows = warehouse.rows("names", "inputs", values)
    assert len(rows) == FUZZ
    for first, last, name, twice in rows:
        assert name == reference.folded_name(first, last), (ascii(first), ascii(last))
        assert twice == name


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("José María", "Núñez"), ("JOSE  MARIA", "nunez")),
        (("Jose\u0301", "O'Neill"), ("josé", "ONeill")),
        (("Ana-Belén", "Sá"), ("Ana Belen", "Sa")),
        (("Γιάννης", "Й"), ("γιάννης", "\u0438\u0306")),
    ],
)
def test_two_spellings_of_a_name_are_one(
    warehouse: Warehouse, one: tuple[str, str], other: tuple[str, str]
) -> None:
    rows = warehouse.rows("names", "inputs", [(None, *one), (None, *other)])
    assert rows[0][2] == rows[1][2] != ""


def test_phones_are_those_of_phonenumbers(warehouse: Warehouse) -> None:
    phones = made_up.phones(random.Random(3), FUZZ)
    numbers = warehouse.numbers(phones)
    assert len(numbers) == FUZZ
    wrong = [phone for phone in phones if numbers[phone][0] != reference.e164(*phone)]
    assert not wrong, f"{len(wrong)} of {FUZZ}: {wrong[:20]}"
    valid = sum(number is not None for number, _ in numbers.values())
    assert FUZZ * 0.5 < valid < FUZZ * 0.95


def test_phones_of_every_country_are_those_of_phonenumbers(warehouse: Warehouse) -> None:
    countries = tuple(sorted(phonenumbers.SUPPORTED_REGIONS))
    phones = made_up.phones(random.Random(4), FUZZ, countries)
    numbers = warehouse.numbers(phones)
    wrong = [phone for phone in phones if numbers[phone][0] != reference.e164(*phone)]
    assert len(wrong) <= FUZZ * 0.005, f"{len(wrong)} of {FUZZ}: {wrong[:20]}"


def test_a_phone_in_e164_stays_as_it_is(warehouse: Warehouse) -> None:
    phones = made_up.phones(random.Random(5), 2000)
    numbers = {number for number, _ in warehouse.numbers(phones).values() if number}
    again = warehouse.numbers([(number, None) for number in numbers])
    assert all(number == text for (text, _), (number, _) in again.items())


def test_known_conversions_hold(warehouse: Warehouse) -> None:
    wanted = {
        ("011 15-5123-4567", "AR"): "+5491151234567",
        ("0 15 11 98765-4321", "BR"): "+5511987654321",
        ("+44 (0)20 7946 0018", "GB"): "+442079460018",
        ("٦٥٥ ١٢ ٣٤ ٥٦", "ES"): "+34655123456",
        ("".join(chr(ord(digit) + 0xFEE0) for digit in "655123456"), "ES"): "+34655123456",
        ("+52 1 55 1234 5678", "MX"): None,
        ("34655123456", "ES"): "+34655123456",
        ("0034 655 123 456", "PT"): "+34655123456",
    }
    assert {phone: n for phone, (n, _) in warehouse.numbers([*wanted]).items()} == wanted


def test_a_phone_that_is_refused_says_why(warehouse: Warehouse) -> None:
    reasons = {
        ("sin telefono", "ES"): "not a phone number",
        ("655 12 34 56", None): "country needed",
        ("655 12 34 56", "XX"): "unknown country or calling code",
        ("+999 123 456", "ES"): "unknown country or calling code",
        ("055 12 34 56", "ES"): "not a valid number",
        ("655 12 34", "ES"): "number too short",
        ("+34 655 12 34 56 78", None): "number too long",
    }
    wanted = {phone: (None, reason) for phone, reason in reasons.items()}
    assert warehouse.numbers([*reasons]) == wanted


def test_every_source_of_phones_is_read_once(warehouse: Warehouse) -> None:
    warehouse.connection.execute(
        """
        insert into stg_intake__people values
            ('655123456', 'ES'), ('655123456', 'ES'), (null, 'ES');
        insert into int_subject_readings values
            ('+34655123457', 'phone'), ('+34655123459', 'email'),
            ('+34655123457', 'phone'), ('+34655123458', 'whole phone')
        """
    )
    query = (warehouse.compiled / "every_phone.sql").read_text()
    rows = warehouse.connection.execute(f"from ({query}) order by all").fetchall()
    for table in ("stg_intake__people", "int_subject_readings"):
        warehouse.connection.execute(f"truncate {table}")
    assert rows == [("+34655123457", None), ("+34655123458", None), ("655123456", "ES")]


def test_the_macros_and_the_platform_modules_say_the_same(project: Path) -> None:
    compiled = _invoke(project, "compile", "--inline", "{{ tojson(platform_rules()) }}")
    assert compiled.success, compiled.exception
    rules = json.loads(compiled.result.results[0].node.compiled_code)
    assert rules.keys() == PLATFORMS.keys()
    for name, platform in PLATFORMS.items():
        ours = rules[name]
        assert ours["version"] == platform.rule_version
        theirs = platform.identifiers
        assert {entry.kind for entry in theirs if not entry.is_hashed} == set(ours["clear"]), name
        assert {entry.kind for entry in platform.pushed} == set(ours["pushed"]), name
        assert {entry.kind for entry in theirs} == {
            kind for group in ("pushed", "hashed", "clear") for kind in ours[group]
        }, name
        assert all(entry.column == f"{entry.kind}_sha256" for entry in platform.pushed)


def test_an_unknown_platform_stops_the_compiler_by_name(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    query = "select {{ sha256_by_rule(rule_of('myspace', 'email'), 'x') }}"
    compiled = _invoke(project, "compile", "--inline", query)
    assert not compiled.success
    assert "no platform named 'myspace'; known: google, linkedin, meta" in capsys.readouterr().out


def test_other_warehouses_get_sql_of_their_own(project: Path) -> None:
    wanted = {
        "postgres__sha256_hex('x')": "encode(sha256(convert_to(x, 'UTF8')), 'hex')",
        "spark__sha256_hex('x')": "sha2(x, 256)",
        "postgres__sha512_hex('x')": "encode(sha512(convert_to(x, 'UTF8')), 'hex')",
        "spark__sha512_hex('x')": "sha2(x, 512)",
        "postgres__nfc('x')": "normalize(x, nfc)",
        "postgres__matches_pattern('x', '^a$')": "(x ~ '^a$')",
        "spark__matches_pattern('x', '\\\\d')": "(x rlike r'\\d')",
        "postgres__replace_pattern('x', 'a', 'b')": "regexp_replace(x, 'a', 'b', 'g')",
        "spark__replace_pattern('x', '(a)', '9\\\\1')": "regexp_replace(x, r'(a)', '9$1')",
        "postgres__extract_pattern('x', '(a)')": "nullif(substring(x from '(a)'), '')",
        "spark__extract_pattern('x', '(a)')": "nullif(regexp_extract(x, r'(a)', 1), '')",
    }
    query = " ~ '|' ~ ".join(wanted)
    compiled = _invoke(project, "compile", "--inline", f"{{{{ {query} }}}}")
    assert compiled.success, compiled.exception
    assert compiled.result.results[0].node.compiled_code.split("|") == list(wanted.values())


def test_the_seed_is_what_the_package_gives() -> None:
    with SEED.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows == phone_metadata.phone_country_rows()
    assert len({(row["calling_code"], row["plan_order"]) for row in rows}) == len(rows)
    countries = [row["country"] for row in rows if row["country"]]
    assert set(countries) == set(phonenumbers.SUPPORTED_REGIONS)
    assert len(set(countries)) == len(countries)


def test_the_seed_is_written_the_same_twice(tmp_path: Path) -> None:
    count = phone_metadata.write_phone_countries(tmp_path / "seed.csv")
    assert (tmp_path / "seed.csv").read_bytes() == SEED.read_bytes()
    assert count == len(phone_metadata.phone_country_rows())


@pytest.mark.parametrize("pattern", ["(?!0)1", "(?=1)", r"(1)\1", "1*+"])
def test_a_pattern_that_not_every_warehouse_reads_is_refused(
    monkeypatch: pytest.MonkeyPatch, pattern: str
) -> None:
    make_row = phone_metadata._row  # noqa: SLF001 - the seam to put a bad pattern in
    bad = {"valid_pattern": pattern}
    monkeypatch.setattr(phone_metadata, "_row", lambda *plan: make_row(*plan) | bad)
    with pytest.raises(ConfigError, match="keep the previous version"):
        phone_metadata.phone_country_rows()
