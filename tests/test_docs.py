"""The pages for readers say all they promise."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from compete.domain import bundle as types
from compete.domain.values import Record, kinds

DOCS = Path(__file__).parents[1] / "docs"


def bundle_keys() -> set[str]:
    """Every key an object of the format may have."""
    records = [
        one for one in vars(types).values() if isinstance(one, type) and issubclass(one, Record)
    ]
    return {field.encode_name for one in records for field in msgspec.structs.fields(one)}


def words() -> set[str]:
    """Every fixed word of the format."""
    lists = [one for one in vars(kinds).values() if isinstance(one, type)]
    return {str(word) for one in lists if issubclass(one, kinds.StrEnum) for word in one}


@pytest.mark.parametrize("key", sorted(bundle_keys()))
def test_the_page_on_the_format_names_every_key(key: str) -> None:
    page = (DOCS / "bundle.md").read_text("utf-8")
    assert re.search(rf"`[^`\n]*\b{re.escape(key)}\b[^`\n]*`|### {key}\b", page), key


@pytest.mark.parametrize("word", sorted(words()))
def test_the_page_on_the_format_names_every_word(word: str) -> None:
    page = (DOCS / "bundle.md").read_text("utf-8")
    assert re.search(rf"`[^`\n]*(?<![\w-]){re.escape(word)}(?![\w-])[^`\n]*`", page), word


@pytest.mark.parametrize("page", ["bundle.md", "rules.md"])
def test_pages_link_only_to_what_is_there(page: str) -> None:
    text = (DOCS / page).read_text("utf-8")
    for target in re.findall(r"\]\(([^)#]+)\)", text):
        assert (DOCS / target).exists(), target


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
