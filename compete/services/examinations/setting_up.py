"""An examination set up for a module: which paper, how long, and by which rules; put away again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from compete.domain.exam.exam_reading import EssayMarking, MultipleRule, Third
from compete.domain.values.examination_states import KeyState
from compete.domain.values.messages import Message, msg, some_of
from compete.domain.values.numerals import plain
from compete.domain.values.rights import Right
from compete.domain.values.upload_limits import LARGEST_EXAM_PAPER, MIB
from compete.models import (
    Account,
    Competition,
    Examination,
    ExamKey,
    ExamPaper,
    ExamRoom,
    QuestionBank,
    db,
    utc_now,
)
from compete.services.accounts.access import may_in_bank
from compete.services.closing.marks_lists import MarkedModule, marked_module, takes_list
from compete.services.examinations.paper_content import (
    bytes_of_form,
    content_of_paper,
    lacks_pictures,
    seal_papers,
    written_content,
)
from compete.services.kernel import audit
from compete.services.kernel.event_rules import module_key, modules_in
from compete.services.kernel.fields import Setting, texts_of
from compete.services.kernel.refusal import FieldRefused, Refused, refuse_if
from compete.services.kernel.transactions import changing, for_update, unit_of_work
from compete.services.questions.bank_rights import require_in_bank
from compete.services.questions.sealing import (
    codes_in,
    released_in,
    versions_in,
    void_among,
    withdrawn_in,
)
from compete.services.sheets.blind_codes import is_coded
from compete.services.sheets.locks_in_force import require_judging

_LONGEST_MINUTES, _NAMED = 600, 6
MULTIPLE_WORDS = {
    MultipleRule.ALL: msg("全对才得分"),
    MultipleRule.SHARE: msg("少选没选错，得满分的一部分"),
    MultipleRule.EACH: msg("少选没选错，每个选项得几分"),
    MultipleRule.PROPORTION: msg("少选没选错，按选项数得"),
}
THIRD_WORDS = {
    Third.NEAREST: msg("和离他近的那个取平均"),
    Third.FINAL: msg("以第三个人的为准"),
}


class ExamRules(msgspec.Struct, frozen=True, kw_only=True):
    """The rules of an examination, kept as it was set up."""

    minutes: Annotated[
        int,
        Setting(msg("考多少分钟"), least=1, most=_LONGEST_MINUTES, needed=msg("写考多少分钟")),
    ] = 90
    pass_line: Annotated[
        Decimal, Setting(msg("及格线"), msg("到这个分算及格"), needed=msg("写及格线"))
    ] = Decimal(60)
    late_entry: Annotated[
        int,
        Setting(
            msg("迟到多少分钟以内能进"),
            msg("过了要监考员写理由放进来"),
            most=_LONGEST_MINUTES,
            needed=msg("写多少分钟，不让进写 0"),
        ),
    ] = 30
    late_full: Annotated[bool, Setting(msg("迟到的也考满时间"), msg("不勾就和全场一起结束"))] = (
        False
    )
    late_minutes: Annotated[
        int,
        Setting(
            msg("时间到了多少分钟以内送到的还收"),
            msg("断网时答的，时间到以前答的才算"),
            most=1440,
            needed=msg("写多少分钟"),
        ),
    ] = 30
    multiple: Annotated[MultipleRule, Setting(msg("多选题怎么给分"), choices=MULTIPLE_WORDS)] = (
        MultipleRule.ALL
    )
    part: Annotated[
        Decimal | None,
        Setting(msg("少选得多少"), msg("一部分写 0.5 这样，每个选项写几分；别的不用写")),
    ] = None
    essay_line: Annotated[
        Decimal,
        Setting(
            msg("简答题两人差多少分以内取平均"),
            msg("差得更多，要第三个人评"),
            needed=msg("写差多少分以内，一点不能差写 0"),
        ),
    ] = Decimal(0)
    essay_third: Annotated[Third, Setting(msg("第三个人的分怎么算"), choices=THIRD_WORDS)] = (
        Third.NEAREST
    )

    @property
    def essay_marking(self) -> EssayMarking:
        """How markers' points of an essay come together."""
        return EssayMarking(line=self.essay_line, third=self.essay_third)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperOffered:
    """A paper that somebody may take for an examination."""

    paper: ExamPaper
    bank: QuestionBank
    total: Decimal
    minutes: int


