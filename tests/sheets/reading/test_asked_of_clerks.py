"""What went unread in clerks' files without a word: columns and rows that are asked about."""

from __future__ import annotations

import pytest

from compete.services.closing.marks_lists import MARKS_ROWS
from compete.services.competitions.officials_upload import OFFICIAL_ROWS
from compete.sheets.headed_rows import read_headed_rows
from compete.sheets.reading.cells import read_decimal
from compete.sheets.reading.reading import read_sheets
from compete.sheets.reading.small import read_small
from compete.sheets.registration.reading import read_registration
from compete.sheets.workbook.opened import open_text, open_workbook
from tests.sheets.reading.clerks import NAN, QING, Case
from tests.sheets.reading.files import book_of, id_of

CASES: dict[str, Case] = {
    "a column of events below a heading of its own": Case(
        rows=[["姓名", "工种", "参加的"], ["张三", "电焊工", "焊工"], ["李四", "维修", "电工"]],
        keys=("name", "event"),
        read=[("张三", "焊工"), ("李四", "电工")],
        asked=["C1"],
    ),
    "two columns of events, neither of a known heading": Case(
        rows=[
            *(["姓名", "手机", "参加的一", "参加的二"], ["张三", "13800000001", "焊工", "电工"]),
            ["李四", "13800000002", "电工", None],
        ],
        keys=("name", "event"),
        read=[("张三", "焊工"), ("李四", "电工")],
        asked=["C1", "D1"],
    ),
    "a second event beside the one that is headed so": Case(
        rows=[["姓名", "参赛项目", "兼报"], ["张三", "焊工", "电工"], ["李四", "电工", None]],
        keys=("name", "event"),
        read=[("张三", "焊工"), ("李四", "电工")],
        asked=["C1"],
    ),
    "who is away, by other words": Case(
        rows=[
            *(["姓名", "手机", "说明"], ["张三", "13800000001", "因病请假"]),
            *(["李四", "13800000002", "已调离，改由王五"], ["王五", "13800000003", "焊工"]),
        ],
        read=[("张三",), ("李四",), ("王五",)],
        asked=["C2", "C3"],
    ),
    "departments alone in the column of names": Case(
        rows=[
            *(["姓名", "手机"], ["生产一部"], ["张三", "13800000001"], ["机电科"]),
            *(["李四", "13800000002"], ["甲班"], ["王小明"]),
        ],
        read=[("张三",), ("李四",), ("王小明",)],
        out=[2, 4, 6],
    ),
    "headings of two fields, of which one is read": Case(
        rows=[
            ["姓名", "性别/年龄", "手机", "工种/等级"],
            ["张三", "男/41", "13800000001", "焊工/三级"],
        ],
        keys=("name", "grade"),
        read=[("张三", 3)],
        asked=["B1", "D1"],
    ),
    "a column that asks whether": Case(
        rows=[
            *(["姓名", "手机", "是否参赛"], ["张三", "13800000001", "是"]),
            ["李四", "13800000002", "否"],
        ],
        read=[("张三",), ("李四",)],
        asked=["C3"],
    ),
    "judges below their duties": Case(
        kind="judges",
        rows=[["单位", "裁判长", "裁判员"], [NAN, "张三", "李四"], [QING, None, "王五"]],
        read=[("李四",), ("王五",)],
        asked=["B1"],
    ),
    "a mark beside a word that says absent": Case(
        kind="marks",
        rows=[
            ["编号", "姓名", "成绩", "备注"],
            ["A1", "张三", 0, "缺考"],
            ["A2", "李四", 80, None],
        ],
        keys=("name", "mark"),
        read=[("张三", "0"), ("李四", "80")],
        asked=["D2"],
    ),
    "one person on two sheets, on one without a number": Case(
        sheets={
            "第一批": [
                ["姓名", "单位", "身份证号"],
                ["张三", NAN, id_of(1)],
                ["李四", NAN, id_of(2)],
            ],
            "第二批": [
                ["姓名", "单位", "手机"],
                ["张三", NAN, "13800000001"],
                ["李四", QING, None],
            ],
        },
        read=[("张三",), ("李四",), ("张三",), ("李四",)],
        asked=["A2"],
    ),
    "people below the names of events": Case(
        rows=[["单位", "焊工", "电工", "领队"], [NAN, "张三", "李四", "王五"]],
        keys=("name", "role"),
        read=[("王五", "leader")],
        asked=["B1", "C1"],
    ),
    "a column of marks with words among them": Case(
        kind="marks",
        rows=[
            *(["编号", "姓名", "理论", "实操"], ["A1", "张三", 90, 85.5]),
            *(["A2", "李四", 80, "弃权"], ["A3", "王五", 70, 60]),
        ],
        keys=("name", "mark"),
        read=[("张三", None), ("李四", None), ("王五", None)],
        asked=["C1", "D1"],
    ),
    "the label of a signature in the place of a name": Case(
        rows=[
            *(["姓名", "单位", "工种", "手机"], ["张三", NAN, "焊工", "13800000001"]),
            ["单位负责人：", "联系人：赵六", None, "13800000009"],
        ],
        read=[("张三",)],
        out=[3],
    ),
    "a column of several periods together": Case(
        kind="values",
        rows=[["整改率统计表"], ["单位", "1月", "2月", "季度累计"], ["一标段", 98, 96, 97]],
        read=[],
        asked=["B2", "C2", "D2"],
        out=[1, 3],
    ),
    "shares and percents below periods, the rate in the title": Case(
        kind="values",
        rows=[
            ["整改率统计表"],
            ["单位", "1月", "2月"],
            ["一标段", 98, 96],
            ["二标段", 0.95, "97%"],
        ],
        names={"indicators": ("整改率",)},
        keys=("unit", "period", "value"),
        read=[("一标段", "1月", "98"), ("一标段", "2月", "96"), ("二标段", "2月", "97")],
        asked=["A1", "B4"],
        out=[1],
    ),
    "last year's sheet beside this year's": Case(
        sheets={
            "2025年": [["姓名", "赛项"], ["旧人甲", "焊工"], ["旧人乙", "电工"]],
            "2026年": [["姓名", "赛项"], ["张三", "焊工"]],
        },
        read=[("张三",)],
        asked=["1"],
    ),
    "last year's sheet beside one whose title has the year": Case(
        sheets={
            "报名": [["2026年报名表"], ["姓名", "赛项"], ["张三", "焊工"]],
            "2025": [["姓名", "赛项"], ["旧人甲", "焊工"]],
        },
        read=[("张三",)],
        asked=["1"],
        out=[1],
    ),
    "a sheet that counts no more": Case(
        kind="judges",
        sheets={
            "裁判": [["姓名", "职责"], ["张三", "裁判员"]],
            "作废": [["姓名", "职责"], ["旧人甲", "裁判员"]],
        },
        read=[("张三",)],
        asked=["1"],
    ),
    "sheets of two months at the turn of a year": Case(
        sheets={
            "2025年12月": [["姓名", "赛项"], ["张三", "焊工"]],
            "2026年1月": [["姓名", "赛项"], ["李四", "焊工"]],
        },
        read=[("张三",), ("李四",)],
    ),
    "what a chat said below the list": Case(
        rows=[
            *(["姓名", "单位", "手机"], ["张三", NAN, "13800000001"]),
            *(["收到请回复"], ["谢谢！"], ["以上3人"], ["谢请"]),
        ],
        read=[("张三",), ("谢请",)],
        asked=["B6"],
        out=[3, 4, 5],
    ),
    "a telephone of somebody else": Case(
        rows=[
            ["姓名", "身份证号", "领队", "领队电话"],
            ["张三", id_of(1), "周明", "13900000001"],
            ["李四", id_of(2), "周明", "13900000001"],
        ],
        keys=("name", "phone"),
        read=[("张三", None), ("李四", None)],
    ),
    "heads of several groups of judges": Case(
        kind="judges",
        rows=[
            *(["工种", "姓名", "职务"], ["焊工", "张三", "组长"], [None, "李四", "组员"]),
            *(["电工", "王五", "组长"], [None, "赵六", "组员"]),
        ],
        keys=("name", "duty"),
        read=[("张三", None), ("李四", "judge"), ("王五", None), ("赵六", "judge")],
        asked=["C2", "C4"],
    ),
    "the head of the only group of judges": Case(
        kind="judges",
        rows=[
            *(["裁判组"], ["姓名", "职务"], ["张三", "组长"], ["李四", "组员"]),
            *(["仲裁组"], ["王五", "组长"], ["赵六", "组员"]),
        ],
        keys=("name", "duty"),
        read=[("张三", "chief"), ("李四", "judge"), ("王五", "arbiter"), ("赵六", "arbiter")],
        out=[1, 5],
    ),
    "nobody yet, in brackets": Case(
        kind="judges",
        rows=[["姓名", "职责"], ["（待定）", "裁判员"], ["张三", "裁判员"]],
        read=[(None,), ("张三",)],
        asked=["A2"],
        questions=1,
    ),
    "a reserve said beside the event": Case(
        rows=[["姓名", "参赛工种"], ["张三", "焊工"], ["李四", "电工（替补）"]],
        keys=("name", "event"),
        read=[("张三", "焊工"), ("李四", "电工")],
        asked=["B3"],
    ),
    "last year's sheet beside one whose title has two years": Case(
        sheets={
            "名单": [["2025年度先进参赛名单（2026年竞赛）"], ["姓名", "赛项"], ["张三", "焊工"]],
            "2024年度": [["姓名", "赛项"], ["旧人甲", "焊工"]],
        },
        read=[("张三",)],
        asked=["1"],
        out=[1],
    ),
    "a contact's telephone beside people": Case(
        rows=[
            ["姓名", "单位", "单位联系人及电话"],
            *(["张三", NAN, "赵六13900000001"], ["李四", NAN, "13900000001"]),
        ],
        keys=("name", "phone"),
        read=[("张三", None), ("李四", None)],
        asked=["C1"],
    ),
    "units with a number in their names": Case(
        kind="units",
        rows=[["序号", "单位"], [1, "第1工程公司"], [2, "第22工程公司"], [3, "中铁19局"]],
        keys=("name", "phone"),
        read=[("第1工程公司", None), ("第22工程公司", None), ("中铁19局", None)],
    ),
    "no unit in brackets": Case(
        kind="units",
        rows=[["序号", "单位"], [1, NAN], [2, "（空）"], [3, "(无)"]],
        read=[(NAN,)],
        out=[3, 4],
    ),
    "another unit of measure": Case(
        kind="values",
        rows=[["单位", "产值（元）", "电量（kWh）"], ["一标段", 1200000, 5], ["二标段", 980000, 6]],
        names={"indicators": ("产值（万元）", "电量（度）")},
        keys=("unit", "indicator", "value"),
        read=[("一标段", "电量（度）", "5"), ("二标段", "电量（度）", "6")],
        asked=["B1"],
    ),
    "a unit of measure in a line above": Case(
        kind="values",
        rows=[
            *(["各标段产值表"], ["单位：元"], ["单位", "产值", "电量（度）"]),
            *(["一标段", 1200000, 5], ["二标段", 980000, 6]),
        ],
        names={"indicators": ("产值（万元）", "电量（度）")},
        keys=("unit", "indicator", "value"),
        read=[("一标段", "电量（度）", "5"), ("二标段", "电量（度）", "6")],
        asked=["B3"],
        out=[1, 2],
    ),
    "a first criterion above the head": Case(
        kind="scheme",
        rows=[
            *(["一、仪容（20分）"], ["项目", "标准", "分值"], ["着装", "整洁", 10]),
            *(["二、接线（90分）"], ["接线", "正确", 90]),
        ],
        keys=("criterion", "name", "max", "rule"),
        read=[("仪容（20分）", "着装", "10", "整洁"), ("接线（90分）", "接线", "90", "正确")],
        asked=["A1"],
        out=[1, 4],
    ),
    "a department written once for those below": Case(
        rows=[
            ["姓名", "部门"],
            *(
                ["张三", "检修部"],
                ["李四", None],
                ["王五", None],
                ["赵六", "运行部"],
                ["钱七", None],
            ),
        ],
        keys=("name", "department"),
        read=[
            *(("张三", "检修部"), ("李四", "检修部"), ("王五", "检修部")),
            *(("赵六", "运行部"), ("钱七", "运行部")),
        ],
        asked=["B3", "B6"],
    ),
    "departments of some alone": Case(
        rows=[
            ["姓名", "部门"],
            *(["张三", "检修部"], ["李四", "检修部"], ["王五", None], ["赵六", "运行部"]),
        ],
        keys=("name", "department"),
        read=[("张三", "检修部"), ("李四", "检修部"), ("王五", None), ("赵六", "运行部")],
    ),
    "a comma that may be a point": Case(
        kind="marks",
        rows=[["编号", "成绩"], ["A1", "92,5"], ["A2", "1,200"]],
        names={"modules": ("实操",)},
        keys=("code", "mark"),
        read=[("A1", None), ("A2", "1200")],
        asked=["B2"],
    ),
    "a comma that may be a point among values": Case(
        kind="values",
        rows=[["单位", "产量"], ["一标段", "92,5"], ["二标段", "1,200"]],
        names={"indicators": ("产量",)},
        keys=("unit", "value"),
        read=[("二标段", "1200")],
        asked=["B2"],
        out=[2],
    ),
    "what is asked of each item": Case(
        kind="scheme",
        rows=[["项目", "考核要求", "配分"], ["准备", "穿戴整齐", 40], ["焊接", "焊缝均匀", 60]],
        keys=("criterion", "name", "rule"),
        read=[(None, "准备", "穿戴整齐"), (None, "焊接", "焊缝均匀")],
    ),
    "a criterion above the head of each part": Case(
        kind="scheme",
        rows=[
            *(["一、仪容（10分）"], ["项目", "评分标准", "分值"], ["着装", "整洁", 10]),
            *(["二、接线（90分）"], ["项目", "评分标准", "分值"], ["接线", "正确", 90]),
        ],
        keys=("criterion", "name", "max"),
        read=[("仪容（10分）", "着装", "10"), ("接线（90分）", "接线", "90")],
        out=[1, 4],
    ),
    "a captain and a reserve among members of a team": Case(
        rows=[
            ["学校名称", "队名", "成员一（队长）", "成员二", "成员三（替补）", "指导教师1"],
            ["江北学院", "江北一队", "林小", "林中", "林大", "何老师"],
            ["江北学院", "江北二队", "方小", "方中", None, "何老师"],
        ],
        keys=("name", "role", "team"),
        read=[
            *(("林小", "entrant", "江北一队"), ("林中", "entrant", "江北一队")),
            *(("林大", "other", "江北一队"), ("何老师", "coach", "江北一队")),
            *(("方小", "entrant", "江北二队"), ("方中", "entrant", "江北二队")),
            ("何老师", "coach", "江北二队"),
        ],
        asked=["E2"],
    ),
    "columns of codes beside what they stand for": Case(
        rows=[
            *(["姓名", "岗位编码", "岗位名称", "部门编码", "部门", "技能等级编码", "技能等级"],),
            ["张三", "P001", "桥吊司机", "D01", "操作部", "03", "高级工"],
        ],
        keys=("name", "job", "department", "grade"),
        read=[("张三", "桥吊司机", "操作部", 3)],
    ),
    "dates of anything but births": Case(
        rows=[["姓名", "身份证号", "入职日期"], ["张三", id_of(1), "2015-07-01"]],
        keys=("name", "birth"),
        read=[("张三", None)],
    ),
    "trades of which only some are events": Case(
        rows=[["姓名", "工种"], ["张三", "钳工"], ["李四", "焊工"]],
        keys=("name", "event"),
        read=[("张三", "钳工"), ("李四", "焊工")],
        asked=["B1", "B2"],
    ),
    "organisations below a heading that nobody knows": Case(
        rows=[["所在工会", "姓名"], [f"{NAN}工会", "张三"], [f"{QING}工会", "李四"]],
        keys=("name", "unit"),
        read=[("张三", f"{NAN}工会"), ("李四", f"{QING}工会")],
        asked=["A1"],
    ),
    "names beside a heading that nobody knows": Case(
        rows=[["姓名", "抽签号"], ["张三", 3], ["李四", 1]],
        read=[("张三",), ("李四",)],
    ),
    "a group of judges in a column": Case(
        kind="judges",
        rows=[
            *(["组别", "职务", "姓名"], ["裁判组", "裁判长", "张三"], ["仲裁组", "组长", "李四"]),
            *([None, "成员", "王五"], ["监督组", "成员", "赵六"]),
        ],
        keys=("name", "duty"),
        read=[
            *(("张三", "chief"), ("李四", "arbiter")),
            *(("王五", "arbiter"), ("赵六", "supervisor")),
        ],
    ),
    "a contact in the cell of the unit": Case(
        kind="units",
        rows=[
            *(["参赛单位"], [f"1.{NAN}  联系人：周正 13800000091"]),
            *([f"2.{QING} 吴刚 13800000092"], ["3.淮海船闸管理所"]),
        ],
        keys=("name", "contact", "phone"),
        read=[
            *((NAN, "周正", "13800000091"), (QING, "吴刚", "13800000092")),
            ("淮海船闸管理所", None, None),
        ],
    ),
    "the sum of a part of the second sheet": Case(
        kind="scheme",
        sheets={
            "任务一": [["项目", "配分"], ["安装", 40], ["小计", 40]],
            "任务二": [["项目", "配分"], ["调试", 60], ["小计", 60]],
        },
        keys=("name", "max"),
        read=[("安装", "40"), ("调试", "60")],
        out=[3],
    ),
    "a word in the place of a number": Case(
        kind="scheme",
        rows=[
            *(["序号", "考核内容", "考核要点", "标准分"], ["一", "比质量", None, None]),
            *([1, None, "一次合格", 100], ["加分项", None, "创新", 5]),
        ],
        keys=("criterion", "name", "max"),
        read=[("比质量", "一次合格", "100"), ("加分项", "创新", "5")],
        out=[2],
    ),
    "a row of units of measure below a head of two rows": Case(
        kind="values",
        rows=[
            *(["标段", "浇筑", None, "钢筋", None], [None, "计划", "完成", "计划", "完成"]),
            [None, "m³", "m³", "t", "t"],
            *(["一标段", 1200, 1100, 300, 310], ["二标段", 1000, 1000, 280, "—"]),
        ],
        merged=["A1:A3", "B1:C1", "D1:E1"],
        keys=("unit", "indicator", "value", "target"),
        read=[
            *(("一标段", "浇筑", "1100", "1200"), ("一标段", "钢筋", "310", "300")),
            *(("二标段", "浇筑", "1000", "1000"), ("二标段", "钢筋", None, "280")),
        ],
        out=[3],
    ),
    "a row of units of measure below a head": Case(
        kind="values",
        rows=[
            *(["参赛班组", "产量", "合格率", "能耗"], [None, "吨", "%", "kWh/t"]),
            *(["甲班", 120, 98.5, 35], ["乙班", 118, "97%", 36]),
        ],
        keys=("unit", "indicator", "value"),
        read=[
            *(("甲班", "产量", "120"), ("甲班", "合格率", "98.5"), ("甲班", "能耗", "35")),
            *(("乙班", "产量", "118"), ("乙班", "合格率", "97"), ("乙班", "能耗", "36")),
        ],
        out=[2],
    ),
    "few numbers in a column of words": Case(
        kind="values",
        rows=[
            *(["单位", "安全", "检查"], ["一标段", 90, "待查"], ["二标段", 91, "待查"]),
            ["三标段", 92, 85],
        ],
        keys=("unit", "indicator", "value"),
        read=[("一标段", "安全", "90"), ("二标段", "安全", "91"), ("三标段", "安全", "92")],
        asked=["C1"],
    ),
    "a share above one among shares": Case(
        kind="values",
        rows=[["单位", "完成率"], ["一标段", 0.985], ["二标段", "98%"], ["三标段", 1.02]],
        keys=("unit", "value"),
        read=[("二标段", "98")],
        asked=["B2", "B4"],
        out=[2, 4],
    ),
    "a month in a column of another name": Case(
        kind="values",
        rows=[
            *(["单位", "指标名称", "统计月份", "实际值"], ["一标段", "产值", "2026-07", 980]),
            ["一标段", "产值", "2026-08", 1010],
        ],
        keys=("period", "value"),
        read=[("2026-07", "980"), ("2026-08", "1010")],
    ),
    "the last digits of a telephone": Case(
        rows=[["姓名", "手机尾号", "单位"], ["张三", "0001", NAN], ["李四", "0002", QING]],
        keys=("name", "phone"),
        read=[("张三", None), ("李四", None)],
    ),
    "a column that asks whether somebody was absent": Case(
        kind="marks",
        rows=[
            *(["准考证号", "得分", "是否缺考"], ["E1", 80, "否"], ["E2", 0, "是"]),
            ["E3", None, "是"],
        ],
        names={"modules": ("理论",)},
        keys=("code", "mark"),
        read=[("E1", "80"), ("E2", "0"), ("E3", "缺考")],
        asked=["C3", "C4"],
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_nothing_goes_unread_without_a_word(case: Case) -> None:
    case.check()


def test_of_parts_and_their_sum_no_column_is_the_mark_unsaid() -> None:
    head = ["准考证号", "姓名", "座位号", "笔试", "实操", "总分"]
    rows = [head, ["E1", "张三", 7, 90, 80, 85], ["E2", "李四", 8, "缺考", 70, 35]]
    page = read_headed_rows(book_of({"表": rows}), MARKS_ROWS)
    assert [str(it) for it in page.missing] == ["成绩"]
    asked = [it.heading for it in page.columns if "3 列都像" in str(it.why)]
    assert asked == ["笔试", "实操", "总分"]
    plain = [[*row[:3], row[3]] for row in rows]
    plain[0][3] = "成绩"
    page = read_headed_rows(book_of({"表": plain}), MARKS_ROWS)
    assert [texts["mark"] for _row, texts in page] == ["90", "缺考"]


def test_a_duty_that_the_page_has_not_stands_in_its_own_words() -> None:
    rows = [["姓名", "裁判职务"], ["张三", "裁判长"], ["李四", "副裁判长"]]
    page = read_headed_rows(book_of({"表": rows}), OFFICIAL_ROWS)
    assert [texts["duty"] for _row, texts in page] == ["裁判长", "副裁判长"]


def test_of_several_numbers_the_first_mobile_is_read_and_that_is_told() -> None:
    rows = [
        *(["姓名", "电话"], ["张三", "13800000003；025-83334444"], ["李四", "13800000004"]),
        *(["王五", "王五13800000005"], ["赵六", "13800000006/13800000006"]),
    ]
    reading = read_sheets(open_workbook(book_of({"表": rows})), "people")
    assert [row.values["phone"][-1] for row in reading.rows] == ["3", "4", "5", "6"]
    assert [(it.row, "第一个手机号" in str(it.why)) for it in reading.remarks] == [(2, True)]
    assert not reading.asked


@pytest.mark.parametrize("sign", "，、")
def test_cells_with_typed_signs_between_them_are_cells(sign: str) -> None:
    lines = ["姓名，单位，电话", "张三，一公司，13800000001", "李四，二公司，13800000002"]
    reading = read_sheets(open_text("\n".join(lines).replace("，", sign)), "people")
    assert [row.values["unit"] for row in reading.rows] == ["一公司", "二公司"]
    names = "姓名\n张三、李四\n王五"
    reading = read_sheets(open_text(names), "people")
    assert [row.values["name"] for row in reading.rows] == ["张三、李四", "王五"]


@pytest.mark.parametrize(
    ("cell", "is_asked"), [("8 5", True), ("12 345.5 元", False), ("85 分", False)]
)
def test_a_number_that_could_be_two_is_asked(cell: str, is_asked: bool) -> None:
    number, doubt = read_decimal(cell)
    assert number is not None
    assert (doubt is not None) is is_asked


def _lines(kind: str, text: str) -> tuple[list[dict[str, object]], list[int], list[int]]:
    reading = read_small(text, kind)
    asked = [it.row for it in reading.asked]
    return [dict(it.values) for it in reading.rows], asked, [it.row for it in reading.left_out]


def test_a_title_and_a_line_of_a_leader_are_nobody() -> None:
    text = (
        "报名接龙\n1、张三 一班 13800000001\n2 李四，二班，13800000002，女\n"
        "王五-三班-13800000003\n领队：赵六 13900000000\n共3人"
    )
    rows, asked, out = _lines("people", text)
    assert rows == [
        {"name": "张三", "unit": "一班", "phone": "13800000001"},
        {"name": "李四", "unit": "二班", "phone": "13800000002", "gender": "女"},
        {"name": "王五", "unit": "三班", "phone": "13800000003"},
    ]
    assert (asked, out) == ([], [1, 5, 6])


def test_labels_in_a_line_are_no_part_of_a_name() -> None:
    rows, asked, _out = _lines("people", "1. 姓名：张三  班组：一班  电话：13800000001")
    assert rows == [{"name": "张三", "unit": "一班", "phone": "13800000001"}]
    assert not asked


def test_a_number_out_of_order_is_no_running_number() -> None:
    rows, asked, _out = _lines("people", "3 张三 一班")
    assert (rows[0]["name"], asked) == ("3 张三", [1])


def test_a_rule_in_brackets_leaves_nothing_in_the_name() -> None:
    rows, asked, _out = _lines("scheme", "接线（每处不合格扣2分） 40\n安装（每超1分钟扣1分）60分")
    assert [(it["name"], it["max"], it["rule"], it["type"]) for it in rows] == [
        ("接线", "40", "每处不合格扣2分", "deduction"),
        ("安装", "60", "每超1分钟扣1分", "score"),
    ]
    assert not asked


def test_points_of_a_part_are_no_item_beside_those_of_its_items() -> None:
    text = "一、接线（40分）\n正确 20\n美观 20\n二、安全（10分）\n着装 4\n工具 5"
    rows, asked, out = _lines("scheme", text)
    assert [it["name"] for it in rows] == ["正确", "美观", "二、安全", "着装", "工具"]
    assert (asked, out) == ([4], [1])


_TYPED = (
    "1. 张三 一班 13800000001\n2. 李四（二班） 13800000002\n"
    "3. 欧阳娜娜 三班 320000199003050013\n4. 王五 四班 13800000004\n5. 赵六 五班\n6. 钱七 六班"
)


def test_people_typed_a_line_each_are_a_table_without_a_head() -> None:
    reading = read_sheets(open_text(f"报名接龙\n{_TYPED}\n共6人", name="-"), "people")
    assert [(it.row, it.values["name"], it.values.get("unit")) for it in reading.rows] == [
        *((2, "张三", "一班"), (3, "李四（二班）", None), (4, "欧阳娜娜", "三班")),
        *((5, "王五", "四班"), (6, "赵六", "五班"), (7, "钱七", "六班")),
    ]
    assert [(it.row, it.field) for it in reading.asked] == [
        *((2, None), (3, "name"), (4, "id_number"))
    ]
    assert [it.row for it in reading.left_out] == [1, 8]


def test_the_desk_reads_typed_lines_as_the_command_does() -> None:
    table = read_registration(_TYPED.encode())
    assert [(row.number, row.cells["name"]) for row in table.people.rows] == [
        *((1, "张三"), (2, "李四（二班）"), (3, "欧阳娜娜")),
        *((4, "王五"), (5, "赵六"), (6, "钱七")),
    ]
    assert any("没有表头" in str(it) for it in table.notices)


@pytest.mark.parametrize(
    "text",
    [
        *("货物 吨\n煤 3", "请各单位于5月1日前报送\n联系人：赵六 13900000000", "张三\n李四"),
        *("参赛选手大名\t所在班组（车间）\n何立军\t一班", "大名\t哪个班\t电话\n何立军\t一班\t"),
    ],
)
def test_other_text_is_no_list_of_people(text: str) -> None:
    assert not read_sheets(open_text(text, name="-"), "people").rows
