"""Grades on other grounds in words: the person, the grades, the ground, the state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.grades.ladder import GRADES, NATIONAL, Ladder, grade_label
from compete.domain.identity.occupations import same_occupation
from compete.domain.identity.papers import Paper, paper_name
from compete.domain.values.claim_states import GROUND_WORDS, OFFERED_GROUNDS, ClaimState
from compete.domain.values.messages import Message
from compete.domain.values.rights import Right
from compete.models import Certificate, Competition, Examinee, GradeClaim, utc_now
from compete.services.accounts.card_handlers import signed_as
from compete.services.accounts.second_persons import SecondWord
from compete.services.certificates.assessed import facts_of
from compete.services.certificates.claims import certificates_of_claims, terms_of
from compete.services.certificates.double_grades import claim_place, ladder_of_claim, shared_ladder
from compete.services.certificates.examinees import examinee_number
from compete.services.certificates.issuing_bodies import body_for, occupations_of
from compete.services.kernel.clock import local_time
from compete.services.kernel.event_rules import ladder_of
from compete.web import guard
from compete.web.calendar_words import calendar_doubt
from compete.web.language import say
from compete.web.shapes import Choice
from compete.web.templating import moment

_C = ClaimState
_ICONS = {
    _C.PROPOSED: "proposed",
    _C.NOTICE: "review",
    _C.DEFERRED: "held",
    _C.REFUSED: "refused",
    _C.APPROVED: "approved",
    _C.ISSUED: "issued",
    _C.REVOKED: "revoked",
    _C.DROPPED: "withdrawn",
}
_DECIDED = (_C.NOTICE, _C.DEFERRED, _C.REFUSED, _C.APPROVED)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimRow:
    """One person's grade on one ground, in words."""

    row: GradeClaim
    paper: Certificate | None
    name: str
    examinee: int | None
    """The number of an examinee; None of a contestant."""
    job: str
    """The occupation, if no event says it."""
    present: str
    to: str
    ground: str
    facts: str
    icon: str
    """The key of `state` in `_parts/states.html`."""
    notes: Sequence[str]
    may: str
    """The next act for the rows ticked with it: `notice`, `decide`, `drop`, or nothing."""
    why_not: str | None


def claim_rows(competition: Competition, claims: Sequence[GradeClaim]) -> list[ClaimRow]:
    """Return the rows of these claims as the list shows them."""
    papers = certificates_of_claims(claims)
    barred = {
        number: SecondWord(competition, number).why_not(current_user)
        for number in {row.proposed_by for row in claims if row.state in _DECIDED}
    }
    return [
        _row(competition, row, papers.get(row.id), barred.get(row.proposed_by)) for row in claims
    ]


def _row(
    competition: Competition, row: GradeClaim, paper: Certificate | None, barred: Message | None
) -> ClaimRow:
    person = row.person
    may, why = _next(row, barred)
    ladder = ladder_of_claim(row)
    return ClaimRow(
        row=row,
        paper=paper,
        name=person.name
        if row.member is None or row.entrant is None
        else _("%(name)s（%(more)s）", name=person.name, more=row.entrant.name),
        examinee=examinee_number(row.examinee) if row.examinee is not None else None,
        job=claim_place(row) if row.examinee is not None else "",
        present=say(
            grade_label(row.present_grade if row.present_grade in GRADES else None, ladder)
        ),
        to=say(grade_label(row.grade, ladder)),
        ground=say(GROUND_WORDS[row.ground]),
        facts=say(facts_of(row)),
        icon=_ICONS[row.state],
        notes=_notes(competition, row),
        may=may,
        why_not=why,
    )


def _next(row: GradeClaim, barred: Message | None) -> tuple[str, str | None]:
    """Return the viewer's next act, or why none; `barred`: why they are no second person."""
    decides = guard.may_do(Right.DECIDE_AWARDS)
    if row.state is _C.PROPOSED:
        return ("notice", None) if decides else ("", None)
    if row.state not in _DECIDED:
        return "", None
    if barred is not None:
        return ("drop" if decides and row.state is _C.NOTICE else ""), say(barred)
    return "decide", None


