"""Marks of an examination in its module: scored from the file, and put by the road of any mark."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from compete.domain.exam.exam_results import SittingResult
from compete.domain.exam.files import file_sha256
from compete.domain.values.messages import Message, msg
from compete.domain.values.states import HANDED_IN, SheetState
from compete.models import (
    Account,
    ExamAct,
    ExamGrant,
    Examination,
    ExamRoom,
    ExamSitting,
    Sheet,
    db,
    utc_now,
)
from compete.services.closing.marks_lists import MarkedModule
from compete.services.closing.paper_entry import submit_marks
from compete.services.closing.penalties_and_outcomes import (
    Proposal,
    propose_decision,
    standing_decision,
)
from compete.services.examinations.acts import ANSWER
from compete.services.examinations.exam_file import (
    ScoredExam,
    exam_file,
    keys_agreed,
    scored_exam,
    sittings_by_code,
)
from compete.services.examinations.rooms import has_begun, open_among, rooms_of, sittings_in
from compete.services.examinations.setting_up import place_of_exam
from compete.services.judging.sent_back_sheets import send_sheet_back
from compete.services.kernel import audit
from compete.services.kernel.chunks import in_chunks
from compete.services.kernel.refusal import Refused, refuse_if
from compete.services.kernel.transactions import changing
from compete.services.sheets.act_limits import typed_fault
from compete.services.sheets.locks_in_force import require_judging, require_open
from compete.services.sheets.values import standing_values

_PART = 10
"""People of a unit of work: each costs about what a sheet typed in costs."""


@dataclass(frozen=True, slots=True)
class MarksTaken:
    """What became of the marks: put, as they were, absent proposed; and who was left out, why."""

    put: int = 0
    same: int = 0
    absent: int = 0
    left_out: Sequence[tuple[str, Message]] = ()


def why_not_marked(examination: Examination) -> Message | None:
    """Say why no marks can be taken out of it yet; None: can."""
    rooms = [
        it for it in rooms_of(examination).values() if it.started_at is not None or it.closed_at
    ]
    if not rooms:
        return msg("还没有考场开考")
    if any(open_among(sittings_in(room)) for room in rooms):
        return msg("还有人在考，考完再算")
    return None


def come_since_marked(examination: Examination) -> Message | None:
    """Say what came after the marks were put, which they know nothing of; None: nothing, or none.

    Answers come in for a while after the end, time is granted, keys are put right.
    """
    since = examination.marked_at
    if since is None:
        return None
    answers = select(func.count(ExamAct.id)).join(ExamSitting)
    own = ExamSitting.examination_id == examination.id
    acts = db.session.scalar(answers.where(own, ExamAct.kind == ANSWER, ExamAct.held_at > since))
    keys = [it.agreed_at for it in keys_agreed(examination) if it.agreed_at]
    granted = select(func.max(ExamGrant.made_at)).join(ExamRoom, ExamRoom.id == ExamGrant.room_id)
    grant = db.session.scalar(granted.where(ExamRoom.examination_id == examination.id))
    if acts:
        return msg("写入以后又送到 %(n)s 条答案，再算一遍", n=acts)
    if any(at > since for at in keys) or (grant is not None and grant > since):
        return msg("写入以后改过答案或者加过时间，再算一遍")
    return None


def take_exam_marks(examination: Examination, reason: str, by: Account) -> MarksTaken:
    """Score the examination, and put each mark on its sheet of the module.

    A sheet that says the same stays; one that says otherwise goes back with the reason and is
    put anew, as any corrected mark. Absent are proposed. Raises `Refused` while somebody sits,
    or nobody may mark.
    """
    require_judging(examination.competition)
    refuse_if(why_not_marked(examination))
    scored = scored_exam(exam_file(examination))
    work = _Marking(examination, scored, reason, by)
    for part in in_chunks(scored.results.sittings, _PART):
        with changing(examination.competition) as competition:
            require_judging(competition)
            work.take(part)
            work.record(competition)
    with changing(examination.competition, examination) as competition:
        examination.file_sha256, examination.marked_by = scored.sha256, by.id
        examination.marked_at = utc_now()
        after = {
            "file": scored.sha256,
            "paper": examination.paper.sha256,
            **work.counts,
            "left": len(work.left_out),
        }
        audit.record(competition, by, "exam.marked", work.place.title, after=after)
    return MarksTaken(**work.counts, left_out=work.left_out)


def take_exam_file(examination: Examination, by: Account) -> bytes:
    """The exam's file for who checks it; who took it out is on record. Not while somebody sits."""
    refuse_if(why_not_marked(examination))
    if not has_begun(examination):
        raise Refused(msg("没有考场开过考，文件里是还没考的题"))
    content = exam_file(examination)
    with changing(examination.competition) as competition:
        after = {"sha256": file_sha256(content)}
        audit.record(competition, by, "exam.file", place_of_exam(examination).title, after=after)
    return content


