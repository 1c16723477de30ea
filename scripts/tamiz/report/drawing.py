"""What all pictures share: palette, light and dark theme, rows of equal height."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

# Okabe and Ito's palette, told apart with every common colour vision.
BLUE, ORANGE, GREEN, VERMILION, PURPLE, GREY = (
    "#0072B2",
    "#E69F00",
    "#009E73",
    "#D55E00",
    "#CC79A7",
    "#8C8C8C",
)
ROW_HEIGHT, LINE_HEIGHT = 30, 16
DIGIT_WIDTH, GAP = 8, 14


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing, what it shows in words, and its height in pixels; the id is the element's.

    `legend` holds (title, colour) and is set as text by the page. On narrow pages `narrow_ticks`,
    where given, are the labels of the rows.
    """

    id: str
    alt: str
    height: int
    data: list[dict[str, Any]]
    layout: dict[str, Any]
    legend: tuple[tuple[str, str], ...] = ()
    narrow_ticks: list[str] | None = None


def themes() -> dict[str, dict[str, Any]]:
    """Return the plotly templates for light and dark pages."""
    return {
        "light": _theme("#23211d", "#e4dfd5", "#fffdf9", ["#eef1f2", "#86b6d6", "#005a8f"]),
        "dark": _theme("#e9e5dc", "#38393b", "#26282b", ["#26303a", "#2f6f9f", "#a9d6f5"]),
    }


def room_for(figures: Iterable[str]) -> int:
    """Return the pixels that the longest of some figures needs beside its bar."""
    return DIGIT_WIDTH * max((len(figure) for figure in figures), default=0) + GAP


def rows_of(  # noqa: PLR0913 - what differs between pictures made of rows
    name: str,
    alt: str,
    labels: Sequence[str],
    traces: Sequence[Any],
    x_axis: dict[str, Any],
    *,
    barmode: str = "overlay",
    right: int = 20,
    top: int = 6,
    bottom: int = 6,
    row_height: int = ROW_HEIGHT,
) -> Picture:
    """Return a picture of one row per label, the first on top, as high as its labels need."""
    lines = max((label.count("<br>") + 1 for label in labels), default=1)
    row_height = max(row_height, lines * LINE_HEIGHT + 10)
    layout = {
        "barmode": barmode,
        "bargap": 0.28,
        "showlegend": False,
        "margin": {"l": 8, "r": right, "t": top, "b": bottom},
        "xaxis": {"fixedrange": True, **x_axis},
        "yaxis": {
            "tickvals": list(range(len(labels))),
            "ticktext": list(labels),
            "range": [len(labels) - 0.5, -0.5],
            "automargin": True,
            "fixedrange": True,
            "showgrid": False,
            "zeroline": False,
            "ticklabelstandoff": 8,
        },
    }
    return drawn(name, alt, top + bottom + row_height * len(labels), traces, layout)


def drawn(
    name: str, alt: str, height: int, traces: Sequence[Any], layout: dict[str, Any]
) -> Picture:
    """Return the picture of plotly traces in a layout; raises ValueError on what plotly rejects."""
    # plotly checks every name and value here; the page brings its own template.
    figure = go.Figure(list(traces), {**layout, "height": height, "template": None})
    drawing = figure.to_plotly_json()
    drawing["layout"].pop("template", None)
    return Picture(name, alt, height, drawing["data"], drawing["layout"])


def _theme(ink: str, line: str, paper: str, scale: list[str]) -> dict[str, Any]:
    axis = {"gridcolor": line, "zerolinecolor": ink, "linecolor": line, "ticks": ""}
    return {
        "layout": {
            "font": {"color": ink, "size": 13, "family": "system-ui, sans-serif"},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "hoverlabel": {"bgcolor": paper, "bordercolor": line, "font": {"color": ink}},
            "xaxis": axis,
            "yaxis": axis,
            "coloraxis": {
                "colorscale": [[place / (len(scale) - 1), hue] for place, hue in enumerate(scale)]
            },
        }
    }
