"""Masks of QR codes, chosen for many codes at once.

The encoder's own choice builds all eight variants module by module: 3.3 ms a
code, more than setting the whole certificate. But the variants of any text in
one version differ from its first one by the same modules. So each version is
built eight times once, and from then on a code is built once and the seven
others are made of it, and weighed, as arrays.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt
import qrcode

from compete.documents.qr_words import LEVEL, Modules, draw_unmasked

MASKS = 8
_FINDER_LIKE = (0b10111010000, 0b00001011101)
_WINDOW = 11


def best_modules(text: str) -> Modules:
    """Make the code for `text` in the smallest version, error correction M, the least penalty.

    Shape (n, n), True is dark. Penalties are those of ISO/IEC 18004, 7.8.3.1.
    """
    first, version = draw_unmasked(text)
    variants = first ^ _differences(version)
    best: Modules = variants[int(np.argmin(penalties(variants)))]
    return best


def penalties(variants: Modules) -> npt.NDArray[np.int64]:
    """The penalty of each of the codes in an array of shape (k, n, n)."""
    turned = variants.transpose(0, 2, 1)
    return (
        _runs(variants)
        + _runs(turned)
        + _blocks(variants)
        + _finder_like(variants)
        + _finder_like(turned)
        + _imbalance(variants)
    )


def _build(text: str, mask: int, version: int) -> Modules:
    code = qrcode.QRCode(version=version, error_correction=LEVEL, border=0, mask_pattern=mask)
    code.add_data(text)
    code.make(fit=False)
    return np.array(code.modules, dtype=np.bool_)


@lru_cache(maxsize=40)
def _differences(version: int) -> Modules:
    """Differences of the mask variants of any code of a version from its first, shape (8, n, n)."""
    built = [_build("0", mask, version) for mask in range(MASKS)]
    return np.stack(built) ^ built[0]


def _count(found: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    return np.asarray(np.count_nonzero(found, axis=(1, 2)), dtype=np.int64)


def _runs(variants: Modules) -> npt.NDArray[np.int64]:
    """Count runs: 3 for five alike in a row, and 1 for each one more."""
    same = variants[:, :, 1:] == variants[:, :, :-1]
    five = same[:, :, 3:] & same[:, :, 2:-1] & same[:, :, 1:-2] & same[:, :, :-3]
    begun = _count(five[:, :, :1]) + _count(five[:, :, 1:] & ~five[:, :, :-1])
    return _count(five) + 2 * begun


def _blocks(variants: Modules) -> npt.NDArray[np.int64]:
    """Count blocks: 3 for every two by two of one kind."""
    across = variants[:, :, 1:] == variants[:, :, :-1]
    down = variants[:, 1:, :] == variants[:, :-1, :]
    return 3 * _count(across[:, 1:, :] & across[:, :-1, :] & down[:, :, 1:])


def _finder_like(variants: Modules) -> npt.NDArray[np.int64]:
    """Count finders: 40 for every row of modules that a reader could take for a finder pattern."""
    width = variants.shape[2] - _WINDOW + 1
    bits = variants.astype(np.int16)
    value = np.zeros((*variants.shape[:2], width), dtype=np.int16)
    for place in range(_WINDOW):
        value = value * 2 + bits[:, :, place : place + width]
    return 40 * (_count(value == _FINDER_LIKE[0]) + _count(value == _FINDER_LIKE[1]))


def _imbalance(variants: Modules) -> npt.NDArray[np.int64]:
    """Count imbalance: 10 for every whole 5 % that the dark share is away from one half."""
    total = variants.shape[1] * variants.shape[2]
    dark = _count(variants)
    return np.asarray(10 * (np.abs(2 * dark - total) * 10 // total), dtype=np.int64)
