"""Deciding about people who were handed in, in a list; and setting when people are entered."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from compete.domain.identity.masks import mask_id
from compete.domain.kinds.kinds import competition_kind
from compete.domain.values.messages import Message, msg
from compete.domain.values.rights import Right
from compete.domain.values.states import ApplicationState, state_words
from compete.models import Application, Competition
from compete.services.jobs.papers.kinds import APPLICATIONS_BOOK, Asked, printed_as
from compete.services.kernel.edit_conflicts import BothChangedError
from compete.services.kernel.refusal import Refused
from compete.services.registration.acceptance import Left, return_people, still
from compete.services.registration.acceptance_undo import (
    last_accepted,
    undo_accepting,
    why_accepted_stay,
)
from compete.services.registration.applicant_eligibility import unmet_by
from compete.services.registration.applications import cells_of, unit_name_of
from compete.services.registration.entrant_lookup import codes_by_number, entrant_by_code
from compete.services.registration.people import find_applications, numbers_handed_in, rows_listed
from compete.services.registration.portraits import marks_of_applications, portrait_of_application
from compete.services.registration.self_entry.confirmation import assign_unit, find_own_application
from compete.services.registration.substitution import (
    accept_with_replacements,
    instead_of,
    reason_of,
)
from compete.services.registration.waiting_list import (
    next_in_line,
    places_of,
    waivers_of,
    would_wait,
)
from compete.services.registration.window import WINDOW_SET, Window, change_window, window_of
from compete.sheets.workbook.tables import Value
from compete.web import guard
from compete.web.applicant_conditions import shortfalls
from compete.web.edit_conflicts import Whose, carried, settle, values_on_page, whose
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.jobs.printing import print_or_follow
from compete.web.organiser.list_book import AT_ONCE, long_list, sentences
from compete.web.organiser.registration.self_entry import give_new_link
from compete.web.organiser.shapes import Link
from compete.web.organiser.typed_moments import read_moment, typed_moment
from compete.web.pages import or_404
from compete.web.paging import asked_page, describe_page
from compete.web.portraits import send_portrait_of
from compete.web.posted import posted_number, posted_reason
from compete.web.refusals import problem_of, refusal_on, status_of
from compete.web.selection import one_tick, seen_versions, tell_left, tick_of
from compete.web.shapes import choices
from compete.web.templating import moment
from compete.web.words import typed_grade

_S = ApplicationState


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationRow:
    """Somebody who was handed in."""

    row: Application
    unit: str
    id_masked: str
    grade: str
    notes: Sequence[str]
    tick_note: str
    """The people who go along with a tick; empty for a person of no crew."""
    unmet: Sequence[str]
    """The conditions of the event that the person does not meet."""
    full: str
    """The full limit that makes accepting them mean waiting; empty while there is a place."""
    tick: str | None
    """The tick's value for a waiting person: the person and the version that is shown."""
    code: str | None
    """The contestant's number, once there is one."""
    mark: str | None
    """The mark of the photo that was put."""
    asks_unit: bool
    """True if the unit was written by hand and is not on the list."""
    wants_waiver: bool
    """True if anything unmet is waived by nobody yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowForm:
    """The window in which units enter people, as typed."""

    typed: Mapping[str, str]
    was: str
    """The values that the form has shown; `theirs` are those somebody else set."""
    theirs: str = ""
    whose: Mapping[str, Whose] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    """The faults by the field's name; under "" what both changed."""


def _instead_note(row: Application, competition: Competition, instead: str) -> str:
    """Name the person whom the unit wants replaced, and why."""
    old = entrant_by_code(competition, instead)
    who = f"{instead} {old.name}" if old is not None else instead
    return _("换下 %(who)s，原因：%(why)s", who=who, why=reason_of(row))


def _full_note(full: tuple[Message, bool]) -> str:
    """Warn that accepting somebody now means that they wait, before anybody presses it."""
    what, now = full
    if now:
        return _("%(what)s，已经满了，收下就排候补", what=say(what))
    return _("%(what)s，前面的都收下就满了，排候补", what=say(what))


def _own_note(row: Application) -> str:
    """Say how a person came who entered themselves."""
    if row.confirmed_at is not None:
        return _("本人报的，单位 %(at)s 确认", at=moment(row.confirmed_at))
    if row.state is _S.UNCONFIRMED:
        return _("本人报的，单位还没确认；收下就是不等单位了")
    return _("本人报的")


