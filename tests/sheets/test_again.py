"""Uploading onto people who are there already: found again, changed, or left alone."""

from __future__ import annotations

from datetime import date

from msgspec import structs

from compete.sheets.registration.people import (
    KnownEntrant,
    KnownPeople,
)
from compete.sheets.registration.plan import RegistrationPlan
from compete.sheets.registration.planning import plan_registration
from compete.sheets.registration.reading import read_registration
from tests.sheets.people import (
    ID_1,
    ID_2,
    ID_3,
    NOBODY,
    TODAY,
    RegistrationRow,
    known_after,
    many_rows,
    notes,
    offer_after,
    one_row,
    plan_of,
    port_offer,
    raw_workbook,
    reasons,
    workbook_of,
)

KNOWN = KnownEntrant(
    code="F001",
    name="赵启明",
    event="FORK",
    unit="U01",
    id_key=f"citizen_id:{ID_1}",
    gender="male",
    birth=date(1990, 1, 1),
    team="T01",
    grade=5,
    phone="13800000000",
)


def plan_onto(known: KnownEntrant, *rows: RegistrationRow) -> RegistrationPlan:
    """The rows, with one person there already."""
    return plan_of(workbook_of(*rows), KnownPeople(NOBODY.id_key, [known]))


def changed(plan: RegistrationPlan) -> dict[str, tuple[str, str]]:
    """Column to old and new, as shown."""
    return {c.column: (str(c.old), str(c.new)) for c in plan.rows[0].changes}


def statuses(plan: RegistrationPlan) -> list[str]:
    return [row.status.value for row in plan.rows]


def test_the_same_file_twice_changes_nothing() -> None:
    rows = [*many_rows(60, port_offer()), one_row(event="门座式起重机司机", team="门机队")]
    data = workbook_of(*rows)
    first = plan_of(data)
    assert set(statuses(first)) == {"added"}
    again = plan_registration(
        read_registration(data), offer_after(first), known_after(first), today=TODAY
    )
    assert set(statuses(again)) == {"unchanged"}
    assert (again.to_write, again.new_units, again.new_teams) == ((), (), ())


def test_the_same_input_gives_the_same_plan() -> None:
    data = workbook_of(*many_rows(60, port_offer()))
    assert plan_of(data) == plan_of(data)


def test_a_row_that_says_the_same_changes_nothing() -> None:
    plan = plan_onto(KNOWN, one_row(grade="五级", phone="+86 138 0000 0000", birth="1990.1"))
    assert statuses(plan) == ["unchanged"]
    assert plan.rows[0].existing == KNOWN
    assert plan.rows[0].shown["code"] == "F001"
    assert plan.rows[0].shown["phone"] == "138****0000"


def test_a_changed_phone_shows_the_digits_that_changed() -> None:
    plan = plan_onto(KNOWN, one_row(phone="13800700000"))
    assert changed(plan) == {"phone": ("138**0*0000", "138**7*0000")}


def test_empty_cells_leave_what_is_known() -> None:
    plan = plan_onto(KNOWN, one_row())
    assert statuses(plan) == ["unchanged"]
    registration = plan.rows[0].registration
    assert registration is not None
    assert (registration.grade, registration.team) == (5, "T01")


def test_a_year_that_was_not_known_is_told_as_new() -> None:
    assert changed(plan_onto(KNOWN, one_row(promoted="2021"))) == {"promoted": ("无", "2021")}


def test_a_gender_that_is_known_stays_where_the_paper_tells_none() -> None:
    known = structs.replace(KNOWN, id_key="passport:E12345678")
    plan = plan_onto(known, one_row(paper="护照", id_number="E12345678"))
    registration = plan.rows[0].registration
    assert registration is not None
    assert (registration.gender, statuses(plan)) == ("male", ["unchanged"])


def test_none_takes_away_what_is_known() -> None:
    plan = plan_onto(KNOWN, one_row(grade="无", team="无", phone="无"))
    assert changed(plan) == {
        "grade": ("五级/初级工", "无等级"),
        "team": ("海州港代表队", "无"),
        "phone": ("138****0000", "无"),
    }


