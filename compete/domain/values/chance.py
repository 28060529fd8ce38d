"""Chance that anybody works out again: numbers, and an order, out of a key."""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from itertools import count
from struct import Struct

_FOUR_NUMBERS = Struct(">4Q")
_RANGE = 2**64


def random_numbers(key: bytes, purpose: str) -> Iterator[int]:
    """The stream of a key for one purpose, eight bytes at a time, without end.

    Block i is HMAC-SHA-256 of the purpose, a space and i.
    """
    # The common beginning of all blocks is hashed once: nobody can make it long and dear.
    begun = hmac.new(key, f"{purpose} ".encode(), "sha256")
    for number in count():
        block = begun.copy()
        block.update(b"%d" % number)
        yield from _FOUR_NUMBERS.unpack(block.digest())


def below(numbers: Iterator[int], limit: int) -> int:
    """The stream's next number from 0 to `limit` - 1, each equally likely.

    Numbers from the last multiple of `limit` on are passed over: they would
    make the small remainders a little likelier.
    """
    for number in numbers:
        if number < limit * (_RANGE // limit):
            return number % limit
    raise ValueError("the stream has ended")


def shuffled(numbers: Iterator[int], size: int) -> list[int]:
    """0 to `size` - 1 in an order that the stream decides (Fisher and Yates, from the end)."""
    order = list(range(size))
    for last in range(size - 1, 0, -1):
        other = below(numbers, last + 1)
        order[last], order[other] = order[other], order[last]
    return order
