"""What a registration may ask besides: 部门, 文化程度, 师傅, 学历和职称, consent to be named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from compete.domain.values.kinds import Kind
from compete.domain.values.messages import Message, msg


class EntryField(StrEnum):
    """A column that each competition may ask for or leave out."""

    DEPARTMENT = "department"
    EDUCATION = "education"
    MENTOR = "mentor"
    COACH = "coach"
    LEADER = "leader"
    GRADE_SINCE = "grade_since"
    PAPERS = "papers"
    CONSENT = "consent"


ENTRY_FIELD_WORDS: Mapping[EntryField, Message] = {
    EntryField.DEPARTMENT: msg("部门/班组"),
    EntryField.EDUCATION: msg("文化程度"),
    EntryField.MENTOR: msg("师傅"),
    EntryField.COACH: msg("教练"),
    EntryField.LEADER: msg("领队"),
    EntryField.GRADE_SINCE: msg("取得现等级的日期"),
    EntryField.PAPERS: msg("学历和职称"),
    EntryField.CONSENT: msg("同意公布全名"),
}

OF_EVALUATIONS = frozenset({EntryField.GRADE_SINCE, EntryField.PAPERS})
"""What only an evaluation asks: its conditions look at it. It has no crews, so no member has it."""

BACKGROUND = tuple(field.value for field in EntryField if field is not EntryField.CONSENT)
"""Those that are columns of a person; consent is a record of its own."""

EDUCATION_WORDS: Mapping[str, Message] = {
    "primary": msg("小学"),
    "junior": msg("初中"),
    "senior": msg("高中"),
    "vocational": msg("中专/技校"),
    "college": msg("大专"),
    "bachelor": msg("本科"),
    "master": msg("硕士研究生"),
    "doctor": msg("博士研究生"),
}
"""文化程度 from the lowest, as it is stored and as it is called."""


def fields_offered(kind: Kind) -> tuple[EntryField, ...]:
    """The fields that a competition of this kind may ask for."""
    return tuple(it for it in EntryField if kind is Kind.EVALUATION or it not in OF_EVALUATIONS)


def _papers_text(papers: Sequence[Mapping[str, Any]]) -> str:
    """Papers as they are written in a cell: 中专 2010-07-01、初级职称 2012-09-01."""
    return "、".join(f"{paper['kind']} {paper['since']}" for paper in papers)


def form_text(key: str, value: Any) -> str:
    """The value of a field as a form has it; empty for none."""
    if value is None:
        return ""
    return _papers_text(value) if key == EntryField.PAPERS else str(value)


def field_text(key: str, value: Any) -> str | Message:
    """The value of a field in words; empty for none."""
    if key == EntryField.EDUCATION and value is not None:
        return EDUCATION_WORDS.get(value, str(value))
    return form_text(key, value)
