"""What describes one SQL function."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Function:
    """A Python function that SQL knows as `name`; null in any argument gives null.

    `parameters` and `returns` are types of DuckDB; `reads_files` says that the same arguments may
    give another answer later. The function may not raise: an error would print its argument.
    """

    name: str
    python: Callable[..., str | int | bool | None]
    parameters: tuple[str, ...]
    returns: str = "VARCHAR"
    reads_files: bool = False
