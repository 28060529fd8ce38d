"""What is taken, and how: many spellings, one meaning, and a note where something was mended."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from compete.domain.identity.citizen_id import citizen_check_digit
from compete.domain.identity.papers import Paper
from compete.domain.values.messages import Message, msg
from compete.sheets.registration.people import (
    OfferedEvent,
    OfferedUnit,
    Registration,
    RegistrationOffer,
)
from compete.sheets.registration.planning import plan_registration
from compete.sheets.registration.reading import read_registration
from tests.sheets.people import (
    ID_1,
    ID_2,
    ID_3,
    NOBODY,
    TODAY,
    citizen_id,
    notes,
    one_row,
    own_table,
    passport_row,
    plan_of,
    raw_workbook,
    reasons,
    workbook_of,
)


def taken(**fields: str) -> Registration:
    """What a row that differs from a good one in these fields would write."""
    plan = plan_of(workbook_of(one_row(**fields)))
    assert reasons(plan) == []
    registration = plan.rows[0].registration
    assert registration is not None
    return registration


def test_a_plain_row_writes_what_it_says_and_what_the_id_number_tells() -> None:
    assert taken(grade="四级/中级工", phone="138 0000-0000", team="海州港代表队") == Registration(
        code="F001",
        name="赵启明",
        event="FORK",
        unit="U01",
        paper=Paper.CITIZEN_ID,
        id_number=ID_1,
        gender="male",
        birth=date(1990, 1, 1),
        team="T01",
        group="worker",
        grade=4,
        phone="13800000000",
        promoted=None,
    )


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("\u3000赵启明\u00a0", "赵启明"),
        ("赵 明", "赵明"),
        ("赵\u3000明", "赵明"),
        ("阿依古丽•买买提", "阿依古丽·买买提"),
        ("Anna  Li", "Anna Li"),
        ("䶮𠅤㛃", "䶮𠅤㛃"),
        ("e\u0301ric", "éric"),
        ("\u202a赵启明\u202c", "赵启明"),
    ],
)
def test_names_are_cleaned_of_what_is_not_theirs(written: str, name: str) -> None:
    assert taken(name=written).name == name


def test_a_mended_name_is_noted() -> None:
    assert notes(plan_of(workbook_of(one_row(name="赵 明")))) == ["姓名中间的空格去掉了"]
    assert notes(plan_of(workbook_of(one_row(name="阿依•买买提")))) == ["姓名里的间隔点改成了“·”"]


def test_a_name_with_a_character_of_somebodys_own_making_is_noted() -> None:
    (note,) = notes(plan_of(workbook_of(one_row(name="赵\ue000明\U000f0001"))))
    assert note.startswith("姓名第 2 个字（U+E000）、第 4 个字（U+F0001）是自造的字")
    assert "字体文件夹" in note
    assert notes(plan_of(workbook_of(one_row(name="𠮷野·㐆")))) == []


def test_wide_digits_in_an_id_number_are_mended_and_noted() -> None:
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in ID_1)
    plan = plan_of(workbook_of(one_row(id_number=wide)))
    assert notes(plan) == ["证件号码里的全角字符改成了半角"]
    assert plan.rows[0].shown["id_number"] == "3200**********0012"


@pytest.mark.parametrize("around", ["{} ", "'{}", "\u3000{}", "320000 19900101 0012"])
def test_blanks_and_marks_around_an_id_number_do_no_harm(around: str) -> None:
    assert taken(id_number=around.format(ID_1)).id_number == ID_1


def test_a_small_x_becomes_a_large_one() -> None:
    number = next(n for s in range(1, 99) if (n := citizen_id(date(1990, 1, 1), s))[-1] == "X")
    assert taken(id_number=number.lower()).id_number == number


@pytest.mark.parametrize(
    "birth", ["1988-07-15", "1988-07", "1988.7", "1988/7/15", "1988年7月", "19880715", "198807"]
)
def test_birth_dates_in_many_spellings_agree(birth: str) -> None:
    assert taken(id_number=ID_3, birth=birth).birth == date(1988, 7, 15)


@pytest.mark.parametrize(
    ("number", "birth"),
    [
        (ID_3, datetime(1988, 7, 15)),
        (ID_3, 32339),
        (ID_3, 19880715),
        (ID_3, 1988.07),
        (ID_3, datetime(1988, 7, 1)),
        (citizen_id(date(1988, 10, 9), 1), 1988.1),
    ],
    ids=["date", "count of days", "compact", "decimal", "month made a date", "lost zero"],
)
def test_birth_dates_as_excel_stores_them_agree(number: str, birth: Any) -> None:
    plan = plan_of(own_table(("赵启明", number, "海州港", "叉车司机", birth)))
    assert reasons(plan) == []


@pytest.mark.parametrize(
    ("grade", "level"),
    [
        ("四级/中级工", 4),
        ("四级", 4),
        ("中级工", 4),
        ("4", 4),
        ("４级", 4),
        ("高级技师", 1),
        ("无", None),
        ("—", None),
        ("", None),
    ],
)
def test_grades_in_many_words(grade: str, level: int | None) -> None:
    assert taken(grade=grade).grade == level


def test_numbers_where_numbers_are_natural() -> None:
    header = ["姓名", "证件号码", "单位", "赛项", "现等级", "手机", "编号", "上次竞赛晋升年份"]
    row = ["赵启明", ID_1, "海州港", "叉车司机", 4, 13800000000, 12, 2020]
    registration = plan_of(raw_workbook({"选手": [header, row]})).rows[0].registration
    assert registration is not None
    assert (registration.grade, registration.phone) == (4, "13800000000")
    assert (registration.code, registration.promoted) == ("12", 2020)


def test_other_papers_have_their_own_rules() -> None:
    row = plan_of(workbook_of(passport_row())).rows[0]
    assert row.registration is not None
    assert row.registration.paper is Paper.PASSPORT
    assert row.registration.birth == date(1990, 1, 1)
    assert row.registration.gender == "female"


def test_a_pass_typed_as_a_number_is_taken_with_a_warning() -> None:
    header = ("姓名", "证件类型", "证件号码", "单位", "赛项")
    row = ("林", "台胞证", 12345678, "海州港", "叉车司机")
    plan = plan_of(raw_workbook({"选手": [header, row]}))
    assert plan.rows[0].registration is not None
    assert plan.rows[0].registration.id_number == "12345678"
    assert any("核对" in note for note in notes(plan))


def test_a_residence_permit_tells_birth_and_gender_too() -> None:
    number = "81" + citizen_id(date(1990, 1, 1), 2)[2:17]
    registration = taken(paper="居住证", id_number=number + citizen_check_digit(number))
    assert (registration.gender, registration.birth) == ("female", date(1990, 1, 1))


def test_units_and_events_are_found_by_code_and_in_any_width() -> None:
    assert taken(unit="U02", event="ＦＯＲＫ").unit == "U02"
    assert taken(unit="海 州 港").unit == "U01"


def test_where_one_event_is_offered_it_need_not_be_written() -> None:
    offer = RegistrationOffer(
        "竞赛", [OfferedEvent("ONLY", "唯一赛项")], [OfferedUnit("U1", "海州港")]
    )
    data = raw_workbook({"选手": [["姓名", "证件号码", "单位"], ["赵启明", ID_1, "海州港"]]})
    plan = plan_registration(read_registration(data), offer, NOBODY, today=TODAY)
    registration = plan.rows[0].registration
    assert registration is not None
    assert (registration.event, registration.code) == ("ONLY", "A001")


def test_the_group_is_workers_unless_said() -> None:
    assert taken(event="门座式起重机司机").group == "worker"
    assert taken(event="门座式起重机司机", group="学生组").group == "student"


def test_somebody_below_16_is_noted_and_not_refused() -> None:
    plan = plan_of(workbook_of(one_row(id_number=citizen_id(date(2006, 9, 9), 1))))
    assert notes(plan) == ["不满 16 周岁"]
    plan = plan_of(workbook_of(one_row(id_number=citizen_id(date(2006, 9, 8), 1))))
    assert notes(plan) == []


def test_whoever_knows_the_fonts_may_remark_on_names() -> None:
    def rare(name: str) -> Message | None:
        return msg("姓名有生僻字") if "䶮" in name else None

    data = workbook_of(one_row(name="赵䶮"), one_row(id_number=ID_2))
    plan = plan_of(data, name_note=rare)
    assert [notes(plan, n) for n in (0, 1)] == [["姓名有生僻字"], []]


def test_what_is_shown_is_what_is_meant_with_the_number_masked() -> None:
    row = plan_of(workbook_of(one_row(unit="U01", grade="四级", gender="男性", group="职工组")))
    shown = {key: str(value) for key, value in row.rows[0].shown.items()}
    assert shown == {
        "code": "F001",
        "name": "赵启明",
        "id_number": "3200**********0012",
        "unit": "海州港",
        "event": "叉车司机",
        "gender": "男",
        "group": "职工",
        "grade": "四级/中级工",
    }
