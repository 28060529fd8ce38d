"""The ladders of skill grades, each in an order that is written down.

The digits of the national grades run downward while the skill runs upward,
and employers' own ladders may run either way, so nothing ever compares the
digits: a rung's place in its ladder's list is its order.

Source: 职业技能等级 of five levels, widened to eight by 人社部发〔2022〕14号.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from compete.domain.bundle.event_types import Event
from compete.domain.values.messages import Message, ToldError, listed, msg

MOST_RUNGS = 20
LONGEST_RUNG = 60
_LINE = re.compile(r"([1-5]|[-—－])[\s.、：:]+(\S.*)")
_KEY = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,19}")


@dataclass(frozen=True, slots=True)
class Rung:
    """One grade: `key` is stable, `grade` is the digit bundles use where it has one."""

    key: str
    name: str
    face: str
    """The wording on a certificate, such as 三级/高级工; empty where none is issued."""
    grade: int | None = None


@dataclass(frozen=True, slots=True)
class Ladder:
    """Rungs from the lowest to the highest; keys are unique."""

    name: str
    rungs: tuple[Rung, ...]
    source: str = ""
    """Of which ladder of an installation's table it is a copy; empty for one's own."""

    def of_grade(self, grade: int) -> Rung | None:
        """The rung that stands for a grade of bundles; None where none does."""
        return next((rung for rung in self.rungs if rung.grade == grade), None)


@dataclass(frozen=True, slots=True)
class WrittenRung:
    """A rung as somebody wrote it; without a key it is given one."""

    name: str
    grade: int | None
    face: str = ""
    key: str = ""


NATIONAL = Ladder(
    "新八级工",
    (
        Rung("L6", "学徒工", ""),
        Rung("L5", "初级工", "五级/初级工", 5),
        Rung("L4", "中级工", "四级/中级工", 4),
        Rung("L3", "高级工", "三级/高级工", 3),
        Rung("L2", "技师", "二级/技师", 2),
        Rung("L1", "高级技师", "一级/高级技师", 1),
        Rung("LT", "特级技师", "特级技师"),
        Rung("LS", "首席技师", "首席技师"),
    ),
)
"""The national ladder; only the five rungs with a digit are got by competitions."""

GRADES = (5, 4, 3, 2, 1)
"""Grades of bundles, lowest first."""

_BY_GRADE = {rung.grade: rung for rung in NATIONAL.rungs if rung.grade is not None}
_LABELS = {
    5: msg("五级/初级工"),
    4: msg("四级/中级工"),
    3: msg("三级/高级工"),
    2: msg("二级/技师"),
    1: msg("一级/高级技师"),
}
_NO_GRADE = frozenset(
    {"", "无", "没有", "暂无", "-", "--", "—", "——", "/", "无等级", "没有等级", "未取得", "未评"}
    | {"未评定", "无证", "无证书", "未取证", "未持证", "尚无", "暂未取得", "无职业资格"}
    | {"无技能等级", "学徒工", "学徒"}
)
_LEVEL = re.compile(r"([一二三四五1-5])级")
_LEVELS = {sign: grade for signs in ("一二三四五", "12345") for grade, sign in enumerate(signs, 1)}
_SKILLS = (("高级技师", 1), ("技师", 2), ("高级", 3), ("中级", 4), ("初级", 5))
# 首席 and 特级 stand above the five; an engineer's grade is none of theirs.
_NO_SKILL = re.compile(r"首席|特级|[^技]师|教授|助理|职称|学校|学院|八级|七级|六级|申报|晋升")


class GradeError(ToldError, ValueError):
    """Error: a text that names no grade."""


def grade_face(grade: int, ladder: Ladder = NATIONAL) -> str:
    """The wording for a certificate: 2 → 二级/技师, or as an employer's own ladder has it.

    What the ladder has no rung for is named as on the national one.
    """
    rung = ladder.of_grade(grade) or _BY_GRADE[grade]
    return rung.face or rung.name


def grade_label(grade: int | None, ladder: Ladder = NATIONAL) -> Message:
    """The grade for a page; 无等级 for none.

    The national ones in the reader's language, an employer's own as they are written.
    """
    if grade is None:
        return msg("无等级")
    if ladder is not NATIONAL and ladder.of_grade(grade) is not None:
        return Message("%(grade)s", {"grade": grade_face(grade, ladder)})
    return _LABELS[grade]


def grades_of_ladder(ladder: Ladder) -> list[int]:
    """The grades of bundles for which it has a rung, the lowest first."""
    return [rung.grade for rung in ladder.rungs if rung.grade is not None]


def grade_label_in(grade: int, ladders: Iterable[Ladder]) -> Message | str:
    """The names of a grade on all of these ladders, each once; the national name where none is.

    A ladder that has no rung for it says nothing, unless none has one.
    """
    known = list(ladders)
    having = [ladder for ladder in known if ladder.of_grade(grade) is not None]
    labels = [grade_label(grade, ladder) for ladder in having or known[:1] or [NATIONAL]]
    named = {label.render(None): label for label in labels}
    return listed(list(named.values()))


def ladder_in(rules: Event) -> Ladder:
    """The ladder that an event has chosen, else the national one."""
    return ladder_from(rules.extra)


def ladder_from(extra: Mapping[str, Any] | None) -> Ladder:
    """The `ladder` of an event's `extra`; the national one without, or for what is none.

    No error is raised: the format does not look into `extra`.
    """
    ladder = (extra or {}).get("ladder")
    if not isinstance(ladder, Mapping) or not isinstance(ladder.get("rungs"), list):
        return NATIONAL
    try:
        source = ladder.get("id")
        return Ladder(
            str(ladder.get("name") or ""),
            tuple(_rungs(ladder["rungs"])),
            source if isinstance(source, str) else "",
        )
    except (KeyError, TypeError, ValueError):
        return NATIONAL


def ladder_tree(ladder: Ladder) -> dict[str, Any]:
    """Write a ladder as a tree that `ladder_in` reads."""
    rungs = [
        {"key": rung.key, "name": rung.name}
        | ({"face": rung.face} if rung.face else {})
        | ({"grade": rung.grade} if rung.grade is not None else {})
        for rung in ladder.rungs
    ]
    return {
        **({"id": ladder.source} if ladder.source else {}),
        "name": ladder.name,
        "rungs": rungs,
    }


def ladder_lines(ladder: Ladder, *, keys: bool = True) -> str:
    """Write a ladder as `read_ladder` reads it: a rung a line, lowest first; `keys` with keys."""
    lines = []
    for place, rung in enumerate(ladder.rungs):
        parts = [f"{rung.grade if rung.grade is not None else '-'} {rung.name}"]
        if keys and rung.key != _usual_key(rung.grade, place):
            parts += [rung.face, rung.key]
        elif rung.face:
            parts.append(rung.face)
        lines.append(" | ".join(parts))
    return "\n".join(lines)


def read_ladder(name: str, text: str, source: str = "") -> Ladder:
    """Read a ladder from lines such as `5 一级运行员` or `3 三级运行员 | 三级/运行员`, low first.

    First the grade of bundles for which the rung stands, or - for none; after | what a
    certificate says where that is another text, after one more the rung's key. Raises
    `GradeError` naming the line.
    """
    written = []
    for number, line in enumerate(text.splitlines(), 1):
        plain = " ".join(line.split())
        if not plain:
            continue
        match = _LINE.fullmatch(plain)
        parts = [part.strip() for part in (match[2] if match else "").split("|", 2)]
        title, face, key = [*parts, "", ""][:3]
        if match is None or not title:
            raise GradeError(msg("第 %(n)s 行要写：等级（5 到 1，没有写 -）、空格、名称", n=number))
        grade = int(match[1]) if match[1].isdigit() else None
        written.append((number, WrittenRung(title, grade, face, key)))
    return made_ladder(name, written, source)


def made_ladder(name: str, written: Iterable[tuple[int, WrittenRung]], source: str = "") -> Ladder:
    """Make a ladder of rungs with the numbers of their lines, the lowest first.

    Raises `GradeError` naming the line for names or keys that are none or there twice, for
    grades that do not rise, and for a ladder that is too long or stands for no grade at all.
    """
    rungs: list[Rung] = []
    for number, rung in written:
        title, face, grade = rung.name, rung.face, rung.grade
        if not title:
            raise GradeError(msg("第 %(n)s 行要写等级名称", n=number))
        if "|" in title + face:
            raise GradeError(msg("第 %(n)s 行的名称里不能有 |", n=number))
        if len(title) > LONGEST_RUNG or len(face) > LONGEST_RUNG:
            raise GradeError(
                msg("第 %(n)s 行的名称最长 %(most)s 个字", n=number, most=LONGEST_RUNG)
            )
        above = [rung.grade for rung in rungs if rung.grade is not None]
        if grade is not None and above and grade >= above[-1]:
            raise GradeError(
                msg("第 %(n)s 行：要从低到高写，等级数字越往下越小，各写一次", n=number)
            )
        if title in {rung.name for rung in rungs}:
            raise GradeError(msg("第 %(n)s 行：“%(name)s”前面写过了", n=number, name=title))
        key = rung.key or _usual_key(grade, len(rungs))
        if not _KEY.fullmatch(key):
            raise GradeError(msg("第 %(n)s 行的编码用字母和数字，最长 20 个，如 YX-1", n=number))
        if key in {rung.key for rung in rungs}:
            raise GradeError(msg("第 %(n)s 行：编码“%(key)s”前面写过了", n=number, key=key))
        rungs.append(Rung(key, title, face, grade))
    if len(rungs) > MOST_RUNGS:
        raise GradeError(msg("最多 %(most)s 级，现在是 %(n)s 级", most=MOST_RUNGS, n=len(rungs)))
    if not any(rung.grade for rung in rungs):
        raise GradeError(msg("至少有一级要写它是 5 到 1 里的哪一级"))
    return Ladder(name, tuple(rungs), source)


def _usual_key(grade: int | None, place: int) -> str:
    return f"L{grade}" if grade is not None else f"R{place}"


def _rungs(entries: list[Any]) -> Iterator[Rung]:
    """Make rungs of written entries.

    Raises `ValueError` and the like for what is no ladder: two rungs of one grade, or one
    that stands above another of higher grade.
    """
    last = None
    for place, entry in enumerate(entries):
        name, face, grade = entry["name"], entry.get("face") or "", entry.get("grade")
        if not (isinstance(name, str) and name and isinstance(face, str)):
            raise ValueError(name)
        if grade is not None:
            if isinstance(grade, bool) or grade not in GRADES or (last and grade >= last):
                raise ValueError(grade)
            last = grade
        yield Rung(str(entry.get("key") or f"R{place}"), name, face, grade)


def _usual_grade(text: str, *, levels: bool) -> int | None:
    """Read a grade in the other usual writings: 高级工（三级）, 国家职业资格二级, 高级焊工.

    None for what says no grade, more than one, or a level where `levels` are not the nation's.
    """
    plain = unicodedata.normalize("NFKC", text)
    if len(plain) > _LONGEST_GRADE or _NO_SKILL.search(plain):
        return None
    grades = {_LEVELS[level] for level in _LEVEL.findall(plain)}
    if plain in _LEVELS:
        grades.add(_LEVELS[plain])
    if grades and not levels:
        return None
    for word, grade in _SKILLS:
        if word in plain:
            grades.add(grade)
            plain = plain.replace(word, "")
    return grades.pop() if len(grades) == 1 else None


_LONGEST_GRADE = 24


@lru_cache(maxsize=2000)
def parse_grade(text: str, ladder: Ladder = NATIONAL) -> int | None:
    """Read a grade as people write it: 四级/中级工, 四级, 中级工 or 4; none for 无 or nothing.

    Other usual writings are read too, such as 高级工（三级）.

    On an employer's own ladder its names and the national ones, but no bare level: its 一级
    may be its lowest. A rung that stands for no grade counts as none below those that do.
    Raises `GradeError` for anything else.
    """
    wanted = "".join(text.split())
    if wanted in _NO_GRADE:
        return None
    own = ladder is not NATIONAL
    for place, rung in enumerate(ladder.rungs if own else ()):
        if wanted in ("".join(rung.name.split()), "".join(rung.face.split())):
            if rung.grade is None and any(it.grade for it in ladder.rungs[:place]):
                raise GradeError(msg("“%(found)s”不对应 5 到 1 里的哪一级", found=rung.name))
            return rung.grade
    for grade, rung in _BY_GRADE.items():
        level = rung.face.split("/")[0]
        bare = () if own else (level, str(grade), f"L{grade}", f"{grade}级")
        if wanted in (rung.face, rung.name, *bare):
            return grade
    if (usual := _usual_grade(wanted, levels=not own)) is not None:
        return usual
    if own:
        names = listed([rung.name for rung in ladder.rungs])
        raise GradeError(
            msg("没有“%(found)s”这个等级，写 %(names)s", found=text.strip(), names=names)
        )
    raise GradeError(msg("没有“%(found)s”这个等级，写法如 四级/中级工", found=text.strip()))
