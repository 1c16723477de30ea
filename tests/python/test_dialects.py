"""However a CSV file is written, all its records are read, or its lines are named that are not."""

import csv
import gzip
import io
import random
from pathlib import Path

import duckdb
import pytest
from worlds import PROJECT, World, failures

from tamiz.sources import Dialect, dialect_of
from tamiz.warehouse import open_warehouse

CANARY = "canary.of.the.mine@example.com"


def decided(folder: Path, content: bytes, name: str = "shop_orders.csv") -> Dialect:
    path = folder / name
    path.write_bytes(content)
    return dialect_of(path, folder / "copies")


def read(dialect: Dialect) -> list[tuple[str | None, ...]]:
    names = ", ".join(f"'c{number}': 'VARCHAR'" for number in range(len(dialect.columns)))
    options = dialect.reader.replace("{columns}", f"{{{names}}}")
    with duckdb.connect() as connection:
        return connection.execute(
            f"select * from read_csv('{dialect.place}', {options})"
        ).fetchall()


READ = {
    "the usual": (b"a,b\n1,2\n", [("1", "2")]),
    "Windows line ends": (b"a,b\r\n1,2\r\n", [("1", "2")]),
    "old line ends": (b"a,b\r1,2\r3,4", [("1", "2"), ("3", "4")]),
    "mixed line ends": (b"a,b\r\n1,2\n3,4\r5,6\n", [("1", "2"), ("3", "4"), ("5", "6")]),
    "no last line end": (b"a,b\n1,2", [("1", "2")]),
    "empty lines": (b"a,b\n\n1,2\n\n\n3,4\n\n", [("1", "2"), ("3", "4")]),
    "a header alone": (b"a,b\n", []),
    "semicolons": (b"a;b\n1,5;2\n", [("1,5", "2")]),
    "tabs": (b"a\tb\n1\t2;3,4\n", [("1", "2;3,4")]),
    "bars": (b"a|b\n1|2,3\n", [("1", "2,3")]),
    "a line that names the separator": (b"sep=;\na;b\n1;2\n", [("1", "2")]),
    "a number sign is no comment": (b"a,b\n#1,2\n#3,4\n", [("#1", "2"), ("#3", "4")]),
    "a quote that comes late": (
        b"a,b\n" + b"1,2\n" * 30_000 + b'3,"4,5"\n',
        [("1", "2")] * 30_000 + [("3", "4,5")],
    ),
    "apostrophes are no quotes": (
        b"a,b\n't Hooft,1\nO'Neill,2\n",
        [("'t Hooft", "1"), ("O'Neill", "2")],
    ),
    "apostrophes around all names are": (b"'a','b'\n'1,5','2'\n", [("1,5", "2")]),
    "inches in a cell": (b'a,b\n1,5" disk\n', [("1", '5" disk')]),
    "quotes written twice": (b'a,b\n1,"a ""b"", c"\n', [("1", 'a "b", c')]),
    "a line break in a cell": (b'a,b,c\n1,"Main St\nTown",3\n', [("1", "Main St\nTown", "3")]),
    "UTF-8 with mark": ("\ufeffa,b\n1,ñ\n".encode(), [("1", "ñ")]),
    "UTF-16": ("a,b\n1,ñ😀\n".encode("utf-16"), [("1", "ñ😀")]),
    "UTF-16, big endian": ("\ufeffa,b\n1,ñ\n".encode("utf-16-be"), [("1", "ñ")]),
    "UTF-16 without mark": ("a,b\n1,ñ\n".encode("utf-16-le"), [("1", "ñ")]),
    "Windows-1252": ("a;b\r\n1;é€\r\n".encode("cp1252"), [("1", "é€")]),
    "a cell of 3 MB": (b"a,b\n1," + b"x" * 3_000_000 + b"\n", [("1", "x" * 3_000_000)]),
}
REFUSED = {
    "a quote that is not closed": (b'a,b\n1,"2\n3,4\n', "1 lines of {} (2) hold a quote that"),
    "letters behind a quote": (b'a,b\n1,"2"x\n3,4\n', "1 lines of {} (2) hold a quote that"),
    "a quote that swallows a line": (b'a,b\n1,"2\n3,4"\n', "1 lines of {} (2) open a quote"),
    "one that swallows two": (b'a,b,c\n1,"2,3\n4,5,6\n7,8",9\n', "1 lines of {} (2) open a quote"),
    "a cell too few": (b"a,b,c\n1,2\n", "1 lines of {} (2) do not fit its header"),
    "a cell too many": (b"a,b\n1,2\n3,4,5\n", "1 lines of {} (3) do not fit its header"),
    "no line at all": (b"", "{} has no header"),
    "a name twice": (b"a,A\n1,2\n", "{} names 1 of its columns twice"),
    "a workbook": (b"PK\x03\x04\x00", "{} is a workbook by another name"),
    "two encodings": ("a,b\nñ,é\n".encode() + b"1,\xe9\n", "{} is UTF-8 in most lines"),
    "an encoding that is none": (b"a,b\n1,\x81\xe9\n", "{} is neither UTF-8"),
}


