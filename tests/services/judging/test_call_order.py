"""Who ought to come before whom at a judge's station."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from compete.models import OutcomeEntry, Sheet, Slot, db
from compete.services.judging.tablet_view import called_before, my_sheets, sheet_data
from compete.services.kernel.transactions import unit_of_work
from tests.support.panels import Panel
from tests.support.statements import statements


def call_up(panel: Panel, entrant: str, hour: int, station: str = "1号工位") -> None:
    with unit_of_work() as session:
        session.add(
            Slot(
                entrant_id=panel.entrant(entrant).id,
                stage="final",
                module="practice",
                session="第1场",
                station=station,
                starts_at=datetime(2026, 9, 16, hour, tzinfo=UTC),
            )
        )


def before(panel: Panel, entrant: str) -> Sheet | None:
    sheet = panel.sheet("J1", entrant)
    return called_before(sheet, my_sheets(panel.judge("J1")))


def test_the_one_called_up_earlier_comes_first(panel: Panel) -> None:
    call_up(panel, "E2", 1)
    call_up(panel, "E1", 2)
    first = before(panel, "E1")
    assert first is not None
    assert first.label == "E2"
    assert before(panel, "E2") is None
    assert sheet_data(panel.sheet("J1", "E1"))["expected"] == {"id": first.public_id, "code": "E2"}
    # However many they are, whose each is comes along: no row is asked about by itself.
    judge = panel.judge("J1")
    db.session.expire_all()
    assert judge.id
    with statements(db.engine) as queries:
        assert [sheet.entrant.code for sheet in my_sheets(judge)] == ["E2", "E1"]
    assert len([query for query in queries if "FROM entrant" in query]) == 0, queries
    assert len([query for query in queries if "FROM sheet" in query]) == 1


def test_at_the_same_time_the_list_decides(panel: Panel) -> None:
    call_up(panel, "E1", 1)
    call_up(panel, "E2", 1)
    first = before(panel, "E2")
    assert first is not None
    assert first.label == "E1"


def test_nobody_is_passed_over_once_begun(panel: Panel) -> None:
    call_up(panel, "E1", 1)
    call_up(panel, "E2", 2)
    panel.act(panel.sheet("J1", "E1"), "mark", aspect="smooth", value="2")
    assert before(panel, "E2") is None


@pytest.mark.parametrize("begun", [True, False])
def test_another_station_is_another_line(panel: Panel, begun: bool) -> None:
    call_up(panel, "E1", 1, "2号工位" if begun else "1号工位")
    call_up(panel, "E2", 2)
    assert (before(panel, "E2") is None) is begun


def test_without_times_nobody_knows(panel: Panel) -> None:
    assert before(panel, "E2") is None


def test_a_sheet_that_is_begun_is_the_right_one(panel: Panel) -> None:
    call_up(panel, "E1", 1)
    call_up(panel, "E2", 2)
    panel.act(panel.sheet("J1", "E2"), "mark", aspect="smooth", value="2")
    assert before(panel, "E2") is None


def test_in_a_blind_event_times_say_nothing(panel: Panel) -> None:
    call_up(panel, "E1", 1)
    call_up(panel, "E2", 2)
    with unit_of_work() as session:
        event = session.merge(panel.competition.events[0])
        event.blind = True
    assert before(panel, "E2") is None


def test_nobody_is_led_on_to_who_was_sent_off(panel: Panel) -> None:
    call_up(panel, "E1", 1)
    call_up(panel, "E2", 2)
    assert sheet_data(panel.sheet("J1", "E2"))["next"] is not None
    with unit_of_work() as session:
        session.add(
            OutcomeEntry(
                entrant_id=panel.entrant("E1").id,
                stage="final",
                status="dsq",
                reason="替考",
            )
        )
    shown = sheet_data(panel.sheet("J1", "E2"))
    assert (shown["next"], shown["expected"]) == (None, None)
    assert sheet_data(panel.sheet("J1", "E1"))["excused"]


def test_stations_and_codes_come_as_people_count_them(panel: Panel) -> None:
    call_up(panel, "E1", 1, "10号工位")
    call_up(panel, "E2", 1, "2号工位")
    assert [sheet.entrant.code for sheet in my_sheets(panel.judge("J1"))] == ["E2", "E1"]
