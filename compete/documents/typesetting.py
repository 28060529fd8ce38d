"""From records to a PDF: check the characters, hand the data to Typst, keep the bytes stable."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import typst

from compete.documents.errors import GlyphProblem, GlyphsMissing, TypesettingFailed
from compete.documents.fonts import FontBook, load_fonts
from compete.documents.photos import portrait_svg
from compete.domain.values import Message, msg
from compete.resources import resource_dir

Translate = Callable[[str], str]
"""A `gettext` of the reader's language."""


# Typst keeps what it has set until it was not used in ten runs: 80 MB for 300
# certificates. Above this many bytes of data we have it forget at once.
_FORGET_ABOVE = 200_000
_RUNS_TO_FORGET = 11


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is printed about one person (or one sheet), and who it is when something is wrong.

    `data` holds only what JSON can: texts, numbers, lists, dicts.
    `photo` is a JPEG or PNG as it was handed in.
    """

    who: str
    data: Mapping[str, object]
    photo: bytes | None = field(default=None, repr=False)


def typeset(
    template: str,
    shared: Mapping[str, object],
    sheets: Sequence[Sheet],
    fonts: FontBook | None = None,
) -> bytes:
    """A PDF from `templates/documents/<template>.typ`, all sheets in one go.

    The template finds `shared` and `items` (the sheets' data, with `photo` an
    SVG or none) in `data.json`. Nothing is put into its source.
    Raises `GlyphsMissing`, `PhotoUnreadable` or `TypesettingFailed`.
    """
    book = fonts or load_fonts()
    _check_glyphs(book, shared, sheets)
    items = [
        {**sheet.data, "photo": portrait_svg(sheet.photo, sheet.who) if sheet.photo else None}
        for sheet in sheets
    ]
    data = {"shared": {**shared, "fonts": _font_words(book)}, "items": items}
    return _compile(template, json.dumps(data, ensure_ascii=False).encode(), book)


def _check_glyphs(book: FontBook, shared: Mapping[str, object], sheets: Sequence[Sheet]) -> None:
    everything: list[tuple[str | Message, Mapping[str, object]]] = [(msg("整份文件"), shared)]
    everything += [(sheet.who, sheet.data) for sheet in sheets]
    problems = [
        GlyphProblem(who, tuple(missing))
        for who, data in everything
        if (missing := book.missing(_texts(data)))
    ]
    if problems:
        raise GlyphsMissing(problems)


def _texts(value: object) -> Iterator[str]:
    """Every text inside a record, at any depth."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, Sequence):
        for inner in value:
            yield from _texts(inner)


def _font_words(book: FontBook) -> dict[str, object]:
    """Font families by role, and where a bold weight must be thickened by hand."""
    return {
        role: {"families": book.chain(role), "bold": book.has_bold(role)}
        for role in ("sans", "serif", "fangsong")
    }


def _compile(template: str, data: bytes, book: FontBook) -> bytes:
    folder = resource_dir("templates") / "documents"
    files = {path.name: path.read_bytes() for path in folder.glob("*.typ")}
    files["main.typ"] = files.pop(f"{template}.typ")
    files["data.json"] = data
    try:
        # The binding takes a dict of files; its own types do not say so yet.
        compiler = typst.Compiler(cast(Any, files), font_paths=book.typst_fonts)
        pdf = compiler.compile(format="pdf")
    except typst.TypstError as error:
        detail = error.message.removeprefix("assertion failed: ")
        raise TypesettingFailed(template, detail) from error
    finally:
        if len(data) > _FORGET_ABOVE:
            _forget(book)
    return cast(bytes, pdf)


def _forget(book: FontBook) -> None:
    """Run empty documents until what was kept of a large one is too old to keep."""
    for _ in range(_RUNS_TO_FORGET):
        typst.compile(b"#set document(date: none)", font_paths=book.typst_fonts)
