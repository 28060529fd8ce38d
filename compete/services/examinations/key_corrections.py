"""Keys put right and questions struck out: one asks, another agrees, everybody is scored anew."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from compete.domain.bundle.problems import BundleError
from compete.domain.exam.answers import CHOICES, QuestionKind
from compete.domain.exam.exam_results import Changed
from compete.domain.values.examination_states import KeyState
from compete.domain.values.messages import Message, listed, msg
from compete.models import Account, Competition, Examination, ExamKey, db, utc_now
from compete.services.accounts.second_persons import SecondWord, asked_word, is_linked
from compete.services.examinations.exam_file import (
    PUT_BACK,
    ScoredExam,
    exam_file,
    scored_exam,
    struck_questions,
)
from compete.services.examinations.paper_content import filed_content
from compete.services.examinations.rooms import has_begun
from compete.services.examinations.setting_up import place_of_exam
from compete.services.kernel import audit
from compete.services.kernel.fields import Setting, reason_field
from compete.services.kernel.refusal import FieldRefused, Refused
from compete.services.kernel.transactions import changing

_RIGHT = frozenset({"对", "√", "是", "正确", "true", "t"})
_WRONG = frozenset({"错", "×", "否", "错误", "false", "f"})
_APART = re.compile(r"[\s,，、;；]+")


@dataclass(frozen=True, slots=True)
class KeyFields:
    """A key that is put right, or a question that is struck out."""

    question: Annotated[str, Setting(msg("题的编号"), most=100, needed=msg("写题的编号"))]
    struck: Annotated[bool, Setting(msg("删掉这道题"), msg("每个来考的人都得满分，别的题不变"))] = (
        False
    )
    back: Annotated[bool, Setting(msg("放回删掉的简答题"), msg("照两个人评的分算"))] = False
    key: Annotated[
        str,
        Setting(
            msg("正确答案"),
            msg("选项写 A、ABD；判断写 对、错；填空一空一行，几种写法用 | 隔开；删题不写"),
            most=2000,
            lines=True,
        ),
    ] = ""
    tolerance: Annotated[Decimal | None, Setting(msg("允许差多少"), msg("计算题才写"))] = None
    reason: Annotated[str, reason_field(msg("为什么改"), msg("写为什么改"))] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedQuestion:
    """A question as its list shows it: where it stands in the forms, and how it was answered."""

    code: str
    kind: QuestionKind
    places: Sequence[tuple[str, int]]
    """The forms in which it stands, and as which number."""


def questions_asked(examination: Examination) -> list[AskedQuestion]:
    """The questions of the paper, in the order of its forms; none before a room begins.

    Until then what stands in a paper is for those of its bank who see papers.
    """
    if not has_begun(examination):
        return []
    filed = filed_content(examination)
    places: dict[str, list[tuple[str, int]]] = {row["code"]: [] for row in filed["questions"]}
    for form in filed["forms"]:
        for number, code in enumerate(form["questions"], 1):
            places[code].append((form["form"], number))
    return [
        AskedQuestion(code=row["code"], kind=QuestionKind(row["kind"]), places=places[row["code"]])
        for row in filed["questions"]
    ]


def keys_of(examination: Examination) -> Sequence[ExamKey]:
    """What was asked for and agreed to, the last first; without what was dropped."""
    query = select(ExamKey).where(
        ExamKey.examination_id == examination.id, ExamKey.state != KeyState.DROPPED
    )
    together = joinedload(ExamKey.asker), joinedload(ExamKey.agreer)
    return db.session.scalars(query.options(*together).order_by(ExamKey.id.desc())).all()


def asked_keys(competition: Competition) -> Sequence[ExamKey]:
    """What waits for a second person."""
    query = (
        select(ExamKey)
        .where(ExamKey.competition_id == competition.id, ExamKey.state == KeyState.ASKED)
        .options(joinedload(ExamKey.examination), joinedload(ExamKey.asker))
    )
    return db.session.scalars(query.order_by(ExamKey.id)).all()


def key_of_exam(examination: Examination, number: int) -> ExamKey | None:
    """The examination's corrected key of that number, or None."""
    row = db.session.get(ExamKey, number)
    return row if row is not None and row.examination_id == examination.id else None


def key_words(row: ExamKey) -> Message:
    """What is asked: which question is struck out, or whose key becomes what."""
    content = json.loads(row.content)
    if content.get("struck"):
        return msg("删掉 %(question)s 题", question=row.question)
    if content.get(PUT_BACK):
        return msg("放回 %(question)s 题", question=row.question)
    return msg(
        "%(question)s 题的答案改成 %(key)s", question=row.question, key=_told(content["key"])
    )


def _told(key: Any) -> Message | str:
    if isinstance(key, bool):
        return msg("对") if key else msg("错")
    if isinstance(key, list):
        return listed(["|".join(it) if isinstance(it, list) else str(it) for it in key])
    return str(key)


