"""The order in which a paper prints the options of a question: anybody works out the same."""

from __future__ import annotations

import hashlib
import re
from collections.abc import MutableSequence
from typing import Any

from compete.domain.exam.bank import Option, Version
from compete.domain.exam.folding import folded
from compete.domain.values.chance import below, random_numbers, shuffled

_PINNED = re.compile(
    "(以上|上述)(选项|答案|各项|说法|两项|三项|四项)?(都|均|皆|全|全都|全部)"
    "不?(对|是|正确|错|错误|非|可以|可|有)?。?"
    "|(都|均|皆|全|全都|全部)不?(对|是|正确|错|错误|可以|可)。?"
)
_LETTERS = re.compile("[A-H]{2,8}")
_NAMES_LETTERS = re.compile(
    r"(?<![A-Za-z0-9])[A-H] ?(和|与|及|或|、|,|\+) ?[A-H](?![A-Za-z0-9])"
    r"|(选项|答案) ?[A-H](?![A-Za-z0-9])"
    r"|(?<![A-Za-z0-9])[A-H] ?(选项|答案|项)"
)


def paper_key(seed: int, bank_sha256: str, table_sha256: str) -> bytes:
    """The key from which all chance in a paper is drawn."""
    text = f"compete-paper/1 seed\n{seed}\n{bank_sha256}\n{table_sha256}"
    return hashlib.sha256(text.encode()).digest()


class Chance:
    """Numbers drawn from a key for one purpose."""

    def __init__(self, key: bytes, purpose: str) -> None:
        self._numbers = random_numbers(key, purpose)

    def below(self, end: int) -> int:
        """The next number below `end`, each as likely."""
        return below(self._numbers, end)

    def shuffle(self, things: MutableSequence[Any]) -> None:
        """Shuffle in place."""
        things[:] = [things[place] for place in shuffled(self._numbers, len(things))]


def option_order(key: bytes, form: str, question: str, version: Version) -> tuple[str, ...]:
    """The ids of a version's options in the order of a form."""
    options = version.options or ()
    if _is_fixed(version):
        return tuple(option.id for option in options)
    pinned = [option.id for option in options if _is_pinned(option)]
    free = [option.id for option in options if not _is_pinned(option)]
    purpose = f"compete-paper/1 options {form} {question} {version.number}"
    Chance(key, purpose).shuffle(free)
    return (*free, *pinned)


def _is_pinned(option: Option) -> bool:
    if option.pin is not None:
        return option.pin
    return _PINNED.fullmatch(_without_spaces(option.text)) is not None


def _is_fixed(version: Version) -> bool:
    if version.fixed is not None:
        return version.fixed
    texts = [option.text for option in version.options or ()]
    return any(_LETTERS.fullmatch(_without_spaces(text)) for text in texts) or any(
        _NAMES_LETTERS.search(folded(text, case=True)) for text in (version.stem, *texts)
    )


def _without_spaces(text: str) -> str:
    return folded(text, case=True).replace(" ", "")
