"""The base class of all aspect types: its questions, and the usual answers.

A type is a class of its own in the file of its name. An object of it is one
aspect seen as that type; `kind_of` makes it. Whoever would ask “is it this
type or that?” asks here for what follows from it instead.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import Any, ClassVar

import msgspec

from compete.domain.aspects.form_fields import Example, FormField, Own, SchemeKeys, SchemeWords
from compete.domain.aspects.types import Aspect
from compete.domain.values.equations import number_text, shortened
from compete.domain.values.messages import Message, msg
from compete.domain.values.numerals import EXACTLY, plain
from compete.domain.values.points import Number, divided, exact, round_half_up, show

Value = Decimal | bool
Accepts = Callable[[Any], bool]
Fault = tuple[str, Message]
"""The place below the aspect of something wrong, and the message."""

Limits = tuple[Decimal | None, Decimal | None]
"""The least and the most; None where there is no such limit."""

SHOWN_PLACES = 2
"""Marks on sheets and on paper; what is signed and counted keeps every place."""

ENOUGH = 3
"""Fewer of the others say nothing of what is odd."""
QUANTITY = 10**12
"""Seconds and relative quantities are kept in parts of so many, always whole."""

ZERO, ONE = Decimal(0), Decimal(1)


class Reckoning(Enum):
    """The things that an aspect's marks can depend on."""

    VALUE = "the judge's value alone"
    TIME = "the value, a time to which penalty seconds are added"
    FIELD = "the value and the best one of the field"
    DIFFICULTY = "the value and the difficulty of what the entrant attempted"


class Steps(msgspec.Struct, frozen=True):
    """The values `step` × `first` … `last`."""

    first: int
    last: int
    step: Decimal


class Given(msgspec.Struct, frozen=True):
    """A judge's value with all that its marks depend on, to be explained.

    `text` is the value as text, `marks` what it brought before the factor,
    `added` the penalty seconds that count, `best` the best of the field,
    `difficulty` of what was attempted, `withdrew` whether the entrant did not finish.
    """

    value: Value
    text: str
    marks: Number
    added: Number = 0
    best: Number | None = None
    difficulty: Number | None = None
    withdrew: bool = False

    @property
    def whole(self) -> Number:
        """The quantity with the penalty seconds that count."""
        return exact(self.value) + self.added


