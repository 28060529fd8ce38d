import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compete.domain.values.hashword_list import WORDS
from compete.domain.values.hashwords import hash_phrase, hash_words


def test_there_are_1024_different_words_of_two_chinese_characters() -> None:
    assert len(WORDS) == 1024
    assert len(set(WORDS)) == 1024
    assert all(len(word) == 2 and all("\u4e00" <= c <= "\u9fff" for c in word) for word in WORDS)


def test_no_two_words_sound_alike_even_without_tones() -> None:
    from pypinyin import lazy_pinyin

    heard: dict[str, list[str]] = {}
    for word in WORDS:
        heard.setdefault(" ".join(lazy_pinyin(word)), []).append(word)
    assert [words for words in heard.values() if len(words) > 1] == []


def test_no_word_is_another_one_turned_round() -> None:
    assert [word for word in WORDS if word[::-1] in WORDS and word[0] != word[1]] == []


def test_the_list_has_not_changed_since_words_were_first_printed() -> None:
    digest = hashlib.sha256("".join(WORDS).encode()).hexdigest()
    assert digest == "be0d173b713541279e24a43a6c897850352a026eb145f5ae60062371f74602b2"


def test_ten_bits_choose_a_word() -> None:
    assert hash_words(bytes(5)) == (WORDS[0],) * 4
    assert hash_words(b"\xff" * 5) == (WORDS[1023],) * 4
    assert hash_words(b"\x00\x40\x20\x0c\x04") == (WORDS[1], WORDS[2], WORDS[3], WORDS[4])


def test_bits_beyond_the_fortieth_do_not_matter() -> None:
    assert hash_words(b"\x12\x34\x56\x78\x9a" + b"\x00" * 27) == hash_words(b"\x12\x34\x56\x78\x9a")


@given(st.binary(min_size=32, max_size=32))
def test_the_words_give_back_the_first_forty_bits(digest: bytes) -> None:
    number = 0
    for word in hash_words(digest):
        number = number << 10 | WORDS.index(word)
    assert number == int.from_bytes(digest[:5], "big")


def test_the_phrase_reads_as_four_words() -> None:
    digest = hashlib.sha256(b"results").digest()
    assert hash_phrase(digest).split(" ") == list(hash_words(digest))


def test_a_hash_too_short_is_refused() -> None:
    with pytest.raises(ValueError, match="40 bits of hash, not 32"):
        hash_words(b"1234")
