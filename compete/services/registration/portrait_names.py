"""Portrait names: find a photo's person by file name and folder; number, name, unit agree."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select

from compete.domain.identity.masks import mask_id
from compete.domain.identity.papers import Paper
from compete.domain.values.messages import Message, listed, msg
from compete.models import Competition, Entrant, Member, Unit, db
from compete.services.kernel.participants import takes_part
from compete.services.registration.portraits import marks_of_people
from compete.services.registration.preview import id_key
from compete.sheets.texts import tidy_name

_BETWEEN = re.compile(r"[\s_,，、;；()（）\[\]【】.。+&=~-]+")
_PLAIN = re.compile(r"[0-9A-Z]+")
_LONG_NUMBER = re.compile(r"[0-9]{14,17}[0-9Xx]")
_ONE_HAN = r"[\u3400-\u9fff\U00020000-\U0003ffff]"
_HAN = re.compile(rf"(?:{_ONE_HAN}|·)+")
_BETWEEN_LATIN = re.compile(r"[_,，、;；()（）\[\]【】+&=-]+")
_SURNAMES = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛范彭郎"
    "鲁韦马苗凤花方俞任袁柳史唐费岑薛雷贺倪汤滕罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄穆萧尹"
    "姚邵湛汪祁毛禹狄米贝明臧计成戴宋庞熊纪舒屈项祝董梁杜阮蓝闵季贾路江童颜郭梅盛林钟徐邱骆高夏蔡"
    "田樊胡凌霍虞万支柯管卢莫房解应宗丁宣邓单洪包左石崔吉龚程邢裴陆荣翁甄曲封储靳段富焦谷车侯全秋仲"
    "伊宁仇祖武符刘景龙叶司黎溥白蒲赖卓蔺屠乔阎牛温庄晏柴瞿闫欧肖代付涂丛岳齐桂耿关兰游隋"
)
_NOTES = ("照", "寸", "底", "高清", "正面", "免冠", "选手", "新", "副本", "最终", "修改", "电子")
"""The words beside a name that are none."""
_BEFORE_NAME = ("参赛选手", "选手", "姓名", "号")
"""The words right before a name that are none of it, beside the name of an event."""
_AFTER_NAME = (
    *("的", "白底", "蓝底", "红底", "一寸", "二寸", "两寸", "小寸", "大寸", "寸", "证件", "免冠"),
    *("近期", "登记", "照片", "照", "相片", "正面", "高清", "电子版", "电子", "选手", "新", "副本"),
)
"""The same right after a name."""
_SPACED = re.compile(rf"(?<!{_ONE_HAN})({_ONE_HAN})[ \u3000]+({_ONE_HAN})(?!{_ONE_HAN})")
"""A name of two signs, set apart so that it is as wide as one of three."""
_COPY = re.compile(r"\([0-9]{1,2}\)$")
"""The mark that a system writes behind the second file of a name."""
_COUNTED = re.compile(r"[0-9]{1,4}(?![0-9A-Za-z])")
_LEAST_COUNTED = 5
"""So many files at least show that their numbers only count them."""
_CALLED_UNIT = re.compile(r".{2,}(?:公司|集团|厂|局|院|校|处|站|港|中心|分部|项目部)")
_ON_FOLDER = re.compile(
    r"(?:[0-9]+|[人张份名个]|照片?|选手|报名|参赛|的|[一二]寸|证件|资料|单位|[\W_])*"
)
"""The words beside a unit's name on its folder."""
_NO_UNIT = re.compile(r"照|相|图|选手|新建|资料|报名|证件|压缩|PHOTO|PIC|IMAGE|IMG|ZIP")
"""The words in the name of a folder that is nobody's."""
_LEAST_PART = 3
"""A shorter part of a name may be any counting number: it speaks only as the whole name."""
_LEAST_PAPER = 5
"""No number of a paper is shorter."""
_MOST_WORDS = 12


