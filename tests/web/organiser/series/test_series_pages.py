"""Series at the desk: made, its tree with sums, nodes and reports; and to whom."""

from __future__ import annotations

from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select

from compete.domain.series.reading import read_series
from compete.domain.values.kinds import Level
from compete.models import Account, Competition, Series, SeriesNode, db
from compete.services.accounts.accounts import create_account
from tests.support.series import node_here, node_in, report_of, series_by
from tests.support.signing_in import signed_in

pytestmark = pytest.mark.usefixtures("fresh")


def desk(app: Flask, account: Account) -> FlaskClient:
    return signed_in(app, account)


def test_a_series_is_made_and_filled_by_hand(
    here: Flask, fresh: Competition, organiser: Account
) -> None:
    client = desk(here, organiser)
    answer = client.post(
        "/desk/series", data={"name": "泵站系列", "year": "2026", "level": "provincial-1"}
    )
    series = db.session.scalars(select(Series)).one()
    at = f"/desk/series/{series.id}"
    assert answer.location == at
    assert "还没有站" in client.get(at).text
    client.post(f"{at}/nodes/new", data={"name": "省赛", "level": "provincial-1"})
    city = db.session.scalars(select(SeriesNode)).one()
    node = f"{at}/nodes/{city.id}"
    client.post(f"{node}/below", data={"name": "一公司", "level": "enterprise"})
    client.post(f"{node}/here", data={"competition": str(fresh.id)})
    firm = db.session.scalars(select(SeriesNode).filter_by(name="一公司")).one()
    report = {"sessions": "3", "people": "1200", "told_by": "工会"}
    client.post(f"{at}/nodes/{firm.id}/report", data=report)
    page = client.get(at).text
    assert "1,204</b> 人次" in page
    assert "上报 1,200，登记到人 4" in page
    assert "1 站报了" in page
    own = client.get(f"{at}/nodes/{firm.id}").text
    assert "报过的数" in own
    assert "工会" in own


def test_a_series_at_the_top_takes_competitions_too(
    here: Flask, fresh: Competition, organiser: Account
) -> None:
    series = series_by(organiser)
    client = desk(here, organiser)
    at = f"/desk/series/{series.id}"
    assert fresh.name in client.get(f"{at}/nodes/new").text
    client.post(f"{at}/here", data={"competition": str(fresh.id)})
    assert db.session.scalars(select(SeriesNode)).one().competition_id == fresh.id
    again = client.post(f"{at}/here", data={"competition": "999"})
    assert again.status_code == 400
    assert "选一个您办的" in again.text


def test_faults_stand_beside_their_fields(here: Flask, organiser: Account) -> None:
    series = series_by(organiser)
    node = node_in(series, "公司", organiser)
    client = desk(here, organiser)
    at = f"/desk/series/{series.id}/nodes/{node.id}"
    refused = client.post(f"{at}/report", data={"sessions": "-1", "people": "", "told_by": ""})
    assert refused.status_code == 400
    assert "写谁报的" in refused.text
    refused = client.post(
        f"{at}/report",
        data={"sessions": "1", "people": "1", "examined": "1", "passed": "2", "told_by": "甲"},
    )
    assert "合格的比考核的多" in refused.text
    refused = client.post(at, data={"name": "", "level": "enterprise"})
    assert refused.status_code == 400
    assert refused.text.count("站名要写") >= 1


def test_over_fifty_under_one_are_one_line_with_the_sum(here: Flask, organiser: Account) -> None:
    series = series_by(organiser)
    city = node_in(series, "市", organiser, level=Level.MUNICIPAL)
    nodes = [node_in(series, f"工会{n:02}", organiser, under=city) for n in range(61)]
    for node in nodes[:53]:
        report_of(node, organiser, 1, 10)
    client = desk(here, organiser)
    page = client.get(f"/desk/series/{series.id}").text
    assert "61 站" in page
    assert "53 站报了数" in page
    assert "8 站没报数" in page
    assert page.count("工会0") == 0
    all_of_them = client.get(f"/desk/series/{series.id}/nodes/{city.id}").text
    assert "工会00" in all_of_them


def test_many_at_the_top_lead_to_a_list_of_all(here: Flask, organiser: Account) -> None:
    series = series_by(organiser)
    for n in range(52):
        node_in(series, f"公司{n:02}", organiser)
    client = desk(here, organiser)
    tops = f"/desk/series/{series.id}/tops"
    assert tops in client.get(f"/desk/series/{series.id}").text
    assert "公司51" in client.get(tops).text


