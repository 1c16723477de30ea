"""The gate between a build and what is published: suites, checkpoint and their pages."""

from tamiz.quality.checks import Check, QualityResult, run_checks
from tamiz.quality.gate import validate

__all__ = ["Check", "QualityResult", "run_checks", "validate"]
