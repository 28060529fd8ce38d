"""Every reason for which a row is refused, with its row, column and what is wanted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from compete.sheets.reading.cells import SEVERAL_NUMBERS
from compete.sheets.registration.plan import RegistrationPlan, RowStatus
from compete.sheets.registration.planning import plan_registration
from compete.sheets.registration.reading import read_registration
from tests.sheets.people import (
    ID_1,
    ID_2,
    ID_3,
    NOBODY,
    PORTS,
    TODAY,
    notes,
    one_row,
    own_table,
    passport_row,
    plan_of,
    port_offer,
    raw_workbook,
    reasons,
    workbook_of,
)


def messages_for(**fields: str) -> list[str]:
    """Why a row that differs from a good one in these fields is refused, and what is asked."""
    plan = plan_of(workbook_of(one_row(**fields)))
    if plan.rows[0].problems:
        assert plan.rows[0].status is RowStatus.REFUSED
        assert plan.rows[0].registration is None
        assert plan.to_write == ()
    return reasons(plan) + asked(plan)


def asked(plan: RegistrationPlan) -> list[str]:
    """What was not understood in secondary cells, which stay empty."""
    notes = map(str, plan.rows[0].notes)
    return [note.removesuffix("，先空着") for note in notes if note.endswith("，先空着")]


def test_a_good_row_is_not_refused() -> None:
    assert messages_for() == []


# The person


def test_a_missing_name() -> None:
    assert messages_for(name="") == ["姓名 B4：没填"]


def test_a_name_of_invisible_characters_only() -> None:
    assert messages_for(name="\u200b") == ["姓名 B4：没填"]


def test_a_name_that_is_too_long() -> None:
    assert messages_for(name="赵" * 61) == ["姓名 B4：有 61 个字，最多 60 个"]


def test_what_the_desk_may_call_a_unit_a_team_and_an_event_a_workbook_takes() -> None:
    """A unit of 101 to 200 characters could be made on the desk, and sent nobody."""
    long = "长" * 200
    offer = port_offer()
    offer = replace(
        offer,
        units=(replace(offer.units[0], name=long), *offer.units[1:]),
        events=(replace(offer.events[0], name=long), *offer.events[1:]),
    )
    data = workbook_of(one_row(unit=long, event=long, team=long))
    plan = plan_registration(read_registration(data), offer, NOBODY, today=TODAY)
    assert reasons(plan) == []
    assert messages_for(unit=long + "港") == ["单位 E4：有 201 个字，最多 200 个"]


@pytest.mark.parametrize("name", ["赵\x7f明", "赵\x85明", "赵\ufffd明", "赵_x0007_明"])
def test_a_name_with_broken_characters(name: str) -> None:
    assert messages_for(name=name) == ["姓名 B4：里面有乱码或看不见的控制字符，删掉重写"]


def test_a_missing_id_number() -> None:
    assert messages_for(id_number="") == ["证件号码 D4：没填"]


def test_a_wrong_check_digit_with_the_one_wanted_and_the_one_found() -> None:
    assert messages_for(id_number="320000199001010013") == ["证件号码 D4：最后一位应为 2，现在是 3"]


def test_an_id_number_of_a_wrong_length() -> None:
    assert messages_for(id_number="32000019900101001") == ["证件号码 D4：要 18 位，现在是 17 位"]


def test_an_old_id_number_of_15_digits() -> None:
    assert "15 位的旧号码" in messages_for(id_number="320000900101001")[0]


def test_an_id_number_with_a_date_that_does_not_exist() -> None:
    assert messages_for(id_number="320000199002300011") == [
        "证件号码 D4：出生日期 1990-02-30 不存在"
    ]


def test_an_id_number_of_no_province() -> None:
    assert messages_for(id_number="990000199001010017") == ["证件号码 D4：前两位 99 不是省份代码"]


def test_an_id_number_of_somebody_not_born_yet() -> None:
    assert "还没到" in messages_for(id_number="320000203001010015")[0]


def test_an_id_number_typed_as_a_number_has_lost_its_last_digits() -> None:
    plan = plan_of(own_table(("赵启明", 320000199001010012, "海州港", "叉车司机")))
    assert reasons(plan) == ["证件号码 B2：被存成数字，末几位已丢。请设为文本再填"]
    assert plan.rows[0].shown["id_number"] == "3.20000E+17"


def test_what_such_a_number_looks_like_when_copied_as_text() -> None:
    assert messages_for(id_number="3.20000E+17") == [
        "证件号码 D4：被存成数字，末几位已丢。请设为文本再填"
    ]


def test_a_short_number_in_the_column_of_id_numbers() -> None:
    plan = plan_of(own_table(("赵启明", 32000019900101, "海州港", "叉车司机")))
    assert reasons(plan) == ["证件号码 B2：被存成数字。请设为文本再填"]


@pytest.mark.parametrize("value", [date(1990, 1, 1), True])
def test_something_that_is_no_number_in_the_column_of_id_numbers(value: Any) -> None:
    plan = plan_of(own_table(("赵启明", value, "海州港", "叉车司机")))
    assert "这不是号码" in reasons(plan)[0]


def test_a_kind_of_paper_that_there_is_not() -> None:
    assert messages_for(paper="驾驶证") == ["证件类型 C4：没有“驾驶证”这种证件，从下拉里选"]


def test_a_number_that_does_not_fit_its_paper() -> None:
    plan = plan_of(workbook_of(passport_row(paper="港澳居民来往内地通行证")))
    assert reasons(plan) == [
        "证件号码 D4：港澳居民来往内地通行证的号码要 H 或 M 开头，后面 8 位数字"
    ]


def test_a_birth_month_that_disagrees_with_the_id_number() -> None:
    assert messages_for(id_number=ID_3, birth="1989-07") == [
        "出生日期 G4：写 1989-07，证件号码是 1988-07"
    ]


def test_a_birth_day_that_disagrees_with_the_id_number() -> None:
    assert messages_for(id_number=ID_3, birth="1988年7月16日") == [
        "出生日期 G4：写 1988-07-16，证件号码是 1988-07-15"
    ]


def test_a_birth_date_by_excels_count_that_disagrees() -> None:
    row = ("赵启明", ID_3, "海州港", "叉车司机", datetime(1988, 7, 16))
    assert reasons(plan_of(own_table(row))) == ["出生日期 E2：写 1988-07-16，证件号码是 1988-07-15"]


def test_a_birth_date_that_cannot_be_read() -> None:
    assert messages_for(birth="八八年") == ["出生日期 G4：看不懂“八八年”，写成 1990-01-01 这样"]


def test_a_birth_date_that_there_is_not() -> None:
    assert messages_for(birth="1990-02-30") == ["出生日期 G4：没有 1990-02-30 这一天"]


def test_a_birth_month_without_a_day_where_no_id_number_tells_it() -> None:
    plan = plan_of(workbook_of(passport_row(birth="1990-01")))
    assert asked(plan) == ["出生日期 G4：要写到日，如 1990-01-01"]


def test_a_birth_date_in_the_future_where_no_id_number_tells_it() -> None:
    plan = plan_of(workbook_of(passport_row(birth="2031-01-02")))
    assert reasons(plan) == ["出生日期 G4：2031-01-02 还没到"]


def test_a_gender_that_disagrees_with_the_id_number() -> None:
    assert messages_for(gender="女") == ["性别 F4：写“女”，证件号码是“男”"]


def test_a_gender_that_is_none() -> None:
    assert messages_for(gender="先生") == ["性别 F4：只能写“男”或“女”，现在是“先生”"]


@pytest.mark.parametrize(
    ("phone", "why"),
    [
        ("1380000000", "要 11 位，现在是 10 位"),
        ("12800000000", "13 至 19 开头"),
        ("0518-85880000", "现在是 12 位"),
        ("138x0000000", "只能是数字"),
    ],
)
def test_a_telephone_that_cannot_be(phone: str, why: str) -> None:
    (sentence,) = messages_for(phone=phone)
    assert sentence.startswith("手机 L4：")
    assert why in sentence


# The entry


def test_a_missing_unit() -> None:
    assert messages_for(unit="") == ["单位 E4：没填"]


def test_an_unknown_unit_with_the_nearest_one_there_is() -> None:
    assert messages_for(unit="海洲港") == ["单位 E4：没有“海洲港”。是不是“海州港”？"]


def test_an_unknown_unit_unlike_any() -> None:
    assert messages_for(unit="某某物流中心") == ["单位 E4：名单里没有“某某物流中心”"]


def test_a_missing_event_where_there_are_several() -> None:
    assert messages_for(event="") == ["赛项 H4：没填"]


def test_a_missing_column_of_events_where_there_are_several() -> None:
    header = ["姓名", "证件号码", "单位"]
    plan = plan_of(raw_workbook({"选手": [header, ["赵启明", ID_1, "海州港"]]}))
    assert reasons(plan) == ["赛项：没填"]


def test_an_unknown_event() -> None:
    assert messages_for(event="叉车司磯") == ["赛项 H4：没有“叉车司磯”。是不是“叉车司机”？"]


def test_an_unknown_group() -> None:
    assert messages_for(group="老年") == ["组别 J4：没有“老年”这个组，写职工、教师或学生"]


@pytest.mark.parametrize("grade", ["六级", "大师", "0", "4.5"])
def test_an_unknown_grade(grade: str) -> None:
    (sentence,) = messages_for(grade=grade)
    assert sentence.startswith("现等级 K4：没有")


@pytest.mark.parametrize("year", ["去年", "1949", "2023", "21"])
def test_a_year_of_promotion_that_cannot_be(year: str) -> None:
    assert messages_for(promoted=year) == [
        f"上次竞赛晋升年份 M4：要写年份，如 2021，现在是“{year}”"
    ]


def test_a_code_with_blanks_in_it() -> None:
    assert messages_for(code="F 01") == ["编号 A4：编号只用字母、数字和 -，现在是“F 01”"]


def test_a_code_that_is_too_long() -> None:
    assert messages_for(code="F" * 21) == ["编号 A4：有 21 个字，最多 20 个"]


# The row among the others


def test_the_same_person_twice_names_the_other_row() -> None:
    plan = plan_of(workbook_of(one_row(), one_row(name="钱海峰", id_number=ID_2), one_row()))
    assert [row.status.value for row in plan.rows] == ["added", "added", "refused"]
    assert reasons(plan, 2) == ["证件号码 D6：与第 4 行是同一个人"]


def test_the_same_person_written_in_another_width_is_still_the_same() -> None:
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in ID_1)
    plan = plan_of(workbook_of(one_row(), one_row(id_number=wide)))
    assert reasons(plan, 1) == ["证件号码 D5：与第 4 行是同一个人"]


def test_the_same_person_in_two_events_is_two_entrants() -> None:
    plan = plan_of(workbook_of(one_row(), one_row(event="门座式起重机司机")))
    assert [row.status.value for row in plan.rows] == ["added", "added"]


def test_one_id_number_under_two_names() -> None:
    plan = plan_of(workbook_of(one_row(), one_row(name="赵启朋", event="门座式起重机司机")))
    assert reasons(plan, 1) == ["证件号码 D5：和第 4 行的证件号码一样，那里的姓名是“赵启明”"]


def test_one_code_for_two_people() -> None:
    plan = plan_of(
        workbook_of(one_row(code="F07"), one_row(code="F07", name="钱海峰", id_number=ID_2))
    )
    assert reasons(plan, 1) == ["编号 A5：F07 和第 4 行重了"]


def test_all_that_is_wrong_with_a_row_is_said_at_once_in_the_order_of_the_columns() -> None:
    sentences = messages_for(name="", id_number="1", unit="x", phone="1", gender="?")
    assert [sentence.split()[0] for sentence in sentences] == [
        "姓名",
        "证件号码",
        "单位",
        "性别",
        "手机",
    ]


def test_bad_rows_do_not_keep_good_ones_from_being_written() -> None:
    plan = plan_of(workbook_of(one_row(name=""), one_row(name="钱海峰", id_number=ID_2)))
    assert [row.number for row in plan.to_write] == [5]
    assert [row.number for row in plan.refused] == [4]
    assert plan.for_preview[0].number == 4


def test_the_bad_columns_of_a_row_are_told() -> None:
    plan = plan_of(workbook_of(one_row(name="", unit="海洲港")))
    assert plan.rows[0].bad_columns == {"name", "unit"}


def test_thousands_of_unknown_units_get_no_more_guesses_than_is_cheap() -> None:
    rows = [one_row(unit=f"{PORTS[0]}{n}") for n in range(400)]
    plan = plan_of(workbook_of(*rows))
    guessed = sum("是不是" in reasons(plan, n)[-1] for n in range(400))
    assert guessed == 300


def test_a_cell_that_says_the_same_wrong_thing_is_told_of_in_every_row() -> None:
    rows = [one_row(), one_row(id_number=ID_2, group="临时工"), one_row(id_number=ID_3)]
    plan = plan_of(workbook_of(*rows, one_row(name="钱二", id_number=ID_1, group="临时工")))
    wrong = [row.number for row in plan.refused if row.bad_columns >= {"group"}]
    assert wrong == [5, 7]
    assert plan.rows[0].registration != plan.rows[2].registration


@pytest.mark.parametrize(
    "fields",
    [
        {"phone": "0518-85880000"},
        {"phone": "1380000000/0518"},
        {"education": "乱写"},
        {"grade": "大师"},
    ],
)
def test_nobody_is_refused_for_a_secondary_cell(fields: dict[str, str]) -> None:
    plan = plan_of(workbook_of(one_row(**fields)))
    written = plan.rows[0].registration
    assert written is not None
    assert [getattr(written, key) for key in fields] == [None]
    assert len(asked(plan)) == 1


def test_of_several_telephones_the_first_mobile_is_written_and_that_is_noted() -> None:
    plan = plan_of(workbook_of(one_row(phone="13800000001/13800000002")))
    written = plan.rows[0].registration
    assert written is not None
    assert written.phone == "13800000001"
    assert [str(SEVERAL_NUMBERS)] == notes(plan)


@pytest.mark.parametrize("name", ["?", "无", "待定", "张三、李四", "1.赵六", "赵138"])
def test_an_odd_name_is_asked(name: str) -> None:
    assert any(
        "姓名" in str(note) for note in plan_of(workbook_of(one_row(name=name))).rows[0].notes
    )


def test_one_education_in_two_words_is_understood() -> None:
    written = plan_of(workbook_of(one_row(education="本科/学士"))).rows[0].registration
    assert written is not None
    assert written.education == "bachelor"