def ask_key(examination: Examination, fields: KeyFields, by: Account) -> ExamKey:
    """Ask that a key be put right, or a question struck out. Raises `Refused` for what is wrong."""
    if not has_begun(examination):
        raise Refused(msg("还没有考场开考"))
    row = ExamKey(
        competition_id=examination.competition_id,
        examination_id=examination.id,
        question=fields.question,
        content=json.dumps(_content(examination, fields), ensure_ascii=False),
        reason=fields.reason,
        asked_by=by.id,
    )
    row.asker, row.examination = by, examination
    # Scored before anything is claimed: in a large hall that takes its time.
    _scored_with(row)
    with changing(examination.competition, examination) as competition:
        if any(it.question == fields.question for it in asked_keys(competition)):
            raise FieldRefused("question", msg("这道题有一处在等第二个人"))
        db.session.add(row)
        db.session.flush()
        action = "exam.key_back" if fields.back else "exam.key_ask"
        after = {"question": row.question, "struck": fields.struck}
        title = place_of_exam(examination).title
        audit.record(competition, by, action, title, after=after, reason=row.reason)
    return row


def _content(examination: Examination, fields: KeyFields) -> dict[str, Any]:
    rows = {row["code"]: row for row in filed_content(examination)["questions"]}
    question = rows.get(fields.question)
    if question is None:
        raise FieldRefused("question", msg("卷子里没有这道题"))
    kind = QuestionKind(question["kind"])
    if fields.back:
        return _put_back(examination, fields, kind)
    if fields.struck:
        return {"struck": True}
    if kind is QuestionKind.ESSAY:
        raise FieldRefused("struck", msg("简答题没有答案可改，只能删掉，或者放回来"))
    if not fields.key.strip():
        raise FieldRefused("key", msg("写正确答案，或者勾上删掉"))
    content: dict[str, Any] = {"key": _read(kind, question, fields.key.strip())}
    if kind is QuestionKind.NUMERIC and fields.tolerance is not None:
        content["tolerance"] = f"{fields.tolerance:f}"
    return content


def _put_back(examination: Examination, fields: KeyFields, kind: QuestionKind) -> dict[str, Any]:
    if fields.struck or fields.key.strip():
        raise FieldRefused("back", msg("放回来的不删，也不写答案"))
    if kind is not QuestionKind.ESSAY:
        raise FieldRefused("back", msg("有答案的题，写上正确答案就放回来了"))
    if fields.question not in struck_questions(examination):
        raise FieldRefused("back", msg("这道题没有删掉"))
    return {PUT_BACK: True}


def _read(kind: QuestionKind, question: Mapping[str, Any], text: str) -> Any:
    if kind in CHOICES:
        words = [word for word in _APART.split(text) if word]
        options = question["options"]
        if len(words) == 1 and words[0] not in options:
            words = list(words[0])
        return words
    if kind is QuestionKind.TRUE_FALSE:
        word = text.casefold()
        if word not in _RIGHT | _WRONG:
            raise FieldRefused("key", msg("写 对 或 错"))
        return word in _RIGHT
    if kind is QuestionKind.BLANK:
        lines = [line for line in text.splitlines() if line.strip()]
        return [[part.strip() for part in line.split("|") if part.strip()] for line in lines]
    return text


def key_word(row: ExamKey) -> SecondWord:
    """The conditions of agreeing: another who leads or oversees."""
    own = msg("是你提出的，请另一位来定")
    return asked_word(row.examination.competition, row.asked_by, own, linked=is_linked("exam-key"))


def who_would_change(row: ExamKey) -> Sequence[Changed]:
    """Whose total or verdict this key changes, beside those that count already."""
    now = scored_exam(exam_file(row.examination)).results.sittings
    pairs = zip(now, _scored_with(row).results.sittings, strict=True)
    return [
        Changed(
            sitting=it.sitting,
            from_=was.total,
            to=it.total,
            verdict_from=was.verdict,
            verdict_to=it.verdict,
        )
        for was, it in pairs
        if (was.total, was.verdict) != (it.total, it.verdict)
    ]


def _scored_with(row: ExamKey) -> ScoredExam:
    """Score with what is asked. Raises `FieldRefused` where it is no key of that question."""
    try:
        return scored_exam(exam_file(row.examination, asked=row))
    except BundleError as error:
        raise FieldRefused("key", error.problems[0].message) from None


def agree_key(row: ExamKey, by: Account) -> None:
    """The second person's word: the key counts, for the file and for the next marks."""
    with changing(row.examination.competition, row) as competition:
        if row.state is not KeyState.ASKED:
            raise Refused(msg("刚被别人定了，刷新看看"))
        key_word(row).require(by)
        row.state, row.agreed_by, row.agreed_at = KeyState.AGREED, by.id, utc_now()
        row.agreer = by
        after = {"question": row.question, "asked": row.asker.name}
        title = place_of_exam(row.examination).title
        audit.record(
            *(competition, by, "exam.key", title), after=after, reason=row.reason, bends=True
        )


def drop_key(row: ExamKey, by: Account) -> None:
    """Drop what was asked for."""
    with changing(row.examination.competition, row) as competition:
        if row.state is not KeyState.ASKED:
            raise Refused(msg("刚被别人定了，刷新看看"))
        row.state, row.ended_at = KeyState.DROPPED, utc_now()
        title = place_of_exam(row.examination).title
        after = {"question": row.question}
        audit.record(competition, by, "exam.key_drop", title, after=after)
