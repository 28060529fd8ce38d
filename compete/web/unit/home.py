"""The unit's page: its people in rows, its places and days; people handed in and confirmed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from compete.domain.bundle.naming import module_name
from compete.domain.grades.ladder import grade_label
from compete.domain.identity.names import made_up_note
from compete.domain.kinds.kinds import competition_kind
from compete.domain.registration_columns import CONSENT_WORDS
from compete.domain.values.messages import Message, listed
from compete.domain.values.rights import Right
from compete.domain.values.states import ApplicationState, CompetitionState
from compete.models import Application, Competition, Entrant, Slot, Unit, Withdrawal, utc_now
from compete.services.examinations.setting_up import examinations_of
from compete.services.kernel.event_rules import ladder_of, rules_of
from compete.services.kernel.participants import withdrawals_of
from compete.services.kernel.publications import latest_publication
from compete.services.kernel.refusal import Refused
from compete.services.registration.applications import (
    EDITABLE,
    applications_of,
    cells_of,
    entrants_of,
    offer_for,
    problems_of,
    stands_already,
)
from compete.services.registration.consents import words_of_unit
from compete.services.registration.documents import DocumentCount, count_documents
from compete.services.registration.portraits import marks_of_applications, marks_of_people
from compete.services.registration.self_entry.confirmation import confirm_own, return_own
from compete.services.registration.self_entry.settings import is_decided_still
from compete.services.registration.submission import submit_people
from compete.services.registration.substitution import (
    instead_of,
    reason_of,
    replaceable_of,
    requests_of,
)
from compete.services.registration.waiting_list import places_of, quota_of
from compete.services.registration.window import why_units_cannot_enter, window_of
from compete.services.schedule.calendars import calendar_key
from compete.services.schedule.drawn_places import awaited_draws
from compete.sheets.registration.columns import PEOPLE_BY_KEY
from compete.web import guard
from compete.web.applicant_conditions import reviews_on_list, shortfalls_on_list, unmet_words
from compete.web.documents import count_chip
from compete.web.entry_condition_words import conditions_of_events
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.registration.self_entry import give_new_link
from compete.web.organiser.shapes import Link
from compete.web.posted import posted_reason
from compete.web.refusals import problem_of, refusal_on
from compete.web.selection import one_tick, seen_versions, tick_of
from compete.web.shapes import Chip
from compete.web.templating import clock, day, moment, near_day
from compete.web.unit.blueprint import face, own_unit, unit_application
from compete.web.words import station_of, typed_grade

AWAY, ONWARD = "away", "onward"
"""The states beside those of an application: on the list, and withdrawn since, or to go on in the
next batch."""


Holder = tuple[str, int]


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
    photo_word: str = ""
    """Of a crew how many have a photo."""
    open: bool = False
    """True if it is the contact's turn."""
    seated: bool = True
    """True if somebody in a state that has a place has it; who entered themselves and was given
    back has none."""
    decide: str | None = None
    """The form's value for people who entered themselves and wait for the unit's decision."""

    @property
    def holder(self) -> Holder:
        """Whose the row is, as the documents are counted by."""
        return "entrant" if self.listed else "application", self.row.id

    @property
    def listed(self) -> bool:
        """True if it is somebody of the list."""
        return isinstance(self.row, Entrant)

    @property
    def by_person(self) -> bool:
        """True if it is somebody who entered themselves and is not on the list yet."""
        return isinstance(self.row, Application) and self.row.by_person


_S = ApplicationState
_MOST_SEATS = 40


def seats(rows: Sequence[PersonRow], most: int | None) -> Sequence[tuple[str | None, str]]:
    """List the holders of the places: those on the list, those handed in, those given back."""
    if most is None or most > _MOST_SEATS:
        return []
    seated = (_S.ACCEPTED, _S.SUBMITTED, _S.RETURNED)
    taken = [
        (row.row.name, row.state)
        for state in seated
        for row in rows
        if row.state == state and row.seated
    ][:most]
    return [*taken, *((None, "none") for _place in range(most - len(taken)))]


def beyond(rows: Sequence[PersonRow], used: int, most: int | None) -> int:
    """Count those to hand in who would find no place; people given back have theirs."""
    if most is None:
        return 0
    fresh = sum(len(row.tick.split()) for row in rows if row.tick and row.state != _S.RETURNED)
    return max(0, min(fresh, used + fresh - most))


