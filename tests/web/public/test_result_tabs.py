"""Published results: rows open to their sums, tabs have addresses, a move says from where."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from openpyxl import load_workbook
from pypdf import PdfReader

from compete.models import Account, Competition, StoredPage, db
from compete.services.appeals.filing import withdraw_appeal
from compete.services.kernel.publications import latest_publication
from compete.services.results.published_sums import moved_places, worked_totals
from compete.services.results.result_moves import withdraw_notice
from compete.services.results.snapshots import publications, read_snapshot
from compete.web.public.prepared_pages import prepare_pages
from compete.web.public.result_lists import result_addresses
from compete.web.public.stored_pages import KEPT_BY_WHO_ASKED
from tests.support.announced import announce
from tests.support.appealing import appealed
from tests.support.competitions import load_sample
from tests.support.second_day import PRIZES, second_version, with_prizes
from tests.support.signing_in import signed_in
from tests.support.small import all_marks, small

BESIDE: dict[str, Any] = {
    "items": [{"code": "fast", "name": "最快", "of": "t"}],
    "team_ranking": {"best": 2},
    "grades": [{"code": "top", "when": {"max_rank": 1}, "grant": {"titles": ["岗位能手"]}}],
}


def text_of(page: str) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)))


def test_every_published_total_is_the_sum_of_its_opened_row(
    forklift: Competition, organiser: Account
) -> None:
    announce(forklift, organiser)
    publication = latest_publication(forklift)
    assert publication is not None
    bundle, results = read_snapshot(publication)
    rules, event = bundle.events[0], results.events[0]
    worked = worked_totals(rules, event, {row.entrant for row in event.standings})
    ranked = [row for row in event.standings if row.rank is not None]
    assert ranked
    assert set(worked) == {row.entrant for row in ranked}
    for row in ranked:
        shares = [line.value for line in worked[row.entrant] if not line.within]
        assert all(share.startswith("= ") for share in shares)
        total = sum(float(share.removeprefix("= ")) for share in shares)
        assert f"{total:.2f}" == row.total


@pytest.mark.usefixtures("here")
def test_a_carried_total_and_what_is_rounded_are_said_as_they_are(organiser: Account) -> None:
    competition = load_sample("pump-station", organiser)
    announce(competition, organiser)
    publication = latest_publication(competition)
    assert publication is not None
    bundle, results = read_snapshot(publication)
    event = results.events[0]
    first = next(row for row in event.standings if row.rank == 1)
    lines = worked_totals(bundle.events[0], event, {first.entrant})[first.entrant]
    assert lines[0].name == bundle.events[0].stages[0].name
    assert lines[0].times == " × 0.3"
    assert all(line.times.endswith(" × 0.7") for line in lines[1:])
    for line in lines:
        assert line.value[0] in "=≈"


def test_a_row_opens_without_a_script_and_a_lone_hit_stands_open(
    here: Flask, forklift: Competition, organiser: Account
) -> None:
    announce(forklift, organiser)
    visitor = here.test_client()
    page = visitor.get(f"/p/{forklift.code}").text
    assert page.count('class="sums') == page.count("<details") - 1  # one for the first three
    assert "<details open" not in page
    publication = latest_publication(forklift)
    assert publication is not None
    number = read_snapshot(publication)[1].events[0].standings[4].entrant
    assert f'id="{number}"' in page
    page_text = visitor.get(f"/p/{forklift.code}?q={number}").text
    assert "<details open" in page_text
    missed = visitor.get(f"/p/{forklift.code}?q=查无此人").text
    assert "没有这个人或单位，换个写法试试" in missed
    assert "姓名隐去了一部分的，按全名找不到：用参赛号、单位或姓氏找" in missed
    # The tabs stay, and so does the way to search on each of them.
    teams = visitor.get(f"/p/{forklift.code}?see=teams").text
    assert missed.count('class="segments"') == 1
    assert 'role="search"' in teams


def test_each_tab_has_its_first_three_and_a_list_of_all_for_phones_and_paper(
    here: Flask, forklift: Competition, organiser: Account
) -> None:
    announce(forklift, organiser)
    visitor = here.test_client()
    for see, rows in (("people", 46), ("teams", 12), ("units", 12)):
        page = visitor.get(f"/p/{forklift.code}?see={see}").text
        assert re.findall(r'<li class="place-(\d)">', page) == ["1", "2", "3"], see
        main = page[page.index('<div class="with-side">') : page.index("有意见，这样说")]
        listed = re.findall(r'<tr(?: id="\w+")?(?: class="of-podium")?><td', main)
        assert len(listed) == rows, see
        assert main.count(' class="of-podium"') == 3, see
    page_text = visitor.get(f"/p/{forklift.code}?q=B0").text
    assert "place-1" not in page_text
    assert "of-podium" not in page_text


def test_the_notice_is_handed_out_as_it_is_put_up_while_it_may_be(
    here: Flask, forklift: Competition, organiser: Account
) -> None:
    visitor, address = here.test_client(), f"/p/{forklift.code}/notice.pdf"
    assert visitor.get(address).status_code == 404
    announce(forklift, organiser)
    assert f'href="{address}"' in visitor.get(f"/p/{forklift.code}").text
    paper = visitor.get(address)
    assert paper.mimetype == "application/pdf"
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(paper.data)).pages)
    assert "赵*明" in text
    assert "赵启明" not in text
    assert visitor.get(f"{address}?event=NONE").status_code == 404
    withdraw_notice(forklift.events[0], "录错了一张", organiser)
    assert visitor.get(address).status_code == 404
    assert address not in visitor.get(f"/p/{forklift.code}").text


def test_each_tab_has_an_address_and_says_all_that_the_notice_says(
    here: Flask, forklift: Competition, organiser: Account
) -> None:
    announce(forklift, organiser)
    visitor = here.test_client()
    publication = latest_publication(forklift)
    assert publication is not None
    with here.test_request_context():
        addresses = result_addresses(publication)
    event = read_snapshot(publication)[1].events[0]
    pages = {address: visitor.get(address) for address in addresses}
    assert all(page.status_code == 200 for page in pages.values())
    seen = [address for address in pages if "see=" in address]
    assert len(seen) == len(event.items or ()) + 3
    for address in seen:
        assert pages[address].text.count('aria-current="page"') == 1
        assert f'href="{address}"' in pages[addresses[0]].text.replace("&amp;", "&")
    teams = next(page.text for address, page in pages.items() if "see=teams" in address)
    assert teams.count("<tr>") >= len(event.teams or ())


def test_tabs_and_further_pages_are_stored_and_nothing_else_is(
    here: Flask,
    load: Callable[..., Competition],
    organiser: Account,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for module in ("results", "result_lists"):
        monkeypatch.setattr(f"compete.web.public.{module}.PAGE_SIZE", 1)
    competition = with_prizes(load)
    announce(competition, organiser)
    made = prepare_pages(here, competition)
    rows = db.session.query(StoredPage).count()
    assert rows == made
    visitor = here.test_client()
    second = visitor.get("/p/X?page=2&see=awards")
    assert 'rel="prev"' in second.text
    assert second.headers["Cache-Control"] == KEPT_BY_WHO_ASKED
    for other in ("page=9&see=awards", "see=nothing", "see=people", "see=awards&page=2", "q=1"):
        assert visitor.get(f"/p/X?{other}").status_code == 200
    assert db.session.query(StoredPage).count() == rows


@pytest.mark.usefixtures("here")
def test_an_open_appeal_stands_beside_everything_it_may_change_until_it_is_withdrawn(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    plain = small(all_marks(), event=PRIZES | BESIDE)
    plain["teams"] = [{"code": "T1", "name": "甲队", "event": "E", "unit": "U1"}]
    for entrant in plain["entrants"][:2]:
        entrant["team"] = "T1"
    competition = load(plain)
    announce(competition, organiser)
    visitor, desk = app.test_client(), signed_in(app, organiser)

    def flags() -> list[int]:
        paths = ("", "?see=item-1", "?see=teams", "?see=awards")
        return [visitor.get(f"/p/X{path}").text.count(">申诉中<") for path in paths]

    def on_paper() -> int:
        paper = PdfReader(BytesIO(desk.get("/desk/X/standings.pdf").data))
        return "".join(page.extract_text() for page in paper.pages).count("申诉中")

    def in_the_book() -> list[str]:
        book = load_workbook(BytesIO(desk.get("/desk/X/standings.xlsx").data))
        return [
            sheet.title
            for sheet in book
            for row in sheet.iter_rows(values_only=True)
            if any("申诉中" in str(cell) for cell in row)
        ]

    item = "/desk/X/standings?item=fast"
    assert flags() == [0, 0, 0, 0]
    assert on_paper() == 0
    assert in_the_book() == []
    assert "申诉中" not in desk.get(item).text
    appeal = appealed("P1")
    # On each tab what stands there, and beside it the team and the honour where they do.
    # Twice for who stands on the podium: there, and in the list of a phone and of paper.
    assert flags() == [4, 4, 2, 3]
    assert on_paper() == 4
    assert in_the_book() == ["赛项", "赛项 团体", "赛项 单项"]
    assert desk.get(item).text.count("申诉中") == 1
    withdraw_appeal(appeal, None)
    assert flags() == [0, 0, 0, 0]
    assert on_paper() == 0
    assert in_the_book() == []
    assert "申诉中" not in desk.get(item).text


def test_a_corrected_version_says_from_which_place_somebody_moved(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = with_prizes(load)
    announce(competition, organiser)
    first = latest_publication(competition)
    assert first is not None
    assert "原第" not in here.test_client().get("/p/X").text
    second = second_version(competition, organiser)
    moved = moved_places(read_snapshot(second)[1].events[0], read_snapshot(first)[1].events[0])
    assert moved["P2"] == 2
    page = text_of(here.test_client().get("/p/X").text)
    assert "原第 2" in page
    assert f"这一版：选手 P1 取消成绩。名次变了的有 {len(moved)} 人" in page
    assert "看第 1 版" in page
    assert "原第" not in here.test_client().get("/p/X?version=1").text
    assert signed_in(app, organiser).get("/p/X").status_code == 200


def test_medals_are_counted_from_the_published_places_ties_and_struck_out_people_too(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    like_p2 = [{**mark, "entrant": "P3"} for mark in all_marks() if mark["entrant"] == "P2"]
    others = [mark for mark in all_marks() if mark["entrant"] != "P3"]
    competition = load(small(others + like_p2, event={"unit_ranking": {"medals": True}}))
    announce(competition, organiser)
    second_version(competition, organiser)
    visitor = app.test_client()

    def shown(version: int) -> list[tuple[str, ...]]:
        page = visitor.get(f"/p/X?version={version}&see=units").text
        page = re.sub(r'<span class="was">.*?</span>', "", page)
        rows = re.findall(r"<tr>(.*?)</tr>", page[page.index("第 3 名") :], re.S)
        return [tuple(text_of(cell).strip() for cell in row.split("</td>")[:5]) for row in rows]

    def counted(version: int) -> dict[str, list[int]]:
        (publication,) = (
            edition for edition in publications(competition) if edition.version == version
        )
        bundle, results = read_snapshot(publication)
        unit_of = {row.code: names[row.unit] for row in bundle.entrants if row.unit}
        medals: dict[str, list[int]] = {}
        for row in results.events[0].standings:
            if row.rank is not None and row.rank <= 3:
                medals.setdefault(unit_of[row.entrant], [0, 0, 0])[row.rank - 1] += 1
        return medals

    names = {"U1": "甲单位", "U2": "乙单位"}
    # Who moved says so in words, units as well.
    assert '乙单位 <span class="was">原第 2</span>' in visitor.get("/p/X?see=units").text
    assert shown(1) == [("1", "甲单位", "1", "1", "0"), ("2", "乙单位", "0", "1", "0")]
    # The two who shared the second place share the first; who was last is third.
    assert shown(2) == [("1", "乙单位", "1", "0", "1"), ("2", "甲单位", "1", "0", "0")]
    for version in (1, 2):
        table = {unit: [int(count) for count in rest] for _rank, unit, *rest in shown(version)}
        assert table == counted(version)
