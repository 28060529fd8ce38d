"""What stands once for several rows, and what stands twice: proposed, asked or left out."""

from __future__ import annotations

import pytest

from tests.sheets.reading.clerks import HUAI, NAN, QING, Case
from tests.sheets.reading.files import id_of

_TWO = [["张三", id_of(1)], ["李四", id_of(2)]]
CASES: dict[str, Case] = {
    "known units of any name as section rows": Case(
        rows=[["姓名", "手机"], ["华能"], ["张三", "1"], ["甲单位"], ["李四", "2"]],
        names={"units": ("华能", "甲单位")},
        keys=("name", "unit"),
        read=[("张三", "华能"), ("李四", "甲单位")],
        asked=["A2", "A4", "B3", "B5"],
        out=[2, 4],
    ),
    "甲单位 and 省属企业 are nobody": Case(
        rows=[["姓名", "证件号码"], ["甲单位"], _TWO[0], ["省属企业"], _TWO[1]],
        keys=("name", "unit"),
        read=[("张三", "甲单位"), ("李四", None)],
        asked=["A2", "A4"],
        out=[2, 4],
    ),
    "events that are written once for several people": Case(
        rows=[
            *(["赛项", "姓名"], ["焊工", "张三"], [None, "李四"], ["电工", "王五"]),
            [None, "赵六"],
        ],
        keys=("name", "event"),
        read=[("张三", "焊工"), ("李四", "焊工"), ("王五", "电工"), ("赵六", "电工")],
        asked=["A3", "A5"],
    ),
    "an event that one of many lacks": Case(
        rows=[
            *(["赛项", "姓名"], ["焊工", "张三"], ["焊工", "李四"], [None, "王五"]),
            *(["焊工", "赵六"], ["电工", "周七"]),
        ],
        keys=("name", "event"),
        read=[
            *(("张三", "焊工"), ("李四", "焊工"), ("王五", None)),
            *(("赵六", "焊工"), ("周七", "电工")),
        ],
        asked=["A4"],
    ),
    "teams that are written once, and give the unit": Case(
        rows=[
            *(["队名", "姓名"], ["雄鹰队", "张三"], [None, "李四"], ["猛虎队", "王五"]),
            [None, "赵六"],
        ],
        keys=("name", "team", "unit"),
        read=[
            *(("张三", "雄鹰队", "雄鹰队"), ("李四", "雄鹰队", "雄鹰队")),
            *(("王五", "猛虎队", "猛虎队"), ("赵六", "猛虎队", "猛虎队")),
        ],
        asked=["A2", "A3", "A5"],
    ),
    "a blank below a coach": Case(
        rows=[
            *(["类别", "姓名"], ["选手", "张三"], [None, "李四"], ["教练", "王五"]),
            [None, "赵六"],
        ],
        keys=("name", "role"),
        read=[("张三", "entrant"), ("李四", "entrant"), ("王五", "coach"), ("赵六", "entrant")],
        asked=["A5"],
    ),
    "a blank below an arbiter, none below a chief": Case(
        kind="judges",
        rows=[
            *(["职责", "姓名"], ["裁判长", "张三"], [None, "李四"], ["仲裁", "王五"]),
            [None, "赵六"],
        ],
        keys=("name", "duty"),
        read=[("张三", "chief"), ("李四", None), ("王五", "arbiter"), ("赵六", None)],
        asked=["A5"],
    ),
    "one number twice in an event, and once in each of two": Case(
        rows=[
            *(["姓名", "身份证号", "赛项"], [*_TWO[0], "焊工"], [*_TWO[0], "电工"]),
            *([*_TWO[1], "电工"], [*_TWO[1], "电工"]),
        ],
        read=[("张三",), ("张三",), ("李四",), ("李四",)],
        asked=["B5"],
    ),
    "a list of earlier years beside this one": Case(
        sheets={
            "报名": [["姓名", "赛项"], ["张三", "焊工"]],
            "往届成绩": [["姓名", "年度", "名次"], ["张三", 2023, 1], ["周七", 2024, 2]],
        },
        read=[("张三",)],
        asked=["1"],
    ),
    "a list of earlier years below this one": Case(
        rows=[
            *(["姓名", "赛项"], ["张三", "焊工"], [], ["历届获奖名单"]),
            *(["姓名", "年度", "名次"], ["李四", 2023, 1]),
        ],
        read=[("张三",)],
        asked=["5"],
        out=[4, 6],
    ),
    "a list that is called of earlier years alone": Case(
        rows=[["上届选手名单"], ["姓名", "赛项"], ["张三", "焊工"]],
        read=[("张三",)],
        asked=["2"],
        out=[1],
    ),
    "years below 往届成绩": Case(
        rows=[
            *(["姓名", "赛项", "往届成绩", None], [None, None, 2023, 2024]),
            ["张三", "焊工", 3, 1],
        ],
        merged=["A1:A2", "B1:B2", "C1:D1"],
        read=[("张三",)],
    ),
    "a unit twice, one that is out, two in a cell": Case(
        kind="units",
        rows=[
            *(["单位名称", "备注"], [NAN, None], [NAN, None], [QING, "弃权"]),
            [f"{HUAI}、运河港务集团", None],
        ],
        read=[(NAN,), (NAN,), (QING,), (f"{HUAI}、运河港务集团",)],
        asked=["A3", "A5", "B4"],
    ),
    "groups of units above their numbers": Case(
        kind="units",
        rows=[["一、省属企业（2家）"], ["1", NAN], ["2", QING], ["二、市属单位"], ["3", HUAI]],
        read=[(NAN,), (QING,), (HUAI,)],
        out=[1, 4],
    ),
    "two marks of one person, and one below nothing": Case(
        kind="marks",
        rows=[["编号", "成绩"], ["A1", 88], ["A1", 89], ["A2", -3]],
        keys=("code", "mark"),
        read=[("A1", "88"), ("A1", "89"), ("A2", None)],
        asked=["B3", "B4"],
    ),
    "a unit beside its parts": Case(
        kind="values",
        rows=[
            *(["单位", "产值"], ["路桥公司", 6], ["其中：一标段", 1], ["二标段", 2]),
            ["三标段", 3],
        ],
        keys=("unit", "value"),
        read=[("一标段", "1"), ("二标段", "2"), ("三标段", "3")],
        out=[2],
    ),
    "a unit that is the sum of the others, unsaid": Case(
        kind="values",
        rows=[
            *(["单位", "产值", "培训"], ["一标段", 1, 4], ["二标段", 2, 5]),
            ["路桥公司", 3, 9],
        ],
        keys=("unit", "value"),
        read=[
            *(("一标段", "1"), ("一标段", "4"), ("二标段", "2"), ("二标段", "5")),
            *(("路桥公司", "3"), ("路桥公司", "9")),
        ],
        asked=["A4"],
    ),
    "rows that say something of the columns": Case(
        kind="values",
        rows=[
            *(["单位", "安全", "质量"], ["满分", 50, 50], ["权重", "30%", "70%"]),
            ["一标段", 45, 40],
        ],
        keys=("unit", "value"),
        read=[("一标段", "45"), ("一标段", "40")],
        out=[2, 3],
    ),
    "numbered indicators and their sums": Case(
        kind="values",
        rows=[
            *(["指标", "一标段", "二标段"], ["一、安全", 10, 20], ["1.事故", 4, 8]),
            *(["2.隐患", 6, 12], ["二、质量", 5, 6]),
        ],
        keys=("unit", "indicator", "value"),
        read=[
            *(("一标段", "事故", "4"), ("一标段", "隐患", "6"), ("一标段", "质量", "5")),
            *(("二标段", "事故", "8"), ("二标段", "隐患", "12"), ("二标段", "质量", "6")),
        ],
        out=[2],
    ),
    "known units above their indicators": Case(
        kind="values",
        rows=[
            *(["指标", "目标", "完成"], ["一标段"], ["产值", 10, 12]),
            *(["二标段"], ["产值", 20, 18]),
        ],
        names={"units": ("一标段", "二标段")},
        keys=("unit", "indicator", "value", "target"),
        read=[("一标段", "产值", "12", "10"), ("二标段", "产值", "18", "20")],
        asked=["A2", "A4"],
        out=[2, 4],
    ),
    "aspects across, points below": Case(
        kind="scheme",
        rows=[["项目", "外观", "尺寸"], ["配分", 10, 20], ["评分标准", "光滑", "准"]],
        keys=("name", "max", "rule"),
        read=[("外观", "10", "光滑"), ("尺寸", "20", "准")],
    ),
    "a title that says other points": Case(
        kind="scheme",
        rows=[["实操评分表（总分100分）"], ["项目", "配分"], ["外观", 40], ["尺寸", 50]],
        read=[("外观",), ("尺寸",)],
        asked=["A1"],
        out=[1],
    ),
    "a leader's phone below a group, members below another": Case(
        rows=[
            ["队名", "领队", None, "选手", None],
            [None, "姓名", "电话", "选手1", "选手2"],
            ["雄鹰队", "张三", "13900000001", "李四", "王五"],
        ],
        merged=["A1:A2", "B1:C1", "D1:E1"],
        keys=("name", "role", "phone"),
        read=[
            ("张三", "leader", "13900000001"),
            ("李四", "entrant", None),
            ("王五", "entrant", None),
        ],
        asked=["A3"],
    ),
    "who came for whom": Case(
        rows=[["姓名", "备注"], ["张三", "原李四"], ["王五", "代替赵六"], ["周七", "原单位推荐"]],
        read=[("张三",), ("王五",), ("周七",)],
        asked=["B2", "B3"],
    ),
    "a leader's line among the names": Case(
        rows=[["单位", "姓名"], [NAN, "领队：王总 13900000009"], [NAN, "张三"]],
        read=[("张三",)],
        out=[2],
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_once_is_for_several_and_twice_is_asked(case: Case) -> None:
    case.check()
