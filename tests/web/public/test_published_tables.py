"""Tables over several events where results are published: the page, the notice, the 成绩册."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html import unescape
from io import BytesIO

from flask import Flask
from msgspec.structs import replace
from pypdf import PdfReader

from compete.domain.bundle.writing import write_bundle
from compete.models import Account, Competition
from compete.services.jobs.papers.kinds import Asked
from compete.services.kernel.publications import latest_publication
from compete.services.results.event_lines import tables_beside
from compete.services.results.notice import print_notice
from compete.services.results.published_sums import places_before
from compete.services.results.result_moves import withdraw_notice
from compete.services.results.results_booklet import print_results_book
from compete.services.results.snapshots import read_snapshot
from compete.web.public.result_lists import result_addresses
from tests.domain.scoring.test_overall import RANKS, two_events
from tests.support.announced import announce

Load = Callable[..., Competition]
TEAMS = RANKS | {"who": "delegations", "name": "代表队总分"}


def published(load: Load, organiser: Account, **table: object) -> Competition:
    competition = load(json.loads(write_bundle(two_events(**table))))
    announce(competition, organiser)
    return competition


def rows_of(page: str, heading: str) -> list[list[str]]:
    """The cells of the list under a heading."""
    part = page[page.index(f"<h2>{heading}</h2>") :]
    body = part[part.index("<tbody>") : part.index("</tbody>")]
    return [
        [unescape(re.sub(r"<.*?>", "", cell)).strip() for cell in re.findall(r"<td.*?</td>", row)]
        for row in re.findall(r"<tr.*?</tr>", body, re.S)
    ]


def words_of(content: bytes) -> str:
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)
    return re.sub(r"\s+", "", text)


def test_a_table_stands_beside_each_event_and_has_an_address(
    app: Flask, organiser: Account, load: Load
) -> None:
    competition = published(load, organiser, **TEAMS)
    code = competition.code
    publication = latest_publication(competition)
    assert publication is not None
    visitor = app.test_client()
    # U2 stands below U1: 9, then 6.5 and 9.
    wanted = [["1", "一", "24.50"], ["2", "三", "9.00"]]
    for event in competition.events:
        page = visitor.get(f"/p/{code}?event={event.code}").text
        assert rows_of(page, "代表队总分") == wanted
        address = f"/p/{code}?event={event.code}&see=table-1"
        with app.test_request_context():
            assert address in result_addresses(publication)
        assert address in unescape(page)
        tab = visitor.get(address).text
        assert rows_of(tab, "代表队总分") == wanted
        assert "代表团" in tab


def test_medals_are_told_in_place_of_a_sum(app: Flask, organiser: Account, load: Load) -> None:
    competition = published(load, organiser, by="medals", name="奖牌榜", least_events=2)
    page = app.test_client().get(f"/p/{competition.code}?see=table-1").text
    assert rows_of(page, "奖牌榜") == [
        ["1", "二", "1", "1", "0", "2"],
        ["2", "三", "1", "0", "2", "2"],
        ["—", "一", "1", "0", "0", "1"],
    ]
    assert "合计" not in page


def test_the_notice_has_the_table_and_the_booklet_has_it_once(
    organiser: Account, load: Load
) -> None:
    competition = load(json.loads(write_bundle(two_events(**TEAMS))))
    # Nothing is published: another event of the table may still be nobody's to see.
    assert "代表队总分" not in words_of(print_notice(competition, competition.events[0].code))
    announce(competition, organiser)
    for event in competition.events:
        notice = words_of(print_notice(competition, event.code))
        assert "代表队总分" in notice
        assert "1一24.50" in notice
    book = words_of(print_results_book(Asked(competition, organiser, str, {})))
    assert book.count("代表队总分") == 1
    assert "1一24.50" in book


def test_a_table_that_counts_what_was_taken_down_is_not_shown(
    app: Flask, organiser: Account, load: Load
) -> None:
    competition = published(load, organiser, **TEAMS)
    first, second = competition.events
    withdraw_notice(first, "分数录错了", organiser)
    page = app.test_client().get(f"/p/{competition.code}?event={second.code}").text
    assert "代表队总分" not in page
    assert "代表队总分" not in words_of(print_notice(competition, second.code))


def test_a_unit_whose_place_is_another_than_before_says_which(
    organiser: Account, load: Load
) -> None:
    competition = published(load, organiser, **TEAMS)
    publication = latest_publication(competition)
    assert publication is not None
    now = tables_beside(publication, "F")
    (table,) = now
    first, second = table.standings
    then = [replace(table, standings=[replace(first, rank=2), second])]
    event = read_snapshot(publication)[1].events[0]
    assert places_before(event, None, now, then).tables == [2, None]
    assert places_before(event, None, now, ()).tables == [None, None]
