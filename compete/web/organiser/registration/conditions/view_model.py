"""Conditions of entry in words and forms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import render_template, url_for
from flask_babel import gettext as _

from compete.domain.eligibility import Conditions
from compete.domain.entry_fields import fields_offered
from compete.domain.grades.ladder import grade_label
from compete.domain.values.kinds import EntrantGroup, Kind
from compete.domain.values.messages import Message
from compete.models import Competition, Entrant, Event, Member
from compete.services.competitions.conditions_undo import last_conditions_change
from compete.services.competitions.set_up import Part
from compete.services.kernel.competition_settings import asked_fields
from compete.services.kernel.event_rules import ladder_of
from compete.services.registration.eligibility import (
    asked_by,
    conditions_of,
    day_of,
    mark_of,
    unfit_in,
)
from compete.services.registration.exemptions import without_exempted
from compete.web.guard import allowed_url
from compete.web.language import say
from compete.web.organiser.last_act import LastAct, last_act, when_and_who
from compete.web.organiser.shapes import competition_link
from compete.web.organiser.typed_moments import typed_moment
from compete.web.shapes import Choice, choices
from compete.web.words import group_word

MOST_SHOWN = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedConditions:
    """One event's form, as it stands or as it was typed."""

    age_from: str
    age_to: str
    age_on: str
    years: str
    grade: str
    certificate: bool
    groups: Sequence[str]
    no_posts: str
    not_promoted: bool
    one_event: bool
    opens: str
    closes: str
    seen: str
    """The mark of the values that the page showed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventConditions:
    """An event's conditions in words, and its form."""

    code: str
    name: str
    asked: Sequence[Message]
    typed: TypedConditions
    grades: Sequence[Choice]
    """The grades, by the event's own names."""
    problem: str | None
    open: bool


def show_conditions(
    competition: Competition,
    of: str | None = None,
    typed: TypedConditions | None = None,
    problem: str | None = None,
) -> str:
    """Render all events; `typed` stands in the form of the event whose code is `of`."""
    stands = conditions_of(competition)
    unfit = without_exempted(unfit_in(competition))
    events = [
        _event(
            event,
            typed if typed and event.code == of else shown(stands.get(event.code)),
            problem if event.code == of else None,
            len(competition.events) == 1,
        )
        for event in competition.events
    ]
    fields = fields_offered(Kind(competition.kind))
    return render_template(
        "organiser/registration/conditions.html",
        competition=competition_link(competition),
        code=competition.code,
        day=day_of(competition).isoformat(),
        events=events,
        groups=choices({group.value: group_word(group.value) for group in EntrantGroup}),
        unfit=[(_entrant(each.holder), each) for each in unfit[:MOST_SHOWN]],
        unfit_total=len(unfit),
        fields=choices({field.value: field.asks.title for field in fields}),
        asked_fields=asked_fields(competition),
        asks=bool(stands),
        places_url=allowed_url("organiser.set_up", code=competition.code, part=Part.EVENTS.value),
        last=_last(competition),
    )


def _last(competition: Competition) -> LastAct | None:
    last = last_conditions_change(competition)
    if last is None:
        return None
    told = when_and_who(last)
    if last.event is not None:
        said = _("%(at)s %(who)s改了“%(name)s”的条件", **told, name=last.event.name)
    else:
        said = _("%(at)s %(who)s改了报名还问什么", **told)
    return last_act(last, said, url_for("organiser.undo_last_conditions", code=competition.code))


def shown(conditions: Conditions | None) -> TypedConditions:
    """Return the conditions in force as a form has them."""
    it = conditions or Conditions()
    return TypedConditions(
        age_from=_text(it.age_from),
        age_to=_text(it.age_to),
        age_on=it.age_on.isoformat() if it.age_on else "",
        years=_text(it.years),
        grade=_text(it.grade),
        certificate=it.certificate,
        groups=[group.value for group in it.groups],
        no_posts=_("、").join(it.no_posts),
        not_promoted=it.not_promoted,
        one_event=it.one_event,
        opens=typed_moment(it.opens),
        closes=typed_moment(it.closes),
        seen=mark_of(it),
    )


def _event(
    event: Event, typed: TypedConditions, problem: str | None, alone: bool
) -> EventConditions:
    return EventConditions(
        code=event.code,
        name=event.name,
        asked=asked_by(event),
        typed=typed,
        grades=choices({"": _("不要求"), **_grades(event, typed)}),
        problem=problem,
        open=alone or problem is not None,
    )


def _grades(event: Event, typed: TypedConditions) -> dict[int, str]:
    ladder = ladder_of(event)
    return {
        grade: _("%(grade)s或以上", grade=say(grade_label(grade, ladder)))
        for grade in (5, 4, 3, 2, 1)
        if ladder.of_grade(grade) is not None or str(grade) == typed.grade
    }


def _entrant(holder: Entrant | Member) -> Entrant:
    return holder.entrant if isinstance(holder, Member) else holder


def _text(number: int | None) -> str:
    return "" if number is None else str(number)
