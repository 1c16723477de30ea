"""What people look at: one self-contained page over a published generation and its receipts."""

from tamiz.report.facts import ReceiptLine
from tamiz.report.page import write_report

__all__ = ["ReceiptLine", "write_report"]
