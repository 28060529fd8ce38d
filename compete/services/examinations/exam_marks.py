"""Marks of an examination in its module: scored from the file, and put by the road of any mark."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any

import msgspec
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from compete.domain.exam.exam_results import QuestionResult, SittingResult
from compete.domain.exam.exam_scoring import PENDING
from compete.domain.exam.files import file_sha256
from compete.domain.values.examination_states import SittingState
from compete.domain.values.messages import Message, msg
from compete.domain.values.states import HANDED_IN, SheetState
from compete.models import (
    Account,
    ExamAct,
    ExamEssay,
    ExamGrant,
    Examination,
    ExamMark,
    ExamRoom,
    ExamSitting,
    Job,
    Question,
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
from compete.services.examinations.essays import (
    are_given_out,
    hand_out_essays,
    why_essays_wait,
)
from compete.services.examinations.exam_file import (
    ScoredExam,
    exam_file,
    keys_agreed,
    scored_exam,
    sittings_by_code,
)
from compete.services.examinations.figures import keep_figures, new_figures
from compete.services.examinations.paper_content import filed_content
from compete.services.examinations.rooms import has_begun, why_still_sat
from compete.services.examinations.setting_up import place_of_exam
from compete.services.examinations.sittings import FROM_EXAM
from compete.services.jobs.packed_sentences import packed
from compete.services.jobs.queue import ask_for
from compete.services.jobs.running import Run, work_for
from compete.services.judging.sent_back_sheets import send_sheet_back
from compete.services.kernel import audit
from compete.services.kernel.chunks import in_chunks
from compete.services.kernel.refusal import Refused, refuse_if
from compete.services.kernel.transactions import changing
from compete.services.results.exam_sections import EXAM_SECTIONS
from compete.services.sheets.act_limits import typed_fault
from compete.services.sheets.counts import is_large
from compete.services.sheets.locks_in_force import require_judging, require_open
from compete.services.sheets.values import standing_values

TAKE_MARKS = "exam.marks"
MOST_TOLD = 20
_PART = 5
"""People of a unit of work: each costs about what a sheet typed in costs."""
_FIGURES = 50
"""Questions of a unit of work."""
VOID = SittingState.VOID.value


@dataclass(frozen=True, slots=True)
class MarksTaken:
    """What became of the marks: put, as they were, absent proposed; and who was left out, why."""

    put: int = 0
    same: int = 0
    absent: int = 0
    left_out: Sequence[tuple[str, Message]] = ()


def why_not_marked(examination: Examination) -> Message | None:
    """Say why no marks can be taken out of it yet; None: can."""
    return why_still_sat(examination) or why_essays_wait(examination)


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
    marked = select(func.max(ExamMark.made_at)).join(ExamEssay)
    mark = db.session.scalar(marked.where(ExamEssay.examination_id == examination.id))
    granted = select(func.max(ExamGrant.made_at)).join(ExamRoom, ExamRoom.id == ExamGrant.room_id)
    grant = db.session.scalar(granted.where(ExamRoom.examination_id == examination.id))
    begun = select(func.count(ExamSitting.id)).where(own, ExamSitting.starts_at > since)
    if sat := db.session.scalar(begun):
        return msg("写入以后又有 %(n)s 人考，再算一遍", n=sat)
    if acts:
        return msg("写入以后又送到 %(n)s 条答案，再算一遍", n=acts)
    if any(at > since for at in keys) or (grant is not None and grant > since):
        return msg("写入以后改过答案或者加过时间，再算一遍")
    if mark is not None and mark > since:
        return msg("写入以后改过简答题的分，再算一遍")
    return None


def take_marks_or_ask(examination: Examination, reason: str, by: Account) -> MarksTaken | Job:
    """Take the marks of an examination over, those of a large one by a job."""
    competition = examination.competition
    if not is_large(competition, len(sittings_by_code(examination))):
        return take_exam_marks(examination, reason, by)
    require_judging(competition)
    refuse_if(why_not_marked(examination))
    asked = {"exam": examination.id, "reason": reason}
    return ask_for(competition, TAKE_MARKS, by, str(examination.id), asked, still=require_judging)


def take_exam_marks(examination: Examination, reason: str, by: Account) -> MarksTaken:
    """Score the examination, and put each mark on its sheet of the module.

    A sheet that says the same stays; one that says otherwise goes back with the reason and is
    put anew, as any corrected mark. Absent are proposed. Raises `Refused` while somebody sits,
    an essay waits for a marker, or nobody may mark.
    """
    written: set[int] = set()
    while True:
        work = _begun(examination, reason, by, written)
        work.put_all(partial(changing, examination.competition))
        with changing(examination.competition, examination):
            if work.holds():
                work.end()
                return MarksTaken(**work.counts, left_out=work.left_out)


@work_for(TAKE_MARKS)
def _take(run: Run) -> None:
    """Do the same by a job. Begun again it puts what is not there yet: the same stays."""
    examination = db.session.get_one(Examination, run.arguments["exam"])
    written: set[int] = set()
    while not run.is_over():
        run.step(msg("算成绩"))
        work = _begun(examination, run.arguments["reason"], run.by, written)
        work.put_all(run.writing, run.step)
        with run.writing() as session:
            session.refresh(examination)
            if work.holds():
                work.end()
                others = [[code, packed(why)] for code, why in work.left_out[:MOST_TOLD]]
                left = len(work.left_out)
                run.finish(**work.counts, left=left, others=others, exam=examination.id)


def _begun(examination: Examination, reason: str, by: Account, written: set[int]) -> _Marking:
    # What comes while it is scored and put is not among the marks: they are of this moment.
    since = utc_now()
    return _Marking(examination, _scored(examination, by), reason, by, since, written)


def _scored(examination: Examination, by: Account) -> ScoredExam:
    """Score its file. Raises `Refused` while somebody sits, or anything in it is pending."""
    require_judging(examination.competition)
    refuse_if(why_not_marked(examination))
    scored = scored_exam(exam_file(examination))
    if not are_given_out(examination, scored.results):
        # By time added, or a clock that was read, another answer counts than the one marked, or
        # one where none did.
        hand_out_essays(examination, by)
        raise Refused(msg("有的简答算数的答案变了，重新发给评卷人了，评完再算"))
    pending = sum(it.verdict == PENDING for it in scored.results.sittings)
    if pending:
        raise Refused(msg("%(n)s 人的简答还没评完", n=pending))
    return scored


def take_exam_file(examination: Examination, by: Account) -> bytes:
    """The exam's file for who checks it; who took it out is on record. Not while somebody sits.

    Without the marks of essays until all are marked: who leads may be a marker, and sees nobody's.
    """
    refuse_if(why_still_sat(examination))
    if not has_begun(examination):
        raise Refused(msg("没有考场开过考，文件里是还没考的题"))
    is_marked = examination.marked_at is not None or why_essays_wait(examination) is None
    content = exam_file(examination, with_marks=is_marked)
    with changing(examination.competition) as competition:
        after = {"sha256": file_sha256(content)}
        audit.record(competition, by, "exam.file", place_of_exam(examination).title, after=after)
    return content


class _Marking:
    """Marks being put, part by part.

    `written` are the sheets that were, also by a scoring before this one.
    """

    def __init__(
        self,
        examination: Examination,
        scored: ScoredExam,
        reason: str,
        by: Account,
        since: datetime,
        written: set[int],
    ) -> None:
        self.examination, self.scored, self.reason, self.by = examination, scored, reason, by
        self.since, self.written = since, written
        self.place: MarkedModule = place_of_exam(examination)
        self.numbers = {code: it.id for code, it in sittings_by_code(examination).items()}
        self.sheets: Mapping[int, Sequence[Sheet]] = {}
        self.counts: Counter[str] = Counter(put=0, same=0, absent=0)
        self.left_out: list[tuple[str, Message]] = []
        self.seals: dict[str, Any] = {}
        self.anew: list[str] = []
        self.sections = {it["code"]: it["name"] for it in filed_content(examination)["sections"]}
        self.figures = new_figures(examination, scored.results)

    def put_all(
        self,
        writing: Callable[[], AbstractContextManager[object]],
        step: Callable[[Message, int, int], object] = lambda *_: None,
    ) -> None:
        """Put all marks and figures, a part in each unit of work that `writing` begins."""
        people, done = self.scored.results.sittings, 0
        for part in in_chunks(people, _PART):
            step(msg("写入模块"), done, len(people))
            with writing():
                self._take(part)
            done += len(part)
        step(msg("算每道题"), done, len(people))
        for figures in in_chunks(self.figures, _FIGURES):
            with writing():
                self._keep(figures)

    def _take(self, results: Sequence[SittingResult]) -> None:
        """Put the marks of these, and on record; inside a unit of work."""
        require_judging(self.examination.competition)
        self.seals, self.anew = {}, []
        sittings = self._sittings(results)
        self.sheets = self._sheets_of(sittings.values())
        for result in results:
            sitting = sittings[result.sitting]
            try:
                why = self._put(sitting, result)
            except Refused as refused:
                why = refused.message
            if why is not None:
                self.left_out.append((sitting.entrant.code, why))
        self._record()

    def _put(self, sitting: ExamSitting, result: SittingResult) -> Message | None:
        """Put one mark; why not, where none is put.

        Who was made void since it was scored gets none: it is scored anew at the end (`holds`).
        """
        if VOID in (result.verdict, sitting.state):
            if any(it.state in HANDED_IN for it in self.sheets[sitting.entrant_id]):
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
        sheets = self.sheets[sitting.entrant_id]
        if not sheets:
            return msg("这个人在这个模块没有评分表，先分配裁判")
        for sheet in sheets:
            self._put_on(sheet, value, result)
        return None

    def _put_on(self, sheet: Sheet, value: Decimal, result: SittingResult) -> None:
        require_open(self.examination.competition, sheet.entrant, sheet.stage, sheet.module)
        code = self.place.aspect.code
        if sheet.state in HANDED_IN:
            if standing_values([sheet.id])[sheet.id].get(code) == value:
                # Scored anew since somebody was made void, it is still what this work put.
                self.counts["put" if sheet.id in self.written else "same"] += 1
                return
            why = self.reason or msg("考试重新算过").render()
            send_sheet_back(sheet, why, self.by)
            self.anew.append(sheet.label)
        extra: dict[str, object] = {
            FROM_EXAM: self.scored.sha256,
            "exam_paper": self.examination.paper.sha256,
            EXAM_SECTIONS: [[self.sections[it.section], it.points, it.of] for it in result.profile],
        }
        name = f"{sheet.label} {sheet.judge.code}"
        self.seals[name] = submit_marks(sheet, self.place.module, {code: value}, extra)
        self.counts["put"] += 1
        self.written.add(sheet.id)

    def _sittings(self, results: Sequence[SittingResult]) -> dict[str, ExamSitting]:
        """The sittings of these, by their blind codes."""
        numbers = [self.numbers[it.sitting] for it in results]
        query = select(ExamSitting).where(ExamSitting.id.in_(numbers))
        together = joinedload(ExamSitting.entrant)
        return {it.blind: it for it in db.session.scalars(query.options(together))}

    def _sheets_of(self, sittings: Iterable[ExamSitting]) -> dict[int, list[Sheet]]:
        """The sheets of their people in the module, by person."""
        people = {it.entrant_id for it in sittings}
        query = select(Sheet).where(
            Sheet.entrant_id.in_(people),
            Sheet.stage == self.place.stage,
            Sheet.module == self.place.module.code,
            Sheet.state != SheetState.WITHDRAWN,
        )
        sheets: dict[int, list[Sheet]] = {it: [] for it in people}
        for sheet in db.session.scalars(query.options(joinedload(Sheet.judge))):
            sheets[sheet.entrant_id].append(sheet)
        return sheets

    def _absent(self, sitting: ExamSitting) -> None:
        evidence = msg("考试文件的 SHA-256：%(sha256)s", sha256=self.scored.sha256).render()
        text = msg("考试没有来").render()
        wanted = Proposal("dns", self.place.stage, self.place.module.code, text, evidence)
        if standing_decision(sitting.entrant, wanted) is None:
            propose_decision(sitting.entrant, wanted, self.by)
        self.counts["absent"] += 1

    def _record(self) -> None:
        """Put on record which sheets this part wrote, with the seals of their acts."""
        if not self.seals:
            return
        after = {
            "sheets": self.seals,
            "file": self.scored.sha256,
            **({"anew": sorted(self.anew)} if self.anew else {}),
        }
        audit.record(
            *(self.examination.competition, self.by, "exam.marks", self.place.title),
            after=after,
            reason=self.reason or None,
        )

    def _keep(self, figures: Sequence[tuple[Question, QuestionResult]]) -> None:
        """Keep how these questions measured, and on record; inside a unit of work."""
        keep_figures(self.examination, figures)
        after = {"n": len(figures), "file": self.scored.sha256}
        competition = self.examination.competition
        audit.record(competition, self.by, "exam.figures", self.place.title, after=after)

    def holds(self) -> bool:
        """True if nobody was made void since it was scored: else figures and file know nothing."""
        scored = {it.sitting for it in self.scored.results.sittings if it.verdict == VOID}
        sittings = sittings_by_code(self.examination).items()
        return scored == {code for code, it in sittings if it.state is SittingState.VOID}

    def end(self) -> None:
        """Say of the examination that its marks were taken; inside a unit of work."""
        examination = self.examination
        examination.file_sha256, examination.marked_by = self.scored.sha256, self.by.id
        examination.marked_at = self.since
        examination.forms = msgspec.to_builtins(self.scored.results.forms)
        after = {
            "file": self.scored.sha256,
            "paper": examination.paper.sha256,
            **self.counts,
            "left": len(self.left_out),
        }
        audit.record(examination.competition, self.by, "exam.marked", self.place.title, after=after)