def _crew_note(crew: str, role: str) -> str:
    if role:
        return _("组合：%(crew)s，%(role)s", crew=crew, role=role)
    return _("组合：%(crew)s", crew=crew)


def _together_note(people: Sequence[Application]) -> str:
    """Name the people who go with one of a crew; none if another's tick is theirs."""
    if not people:
        return _("和同组的一起勾")
    names = _("、").join(person.name for person in people)
    return _("勾上就是一组 %(count)s 人：%(names)s", count=len(people), names=names)


PAGE_SIZE = 100
_NAMED = 4
_UNDECIDED = (_S.UNCONFIRMED, _S.SUBMITTED, _S.WAITING)
_ICONS = {
    _S.UNCONFIRMED: "half-circle",
    _S.SUBMITTED: "up-circle",
    _S.WAITING: "clock",
    _S.RETURNED: "return",
    _S.ACCEPTED: "check-circle",
    _S.TAKEN_BACK: "undo",
}


def _show_applications(
    competition: Competition,
    refused: Refused | None = None,
    *,
    ticked: Collection[str] | None = None,
    window: WindowForm | None = None,
) -> str:
    """The page as the address asks for it; what was typed stands where it was typed."""
    code, number = competition.code, asked_page()
    show, unit = list_filters().values()
    state = _state(show)
    listed = find_applications(
        competition, state=state, unit=unit, page=number, page_size=PAGE_SIZE
    )
    undoes = state is _S.ACCEPTED and why_accepted_stay(competition) is None
    rows = _rows(competition, listed.rows, (_S.ACCEPTED,) if undoes else _UNDECIDED)
    here: dict[str, Any] = {"code": code, "show": show, "unit": unit or None}
    if ticked is None:
        ticked = request.form.getlist("who")
    marked = _marked(rows, request.args.get("tick", "")) if request.method == "GET" else None
    return render_template(
        "organiser/registration/applications.html",
        here_args=here,
        filters=[
            (option, icon, listed.counts.get(option, 0), option is state)
            for option, icon in _ICONS.items()
            if option is not _S.UNCONFIRMED or listed.counts.get(option) or option is state
        ],
        all_shown=state is None,
        rows=rows,
        everybody=sum(listed.counts.values()),
        waiting=sum(row.tick is not None for row in rows),
        ticked=ticked if marked is None else marked,
        parts=bool(_marked(rows, "fit") and _marked(rows, "short")),
        units=choices({unit.code: unit.name for unit in competition.units}),
        unit=unit,
        page=describe_page(listed.total, number, PAGE_SIZE, "organiser.applications", **here),
        window=window or _window_now(competition),
        reason=posted_reason(),
        has_conditions=competition_kind(competition).has_conditions,
        unmet=any(row.wants_waiver for row in rows),
        exempted_for=request.form.get("exempted_for", ""),
        offer=_offer(next_in_line(competition)),
        undoes=undoes,
        last=_last(competition),
        problem=problem_of(refused),
    )


def _marked(rows: Sequence[ApplicationRow], who: str) -> Sequence[str] | None:
    """The ticks of all, of those who meet the conditions (`fit`) or are `short`; None unasked.

    A tick is of whom it names: a crew is short where one of them is.
    """
    short = {row.row.public_id for row in rows if row.unmet}
    ticks = [row.tick for row in rows if row.tick]
    is_short = {
        tick: not short.isdisjoint(it.partition(":")[0] for it in tick.split()) for tick in ticks
    }
    return {
        "all": ticks,
        "fit": [tick for tick in ticks if not is_short[tick]],
        "short": [tick for tick in ticks if is_short[tick]],
    }.get(who)


def list_filters() -> dict[str, str]:
    """Return the address's filters: the word of the state, and the unit."""
    args = request.args
    return {"show": args.get("show", _S.SUBMITTED.value), "unit": args.get("unit", "")}


def _handed_in(asked: Asked) -> Sequence[int]:
    return numbers_handed_in(
        asked.competition, state=_state(asked.of["show"]), unit=asked.of["unit"]
    )


