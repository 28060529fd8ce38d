"""Shaping: from a tree of plain values to the types of the bundle, noting all that does not fit.

The types themselves say what is wanted: nothing about a key is written here.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from math import isfinite
from typing import Any, TypeVar, cast

import msgspec.inspect as kinds

from compete.domain.bundle.problems import Problems
from compete.domain.bundle.reader.tree import DEEPEST, Members, Overlong, Powered
from compete.domain.bundle.reader.unreadable import UNREADABLE
from compete.domain.bundle.reader.words import clipped, describe_type, mismatch
from compete.domain.bundle.types import Bundle
from compete.domain.bundle.version_types import (
    USUAL,
    Dialect,
    dialect_of,
    lacking,
    newest,
    type_in,
)
from compete.domain.values.instants import INSTANT_PLACES, read_instant
from compete.domain.values.messages import Message, listed, msg
from compete.domain.values.numerals import number_in_text, number_of
from compete.domain.values.record import PLAIN

T = TypeVar("T")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_DATE_LENGTH = len("2026-05-01")
_TEXT, _NUMBER, _ANYTHING = kinds.StrType(), kinds.DecimalType(), kinds.AnyType()


def shape_bundle(tree: Any, problems: Problems) -> Bundle:
    """The bundle in the tree, `UNREADABLE` wherever something was wrong.

    A file of a version that there is not is looked at as one of the newest.
    """
    members = tree if isinstance(tree, Members) else Members([])
    about = members.get("competition")
    kind = about.get("kind") if isinstance(about, Members) else None
    dialect = dialect_of(members.get("format"), kind)
    return cast(Bundle, _Shaper(dialect, problems).shape(_type_of_bundle(dialect), tree, ""))


def shape_file(cls: type[T], tree: Any, problems: Problems) -> T:
    """The same for a file of another kind, whose types have no dialects."""
    return cast(T, _Shaper(USUAL, problems).shape(kinds.type_info(cls), tree, ""))


@cache
def _type_of_bundle(dialect: Dialect) -> kinds.Type:
    return kinds.type_info(type_in(dialect, Bundle))


@cache
def _fields(cls: type) -> Mapping[str, kinds.Field]:
    """The fields of a struct by the key that each has in the file."""
    node = kinds.type_info(cls)
    assert isinstance(node, kinds.StructType)
    return {field.encode_name: field for field in node.fields}


class _Shaper:
    """Carries the dialect and the list of problems down the tree."""

    def __init__(self, dialect: Dialect, problems: Problems) -> None:
        self.dialect = dialect
        self.is_newest = not dialect.is_first
        self.problems = problems

    def shape(self, node: kinds.Type, value: Any, path: str) -> Any:
        """Shape `value` as the type wants it, or note a problem: `UNREADABLE`."""
        if isinstance(node, kinds.UnionType):
            node = _fitting_type(node, value)
        return _SHAPES[type(node)](self, node, value, path)

    def wrong(self, node: kinds.Type, value: Any, path: str) -> Any:
        self.problems.add(path, mismatch(value, describe_type(node, value)))
        return UNREADABLE

    def struct(self, node: kinds.StructType, value: Any, path: str) -> Any:
        if not isinstance(value, Members):
            return self.wrong(node, value, path)
        fields = _fields(node.cls)
        if value.twice:
            self.twice(value, path)
        given: dict[str, Any] = {}
        # Known keys need no care in a path; there may be millions of them.
        dotted = f"{path}." if path else ""
        for key, item in value.items():
            field = fields.get(key)
            if field is None:
                if item in (None, []) and self.says_nothing(node.cls, key):
                    continue
                self.problems.add(member(path, key), _unknown_key(key, fields))
            elif item.__class__ is str and field.type == _TEXT and item.isascii():
                given[field.name] = item
            elif item is not None:
                given[field.name] = self.shape(field.type, item, dotted + key)
        for key, field in fields.items():
            if field.required and field.name not in given:
                self.problems.add(dotted + key, msg("少了“%(key)s”", key=key))
                given[field.name] = UNREADABLE
        return newest(node.cls)(**given)

    def says_nothing(self, cls: type, key: str) -> bool:
        """True if a key without a value is one that only other kinds have."""
        return self.is_newest and key in lacking(self.dialect, newest(cls))

    def twice(self, value: Members, path: str) -> None:
        for key in value.twice:
            self.problems.add(member(path, key), msg("“%(key)s”写了不止一次", key=clipped(key)))

    def array(self, node: kinds.VarTupleType, value: Any, path: str) -> Any:
        if not isinstance(value, list):
            return self.wrong(node, value, path)
        if len(value) < (node.min_length or 0):
            self.problems.add(path, _too_short(node.min_length))
            return UNREADABLE
        if node.max_length is not None and len(value) > node.max_length:
            self.problems.add(path, msg("这个列表最多 %(most)s 项", most=node.max_length))
            return UNREADABLE
        item = node.item_type
        return tuple(
            self.shape(item, item_value, f"{path}[{i}]") for i, item_value in enumerate(value)
        )

    def mapping(self, node: kinds.DictType, value: Any, path: str) -> Any:
        if not isinstance(value, Members):
            return self.wrong(node, value, path)
        self.twice(value, path)
        shaped = {}
        for key, item in value.items():
            place = member(path, key)
            if item is not None or node.value_type == _ANYTHING:
                shaped[self.key(node.key_type, key, place)] = self.shape(
                    node.value_type, item, place
                )
        return shaped

    def key(self, node: kinds.Type, key: str, path: str) -> Any:
        """Shape a key of a map; where the type wants a whole number, it is written as text."""
        if isinstance(node, kinds.IntType):
            if key.isascii() and key.isdigit() and key[0] != "0" and len(key) < 10:
                assert node.le is not None
                if int(key) <= node.le:
                    return int(key)
            return self.wrong(node, key, path)
        return self.text(node, key, path)

    def text(self, node: kinds.Type, value: Any, path: str) -> Any:
        if not isinstance(value, str) or not _fits(node, value):
            return self.wrong(node, value, path)
        if not _is_unicode(value):
            self.problems.add(path, msg("这段文字里有残缺的字符"))
            return UNREADABLE
        return value

    def whole(self, node: kinds.IntType, value: Any, path: str) -> Any:
        if isinstance(value, int) and not isinstance(value, bool):
            assert node.ge is not None
            assert node.le is not None
            if node.ge <= value <= node.le:
                return value
        return self.wrong(node, value, path)

    def number(self, node: kinds.Type, value: Any, path: str) -> Any:
        number = None
        if isinstance(value, str):
            number = number_in_text(value)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            number = number_of(value)
        return self.wrong(node, value, path) if number is None else number

    def truth(self, node: kinds.Type, value: Any, path: str) -> Any:
        return value if isinstance(value, bool) else self.wrong(node, value, path)

    def day(self, node: kinds.Type, value: Any, path: str) -> Any:
        if isinstance(value, str) and len(value) == _DATE_LENGTH and value.isascii():
            try:
                return date.fromisoformat(value)
            except ValueError:
                pass
        return self.wrong(node, value, path)

    def moment(self, node: kinds.Type, value: Any, path: str) -> Any:
        instant = read_instant(value, INSTANT_PLACES)
        return self.wrong(node, value, path) if instant is None else instant

    def word(self, node: kinds.EnumType, value: Any, path: str) -> Any:
        if isinstance(value, str) and value in {word.value for word in node.cls}:
            return newest(node.cls)(value)
        return self.wrong(node, value, path)

    def literal(self, node: kinds.LiteralType, value: Any, path: str) -> Any:
        if isinstance(value, str) and value in node.values:
            return value
        return self.wrong(node, value, path)

    def anything(self, node: kinds.Type, value: Any, path: str, depth: int = 1) -> Any:
        """Take any value in so many objects and lists under `extra`, that one included.

        The value is kept as it is, if it can be written again.
        """
        if depth >= DEEPEST and isinstance(value, Members | list):
            self.problems.add(path, msg("这里套得太深，最多 %(most)s 层", most=DEEPEST))
            return UNREADABLE
        if isinstance(value, Members):
            self.twice(value, path)
            return {
                self.text(_TEXT, key, member(path, key)): self.anything(
                    node, item, member(path, key), depth + 1
                )
                for key, item in value.items()
            }
        if isinstance(value, list):
            return [
                self.anything(node, item, f"{path}[{i}]", depth + 1) for i, item in enumerate(value)
            ]
        if isinstance(value, str):
            return self.text(_TEXT, value, path)
        if isinstance(value, Powered):
            value = value.value()
        if _is_writable(value):
            return value
        return self.wrong(_NUMBER, value, path)


def member(path: str, key: str) -> str:
    """The path of a key in the object at `path`."""
    return f"{path}.{clipped(key)}" if path else clipped(key)


def _unknown_key(key: str, fields: Mapping[str, kinds.Field]) -> Message:
    return msg("不认识“%(key)s”，这里可以写：%(keys)s", key=clipped(key), keys=listed(fields))


def _too_short(least: int | None) -> Message:
    if least is None or least <= 1:
        return msg("这个列表不能是空的")
    return msg("这个列表至少要有 %(least)s 项", least=least)


def _fits(node: Any, text: str) -> bool:
    if not (node.min_length or 0) <= len(text) <= (node.max_length or len(text)):
        return False
    return node.pattern != PLAIN or _CONTROL.search(text) is None


def _is_unicode(text: str) -> bool:
    """True if a text is Unicode; half of a surrogate pair stands in JSON, but in no UTF-8 file."""
    return text.isascii() or not any("\ud800" <= character <= "\udfff" for character in text)


def _is_writable(value: Any) -> bool:
    return value is None or (isinstance(value, int | float) and isfinite(value))


def _fitting_type(node: kinds.UnionType, value: Any) -> kinds.Type:
    """The alternative that a value means to be, judged by its kind."""
    types = [choice for choice in node.types if not isinstance(choice, kinds.NoneType)]
    if len(types) == 1:
        return types[0]
    for kind, python in _MEANT:
        for choice in types:
            if isinstance(choice, kind) and isinstance(value, python):
                # Say all that can stand here to whoever wrote some other word.
                is_other = isinstance(choice, kinds.LiteralType) and value not in choice.values
                return node if is_other else choice
    return node


_MEANT: list[tuple[type[kinds.Type], type | tuple[type, ...]]] = [
    (kinds.VarTupleType, list),
    (kinds.BoolType, bool),
    (kinds.LiteralType, str),
    (kinds.StrType, str),
    (kinds.DecimalType, (str, int, float, Overlong)),
]

_SHAPES: dict[type[kinds.Type], Callable[[_Shaper, Any, Any, str], Any]] = {
    kinds.UnionType: _Shaper.wrong,
    kinds.StructType: _Shaper.struct,
    kinds.VarTupleType: _Shaper.array,
    kinds.DictType: _Shaper.mapping,
    kinds.StrType: _Shaper.text,
    kinds.IntType: _Shaper.whole,
    kinds.DecimalType: _Shaper.number,
    kinds.BoolType: _Shaper.truth,
    kinds.DateType: _Shaper.day,
    kinds.DateTimeType: _Shaper.moment,
    kinds.EnumType: _Shaper.word,
    kinds.LiteralType: _Shaper.literal,
    kinds.AnyType: _Shaper.anything,
}
