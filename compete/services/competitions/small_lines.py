"""Pasted lines of a small contest: who takes part, and what is marked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from compete.domain.identity.citizen_id import check_citizen_id
from compete.domain.identity.errors import IdentityError
from compete.domain.identity.names import LONGEST_NAME, no_name, odd_name
from compete.domain.values.messages import Message, msg
from compete.domain.values.numerals import plain

MOST_PEOPLE, MOST_POINTS = 100, 30
LONGEST_TEXT = 100
"""Of a unit and of what is marked."""
_NUMBER = r"\d{1,4}(?:\.\d{1,2})?"
_ID = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")
_SERIAL = re.compile(r"\d{1,3}(?:[.、．]|\t)")
_NAME_HEADINGS = frozenset({"姓名", "名字", "选手", "选手姓名", "参赛人", "参赛选手"})
_SERIAL_HEADING = "序号"
_MOST_HEADINGS = frozenset({"配分", "分值", "满分", "分数", "标准分"})
# Of a line whose blanks are single.
_FAULTS = re.compile(rf"每[次处个项条]扣 ?({_NUMBER}) ?分?")
_STEPS = re.compile(rf"({_NUMBER}) ?[到至~～] ?({_NUMBER}) ?分?\Z")
_LAST = re.compile(rf"({_NUMBER}) ?分?\Z")


@dataclass(frozen=True, slots=True)
class PersonLine:
    """A person who takes part; `unit` is whatever stood after the name."""

    line: int
    name: str
    unit: str
    id_number: str | None = None
    fault: Message | None = None
    odd: Message | None = None
    """The thing that somebody should look at; it may be so."""


@dataclass(frozen=True, slots=True)
class PointLine:
    """A line to mark: up to `most` points, `off` for each fault where faults are counted."""

    line: int
    name: str
    most: Decimal
    off: Decimal | None = None
    whole: bool = False
    """In whole points alone, as `0 到 5` says."""
    fault: Message | None = None


def read_people(text: str) -> list[PersonLine]:
    """A person a line: the name, then a unit, a team, an ID number, in any order after it."""
    found: list[PersonLine] = []
    seen: dict[tuple[str, str], int] = {}
    for number, line in _named_first(list(_lines(text))):
        person = _person(number, line)
        before = seen.setdefault((person.name, person.unit), number)
        if before != number and person.fault is None:
            why = msg("和第 %(line)s 行一样，是两个人的加个字分开", line=before)
            person = PersonLine(number, person.name, person.unit, person.id_number, why)
        found.append(person)
    return found


def read_points(text: str) -> list[PointLine]:
    """Read the lines to mark, one a line: its name, then its points as the last number."""
    found: list[PointLine] = []
    seen: dict[str, int] = {}
    for number, line in _lines(text):
        if not found and line.split()[-1] in _MOST_HEADINGS:
            continue
        point = _point(number, line)
        before = seen.setdefault(point.name, number)
        if before != number and point.fault is None:
            why = msg("和第 %(line)s 行同名，改一个", line=before)
            point = PointLine(number, point.name, point.most, point.off, point.whole, why)
        found.append(point)
    return found


def odd_people(people: Sequence[PersonLine]) -> list[Message]:
    """List what somebody should look at, by line; it stops nothing."""
    return [_at(person.line, person.odd) for person in people if person.odd and not person.fault]


def total_of(points: Sequence[PointLine]) -> Decimal:
    """The sum of full marks."""
    return sum((point.most for point in points), Decimal(0))


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


def _lines(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.splitlines(), 1):
        tidy = line.replace("\u3000", " ").replace("\xa0", " ").strip()
        if tidy:
            yield number, tidy


def _named_first(lines: list[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """The lines without a table's heading; as that says, names come first, no serial numbers."""
    first = lines[0][1] if lines else ""
    words = first.split("\t") if "\t" in first else first.split()
    heads = [word.strip() for word in words]
    at = next((place for place, head in enumerate(heads) if head in _NAME_HEADINGS), None)
    if at is None:
        yield from lines
        return
    for number, line in lines[1:]:
        cells = line.split("\t")
        if len(cells) > at:
            others = [
                cell
                for place, cell in enumerate(cells)
                if place != at and heads[place : place + 1] != [_SERIAL_HEADING]
            ]
            line = "\t".join([cells[at], *others])
        yield number, line


def _without_serial(line: str) -> str:
    serial = _SERIAL.match(line)
    return line[serial.end() :] if serial else line


def _person(number: int, line: str) -> PersonLine:
    line = _without_serial(line)
    paper = _ID.search(line)
    if paper:
        line = f"{line[: paper.start()]} {line[paper.end() :]}"
    words = line.split()
    if len(words) > 1 and len(words[0]) == 1 and len(words[1]) == 1:
        words[:2] = ["".join(words[:2])]
    name, unit = (words[0] if words else ""), " ".join(words[1:])
    fault = _person_fault(name, unit)
    odd = odd_name(name) if fault is None else None
    id_number: str | None = None
    if paper:
        try:
            id_number = check_citizen_id(paper.group()).number
        except IdentityError as error:
            fault = fault or error.message
    return PersonLine(number, name, unit, id_number, fault, odd)


def _person_fault(name: str, unit: str) -> Message | None:
    if not name:
        return msg("没有姓名")
    if len(name) > LONGEST_NAME:
        return msg("姓名最多 %(most)s 个字", most=LONGEST_NAME)
    if len(unit) > LONGEST_TEXT:
        return msg("姓名后面最多写 %(most)s 个字", most=LONGEST_TEXT)
    return no_name(name)


def _point(number: int, line: str) -> PointLine:
    line = " ".join(_without_serial(line).split())
    off: Decimal | None = None
    counted = _FAULTS.search(line)
    if counted:
        off = Decimal(counted.group(1))
        line = " ".join(f"{line[: counted.start()]} {line[counted.end() :]}".split())
    steps = None if counted else _STEPS.search(line)
    last = steps or _LAST.search(line)
    if last is None:
        return PointLine(number, line, Decimal(0), off, fault=msg("这一项配多少分"))
    name = line[: last.start()].strip()
    most = Decimal(last.group(2 if steps else 1))
    return PointLine(number, name, most, off, bool(steps), _point_fault(name, most, off))


def _point_fault(name: str, most: Decimal, off: Decimal | None) -> Message | None:
    if not name:
        return msg("没有要点，只有分数")
    if len(name) > LONGEST_TEXT:
        return msg("要点最多 %(most)s 个字", most=LONGEST_TEXT)
    if most <= 0:
        return msg("配分要大于 0")
    if off is not None and not 0 < off <= most:
        return msg("每次扣的要大于 0，不超过配分 %(most)s", most=plain(most))
    return None
