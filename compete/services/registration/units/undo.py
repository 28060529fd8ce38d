"""The last change of the list of units taken back, while nothing hangs on what it left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from compete.domain.values.kinds import Kind
from compete.domain.values.messages import Message, msg, some_of
from compete.domain.values.states import CompetitionState
from compete.models import Account, AuditEntry, Competition, Organisation, Unit, db
from compete.services.kernel import audit
from compete.services.kernel.last_records import LastDone, last_record, require_seen
from compete.services.kernel.transactions import changing
from compete.services.registration.people_seals import numbers_of_unit, seal_people
from compete.services.registration.units.unit_list import (
    call_unit,
    labour_groups,
    regroup,
    unit_lines,
    why_units_stay,
)
from compete.sheets.texts import same_name_key

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
    before, after = _told(entry.before), _told(entry.after)
    why, was = None, ""
    if entry.action == "unit.add":
        names = [str(name) for name in after.get("units", ())]
        made = _named(competition, names)
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
        elif len(_named(competition, [was])) and same_name_key(was) != same_name_key(names[0]):
            why = msg("已经有叫“%(name)s”的单位", name=was)
    else:
        names = [str(before.get("name", ""))]
        if _named(competition, names) or _of_code(competition, entry.subject) is not None:
            return None
        if (group := before.get("group")) and group not in labour_groups(competition):
            why = msg("它那个组没有了，重新加一次，选一个组")
    if why is None and entry.action != "unit.rename":
        why = why_units_stay(competition)
    return LastUnits(entry=entry, names=names, was=was, why_not=why)


def undo_units(competition: Competition, seen: str, by: Account) -> None:
    """Put the list back to what it was before the last change.

    `seen` is the mark that the page showed. Raises `Refused` (CONFLICT) where another change was
    made since, and where something hangs on what it left.
    """
    with changing(competition) as competition:
        db.session.refresh(competition, ["units"])
        last = require_seen(last_units_change(competition), seen)
        # Who comes or goes sends nobody.
        renamed: list[int] = []
        if last.action == "unit.add":
            _take_away(competition, _named(competition, last.names))
        elif last.action == "unit.rename":
            unit = _of_code(competition, last.entry.subject)
            assert unit is not None
            call_unit(unit, last.was)
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
        regroup(competition, {code: group for code, group in known.items() if code not in codes})
    for unit in units:
        db.session.delete(unit)


def _bring_back(competition: Competition, entry: AuditEntry) -> None:
    before = _told(entry.before)
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
        regroup(competition, known | {entry.subject: group})


def _why_added_stay(competition: Competition, made: Sequence[Unit]) -> Message | None:
    ids = {unit.id for unit in made}
    lines = [line for line in unit_lines(competition) if line.unit.id in ids]
    used = [line.unit.name for line in lines if line.entrants or line.named]
    if not used:
        return None
    if competition.kind == Kind.LABOUR:
        return msg("%(names)s 已经填过数或者有联系人，不能撤销", names=some_of(used, _MOST_NAMES))
    return msg("%(names)s 已经有选手、联系人或者别的，不能撤销", names=some_of(used, _MOST_NAMES))


def _told(said: Any) -> dict[str, Any]:
    return said if isinstance(said, dict) else {}


def _named(competition: Competition, names: Sequence[str]) -> list[Unit]:
    wanted = {same_name_key(name) for name in names}
    return [unit for unit in competition.units if same_name_key(unit.name) in wanted]


def _of_code(competition: Competition, code: str) -> Unit | None:
    return next((unit for unit in competition.units if unit.code == code), None)