class AspectKind(ABC):
    """An aspect seen as its type.

    The keys of a type: `needed` must be there, `alone` mean something to this
    type and no other, and `read` decide which values are accepted.
    """

    title: ClassVar[Message]
    """The type's name wherever people choose or read it."""

    needed: ClassVar[tuple[str, ...]] = ()
    alone: ClassVar[tuple[str, ...]] = ()
    read: ClassVar[tuple[str, ...]] = ()
    reckoning: ClassVar[Reckoning] = Reckoning.VALUE
    counts_faults: ClassVar[bool] = False
    """True if the value takes from full marks; a sheet left untouched says none."""

    tells_which: ClassVar[bool] = False
    """True if a mark may tell beside its value which things it stands for (`note_fault`)."""

    hint_is_rule: ClassVar[bool] = False
    """True if an organiser's hint says all that a judge needs, so that no rule is added."""

    unit: ClassVar[Message | None] = None
    """The unit of values, where the organiser has not said it."""

    fields: ClassVar[tuple[FormField, ...]] = ()
    """The fields of a form of rules beside the name and the maximum."""

    scheme_names: ClassVar[tuple[str, ...]] = ()
    """Names of the type in a marking scheme's column 类型, beside its title."""

    def __init__(self, aspect: Aspect) -> None:
        self.aspect = aspect

    # The aspect in a file.

    def faults(self) -> Iterator[Fault]:
        """Faults in the aspect's own keys, beside keys that are missing."""
        return iter(())

    def oddities(self) -> Iterator[Fault]:
        """Oddities: settings that the format allows, but an organiser rarely means."""
        return iter(())

    # The values of a judge.

    @abstractmethod
    def accepts(self) -> Accepts:
        """True if a value is allowed: a quick test."""

    @abstractmethod
    def accepted_words(self) -> Message:
        """Say in words what `accepts` lets through."""

    def limits(self) -> Limits:
        """The least and most plausible value, where `accepts` lets through more (typing slips)."""
        return None, None

    def plausible(self, others: Sequence[Decimal]) -> tuple[Decimal, Decimal] | None:
        """The range of values that raise no doubt, by this judge's `others`; None without bounds.

        Outside lies what is implausible, such as a digit too many, not what is merely far: full
        marks and a single fault raise none. Who marks is asked once.
        """
        return None

    @staticmethod
    def near(others: Sequence[Decimal]) -> tuple[Decimal, Decimal] | None:
        """The range from half the least to twice the greatest of the others, wild ones left out.

        Wild is what is off the one in the middle by more than that factor: it would let
        the next pass unasked. None while there are too few.
        """
        if len(others) < ENOUGH:
            return None
        middle = sorted(others)[len(others) // 2]
        usual = [value for value in others if middle / 2 <= value <= middle * 2]
        return min(usual) / 2, max(usual) * 2

    def note_fault(self, note: str | None, value: Value) -> Message | None:
        """Say why the note of a mark contradicts its value; None if it does not."""
        return None

    @property
    def is_yes_no(self) -> bool:
        """True if the value is true or false, and no number."""
        return False

    @property
    def levels(self) -> int | None:
        """The highest of the levels that a judge chooses from; None for a type without levels."""
        return None

    # The marks of a value.

    @abstractmethod
    def marks(self, value: Value) -> Number | None:
        """Marks of a value, before the factor; None where `reckoning` says what else they need."""

    def marks_at(self, quantity: Number, best: Number | None = None) -> Number:
        """Marks as `marks`, of a quantity × `QUANTITY` with penalty seconds, against the best."""
        raise TypeError(f"marks of {self.aspect.type} depend on the value alone")

    @abstractmethod
    def parts_of_marks(self) -> list[Number]:
        """The values of which marks are sums and multiples, beside the maximum."""

    @property
    def is_judges_alone(self) -> bool:
        """True if a sheet says the marks, with nothing of others or of a difficulty."""
        return self.reckoning in (Reckoning.VALUE, Reckoning.TIME)

    @property
    def takes_seconds(self) -> bool:
        """True if penalty seconds are added to the values."""
        return self.reckoning is Reckoning.TIME

    @property
    def lower_is_better(self) -> bool:
        """True if the smallest quantity is the best, where the field is compared."""
        return True

    @abstractmethod
    def rungs(self, value: Value, step: Decimal, most: Decimal) -> Steps | list[Value]:
        """Every value that might stand in this one's place: evenly spaced, or one by one.

        `step` is the finest in which the aspect was measured, `most` what no value reaches.
        """

    # In words.

    @abstractmethod
    def marking_lines(self) -> list[Message]:
        """Say how a value becomes marks, in lines short enough for a cell."""

    def named_levels(self) -> list[str]:
        """The levels that the organiser has put into words, from 0 on, each with its number."""
        return []

    def level_labels(self) -> list[str]:
        """All levels, each with its number and its words if it has any; none without levels."""
        if self.levels is None:
            return []
        named = self.named_levels()
        return [*named[: self.levels + 1], *map(str, range(len(named), self.levels + 1))]

    @abstractmethod
    def explained(self, given: Given) -> Message:
        """Say what was given, by which rule it counts, and the marks it makes."""

    def value_text(self, value: Value) -> str:
        """A value as it was given; a tick or a cross for yes and no."""
        if self.is_yes_no:
            return "✓" if value else "✗"
        return number_text(exact(value))

    # On a form of rules and in a marking scheme, before there is an aspect.

    @classmethod
    def texts(cls, aspect: Mapping[str, Any], *, is_own: bool) -> dict[str, str]:
        """Texts of the fields for an aspect of a file; `is_own`: the aspect is of this type."""
        return {
            field.key: text
            for field in cls.fields
            if (text := field.text(aspect) or (field.usual if is_own else ""))
        }

    @classmethod
    def form_faults(cls, own: Own) -> Iterator[Fault]:
        """Faults that only a form reports, since the format allows them, by field."""
        return iter(())

    @classmethod
    @abstractmethod
    def example(cls, own: Own, most: str) -> Example:
        """A value to try a draft with; `most` are its marks, as they are written."""

    @classmethod
    @abstractmethod
    def scheme_words(cls, own: Own) -> SchemeWords:
        """The rule as a marking scheme says it, and as `scheme_keys` reads it."""

    @classmethod
    @abstractmethod
    def scheme_keys(cls, head: str, below: Sequence[str]) -> SchemeKeys | None:
        """Read a rule in our own words: its first line and the lines below; None if it is none."""

    @classmethod
    def guessed(cls, text: str, parts: Sequence[str]) -> Own | None:
        """Guess the fields from a rule written by hand, whole and in parts; None if not sure."""
        return None

    @classmethod
    def guess_words(cls, own: Own) -> Message:
        """Say that the type was guessed."""
        return msg("照评分标准的字面认成%(type)s", type=cls.title)

    # Small help.

    def judge_value(self, kept: Decimal) -> Value:
        """A value out of a table of numbers, as a judge gives it."""
        return bool(kept) if self.is_yes_no else kept

    @property
    def full(self) -> str:
        """Full marks, as text."""
        return number_text(exact(self.aspect.max))


def whole_up_to(count: int) -> Accepts:
    """A test for 0, 1 … `count`."""
    return in_steps(ZERO, Decimal(count), ONE)


def in_steps(least: Decimal, most: Decimal, step: Decimal) -> Accepts:
    """A test for multiples of `step` from `least` to `most`; `anything` where that is no step."""
    if step <= 0:
        return anything

    def fits(value: Any) -> bool:
        return (
            value.__class__ is Decimal
            and least <= value <= most
            and not EXACTLY.remainder(value, step)
        )

    return fits


def in_steps_words(least: Decimal, most: Decimal, step: Decimal) -> Message:
    """Say in words what `in_steps` lets through."""
    return msg(
        "从 %(min)s 到 %(max)s，按 %(step)s 递增",
        min=plain(least),
        max=plain(most),
        step=plain(step),
    )


def anything(value: Any) -> bool:
    """Accept anything: for an aspect that is itself wrong."""
    return True


def needed_number(number: Decimal | None) -> Number:
    """A number that the type needs; the reader has made sure of it."""
    if number is None:
        raise ValueError("the bundle was not checked: an aspect lacks one of its numbers")
    return exact(number)


def quantity(value: Value) -> Number:
    """A judge's seconds or quantity × `QUANTITY`."""
    top, bottom = value.as_integer_ratio()
    return divided(top * QUANTITY, bottom)


def extra_number(aspect: Aspect, key: str) -> Decimal | None:
    """A number that the organiser gave in `extra`, where it is one."""
    value = (aspect.extra or {}).get(key)
    if isinstance(value, bool) or not isinstance(value, int | str | float | Decimal):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def marks_text(aspect: Aspect, marks: Decimal) -> str:
    """Marks with the aspect's factor, half up to the places shown."""
    scaled = round_half_up(exact(marks) * exact(aspect.factor), 1, SHOWN_PLACES)
    return shortened(show(scaled, SHOWN_PLACES))
