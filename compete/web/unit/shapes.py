"""What a unit's page says of one of its people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from compete.domain.values.states import ApplicationState
from compete.models import Application, Entrant

AWAY = "away"
"""Beside the states of an application: on the list, and withdrawn since."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """One of the unit's people: entered, handed in, or on the list."""

    row: Application | Entrant
    number: str | None
    """Of the ID document."""
    grade: str
    state: ApplicationState | str
    notes: Sequence[str]
    warn: bool = False
    """Whether the notes say what is to be done."""
    times: Sequence[str] = ()
    """When and where the person is to be, once that is known."""
    tick: str | None = None
    """What the form sends for who can be handed in, of a crew for all of it with the first one
    shown; None for who cannot."""
    ticked: bool = False
    """Whether the page ticks it: not who was given back and is as before."""
    edit_word: str = ""
    """What the button says that leads to the form; empty where there is none."""
    out: str = ""
    """`take_person_back` or `drop_person`; empty where neither can be."""
    out_word: str = ""
    mark: str | None
    """Which photo there is; None where there is none, and for a crew."""
    photo_word: str
    open: bool = False
    """Whether it is the contact's turn."""
    seated: bool = True
    """Whether somebody in a state that has a place has it; who entered themselves and was given
    back has none."""
    decide: str | None = None
    """What a form sends of who entered themselves and waits for the unit's word."""

    @property
    def listed(self) -> bool:
        """Whether it is somebody of the list."""
        return isinstance(self.row, Entrant)

    @property
    def by_person(self) -> bool:
        """Whether it is who entered themselves and is not on the list yet."""
        return isinstance(self.row, Application) and self.row.by_person
