"""Accidents that units report of themselves: 待核 until two persons say what comes of it.

A unit's contact reports; who may correct asks for a veto or for points, by the same way as any
correction, or wants it refused; another agrees. Values do not depend on the report.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from compete.domain.values.accident_states import ACCIDENT_MOVES, AccidentState
from compete.domain.values.messages import msg
from compete.domain.values.period_states import CorrectionKind
from compete.domain.values.states import move
from compete.models import Account, Competition, LabourAccident, PeriodCorrection, db, utc_now
from compete.services.accounts.second_persons import SecondWord, is_linked
from compete.services.kernel.clock import local_today
from compete.services.kernel.refusal import Refusal, Refused, invalid
from compete.services.kernel.text_limits import kept_text, reason_text
from compete.services.kernel.transactions import claimed, for_update, unit_of_work
from compete.services.labour.corrections import Wanted, ask_correction
from compete.services.labour.entry import Writer
from compete.services.labour.notes import LONGEST_COMMENT, columns_of_file
from compete.services.labour.without_accident import EARLIEST, note_accident
from compete.services.sheets.act_rules import is_uuid
from compete.services.sheets.sent_documents import read_document

MOST_ACCIDENTS = 40
"""Of one unit in one period."""
_KINDS = (CorrectionKind.VETO, CorrectionKind.ADJUSTMENT)


@dataclass(frozen=True)
class Report:
    """An accident report of a unit: the day as ISO text, what happened, a file if it has one."""

    uuid: str
    happened: str
    text: str
    filename: str = ""
    content: bytes = b""


def report_accident(writer: Writer, period: str, report: Report) -> LabourAccident:
    """Keep a report of the writer's own unit; one whose uuid is known already changes nothing.

    In a closed period too: what comes to light late is a correction then. Raises `Refused`:
    FORBIDDEN for who is no unit's contact, INVALID for no day, one to come or no words,
    TOO_LARGE and WRONG_FORMAT for the file as `read_document` does, CONFLICT for too many.
    """
    unit = writer.unit
    if unit is None:
        raise Refused(msg("只有单位能报自己的事故"), kind=Refusal.FORBIDDEN)
    happened = _day(report.happened)
    if not is_uuid(report.uuid):
        raise invalid(msg("这一条的编号不对"))
    text = kept_text(report.text, LONGEST_COMMENT, msg("写明出了什么事"))
    document = read_document(report.content) if report.content else None
    by = writer.account
    with unit_of_work() as session:
        competition = for_update(writer.competition)
        known = session.scalar(select(LabourAccident).where(LabourAccident.uuid == report.uuid))
        if known is not None:
            if (known.unit_id, known.reported_by) != (unit.id, by.id):
                raise Refused(msg("这一条的编号已经用过了"))
            return known
        if len(accidents_of(competition, period, unit.id)) >= MOST_ACCIDENTS:
            raise Refused(msg("一期最多报 %(most)s 起", most=MOST_ACCIDENTS))
        row = LabourAccident(
            competition_id=competition.id,
            unit_id=unit.id,
            period=period,
            happened=happened,
            uuid=report.uuid,
            text=text,
            **columns_of_file(report.filename, document),
            state=AccidentState.REPORTED,
            reported_by=by.id,
        )
        session.add(row)
        session.flush()
        note_accident(competition, row, by, "labour.accident")
    return row


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        day = None
    if day is None or not EARLIEST <= day <= local_today():
        raise invalid(msg("写哪天出的事，今天或者以前"))
    return day


def accidents_of(
    competition: Competition, period: str | None = None, unit: int | None = None
) -> Sequence[LabourAccident]:
    """List accidents, newest first; of a period, of a unit by its number, or all."""
    query = (
        select(LabourAccident)
        .where(LabourAccident.competition_id == competition.id)
        .options(
            joinedload(LabourAccident.unit),
            joinedload(LabourAccident.reporter),
            joinedload(LabourAccident.refuser),
            joinedload(LabourAccident.ender),
        )
        .order_by(LabourAccident.id.desc())
    )
    if period is not None:
        query = query.where(LabourAccident.period == period)
    if unit is not None:
        query = query.where(LabourAccident.unit_id == unit)
    return db.session.scalars(query).all()


def count_unsettled_accidents(competition: Competition) -> int:
    """Count the accidents of which nobody has asked yet that they count, or that they do not."""
    query = select(func.count(LabourAccident.id)).where(
        LabourAccident.competition_id == competition.id,
        LabourAccident.state == AccidentState.REPORTED,
        LabourAccident.correction_id.is_(None),
        LabourAccident.refused_by.is_(None),
    )
    return db.session.scalar(query) or 0


def correction_of(accident: LabourAccident) -> PeriodCorrection | None:
    """The veto or points that were asked for because of it; None where none were."""
    number = accident.correction_id
    return db.session.get(PeriodCorrection, number) if number is not None else None


def confirm_accident(
    accident: LabourAccident, kind: str, points: str, reason: str, by: Account
) -> PeriodCorrection:
    """Ask for a veto or `points` off because of it; it is confirmed once another agrees to them.

    Raises `Refused` as `ask_correction` does, (INVALID) for another kind, (CONFLICT) where it
    is settled or something is asked for already.
    """
    if kind not in list(_KINDS):
        raise invalid(msg("选一票否决或者扣分"))
    with unit_of_work() as session:
        accident, competition = claimed(accident)
        _require_free(accident)
        wanted = Wanted(
            kind=kind,
            period=accident.period,
            unit=accident.unit.code,
            points=_off(points) if kind == CorrectionKind.ADJUSTMENT else "",
            reason=reason,
        )
        correction = ask_correction(competition, wanted, by)
        accident.correction_id = correction.id
        session.flush()
        note_accident(competition, accident, by, "labour.accident.ask", correction.reason)
    return correction


def _off(points: str) -> str:
    """The points taken off, whether they were written with a minus or without."""
    written = points.strip().lstrip("-−－")
    return f"-{written}" if written else ""


def refuse_accident(accident: LabourAccident, why: str, by: Account) -> LabourAccident:
    """Ask to refuse an accident: it is none by the rules, or was reported twice.

    Raises `Refused`: INVALID without a reason, CONFLICT as `confirm_accident`.
    """
    why = reason_text(why, msg("写明为什么不算"))
    with unit_of_work() as session:
        accident, competition = claimed(accident)
        _require_free(accident)
        accident.refused_by, accident.refused_at, accident.refused_why = by.id, utc_now(), why
        session.flush()
        note_accident(competition, accident, by, "labour.accident.refuse.ask", why)
    return accident


def agree_refusal(accident: LabourAccident, by: Account) -> LabourAccident:
    """The second person: it is refused. Raises `Refused` for who counts as no second person."""
    with unit_of_work() as session:
        accident, competition = claimed(accident)
        to = move(accident.state, AccidentState.REFUSED, ACCIDENT_MOVES)
        if accident.refused_by is None:
            raise Refused(msg("还没有人提出不算"))
        refusal_word(accident).require(by)
        accident.state = to
        accident.ended_by, accident.ended_at = by.id, utc_now()
        session.flush()
        note_accident(
            competition, accident, by, "labour.accident.refuse", accident.refused_why or ""
        )
    return accident


def refusal_word(accident: LabourAccident) -> SecondWord:
    """The conditions of agreeing that it is none."""
    competition = db.session.get_one(Competition, accident.competition_id)
    return SecondWord(competition, accident.refused_by, linked=is_linked("accident"))


def drop_refusal(accident: LabourAccident, by: Account) -> LabourAccident:
    """Drop the wish to refuse it. Raises `Refused` if nobody wants that."""
    with unit_of_work() as session:
        accident, competition = claimed(accident)
        if accident.refused_by is None or accident.state is not AccidentState.REPORTED:
            raise Refused(msg("还没有人提出不算"))
        accident.refused_by = accident.refused_at = accident.refused_why = None
        session.flush()
        note_accident(competition, accident, by, "labour.accident.refuse.drop", "")
    return accident


def _require_free(accident: LabourAccident) -> None:
    if accident.state is not AccidentState.REPORTED:
        raise Refused(msg("这一起已经核过了"))
    if accident.correction_id is not None or accident.refused_by is not None:
        raise Refused(msg("这一起已经有人提出，等第二个人"))
