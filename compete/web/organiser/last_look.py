"""The page on which somebody sees what an act will do, and presses once more."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from flask import render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.messages import Message
from compete.models import Competition
from compete.services.accounts.second_persons import second_now
from compete.services.scoring.unnamed_judges import PanelTold
from compete.web.language import say
from compete.web.organiser.shapes import Link


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A thing that will happen."""

    what: str
    detail: str
    """The line under it; may be empty."""
    link: Link | None = None
    """The link to something that is to be done about it first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocking:
    """Why it cannot happen yet."""

    what: str
    link: Link | None = None
    """The link to deal with it, if that is another page than the one before."""


ToldRow = tuple[str, str, str]
"""A reason, or what is noted beside something: whose it is, what, and the text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoingOut:
    """The parts of a competition that go out with its results."""

    also: Collection[str]
    """The keys of what goes out though no rule asks for it."""
    columns: Sequence[tuple[str, str, str]]
    """Columns about people: the key, the name, and how many of the events' rules ask for it:
    `all`, `some` or `none`."""
    people: Sequence[tuple[str, str, Sequence[tuple[str, str]]]]
    """Code, name and cells of some, one for each column: its key, empty where it is told in any
    case, and the text."""
    reasons: Sequence[ToldRow]
    extras: Sequence[ToldRow]
    panel: PanelTold | None
    """A panel as it would be published, with its judges' names or without."""
    births: str | None
    """The number of people whose births go out and why, if a rule compares by age."""
    never: Sequence[str]
    """The parts that do not go out."""


def last_look(
    competition: Competition,
    title: str,
    facts: Sequence[Fact],
    blockers: Sequence[Blocking],
    url: str,
    back: str,
    *,
    area: str = "judges",
    fields: Mapping[str, str] | None = None,
    asks_note: bool = False,
    asks_why: bool = False,
    act: str = "",
    going_out: GoingOut | None = None,
) -> str:
    """Show what `url` will do; if something stands in its way, that alone.

    `area` is the part of the desk that the page belongs to, `act` what the button says where it
    is not the title; `asks_why` wants a reason, `asks_note` what changed.
    """
    return render_template(
        "organiser/last_look.html",
        area=area,
        title=title,
        facts=facts,
        blockers=blockers,
        fields=fields or {},
        asks_note=asks_note,
        asks_why=asks_why,
        act=act or title,
        going_out=going_out,
        url=url,
        back=back,
    )


def make_fact(what: str, detail: str | Message, link: Link | None = None) -> Fact:
    """Return one line of what will happen, with what stands under it and where to mend it."""
    return Fact(what=what, detail=say(detail), link=link)


def second_fact(competition: Competition, *, published: bool = False) -> Fact:
    """Name the possible second persons for later acts, and until when others could not be one.

    Of what is `published` marks are opened by who counts for what is grave.
    """
    url = url_for("organiser.second_person")
    return make_fact(
        _("往后要第二个人的"),
        second_now(competition, current_user, grave=published),
        Link(label=_("看谁能当第二个人"), url=url),
    )