@pytest.mark.parametrize("case", READ)
def test_a_file_is_read_whole(case: str, tmp_path: Path) -> None:
    content, rows = READ[case]
    for name, stored in [("t.csv", content), ("t.csv.gz", gzip.compress(content, 1))]:
        dialect = decided(tmp_path, stored, name)
        assert not dialect.problem
        assert read(dialect) == rows
        assert dialect.record_count == len(rows)


@pytest.mark.parametrize("case", REFUSED)
def test_a_file_that_cannot_be_read_whole_is_refused_by_line(case: str, tmp_path: Path) -> None:
    content, problem = REFUSED[case]
    dialect = decided(tmp_path, content)
    assert dialect.problem.startswith(problem.format(tmp_path / "shop_orders.csv"))


def test_half_a_gzip_file_is_refused(tmp_path: Path) -> None:
    dialect = decided(tmp_path, gzip.compress(b"a,b\n1,2\n" * 999)[:-9], "t.csv.gz")
    assert dialect.problem == f"{tmp_path / 't.csv.gz'} is no complete gzip file: write it again"


def test_a_copy_is_its_owners_and_goes_when_the_file_is_mended(tmp_path: Path) -> None:
    dialect = decided(tmp_path, "a,b\n1,é\n".encode("cp1252"))
    copy = Path(dialect.place)
    assert copy.parent == tmp_path / "copies"
    assert copy.stat().st_mode & 0o077 == 0
    assert decided(tmp_path, b"a,b\n1,22\n").place == str(tmp_path / "shop_orders.csv")
    assert not copy.exists()


def test_a_hundred_made_up_files_are_read_as_they_were_written(tmp_path: Path) -> None:
    refused = 0
    chance = random.Random(8)  # noqa: S311 - a test
    cells = ["", "1", "x y", "a,b", "a;b", 'say "a"', "two\nlines", "#", "'", "ñ€", " ", "\t|"]
    for number in range(100):
        rows = [tuple(chance.choices(cells, k=3)) for _ in range(chance.randrange(6))]
        text = io.StringIO(newline="")
        csv.writer(
            text,
            delimiter=chance.choice(",;\t|"),
            quoting=chance.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
            lineterminator=chance.choice(["\n", "\r\n"]),
        ).writerows([("a", "b", "c"), *rows])
        encoding = chance.choice(["utf-8", "utf-8-sig", "utf-16", "cp1252"])
        dialect = decided(tmp_path, text.getvalue().encode(encoding), f"t{number}.csv")
        if "swallows" in dialect.problem:
            # By chance each line of a record has as many signs as a record of its own.
            refused += 1
            continue
        assert not dialect.problem
        assert read(dialect) == [tuple(cell or None for cell in row) for row in rows]
    assert refused < 5


def test_a_table_of_refusals_is_read_whole_and_a_line_break_in_it_stops_the_gate(
    tmp_path: Path,
) -> None:
    world = World(tmp_path / "with [brackets]")
    world.raw.mkdir(parents=True)
    (world.raw / "privacy_requests.csv").write_bytes(
        "request_id;subject_type;subject;kind;requested_at;note\r\n"
        "#1;email;ana@example.com;erase;2026-06-01;\r\n"
        "2;email;josé@example.com;erase;2026-06-02;\n"
        '3;email;"eva@example.com\n";"era\nse";2026-06-03;\r\n'.encode("utf-16")
    )
    world.build("--select", "+stg_privacy__requests", "+stg_unread_values", command="run")
    asked = "select request_id, subject from stg_privacy__requests order by 1"
    assert world.query(asked) == [
        ("#1", "ana@example.com"),
        ("2", "josé@example.com"),
        ("3", "eva@example.com"),
    ]
    # The gate opens the copy, too, and few other files.
    with world.environment(), open_warehouse(PROJECT) as warehouse:
        assert warehouse.table(asked).num_rows == 3
    assert world.query(
        "select column_name, reason, value_count, first_lines, stops_gate from stg_unread_values"
    ) == [("kind", "holds a line break", 1, "4", True)]


def test_no_cell_reaches_a_message_or_a_log(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.raw.mkdir()
    table = world.raw / "crm_customers.csv"
    for content in [
        f"customer_id,email\nc1,{CANARY},{'x' * 3_000_000}\n",
        f'customer_id,email\nc1,"{CANARY}\n',
        f"{CANARY},1\n{CANARY},2\n",
    ]:
        table.write_text(content, encoding="utf-8")
        outcome = world.dbt("run", "--select", "stg_crm__customers")
        assert not outcome.success
        logs = "".join(path.read_text(encoding="utf-8") for path in world.folder.rglob("*.log"))
        assert "canary.of" not in failures(outcome) + logs
