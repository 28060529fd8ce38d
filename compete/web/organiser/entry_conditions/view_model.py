"""Conditions of entry in words and forms."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _

from compete.domain.eligibility import Conditions
from compete.domain.entry_fields import fields_offered
from compete.domain.grades.ladder import grade_label
from compete.domain.values.kinds import EntrantGroup, Kind
from compete.models import Competition, Event, Member
from compete.services.competitions.conditions_back import last_conditions_change
from compete.services.competitions.set_up_parts import Part
from compete.services.kernel.competition_settings import asked_fields
from compete.services.kernel.event_rules import ladder_of
from compete.services.kernel.signed_by_whom import signer_words
from compete.services.registration.eligibility import (
    Unfit,
    asked_by,
    conditions_of,
    day_of,
    mark_of,
    unfit_in,
)
from compete.services.registration.exempting import without_exempted
from compete.web.guard import allowed_url
from compete.web.language import say
from compete.web.organiser.entry_conditions.shapes import (
    AskedField,
    ConditionsPage,
    EventConditions,
    TypedConditions,
    UnfitPerson,
)
from compete.web.organiser.shapes import LastAct, Link, competition_link
from compete.web.organiser.typed_moments import typed_moment
from compete.web.shapes import Choice
from compete.web.templating import moment
from compete.web.words import group_word

MOST_SHOWN = 100


def conditions_page(
    competition: Competition,
    *,
    of: str | None = None,
    typed: TypedConditions | None = None,
    problem: str | None = None,
) -> ConditionsPage:
    """All events; `typed` stands in the form of the event whose code is `of`."""
    stands = conditions_of(competition)
    unfit = without_exempted(unfit_in(competition))
    asked = asked_fields(competition)
    return ConditionsPage(
        competition=competition_link(competition),
        list_link=Link(label=_("选手"), url=url_for("organiser.entrants", code=competition.code)),
        day=day_of(competition).isoformat(),
        events=[
            _event(
                event,
                typed if typed and event.code == of else shown(stands.get(event.code)),
                problem if event.code == of else None,
                len(competition.events) == 1,
            )
            for event in competition.events
        ],
        groups=[Choice(value=group.value, label=group_word(group.value)) for group in EntrantGroup],
        unfit=[_person(competition, each) for each in unfit[:MOST_SHOWN]],
        unfit_total=len(unfit),
        fields=[
            AskedField(key=field.value, label=say(field.asks.title), asked=field in asked)
            for field in fields_offered(Kind(competition.kind))
        ],
        fields_seen=",".join(asked),
        fields_url=url_for("organiser.set_entry_fields", code=competition.code),
        asks=bool(stands),
        places_url=allowed_url("organiser.set_up", code=competition.code, part=Part.EVENTS.value)
        or "",
        last=_last(competition),
    )


def _last(competition: Competition) -> LastAct | None:
    last = last_conditions_change(competition)
    if last is None:
        return None
    said = (
        _(
            "%(at)s %(who)s改了“%(name)s”的条件",
            at=moment(last.at),
            who=say(signer_words(last.by)),
            name=last.event.name,
        )
        if last.event is not None
        else _("%(at)s %(who)s改了报名还问什么", at=moment(last.at), who=say(signer_words(last.by)))
    )
    return LastAct(
        said=said,
        why_not="",
        mark=last.mark,
        undo_url=url_for("organiser.undo_last_conditions", code=competition.code),
    )


def shown(conditions: Conditions | None) -> TypedConditions:
    """What stands, as a form has it."""
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
        asked=[say(sentence) for sentence in asked_by(event)],
        typed=typed,
        grades=[
            Choice(value="", label=_("不要求")),
            *(
                Choice(
                    value=str(grade),
                    label=_("%(grade)s或以上", grade=say(grade_label(grade, ladder_of(event)))),
                )
                for grade in (5, 4, 3, 2, 1)
                if ladder_of(event).of_grade(grade) is not None or str(grade) == typed.grade
            ),
        ],
        problem=problem,
        open=alone or problem is not None,
        url=url_for(
            "organiser.set_entry_conditions", code=event.competition.code, event_code=event.code
        ),
    )


def _person(competition: Competition, unfit: Unfit) -> UnfitPerson:
    holder = unfit.holder
    entrant = holder.entrant if isinstance(holder, Member) else holder
    return UnfitPerson(
        name=holder.name,
        code=holder.code,
        unit=entrant.unit.name,
        url=url_for(
            "organiser.person", code=competition.code, who=entrant.code, _anchor="eligibility"
        ),
        why=[say(finding.sentence) for finding in unfit.findings],
    )


def _text(number: int | None) -> str:
    return "" if number is None else str(number)