@printed_as(APPLICATIONS_BOOK, at_once=AT_ONCE, keys=_handed_in)
def _book(asked: Asked, numbers: Sequence[int]) -> bytes:
    """The list as a workbook, those of the state and unit asked for, on all pages."""

    def read(part: Sequence[int]) -> list[Sequence[Value]]:
        return [
            [
                *(row.row.name, row.unit, row.row.event.name if row.row.event else "—"),
                *(row.id_masked, row.grade, say(state_words(row.row.state))),
                sentences([*row.unmet, row.full, *row.notes]),
            ]
            for row in _rows(asked.competition, rows_listed(Application, part))
        ]

    return long_list(asked, msg("单位和个人报名"), _heads, numbers, read)


def _heads() -> list[str]:
    heads = (_("姓名"), _("单位"), _("赛项"), _("证件号码"), _("现等级"), _("状态"), _("说明"))
    return list(heads)


def _state(show: str) -> ApplicationState | None:
    return _S(show) if show in list(_ICONS) else None


def _rows(
    competition: Competition,
    applications: Sequence[Application],
    tickable: Collection[ApplicationState] = _UNDECIDED,
) -> list[ApplicationRow]:
    codes = codes_by_number([row.entrant_id for row in applications if row.entrant_id])
    photos = marks_of_applications([row.id for row in applications])
    places = places_of(competition)
    waiting = [row for row in applications if row.state in _UNDECIDED]
    unmet = unmet_by(competition, waiting)
    together = one_tick(applications, tickable)
    waivers, full = waivers_of(competition, waiting), would_wait(competition, waiting)
    short = shortfalls(competition, waiting)
    rows = []
    for row in applications:
        key, cells = row.public_id, cells_of(row)
        number, code = cells.get("id_number", ""), codes.get(row.entrant_id or 0)
        people, findings = together.get(key), unmet.get(key, ())
        why_waived, waived = waivers.get(key) or ("", ())
        why_full = full.get(key)
        rows.append(
            ApplicationRow(
                row=row,
                unit=unit_name_of(row),
                id_masked=mask_id(number) if number else "—",
                grade=typed_grade(cells.get("grade", ""), row.event),
                notes=_notes(row, competition, cells, places.get(key), why_waived, code),
                tick_note=_together_note(people)
                if cells.get("crew") and people is not None
                else "",
                unmet=[
                    *(say(finding.sentence) for finding in findings),
                    *([short[key]] if key in short else []),
                ],
                full=_full_note(why_full) if why_full else "",
                tick=tick_of(people or ()),
                code=code,
                mark=photos.get(row.id),
                asks_unit=row.unit is None and row.state in _UNDECIDED,
                wants_waiver=any(finding.rule not in waived for finding in findings),
            )
        )
    return rows


def _notes(
    row: Application,
    competition: Competition,
    cells: Mapping[str, str],
    place: int | None,
    why_waived: str,
    code: str | None,
) -> list[str]:
    notes = [_("%(at)s 交的", at=moment(row.submitted_at))]
    if row.state is _S.RETURNED:
        who = row.decider.name if row.decider else ""
        at = moment(row.decided_at)
        notes = [_("%(why)s。%(who)s %(at)s", why=row.reason, who=who, at=at)]
    elif place is not None:
        notes = [_("候补第 %(n)s 位", n=place)]
        if why_waived:
            notes.append(_("特准的原因写过了：%(why)s", why=why_waived))
    elif code is not None:
        notes = [_("参赛号 %(code)s", code=code)]
    if (instead := instead_of(row)) is not None:
        notes.append(_instead_note(row, competition, instead))
    if row.by_person:
        notes.append(_own_note(row))
    if crew := cells.get("crew"):
        notes.append(_crew_note(crew, cells.get("role", "")))
    if team := cells.get("team"):
        notes.append(_("代表队：%(team)s", team=team))
    return notes


def _typed_window(window: Window) -> dict[str, str]:
    """Return the window's values as its form has them."""
    return {
        "opens": typed_moment(window.opens),
        "closes": typed_moment(window.closes),
        "quota": "" if window.quota is None else str(window.quota),
    }


def _window_now(competition: Competition) -> WindowForm:
    stands = window_of(competition)
    return WindowForm(typed=_typed_window(stands), was=carried(stands))


def _window_words(window: Window) -> dict[str, str]:
    """Return the window's values in words."""
    return {
        "opens": moment(window.opens) if window.opens else _("现在就能报"),
        "closes": moment(window.closes) if window.closes else _("开始评分才截止"),
        "quota": _("不限") if window.quota is None else str(window.quota),
    }


