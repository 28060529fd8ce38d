"""Deadlines of each period, the people who are missing, and units by leaf period."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from compete.domain.bundle.labour_types import Labour
from compete.domain.values.kinds import Missing
from compete.domain.values.messages import listed, msg
from compete.domain.values.rights import Right
from compete.models import Competition
from compete.services.kernel.competition_settings import EntryDeadline
from compete.services.kernel.event_rules import labour_of
from compete.services.kernel.refusal import Refused, invalid
from compete.services.labour.deadlines import (
    A_DAY,
    Filled,
    FilledRow,
    LateDepartment,
    LateList,
    LateUnit,
    carried_on,
    contacts_of,
    deadlines_of,
    due_leaves,
    filled_rows,
    first_open_leaf,
    late_list,
    remind,
    reminded_now,
    reminders_of,
    set_deadlines,
)
from compete.services.labour.departments import departments_of, recorders_of
from compete.services.labour.sign_off import signer_of
from compete.services.labour.squares import leaves_of
from compete.services.scoring.live_labour import LabourLive, labour_live
from compete.sheets.workbook.tables import Table, Value, write_tables
from compete.web import guard
from compete.web.downloads import send_workbook
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.typed_moments import typed_moment
from compete.web.refusals import problem_of, refusal_on
from compete.web.templating import moment, zone


def _late_page(competition: Competition, refused: Refused | None = None) -> str:
    """Render who is missing in a leaf period; refused deadlines stand in place of what is set."""
    period, typed = _leaf(competition), request.form
    late, labour = late_list(competition, period), labour_of(competition)
    names = labour.period_names
    grid = FilledGrid(competition, labour_live(competition), period)
    fields = _fields(competition)
    if refused:
        fields = {name: typed.get(name, "") for name in fields}
    return render_template(
        "organiser/labour/deadlines/late.html",
        code=period,
        names=names,
        grid=grid,
        heading=_heading(grid, late),
        found=late,
        lacking=_lacking_words,
        signer_of=signer_of,
        count=len(reminded_now(competition, period, late)),
        told=reminders_of(competition, period),
        a_day=A_DAY,
        reminders=[]
        if late.closed
        else [text for *_whom, text in _reminders(competition, names[period], late)],
        leaves=leaves_of(labour),
        fields=fields,
        months=typed.get("months") or _apart(labour),
        problem=problem_of(refused),
    )


def _heading(grid: FilledGrid, late: LateList) -> str:
    """Say what the grid lacks; where it lacks nothing, what the lists below it do."""
    if grid.lacking:
        lacks = sum(row.lacking for row in grid.lacking)
        return _("还差 %(n)s 格，%(units)s 家", n=lacks, units=len(grid.lacking))
    gaps = []
    if late.nobody and not late.closed:
        gaps.append(_("%(n)s 格没有部门打分", n=late.nobody))
    if late.unsigned:
        gaps.append(_("%(n)s 个部门没签核", n=len(late.unsigned)))
    if late.units:
        gaps.append(_("%(n)s 家自评没填齐", n=len(late.units)))
    return _("，").join(gaps) or _("都齐了")


def _apart(labour: Labour) -> str:
    """Months from one to the next: four are taken for quarters, two for halves of a year."""
    return {4: "3", 2: "6"}.get(len(leaves_of(labour)), "1")


def _fields(competition: Competition) -> dict[str, str]:
    """The deadlines that are set, as the form's fields have them: local and to the minute."""
    known, fields = deadlines_of(competition), {}
    for leaf in leaves_of(labour_of(competition)):
        deadline = known.get(leaf, EntryDeadline())
        fields[f"own:{leaf}"] = typed_moment(deadline.own)
        fields[f"sign:{leaf}"] = typed_moment(deadline.sign)
    return fields


def _recorders(department: LateDepartment) -> str | None:
    return _("、").join(department.recorders) or None


def _lacking_words(department: LateDepartment) -> str:
    lacking, lacks = department.lacking, []
    if lacking.empty:
        lacks.append(_("缺 %(n)s", n=lacking.empty))
    if lacking.refused:
        lacks.append(_("没写入 %(n)s", n=lacking.refused))
    if lacking.reasons:
        lacks.append(_("没写原因 %(n)s", n=lacking.reasons))
    return _("，").join(lacks)


def _reminders(competition: Competition, period: str, late: LateList) -> Iterator[list[Value]]:
    """Whom to remind: of which side, its name, who it is, and what to say."""
    for department in late.unsigned:
        text = _to_department(competition, period, late, department)
        yield [_("打分部门"), department.row.name, _recorders(department) or "", text]
    for late_unit in late.units:
        text = _to_unit(competition, period, late, late_unit)
        yield [_("参赛单位"), late_unit.unit.name, late_unit.contact or "", text]


