"""What went unread in clerks' files without a word: columns and rows that are asked about."""

from __future__ import annotations

import pytest

from tests.sheets.reading.clerks import NAN, QING, Case
from tests.sheets.reading.files import id_of

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
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_nothing_goes_unread_without_a_word(case: Case) -> None:
    case.check()
