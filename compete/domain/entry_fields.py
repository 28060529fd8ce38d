"""What a registration may ask besides: 部门, 文化程度, 师傅, 教练, 领队, consent to be named."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from compete.domain.values import Message, msg


class EntryField(StrEnum):
    """A column that each competition may ask for or leave out."""

    DEPARTMENT = "department"
    EDUCATION = "education"
    MENTOR = "mentor"
    COACH = "coach"
    LEADER = "leader"
    CONSENT = "consent"


ENTRY_FIELD_WORDS: Mapping[EntryField, Message] = {
    EntryField.DEPARTMENT: msg("部门/班组"),
    EntryField.EDUCATION: msg("文化程度"),
    EntryField.MENTOR: msg("师傅"),
    EntryField.COACH: msg("教练"),
    EntryField.LEADER: msg("领队"),
    EntryField.CONSENT: msg("同意公布全名"),
}

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