def test_a_cell_with_nothing_to_be_seen_in_it_takes_nothing_away() -> None:
    plan = plan_onto(KNOWN, one_row(grade="\u200b", team="\ufeff"))
    assert statuses(plan) == ["unchanged"]


def test_a_new_grade_is_a_change_from_old_to_new() -> None:
    plan = plan_onto(KNOWN, one_row(grade="四级/中级工"))
    assert statuses(plan) == ["changed"]
    assert changed(plan) == {"grade": ("五级/初级工", "四级/中级工")}
    assert plan.to_write == plan.rows


def test_a_new_unit_takes_the_team_along() -> None:
    plan = plan_onto(KNOWN, one_row(unit="江南港"))
    assert changed(plan) == {"unit": ("海州港", "江南港"), "team": ("海州港代表队", "江南港代表队")}
    assert notes(plan) == ["单位改了，代表队跟着变"]


def test_a_new_unit_without_a_team_leaves_none() -> None:
    assert changed(plan_onto(KNOWN, one_row(unit="运河港")))["team"] == ("海州港代表队", "无")


def test_a_team_of_another_unit_stays_when_the_unit_changes() -> None:
    plan = plan_onto(structs.replace(KNOWN, team="T02"), one_row(unit="运河港"))
    assert changed(plan) == {"unit": ("海州港", "运河港")}


def test_another_name_for_a_known_number_is_a_change_worth_a_look() -> None:
    plan = plan_onto(KNOWN, one_row(name="赵启朋"))
    assert changed(plan) == {"name": ("赵启明", "赵启朋")}
    assert notes(plan) == ["姓名改了，看看是不是同一个人"]


def test_another_name_in_another_event_is_noted() -> None:
    plan = plan_onto(KNOWN, one_row(name="赵启朋", event="门座式起重机司机"))
    assert statuses(plan) == ["added"]
    assert "姓名是“赵启明”" in notes(plan)[0]


def test_who_is_in_another_event_already_is_told_of() -> None:
    plan = plan_onto(KNOWN, one_row(event="门座式起重机司机"))
    assert statuses(plan) == ["added"]
    assert notes(plan) == ["已经报了另一个赛项（F001），写入就是两项都报；是改报的，把那一项退赛"]
    gone = plan_onto(structs.replace(KNOWN, withdrawn=True), one_row(event="门座式起重机司机"))
    assert notes(gone) == []


def test_a_new_code_for_somebody_known_is_a_change() -> None:
    assert changed(plan_onto(KNOWN, one_row(code="F099"))) == {"code": ("F001", "F099")}


def test_the_own_code_beside_the_own_number_is_in_order() -> None:
    plan = plan_onto(KNOWN, one_row(code="F001"))
    assert (statuses(plan), reasons(plan)) == (["unchanged"], [])


def test_a_code_that_is_somebody_elses_is_refused() -> None:
    plan = plan_onto(KNOWN, one_row(name="钱海峰", id_number=ID_2, code="F001"))
    assert reasons(plan) == ["编号 A4：F001 已经是“赵启明”的编号"]


def test_somebody_known_by_name_only_is_found_by_code_and_gets_the_number() -> None:
    plan = plan_onto(structs.replace(KNOWN, id_key=None), one_row(code="F001"))
    assert changed(plan) == {"id_number": ("无", "3200**********0012")}


def test_a_code_and_the_name_of_somebody_with_another_number_are_not_enough() -> None:
    plan = plan_onto(KNOWN, one_row(code="F001", id_number=ID_2))
    assert statuses(plan) == ["refused"]
    assert reasons(plan) == ["编号 A4：F001 已经是“赵启明”的编号"]


def test_a_name_without_a_number_in_another_event_is_somebody_else() -> None:
    plan = plan_onto(
        structs.replace(KNOWN, id_key=None), one_row(code="F001", event="门座式起重机司机")
    )
    assert reasons(plan) == ["编号 A4：F001 已经是“赵启明”的编号"]


