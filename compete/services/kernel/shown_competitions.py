"""Which competitions are shown: all but those of which not every part is loaded."""

from __future__ import annotations

from sqlalchemy import ColumnElement

from compete.models import Competition


def is_shown() -> ColumnElement[bool]:
    """The condition that a competition is there for everybody; for queries that list some."""
    return Competition.loading.is_(None)
