"""Files as clerks write them: small tables, each with all that is read of it and asked."""

from __future__ import annotations

import pytest

from compete.sheets.reading.small import read_small
from tests.sheets.reading.clerks import NAN, QING, Case
from tests.sheets.reading.files import id_of

CASES: dict[str, Case] = {
    "labels that take turns with what they say": Case(
        rows=[
            ["参赛队报名表"],
            ["代表队：", NAN, "领队：", "王建国"],
            ["教练：", "李四", "电话：", "13900001111"],
            ["姓名", "手机", "工种", "备注"],
            ["张三", "13800000001", "焊工", None],
            ["联系人：", "赵六", "电话：", "13900001111"],
        ],
        keys=("name", "unit"),
        read=[("张三", NAN)],
        asked=["B2"],
        out=[1, 2, 3, 6],
    ),
    "a unit behind the one that holds the contest": Case(
        rows=[
            [f"承办单位：{QING}  参赛单位：{NAN}"],
            ["姓名", "手机"],
            ["张三", "13800000001"],
        ],
        keys=("name", "unit"),
        read=[("张三", NAN)],
        asked=["A1"],
        out=[1],
    ),
    "roles alone in the column of names": Case(
        rows=[
            *(["姓名", "手机"], ["领队"], ["张三", "13800000001"]),
            *(["参赛选手"], ["李四", "13800000002"]),
        ],
        keys=("name", "role"),
        read=[("张三", "leader"), ("李四", "entrant")],
        out=[2, 4],
    ),
    "people above their own head, below a role": Case(
        rows=[
            ["参赛选手"],
            [1, "张三", id_of(1), "焊工"],
            ["序号", "姓名", "身份证号", "参赛工种"],
            [2, "李四", id_of(2), "电工"],
        ],
        keys=("name", "event"),
        read=[("张三", "焊工"), ("李四", "电工")],
        asked=["2"],
        out=[1],
    ),
    "ID numbers below a word for any number": Case(
        rows=[["姓名", "号码"], ["张三", id_of(1)], ["李四", id_of(2)]],
        keys=("name", "id_number"),
        read=[("张三", id_of(1)), ("李四", id_of(2))],
        asked=["B1"],
    ),
    "nothing below, said in any column": Case(
        rows=[["姓名", "手机"], ["张三", "13800000001"], [None, "（以下空白）"]],
        read=[("张三",)],
        out=[3],
    ),
    "a rate by the thousand is none by the hundred": Case(
        kind="values",
        rows=[["单位", "千人负伤率（‰）"], ["一标段", "1.2‰"], ["二标段", 0.8]],
        keys=("unit", "value"),
        read=[("一标段", "1.2"), ("二标段", "0.8")],
    ),
    "a count behind a labelled unit": Case(
        rows=[["姓名", "手机"], [None, f"参赛单位：{QING}（2人）"], ["李四", "13800000002"]],
        keys=("name", "unit"),
        read=[("李四", QING)],
        asked=["B2"],
        out=[2],
    ),
    "a numbered section that is none of the events": Case(
        rows=[
            *(["姓名", "手机"], ["一、焊工（1人）"], ["张三", "13800000001"]),
            *(
                ["二、钳工（1人）"],
                ["王五", "13800000003"],
                ["三、电工组"],
                ["赵六", "13800000004"],
            ),
        ],
        keys=("name", "event"),
        read=[("张三", "焊工"), ("王五", None), ("赵六", "电工")],
        asked=["A2", "A4", "A6"],
        out=[2, 4, 6],
    ),
    "a sentence below the people": Case(
        rows=[["姓名", "手机"], ["张三", "13800000001"], ["请于5月1日前报送后勤保障组"]],
        keys=("name",),
        read=[("张三",)],
        out=[3],
    ),
    "a lone name is a person": Case(
        rows=[["姓名", "手机"], ["张三", "13800000001"], ["欧阳小明"]],
        read=[("张三",), ("欧阳小明",)],
    ),
    "another table beside, with a heading more": Case(
        rows=[
            ["姓名", "身份证号", "手机", "姓名", "手机", "职务"],
            ["张三", id_of(1), "13800000001", "王芳", "13800000009", "主席"],
            ["李四", id_of(2), "13800000002"],
        ],
        keys=("name", "phone", "job"),
        read=[
            *(("张三", "13800000001", None), ("李四", "13800000002", None)),
            ("王芳", "13800000009", "主席"),
        ],
    ),
    "names that repeat below groups": Case(
        rows=[
            *(["选手", None, "师傅", None], ["姓名", "手机", "姓名", "手机"]),
            ["张三", "13800000001", "李师", "13800000002"],
        ],
        merged=["A1:B1", "C1:D1"],
        keys=("name", "phone", "mentor"),
        read=[("张三", "13800000001", "李师")],
    ),
    "one merged heading of members": Case(
        rows=[
            ["代表队", "教练", "队员", None, None],
            *(["甲队", "孙英", "张三", "李四", "王五"], ["乙队", "吴刚", "赵六", "钱七", None]),
        ],
        merged=["C1:E1"],
        keys=("name", "team"),
        read=[
            *(("孙英", "甲队"), ("张三", "甲队"), ("李四", "甲队"), ("王五", "甲队")),
            *(("吴刚", "乙队"), ("赵六", "乙队"), ("钱七", "乙队")),
        ],
    ),
    "headings of members that repeat": Case(
        rows=[["单位", "领队", "选手", "选手"], [NAN, "王芳", "张三", "李四"]],
        keys=("name", "unit"),
        read=[("王芳", NAN), ("张三", NAN), ("李四", NAN)],
    ),
    "numbers of columns below the head": Case(
        rows=[["序号", "姓名", "手机"], [1, 2, 3], [1, "张三", "13800000001"]],
        read=[("张三",)],
        out=[2],
    ),
    "numbers of columns behind a word": Case(
        kind="values",
        rows=[["单位", "安全", "产值"], ["栏次", 1, 2], [NAN, 90, 80]],
        keys=("unit", "indicator", "value"),
        read=[(NAN, "安全", "90"), (NAN, "产值", "80")],
        out=[2],
    ),
    "eighteen numbered boxes": Case(
        rows=[
            ["姓名", "身份证号码", *[None] * 17, "手机"],
            [None, *range(1, 19), None],
            ["张三", *id_of(1), "13800000001"],
        ],
        merged=["A1:A2", "B1:S1", "T1:T2"],
        keys=("name", "id_number", "phone"),
        read=[("张三", id_of(1), "13800000001")],
        out=[2],
    ),
    "headings that are years": Case(
        rows=[["姓名", "身份证号", 2024, 2025, 2026], ["张三", id_of(1), "一等奖", None, None]],
        keys=("name", "id_number"),
        read=[("张三", id_of(1))],
    ),
    "the first of two numbers, written in groups": Case(
        rows=[["姓名", "手机"], ["张三", "138 0000 0001/13900000002"]],
        keys=("name", "phone"),
        read=[("张三", "13800000001")],
    ),
    "a sheet whose name says that it shows how": Case(
        sheets={
            "报名表": [["姓名", "手机"], ["张三", "13800000001"]],
            "报名表（填写示范）": [["姓名", "手机"], ["样某", "13800000009"]],
        },
        read=[("张三",)],
    ),
    "a share that is an indicator of its own": Case(
        kind="values",
        rows=[["单位", "安全", "完成率（%）"], [NAN, 90, 92.8]],
        keys=("indicator", "value"),
        read=[("安全", "90"), ("完成率", "92.8")],
    ),
    "a share beside what was planned": Case(
        kind="values",
        rows=[["单位", "产值目标", "产值", "完成率"], [NAN, 100, 90, 90]],
        keys=("indicator", "value", "target"),
        read=[("产值", "90", "100")],
    ),
    "an indicator that others leave unread": Case(
        kind="values",
        rows=[["单位", "安全", "加分"], [NAN, 90, 3]],
        names={"units": [NAN], "indicators": ["安全", "加分"]},
        keys=("indicator", "value"),
        read=[("安全", "90"), ("加分", "3")],
    ),
    "a module without a column of its name": Case(
        kind="marks",
        rows=[["编号", "理论成绩", "实操成绩", "总分"], ["001", 90, 80, 170]],
        names={"modules": ["理论知识", "实操"]},
        keys=("code", "module", "mark"),
        read=[("001", "实操成绩", "80")],
        asked=["B1"],
    ),
    "two columns of points below one heading": Case(
        kind="scheme",
        rows=[["考核要点", "配分", None], [None, "职工组", "学生组"], ["安装", 40, 50]],
        merged=["A1:A2", "B1:C1"],
        keys=("name", "max"),
        read=[("安装", None)],
        asked=["B1", "C1"],
    ),
    "standards finer than the names": Case(
        kind="scheme",
        rows=[
            ["考核项目", "考核内容及标准", "分值"],
            *(["安全", "无事故", 20], ["安全", "整改及时", 10], ["质量", "一次合格", 30]),
        ],
        keys=("criterion", "name", "max"),
        read=[("安全", "无事故", "20"), ("安全", "整改及时", "10"), ("质量", "一次合格", "30")],
    ),
    "standards that say how to score": Case(
        kind="scheme",
        rows=[
            ["考核指标", "满分", "考核标准"],
            ["安全", 30, "每起扣5分"],
            ["质量", 70, "每次扣1分"],
        ],
        keys=("name", "rule"),
        read=[("安全", "每起扣5分"), ("质量", "每次扣1分")],
    ),
    "a form whose values look like labels": Case(
        rows=[
            ["江南港集团有限公司选手报名表"],
            ["姓名", "张三", "所在班组", "焊接班组", "照片"],
            ["身份证号码", id_of(1), None, "手机号码", "13800000001"],
            ["技能等级", "高级工", "职务/职称", "班长"],
        ],
        keys=("name", "id_number", "department", "phone", "grade", "job", "unit"),
        read=[("张三", id_of(1), "焊接班组", "13800000001", 3, "班长", NAN)],
        asked=["A1"],
        out=[1],
    ),
    "a note after a section": Case(
        rows=[
            ["姓名", "手机"],
            ["焊工组"],
            ["张三", "13800000001"],
            ["注：以上如实"],
            ["李四", "1"],
        ],
        keys=("name", "event"),
        read=[("张三", "焊工"), ("李四", "焊工")],
        asked=["A2", "B5"],
        out=[2, 4],
    ),
    "errors in a column of few numbers": Case(
        kind="values",
        rows=[["单位", "安全", "质量"], [NAN, "#DIV/0!", 70], [QING, "—", 80]],
        keys=("unit", "indicator", "value"),
        read=[(NAN, "质量", "70"), (QING, "质量", "80")],
        asked=["B2"],
    ),
    "a title above the second head of a scheme": Case(
        kind="scheme",
        rows=[
            *(["一、理论部分（40分）"], ["考核要点", "配分"], ["笔试", 40]),
            *(["二、实操部分（60分）"], ["考核要点", "配分"], ["焊接", 60]),
        ],
        keys=("name", "max"),
        read=[("笔试", "40"), ("焊接", "60")],
        out=[1, 4],
    ),
    "points in the names of parts": Case(
        kind="scheme",
        rows=[
            *(["序号", "考核内容", "配分"], ["一", "准备（20分）", None], [1, "工具", 10]),
            *([2, "材料", 10], ["二", "操作（70分）", None], [1, "焊接", 80]),
        ],
        keys=("criterion", "name", "max"),
        read=[
            *(("准备（20分）", "工具", "10"), ("准备（20分）", "材料", "10")),
            ("操作（70分）", "焊接", "80"),
        ],
        asked=["B5"],
        out=[2, 5],
    ),
    "a head of known indicators, and a unit that is not known": Case(
        kind="values",
        rows=[[None, "安全", "质量"], ["江南港集团", 90, 80], [QING, 91, 81]],
        names={"units": [NAN, QING], "indicators": ["安全", "质量"]},
        keys=("unit", "indicator", "value"),
        read=[(QING, "安全", "91"), (QING, "质量", "81")],
        asked=["A2"],
        out=[2],
    ),
    "long titles of parts": Case(
        rows=[
            *(["姓名", "手机"], ["焊工技能竞赛参赛人员"], ["张三", "13800000001"]),
            *(["钳工技能竞赛参赛人员"], ["李四", "13800000002"]),
        ],
        keys=("name", "event"),
        read=[("张三", "焊工"), ("李四", None)],
        asked=["A2", "A4"],
        out=[2, 4],
    ),
    "groups of people within an event": Case(
        rows=[
            *(["焊工报名表"], ["姓名", "手机"], ["职工组"], ["张三", "13800000001"]),
            *(["学生组"], ["李四", "13800000002"]),
        ],
        keys=("name", "event"),
        read=[("张三", "焊工"), ("李四", "焊工")],
        asked=["A1"],
        out=[1, 3, 5],
    ),
    "a line of a leader in the cells of a table": Case(
        rows=[["姓名", "单位", "手机"], ["张三", NAN, "13800000001"], ["领队", "王芳", "139"]],
        read=[("张三",)],
        out=[3],
    ),
    "a unit above marks": Case(
        kind="marks",
        rows=[["准考证号", "姓名", "分数"], [NAN], ["001", "张三", 90]],
        keys=("code", "mark"),
        read=[("001", "90")],
        out=[2],
    ),
    "marks with people across": Case(
        kind="marks",
        rows=[["编号", "001", "002"], ["姓名", "张三", "李四"], ["理论", 90, 80]],
        names={"modules": ["理论"]},
        keys=("code", "name", "mark"),
        read=[("001", "张三", "90"), ("002", "李四", "80")],
    ),
    "parts of a list of units": Case(
        kind="units",
        rows=[
            *(["单位名称", "联系人"], ["甲组"], [NAN, "张"], ["二、市直单位（1家）"]),
            [QING, "李"],
        ],
        read=[(NAN,), (QING,)],
        out=[2, 4],
    ),
    "one indicator in two columns": Case(
        kind="values",
        rows=[["单位", "安全", "安全"], [NAN, 90, 80]],
        keys=("unit", "indicator", "value"),
        read=[(NAN, "安全", None), (NAN, "安全", None)],
        asked=["B2", "C2"],
    ),
    "points of a part beside those of its rows": Case(
        kind="scheme",
        rows=[
            *(["一级指标", "分值", "二级指标", "分值"], ["安全", 40, "制度", 20]),
            *([None, None, "现场", 20], ["质量", 60, "合格率", 60]),
        ],
        merged=["A2:A3", "B2:B3"],
        keys=("criterion", "name", "max"),
        read=[("安全", "制度", "20"), ("安全", "现场", "20"), ("质量", "合格率", "60")],
    ),
    "points in brackets, and a total in words": Case(
        kind="scheme",
        rows=[["要点", "分值"], ["甲", "（7.5分）"], ["乙", "40分"], ["合计（50分）", None]],
        keys=("name", "max"),
        read=[("甲", "7.5"), ("乙", "40")],
        asked=["B4"],
        out=[4],
    ),
    "two blocks of people across": Case(
        rows=[
            *(["姓名", "张三", "李四"], ["手机", "13800000001", "13800000002"]),
            *(["工种", "焊工", "电工"], [], ["姓名", "王五", "赵六"]),
            *(["手机", "13800000003", "13800000004"], ["工种", "焊工", "焊工"]),
        ],
        keys=("name", "phone", "event"),
        read=[
            *(("张三", "13800000001", "焊工"), ("李四", "13800000002", "电工")),
            *(("王五", "13800000003", "焊工"), ("赵六", "13800000004", "焊工")),
        ],
    ),
    "a note and a sum between indicators": Case(
        kind="values",
        rows=[
            *(["考核指标", "满分", "一标段", "二标段"], ["安全", 30, 28, 27], ["合计", 30, 28, 27]),
            *(["备注", None, "好", "差"], ["质量", 40, 38, 39]),
        ],
        keys=("unit", "indicator", "value"),
        read=[
            *(("一标段", "安全", "28"), ("一标段", "质量", "38")),
            *(("二标段", "安全", "27"), ("二标段", "质量", "39")),
        ],
        out=[3, 4],
    ),
    "units in the column of names": Case(
        rows=[["姓名", "单位"], [NAN, "张三"], [QING, "李四"]],
        read=[(NAN,), (QING,)],
        asked=["A1"],
    ),
    "points off without their word": Case(
        kind="scheme",
        rows=[["考核要点", "配分", "评分标准"], ["接线", 10, "缺一件扣0.5"], ["安装", 20, "扣10%"]],
        keys=("name", "type"),
        read=[("接线", "deduction"), ("安装", "score")],
    ),
    "a unit a sheet, by indicators": Case(
        kind="values",
        sheets={
            NAN: [["指标", "完成值"], ["安全", 90]],
            QING: [["指标", "完成值"], ["安全", 91]],
        },
        keys=("unit", "indicator", "value"),
        read=[(NAN, "安全", "90"), (QING, "安全", "91")],
        asked=["1"],
    ),
    "a unit above its indicators": Case(
        kind="values",
        rows=[
            *(["填报单位：江南港集团有限公司"], ["指标", "目标值", "完成值"], ["安全", 95, 90]),
            *([f"{QING}（1项）"], ["安全", 96, 91]),
        ],
        keys=("unit", "indicator", "value", "target"),
        read=[(NAN, "安全", "90", "95"), (QING, "安全", "91", "96")],
        asked=["A1", "A4"],
        out=[1, 4],
    ),
    "one column of marks, called as nobody calls it": Case(
        kind="marks",
        rows=[
            ["准考证号", "姓名", "理论知识"],
            *(["A001", "张三", 85.5], ["A002", "李四", "缺"], ["A003", "王五", "补考"]),
        ],
        keys=("code", "module", "mark"),
        read=[
            ("A001", "理论知识", "85.5"),
            ("A002", "理论知识", "缺考"),
            ("A003", "理论知识", None),
        ],
        asked=["C4"],
    ),
    "a sheet that is none of the events beside sheets that are": Case(
        sheets={
            "焊工": [["姓名", "手机"], ["张三", "13800000001"]],
            "钳工": [["姓名", "手机"], ["李四", "13800000002"]],
        },
        keys=("name", "event"),
        read=[("张三", "焊工"), ("李四", None)],
        asked=["1"],
    ),
    "a team that bears a unit's name": Case(
        rows=[
            ["代表队", "领队", "选手1", "选手2"],
            *([NAN, "周正", "张三", "李四"], [QING, "吴刚", "王五", None]),
        ],
        keys=("name", "team", "unit"),
        read=[
            *(("周正", NAN, NAN), ("张三", NAN, NAN), ("李四", NAN, NAN)),
            *(("吴刚", QING, QING), ("王五", QING, QING)),
        ],
        asked=["A2"],
    ),
    "teams a row below sections of their units, one of nobody": Case(
        rows=[
            ["代表队", "领队", "选手1", "选手2"],
            *([NAN], ["一队", "周正", "张三", "李四"], ["二队", None, None, None]),
            *([QING], ["一队", "吴刚", "王五", None]),
        ],
        keys=("name", "team", "unit"),
        read=[
            *(("周正", "一队", NAN), ("张三", "一队", NAN), ("李四", "一队", NAN)),
            *(("吴刚", "一队", QING), ("王五", "一队", QING)),
        ],
        asked=["A2", "A5"],
        out=[2, 4, 5],
    ),
    "teams a row whose unit stands in the first row alone": Case(
        rows=[
            ["参赛单位", "代表队", "选手1", "选手2", "工种"],
            *([NAN, "一队", "张三", "李四", "焊工"], [None, "二队", "王五", "赵六", "同上"]),
            [QING, "三队", "周正", "吴刚", "电工"],
        ],
        keys=("name", "unit", "event"),
        read=[
            *(("张三", NAN, "焊工"), ("李四", NAN, "焊工")),
            *(("王五", NAN, "焊工"), ("赵六", NAN, "焊工")),
            *(("周正", QING, "电工"), ("吴刚", QING, "电工")),
        ],
        asked=["A3"],
    ),
    "dittos among people across": Case(
        rows=[
            *(["姓名", "张三", "李四", "王五"], ["单位", NAN, "同上", QING]),
            *(["工种", "焊工", "〃", "〃"], ["职务", "同上", "班长", "电工"]),
        ],
        keys=("name", "unit", "event"),
        read=[("张三", NAN, "焊工"), ("李四", NAN, "焊工"), ("王五", QING, "焊工")],
        asked=["B4"],
    ),
    "a list of leaders takes no label's place": Case(
        rows=[
            *(["参赛单位", NAN], ["姓名", "手机", "工种"], ["张三", "13800000001", "焊工"]),
            *(["领队、教练"], ["姓名", "身份"], ["周正", "领队"]),
        ],
        keys=("name", "role", "unit"),
        read=[("张三", "entrant", NAN), ("周正", "leader", NAN)],
        asked=["B1"],
        out=[1, 4],
    ),
    "members below one heading that counts them": Case(
        rows=[
            ["参赛单位", "领队", "参赛选手（2人）", None, "替补"],
            [NAN, "周正", "张三", "李四", "王五"],
        ],
        merged=["C1:D1"],
        keys=("name", "role"),
        read=[("周正", "leader"), ("张三", "entrant"), ("李四", "entrant"), ("王五", "other")],
        asked=["E2"],
    ),
    "indicators below periods": Case(
        kind="values",
        rows=[
            ["单位", "一季度", None, "二季度", None],
            *([None, "产值", "培训", "产值", "培训"], [NAN, 100, 30, 110, 31]),
        ],
        merged=["A1:A2", "B1:C1", "D1:E1"],
        names={"indicators": ("产值", "培训")},
        keys=("indicator", "period", "value"),
        read=[
            *(("产值", "一季度", "100"), ("培训", "一季度", "30")),
            *(("产值", "二季度", "110"), ("培训", "二季度", "31")),
        ],
    ),
    "marks of a module below its title": Case(
        kind="marks",
        rows=[
            *(["理论成绩"], ["姓名", "成绩"], ["张三", 88]),
            *(["实操成绩"], ["姓名", "成绩"], ["张三", "缺考"]),
        ],
        names={"modules": ("理论", "实操")},
        keys=("name", "module", "mark"),
        read=[("张三", "理论", "88"), ("张三", "实操", "缺考")],
        asked=["A1", "A4"],
        out=[1, 4],
    ),
    "modules beside names alone, sections of units": Case(
        kind="marks",
        rows=[
            *(["姓名", "理论", "实操得分"], [NAN], ["张三", 88, 90]),
            *([QING], ["李四", 77, "缺考"]),
        ],
        names={"modules": ("理论", "实操")},
        keys=("name", "module", "mark"),
        read=[
            *(("张三", "理论", "88"), ("张三", "实操得分", "90")),
            *(("李四", "理论", "77"), ("李四", "实操得分", "缺考")),
        ],
        out=[2, 4],
    ),
    "an absence that stands in the note": Case(
        kind="marks",
        rows=[["姓名", "成绩", "备注"], ["张三", 85, None], ["李四", None, "缺考"]],
        names={"modules": ("理论",)},
        keys=("name", "mark"),
        read=[("张三", "85"), ("李四", "缺考")],
        asked=["C3"],
    ),
    "forms side by side": Case(
        rows=[
            ["姓名", "张三", "手机", "13800000001", "姓名", "李四", "手机", "13800000002"],
            ["单位", NAN, "工种", "焊工", "单位", QING, "工种", "电工"],
            ["身份证号", id_of(1), None, None, "身份证号", id_of(2)],
        ],
        keys=("name", "phone", "unit", "event", "id_number"),
        read=[
            ("张三", "13800000001", NAN, "焊工", id_of(1)),
            ("李四", "13800000002", QING, "电工", id_of(2)),
        ],
    ),
    "two duties of one judge": Case(
        kind="judges",
        rows=[["姓名", "职务"], ["张三", "裁判长兼仲裁"], ["李四", "记录、统分"]],
        keys=("name", "duty"),
        read=[("张三", "chief"), ("李四", "recorder")],
        asked=["B2"],
    ),
    "units a line each without any head": Case(
        kind="units",
        rows=[["参赛单位名单"], [NAN], [f"2. {QING}"], ["三、东港"], ["合计3家"]],
        keys=("name",),
        read=[(NAN,), (QING,), ("东港",)],
        out=[1, 5],
    ),
    "contacts in groups of a head": Case(
        kind="units",
        rows=[
            ["单位名称", "第一联系人", None, "第二联系人", None],
            [None, "姓名", "电话", "姓名", "电话"],
            [NAN, "周正", "13800000001", "吴刚", "13800000002"],
        ],
        keys=("name", "contact", "phone"),
        read=[(NAN, "周正", "13800000001")],
        asked=["D1", "E1"],
    ),
    "two people in one cell": Case(
        rows=[["姓名", "单位"], ["王小明 李丽", NAN], ["欧阳 娜娜", QING]],
        read=[("王小明李丽",), ("欧阳娜娜",)],
        asked=["A2"],
    ),
    "a contact and the number in one cell": Case(
        kind="units",
        rows=[["单位名称", "联系人及电话"], [NAN, "周正 13800000001"]],
        keys=("name", "contact", "phone"),
        read=[(NAN, "周正", "13800000001")],
    ),
    "months are no indicators": Case(
        kind="values",
        rows=[["单位", "安全", "1月", "2月"], [NAN, 30, 90, 91]],
        keys=("unit", "indicator", "value"),
        read=[(NAN, "安全", "30")],
        asked=["C1", "D1"],
    ),
    "what was planned and done above the indicators": Case(
        kind="values",
        rows=[
            ["单位", "目标", None, "完成", None],
            *([None, "产值", "培训", "产值", "培训"], [NAN, 100, 30, 90, 28]),
        ],
        merged=["A1:A2", "B1:C1", "D1:E1"],
        keys=("unit", "indicator", "target", "value"),
        read=[(NAN, "产值", "100", "90"), (NAN, "培训", "30", "28")],
    ),
    "units by months below a title that has the indicator": Case(
        kind="values",
        rows=[["安全培训完成情况统计表"], ["单位", "1月", "2月"], [NAN, 10, 11], [QING, 20, 21]],
        names={"units": [NAN, QING], "indicators": ["安全培训", "产值"]},
        keys=("unit", "indicator", "period", "value"),
        read=[
            *((NAN, "安全培训", "1月", "10"), (NAN, "安全培训", "2月", "11")),
            *((QING, "安全培训", "1月", "20"), (QING, "安全培训", "2月", "21")),
        ],
        asked=["A1"],
        out=[1],
    ),
    "months below their indicators": Case(
        kind="values",
        rows=[
            ["单位", "产值", None, "培训", None],
            [None, "1月", "2月", "1月", "2月"],
            [NAN, 10, 11, 1, 2],
        ],
        merged=["A1:A2", "B1:C1", "D1:E1"],
        keys=("unit", "indicator", "period", "value"),
        read=[
            *((NAN, "产值", "1月", "10"), (NAN, "产值", "2月", "11")),
            *((NAN, "培训", "1月", "1"), (NAN, "培训", "2月", "2")),
        ],
    ),
    "months beside an indicator a row": Case(
        kind="values",
        rows=[["单位", "指标", "1月", "2月"], [NAN, "产值", 10, 11], [None, "培训", 1, None]],
        keys=("unit", "indicator", "period", "value"),
        read=[
            *((NAN, "产值", "1月", "10"), (NAN, "产值", "2月", "11")),
            (NAN, "培训", "1月", "1"),
        ],
        asked=["A3"],
    ),
    "parts of judges by what they do": Case(
        kind="judges",
        rows=[
            *(["姓名", "单位"], ["裁判长"], ["张三", NAN], ["（二）裁判员（2人）"]),
            *(["李四", QING], ["王五", QING], ["三、记录员"], ["赵六", QING]),
        ],
        keys=("name", "duty"),
        read=[("张三", "chief"), ("李四", "judge"), ("王五", "judge"), ("赵六", "recorder")],
        out=[2, 4, 7],
    ),
    "a sheet a duty": Case(
        kind="judges",
        sheets={
            "副裁判长": [["姓名", "单位"], ["张三", NAN]],
            "现场裁判": [["裁判员名单"], ["姓名", "单位"], ["李四", QING]],
        },
        keys=("name", "duty"),
        read=[("张三", "deputy"), ("李四", "judge")],
    ),
    "a list of judges says nothing of each": Case(
        kind="judges",
        rows=[["裁判员名单"], ["姓名", "职责"], ["张三", "裁判长"], ["李四", None]],
        keys=("name", "duty"),
        read=[("张三", "chief"), ("李四", None)],
        out=[1],
    ),
    "a numbered part in the column of numbers, of no known event": Case(
        rows=[
            *(["序号", "身份证号", "姓名", "单位"], [1, id_of(1), "张三", NAN]),
            *([None, "2.铆工"], [2, id_of(2), "李四", QING]),
        ],
        names={"events": ()},
        keys=("name", "unit"),
        read=[("张三", NAN), ("李四", QING)],
        out=[3],
    ),
    "a state behind a name is no part of it": Case(
        rows=[["姓名", "单位"], ["张三（退赛）", NAN], ["李四（女）", NAN]],
        keys=("name",),
        read=[("张三",), ("李四（女）",)],
        asked=["A2", "A3"],
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_table_is_read_as_it_is_meant(case: Case) -> None:
    case.check()


@pytest.mark.parametrize(
    ("kind", "text", "read"),
    [
        ("scheme", "焊缝外观（满分40）\n清理 10 分", [("焊缝外观", "40"), ("清理", "10")]),
        ("people", "序号 姓名\n1 张三\n2 李四", [("张三", None), ("李四", None)]),
        ("people", "张三，一车间\n（共1人）", [("张三", None)]),
        ("scheme", "装配 30分 每错一处扣2分", [("装配", "30")]),
    ],
)
def test_lines_are_read_as_they_are_meant(
    kind: str, text: str, read: list[tuple[str, str | None]]
) -> None:
    reading = read_small(text, kind)
    assert [(row.values.get("name"), row.values.get("max")) for row in reading.rows] == read
    assert not reading.asked
