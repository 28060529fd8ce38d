"""What a mask leaves to be seen."""

import pytest

from compete.domain.identity.masks import mask_id, mask_name, mask_phone, mask_phones


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("张三", "张*"),
        ("张小三", "张*三"),
        ("欧阳小明", "欧**明"),
        ("吕䶮", "吕*"),
        ("王𠅤㛃", "王*㛃"),
        ("王\U00020164\U000e0100", "王*"),
        ("王\U00020164\U000e01ef", "王*"),
        ("阿布都热依木·买买提江·伊斯拉木", "阿***木"),
        ("三", "*"),
        ("", ""),
    ],
)
def test_names_keep_the_first_and_from_three_the_last_character(name: str, shown: str) -> None:
    assert mask_name(name) == shown


def test_an_id_number_shows_four_and_four() -> None:
    assert mask_id("320000199001010012") == "3200**********0012"


@pytest.mark.parametrize(
    ("number", "shown"), [("H12345678", "H******78"), ("01234567", "0*****67"), ("E1234", "*****")]
)
def test_short_numbers_show_less(number: str, shown: str) -> None:
    assert mask_id(number) == shown


def test_a_phone_hides_its_middle_four() -> None:
    assert mask_phone("13812345678") == "138****5678"
    assert mask_phone("051712") == "****12"
    assert mask_phone("12") == "**"


def test_two_phones_show_where_they_differ_and_no_more() -> None:
    assert mask_phones("19912342002", "19915342002") == ("199*2**2002", "199*5**2002")
    assert mask_phones("19912342002", "19912342002") == ("199****2002", "199****2002")
    assert mask_phones("19912342002", "13812342002") == ("199****2002", "138****2002")
    assert mask_phones("", "19912342002") == ("", "199****2002")
