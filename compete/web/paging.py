"""Pages of a long list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import request, url_for

T = TypeVar("T")
LAST_PAGE = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Paging:
    """The paging part of a list."""

    number: int
    """The page that is shown, from 1."""
    pages: int
    total: int
    """Rows of the whole list."""
    previous_url: str | None
    next_url: str | None


def asked_page(key: str = "page") -> int:
    """The page that the address asks for; the first for anything that is no page."""
    return min(max(1, request.args.get(key, 1, type=int)), LAST_PAGE)


def asked_text() -> str:
    """The text that the address looks for in the list."""
    return request.args.get("q", "").strip()[:100]


def asked_number(name: str) -> int | None:
    """A row's number in the address; None for anything that no row can have."""
    number = request.args.get(name, type=int)
    return number if number is not None and 0 < number < 2**63 else None


def part_of(
    rows: Sequence[T],
    size: int,
    endpoint: str,
    *,
    opened: int | None = None,
    key: str = "page",
    **values: Any,
) -> tuple[Sequence[T], Paging]:
    """The rows of the page that the address asks for, and what the paging part wants.

    Without a page in the address it is that of the row `opened`. A page beyond the
    end is the last one. Where a page has two lists each has its `key` in the address.
    """
    number = asked_page(key)
    if opened is not None and key not in request.args:
        number = opened // size + 1
    number = min(number, max(1, -(-len(rows) // size)))
    page = describe_page(len(rows), number, size, endpoint, key=key, **values)
    return rows[(number - 1) * size : number * size], page


def describe_page(
    total: int, number: int, size: int, endpoint: str, /, *, key: str = "page", **values: Any
) -> Paging:
    """Build the paging part; addresses keep the filters."""
    pages = max(1, -(-total // size))
    kept = {name: value for name, value in values.items() if value not in ("", None)}

    def url(page: int) -> str | None:
        return url_for(endpoint, **(kept | {key: page})) if 1 <= page <= pages else None

    return Paging(
        number=number,
        pages=pages,
        total=total,
        previous_url=url(number - 1),
        next_url=url(number + 1),
    )
