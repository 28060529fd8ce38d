"""Somebody proves on a phone that what is published is in the log, and sees when it is not."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import delete, text

from compete.domain import write_results
from compete.domain.bundle.results import Results
from compete.domain.bundle.types import Bundle
from compete.domain.bundle.writing import write_bundle
from compete.domain.values.hashwords import hash_phrase
from compete.keys.ed25519 import SigningKey
from compete.models import Account, Competition, LogCheckpoint, LogLeaf, LogTile
from compete.services.kernel.publications import latest_publication
from compete.services.kernel.transactions import unit_of_work
from compete.services.labour.closing import close_period, publish_closed
from compete.services.log import sequencing
from compete.services.log.sequencing import catch_up
from compete.services.results import publishing
from compete.services.results.publishing import publish
from compete.services.results.snapshots import snapshot_files
from tests.domain.labour.build import indicator, labour_bundle, quarter, value
from tests.support.announced import announce, announce_again, lock
from tests.support.axe import violations
from tests.support.small import all_marks, small


def _record(page: Page) -> str:
    """The record that the phone saves."""
    with page.expect_download() as download:
        page.get_by_role("button", name="存验算记录").click()
    return Path(download.value.path()).read_text(encoding="utf-8")


def _framed(results: bytes, competition: Competition) -> bytes:
    """The bytes under a version's hash: each file behind its length."""
    newest = latest_publication(competition)
    assert newest is not None
    files = snapshot_files(newest)[0], results
    return b"".join(len(file).to_bytes(8, "big") + file for file in files)


def _somebody_else_and_what_is_taken_along(page: Page, competition: Competition) -> None:
    record = _record(page)
    newest = latest_publication(competition)
    assert newest is not None
    assert f"公布的核对词：{newest.sha256}\n这份文件的核对词：{newest.sha256}" in record
    assert "第 2 版" in record
    assert "结果：对得上：" in record
    assert "对得上 以前公布的还在：第 1 版还在总账里" in record
    page.get_by_label("看谁的算式").fill("Ｐ2")
    page.get_by_role("button", name="换一个人看").click()
    expect(page.locator("[data-part=how-rows]")).to_contain_text("参赛号 P2")
    expect(page.locator("[data-part=mine-text]")).to_contain_text("P2：第")
    page.get_by_role("button", name="复制算式").click()
    expect(page.locator("[data-part=how-says]")).to_contain_text(re.compile("复制好了|已选中"))
    page.get_by_label("看谁的算式").fill("P99")
    page.get_by_role("button", name="换一个人看").click()
    expect(page.locator("[data-part=other-says]")).to_contain_text("没有参赛号 P99")
    expect(page.locator("[data-part=how]")).to_be_hidden()


def test_the_search_over_results_is_reached_and_left_by_keys(
    announced: Competition,
    live_url: str,
    visitor: Callable[..., Any],
) -> None:
    page = visitor("desk").page()
    page.goto(f"{live_url}/p/{announced.code}")
    field = page.get_by_role("searchbox")
    page.keyboard.press("/")
    expect(field).to_be_focused()
    expect(field).to_have_value("")
    page.keyboard.type("P1/x")
    expect(field).to_have_value("P1/x")
    page.keyboard.press("Escape")
    expect(field).to_have_value("")
    expect(field).to_be_focused()
    page.keyboard.type("P1")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=P1*")
    page.keyboard.press("/")
    page.keyboard.press("Escape")
    page.wait_for_url(lambda address: "q=P1" not in address)
    expect(page.get_by_role("searchbox")).to_have_value("")