def rules_of_exam(examination: Examination) -> ExamRules:
    """The rules with their types."""
    return msgspec.convert(examination.rules, ExamRules)


def examinations_of(competition: Competition) -> Sequence[Examination]:
    """The examinations of a competition that stand, in the order in which they were set up."""
    query = select(Examination).where(
        Examination.competition_id == competition.id, Examination.ended_at.is_(None)
    )
    together = joinedload(Examination.event), joinedload(Examination.paper)
    return db.session.scalars(query.options(*together).order_by(Examination.id)).all()


def examination_of(competition: Competition, number: int) -> Examination | None:
    """The competition's examination of that number that stands, or None."""
    row = db.session.get(Examination, number)
    own = row is not None and row.competition_id == competition.id and row.ended_at is None
    return row if own else None


def place_of_exam(examination: Examination) -> MarkedModule:
    """The module whose marks it gives."""
    return marked_module(examination.event, examination.stage, examination.module)


def modules_without(competition: Competition) -> list[MarkedModule]:
    """The modules that an examination can be set up for: whose sheet is one mark, and have none."""
    taken = {(it.event_id, it.stage, it.module) for it in examinations_of(competition)}
    places = (
        marked_module(*place)
        for place in modules_in(competition)
        if (place[0].id, place[1], place[2]) not in taken
    )
    return [it for it in places if takes_list(it.module) and not is_coded(it.event)]


def papers_offered(by: Account) -> list[PaperOffered]:
    """The papers that meet their tables and are not void, newest first.

    Of banks where the account may see papers.
    """
    query = select(ExamPaper).where(ExamPaper.is_met).order_by(ExamPaper.id.desc())
    together = joinedload(ExamPaper.table), joinedload(ExamPaper.bank)
    rows = db.session.scalars(query.options(*together)).all()
    may = {bank: may_in_bank(by, bank, Right.SEE_PAPERS) for bank in {it.bank for it in rows}}
    void = void_among(rows)
    return [_offered(row) for row in rows if may[row.bank] and row.id not in void]


def _offered(paper: ExamPaper) -> PaperOffered:
    content: dict[str, Any] = paper.table.content
    return PaperOffered(
        paper=paper,
        bank=paper.bank,
        total=Decimal(str(content["total"])),
        minutes=int(content["minutes"]),
    )


def set_up_examination(
    competition: Competition, module: str, paper: ExamPaper | None, rules: ExamRules, by: Account
) -> Examination:
    """Let a module be sat by this paper. Raises `Refused` for what does not fit."""
    place = next(
        (
            it
            for it in modules_without(competition)
            if module_key(it.event, it.stage, it.module.code) == module
        ),
        None,
    )
    if place is None:
        raise FieldRefused("module", msg("先选哪个模块"))
    if paper is None or not paper.is_met:
        raise FieldRefused("paper", msg("先选试卷"))
    require_in_bank(by, paper.bank, Right.SEE_PAPERS)
    if void_among([paper]):
        raise FieldRefused("paper", msg("这份卷作废了，另组一份"))
    offered = _offered(paper)
    content = content_of_paper(paper)
    if without := lacks_pictures(content):
        words = msg("%(codes)s 题的图不在题库里：补上图、再组一份", codes=some_of(without, _NAMED))
        raise FieldRefused("paper", words)
    if bytes_of_form(content) > LARGEST_EXAM_PAPER:
        most = LARGEST_EXAM_PAPER // MIB
        raise FieldRefused("paper", msg("卷里的图太多，一份最多 %(n)s MB", n=most))
    _check(place, offered, rules)
    sealed = seal_papers(content.shown)
    with changing(competition) as competition:
        # The lock of the banks is that under which questions are released.
        audit.claim_chain(None)
        if codes := released_in(paper):
            words = msg(
                "%(codes)s 题已经是练习题，谁都看得到：另组一份", codes=some_of(codes, _NAMED)
            )
            raise FieldRefused("paper", words)
        if codes := withdrawn_in(paper):
            words = msg(
                "%(codes)s 题组卷以后停用了：请保密员放回来，或者另组一份",
                codes=some_of(codes, _NAMED),
            )
            raise FieldRefused("paper", words)
        if codes := _struck_in(paper):
            words = msg(
                "%(codes)s 题在考过的一场里删掉了：在题库里停用或者改一版，再另组一份",
                codes=some_of(codes, _NAMED),
            )
            raise FieldRefused("paper", words)
        if any(
            (it.event_id, it.stage, it.module) == (place.event.id, place.stage, place.module.code)
            for it in examinations_of(competition)
        ):
            raise Refused(msg("这个模块已经设了考试"))
        examination = Examination(
            competition_id=competition.id,
            event_id=place.event.id,
            stage=place.stage,
            module=place.module.code,
            paper_id=paper.id,
            rules=msgspec.to_builtins(rules),
            content=written_content(content),
            papers=dict(sealed.papers),
            paper_keys=json.dumps(dict(sealed.keys)),
            made_by=by.id,
        )
        examination.event, examination.paper = place.event, paper
        db.session.add(examination)
        db.session.flush()
        after = {"paper": paper.name, "sha256": paper.sha256, **texts_of(rules)}
        audit.record(competition, by, "exam.set_up", place.title, after=after)
    return examination


