"""What a registration may ask besides."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from compete.domain.registration_columns import EDUCATION_WORDS, Background, EntryField
from compete.domain.values.messages import Message

TITLES = {field.value: field.asks.title for field in EntryField}


@pytest.mark.parametrize("words", [EDUCATION_WORDS, TITLES])
def test_no_two_are_called_the_same(words: Mapping[str, Message]) -> None:
    assert len({str(word) for word in words.values()}) == len(words)


def test_what_may_be_asked_can_be_said() -> None:
    assert {field.value for field in EntryField} == set(Background.__struct_fields__)