class _Marking:
    """Marks being put, part by part."""

    def __init__(
        self, examination: Examination, scored: ScoredExam, reason: str, by: Account
    ) -> None:
        self.examination, self.scored, self.reason, self.by = examination, scored, reason, by
        self.place: MarkedModule = place_of_exam(examination)
        self.sittings = sittings_by_code(examination)
        self.counts: Counter[str] = Counter(put=0, same=0, absent=0)
        self.left_out: list[tuple[str, Message]] = []
        self.seals: dict[str, Any] = {}
        self.anew: list[str] = []

    def take(self, results: Sequence[SittingResult]) -> None:
        """Put the marks of these; inside a unit of work."""
        self.seals, self.anew = {}, []
        for result in results:
            sitting = self.sittings[result.sitting]
            try:
                why = self._put(sitting, result)
            except Refused as refused:
                why = refused.message
            if why is not None:
                self.left_out.append((sitting.entrant.code, why))

    def _put(self, sitting: ExamSitting, result: SittingResult) -> Message | None:
        """Put one mark; why not, where none is put."""
        if result.verdict == "void":
            if any(it.state in HANDED_IN for it in self._sheets(sitting)):
                return msg("考试作废，评分表上还是原来的成绩，由裁判长定")
            return msg("考试作废，由裁判长定")
        if result.verdict == "absent":
            self._absent(sitting)
            return None
        assert result.total is not None, "passed or failed by a total"
        value, aspect = Decimal(result.total), self.place.aspect
        fault = typed_fault(aspect, value, result.total)
        if fault is not None:
            return fault
        sheets = self._sheets(sitting)
        if not sheets:
            return msg("这个人在这个模块没有评分表，先分配裁判")
        for sheet in sheets:
            self._put_on(sheet, value)
        return None

    def _put_on(self, sheet: Sheet, value: Decimal) -> None:
        require_open(self.examination.competition, sheet.entrant, sheet.stage, sheet.module)
        code = self.place.aspect.code
        if sheet.state in HANDED_IN:
            if standing_values([sheet.id])[sheet.id].get(code) == value:
                self.counts["same"] += 1
                return
            why = self.reason or msg("考试重新算过").render()
            send_sheet_back(sheet, why, self.by)
            self.anew.append(sheet.label)
        extra: dict[str, object] = {
            "from_exam": self.scored.sha256,
            "exam_paper": self.examination.paper.sha256,
        }
        name = f"{sheet.label} {sheet.judge.code}"
        self.seals[name] = submit_marks(sheet, self.place.module, {code: value}, extra)
        self.counts["put"] += 1

    def _sheets(self, sitting: ExamSitting) -> Sequence[Sheet]:
        query = select(Sheet).where(
            Sheet.entrant_id == sitting.entrant_id,
            Sheet.stage == self.place.stage,
            Sheet.module == self.place.module.code,
            Sheet.state != SheetState.WITHDRAWN,
        )
        return db.session.scalars(query.options(joinedload(Sheet.judge))).all()

    def _absent(self, sitting: ExamSitting) -> None:
        evidence = msg("考试文件的 SHA-256：%(sha256)s", sha256=self.scored.sha256).render()
        text = msg("考试没有来").render()
        wanted = Proposal("dns", self.place.stage, self.place.module.code, text, evidence)
        if standing_decision(sitting.entrant, wanted) is None:
            propose_decision(sitting.entrant, wanted, self.by)
        self.counts["absent"] += 1

    def record(self, competition: Any) -> None:
        """Put on record which sheets this part wrote, with the seals of their acts."""
        if not self.seals:
            return
        after = {
            "sheets": self.seals,
            "file": self.scored.sha256,
            **({"anew": sorted(self.anew)} if self.anew else {}),
        }
        audit.record(
            competition,
            self.by,
            "exam.marks",
            self.place.title,
            after=after,
            reason=self.reason or None,
        )
