"""Fields of settings, each stated once, in the line of its class.

`Annotated[int, Setting(msg("公示几个工作日"), most=60)] = 5` is all that is written of a field.
From it come its control and bounds on a form (`web/setting_forms.py` makes the form's class), the
fault of what stands there, reading from a text and back, what differs between two versions, its
name in the log and in a workbook's heading, until when it may be set, which change takes two
people, and a schema.
"""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from enum import StrEnum
from functools import cache
from inspect import get_annotations
from types import NoneType, UnionType
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    Literal,
    TypeVar,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

import msgspec

from compete.domain.values.kinds import Kind
from compete.domain.values.messages import Message, listed, msg
from compete.domain.values.numerals import number_in_text, plain, whole_number
from compete.domain.values.states import CompetitionState
from compete.models import Competition
from compete.services.kernel.clock import read_wall_clock
from compete.services.kernel.publications import next_version
from compete.services.kernel.refusal import FieldRefused, Refusal, Refused, WrongFieldsError
from compete.services.kernel.text_limits import LONGEST_REASON, UNSEEN, check_text, too_long
from compete.sheets.texts import typed_parts

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    Values = TypeVar("Values", bound=msgspec.Struct | DataclassInstance)
BIGGEST = 2**31 - 1
_UNSEEN = msg("有看不见的字符，请删掉再试")


class Step(StrEnum):
    """A step of a competition after which a field stays as it is, or two people change it."""

    OPENED = "opened"
    LOCKED = "locked"
    PUBLISHED = "published"


def steps_of(competition: Competition) -> frozenset[Step]:
    """The steps that the competition has taken."""
    state = competition.state
    taken = {
        Step.OPENED: state is not CompetitionState.REGISTERING,
        Step.LOCKED: state not in (CompetitionState.REGISTERING, CompetitionState.JUDGING),
        Step.PUBLISHED: next_version(competition) > 1,
    }
    return frozenset(step for step, is_taken in taken.items() if is_taken)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What a field's values are: a type, and whether there may be none."""

    type: Any
    optional: bool = False
    default: Any = None

    @property
    def hint(self) -> Any:
        """The type as it is annotated."""
        return self.type | None if self.optional else self.type


