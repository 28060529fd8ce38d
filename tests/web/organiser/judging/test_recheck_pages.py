"""The pages of re-checking: what each official may see, and what the second person may not."""

from __future__ import annotations

import re
from decimal import Decimal
from unittest.mock import patch

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from compete.domain.values.roles import Role
from compete.models import Competition, Entrant, PenaltyEntry, RecheckEntry, db
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.closing import recheck
from compete.services.closing.recheck import draw_recheck
from compete.services.competitions.details import agree_terms
from compete.services.competitions.loading import load_bundle
from compete.services.kernel.transactions import unit_of_work
from compete.services.sheets.values import standing_values
from compete.web.organiser.judging.recheck.entry_form import read_fields
from tests.support.contest import contest
from tests.support.signing_in import official, signed_in
from tests.support.small import read, small


@pytest.fixture
def competition(here: Flask) -> Competition:
    return load_bundle(contest(level="provincial-2", entrants=10, bias={"J1": 3.3}))


@pytest.fixture
def entry(competition: Competition) -> RecheckEntry:
    """A sheet of the practice that waits."""
    round = draw_recheck(competition.events[0], "final", official(competition, "S1"), "8848")
    return next(entry for entry in round.entries if entry.sheet.module == "practice")


@pytest.fixture
def recorder(app: Flask, competition: Competition) -> FlaskClient:
    return signed_in(app, official(competition, "R1"))


def fields(entry: RecheckEntry, **changes: str) -> dict[str, str]:
    values = standing_values([entry.sheet_id])[entry.sheet_id]
    return {f"v-{aspect}": f"{value:f}" for aspect, value in values.items()} | {
        f"v-{aspect}": value for aspect, value in changes.items()
    }


def address(entry: RecheckEntry, more: str = "") -> str:
    return f"/desk/CUP/recheck/{entry.id}{more}"


def test_the_second_persons_page_has_no_figure_of_the_sheet(
    recorder: FlaskClient, entry: RecheckEntry
) -> None:
    page = recorder.get(address(entry)).text
    finish = standing_values([entry.sheet_id])[entry.sheet_id]["finish"]
    assert "堆码质量" in page
    assert f"{finish:f}" not in page
    assert 'value=""' in page


def test_what_was_typed_stays_and_the_fault_stands_beside_the_field(
    recorder: FlaskClient, entry: RecheckEntry
) -> None:
    answer = recorder.post(address(entry), data=fields(entry, finish="61", faults=""))
    assert answer.status_code == 400
    assert "要从 0 到 60，按 0.1 递增，现在是 61" in answer.text
    assert 'value="61"' in answer.text
    assert "没填。纸上没有就找裁判长" in answer.text
    assert entry.entered is None


def test_a_difference_is_asked_about_once_without_saying_what_the_sheet_has(
    recorder: FlaskClient, entry: RecheckEntry
) -> None:
    finish = standing_values([entry.sheet_id])[entry.sheet_id]["finish"]
    typed = fields(entry, finish=f"{finish - Decimal('0.7'):f}")
    asked = recorder.post(address(entry), data=typed)
    assert asked.status_code == 200
    assert "和原表不一样，再看一眼纸上的数" in asked.text
    assert f'"{finish:f}"' not in asked.text
    kept = recorder.post(address(entry), data=typed | {"looked_again": "1"})
    assert kept.status_code == 302
    db.session.refresh(entry)
    assert entry.entered is not None


def test_what_the_supervisor_said_stays_where_it_cannot_be_drawn_yet(
    app: Flask, competition: Competition
) -> None:
    chief = signed_in(app, official(competition, "S1"))
    (draw,) = re.findall(
        r'action="([^"]*/recheck/draw/[^"]*)"', chief.get("/desk/CUP/recheck").text
    )
    with patch.object(recheck, "may_be_rechecked", return_value=False):
        refused = chief.post(draw, data={"said": "八千八百四十八"})
    assert refused.status_code == 409
    assert 'value="八千八百四十八"' in refused.text
    assert re.search(r'id="said-1-error">.*?抽了没有人能录', refused.text, re.S)
    assert chief.post(draw, data={"said": "八千八百四十八"}).status_code == 302
    again = chief.post(draw, data={"said": "一"})
    assert again.status_code == 409
    assert "已经抽过了" in again.text


def test_who_came_into_the_top_since_the_draw_is_added_by_one_press(
    app: Flask, competition: Competition, entry: RecheckEntry
) -> None:
    best = [code for code, *_figures in entry.round.ranking[:3]]
    with unit_of_work() as session:
        for entrant in session.scalars(select(Entrant).where(Entrant.code.in_(best))):
            lost = {"stage": "final", "module": "practice", "points": Decimal(60)}
            session.add(PenaltyEntry(entrant_id=entrant.id, **lost))
    chief = signed_in(app, official(competition, "C1"))
    (add,) = re.findall(r'action="([^"]*/recheck/add/[^"]*)"', chief.get("/desk/CUP/recheck").text)
    before = len(entry.round.entries)
    page = chief.post(add, follow_redirects=True).text
    assert re.search(r"补进 [1-3] ", page)
    assert "/recheck/add/" not in page
    db.session.expire_all()
    assert len(entry.round.entries) > before


def test_after_one_sheet_the_next_comes_by_itself(
    recorder: FlaskClient, entry: RecheckEntry
) -> None:
    answer = recorder.post(address(entry), data=fields(entry))
    assert answer.status_code == 302
    following = recorder.get(answer.location).text
    assert "的纸质表。照纸上写的录" in following
    assert answer.location != address(entry)


