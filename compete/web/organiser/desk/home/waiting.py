"""Tasks that wait for the viewer in each competition, from its state and by their roles."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from flask import current_app, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from compete.domain.kinds.kinds import competition_kind
from compete.domain.values.rights import Right, roles_for
from compete.domain.values.roles import Role
from compete.domain.values.states import ApplicationState, CompetitionState
from compete.models import Competition, Membership, Webhook, utc_now
from compete.services.accounts.access import competitions_of, memberships_with
from compete.services.backups.integrity import pending_damage
from compete.services.competitions.archive import is_put_away
from compete.services.competitions.overview import next_deadline, standing_of
from compete.services.kernel.clock import local_today, local_zone
from compete.services.kernel.competition_settings import settings_of
from compete.services.kernel.event_rules import labour_of
from compete.services.kernel.versions import remembered_words, words_at_hand
from compete.services.labour.deadlines import deadlines_of, late_list
from compete.services.labour.period_progress import closed_periods
from compete.services.labour.squares import leaves_of
from compete.services.outbox.deliveries import STOPPED_WORDS, given_up_since, host_of
from compete.services.outbox.webhooks import stopped_webhooks
from compete.services.registration.people import count_by_unit
from compete.services.registration.window import open_until
from compete.services.scoring.live_labour import labour_live
from compete.services.sheets.counts import sheet_counts
from compete.web.guard import as_in, may_do
from compete.web.language import chosen, say
from compete.web.organiser.desk.home.shapes import Coming, Waiting
from compete.web.organiser.desk.overview.beginning import beginning_steps
from compete.web.organiser.desk.overview.pending_approvals import describe_seconds
from compete.web.organiser.desk.overview.shapes import Missing, NextStep
from compete.web.organiser.desk.overview.view_model import next_step_of
from compete.web.organiser.desk.overview.waiting_rows import (
    describe_appeals,
    describe_labour_waits,
    missing_in,
)
from compete.web.organiser.questions.waiting import describe_bank_waits

_C = CompetitionState
_STEPS = {
    _C.REGISTERING: Right.OPEN_MARKING,
    _C.JUDGING: Right.LEAD,
    _C.LOCKED: Right.PUBLISH,
    _C.NOTICE: Right.PUBLISH,
    _C.FINAL: Right.ISSUE,
}
"""The right that the next step of a competition takes, by its state."""
_WEEK = timedelta(days=7)
_TURN = timedelta(minutes=5)
"""The time after which a competition is looked through again: deadlines pass without an act."""
AT_ONCE = 4
"""So many competitions are looked through for one page; what is known of the others is shown."""
AT_A_TIME = 12
"""So many, where the page that is open asks on by itself."""
_UNDER_WAY = (_C.JUDGING, _C.LOCKED, _C.NOTICE, _C.REGISTERING, _C.FINAL)
"""The order in which competitions are looked through."""
_GIVEN_UP_FOR = timedelta(days=3)
"""So long the home tells an administrator of a message that was given up."""


@dataclass(frozen=True, slots=True)
class Tasks:
    """The waiting tasks in all competitions, and the events to come."""

    waiting: list[Waiting]
    coming: list[Coming]
    unseen: int = 0
    """The number of competitions that changed and were not looked through since."""
    late: int = 0
    """The number of those that are known as of some minutes ago."""


@dataclass(frozen=True, slots=True)
class _Gathered:
    """The tasks of the viewer in one competition."""

    waiting: list[Waiting]
    coming: list[Coming]
    calm: bool = False
    """True if nothing but a day, or a deadline of the competition, can make them others."""


@dataclass(frozen=True, slots=True)
class _There:
    """The same as it is kept, with until when it is so."""

    waiting: list[Waiting]
    coming: list[Coming]
    until: datetime

    @property
    def holds(self) -> bool:
        """True if no time has come at which they may be others."""
        return utc_now() < self.until


@dataclass(frozen=True, slots=True)
class _Look:
    """A competition to look through: in which roles, and by what."""

    roles: frozenset[Role]
    gather: Callable[[Competition], _Gathered]

    @property
    def name(self) -> Hashable:
        """The name under which it is kept."""
        who = (current_user.id, current_user.is_admin, self.roles, chosen().code)
        return ("home", self.gather.__name__, *who)


def what_waits(competitions: Iterable[Competition], most: int = AT_ONCE) -> Tasks:
    """List the viewer's tasks: at the desk of these competitions, and in others with a part.

    What is known of each is asked in one statement for all; `most` that changed, or whose time
    has come, are looked through anew.
    """
    parts = memberships_with(current_user, set(Role))
    # One statement reads them all; kept here, as the session alone would let them go.
    theirs = competitions_of(parts)
    roles: defaultdict[Competition, set[Role]] = defaultdict(set)
    for part in parts:
        roles[theirs[part.competition_id]].add(part.role)
    looks = {it: _Look(frozenset(roles[it]), _gather) for it in competitions if not is_put_away(it)}
    for it in roles.keys() - looks.keys():
        if roles[it] & roles_for(Right.ARBITRATE):
            looks[it] = _Look(frozenset(roles[it]), _gather_appeals)
    known = _looked_through(looks, most)
    waiting = [*_in_installation(), *_in_banks()]
    waiting.extend(line for it in known.values() for line in it.waiting)
    waiting.extend(_of_units([part for part in parts if part.unit_id is not None]))
    return Tasks(
        waiting,
        [ahead for it in known.values() for ahead in it.coming],
        unseen=len(looks) - len(known),
        late=sum(not it.holds for it in known.values()),
    )


def _looked_through(looks: Mapping[Competition, _Look], most: int) -> dict[int, _There]:
    """What is known of each competition; `most` of those that are due are looked through."""
    at_hand = words_at_hand({it: look.name for it, look in looks.items()})
    due = [it for it in looks if it.id not in at_hand or not at_hand[it.id].holds]
    due.sort(key=lambda it: (it.id in at_hand, _UNDER_WAY.index(it.state)))
    for it in due[:most]:
        at_hand[it.id] = _look_through(it, looks[it])
    return {it.id: at_hand[it.id] for it in looks if it.id in at_hand}


def _look_through(competition: Competition, look: _Look) -> _There:
    def make() -> _There:
        tasks = look.gather(competition)
        return _There(tasks.waiting, tasks.coming, _until(competition, calm=tasks.calm))

    with as_in(competition, look.roles):
        return remembered_words(competition, look.name, make, holds=lambda it: it.holds)


def _until(competition: Competition, *, calm: bool) -> datetime:
    """The moment at which the tasks may be others though nobody acts."""
    until = utc_now() + _TURN
    if calm:
        until = datetime.combine(local_today() + timedelta(days=1), time(), local_zone())
    deadline = next_deadline(competition)
    return min(until, deadline) if deadline is not None else until


def _in_installation() -> Iterator[Waiting]:
    """List what waits for an administrator in no competition: a database found damaged at night."""
    if not current_user.is_admin:
        return
    for damage in pending_damage(current_app.extensions["compete.config"]):
        row = Missing("warn", _("数据库坏了"), damage, url_for("organiser.competitions"))
        yield Waiting(row=row, competition=_("这个网站"), at_once=True)
    stopped = stopped_webhooks()
    for hook in stopped:
        words = say(STOPPED_WORDS[hook.stopped_why or "person"])
        yield _at_webhook(hook, _("有事送不到，停了"), words)
    for hook in given_up_since(utc_now() - _GIVEN_UP_FOR):
        if hook not in stopped:
            yield _at_webhook(hook, _("有事没送到，不再送"), _("看看对方怎么了，再送"))


def _in_banks() -> Iterator[Waiting]:
    for it in describe_bank_waits():
        row = Missing("people", it.what, it.detail, it.url)
        yield Waiting(row=row, competition=it.bank, at_once=it.at_once)


def _at_webhook(hook: Webhook, what: str, words: str) -> Waiting:
    url = url_for("organiser.one_webhook", number=hook.id)
    row = Missing("warn", what, f"{host_of(hook)}{_('：')}{words}", url)
    return Waiting(row=row, competition=_("这个网站"), at_once=True)


def _gather_appeals(competition: Competition) -> _Gathered:
    return _Gathered(list(_lines(competition, describe_appeals(competition))), [])


def _gather(competition: Competition) -> _Gathered:
    waiting: list[Waiting] = []
    coming: list[Coming] = []
    calm = False
    if competition_kind(competition).has_periods:
        waiting.extend(_in_labour(competition))
    elif not competition_kind(competition).has_results:
        pass
    elif settings_of(competition).small:
        waiting.extend(_in_small(competition))
    else:
        standing = standing_of(competition)
        step = next_step_of(competition, standing)
        rows = missing_in(competition, standing)
        if step is not None and step.until is None and may_do(_STEPS[competition.state]):
            waiting.append(_step(competition, step))
            rows = [row for row in rows if row.url != step.url or row.label == _("去同意")]
        elif step is not None and step.until is not None and step.until != date.max:
            coming.append(Coming(on=step.until, what=step.title, competition=competition.name))
        # Whom a second person's word or an appeal waits for changes by the hour.
        others = any(not row.mine or row.label == _("去同意") or row.due for row in rows)
        calm = competition.state is _C.FINAL and not others
        # What a draft lacks is told by its next step, with how many.
        if standing.entrants or not standing.lacking:
            waiting.extend(_lines(competition, rows))
    if competition.starts is not None and competition.starts > local_today():
        what = _("开赛")
        coming.append(Coming(on=competition.starts, what=what, competition=competition.name))
    return _Gathered(waiting, coming, calm)


def _step(competition: Competition, step: NextStep) -> Waiting:
    # Of a draft it says how much is missing; else what the act does, which its page says.
    detail = step.text if competition.state is _C.REGISTERING else ""
    row = Missing("half-circle", step.title, detail, step.url, label=step.label)
    return _to_do(competition, row, at_once=competition.state is not _C.REGISTERING)


def _lines(competition: Competition, rows: Iterable[Missing]) -> Iterator[Waiting]:
    """List the tasks that wait for the viewer, and lead somewhere."""
    for row in rows:
        if row.mine and row.url is not None:
            yield _to_do(competition, row, at_once=row.blocker or row.label == _("去同意"))


def _day_of(competition: Competition) -> date | None:
    """Return the day for which the rest has to be prepared."""
    starts = competition.starts
    return starts if starts is not None and starts >= local_today() else None


def _in_labour(competition: Competition) -> Iterator[Waiting]:
    yield from _lines(competition, describe_labour_waits(competition))
    if not may_do(Right.SET_UP):
        return
    closed = set(closed_periods(competition))
    if not closed:
        steps = beginning_steps(competition, labour_live(competition))
        if step := next((step for step in steps if not step.done and step.url), None):
            row = Missing("file", step.what, step.detail, step.url, label=_("去办"))
            yield _to_do(competition, row)
    leaves = [leaf for leaf in leaves_of(labour_of(competition)) if leaf not in closed]
    yield from _late(competition, leaves[:1])


def _in_small(competition: Competition) -> Iterator[Waiting]:
    yield from _lines(competition, describe_seconds(competition))
    if competition.state in (_C.JUDGING, _C.LOCKED) and may_do(Right.PUBLISH):
        left = sheet_counts(competition).left
        what = (
            ngettext("还差 %(num)s 格", "还差 %(num)s 格", left) if left else _("分齐了，可以公布")
        )
        url = url_for("organiser.small_marks", code=competition.code)
        yield _to_do(competition, Missing("half-circle", what, "", url, label=_("看成绩进来")))


def _late(competition: Competition, leaves: Iterable[str]) -> Iterator[Waiting]:
    """List who is late with a period whose deadline nears or is over, or that it can be closed."""
    names = {period.code: period.name for period in labour_of(competition).periods}
    for leaf in leaves:
        limits = deadlines_of(competition).get(leaf)
        due = [at for at in (limits.own, limits.sign) if at] if limits else []
        if not due or min(due) > utc_now() + _WEEK:
            continue
        late = late_list(competition, leaf)
        left = len(late.units) + len(late.unsigned)
        if left:
            what = ngettext(
                "%(period)s还有 %(num)s 家没交",
                "%(period)s还有 %(num)s 家没交",
                left,
                period=names[leaf],
            )
            url = url_for("organiser.late", code=competition.code, period=leaf)
            ahead = [at for at in due if at > utc_now()]
            until = min(ahead) if ahead else max(due)
            row = Missing("clock", what, "", url, label=_("去催"), due=until)
        elif late.nobody:
            what = _("%(period)s有 %(n)s 格没有部门打分", period=names[leaf], n=late.nobody)
            url = url_for("organiser.late", code=competition.code, period=leaf)
            row = Missing("people", what, "", url, label=_("去看"), due=max(due))
        else:
            what = _("%(period)s都交齐了，可以结账", period=names[leaf])
            url = url_for("organiser.month", code=competition.code, period=leaf)
            row = Missing("check-circle", what, "", url, label=_("去结账"))
        yield _to_do(competition, row)


def _of_units(parts: list[Membership]) -> Iterator[Waiting]:
    """List the tasks of a contact of units: to enter, to correct or to confirm."""
    counts = count_by_unit([part.unit_id for part in parts if part.unit_id is not None])
    for part in parts:
        competition, states = part.competition, counts.get(part.unit_id or 0, {})
        for state, what, label in _unit_words(states):
            url = url_for("unit.home", code=competition.code, show=state)
            until = open_until(competition)
            yield _to_do(competition, Missing("people", what, "", url, label=label, due=until))


def _unit_words(states: Mapping[ApplicationState, int]) -> Iterator[tuple[str, str, str]]:
    if n := states.get(ApplicationState.RETURNED):
        yield "returned", ngettext("退回来改的 %(num)s 人", "退回来改的 %(num)s 人", n), _("去改")
    if n := states.get(ApplicationState.UNCONFIRMED):
        what = ngettext("自己报名的 %(num)s 人等你确认", "自己报名的 %(num)s 人等你确认", n)
        yield "unconfirmed", what, _("去确认")
    if n := states.get(ApplicationState.DRAFT):
        yield "draft", ngettext("还有 %(num)s 人没提交", "还有 %(num)s 人没提交", n), _("去提交")


def _to_do(competition: Competition, row: Missing, *, at_once: bool = False) -> Waiting:
    name, day = competition.name, _day_of(competition)
    return Waiting(row=row, competition=name, at_once=at_once, day=day)
