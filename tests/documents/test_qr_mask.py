import numpy as np
import pytest
import qrcode

from compete.documents.qr_mask import MASKS, Modules, best_modules, penalties

URL = "https://example.cn/a/7QK3MZ9T2XW8R4VB6NDP5HYC1J"


def variant(text: str, mask: int) -> Modules:
    """What the encoder makes of a text with one mask."""
    code = qrcode.QRCode(
        error_correction=qrcode.constants.ERROR_CORRECT_M, border=0, mask_pattern=mask
    )
    code.add_data(text)
    code.make(fit=True)
    return np.array(code.modules, dtype=np.bool_)


def weighed(modules: Modules) -> int:
    """The four penalties again, slowly, line by line as the standard words them."""
    size = len(modules)
    lines = [
        "".join(str(int(m)) for m in line) for square in (modules, modules.T) for line in square
    ]
    total = 0
    for line in lines:
        run = 1
        for here, there in zip(line, line[1:] + "x", strict=True):
            if here == there:
                run += 1
            else:
                total += run - 2 if run >= 5 else 0
                run = 1
        for start in range(size - 10):
            total += 40 * (line[start : start + 11] in ("10111010000", "00001011101"))
    for y in range(size - 1):
        for x in range(size - 1):
            total += 3 * (len(set(modules[y : y + 2, x : x + 2].flat)) == 1)
    share = modules.sum() * 100 / size**2
    return int(total + 10 * (abs(share - 50) // 5))


@pytest.mark.parametrize("text", ["x", URL, URL * 3, "吕㛃"])
def test_the_code_is_the_encoders_own_with_the_mask_of_least_penalty(text: str) -> None:
    variants = [variant(text, mask) for mask in range(MASKS)]
    scores = [weighed(modules) for modules in variants]
    assert penalties(np.stack(variants)).tolist() == scores
    assert (best_modules(text) == variants[scores.index(min(scores))]).all()


def test_large_codes_carry_their_version_number_under_every_mask() -> None:
    text = URL * 6
    assert any((best_modules(text) == variant(text, mask)).all() for mask in range(MASKS))
