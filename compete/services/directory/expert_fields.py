"""The fields of an expert: their headings, what else people call them, and what may stand there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from compete.domain.values.messages import Message, msg
from compete.models import Expert
from compete.services.kernel.fields import (
    Setting,
    headings,
    other_headings,
    read_texts,
    texts_of,
)
from compete.sheets.headed_rows import RowsKind
from compete.sheets.texts import typed_parts

EXPERT_KINDS: Mapping[str, Message] = {
    "assessor": msg("考评员"),
    "judge": msg("裁判员"),
    "supervisor": msg("督导员"),
    "trainer": msg("内训师"),
    "technical": msg("技术专家"),
}
EXPERT_LEVELS: Mapping[str, Message] = {
    "国家级": msg("国家级专家"),
    "省级": msg("省级专家"),
    "市级": msg("市级专家"),
    "企业级": msg("企业级专家"),
}
"""From the highest; an empty one is none."""
_LEVEL_ENDS = ("专家", "裁判员", "裁判", "考评员")
"""The words that may follow a level: pages say 省级专家, certificates 国家级裁判员."""
_MOST_SPANS = 20
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_TO = re.compile(r"至|到|—|–|~|～|\bto\b")


def _day(text: str) -> date | None:
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None


def read_days(text: str) -> list[list[str]] | None:
    """Read spans of days, in order; None where it cannot be read."""
    spans = []
    for part in typed_parts(text):
        ends = [_day(end.strip()) for end in _TO.split(part)]
        first, last = ends[0], ends[-1]
        if len(ends) > 2 or first is None or last is None or last < first:
            return None
        spans.append([first.isoformat(), last.isoformat()])
    return sorted(spans) if len(spans) <= _MOST_SPANS else None


def days_text(days: list[list[str]]) -> str:
    """The text of days, as `read_days` reads it."""
    return "、".join(first if first == last else f"{first}至{last}" for first, last in days)


def _level(text: str) -> str:
    """The level alone, where what it is a level of follows it. Raises `ValueError`."""
    levels = (text.removesuffix(end) for end in _LEVEL_ENDS if text.endswith(end))
    level = next((it for it in levels if it in EXPERT_LEVELS), text)
    if level and level not in EXPERT_LEVELS:
        raise ValueError(text)
    return level


def _until(text: str) -> date | None:
    day = _day(text)
    if text and day is None:
        raise ValueError(text)
    return day


def _spans(text: str) -> list[list[str]]:
    days = read_days(text)
    if days is None:
        raise ValueError(text)
    return days


@dataclass(frozen=True, slots=True)
class CheckedExpert:
    """An expert that can be written."""

    name: Annotated[str, Setting(msg("姓名"), most=60, needed=msg("姓名要写"), also=("专家姓名",))]
    kind: Annotated[
        str,
        Setting(
            msg("类别"),
            choices=EXPERT_KINDS,
            wrong=msg("写考评员、裁判员、督导员、内训师或技术专家"),
            also=("专家类别",),
        ),
    ]
    unit: Annotated[str, Setting(msg("单位"), most=200, also=("工作单位", "所在单位"))]
    occupation: Annotated[str, Setting(msg("职业"), most=100, also=("职业（工种）", "职业(工种)"))]
    level: Annotated[
        str,
        Setting(
            msg("级别"),
            choices={"": msg("没有")} | EXPERT_LEVELS,
            wrong=msg("写国家级、省级、市级或企业级，没有就空着"),
            also=("裁判等级",),
            read=_level,
            text=str,
        ),
    ]
    certificate: Annotated[str, Setting(msg("证书编号"), most=60, also=("证书号", "资格证书编号"))]
    valid_until: Annotated[
        date | None,
        Setting(
            msg("有效期至"),
            wrong=msg("日期看不懂，写成 2026-09-15 这样"),
            also=("有效期",),
            read=_until,
        ),
    ]
    days: Annotated[
        list[list[str]],
        Setting(
            msg("能来的日期"),
            msg("什么时候都能来就空着。例：2026-09-15至2026-09-18、2026-10-01"),
            wrong=msg(
                "日期看不懂，写成 2026-09-15至2026-09-18、2026-10-01 这样，最多 %(most)s 段",
                most=_MOST_SPANS,
            ),
            read=_spans,
            text=days_text,
        ),
    ]
    note: Annotated[str, Setting(msg("说明"), most=200, also=("备注",))]


EXPERT_FIELDS: Mapping[str, Message] = headings(CheckedExpert)
EXPERT_ROWS = RowsKind("experts", EXPERT_FIELDS, other_headings(CheckedExpert), 500, like="judges")


def check_fields(texts: Mapping[str, str]) -> tuple[CheckedExpert | None, dict[str, Message]]:
    """The row, or what is wrong with which field."""
    return read_texts(CheckedExpert, texts)


def fields_of_expert(expert: Expert) -> dict[str, str]:
    """The texts that would make it again."""
    return texts_of(expert, CheckedExpert, name=expert.person.name)


def days_away(expert: Expert, days: Iterable[date]) -> list[date]:
    """List those of these days on which they cannot come, in order."""
    if not expert.days:
        return []
    pairs = ((day, day.isoformat()) for day in sorted(set(days)))
    return [day for day, text in pairs if not any(a <= text <= b for a, b in expert.days)]