@dataclass(frozen=True, slots=True)
class Setting:
    """A field. `least` to `most` bound a number, `most` the length of a text and, with `each`,
    the number of several and the length of one.

    `needed` refuses an empty field. `choices` has the words of its values, in the order in which
    they are offered; `wrong` refuses what cannot be read and a number beyond its bounds. `lines`:
    a text of several lines; `clock`: a text that is a time of day (`time`) or a day and time
    (`moment`). `also` are other headings of its column. `of` are the kinds of competition that
    have it, none: all. After `until` nobody sets it, for the reason in `stays`. Once judging has
    begun a change that is `two_if` (of what stands and what is wanted) takes two people; one that
    is `kept_if` not even two make once a step of `kept_from` was taken, for the reason in `kept`.
    `read` and `text` are for values that no other field has.
    """

    title: Message
    hint: Message | None = None
    _: dataclasses.KW_ONLY
    least: int = 0
    most: int = BIGGEST
    each: int = 0
    needed: Message | None = None
    choices: Mapping[Any, Message] | None = None
    wrong: Message | None = None
    lines: bool = False
    clock: Literal["", "time", "moment"] = ""
    also: Sequence[str] = ()
    of: Collection[Kind] = ()
    until: Step | None = None
    stays: Message | None = None
    two_if: Callable[[Any, Any], bool] | None = None
    kept_if: Callable[[Any, Any], bool] | None = None
    kept_from: Collection[Step] = (Step.LOCKED, Step.PUBLISHED)
    kept: Message | None = None
    read: Callable[[str], Any] | None = None
    text: Callable[[Any], str] | None = None
    places: int = 2
    shape: Shape = dataclasses.field(default_factory=lambda: Shape(type=str))

    def is_of(self, kind: str) -> bool:
        """True if a competition of this kind has it."""
        return not self.of or Kind(kind) in self.of

    def value_of(self, text: str) -> Any:
        """The value of a text that was typed, or stands in a workbook. Raises `Refused`."""
        # Several stand apart by lines, too.
        lines = self.lines or several(self.shape.type)
        kept = text.strip() if lines else " ".join(text.split())
        try:
            value = self._read(kept)
        except ValueError:
            raise Refused(self.wrong or self._wanted, Refusal.INVALID) from None
        if fault := self.fault(value):
            raise Refused(fault, Refusal.INVALID)
        if not lines and UNSEEN.search(kept):
            raise Refused(_UNSEEN, Refusal.INVALID)
        return value

    def _read(self, text: str) -> Any:
        kind = self.shape.type
        if self.read is not None:
            return self.read(text)
        if kind is bool and self.choices is None:
            return bool(text)
        if several(kind):
            return tuple(dict.fromkeys(typed_parts(text)))
        if not text and (self.shape.optional or kind is not str):
            if self.needed is None and not self.shape.optional:
                raise ValueError(text)
            return None
        if self.choices is not None:
            known = {str(word): value for value, word in self.choices.items()}
            known |= {str(value): value for value in self.choices}
            return _present(known.get(text), text)
        if kind is int:
            return _present(whole_number(_digits(text)), text)
        if kind is Decimal:
            return _present(number_in_text(_digits(text).replace("。", ".", 1)), text)
        if kind is date:
            return date.fromisoformat(_iso(text))
        if kind is time:
            return time.fromisoformat(text)
        return text

    @property
    def _wanted(self) -> Message:
        if self.shape.type is date:
            return msg("日期看不懂，写成 2026-09-15 这样")
        if self.choices is not None:
            return msg("没有这一种")
        return msg("要写数")

    def fault(self, value: Any) -> Message | None:
        """Say what is wrong with a value, or None."""
        if value in (None, "", ()):
            return self.needed
        if isinstance(value, str):
            return self._text_fault(value)
        if isinstance(value, tuple):
            if len(value) > self.most:
                many = msg("最多 %(most)s 样，现在是 %(n)s 样", most=self.most, n=len(value))
                return self.wrong or many
            long = next((item for item in value if self.each and len(item) > self.each), None)
            if long is not None:
                return msg(
                    "“%(part)s…”最多 %(most)s 个字，现在是 %(n)s 个",
                    part=long[:10],
                    most=self.each,
                    n=len(long),
                )
            known = self.choices if self.choices is not None else value
            unknown = next((item for item in value if item not in known), None)
            if unknown is not None:
                all_of = listed(map(str, known))
                return msg("没有“%(part)s”，可以写：%(all)s", part=unknown, all=all_of)
            return _UNSEEN if any(map(UNSEEN.search, value)) else None
        if isinstance(value, date) and value.year not in _YEARS:
            return msg("年份要在 %(first)s 到 %(last)s 之间", first=_YEARS[0], last=_YEARS[-1])
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            if not self.least <= value <= self.most:
                bounds = msg("%(least)s 到 %(most)s", least=self.least, most=self.most)
                return self.wrong or bounds
            if round(value, self.places) != value:
                return msg("最多 %(n)s 位小数", n=self.places)
        return None

    def _text_fault(self, value: str) -> Message | None:
        if self.clock == "moment" and read_wall_clock(value) is None:
            return msg("日期和时间没写全")
        if len(value) > self.most:
            return too_long(value, self.most)
        if self.choices is not None and value not in self.choices:
            return self.wrong or self._wanted
        return _unseen_fault(value)

    def text_of(self, value: Any) -> str:
        """A value as it is typed, and as a workbook and a record have it; empty for none."""
        if self.text is not None:
            return self.text(value)
        if value is None:
            return ""
        if isinstance(value, str) and value and self.choices is not None and value in self.choices:
            return str(self.choices[value])
        if isinstance(value, tuple | list):
            return "、".join(map(str, value))
        if isinstance(value, Decimal):
            return plain(value)
        return "1" if value is True else "" if value is False else str(value)

    def word_of(self, value: Any) -> Message | str | None:
        """A value in words for a page and the log; None for none."""
        if self.choices is not None and value in self.choices:
            return self.choices[value]
        text = self.text_of(value)
        return (text.removesuffix(":00") if self.shape.type is time else text) or None

    def schema(self) -> dict[str, Any]:
        """The field as JSON Schema has it."""
        kind, many = self.shape.type, several(self.shape.type)
        made: dict[str, Any] = {"title": str(self.title), "type": _JSON_TYPES.get(kind, "string")}
        if self.hint is not None:
            made["description"] = str(self.hint)
        if many:
            made |= {"type": "array", "items": {"type": "string"}, "maxItems": self.most}
            if self.each:
                made["items"]["maxLength"] = self.each
        elif made["type"] in ("integer", "number"):
            made |= {"minimum": self.least, "maximum": self.most}
        elif kind in (date, time):
            made["format"] = kind.__name__
        elif kind is str and self.most != BIGGEST:
            made["maxLength"] = self.most
        if self.choices is not None and kind is not bool:
            (made["items"] if many else made)["enum"] = [str(value) for value in self.choices]
        if self.shape.optional:
            made["type"] = [made["type"], "null"]
        if self.until is not None:
            made["x-until"] = self.until.value
        if self.two_if is not None:
            made["x-two"] = True
        return made


