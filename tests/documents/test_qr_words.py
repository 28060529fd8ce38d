"""What is worked out as arrays is what the encoder draws."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
import qrcode
from qrcode.exceptions import DataOverflowError

from compete.documents.qr_words import LEVEL, Modules, draw_unmasked

URL = "https://example.cn/a/7QK3MZ9T2XW8R4VB6NDP5HYC1J"
ALPHABETS = ("0123456789", "ABCXYZ $%*+-./:09", "abcdef0123", "港口é\x00~")


def drawn(text: str) -> tuple[Modules, int]:
    code = qrcode.QRCode(error_correction=LEVEL, border=0, mask_pattern=0)
    code.add_data(text)
    code.make(fit=True)
    return np.array(code.modules, dtype=np.bool_), code.version


def mixed(length: int) -> str:
    """Runs of digits, of capitals and of anything, some long enough to be packed."""
    rng, text = Random(length), ""
    while len(text) < length:
        text += "".join(rng.choices(rng.choice(ALPHABETS), k=rng.randint(1, 60)))
    return text[:length]


# A few sizes in each of the three kinds of version, and both sides of where they meet.
TEXTS = ("0", "A", URL, "1" * 399, "1" * 400, *map(mixed, range(1, 800, 61)))


@pytest.mark.parametrize("text", TEXTS)
def test_the_modules_are_the_encoders(text: str) -> None:
    modules, version = draw_unmasked(text)
    expected, known = drawn(text)
    assert version == known
    assert (modules == expected).all()


def test_what_no_code_holds_is_refused() -> None:
    with pytest.raises(DataOverflowError):
        draw_unmasked("é" * 3000)
