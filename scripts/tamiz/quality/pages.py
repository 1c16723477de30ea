"""The pages of the checks: those of Great Expectations, shut off from the net, and a first page."""

import re
import shutil
from collections.abc import Mapping
from datetime import datetime
from html import escape
from pathlib import Path

# How often each sentence is broken, by suite and table.
Counts = Mapping[tuple[str, str], Mapping[str, int]]

# What Great Expectations writes into the folder of its pages.
WRITTEN = ("index.html", "expectations", "validations", "static")

# Tags that fetch from other people's servers: who opens a page is nobody's business.
FOREIGN = re.compile(
    r'<script[^>]*\ssrc="https?:[^>]*>\s*</script>'
    r'|<(?:link|img)[^>]*\s(?:href|src)="https?:[^>]*>'
    r"|<footer.*?</footer>",
    re.DOTALL,
)
BROKEN = ' class="broken"'
STYLE = """<style>
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; }
table { border-collapse: collapse; }
td, th { border-bottom: 1px solid #ccc; padding: .3rem .8rem; text-align: left; }
.broken { background: #fde8e8; font-weight: 600; }
</style>
"""


def remove_pages(docs_dir: Path) -> None:
    """Remove the pages of an earlier run from `docs_dir`, and nothing else."""
    for name in WRITTEN:
        page = docs_dir / name
        if page.is_dir():
            shutil.rmtree(page)
        else:
            page.unlink(missing_ok=True)


def finish_pages(counts: Counts, docs_dir: Path, as_of: datetime) -> None:
    """Make the pages in `docs_dir` ask no server, and write the first page, broken checks first."""
    for name in ("expectations", "validations"):
        for page in (docs_dir / name).rglob("*.html"):
            text = FOREIGN.sub("", page.read_text(encoding="utf-8"))
            page.write_text(text.replace("</head>", f"{STYLE}</head>", 1), encoding="utf-8")
    rows = [
        (count, suite, table, sentence)
        for (suite, table), sentences in counts.items()
        for sentence, count in sentences.items()
    ]
    broken = sum(count > 0 for count, *_ in rows)
    title = f"{broken} of {len(rows)} checks are broken" if broken else "All checks hold"
    lines = [_line(docs_dir, *row) for row in sorted(rows, key=lambda row: row[0] == 0)]
    (docs_dir / "index.html").write_text(
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f"<title>Quality: {title}</title>\n{STYLE}</head><body>\n<h1>{title}</h1>\n"
        f"<p>{len(rows)} checks of the build as of {as_of:%Y-%m-%d %H:%M:%S} UTC; counts are of"
        " rows or keys.</p>\n<table>\n<tr><th>Suite</th><th>Table</th><th>What must hold</th>"
        f"<th>Broken</th></tr>\n{''.join(lines)}</table>\n</body></html>\n",
        encoding="utf-8",
    )


def _line(docs_dir: Path, count: int, suite: str, table: str, sentence: str) -> str:
    page = next((docs_dir / "validations" / suite / table).rglob("*.html"))
    return (
        f"<tr{BROKEN if count else ''}><td>{suite}</td>"
        f'<td><a href="{page.relative_to(docs_dir).as_posix()}">{table}</a></td>'
        f"<td>{escape(sentence)}</td><td>{count or 'no'}</td></tr>\n"
    )
