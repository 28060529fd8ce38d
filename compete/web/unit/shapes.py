"""Shapes of a unit's page about one of its people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from compete.domain.values.states import ApplicationState
from compete.models import Application, Entrant

AWAY = "away"
"""The state beside those of an application: on the list, and withdrawn since."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """One of the unit's people: entered, handed in, or on the list."""

    row: Application | Entrant
    number: str | None
    """The number of the ID document."""
    grade: str
    state: ApplicationState | str
    notes: Sequence[str]
    warn: bool = False
    """True if the notes say what is to be done."""
    times: Sequence[str] = ()
    """The times and places of the person, once they are known."""
    tick: str | None = None
    """The form's value for people who can be handed in, of a crew for all of it with the first one
    shown; None for who cannot."""
    ticked: bool = False
    """True if the page ticks it: not if they were given back and are as before."""
    edit_word: str = ""
    """The text of the button that leads to the form; empty if there is none."""
    out: str = ""
    """`take_person_back` or `drop_person`; empty where neither can be."""
    out_word: str = ""
    mark: str | None
    """The mark of the photo; None if there is none, and for a crew."""
    photo_word: str
    open: bool = False
    """True if it is the contact's turn."""
    seated: bool = True
    """True if somebody in a state that has a place has it; who entered themselves and was given
    back has none."""
    decide: str | None = None
    """The form's value for people who entered themselves and wait for the unit's decision."""

    @property
    def listed(self) -> bool:
        """True if it is somebody of the list."""
        return isinstance(self.row, Entrant)

    @property
    def by_person(self) -> bool:
        """True if it is somebody who entered themselves and is not on the list yet."""
        return isinstance(self.row, Application) and self.row.by_person