def _last(competition: Competition) -> tuple[str, Sequence[Application]] | None:
    """Return the people accepted within the hour, whom one press takes back, in a sentence."""
    last = last_accepted(competition)
    if last is None:
        return None
    people = last.applications
    named = _("、").join(person.name for person in people[:_NAMED])
    n = len(people)
    if n > _NAMED:
        named = ngettext("%(names)s等 %(num)s 人", "%(names)s等 %(num)s 人", n, names=named)
    return _("%(at)s %(who)s收下：%(names)s", at=moment(last.at), who=last.by, names=named), people


def _offer(people: Sequence[Application]) -> tuple[str, Sequence[Application]] | None:
    """Offer a free place to the first who waits; nobody gets it by itself."""
    if not people:
        return None
    unit, names = unit_name_of(people[0]), _("、").join(person.name for person in people)
    return _("空出名额了，下一位候补：%(unit)s %(names)s", unit=unit, names=names), people


@face.get("/<code>/applications")
@guard.may(Right.REGISTER)
def applications(competition: Competition) -> ResponseReturnValue:
    """List the people who wait for a decision, and what became of the others."""
    return _show_applications(competition)


@face.get("/<code>/applications/list.xlsx")
@guard.may(Right.REGISTER)
def applications_book(competition: Competition) -> ResponseReturnValue:
    """The list as it is shown, of the same state and unit, with all its pages."""
    name = f"{say(msg('单位和个人报名'))}_{competition.name}.xlsx"
    return print_or_follow(competition, APPLICATIONS_BOOK, name, **list_filters())


@face.post("/<code>/applications/accept")
@guard.may(Right.REGISTER)
@only_once
@refusal_on(_show_applications)
def accept_applications(competition: Competition) -> ResponseReturnValue:
    """Take those who were ticked on the list."""
    seen, reason = seen_versions("who"), request.form.get("exempted_for", "")
    done = accept_with_replacements(competition, seen, current_user, exempted_for=reason)
    if done.entrants:
        n = len(done.entrants)
        flash(ngettext("收下 %(num)s 人，在名单里了", "收下 %(num)s 人，在名单里了", n), "ok")
    if done.waiting:
        n = len(done.waiting)
        flash(ngettext("名额满了，%(num)s 人排候补", "名额满了，%(num)s 人排候补", n), "warn")
    return _show_left(competition, done.left, _not_taken)


@face.post("/<code>/applications/return")
@guard.may(Right.REGISTER)
@refusal_on(_show_applications)
def return_applications(competition: Competition) -> ResponseReturnValue:
    """Give those who were ticked back, for a reason or for what each is short of."""
    seen, reason = seen_versions("who"), posted_reason()
    short = {} if reason.strip() else shortfalls(competition, still(competition, seen)[0])
    done = return_people(competition, seen, reason, current_user, short=short)
    n = len(seen) - len(done.left)
    if n:
        flash(ngettext("退回了 %(num)s 人", "退回了 %(num)s 人", n), "ok")
    return _show_left(competition, done.left, _not_given_back)


@face.post("/<code>/applications/undo")
@guard.may(Right.REGISTER)
@only_once
@refusal_on(_show_applications)
def undo_accepted(competition: Competition) -> ResponseReturnValue:
    """Take those who were ticked out of the list again, where nothing hangs on them yet."""
    back, left = undo_accepting(competition, seen_versions("who"), current_user)
    if back:
        n = len(back)
        flash(ngettext("撤回了 %(num)s 人，又等着收", "撤回了 %(num)s 人，又等着收", n), "ok")
    return _show_left(competition, left, _kept_on_the_list)


@face.get("/<code>/applications/<public_id>/photo.jpg")
@guard.may(Right.REGISTER)
def application_photo(competition: Competition, public_id: str) -> Response:
    """The photo of somebody who was handed in; drafts are the units' own affair."""
    return send_portrait_of(portrait_of_application(competition, public_id))


