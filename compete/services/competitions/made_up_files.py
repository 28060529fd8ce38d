"""Files that nobody sent, made up to have rules or values read as those of any file are."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Hashable, Mapping, Sequence
from typing import Any

from compete.domain.bundle.problems import BundleError
from compete.domain.bundle.reading import read_bundle
from compete.domain.bundle.types import Bundle
from compete.domain.bundle.versions import NEWEST
from compete.domain.values.messages import Message


class TriedRefusedError(Exception):
    """The faults that keep an example from being scored: of values by whose they are, in
    sentences, and how many others there are."""

    def __init__(
        self, values: Mapping[Any, Message], notes: Sequence[Message] = (), others: int = 0
    ) -> None:
        super().__init__()
        self.values, self.notes, self.others = values, notes, others


def read_made_up(
    kind: str, *, version: str = NEWEST, level: str = "enterprise", **parts: Any
) -> Bundle:
    """Read a competition without a name that has these parts of a file. Raises `BundleError`."""
    head = {"code": "X", "name": "X", "kind": kind, "level": level}
    text = {"format": version, "competition": head, **parts}
    return read_bundle(json.dumps(text, ensure_ascii=False).encode())


def read_tried(values: str, owners: Sequence[Hashable], kind: str, **parts: Any) -> Bundle:
    """The same with values to try, a row for each of the `owners` in the list that the file
    calls `values`. Raises `TriedRefusedError` with the first fault of each owner.
    """
    try:
        return read_made_up(kind, **parts)
    except BundleError as error:
        faults: dict[Hashable, Message] = {}
        others = 0
        for problem in error.problems:
            name, _bracket, rest = problem.path.partition("[")
            row = rest.partition("]")[0]
            if name != values or not row.isdecimal():
                others += 1
            else:
                faults.setdefault(owners[int(row)], problem.message)
        raise TriedRefusedError(faults, others=others) from None


def typed_text(text: str) -> str:
    """A typed value with the digits of any keyboard as plain ones, without blanks around."""
    return unicodedata.normalize("NFKC", text).strip()
