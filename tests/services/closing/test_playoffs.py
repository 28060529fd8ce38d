"""Equals of a stage: places stay open until two have said who is before whom, and how."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from flask import Flask

from compete.domain import read_bundle, score
from compete.domain.bundle.writing import write_bundle
from compete.models import Account, Assignment, Competition, db
from compete.services.closing.blockers import find_blockers
from compete.services.closing.module_locks import lock_module
from compete.services.closing.penalties_and_outcomes import (
    Proposal,
    confirm_proposal,
    propose_decision,
)
from compete.services.closing.playoffs import (
    confirm_playoff,
    playoffs_of,
    propose_playoff,
    settle_playoff,
    void_playoffs,
    withdraw_playoff,
)
from compete.services.competitions.loading import load_bundle
from compete.services.competitions.pending_approvals import asked_by
from compete.services.kernel.public_reasons import masked_words
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import unit_of_work
from compete.services.results.bends import bends_of
from compete.services.results.notice import print_notice
from compete.services.results.publishing import publish_names
from compete.services.schedule.next_stage import next_stages
from compete.services.scoring.bundle_out import export_bundle
from compete.services.scoring.live import live_results
from tests.domain.scoring.build import entrant, event, mark, module, stage
from tests.services.results.test_notice import text_of
from tests.support.announced import announce, plain
from tests.support.people import correct_identity
from tests.support.second_day import person
from tests.support.signing_in import official, signed_in
from tests.support.small import small
from tests.support.undoing import undo_playoff


@pytest.fixture
def tied(here: Flask, load: Callable[..., Competition]) -> Competition:
    """Of the first stage one goes on, and P1 and P2 are equal."""
    points = {"P1": 90, "P2": 90, "P3": 70, "P4": 60}
    made = small([mark(code, value, stage_code="A") for code, value in points.items()])
    first = stage(module(), code="A", name="预赛", advance={"top": 1, "ties": "cut"})
    made["events"] = [event(first, stage(module(), code="B", name="决赛"))]
    made["format"] = "compete-bundle/2"
    competition = load(made)
    plain(competition)
    return competition


def kinds(competition: Competition) -> list[str]:
    return [row.kind for row in find_blockers(competition, live_results(competition).results)]


def advanced(competition: Competition) -> list[str]:
    rows = live_results(competition).results.events[0].stages[0].standings
    return [row.entrant for row in rows if row.advanced]


def test_nobody_is_preferred_by_number_and_two_part_equals(
    app: Flask, tied: Competition, organiser: Account
) -> None:
    own = tied.events[0]
    lock_module(own, "A", "m", organiser)
    assert advanced(tied) == []
    assert "tie" in kinds(tied)
    (waiting,) = next_stages(tied, live_results(tied).results)
    assert waiting.why_not is not None
    chief, other = official(tied, "C1"), official(tied, "S1")
    with pytest.raises(Refused, match="不一样"):
        propose_playoff(own, "A", "lot", [["P1"], ["P3"]], "当众抽签", organiser)
    asked = propose_playoff(own, "A", "lot", [["P2"], ["P1"]], "当众抽签", organiser)
    assert advanced(tied) == []
    assert [act.key for act in asked_by(tied, organiser)] == [f"playoff:{asked.id}"]
    with pytest.raises(Refused, match="裁判长"):
        confirm_playoff(asked, other)
    confirm_playoff(asked, chief)
    assert advanced(tied) == ["P2"]
    assert "tie" not in kinds(tied)
    # The file says it, gives the same results by itself, and brings it back.
    public = export_bundle(tied, private=False)
    assert [list(it.order) for it in public.playoffs] == [["P2", "P1"]]
    again = score(read_bundle(write_bundle(public, "json")))
    assert again.events[0].stages[0] == live_results(tied).results.events[0].stages[0]
    copy = json.loads(write_bundle(export_bundle(tied), "json"))
    copy["competition"]["code"] = "COPY"
    loaded = load_bundle(read_bundle(json.dumps(copy).encode()))
    assert (loaded.format, advanced(loaded)) == ("compete-bundle/2", ["P2"])
    page = signed_in(app, organiser).get("/desk/X/ties").text
    assert "P2 钱文 &gt; P1 赵启明" in page


def test_one_that_a_corrected_mark_made_void_parts_nobody_until_it_is_taken_out(
    tied: Competition, organiser: Account
) -> None:
    own, chief = tied.events[0], official(tied, "C1")
    asked = propose_playoff(own, "A", "extra", [["P2"], ["P1"]], "加赛一件", organiser)
    confirm_playoff(asked, chief)
    wanted = Proposal("penalty", "A", "m", "掉落", "录像 3:10", points="5")
    confirm_proposal(propose_decision(person(tied, "P2"), wanted, chief), official(tied, "S1"))
    assert list(void_playoffs(tied)) == [asked.id]
    assert "tie" in kinds(tied)
    assert advanced(tied) == ["P1"]
    with pytest.raises(Refused, match="理由"):
        withdraw_playoff(asked, "", chief)
    withdraw_playoff(asked, "P2 扣罚后不再同分", chief)
    assert void_playoffs(tied) == {}
    assert export_bundle(tied).playoffs == ()
    db.session.expire_all()
    assert [row.ended_why for row in playoffs_of(tied)] == ["P2 扣罚后不再同分"]
    assert bends_of(tied) == []


def test_what_two_settled_two_undo_and_it_is_told_in_public(
    tied: Competition, organiser: Account
) -> None:
    own, chief = tied.events[0], official(tied, "C1")
    for settled in (False, True):
        asked = propose_playoff(own, "A", "lot", [["P2"], ["P1"]], "当众抽签", organiser)
        if settled:
            confirm_playoff(asked, chief)
            withdraw_playoff(asked, "重抽", organiser)
            assert asked.state.value == "confirmed"
            assert not settle_playoff(asked, organiser)
            undo_playoff(asked, "重抽", organiser)
        else:
            withdraw_playoff(asked, "重抽", organiser)
        assert [bend.action for bend in bends_of(tied)] == ["playoff.withdraw"] * settled


def test_the_form_parts_them_and_says_what_is_wrong_beside_what_was_typed(
    app: Flask, tied: Competition, organiser: Account
) -> None:
    desk = signed_in(app, organiser)
    page = desk.get("/desk/X/ties").text
    assert "还有 1 个名额，这 2 人同分，都没进" in page
    seen = page.split('name="seen" value="')[1].split('"')[0]
    form = {"seen": seen, "kind": "lot", "reason": "抽签", "place-0": "2"}
    for text in ("x", "3", "9" * 5000):
        wrong = desk.post("/desk/X/ties", data=form | {"place-1": text})
        assert (wrong.status_code, "排第几要写" in wrong.text) == (400, True)
        assert 'value="2"' in wrong.text
    assert desk.post("/desk/X/ties", data=form | {"place-1": "1"}).status_code == 302
    (row,) = playoffs_of(tied)
    assert row.order == ["P2", "P1"]


def test_whoever_reads_results_reads_how_equals_were_parted(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    points = {"P1": 90, "P2": 90, "P3": 70, "P4": 60}
    made = small([mark(code, value) for code, value in points.items()])
    made["events"] = [event(stage(module()))]
    made["format"] = "compete-bundle/2"
    competition = load(made)
    plain(competition)
    reason = "和赵启明各加赛一件"
    asked = propose_playoff(
        competition.events[0], "S", "extra", [["P2"], ["P1"]], reason, organiser
    )
    confirm_playoff(asked, official(competition, "C1"))
    announce(competition, organiser)
    page = app.test_client().get("/p/X").text
    paper = text_of(print_notice(competition, "E"))
    for shown in (page.replace("&gt;", ">"), paper):
        assert "加赛定先后：钱* > 赵*明" in shown
        assert "和赵*明各加赛一件" in shown
        assert "赵启明" not in shown
    # Once a name was corrected, what went out under the one of before tells neither.
    correct_identity(
        person(competition, "P1"), name="赵启朙", id_number="", reason="证件", by=organiser
    )
    publish_names(competition, organiser, "P1 更正姓名")
    for address in ("/p/X", "/p/X/bundle.json", "/p/X?version=1"):
        shown = app.test_client().get(address).text
        assert "和赵*明各加赛一件" in shown, address
        assert "赵启" not in shown, address


def _two_of_a_unit(load: Callable[..., Competition], **advance: str) -> Competition:
    """A01 and A02 of U1 are equal at the head; of each unit one goes on, four in all."""
    units = {"A01": "U1", "A02": "U1", "A03": "U2", "A04": "U3", "A05": "U4"}
    points = {"A01": 90, "A02": 90, "A03": 80, "A04": 70, "A05": 60}
    made = small([mark(code, value, stage_code="A") for code, value in points.items()])
    made["entrants"] = [entrant(code, unit=unit) for code, unit in units.items()]
    made["units"] = [{"code": code, "name": f"单位{code}"} for code in ("U1", "U2", "U3", "U4")]
    first = stage(module(), code="A", name="预赛", advance={"top": 4, "per_unit": 1, **advance})
    made["events"] = [event(first, stage(module(), code="B", name="决赛"))]
    made["format"] = "compete-bundle/2"
    competition = load(made)
    judge = next(it for it in competition.judges if it.code == "J1")
    final = {"event_id": competition.events[0].id, "stage": "B", "module": "m", "station": ""}
    with unit_of_work() as session:
        session.add(Assignment(judge_id=judge.id, **final))
    return competition


def test_equals_of_a_unit_wait_until_they_are_parted(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    made = _two_of_a_unit(load, ties="cut")
    plain(made)
    own, chief = made.events[0], official(made, "C1")
    lock_module(own, "A", "m", organiser)
    assert advanced(made) == ["A03", "A04", "A05"]
    assert "tie" in kinds(made)
    desk = signed_in(app, organiser)
    page = desk.get("/desk/X/next-stage").text
    assert "“预赛”有 1 个名额同分，谁也没进" in page
    assert "/desk/X/ties" in page
    assert "还有 1 个名额，这 2 人同分" in desk.get("/desk/X/ties").text
    asked = propose_playoff(own, "A", "lot", [["A02"], ["A01"]], "当众抽签", organiser)
    confirm_playoff(asked, chief)
    assert advanced(made) == ["A02", "A03", "A04", "A05"]
    assert "tie" not in kinds(made)
    page = desk.get("/desk/X/next-stage").text
    assert "谁也没进" not in page


def test_equals_of_a_unit_who_all_go_on_are_named_before_the_stage_begins(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    made = _two_of_a_unit(load)
    plain(made)
    lock_module(made.events[0], "A", "m", organiser)
    assert advanced(made) == ["A01", "A02", "A03", "A04"]
    page = signed_in(app, organiser).get("/desk/X/next-stage").text
    passage = page.split("和本单位的人同名次，都进，超过单位的名额")[1][:200]
    assert "A01" in passage
    assert "A02" in passage
    assert "A03" not in passage


def test_a_public_reason_tells_no_id_number_and_no_phone(
    tied: Competition, organiser: Account
) -> None:
    own = tied.events[0]
    lock_module(own, "A", "m", organiser)
    why = "抽签，33010219900307391X 到场，电话 138 1234 5678，剩 90.02 分"
    asked = propose_playoff(own, "A", "lot", [["P2"], ["P1"]], why, organiser)
    confirm_playoff(asked, official(tied, "C1"))
    masked = "抽签，3301**********391X 到场，电话 138****5678，剩 90.02 分"
    assert [it.reason for it in export_bundle(tied, private=False).playoffs] == [masked]
    assert masked_words(why, tied) == masked
    assert [it.reason for it in export_bundle(tied).playoffs] == [why]
