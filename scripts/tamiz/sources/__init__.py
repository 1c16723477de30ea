"""The files of raw tables, looked at before they are read: which dialect, which columns."""

from tamiz.sources.dialect import Dialect, dialect_of

__all__ = ["Dialect", "dialect_of"]
