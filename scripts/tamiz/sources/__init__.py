"""The files of raw tables, looked at before they are read: which dialect, which columns."""

from tamiz.sources.contract import Contract, contracts
from tamiz.sources.dialect import Dialect, dialect_of
from tamiz.sources.inventory import RawFile, inventory
from tamiz.sources.parquet import footer_of
from tamiz.sources.shown import Unread, render, render_dialects
from tamiz.sources.text import Unreadable

__all__ = [
    "Contract",
    "Dialect",
    "RawFile",
    "Unread",
    "Unreadable",
    "contracts",
    "dialect_of",
    "footer_of",
    "inventory",
    "render",
    "render_dialects",
]
