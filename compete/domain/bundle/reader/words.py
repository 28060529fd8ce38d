"""Words for what was found in a file and what is wanted there."""

from typing import Any

import msgspec.inspect as kinds

from compete.domain.bundle.reader.tree import NotWhole, Overlong, Padded, Unsafe
from compete.domain.values.canonical import SAFE
from compete.domain.values.instants import INSTANT_PLACES
from compete.domain.values.messages import Message, listed, msg
from compete.domain.values.numerals import AFTER_POINT, BEFORE_POINT

_LONGEST = 40

TRUTH = msg("不加引号的 true 或 false")
NUMBER_AS_TEXT = msg('数，写成文字，例如 "12.50"，或者 ±%(most)s 以内的整数', most=SAFE)
"""What is wanted where a number can't be written as one of JSON, but for whole ones."""


def clipped(text: str) -> str:
    """The text, or its beginning; what can't be printed is shown as an escape."""
    text = text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
    if text.isprintable():
        return text
    return "".join(
        character if character.isprintable() else ascii(character)[1:-1] for character in text
    )


def _describe_value(value: Any) -> Message:
    """Show a value of the tree, for a sentence about it."""
    if value is None:
        return msg("null")
    if isinstance(value, bool):
        return msg("true") if value else msg("false")
    if isinstance(value, str):
        return msg("文字“%(text)s”", text=clipped(value))
    if isinstance(value, Overlong):
        return msg("数 %(text)s", text=clipped(value.text))
    if isinstance(value, list):
        return msg("一个列表")
    if isinstance(value, dict):
        return msg("一个对象")
    return msg("数 %(text)s", text=clipped(repr(value)))


def mismatch(value: Any, wanted: Message) -> Message:
    """Say what is there in the place of what is wanted."""
    if isinstance(value, Padded):
        return msg(
            "这里是 %(text)s，前面有多余的 0：是数就去掉，是文字就加引号",
            text=clipped(value.text),
        )
    return msg("这里是%(found)s，应当是%(wanted)s", found=_describe_value(value), wanted=wanted)


def describe_type(node: kinds.Type, instead_of: Any = None) -> Message:
    """Say in words what a place of this type takes, to whoever wrote something else."""
    if isinstance(node, kinds.DecimalType) and isinstance(instead_of, NotWhole | Unsafe):
        return NUMBER_AS_TEXT
    match node:
        case kinds.UnionType(types=types):
            options = [
                describe_type(choice) for choice in types if not isinstance(choice, kinds.NoneType)
            ]
            return options[0] if len(options) == 1 else _either(*options)
        case kinds.LiteralType(values=values):
            return _words([str(literal) for literal in values])
        case kinds.EnumType(cls=cls):
            return _words([str(word.value) for word in cls])
        case kinds.IntType(ge=least, le=most):
            return msg("从 %(least)s 到 %(most)s 的整数", least=least, most=most)
        case kinds.StrType(min_length=least, max_length=most, pattern=pattern) if least and most:
            if pattern is None:
                return msg("文字，%(least)s 到 %(most)s 个字", least=least, most=most)
            return msg("文字，%(least)s 到 %(most)s 个字，没有控制字符", least=least, most=most)
        case kinds.StrType(min_length=least) if least:
            return msg("文字，不能是空的")
    return _SIMPLE[type(node)]


def _either(first: Message, other: Message) -> Message:
    return msg("%(one)s，或者%(other)s", one=first, other=other)


def _words(options: list[str]) -> Message:
    if len(options) == 1:
        return msg("“%(option)s”", option=options[0])
    return msg("其中一个：%(options)s", options=listed(options))


_SIMPLE: dict[type[kinds.Type], Message] = {
    kinds.StrType: msg("文字"),
    kinds.BoolType: TRUTH,
    kinds.DateType: msg("日期，例如 2026-05-01"),
    kinds.DateTimeType: msg(
        "时刻，要写时区，秒后最多 %(places)s 位，例如 2026-12-01T09:00:00+08:00",
        places=INSTANT_PLACES,
    ),
    kinds.DecimalType: msg(
        '数，例如 "87.50"，小数点前最多 %(before)s 位、后最多 %(after)s 位，不写指数',
        before=BEFORE_POINT,
        after=AFTER_POINT,
    ),
    kinds.VarTupleType: msg("列表"),
    kinds.StructType: msg("对象"),
    kinds.DictType: msg("对象"),
}
