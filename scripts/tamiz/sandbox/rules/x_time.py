"""Times as X writes them."""

from datetime import UTC, datetime

THIRTEEN_MONTHS = 395 * 86_400.0  # seconds


def utc(seconds: float) -> str:
    """Return UTC seconds as X writes a time."""
    return f"{datetime.fromtimestamp(int(seconds), UTC):%Y-%m-%dT%H:%M:%SZ}"


def moment(text: str | None, absent: float | None) -> float | None:
    """Return the UTC seconds of a time, None if there is no such time."""
    if text is None:
        return absent
    try:
        return datetime.fromisoformat(text).timestamp()
    except (ValueError, OverflowError):
        return None