_YEARS = range(1900, 2200)
_WRITTEN_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")


def _iso(text: str) -> str:
    """A date as ISO 8601 has it, of one as workbooks and people write it; else the text."""
    match = _WRITTEN_DATE.fullmatch("".join(text.split()))
    return f"{match[1]}-{int(match[2]):02}-{int(match[3]):02}" if match else text


_JSON_TYPES = {int: "integer", Decimal: "number", bool: "boolean"}


def several(kind: Any) -> bool:
    """True if values of this type are several texts."""
    return get_origin(kind) is tuple


def _present(value: Any, text: str) -> Any:
    """The value that a text stands for. Raises `ValueError` where it stands for none."""
    if value is None:
        raise ValueError(text)
    return value


def _digits(text: str) -> str:
    """Digits as any keyboard types them."""
    return unicodedata.normalize("NFKC", text).replace("\u2212", "-")


def _unseen_fault(text: str) -> Message | None:
    try:
        check_text(text, len(text))
    except Refused as refused:
        return refused.message
    return None


def fields_of(kind: Any) -> Mapping[str, Setting]:
    """The fields of a class by name: its own first, then those of what it is made from."""
    return _stated_in(kind)


@cache
def _stated_in(kind: type) -> Mapping[str, Setting]:
    hints, defaults = get_type_hints(kind, include_extras=True), _defaults(kind)
    named = [name for above in kind.__mro__ for name in get_annotations(above)]
    stated = {}
    for name in dict.fromkeys(named):
        hint = hints[name]
        setting = next((it for it in get_args(hint)[1:] if isinstance(it, Setting)), None)
        if get_origin(hint) is not Annotated or setting is None:
            continue
        type_, optional = _without_none(get_args(hint)[0])
        if get_origin(type_) is Literal:
            type_ = str
        shape = Shape(type=type_, optional=optional, default=defaults.get(name))
        stated[name] = dataclasses.replace(setting, shape=shape)
    return stated


def _without_none(hint: Any) -> tuple[Any, bool]:
    if get_origin(hint) not in (Union, UnionType):
        return hint, False
    rest = [it for it in get_args(hint) if it is not NoneType]
    return rest[0], len(rest) < len(get_args(hint))


def _defaults(kind: type) -> dict[str, Any]:
    rows: Any = (
        msgspec.structs.fields(kind)
        if issubclass(kind, msgspec.Struct)
        else dataclasses.fields(kind)  # type: ignore[arg-type]
    )
    empty = (msgspec.NODEFAULT, dataclasses.MISSING)
    return {row.name: row.default for row in rows if row.default not in empty}


def with_values(values: Values, **changed: Any) -> Values:
    """The values with some of them set, of a struct or a dataclass."""
    if isinstance(values, msgspec.Struct):
        return msgspec.structs.replace(values, **changed)
    return dataclasses.replace(values, **changed)


def names_of(values: Any) -> tuple[str, ...]:
    """The names of all that a struct or a dataclass holds."""
    if isinstance(values, msgspec.Struct):
        return values.__struct_fields__
    return tuple(row.name for row in dataclasses.fields(values))


def differences(now: Any, wanted: Any) -> list[str]:
    """List the names of the fields that stand otherwise in two versions."""
    return [name for name in fields_of(type(now)) if getattr(now, name) != getattr(wanted, name)]


def faults_in(values: Any) -> Iterator[FieldRefused]:
    """Say what is wrong with the fields, each with its name."""
    for name, setting in fields_of(type(values)).items():
        if fault := setting.fault(getattr(values, name)):
            yield FieldRefused(name, fault)