def test_a_phone_proves_two_versions_and_tells_of_a_rewritten_history(
    announced: Competition,
    organiser: Account,
    live_url: str,
    visitor: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    announce_again(announced, organiser, "更正")
    page = visitor("phone").page()
    page.goto(f"{live_url}/log/check/{announced.code}#P1")
    expect(page.get_by_role("heading", name="对得上", exact=True)).to_be_visible()
    expect(page.locator("[data-part=mine-text]")).to_contain_text("P1：第")
    expect(page.locator("[data-part=step-older]")).to_contain_text("第 1 版还在总账里")
    expect(page.locator("[data-part=step-last]")).to_contain_text("已经记下")
    assert violations(page) == []
    page.get_by_role("button", name="重新下载再验").click()
    expect(page.locator("[data-part=step-last]")).to_contain_text("接得上")
    expect(page.locator("[data-part=step-older]")).to_contain_text("第 1 版还在总账里")
    _somebody_else_and_what_is_taken_along(page, announced)
    # Another key signs from now on; what the phone saw was signed with the former.
    other = SigningKey.generate()
    with monkeypatch.context() as patch:
        patch.setattr(sequencing, "signing_key", lambda: other)
        page.reload()
        expect(page.locator("[data-part=step-older]")).to_contain_text("第 1 版还在总账里")
        expect(page.get_by_role("heading", name="对得上", exact=True)).to_be_visible()
        expect(page.locator("[data-part=step-last]")).to_contain_text("接得上")
    # Another history, whole in itself and signed with the same key; this phone saw the first.
    with unit_of_work() as session:
        for table in (LogLeaf, LogTile, LogCheckpoint):
            session.execute(delete(table))
        session.execute(
            text(
                "UPDATE audit_entry SET at = '2026-01-01 00:00:00.000000'"
                " WHERE action = 'results.publish'"
            )
        )
    catch_up()
    page.reload()
    expect(page.get_by_role("heading", name="有一步对不上")).to_be_visible()
    expect(page.locator("[data-part=step-last]")).to_contain_text("有人改过历史")
    # And a file that is not the one that was announced.
    page.route("**/results.json", lambda route: route.fulfill(body="{}"))
    page.get_by_role("button", name="重新下载再验").click()
    expect(page.locator("[data-part=step-file]")).to_contain_text("多半是中途断过网")
    # Both in words, as they stand on the paper, with the digits beside.
    wrong = hashlib.sha256(_framed(b"{}", announced)).hexdigest()
    step_text = " ".join(page.locator("[data-part=step-file]").inner_text().split())
    assert f"算出来是 {hash_phrase(bytes.fromhex(wrong))} {wrong[:16]}" in step_text
    assert re.search(r"公布的是 \S+ \S+ \S+ \S+ [0-9a-f]{16}", step_text)
    record = _record(page)
    assert f"这份文件的核对词：{hashlib.sha256(_framed(b'{}', announced)).hexdigest()}" in record
    assert "结果：有一步对不上：" in record
    assert "对不上 文件是公布的那一份：" in record
    page.goto(f"{live_url}/log")
    expect(page.get_by_role("heading", name="最新的检查点")).to_be_visible()
    assert violations(page) == []


def test_a_phone_scores_the_published_file_again(
    announced: Competition,
    live_url: str,
    visitor: Callable[..., Any],
) -> None:
    page = visitor("phone", service_workers="block").page()
    page.goto(f"{live_url}/log/check/{announced.code}")
    expect(page.get_by_role("heading", name="对得上", exact=True)).to_be_visible()
    expect(page.locator("[data-part=step-score]")).to_contain_text("都重算了，得分、名次、奖项")
    expect(page.locator("[data-part=step-score] [data-part=icon-ok]")).to_be_visible()
    for hidden in ("step-own", "how"):
        expect(page.locator(f"[data-part={hidden}]")).to_be_hidden()
    assert page.context.cookies() == []
    # A browser that cannot is no proof, and says so.
    page.route("**/scoring/worker.js", lambda route: route.fulfill(status=404, body=""))
    page.get_by_role("button", name="重新下载再验").click()
    expect(page.locator("[data-part=step-score]")).to_contain_text("这一项浏览器里没有重算")
    expect(page.locator("[data-part=step-score] [data-part=icon-ok]")).to_be_hidden()
    expect(page.locator("[data-part=holds-text]")).to_have_text(
        "验过的都对得上，成绩没有在这里重算"
    )


def _ruled_and_timed() -> dict[str, Any]:
    """P2's mark is ruled on for the whole panel, P3's on one sheet; three watches and a ruling."""
    marks = all_marks()
    for mark in marks:
        place = mark["entrant"], mark["judge"], mark["aspect"]
        if place[0] == "P2" and place[2] == "a":
            was = "40" if place[1] == "J1" else "50"
            mark["extra"] = {"ruled_by": "C1", "reason": "看了录像", "was": was}
        if place == ("P3", "J2", "y"):
            mark["extra"] = {"ruled_by": "C1", "reason": "看了录像", "was": False}
    read = {"J1": "70.5", "J2": "68", "J3": "71"}
    two_runs = {"J1": {"a": "70", "b": "29"}, "J2": {"b": "30"}}
    ruling = {"ruled_by": "C1", "reason": "表停了"}
    times = [
        {**time, "stage": "S", "module": "t"}
        for time in (
            {"entrant": "P1", "seconds": "100", "extra": {"readings": two_runs}},
            {"entrant": "P2", "seconds": "70.5", "extra": {"readings": read}},
            {"entrant": "P3", "seconds": "66", "extra": {"readings": read, **ruling}},
        )
    ]
    return small(marks, times=times)


@pytest.mark.usefixtures("here")
def test_a_phone_says_what_the_chief_judge_ruled_and_what_the_watches_read(
    load: Callable[..., Competition],
    organiser: Account,
    live_url: str,
    visitor: Callable[..., Any],
) -> None:
    competition = load(_ruled_and_timed())
    announce(competition, organiser)
    page = visitor("phone").page()
    page.goto(f"{live_url}/log/check/{competition.code}")
    expect(page.get_by_role("heading", name="对得上", exact=True)).to_be_visible()
    way = page.locator("[data-part=how-rows]")
    for code, sentences in {
        "P1": ["J1 1:10 + J1 0:29 / J2 0:30，取长的一个"],
        "P2": [
            "裁判长 C1 裁定 45，裁判原来给 40、50",
            "J1 1:10.5 / J2 1:08 / J3 1:11，取中间一个",
        ],
        "P3": [
            "是、裁判长 C1 裁定 是，裁判原来给 否",
            "裁判长 C1 裁定（原因没有公布），裁判读数 J1 1:10.5 / J2 1:08 / J3 1:11",
        ],
    }.items():
        page.get_by_label("看谁的算式").fill(code)
        page.get_by_role("button", name="看这个人").or_(
            page.get_by_role("button", name="换一个人看")
        ).click()
        expect(way).to_contain_text(f"参赛号 {code}")
        for sentence in sentences:
            expect(way).to_contain_text(sentence)


@pytest.mark.parametrize("lacks", ["numbers", "ways to write"])
def test_an_older_browser_is_told_how_a_computer_does_it(
    lacks: str, announced: Competition, live_url: str, visitor: Callable[..., Any]
) -> None:
    phone = visitor("phone", service_workers="block")
    phone.expect("SyntaxError|Unexpected")
    page: Page = phone.page()
    if lacks == "numbers":
        page.add_init_script("delete globalThis.BigInt;")
    else:
        page.route(
            "**/check_page.js",
            lambda route: route.fulfill(body="let 1n;", content_type="text/javascript"),
        )
    page.goto(f"{live_url}/log/check/{announced.code}")
    expect(page.get_by_role("heading", name="这台手机的浏览器算不了")).to_be_visible()
    for other in ("正在验", "没验成", "有一步对不上"):
        expect(page.get_by_role("heading", name=other)).to_be_hidden()
    way = page.locator("[data-part=by-computer]")
    expect(way).to_contain_text(f"compete score {announced.code}.bundle.json")
    expect(way.get_by_role("link")).to_have_count(2)
    with page.expect_download() as download:
        way.get_by_role("link").first.click()
    assert download.value.suggested_filename == f"{announced.code}.bundle.json"


def test_a_script_that_did_not_come_is_not_blamed_on_the_browser(
    announced: Competition, live_url: str, visitor: Callable[..., Any]
) -> None:
    phone = visitor("phone", service_workers="block")
    phone.expect("ERR_FAILED|Failed to load")
    page: Page = phone.page()
    page.route("**/check_page.js", lambda route: route.abort())
    page.goto(f"{live_url}/log/check/{announced.code}")
    expect(page.locator("[data-part=unknown-text]")).to_contain_text("没有下载全")
    expect(page.get_by_role("heading", name="这台手机的浏览器算不了")).to_be_hidden()


@pytest.mark.usefixtures("here")
def test_results_that_do_not_follow_from_their_file_are_told(
    app: Flask,
    judged: Competition,
    organiser: Account,
    live_url: str,
    visitor: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Hashed, signed and in the log, and yet not what the rules give."""

    def tampered(results: Results) -> bytes:
        plain = json.loads(write_results(results))
        plain["events"][0]["standings"][0]["total"] = "99.99"
        return json.dumps(plain).encode()

    with monkeypatch.context() as patch:
        patch.setattr(publishing, "write_results", tampered)
        lock(judged, organiser)
        publish(judged, organiser)
    page = visitor("phone").page()
    page.goto(f"{live_url}/log/check/{judged.code}")
    expect(page.get_by_role("heading", name="有一步对不上")).to_be_visible()
    for right in ("file", "signed", "leaf"):
        expect(page.locator(f"[data-part=step-{right}] [data-part=icon-ok]")).to_be_visible()
    score = page.locator("[data-part=step-score]")
    expect(score).to_contain_text("和公布的不一样：")
    expect(score).to_contain_text("events[0].standings[0].total")
    expect(page.get_by_role("heading", name="接着做")).to_be_visible()
    differences = page.locator("[data-part=next] li")
    expect(differences).to_have_count(3)
    expect(differences.last).to_contain_text(judged.host or "竞赛组委会")


@pytest.mark.usefixtures("here")
def test_a_rule_that_the_script_does_not_know_is_not_called_right(
    app: Flask,
    judged: Competition,
    organiser: Account,
    live_url: str,
    visitor: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def newer(bundle: Bundle, form: Literal["json", "yaml"]) -> bytes:
        plain = json.loads(write_bundle(bundle, form))
        plain["events"][0]["ranking"] = {"ties": ["lot:draw"]}
        return json.dumps(plain).encode()

    with monkeypatch.context() as patch:
        patch.setattr(publishing, "write_bundle", newer)
        lock(judged, organiser)
        publish(judged, organiser)
    page = visitor("phone").page()
    page.goto(f"{live_url}/log/check/{judged.code}")
    score = page.locator("[data-part=step-score]")
    expect(score).to_contain_text("不认得的规则（events[0].ranking.ties[0]）")
    expect(score.locator("[data-part=icon-ok]")).to_be_hidden()
    expect(page.locator("[data-part=holds-text]")).to_have_text(
        "验过的都对得上，成绩没有在这里重算"
    )


@pytest.mark.usefixtures("here")
def test_a_labour_competition_is_scored_again_with_its_closed_periods_alone(
    app: Flask,
    load: Callable[..., Competition],
    organiser: Account,
    live_url: str,
    visitor: Callable[..., Any],
) -> None:
    bundle = labour_bundle(
        "甲乙丙",
        periods=quarter("一月", "二月"),
        indicators=[indicator("安全", 100)],
        values=[
            value(unit, "一月", "安全", points)
            for unit, points in zip("甲乙丙", (90, 85, 70), strict=True)
        ],
        flags={"count": 1, "min": 80},
    )
    competition = load(json.loads(write_bundle(bundle)))
    close_period(competition, "一月", "", organiser)
    publish_closed(competition, organiser)
    page = visitor("phone").page()
    page.goto(f"{live_url}/log/check/{competition.code}")
    expect(page.get_by_role("heading", name="对得上", exact=True)).to_be_visible()
    expect(page.locator("[data-part=step-score]")).to_contain_text("3 个单位每一期都重算了")
    own = page.get_by_label("看哪家单位的算式")
    own.fill(bundle.units[1].name)
    page.get_by_role("button", name="看这家单位").click()
    # The period that is announced, and not the quarter around it, which is not closed.
    rows = page.locator("[data-part=how-rows]")
    expect(rows.locator("summary")).to_have_count(1)
    expect(rows.locator("summary")).to_contain_text("85.00")
    expect(rows).to_contain_text("第 2 名，3 家里")
    own.fill("没有的单位")
    page.get_by_role("button", name="看这家单位").click()
    expect(page.locator("[data-part=other-says]")).to_contain_text("没有这家单位：没有的单位")
    expect(rows).to_be_hidden()
