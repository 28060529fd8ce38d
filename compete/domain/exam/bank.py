"""The question bank (题库): its types, and the reading of its file, `compete-bank/1`."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Annotated, Any, Literal

from msgspec import Meta

from compete.domain.bundle.checks.codes import Codes, note_reference, note_repeats, nowhere
from compete.domain.bundle.problems import EveryProblem, Problem, Problems
from compete.domain.bundle.reader.unreadable import UNREADABLE
from compete.domain.bundle.reader.words import clipped
from compete.domain.exam.answers import (
    CHOICES,
    Key,
    Near,
    QuestionKind,
    note_kind_keys,
    note_other,
    read_key,
)
from compete.domain.exam.files import (
    SHA256,
    Code,
    Positive,
    Record,
    Text,
    note_number,
    note_twice,
    shaped,
    tree_of,
)
from compete.domain.exam.folding import folded
from compete.domain.exam.syllabus import Node, note_syllabus
from compete.domain.values.messages import Message, msg

_MARK = re.compile(r'&amp;|&lt;|</?(?:sub|sup|math)>|<img name="[^"]*"/>|[<&]')
_BEFORE_NAME, _AFTER_NAME = '<img name="', '"/>'


def note_marks(text: str, media: Collection[str], path: str, problems: Problems) -> None:
    """Note the first mark in a text that may not stand there; `media` are the names of pictures."""
    if "<" in text or "&" in text:
        fault = _fault(text, media)
        if fault is not None:
            problems.add(path, fault)


def _fault(text: str, media: Collection[str]) -> Message | None:
    begun = ""
    for match in _MARK.finditer(text):
        mark = match[0]
        if mark in "<&":
            return msg(
                "第 %(n)s 个字起的“%(text)s”不是这里能用的标记；& 写成 &amp;，< 写成 &lt;",
                n=match.start() + 1,
                text=clipped(text[match.start() : match.start() + 12]),
            )
        if mark.startswith("<img"):
            name = mark.removeprefix(_BEFORE_NAME).removesuffix(_AFTER_NAME)
            if name not in media:
                return nowhere(clipped(name), "media")
        elif mark.startswith("</"):
            if mark[2:-1] != begun:
                return msg("“%(mark)s”前面没有和它成对的", mark=mark)
            begun = ""
        elif mark.startswith("<"):
            if begun:
                return msg("“%(mark)s”不能放在 <%(begun)s> 里面", mark=mark, begun=begun)
            begun = mark[1:-1]
    return msg("<%(begun)s> 没有结束", begun=begun) if begun else None


FORMAT = "compete-bank/1"
DIFFICULTY_PLACES = 4


class Pool(StrEnum):
    """What a question is kept for."""

    SECRET = "secret"
    PRACTICE = "practice"


class QuestionState(StrEnum):
    """Whether a question may stand in a paper."""

    DRAFT = "draft"
    IN_USE = "in_use"
    WITHDRAWN = "withdrawn"


class MediumType(StrEnum):
    """The types of pictures."""

    PNG = "image/png"
    JPEG = "image/jpeg"


class Medium(Record, frozen=True, kw_only=True):
    """A picture in a text, by its hash."""

    name: Text
    type: MediumType
    sha256: str


class Option(Record, frozen=True, kw_only=True):
    """What may be chosen; one that is pinned stays at the end."""

    id: Code
    text: Text
    pin: bool | None = None


class Version(Record, frozen=True, kw_only=True):
    """A question as it was worded; never changed once there."""

    number: Positive
    stem: Text
    difficulty: Decimal
    explanation: Text | None = None
    media: tuple[Medium, ...] = ()
    options: tuple[Option, ...] | None = None
    key: Any = None
    tolerance: Decimal | None = None
    relative: Decimal | None = None
    case: bool | None = None
    fixed: bool | None = None
    guide: Text | None = None


class Use(Record, frozen=True, kw_only=True):
    """A day on which a question was used."""

    day: date
    paper: Text | None = None


class Question(Record, frozen=True, kw_only=True):
    """A question with all its versions."""

    code: Code
    node: Code
    kind: QuestionKind
    versions: Annotated[tuple[Version, ...], Meta(min_length=1)]
    family: Code | None = None
    pool: Pool = Pool.SECRET
    state: QuestionState = QuestionState.IN_USE
    uses: tuple[Use, ...] = ()

    @property
    def last(self) -> Version:
        """The version that may be chosen."""
        return self.versions[-1]


class Bank(Record, frozen=True, kw_only=True):
    """A question bank."""

    format: Literal["compete-bank/1"]
    code: Code
    name: Text
    syllabus: tuple[Node, ...]
    grade: Any = None
    edition: Any = None
    source: Any = None
    occupation: Any = None
    questions: tuple[Question, ...] = ()


def as_marked(text: str) -> str:
    """A text from elsewhere: marks stay, each `&` and `<` beside them is a plain sign."""
    return _MARK.sub(lambda mark: _AS_TEXT.get(mark[0], mark[0]), text)


def without_marks(text: str) -> str:
    """A marked text as it is read out: no marks, no pictures."""
    return _MARK.sub(lambda mark: _READ_OUT.get(mark[0], ""), text)


_AS_TEXT = {"&": "&amp;", "<": "&lt;"}
_READ_OUT = {"&amp;": "&", "&lt;": "<"}


def read_bank(data: bytes) -> Bank:
    """The bank in a file's bytes. Raises `BundleError`, with all that is wrong, for any other."""
    problems = Problems()
    bank = _bank_in(data, problems)
    problems.refuse()
    return bank


