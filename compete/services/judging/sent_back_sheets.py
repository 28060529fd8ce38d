"""Sending back (退回): a sheet goes to its judge again with a reason, who may be reminded of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import joinedload

from compete.domain.values.messages import msg
from compete.domain.values.states import HANDED_IN, SheetState
from compete.models import Account, Act, Competition, Entrant, Sheet, db, utc_now
from compete.services.judging.signing import supersede_signature
from compete.services.kernel import audit
from compete.services.kernel.module_keys import EventModule
from compete.services.kernel.refusal import Refused
from compete.services.kernel.text_limits import reason_text
from compete.services.kernel.transactions import unit_of_work
from compete.services.kernel.versions import remembered_beside_marks
from compete.services.sheets.counts import is_awaited
from compete.services.sheets.locks_in_force import claim_open

EVERY = timedelta(minutes=1)
"""A sheet is reminded of no more often than this."""

_FEW = 1000
"""Databases take only so many values in one statement."""

_BEING_MARKED = (SheetState.NOT_BEGUN, SheetState.BEGUN, SheetState.COMPLETE)


def send_sheet_back(sheet: Sheet, reason: str, by: Account) -> None:
    """Send a submitted sheet back to its judge with a reason, which the judge sees."""
    reason = reason_text(reason, msg("退回要写理由，裁判会看到"))
    with unit_of_work():
        competition = claim_open(sheet)
        if sheet.state not in HANDED_IN:
            raise Refused(msg("%(code)s 还没提交，不用退回", code=sheet.label))
        before = sheet.state
        put_back(sheet, reason)
        audit.record(
            competition,
            by,
            "sheet.return",
            sheet.label,
            before={"state": before.value},
            after={"state": sheet.state.value, "judge": sheet.judge.code},
            reason=reason,
        )


def put_back(sheet: Sheet, reason: str) -> None:
    """Let a sheet be its judge's again, its signature void; inside a unit of work."""
    supersede_signature(sheet, reason)
    sheet.state, sheet.return_reason = SheetState.RETURNED, reason
    sheet.version += 1


def _is_sent_back(sheet: Sheet) -> bool:
    """True if the sheet was sent back and has not been submitted since."""
    if sheet.state in _BEING_MARKED:
        return sheet.return_reason is not None
    return sheet.state is SheetState.RETURNED


def sent_back(competition: Competition) -> Mapping[EventModule, list[Sheet]]:
    """The sheets that were sent back and are waited for, of each module by judge and label."""
    # Marks send nothing back: so those that were need not be looked for among all at each mark.
    numbers = remembered_beside_marks(competition, "sent back", lambda: _returned(competition))
    if not numbers:
        return {}
    few = [Sheet.id.in_(numbers)] if len(numbers) <= _FEW else []
    query = (
        select(Entrant.event_id, Sheet)
        .join(Entrant, Entrant.id == Sheet.entrant_id)
        .options(joinedload(Sheet.judge))
        .where(*few, *_sent_back_in(competition), is_awaited())
        .order_by(Sheet.judge_id, Sheet.label)
    )
    returned: dict[EventModule, list[Sheet]] = defaultdict(list)
    for event, sheet in db.session.execute(query).tuples():
        returned[event, sheet.stage, sheet.module].append(sheet)
    return returned


def _sent_back_in(competition: Competition) -> tuple[ColumnElement[bool], ...]:
    """The condition, as `_is_sent_back`, for the sheets of a competition."""
    return (
        Sheet.competition_id == competition.id,
        or_(
            Sheet.state == SheetState.RETURNED,
            and_(Sheet.state.in_(_BEING_MARKED), Sheet.return_reason.is_not(None)),
        ),
    )


def _returned(competition: Competition) -> tuple[int, ...]:
    return tuple(db.session.scalars(select(Sheet.id).where(*_sent_back_in(competition))))


def remind(sheet: Sheet, by: Account) -> None:
    """Remind the judge of a sheet that was sent back; nothing else on it changes.

    Raises `Refused` where it is not with the judge to be mended, where it is
    locked, and within a minute of the last reminder.
    """
    with unit_of_work():
        competition = claim_open(sheet)
        if not _is_sent_back(sheet):
            raise Refused(msg("%(code)s 没有退回，或者已经重新交了，不用提醒", code=sheet.label))
        # Acts are stored under the same lock, so that the times tell which came first.
        now = utc_now()
        if reminder_wait(sheet, now):
            raise Refused(msg("%(code)s 刚提醒过，一分钟以后才能再提醒", code=sheet.label))
        sheet.reminded_at = now
        after = {"state": sheet.state.value, "judge": sheet.judge.code}
        audit.record(competition, by, "sheet.remind", sheet.label, after=after)


def reminder_wait(sheet: Sheet, now: datetime) -> timedelta:
    """The time until the sheet may be reminded of (again); zero for now."""
    if sheet.reminded_at is None:
        return timedelta(0)
    return max(sheet.reminded_at + EVERY - now, timedelta(0))


def standing_reminders(sheets: Sequence[Sheet]) -> dict[int, datetime]:
    """The time of the reminder by sheet id, for those of the sheets that are reminded of.

    A reminder stands until something is done on the sheet. It is not cleared
    then: a hall waits while acts are stored, so what stands is found when read.
    """
    reminded = {
        sheet.id: sheet.reminded_at
        for sheet in sheets
        if sheet.reminded_at is not None and _is_sent_back(sheet)
    }
    if not reminded:
        return {}
    acted = set(
        db.session.scalars(
            select(Act.sheet_id)
            .join(Sheet, Sheet.id == Act.sheet_id)
            .where(Act.sheet_id.in_(reminded), Act.held_at > Sheet.reminded_at)
            .distinct()
        )
    )
    return {number: at for number, at in reminded.items() if number not in acted}
