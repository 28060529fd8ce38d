"""A list of the desk as a workbook: the rows that its page shows, with all its pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from typing import TypeVar

from flask import Response, current_app, has_request_context
from flask_babel import force_locale
from flask_babel import gettext as _

from compete.domain.values.messages import Message, msg
from compete.language import LANGUAGES
from compete.models import Competition
from compete.services.jobs.papers.kinds import Asked
from compete.services.kernel.chunks import in_chunks
from compete.services.kernel.refusal import invalid
from compete.sheets.workbook.tables import Table, Value, write_tables
from compete.web.downloads import send_workbook
from compete.web.kind_words import speaking_of
from compete.web.language import say

T = TypeVar("T")
AT_ONCE = 5000
"""Above so many rows a workbook is written row by row: what waits lies on the disk."""
MOST = 20_000
"""The most rows that a request writes: about five seconds and ten megabytes."""
_PORTION = 500


def send_list(
    competition: Competition | None,
    title: Message,
    columns: Sequence[str],
    rows: Sequence[Sequence[Value]],
    *others: Table,
) -> Response:
    """The rows as a workbook to be saved, in the reader's language; `others` are further sheets.

    Without a competition it is a list of the installation.
    """
    table = Table(name=title, title=title, columns=columns, rows=rows, frozen=1)
    content = write_tables([table, *others], _, row_by_row=len(rows) > AT_ONCE)
    whose = f"_{competition.name}" if competition is not None else ""
    return send_workbook(content, f"{say(title)}{whose}.xlsx")


def long_list(
    asked: Asked,
    title: Message,
    columns: Callable[[], Sequence[str]],
    numbers: Sequence[int],
    read: Callable[[Sequence[int]], Iterable[Sequence[Value]]],
) -> bytes:
    """The workbook of rows by their numbers, in the language asked for, for a request or a job.

    `columns` and `read`, which is asked for the rows of a part, say their words in it. What a
    page's rows know of addresses is made for a job as well, though nobody reads it there.
    """
    with in_words_of(asked):
        parts = range(0, len(numbers), _PORTION)
        rows = (row for start in parts for row in read(numbers[start : start + _PORTION]))
        table = Table(name=title, title=title, columns=columns(), rows=rows, frozen=1)
        return write_tables([table], _, row_by_row=len(numbers) > AT_ONCE)


@contextmanager
def in_words_of(asked: Asked) -> Iterator[None]:
    """Say what a job writes in the language asked for, and in the words of the competition's kind.

    A request that answers for itself says it so already.
    """
    with (
        nullcontext() if has_request_context() else current_app.test_request_context(),
        force_locale(LANGUAGES[asked.language].locale),
        speaking_of(asked.competition),
    ):
        yield


def parts_of(count: int) -> list[tuple[int, int]]:
    """The first and the last row of each workbook that a list takes which nothing filters."""
    return [(first, min(first + MOST - 1, count)) for first in range(1, max(count, 1) + 1, MOST)]


def in_portions(count: int, read: Callable[[int, int], Iterable[T]]) -> list[T]:
    """Return all rows of a long list: `read` is asked for a page's rows, by number and size.

    Raises `Refused` (INVALID) for more than a request can write.
    """
    _require_few(count)
    pages = -(-count // _PORTION)
    return [row for page in range(1, pages + 1) for row in read(page, _PORTION)]


def all_of(numbers: Sequence[int], read: Callable[[Sequence[int]], Iterable[T]]) -> list[T]:
    """Return all rows of a long list with known numbers: `read` gives those of a part.

    Raises `Refused` (INVALID) for more than a request can write.
    """
    _require_few(len(numbers))
    return [row for part in in_chunks(numbers, _PORTION) for row in read(part)]


def _require_few(count: int) -> None:
    if count > MOST:
        raise invalid(
            msg(
                "一次最多导出 %(most)s 行，这里有 %(n)s 行。先在页面上筛出一部分，分几次导",
                most=MOST,
                n=count,
            )
        )


def sentences(parts: Iterable[str]) -> str:
    """Join the lines of a page into the text of one cell."""
    return _("；").join(part for part in parts if part)