def _struck_in(paper: ExamPaper) -> list[str]:
    """The codes of questions that an examination struck out in the version that is in the paper."""
    query = (
        select(ExamKey, ExamPaper)
        .join(Examination, Examination.id == ExamKey.examination_id)
        .join(ExamPaper, ExamPaper.id == Examination.paper_id)
        .where(
            ExamPaper.bank_id == paper.bank_id,
            ExamKey.question.in_(codes_in(paper)),
            ExamKey.state == KeyState.AGREED,
        )
        .order_by(ExamKey.agreed_at, ExamKey.id)
    )
    last = {(sat.id, key.question): (key, sat) for key, sat in db.session.execute(query).tuples()}
    struck = [(key, sat) for key, sat in last.values() if json.loads(key.content).get("struck")]
    own = versions_in(paper)
    return sorted(
        {key.question for key, sat in struck if versions_in(sat)[key.question] == own[key.question]}
    )


def _check(place: MarkedModule, offered: PaperOffered, rules: ExamRules) -> None:
    if place.aspect.max != offered.total:
        words = msg(
            "试卷满分 %(total)s，模块满分 %(max)s，要一样",
            total=plain(offered.total),
            max=plain(place.aspect.max),
        )
        raise FieldRefused("paper", words)
    if rules.pass_line > offered.total:
        raise FieldRefused("pass_line", msg("及格线超过了满分"))
    wanted = rules.multiple in (MultipleRule.SHARE, MultipleRule.EACH)
    if wanted and not rules.part:
        raise FieldRefused("part", msg("写少选得多少"))
    if rules.multiple is MultipleRule.SHARE and rules.part is not None and rules.part > 1:
        raise FieldRefused("part", msg("一部分最多是 1"))


def why_exam_stays(examination: Examination) -> Message | None:
    """Say why an examination is not taken back; None: it may be.

    One whose room was opened stays, but for a paper made void by then: nobody can sit it.
    """
    rooms = select(ExamRoom.started_at).where(ExamRoom.examination_id == examination.id)
    begun = db.session.scalars(rooms).all()
    if any(begun) or (begun and not void_among([examination.paper])):
        return msg("已经开过考场，不能撤")
    return None


def put_exam_away(examination: Examination, by: Account) -> None:
    """Take an examination back that nobody sat. Raises `Refused` for what stands against it."""
    with unit_of_work() as session:
        competition = for_update(session.get_one(Competition, examination.competition_id))
        session.refresh(examination)
        if examination.ended_at is not None:
            raise Refused(msg("这个考试已经撤了"))
        refuse_if(why_exam_stays(examination))
        examination.ended_at, examination.ended_by = utc_now(), by.id
        title = place_of_exam(examination).title
        audit.record(competition, by, "exam.put_away", title)


def why_not_sat(examination: Examination) -> Message | None:
    """Say why nothing of it may be begun now; None: may."""
    try:
        require_judging(examination.competition)
    except Refused as refused:
        return refused.message
    return None
