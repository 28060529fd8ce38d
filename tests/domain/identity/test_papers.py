"""Papers other than the citizen's ID card, telephones and organisations."""

from datetime import date

import pytest

from compete.domain.identity.citizen_id import citizen_check_digit
from compete.domain.identity.credit_code import check_credit_code, credit_code_check_character
from compete.domain.identity.errors import IdentityError
from compete.domain.identity.papers import Paper, check_paper, paper_name
from compete.domain.identity.phone import check_mobile

RESIDENCE = "81000019940823002" + citizen_check_digit("81000019940823002")
PERMANENT = "91115619900101001" + citizen_check_digit("91115619900101001")


@pytest.mark.parametrize(
    ("paper", "typed", "kept"),
    [
        (Paper.CITIZEN_ID, "32000019880715001x", "32000019880715001X"),
        (Paper.RESIDENCE_PERMIT, RESIDENCE, RESIDENCE),
        (Paper.HOME_RETURN, "h12345678", "H12345678"),
        (Paper.HOME_RETURN, "M1234567801", "M1234567801"),
        (Paper.TAIWAN_PASS, "0123 4567", "01234567"),
        (Paper.PERMANENT_RESIDENCE, "ABC110123456789", "ABC110123456789"),
        (Paper.PERMANENT_RESIDENCE, PERMANENT, PERMANENT),
        (Paper.PASSPORT, "e12345678", "E12345678"),
    ],
)
def test_each_paper_has_its_own_shape(paper: Paper, typed: str, kept: str) -> None:
    assert check_paper(paper, typed) == kept


@pytest.mark.parametrize(
    ("paper", "typed", "message"),
    [
        (Paper.RESIDENCE_PERMIT, "320000199001010012", "前两位 32 不是省份代码"),
        (
            Paper.HOME_RETURN,
            "12345678",
            "港澳居民来往内地通行证的号码要 H 或 M 开头，后面 8 位数字",
        ),
        (Paper.TAIWAN_PASS, "1234567", "台湾居民来往大陆通行证的号码要 8 位数字"),
        (Paper.PASSPORT, "E-12", "护照的号码要 5 至 17 位字母或数字"),
        (Paper.PASSPORT, "护照护照护照", "护照的号码要 5 至 17 位字母或数字"),
        (Paper.PASSPORT, " ", "没填"),
    ],
)
def test_a_wrong_shape_names_the_paper(paper: Paper, typed: str, message: str) -> None:
    with pytest.raises(IdentityError) as caught:
        check_paper(paper, typed)
    assert str(caught.value.message) == message


def test_a_long_permanent_residence_number_is_checked_to_its_last_digit() -> None:
    wrong = PERMANENT[:17] + ("0" if PERMANENT[17] != "0" else "1")
    with pytest.raises(IdentityError, match=f"最后一位应为 {PERMANENT[17]}"):
        check_paper(Paper.PERMANENT_RESIDENCE, wrong)


def test_every_paper_has_a_name() -> None:
    assert len({str(paper_name(paper)) for paper in Paper}) == len(Paper)


@pytest.mark.parametrize("code", ["91329900MA1XY2122N", "12329900466001232X", "91310000775785552L"])
def test_right_credit_codes_pass(code: str) -> None:
    assert check_credit_code(code.lower()) == code


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("91329900MA1XY2122M", "最后一位应为 N，现在是 M"),
        ("91329900MO1XY2122N", "第 10 位是“O”，代码里没有这个字符"),
        ("91329900MA1XY2122", "统一社会信用代码要 18 位，现在是 17 位"),
        ("", "没填"),
    ],
)
def test_wrong_credit_codes_say_where(code: str, message: str) -> None:
    with pytest.raises(IdentityError) as caught:
        check_credit_code(code)
    assert str(caught.value.message) == message


def test_changing_any_one_character_of_a_credit_code_is_noticed() -> None:
    code = "91329900MA1XY2122N"
    for place in range(17):
        other = "1" if code[place] != "1" else "2"
        changed = code[:place] + other + code[place + 1 : 17]
        assert credit_code_check_character(changed) != "N"


@pytest.mark.parametrize("typed", ["13812345678", "138 1234 5678", "+86 138-1234-5678"])
def test_mobile_numbers_are_cleaned(typed: str) -> None:
    assert check_mobile(typed) == "13812345678"


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("1381234567", "手机号要 11 位，现在是 10 位"),
        ("12812345678", "手机号以 13 至 19 开头，现在是 12"),
        ("1381234567a", "手机号只能是数字"),
        ("", "没填"),
    ],
)
def test_wrong_mobile_numbers_say_why(typed: str, message: str) -> None:
    with pytest.raises(IdentityError) as caught:
        check_mobile(typed)
    assert str(caught.value.message) == message


def test_nobody_holds_a_residence_permit_before_being_born() -> None:
    first_17 = "81000020300101001"
    number = first_17 + citizen_check_digit(first_17)
    assert check_paper(Paper.RESIDENCE_PERMIT, number, today=date(2031, 1, 1)) == number
    with pytest.raises(IdentityError):
        check_paper(Paper.RESIDENCE_PERMIT, number, today=date(2029, 12, 31))
