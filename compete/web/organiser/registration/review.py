"""审核 of an evaluation: which line of conditions holds, or what is short and until when.

Who meets everything is passed with one press (通过). Who goes on in the next batch (转下一批) is
moved there, and brought back, many at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from compete.domain.evaluation.conditions import Line, LineState
from compete.domain.explanation.evaluations import line_steps
from compete.domain.grades.ladder import grade_label
from compete.domain.values.messages import listed, msg
from compete.domain.values.rights import Right
from compete.domain.values.states import CompetitionState
from compete.models import Competition, Entrant, Withdrawal
from compete.services.kernel.clock import local_time
from compete.services.kernel.event_rules import ladder_of, rules_of
from compete.services.kernel.refusal import FieldRefused, Refused
from compete.services.registration.applicant_eligibility import (
    Meeting,
    conditions_of_entrants,
    who_meets,
)
from compete.services.registration.batch_before import (
    batches_before,
    former_applicants,
    offer_former_applicants,
)
from compete.services.registration.documents import count_documents
from compete.services.registration.earlier_sittings import tried_again
from compete.services.registration.entrant_lookup import entrants_by_code
from compete.services.registration.former_documents import count_with_former
from compete.services.registration.passing import (
    last_pass,
    mark_of_people,
    pass_ready,
    ready_people,
    undo_pass,
)
from compete.services.registration.people import count_waiting
from compete.services.registration.withdrawals import (
    return_people_to_list,
    standing_withdrawals,
    withdraw_people,
)
from compete.services.schedule.admissions import Standing, standing_among
from compete.web import guard
from compete.web.applicant_conditions import (
    changed_since,
    conclusion,
    is_unknown,
    why_not_admitted,
)
from compete.web.documents import count_chip
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.last_act import LastAct, last_act, undone, when_and_who
from compete.web.organiser.registration.person.acts import (
    tell_beside,
    tell_free_place,
    tell_stayed,
)
from compete.web.organiser.registration.person.view_model import resit_chip
from compete.web.paging import part_of
from compete.web.posted import posted_people, posted_reason, posted_text
from compete.web.refusals import problem_of, refusal_on
from compete.web.shapes import Chip, choices


@dataclass(frozen=True, slots=True, kw_only=True)
class Road:
    """A line of conditions, one of which is enough; `near` is the one that is met first."""

    name: str
    chip: Chip
    near: bool
    conditions: Sequence[tuple[bool, str]]
    """The conditions: whether each holds, and what is wanted and was found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """Who left the batch for the next one: why, by whom and on which day."""

    reason: str
    by: str
    day: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewRow:
    """Somebody who applies."""

    who: Entrant
    level: str
    grade: str
    conclusion: Chip
    resit: Chip | None
    """The number of the attempt, on record or proposed, if it is not the first."""
    roads: Sequence[Road]
    helps: bool
    """True if it is still to be corrected."""
    moved: Moved | None
    """That the person goes on in the next batch; None for who takes part."""
    documents: Chip
    """How many documents there are, and whether somebody has to look at one."""
    passed: str
    """Who passed the person, and on which day; empty where nobody did."""
    changed: str
    """What changed since, so that the person is no longer passed; empty for nothing."""


PAGE = "organiser.review"
PAGE_SIZE = 50


