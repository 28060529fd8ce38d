"""The day on which conditions are looked at: one sets it before judging, two afterwards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from compete.domain.evaluation.unranked_results import verdicts_of
from compete.domain.values.states import CompetitionState
from compete.models import Account, AuditEntry, Competition, db
from compete.services.competitions.details import (
    agree_terms,
    change_details,
    details_of,
    drop_terms,
    waiting_terms,
)
from compete.services.competitions.pending_approvals import pending_approvals
from compete.services.kernel.bends import BENDS
from compete.services.kernel.fields import with_values
from compete.services.kernel.refusal import FieldRefused, Refused
from compete.services.kernel.transactions import unit_of_work
from compete.services.results.bends import bends_of
from compete.services.scoring.live import live_results
from tests.support.evaluation import evaluation
from tests.support.people import official

LATER = date(2026, 5, 11)


def one_day_short(**keys: Any) -> dict[str, Any]:
    """Build an evaluation in which P1 is one day short of three years in the grade."""
    plain = evaluation()
    first, _second = plain["entrants"]
    first |= {"grade_since": "2023-05-11", "papers": []}
    plain["judges"].append({"code": "S1", "name": "监督一", "role": "supervisor"})
    for event in plain["events"]:
        event |= keys
    return plain


def reason_of(competition: Competition, code: str = "P1") -> object:
    event = live_results(competition).event("A")
    return next(row for row in verdicts_of(event).verdicts if row.entrant == code)


def test_one_alone_does_not_move_the_day_of_conditions_once_judging_has_begun(
    load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(one_day_short())
    was, now = reason_of(competition), details_of(competition)
    later = with_values(now, starts=LATER)
    with pytest.raises(FieldRefused) as refused:
        change_details(competition, later, now, organiser)
    assert refused.value.field == "why_shorter"
    assert change_details(competition, later, now, organiser, "台风，改期") == []
    assert (competition.starts, reason_of(competition)) == (date(2026, 5, 10), was)
    asked = waiting_terms(competition)
    assert asked is not None
    assert asked.wanted == {"starts": LATER}
    assert [row.kind for row in pending_approvals(competition)] == ["terms"]
    with pytest.raises(Refused):
        agree_terms(competition, organiser)
    agree_terms(competition, official(competition, "S1"))
    db.session.expire_all()
    assert competition.starts == LATER
    assert reason_of(competition) != was
    # On record and public, with whom it changed.
    entry = db.session.query(AuditEntry).filter_by(action="competition.agree_terms").one()
    assert entry.before == {"starts": "2026-05-10"}
    assert entry.after["starts"] == "2026-05-11"
    assert entry.after["moved"] == ["P1"]
    (bend,) = bends_of(competition)
    assert str(bend.what) == "开始日期改成 2026-05-11，原来 2026-05-10；结论变了的 1 人"
    assert bend.why == "台风，改期"
    assert "competition.agree_terms" in BENDS


def test_under_locked_marks_not_even_two_move_it(
    load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(one_day_short())
    now = details_of(competition)
    change_details(competition, with_values(now, starts=LATER), now, organiser, "改期")
    with unit_of_work():
        competition.state = CompetitionState.LOCKED
    with pytest.raises(FieldRefused, match="先解锁") as refused:
        agree_terms(competition, official(competition, "S1"))
    assert refused.value.field == "starts"
    drop_terms(competition, organiser)
    with pytest.raises(FieldRefused, match="先解锁"):
        change_details(competition, with_values(now, starts=LATER), now, organiser, "改期")


def test_where_conditions_have_a_day_of_their_own_one_moves_the_first_day(
    load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(one_day_short(on="2026-05-10"))
    was, now = reason_of(competition), details_of(competition)
    assert change_details(competition, with_values(now, starts=LATER), now, organiser) == ["starts"]
    assert (competition.starts, reason_of(competition)) == (LATER, was)


def test_before_judging_one_alone_sets_the_day(
    load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(one_day_short() | {"marks": []})
    assert competition.state is CompetitionState.REGISTERING
    now = details_of(competition)
    assert change_details(competition, with_values(now, starts=LATER), now, organiser) == ["starts"]


def test_once_locked_a_notice_does_not_close_earlier(
    load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(one_day_short())
    now = details_of(competition)
    change_details(competition, with_values(now, notice_closes="17:30"), now, organiser)
    with unit_of_work():
        competition.state = CompetitionState.LOCKED
    now = details_of(competition)
    with pytest.raises(FieldRefused, match="只能加长") as refused:
        change_details(competition, with_values(now, notice_closes="09:00"), now, organiser)
    assert refused.value.field == "notice_closes"
    change_details(competition, with_values(now, notice_closes=None), now, organiser)
    assert details_of(competition).notice_closes is None


def test_whether_the_next_follows_is_not_changed_by_one_while_judging_runs(
    load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(one_day_short())
    now = details_of(competition)
    nobody = with_values(now, call_up=False)
    assert change_details(competition, nobody, now, organiser, "名额不补") == []
    assert details_of(competition).call_up
    agree_terms(competition, official(competition, "S1"))
    assert not details_of(competition).call_up
    (bend,) = bends_of(competition)
    assert str(bend.what) == "下一赛段开始前有人退出改成 空着，不递补，原来 后面的依次递补"
