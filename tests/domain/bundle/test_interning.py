"""Marks that say alike share one object, and say what they said."""

from __future__ import annotations

import json
from decimal import Decimal

from msgspec.structs import replace

from compete.domain import read_bundle
from compete.domain.bundle.interning import share_alike
from compete.domain.bundle.writing import write_bundle
from tests.domain.bundle.sample import skills


def test_equal_codes_and_values_become_one_object_and_nothing_reads_differently() -> None:
    data = json.dumps(skills()).encode()
    bundle, fresh = read_bundle(data), read_bundle(data)
    share_alike(bundle)
    assert write_bundle(bundle) == write_bundle(fresh)
    for name in ("stage", "module", "entrant", "judge", "aspect"):
        texts = [getattr(mark, name) for mark in bundle.marks]
        assert len({id(text) for text in texts}) == len(set(texts)) < len(texts)
    assert [type(mark.value) for mark in bundle.marks] == [type(mark.value) for mark in fresh.marks]


def test_values_that_are_equal_but_not_written_alike_stay_two() -> None:
    read = read_bundle(json.dumps(skills()).encode())
    marks = [replace(read.marks[0], value=Decimal(text)) for text in ("8.5", "8.50", "8.5")]
    flags = [replace(read.marks[0], value=value) for value in (Decimal(1), True)]
    bundle = replace(read, marks=(*marks, *flags))
    share_alike(bundle)
    first, second, third, fourth, true = (mark.value for mark in bundle.marks)
    assert first is third
    assert (str(first), str(second), str(fourth), true) == ("8.5", "8.50", "1", True)
