"""The files of raw tables, looked at before they are read: which dialect, which columns."""

from tamiz.sources.contract import Contract, contracts
from tamiz.sources.dialect import Dialect, dialect_of
from tamiz.sources.inventory import RawFile, inventory
from tamiz.sources.shown import Unread, render, render_dialects

__all__ = [
    *("Contract", "Dialect", "RawFile", "Unread"),
    *("contracts", "dialect_of", "inventory", "render", "render_dialects"),
]