def faults_of_bank(data: bytes) -> list[Problem]:
    """All that is wrong with a bank's file, however much it is."""
    problems = EveryProblem()
    _bank_in(data, problems)
    return problems.found


def _bank_in(data: bytes, problems: Problems) -> Bank:
    bank = shaped(Bank, tree_of(data, problems), problems)
    note_syllabus(bank.syllabus, problems)
    note_repeats(bank.questions, "questions", problems)
    nodes, doubles = Codes(bank.syllabus), _Doubles()
    for number, question in enumerate(bank.questions):
        if question is not UNREADABLE:
            _note_question(question, nodes, doubles, f"questions[{number}]", problems)
    return bank


def _note_question(
    question: Question, nodes: Codes, doubles: _Doubles, path: str, problems: Problems
) -> None:
    note_reference(question.node, nodes, f"{path}.node", "syllabus", problems)
    node = nodes.by_code.get(question.node)
    if node is not None and node.importance is None and node.weight is not None:
        problems.add(f"{path}.node", msg("题目要挂在鉴定点上，这里是鉴定范围"))
    for number, version in enumerate(question.versions):
        if version is UNREADABLE:
            continue
        place = f"{path}.versions[{number}]"
        key = _note_version(version, question.kind, number + 1, place, problems)
        if number == len(question.versions) - 1 and key is not None:
            doubles.note(question, key, f"{place}.key", problems)


def _note_version(
    version: Version, kind: QuestionKind, number: int, path: str, problems: Problems
) -> Key | None:
    """Note what is wrong with a version; its key, where it is one."""
    if version.number is not UNREADABLE and version.number != number:
        problems.add(f"{path}.number", msg("版本从 1 起依次编号，这里应当是 %(n)s", n=number))
    note_number(
        version.difficulty,
        f"{path}.difficulty",
        problems,
        least=0,
        most=1,
        places=DIFFICULTY_PLACES,
    )
    options = version.options or ()
    media = {medium.name for medium in version.media}
    note_twice((medium.name for medium in version.media), f"{path}.media", problems, "name")
    for place, medium in enumerate(version.media):
        if medium.sha256 is not UNREADABLE and not SHA256.fullmatch(medium.sha256):
            problems.add(f"{path}.media[{place}].sha256", msg("应当是 64 位小写的十六进制数字"))
    marked = [("stem", version.stem), ("explanation", version.explanation)]
    marked += [(f"options[{place}].text", option.text) for place, option in enumerate(options)]
    for name, text in marked:
        if text:
            note_marks(text, media, f"{path}.{name}", problems)
    _note_options(options, f"{path}.options", problems)
    note_kind_keys(version, kind, path, problems)
    if kind is not UNREADABLE:
        note_other(version.fixed, kind, CHOICES, f"{path}.fixed", problems)
        note_other(version.guide, kind, (QuestionKind.ESSAY,), f"{path}.guide", problems)
    if kind in CHOICES and not options:
        return None
    ids = [option.id for option in options]
    return read_key(version, kind, path, problems, options=ids, case=bool(version.case))


def _note_options(options: Sequence[Option], path: str, problems: Problems) -> None:
    note_twice((option.id for option in options), path, problems, "id")
    seen: dict[str, int] = {}
    for number, option in enumerate(options):
        if not option.text:
            continue
        first = seen.setdefault(folded(option.text), number)
        if first != number:
            sentence = msg("和 %(where)s 的文字一样", where=f"{path}[{first}]")
            problems.add(f"{path}[{number}].text", sentence)


class _Doubles:
    """Finds questions that ask the same and have other keys."""

    def __init__(self) -> None:
        self._keys: dict[Any, dict[Any, str]] = {}

    def note(self, question: Question, key: Key, path: str, problems: Problems) -> None:
        """Note the key at `path` if an earlier double has another."""
        last = question.last
        read = [last.stem, *(option.text for option in last.options or ())]
        if question.state is QuestionState.WITHDRAWN or any(text is UNREADABLE for text in read):
            return
        texts = {option.id: folded(option.text) for option in last.options or ()}
        asked = question.kind, folded(last.stem), frozenset(texts.values())
        compared: bool | Fraction | frozenset[str] | tuple[Any, ...]
        match key:
            case Near():
                compared = key.value
            case frozenset():
                compared = frozenset(texts.get(option, option) for option in key)
            case _:
                compared = key
        earlier = self._keys.setdefault(asked, {})
        other = next((where for known, where in earlier.items() if known != compared), None)
        if other is not None:
            sentence = msg("和 %(where)s 同一道题，答案不同", where=other)
            problems.add(path, sentence)
        earlier.setdefault(compared, path)
