"""A QR code's modules out of its text, worked out as arrays.

The encoder takes 2 ms a code, most of it for bits and remainders one at a time, which is a
sixth of setting a score sheet. Here the bits are one number, the remainder is a product with
a matrix, and where each bit stands is asked of the encoder once a version. A test holds
the outcome to the encoder's.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import qrcode
from qrcode import base, exceptions, util

Modules = npt.NDArray[np.bool_]
Words = npt.NDArray[np.uint8]
Places = npt.NDArray[np.intp]

LEVEL = qrcode.constants.ERROR_CORRECT_M
_LEAST_CHUNK = 20
"""So many digits or capitals in a row are packed more closely, as the encoder does."""
_PADDING = bytes((util.PAD0, util.PAD1))


def draw_unmasked(text: str) -> tuple[Modules, int]:
    """The code for `text` under mask 0, shape (n, n), True is dark; and its version, the least."""
    chunks = list(util.optimal_data_chunks(text, minimum=_LEAST_CHUNK))
    version = _least_version(chunks)
    layout = _layout(version)
    words = layout.with_remainders(_filled(chunks, version))
    modules = layout.empty.copy()
    modules.reshape(-1)[layout.places] ^= np.unpackbits(words).view(np.bool_)
    return modules, version


def _least_version(chunks: Sequence[util.QRData]) -> int:
    """The smallest version that holds them; the larger ones count lengths in more bits."""
    version = 1
    while True:
        sizes = util.mode_sizes_for_version(version)
        needed = sum(4 + sizes[chunk.mode] + _packed(chunk)[1] for chunk in chunks)
        version = bisect_left(util.BIT_LIMIT_TABLE[LEVEL], needed, version)
        if version > 40:
            raise exceptions.DataOverflowError
        if util.mode_sizes_for_version(version) is sizes:
            return version


def _filled(chunks: Sequence[util.QRData], version: int) -> Words:
    """The code's data: the chunks with their lengths, an end, and padding up to its size."""
    sizes = util.mode_sizes_for_version(version)
    bits, length = 0, 0
    for chunk in chunks:
        packed, size = _packed(chunk)
        counted = sizes[chunk.mode]
        bits = ((bits << 4 | chunk.mode) << counted | len(chunk)) << size | packed
        length += 4 + counted + size
    room = util.BIT_LIMIT_TABLE[LEVEL][version]
    end = min(room - length, 4)
    end += -(length + end) % 8
    said = (bits << end).to_bytes((length + end) // 8, "big")
    left = room // 8 - len(said)
    return np.frombuffer(said + (_PADDING * left)[:left], dtype=np.uint8)


def _packed(chunk: util.QRData) -> tuple[int, int]:
    """The bits of a chunk as one number, and how many they are."""
    if chunk.mode == util.MODE_8BIT_BYTE:
        return int.from_bytes(chunk.data, "big"), 8 * len(chunk.data)
    buffer = util.BitBuffer()
    chunk.write(buffer)
    return int.from_bytes(bytes(buffer.buffer), "big") >> -len(buffer) % 8, len(buffer)


@dataclass(frozen=True, slots=True)
class _Block:
    """A stretch of the data with its matrix, and where its words and remainders go."""

    data: slice
    matrix: npt.NDArray[np.intp]
    to: Places


@dataclass(frozen=True, slots=True)
class _Layout:
    """A version: the code of nothing but zeros, the place of each bit, the blocks."""

    empty: Modules
    places: Places
    blocks: tuple[_Block, ...]
    words: int

    def with_remainders(self, data: Words) -> Words:
        """Data and error correction, interleaved as the standard wants."""
        words = np.empty(self.words, dtype=np.uint8)
        for block in self.blocks:
            own = data[block.data]
            products = _products()[own[:, None], block.matrix]
            words[block.to[: len(own)]] = own
            words[block.to[len(own) :]] = np.bitwise_xor.reduce(products, axis=0)
        return words


@lru_cache(maxsize=40)
def _layout(version: int) -> _Layout:
    sizes = base.rs_blocks(version, LEVEL)
    total = sum(size.total_count for size in sizes)
    empty = _encoded(version, np.zeros(total, dtype=np.uint8))
    numbers = np.arange(1, 8 * total + 1)
    found = np.zeros(empty.shape, dtype=np.intp)
    for digit in range(int(numbers[-1]).bit_length()):
        shown = _encoded(version, np.packbits(numbers >> digit & 1)) ^ empty
        found += shown.astype(np.intp) << digit
    flat = found.reshape(-1)
    there = np.flatnonzero(flat)
    places = np.empty(8 * total, dtype=np.intp)
    places[flat[there] - 1] = there
    return _Layout(empty, places, _blocks(sizes), total)


def _blocks(sizes: Sequence[base.RSBlock]) -> tuple[_Block, ...]:
    """Lay out the blocks: first words of each that has one, then second ones, then remainders."""
    data, rest = [size.data_count for size in sizes], sizes[0].total_count - sizes[0].data_count
    order = [(place, b) for place in range(max(data)) for b in range(len(data)) if place < data[b]]
    ends = [(place, b) for place in range(rest) for b in range(len(data))]
    to: list[list[int]] = [[] for _ in sizes]
    for number, (_place, block) in enumerate([*order, *ends]):
        to[block].append(number)
    starts = np.cumsum([0, *data])
    return tuple(
        _Block(
            slice(int(starts[number]), int(starts[number + 1])),
            _matrix(data[number], rest),
            np.array(to[number], dtype=np.intp),
        )
        for number in range(len(sizes))
    )


@lru_cache(maxsize=40)
def _matrix(data: int, rest: int) -> npt.NDArray[np.intp]:
    """The remainder that each data word, were it 1, would leave; shape (data, rest)."""
    generator = base.Polynomial([1], 0)
    for power in range(rest):
        generator = generator * base.Polynomial([1, base.gexp(power)], 0)
    tail = np.array(list(generator)[1:], dtype=np.intp)
    rows = [tail]
    for _ in range(data - 1):
        before = rows[-1]
        rows.append(np.append(before[1:], 0) ^ _products()[before[0], tail])
    return np.array(rows[::-1], dtype=np.intp)


@lru_cache(maxsize=1)
def _products() -> Words:
    """Every product in the field of 256, shape (256, 256)."""
    powers = np.array([base.gexp(power) for power in range(255)], dtype=np.uint8)
    logs = np.array([0, *(base.glog(number) for number in range(1, 256))])
    table: Words = powers[(logs[:, None] + logs[None, :]) % 255]
    table[0, :] = table[:, 0] = 0
    return table


def _encoded(version: int, words: Words) -> Modules:
    """The encoder's own drawing of these words under mask 0."""
    code = qrcode.QRCode(version=version, error_correction=LEVEL, border=0, mask_pattern=0)
    code.data_cache = words.tolist()
    code.makeImpl(False, 0)
    return np.array(code.modules, dtype=np.bool_)
