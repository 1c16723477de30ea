"""How long what is published may leave: refusals since then are not known of."""

from datetime import datetime, timedelta

from tamiz.errors import GateError
from tamiz.publish.generation import Generation

SENT_FOR = timedelta(days=2)
# Clocks and time zones differ; beyond this, as_of is a mistake.
AHEAD_FOR = timedelta(days=1)


def refuse_other_times(
    generation: Generation, now: datetime, *, nothing_was: str = "sent", more: str = ""
) -> None:
    """Raise GateError if the generation is too old to be sent or exported, or from the future.

    `more` is another remedy.
    """
    moment = f"{generation.as_of:%Y-%m-%d %H:%M:%S}"
    remedy = f"nothing was {nothing_was}: run `dbt build` with today's as_of, then `tamiz validate`"
    if now - generation.as_of > SENT_FOR:
        raise GateError(
            f"what is published is of {moment}, more than {SENT_FOR.days} days ago: refusals since"
            f" then are not seen; {remedy}{more}"
        )
    if generation.as_of - now > AHEAD_FOR:
        raise GateError(
            f"what is published is of {moment}, more than {AHEAD_FOR.days} day ahead of this clock;"
            f" {remedy}"
        )
