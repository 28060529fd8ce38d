"""Single values out of the tree of a draw file, each held against what may stand there."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Any

from compete.domain.bundle.problems import Problems
from compete.domain.bundle.reader.shaping import member
from compete.domain.bundle.reader.tree import Members
from compete.domain.bundle.reader.words import TRUTH, clipped, mismatch
from compete.domain.values.canonical import SAFE
from compete.domain.values.messages import Message, listed, msg

_HEX = frozenset("0123456789abcdef")
_LINE_BREAKS = frozenset("\u2028\u2029")
"""Line breaks that are no control characters."""


class Keys:
    """The keys that an object may hold; those with a question mark may be left out."""

    __slots__ = ("all", "required")

    def __init__(self, text: str) -> None:
        words = text.split()
        self.all = tuple(word.rstrip("?") for word in words)
        self.required = tuple(word for word in words if not word.endswith("?"))


class Values:
    """A reader of values out of objects. It notes what is wrong or missing, and gives None."""

    def __init__(self, problems: Problems) -> None:
        self.problems = problems

    def object(self, value: Any, path: str, keys: Keys) -> Members | None:
        """Read an object with all the keys it needs and no others."""
        if not isinstance(value, Members):
            self.wrong(path, value, msg("对象"))
            return None
        for key in value.twice:
            self.problems.add(member(path, key), msg("“%(key)s”写了不止一次", key=clipped(key)))
        for key in value:
            if key not in keys.all:
                self.problems.add(
                    member(path, key),
                    msg(
                        "不认识“%(key)s”，这里可以写：%(keys)s",
                        key=clipped(key),
                        keys=listed(keys.all),
                    ),
                )
        for key in keys.required:
            if key not in value:
                self.problems.add(member(path, key), msg("少了“%(key)s”", key=key))
        return value

    def rows(
        self, owner: Members, key: str, path: str, least: int = 0
    ) -> Iterator[tuple[str, Any]]:
        """The members of a list, each with its place in the file."""
        if key not in owner:
            return
        value = owner[key]
        place = member(path, key)
        if not isinstance(value, list):
            self.wrong(place, value, msg("列表"))
            return
        if len(value) < least:
            sentence = msg(
                "这里有 %(there)s 项，至少要 %(least)s 项", there=len(value), least=least
            )
            self.problems.add(place, sentence)
        for number, item in enumerate(value):
            yield f"{place}[{number}]", item

    def text(self, owner: Members, key: str, path: str, *, plain: bool = False) -> Any:
        """Read a text in NFC; a plain one also has no control characters and line breaks."""
        if key not in owner:
            return None
        return self.text_at(owner[key], member(path, key), plain=plain)

    def text_at(self, value: Any, path: str, *, plain: bool = False) -> Any:
        """Read a text as `text` does, of a value by itself."""
        if not isinstance(value, str):
            return self.wrong(path, value, msg("文字"))
        why = text_fault(value, plain=plain)
        if why is not None:
            self.problems.add(path, why)
            return None
        return value

    def hex(self, owner: Members, key: str, path: str, digits: int) -> Any:
        """Read so many lower-case hexadecimal digits."""
        if key not in owner:
            return None
        value = owner[key]
        if isinstance(value, str) and len(value) == digits and _HEX.issuperset(value):
            return value
        return self.wrong(member(path, key), value, msg("%(n)s 位十六进制数字，字母小写", n=digits))

    def whole(self, owner: Members, key: str, path: str, least: int = -SAFE) -> Any:
        """Read a whole number that every reader of JSON keeps exactly."""
        if key not in owner:
            return None
        value = owner[key]
        if type(value) is int and least <= value <= SAFE:
            return value
        wanted = msg("从 %(least)s 到 %(most)s 的整数，只写数字", least=least, most=SAFE)
        return self.wrong(member(path, key), value, wanted)

    def truth(self, owner: Members, key: str, path: str) -> Any:
        """Read true or false."""
        if key not in owner or isinstance(owner[key], bool):
            return owner.get(key)
        return self.wrong(member(path, key), owner[key], TRUTH)

    def wrong(self, path: str, value: Any, wanted: Message) -> Any:
        """Note that a value is not what is wanted there; None."""
        self.problems.add(path, mismatch(value, wanted))
        return None


def text_fault(text: str, *, plain: bool = False) -> Message | None:
    """Say why a text may not stand in a draw file; a plain one is a name."""
    if not text:
        return msg("这里不能是空的")
    if not text.isascii():
        # Half of a surrogate pair can stand in a JSON escape, but in no UTF-8 file.
        if any("\ud800" <= sign <= "\udfff" for sign in text):
            return msg("这段文字里有残缺的字符")
        if not unicodedata.is_normalized("NFC", text):
            return msg("这段文字不是 NFC 形式")
    if plain and any(unicodedata.category(sign) == "Cc" or sign in _LINE_BREAKS for sign in text):
        return msg("这里不能有换行和控制字符")
    return None