@dataclass(frozen=True, slots=True)
class KnownHolder:
    """A person on the list who can have a photo, or a crew, which cannot."""

    kind: str
    """`entrant` or `member`."""
    number: int
    code: str
    name: str
    key: str | None
    """Of the ID number."""
    entrant: str
    """The code of the entrant: the own one, or the crew's."""
    crew: bool
    mark: str | None
    """Of the photo that is there."""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Meant:
    """The meaning of a file's name: one person, in several events at most, or nobody."""

    masked_name: str
    """The name, with numbers of papers masked."""
    whose: tuple[KnownHolder, ...] = ()
    why: Message | None = None
    """The reason why nobody can be said to be."""
    doubt: Message | None = None
    """The doubt that somebody has to say yes to before the photo is theirs."""


def known_holders(competition: Competition) -> list[KnownHolder]:
    """List everybody who takes part and could be meant, by number; crews before their members."""
    marks = marks_of_people(competition)
    crews: dict[int, list[Member]] = defaultdict(list)
    for member in db.session.scalars(
        select(Member).where(Member.competition_id == competition.id).order_by(Member.position)
    ):
        crews[member.entrant_id].append(member)
    holders = []
    for row in db.session.execute(
        select(Entrant.id, Entrant.code, Entrant.name, Entrant.id_hash, Unit.name.label("unit"))
        .join(Unit, Unit.id == Entrant.unit_id)
        .where(Entrant.competition_id == competition.id, takes_part())
        .order_by(Entrant.code)
    ):
        members = crews.get(row.id, [])
        mark = marks.get(("entrant", row.id))
        holders.append(
            KnownHolder(
                *("entrant", row.id, row.code, row.name, row.id_hash, row.code),
                *(bool(members), mark, row.unit),
            )
        )
        holders += [
            KnownHolder(
                "member",
                member.id,
                member.code,
                member.name,
                member.id_hash,
                row.code,
                False,
                marks.get(("member", member.id)),
                row.unit,
            )
            for member in members
        ]
    return holders


@dataclass(frozen=True, slots=True)
class NameParts:
    """The parts of a file's name beside numbers: words, and the one unit that is among them."""

    words: tuple[str, ...]
    unit: str | None


class HolderBook:
    """The holders on the list by number and by name; and the units they come from."""

    def __init__(self, known: Sequence[KnownHolder], events: Collection[str] = ()) -> None:
        self.by_word: dict[str, list[KnownHolder]] = defaultdict(list)
        self.by_name: dict[str, list[KnownHolder]] = defaultdict(list)
        self._units = {_plain(who.unit): who.unit for who in known}
        self.events = frozenset(map(_plain, events))
        long_ones = [unit for unit in self._units if len(unit) >= _LEAST_PART]
        self._long_units = sorted(long_ones, key=len, reverse=True)
        for who in known:
            self.by_word[_plain(who.code)].append(who)
            if who.key is not None:
                self.by_word[who.key].append(who)
            if not who.crew:
                self.by_name[_name_key(who.name)].append(who)

    def unit_of(self, folder: str) -> tuple[str | None, bool]:
        """The unit that a folder's name means, the innermost first, and whether it is called so.

        None for none or several.
        """
        for part in reversed(folder.split("/")):
            key = _plain(part)
            if key in self._units:
                return self._units[key], True
            like = [
                (plain, unit)
                for plain, unit in self._units.items()
                if len(key) >= _LEAST_PART and (key in plain or plain in key)
            ]
            if len(like) == 1:
                plain, unit = like[0]
                rest = _ON_FOLDER.fullmatch(key.replace(plain, "")) if plain in key else None
                return unit, rest is not None
        return None, True

    def parts_of(self, name: str) -> NameParts:
        """The words of a file's name, and the one unit that it names, set apart or not."""
        stem = unicodedata.normalize("NFKC", _stem(name)).upper()
        units, rest = set(), stem
        for key in self._long_units:
            if key in rest:
                units.add(self._units[key])
                rest = rest.replace(key, "_")
        rest = _SPACED.sub(r"\1\2", " ".join(tidy_name(part)[0] for part in rest.split()))
        latin = (part.strip(" .0123456789") for part in _BETWEEN_LATIN.split(rest))
        words = (*_HAN.findall(rest), *(part for part in latin if part and not _HAN.search(part)))
        units |= {self._units[key] for word in words if (key := _plain(word)) in self._units}
        return NameParts(words, units.pop() if len(units) == 1 else None)

    def readings(self, word: str) -> Iterator[str]:
        """The word, and what is left of it step by step without what is written beside a name."""
        before, after = (*_BEFORE_NAME, *self.events), (*_AFTER_NAME, *self.events)
        while word:
            yield _name_key(word)
            if end := next((it for it in after if word.endswith(it)), ""):
                word = word.removesuffix(end)
            elif start := next((it for it in before if word.startswith(it)), ""):
                word = word.removeprefix(start)
            else:
                return

    def names_in(self, words: Iterable[str]) -> list[str]:
        """The words that are names of people on the list."""
        names = (
            next((it for it in self.readings(word) if it in self.by_name), "") for word in words
        )
        return list(dict.fromkeys(name for name in names if name))


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()