def take_two(
    now: Any, wanted: Any, steps: Collection[Step], but: Collection[str] = ()
) -> tuple[str, ...]:
    """The names of the fields that only two people set as they are wanted.

    `but` are those on which nothing hangs in this competition.
    """
    if Step.OPENED not in steps:
        return ()
    return tuple(name for name in _names_where(now, wanted, "two_if") if name not in but)


def kept_fault(
    now: Any, wanted: Any, steps: frozenset[Step], but: Collection[str] = ()
) -> FieldRefused | None:
    """Refuse what not even two people change any more, or None; `but` as of `take_two`."""
    for name in _names_where(now, wanted, "kept_if"):
        setting = fields_of(type(now))[name]
        free = name in but or setting.kept is None
        if not free and not steps.isdisjoint(setting.kept_from):
            assert setting.kept is not None
            return FieldRefused(name, setting.kept, Refusal.CONFLICT)
    return None


def _names_where(now: Any, wanted: Any, test: str) -> Iterator[str]:
    for name, setting in fields_of(type(now)).items():
        tries, pair = getattr(setting, test), (getattr(now, name), getattr(wanted, name))
        if tries is not None and pair[0] != pair[1] and tries(*pair):
            yield name


def settled_fault(now: Any, wanted: Any, steps: Collection[Step]) -> FieldRefused | None:
    """Refuse a change of a field that stays as it is after a step that was taken, or None."""
    for name in differences(now, wanted):
        setting = fields_of(type(now))[name]
        if setting.until in steps and setting.stays is not None:
            return FieldRefused(name, setting.stays, Refusal.CONFLICT)
    return None


def headings(kind: type) -> dict[str, Message]:
    """The headings of a workbook's columns, by field."""
    return {name: setting.title for name, setting in fields_of(kind).items()}


def other_headings(kind: type) -> dict[str, str]:
    """The other headings under which a workbook may have a field."""
    return {word: name for name, setting in fields_of(kind).items() for word in setting.also}


def texts_of(values: Any, kind: type | None = None, **other: Any) -> dict[str, str]:
    """The text of each field, as a form and a workbook have it; `other` values stand elsewhere."""
    fields = fields_of(kind or type(values))
    return {
        name: setting.text_of(other[name] if name in other else getattr(values, name))
        for name, setting in fields.items()
    }


def read_texts(
    kind: type[Values], texts: Mapping[str, str]
) -> tuple[Values | None, dict[str, Message]]:
    """The values of such texts, or what is wrong with which field."""
    whole = {name: texts.get(name, "") for name in fields_of(kind)}
    values, faults = read_present(kind, whole)
    return (None if faults else kind(**values)), faults


def read_present(kind: type, texts: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, Message]]:
    """The values of those fields of which there is a text, and what is wrong with which."""
    values, faults = {}, {}
    for name, setting in fields_of(kind).items():
        try:
            if name in texts:
                values[name] = setting.value_of(texts[name])
        except Refused as refused:
            faults[name] = refused.message
    return values, faults


def reason_field(
    title: Message, needed: Message | None = None, hint: Message | None = None
) -> Setting:
    """The field of a reason, no longer than a reason may be."""
    return Setting(title, hint, most=LONGEST_REASON, needed=needed, lines=True)


def kept_field(kind: type, name: str, text: str) -> Any:
    """The value of a text as the field of a class allows it. Raises `FieldRefused`."""
    try:
        return fields_of(kind)[name].value_of(text)
    except Refused as refused:
        raise FieldRefused(name, refused.message) from None


def wrong_fields(kind: type, faults: Mapping[str, Message]) -> WrongFieldsError:
    """The refusal of texts with such faults; a single one is told with its field's name."""
    if len(faults) > 1:
        return WrongFieldsError(faults)
    ((name, fault),) = faults.items()
    setting = fields_of(kind)[name]
    if fault == setting.needed:
        return FieldRefused(name, fault)
    message = msg("%(what)s：%(why)s", what=setting.title, why=fault)
    return WrongFieldsError(faults, message)


def schema_of(kind: type) -> dict[str, Any]:
    """The fields as JSON Schema has them, for whoever sets them through an interface."""
    fields = fields_of(kind)
    return {
        "type": "object",
        "properties": {name: setting.schema() for name, setting in fields.items()},
        "required": [name for name, setting in fields.items() if setting.needed],
        "additionalProperties": False,
    }
