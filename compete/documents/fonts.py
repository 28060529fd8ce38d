"""Fonts: which are there, in which order they are tried, and what they cannot draw.

Noto Sans SC and Noto Serif SC come with the installation (package
`pylopdf-fonts-zh-cn`, SIL Open Font License); what they lack is drawn by their
sisters TC and JP, which know some 2,000 characters more of names and places.
A font folder may add to them: fonts for characters that even these lack, a bold
weight, or a 仿宋, which the regulation on grade certificates asks for and no
package on PyPI may lawfully carry; until there is one, Noto Serif SC stands in
its place.

Typst draws a box for a character that no font has and says nothing. So the
fonts' own character maps are asked first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pylopdf_fonts_jp
import pylopdf_fonts_zh_cn
import pylopdf_fonts_zh_tw

if TYPE_CHECKING:
    import typst

Role = Literal["sans", "serif", "fangsong"]

SANS = "Noto Sans SC"
SERIF = "Noto Serif SC"
_SISTERS = {"sans": ("Noto Sans TC", "Noto Sans JP"), "serif": ("Noto Serif TC", "Noto Serif JP")}
_SHIPPED = frozenset((SANS, SERIF, *_SISTERS["sans"], *_SISTERS["serif"]))
FONT_SUFFIXES = frozenset({".ttf", ".otf", ".ttc", ".otc"})
_BOLD = 600
# Breaks and spaces that a line setter takes as room, never as a glyph.
_ROOM = frozenset("\n\r\t")


@dataclass(frozen=True, slots=True)
class FontBook:
    """The fonts of one installation.

    `typst_fonts` is what the line setter may use and nothing else: system
    fonts are left out, so that a document looks the same on every machine.
    `characters` are the code points that some font draws; `variations` the
    pairs of character and variation selector; `folders` is where the fonts lie, for a
    line setter in another process.
    """

    typst_fonts: typst.Fonts
    families: tuple[str, ...]
    bold_families: frozenset[str]
    characters: frozenset[str]
    variations: frozenset[str]
    folders: tuple[Path, ...] = ()

    def chain(self, role: Role) -> list[str]:
        """Family names in the order to try for a role."""
        own = [SANS, SERIF] if role == "sans" else [SERIF, SANS]
        own += _SISTERS["sans" if role == "sans" else "serif"]
        added = [name for name in self.families if name not in _SHIPPED]
        wanted = [name for name in added if role == "fangsong" and _is_fangsong(name)]
        return [*wanted, *own, *(name for name in added if name not in wanted)]

    def has_bold(self, role: Role) -> bool:
        """True if the first family of a role has a real bold weight."""
        return self.chain(role)[0] in self.bold_families

    def missing(self, texts: Iterable[str]) -> list[str]:
        """List characters that no font draws, each once, in order, with any variation selector."""
        characters: dict[str, None] = {}
        for text in texts:
            if not self.characters.issuperset(text):
                characters.update(dict.fromkeys(self._missing_in(text)))
        return list(characters)

    def _missing_in(self, text: str) -> Iterable[str]:
        for index, character in enumerate(text):
            if _is_variation_selector(character):
                pair = text[max(index - 1, 0) : index + 1]
                if pair not in self.variations:
                    yield pair
            elif character not in self.characters:
                yield character


def load_fonts(folder: Path | None = None) -> FontBook:
    """Load the shipped fonts and those in `folder`, if given.

    A folder that does not exist counts as empty. Reading the character maps
    takes a moment, so the book is kept until a file in the folder changes.
    """
    if folder is None or not folder.is_dir():
        return _load(None, ())
    files = font_files(folder)
    stamps = tuple((str(p), p.stat().st_mtime_ns, p.stat().st_size) for p in files)
    return _load(folder, stamps)


def font_files(folder: Path) -> list[Path]:
    """List possible font files in a folder and those below it, in order of name."""
    return sorted(p for p in folder.rglob("*") if p.suffix.lower() in FONT_SUFFIXES)


def missing_glyphs(text: str, folder: Path | None = None) -> list[str]:
    """The characters of `text` that cannot be printed; empty when all can."""
    return load_fonts(folder).missing([text])


def _is_variation_selector(character: str) -> bool:
    """True for a sign that chooses a form of the character before: U+FE00–FE0F, U+E0100–E01EF."""
    return "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"


def fonts_in(folders: Sequence[Path]) -> typst.Fonts:
    """The fonts of these folders and no others, for the line setter."""
    import typst

    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[*folders]
    )


@lru_cache(maxsize=4)
def _load(folder: Path | None, _stamps: tuple[tuple[str, int, int], ...]) -> FontBook:
    packages = (pylopdf_fonts_zh_cn, pylopdf_fonts_zh_tw, pylopdf_fonts_jp)
    folders: list[Path] = [package.sans_path().parent for package in packages]
    if folder is not None:
        folders.append(folder)
    fonts = fonts_in(folders)
    faces = fonts.fonts()
    maps = [_character_map(face.path, face.index) for face in faces if face.path]
    return FontBook(
        typst_fonts=fonts,
        families=tuple(dict.fromkeys(face.family for face in faces)),
        bold_families=frozenset(face.family for face in faces if face.weight >= _BOLD),
        characters=frozenset(chain(_ROOM, *(characters for characters, _pairs in maps))),
        variations=frozenset(chain.from_iterable(pairs for _characters, pairs in maps)),
        folders=tuple(folders),
    )


def _character_map(path: str, index: int) -> tuple[set[str], set[str]]:
    """The characters of one face, and its pairs of character and variation selector."""
    from fontTools.ttLib import TTFont

    with TTFont(path, fontNumber=index, lazy=True) as font:
        characters = {chr(code) for code in font.getBestCmap()}
        pairs = {
            chr(base) + chr(selector)
            for table in font["cmap"].tables
            if table.format == 14
            for selector, bases in table.uvsDict.items()
            for base, _glyph in bases
        }
    return characters, pairs


def _is_fangsong(family: str) -> bool:
    plain = family.lower().replace(" ", "")
    return "fangsong" in plain or "仿宋" in plain
