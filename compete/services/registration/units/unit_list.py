"""Units added, renamed, taken away by hand, and back; the registration workbook makes them too.

A labour competition's units are ranked in a group, and what was entered of them keeps them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

import msgspec
from sqlalchemy import func, select

from compete.domain.identity.names import same_name_key
from compete.domain.kinds.kinds import competition_kind
from compete.domain.labour.unit_spans import unit_spans, with_unit_spans
from compete.domain.values.messages import Message, listed, msg, some_of
from compete.domain.values.states import CompetitionState
from compete.models import (
    Account,
    AdjustmentEntry,
    Application,
    AuditEntry,
    Competition,
    Distinction,
    Entrant,
    ImportBatch,
    Judge,
    JudgeTie,
    LabourAccident,
    LabourFinding,
    LabourHeadCount,
    LabourNote,
    LabourReminder,
    LabourValueEntry,
    Membership,
    Organisation,
    PeriodCorrection,
    Recusal,
    Team,
    Unit,
    VetoEntry,
    db,
)
from compete.services.kernel import audit
from compete.services.kernel.catalogues import Planned
from compete.services.kernel.event_rules import labour_of
from compete.services.kernel.last_records import LastDone, last_record, require_last_shown
from compete.services.kernel.refusal import Refused, invalid
from compete.services.kernel.text_limits import check_text, reason_text
from compete.services.kernel.transactions import changing, for_update, unit_of_work
from compete.services.registration.people_seals import numbers_of_unit, seal_people
from compete.services.registration.units.links import contact_of
from compete.sheets.headed_rows import RowsKind
from compete.sheets.reading.kinds import KINDS
from compete.sheets.reading.reading import read_sheets
from compete.sheets.reading.telling import questions_told
from compete.sheets.registration.cells import LONGEST_CALLED
from compete.sheets.workbook.opened import open_text
from compete.sheets.workbook.refusal import WorkbookError

LONGEST_UNIT = LONGEST_CALLED
MOST_AT_ONCE = 500
UNIT_ROWS = RowsKind(
    "units", {"name": msg("单位名称")}, {}, MOST_AT_ONCE, least_fields=1, called=KINDS["units"]
)
_OPEN = (CompetitionState.REGISTERING, CompetitionState.JUDGING)
OF_UNITS = (Team, Judge, Application, ImportBatch, JudgeTie, Recusal, Distinction)
OF_LABOUR_UNITS = (
    *(LabourValueEntry, AdjustmentEntry, VetoEntry, PeriodCorrection),
    *(LabourAccident, LabourHeadCount, LabourNote, LabourFinding, LabourReminder),
)
"""The tables of a unit besides entrants, contacts and the units under it: they stay with it."""


@dataclass(frozen=True, slots=True)
class UnitLine:
    """A unit with how many it sends, and whether anything else names it.

    In a labour competition `group` is the one that it is ranked in.
    """

    unit: Unit
    entrants: int
    named: bool
    group: str | None = None


def unit_lines(competition: Competition) -> list[UnitLine]:
    """The competition's units in the order they came."""
    query = select(Entrant.unit_id, func.count(Entrant.id)).group_by(Entrant.unit_id)
    sent = dict(
        db.session.execute(query.where(Entrant.competition_id == competition.id)).tuples().all()
    )
    parents = {unit.parent_id for unit in competition.units}
    others: set[int | None] = set()
    for table in OF_UNITS:
        others |= set(
            db.session.scalars(select(table.unit_id).where(table.competition_id == competition.id))
        )
    contacts = select(Membership.unit_id).where(Membership.competition_id == competition.id)
    others |= set(db.session.scalars(contacts))
    groups: dict[str, str] = {}
    if competition_kind(competition).has_periods:
        groups = labour_of(competition).groups or {}
        for entries in OF_LABOUR_UNITS:
            of_units = select(entries.unit_id).join(Unit, Unit.id == entries.unit_id)
            of_units = of_units.where(Unit.competition_id == competition.id).distinct()
            others |= set(db.session.scalars(of_units))
    return [
        UnitLine(unit, sent.get(unit.id, 0), unit.id in parents | others, groups.get(unit.code))
        for unit in competition.units
    ]


