"""Reading of the files of a theory examination: what all of them have in common."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, TypeVar, get_args, get_type_hints

import msgspec
from msgspec import Meta

from compete.domain.bundle.checks.codes import used_twice
from compete.domain.bundle.problems import Problems
from compete.domain.bundle.reader.file_text import BYTE_ORDER_MARK, file_text
from compete.domain.bundle.reader.json_tree import json_tree
from compete.domain.bundle.reader.shaping import shape_file
from compete.domain.bundle.reader.tree import Members
from compete.domain.bundle.reader.unreadable import UNREADABLE
from compete.domain.bundle.reader.words import clipped, mismatch
from compete.domain.values.bounds import too_low
from compete.domain.values.canonical import SAFE, canonical_sha256
from compete.domain.values.messages import msg
from compete.domain.values.numerals import EXACTLY, plain
from compete.domain.values.record import Code as Code

T = TypeVar("T")

POINTS_PLACES = 2
"""The most decimals of points."""
SHA256 = re.compile("[0-9a-f]{64}")

Text = Annotated[str, Meta(min_length=1)]
Whole = Annotated[int, Meta(ge=0, le=SAFE)]
Positive = Annotated[int, Meta(ge=1, le=SAFE)]
Instant = datetime
"""A moment, at most three decimals of a second; its zone is only a way of writing it."""


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """An object of such a file: its attributes are the keys; every object may hold `extra`.

    `Any` stands where a key's type hangs on another key.
    """

    extra: Any = None


def tree_of(data: bytes, problems: Problems) -> Any:
    """The tree of plain values in the bytes of a file. Raises `BundleError` if it is no JSON."""
    return json_tree(_text_of(data, problems), problems, whole_only=True)


def shaped(cls: type[T], tree: Any, problems: Problems) -> T:
    """The file in the tree, `UNREADABLE` wherever something was wrong.

    `cls` has a `format` that is a literal. Raises `BundleError` for a file of another format.
    """
    (wanted,) = get_args(get_type_hints(cls)["format"])
    written = tree.get("format") if isinstance(tree, Members) else wanted
    if written is not None and written != wanted:
        problems.add("format", mismatch(written, msg("“%(option)s”", option=wanted)))
        problems.refuse()
    return shape_file(cls, tree, problems)


def file_sha256(data: bytes) -> str:
    """SHA-256, in hex, of the JSON in a file that `tree_of` has read without a problem."""
    return canonical_sha256(json.loads(_text_of(data, Problems())))


def _text_of(data: bytes, problems: Problems) -> str:
    return file_text(data.removeprefix(BYTE_ORDER_MARK), problems)


def note_twice(codes: Iterable[Any], path: str, problems: Problems, key: str = "") -> None:
    """Note codes that stand twice in the list at `path`: its items, or their values of `key`."""
    first: dict[str, int] = {}
    for number, code in enumerate(codes):
        if code is UNREADABLE:
            continue
        if code in first:
            place = f"{path}[{number}].{key}" if key else f"{path}[{number}]"
            problems.add(place, used_twice(clipped(code), f"{path}[{first[code]}]"))
        first.setdefault(code, number)


def note_number(
    number: Decimal | None,
    path: str,
    problems: Problems,
    *,
    least: int | None = None,
    above: int | None = None,
    most: Decimal | int | None = None,
    places: int | None = None,
) -> None:
    """Note a decimal out of its bounds or with more decimals than `places`. None is well."""
    if number is None or number is UNREADABLE:
        return
    if least is not None and (fault := too_low(number, least)) is not None:
        problems.add(path, fault)
    if above is not None and number <= above:
        problems.add(path, msg("这里要大于 %(least)s", least=above))
    if most is not None and number > most:
        problems.add(path, msg("这里不能大于 %(most)s", most=plain(most)))
    if places is not None and EXACTLY.scaleb(number, places) % 1:
        problems.add(path, msg("这里最多 %(n)s 位小数", n=places))
