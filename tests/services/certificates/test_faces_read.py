"""Which faces of a register a font may lack something of, many looked at in one go."""

from __future__ import annotations

import json

from compete.documents.fonts import load_fonts
from compete.services.certificates.register import doubtful

_NOT_DRAWN = "\U00031fff"


def test_only_those_with_a_character_that_no_font_draws() -> None:
    names = ["许晓东", 'A"B', "C\\", _NOT_DRAWN, f'"{_NOT_DRAWN}"', "𠮷野", ""]
    for ascii_only in (True, False):
        faces = [
            (row, json.dumps({"name": name, "more": {"of": [name]}}, ensure_ascii=ascii_only))
            for row, name in enumerate(names)
        ]
        doubtful_rows = doubtful(faces, load_fonts())
        assert [names[row] for row in doubtful_rows] == [_NOT_DRAWN, f'"{_NOT_DRAWN}"']
        assert doubtful(faces[:1], load_fonts()) == []
        # Without a quote among them all are looked at together first.
        assert doubtful([faces[0], faces[3]], load_fonts()) == [3]


def test_what_many_faces_say_alike_is_looked_at_once() -> None:
    face = json.dumps({"name": "许晓东", "unit": "港口集团"})
    asked: list[str] = []

    class Fonts:
        def missing(self, texts: object) -> list[str]:
            asked.extend(texts)  # type: ignore[arg-type]
            return []

    assert doubtful([(row, face) for row in range(1000)], Fonts()) == []  # type: ignore[arg-type]
    assert asked.count("许晓东") == 1
