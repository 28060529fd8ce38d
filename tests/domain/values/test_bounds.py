"""What is said of a number outside of its bounds."""

from __future__ import annotations

from decimal import Decimal

import pytest

from compete.domain.values.bounds import not_above_zero, too_low


@pytest.mark.parametrize(
    ("number", "sentence"),
    [(None, None), ("2", None), ("2.5", None), ("1.90", "这里是 1.9，至少应当是 2")],
)
def test_too_low_is_said_with_what_is_there_and_what_should_be(
    number: str | None, sentence: str | None
) -> None:
    message = too_low(None if number is None else Decimal(number), 2)
    assert (None if message is None else str(message)) == sentence


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (None, None),
        ("0.01", None),
        ("0.00", "这里是 0，应当大于 0"),
        ("-3", "这里是 -3，应当大于 0"),
    ],
)
def test_nothing_and_less_are_said_to_be_not_above_nothing(
    number: str | None, sentence: str | None
) -> None:
    message = not_above_zero(None if number is None else Decimal(number))
    assert (None if message is None else str(message)) == sentence
