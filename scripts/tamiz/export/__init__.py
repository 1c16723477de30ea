"""Exports beside pushes: what is published as CSV files in each platform's own upload format."""

from tamiz.export.writer import ExportedFile, export

__all__ = ["ExportedFile", "export"]
