from datetime import date
from io import BytesIO

import pytest
from pypdf import PdfReader

from compete.documents.grade_certificate import (
    STATEMENT,
    GradeCertificate,
    render_grade_certificates,
)
from tests.documents.reading import A4, NO_FONT_HAS, TYPST_SOURCE, page_sizes, pages


def certificate(name: str = "吕㛃", **changes: object) -> GradeCertificate:
    fields: dict[str, object] = {
        "name": name,
        "id_type": "居民身份证",
        "id_number": "320000199308150071",
        "occupation": "起重装卸机械操作工",
        "trade": "叉车司机",
        "level": "二级/技师",
        "number": "Y000032000123222000002",
        "body": "江苏某某职业技能评价机构",
        "issued_on": date(2022, 10, 12),
        "verify_url": "https://example.cn/v/Y000032000123222000002",
    }
    return GradeCertificate(**{**fields, **changes})  # type: ignore[arg-type]


def printed(*certificates: GradeCertificate, **more: str) -> list[str]:
    return pages(render_grade_certificates(certificates, **more))  # type: ignore[arg-type]


def test_the_fields_stand_in_the_order_of_the_regulation() -> None:
    (page,) = printed(certificate())
    fields = (
        "姓名吕㛃",
        "证件类型居民身份证",
        "证件号码320000199308150071",
        "职业名称起重装卸机械操作工",
        "工种/职业方向叉车司机",
        "职业技能等级二级/技师",
        "证书编号Y000032000123222000002",
    )
    places = [page.index(field) for field in fields]
    assert places == sorted(places)


def test_a_name_of_thirty_characters_is_as_large_as_two_lines_allow() -> None:
    name = "阿卜杜勒艾则孜·麦麦提图尔荪阿卜杜热依木·艾合麦提江阿依古丽"
    made = render_grade_certificates([certificate(name)])
    assert name in pages(made)[0]
    sizes = set()

    def look(text: str, _cm: object, matrix: list[float], _font: object, size: float) -> None:
        if "阿卜杜勒" in text:
            sizes.add(round(abs(matrix[3]) * size))

    PdfReader(BytesIO(made)).pages[0].extract_text(visitor_text=look)
    assert sizes
    assert min(sizes) >= 10  # Of the fourteen that a name of one line has.


def test_title_statement_body_day_and_both_addresses_are_there() -> None:
    (page,) = printed(certificate())
    assert page.startswith("职业技能等级证书")
    assert STATEMENT in page
    assert "评价机构江苏某某职业技能评价机构" in page
    assert "发证日期2022年10月12日" in page
    assert "证书查询：jndj.osta.org.cn" in page
    assert "机构查询：pjjg.osta.org.cn" in page


@pytest.mark.parametrize("trade", ["", "  "])
def test_an_occupation_without_a_trade_gets_two_dashes_and_never_a_blank(trade: str) -> None:
    (page,) = printed(certificate(trade=trade))
    assert "工种/职业方向--职业技能等级" in page


def test_each_has_an_a4_page_of_its_own_in_the_order_given() -> None:
    pdf = render_grade_certificates([certificate(f"第{i}人") for i in range(3)])
    assert page_sizes(pdf) == A4
    assert [f"姓名第{i}人" in page for i, page in enumerate(pages(pdf))] == [True] * 3


def test_a_note_is_printed_at_the_foot() -> None:
    (page,) = printed(certificate(), note="版式示意，人名与编号均为虚构")
    assert page.endswith("版式示意，人名与编号均为虚构")


def test_a_name_is_printed_and_never_run() -> None:
    (page,) = printed(certificate(TYPST_SOURCE, body=TYPST_SOURCE))
    assert page.count(TYPST_SOURCE.replace(" ", "")) == 2


def test_who_has_a_missing_character_gets_no_certificate_and_the_others_do() -> None:
    first, last = printed(certificate(f"吕{NO_FONT_HAS}"), certificate("䶮𠅤"))
    assert "姓名䶮𠅤" in first
    assert "没印吕〓：字体里没有" in last


def test_the_same_certificates_give_the_same_bytes() -> None:
    batch = [certificate(), certificate("䶮𠅤")]
    assert render_grade_certificates(batch) == render_grade_certificates(batch)


def test_no_time_of_printing_is_in_the_file() -> None:
    pdf = render_grade_certificates([certificate()], author="评价机构")
    assert b"<pdfaid:part>2</pdfaid:part><pdfaid:conformance>A</" in pdf
    written = PdfReader(BytesIO(pdf)).metadata
    assert written is not None
    assert (written.title, written.author) == ("职业技能等级证书", "评价机构")
    assert written["/CreationDate"] == "D:20221012000000Z"


def test_the_id_number_is_not_in_what_a_log_would_show() -> None:
    assert "320000199308150071" not in repr(certificate())


def test_none_at_all_are_no_document() -> None:
    with pytest.raises(ValueError, match="no certificates"):
        printed()
