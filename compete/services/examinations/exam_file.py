"""The exam's file, `compete-exam/1`: written from what is kept, and scored by the domain."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from compete.domain.exam.exam_reading import read_exam
from compete.domain.exam.exam_results import ExamResults
from compete.domain.exam.exam_scoring import score_exam
from compete.domain.exam.files import file_sha256
from compete.domain.values.examination_states import KeyState, SittingState
from compete.domain.values.numerals import plain
from compete.models import (
    Account,
    ExamAct,
    ExamDevice,
    ExamEssay,
    Examination,
    ExamKey,
    ExamMark,
    ExamSitting,
    Judge,
    db,
    utc_now,
)
from compete.services.examinations.acts import ANSWER
from compete.services.examinations.paper_content import essay_codes, filed_content
from compete.services.examinations.rooms import closed_without
from compete.services.examinations.setting_up import ExamRules, rules_of_exam
from compete.services.examinations.sittings import Times, terms_of, times_of
from compete.services.kernel.chunks import in_chunks

_MOST_ROWS = 500
PUT_BACK = "put_back"
"""The content of a key that says nothing but that what was struck out counts as before."""


@dataclass(frozen=True, slots=True)
class ScoredExam:
    """The results of an examination, and the SHA-256 of the file that they are from."""

    results: ExamResults
    sha256: str


def exam_file(
    examination: Examination, *, asked: ExamKey | None = None, with_marks: bool = True
) -> bytes:
    """The file with every sitting of rooms that have begun; `asked` is a key not yet agreed to.

    No name stands in it but those of who gave time and put keys right. `with_marks` are the
    markers' of essays.
    """
    rules = rules_of_exam(examination)
    sittings = _begun_sittings(examination)
    essays = bool(essay_codes(examination))
    filed = {
        "format": "compete-exam/1",
        "code": _exam_code(examination),
        "pass": f"{rules.pass_line:f}",
        "late_minutes": rules.late_minutes,
        "paper": {"sha256": examination.paper.sha256},
        "marking": _marking(rules, essays),
        **filed_content(examination),
        "keys": _keys(examination, asked),
        "sittings": _sittings(sittings),
        **({"marks": _essay_marks(examination)} if essays and with_marks else {}),
    }
    return msgspec.json.format(msgspec.json.encode(filed), indent=1) + b"\n"


def _exam_code(examination: Examination) -> str:
    """The code of an examination in its file: competition, event, stage, module."""
    place = examination.event.code, examination.stage, examination.module
    return "-".join((examination.competition.code, *place))[:100]


def scored_exam(content: bytes) -> ScoredExam:
    """Score a file. Raises `BundleError` for one that is not what it should be."""
    return ScoredExam(score_exam(read_exam(content)), file_sha256(content))


def sittings_by_code(examination: Examination) -> dict[str, ExamSitting]:
    """The sittings that stand in the file, by their blind codes."""
    return {it.blind: it for it in _begun_sittings(examination)}


def _begun_sittings(examination: Examination) -> Sequence[ExamSitting]:
    query = select(ExamSitting).where(ExamSitting.examination_id == examination.id)
    together = joinedload(ExamSitting.room), joinedload(ExamSitting.entrant)
    rows = db.session.scalars(query.options(*together).order_by(ExamSitting.blind)).all()
    return [it for it in rows if it.room.started_at is not None or closed_without(it.room)]


def _marking(rules: ExamRules, essays: bool) -> dict[str, Any]:
    multiple: dict[str, Any] = {"rule": rules.multiple.value}
    if rules.part is not None and rules.multiple.value in ("share", "each"):
        multiple["part"] = f"{rules.part:f}"
    if not essays:
        return {"multiple": multiple}
    by = rules.essay_marking
    return {"multiple": multiple, "essay": {"line": f"{by.line:f}", "third": by.third.value}}


def _essay_marks(examination: Examination) -> list[dict[str, Any]]:
    """The markers' points in the order in which they were given, by their codes."""
    query = (
        select(ExamSitting.blind, ExamEssay.question, Judge.code, ExamMark.points)
        .join(ExamEssay, ExamEssay.id == ExamMark.essay_id)
        .join(ExamSitting, ExamSitting.id == ExamEssay.sitting_id)
        .join(Judge, Judge.id == ExamMark.judge_id)
        .where(ExamEssay.examination_id == examination.id, ExamEssay.ended_at.is_(None))
        .order_by(ExamMark.id)
    )
    return [
        {"sitting": sitting, "question": question, "marker": marker, "points": plain(points)}
        for sitting, question, marker, points in db.session.execute(query).tuples()
    ]


def struck_questions(examination: Examination) -> set[str]:
    """The questions that are struck out, by the last key of each."""
    last = {it.question: json.loads(it.content) for it in _keys_in_force(examination)}
    return {code for code, content in last.items() if content.get("struck")}


def keys_agreed(examination: Examination) -> Sequence[ExamKey]:
    """The corrected keys that count, in the order in which they were agreed to."""
    query = (
        select(ExamKey)
        .where(ExamKey.examination_id == examination.id, ExamKey.state == KeyState.AGREED)
        .options(joinedload(ExamKey.asker), joinedload(ExamKey.agreer))
        .order_by(ExamKey.agreed_at, ExamKey.id)
    )
    return db.session.scalars(query).all()