def labour_groups(competition: Competition) -> list[str]:
    """The groups that units of a labour competition are ranked in; none where all are one."""
    if competition_kind(competition).of_people:
        return []
    return sorted(set((labour_of(competition).groups or {}).values()))


@dataclass(frozen=True, slots=True)
class ReadUnits:
    """The names of units with their rows, what was left out, and whether all was lines of names."""

    rows: Sequence[tuple[int, str]]
    notices: Sequence[Message] = ()
    plain: bool = False


_LIST = re.compile(r"(?:名单|名册|一览表?|汇总表|登记表|报名表)\s*$")
"""The end of a title."""


def read_unit_names(text: str) -> ReadUnits:
    """Read a pasted block: its names by their lines, as any list of units is read.

    Whatever stands on a line alone is meant as a unit, but for heads, sums, notes and signatures.
    Raises `Refused` (INVALID) for a table too large, or of several columns and no heading.
    """
    lines = text.splitlines()
    written = [(row, line) for row, line in enumerate(lines, 1) if line.strip()]
    try:
        book = open_text(text)
        names = [line for _row, line in written if not _LIST.search(line)]
        reading = read_sheets(book, "units", units=names)
    except WorkbookError as error:
        raise invalid(error.message) from None
    numbered = [(it.row, str(it.values["name"])) for it in reading.rows if "name" in it.values]
    if not numbered:
        sheets = [book.sheet(name) for name in book.names]
        several = [sum(cell != "" for cell in row) > 1 for it in sheets for row in it.rows]
        if len(several) > 1 and all(several):
            raise invalid(msg("有几列，没有列名：只贴名称那一列，或者连列名一起贴"))
        return ReadUnits(written, plain=True)
    left = [(it.row, it.why) for it in reading.left_out]
    rows = {row for row, _name in numbered}
    left += [(it.row, it.why) for it in reading.asked if it.row not in rows and it.field == "name"]
    notices = _left_out(lines, left)
    notices += questions_told([it for it in reading.asked if it.row in rows])
    if unread := [it.heading for it in reading.columns if it.heading and it.field != "name"]:
        notices.append(msg("没有读的列：%(columns)s", columns=listed(unread)))
    as_written = [(row, " ".join(line.split())) for row, line in written]
    return ReadUnits(numbered, notices, plain=numbered == as_written)


def plan_units(
    competition: Competition, rows: Sequence[tuple[int, Mapping[str, str]]]
) -> list[Planned[Unit, Mapping[str, str], None]]:
    """Plan adding these, row by row; a name that is there or further up stays one."""
    known = {same_name_key(unit.name): unit for unit in competition.units}
    seen: set[str] = set()
    planned: list[Planned[Unit, Mapping[str, str], None]] = []
    for number, texts in rows:
        name = " ".join(texts.get("name", "").split())
        key = same_name_key(name)
        why = _why_too_long(name)
        old = key in known or key in seen
        planned.append(
            Planned(
                number,
                {"name": name},
                {"name": why} if why is not None else {},
                {} if old else None,
                known=known.get(key),
            )
        )
        seen.add(key)
    return planned


def _left_out(lines: Sequence[str], left: Iterable[tuple[int, Message]]) -> list[Message]:
    return [
        msg(
            "第 %(line)s 行没有当单位：%(text)s（%(why)s）",
            line=row,
            text=" ".join(lines[row - 1].split())[:20] if row <= len(lines) else "",
            why=why,
        )
        for row, why in sorted(left, key=lambda it: it[0])
    ]


