"""Read the values of `tamiz hash` from a CSV file of any size."""

import csv
from collections.abc import Iterable, Iterator, Sequence

from tamiz.errors import ConfigError
from tamiz.hashing.running import Value

LARGEST_CELL = 10 << 20  # characters: more is no identifier, and no CSV either


def values_of_file(lines: Iterable[str], name: str, country: str | None) -> Iterator[Value]:
    """Return the values of a CSV file with the header `value` and, if it has one, `country`.

    `lines` keep their line ends; `name` is for messages; `country` holds where the file says none.
    Raises ConfigError where the file has no such header, at once, or is no CSV or no UTF-8.
    """
    rows = _rows(lines, name)
    header = [cell.strip().lstrip("\ufeff").lower() for cell in next(rows, [])]
    if "value" not in header:
        raise ConfigError(
            f"{name}: the first line has no column 'value': write value, or value,country"
        )
    return _values(rows, header, country)


def _values(rows: Iterator[list[str]], header: list[str], country: str | None) -> Iterator[Value]:
    position = header.index("value")
    country_position = header.index("country") if "country" in header else None
    for cells in rows:
        if cells or len(header) == 1:  # an empty line is an empty value only in a single column
            yield Value(_cell(cells, position), _cell(cells, country_position) or country)


def _rows(lines: Iterable[str], name: str) -> Iterator[list[str]]:
    csv.field_size_limit(LARGEST_CELL)
    reader = csv.reader(lines, strict=True)
    try:
        yield from reader
    except UnicodeDecodeError:
        raise ConfigError(
            f"{name}: not UTF-8 after line {reader.line_num}: save it as CSV UTF-8"
        ) from None
    except csv.Error as error:
        raise ConfigError(f"{name}, line {reader.line_num}: no CSV ({error})") from None


def _cell(cells: Sequence[str], position: int | None) -> str | None:
    if position is None or position >= len(cells):
        return None
    # Most warehouses cannot hold a NUL; here it counts as the control character beside it.
    return cells[position].replace("\0", "\x01")
