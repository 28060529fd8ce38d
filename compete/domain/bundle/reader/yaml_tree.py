"""YAML text as a tree of plain values.

Of YAML's many ways to write a thing, those of JSON are read, and block style:
texts, whole numbers, decimals, true, false, null, lists and objects. So `no`,
`on` and `12:30` stay the texts that people mean, and `2026-05-01` too.
"""

import json
import re
from decimal import Decimal
from typing import Any, NoReturn

import yaml

from compete.domain.bundle.problems import Problems
from compete.domain.bundle.reader.tree import (
    DEEPEST_FILE,
    Members,
    Padded,
    decimal_number,
    whole_number,
)
from compete.domain.values.messages import Message, msg

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_WORDS = {"null": None, "~": None, "": None, "true": True, "false": False}
_WHOLE = re.compile(r"[-+]?[0-9]+")
_DECIMAL = re.compile(r"[-+]?(?:[0-9]*\.[0-9]+(?:[eE][-+]?[0-9]+)?|[0-9]+[eE][-+]?[0-9]+)")
_PADDED = re.compile(r"[-+]?0[0-9]")
_ENDLESS = {
    ".inf": json.loads("Infinity"),
    "+.inf": json.loads("Infinity"),
    "-.inf": json.loads("-Infinity"),
    ".nan": json.loads("NaN"),
}
_TEXT_TAG = "tag:yaml.org,2002:str"
_KNOWN_TAGS = {None, "!", _TEXT_TAG, "tag:yaml.org,2002:seq", "tag:yaml.org,2002:map"}
_MOST_REPEATED = 100_000
"""The most values that anchors may add to those that are written out."""


class _StopError(Exception):
    """Error: the file can't be used; the problem has been noted."""


def yaml_tree(text: str, problems: Problems) -> Any:
    """The tree. Raises `BundleError` where the text is no YAML we can take."""
    try:
        return _Composer(problems).compose(text)
    except yaml.MarkedYAMLError as error:
        _note(problems, error.problem_mark)
    except yaml.YAMLError:
        _note(problems, None)
    except _StopError:
        pass
    problems.refuse()


def _note(problems: Problems, mark: Any) -> None:
    if mark is None:
        problems.add("", msg("不合 YAML 的写法"))
    else:
        problems.add(
            "",
            msg(
                "第 %(line)s 行第 %(column)s 列不合 YAML 的写法",
                line=mark.line + 1,
                column=mark.column + 1,
            ),
        )


class _Open:
    """An open list or object, whose end has not come yet."""

    __slots__ = ("anchor", "is_object", "size", "values")

    def __init__(self, is_object: bool, anchor: str | None) -> None:
        self.is_object = is_object
        self.anchor = anchor
        self.values: list[Any] = []
        self.size = 1

    def closed(self) -> Any:
        if not self.is_object:
            return self.values
        keys, values = self.values[::2], self.values[1::2]
        return Members(list(zip(keys, values, strict=True)))

    def takes_key(self) -> bool:
        return self.is_object and len(self.values) % 2 == 0


class _Composer:
    """Builds the tree from the parser's events, with a stack of its own.

    The parser's own composer calls itself for every level, and lets a few
    anchors of anchors stand for billions of values.
    """

    def __init__(self, problems: Problems) -> None:
        self.problems = problems
        self.stack: list[_Open] = []
        self.anchors: dict[str, tuple[Any, int]] = {}
        self.repeated = 0
        self.root: list[Any] = []

    def compose(self, text: str) -> Any:
        for event in yaml.parse(text, Loader=_Loader):
            self.take(event)
        if not self.root:
            self.stop(None, msg("文件是空的"))
        return self.root[0]

    def stop(self, event: Any, message: Message) -> NoReturn:
        """Give up: what follows can't be understood without this."""
        if event is not None:
            line = event.start_mark.line + 1
            message = msg("第 %(line)s 行：%(message)s", line=line, message=message)
        self.problems.add("", message)
        raise _StopError

    def take(self, event: Any) -> None:
        match event:
            case yaml.ScalarEvent():
                self.put(event, self.scalar(event), 1)
            case yaml.AliasEvent():
                value, size = self.named(event)
                self.put(event, value, size)
            case yaml.SequenceStartEvent() | yaml.MappingStartEvent():
                self.open(event)
            case yaml.SequenceEndEvent() | yaml.MappingEndEvent():
                self.close(event)
            case yaml.DocumentStartEvent() if self.root:
                self.stop(event, msg("文件里只能有一份 YAML"))

    def put(self, event: Any, value: Any, size: int) -> None:
        """Add a finished value to what is open around it."""
        if anchor := getattr(event, "anchor", None):
            self.anchors[anchor] = value, size
        if not self.stack:
            self.root.append(value)
            return
        around = self.stack[-1]
        if around.takes_key() and not isinstance(value, str):
            self.stop(event, msg("键要写成文字"))
        around.values.append(value)
        around.size += size

    def named(self, event: Any) -> tuple[Any, int]:
        if event.anchor not in self.anchors:
            self.stop(event, msg("没有“%(name)s”这个锚", name=event.anchor))
        value, size = self.anchors[event.anchor]
        self.repeated += size
        if self.repeated > _MOST_REPEATED:
            self.stop(event, msg("锚引用得太多"))
        return value, size

    def open(self, event: Any) -> None:
        if len(self.stack) >= DEEPEST_FILE:
            self.stop(event, msg("这里套得太深，最多 %(most)s 层", most=DEEPEST_FILE))
        if self.stack and self.stack[-1].takes_key():
            self.stop(event, msg("键要写成文字"))
        if event.tag not in _KNOWN_TAGS:
            self.stop(event, msg("不认识标签 %(tag)s", tag=event.tag))
        self.stack.append(_Open(isinstance(event, yaml.MappingStartEvent), event.anchor))

    def close(self, event: Any) -> None:
        done = self.stack.pop()
        event.anchor = done.anchor
        self.put(event, done.closed(), done.size)

    def scalar(self, event: Any) -> Any:
        if event.tag not in _KNOWN_TAGS:
            self.stop(event, msg("不认识标签 %(tag)s", tag=event.tag))
        is_key = bool(self.stack) and self.stack[-1].takes_key()
        if is_key or not event.implicit[0] or event.tag == _TEXT_TAG:
            return event.value
        return plain_value(event.value)


def plain_value(text: str) -> Any:
    """The value that an unquoted word stands for."""
    lower = text.lower()
    if lower in _WORDS:
        return _WORDS[lower]
    if _PADDED.match(text) and (_WHOLE.fullmatch(text) or _DECIMAL.fullmatch(text)):
        return Padded(text)
    if _WHOLE.fullmatch(text):
        return whole_number(text)
    if _DECIMAL.fullmatch(text):
        return _float(text)
    return _ENDLESS.get(lower, text)


def _float(text: str) -> Any:
    """The number as it would be in JSON, which wants digits on both sides of the point."""
    digits, _, power = text.lower().partition("e")
    plain = f"{Decimal(digits):f}"
    return decimal_number(f"{plain}E{power}" if power else plain)
