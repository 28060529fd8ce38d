"""Typesetting from records to a PDF: check characters, hand data to Typst, keep bytes stable.

One bad text never stops the others. Who can't be printed is left out, and the
last page of the file says who and why.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from threading import Thread
from typing import cast

from compete.documents.errors import (
    DocumentError,
    LeftOut,
    NothingPrinted,
    PhotoUnreadable,
    TypesettingFailed,
    glyphs_missing,
)
from compete.documents.fonts import FontBook, load_fonts
from compete.documents.portraits import portrait_svg
from compete.documents.press import PICTURE, Setting, SettingError, here, press
from compete.domain.values.messages import Message, Translate, msg
from compete.resources import resource_dir

GETA = "〓"
"""The sign that printers have always set where a character is lacking."""

# Zero-width spaces and joiners, marks of direction, soft hyphens, byte order marks.
_SILENT = dict.fromkeys(
    [
        *(0x00AD, 0x061C, 0x180E, 0xFEFF),
        *range(0x200B, 0x2010),
        *range(0x202A, 0x202F),
        *range(0x2060, 0x2070),
        *range(0xFFF9, 0xFFFC),
    ]
)


def one_line(text: str) -> str:
    """Put `text` on one line in composed form: breaks, tabs and other controls become one space.

    An ideographic space stays as wide as it is.
    """
    if text.isascii() and text.isprintable():
        return text
    return _composed(text)


# A run of score sheets says the same few hundred texts a hundred thousand times.
@lru_cache(maxsize=2000)
def _composed(text: str) -> str:
    plain = unicodedata.normalize("NFC", text.translate(_SILENT))
    if plain.isprintable():
        return plain
    room = "".join(" " if _is_control(character) else character for character in plain)
    return " ".join(part for part in room.split(" ") if part)


def tidied(value: object) -> object:
    """A record with all its texts, at any depth, on one line each.

    Names come out of other people's workbooks, with line breaks, tabs, zero-width
    spaces and marks of writing direction. On paper they are room or nothing.
    """
    if isinstance(value, str):
        return one_line(value)
    if isinstance(value, Mapping):
        return {key: tidied(inner) for key, inner in value.items()}
    if isinstance(value, Sequence):
        return [tidied(inner) for inner in value]
    return value


def texts_in(value: object) -> Iterator[str]:
    """Every text inside a record, at any depth."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from texts_in(inner)
    elif isinstance(value, Sequence):
        for inner in value:
            yield from texts_in(inner)


def replaced(value: object, missing: Sequence[str]) -> object:
    """A record with `GETA` in the place of each missing character."""
    if isinstance(value, str):
        for character in missing:
            value = value.replace(character, GETA)
        return value
    if isinstance(value, Mapping):
        return {key: replaced(inner, missing) for key, inner in value.items()}
    if isinstance(value, Sequence):
        return [replaced(inner, missing) for inner in value]
    return value