def _row_of_own(
    row: Application,
    together: Sequence[Application],
    unmet: Sequence[str],
    mark: str | None,
    place: int,
    *,
    again: bool,
) -> PersonRow:
    """Describe a person who entered themselves: to be confirmed or given back, else shown.

    `together`: who is decided with them, of a crew all with the first one shown.
    """
    cells, asks = cells_of(row), row.state is _S.UNCONFIRMED
    at = moment(row.submitted_at)
    notes = [_("本人 %(at)s 用手机报的", at=at)]
    if row.state is _S.RETURNED:
        notes += [_returned_note(row), _("等本人改好再交")]
    elif row.state is _S.WAITING:
        notes.append(_waiting_note(place))
    elif row.state is _S.TAKEN_BACK:
        notes.append(_("本人撤回了"))
    elif row.confirmed_at is not None:
        notes.append(_("%(at)s 确认的，等组委会看", at=moment(row.confirmed_at)))
    if asks and again:
        notes.append(_("名单里有同一个人，弄清楚留哪一份，另一份退回"))
    if crew := cells.get("crew"):
        notes.append(_("组合：%(crew)s", crew=crew))
    if asks and crew:
        names = _("、").join(person.name for person in together)
        notes.append(
            _("一组 %(count)s 人一起确认、退回：%(names)s", count=len(together), names=names)
            if together
            else _("和同组的一起确认、退回")
        )
    details = [cells[key] for key in ("department", "post") if cells.get(key)]
    if details:
        notes.append(_("、").join(details))
    return PersonRow(
        row=row,
        number=cells.get("id_number"),
        grade=typed_grade(cells.get("grade", ""), row.event),
        state=row.state,
        notes=[*notes, *unmet],
        warn=bool(unmet) or (asks and again) or row.state is _S.RETURNED,
        mark=mark,
        open=asks,
        seated=row.state is not _S.RETURNED,
        decide=tick_of(together) if asks else None,
    )


_ORDER = (
    _S.UNCONFIRMED,
    _S.RETURNED,
    _S.DRAFT,
    _S.TAKEN_BACK,
    _S.SUBMITTED,
    _S.WAITING,
    _S.ACCEPTED,
    ONWARD,
    AWAY,
)


def _unit_page(
    competition: Competition,
    refused: Refused | None = None,
    *,
    chosen: Sequence[str] | None = None,
    returning: Sequence[str] = (),
) -> str:
    """The unit's page: all of its people, or those in the state that the address asks for."""
    unit, shown = own_unit(), request.args.get("show", "all")
    why = why_units_cannot_enter(competition)
    rows = _rows(unit, competition, can=why is None)
    counts = Counter(row.state for row in rows)
    kind = shown if shown in counts else "all"
    has_papers = competition_kind(competition).has_conditions
    papers = _documents(rows) if has_papers else {}
    # A stable sort: inside a state they stay in the order in which they came.
    given_back = {holder for holder, count in papers.items() if count.returned}
    rows.sort(key=lambda it: (it.holder not in given_back, _ORDER.index(it.state)))
    people = [row for row in rows if kind in ("all", row.state)]
    # Who comes for another takes no place of their own.
    asked = requests_of(applications_of(unit)).values()
    quota = quota_of(unit, competition, [application.id for application in asked])
    return render_template(
        "unit/home.html",
        competition=competition,
        unit=unit,
        until=_until(competition) if why is None else None,
        closed=why,
        decides=is_decided_still(competition),
        calendar=url_for("public.member_schedule", key=calendar_key(g.membership)),
        begun=competition.state is not CompetitionState.REGISTERING,
        published=latest_publication(competition) is not None,
        examined=any(it.marked_at for it in examinations_of(competition)),
        quota=quota,
        seats=seats(rows, quota.most),
        asked=conditions_of_events(competition),
        days=_days(competition),
        filters=[("all", len(rows)), *((key, counts[key]) for key in _ORDER if counts[key])],
        kind=kind,
        people=people,
        documents={it.holder: count_chip(papers.get(it.holder)) for it in people}
        if has_papers
        else {},
        everybody=len(rows),
        ready=sum(len(row.tick.split()) for row in people if row.tick),
        beyond=beyond(people, quota.used, quota.most),
        asking=[row.decide for row in rows if row.decide is not None],
        asking_people=sum(len(row.decide.split()) for row in rows if row.decide),
        problem=problem_of(refused),
        chosen=chosen,
        returning=returning,
        typed_reason=posted_reason(),
    )


