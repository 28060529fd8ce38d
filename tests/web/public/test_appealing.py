"""Appealing from a badge: whose it is has to be proven, and nothing typed is lost."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from compete.domain.values.states import AppealState, ResultState
from compete.models import (
    Account,
    Appeal,
    AppealDecision,
    Certificate,
    Competition,
    ResultStand,
    db,
    utc_now,
)
from compete.services.appeals.appeal_states import Outcome, appeals_of, open_appeals
from compete.services.appeals.filing import withdraw_appeal
from compete.services.certificates.award_certificates import (
    issue_award_certificates,
    unissued_awards,
)
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import unit_of_work
from compete.web.appeal_form import view_model
from compete.web.appeal_form.shapes import ItemGroup, ItemRow
from compete.web.appeal_form.view_model import steps_of
from compete.web.extensions import limiter
from compete.web.public import proof
from tests.support.announced import announce
from tests.support.appealing import appealed, person
from tests.support.pictures import grainy
from tests.support.signing_in import signed_in
from tests.support.small import IDS

SCRIPT = {"X-Requested-With": "fetch"}


def address(code: str = "P2") -> str:
    return f"/c/{person(code).badge_token}/appeal"


def sent(page: str, **fields: Any) -> dict[str, Any]:
    """What the page's form sends."""
    uuid = re.search(r'name="uuid" value="([^"]+)"', page)
    assert uuid is not None
    keys = {"item": "S/m", "kind": "judged", "matter": "第 2 次是杆座松了自己倒的"}
    return {"uuid": uuid[1], "last_four": IDS["P2"][-4:], **keys, **fields}


def test_from_the_badge_to_the_receipt(
    client: FlaskClient, judged: Competition, organiser: Account
) -> None:
    announce(judged, organiser)
    badge = address().removesuffix("/appeal")
    assert "提交申诉" in client.get(badge).text
    page = client.get(address()).text
    assert "对哪一项有疑问" in page
    assert IDS["P2"] not in page
    # As large as cameras make them: the bound of what strangers type is none of files.
    photos = [(io.BytesIO(grainy(size)), "a.jpg") for size in ((640, 480), (1600, 1200))]
    answer = client.post(address(), data=sent(page, photos=photos), headers=SCRIPT)
    assert answer.status_code == 200
    after = client.get(answer.get_json()["url"]).text
    assert "收到了，在时间内" in after
    assert "比截止早" in after
    assert "申诉 01" in after
    # Sent again after a lost answer it is the same one.
    again = client.post(address(), data=sent(page))
    assert again.status_code == 303
    assert len(appeals_of(judged)) == 1
    shown = client.get(badge).text
    assert ("看申诉" in shown, "提交申诉" in shown) == (True, False)
    # Beside the name, and at the mark that it is about.
    assert shown.count("申诉中") == 2
    assert '<p class="hint">申诉中</p>' in shown
    # Of the first three the podium and the list, of which each screen shows one.
    assert client.get("/p/X").text.count("申诉中") == 2
    assert unissued_awards(judged) is not None
    with pytest.raises(Refused, match="1 件申诉没有了结"):
        issue_award_certificates(judged, organiser, "急用")


def test_once_it_is_over_only_who_filed_one_is_led_to_the_page_of_appeals(
    client: FlaskClient, judged: Competition, organiser: Account
) -> None:
    announce(judged, organiser)
    mine, other = (f"/c/{person(code).badge_token}" for code in ("P2", "P3"))
    filed = appealed("P2")
    assert (f'{mine}/appeal"' in client.get(mine).text) is True
    withdraw_appeal(filed, None)
    with time_machine.travel(utc_now() + timedelta(hours=3)):
        assert "看申诉" in client.get(mine).text
        late = client.get(other).text
        assert "已经过了" in late
        assert f'{other}/appeal"' not in late, "it would only say that it is over"
    # Final before the time was over: what was promised stands.
    with unit_of_work():
        stand = db.session.query(ResultStand).one()
        stand.state = ResultState.FINAL
    page_text = client.get(other).text
    assert "成绩已经终审，不再受理申诉。" not in page_text
    assert f'{other}/appeal"' in page_text