def _is_control(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Zl", "Zp")


ARCHIVAL = "a-2a"
"""PDF/A-2a: all fonts inside, every character has its code, tagged for screen readers."""

# Typst keeps what it has set until it was not used in ten runs: 80 MB for 300
# certificates. Above this many bytes of data we have it forget at once.
_FORGET_ABOVE = 200_000
_RUNS_TO_FORGET = 11
# So many runs are spent on looking for sheets that can't be set.
_TRIES = 60


@dataclass(frozen=True, slots=True)
class Sheet:
    """The data to print about one person (or one sheet), and who it is when something is wrong.

    `data` holds only what JSON can: texts, numbers, lists, dicts.
    `photo` is a JPEG or PNG as it was handed in.
    """

    who: str
    data: Mapping[str, object]
    photo: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class About:
    """A file's own data: who made it (the organiser) and on which day.

    The day is that of the content, so that the same content gives the same
    bytes. Without one the file is a plain PDF: PDF/A wants a date.
    """

    author: str = ""
    day: date | None = None


class PrintedFile(bytes):
    """A printed PDF's bytes. `left_out` names whom it lacks or shows with 〓, and why."""

    left_out: tuple[LeftOut, ...]

    def __new__(cls, content: bytes, left_out: Sequence[LeftOut] = ()) -> PrintedFile:
        made = super().__new__(cls, content)
        made.left_out = tuple(left_out)
        return made


def typeset(
    template: str,
    shared: Mapping[str, object],
    sheets: Sequence[Sheet],
    fonts: FontBook | None = None,
    *,
    about: About | None = None,
    translate: Translate | None = None,
    whole: bool = False,
) -> PrintedFile:
    """Set a PDF from `templates/documents/<template>.typ`, all sheets in one go.

    The template finds `shared` and `items` (the sheets' data, with `photo` an
    SVG or none) in `data.json`. Nothing is put into its source.

    A sheet with a character that no font has, or with a photo that can't be
    opened, is left out; with `whole`, where nobody may be left out (a ranking),
    the character is set as 〓. The file's last page says so.
    Raises `NothingPrinted` when none is left and `TypesettingFailed` when the
    document as a whole can't be set.
    """
    book = fonts or load_fonts()
    head = cast(dict[str, object], tidied(dict(shared)))
    head, left_out = _mark(book, head, msg("整份文件"))
    good: list[Sheet] = []
    for sheet in sheets:
        data = cast(dict[str, object], tidied(sheet.data))
        missing = book.missing(texts_in(data))
        if missing and not whole:
            left_out.append(LeftOut(sheet.who, glyphs_missing(missing)))
            continue
        data, marked = _mark(book, data, sheet.who)
        left_out += marked
        try:
            photo = portrait_svg(sheet.photo, sheet.who) if sheet.photo else None
        except PhotoUnreadable:
            left_out.append(LeftOut(sheet.who, msg("照片打不开，换一张 JPG 或 PNG 照片再印")))
            continue
        good.append(replace(sheet, data={**data, "photo": photo}, photo=None))
    run = _Run(template, head, book, about or About(), translate)
    if sheets and not good:
        raise NothingPrinted(left_out)
    try:
        pdf = run.set(good, left_out)
    except TypesettingFailed as error:
        if whole:
            raise
        good, failed = _parted(run, good, error)
        left_out += failed
        if not good:
            raise NothingPrinted(left_out) from error
        pdf = run.set(good, left_out)
    return PrintedFile(pdf, left_out)


def not_drawn(sheet: Sheet, fonts: FontBook | None = None) -> list[str]:
    """List what no font draws of a sheet, each once; if there is any, the sheet is left out."""
    data = cast(dict[str, object], tidied(sheet.data))
    return (fonts or load_fonts()).missing(texts_in(data))


def picture(
    template: str, shared: Mapping[str, object], sheet: Sheet, fonts: FontBook | None = None
) -> bytes:
    """Draw a PNG of the first page of one sheet, for a screen; it is none of the printed files.

    Raises `NothingPrinted` where a character is in no font, `TypesettingFailed` as `typeset` does.
    """
    book = fonts or load_fonts()
    data = cast(dict[str, object], tidied(sheet.data))
    missing = book.missing(texts_in(data))
    if missing:
        raise NothingPrinted([LeftOut(sheet.who, glyphs_missing(missing))])
    run = _Run(template, cast(dict[str, object], tidied(dict(shared))), book, About(), None)
    return run.set([replace(sheet, data={**data, "photo": None})], picture=True)


def _mark(
    book: FontBook, data: dict[str, object], who: str | Message
) -> tuple[dict[str, object], list[LeftOut]]:
    """A record with 〓 for what no font has, and the note that says so."""
    missing = book.missing(texts_in(data))
    if not missing:
        return data, []
    marked = cast(dict[str, object], replaced(data, missing))
    return marked, [LeftOut(who, glyphs_missing(missing), marked=True)]


@dataclass(frozen=True, slots=True)
class _Run:
    """The data that one setting needs beside the sheets."""

    template: str
    shared: Mapping[str, object]
    book: FontBook
    about: About
    translate: Translate | None

    def set(
        self, sheets: Iterable[Sheet], left_out: Sequence[LeftOut] = (), *, picture: bool = False
    ) -> bytes:
        """Set the PDF of these sheets, with a page of who is not among them; or the first's PNG."""
        day = self.about.day
        shared = {
            **self.shared,
            "fonts": _font_words(self.book),
            "author": self.about.author,
            "day": [day.year, day.month, day.day] if day else None,
            "left-out": self._slip(left_out),
        }
        data = {"shared": shared, "items": [sheet.data for sheet in sheets]}
        content = json.dumps(data, ensure_ascii=False).encode()
        standard = PICTURE if picture else ARCHIVAL if day else None
        return _compile(self.template, content, self.book, standard)

    def _slip(self, left_out: Sequence[LeftOut]) -> list[str]:
        """The lines of the last page, its title first; none while everything is printed."""
        if not left_out:
            return []
        lines = [msg("这次没印的，和印成〓的").render(self.translate)]
        for omission in left_out:
            kind = msg("印成〓") if omission.marked else msg("没印")
            words = msg("%(kind)s　%(what)s", kind=kind, what=omission.message).render(
                self.translate
            )
            lines.append(cast(str, replaced(words, self.book.missing([words]))))
        return lines


def _parted(
    run: _Run, sheets: Sequence[Sheet], error: DocumentError
) -> tuple[list[Sheet], list[LeftOut]]:
    """Part sheets that can be set from those that can't: by halving, in few runs."""
    bad: dict[int, LeftOut] = {}
    tries = 0

    def look(first: int, last: int) -> None:
        nonlocal tries
        tries += 1
        if tries > _TRIES:
            raise error
        try:
            run.set(sheets[first:last])
        except TypesettingFailed as refusal:
            if last - first == 1:
                why = msg("排不下，%(why)s", why=refusal.why)
                bad[first] = LeftOut(sheets[first].who, why)
                return
            middle = (first + last) // 2
            look(first, middle)
            look(middle, last)

    look(0, len(sheets))
    good = [sheet for place, sheet in enumerate(sheets) if place not in bad]
    return good, list(bad.values())


def _font_words(book: FontBook) -> dict[str, object]:
    """Font families by role, and where a bold weight must be thickened by hand."""
    return {
        role: {"families": book.chain(role), "bold": book.has_bold(role)}
        for role in ("sans", "serif", "fangsong")
    }


def _compile(template: str, data: bytes, book: FontBook, standard: str | None) -> bytes:
    folder = resource_dir("templates") / "documents"
    files = {path.name: path.read_bytes() for path in folder.glob("*.typ")}
    files["main.typ"] = files.pop(f"{template}.typ")
    files["data.json"] = data
    setter = press()
    try:
        return setter(Setting(files, book.typst_fonts, book.folders, standard))
    except SettingError as error:
        detail = str(error).removeprefix("panicked with: ").strip('"')
        raise TypesettingFailed(template, detail) from error
    finally:
        if setter is here and len(data) > _FORGET_ABOVE:
            # Half a second for a thousand sheets, for which nobody who prints has to wait.
            Thread(target=_forget, args=(book,), name="forget what was set").start()


def _forget(book: FontBook) -> None:
    """Run empty documents until what was kept of a large one is too old to keep."""
    import typst

    for _ in range(_RUNS_TO_FORGET):
        typst.compile(b"#set document(date: none)", font_paths=book.typst_fonts)
