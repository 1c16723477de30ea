"""`tamiz hash` shows what the models make of a value, from a fresh clone and at any size."""

import csv
import hashlib
import io
import os
import shutil
import subprocess
import sys
from contextlib import chdir
from pathlib import Path

import pytest
from click.testing import CliRunner
from loops import plain_environment
from worlds import PROJECT

from tamiz.cli import cli
from tamiz.errors import ConfigError
from tamiz.hashing.running import Value
from tamiz.hashing.values import values_of_file

GMAIL = hashlib.sha256(b"analima@gmail.com").hexdigest()


def tamiz_hash(
    *arguments: str, given: str | None = None, folder: Path = PROJECT
) -> subprocess.CompletedProcess[str]:
    """Run the command as its users do, in a process of its own and without a warehouse."""
    return subprocess.run(  # noqa: S603 - our own program
        [Path(sys.executable).with_name("tamiz"), "hash", *arguments],
        cwd=folder,
        env=plain_environment() | {"TAMIZ_DUCKDB": "/nowhere/tamiz.duckdb"},
        input=given,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def here(*arguments: str, given: str | None = None) -> subprocess.CompletedProcess[str]:
    """Run the command in this process: the same, and dbt is imported once."""
    with chdir(PROJECT):
        result = CliRunner().invoke(cli, ["hash", *arguments], input=given)
    assert result.exception is None, result.output
    return subprocess.CompletedProcess(arguments, 0, result.stdout, result.stderr)


def rows(done: subprocess.CompletedProcess[str]) -> list[dict[str, str]]:
    assert done.returncode == 0, done.stderr
    return list(csv.DictReader(io.StringIO(done.stdout)))


@pytest.fixture(scope="module")
def fresh_clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the project as git would give it, without anything that was built."""
    folder = tmp_path_factory.mktemp("clone")
    for name in ("macros", "models", "seeds", "dbt_project.yml", "profiles.yml"):
        source = PROJECT / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, folder / name)
    return folder


def test_values_come_out_in_order_with_hash_or_reason_and_nothing_is_left_behind(
    fresh_clone: Path,
) -> None:
    before = sorted(fresh_clone.rglob("*"))
    pair = ("--platform", "google", "--identifier", "email")
    done = tamiz_hash(*pair, " Ana.Lima+news@Gmail.com", "x@y", "", folder=fresh_clone)
    assert done.stdout.splitlines() == [
        "row,normalised,hash,reason",
        f"1,,{GMAIL},",
        "2,,,not an e-mail address",
        "3,,,empty",
    ]
    assert "3 values, 2 of them refused" in done.stderr
    assert sorted(fresh_clone.rglob("*")) == before


def test_the_value_itself_is_printed_only_on_demand() -> None:
    pair = ("--platform", "tiktok", "--identifier", "email")
    secret = here(*pair, "canary.one+x@example.com")
    assert "canary" not in secret.stdout + secret.stderr
    shown = here(*pair, "--show", "canary.one+x@example.com")
    assert rows(shown)[0]["normalised"] == "canaryone@example.com"


def test_a_file_may_name_countries_and_hold_commas_quotes_and_line_ends(tmp_path: Path) -> None:
    file = tmp_path / "values.csv"
    text = (
        "\ufeffcountry,Value,note\r\n"
        'España,"655 12 34 56",a\r\n'
        'pt,"912 345 678","b ""b"",\nb"\r\n'
        ",655123456,\r\n"
        "Narnia,655123456,\r\n"
    )
    file.write_bytes(text.encode())
    pair = ("--platform", "meta", "--identifier", "phone", "--show")
    assert [
        (row["row"], row["normalised"], row["reason"])
        for row in rows(here(*pair, "--file", str(file), "--country", "US"))
    ] == [
        ("1", "34655123456", ""),
        ("2", "351912345678", ""),
        ("3", "", "number too short"),
        ("4", "", "no such country"),
    ]


def test_standard_input_is_a_file_and_awkward_texts_are_quoted_again() -> None:
    given = 'value\n"id ""7"", with a comma"\n"two\nlines"\n'
    done = here(
        *("--platform", "google", "--identifier", "external_id", "--show", "--file", "-"),
        given=given,
    )
    assert [(row["normalised"], row["hash"]) for row in rows(done)] == [
        ('id "7", with a comma', ""),
        ("two\nlines", ""),
    ]


def test_names_of_the_vector_files_are_known(tmp_path: Path) -> None:
    adsapi = "49e0be2aeccfb51a8dee4c945c8a70a9ac500cf6f5cb08112575f74db9b1470d"
    assert rows(here("--platform", "x", "--identifier", "handle", "@AdsAPI"))[0]["hash"] == (adsapi)
    both = tamiz_hash("--platform", "reddit", "--identifier", "mobile_ad_id", "x", folder=PROJECT)
    assert both.returncode == 10
    assert "known: aaid, email, idfa" in both.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("--platform", "myspace", "--identifier", "email", "a@b.es"), 15, "known: google, link"),
        (("--platform", "x", "--identifier", "shoe", "44"), 10, "known: aaid, email, external_id"),
        (("--platform", "x", "--identifier", "sh'oe }}", "44"), 10, "in lower-case letters"),
        (("--platform", "x", "--identifier", "email"), 10, "one of both"),
        (("--platform", "x", "--identifier", "email", "--file", "no.csv"), 10, "no.csv: No such"),
        (("--platform", "x", "--identifier", "email", "--file", "models"), 10, "Is a directory"),
        (("--platform", "x", "--identifier", "email", "--file", "a", "b"), 10, "one of both"),
        (("--platform", "x", "--identifier", "email", "--file", "dbt_project.yml"), 10, "'value'"),
    ],
)
def test_a_mistake_is_one_line_with_its_code(
    arguments: tuple[str, ...], code: int, words: str
) -> None:
    done = tamiz_hash(*arguments)
    assert (done.returncode, done.stdout) == (code, "")
    assert words in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_another_folder_says_where_to_run(tmp_path: Path) -> None:
    done = tamiz_hash("--platform", "x", "--identifier", "email", "a@b.es", folder=tmp_path)
    assert done.returncode == 10
    assert "run in the folder of the dbt project" in done.stderr


def cells(text: bytes | str) -> list[Value]:
    raw = text if isinstance(text, bytes) else text.encode()
    return list(values_of_file(io.TextIOWrapper(io.BytesIO(raw), "utf-8", newline=""), "f", "ES"))


def test_a_file_that_is_no_csv_or_no_utf8_is_refused_without_its_words() -> None:
    for raw, words in (
        (b"value\nmar\xeda@canary.es\n", "not UTF-8"),
        (b'value\n"a"canary@b.es\n', "line 2: no CSV"),
        (b"", "no column 'value'"),
    ):
        with pytest.raises(ConfigError, match=words) as caught:
            cells(raw)
        assert "canary" not in str(caught.value)


def test_an_empty_line_is_a_value_only_where_there_is_one_column() -> None:
    assert [value.text for value in cells("value\na\n\nb\n")] == ["a", None, "b"]
    assert [value.text for value in cells("value,country\na,PT\n\nb\n")] == ["a", "b"]
    assert [value.country for value in cells("value,country\na,PT\nb,\n")] == ["PT", "ES"]


@pytest.mark.soak
def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    script = (
        "import resource, sys; from tamiz.cli import main\n"
        "try: main()\n"
        "finally: print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)"
    )

    def peak(count: int) -> int:
        file = tmp_path / f"{count}.csv"
        with file.open("w", encoding="utf-8") as out:
            out.write("value\n")
            out.writelines(f"Name.{number}@Example.com\n" for number in range(count))
        pair = ("--platform", "x", "--identifier", "email")
        with (tmp_path / "out.csv").open("w") as out:
            done = subprocess.run(  # noqa: S603 - our own program
                [sys.executable, "-c", script, "hash", *pair, "--file", str(file)],
                cwd=PROJECT,
                env=plain_environment(),
                stdout=out,
                stderr=subprocess.PIPE,
                text=True,
                check=True,
            )
        assert (tmp_path / "out.csv").read_bytes().count(b"\n") == count + 1
        return int(done.stderr.splitlines()[-1]) // 1024

    large = int(os.environ.get("TAMIZ_HASH_LINES", "300000"))
    assert peak(large) - peak(50_000) < 150  # MiB


def test_a_cell_of_any_length_and_a_nul_are_values_like_others() -> None:
    lines = ["value\n", f"{'a' * 200_000}\n", "a\0b@example.com\n"]
    long, nul = values_of_file(lines, "a file", None)
    assert len(long.text or "") == 200_000
    assert nul.text == "a\x01b@example.com"
