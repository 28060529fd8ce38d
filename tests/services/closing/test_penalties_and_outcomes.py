from __future__ import annotations

from dataclasses import replace

import pytest

from compete.domain import score
from compete.domain.values.states import DecisionState, MoveError
from compete.models import Decision, db
from compete.services.closing.lock_blockers import faults_of_scope
from compete.services.closing.module_locks import lock_module
from compete.services.closing.penalties_and_outcomes import (
    Proposal,
    confirm_proposal,
    decisions_of,
    photo_type,
    propose_decision,
    settle_withdrawal,
    withdraw_proposal,
)
from compete.services.closing.photo_reencoding import redraw_old_photos
from compete.services.kernel import audit
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.kernel.row_checks import check_rows
from compete.services.kernel.transactions import unit_of_work
from compete.services.results.bends import bends_of
from compete.services.scoring.bundle_out import export_bundle
from tests.support.panels import Panel
from tests.support.pictures import photo
from tests.support.undoing import undo_decision

PENALTY = Proposal(
    "penalty", "final", "practice", "带手机进场", "监督 卞志强看到，录像 12 分 30 秒", points="2"
)
ABSENT = Proposal("dns", "final", None, "没到", "检录表")


def proposed(panel: Panel, wanted: Proposal = PENALTY, who: str = "C1") -> Decision:
    return propose_decision(panel.entrant("E1"), wanted, panel.account(who))


def practice_of(panel: Panel) -> tuple[str | None, list[str]]:
    rows = score(export_bundle(panel.competition)).events[0].stages[0].standings
    module = next(row for row in rows if row.entrant == "E1").modules["practice"]
    return module.score, list(module.flags)


@pytest.mark.each_database
def test_a_penalty_counts_only_when_a_second_has_confirmed_it(panel: Panel) -> None:
    panel.fill_panel("2", "2", "2")
    decision = proposed(panel)
    assert practice_of(panel) == ("21.50", [])
    confirm_proposal(decision, panel.account("S1"))
    assert practice_of(panel) == ("19.50", ["penalised"])
    assert decision.state is DecisionState.CONFIRMED
    assert list(verify_chain(panel.competition)) == []


def test_nobody_confirms_what_he_proposed(panel: Panel) -> None:
    decision = proposed(panel)
    with pytest.raises(Refused, match="另一个人"):
        confirm_proposal(decision, panel.account("C1"))


def test_one_of_the_two_is_a_chief_judge(panel: Panel) -> None:
    decision = propose_decision(panel.entrant("E1"), PENALTY, panel.organiser)
    with pytest.raises(Refused, match="裁判长"):
        confirm_proposal(decision, panel.account("S1"))
    confirm_proposal(decision, panel.account("C1"))


def test_a_withdrawn_decision_counts_no_more(panel: Panel) -> None:
    panel.fill_panel("2", "2", "2")
    decision = confirm_proposal(proposed(panel), panel.account("S1"))
    with pytest.raises(Refused, match="理由"):
        undo_decision(decision, "", panel.account("C1"))
    undo_decision(decision, "看错人了", panel.account("C1"))
    assert practice_of(panel) == ("21.50", [])
    with pytest.raises(MoveError):
        confirm_proposal(decision, panel.account("S1"))
    assert [decision.ended_why for decision in decisions_of(panel.competition)] == ["看错人了"]


def test_what_two_decided_two_undo_and_it_is_told_in_public(panel: Panel) -> None:
    withdraw_proposal(proposed(panel), "没有这回事", panel.account("C1"), seen="proposed")
    assert bends_of(panel.competition) == []
    decision = confirm_proposal(proposed(panel), panel.account("S1"))
    withdraw_proposal(decision, "看错人了", panel.organiser, seen="confirmed")
    assert (decision.state.value, bends_of(panel.competition)) == ("confirmed", [])
    for by, again in ((panel.organiser, "看错人了"), (panel.account("C1"), "再提")):
        with pytest.raises(Refused, match="等另一个人"):
            withdraw_proposal(decision, again, by, seen="confirmed")
    # Who asked drops it; then it is asked for anew, and another agrees.
    assert not settle_withdrawal(decision, panel.organiser)
    withdraw_proposal(decision, "看错人了", panel.organiser, seen="confirmed")
    with pytest.raises(Refused, match="裁判长"):
        settle_withdrawal(decision, panel.account("S1"))
    assert settle_withdrawal(decision, panel.account("C1"))
    (bend,) = bends_of(panel.competition)
    assert (bend.action, bend.why) == ("decision.withdraw", "看错人了")
    assert str(bend.who) == f"吴敏提出，{panel.account('C1').name}同意"


@pytest.mark.each_database
def test_what_was_confirmed_meanwhile_is_not_withdrawn_unseen(panel: Panel) -> None:
    panel.fill_panel("2", "2", "2")
    decision = confirm_proposal(proposed(panel), panel.account("S1"))
    with pytest.raises(Refused, match="已经变成“已生效”了") as refused:
        withdraw_proposal(decision, "不罚了", panel.account("C1"), seen="proposed")
    assert refused.value.kind is Refusal.CONFLICT
    assert practice_of(panel) == ("19.50", ["penalised"])
    undo_decision(decision, "看错人了", panel.account("C1"))
    with pytest.raises(MoveError):
        undo_decision(decision, "再来", panel.account("C1"))