def test_what_is_wrong_is_said_and_nothing_is_lost(
    client: FlaskClient, judged: Competition
) -> None:
    page = client.get(address()).text
    wrong = client.post(address(), data=sent(page, last_four="0000"))
    assert wrong.status_code == 422
    assert "后四位不对" in wrong.text
    assert "第 2 次是杆座松了自己倒的" in wrong.text
    assert 'value="0000"' not in wrong.text
    short = client.post(address(), data=sent(page, matter="短"), headers=SCRIPT)
    assert (short.status_code, short.get_json()) == (
        400,
        {"problem": "写清楚哪里不对，至少 5 个字"},
    )
    forged = client.post("/c/nobody/appeal", data=sent(page))
    assert forged.status_code == 404
    assert open_appeals(judged, None) == 0


@pytest.fixture
def counted() -> Iterator[None]:
    """What was counted is forgotten for the next test."""
    yield
    limiter.reset()


@pytest.mark.usefixtures("counted")
def test_the_last_four_are_guessed_at_slowly_and_nobody_is_locked_out(
    client: FlaskClient, judged: Competition, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proof, "WRONG_OF_BADGE", "6 per day")
    page = client.get(address()).text

    def tried(last_four: str, where: str = "10.0.0.1", **more: Any) -> TestResponse:
        data = sent(page, last_four=last_four, **more)
        return client.post(address(), data=data, environ_base={"REMOTE_ADDR": where})

    right, whole = IDS["P2"][-4:], IDS["P2"]
    short = tried("12")
    assert (short.status_code, "后四位" in short.text) == (422, True)
    assert [tried("0000").status_code for _try in range(6)] == [422] * 5 + [429]
    stopped = tried(right)
    assert stopped.status_code == 429
    assert "完整的证件号码" in stopped.text
    # Neither another's badge there nor the own one elsewhere is stopped by it.
    other = sent(client.get(address("P3")).text, last_four=IDS["P3"][-4:])
    from_there = {"REMOTE_ADDR": "10.0.0.1"}
    assert client.post(address("P3"), data=other, environ_base=from_there).status_code == 303
    assert tried(right, "10.0.0.2", matter="短").status_code == 400
    # What the look-up of a grade certificate shows to whoever has the badge proves nothing.
    with unit_of_work() as session:
        graded = Certificate(kind="grade", number="N1", subject="P2", competition_id=judged.id)
        graded.entrant_id, graded.issued_on = person("P2").id, date(2026, 9, 1)
        graded.token, graded.token_hash, graded.face = "t", "t", {"name": person("P2").name}
        session.add(graded)
    assert "完整的证件号码</label>" in client.get(address()).text
    for four in (right, right[:2]):
        shown = tried(four, "10.0.0.2")
        assert (shown.status_code, "不算证明" in shown.text) == (422, True)
    assert tried(whole, "10.0.0.2", matter="短").status_code == 400
    with unit_of_work() as session:
        session.delete(graded)
    # Once guessing from everywhere has spent the badge's budget, the whole number still does.
    assert tried("0000", "10.0.0.2").status_code == 422
    assert tried(right, "10.0.0.2").status_code == 429
    assert tried(whole.replace(whole[5], "7", 1) + "1").status_code == 422
    wide = whole.translate({ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789"})
    assert tried(f" {wide[:6]} {wide[6:]} ").status_code == 303


@pytest.mark.usefixtures("counted")
def test_the_desks_word_lets_in_who_cannot_prove_it_otherwise(
    app: Flask,
    client: FlaskClient,
    judged: Competition,
    organiser: Account,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for limit in ("WRONG_OF_BADGE", "WRONG_HERE"):
        monkeypatch.setattr(proof, limit, "1 per day")
    page = client.get(address()).text
    for last_four in ("0000", "11010119900307000X"):
        assert client.post(address(), data=sent(page, last_four=last_four)).status_code == 422
        stopped = client.post(address(), data=sent(page, last_four=last_four))
        assert stopped.status_code == 429
        assert "申诉码" in stopped.text
    where = f"/desk/{judged.code}/entrants/P2"
    desk = signed_in(app, organiser)
    given = desk.post(f"{where}/appeal-word")
    assert given.headers["Cache-Control"] == "no-store"
    hit = re.search(r"badge-number\" role=\"status\">([0-9A-Z]{4}-[0-9A-Z]{4})<", given.text)
    assert hit is not None
    assert "给了 P2 申诉码" in desk.get(f"/desk/{judged.code}/").text
    page_after = desk.get(where + "/").text
    assert hit[1] not in page_after
    assert "给申诉码" in page_after.partition("改过什么")[2]
    # It is for this badge alone, till tomorrow.
    other = client.get(address("P3")).text
    mine = {"last_four": hit[1].lower()}
    assert client.post(address("P3"), data=sent(other, **mine)).status_code == 422
    with time_machine.travel(utc_now() + timedelta(days=2)):
        assert client.post(address(), data=sent(page, **mine)).status_code == 422
    # Who has no number at all has it from the desk as well.
    with unit_of_work():
        person("P2").id_number = None
    assert "请工作人员看过参赛证给申诉码" in client.get(address()).text
    assert client.post(address(), data=sent(page)).status_code == 403
    assert client.post(address(), data=sent(page, **mine)).status_code == 303


@pytest.mark.usefixtures("counted")
def test_who_goes_from_badge_to_badge_is_stopped(
    client: FlaskClient, judged: Competition, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proof, "WRONG_OF_ADDRESS", "2 per hour")
    for code in ("P2", "P3"):
        wrong = sent(client.get(address(code)).text, last_four="0000")
        assert client.post(address(code), data=wrong).status_code == 422
    # The next guess is not looked at, right as it is.
    right = sent(client.get(address()).text)
    assert client.post(address(), data=right).status_code == 429
    elsewhere = {"REMOTE_ADDR": "10.9.8.7"}
    assert client.post(address(), data=right, environ_base=elsewhere).status_code == 303


def test_before_results_are_out_no_aspect_can_be_asked_for(
    client: FlaskClient, judged: Competition, organiser: Account
) -> None:
    page = client.get(address()).text
    known, unknown = (client.post(address(), data=sent(page, item=f"S/m/{code}"), headers=SCRIPT)
                      for code in ("f", "zz"))  # fmt: skip
    assert (known.status_code, known.get_json()) == (400, unknown.get_json())
    announce(judged, organiser)
    assert client.post(address(), data=sent(page, item="S/m/f")).status_code == 303


def test_what_was_appealed_against_is_shut_in_the_list_and_says_by_which(
    client: FlaskClient, judged: Competition, organiser: Account
) -> None:
    """Nobody writes it all down a second time to be refused at the end."""
    announce(judged, organiser)
    page = client.get(address()).text
    assert client.post(address(), data=sent(page, item="S/m/f")).status_code == 303
    again = client.get(address()).text
    row = re.search(r'<label[^>]*><input[^>]*value="S/m/f".*?</label>', again)
    assert row is not None
    assert " disabled" in row[0]
    assert "这一项已经申诉过了（申诉 01），不能再提" in row[0]
    assert 'value="S/m" data-name' in again
    assert " disabled" not in re.search(r'<input[^>]*value="S/m"[^>]*>', again)[0]  # type: ignore[index]


def test_another_item_under_a_known_number_is_not_taken_for_the_first(
    client: FlaskClient, judged: Competition, organiser: Account
) -> None:
    """The answer was lost, the item changed, and it was sent again: said, not swallowed."""
    announce(judged, organiser)
    page = client.get(address()).text
    first = sent(page, item="S/m/f")
    assert client.post(address(), data=first).status_code == 303
    assert client.post(address(), data=first).status_code == 303
    other = client.post(address(), data=first | {"item": "S/m", "matter": "总分也加错了"})
    assert other.status_code == 409
    assert "刚才交的已经收到了（申诉 01）" in other.text
    assert len(appeals_of(judged)) == 1


def test_late_ones_are_refused_with_the_time(
    client: FlaskClient, judged: Competition, organiser: Account
) -> None:
    announce(judged, organiser)
    page = client.get(address()).text
    with time_machine.travel(utc_now() + timedelta(hours=2, minutes=5)):
        late = client.post(address(), data=sent(page))
        assert late.status_code == 409
        assert re.search(r"申诉时间到 \S+( \S+)? 为止，现在是 \S+，没有收", late.text)
        assert "现在不能提" in client.get(address()).text


def test_it_is_added_to_and_withdrawn_from_the_same_page(
    client: FlaskClient, judged: Competition
) -> None:
    appeal = appealed()
    four = {"last_four": IDS["P2"][-4:]}
    add = f"{address()}/{appeal.public_id}/add"
    assert client.post(add, data={"words": "没证明"}).status_code == 422
    assert client.post(add, data={"words": "还有一句", **four}).status_code == 303
    assert "还有一句" in client.get(address()).text
    # Another's badge does not reach it.
    assert client.post(f"{address('P3')}/{appeal.public_id}/withdraw").status_code == 404
    back = f"{address()}/{appeal.public_id}/withdraw"
    assert client.post(back, data=four).status_code == 303
    assert client.post(back, data=four).status_code == 409
    assert open_appeals(judged, None) == 0


def test_it_reads_in_english(client: FlaskClient, app: Flask, judged: Competition) -> None:
    appealed()
    client.get("/language/en")
    page = client.get(address()).text
    assert "With the arbiters" in page
    assert not re.search(r"判错|等仲裁", page)


def test_what_happened_first_stands_first(app: Flask) -> None:
    """A decision may be carried out before whoever appealed says that they are content."""
    filed = datetime(2026, 6, 28, 9, 0, tzinfo=UTC)
    stood, carried, accepted = (filed + timedelta(minutes=minutes) for minutes in (10, 20, 30))
    decision = AppealDecision(instance=1, stood_at=stood, outcome=Outcome.CHANGED)
    appeal = Appeal(
        filed_at=filed,
        state=AppealState.FINAL,
        second_until=accepted,
        carried_at=carried,
        decisions=[decision],
    )
    with app.test_request_context():
        titles = [step.title for step in steps_of(appeal)]
    assert titles == ["收到", "仲裁组定了", "裁判长执行", "接受了决定，不再改"]


def test_what_is_refused_before_the_page_is_told_to_its_script(
    app: Flask, client: FlaskClient, judged: Competition, organiser: Account
) -> None:
    """Else the phone says that the network was lost."""
    announce(judged, organiser)
    long = sent(
        client.get(address()).text, matter="长" * 12_000, photos=(io.BytesIO(b"x"), "a.jpg")
    )
    refused = client.post(address(), data=long, headers=SCRIPT)
    assert refused.status_code == 413
    assert "一格最多 32 KB" in refused.get_json()["problem"]
    app.config["MAX_CONTENT_LENGTH"] = 100 * 1024
    large = sent(client.get(address()).text, photos=(io.BytesIO(b"x" * 110_000), "a.jpg"))
    refused = client.post(address(), data=large, headers=SCRIPT)
    assert (refused.status_code, refused.get_json()) == (
        413,
        {"problem": "文件太大了，最大 100 KB"},
    )


def test_where_nothing_can_be_appealed_each_module_says_why(app: Flask) -> None:
    def group(name: str, note: str) -> ItemGroup:
        row = ItemRow(key=name, name=name, note=note, shut=True, until=None, until_words=None)
        return ItemGroup(whole=row, parts=[], open=False)

    with app.test_request_context():
        apart = [group("理论", "这一项的规则不受理"), group("实操", "还没结束")]
        assert "写在下面" in view_model._why_shut(apart)
        assert view_model._reasons(apart) == ["理论：这一项的规则不受理", "实操：还没结束"]
        alike = [group("理论", "还没结束"), group("实操", "还没结束")]
        assert (view_model._why_shut(alike), view_model._reasons(alike)) == ("还没结束", [])