def test_a_code_and_another_name_are_not_enough_to_find_somebody() -> None:
    plan = plan_onto(structs.replace(KNOWN, id_key=None), one_row(code="F001", name="钱海峰"))
    assert reasons(plan) == ["编号 A4：F001 已经是“赵启明”的编号"]


def test_whoever_was_erased_is_not_registered_anew_under_the_old_number() -> None:
    plan = plan_onto(structs.replace(KNOWN, id_key=None, erased=True), one_row(code="F001"))
    assert reasons(plan) == ["编号 A4：F001 已经是“赵启明”的编号"]


def test_what_the_number_tells_is_no_change_where_nothing_was_kept() -> None:
    bare = structs.replace(KNOWN, gender=None, birth=None)
    assert statuses(plan_onto(bare, one_row())) == ["unchanged"]
    assert changed(plan_onto(bare, one_row(gender="男"))) == {"gender": ("无", "男")}


def test_who_has_withdrawn_stays_withdrawn() -> None:
    plan = plan_onto(structs.replace(KNOWN, withdrawn=True), one_row(grade="四级"))
    assert statuses(plan) == ["changed"]
    assert notes(plan) == ["这个人已退赛，这里不恢复"]


def test_who_is_not_in_the_file_is_left_alone() -> None:
    plan = plan_onto(KNOWN, one_row(name="钱海峰", id_number=ID_2))
    assert [row.existing for row in plan.rows] == [None]


# Codes


def test_new_codes_follow_the_highest_in_use_and_skip_those_in_the_file() -> None:
    plan = plan_onto(
        structs.replace(KNOWN, code="F0041"),
        one_row(name="钱海峰", id_number=ID_2),
        one_row(name="孙", id_number=ID_3, code="F0050"),
    )
    assert [row.shown["code"] for row in plan.rows] == ["F0051", "F0050"]


def test_refused_rows_use_up_no_code() -> None:
    plan = plan_of(workbook_of(one_row(name=""), one_row(name="钱海峰", id_number=ID_2)))
    assert plan.rows[1].shown["code"] == "F001"


def test_each_event_has_its_own_prefix() -> None:
    plan = plan_of(workbook_of(one_row(), one_row(event="门座式起重机司机")))
    assert [row.shown["code"] for row in plan.rows] == ["F001", "C001"]


# Units and teams made on the way


def test_a_unit_listed_in_its_sheet_is_made() -> None:
    person = ["赵启明", ID_1, "新城物流公司", "叉车司机"]
    data = raw_workbook(
        {
            "选手": [["姓名", "证件号码", "单位", "赛项"], person],
            "单位": [
                ["单位编号", "单位名称", "统一社会信用代码", "上级单位"],
                ["示例", "示例公司", None, None],
                [None, "新城物流公司", "91329900MA1XY2122N", "新城集团"],
                ["N9", "新城集团", None, "省港口集团"],
            ],
        }
    )
    plan = plan_of(data)
    assert [(u.code, u.name, u.credit_code, u.parent, u.row) for u in plan.new_units] == [
        ("U07", "新城物流公司", "91329900MA1XY2122N", "N9", 3),
        ("N9", "新城集团", None, "U06", 4),
    ]
    assert plan.rows[0].registration is not None
    assert plan.rows[0].registration.unit == "U07"


def test_a_refused_row_makes_no_unit_and_no_team() -> None:
    data = workbook_of(one_row(name="", unit="新城物流公司", team="新队"))
    plan = plan_of(data)
    assert (plan.new_units, plan.new_teams) == ((), ())


def test_a_new_team_is_made_once_for_all_its_rows() -> None:
    plan = plan_of(
        workbook_of(one_row(team="一队"), one_row(name="钱海峰", id_number=ID_2, team=" 一队"))
    )
    assert [(t.code, t.name, t.event, t.unit) for t in plan.new_teams] == [
        ("T03", "一队", "FORK", "U01")
    ]
    assert notes(plan) == ["“一队”是新代表队，会一起建"]


