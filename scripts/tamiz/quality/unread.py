"""What may bar somebody and could not be read: the lines a reader needs to mend it."""

from tamiz.quality.suites import UNREAD_VALUES
from tamiz.warehouse import Warehouse

# What a word, a column or a place is shown of; the table has all.
SHOWN = 5


def unread_lines(warehouse: Warehouse) -> tuple[str, ...]:
    """Return one line per table, column, reason and word that stops the gate, most frequent first.

    A line has counts and line numbers; a word only where the table says it (it holds harmless ones
    alone). Without the table there are no lines: that it is absent is a broken check of its own.
    Raises ConfigError when the warehouse cannot answer.
    """
    if UNREAD_VALUES not in warehouse.relations():
        return ()
    rows = warehouse.table(
        "select table_name, column_name, reason, word, value_count, first_lines"  # noqa: S608 - ours
        f" from {UNREAD_VALUES} where stops_gate"
        " order by value_count desc, table_name, column_name, reason, word"
    ).to_pylist()
    lines = [
        f"{row['table_name']}.{row['column_name']}: {row['value_count']:,} {row['reason']}"
        + (f" '{row['word']}'" if row["word"] else "")
        + (f", lines {row['first_lines']}" if row["first_lines"] else "")
        for row in rows[:SHOWN]
    ]
    more = len(rows) - SHOWN
    return (*lines, *([f"{more} more in {UNREAD_VALUES}"] if more > 0 else []))
