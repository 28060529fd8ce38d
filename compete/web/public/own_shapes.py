"""What the pages show on which somebody enters themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from compete.web.asked_of_people import AskedByEvent
from compete.web.organiser.registration.fields import PersonField
from compete.web.portraits import PhotoCard
from compete.web.shapes import Chip


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

    action: str
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


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterPage:
    """What `public/enter.html` wants."""

    heading: str
    subheading: str
    until: Chip | None
    closed: str | None
    asked: Sequence[AskedByEvent]
    form: EntryForm | None
    contact: str | None
    kept: str
    """How long after the end what was written is kept: 24 个月."""
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that happens on the way to the list."""

    at: str
    title: str
    text: str | None
    done: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CrewLine:
    """Somebody of the crew who was handed in together with the one whose page it is."""

    name: str
    standing: str
    """A key of the macro `state`."""
    word: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPage:
    """What `public/own_entry.html` wants."""

    heading: str
    subheading: str
    name: str
    unit: str
    event: str
    id_masked: str
    crew: str
    """The crew's name; empty for who stands alone."""
    together: Sequence[CrewLine]
    picture: str | None
    photo: PhotoCard | None
    """What can be done about the photo; None where the form or nobody does."""
    standing: str
    """A key of the macro `state`."""
    word: str
    lead: str
    """Where it stands and what is to be done, in one or two sentences."""
    reason: str | None
    """Why it was given back."""
    reason_by: str | None
    place: str | None
    """The place in the queue."""
    number: str | None
    badge_url: str | None
    """The contestant's page, once there is one."""
    steps: Sequence[Step]
    form: EntryForm | None
    changes: bool
    """Whether the form is to change what waits to be decided."""
    changing: bool
    """Whether what was sent of it was refused just now."""
    why_no_form: str | None
    take_back_url: str | None
    taken_back_with: int
    """How many of the crew go back together; none of who came alone."""
    delete_url: str | None
    address: str
    drawing: Markup
    arrived: bool
    """Whether it was handed in just now."""
    contact: str | None
    code: str
