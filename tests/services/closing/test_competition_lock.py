"""A competition moves as its table says and no other way."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import pytest

from compete.domain.values.states import (
    COMPETITION_MOVES,
    GRADE_MOVES,
    IMPORT_MOVES,
    SHEET_MOVES,
    CertificateState,
    CompetitionState,
    ConsequenceState,
    DecisionState,
    GradeState,
    MoveError,
    SheetState,
    move,
    state_words,
)
from compete.models import Account, AuditEntry, Competition, db
from compete.services.closing.blockers import find_blockers
from compete.services.closing.competition_lock import unlock_marks
from compete.services.judging.sent_back_sheets import send_sheet_back
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import unit_of_work
from compete.services.results.publishing import publish
from compete.services.scoring.live import live_results
from tests.support.announced import announce, lock
from tests.support.judging import Tablet, seat_and_open
from tests.support.small import all_marks, small

TABLES = [COMPETITION_MOVES, SHEET_MOVES, GRADE_MOVES, IMPORT_MOVES]


@pytest.mark.parametrize("table", TABLES)
def test_every_state_has_a_word_and_a_line_in_its_table(table) -> None:  # type: ignore[no-untyped-def]
    kind = type(next(iter(table)))
    assert set(table) == set(kind)
    assert all(str(state_words(state)) for state in kind)


def test_kinds_that_share_a_value_have_words_of_their_own() -> None:
    states = [
        SheetState.WITHDRAWN,
        DecisionState.WITHDRAWN,
        ConsequenceState.WITHDRAWN,
        GradeState.PROPOSED,
        DecisionState.PROPOSED,
        CertificateState.REPLACED,
        ConsequenceState.REPLACED,
    ]
    assert [str(state_words(state)) for state in states] == [
        *("已回避", "已撤回", "撤回", "待批准", "等第二人确认", "已换发", "换发")
    ]


@pytest.mark.parametrize("table", TABLES)
def test_a_move_is_in_the_table_or_refused_in_words(table) -> None:  # type: ignore[no-untyped-def]
    for now, to in product(table, table):
        if to in table[now]:
            assert move(now, to, table) is to
        else:
            with pytest.raises(MoveError, match="已经是" if now is to else "不能变成"):
                move(now, to, table)


def test_locking_names_what_is_missing(fresh: Competition, organiser: Account) -> None:
    seat_and_open(fresh, organiser)
    with pytest.raises(Refused, match="还不能锁定"):
        lock(fresh, organiser)
    assert fresh.state is CompetitionState.JUDGING


def test_a_returned_sheet_keeps_marks_open(judged: Competition, organiser: Account) -> None:
    send_sheet_back(Tablet(judged).sheet(), "再看", organiser)
    with pytest.raises(Refused, match="还不能锁定：退回没改 1 张"):
        lock(judged, organiser)
    for entrant in ("P2", "P3", "P4"):
        send_sheet_back(Tablet(judged).sheet(entrant), "再看", organiser)
    send_sheet_back(Tablet(judged, "J2").sheet(), "再看", organiser)
    results = live_results(judged).results
    back = next(blocker for blocker in find_blockers(judged, results) if blocker.kind == "returned")
    assert str(back.detail).endswith(" 等 5 个")


def test_an_absent_persons_sheets_are_not_waited_for(
    load: Callable[..., Competition], organiser: Account
) -> None:
    marks = [mark for mark in all_marks() if mark["entrant"] != "P4"]
    absent = {"stage": "S", "entrant": "P4", "status": "dns"}
    competition = load(small(marks, outcomes=[absent]))
    lock(competition, organiser)
    assert competition.state is CompetitionState.LOCKED


def test_who_missed_one_module_is_waited_for_in_the_other(
    load: Callable[..., Competition], organiser: Account
) -> None:
    started = [
        mark
        for mark in all_marks()
        if (mark["entrant"], mark["judge"], mark["aspect"]) != ("P4", "J1", "a")
        and (mark["entrant"], mark["module"]) != ("P4", "t")
    ]
    missed = {"stage": "S", "module": "t", "entrant": "P4", "status": "dns"}
    competition = load(small(started, outcomes=[missed]))
    with pytest.raises(Refused, match="没交的评分表 1 张"):
        lock(competition, organiser)


def test_only_locked_marks_are_published(judged: Competition, organiser: Account) -> None:
    with pytest.raises(MoveError):
        publish(judged, organiser)
    with unit_of_work():
        judged.state = CompetitionState.REGISTERING
    with pytest.raises(MoveError):
        publish(judged, organiser)


@pytest.mark.each_database
def test_unlocking_wants_a_reason_and_leaves_it_on_record(
    judged: Competition, organiser: Account
) -> None:
    announce(judged, organiser)
    with pytest.raises(Refused, match="要写理由"):
        unlock_marks(judged, "  ", organiser)
    assert judged.state is CompetitionState.NOTICE
    unlock_marks(judged, "录错一张", organiser)
    assert judged.state is CompetitionState.JUDGING
    entry = db.session.query(AuditEntry).filter_by(action="marks.unlock").one()
    assert (entry.reason, entry.actor) == ("录错一张", "吴敏")