def test_absence_of_a_whole_stage_excuses_from_every_sheet(panel: Panel) -> None:
    confirm_proposal(proposed(panel, ABSENT), panel.organiser)
    assert practice_of(panel) == ("0.00", ["dns"])
    panel.fill_panel("2", "2", "2", entrant="E2")
    event = panel.competition.events[0]
    assert faults_of_scope(event, "final", "practice", None, signed=False) == []
    with pytest.raises(Refused, match="已经有“缺考”"):
        proposed(panel, ABSENT)


@pytest.mark.each_database
def test_the_same_is_not_proposed_twice(panel: Panel) -> None:
    in_module = replace(ABSENT, module="practice")
    first = proposed(panel, in_module)
    with pytest.raises(Refused, match="已经有“缺考”") as refused:
        proposed(panel, in_module, "S1")
    assert refused.value.kind is Refusal.CONFLICT
    confirm_proposal(first, panel.account("S1"))
    with pytest.raises(Refused, match="已经有“缺考”"):
        proposed(panel, in_module)
    undo_decision(first, "看错人了", panel.account("C1"))
    proposed(panel, in_module)


def test_another_person_kind_or_place_is_not_the_same(panel: Panel) -> None:
    wanted = replace(ABSENT, module="practice")
    proposed(panel, wanted)
    for other in (
        replace(wanted, kind="dnf"),
        replace(wanted, module="paper"),
        replace(wanted, module=None),
    ):
        proposed(panel, other)
    propose_decision(panel.entrant("E2"), wanted, panel.account("C1"))
    assert len(decisions_of(panel.competition)) == 5


def test_penalties_may_be_proposed_again_and_add_up(panel: Panel) -> None:
    panel.fill_panel("2", "2", "2")
    for _ in range(2):
        confirm_proposal(proposed(panel), panel.account("S1"))
    assert practice_of(panel) == ("17.50", ["penalised"])


def test_a_module_is_not_locked_while_a_decision_waits(panel: Panel) -> None:
    for entrant in ("E1", "E2"):
        panel.fill_panel("2", "2", "2", entrant=entrant)
    decision = proposed(panel)
    with pytest.raises(Refused, match="等第二人确认"):
        lock_module(panel.competition.events[0], "final", "practice", panel.account("C1"))
    withdraw_proposal(decision, "不罚了", panel.account("C1"), seen="proposed")
    lock_module(panel.competition.events[0], "final", "practice", panel.account("C1"))
    with pytest.raises(Refused, match="已经锁定"):
        proposed(panel)
    with pytest.raises(Refused, match="已经锁定"):
        proposed(panel, ABSENT)


WRONG: list[tuple[dict[str, object], str]] = [
    ({"kind": "jail"}, "选一样"),
    ({"stage": "x"}, "没有这个赛段"),
    ({"module": "x"}, "没有这个模块"),
    ({"module": None}, "要选一个模块"),
    ({"reason": " "}, "理由没写"),
    ({"evidence": ""}, "依据没写"),
    ({"points": ""}, "写一样"),
    ({"points": "-1"}, "大于 0"),
    ({"points": "两分"}, "大于 0"),
    ({"seconds": "0"}, "大于 0"),
    ({"photo": b""}, "不是照片"),
    ({"photo": b"GIF89a"}, "不是照片"),
    ({"photo": b"\xff\xd8\xff" + b"\0" * 500}, "不是照片"),
    ({"photo": b"\0" * (5 * 1024 * 1024 + 1)}, "最多 5 MB"),
]


def test_what_is_missing_or_wrong_is_named(panel: Panel) -> None:
    for change, sentence in WRONG:
        with pytest.raises(Refused, match=sentence):
            proposed(panel, replace(PENALTY, **change))  # type: ignore[arg-type]
        assert decisions_of(panel.competition) == [], change


def test_photos_kept_by_earlier_versions_are_drawn_anew_once(panel: Panel) -> None:
    """They were kept as they came: with place and camera, and whatever began like a JPEG."""
    was = {"old": photo(), "comment": b"\xff\xd8\xff and no picture", "none": None}
    numbers = {}
    for name, data in was.items():
        decision = proposed(panel, replace(PENALTY, reason=f"理由 {name}"))
        numbers[name] = decision.id
        with unit_of_work() as session:
            session.get_one(Decision, decision.id).photo = data
    new = proposed(panel, replace(PENALTY, reason="新的", photo=photo()))
    before = new.photo
    with unit_of_work():
        assert redraw_old_photos() == [numbers["comment"]]
    db.session.expire_all()
    kept = {name: db.session.get_one(Decision, number).photo for name, number in numbers.items()}
    assert kept["old"] is not None
    assert b"SECRETCAM" not in kept["old"]
    assert photo_type(kept["old"]) == "image/jpeg"
    assert (kept["comment"], kept["none"]) == (was["comment"], None)
    assert db.session.get_one(Decision, new.id).photo == before
    last = audit.recent(panel.competition, 1)[0]
    assert (last.action, last.after["decision"]) == ("decision.redraw", numbers["old"])
    assert list(verify_chain(panel.competition)) == []
    assert list(check_rows(panel.competition)) == []
    with unit_of_work():
        redraw_old_photos()
    assert audit.recent(panel.competition, 1)[0].seq == last.seq


@pytest.mark.each_database
def test_a_photo_is_kept_sealed(panel: Panel) -> None:
    decision = proposed(panel, replace(PENALTY, photo=photo()))
    kept = decision.photo
    assert kept is not None
    assert photo_type(kept) == "image/jpeg"
    assert b"SECRETCAM" not in kept
