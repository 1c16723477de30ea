"""Doctor: check accounts, tokens and lists without changing anything anywhere."""

from tamiz.doctor.checks import Check, as_json, exit_code, render
from tamiz.doctor.examination import examine

__all__ = ["Check", "as_json", "examine", "exit_code", "render"]