def _notes(competition: Competition, row: GradeClaim) -> list[str]:
    notes = [
        _(
            "%(who)s 提出，%(at)s",
            who=say(signed_as(row.proposer)),
            at=moment(row.proposed_at),
        )
    ]
    if row.notice_until is not None and row.state is _C.NOTICE:
        over = row.notice_until <= utc_now()
        last = local_time(row.notice_until).date()
        notes.append(
            _("没有公示：这种依据定的是公示 0 天")
            if over and not terms_of(competition, row.ground).days
            else _("公示期满了，可以定")
            if over
            else _("公示到 %(at)s，期满以后才能批准", at=moment(row.notice_until))
        )
        if not over and (doubt := calendar_doubt(row.notice_from or last, last)):
            notes.append(doubt)
    if row.decider is not None and row.decided_at is not None:
        who = say(signed_as(row.decider))
        notes.append(_("%(who)s 定的，%(at)s", who=who, at=moment(row.decided_at)))
    if row.decision_reason:
        notes.append(row.decision_reason)
    return notes


def examinee_url(competition: Competition, examinee: Examinee) -> str:
    """Address of the page of an examinee, who takes no part."""
    number = examinee_number(examinee)
    return url_for("organiser.examinee", code=competition.code, number=number)


def ground_rows(
    competition: Competition, typed: Mapping[str, str] | None = None
) -> list[dict[str, Any]]:
    """List the needs of each ground, or the typed ones."""
    rows = []
    for ground in OFFERED_GROUNDS:
        terms = terms_of(competition, ground)
        rows.append(
            {
                "key": ground.value,
                "name": say(GROUND_WORDS[ground]),
                "document": terms.document if typed is None else f"{ground}.document" in typed,
                "days": str(terms.days) if typed is None else typed.get(f"{ground}.days", ""),
            }
        )
    return rows


def ground_choices() -> list[Choice]:
    """The grounds, to choose from."""
    return [Choice(value=g.value, label=say(GROUND_WORDS[g])) for g in OFFERED_GROUNDS]


def grade_choices(competition: Competition) -> list[Choice]:
    """The grades that may be given, lowest first; by every name that its events have for them."""
    ladders = [ladder_of(event) for event in competition.events] or [NATIONAL]

    def names(grade: int) -> list[str]:
        known = (ladder for ladder in ladders if ladder.of_grade(grade) is not None)
        return list(dict.fromkeys(say(grade_label(grade, ladder)) for ladder in known))

    return [
        Choice(value=str(grade), label=" / ".join(called))
        for grade in GRADES
        if (called := names(grade))
    ]


def occupations_filed(competition: Competition) -> dict[str, Mapping[str, Any]]:
    """List the lines of the body's scope, the competition's own first, by code and name.

    Not by their places: another body may be chosen while somebody fills in the form.
    """
    body, own = body_for(competition), occupations_of(competition)

    def is_own(entry: Mapping[str, Any]) -> bool:
        code, name = entry["code"], entry["name"]
        return any(same_occupation(code, name, each.code, each.name) for each in own)

    return {
        f"{entry['code']} {entry['name']}": entry
        for entry in sorted(body.scope if body else (), key=lambda entry: not is_own(entry))
    }


def occupation_choices(competition: Competition) -> list[Choice]:
    """The same, with the grades; none where there is no body."""
    ladder = shared_ladder(competition)
    return [
        Choice(
            value=key,
            label=_(
                "%(name)s %(code)s（%(grades)s）",
                name=entry["name"],
                code=entry["code"],
                grades=_grades_in_words(entry["grades"], ladder),
            ),
        )
        for key, entry in occupations_filed(competition).items()
    ]


def _grades_in_words(grades: Sequence[int], ladder: Ladder) -> str:
    """Name all grades, or the first and the last: five names are longer than any field."""
    names = [say(grade_label(grade, ladder)) for grade in grades]
    steps = {one - other for one, other in pairwise(grades)}
    if len(names) > 2 and (steps == {1} or steps == {-1}):
        return _("%(first)s 到 %(last)s", first=names[0], last=names[-1])
    return _("、").join(names)


def paper_choices() -> list[Choice]:
    """The kinds of identity paper."""
    return [Choice(value=paper.value, label=say(paper_name(paper))) for paper in Paper]
