"""The pages for readers say all they promise."""

from __future__ import annotations

import hmac
import re
import subprocess
import sys
from enum import StrEnum
from pathlib import Path

import msgspec
import pytest

from compete.domain.bundle import (
    evaluation_types,
    event_types,
    grade_types,
    labour_types,
    overall_types,
    types,
)
from compete.domain.ceremonies import hashing
from compete.domain.ceremonies import types as draw_types
from compete.domain.ceremonies.reading import read_draw_file
from compete.domain.exam import bank, exam_reading, exam_results, paper, syllabus, table
from compete.domain.series import results as series_results
from compete.domain.series import types as series_types
from compete.domain.values import kinds
from compete.domain.values.chance import below, random_numbers, shuffled
from compete.domain.values.record import Record

DOCS = Path(__file__).parents[1] / "docs"
BUNDLE = (types, event_types, grade_types, evaluation_types, labour_types, overall_types)


def bundle_keys() -> set[str]:
    """Every key an object of the format may have."""
    records = [
        var
        for module in BUNDLE
        for var in vars(module).values()
        if isinstance(var, type) and issubclass(var, Record)
    ]
    return {field.encode_name for record in records for field in msgspec.structs.fields(record)}


def words() -> set[str]:
    """Every fixed word of the format."""
    lists = [var for var in vars(kinds).values() if isinstance(var, type)]
    return {str(word) for words in lists if issubclass(words, kinds.StrEnum) for word in words}


@pytest.mark.parametrize("key", sorted(bundle_keys()))
def test_the_page_on_the_format_names_every_key(key: str) -> None:
    page = (DOCS / "bundle.md").read_text("utf-8")
    assert re.search(rf"`[^`\n]*\b{re.escape(key)}\b[^`\n]*`|### {key}\b", page), key


@pytest.mark.parametrize("word", sorted(words()))
def test_the_page_on_the_format_names_every_word(word: str) -> None:
    page = (DOCS / "bundle.md").read_text("utf-8")
    assert re.search(rf"`[^`\n]*(?<![\w-]){re.escape(word)}(?![\w-])[^`\n]*`", page), word


@pytest.mark.parametrize(
    "page", ["adding.md", "bundle.md", "draw.md", "exam.md", "rules.md", "series.md"]
)
def test_pages_link_only_to_what_is_there(page: str) -> None:
    text = (DOCS / page).read_text("utf-8")
    for target in re.findall(r"\]\(([^)#]+)\)", text):
        assert (DOCS / target).exists(), target


def test_the_page_on_adding_names_only_files_that_are_there() -> None:
    text = (DOCS / "adding.md").read_text("utf-8")
    named = re.findall(r"`((?:compete|docs|static|templates|tests)/[\w./-]+)`", text)
    there = [path for path in named if not re.search("NAME|ROOM|LOCALE", path)]
    assert len(there) > 20
    assert [path for path in there if not (DOCS.parent / path).exists()] == []


def test_the_page_on_series_names_every_key_and_word() -> None:
    page = (DOCS / "series.md").read_text("utf-8")
    members = [member for of in (series_types, series_results) for member in vars(of).values()]
    types = [member for member in members if isinstance(member, type)]
    keys = {
        field.encode_name
        for record in types
        if issubclass(record, msgspec.Struct)
        for field in msgspec.structs.fields(record)
    }
    words = {str(word) for of in types if issubclass(of, kinds.StrEnum) for word in of}
    bundles = {str(level) for level in kinds.Level} | {"teacher", "student"}
    assert {"from", "how", "over_quota"} <= keys | words
    assert [word for word in keys | words - bundles if f"`{word}`" not in page] == []


def test_the_page_on_the_draw_names_every_key() -> None:
    page = (DOCS / "draw.md").read_text("utf-8")
    records = [var for var in vars(draw_types).values() if isinstance(var, type)]
    keys = {
        field.encode_name
        for record in records
        if issubclass(record, msgspec.Struct)
        for field in msgspec.structs.fields(record)
    }
    assert {"list", "places", "per_session", "seal"} <= keys
    assert [key for key in keys if f"`{key}`" not in page] == []


def test_the_page_on_the_examination_names_every_key_and_word() -> None:
    page = (DOCS / "exam.md").read_text("utf-8")
    modules = (bank, exam_reading, exam_results, paper, syllabus, table)
    kinds = [member for module in modules for member in vars(module).values()]
    types = [member for member in kinds if isinstance(member, type)]
    names = {
        field.encode_name
        for record_type in types
        if issubclass(record_type, msgspec.Struct)
        for field in msgspec.structs.fields(record_type)
    }
    names |= {
        str(word) for enum_type in types if issubclass(enum_type, StrEnum) for word in enum_type
    }
    assert {"late_minutes", "left_out", "from", "proportion"} <= names
    named = set(
        re.findall(r"[\w/]+", "".join(re.findall(r"`[^`\n]+`|```json.*?```", page, re.DOTALL)))
    )
    assert names - named == set()


@pytest.mark.parametrize(("column", "name"), [(2, "draw-46"), (3, "draw-12-one-closed")])
def test_the_examples_on_the_page_on_the_draw_come_out(column: int, name: str) -> None:
    page = (DOCS / "draw.md").read_text("utf-8").rpartition("\n## ")[2]
    column_cells = [
        row.split("|")[column].strip(" `") for row in page.splitlines() if row[:2] == "| "
    ]
    data = (DOCS.parent / "tests" / "examples" / f"{name}.json").read_bytes()
    file = read_draw_file(data)
    head = hashing.head(file)
    openings = hashing.openings(file, head)
    seed = hashing.seed(openings, file.spare)
    draw = file.draws[0]
    block = hmac.digest(seed, f"compete-draw/1 0 {draw.layer} 0".encode(), "sha256")
    numbers = random_numbers(seed, f"compete-draw/1 0 {draw.layer}")
    people = len(draw.people)
    swapped = "、".join(str(below(numbers, people - i)) for i in range(4))
    order = shuffled(random_numbers(seed, f"compete-draw/1 0 {draw.layer}"), people)
    first = "、".join(draw.people[number].code for number in order[:3])
    assert column_cells[0] == f"{name}.json"
    assert column_cells[2:] == [head, openings, seed.hex(), block.hex(), swapped, first]


def test_the_pictures_are_what_the_worked_cases_draw() -> None:
    drawn = subprocess.run(
        [sys.executable, str(DOCS / "pictures" / "draw.py"), "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert drawn.stderr == ""
    assert drawn.returncode == 0


def test_every_picture_stands_in_the_page_on_rules() -> None:
    page = (DOCS / "rules.md").read_text("utf-8")
    for picture in (DOCS / "pictures").glob("*.svg"):
        assert f"(pictures/{picture.name})" in page
