"""Citizen ID numbers, with numbers of the region 3200xx, which is never issued."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compete.domain.identity.citizen_id import check_citizen_id, citizen_check_digit
from compete.domain.identity.errors import IdentityError


def problem(text: str, **options: date) -> str:
    with pytest.raises(IdentityError) as caught:
        check_citizen_id(text, **options)
    return str(caught.value.message)


@pytest.mark.parametrize(
    ("number", "birth", "gender"),
    [
        ("320000199001010012", date(1990, 1, 1), "male"),
        ("320000198512310020", date(1985, 12, 31), "female"),
        ("32000019880715001X", date(1988, 7, 15), "male"),
    ],
)
def test_a_right_number_tells_birth_and_gender(number: str, birth: date, gender: str) -> None:
    identity = check_citizen_id(number)
    assert (identity.number, identity.birth, identity.gender) == (number, birth, gender)


def test_a_small_x_spaces_and_full_width_digits_are_read() -> None:
    assert check_citizen_id(" 320000 19880715 001x ").number == "32000019880715001X"
    assert check_citizen_id("３２００００１９９００１０１００１２").number == "320000199001010012"


@pytest.mark.parametrize(
    ("number", "message"),
    [
        ("320000199001010022", "最后一位应为 0，现在是 2"),
        ("320000199001010013", "最后一位应为 2，现在是 3"),
        ("320000198512310030", "最后一位应为 9，现在是 0"),
        ("320000199002300011", "出生日期 1990-02-30 不存在"),
        ("990000199001010017", "前两位 99 不是省份代码"),
        ("810000199408230021", "前两位 81 不是省份代码"),
        ("32000019900101001", "要 18 位，现在是 17 位"),
        ("320000900101001", "这是 15 位的旧号码，请填 18 位的身份证号码"),
        ("3200001990O1010012", "第 11 位是“O”，前 17 位只能是数字"),
        ("32000019900101001Y", "最后一位是“Y”，只能是数字或 X"),
        ("", "没填"),
    ],
)
def test_a_wrong_number_is_refused_with_what_is_wanted(number: str, message: str) -> None:
    assert problem(number) == message


def test_a_birth_date_after_today_is_refused_only_when_today_is_known() -> None:
    first_17 = "32000020300101001"
    number = first_17 + citizen_check_digit(first_17)
    assert check_citizen_id(number).birth == date(2030, 1, 1)
    assert problem(number, today=date(2022, 9, 16)) == "出生日期 2030年1月1日 还没到"


@given(
    st.dates(date(1900, 1, 1), date(2020, 12, 31)),
    st.integers(0, 999),
    st.integers(0, 17),
    st.integers(1, 9),
)
def test_no_single_wrong_digit_passes(birth: date, order: int, place: int, step: int) -> None:
    first_17 = f"320000{birth:%Y%m%d}{order:03d}"
    number = first_17 + citizen_check_digit(first_17)
    assert check_citizen_id(number).birth == birth
    if number[place] == "X":
        return
    wrong = number[:place] + str((int(number[place]) + step) % 10) + number[place + 1 :]
    with pytest.raises(IdentityError):
        check_citizen_id(wrong)
