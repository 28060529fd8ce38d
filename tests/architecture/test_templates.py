"""Pages say nothing past the catalogue, and hold nothing that the content policy would refuse."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from jinja2 import Environment

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted((ROOT / "templates").rglob("*.html"))

# The mark beside the product's name is a drawing, the same in every language.
MARK = "竞"
CHINESE = re.compile(r"[\u3400-\u9fff]+")
REFUSED = {
    "an inline style": re.compile(r"<style\b|\sstyle\s*=", re.IGNORECASE),
    "an inline handler": re.compile(r"\son[a-z]+\s*=\s*[\"']", re.IGNORECASE),
    "an inline script": re.compile(
        r"<script\b(?![^>]*\bsrc\s*=)(?![^>]*type=\"application/json\")", re.IGNORECASE
    ),
    "an address elsewhere": re.compile(r"(?:src|href|action)\s*=\s*[\"'](?:https?:)?//"),
}


def markup(source: str) -> str:
    """The page without Jinja's statements and expressions; line breaks stay where they were."""
    parts = [
        value if kind == "data" else "\n" * value.count("\n")
        for _line, kind, value in Environment().lex(source)
    ]
    return re.sub(r"<!--.*?-->", "", "".join(parts), flags=re.DOTALL)


def faults(source: str) -> list[str]:
    """What in a template is not translated, or would be refused by the browser."""
    text = markup(source)
    untranslated = [f"not in the catalogue: {hit.group()}" for hit in CHINESE.finditer(text)]
    untranslated = [fault for fault in untranslated if not fault.endswith(f": {MARK}")]
    for what, pattern in REFUSED.items():
        untranslated += [f"{what}: {hit.group().strip()}" for hit in pattern.finditer(text)]
    return untranslated


def test_pages_are_translated_and_fit_the_content_policy() -> None:
    faults_of_pages = {str(path): faults(path.read_text(encoding="utf-8")) for path in PAGES}
    assert {path: page_faults for path, page_faults in faults_of_pages.items() if page_faults} == {}


@pytest.mark.parametrize(
    "source",
    [
        "<p>写入</p>",
        '<button title="写入"></button>',
        '<p style="color: red">{{ _("写入") }}</p>',
        "<style>p { color: red }</style>",
        '<a onclick="go()">x</a>',
        "<script>go()</script>",
        '<img src="https://elsewhere.example/a.png" alt="">',
        '<script src="//elsewhere.example/a.js"></script>',
    ],
)
def test_what_does_not_fit_is_found(source: str) -> None:
    assert len(faults(source)) == 1


@pytest.mark.parametrize(
    "source",
    [
        '<p>{{ _("写入") }}{# 说明 #}</p><!-- 说明 -->',
        '{% set title = _("写入") %}',
        "<script type=\"module\" src=\"{{ url_for('static', filename='a.js') }}\"></script>",
        '<script type="application/json" id="sheet">{{ sheet }}</script>',
        '<a href="{{ address }}">x</a>',
    ],
)
def test_what_fits_passes(source: str) -> None:
    assert faults(source) == []


CRUMBS = re.compile(r'<p class="above-title">.*?</p>', re.DOTALL)
# Pages of the whole installation, which stand above every competition.
ABOVE_COMPETITIONS = (
    "_rows_upload",
    "competitions/new/",
    "directory/",
)


def test_crumbs_are_parted_by_a_dot() -> None:
    outdated_crumbs = [
        f"{path.relative_to(ROOT)}: {crumbs}"
        for path in PAGES
        for crumbs in CRUMBS.findall(path.read_text(encoding="utf-8"))
        if "›" in crumbs
    ]
    assert outdated_crumbs == []


def test_crumbs_of_a_competitions_page_begin_with_the_competition() -> None:
    desk = ROOT / "templates" / "organiser"
    lost = [
        str(path.relative_to(desk))
        for path in sorted(desk.rglob("*.html"))
        if not str(path.relative_to(desk)).startswith(ABOVE_COMPETITIONS)
        for crumbs in CRUMBS.findall(path.read_text(encoding="utf-8"))
        if "competition.name" not in crumbs
    ]
    assert lost == []
