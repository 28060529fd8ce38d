"""A condition of a grade rule is asked and told wherever it has to be."""

from __future__ import annotations

from compete.domain.bundle.grade_types import When
from compete.domain.explanation import grades
from compete.domain.grades.conditions import MAKERS, WORDS
from compete.web.conditions import SENTENCES

KEYS = tuple(key for key in When.__struct_fields__ if key != "extra")


def test_every_condition_of_the_format_is_asked_in_the_formats_order() -> None:
    assert tuple(MAKERS) == tuple(key for key in KEYS if key != "roles")


def test_every_condition_is_explained_in_words() -> None:
    word_keys = grades._WORDS.keys() | grades._SENTENCES.keys()
    # How many are ranked is told in people or crews, as the event has them.
    assert word_keys | {"min_ranked"} == set(KEYS)


def test_pages_say_every_condition_in_words() -> None:
    assert SENTENCES.keys() | WORDS.keys() | {"pass_modules"} == set(KEYS)