@face.post("/<code>/applications/<public_id>/unit")
@guard.may(Right.REGISTER)
@refusal_on(lambda competition, public_id, refused: _show_applications(competition, refused))
def application_unit(competition: Competition, public_id: str) -> ResponseReturnValue:
    """Set the unit of a person who wrote one that is not on the list."""
    application = or_404(find_own_application(competition, public_id))
    wanted, seen = request.form.get("unit", ""), posted_number("version")
    unit = assign_unit(application, wanted, seen, current_user)
    flash(_("%(name)s 是%(unit)s的了", name=application.name, unit=unit.name), "ok")
    return redirect(_list_url(competition))


@face.post("/<code>/applications/<public_id>/link")
@guard.may(Right.REGISTER)
@only_once
@refusal_on(lambda competition, public_id, refused: _show_applications(competition, refused))
def new_own_link(competition: Competition, public_id: str) -> ResponseReturnValue:
    """Make another link for somebody who entered themselves and lost theirs."""
    application = or_404(find_own_application(competition, public_id))
    return give_new_link(application, Link(label=_("单位和个人报名"), url=_list_url(competition)))


@face.post("/<code>/applications/window")
@guard.may(Right.REGISTER)
def registration_window(competition: Competition) -> ResponseReturnValue:
    """Set from when until when units enter people, and how many each."""
    typed = {key: request.form.get(key, "").strip() for key in ("opens", "closes", "quota")}
    wanted, errors = _window(typed)
    if wanted is None:
        stands = window_of(competition)
        was = settle(request.form, stands)[1] or stands
        form = WindowForm(typed=typed, was=carried(was), errors=errors)
        return _show_applications(competition, window=form), 400
    wanted, shown = settle(request.form, wanted)
    try:
        change_window(competition, wanted, current_user, shown)
    except BothChangedError as both:
        form = WindowForm(
            typed=_typed_window(both.merged),
            was=carried(values_on_page(both, shown or wanted)),
            errors={"": say(both.message)},
            whose=whose(competition, WINDOW_SET, both, _window_words(both.now)),
            theirs=carried(both.now),
        )
        return _show_applications(competition, window=form), status_of(both)
    except Refused as refused:
        late = wanted.opens and wanted.closes and wanted.opens >= wanted.closes
        errors = {"closes" if late else "quota": say(refused.message)}
        stood = carried(shown or window_of(competition))
        form = WindowForm(typed=_typed_window(wanted), was=stood, errors=errors)
        return _show_applications(competition, window=form), status_of(refused)
    flash(_("存下了"), "ok")
    return redirect(url_for("organiser.applications", code=competition.code))


def _window(typed: Mapping[str, str]) -> tuple[Window | None, dict[str, str]]:
    """Read the typed window, or None with the faults by field."""
    errors, times, quota = {}, {}, None
    for key in ("opens", "closes"):
        try:
            times[key] = read_moment(typed[key])
        except (ValueError, OverflowError):
            errors[key] = _("时间写成 2026-09-01 17:00，没定就空着")
    try:
        quota = int(typed["quota"]) if typed["quota"] else None
    except ValueError:
        errors["quota"] = _("名额写整数；不限就空着")
    return (None if errors else Window(times["opens"], times["closes"], quota)), errors


def _not_taken(more: int) -> str:
    return ngettext("还有 %(num)s 人没收", "还有 %(num)s 人没收", more)


def _not_given_back(more: int) -> str:
    return ngettext("还有 %(num)s 人没退回", "还有 %(num)s 人没退回", more)


def _kept_on_the_list(more: int) -> str:
    return ngettext("还有 %(num)s 人没撤回", "还有 %(num)s 人没撤回", more)


def _left_words(left: Left) -> str:
    person, why = left.application, say(left.why)
    return _("%(unit)s %(name)s：%(why)s", unit=unit_name_of(person), name=person.name, why=why)


def _show_left(
    competition: Competition, left: Sequence[Left], others: Callable[[int], str]
) -> ResponseReturnValue:
    """Show the list again; those left see why, and stay ticked with what was typed."""
    tell_left([_left_words(row) for row in left], others)
    if not left:
        return redirect(_list_url(competition))
    stayed = {row.application.public_id for row in left}
    ticks = [
        tick
        for tick in request.form.getlist("who")
        if not stayed.isdisjoint(pair.partition(":")[0] for pair in tick.split())
    ]
    return _show_applications(competition, ticked=ticks)


def _list_url(competition: Competition) -> str:
    return url_for(
        "organiser.applications",
        code=competition.code,
        show=request.args.get("show") or None,
        unit=request.args.get("unit") or None,
    )
