"""Proof, later, that what was signed is what is there."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from compete.domain.values.canonical import canonical_json, canonical_sha256
from compete.domain.values.messages import Message, msg
from compete.domain.values.states import SheetState
from compete.models import Act, AuditEntry, Competition, FieldRecord, Sheet, SignedSheet, db
from compete.services.judging.signed_content import sheet_content
from compete.services.sheets.values import SETTLING_KINDS


@dataclass(frozen=True)
class Fault:
    """A fault in the proof, and the sheet that has it."""

    label: str
    judge: str
    what: Message


def signature_faults(signed: SignedSheet) -> list[Message]:
    """List what is wrong with one signature; empty when all holds.

    Its content must still have its hash, must be what the acts up to then say,
    and while it stands no value may have come after it.
    """
    faults = []
    content = json.loads(signed.content)
    kept = canonical_json(content).decode()
    if kept != signed.content or canonical_sha256(content) != signed.sha256:
        faults.append(msg("签名内容和核对词不一致"))
    try:
        now = sheet_content(signed.sheet, signed.last_act, content["rules"]["version"])
    except KeyError:
        faults.append(msg("签名时的评分规则找不到了"))
    else:
        if now != content:
            faults.append(msg("签名内容和评分记录不一致"))
    if signed.superseded_at is None and _later_values(signed):
        faults.append(msg("签名以后又有改动，签名却没作废"))
    return faults


def check_signatures(competition: Competition) -> Iterator[Fault]:
    """Find every signature of the competition that does not hold, standing or superseded."""
    rows = db.session.scalars(
        select(SignedSheet)
        .join(Sheet, Sheet.id == SignedSheet.sheet_id)
        .where(Sheet.competition_id == competition.id)
        .order_by(SignedSheet.id)
    ).all()
    for signed in rows:
        for what in signature_faults(signed):
            yield Fault(signed.sheet.label, signed.judge.code, what)
    yield from _unrecorded(competition, rows)
    standing = {row.sheet_id for row in rows if row.superseded_at is None}
    for sheet in db.session.scalars(
        select(Sheet).where(
            Sheet.competition_id == competition.id, Sheet.state == SheetState.SIGNED
        )
    ):
        if sheet.id not in standing:
            yield Fault(sheet.label, sheet.judge.code, msg("写着已签名，却没有签名"))
    for record in db.session.scalars(
        select(FieldRecord).where(FieldRecord.competition_id == competition.id)
    ):
        if canonical_sha256(json.loads(record.content)) != record.sha256:
            label = json.loads(record.content).get("label", "")
            yield Fault(label, record.judge.code, msg("现场记录和核对词不一致"))


def _unrecorded(competition: Competition, rows: Sequence[SignedSheet]) -> Iterator[Fault]:
    """Find signatures that nobody made, and those that were made and are gone."""
    query = select(AuditEntry.subject, AuditEntry.after).where(
        AuditEntry.competition_id == competition.id, AuditEntry.action == "sheet.sign"
    )
    recorded = Counter(
        (subject, after["judge"], after["sheet"], after["sha256"])
        for subject, after in db.session.execute(query)
    )
    there = Counter(
        (row.sheet.label, row.judge.code, row.sheet.public_id, row.sha256) for row in rows
    )
    for label, judge, *_rest in there - recorded:
        yield Fault(label, judge, msg("有签名，没有签名的记录"))
    for label, judge, *_rest in recorded - there:
        yield Fault(label, judge, msg("记录里签过名，签名不见了"))


def count_signatures(competition: Competition) -> int:
    """Count the competition's signatures, standing or superseded."""
    query = select(func.count(SignedSheet.id)).join(Sheet, Sheet.id == SignedSheet.sheet_id)
    return db.session.scalar(query.where(Sheet.competition_id == competition.id)) or 0


def _later_values(signed: SignedSheet) -> bool:
    later = select(Act.id).where(
        Act.sheet_id == signed.sheet_id,
        Act.id > signed.last_act,
        Act.kind.in_(SETTLING_KINDS),
    )
    return db.session.scalar(later.limit(1)) is not None