def _documents(people: Sequence[PersonRow]) -> Mapping[Holder, DocumentCount]:
    listed = [it.row.id for it in people if it.listed]
    return count_documents(listed, [it.row.id for it in people if not it.listed])


def _rows(unit: Unit, competition: Competition, *, can: bool) -> list[PersonRow]:
    offer = offer_for(competition, unit)
    applications = applications_of(unit)
    places = places_of(competition) if any(row.state is _S.WAITING for row in applications) else {}
    photos = marks_of_applications([row.id for row in applications])
    undecided = [row for row in applications if row.state is not _S.ACCEPTED]
    unmet = unmet_words(competition, undecided, unit)
    twice = Counter[tuple[int | None, str | None]](
        (row.event_id, row.id_hash) for row in applications if row.id_hash
    )
    drafts = [row for row in applications if not row.by_person]
    together = one_tick(drafts, EDITABLE)
    asking = one_tick([row for row in applications if row.by_person], (_S.UNCONFIRMED,))
    problems = {row.id: problems_of(row, offer) for row in drafts if row.state in EDITABLE}
    entered = [
        _row_of_own(
            row,
            asking.get(row.public_id, ()),
            unmet.get(row.public_id, ()),
            photos.get(row.id),
            places.get(row.public_id, 0),
            again=twice[row.event_id, row.id_hash] > 1 or stands_already(row, own=True),
        )
        if row.by_person
        else _entered(
            row,
            competition,
            [other for other in together.get(row.public_id, ()) if not other.by_person],
            problems,
            unmet.get(row.public_id, ()),
            photos.get(row.id),
            places.get(row.public_id, 0),
            can=can,
            again=twice[row.event_id, row.id_hash] > 1,
        )
        for row in applications
    ]
    listed_people = entrants_of(unit)
    away = withdrawals_of(listed_people)
    asked, may = requests_of(applications), replaceable_of(unit, competition)
    marks = marks_of_people(competition, listed_people)
    words = words_of_unit(unit)
    # What the review says of who takes part says what is short, too.
    review = {
        **shortfalls_on_list(competition, listed_people),
        **reviews_on_list(competition, listed_people),
    }
    on_list = [
        _on_list(
            row,
            marks,
            words[row.id, None]["consent"] if (row.id, None) in words else None,
            review.get(row.code),
            away=away.get(row.id),
            asked=asked.get(row.code),
            may_replace=row.code in may,
        )
        for row in listed_people
    ]
    return [*entered, *on_list]


