"""Lines of a small contest: who takes part and what is marked, as pasted, and what is asked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Generic, TypeVar

from compete.domain.identity.masks import mask_phone
from compete.domain.identity.names import LONGEST_NAME, no_name
from compete.domain.values.messages import Message, msg
from compete.domain.values.numerals import plain
from compete.sheets.reading.lines import fault_points, whole_steps
from compete.sheets.reading.shapes import Reading
from compete.sheets.reading.small import head_line, read_small

MOST_PEOPLE, MOST_POINTS = 100, 30
LONGEST_TEXT = 100
"""Of a unit and of what is marked."""
MOST_OF_ONE = Decimal(9999)


@dataclass(frozen=True, slots=True)
class PersonLine:
    """A person who takes part; `unit` is whatever unit stood beside the name."""

    line: int
    name: str
    unit: str
    id_number: str | None = None
    fault: Message | None = None
    asked: Message | None = None
    """The question about it, which somebody has to answer."""
    unused: str = ""
    """What stood in the line and is not taken, masked."""


@dataclass(frozen=True, slots=True)
class PointLine:
    """A line to mark: up to `most` points, `off` for each fault where faults are counted."""

    line: int
    name: str
    most: Decimal | None
    off: Decimal | None = None
    whole: bool = False
    """In whole points alone, as `0 到 5` says."""
    fault: Message | None = None
    asked: Message | None = None
    rule: str = ""
    """What is written of how it is marked."""


@dataclass(frozen=True, slots=True)
class LineOut:
    """A line that is neither a person nor an item: what stands in it, and why."""

    line: int
    text: str
    why: Message
    head: bool = False


Row = TypeVar("Row", bound="PersonLine | PointLine")


@dataclass(frozen=True)
class Lines(Generic[Row]):
    """All that was understood of a pasted text."""

    rows: Sequence[Row]
    out: Sequence[LineOut]
    written_sum: Decimal | None = None
    """The sum that stands in the text, when one does."""

    @property
    def wants_a_look(self) -> bool:
        """True if something is doubtful, left out or not taken."""
        return any(not it.head for it in self.out) or any(
            row.asked or row.fault or getattr(row, "unused", "") for row in self.rows
        )


@dataclass(frozen=True, slots=True)
class Answered:
    """What somebody made of the lines on the page: fields by line, and what was agreed to."""

    fields: Mapping[int, Mapping[str, str]]
    agreed: frozenset[int] = frozenset()
    taken: frozenset[int] = frozenset()
    """Lines left out that are a person, or an item, after all."""


NOTHING_ANSWERED = Answered({})


def people_lines(text: str, answered: Answered = NOTHING_ANSWERED) -> Lines[PersonLine]:
    """Understand pasted people, with what was answered on the page."""
    reading = read_small(text, "people")
    lines = _texts(text)
    rows = [_person(reading, row.row, row.values) for row in reading.rows]
    taken = [
        PersonLine(it.row, " ".join(lines.get(it.row, "").split()), "")
        for it in reading.left_out
        if it.row in answered.taken
    ]
    rows = sorted([*rows, *taken], key=lambda person: person.line)
    rows = [_person_answered(person, answered) for person in rows]
    return Lines(_twins(rows), _out(reading, lines, answered))


def points_lines(text: str, answered: Answered = NOTHING_ANSWERED) -> Lines[PointLine]:
    """Understand pasted items, with what was answered on the page."""
    reading = read_small(text, "scheme")
    lines = _texts(text)
    rows = [_point(reading, row.row, row.values) for row in reading.rows]
    taken = [
        PointLine(it.row, " ".join(lines.get(it.row, "").split()), None)
        for it in reading.left_out
        if it.row in answered.taken
    ]
    rows = sorted([*rows, *taken], key=lambda point: point.line)
    rows = answered_items(rows, answered)
    written = None if reading.said is None else Decimal(reading.said)
    return Lines(rows, _out(reading, lines, answered), written)


def read_people(text: str) -> list[PersonLine]:
    """A person a line: the name, then a unit."""
    return list(people_lines(text).rows)


def read_points(text: str) -> list[PointLine]:
    """Read the lines to mark, one a line: its name, then its points."""
    return list(points_lines(text).rows)


def heading_notice(text: str) -> Message | None:
    """Say which line is taken as a table's heading, if one is."""
    line = head_line(text)
    if line is None:
        return None
    return msg("第 %(line)s 行“%(text)s”是表头", line=line[0], text=line[1])


