"""What templates read has a type: open mappings stay where the content truly is open."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

WEB = Path(__file__).resolve().parents[2] / "compete" / "web"
FILES = sorted(file.relative_to(WEB).as_posix() for file in WEB.rglob("*.py"))

COMING_DOWN = "to come down: a view model not typed yet"

# By file below compete/web: how often it says `dict[str, Any]` or the like, and why it may.
ALLOWED: dict[str, tuple[int, str]] = {
    "organiser/draws/view_model.py": (1, "a rule as the draw keeps it"),
    "assets/packed.py": (1, "any JSON that is zipped"),
    "factory.py": (2, "Flask's and SQLAlchemy's settings, each of its own type"),
    "guard.py": (3, "the arguments of any view, as its address gives them"),
    "judge/field.py": (1, "a drawn signature as it was sent, which `judging` reads"),
    "language.py": (1, "what Flask's context processors return"),
    "organiser/consequences/view_model.py": (
        1,
        "what a paper said: a JSON column, another shape by its kind",
    ),
    "organiser/overview/record_words.py": (
        3,
        "what a row of the audit chain keeps: a JSON column, another shape for each act",
    ),
    "organiser/overview/typed_steps.py": (
        2,
        "what a row of the audit chain keeps: a JSON column, another shape for each act",
    ),
    "organiser/overview/record_words.py": (
        1,
        "what a row of the audit chain keeps: a JSON column, another shape for each act",
    ),
    "organiser/overview/sentences.py": (
        2,
        "what a row of the audit chain keeps: a JSON column, another shape for each act",
    ),
    "organiser/sheets/views.py": (1, "a sheet as it was signed: a JSON document"),
    "pages.py": (1, "what `render_template` takes"),
    "sessions.py": (2, "what the cookie of Flask's session holds"),
    "site.py": (1, "what Flask's context processors return"),
    "words.py": (3, "a field record as it was signed: a JSON document"),
}

MAPPINGS = {"dict", "Dict", "Mapping", "MutableMapping", "OrderedDict", "defaultdict"}
ANYTHING = {"Any", "object"}


def open_mappings(source: str) -> list[int]:
    """The lines in which a mapping from text to anything is named."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Subscript) or not isinstance(node.slice, ast.Tuple):
            continue
        name = node.value.attr if isinstance(node.value, ast.Attribute) else ast.unparse(node.value)
        if name in MAPPINGS and [ast.unparse(part) in ANYTHING for part in node.slice.elts] == [
            False,
            True,
        ]:
            found.append(node.lineno)
    return sorted(found)


def test_open_mappings_are_those_of_the_list() -> None:
    """A file with fewer than the list allows is a reason to take it out."""
    lines = {name: open_mappings((WEB / name).read_text(encoding="utf-8")) for name in FILES}
    allowed = {name: most for name, (most, _why) in ALLOWED.items()}
    assert {name: len(found) for name, found in lines.items() if found} == allowed, lines


def test_the_list_names_files_that_are_there_and_says_why() -> None:
    assert set(ALLOWED) <= set(FILES)
    assert all(count > 0 and why for count, why in ALLOWED.values())


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("def page() -> dict[str, Any]: ...", [1]),
        ("Row = dict[str, Any]\nrows: list[typing.Mapping[str, object]] = []", [1, 2]),
        ("names: dict[str, str] = {}\nmodels: dict[type[Any], int] = {}", []),
        ("def check(found: collections.OrderedDict[str, Any] | None) -> None: ...", [1]),
    ],
)
def test_what_is_open_is_found(source: str, lines: list[int]) -> None:
    assert open_mappings(source) == lines


def test_each_family_of_desk_pages_has_its_view_model() -> None:
    families = [views.parent for views in (WEB / "organiser").glob("*/views.py")]
    assert families
    assert [it.name for it in families if not (it / "view_model.py").exists()] == []
