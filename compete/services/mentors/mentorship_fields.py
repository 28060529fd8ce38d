"""The fields of an agreement, of a visit and of an end: headings, other names, what may stand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated

import msgspec

from compete.domain.grades.ladder import grade_label, parse_grade
from compete.domain.values.mentor_states import MentorOutcome, MentorshipState
from compete.domain.values.messages import Message, msg
from compete.models import Mentorship
from compete.services.directory.merged import standing
from compete.services.kernel.fields import (
    Setting,
    headings,
    other_headings,
    read_texts,
    reason_field,
    texts_of,
)
from compete.services.mentors.mentor_rules import OUTCOME_WORDS
from compete.sheets.headed_rows import RowsKind

STATE_WORDS: Mapping[MentorshipState, Message] = {
    MentorshipState.OPEN: msg("在带"),
    MentorshipState.ENDED: msg("已结束"),
    MentorshipState.WITHDRAWN: msg("已撤回"),
}
GRADES: Mapping[str, Message] = {"": msg("没写")} | {
    str(grade): grade_label(grade) for grade in (5, 4, 3, 2, 1)
}
_WRONG_GRADE = msg("等级看不懂，写成三级或高级工这样")
_MOST_ROWS = 2000


def _grade(text: str) -> str:
    if text in GRADES:
        return text
    grade = parse_grade(text)
    return str(grade) if grade is not None else ""


def grade_number(text: str) -> int | None:
    """The grade of a field, 5 to 1."""
    return int(text) if text else None


class TermFields(msgspec.Struct, frozen=True, kw_only=True):
    """What can be corrected of an agreement: all but whose it is."""

    mentor_grade: Annotated[
        str,
        Setting(
            msg("师傅等级"),
            msg("这里发的证书不用写"),
            choices=GRADES,
            wrong=_WRONG_GRADE,
            also=("师傅技能等级", "师傅职业技能等级"),
            read=_grade,
        ),
    ] = ""
    occupation: Annotated[
        str,
        Setting(
            msg("职业"),
            most=100,
            needed=msg("职业要写"),
            also=("职业（工种）", "职业(工种)", "工种"),
        ),
    ]
    target_grade: Annotated[
        str,
        Setting(
            msg("目标等级"),
            choices=GRADES,
            wrong=_WRONG_GRADE,
            also=("培养等级", "培养目标等级"),
            read=_grade,
        ),
    ] = ""
    starts: Annotated[
        date,
        Setting(msg("开始日期"), needed=msg("开始日期要写"), also=("起始日期", "签订日期", "开始")),
    ]
    until: Annotated[
        date,
        Setting(msg("到期日期"), needed=msg("到期日期要写"), also=("截止日期", "结束日期", "到期")),
    ]
    aims: Annotated[
        str, Setting(msg("培养目标"), most=1000, lines=True, also=("目标", "带徒目标"))
    ] = ""
    document: Annotated[
        str, Setting(msg("协议编号"), most=200, also=("协议", "师徒协议", "文件"))
    ] = ""
    why: Annotated[
        str,
        Setting(
            msg("等级低为什么也行"),
            msg("师傅没有目标等级时写"),
            most=500,
            also=("特殊说明",),
        ),
    ] = ""


class PairFields(TermFields, frozen=True, kw_only=True):
    """What is written of a new agreement, and stands in a row of a workbook."""

    organisation: Annotated[
        str,
        Setting(
            msg("组织"),
            msg("组织名录里的全称，或者信用代码"),
            most=200,
            needed=msg("组织要写"),
            also=("签约单位", "主办组织"),
        ),
    ]
    mentor: Annotated[
        str, Setting(msg("师傅"), most=60, needed=msg("师傅姓名要写"), also=("师傅姓名", "导师"))
    ]
    mentor_unit: Annotated[str, Setting(msg("师傅单位"), most=200, also=("师傅所在单位",))] = ""
    mentor_number: Annotated[
        str,
        Setting(
            msg("师傅身份证号码"),
            msg("同名的人分得清就不用写"),
            most=30,
            also=("师傅证件号码", "师傅身份证号"),
        ),
    ] = ""
    pupil: Annotated[
        str, Setting(msg("徒弟"), most=60, needed=msg("徒弟姓名要写"), also=("徒弟姓名", "学员"))
    ]
    pupil_unit: Annotated[str, Setting(msg("徒弟单位"), most=200, also=("徒弟所在单位",))] = ""
    pupil_number: Annotated[
        str,
        Setting(msg("徒弟身份证号码"), most=30, also=("徒弟证件号码", "徒弟身份证号")),
    ] = ""


class VisitFields(msgspec.Struct, frozen=True, kw_only=True):
    """A visit: who, on which day, what was done."""

    by: Annotated[str, Setting(msg("谁"), most=60, needed=msg("写谁去的"))]
    day: Annotated[date | None, Setting(msg("哪天"), msg("空着就是今天"))] = None
    hours: Annotated[
        Decimal | None, Setting(msg("几个小时"), msg("半小时写 0.5"), most=24, places=1)
    ] = None
    text: Annotated[str, Setting(msg("做了什么"), most=1000, lines=True, needed=msg("写做了什么"))]


class EndFields(msgspec.Struct, frozen=True, kw_only=True):
    """How an agreement ended."""

    outcome: Annotated[MentorOutcome, Setting(msg("考核结果"), choices=OUTCOME_WORDS)] = (
        MentorOutcome.PASS
    )
    day: Annotated[date | None, Setting(msg("哪天结束"), msg("空着就是今天"))] = None
    reason: Annotated[str, reason_field(msg("说明"), hint=msg("不合格、提前结束要写为什么"))] = ""


PAIR_FIELDS: Mapping[str, Message] = headings(PairFields)
PAIR_ROWS = RowsKind(
    "mentorships",
    PAIR_FIELDS,
    other_headings(PairFields),
    _MOST_ROWS,
    alike=("organisation",),
)


def check_pair(texts: Mapping[str, str]) -> tuple[PairFields | None, dict[str, Message]]:
    """The row of a workbook, or what is wrong with which field."""
    return read_texts(PairFields, texts)


def term_of(row: Mentorship) -> TermFields:
    """The fields that can be corrected, as they stand."""
    return TermFields(
        mentor_grade=str(row.mentor_grade or ""),
        occupation=row.occupation,
        target_grade=str(row.target_grade or ""),
        starts=row.starts,
        until=row.until,
        aims=row.aims,
        document=row.document,
        why=row.why,
    )


def texts_of_pair(row: Mentorship) -> dict[str, str]:
    """The texts that would find and make it again; numbers are left out."""
    return texts_of(
        term_of(row),
        PairFields,
        organisation=standing(row.organisation).name,
        mentor=row.mentor.name,
        mentor_unit=row.mentor_unit,
        mentor_number="",
        pupil=row.pupil.name,
        pupil_unit=row.pupil_unit,
        pupil_number="",
    )
