"""A seeded sample of a closed period's squares is held against its evidence by a second person."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from decimal import Decimal

import pytest

from compete.domain.labour.looks import look_draw
from compete.domain.values.period_states import LookResult, PeriodState
from compete.domain.values.roles import Role
from compete.models import Account, Competition, LabourLook
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.labour.closing import close_period, publish_closed
from compete.services.labour.corrections import agree_correction, corrections_of, drop_correction
from compete.services.labour.period_progress import period_stands, state_of
from compete.services.labour.second_look import (
    add_finding,
    counts_of,
    draw_look,
    look_file,
    looked_squares,
    set_look_rules,
)
from compete.services.labour.sign_off import sign_off
from compete.services.results.bulletin import print_bulletin
from compete.services.scoring.live_labour import labour_live
from tests.documents.reading import pages
from tests.services.labour.made_up import PIN, Contest, act, made_up

SEEN = 10**6
SAID = "三十二度"


@pytest.fixture
def contest(load: Callable[..., Competition], organiser: Account) -> Contest:
    """January is signed off; 周茹 changed three of its nine squares."""
    contest = made_up(load, organiser)
    contest.enter(*(act(unit, "安全", "28", seen=SEEN) for unit in "甲乙丙"), period="一月")
    for department, by in ((contest.safety, contest.zhou), (contest.works, contest.chen)):
        sign_off(department, "一月", pin=PIN, name=by.name, by=by)
    return contest


@pytest.fixture
def looker(contest: Contest, organiser: Account) -> Account:
    account = create_account("郭强")
    grant_role(account, contest.competition, Role.SUPERVISOR, by=organiser)
    return account


def _refused(kind: Refusal, what: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        what()
    assert refused.value.kind is kind
    return str(refused.value.message)


def _place(look: LabourLook, unit: str, indicator: str) -> int:
    return look.drawn.index([unit, indicator])


def test_what_is_drawn_can_be_drawn_again_by_hand() -> None:
    pool = [("乙", "质量"), ("甲", "质量"), ("甲", "安全")]
    # By unit and then by indicator.
    order = ["乙\t质量", "甲\t安全", "甲\t质量"]
    for i in (2, 1):
        j = int.from_bytes(hashlib.sha256(f"ab:{i}".encode()).digest(), "big") % (i + 1)
        order[i], order[j] = order[j], order[i]
    drawn = look_draw(pool, "ab", 40, 0)
    assert ["\t".join(square) for square in drawn] == order[:2], "40 % of 3, rounded up"
    assert look_draw(reversed(pool), "ab", 0, 1) == drawn[:1]
    assert len(look_draw(pool, "ab", 5, 10)) == 3, "never more than there are"


def test_a_difference_becomes_a_correction_by_two(
    contest: Contest, organiser: Account, looker: Account
) -> None:
    competition = contest.competition
    assert "结了账再抽" in _refused(
        Refusal.CONFLICT, lambda: draw_look(competition, "一月", SAID, looker)
    )
    close_period(competition, "一月", "", organiser)
    _refused(Refusal.INVALID, lambda: set_look_rules(competition, Decimal(101), 1, True, organiser))
    set_look_rules(competition, Decimal(100), 0, True, organiser)
    assert "二次抽查还没核完：一月" in _refused(
        Refusal.CONFLICT, lambda: publish_closed(competition, organiser)
    )
    look = draw_look(competition, "一月", SAID, looker)
    assert look.seed == hashlib.sha256(SAID.encode()).hexdigest()
    assert "已经抽过" in _refused(
        Refusal.CONFLICT, lambda: draw_look(competition, "一月", "", looker)
    )
    look_data = json.loads(look_file(look))
    again = look_draw(
        [(unit, code) for unit, codes in look_data["pool"].items() for code in codes],
        look_data["seed"],
        int(look_data["share"]),
        look_data["least"],
    )
    assert [list(square) for square in again] == look_data["drawn"] == look.drawn
    assert len(look.drawn) == 9

    own, other, aim = (
        _place(look, *square) for square in (("甲", "安全"), ("乙", "安全"), ("丙", "产值"))
    )
    # Who entered it, or signed it, is no second person.
    grant_role(contest.zhou, competition, Role.SUPERVISOR, by=organiser)
    for place in (own, other):
        _refused(Refusal.FORBIDDEN, lambda p=place: add_finding(look, p, "agrees", contest.zhou))
    _refused(Refusal.UNKNOWN, lambda: add_finding(look, 9, "agrees", looker))
    add_finding(look, own, "agrees", looker)
    assert "写明证据" in _refused(
        Refusal.INVALID, lambda: add_finding(look, other, "differs", looker, found="15")
    )
    assert "一样" in _refused(
        Refusal.INVALID,
        lambda: add_finding(look, other, "differs", looker, found="28.0", reason="台账"),
    )
    _refused(
        Refusal.INVALID,
        lambda: add_finding(look, other, "differs", looker, found="三十", reason="台账"),
    )
    assert counts_of(look)["left"] == 8, "what is refused leaves nothing"
    assert corrections_of(competition) == []
    add_finding(look, other, "differs", looker, found="15", reason="台账第 3 页是 15")
    add_finding(look, aim, "unproven", looker, reason="没有验收单")
    (asked,) = corrections_of(competition)
    assert asked.asked_by == looker.id
    assert "更正已经提出" in _refused(
        Refusal.CONFLICT, lambda: add_finding(look, other, "agrees", looker, reason="看错了")
    )
    was = labour_live(competition).standings["一月"]
    agree_correction(asked, organiser)
    now = {row.unit: row.total for row in labour_live(competition).standings["一月"]}
    assert {row.unit: row.total for row in was}["乙"] != now["乙"]
    assert counts_of(look)["left"] == 6
    for place, square in enumerate(looked_squares(competition, look)):
        if square.finding is None:
            add_finding(look, place, LookResult.AGREES, looker)
    publish_closed(competition, organiser)
    assert state_of(period_stands(competition), "一月") is PeriodState.PUBLISHED
    text = "".join(pages(print_bulletin(competition, "一月")))
    assert "9格里抽9格，一致7，不一致1，没有证据1，还没核0" in text
    assert look.seed in text
    assert list(verify_chain(competition)) == []


def test_a_finding_whose_correction_was_dropped_is_changed_with_a_reason(
    contest: Contest, organiser: Account, looker: Account
) -> None:
    competition = contest.competition
    close_period(competition, "一月", "", organiser)
    look = draw_look(competition, "一月", "", looker)
    place = _place(look, "乙", "隐患")
    add_finding(look, place, "differs", looker, reason="不该有")
    (asked,) = corrections_of(competition)
    assert (asked.kind.value, asked.points) == ("empty", None)
    drop_correction(asked, organiser)
    _refused(Refusal.INVALID, lambda: add_finding(look, place, "agrees", looker))
    add_finding(look, place, "agrees", looker, reason="看错了一行")
    assert (counts_of(look)["agrees"], counts_of(look)["differs"]) == (1, 0)
    assert len(look.findings) == 2, "the former one is kept"
