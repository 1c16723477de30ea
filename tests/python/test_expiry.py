"""From its expiry on a segment adds nobody, and the funnel says why."""

from pathlib import Path

from loops import loop_of
from worlds import World

# seg_lapsed, of which aud_win_back is made, is to be looked at again on 2027-06-30.
BUILT = ("--select", "aud_win_back", "fct_audience_funnel")
LEFT_OUT = """
    select reason, sum(person_count)
    from fct_audience_funnel
    where audience_name = 'aud_win_back' and step = 'excluded' and platform = 'meta'
    group by reason
"""
ALL = """
    select sum(person_count) from fct_audience_funnel
    where audience_name = 'aud_win_back' and step = 'segment' and platform = 'meta'
"""


def test_an_expired_segment_adds_nobody_and_says_so(demo_world: World, tmp_path: Path) -> None:
    loop = loop_of(demo_world, tmp_path / "late")
    loop.build(*BUILT, as_of="2027-06-29 23:59:59", command="run")
    assert loop.query("select count(*) > 100 from aud_win_back") == [(True,)]
    assert "expired" not in dict(loop.query(LEFT_OUT))
    loop.build(*BUILT, as_of="2027-06-30 00:00:00", command="run")
    assert loop.query("select count(*) from aud_win_back") == [(0,)]
    [(everybody,)] = loop.query(ALL)
    assert everybody > 100
    assert dict(loop.query(LEFT_OUT)) == {"expired": everybody}
