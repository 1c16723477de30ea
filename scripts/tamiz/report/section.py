"""The shapes the template lays out: sections of blocks, each a picture, a table and words."""

from dataclasses import dataclass

from tamiz.report.drawing import Picture


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of text under titles; titles in `numeric` are aligned right. The first cell is a header.

    A `folded` table is behind a line that opens it.
    """

    caption: str
    titles: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: frozenset[str] = frozenset()
    folded: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A picture with the table of its figures, or words where there is nothing to draw.

    `key` names the numbers that stand for the rows of the picture on a narrow page.
    """

    heading: str | None = None
    text: str | None = None
    picture: Picture | None = None
    table: Table | None = None
    key: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page: the heading is the finding; `title` is its name in the contents."""

    id: str
    title: str
    heading: str
    text: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Tile:
    """A headline figure and, when there is an earlier generation, how it changed."""

    label: str
    figure: str
    change: str | None
