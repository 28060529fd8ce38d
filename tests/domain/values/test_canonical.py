"""The one text of a JSON value."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from compete.domain.values.canonical import (
    SAFE,
    canonical_json,
    canonical_sha256,
    earlier_text,
    sealed_text,
    short_mark,
)

_SCALARS = st.none() | st.booleans() | st.integers(-SAFE, SAFE) | st.text()


_KEYS = st.text(st.characters(max_codepoint=0x7F)) | st.text()


def _grown(inside: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(inside) | st.dictionaries(_KEYS, inside)


@given(
    st.recursive(_SCALARS | st.floats(allow_nan=False, allow_infinity=False), _grown, max_leaves=8)
)
def test_what_is_sealed_has_the_text_of_the_standard(value: Any) -> None:
    try:
        text = rfc8785.dumps(value)
    except ValueError:  # half a character
        text = earlier_text(value)
    assert sealed_text(value) == text


def test_keys_stand_in_the_order_of_the_standard_and_numbers_in_its_writing() -> None:
    # U+FB33 comes before U+1F600 by code points, and after it by UTF-16.
    value = {"\ufb33": 1.0, "\U0001f600": 1e21}
    assert canonical_json(value).decode() == '{"\U0001f600":1e+21,"\ufb33":1}'
    assert earlier_text(value).decode() == '{"\ufb33":1.0,"\U0001f600":1e+21}'


def test_what_is_sealed_quickly_has_keys_in_the_order_of_the_standard_too() -> None:
    inside = {"\ufb33": 1, "\U0001f600": "two"}
    for value in (inside, [inside], {"a": inside}):
        assert sealed_text(value) == canonical_json(value) != earlier_text(value)
    assert canonical_sha256(inside) == hashlib.sha256(canonical_json(inside)).hexdigest()


def test_keys_that_are_no_text_have_the_text_of_seals_alone() -> None:
    assert sealed_text({1: "a"}) == earlier_text({1: "a"}) == b'{"1":"a"}'


@pytest.mark.parametrize("value", [SAFE + 1, {"a": [-SAFE - 1]}, float("inf"), "\ud800", {1, 2}])
def test_what_has_no_text_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match=r"."):
        canonical_json(value)


def test_a_spoilt_value_has_a_text_to_be_held_against() -> None:
    value = {"extra": 2**60}
    assert json.loads(sealed_text(value)) == value


def test_a_mark_is_another_for_another_value_and_the_same_however_keys_are_ordered() -> None:
    content = {"名": "一", "b": [1, "2", None]}
    assert short_mark(content) == short_mark(dict(reversed(content.items())))
    assert short_mark(content) == canonical_sha256(content)[:16]
    assert short_mark(content) != short_mark(content | {"b": [1, 2, None]})
    assert len(short_mark("\ud800")) == 16, "what is spoilt has a mark too"
