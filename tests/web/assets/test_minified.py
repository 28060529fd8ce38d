"""What the build has made smaller is served; what has changed since is served as written."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from compete.web.assets import minified as rooms
from compete.web.assets.faces import FACES, face_text
from compete.web.assets.minified import maker, minified
from compete.web.assets.packs import needs, pack, read_files
from compete.web.assets.scripts import read_scripts
from tests.bench.rescoring import MOST_SCRIPT, script_size

ROOT = Path(__file__).resolve().parents[3]
JS, CSS = ROOT / "static/js", ROOT / "static/css"
NAMED = re.compile(r"script_url\(['\"]([^'\"]+)['\"]")


def test_every_page_gets_its_script_smaller() -> None:
    assert maker().startswith(b"minify-html ")
    files = read_files(JS)
    pages = {"sw.js"}
    for template in (ROOT / "templates").rglob("*.html"):
        pages.update(NAMED.findall(template.read_text(encoding="utf-8")))
    assert len(pages) > 12
    for page in sorted(pages):
        whole = pack(files, page).encode()
        assert len(minified(whole, ".js")) < len(whole), page
        assert read_scripts(JS).pack(page) == minified(whole, ".js")


def test_the_second_scorer_brings_nothing_for_a_page_along() -> None:
    assert script_size() <= MOST_SCRIPT
    brought = needs(read_files(JS), "scoring/worker.js")
    assert not {"shared/dom.js", "shared/words.js"} & set(brought)


@pytest.mark.parametrize("face", FACES)
def test_every_face_gets_its_styles_smaller(face: str) -> None:
    whole = face_text(face, CSS).encode()
    assert len(minified(whole, ".css")) < len(whole)


def test_what_the_build_has_not_met_is_served_as_written() -> None:
    whole = pack(read_files(JS), "judge/home.js").encode()
    assert minified(whole + b" ", ".js") == whole + b" "


def test_the_address_says_by_what_it_was_made(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    before = read_scripts(JS).digest
    monkeypatch.setattr(rooms, "_FOLDER", tmp_path)
    assert maker() == b""
    assert read_scripts(JS).digest != before