def _entered(
    row: Application,
    competition: Competition,
    together: Sequence[Application],
    of_all: Mapping[int, Mapping[str, Message]],
    unmet: Sequence[str],
    mark: str | None,
    place: int,
    *,
    can: bool,
    again: bool,
) -> PersonRow:
    cells, instead = cells_of(row), instead_of(row)
    editable = row.state in EDITABLE
    can = can or (instead is not None and is_decided_still(competition))
    problems = of_all.get(row.id, {})
    unready = [person.name for person in together if of_all.get(person.id)]
    notes: list[str] = []
    if row.state is _S.RETURNED:
        notes.append(_returned_note(row))
    if problems:
        notes.append(_missing(problems))
    elif editable and again:
        notes.append(_("另一份的证件号码一样，同一个赛项只能交一份。重复了就删掉一份"))
    elif editable and row.state is _S.DRAFT and not unmet:
        notes.append(_("齐了，可以提交"))
    elif row.state is _S.WAITING:
        notes.append(_waiting_note(place))
    elif row.state is _S.SUBMITTED:
        notes.append(_("%(at)s 交的，等组委会看", at=moment(row.submitted_at)))
    if instead is not None:
        notes.append(_("换下 %(code)s，原因：%(why)s", code=instead, why=reason_of(row)))
    if consent := cells.get("consent"):
        notes.append(_consent_note(consent == str(CONSENT_WORDS[True])))
    if made_up := made_up_note(row.name):
        notes.append(say(made_up))
    if crew := cells.get("crew"):
        notes.append(_("组合：%(crew)s", crew=crew))
        notes += _together_notes(row, together, unready)
    if unmet:
        notes += unmet
        if editable and not problems:
            notes.append(
                _("填错了就改；条件不够的收了也没有准考证，勾上也能提交")
                if competition_kind(competition).has_conditions
                else _("填错了就改；确实是这样，要组委会特准才收，勾上也能提交")
            )
    handed_in = row.state in (_S.SUBMITTED, _S.WAITING)
    take_back = _("撤回一组") if crew else _("撤回")
    out = "take_person_back" if handed_in else "drop_person"
    return PersonRow(
        row=row,
        number=cells.get("id_number"),
        grade=typed_grade(cells.get("grade", ""), row.event),
        state=row.state,
        notes=notes,
        warn=bool(problems or unmet) or (editable and again) or row.state is _S.RETURNED,
        tick=" ".join(person.public_id for person in together) or None
        if editable and can and not unready and instead is None
        else None,
        ticked=not unmet and (row.decided_at is None or row.changed_at > row.decided_at),
        edit_word=(_("接着填") if problems else _("改")) if editable and can else "",
        out=out if can and (handed_in or editable) else "",
        out_word=take_back if handed_in else _("删掉"),
        mark=mark,
        open=row.state in (_S.RETURNED, _S.DRAFT),
        seated=instead is None,
    )


def _together_notes(
    row: Application, together: Sequence[Application], unready: Sequence[str]
) -> list[str]:
    """Name the others of a crew who are handed in together: one tick is for all."""
    if row.state not in EDITABLE:
        return []
    if not together:
        return [_("和同组的一起提交")]
    names = _("、").join(person.name for person in together)
    notes = [_("勾上就是一组 %(count)s 人：%(names)s", count=len(together), names=names)]
    others = [name for name in unready if name != row.name]
    if others:
        notes.append(_("同组的%(names)s还没填齐", names=_("、").join(others)))
    return notes


def _waiting_note(place: int) -> str:
    return _("候补第 %(n)s 位，前面有人空出来由组委会递补", n=place)


def _returned_note(row: Application) -> str:
    """Say why it was given back, by whom and when."""
    who = row.decider.name if row.decider else ""
    return _("%(why)s。%(who)s %(at)s", why=row.reason, who=who, at=moment(row.decided_at))


def _consent_note(given: bool) -> str:
    """Say if the person agreed to show the whole name."""
    return _("同意公布全名") if given else _("不同意公布全名")


def _on_list(
    row: Entrant,
    marks: dict[tuple[str, int], str],
    consent: bool | None,
    review: str | None,
    *,
    away: Withdrawal | None,
    asked: Application | None,
    may_replace: bool,
) -> PersonRow:
    have = sum(("member", member.id) in marks for member in row.members)
    photo = _("照片 %(have)s/%(all)s", have=have, all=len(row.members)) if row.members else ""
    asks = may_replace and (asked is None or asked.state in EDITABLE)
    onward = away is not None and away.onward
    # What is short says it already, where nobody wrote a reason of their own.
    gone = [away.reason] if away and onward and away.reason not in (review or "") else []
    return PersonRow(
        row=row,
        number=row.id_number,
        grade="" if row.members else say(grade_label(row.grade, ladder_of(row.event))),
        state=_S.ACCEPTED if away is None else ONWARD if onward else AWAY,
        notes=[
            _("参赛号 %(code)s", code=row.code),
            *gone,
            *([] if consent is None else [_consent_note(consent)]),
            *([] if asked is None else [_("申请换成 %(name)s", name=asked.name)]),
            *([] if review is None else [review]),
        ],
        times=[] if away else _times(row),
        mark=marks.get(("entrant", row.id)),
        edit_word=_("申请换人") if asks else "",
        photo_word=photo,
    )


def _times(row: Entrant) -> list[str]:
    """List times and places, as the person's own badge says them."""
    rules = rules_of(row.event)
    names = {
        (stage.code, module.code): module_name(rules, stage, module)
        for stage in rules.stages
        for module in stage.modules
    }
    times = [_time(slot, names) for slot in row.slots if slot.starts_at]
    return times + [
        _("“%(modules)s”原来抽的签作废了，等重新抽", modules=names.get(place, ""))
        for place in awaited_draws(row)
    ]


