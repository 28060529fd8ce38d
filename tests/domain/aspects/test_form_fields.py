"""What stands in a form's fields goes back into a file, and a scheme's words are read again."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec
import pytest

from compete.domain.aspects.form_fields import NO, YES
from compete.domain.aspects.kinds import class_of, kind_of, own_texts
from compete.domain.aspects.types import Aspect, type_of
from tests.support.every_rule import one_of_each_type

ROWS = one_of_each_type()


@pytest.mark.parametrize("row", ROWS, ids=[row["code"] for row in ROWS])
def test_fields_say_what_the_file_says(row: dict[str, Any]) -> None:
    texts = own_texts(row)
    row_fields: dict[str, Any] = {}
    for field in class_of(type_of(row["type"])).fields:
        for key, value in field.file_values(field.tidy(texts.get(field.key, ""))).items():
            outer, dot, inner = key.partition(".")
            row_fields |= {outer: {**row.get(outer, {}), inner: value}} if dot else {key: value}
    assert {key: row[key] for key in row_fields if key in row} == {
        key: value for key, value in row_fields.items() if value not in ("", None, [])
    }


@pytest.mark.parametrize("row", ROWS, ids=[row["code"] for row in ROWS])
def test_a_scheme_reads_its_own_words(row: dict[str, Any]) -> None:
    kind = class_of(type_of(row["type"]))
    own = kind.texts(row, is_own=True)
    head, below = kind.scheme_words(own)
    assert kind.scheme_keys(head, [*below, "for the judge"]) == (own, len(below))


@pytest.mark.parametrize("row", ROWS, ids=[row["code"] for row in ROWS])
def test_the_type_accepts_its_example(row: dict[str, Any]) -> None:
    example = class_of(type_of(row["type"])).example(own_texts(row), row["max"])
    accepts = kind_of(msgspec.convert(row, Aspect, strict=False)).accepts()
    truths = {YES: True, NO: False}
    values = [value for value in (example.value, example.best, *dict(example.choices)) if value]
    assert values
    assert all(accepts(truths[it] if it in truths else Decimal(it)) for it in values)


def test_bands_that_are_not_whole_are_said_as_they_are() -> None:
    kind = class_of(type_of("measurement"))
    assert kind.scheme_words({"bands": "5，10\n7"}) == (
        "看偏差，分 2 段",
        ["5 以内 10 分", "7 以内  分"],
    )
