"""Pages of a long list."""

from __future__ import annotations

from typing import Any

from flask import request, url_for

LAST_PAGE = 1_000_000


def asked_page() -> int:
    """The page that the address asks for; the first for anything that is no page."""
    return min(max(1, request.args.get("page", 1, type=int)), LAST_PAGE)


def describe_page(
    total: int, number: int, size: int, endpoint: str, **values: Any
) -> dict[str, Any]:
    """What the paging part wants; addresses keep the filters."""
    pages = max(1, -(-total // size))
    kept = {key: value for key, value in values.items() if value not in ("", None)}

    def url(page: int) -> str | None:
        return url_for(endpoint, page=page, **kept) if 1 <= page <= pages else None

    return {
        "number": number,
        "pages": pages,
        "total": total,
        "previous_url": url(number - 1),
        "next_url": url(number + 1),
    }