def _time(slot: Slot, names: dict[tuple[str, str], str]) -> str:
    what = names.get((slot.stage, slot.module), slot.session or "")
    parts = [near_day(slot.starts_at), clock(slot.starts_at), what, station_of(slot)]
    return " ".join(part for part in parts if part)


def _missing(problems: Mapping[str, Message]) -> str:
    """还缺：证件号码、赛项; or the first that is wrong."""
    named = [PEOPLE_BY_KEY[key].title for key in problems]
    return _("要补：%(what)s", what=say(listed(named)))


def _until(competition: Competition) -> Chip | None:
    closes = window_of(competition).closes
    if closes is None:
        return None
    left = closes - utc_now()
    text = _("%(at)s 截止", at=moment(closes))
    if left.days < 3:
        hours = left.days * 24 + left.seconds // 3600
        more = ngettext("还有 %(num)s 小时", "还有 %(num)s 小时", hours)
        text = _("%(at)s 截止，%(left)s", at=moment(closes), left=more)
    return Chip(text=text, kind="warn", icon="clock")


def _days(competition: Competition) -> list[tuple[str, str, bool]]:
    """The days that a unit has to know: when, what, and whether they are past."""
    window, now = window_of(competition), utc_now()
    days = [
        (moment(at), what, at < now)
        for at, what in ((window.opens, _("报名开始")), (window.closes, _("报名截止")))
        if at is not None
    ]
    if competition.starts is not None:
        days.append((day(competition.starts, with_year=True), _("比赛"), False))
    return days


@face.get("/<code>/")
@guard.may(Right.ENTER_OWN)
def home(competition: Competition) -> ResponseReturnValue:
    """Show the unit's own people, what became of them, and what is to be done."""
    return _unit_page(competition)


@face.post("/<code>/submit")
@guard.may(Right.ENTER_OWN)
@refusal_on(
    lambda competition, refused: _unit_page(
        competition, refused, chosen=request.form.getlist("who")
    )
)
def submit(competition: Competition) -> ResponseReturnValue:
    """Hand in those who were ticked."""
    people = [number for texts in request.form.getlist("who") for number in texts.split()]
    done = submit_people(own_unit(), competition, people, current_user)
    flash(ngettext("提交了 %(num)s 人，等组委会看", "提交了 %(num)s 人，等组委会看", done), "ok")
    return redirect(url_for("unit.home", code=competition.code))


@face.post("/<code>/confirm")
@guard.may(Right.ENTER_OWN)
@refusal_on(_unit_page)
def confirm(competition: Competition) -> ResponseReturnValue:
    """Say that people who entered themselves are the unit's; they go on to the organiser."""
    done = confirm_own(own_unit(), competition, seen_versions("who"), current_user)
    flash(ngettext("确认了 %(num)s 人，等组委会看", "确认了 %(num)s 人，等组委会看", done), "ok")
    return redirect(url_for("unit.home", code=competition.code))


@face.post("/<code>/give-back")
@guard.may(Right.ENTER_OWN)
@refusal_on(
    lambda competition, refused: _unit_page(
        competition, refused, returning=request.form.getlist("who")
    )
)
def give_back(competition: Competition) -> ResponseReturnValue:
    """Give entries back to the people who entered themselves, with a reason."""
    seen, reason = seen_versions("who"), posted_reason()
    done = return_own(own_unit(), competition, seen, reason, current_user)
    flash(ngettext("退回了 %(num)s 人", "退回了 %(num)s 人", done), "ok")
    return redirect(url_for("unit.home", code=competition.code))


@face.post("/<code>/people/<public_id>/link")
@guard.may(Right.ENTER_OWN)
@only_once
@refusal_on(lambda competition, public_id, refused: _unit_page(competition, refused))
def new_own_link(competition: Competition, public_id: str) -> ResponseReturnValue:
    """Make another link for one of the unit's who entered themselves and lost theirs."""
    unit, application = own_unit(), unit_application(public_id)
    if not application.by_person:
        abort(404)
    back = Link(label=unit.name, url=url_for("unit.home", code=competition.code))
    return give_new_link(application, back, unit)
