"""Lists and forms: one table under a title, whose head repeats and whose rows are never split."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from compete.documents.dates import printed_time
from compete.documents.fonts import FontBook
from compete.documents.qr import qr_ink
from compete.documents.typesetting import About, PrintedFile, Sheet, typeset
from compete.domain.values.hashwords import hash_phrase
from compete.domain.values.messages import Message, Translate, msg

Align = Literal["left", "right", "center"]
_LONGEST_NAME = 40


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
    """The words in the foot: which version of which data, printed when.

    `digest` is the raw hash of what was published; its four words are printed.
    `provisional` says that nothing is published yet, or that it was changed since.
    """

    printed_at: datetime
    version: int | None = None
    digest: bytes | None = None
    provisional: bool = False

    def words(self, translate: Translate | None) -> str:
        """The words of the stamp: 第 3 版　青松 江桥 白鹭 石榴　2022年9月16日 18:20 打印."""
        at = printed_time(self.printed_at, translate)
        parts = [msg("%(time)s 打印", time=at).render(translate)]
        if self.digest is not None:
            parts.insert(0, hash_phrase(self.digest))
        if self.version is not None:
            parts.insert(0, msg("第 %(version)s 版", version=self.version).render(translate))
        if self.provisional:
            parts.insert(0, msg("暂定").render(translate))
        return "　".join(parts)


@dataclass(frozen=True, slots=True)
class Section:
    """A further table under the first one, with a heading of its own.

    `intro` are lines between a list's heading and its table.
    """

    title: str
    columns: Sequence[Column]
    rows: Sequence[Row]
    intro: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class ListDocument:
    """A list to print.

    `heading` stands over the table where `more` sections follow it, with the lines `intro`.

    `qr_text` is what a QR code below the lines says; none where it is empty.

    `before` and `after` are lines around the table; `signatures` are labels of
    lines to sign on; `issuer` are the lines at the lower right. `ruled` draws a
    grid for writing in; `apart` begins a page for each section and has each signed.
    `cover` puts title and lines on a page of their own.
    """

    title: str
    columns: Sequence[Column]
    rows: Sequence[Row]
    stamp: Stamp
    subtitle: str = ""
    before: Sequence[str] = ()
    after: Sequence[str] = ()
    qr_text: str = ""
    signatures: Sequence[Message] = ()
    issuer: Sequence[str] = ()
    lying: bool = False
    lined: bool = False
    text_size: float = 14
    heading: str = ""
    intro: Sequence[str] = ()
    more: Sequence[Section] = ()
    cover: bool = False
    apart: bool = False
    pad: int = 0
    """Room over and under the words of a cell; 0: as usual."""


def render_list(
    document: ListDocument,
    *,
    fonts: FontBook | None = None,
    translate: Translate | None = None,
    author: str = "",
) -> PrintedFile:
    """Print the list as a PDF on A4, upright or lying.

    No row is ever left out: a character that no font has is set as 〓 and named
    on the last page and in `left_out`. Raises ValueError for a row that has not as
    many texts as there are columns.
    """
    first = Section(document.heading, document.columns, document.rows, document.intro)
    sections = [first, *document.more]
    shared = {
        "title": document.title,
        "subtitle": document.subtitle,
        "before": list(document.before),
        "after": list(document.after),
        "qr": qr_ink(document.qr_text) if document.qr_text else "",
        "signatures": [label.render(translate) for label in document.signatures],
        "issuer": list(document.issuer),
        "sections": [head_of(section, translate) for section in sections],
        "lying": document.lying,
        "lined": document.lined,
        "cover": document.cover,
        "apart": document.apart,
        "size": document.text_size,
        "pad": document.pad or (11 if document.lined else 7),
        "empty": msg("没有人在这张表上。").render(translate),
        "foot": document.stamp.words(translate),
        "page-words": page_words(translate),
    }
    sheets = [
        Sheet(
            who=row.who or _row_name(row) or document.title,
            data={"cells": list(row.cells), "section": place},
        )
        for place, section in enumerate(sections)
        for row in section.rows
    ]
    about = About(author, document.stamp.printed_at.date())
    return typeset("list", shared, sheets, fonts, about=about, translate=translate, whole=True)


def _row_name(row: Row) -> str:
    """A name for a row that is nobody's: the first two texts that stand in it."""
    texts = [cell.strip().split("\n", 1)[0] for cell in row.cells]
    return " ".join([text for text in texts if text][:2])[:_LONGEST_NAME]


def head_of(section: Section, translate: Translate | None) -> dict[str, object]:
    """Title and columns of a table as a template reads them.

    Raises ValueError for a row that has not as many texts as there are columns.
    """
    width = len(section.columns)
    for row in section.rows:
        if len(row.cells) != width:
            raise ValueError(f"a row of {len(row.cells)} texts for {width} columns: {row.who}")
    columns = [
        {"title": column.title.render(translate), "width": column.width, "align": column.align}
        for column in section.columns
    ]
    return {"title": section.title, "columns": columns, "told": list(section.intro)}


def page_words(translate: Translate | None) -> list[str]:
    """The words before and after `n / N` in a foot."""
    before, _, after = msg("第 %(pages)s 页", pages="\n").render(translate).partition("\n")
    return [before, after]
