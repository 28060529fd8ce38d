"""The order of options: worked examples, and which options are pinned or fixed."""

from __future__ import annotations

import hashlib
import hmac
from decimal import Decimal

import pytest

from compete.domain.exam import option_order as option_order_file
from compete.domain.exam.bank import Option, Version
from compete.domain.exam.option_order import Chance, option_order, paper_key

BANK = "18f87606928f9013070f1d7992dc29f4ed7ff3093999aa025f50b15c791f4016"
TABLE = "cbaf52265eef0fb6686c82e4eaffc177f7ebbaadba217165c858cf09951a3c8a"
KEY = "ed9e4ad4847033e7b7b9f375362ee7cd2681dd056e7b4a224fe8a819b4550bc0"


def version(*texts: str, stem: str = "正确的是（　）。", number: int = 1, **keys: bool) -> Version:
    options = tuple(Option(id="ABCDEFGHIJ"[at], text=text) for at, text in enumerate(texts))
    return Version(
        number=number, stem=stem, difficulty=Decimal("0.5"), options=options, key=["A"], **keys
    )


def is_shuffled(asked: Version) -> bool:
    """Whether some question code brings its options out of the bank's order."""
    there = tuple(option.id for option in asked.options or ())
    return any(option_order(b"k", "A", f"Q{number}", asked) != there for number in range(50))


def at_the_end(text: str) -> bool:
    """Whether an option that stands first in the bank is always printed last."""
    asked = version(text, "甲", "乙", "丙")
    return all(option_order(b"k", "A", f"Q{number}", asked)[-1] == "A" for number in range(50))


def test_key_and_first_block_are_those_of_the_worked_example() -> None:
    key = paper_key(7, BANK, TABLE)
    assert key.hex() == KEY
    block = hmac.digest(key, b"compete-paper/1 options B Q06 1 0", "sha256").hex()
    assert block.startswith("dba68a659a0c76e06b7a1f9876325b9a")
    asked = version("甲", "乙", "丙", "以上都对")
    assert option_order(key, "B", "Q06", asked) == ("C", "A", "B", "D")


def test_numbers_that_would_favour_some_are_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = iter([2**64 - 1, 2**64 - 1, 5, 6, 4, 4])
    monkeypatch.setattr(option_order_file, "random_numbers", lambda key, purpose: stream)
    drawn = Chance(b"", "x")
    # 2⁶⁴ = 3 × 6148914691236517205 + 1: the very last number alone is passed over.
    assert [drawn.below(3) for _time in range(3)] == [2, 0, 1]
    assert drawn.below(2**63 + 1) == 4


def test_ten_options_take_three_blocks() -> None:
    order = list("ABCDEFGHIJ")
    stream = b"".join(
        hmac.digest(b"k", f"compete-paper/1 options 甲 Q 2 {block}".encode(), hashlib.sha256)
        for block in range(3)
    )
    for place, last in enumerate(range(9, 0, -1)):
        other = int.from_bytes(stream[8 * place : 8 * place + 8]) % (last + 1)
        order[last], order[other] = order[other], order[last]
    asked = version(*"一二三四五六七八九十", number=2)
    assert option_order(b"k", "甲", "Q", asked) == tuple(order)


@pytest.mark.parametrize(
    "text",
    ["以上都对", "以上选项都不对", "上述各项均正确", "以 上 全部 不正确。", "以上都",
     "上述两项都可以", "都对", "全都不是", "皆可。", "以上都有", "全部正确"],
)  # fmt: skip
def test_pinned_options_stand_last(text: str) -> None:
    assert at_the_end(text)


@pytest.mark.parametrize(
    "text",
    ["以上都对吗", "都非", "都有", "都", "以上五项都对", "都对。。", "都对.", "以上情况都对"],
)
def test_other_options_are_shuffled(text: str) -> None:
    assert not at_the_end(text)


def test_pin_and_fixed_as_given_rule() -> None:
    first = Option(id="A", text="甲", pin=True)
    last = Option(id="D", text="以上都对", pin=False)
    options = (first, Option(id="B", text="乙"), Option(id="C", text="丙"), last)
    asked = Version(number=1, stem="？", difficulty=Decimal(1), options=options, key=["A"])
    orders = {option_order(b"k", "A", f"Q{number}", asked) for number in range(99)}
    assert {order[-1] for order in orders} == {"A"}
    assert len(orders) == 6
    assert not is_shuffled(version("甲", "乙", "丙", fixed=True))
    assert is_shuffled(version("AB", "CD", "A 和 B", fixed=False))


@pytest.mark.parametrize(
    ("text", "fixed"),
    [
        ("AB", True), ("Ａ Ｃ", True), ("ABCDEFGH", True), ("ABCDEFGHA", False), ("ab", False),
        ("A", False), ("AI", False), ("A和B", True), ("A、 C", True), ("A，B", True),
        ("A+B", True), ("A ＋ H", True), ("选 A 或 B 两项", True), ("电压 U、I", False),
        ("10A、B", False), ("A、B2", False), ("a、b", False), ("选项A", True),
        ("答案 C 不对", True), ("答案CD", False), ("A选项", True), ("B 项", True), ("1A项", False),
        ("A  和B", True), ("A 和　B", True), ("A与 BX", False), ("Aor B", False),
    ],
)  # fmt: skip
def test_letters_in_an_option_or_the_stem_keep_the_banks_order(text: str, fixed: bool) -> None:
    assert is_shuffled(version(text, "甲", "乙", "丙")) is not fixed
    if text not in ("AB", "Ａ Ｃ", "ABCDEFGH"):
        assert is_shuffled(version("甲", "乙", "丙", stem=text)) is not fixed
