"""Lists in sentences: who reads one knows whether it is all of it."""

from __future__ import annotations

import pytest

from compete.domain.values.messages import Message, listed, msg, some_of


@pytest.mark.parametrize(
    ("names", "number", "sentence"),
    [
        ([], None, ""),
        (["甲", "乙"], None, "甲、乙"),
        (["甲", "乙", "丙"], None, "甲、乙 等 3 个"),
        (["甲", "乙"], 7, "甲、乙 等 7 个"),
    ],
)
def test_a_list_that_is_cut_off_says_how_many_there_are(
    names: list[str], number: int | None, sentence: str
) -> None:
    assert str(some_of(names, 2, number)) == sentence


def english(text: str) -> str:
    return {"、": ", ", "%(names)s 等 %(n)s 个": "%(names)s and more, %(n)s in all"}.get(text, text)


@pytest.mark.parametrize(
    ("list_of_names", "chinese", "words"),
    [
        (listed([]), "", ""),
        (listed(["50%", "乙", "丙"]), "50%、乙、丙", "50%, 乙, 丙"),
        (listed([msg("甲"), "乙"], msg("；")), "甲；乙", "甲；乙"),
        (some_of(["甲", "乙", "丙"], 2), "甲、乙 等 3 个", "甲, 乙 and more, 3 in all"),
    ],
)
def test_a_list_is_written_in_the_readers_language(
    list_of_names: Message | str, chinese: str, words: str
) -> None:
    shown = msg("还差：%(names)s", names=list_of_names)
    assert shown.render() == f"还差：{chinese}"
    assert shown.render(english) == f"还差：{words}"