def test_what_is_held_above_the_series_is_not_in_its_sums(here: Flask, organiser: Account) -> None:
    series = series_by(organiser)
    nation = node_in(series, "全国赛", organiser, level=Level.NATIONAL_1)
    city = node_in(series, "市赛", organiser, level=Level.MUNICIPAL, under=nation)
    report_of(nation, organiser, 1, 900)
    report_of(city, organiser, 2, 30)
    page = desk(here, organiser).get(f"/desk/series/{series.id}").text
    assert "30</b> 人次" in page
    assert "2</b> 场" in page


def test_who_has_no_part_is_told_that_there_is_none(
    here: Flask, fresh: Competition, organiser: Account
) -> None:
    admin = create_account("管理员", is_admin=True)
    series = series_by(admin)
    client = desk(here, organiser)
    assert client.get(f"/desk/series/{series.id}").status_code == 404
    node = node_here(series, fresh, admin)
    page = client.get(f"/desk/series/{series.id}").text
    assert "加一站" not in page
    own = client.get(f"/desk/series/{series.id}/nodes/{node.id}")
    assert "删掉这一站" not in own.text
    refused = client.post(f"/desk/series/{series.id}/nodes/{node.id}/erase")
    assert refused.status_code == 403
    assert client.get(f"/desk/series/{series.id}/file.json").status_code == 403
    assert client.get(f"/desk/series/{series.id}/nodes/{node.id + 1}").status_code == 404


def test_it_leaves_as_a_file_and_goes_by_one_press(here: Flask, organiser: Account) -> None:
    series = series_by(organiser)
    client = desk(here, organiser)
    at = f"/desk/series/{series.id}"
    node = node_in(series, "公司", organiser)
    assert read_series(client.get(f"{at}/file.json").data).nodes[0].name == "公司"
    client.post(at, data={"name": "新名", "level": "municipal"})
    assert "新名" in client.get(at).text
    assert client.post(f"{at}/erase").status_code == 409
    client.post(f"{at}/nodes/{node.id}", data={"name": "新站", "level": "enterprise"})
    assert "新站" in client.get(at).text
    client.post(f"{at}/nodes/{node.id}/erase")
    client.post(f"{at}/erase")
    assert "还没有系列赛" in client.get("/desk/series").text


def test_counts_come_in_and_go_out_as_a_workbook(here: Flask, organiser: Account) -> None:
    client, series = desk(here, organiser), series_by(organiser)
    city = node_in(series, "全市", organiser, level=Level.MUNICIPAL)
    node_in(series, "甲区", organiser, under=city)
    at = f"/desk/series/{series.id}"
    pasted = "站\t场次\t人次\t挂在哪一站\n甲区\t3\t1200\t\n乙区\t2\t三百\t全市\n丙区\t2\t300\t全市"
    looked = client.post(f"{at}/reports", data={"pasted": pasted})
    assert looked.status_code == 200, looked.text
    assert "新报 2 站" in looked.text
    assert "人次：要写 0 到" in looked.text
    packed = looked.text.partition('name="rows" value="')[2].partition('"')[0]
    written = client.post(f"{at}/reports/write", data={"rows": packed})
    assert "还有 1 行没写" in written.text
    page = client.get(at).text
    assert "1,500</b> 人次" in page
    assert "乙区" not in page
    book = client.get(f"{at}/reports/workbook.xlsx")
    assert book.status_code == 200
    tree = load_workbook(BytesIO(client.get(f"{at}/tree.xlsx").data)).active
    lines = [[cell.value for cell in row][:6] for row in tree.iter_rows(min_row=2)]
    assert ["全市", None, "市级", None, 5, 1500] in lines
    assert ["　甲区", "全市", "企业", None, 3, 1200] in lines
    other = desk(here, create_account("别人"))
    assert other.get(f"{at}/reports").status_code in (403, 404)


def test_who_has_not_reported_is_reminded(here: Flask, organiser: Account) -> None:
    client, series = desk(here, organiser), series_by(organiser)
    nodes = [node_in(series, name, organiser) for name in ("甲区", "乙区")]
    at = f"/desk/series/{series.id}"
    assert "催 2 站" in client.get(at).text
    client.post(f"{at}/remind", data={"node": str(nodes[0].id)})
    assert client.get(at).text.count("催过</span>") == 1
    client.post(f"{at}/remind")
    assert client.get(at).text.count("催过</span>") == 2
    assert client.post(f"{at}/remind").status_code == 409
