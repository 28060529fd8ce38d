"""No pattern that meets somebody's input costs more than in proportion to its length."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import compete
from tests.support.steps import grows

PACKAGE = Path(compete.__file__).parent
SEARCHING = {"search", "findall", "finditer", "sub", "subn", "split"}
NAME_SEARCHED = re.compile(rf"(?<![\w.])([^\W\d]\w*)\.(?:{'|'.join(SEARCHING)})\b")
# They read files of ours and nothing that anybody sends.
OWN_FILES = ("web/assets/", "web/script_translations.py")
LINEAR = 3.0


def test_the_count_tells_linear_from_worse() -> None:
    assert grows(re.compile(r"(?:a+)+b"), everywhere=False, size=6) > LINEAR
    assert grows(re.compile(r"\s*a\s*\s*b"), everywhere=False) > LINEAR
    assert grows(re.compile(r"-?\d+[\s,]+-?\d+"), everywhere=True) > LINEAR
    assert grows(re.compile(r"[MLQC](?:-?\d+[ ,]*)++"), everywhere=False) < LINEAR
    assert grows(re.compile(r"\d+(?:\.\d+)?"), everywhere=True) < LINEAR


def patterns() -> Iterator[tuple[str, re.Pattern[Any], bool]]:
    """Where a pattern stands, the pattern, and whether it is looked for inside a text."""
    files = {file: file.read_text("utf-8") for file in PACKAGE.rglob("*.py")}
    searched = {name for text in files.values() for name in NAME_SEARCHED.findall(text)}
    for file, text in files.items():
        place = file.relative_to(PACKAGE).as_posix()
        if place.startswith(OWN_FILES) or not re.search(r"\bre\.\w+\(", text):
            continue
        tree = ast.parse(text)
        named = {
            id(node.value): target.id
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            if not (isinstance(node.func.value, ast.Name) and node.func.value.id == "re"):
                continue
            inside = node.func.attr in SEARCHING or named.get(id(node)) in searched
            yield f"{place}:{node.lineno}", _compiled(place, node), inside


def _compiled(place: str, call: ast.Call) -> re.Pattern[Any]:
    """The pattern as the module means it, names of its own included."""
    module = importlib.import_module("compete." + place.removesuffix(".py").replace("/", "."))
    assert isinstance(call.func, ast.Attribute)
    if call.func.attr == "compile":
        wanted: ast.expr = call
    else:
        wanted = ast.Call(ast.Attribute(ast.Name("re", ast.Load()), "compile", ast.Load()), [], [])
        wanted.args = call.args[:1]
        wanted.keywords = [keyword for keyword in call.keywords if keyword.arg == "flags"]
    code = compile(ast.fix_missing_locations(ast.Expression(wanted)), place, "eval")
    pattern = eval(code, vars(module))
    assert isinstance(pattern, re.Pattern)
    return pattern


def test_every_pattern_that_meets_input_is_linear() -> None:
    known = list(patterns())
    assert len(known) > 40
    worse = {
        place: f"{pattern.pattern!r} × {growth:.1f}"
        for place, pattern, inside in known
        if (growth := grows(pattern, everywhere=inside)) >= LINEAR
    }
    assert worse == {}


@pytest.mark.parametrize(
    "text", ["1" * 20_000, "M" + "1" * 19_000, "M1 1" * 4_000 + "!", "M-1.,2" * 20, "M1--2,3" * 20]
)
def test_a_drawing_that_is_none_is_refused(text: str) -> None:
    from compete.services.judging.drawn_signature import read_drawing
    from compete.services.kernel.refusal import Refused

    with pytest.raises(Refused):
        read_drawing({"path": text, "width": 400, "height": 200})