def _name_key(text: str) -> str:
    """The key that two writings of one name share: the dot inside may be left out."""
    return _plain(tidy_name(text)[0]).replace("·", "")


def _stem(name: str) -> str:
    stem, dot, end = name.rpartition(".")
    return stem if dot and end.isalnum() and len(end) <= 5 else name


def _words(name: str) -> list[str]:
    """The possible numbers in a file's name: the whole of it, then its parts."""
    stem = unicodedata.normalize("NFKC", _stem(name)).upper()
    parts = [*_BETWEEN.split(stem), *_PLAIN.findall(stem)]
    return list(dict.fromkeys(part for part in parts if _says_something(part)))[:_MOST_WORDS]


def _says_something(part: str) -> bool:
    """True if it is not a counting number, as `照片 (2)` has one; `B2` is a number on a badge."""
    mixed = any(map(str.isalpha, part)) and any(map(str.isdigit, part))
    return mixed or len(part) >= _LEAST_PART


def _by_paper(word: str, book: HolderBook) -> list[KnownHolder]:
    if not _LEAST_PAPER <= len(word) <= 20:
        return []
    return [who for paper in Paper for who in book.by_word.get(id_key(paper, word), ())]


def only_counted(paths: Iterable[str], book: HolderBook) -> frozenset[str]:
    """The files whose leading number counts those of their folder and is nobody's number.

    Each number is there once, and beside most of them stands the name of somebody who has
    another number.
    """
    folders: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for path in paths:
        folder, _, name = path.rpartition("/")
        if number := _COUNTED.match(unicodedata.normalize("NFKC", name)):
            folders[folder].append((path, number[0], name))
    counted: set[str] = set()
    for files in folders.values():
        numbers = {int(number) for _, number, _ in files}
        if len(files) < _LEAST_COUNTED or len(numbers) < len(files):
            continue
        others = sum(_names_another(number, name, book) for _, number, name in files)
        if 2 * others > len(files):
            counted.update(path for path, _, _ in files)
    return frozenset(counted)


def _names_another(number: str, name: str, book: HolderBook) -> bool:
    whose = book.by_word.get(number, ())
    names = book.names_in(book.parts_of(name).words)
    return bool(whose and names) and all(_name_key(who.name) not in names for who in whose)


