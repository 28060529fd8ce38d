"""Lists and forms: one table under a title, whose head repeats and whose rows are never split."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from compete.documents.dates import chinese_time
from compete.documents.fonts import FontBook
from compete.documents.typesetting import Sheet, Translate, typeset
from compete.domain.values import Message, hash_phrase, msg

Align = Literal["left", "right", "center"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its head, its share of the width (0: as wide as its words), its side."""

    title: Message
    width: float = 0
    align: Align = "left"


@dataclass(frozen=True, slots=True)
class Row:
    """One row: a text for each column, and whose row it is when something is wrong."""

    cells: tuple[str, ...]
    who: str = ""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What the foot says: which version of which data, printed when.

    `digest` is the raw hash of what was published; its four words are printed.
    """

    printed_at: datetime
    version: int | None = None
    digest: bytes | None = None

    def words(self, translate: Translate | None) -> str:
        """第 3 版　青松 江桥 白鹭 石榴　2022年9月16日 18:20 打印."""
        parts = [msg("%(time)s 打印", time=chinese_time(self.printed_at)).render(translate)]
        if self.digest is not None:
            parts.insert(0, hash_phrase(self.digest))
        if self.version is not None:
            parts.insert(0, msg("第 %(version)s 版", version=self.version).render(translate))
        return "　".join(parts)


@dataclass(frozen=True, slots=True)
class ListDocument:
    """A list to print.

    `before` and `after` are lines around the table; `signatures` are labels of
    lines to sign on; `issuer` are the lines at the lower right. `ruled` draws a
    grid for writing in, with rows `row_height` millimetres high at least.
    """

    title: str
    columns: Sequence[Column]
    rows: Sequence[Row]
    stamp: Stamp
    subtitle: str = ""
    before: Sequence[str] = ()
    after: Sequence[str] = ()
    signatures: Sequence[Message] = ()
    issuer: Sequence[str] = ()
    lying: bool = False
    ruled: bool = False
    text_size: float = 14


def render_list(
    document: ListDocument,
    *,
    fonts: FontBook | None = None,
    translate: Translate | None = None,
) -> bytes:
    """The list as a PDF on A4, upright or lying.

    Raises `GlyphsMissing` naming whose row it is, and ValueError for a row that
    has not as many texts as there are columns.
    """
    width = len(document.columns)
    for row in document.rows:
        if len(row.cells) != width:
            raise ValueError(f"a row of {len(row.cells)} texts for {width} columns: {row.who}")
    shared = {
        "title": document.title,
        "subtitle": document.subtitle,
        "before": list(document.before),
        "after": list(document.after),
        "signatures": [label.render(translate) for label in document.signatures],
        "issuer": list(document.issuer),
        "columns": [
            {"title": c.title.render(translate), "width": c.width, "align": c.align}
            for c in document.columns
        ],
        "lying": document.lying,
        "ruled": document.ruled,
        "size": document.text_size,
        "pad": 11 if document.ruled else 7,
        "empty": msg("没有人在这张表上。").render(translate),
        "foot": document.stamp.words(translate),
        "page-words": page_words(translate),
    }
    sheets = [
        Sheet(who=row.who or document.title, data={"cells": list(row.cells)})
        for row in document.rows
    ]
    return typeset("list", shared, sheets, fonts)


def page_words(translate: Translate | None) -> list[str]:
    """What stands before and after `n / N` in a foot."""
    before, _, after = msg("第 %(pages)s 页", pages="\n").render(translate).partition("\n")
    return [before, after]
