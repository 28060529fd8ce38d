"""What tells types of aspects apart by a table names each of them; a match ends in assert_never."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from flask import Flask

from compete.domain.aspects.kinds import every_field
from compete.domain.aspects.types import AspectType
from compete.web.organiser.competition_words import type_words
from compete.web.organiser.rules.events.view_model import type_choices

COMPETE = Path(__file__).parents[2] / "compete"
TYPES = {kind.value for kind in AspectType}
A_CASE = re.compile(rf"\bcase\b[^:]*[\"'](?:{'|'.join(TYPES)})[\"']")


def test_each_type_has_its_words_and_its_fields(app: Flask) -> None:
    with app.test_request_context():
        assert set(type_words()) == set(AspectType)
        assert {choice.value for choice in type_choices()} == TYPES


def test_a_field_of_a_form_is_of_one_type() -> None:
    keys = [field.key for field in every_field()]
    assert len(set(keys)) == len(keys)


def test_the_style_of_the_form_has_a_place_for_each_type() -> None:
    """By the order in which types are offered, so that it names none."""
    style = (COMPETE.parent / "static" / "css" / "rule_form.css").read_text(encoding="utf-8")
    places = {int(n) for n in re.findall(r"\.of-type > div:nth-child\((\d+)\)", style)}
    assert places >= set(range(1, len(AspectType) + 1))


def matched_texts(source: str) -> list[int]:
    """Lines of the cases that say a type as a text, which no type checker can count.

    One alone is something else: a tie key is a time, too.
    """
    if not A_CASE.search(source):
        return []
    line_kinds = [
        (node.lineno, node.value.value)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.MatchValue)
        and isinstance(node.value, ast.Constant)
        and node.value.value in TYPES
    ]
    return (
        [line for line, _type in line_kinds]
        if len({kind for _line, kind in line_kinds}) > 1
        else []
    )


def test_no_match_says_a_type_as_a_text() -> None:
    lines_of_files = {
        path.relative_to(COMPETE).as_posix(): lines
        for path in COMPETE.rglob("*.py")
        if (lines := matched_texts(path.read_text(encoding="utf-8")))
    }
    assert lines_of_files == {}


def test_a_type_as_a_text_is_found() -> None:
    code = "match kind:\n    case 'time':\n        pass\n    case 'relative':\n        pass\n"
    assert matched_texts(code) == [2, 4]