def test_a_team_of_another_event_is_another_team() -> None:
    plan = plan_of(workbook_of(one_row(event="门座式起重机司机", team="海州港代表队")))
    assert [team.event for team in plan.new_teams] == ["CRANE"]


def unit_problems(*rows: list[str | None]) -> list[str]:
    """What is said of rows of the sheet of units, which begin at row 2."""
    people = [["姓名", "证件号码", "单位", "赛项"], ["赵启明", ID_1, "海州港", "叉车司机"]]
    header = ["单位名称", "单位编号", "统一社会信用代码", "上级单位"]
    plan = plan_of(raw_workbook({"选手": people, "单位": [header, *rows]}))
    return [str(refused.problem.message) for refused in plan.unit_problems]


def test_bad_rows_of_the_sheet_of_units_are_refused_by_cell() -> None:
    assert unit_problems(
        [None, "N1", None, None],
        ["甲公司", "U01", None, None],
        ["乙公司", "N 2", None, None],
        ["丙公司", None, "91329900MA1XY21220", None],
        ["丁公司", None, None, "海洲港"],
        ["戊公司", None, None, None],
        ["戊 公司", None, None, None],
    ) == [
        "单位名称 A2：没填",
        "单位编号 B3：U01 已经是别的单位的编号",
        "单位编号 B4：编号只用字母、数字和 -，现在是“N 2”",
        "统一社会信用代码 C5：最后一位应为 N，现在是 0",
        "单位名称 A8：和第 7 行重了",
        "上级单位 D6：没有“海洲港”。是不是“海州港”？",
    ]


def test_units_above_each_other_in_a_ring_are_refused() -> None:
    assert unit_problems(["甲公司", None, None, "乙公司"], ["乙公司", None, None, "甲公司"]) == [
        "上级单位 D2：上级单位绕成了圈",
        "上级单位 D3：没有“甲公司”",
    ]


def test_a_row_whose_unit_is_refused_says_where_to_mend() -> None:
    data = raw_workbook(
        {
            "选手": [["姓名", "证件号码", "单位", "赛项"], ["赵启明", ID_1, "丙公司", "叉车司机"]],
            "单位": [["单位名称", "统一社会信用代码"], ["丙公司", "123"]],
        }
    )
    assert reasons(plan_of(data)) == ["单位 C2：“单位”页第 2 行有错，先改那里"]


def test_a_listed_unit_that_is_known_is_left_as_it_is_and_that_is_said() -> None:
    data = raw_workbook(
        {
            "选手": [["姓名", "证件号码", "单位", "赛项"], ["赵启明", ID_1, "海州港", "叉车司机"]],
            "单位": [["单位名称"], ["海州港"]],
        }
    )
    plan = plan_of(data)
    assert plan.new_units == ()
    assert "有 1 个单位已经在了" in str(plan.notices[0])


def test_a_gender_kept_in_another_spelling_is_no_change() -> None:
    assert statuses(plan_onto(structs.replace(KNOWN, gender="男"), one_row(gender="男"))) == [
        "unchanged"
    ]
    assert changed(plan_onto(structs.replace(KNOWN, gender="女"), one_row())) == {
        "gender": ("女", "男")
    }


def test_another_number_of_the_same_name_and_unit_is_told() -> None:
    plan = plan_onto(KNOWN, one_row(id_number=ID_3))
    assert statuses(plan) == ["added"]
    assert notes(plan) == [
        "和名单里的 F001 赵启明 同名同单位，证件号码不同："
        "是更正号码的，在他那一页更正；不是同一个人的，照样写入"
    ]
    entered = plan_onto(structs.replace(KNOWN, code="0f" * 16), one_row(id_number=ID_3))
    assert notes(entered)[0].startswith("和名单里的 赵启明 同名同单位")
    for other in (
        plan_onto(KNOWN, one_row(id_number=ID_3, unit="江南港")),
        plan_onto(KNOWN, one_row(id_number=ID_3, name="钱海峰")),
        plan_onto(structs.replace(KNOWN, id_key=None), one_row(id_number=ID_3)),
    ):
        assert notes(other) == []