def total_of(points: Sequence[PointLine]) -> Decimal:
    """The sum of full marks, of items that have any."""
    return sum((point.most for point in points if point.most is not None), Decimal(0))


def lacking_mark(lines: Lines[PointLine]) -> tuple[int, Decimal] | None:
    """The only item without marks, and what it has by the sum that is written; or None."""
    lacking = [point for point in lines.rows if point.most is None]
    if len(lacking) != 1 or lines.written_sum is None:
        return None
    rest = lines.written_sum - total_of(lines.rows)
    return (lacking[0].line, rest) if rest > 0 else None


def people_faults(people: Sequence[PersonLine]) -> list[Message]:
    """List the faults of people to be put right, by line."""
    if not people:
        return [msg("写上谁来比，一行一个")]
    if len(people) > MOST_PEOPLE:
        return [
            msg(
                "小比武最多 %(most)s 人，这里 %(n)s 人，用正式竞赛", most=MOST_PEOPLE, n=len(people)
            )
        ]
    return [_at(person.line, person.fault) for person in people if person.fault]


def points_faults(points: Sequence[PointLine]) -> list[Message]:
    """List the faults of points to be put right, by line."""
    if len(points) > MOST_POINTS:
        return [msg("最多 %(most)s 项，这里 %(n)s 项", most=MOST_POINTS, n=len(points))]
    return [_at(point.line, point.fault) for point in points if point.fault]


def _at(line: int, fault: Message) -> Message:
    return msg("第 %(line)s 行：%(fault)s", line=line, fault=fault)


def _texts(text: str) -> dict[int, str]:
    folded = text.replace("\r\n", "\n").replace("\r", "\n")
    return dict(enumerate(folded.split("\n"), 1))


def _out(reading: Reading, lines: Mapping[int, str], answered: Answered) -> list[LineOut]:
    out = [
        LineOut(it.row, " ".join(lines.get(it.row, "").split()), it.why)
        for it in reading.left_out
        if it.row not in answered.taken
    ]
    heads = {it.head_row for it in reading.columns} - {it.line for it in out}
    for number in sorted(heads):
        if lines.get(number, "").strip():
            out.append(LineOut(number, " ".join(lines[number].split()), msg("表头"), head=True))
    plain_heads = {msg("表头"), msg("标题")}
    return sorted(
        (replace(it, head=it.head or it.why in plain_heads) for it in out),
        key=lambda it: it.line,
    )


def _question(reading: Reading, line: int, *keys: str) -> Message | None:
    asked = [it.why for it in reading.asked if it.row == line and it.field in keys]
    if len(asked) < 2:
        return asked[0] if asked else None
    return msg("%(first)s；%(second)s", first=asked[0], second=asked[1])


def _person(reading: Reading, line: int, values: Mapping[str, str]) -> PersonLine:
    unit = next(
        (values[key] for key in ("unit", "department", "team", "group") if values.get(key)), ""
    )
    unused = []
    if phone := values.get("phone"):
        unused.append(msg("手机 %(phone)s", phone=mask_phone(phone)).render())
    if gender := values.get("gender"):
        unused.append(msg("性别 %(gender)s", gender=gender).render())
    unused += [it.why.render() for it in reading.remarks if it.row == line]
    fault = _question(reading, line, "id_number")
    return PersonLine(
        line,
        values.get("name", ""),
        unit,
        values.get("id_number"),
        fault,
        _question(reading, line, "name", "unit", "role"),
        "，".join(unused),
    )


def _person_answered(person: PersonLine, answered: Answered) -> PersonLine:
    fields = answered.fields.get(person.line)
    if fields is not None:
        name = " ".join(fields.get("name", person.name).split())
        unit = " ".join(fields.get("unit", person.unit).split())
        changed = (name, unit) != (person.name, person.unit)
        asked = None if changed or person.line in answered.agreed else person.asked
        id_fault = None if person.line in answered.agreed else person.fault
        person = replace(person, name=name, unit=unit, asked=asked, fault=id_fault)
    fault = _person_fault(person.name, person.unit) or person.fault
    # What can be mended only by writing another name is no question.
    return replace(person, fault=fault, asked=None if fault else person.asked)


