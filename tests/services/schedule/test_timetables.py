"""The timetable before a draw: a few numbers fill it, places are closed, each step taken back."""

from __future__ import annotations

import msgspec
import pytest
from flask import Flask

from compete.models import Account, Competition, Event
from compete.services.accounts.accounts import create_account
from compete.services.competitions.loading import load_bundle
from compete.services.kernel import audit
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.competition_settings import Timetable
from compete.services.kernel.refusal import Refused
from compete.services.schedule.draw_lists import PlacesError, places_of
from compete.services.schedule.timetables import (
    Bulk,
    close_places,
    laid_out,
    lay_out,
    steps_back,
    timetable_of,
    undo_timetable,
)
from tests.support.drawing import published
from tests.support.small import read, small

FOUR = Bulk(begins="2026-09-16 08:40", count="4", minutes="40", pause="10", posts="12")


@pytest.fixture
def competition(here: Flask) -> Competition:
    return load_bundle(read(small()))


@pytest.fixture
def event(competition: Competition) -> Event:
    return competition.events[0]


@pytest.fixture
def desk(competition: Competition) -> Account:
    return create_account("吴敏")


def test_a_few_numbers_make_sessions_one_after_the_other(here: Flask) -> None:
    stations, sessions = laid_out(FOUR)
    assert stations.splitlines()[::11] == ["1号", "12号"]
    assert sessions.splitlines()[0] == "第1场，2026-09-16 08:40，1，40"
    assert sessions.splitlines()[3] == "第4场，2026-09-16 11:10，1，40"
    assert len(places_of(Timetable(stations=stations, sessions=sessions)).places) == 48


def test_stations_that_are_there_keep_their_names_where_they_are_as_many(here: Flask) -> None:
    named = [f"{n}号工位" for n in range(1, 13)]
    assert laid_out(FOUR, named)[0].splitlines() == named
    assert laid_out(FOUR, named[:3])[0].splitlines()[0] == "1号"


def test_each_number_that_is_none_is_named(here: Flask) -> None:
    wrong = Bulk(begins="上午", count="0", minutes="", pause="-1", posts="999")
    with pytest.raises(PlacesError) as caught:
        laid_out(wrong)
    assert set(caught.value.faults) == {"begins", "count", "minutes", "pause", "posts"}


def test_a_closed_place_takes_nobody_and_every_step_is_taken_back(
    event: Event, desk: Account
) -> None:
    plan = Timetable(stations="1号\n2号", sessions="第1场，2026-09-16 08:40，3，10")
    lay_out(event, "S", "m", plan, desk)
    lay_out(event, "S", "m", plan, desk)
    assert steps_back(event, "S", "m") == 1
    close_places(event, "S", "m", {"2-3": "检修", "9-9": ""}, desk)
    closed = timetable_of(event, "S", "m")
    assert closed is not None
    assert (closed.closed, closed.reasons) == (("2-3",), {"2-3": "检修"})
    with pytest.raises(Refused, match="最多 20 个字"):
        close_places(event, "S", "m", {"2-2": "检" * 21}, desk)
    assert "2-3" not in [place["code"] for place in places_of(closed).places]
    fewer = msgspec.structs.replace(closed, sessions="第1场，2026-09-16 08:40，2，10")
    lay_out(event, "S", "m", fewer, desk)
    laid = timetable_of(event, "S", "m")
    assert laid is not None
    assert (laid.closed, laid.reasons) == ((), {})
    undo_timetable(event, "S", "m", desk)
    assert timetable_of(event, "S", "m") == closed
    undo_timetable(event, "S", "m", desk)
    undo_timetable(event, "S", "m", desk)
    assert timetable_of(event, "S", "m") is None
    with pytest.raises(Refused, match="没有可以撤的"):
        undo_timetable(event, "S", "m", desk)
    last = audit.recent(event.competition, 1)[0]
    assert (last.action, last.after) == ("draw.timetable", {})
    assert list(verify_chain(event.competition)) == []


def test_once_the_list_is_sealed_it_stays(
    competition: Competition, event: Event, desk: Account
) -> None:
    published(competition, desk)
    with pytest.raises(Refused, match="已经封存"):
        lay_out(
            event, "S", "m", Timetable(stations="1号", sessions="甲，2026-09-16 08:40，4，9"), desk
        )
