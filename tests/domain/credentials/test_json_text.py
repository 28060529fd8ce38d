"""JSON of others: what two programs could read in two ways is refused."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compete.domain.credentials.json_text import CredentialError, canonical, read_object

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | texts
    | st.floats(-(2.0**52), 2.0**52),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=12,
)  # fmt: skip


@settings(max_examples=50)
@given(st.dictionaries(texts, values, max_size=4))
def test_the_canonical_form_is_read_as_the_same_value(value: dict[str, object]) -> None:
    written = canonical(value)
    assert canonical(read_object(written)) == written


def test_the_order_is_that_of_utf_16_and_numbers_are_javascripts() -> None:
    value = {"\u20ac": "Euro", "\r": "CR", "\ufb33": "Dalet", "1": "One", "\U0001f600": "Smile",
             "\x80": "Control", "\u00f6": "o"}  # fmt: skip
    order = ["\r", "1", "\x80", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]
    assert list(read_object(canonical(value))) == order
    assert canonical([333333333.33333329, 1e30, 4.5, 2e-3, 1e-27, 1.0]) == (
        b"[333333333.3333333,1e+30,4.5,0.002,1e-27,1]"
    )


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "第 1 行"), (b"{", "第 1 行"), (b"[]", "对象"), (b'"x"', "对象"), (b"\xff", "UTF-8"),
        (b'{"a":1,"a":1}', "不止一次"), (b'{"b":{"a":1,"\\u0061":2}}', "不止一次"),
        (b'{"a":NaN}', "NaN"), (b'{"a":-Infinity}', "Infinity"),
        (b'{"a":9007199254740993}', "写不准"), (b'{"a":' + b"9" * 5000 + b"}", "写不准"),
        (b'{"a":"\\ud800"}', "半个字符"), (b'{"\\udc00":1}', "半个字符"),
        (b'{"a":' + b"[" * 50 + b"]" * 50 + b"}", "太深"),
        (b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "太深"),
        (b'{"a":"' + b"x" * 1_000_001 + b'"}', "太大"),
    ],
    ids=lambda value: repr(value)[:24],
)  # fmt: skip
def test_what_could_mean_two_things_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(CredentialError, match=why):
        read_object(data)


def test_a_number_beyond_all_bounds_has_no_canonical_form() -> None:
    with pytest.raises(CredentialError, match="写不准"):
        canonical(read_object(b'{"a":1e999}'))
