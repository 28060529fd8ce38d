"""The 22 characters of a certificate number."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compete.domain.identity.certificate_number import CertificateNumber, is_old_certificate_number
from compete.domain.identity.errors import IdentityError

NUMBER = "Y000032000123222000001"


def problem(text: str) -> str:
    with pytest.raises(IdentityError) as caught:
        CertificateNumber.parse(text)
    return str(caught.value.message)


def test_a_number_comes_apart_into_its_seven_parts() -> None:
    number = CertificateNumber.parse(NUMBER)
    assert number.kind == "Y"
    assert (number.body, number.province, number.site) == ("0000", "32", "000123")
    assert (number.year, number.level, number.serial) == ("22", "2", 1)
    assert number.grade == 2
    assert str(number) == NUMBER


def test_a_number_is_shown_in_groups_and_read_back_from_them() -> None:
    number = CertificateNumber.parse(NUMBER)
    assert number.spaced == "Y0000 32 000123 22 2 000001"
    assert CertificateNumber.parse(number.spaced) == number
    assert CertificateNumber.parse("y0000-32-000123-22-2-000001") == number


def test_a_number_is_built_from_the_body_the_year_and_the_grade() -> None:
    built = CertificateNumber.build(
        kind="S", body="0012", province="32", site="000123", year=2026, level=3, serial=42
    )
    assert str(built) == "S001232000123263000042"


def test_a_grade_above_the_first_bears_a_letter() -> None:
    number = CertificateNumber.parse("Y00003200012322T000001")
    assert number.level == "T"
    assert number.grade is None


def test_the_millionth_certificate_of_a_year_is_refused() -> None:
    with pytest.raises(IdentityError, match="已经用完"):
        CertificateNumber.build(
            kind="Y", body="0000", province="32", site="000123", year=2026, level=3, serial=10**6
        )


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        (NUMBER[:-1], "少 1 位。编号是 1 个字母加 21 位数字，现在是 20 位数字"),
        (NUMBER + "1", "多 1 位。编号是 1 个字母加 21 位数字，现在是 22 位数字"),
        ("Y00003200012322200000O", "第 22 位要数字，现在是“O”，是不是 0？"),
        ("Y0000320001232220000A1", "第 21 位要数字，现在是“A”"),
        ("0" + NUMBER[1:], "第 1 位要大写字母，如 Y 或 S，现在是“0”"),
        ("Y000032000123226000001", "第 16 位是等级，只能是 1 至 5，现在是“6”"),
        ("Y000032000123222000000", "最后 6 位是流水号，从 000001 开始"),
        (
            "1632003000300123",
            "这是 16 位的旧职业资格证书编号，这里查的是 22 位的技能等级证书",
        ),
        ("", "没填"),
    ],
)
def test_a_mistyped_number_is_told_what_is_amiss(typed: str, message: str) -> None:
    assert problem(typed) == message


def test_the_last_number_of_a_year_may_be_given_and_none_beyond() -> None:
    parts = {"kind": "Y", "body": "0000", "province": "32", "site": "000123", "year": 2022}
    last = CertificateNumber.build(**parts, level=2, serial=999_999)  # type: ignore[arg-type]
    assert str(last).endswith("2999999")
    with pytest.raises(IdentityError, match="已经用完"):
        CertificateNumber.build(**parts, level=2, serial=1_000_000)  # type: ignore[arg-type]


def test_old_certificates_have_sixteen_digits_or_thirteen() -> None:
    assert is_old_certificate_number("1632 0030 0030 0123")
    assert is_old_certificate_number("1632003000300")
    assert not is_old_certificate_number(NUMBER)


@given(st.text(max_size=30))
def test_any_text_is_either_a_number_or_a_told_problem(text: str) -> None:
    with contextlib.suppress(IdentityError):
        number = CertificateNumber.parse(text)
        assert CertificateNumber.parse(str(number)) == number
