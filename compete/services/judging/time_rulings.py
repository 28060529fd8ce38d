"""The chief judge's word on a working time, above what the judges' watches read."""

from __future__ import annotations

from sqlalchemy import select

from compete.domain.marking.working_time import read_clock
from compete.domain.values.messages import msg
from compete.domain.values.numerals import plain
from compete.models import Account, Competition, Sheet, TimeEntry, db, utc_now
from compete.services.judging.disputes import panel_of_chief
from compete.services.kernel import audit
from compete.services.kernel.module_keys import same_place
from compete.services.kernel.refusal import Refused, invalid
from compete.services.kernel.text_limits import reason_text
from compete.services.kernel.transactions import unit_of_work
from compete.services.sheets.act_rules import typed_number
from compete.services.sheets.entry_seals import seal_entry
from compete.services.sheets.working_times import taken_time, timed_aspects

LONGEST_SECONDS = 7 * 24 * 3600
"""A week: no module lasts longer."""


def rule_time(sheet: Sheet, seconds: str, reason: str, by: Account) -> TimeEntry:
    """Rule the entrant's working time in the sheet's module: `70:00` or a number of seconds.

    Only for a panel that is in. The judges' readings stay on record beside it.
    Raises `Refused` (INVALID) without a reason or a number of seconds.
    """
    reason = reason_text(reason, msg("裁定要写理由"))
    if not seconds.strip():
        raise invalid(msg("先写用时：分:秒，如 70:00，或者秒数"))
    number = read_clock(seconds)
    if number is None:
        number = typed_number(seconds)
    if number is None or not 0 < number <= LONGEST_SECONDS:
        raise invalid(
            msg(
                "用时要写成分:秒，如 70:00，或者秒数，大于 0、最多 %(most)s，%(found)s 没有记下",
                most=LONGEST_SECONDS,
                found=seconds.strip()[:40],
            )
        )
    with unit_of_work() as session:
        view, competition, chief = panel_of_chief(sheet, by)
        if not timed_aspects(view.module):
            raise invalid(msg("“%(name)s”不计时", name=view.module.name))
        before = taken_time(sheet.entrant, sheet.stage, sheet.module)
        for standing in _time_rulings(sheet):
            _lift(competition, standing, by, reason)
        entry = TimeEntry(
            entrant_id=sheet.entrant_id,
            stage=sheet.stage,
            module=sheet.module,
            seconds=number,
            extra={"ruled_by": chief.code, "reason": reason},
        )
        session.add(entry)
        session.flush()
        audit.record(
            competition,
            by,
            "time.rule",
            sheet.label,
            before=before.as_extra(),
            after={
                "module": sheet.module,
                "seconds": plain(number),
                "ruling": entry.id,
                "entry": seal_entry(entry),
            },
            reason=reason,
        )
    return entry


def lift_time_ruling(sheet: Sheet, reason: str, by: Account) -> None:
    """The readings count again. Raises `Refused` where nothing was ruled."""
    reason = reason_text(reason, msg("撤回裁定要写理由"))
    with unit_of_work():
        _view, competition, _chief = panel_of_chief(sheet, by)
        standing = _time_rulings(sheet)
        if not standing:
            raise Refused(msg("%(code)s 的用时没有裁定过", code=sheet.label))
        for entry in standing:
            _lift(competition, entry, by, reason)


def _time_rulings(sheet: Sheet) -> list[TimeEntry]:
    """The rulings made here that stand; what came with a bundle is not among them."""
    made = {
        record["ruling"]
        for record in audit.record_contents(
            db.session.get_one(Competition, sheet.competition_id), "time.rule"
        )
    }
    query = select(TimeEntry).where(*same_place(TimeEntry, sheet), TimeEntry.withdrawn_at.is_(None))
    return [entry for entry in db.session.scalars(query) if entry.id in made]


def _lift(competition: Competition, entry: TimeEntry, by: Account, reason: str) -> None:
    entry.withdrawn_at = utc_now()
    before = {"seconds": plain(entry.seconds)}
    after = {"ruling": entry.id, "module": entry.module}
    audit.record(
        competition, by, "time.lift", entry.entrant.code, before=before, after=after, reason=reason
    )