def test_a_comma_is_a_decimal_point(recorder: FlaskClient, entry: RecheckEntry) -> None:
    finish = standing_values([entry.sheet_id])[entry.sheet_id]["finish"]
    typed = fields(entry, finish=f"{finish:f}".replace(".", ","))
    assert recorder.post(address(entry), data=typed).status_code == 302


@pytest.mark.parametrize(
    ("typed", "seconds"),
    [("434.5", "434.5"), ("7:14.5", "434.5"), ("07：14", "434"), ("0:59,9", "59.9")]
    + [(text, None) for text in ("7:60", "7:", ":14", "-7:14", "7:-1", "7:NaN", "7:14:2", "秒")]
    + [("9" * 5000 + ":1", None)],
)
def test_a_time_is_read_as_seconds_or_as_it_stands_on_the_tablet(
    here: Flask, typed: str, seconds: str | None
) -> None:
    here.test_request_context().push()
    (only,) = read(small()).events[0].stages[0].modules[1:]
    values, faults = read_fields(only, {"v-s": typed})
    assert values == ({"s": Decimal(seconds)} if seconds else {})
    assert ("7:14.5" in faults.get("s", "")) is (seconds is None)


def test_recorders_see_no_differences_and_rule_on_none(
    recorder: FlaskClient, entry: RecheckEntry
) -> None:
    typed = fields(entry, faults="9") | {"looked_again": "1"}
    recorder.post(address(entry), data=typed)
    assert recorder.get(address(entry, "/result")).status_code == 404
    assert recorder.post(address(entry, "/rule"), data={"ruling": "error"}).status_code == 404
    assert "/result" not in recorder.get("/desk/CUP/recheck").text


def test_the_chief_sees_both_readings_and_rules(
    app: Flask, recorder: FlaskClient, competition: Competition, entry: RecheckEntry
) -> None:
    recorder.post(address(entry), data=fields(entry, faults="9") | {"looked_again": "1"})
    chief = signed_in(app, official(competition, "C1"))
    page = chief.get(address(entry, "/result")).text
    assert "有出入，等裁定" in page
    assert "哪一个对" in page
    answer = chief.post(address(entry, "/rule"), data={"ruling": "misread", "reason": "看错行"})
    assert answer.status_code == 302
    after = chief.get(address(entry, "/result")).text
    assert "复核时看错" in after
    assert "看错行" in after
    assert "哪一个对" not in after


def test_the_next_step_says_what_the_recheck_still_wants(
    app: Flask, recorder: FlaskClient, competition: Competition, entry: RecheckEntry
) -> None:
    organiser = create_account("吴敏")
    grant_role(organiser, competition, Role.ORGANISER)
    desk = signed_in(app, organiser)
    desk.post("/desk/CUP/lock")

    def step() -> str:
        return desk.get("/desk/CUP/").text.partition("复核完才能公布")[2][:400]

    assert re.search(r"复核还剩 \d+ 张没录", step())
    for round_entry in entry.round.entries:
        changed = {"faults": "9"} if round_entry is entry else {}
        recorder.post(
            address(round_entry), data=fields(round_entry, **changed) | {"looked_again": "1"}
        )
    assert "复核有 1 张出入没裁定" in step()


def test_judges_and_organisers_do_not_enter(
    app: Flask, competition: Competition, entry: RecheckEntry
) -> None:
    judge = signed_in(app, official(competition, entry.sheet.judge.code))
    assert judge.get(address(entry)).status_code == 404
    chief = signed_in(app, official(competition, "C1"))
    assert chief.get(address(entry)).status_code == 403


def test_a_recorder_begins_at_the_list_and_has_no_other_doors(
    app: Flask, recorder: FlaskClient, competition: Competition
) -> None:
    from compete.web.homes import home_of

    with app.test_request_context():
        assert home_of(official(competition, "R1")) == "/desk/CUP/recheck"
    page = recorder.get("/desk/CUP/recheck").text
    assert "等裁判长或监督来抽" in page
    assert "/desk/CUP/standings" not in page


def test_the_organiser_sets_the_rule_and_sees_why_publishing_waits(
    app: Flask, competition: Competition
) -> None:
    organiser = create_account("吴敏")
    grant_role(organiser, competition, Role.ORGANISER)
    client = signed_in(app, organiser)
    assert "复核完才能公布成绩" in client.get("/desk/CUP/recheck").text
    client.post("/desk/CUP/lock")
    front = client.get("/desk/CUP/").text
    assert "复核完才能公布" in front
    assert "还没抽复核" in front
    awards = client.get("/desk/CUP/awards").text
    assert "去复核" in awards
    assert "/desk/CUP/publish" not in awards
    assert re.search(r"还没抽复核：\S+", client.get("/desk/CUP/publish").text)
    settings = {"top": "30", "rest": "15", "limit": "5"}
    alone = client.post("/desk/CUP/recheck/settings", data=settings)
    assert (alone.status_code, "要写理由" in alone.text) == (400, True)
    settings["why"] = "记分员都病了"
    asked = client.post("/desk/CUP/recheck/settings", data=settings, follow_redirects=True)
    assert "免复核" in asked.text
    assert "/desk/CUP/publish" not in client.get("/desk/CUP/awards").text
    agree_terms(competition, official(competition, "S1"))
    assert "/desk/CUP/publish" in client.get("/desk/CUP/awards").text


def test_anyone_at_the_desk_reads_how_it_was_drawn(
    app: Flask, competition: Competition, entry: RecheckEntry
) -> None:
    page = signed_in(app, official(competition, "S1")).get("/desk/CUP/recheck").text
    assert entry.round.seed in page
    assert "8848" in page
    assert "SHA-256" in page