def add_units(
    competition: Competition,
    names: Iterable[str],
    by: Account,
    *,
    group: str = "",
    new_group: str = "",
) -> list[Unit]:
    """Add a unit for each name that is not there yet; those that are made.

    `names` are lines as they were written. Raises `Refused` (INVALID) for no name at all, for
    one that is too long or has columns beside it (told with its line), and where a labour
    competition ranks in groups for none of them. `new_group` is one that no unit is in yet.
    """
    new_group = " ".join(new_group.split())
    check_text(new_group, LONGEST_UNIT)
    lines = list(names)
    wanted = {same_name_key(tidy): tidy for name in lines if (tidy := " ".join(name.split()))}
    if not wanted:
        raise invalid(msg("一行写一个单位"))
    if len(wanted) > MOST_AT_ONCE:
        raise invalid(msg("一次最多加 %(n)s 个单位", n=MOST_AT_ONCE))
    for line, name in enumerate(lines, 1):
        if "\t" in name.strip():
            only = msg("第 %(line)s 行有几列，只贴名称那一列", line=line)
            raise invalid(only)
        _check_length(" ".join(name.split()), line)
    with unit_of_work() as session:
        competition = _open(competition)
        groups = labour_groups(competition)
        group = new_group or group
        if groups and group not in groups and not new_group:
            raise invalid(msg("选一个组，单位在组里排名"))
        there = {same_name_key(unit.name) for unit in competition.units}
        taken = {unit.code for unit in competition.units}
        made = []
        for key, name in wanted.items():
            if key in there:
                continue
            code = next(code for n in count(1) if (code := f"U{n:02}") not in taken)
            taken.add(code)
            made.append(Unit(competition_id=competition.id, code=code, name=name))
        session.add_all(made)
        session.flush()
        session.refresh(competition, ["units"])
        if groups and made:
            known = (competition.labour or {})["groups"]
            _regroup(competition, known | {unit.code: group for unit in made})
            session.flush()
        if made:
            names, people = [unit.name for unit in made], seal_people(competition, ())
            after = {"units": names, "people": people}
            audit.record(competition, by, "unit.add", competition.code, after=after)
    return made


@dataclass(frozen=True, slots=True)
class Renamed:
    """The new names of a unit's teams: those that `follow` it, and `kept` the name it had."""

    follow: list[str]
    kept: list[str]


def _call_unit(unit: Unit, name: str) -> Renamed:
    """Give it a name, and to each of its teams whose name begins with the one it had.

    And to its contact, who is called as the unit where nobody was named.
    """
    was, renamed = unit.name, Renamed([], [])
    teams = select(Team).where(Team.unit_id == unit.id).order_by(Team.id)
    for team in db.session.scalars(teams):
        called = name + team.name.removeprefix(was)
        if team.name.startswith(was) and len(called) <= LONGEST_UNIT:
            team.name = called
            renamed.follow.append(called)
        elif was in team.name:
            renamed.kept.append(team.name)
    contact = contact_of(unit)
    if contact is not None and contact.name == was:
        contact.name = name
    unit.name = name
    return renamed


def rename_unit(
    unit: Unit, competition: Competition, name: str, by: Account, reason: str = ""
) -> Renamed | None:
    """Rename the unit, and its teams that are called after it; None if it is called so.

    What was issued or published bears the old name until it is issued and published anew.
    Raises `Refused` (INVALID) without a name, once marks are locked without a reason, and
    (CONFLICT) for another unit's name.
    """
    name, reason = " ".join(name.split()), reason_text(reason)
    if not name:
        raise invalid(msg("名称要写"))
    _check_length(name)
    with changing(competition, unit) as competition:
        if unit.name == name:
            return None
        if competition.state not in _OPEN and not reason:
            raise invalid(msg("评分锁定以后改名要写原因"))
        key = same_name_key(name)
        if any(same_name_key(it.name) == key for it in competition.units if it.id != unit.id):
            raise Refused(msg("已经有叫“%(name)s”的单位", name=name))
        before = unit.name
        renamed = _call_unit(unit, name)
        audit.record(
            competition,
            by,
            "unit.rename",
            unit.code,
            before={"name": before},
            after={"name": name, "people": seal_people(competition, numbers_of_unit(unit))},
            reason=reason or None,
        )
    return renamed


