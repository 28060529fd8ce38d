"""Hash words: four words for a hash, to compare long numbers by ear or at a glance.

A tablet shows the words after a judge signs, every printed page carries them in
its foot: 青松 江桥 白鹭 石榴. Whoever reads the same four words in both places
is looking at the same data, but for one chance in 2**40.
"""

from __future__ import annotations

from compete.domain.values.hashword_list import WORDS

WORD_BITS = 10
"""Bits per word: the list holds 2**10 words."""

PHRASE_WORDS = 4
_KNOWN = frozenset(WORDS)


def hash_words(digest: bytes, count: int = PHRASE_WORDS) -> tuple[str, ...]:
    """The first `count` words of a hash, read from its first bits, ten bits a word.

    `digest` is the raw hash (SHA-256: 32 bytes), not its hexadecimal text.
    Raises ValueError if it is too short for `count` words.
    """
    needed = count * WORD_BITS
    have = len(digest) * 8
    if have < needed:
        raise ValueError(f"{count} words need {needed} bits of hash, not {have}")
    number = int.from_bytes(digest, "big") >> (have - needed)
    mask = (1 << WORD_BITS) - 1
    return tuple(WORDS[number >> (needed - WORD_BITS * (i + 1)) & mask] for i in range(count))


def hash_phrase(digest: bytes) -> str:
    """The four words of a hash with spaces between, as shown and printed."""
    return " ".join(hash_words(digest))


def is_hash_word(word: str) -> bool:
    """True if it is one of the words that hashes are told in."""
    return word in _KNOWN
