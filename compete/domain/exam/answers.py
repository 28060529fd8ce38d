"""Keys of questions, which bank and examination have alike: what each kind takes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any, Protocol

from compete.domain.bundle.checks.codes import nowhere
from compete.domain.bundle.problems import Problems
from compete.domain.bundle.reader.unreadable import UNREADABLE
from compete.domain.bundle.reader.words import NUMBER_AS_TEXT, TRUTH, clipped, mismatch
from compete.domain.exam.files import note_number, note_twice
from compete.domain.exam.folding import compared
from compete.domain.values.canonical import SAFE
from compete.domain.values.messages import Message, msg
from compete.domain.values.numerals import number_in_text


class QuestionKind(StrEnum):
    """The kinds of questions, in their order."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    TRUE_FALSE = "true_false"
    BLANK = "blank"
    NUMERIC = "numeric"
    ESSAY = "essay"


CHOICES = (QuestionKind.SINGLE, QuestionKind.MULTIPLE)
"""The kinds with options."""

LEAST_OPTIONS, MOST_OPTIONS, MOST_BLANKS = 2, 10, 9


@dataclass(frozen=True, slots=True)
class Near:
    """A number, and how far from it an answer may lie: absolutely, or as a share of it."""

    value: Fraction
    tolerance: Fraction | None = None
    relative: Fraction | None = None

    @property
    def within(self) -> Fraction:
        """The deviation allowed."""
        if self.relative is not None:
            return self.relative * abs(self.value)
        return self.tolerance or Fraction(0)


Blanks = tuple[frozenset[Decimal | str], ...]
"""For each blank the accepted answers, as `folding.compared` has them."""

Key = frozenset[str] | bool | Blanks | Near
"""A key as it is compared; an essay has none."""


class Keyed(Protocol):
    """What brings a key, of whatever kind: a question, a version of one, a corrected key."""

    @property
    def key(self) -> Any: ...
    @property
    def tolerance(self) -> Decimal | None: ...
    @property
    def relative(self) -> Decimal | None: ...


def note_kind_keys(keyed: Any, kind: QuestionKind, path: str, problems: Problems) -> None:
    """Note keys that only other kinds have, and those that this kind lacks.

    Looks at `options`, `case`, `tolerance`, `relative` and the number of options.
    """
    if kind is UNREADABLE:
        return
    note_other(keyed.options or None, kind, CHOICES, f"{path}.options", problems)
    note_other(keyed.case, kind, (QuestionKind.BLANK,), f"{path}.case", problems)
    if kind not in CHOICES or keyed.options is UNREADABLE:
        return
    if not keyed.options:
        problems.add(f"{path}.options", msg("少了“%(key)s”", key="options"))
    elif not LEAST_OPTIONS <= len(keyed.options) <= MOST_OPTIONS:
        sentence = msg(
            "选项要 %(least)s 到 %(most)s 个，这里有 %(there)s 个",
            least=LEAST_OPTIONS,
            most=MOST_OPTIONS,
            there=len(keyed.options),
        )
        problems.add(f"{path}.options", sentence)


def note_other(
    value: Any, kind: QuestionKind, kinds: Collection[QuestionKind], path: str, problems: Problems
) -> None:
    """Note a key that only other `kinds` have."""
    if value is not None and kind not in kinds:
        problems.add(path, msg("%(kind)s 题不写这个键", kind=kind.value))


def read_key(
    keyed: Keyed,
    kind: QuestionKind,
    path: str,
    problems: Problems,
    *,
    options: Collection[str] = (),
    case: bool = False,
    before: Key | None = None,
) -> Key | None:
    """The key of a question; None, with what is wrong noted, where it cannot be one.

    `options` are the ids of its options. A corrected key has the one `before` it: a
    single may then have several ids, a multiple one, blanks stay as many, and a number
    keeps the deviation allowed unless it brings one.
    """
    if kind is UNREADABLE:
        return None
    _note_deviations(keyed, kind, path, problems)
    at, value = f"{path}.key", keyed.key
    if kind is QuestionKind.ESSAY:
        note_other(value, kind, (), at, problems)
        return None
    if value is None:
        problems.add(at, msg("少了“%(key)s”", key="key"))
        return None
    if value is UNREADABLE:
        return None
    corrected = before is not None
    match kind:
        case QuestionKind.TRUE_FALSE:
            if isinstance(value, bool):
                return value
            _wrong(value, TRUTH, at, problems)
        case QuestionKind.SINGLE:
            return _ids(value, options, at, problems, least=1, most=None if corrected else 1)
        case QuestionKind.MULTIPLE:
            return _ids(value, options, at, problems, least=1 if corrected else 2, most=None)
        case QuestionKind.BLANK:
            return _blanks(value, at, problems, case=case, before=before)
        case QuestionKind.NUMERIC:
            return _near(keyed, value, at, problems, before)
    return None