def _to_department(
    competition: Competition, period: str, late: LateList, department: LateDepartment
) -> str:
    lacking = _lacking_words(department)
    text = _(
        "%(name)s %(who)s：%(competition)s %(period)s 的分，%(what)s",
        name=department.row.name,
        who=_recorders(department) or _("打分的人"),
        competition=competition.name,
        period=period,
        what=lacking or _("都填齐了，还没签核"),
    )
    wanted = _("填好并签核") if lacking else _("签核这一期")
    return _ended(text, wanted, late.deadline.sign, late=department.late)


def _to_unit(competition: Competition, period: str, late: LateList, late_unit: LateUnit) -> str:
    contact = _("联系人") if late_unit.contact is None else late_unit.contact
    text = _(
        "%(name)s：%(competition)s %(period)s 的自评，%(what)s",
        name=f"{late_unit.unit.name} {contact}".rstrip(),
        competition=competition.name,
        period=period,
        what=_("%(asked)s 项缺 %(n)s", asked=late_unit.asked, n=late_unit.missing),
    )
    return _ended(text, _("填好"), late.deadline.own, late=late_unit.late)


def _ended(text: str, wanted: str, until: datetime | None, *, late: bool) -> str:
    """Return the reminder with the request: filling in, a sign-off, or one after the other."""
    if until is None:
        return _("%(said)s，请尽快%(wanted)s。", said=text, wanted=wanted)
    at = moment(until)
    if late:
        return _("%(said)s，%(at)s 已经截止，请马上%(wanted)s。", said=text, at=at, wanted=wanted)
    return _("%(said)s，请在 %(at)s 以前%(wanted)s。", said=text, at=at, wanted=wanted)


_MONTHS = frozenset(str(n) for n in range(1, 13))


@face.get("/<code>/labour/late")
@guard.may(Right.SEE, of=guard.LABOUR)
def late(competition: Competition) -> ResponseReturnValue:
    """Departments and units that lack something in a leaf period, and the deadlines of all."""
    return _late_page(competition)


@face.get("/<code>/labour/late.xlsx")
@guard.may(Right.SEE, of=guard.LABOUR)
def late_book(competition: Competition) -> Response:
    """Download whom to remind, what is missing, until when, and a sentence, as a workbook."""
    leaf = _leaf(competition)
    late, name = late_list(competition, leaf), labour_of(competition).period_names[leaf]
    columns = [_("哪一边"), _("部门或单位"), _("谁"), _("催办的话")]
    title = msg("%(competition)s %(period)s 谁还没交", competition=competition.name, period=name)
    rows = list(_reminders(competition, name, late))
    book = write_tables([Table(name=name, title=title, columns=columns, rows=rows, frozen=1)])
    return send_workbook(book, f"谁还没交_{competition.name}_{name}.xlsx")


@face.post("/<code>/labour/late/remind")
@guard.may(Right.SET_UP, of=guard.LABOUR)
@only_once
def remind_late(competition: Competition) -> ResponseReturnValue:
    """Tell everybody who lacks something in the period, on their own page of entry."""
    leaf = _leaf(competition)
    count = remind(competition, leaf, current_user)
    flash(ngettext("催了 %(num)s 家", "催了 %(num)s 家", count), "ok")
    return redirect(url_for("organiser.late", period=leaf))


@face.post("/<code>/labour/deadlines")
@guard.may(Right.SET_UP, of=guard.LABOUR)
@refusal_on(_late_page)
def save_deadlines(competition: Competition) -> ResponseReturnValue:
    """Set the deadlines of all leaf periods as typed; `carry` fills in the empty ones."""
    leaf = _leaf(competition)
    try:
        wanted = {
            leaf: EntryDeadline(own=_moment(f"own:{leaf}"), sign=_moment(f"sign:{leaf}"))
            for leaf in leaves_of(labour_of(competition))
        }
        if "carry" in request.form:
            months = request.form.get("months", "")
            wanted = carried_on(competition, wanted, int(months) if months in _MONTHS else 0)
        changed = set_deadlines(competition, wanted, current_user)
    except ValueError:
        raise invalid(msg("截止写成年月日和几点几分")) from None
    flash(_("截止定好了") if changed else _("没有改动"), "ok")
    return redirect(url_for("organiser.late", period=leaf))


def _moment(name: str) -> datetime | None:
    text = request.form.get(name, "").strip()
    return datetime.fromisoformat(text).replace(tzinfo=zone()) if text else None


def _leaf(competition: Competition) -> str:
    """The leaf period that is asked for, by default what is entered now; else 404."""
    wanted = request.args.get("period")
    if wanted is None:
        return first_open_leaf(competition)
    if wanted not in leaves_of(labour_of(competition)):
        abort(404)
    return wanted


