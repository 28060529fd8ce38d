"""A notice taken down: until its event is published anew no address says what any version said."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from compete.models import Account, Competition
from compete.services.closing.competition_lock import unlock_marks
from compete.services.hall.board_acts import change_board, make_board
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.refusal import Refused
from compete.services.results.publishing import publish_names
from compete.services.results.result_moves import withdraw_notice
from compete.services.results.snapshots import publications, stored_fault
from compete.services.results.stored_versions import publish_bends
from tests.services.certificates.test_reissuing import rename
from tests.support.announced import announce, announce_again
from tests.support.second_day import certify, person, second_version, with_prizes
from tests.support.signing_in import signed_in
from tests.support.small import all_marks, small

WHY = "P4 举报，材料要核"
FILES = ("bundle.json", "results.json", "notice.pdf")
TOLD = ("赵*明", "钱*", "孙*", "李*小", "甲单位", "一等奖", "二等奖", "二级/技师")


@pytest.fixture
def certified(here: Flask, load: Callable[..., Competition], organiser: Account) -> Competition:
    competition = with_prizes(load)
    certify(competition, organiser)
    return competition


def take_down(competition: Competition, by: Account) -> None:
    withdraw_notice(competition.events[0], WHY, by)


def tells(text: str) -> list[str]:
    """The names, units, prizes and grades of the competition that a page tells."""
    return [word for word in TOLD if word in text]


def require_silence(client: FlaskClient, versions: int) -> None:
    """Every address of every version says that it was taken down, and why, and nothing else."""
    for version in ("", *(f"?version={n}" for n in range(1, versions + 1))):
        page = client.get(f"/p/X{version}")
        assert page.status_code == 200
        assert "公示已撤下，名次不作数" in page.text, version
        assert WHY in page.text, version
        assert tells(page.text) == [], version
        searched = client.get(f"/p/X{version or '?'}&q=P1").text
        assert tells(searched) == [], version
        assert ">P1<" not in searched, version
        for name in FILES:
            file = client.get(f"/p/X/{name}{version}")
            assert file.status_code == 404, (name, version)
            assert "公示已撤下" in file.text, (name, version)
            assert WHY in file.text, (name, version)
            assert tells(file.text) == [], (name, version)
    check = client.get("/log/check/X")
    assert check.status_code == 404
    assert "公示已撤下" in check.text


def test_a_notice_taken_down_is_silent_at_every_address_of_every_version(
    client: FlaskClient, certified: Competition, organiser: Account
) -> None:
    second_version(certified, organiser)
    assert tells(client.get("/p/X?version=1").text)
    assert client.get("/p/X/results.json?version=1").status_code == 200
    take_down(certified, organiser)
    require_silence(client, 2)
    # What was announced stays stored as it was, for who must compute it again.
    assert [stored_fault(version) for version in publications(certified)] == [None, None]
    assert list(verify_chain(certified)) == []


def test_a_further_version_of_names_or_bends_does_not_tell_it_again(
    client: FlaskClient, certified: Competition, organiser: Account
) -> None:
    take_down(certified, organiser)
    # That it was taken down changes the file, and no name.
    with pytest.raises(Refused, match="没有要公布的：第 1 版已经公布了"):
        publish_names(certified, organiser, "再来")
    rename(certified, "P3", "孙龑", organiser)
    assert publish_names(certified, organiser, "P3 更正姓名").version == 2
    require_silence(client, 2)
    publish_bends(certified, organiser)
    require_silence(client, len(publications(certified)))
    assert person(certified, "P1").name not in client.get("/p/X").text


def test_what_is_published_anew_can_be_read_and_so_can_what_came_before(
    client: FlaskClient, certified: Competition, organiser: Account
) -> None:
    take_down(certified, organiser)
    require_silence(client, 1)
    announce_again(certified, organiser, "核实了，没有变")
    for version in ("", "?version=1", "?version=2"):
        assert "赵*明" in client.get(f"/p/X{version}").text, version
        for name in ("bundle.json", "results.json"):
            assert client.get(f"/p/X/{name}{version}").status_code == 200, (name, version)
    before = client.get("/p/X?version=1").text
    assert "已经由第 2 版更正" in before
    assert f"公示撤下过一次（{organiser.name}）。理由：{WHY}" in before
    assert "公布以后又打开了评分" not in before
    assert client.get("/p/X/notice.pdf").status_code == 200


def test_the_badge_says_that_it_was_taken_down_and_keeps_certificates(
    client: FlaskClient, certified: Competition, organiser: Account
) -> None:
    address = f"/c/{person(certified, 'P2').badge_token}"
    links = re.findall(r'href="(/v/[^"]+)"', client.get(address).text)
    assert len(links) == 2
    take_down(certified, organiser)
    page = client.get(address).text
    assert "公示已撤下，名次不作数" in page
    assert f"理由：{WHY}。" in page
    assert "时间还没定" not in page
    assert "第 1 版" not in page
    assert re.findall(r'href="(/v/[^"]+)"', page) == links
    # As they are looked up: nothing of them is to be taken along meanwhile.
    assert page.count("复核中") == 2
    assert "下载证书" not in page
    assert all("复核中" in client.get(link).text for link in links)
    announce_again(certified, organiser, "核实了")
    assert "公示已撤下" not in client.get(address).text


def test_the_board_in_the_hall_shows_no_place_of_a_notice_taken_down(
    client: FlaskClient, judged: Competition, organiser: Account
) -> None:
    board = make_board(judged.events[0], organiser)
    settings = {"delay": "0", "places": "9", "stations": False, "opens_at": None}
    change_board(board, switched_on=True, by=organiser, **settings)  # type: ignore[arg-type]

    def screen() -> dict[str, Any]:
        return dict(client.get(f"/hall/{judged.code}/{board.token}/data").get_json())

    announce(judged, organiser)
    assert screen()["rows"][0]["code"] == "P1"
    withdraw_notice(judged.events[0], WHY, organiser)
    assert screen()["rows"] == []
    assert screen()["empty"] == "公示已撤下，名次不作数"
    announce_again(judged, organiser, "核实了")
    assert screen()["rows"]


def test_a_number_of_no_version_is_said_to_be_none(
    client: FlaskClient, certified: Competition, organiser: Account
) -> None:
    for name in ("", "/bundle.json", "/results.json"):
        for wanted, title in (("9", "没有第 9 版"), ("x", "没有这一版")):
            page = client.get(f"/p/X{name}?version={wanted}")
            assert page.status_code == 404
            assert title in page.text, (name, wanted)
            assert "现在公布的是第 1 版。" in page.text
            assert 'href="/p/X"' in page.text
            assert "成绩还没公布" not in page.text


def test_another_event_is_told_of_as_before_and_its_files_say_which_was_taken_down(
    client: FlaskClient, load: Callable[..., Competition], organiser: Account
) -> None:
    plain = small(all_marks())
    plain["events"].append({**plain["events"][0], "code": "F", "name": "另一项"})
    for entrant in plain["entrants"][2:]:
        entrant["event"] = "F"
    competition = load(plain)
    announce(competition, organiser)
    announce_again(competition, organiser, "核实了")
    withdraw_notice(competition.events[1], WHY, organiser)
    for version in ("", "&version=1"):
        assert "赵*明" in client.get(f"/p/X?event=E{version}").text
        silent = client.get(f"/p/X?event=F{version}").text
        assert "公示已撤下，名次不作数" in silent
        assert tells(silent) == []
    file = client.get("/p/X/results.json?version=1")
    assert file.status_code == 404
    assert f"理由：另一项：{WHY}。" in file.text


def test_home_names_the_event_whose_notice_was_taken_down_while_others_are_announced(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    plain = small(all_marks())
    plain["events"].append({**plain["events"][0], "code": "F", "name": "另一项"})
    for entrant in plain["entrants"][2:]:
        entrant["event"] = "F"
    competition = load(plain)
    announce(competition, organiser)
    withdraw_notice(competition.events[1], WHY, organiser)
    unlock_marks(competition, WHY, organiser)
    home = signed_in(app, organiser).get("/desk/X/").text
    assert "第 1 版还公布着，另一项的公示撤下了，改好再公布" in home
