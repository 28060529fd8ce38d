"""Parts of drafts of rules: texts read from a file, put back where they changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from compete.domain.values.numerals import number_in_text, plain


def put(tree: dict[str, Any], key: str, value: Any, *, needed: bool = False) -> None:
    """Put it there; what is empty is left out, unless the format wants to be told."""
    if value in ("", None, [], {}) and not needed:
        tree.pop(key, None)
    else:
        tree[key] = value


def whole(text: str) -> int | str:
    """The number that the text is; any other text as it is."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else text


def hundredth(text: str) -> str:
    """The text of per cent as a share; what is no number stays as it is."""
    number = number_in_text(text)
    return text if number is None else format(number / 100, "f")


def number_of(value: Any) -> str:
    """A decimal of a file in the fewest digits; empty for none."""
    return "" if value is None else plain(Decimal(value))


def text_of(value: Any) -> str:
    """A value of a file as it is written; empty for none."""
    return "" if value is None else str(value)


def coded(
    drafts: Sequence[Any],
    known: Mapping[str, Mapping[str, Any]],
    make: Any,
    letter: str,
    taken: set[str] | None = None,
) -> Iterable[dict[str, Any]]:
    """Make each draft a tree: under its own code, or the next of a letter that is not `taken`.

    Without `taken` it is those that are `known`.
    """
    taken = set(known) if taken is None else taken
    for draft, code in zip(drafts, codes_of(drafts, known, letter, taken), strict=True):
        yield make(draft, known.get(draft.was), code)


def codes_of(
    drafts: Sequence[Any], known: Mapping[str, Any], letter: str, taken: set[str]
) -> list[str]:
    """The code of each draft: its own, or the next of a letter that is not `taken` (added to)."""
    found = []
    for number, draft in enumerate(drafts, start=1):
        code = draft.was
        if code not in known:
            free = number
            while (code := f"{letter}{free}") in taken:
                free += 1
            taken.add(code)
        found.append(code)
    return found
