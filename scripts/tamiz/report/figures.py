"""The kinds of pictures on the page: bars, falling and diverging bars, heat map, areas."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import plotly.graph_objects as go

from tamiz.report import words
from tamiz.report.drawing import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PURPLE,
    VERMILION,
    Picture,
    drawn,
    room_for,
    rows_of,
)
from tamiz.report.facts import Change, DailySessions

CHANNEL_COLOURS = (BLUE, ORANGE, GREEN, VERMILION, PURPLE, GREY)


@dataclass(frozen=True, slots=True)
class Bar:
    """A horizontal bar from `start` to `start + length`, with its figure at the far end."""

    label: str
    length: int
    text: str
    colour: str = BLUE
    start: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """One colour of stacked bars: a value per bar and the figure its hover text gives."""

    title: str
    colour: str
    values: tuple[float, ...]
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of the heat map; `share` is None where nothing may or can be shown."""

    text: str
    share: float | None
    hover: str


def bars(name: str, alt: str, rows: Sequence[Bar]) -> Picture:
    """Return horizontal bars, the first row on top."""
    labels = [words.axis_label(row.label) for row in rows]
    trace = go.Bar(
        orientation="h",
        y=list(range(len(rows))),
        x=[row.length for row in rows],
        base=[row.start for row in rows],
        marker={"color": [row.colour for row in rows]},
        text=[row.text for row in rows],
        textposition="outside",
        cliponaxis=False,
        hovertext=[f"{label}: {row.text}" for label, row in zip(labels, rows, strict=True)],
        hoverinfo="text",
    )
    top = max((row.start + row.length for row in rows), default=0)
    axis = {"range": [0, top or 1], "visible": False}
    right = room_for(row.text for row in rows)
    return rows_of(name, alt, labels, [trace], axis, right=right)


def changes(name: str, alt: str, rows: Sequence[Change]) -> Picture:
    """Return diverging bars: exits to the left, entries to the right."""
    labels = [words.axis_label(row.label) for row in rows]
    traces = [
        go.Bar(
            orientation="h",
            name=title,
            y=list(range(len(rows))),
            x=numbers,
            marker={"color": colour},
            text=[words.signed(number) if number else "" for number in numbers],
            textposition="outside",
            cliponaxis=False,
            hovertext=[
                f"{label}: {words.count(abs(number))} {title}"
                for label, number in zip(labels, numbers, strict=True)
            ],
            hoverinfo="text",
        )
        for title, colour, numbers in (
            ("entered", BLUE, [row.entries for row in rows]),
            ("left", VERMILION, [-row.exits for row in rows]),
        )
    ]
    axis = {
        "range": [-max(row.exits for row in rows), max(row.entries for row in rows)],
        "showticklabels": False,
        "showgrid": False,
        "zeroline": True,
    }
    right = room_for(words.signed(row.entries) for row in rows)
    picture = rows_of(name, alt, labels, traces, axis, barmode="relative", right=right)
    # The figure of the longest bar on the left stands between the bar and the labels.
    picture.layout["yaxis"]["ticklabelstandoff"] = room_for(
        words.signed(-row.exits) for row in rows
    )
    return picture


def stacked(
    name: str, alt: str, labels: Sequence[str], parts: Sequence[Part], tickformat: str
) -> Picture:
    """Return one stacked bar per label, every part with one value per label."""
    ticks = [words.axis_label(label) for label in labels]
    traces = [
        go.Bar(
            orientation="h",
            name=part.title,
            y=list(range(len(labels))),
            x=list(part.values),
            marker={"color": part.colour},
            hovertext=[
                f"{tick}: {text} {part.title}" for tick, text in zip(ticks, part.texts, strict=True)
            ],
            hoverinfo="text",
        )
        for part in parts
    ]
    axis = {"rangemode": "tozero", "tickformat": tickformat, "nticks": 5}
    picture = rows_of(name, alt, ticks, traces, axis, barmode="stack", bottom=30)
    return replace(picture, legend=tuple((part.title, part.colour) for part in parts))


def heat(name: str, alt: str, labels: Sequence[str], cells: Sequence[Sequence[Cell]]) -> Picture:
    """Return a square of cells; rows carry number and label, columns the number only."""
    size = len(labels)
    places = list(range(size))
    hidden = [
        (column, row, cells[row][column])
        for row in places
        for column in places
        if cells[row][column].share is None and cells[row][column].text
    ]
    traces = [
        go.Heatmap(
            x=places,
            y=places,
            z=[[cell.share for cell in row] for row in cells],
            text=[["" if cell.share is None else cell.text for cell in row] for row in cells],
            texttemplate="%{text}",
            hovertext=[[cell.hover for cell in row] for row in cells],
            hoverinfo="text",
            hoverongaps=False,
            coloraxis="coloraxis",
            xgap=2,
            ygap=2,
        ),
        # Without a colour behind it, the text takes the page's.
        go.Scatter(
            x=[column for column, _, _ in hidden],
            y=[row for _, row, _ in hidden],
            text=[cell.text.replace("<", "&lt;") for _, _, cell in hidden],
            hovertext=[cell.hover for _, _, cell in hidden],
            hoverinfo="text",
            mode="text",
            textfont={"size": 11},
        ),
    ]
    numbered = [
        f"{words.axis_label(label)}  <b>{place + 1}</b>" for place, label in enumerate(labels)
    ]
    columns = [f"<b>{place + 1}</b>" for place in places]
    picture = rows_of(
        name,
        alt,
        numbered,
        traces,
        {
            "tickvals": places,
            "ticktext": columns,
            "side": "top",
            "range": [-0.5, size - 0.5],
            "showgrid": False,
            "zeroline": False,
        },
        top=30,
        bottom=64,
        row_height=40,
    )
    picture.layout["coloraxis"] = {
        "cmin": 0,
        "cmax": 1,
        "colorbar": {
            "orientation": "h",
            "thickness": 8,
            "outlinewidth": 0,
            "tickformat": ".0%",
            "tickvals": [0, 0.25, 0.5, 0.75, 1],
            "x": 0.5,
            "y": 0,
            "yref": "paper",
            "yanchor": "top",
            "ypad": 12,
            "len": 1,
        },
    }
    return replace(picture, narrow_ticks=columns)


def daily(name: str, alt: str, sessions: DailySessions, titles: Sequence[str]) -> Picture:
    """Return sessions per day, one stacked area per channel."""
    days = [day.isoformat() for day in sessions.days]
    traces = [
        go.Scatter(
            name=title.replace("<", "&lt;"),
            x=days,
            y=list(counts),
            stackgroup="channels",
            mode="lines",
            line={"width": 0.5, "color": colour},
            fillcolor=colour,
            hovertemplate="%{y:,}",
        )
        for title, colour, counts in zip(
            titles, CHANNEL_COLOURS, sessions.counts.values(), strict=False
        )
    ]
    layout = {
        "hovermode": "x unified",
        "showlegend": False,
        "margin": {"l": 8, "r": 16, "t": 8, "b": 8},
        "xaxis": {
            "type": "date",
            "tickformat": "%-d %b",
            "showgrid": False,
            "automargin": True,
            "ticklabelstandoff": 6,
        },
        "yaxis": {
            "rangemode": "tozero",
            "tickformat": ",",
            "nticks": 6,
            "automargin": True,
            "ticklabelstandoff": 6,
        },
    }
    legend = tuple(zip(titles, CHANNEL_COLOURS, strict=False))
    return replace(drawn(name, alt, 360, traces, layout), legend=legend[::-1])
