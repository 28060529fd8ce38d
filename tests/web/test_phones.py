"""A telephone number on a page can be tapped."""

from __future__ import annotations

import pytest

from compete.web.templating import with_phones


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ("联系人 吴敏 13812345678", ["13812345678"]),
        ("组委会 0512-65123456，65123457 不接", ["051265123456"]),
        ("400-810-1234 或 13900000000", ["4008101234", "13900000000"]),
        ("编号 320500199001011234，2022-09-16", []),
        ("<b>13812345678</b>", ["13812345678"]),
    ],
)
def test_each_number_leads_to_the_phone_and_nothing_else_does(
    words: str, numbers: list[str]
) -> None:
    page = with_phones(words)
    assert page.count("tel:") == len(numbers)
    assert all(f'href="tel:{number}"' in page for number in numbers)
    assert "<b>" not in page