def review_page(competition: Competition, refused: Refused | None = None) -> str:
    """List the people the address asks for; without a filter those with something open."""
    show, level = request.args.get("show", "open"), request.args.get("level", "")
    everybody, away = who_meets(competition), standing_withdrawals(competition)
    shows = {
        "open": [it for it in everybody if not (it.ready or (it.passed and it.eligible))],
        "ready": [it for it in everybody if it.ready],
        "fit": [it for it in everybody if it.passed and it.eligible],
        "all": everybody,
    }
    events = {event.id: event.code for event in competition.events}
    people = (
        [(events[it.entrant.event_id], it.entrant.code) for it in away]
        if show == "moved"
        else [(person.event, person.entrant) for person in shows.get(show, shows["open"])]
    )
    wanted = [code for event, code in people if level in ("", event)]
    part, page = part_of(wanted, PAGE_SIZE, PAGE, show=show, level=level)
    open_still = competition.state is CompetitionState.REGISTERING
    return render_template(
        "organiser/registration/review.html",
        counts={**{key: len(people) for key, people in shows.items()}, "moved": len(away)},
        left=_left_words(shows["open"]),
        at_once=_at_once(competition, level) if show == "ready" else None,
        last=_last(competition),
        levels=choices({"": _("全部等级"), **{it.code: it.name for it in competition.events}}),
        level=level,
        show=show,
        rows=review_rows(competition, part, away),
        moves=open_still and show != "moved",
        returns=open_still and show == "moved",
        ticked=posted_people(),
        post_to=_here("organiser.put_onward" if show != "moved" else "organiser.return_moved"),
        problem=problem_of(refused),
        page=page,
        waiting=count_waiting(competition),
        before=_before(competition),
        former=count_with_former(competition, current_user),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class AtOnce:
    """Who is passed by one press: how many, and the mark of those whom the page lists."""

    people: int
    mark: str
    url: str


def _at_once(competition: Competition, level: str) -> AtOnce | None:
    people = ready_people(competition, level)
    if not people:
        return None
    return AtOnce(
        people=len(people), mark=mark_of_people(people), url=_here("organiser.pass_everybody_ready")
    )


def _left_words(people: Sequence[Meeting]) -> list[str]:
    """Say of how many who are still to be decided which thing is short; each is counted once."""
    short = Counter(why_not_admitted(it) or _("差条件") for it in people)
    return [_("%(why)s %(n)s 人", why=why, n=n) for why, n in short.most_common()]


def _last(competition: Competition) -> LastAct | None:
    last = last_pass(competition)
    if last is None:
        return None
    text = _("%(at)s %(who)s通过了 %(n)s 人", **when_and_who(last), n=len(last.people))
    return last_act(last, text, url_for("organiser.undo_last_pass"))


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchBefore:
    """The people of the batches before who may go on here, counted; the last one's name."""

    name: str
    in_vain: int
    left: int
    earlier: int
    """Those who left an earlier one and were in none since."""


def _before(competition: Competition) -> BatchBefore | None:
    """The offer, while people are registered and somebody is there to come."""
    if competition.state is not CompetitionState.REGISTERING:
        return None
    batches = batches_before(competition, current_user)
    people = former_applicants(competition, batches, bare=True)
    if not people:
        return None
    left = sum(person.left for person in people)
    earlier = sum(person.entrant.competition_id != batches[0].id for person in people)
    return BatchBefore(
        name=batches[0].name, in_vain=len(people) - left, left=left - earlier, earlier=earlier
    )


def review_rows(
    competition: Competition, codes: Sequence[str], away: Sequence[Withdrawal]
) -> list[ReviewRow]:
    """Describe the people of these codes, of whom those `away` were moved to the next batch."""
    people = entrants_by_code(competition, codes)
    moved = _moved([it for it in away if it.entrant.code in people])
    states = conditions_of_entrants(competition, list(people.values()))
    tried = {event.id: rules_of(event).grade for event in competition.events}
    again = tried_again(list(people.values()))
    documents = count_documents([who.id for who in people.values()])
    standing = standing_among(competition, [who.id for who in people.values()])
    return [
        ReviewRow(
            who=who,
            level=say(grade_label(tried[who.event_id], ladder_of(who.event))),
            grade=say(grade_label(who.grade, ladder_of(who.event))),
            conclusion=conclusion(states[code], ladder_of(who.event)),
            resit=resit_chip(again[code]) if code in again else None,
            roads=_roads(states[code], who.grade),
            helps=not states[code].eligible and competition.state is CompetitionState.REGISTERING,
            moved=moved.get(code),
            documents=count_chip(documents.get(("entrant", who.id))),
            passed=_passed_by(standing.get(who.id)),
            changed=_changed(standing.get(who.id)),
        )
        for code in codes
        if (who := people.get(code)) is not None
    ]


def _passed_by(standing: Standing | None) -> str:
    if standing is None:
        return ""
    row = standing.admission
    day = local_time(row.made_at).date().isoformat()
    if row.maker is None:
        return _("启用审核以前就在考的，%(day)s 算通过", day=day)
    return _("%(who)s %(day)s 通过", who=row.maker.name, day=day)


def _changed(standing: Standing | None) -> str:
    if standing is None or standing.counts:
        return ""
    return _("以后改了：%(what)s，要重新看", what=changed_since(standing.changed))


def _moved(withdrawals: Sequence[Withdrawal]) -> dict[str, Moved]:
    """Tell of each withdrawal, by the entrant's number."""
    return {
        it.entrant.code: Moved(
            reason=it.reason,
            by=it.maker.name,
            day=local_time(it.made_at).date().isoformat(),
        )
        for it in withdrawals
    }


def _roads(state: LineState, grade: int | None) -> list[Road]:
    """Every line, the one that is met first marked."""
    return [
        Road(
            name=line.line.cite or line.line.code,
            chip=_road_chip(line),
            near=line is state.applies
            or (not state.eligible and line.met_on is not None and line.met_on == state.earliest),
            conditions=[(bool(condition.met), say(condition.text)) for condition in step.steps],
        )
        for line, step in zip(state.lines, line_steps(state, grade), strict=True)
    ]


def _road_chip(line: Line) -> Chip:
    if line.met:
        return Chip(text=_("符合"), kind="ok", icon="check-circle")
    if is_unknown(line):
        return Chip(text=_("要补资料"), kind="warn", icon="warn")
    if line.met_on is not None:
        return Chip(text=_("%(day)s 满", day=str(line.met_on)), kind="bad", icon="clock")
    return Chip(text=_("不符合"), kind="bad", icon="cross")


@face.post("/<code>/review/before")
@guard.may(Right.REGISTER, of=guard.EVALUATIONS)
@only_once
def call_former_applicants(competition: Competition) -> ResponseReturnValue:
    """Lay out the rows of who may go on as an upload, to be looked through and written."""
    batch = offer_former_applicants(competition, current_user)
    return redirect(url_for("organiser.preview", batch_id=batch.id))


@face.post("/<code>/review/pass")
@guard.may(Right.REGISTER, of=guard.EVALUATIONS)
@only_once
@refusal_on(review_page)
def pass_everybody_ready(competition: Competition) -> ResponseReturnValue:
    """Pass everybody who meets everything, as the page listed them."""
    level = request.args.get("level", "")
    n = pass_ready(competition, level, posted_text("seen"), current_user)
    flash(ngettext("%(num)s 人通过了，能撤回", "%(num)s 人通过了，能撤回", n), "ok")
    return redirect(url_for("organiser.review", show="fit", level=level or None))


@face.post("/<code>/review/pass-undo")
@guard.may(Right.REGISTER, of=guard.EVALUATIONS)
@only_once
def undo_last_pass(competition: Competition) -> ResponseReturnValue:
    """Take the last press that passed people back."""
    return undone(partial(undo_pass, competition), PAGE, show="all")


def _reasons(competition: Competition, codes: Sequence[str], note: str) -> dict[str, str]:
    """Give the reason of each who is moved: the note, or without one what is short.

    Raises `FieldRefused` without a note for who meets the conditions.
    """
    if note.strip():
        return dict.fromkeys(codes, note)
    people = entrants_by_code(competition, codes)
    states = conditions_of_entrants(competition, list(people.values()))
    if fit := [people[code].name for code in people if states[code].eligible]:
        why = msg("%(names)s 符合条件，转下一批要写原因", names=listed(fit[:_NAMED]))
        raise FieldRefused("reason", why)
    return {
        code: conclusion(states[code], ladder_of(people[code].event)).text
        if code in people
        else _("转下一批")
        for code in codes
    }


_NAMED = 5


@face.post("/<code>/review/onward")
@guard.may(Right.REGISTER, of=guard.EVALUATIONS)
@refusal_on(review_page)
def put_onward(competition: Competition) -> ResponseReturnValue:
    """Move the ticked people to the next batch; without a reason what is short is theirs."""
    codes = posted_people()
    reasons = _reasons(competition, codes, posted_reason())
    done, stayed = withdraw_people(competition, reasons, current_user, onward=True)
    if done:
        n = len(done)
        flash(ngettext("%(num)s 人转下一批了，能撤回", "%(num)s 人转下一批了，能撤回", n), "ok")
    tell_stayed(stayed)
    tell_free_place(competition)
    return redirect(_here())


@face.post("/<code>/review/back")
@guard.may(Right.REGISTER, of=guard.EVALUATIONS)
@refusal_on(review_page)
def return_moved(competition: Competition) -> ResponseReturnValue:
    """Bring those ticked who go on in the next batch back into this one."""
    codes = posted_people()
    done, stayed, beside = return_people_to_list(competition, codes, current_user)
    if done:
        n = len(done)
        flash(ngettext("%(num)s 人回到这一批了", "%(num)s 人回到这一批了", n), "ok")
    tell_stayed(stayed)
    tell_beside(beside)
    return redirect(_here())


def _here(endpoint: str = PAGE) -> str:
    """The address of the list as it was asked for, or of an act on it."""
    asked: dict[str, Any] = {
        key: request.args.get(key) or None for key in ("show", "level", "page")
    }
    return url_for(endpoint, **asked)


@face.get("/<code>/review")
@guard.may(Right.REGISTER, of=guard.EVALUATIONS)
def review(competition: Competition) -> ResponseReturnValue:
    """List the applicants, each with every line of conditions and what is short of it."""
    return review_page(competition)