COMPLETE_FIRST = 5
"""The number of complete units that are shown; the others are one tap away."""
WORST = 4


@dataclass(frozen=True, slots=True)
class Gap:
    """A unit's gap in a leaf period, the person to fill it in, and its effect."""

    row: FilledRow
    leaf: str
    what: str
    who: str
    then: str


class FilledGrid:
    """Units by leaf period, those that lack something first; complete ones are folded."""

    def __init__(self, competition: Competition, live: LabourLive, period: str) -> None:
        """The grid of all leaf periods; `period` is the one that the rest of the page is about."""
        args = request.args
        self.competition, self.live, self.period = competition, live, period
        self.own, self.all = "own" in args, "all" in args
        rows = filled_rows(competition, live, own=self.own)
        groups = sorted({row.group for row in rows if row.group is not None})
        wanted = args.get("group")
        self.group = wanted if wanted in groups else None
        self.groups = groups
        self.every = [row for row in rows if self.group in (None, row.group)]
        self.lacking = sorted(
            (row for row in self.every if row.lacking), key=lambda it: -it.lacking
        )
        complete = [row for row in self.every if not row.lacking]
        shown = complete if self.all else complete[:COMPLETE_FIRST]
        self.rows, self.more = [*self.lacking, *shown], len(complete) - len(shown)
        self.unit = args.get("unit")
        self.leaves, self.due = leaves_of(live.labour), due_leaves(competition, live)
        self.names = live.labour.period_names

    def url(self, **other: str | None) -> str:
        """Address of the page with some values changed; None leaves one away."""
        asked = {
            "period": self.period,
            "group": self.group,
            "own": "1" if self.own else None,
            "all": "1" if self.all else None,
            **other,
        }
        query = {key: value for key, value in asked.items() if value is not None}
        return f"{url_for('organiser.late')}?{urlencode(query)}"

    @property
    def gap(self) -> Gap | None:
        """Return the gap of the unit that the address names; else the first unit with a gap."""
        named = next((row for row in self.every if row.unit == self.unit), None)
        row = named or next(iter(self.lacking), None)
        if row is None:
            return None
        lacks = [
            leaf for leaf, filled in row.by_leaf.items() if filled is not None and filled.lacking
        ]
        leaf = self.period if named is not None or self.period in lacks else lacks[-1]
        lacking = leaf in lacks
        return Gap(
            row,
            leaf,
            self.what(row.unit, leaf, row.by_leaf.get(leaf)),
            self.who(row.unit, leaf) if lacking else "",
            self.then() if lacking else "",
        )

    def what(self, unit: str, leaf: str, filled: Filled | None) -> str:
        """Say how much is missing, and of scores which indicators."""
        if filled is None:
            return _("没有参加")
        if not filled.lacking:
            return _("%(n)s 项都齐了", n=filled.asked)
        if self.own:
            return _("%(asked)s 项缺 %(n)s", asked=filled.asked, n=filled.lacking)
        names = self.live.labour.indicator_names
        what = say(listed([names[code] for code in self.missing(unit, leaf)]))
        return _("差 %(n)s 项：%(what)s", n=filled.lacking, what=what)

    def missing(self, unit: str, leaf: str) -> Sequence[str]:
        """The indicators in which a unit has no score."""
        return self.live.outcome.totals[leaf, unit].missing

    def who(self, unit: str, leaf: str) -> str:
        """Name those who have to fill it in: departments with people, or the unit's contact."""
        if self.own:
            numbers = {unit.code: unit.id for unit in self.competition.units}
            return contacts_of(self.competition).get(numbers[unit], _("还没发链接"))
        missing, people = set(self.missing(unit, leaf)), recorders_of(self.competition)
        return _("；").join(
            " ".join([row.name, *(recorder.account.name for recorder in people.get(row.id, ()))])
            for row in departments_of(self.competition)
            if missing & set(row.indicators)
        )

    def then(self) -> str:
        """Say what happens if the gap stays."""
        if self.own:
            return _("没有自评也照样打分，只是少一个比照。")
        if self.live.labour.missing is Missing.BLOCKS:
            return _("缺的不当 0 分。填齐以前没有总分，不排名次，也不得红旗。")
        return _("填了一部分的，缺的按 0 分算；一项没有的，那一期不算。")

    @property
    def worst(self) -> list[tuple[str, int, float]]:
        """List the periods that most units lack something in: count, per cent of the worst."""
        counts = Counter(
            leaf
            for row in self.every
            for leaf, filled in row.by_leaf.items()
            if filled is not None and filled.lacking
        )
        most = max(counts.values(), default=1)
        return [(leaf, n, round(100 * n / most, 1)) for leaf, n in counts.most_common(WORST)]
