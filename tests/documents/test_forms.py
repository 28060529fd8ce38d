from datetime import datetime

import pytest

from compete.documents.forms import Form, FormLine, render_form
from compete.documents.lists import Stamp
from tests.documents.reading import NO_FONT_HAS, pages

STAMP = Stamp(datetime(2022, 9, 16, 8, 0))
LINE = FormLine(
    name="吕㛃",
    number="B02",
    unit="省港口集团",
    phone="138****5678",
    id_number="3200****0071",
    occupation="操作工",
    trade="叉车司机",
    grade="二级/技师",
    certificate_number="Y0000320",
    issued_on="2022年10月12日",
    session="上午",
    code="K-19",
    outer_code="J-07",
    module="叉车实操",
    station="3号工位",
    check_in="07:40",
    lasts="08:00–08:20",
    people="12",
)


def printed(form: Form, line: FormLine = LINE) -> str:
    (page,) = pages(render_form(form, [line], title="表", stamp=STAMP))
    return page


@pytest.mark.parametrize(
    ("form", "heads", "filled", "left_out"),
    [
        (
            Form.ATTENDANCE,
            "序号检录姓名单位联系电话签到时间签名",
            "107:40吕㛃省港口集团138****5678",
            "B02",
        ),
        (Form.CHECK_IN, "序号检录参赛号姓名单位", "107:40B02吕㛃省港口集团", "138****5678"),
        (Form.DRAW, "序号场次参赛号抽得顺序号或工位号", "1上午B02K-19", "吕㛃"),
        (Form.CODING, "序号参赛号上一层加密号加密号加密裁判监督", "1B02J-07K-19", "吕㛃"),
        (
            Form.FIELD_RECORD,
            "工位开始时间结束时间",
            "108:00–08:20B02吕㛃K-193号工位",
            "138****5678",
        ),
        (
            Form.SCHEDULE,
            "检录时间场次模块工位人数",
            "07:4008:00–08:20上午叉车实操3号工位12",
            "吕㛃",
        ),
        (Form.HANDING_OUT, "序号姓名证件号码职业工种等级", "1吕㛃3200****0071操作工", "B02"),
    ],
)
def test_a_form_has_its_columns_and_fills_in_what_is_known(
    form: Form, heads: str, filled: str, left_out: str
) -> None:
    page = printed(form)
    assert heads in page
    assert filled in page
    assert left_out not in page


@pytest.mark.parametrize("form", [form for form in Form if form is not Form.SCHEDULE])
def test_every_form_can_be_printed_and_signed(form: Form) -> None:
    assert "日期" in printed(form)


def test_the_coding_form_never_says_who_is_behind_a_code() -> None:
    page = printed(Form.CODING)
    assert "吕㛃" not in page
    assert "省港口集团" not in page


def test_one_layer_of_codes_covers_the_entrants_own_numbers() -> None:
    pdf = render_form(Form.CODING, [FormLine(number="B02", code="K-19")], title="表", stamp=STAMP)
    (page,) = pages(pdf)
    assert "序号参赛号加密号加密裁判监督" in page
    assert "1B02K-19" in page
    assert "上一层" not in page


def test_each_session_of_a_field_record_has_a_page_that_is_signed() -> None:
    lines = [
        FormLine(name="吕㛃", number="B02", heading="上午"),
        FormLine(name="王强", number="B03", heading="下午"),
    ]
    first, second = pages(render_form(Form.FIELD_RECORD, lines, title="表", stamp=STAMP))
    for page, own, other in ((first, "1B02吕㛃", "王强"), (second, "1B03王强", "吕㛃")):
        assert own in page
        assert other not in page
        assert "裁判长" in page


def test_nobody_signs_a_field_record_beside_a_code() -> None:
    coded = pages(render_form(Form.FIELD_RECORD, [FormLine(code="K-19")], title="表", stamp=STAMP))[
        0
    ]
    assert "加密号" in coded
    assert "裁判签名" in coded
    assert "选手签名" not in coded
    assert "工位" not in coded
    assert "姓名" not in coded


def test_a_missing_character_names_the_line() -> None:
    lines = [LINE, FormLine(name=f"吕{NO_FONT_HAS}")]
    pdf = render_form(Form.ATTENDANCE, lines, title="签到表", stamp=STAMP)
    first, last = pages(pdf)
    assert "吕〓" in first
    assert "印成〓吕〓：字体里没有" in last
