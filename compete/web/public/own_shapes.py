"""The form on which somebody enters themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from compete.web.organiser.registration.fields import PersonField


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldGroup:
    """Fields that stand together under a heading."""

    title: str
    hint: str | None
    fields: Sequence[PersonField]
    folded: bool
    """Whether it is shut until somebody wants it: nothing in it is wrong or filled in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryForm:
    """The form, new or again."""

    groups: Sequence[FieldGroup]
    link: str
    """The link under which it will stand, of a new one."""
    version: int | None
    """Which version of it is corrected; None of a new one."""
    first_paper: str
    """The paper whose number tells gender and birth."""
    other_unit: str
    """What the choice of units sends for one that is not on the list."""
    picture: str | None
    photo_error: str | None
    problem: str | None