def remove_unit(unit: Unit, competition: Competition, by: Account) -> None:
    """Take away a unit that nobody belongs to. Raises `Refused` for one that is in use."""
    with unit_of_work() as session:
        competition = _open(competition)
        line = next(line for line in unit_lines(competition) if line.unit.id == unit.id)
        if line.entrants:
            raise Refused(msg("这个单位有 %(n)s 名选手，不能删", n=line.entrants))
        if line.named and competition_kind(competition).has_periods:
            raise Refused(
                msg(
                    "这个单位填过数、更正过或者有联系人，不能删；中途退出、并入别家的，"
                    "在“指标和规则”里写最后参加的一期"
                )
            )
        if line.named:
            raise Refused(
                msg(
                    "还有代表队、裁判、回避、联系人、报名的人、传过的报名表、评选的奖项或下级单位属于它，"
                    "不能删"
                )
            )
        code = unit.code
        state = {
            "name": unit.name,
            "group": line.group,
            "organisation": unit.organisation_id,
            "parent": unit.parent.code if unit.parent else None,
            "extra": unit.extra,
        }
        if line.group is not None:
            known = (competition.labour or {})["groups"]
            _regroup(competition, {other: group for other, group in known.items() if other != code})
        if competition_kind(competition).has_periods:
            _forget_span(competition, code)
        session.delete(unit)
        session.flush()
        session.refresh(competition, ["units"])
        before = {key: text for key, text in state.items() if text is not None}
        after = {"people": seal_people(competition, ())}
        audit.record(competition, by, "unit.remove", code, before=before, after=after)


def _regroup(competition: Competition, groups: dict[str, str]) -> None:
    """Rank the units of a labour competition in these; inside a unit of work."""
    competition.labour = (competition.labour or {}) | {"groups": groups}


def _forget_span(competition: Competition, code: str) -> None:
    """Let no unit that gets the code later have the periods of one that is gone."""
    labour = labour_of(competition)
    spans = unit_spans(labour)
    if code in spans or any(span.into == code for span in spans.values()):
        kept = {
            other: msgspec.structs.replace(span, into=None) if span.into == code else span
            for other, span in spans.items()
            if other != code
        }
        extra = with_unit_spans(labour, kept).extra
        competition.labour = (competition.labour or {}) | {"extra": extra}


def _why_too_long(name: str) -> Message | None:
    if len(name) <= LONGEST_UNIT:
        return None
    return msg("“%(text)s…”太长了，最多 %(most)s 个字", text=name[:20], most=LONGEST_UNIT)


def _check_length(name: str, line: int | None = None) -> None:
    problem = _why_too_long(name)
    if problem is None:
        return
    if line is not None:
        problem = msg("第 %(line)s 行：%(what)s", line=line, what=problem)
    raise invalid(problem)


def _why_units_stay(competition: Competition) -> Message | None:
    """Say why none can be added or taken away any more, or None."""
    if competition.state in _OPEN:
        return None
    return msg("评分已经锁定，单位不能再加、不能再删")


def _open(competition: Competition) -> Competition:
    competition = for_update(competition)
    if why := _why_units_stay(competition):
        raise Refused(why)
    return competition


_ACTIONS = ("unit.add", "unit.rename", "unit.remove", "unit.undo")
_MOST_NAMES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class LastUnits(LastDone):
    """The last act on units: `action` is `unit.add`, `unit.rename` or `unit.remove`."""

    names: Sequence[str]
    """Of the units; one that was renamed with its present name."""
    was: str
    """The former name of one that was renamed."""


