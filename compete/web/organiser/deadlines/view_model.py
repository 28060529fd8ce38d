"""Deadlines and who is missing, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _

from compete.domain.bundle.labour_types import Labour
from compete.domain.values.messages import msg
from compete.domain.values.rights import Right
from compete.models import Competition
from compete.services.kernel.competition_settings import EntryDeadline
from compete.services.kernel.event_rules import labour_of
from compete.services.labour.cells import leaves_of
from compete.services.labour.deadlines import (
    LateDepartment,
    LateList,
    LateUnit,
    deadlines_of,
    late_list,
)
from compete.services.labour.reminders import A_DAY, reminded_now, reminders_of
from compete.services.labour.signing_off import signer_of
from compete.services.scoring.live_labour import labour_live
from compete.sheets.workbook.tables import Table, write_tables
from compete.web import guard
from compete.web.guard import allowed_url
from compete.web.organiser.deadlines.grid import describe_grid
from compete.web.organiser.deadlines.shapes import (
    DeadlineRow,
    LateDepartmentRow,
    LatePage,
    LateUnitRow,
    Reminding,
)
from compete.web.organiser.shapes import competition_link
from compete.web.shapes import Chip
from compete.web.templating import moment, zone


def describe_late(
    competition: Competition,
    period: str,
    *,
    typed: Mapping[str, str] | None = None,
    problem: str | None = None,
) -> LatePage:
    """Who is missing in a leaf period; `typed` deadlines stand in place of what is set."""
    found, code = late_list(competition, period), competition.code
    names = {each.code: each.name for each in labour_of(competition).periods}
    return LatePage(
        competition=competition_link(competition),
        back_url=url_for("organiser.months", code=code),
        period=names[period],
        grid=describe_grid(competition, labour_live(competition), period),
        sign=_until(found.deadline.sign),
        own=_until(found.deadline.own),
        departments=[_department_row(each) for each in found.departments],
        units=[
            LateUnitRow(
                name=each.name,
                group=each.group or "",
                contact=each.contact,
                lacking=_of(each),
            )
            for each in found.units
        ],
        nobody=0 if found.closed else found.nobody,
        closed=found.closed,
        reminding=_reminding(competition, period, found),
        reminders="" if found.closed else "\n".join(_reminders(competition, names[period], found)),
        book_url=url_for("organiser.late_book", code=code, period=period),
        departments_url=allowed_url("organiser.departments", code=code),
        deadlines=[
            DeadlineRow(
                code=leaf,
                name=names[leaf],
                own=_field(typed, f"own:{leaf}", each.own),
                sign=_field(typed, f"sign:{leaf}", each.sign),
            )
            for leaf, each in _all_deadlines(competition)
        ],
        months=(typed or {}).get("months") or _apart(labour_of(competition)),
        save_url=url_for("organiser.save_deadlines", code=code, period=period)
        if guard.may_do(Right.SET_UP)
        else None,
        problem=problem,
    )


def late_workbook(competition: Competition, period: str) -> bytes:
    """The list to send: whom, what is missing, until when, and a sentence."""
    found = late_list(competition, period)
    name = {each.code: each.name for each in labour_of(competition).periods}[period]
    rows = []
    for department in found.departments:
        if department.signed is None:
            said = _to_department(competition, name, found, department)
            rows.append([_("打分部门"), department.name, _recorders(department) or "", said])
    for unit in found.units:
        said = _to_unit(competition, name, found, unit)
        rows.append([_("参赛单位"), unit.name, unit.contact or "", said])
    columns = [_("哪一边"), _("部门或单位"), _("谁"), _("催办的话")]
    title = msg("%(competition)s %(period)s 谁还没交", competition=competition.name, period=name)
    return write_tables([Table(name=name, title=title, columns=columns, rows=rows, frozen=1)])


def _reminding(competition: Competition, period: str, found: LateList) -> Reminding | None:
    count = len(reminded_now(competition, period, found))
    told = reminders_of(competition, period)
    if found.closed or not (count or told):
        return None
    said = _("写在他们的打分页上；群里发的话在右边。")
    if told:
        at = moment(told[0].made_at)
        said = _("%(at)s 催过，一天最多 %(n)s 次。", at=at, n=A_DAY)
    return Reminding(
        count=count,
        said=said,
        url=url_for("organiser.remind_late", code=competition.code, period=period)
        if count and guard.may_do(Right.SET_UP)
        else None,
    )


def _all_deadlines(competition: Competition) -> Iterator[tuple[str, EntryDeadline]]:
    known = deadlines_of(competition)
    for leaf in leaves_of(labour_of(competition)):
        yield leaf, known.get(leaf, EntryDeadline())


def _apart(labour: Labour) -> str:
    """Months from one to the next: four are taken for quarters, two for halves of a year."""
    return {4: "3", 2: "6"}.get(len(leaves_of(labour)), "1")


def _field(typed: Mapping[str, str] | None, name: str, at: datetime | None) -> str:
    if typed is not None:
        return typed.get(name, "")
    return at.astimezone(zone()).strftime("%Y-%m-%dT%H:%M") if at else ""


def _until(at: datetime | None) -> str | None:
    return moment(at) if at else None


def _department_row(each: LateDepartment) -> LateDepartmentRow:
    if each.signed is not None:
        chip = Chip(text=_("签核了"), kind="ok", icon="check-circle")
        who, when = signer_of(each.signed), moment(each.signed.signed_at)
        said = _("%(who)s %(when)s", who=who, when=when)
        return LateDepartmentRow(
            name=each.name, recorder=_recorders(each), lacking="", chip=chip, signed=said
        )
    chip = (
        Chip(text=_("迟了"), kind="bad", icon="clock")
        if each.late
        else Chip(text=_("没签核"), kind="warn", icon="half-circle")
    )
    return LateDepartmentRow(
        name=each.name, recorder=_recorders(each), lacking=_lacking(each), chip=chip, signed=""
    )


def _recorders(each: LateDepartment) -> str | None:
    return _("、").join(each.recorders) or None


def _lacking(each: LateDepartment) -> str:
    lacking, said = each.lacking, []
    if lacking.empty:
        said.append(_("缺 %(n)s", n=lacking.empty))
    if lacking.refused:
        said.append(_("没写入 %(n)s", n=lacking.refused))
    if lacking.reasons:
        said.append(_("没写原因 %(n)s", n=lacking.reasons))
    return _("，").join(said)


def _of(each: LateUnit) -> str:
    return _("%(asked)s 项缺 %(n)s", asked=each.asked, n=each.missing)


def _reminders(competition: Competition, period: str, found: LateList) -> Iterator[str]:
    for department in found.departments:
        if department.signed is None:
            yield _to_department(competition, period, found, department)
    for unit in found.units:
        yield _to_unit(competition, period, found, unit)


def _to_department(
    competition: Competition, period: str, found: LateList, each: LateDepartment
) -> str:
    lacking = _lacking(each)
    what = lacking or _("都填齐了，还没签核")
    who = _recorders(each) or _("打分的人")
    said = _(
        "%(name)s %(who)s：%(competition)s %(period)s 的分，%(what)s",
        name=each.name,
        who=who,
        competition=competition.name,
        period=period,
        what=what,
    )
    wanted = _("填好并签核") if lacking else _("签核这一期")
    return _ended(said, wanted, found.deadline.sign, late=each.late)


def _to_unit(competition: Competition, period: str, found: LateList, each: LateUnit) -> str:
    said = _(
        "%(name)s %(who)s：%(competition)s %(period)s 的自评，%(what)s",
        name=each.name,
        who=each.contact or _("联系人"),
        competition=competition.name,
        period=period,
        what=_of(each),
    )
    return _ended(said, _("填好"), found.deadline.own, late=each.late)


def _ended(said: str, wanted: str, until: datetime | None, *, late: bool) -> str:
    """The reminder with what is asked for: filling in, a sign-off, or one after the other."""
    if until is None:
        return _("%(said)s，请尽快%(wanted)s。", said=said, wanted=wanted)
    at = moment(until)
    if late:
        return _("%(said)s，%(at)s 已经截止，请马上%(wanted)s。", said=said, at=at, wanted=wanted)
    return _("%(said)s，请在 %(at)s 以前%(wanted)s。", said=said, at=at, wanted=wanted)