def meant_by_name(path: str, book: HolderBook, *, counted: bool = False) -> Meant:
    """Find who is meant by a file's name, or why that is nobody, or several.

    A number says who it is; a name that stands beside it must be that person's, and a folder
    with a unit's name that person's unit. A name alone does where one person of the folder's
    unit, or of the whole list, has it. A leading number that only `counted` says nothing.
    """
    folder, _, name = path.rpartition("/")
    if counted:
        name = _COUNTED.sub("", unicodedata.normalize("NFKC", name), count=1)
    within = _Within(folder, *(book.unit_of(folder) if folder else (None, True)))
    holders: list[KnownHolder] = []
    papers: list[str] = []
    for words in ([_plain(_stem(name))], _words(name)):
        for word in words:
            of_paper = _by_paper(word, book)
            papers += [word] if of_paper else []
            holders += [*book.by_word.get(word, ()), *of_paper]
        if holders:
            break
    whose = tuple(dict.fromkeys(holders))
    shown = _masked(unicodedata.normalize("NFKC", path), papers)
    if not whose:
        return _by_name_alone(shown, name, within, book)
    crew = next((who for who in whose if who.crew), None)
    if crew is not None:
        why = msg("%(code)s 是一组人，文件名要写成员自己的号码", code=crew.code)
        return Meant(shown, (), why)
    people = {who.key or f"{who.kind} {who.number}" for who in whose}
    if len(people) > 1:
        named = [msg("%(code)s %(name)s", code=who.code, name=who.name) for who in whose]
        return Meant(shown, (), msg("对上了 %(n)s 个人：%(who)s", n=len(people), who=listed(named)))
    return _agreeing(Meant(shown, whose), name, within, book, by_paper=bool(papers))


@dataclass(frozen=True, slots=True)
class _Within:
    """The folder of a file, the unit that it means, and whether it is called so."""

    folder: str
    unit: str | None
    sure: bool

    def says_nothing(self, book: HolderBook) -> bool:
        """True if it is no unit's: no folder, one of photos, one of an event."""
        parts = [_plain(part) for part in self.folder.split("/") if part]
        return all(_NO_UNIT.search(part) or part in book.events for part in parts)


def _by_name_alone(shown: str, name: str, within: _Within, book: HolderBook) -> Meant:
    parts = book.parts_of(name)
    holders = [who for key in book.names_in(parts.words) for who in book.by_name[key]]
    unit = within.unit or parts.unit
    if unit is not None:
        elsewhere, holders = holders, [who for who in holders if who.unit == unit]
        if elsewhere and not holders:
            words = {"unit": unit, "name": elsewhere[0].name, "who": _with_units(elsewhere)}
            why = msg("%(unit)s没有%(name)s：%(who)s。改好文件名或文件夹再传", **words)
            return Meant(shown, (), why)
    whose = tuple(dict.fromkeys(holders))
    people = {who.key or f"{who.kind} {who.number}" for who in whose}
    if not whose:
        return Meant(shown, (), msg("名单里没有：文件名里要有姓名、证件号码或参赛号"))
    if len(people) > 1:
        return Meant(shown, (), _several(whose, len(people)))
    who = whose[0]
    if (doubt := _other_unit(parts, who, book)) is not None:
        return Meant(shown, whose, doubt=doubt)
    numbers = _PLAIN.findall(_plain(_COPY.sub("", unicodedata.normalize("NFKC", _stem(name)))))
    others = (it for number in numbers for it in book.by_word.get(number, ()))
    if other := next((it for it in others if it not in whose), None):
        doubt = msg(
            "文件名写着“%(name)s”，%(code)s 是%(who)s",
            **{"name": who.name, "code": other.code, "who": other.name},
        )
        return Meant(shown, whose, doubt=doubt)
    if not within.sure or (within.unit is None and not within.says_nothing(book)):
        return Meant(shown, whose, doubt=_no_unit(within.folder, who))
    return Meant(shown, whose)


def _several(whose: Sequence[KnownHolder], people: int) -> Message:
    """Say who they are, and what the file is to be called so that it is of one of them."""
    first = whose[0]
    units = {who.unit for who in whose}
    example = f"{first.unit}-{first.name}" if len(units) == people else f"{first.code} {first.name}"
    return msg(
        "对上了 %(n)s 个人：%(who)s。文件名写成“%(example)s”这样再传",
        **{"n": people, "who": _with_units(whose), "example": example},
    )


def _with_units(whose: Sequence[KnownHolder]) -> Message | str:
    return listed(
        [
            msg("%(code)s %(name)s（%(unit)s）", code=who.code, name=who.name, unit=who.unit)
            for who in whose
        ]
    )


