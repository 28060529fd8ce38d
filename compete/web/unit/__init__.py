"""A unit's own page under its link: its people entered, handed in, followed."""

# ruff: noqa: F401  (views hang themselves on the blueprint when they are loaded)
from compete.web.unit import appeals, people, photos, replacing, upload, views
from compete.web.unit.blueprint import face

__all__ = ["face"]
