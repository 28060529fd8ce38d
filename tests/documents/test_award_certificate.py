import re
from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
from pypdf import PdfReader

from compete.documents.award_certificate import (
    AwardCertificate,
    award_wording,
    render_award_certificates,
)
from compete.documents.press import beside, set_by
from tests.documents.reading import A4_LYING, NO_FONT_HAS, TYPST_SOURCE, page_sizes, pages

COMPETITION = "2022年全省港口叉车司机职业技能竞赛"


def certificate(recipient: str = "吕㛃", **changes: object) -> AwardCertificate:
    fields: dict[str, object] = {
        "recipient": recipient,
        "competition": COMPETITION,
        "award": "个人一等奖",
        "number": "〔2022〕第002号",
        "issuer": "全省港口竞赛组委会",
        "issued_on": date(2022, 9, 22),
        "verify_url": "https://example.cn/v/7QK3MZ9T",
        "unit": "省港口集团",
        "score": "96.40",
        "rank": 2,
    }
    return AwardCertificate(**{**fields, **changes})  # type: ignore[arg-type]


def sentence(given: AwardCertificate) -> str:
    wording = award_wording(given)
    text = f"{given.recipient}{wording.suffix}{wording.before}{wording.competition}{wording.after}"
    return text.replace("\u00a0", " ")


def test_a_person_is_addressed_with_unit_total_and_place() -> None:
    assert sentence(certificate()) == (
        f"吕㛃同志（省港口集团）：在{COMPETITION}中，总成绩 96.40 分，列个人第 2 名，获"
    )


def test_a_team_is_addressed_as_a_team() -> None:
    team = certificate("省港口集团", team=True, unit="", score="288.20", rank=1)
    assert sentence(team) == (
        f"省港口集团代表队：在{COMPETITION}中，团体总分 288.20 分，列团体第 1 名，获"
    )


def test_a_team_called_so_already_is_not_called_so_twice() -> None:
    team = certificate("通江客货港代表队", team=True, members=())
    assert award_wording(replace(team, unit="")).suffix == "："


ITEM = {"item": "重型吊车", "award": "单项优胜", "score": "92.83", "rank": 4}


def test_of_a_single_item_score_and_place_are_called_the_items() -> None:
    won = "重型吊车 成绩 92.83 分，列该单项第 4 名，获"
    for given in (
        certificate(**ITEM),
        certificate(members=("赵启明", "吕㛃"), **ITEM),
        certificate("省港口集团", team=True, unit="", members=("赵启明", "吕㛃"), **ITEM),
        certificate(event="清障", **ITEM),
    ):
        text = sentence(given)
        assert text.endswith(f"中，{won}")
        assert award_wording(given).award == "重型吊车 单项优胜"
        (page,) = pages(render_award_certificates([given]))
        assert text.replace(" ", "") in page.replace("\u00a0", "")
        for other in ("总成绩", "团体总分", "列个人", "列团体"):
            assert other not in page


def test_a_number_is_not_parted_from_its_word() -> None:
    assert "96.40\u00a0分" in award_wording(certificate()).after


def test_wherever_the_line_ends_number_and_word_stay_together() -> None:
    names = ["赛" * count for count in range(1, 34)]
    pdf = render_award_certificates([certificate(competition=name) for name in names])
    lines = [page.extract_text().splitlines() for page in PdfReader(BytesIO(pdf)).pages]
    assert not [line for page in lines for line in page if re.match(r"\s*[分名]，", line)]
    # And lines did end right before it.
    assert any(line.rstrip().endswith("总成绩") for page in lines for line in page)


def test_no_line_begins_with_the_dot_within_a_name() -> None:
    names = ["赛" * count + "·长三角区域职业技能竞赛" for count in range(20, 34)]
    units = ["甲" * count + "·长三角区域一体化示范区有限公司" * 3 for count in range(1, 29)]
    given = [certificate(competition=name) for name in names]
    given += [certificate("阿里木·买买提", unit=unit) for unit in units]
    lines = [
        line.strip()
        for page in PdfReader(BytesIO(render_award_certificates(given))).pages
        for line in page.extract_text().splitlines()
    ]
    assert not [line for line in lines if line.startswith("·")]
    # And lines did end where only the dot would have come next.
    assert any(line.endswith("三角区域一体化示范区有限公") for line in lines)


def test_who_signs_in_several_lines_has_them_of_about_a_length() -> None:
    host = "首届长三角清障岗位救援机械操作员竞赛组委会"
    beside = ("上海市总工会", "江苏省总工会")
    (page,) = PdfReader(
        BytesIO(render_award_certificates([certificate(issuer=host, beside=beside)]))
    ).pages
    lines = [line.strip() for line in page.extract_text().splitlines()]
    # The mark on the band is a sign of it, too.
    parts = [line for line in lines if line in host and line not in ("", "竞")]
    assert "".join(parts) == host
    assert min(map(len, parts)) > 2