def _no_unit(folder: str, who: KnownHolder) -> Message:
    return msg(
        "文件夹“%(folder)s”不是名单里的单位，%(code)s 是%(unit)s的%(who)s",
        **{"folder": folder, "code": who.code, "unit": who.unit, "who": who.name},
    )


def _other_unit(parts: NameParts, who: KnownHolder, book: HolderBook) -> Message | None:
    """Ask about another unit's name in a file's name; None if there is none."""
    unit = parts.unit or next(
        (
            word
            for word in parts.words
            if _CALLED_UNIT.fullmatch(word) and word not in who.unit and not book.names_in([word])
        ),
        None,
    )
    if unit is None or unit == who.unit:
        return None
    return msg(
        "文件名写着%(named)s，%(code)s %(who)s 是%(unit)s的",
        **{"named": unit, "code": who.code, "who": who.name, "unit": who.unit},
    )


def _agreeing(
    meant: Meant, name: str, within: _Within, book: HolderBook, *, by_paper: bool
) -> Meant:
    """The same, refused or asked about where the name or the folder says somebody else."""
    who, unit = meant.whose[0], within.unit
    parts = book.parts_of(name)
    foreign = not _HAN.search(who.name) and _plain(who.name) in _plain(_stem(name))
    agrees = foreign or _says_name(parts.words, who, book)
    other = _other_name(parts.words, who, book)
    if other is not None and not agrees and _name_key(other) in book.by_name:
        why = msg(
            "文件名写的是%(name)s，%(code)s 却是%(who)s。改好文件名再传",
            **{"name": other, "code": who.code, "who": who.name},
        )
        return replace(meant, whose=(), why=why)
    if other is not None:
        doubt = msg(
            "文件名写着“%(name)s”，%(code)s 是%(who)s",
            **{"name": other, "code": who.code, "who": who.name},
        )
        return replace(meant, doubt=doubt)
    if (doubt_of_unit := _other_unit(parts, who, book)) is not None:
        return replace(meant, doubt=doubt_of_unit)
    if unit is not None and all(row.unit != unit for row in meant.whose):
        words = {"folder": unit, "code": who.code, "who": who.name, "unit": who.unit}
        if agrees or by_paper:
            return replace(
                meant, doubt=msg("文件夹是%(folder)s，%(code)s %(who)s 是%(unit)s的", **words)
            )
        why = msg(
            "文件夹是%(folder)s，%(code)s %(who)s 却是%(unit)s的。文件名写姓名或证件号码再传",
            **words,
        )
        return replace(meant, whose=(), why=why)
    if by_paper or agrees:
        return meant
    # A number may be that of another unit's own list.
    counted = _plain(_stem(name)).isdigit()
    if not within.sure or (unit is None and (counted and within.folder)):
        return replace(meant, doubt=_no_unit(within.folder, who))
    return meant


def _says_name(words: Sequence[str], who: KnownHolder, book: HolderBook) -> bool:
    """True if one of the words is the person's name, alone or with what is written beside one."""
    return any(_name_key(who.name) in book.readings(word) for word in words)


def _other_name(words: Sequence[str], who: KnownHolder, book: HolderBook) -> str | None:
    """The part of a file's name that is another person's, or looks like a name; or None."""
    known = next((it for it in book.names_in(words) if it != _name_key(who.name)), None)
    if known is not None:
        return known
    return next(
        (
            word
            for word in words
            if 2 <= len(word) <= 4
            and (word[0] in _SURNAMES or "·" in word)
            and not any(note in word for note in _NOTES)
            and word not in who.unit
            and not _says_name([word], who, book)
        ),
        None,
    )


def _masked(name: str, papers: Sequence[str]) -> str:
    """A file's name as it is shown: what is a number of a paper, or as long as one, is masked."""
    for number in papers:
        at = name.upper().find(number)
        if at < 0 or len(name.upper()) != len(name):
            return mask_id(number)
        name = name[:at] + mask_id(number) + name[at + len(number) :]
    return _LONG_NUMBER.sub(lambda long: mask_id(long[0]), name)
