"""The fields of an expert: their headings, what else people call them, and what may stand there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from compete.domain.values.messages import Message, msg
from compete.models import Expert
from compete.services.kernel.text_limits import UNSEEN
from compete.sheets.headed_rows import RowsKind
from compete.sheets.texts import typed_parts

EXPERT_KINDS: Mapping[str, Message] = {
    "assessor": msg("考评员"),
    "judge": msg("裁判员"),
    "supervisor": msg("督导员"),
    "trainer": msg("内训师"),
    "technical": msg("技术专家"),
}
EXPERT_LEVELS = ("国家级", "省级", "市级", "企业级")
"""From the highest; an empty one is none."""
_LEVEL_ENDS = ("专家", "裁判员", "裁判", "考评员")
"""The words that may follow a level: pages say 省级专家, certificates 国家级裁判员."""
EXPERT_FIELDS: Mapping[str, Message] = {
    "name": msg("姓名"),
    "kind": msg("类别"),
    "unit": msg("单位"),
    "occupation": msg("职业"),
    "level": msg("级别"),
    "certificate": msg("证书编号"),
    "valid_until": msg("有效期至"),
    "days": msg("能来的日期"),
    "note": msg("说明"),
}
EXPERT_ROWS = RowsKind(
    "experts",
    EXPERT_FIELDS,
    {
        "专家姓名": "name",
        "专家类别": "kind",
        "工作单位": "unit",
        "所在单位": "unit",
        "职业（工种）": "occupation",
        "职业(工种)": "occupation",
        "裁判等级": "level",
        "证书号": "certificate",
        "资格证书编号": "certificate",
        "有效期": "valid_until",
        "备注": "note",
    },
    500,
)
_MOST = {"name": 60, "unit": 200, "occupation": 100, "certificate": 60, "note": 200}
_MOST_SPANS = 20
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_TO = re.compile(r"至|到|—|–|~|～|\bto\b")


@dataclass(frozen=True, slots=True)
class CheckedExpert:
    """An expert that can be written."""

    name: str
    kind: str
    unit: str
    occupation: str
    level: str
    certificate: str
    valid_until: date | None
    days: list[list[str]]
    note: str


def check_fields(texts: Mapping[str, str]) -> tuple[CheckedExpert | None, dict[str, Message]]:
    """The row, or what is wrong with which field."""
    cells = {key: " ".join(texts.get(key, "").split()) for key in EXPERT_FIELDS}
    faults: dict[str, Message] = {}
    for key, most in _MOST.items():
        if len(cells[key]) > most:
            faults[key] = msg("最长 %(most)s 个字，现在是 %(n)s 个", most=most, n=len(cells[key]))
        elif UNSEEN.search(cells[key]):
            faults[key] = msg("有看不见的字符，请删掉再试")
    if not cells["name"]:
        faults["name"] = msg("姓名要写")
    kind = next(
        (key for key, word in EXPERT_KINDS.items() if cells["kind"] in (key, str(word))), None
    )
    if kind is None:
        faults["kind"] = msg("写考评员、裁判员、督导员、内训师或技术专家")
    cells["level"] = _level(cells["level"])
    if cells["level"] and cells["level"] not in EXPERT_LEVELS:
        faults["level"] = msg("写国家级、省级、市级或企业级，没有就空着")
    until = None
    if cells["valid_until"]:
        until = _day(cells["valid_until"])
        if until is None:
            faults["valid_until"] = msg("日期看不懂，写成 2026-09-15 这样")
    days = read_days(cells["days"])
    if days is None:
        faults["days"] = msg(
            "日期看不懂，写成 2026-09-15至2026-09-18、2026-10-01 这样，最多 %(most)s 段",
            most=_MOST_SPANS,
        )
    if faults or kind is None or days is None:
        return None, faults
    row = CheckedExpert(
        name=cells["name"],
        kind=kind,
        unit=cells["unit"],
        occupation=cells["occupation"],
        level=cells["level"],
        certificate=cells["certificate"],
        valid_until=until,
        days=days,
        note=cells["note"],
    )
    return row, {}


def fields_of_expert(expert: Expert) -> dict[str, str]:
    """The texts that would make it again."""
    return _texts(expert.person.name, expert)


def texts_of(row: CheckedExpert) -> dict[str, str]:
    """The same of what is not written yet."""
    return _texts(row.name, row)


def _texts(name: str, row: Expert | CheckedExpert) -> dict[str, str]:
    return {
        "name": name,
        "kind": str(EXPERT_KINDS[row.kind]),
        "unit": row.unit,
        "occupation": row.occupation,
        "level": row.level,
        "certificate": row.certificate,
        "valid_until": row.valid_until.isoformat() if row.valid_until else "",
        "days": days_text(row.days),
        "note": row.note,
    }


def _level(text: str) -> str:
    """The level alone, where what it is a level of follows it."""
    levels = (text.removesuffix(end) for end in _LEVEL_ENDS if text.endswith(end))
    return next((level for level in levels if level in EXPERT_LEVELS), text)


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


def days_away(expert: Expert, days: Iterable[date]) -> list[date]:
    """List those of these days on which they cannot come, in order."""
    if not expert.days:
        return []
    pairs = ((day, day.isoformat()) for day in sorted(set(days)))
    return [day for day, text in pairs if not any(a <= text <= b for a, b in expert.days)]


def _day(text: str) -> date | None:
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None
