"""What all files of a theory examination have in common: folded texts, and a file's hash."""

from __future__ import annotations

import hashlib
from decimal import Decimal

import pytest

from compete.domain.exam.files import file_sha256
from compete.domain.exam.folding import compared, folded


@pytest.mark.parametrize(
    ("text", "folded_text"),
    [
        ("ＡＢｃ１２！～", "abc12!~"),
        (" a\u3000\u00a0\t\r\nb ", "a b"),
        ("\u22125\u20135", "-5\u20135"),
        ("e\u0301\u212a", "ék"),
        ("ÀÉ", "ÀÉ"),
        ("\u2003a\u2003", "\u2003a\u2003"),
        ("\u037e", ";"),
        ("\u3000", ""),
    ],
)
def test_a_text_is_folded(text: str, folded_text: str) -> None:
    assert folded(text) == folded_text


def test_case_is_kept_where_it_counts() -> None:
    assert folded(" ＡbＣ ", case=True) == "AbC"


@pytest.mark.parametrize("text", ["１２．５０", "+12.5", "12.50", " 012.5 ", "12.5" + "0" * 11])
def test_ways_of_writing_a_number_are_one_value(text: str) -> None:
    assert compared(text) == Decimal("12.5")


@pytest.mark.parametrize(
    "text",
    ["1,200", "1e3", "50%", "1 2", "+", ".", "-.", "1" * 19, "1." + "1" * 13, "١٢", "--1", "1.2.3"],
)
def test_what_is_no_plain_decimal_stays_a_text(text: str) -> None:
    assert isinstance(compared(text), str)


def test_a_number_may_lack_digits_on_one_side_of_its_point() -> None:
    assert compared("5.") == compared("5") == Decimal(5)
    assert compared("-.5") == compared("\u22120.50")
    assert compared("-0") == compared("0")


def test_the_hash_is_of_the_values_in_a_file_however_they_are_written() -> None:
    plain = '{"a":null,"b":1,"extra":{"甲":"é"},"𠮷":[],"\ue000":0}'
    written = ' {"\ue000": 0, "\\ud842\\udfb7": [], "b": 1,\n"extra": {"甲": "\\u00e9"}, "a": null}'
    wanted = hashlib.sha256(plain.encode()).hexdigest()
    assert file_sha256(written.encode()) == wanted
    assert file_sha256(b"\xef\xbb\xbf" + plain.encode()) == wanted
