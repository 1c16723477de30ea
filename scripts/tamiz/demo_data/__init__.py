"""The demo world: raw tables of a shop that never was, and what is true of its people."""

from tamiz.demo_data.world import make_demo_world

__all__ = ["make_demo_world"]