def _keys_in_force(examination: Examination, asked: ExamKey | None = None) -> list[ExamKey]:
    """The corrected keys that the file has: a question that was put back has none before that."""
    keys = [*keys_agreed(examination), *([asked] if asked is not None else ())]
    since = {
        it.question: place for place, it in enumerate(keys) if json.loads(it.content).get(PUT_BACK)
    }
    return [it for place, it in enumerate(keys) if place > since.get(it.question, -1)]


def _keys(examination: Examination, asked: ExamKey | None) -> list[dict[str, Any]]:
    numbers: defaultdict[str, int] = defaultdict(lambda: 1)
    rows = []
    for key in _keys_in_force(examination, asked):
        numbers[key.question] += 1
        # Nobody agreed yet to what is asked, and the file wants another's name.
        agreed_by = _named(key.agreer) if key.agreer is not None else f"{_named(key.asker)}-"
        at = key.agreed_at or key.asked_at or utc_now()
        rows.append(_filed_key(key, numbers[key.question], agreed_by, at))
    return rows


def _filed_key(key: ExamKey, number: int, agreed_by: str, at: datetime) -> dict[str, Any]:
    return {
        "question": key.question,
        "number": number,
        **json.loads(key.content),
        "reason": key.reason,
        "asked_by": _named(key.asker),
        "agreed_by": agreed_by,
        "at": _instant(at),
    }


def _named(account: Account) -> str:
    """Somebody of the staff as the file names them; no two alike."""
    return f"{account.name} #{account.id}"


def _sittings(sittings: Sequence[ExamSitting]) -> list[dict[str, Any]]:
    times, terms, acts = times_of(sittings), terms_of(sittings), _answers(sittings)
    makers = _names({grant.made_by for it in times.values() for grant in it.grants})
    return [
        _sitting(it, times[it.id], terms[it.id], acts.get(it.id, ()), makers) for it in sittings
    ]


def _answers(sittings: Sequence[ExamSitting]) -> dict[int, list[ExamAct]]:
    acts: defaultdict[int, list[ExamAct]] = defaultdict(list)
    for chunk in in_chunks([it.id for it in sittings], _MOST_ROWS):
        query = select(ExamAct).where(ExamAct.sitting_id.in_(chunk)).order_by(ExamAct.id)
        for act in db.session.scalars(query):
            acts[act.sitting_id].append(act)
    return acts


def _names(numbers: set[int]) -> dict[int, str]:
    rows = db.session.scalars(select(Account).where(Account.id.in_(numbers)))
    return {account.id: _named(account) for account in rows}


def _sitting(
    sitting: ExamSitting,
    times: Times,
    terms: Sequence[ExamDevice],
    acts: Sequence[ExamAct],
    makers: Mapping[int, str],
) -> dict[str, Any]:
    row: dict[str, Any] = {"code": sitting.blind, "form": sitting.form}
    if sitting.starts_at is None or sitting.ends_at is None:
        started = sitting.room.started_at or sitting.room.closed_at
        assert started is not None, "rooms that have begun, or were closed since nobody came"
        ends = _room_end(sitting, started)
        return row | {"state": "absent", "starts_at": _instant(started), "ends_at": _instant(ends)}
    if sitting.state is SittingState.VOID:
        row |= {"state": "void", "reason": sitting.void_reason}
    row |= {
        "starts_at": _instant(sitting.starts_at),
        "ends_at": _instant(sitting.ends_at),
        "devices": [{"device": it.device, "from": _instant(it.from_at)} for it in terms],
        "grants": [
            {
                "seconds": grant.seconds,
                "reason": grant.reason,
                "by": makers[grant.made_by],
                "at": _instant(grant.made_at),
            }
            for grant in times.grants
        ],
        "readings": _readings(terms, acts),
        "acts": [_act(act) for act in acts if act.kind == ANSWER],
    }
    if sitting.handed_in_at is not None and sitting.handed_in_number is not None:
        row["hand_in"] = {
            "device": sitting.handed_in_device,
            "seq": sitting.handed_in_number,
            "at": _instant(sitting.handed_in_at),
        }
    return row


def _room_end(sitting: ExamSitting, started: datetime) -> datetime:
    return started + timedelta(minutes=rules_of_exam(sitting.examination).minutes)


def _readings(terms: Sequence[ExamDevice], acts: Sequence[ExamAct]) -> list[dict[str, Any]]:
    """What was known of the devices' clocks: as they were taken, and as each batch was sent."""
    read = {
        (term.device, 0, term.clock_at, term.from_at) for term in terms if term.clock_at is not None
    }
    read |= {
        (act.device, act.clock_number or 0, act.clock_at, act.held_at)
        for act in acts
        if act.clock_at is not None
    }
    return [
        {
            "device": device,
            "seq": number,
            "device_at": _instant(clock),
            "server_at": _instant(at),
        }
        for device, number, clock, at in sorted(read, key=lambda it: (it[3], it[0], it[1]))
    ]


def _act(act: ExamAct) -> dict[str, Any]:
    return {
        "uuid": act.uuid,
        "item": act.item,
        "value": act.value,
        "said_at": _instant(act.said_at),
        "held_at": _instant(act.held_at),
        "device": act.device,
        "seq": act.number,
    }


def _instant(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds")