def _person_fault(name: str, unit: str) -> Message | None:
    if not name:
        return msg("没有姓名")
    if len(name) > LONGEST_NAME:
        return msg("姓名最多 %(most)s 个字", most=LONGEST_NAME)
    if len(unit) > LONGEST_TEXT:
        return msg("姓名后面最多写 %(most)s 个字", most=LONGEST_TEXT)
    return no_name(name)


def _twins(people: Sequence[PersonLine]) -> list[PersonLine]:
    """Two of one name and unit are to be told apart."""
    before: dict[tuple[str, str], int] = {}
    rows = []
    for person in people:
        first = before.setdefault((person.name, person.unit), person.line)
        if first != person.line and person.fault is None:
            why = msg("和第 %(line)s 行一样，是两个人的加个字分开", line=first)
            person = replace(person, fault=why, asked=None)
        rows.append(person)
    return rows


def _point(reading: Reading, line: int, values: Mapping[str, str]) -> PointLine:
    rule = str(values.get("rule", ""))
    off, steps = fault_points(rule), whole_steps(rule)
    most = values.get("max")
    whole = steps is not None and all(it == it.to_integral_value() for it in steps)
    return PointLine(
        line,
        str(values.get("name", "")),
        None if most is None else Decimal(most),
        off,
        whole,
        None,
        _question(reading, line, "name", "max", "rule", "type"),
        rule,
    )


def answered_items(points: Sequence[PointLine], answered: Answered) -> list[PointLine]:
    """Read items anew with what their fields on the page say, and what is wrong then."""
    return _same_items([_point_answered(point, answered) for point in points])


def _point_answered(point: PointLine, answered: Answered) -> PointLine:
    fields = answered.fields.get(point.line)
    if fields is not None:
        name = " ".join(fields.get("name", point.name).split())
        most, most_fault = _typed(fields.get("max", ""), msg("这一项配多少分"))
        off, off_fault = point.off, None
        if "how" in fields:
            off, off_fault = (
                _typed(fields.get("off", ""), msg("每次扣几分"))
                if fields["how"] == "each"
                else (None, None)
            )
        changed = (name, most, off) != (point.name, point.most, point.off)
        asked = None if changed or point.line in answered.agreed else point.asked
        point = replace(
            point, name=name, most=most, off=off, asked=asked, fault=most_fault or off_fault
        )
    fault = point.fault or _point_fault(point, typed=fields is not None)
    return replace(point, fault=fault, asked=None if fault and fields is not None else point.asked)


def _typed(text: str, lacking: Message) -> tuple[Decimal | None, Message | None]:
    """The number of a field, or what is wrong with it."""
    bare = re.sub(r"\s|分\Z", "", text)
    if not bare:
        return None, lacking
    try:
        number = Decimal(bare)
    except InvalidOperation:
        return None, msg("“%(text)s”不是数", text=text[:20])
    if not number.is_finite() or abs(number) > MOST_OF_ONE:
        return None, msg("最多 %(most)s 分", most=plain(MOST_OF_ONE))
    if -int(number.as_tuple().exponent) > 6:
        return None, msg("小数点后最多 6 位")
    return number, None


def _point_fault(point: PointLine, *, typed: bool) -> Message | None:
    if not point.name:
        return msg("没有要点，只有分数")
    if len(point.name) > LONGEST_TEXT:
        return msg("要点最多 %(most)s 个字", most=LONGEST_TEXT)
    if point.most is None:
        return None if point.asked and typed else point.asked or msg("这一项配多少分")
    if point.most <= 0:
        return msg("配分要大于 0")
    if point.most > MOST_OF_ONE:
        return msg("最多 %(most)s 分", most=plain(MOST_OF_ONE))
    if point.off is not None and not 0 < point.off <= point.most:
        return msg("每次扣的要大于 0，不超过配分 %(most)s", most=plain(point.most))
    return None


def _same_items(points: Sequence[PointLine]) -> list[PointLine]:
    """Two items of one name are to be told apart."""
    before: dict[str, int] = {}
    rows = []
    for point in points:
        first = before.setdefault(point.name, point.line)
        if first != point.line and (point.fault is None or point.most is not None):
            why = msg("和第 %(line)s 行同名，改一个", line=first)
            point = replace(point, fault=why, asked=None)
        rows.append(point)
    return rows
