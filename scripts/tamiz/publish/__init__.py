"""A passing build becomes one immutable generation that push, report and BI read."""

from tamiz.publish.build import Build, whole_build
from tamiz.publish.freshness import refuse_other_times
from tamiz.publish.generation import (
    Generation,
    PublishedTable,
    generations,
    latest_generation,
    readable_generations,
    verify,
)
from tamiz.publish.writer import publish

__all__ = [
    "Build",
    "Generation",
    "PublishedTable",
    "generations",
    "latest_generation",
    "publish",
    "readable_generations",
    "refuse_other_times",
    "verify",
    "whole_build",
]
