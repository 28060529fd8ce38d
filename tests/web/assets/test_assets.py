"""One stylesheet for each face, small enough for a slow tablet."""

from __future__ import annotations

import gzip
import re

import pytest

from compete.resources import resource_dir
from compete.web.assets.faces import FACES, squeeze
from compete.web.assets.stylesheets import build

CSS = resource_dir("static") / "css"


def test_squeezing_keeps_the_rules_and_drops_comments() -> None:
    css = '/* why */\n.a > .b,\n.c {\n  margin: 0 4px;\n  content: "· ";\n}\n'
    assert squeeze(css) == '.a > .b,.c{margin: 0 4px;content: "· "}'


@pytest.mark.parametrize("face", FACES)
def test_a_face_is_under_16_kb_on_the_wire(face: str) -> None:
    assert len(gzip.compress(build(face, CSS).body)) < 16 * 1024


@pytest.mark.parametrize("face", FACES)
def test_a_face_uses_no_name_that_it_does_not_define(face: str) -> None:
    # What is laid beside the desk's stylesheet has its names from there.
    beside = (
        *(
            "analysis",
            "arbiters",
            "awards",
            "bank",
            "series",
            "blocks",
            "ceremony",
            "columns",
            "drawers",
            "entry",
            "figures",
            "floor",
            "matrix",
            "rules",
        ),
        *("plan", "record", "seating", "seats", "set_up", "small", "telling", "waiting"),
    )
    faces = [face, "desk"] if face in beside else [face]
    css = "".join(build(name, CSS).body.decode() for name in faces)
    defined = set(re.findall(r"(--[\w-]+):", css))
    assert set(re.findall(r"var\((--[\w-]+)", css)) <= defined


def test_the_digest_changes_with_the_content(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("css")
    for part in FACES["hall"]:
        (folder / f"{part}.css").write_text(f".{part} {{ top: 0 }}")
    before = build("hall", folder).digest
    (folder / "hall.css").write_text(".hall { top: 1px }")
    assert build("hall", folder).digest != before


def test_every_part_belongs_to_a_face() -> None:
    used = {part for parts in FACES.values() for part in parts}
    assert {path.stem for path in CSS.glob("*.css")} == used


def test_dark_redefines_only_names_that_light_has() -> None:
    text = (CSS / "tokens.css").read_text(encoding="utf-8")
    light, dark = text.split('[data-theme="dark"]')
    assert set(re.findall(r"(--[\w-]+):", dark)) <= set(re.findall(r"(--[\w-]+):", light))


@pytest.mark.parametrize(
    "part",
    # The colours' own place, and black on paper.
    sorted({path.stem for path in CSS.glob("*.css")} - {"tokens", "print"}),
)
def test_colours_are_written_in_the_tokens_alone(part: str) -> None:
    text = (CSS / f"{part}.css").read_text(encoding="utf-8")
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b", text) == []