def last_units_change(competition: Competition) -> LastUnits | None:
    """The last change by hand; None where there is none, or others stand there now."""
    entry = last_record(competition, _ACTIONS)
    if entry is None or entry.action == "unit.undo":
        return None
    before, after = _said_fields(entry.before), _said_fields(entry.after)
    why, was = None, ""
    if entry.action == "unit.add":
        names = [str(name) for name in after.get("units", ())]
        made = _units_named(competition, names)
        if len(made) < len(names):
            return None
        why = _why_added_stay(competition, made)
    elif entry.action == "unit.rename":
        unit = _of_code(competition, entry.subject)
        names, was = [str(after.get("name", ""))], str(before.get("name", ""))
        if unit is None or unit.name != names[0]:
            return None
        if competition.state not in (CompetitionState.REGISTERING, CompetitionState.JUDGING):
            why = msg("评分锁定以后改名要写原因，在那一行再改一次")
        elif len(_units_named(competition, [was])) and same_name_key(was) != same_name_key(
            names[0]
        ):
            why = msg("已经有叫“%(name)s”的单位", name=was)
    else:
        names = [str(before.get("name", ""))]
        if _units_named(competition, names) or _of_code(competition, entry.subject) is not None:
            return None
        if (group := before.get("group")) and group not in labour_groups(competition):
            why = msg("它那个组没有了，重新加一次，选一个组")
    if why is None and entry.action != "unit.rename":
        why = _why_units_stay(competition)
    return LastUnits(entry=entry, names=names, was=was, why_not=why)


def undo_units(competition: Competition, seen: str, by: Account) -> None:
    """Put the list back to what it was before the last change.

    `seen` is the mark that the page showed. Raises `Refused` (CONFLICT) where another change was
    made since, and where something hangs on what it left.
    """
    with changing(competition) as competition:
        db.session.refresh(competition, ["units"])
        last = require_last_shown(last_units_change(competition), seen)
        # Who comes or goes sends nobody.
        renamed: list[int] = []
        if last.action == "unit.add":
            _take_away(competition, _units_named(competition, last.names))
        elif last.action == "unit.rename":
            unit = _of_code(competition, last.entry.subject)
            assert unit is not None
            _call_unit(unit, last.was)
            renamed = numbers_of_unit(unit)
        else:
            _bring_back(competition, last.entry)
        db.session.flush()
        db.session.refresh(competition, ["units"])
        before = {"action": last.action, "names": list(last.names)}
        after = {"people": seal_people(competition, renamed)}
        audit.record(competition, by, "unit.undo", competition.code, before=before, after=after)


def _take_away(competition: Competition, units: Sequence[Unit]) -> None:
    codes = {unit.code for unit in units}
    if labour_groups(competition):
        known = (competition.labour or {})["groups"]
        _regroup(competition, {code: group for code, group in known.items() if code not in codes})
    for unit in units:
        db.session.delete(unit)


def _bring_back(competition: Competition, entry: AuditEntry) -> None:
    before = _said_fields(entry.before)
    unit = Unit(competition_id=competition.id, code=entry.subject, name=before["name"])
    number = before.get("organisation")
    if number is not None and db.session.get(Organisation, number) is not None:
        unit.organisation_id = number
    parent = _of_code(competition, str(before.get("parent", "")))
    unit.parent_id = parent.id if parent else None
    unit.extra = before.get("extra")
    db.session.add(unit)
    if group := before.get("group"):
        known = (competition.labour or {})["groups"]
        _regroup(competition, known | {entry.subject: group})


def _why_added_stay(competition: Competition, made: Sequence[Unit]) -> Message | None:
    ids = {unit.id for unit in made}
    lines = [line for line in unit_lines(competition) if line.unit.id in ids]
    used = [line.unit.name for line in lines if line.entrants or line.named]
    if not used:
        return None
    if competition_kind(competition).has_periods:
        return msg("%(names)s 已经填过数或者有联系人，不能撤销", names=some_of(used, _MOST_NAMES))
    return msg("%(names)s 已经有选手、联系人或者别的，不能撤销", names=some_of(used, _MOST_NAMES))


def _said_fields(content: Any) -> dict[str, Any]:
    return content if isinstance(content, dict) else {}


def _units_named(competition: Competition, names: Sequence[str]) -> list[Unit]:
    wanted = {same_name_key(name) for name in names}
    return [unit for unit in competition.units if same_name_key(unit.name) in wanted]


def _of_code(competition: Competition, code: str) -> Unit | None:
    return next((unit for unit in competition.units if unit.code == code), None)