def _note_deviations(keyed: Keyed, kind: QuestionKind, path: str, problems: Problems) -> None:
    for name in ("tolerance", "relative"):
        deviation = getattr(keyed, name)
        note_other(deviation, kind, (QuestionKind.NUMERIC,), f"{path}.{name}", problems)
        note_number(deviation, f"{path}.{name}", problems, least=0)
    if keyed.tolerance is not None and keyed.relative is not None:
        problems.add(f"{path}.relative", msg("tolerance 和 relative 只能写一个"))


def _wrong(value: Any, wanted: Message, path: str, problems: Problems) -> None:
    """Note that a value is not what is wanted there."""
    problems.add(path, mismatch(value, wanted))


def _ids(
    value: Any,
    options: Collection[str],
    path: str,
    problems: Problems,
    *,
    least: int,
    most: int | None,
) -> Key | None:
    if not isinstance(value, list):
        _wrong(value, msg("列表"), path, problems)
        return None
    if len(value) < least:
        problems.add(path, msg("这个列表至少要有 %(least)s 项", least=least))
    if most is not None and len(value) > most:
        problems.add(path, msg("这个列表最多 %(most)s 项", most=most))
    ids = [code if isinstance(code, str) else UNREADABLE for code in value]
    for number, code in enumerate(value):
        place = f"{path}[{number}]"
        if code is UNREADABLE:
            continue
        if not isinstance(code, str):
            _wrong(code, msg("文字"), place, problems)
        elif options is not UNREADABLE and code not in options:
            problems.add(place, nowhere(clipped(code), msg("选项")))
    note_twice(ids, path, problems)
    return frozenset(code for code in ids if code is not UNREADABLE)


def _blanks(
    value: Any, path: str, problems: Problems, *, case: bool, before: Key | None
) -> Key | None:
    if not isinstance(value, list):
        _wrong(value, msg("列表"), path, problems)
        return None
    if not value:
        problems.add(path, msg("这个列表不能是空的"))
        return None
    if len(value) > MOST_BLANKS:
        problems.add(path, msg("这个列表最多 %(most)s 项", most=MOST_BLANKS))
        return None
    if isinstance(before, tuple) and len(value) != len(before):
        problems.add(
            path,
            msg(
                "要和原来一样有 %(before)s 个空，这里有 %(there)s 个",
                before=len(before),
                there=len(value),
            ),
        )
    blanks = []
    for number, accepted in enumerate(value):
        place = f"{path}[{number}]"
        if accepted is UNREADABLE:
            continue
        if not isinstance(accepted, list):
            _wrong(accepted, msg("列表"), place, problems)
            continue
        if not accepted:
            problems.add(place, msg("这个列表不能是空的"))
        answers = set()
        for index, text in enumerate(accepted):
            where = f"{place}[{index}]"
            if isinstance(text, str):
                answer = compared(text, case=case)
                if answer == "":
                    problems.add(where, msg("这里不能是空的"))
                answers.add(answer)
            elif text is not UNREADABLE:
                _wrong(text, msg("文字"), where, problems)
        blanks.append(frozenset(answers))
    return tuple(blanks) if len(blanks) == len(value) else None


def _near(
    keyed: Keyed, value: Any, path: str, problems: Problems, before: Key | None
) -> Key | None:
    number = None
    if isinstance(value, str):
        number = number_in_text(value)
    elif isinstance(value, int) and not isinstance(value, bool) and abs(value) <= SAFE:
        number = Decimal(value)
    if number is None:
        _wrong(value, NUMBER_AS_TEXT, path, problems)
        return None
    tolerance, relative = (
        Fraction(deviation) if isinstance(deviation, Decimal) else None
        for deviation in (keyed.tolerance, keyed.relative)
    )
    if isinstance(before, Near) and keyed.tolerance is None and keyed.relative is None:
        tolerance, relative = before.tolerance, before.relative
    return Near(Fraction(number), tolerance, relative)
