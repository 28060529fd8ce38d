"""Pages say nothing past the catalogue, and hold nothing that the content policy would refuse."""

from __future__ import annotations

import re
from functools import cache
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


PARAGRAPH = re.compile(r"<p\b[^>]*>((?:(?!</?p[ >]).)*)</p>", re.DOTALL)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_no_form_stands_in_a_paragraph(page: Path) -> None:
    """A browser ends the paragraph before a form, and what lays it out does not reach it."""
    inside = PARAGRAPH.findall(page.read_text(encoding="utf-8"))
    assert not [text for text in inside if "<form" in text or "post_button(" in text]


HEAD = re.compile(r"\s*\{#(.*?)#\}", re.DOTALL)
CLASS_NAME = re.compile(r"\b[A-Z][a-z]+(?:[A-Z][a-z]+)+\b")
FILE_NAME = re.compile(r"\bcompete/[\w/]+\.py\b")
MODULE_CLASS = re.compile(r"\b([a-z_]+)\.([A-Z]\w+)\b")


def gone_from(head: str) -> list[str]:
    """What a comment at the head of a template names that is in the program no more."""
    modules, names = _program()
    gone = [name for name in CLASS_NAME.findall(head) if name not in names]
    gone += [file for file in FILE_NAME.findall(head) if not (ROOT / file).exists()]
    return gone + [
        f"{module}.{name}"
        for module, name in MODULE_CLASS.findall(head)
        if module not in modules or name not in names
    ]


@cache
def _program() -> tuple[frozenset[str], frozenset[str]]:
    """The names of its files, and of the classes and values that stand in them."""
    files = list((ROOT / "compete").rglob("*.py"))
    stated = re.compile(r"^\s*class (\w+)|^(\w+)(?:: [^=]+)? = ", re.MULTILINE)
    names = {a or b for file in files for a, b in stated.findall(file.read_text(encoding="utf-8"))}
    return frozenset(file.stem for file in files), frozenset(names)


def test_what_heads_of_templates_name_is_there() -> None:
    heads = {path: HEAD.match(path.read_text(encoding="utf-8")) for path in PAGES}
    gone = {str(path): gone_from(head[1]) for path, head in heads.items() if head}
    assert {path: names for path, names in gone.items() if names} == {}


def test_a_class_that_is_gone_is_named() -> None:
    assert gone_from("rows: list of CompetitionState, or FormerlyRows") == ["FormerlyRows"]
    assert gone_from("see compete/web/gone.py, meanwhile.Whose") == [
        "compete/web/gone.py",
        "meanwhile.Whose",
    ]


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
    "accounts/tokens",
    "accounts/webhook",
    "accounts/webhooks",
    "competitions/new/",
    "directory/",
    "mentors/",
    "figures/",
    "questions/",
    "registration/batch_years",
    "rewards/",
    "series/",
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
