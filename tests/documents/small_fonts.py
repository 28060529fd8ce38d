"""Fonts of one glyph, made for a test in no time."""

from __future__ import annotations

from pathlib import Path

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen


def small_font(folder: Path, family: str, characters: str = "口", weight: int = 400) -> None:
    """A font of one square, for every character given."""
    pen = TTGlyphPen(None)
    pen.moveTo((100, 0))
    for corner in ((100, 800), (900, 800), (900, 0)):
        pen.lineTo(corner)
    pen.closePath()
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder([".notdef", "square"])
    builder.setupCharacterMap({ord(c): "square" for c in characters})
    builder.setupGlyf({".notdef": TTGlyphPen(None).glyph(), "square": pen.glyph()})
    builder.setupHorizontalMetrics({".notdef": (1000, 0), "square": (1000, 100)})
    builder.setupHorizontalHeader(ascent=880, descent=-120)
    style = "Bold" if weight > 500 else "Regular"
    names = {"familyName": family, "styleName": style, "psName": f"Square-{style}"}
    builder.setupNameTable(names)
    builder.setupOS2(usWeightClass=weight)
    builder.setupPost()
    builder.save(folder / f"{family}-{weight}.ttf")