def test_a_title_of_another_body_is_printed_with_its_document_however_long() -> None:
    approval = "江苏省人力资源和社会保障厅核准（苏人社发〔2026〕88号）"
    longest = "江" * 100 + "核准（" + "苏" * 100 + "）"
    texts = pages(
        render_award_certificates(
            [
                certificate(honour=True, approved=approval),
                certificate(honour=True, approved=longest),
            ]
        )
    )
    assert approval in texts[0]
    assert longest in "".join(texts[1].split())


def test_a_teams_members_are_named() -> None:
    team = certificate("省港口集团", team=True, members=("赵启明", "吕㛃"))
    assert award_wording(team).suffix == "代表队（赵启明、吕㛃）："


def test_a_crews_member_is_addressed_with_the_crew_whose_place_it_is() -> None:
    mine = certificate(crew="第1组")
    assert sentence(mine) == (
        f"吕㛃同志（省港口集团，第1组）：在{COMPETITION}中，总成绩 96.40 分，列第 2 名，获"
    )
    assert award_wording(replace(mine, unit="")).suffix == "同志（第1组）："


def test_a_person_without_a_unit_gets_no_empty_brackets() -> None:
    assert award_wording(certificate(unit="")).suffix == "同志："


def test_the_event_is_named_where_there_are_several() -> None:
    assert award_wording(certificate(event="叉车司机")).after.startswith("叉车司机赛项中，")


def test_a_title_is_conferred_and_no_score_is_said_that_is_not_given() -> None:
    honour = certificate(award="全省技术能手", honour=True, score=None, rank=None)
    assert award_wording(honour).after == "中，成绩优异，被授予"


def test_the_page_says_it_all() -> None:
    pdf = render_award_certificates([certificate()], note="样张")
    (page,) = pages(pdf)
    assert page_sizes(pdf) == A4_LYING
    assert b"<pdfaid:part>2</pdfaid:part><pdfaid:conformance>A</" in pdf
    for words in (
        "获奖证书",
        sentence(certificate()).replace(" ", ""),
        "个人一等奖",
        "特发此证。",
        "证书编号〔2022〕第002号",
        "扫码核对真伪",
        "全省港口竞赛组委会",
        "2022年9月22日",
        "样张",
    ):
        assert words in page


def test_very_long_words_are_all_there() -> None:
    given = certificate(
        "阿布都热依木·买买提江",
        competition=COMPETITION * 3,
        unit="江苏省沿江石油化工港口装卸储运有限责任公司" * 2,
        award="全省交通运输行业技术能手、五一创新能手、青年岗位能手",
        issuer="江苏省交通运输行业职业技能竞赛组织委员会" * 2,
    )
    (page,) = pages(render_award_certificates([given]))
    assert sentence(given).replace(" ", "") in page
    assert given.award in page
    assert given.issuer in page


def test_a_name_is_printed_and_never_run() -> None:
    (page,) = pages(render_award_certificates([certificate(TYPST_SOURCE, award=TYPST_SOURCE)]))
    assert page.count(TYPST_SOURCE.replace(" ", "")) == 2


def test_who_has_a_missing_character_gets_no_certificate_and_the_others_do() -> None:
    pdf = render_award_certificates([certificate(NO_FONT_HAS), certificate("吕㛃")])
    first, last = pages(pdf)
    assert "吕㛃" in first
    assert "没印〓：字体里没有" in last
    assert [omission.who for omission in pdf.left_out] == [NO_FONT_HAS]


def test_a_thousand_come_out_of_one_run_in_order_and_twice_the_same() -> None:
    batch = [certificate(f"选手{i:04d}", number=f"〔2022〕第{i:04d}号") for i in range(1000)]
    # In a process of its own, as a job prints so many: the memory goes back with it.
    with set_by(beside(lambda: None)):
        reader = PdfReader(BytesIO(render_award_certificates(batch)))
    assert len(reader.pages) == 1000
    assert "第0000号" in reader.pages[0].extract_text()
    assert "第0999号" in reader.pages[999].extract_text()
    assert render_award_certificates(batch[:50]) == render_award_certificates(batch[:50])


def test_none_at_all_are_no_document() -> None:
    with pytest.raises(ValueError, match="no certificates"):
        render_award_certificates([])


def test_one_that_is_not_valid_says_so_across_the_page() -> None:
    pdf = render_award_certificates([certificate(void="已撤销"), certificate()])
    assert ["已撤销" in page for page in pages(pdf)] == [True, False]
