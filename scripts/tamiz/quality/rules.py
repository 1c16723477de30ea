"""A rule is a sentence about one table and the SQL that counts what breaks it."""

from dataclasses import dataclass

# SHA-256 of the empty text: what a hash looks like when there was nothing to hash.
HASH_OF_NOTHING = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@dataclass(frozen=True, slots=True)
class Rule:
    """One sentence that must hold for a table.

    `breaks` is an aggregate or scalar SQL expression over the table: how many rows, or keys, break
    the rule; 0 when it holds. Counts are all that ever leaves the warehouse, so no result, page or
    log can show a person's data, and a table of any size costs one scan.
    """

    words: str
    breaks: str
    columns: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    optional: bool = False


@dataclass(frozen=True, slots=True)
class TableRules:
    """The rules of one table; an optional table may be absent."""

    table: str
    rules: tuple[Rule, ...]
    optional: bool = False


def no_row(words: str, where: str, *columns: str, optional: bool = False) -> Rule:
    """Return the rule that `where` holds for no row; `words` say so in the positive."""
    return Rule(words, f"count(case when {where} then 1 end)", columns, optional=optional)


def never_null(*columns: str) -> tuple[Rule, ...]:
    """Return one rule per column: it has a value in every row."""
    return tuple(no_row(f"{name} is never empty", f"{name} is null", name) for name in columns)


def unique(table: str, *columns: str) -> Rule:
    """Return the rule that no two rows of `table` have the same key; it counts repeated keys."""
    key = ", ".join(columns)
    words = f"{key} is unique" if len(columns) == 1 else f"({key}) is unique"
    repeated = f"select {key} from {table} group by {key} having count(*) > 1"  # noqa: S608 - ours
    return Rule(words, f"(select count(*) from ({repeated}) as repeated)", columns)  # noqa: S608


def one_of(column: str, *values: str, optional: bool = False) -> Rule:
    """Return the rule that `column`, where it has a value, has one of `values`."""
    listed = ", ".join(f"'{value}'" for value in values)
    return no_row(
        f"{column} is one of {', '.join(values)}",
        f"{column} not in ({listed})",
        column,
        optional=optional,
    )


def between(column: str, low: int, high: int | None = None) -> Rule:
    """Return the rule that `column` is at least `low` and, if given, at most `high`."""
    if high is None:
        return no_row(f"{column} is at least {low}", f"{column} < {low}", column)
    words = f"{column} is {low} to {high}"
    return no_row(words, f"{column} < {low} or {column} > {high}", column)


def sha256_hex(column: str) -> Rule:
    """Return the rule that `column` holds lower-case SHA-256 in hex, and not that of no text."""
    # Length and letters instead of a regular expression: every warehouse spells those alike.
    hexadecimal = f"length({column}) = 64 and translate({column}, '0123456789abcdef', '') = ''"
    return no_row(
        f"{column} is a SHA-256 in lower-case hex, and not that of an empty text",
        f"not ({hexadecimal}) or {column} = '{HASH_OF_NOTHING}'",
        column,
        optional=True,
    )
