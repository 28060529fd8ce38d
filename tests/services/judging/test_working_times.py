"""The working time is the middle reading, whichever tablet is the last to upload."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest
from flask import Flask

from compete.domain import score
from compete.domain.explanation.steps import every_step
from compete.domain.explanation.times import time_words
from compete.domain.explanation.tree import explain
from compete.domain.marking.working_time import middle_reading
from compete.models import Assignment, db
from compete.services.judging.field_records import field_facts, record_field
from compete.services.judging.own_times import known_time
from compete.services.judging.printed_sheets import print_sheet
from compete.services.judging.time_rulings import lift_time_ruling, rule_time
from compete.services.kernel.refusal import Refused
from compete.services.schedule.allocation import name_timekeeper
from compete.services.scoring.bundle_out import export_bundle
from compete.services.sheets.working_times import readings_text, taken_time, time_sentence
from tests.documents.reading import pages
from tests.support.begun import copied
from tests.support.panels import SIGNATURE, VALUES, Panel, bundle_of, open_panel

THREE = ("J1", "J2", "J3")


def timed() -> dict[str, Any]:
    """Everybody's time is worth the same marks, so that the tie key alone separates."""
    bundle = bundle_of(timed=True)
    bundle["events"][0]["stages"][0]["modules"][1]["aspects"][2] |= {"full_at": 1000}
    bundle["events"][0]["stages"][0]["modules"][1]["aspects"][2] |= {"zero_at": 2000}
    return bundle


@pytest.fixture
def hall(app: Flask) -> Iterator[Panel]:
    with app.app_context():
        yield open_panel(timed())


def stop(panel: Panel, judge: str, seconds: str, entrant: str = "E1") -> None:
    sheet = panel.sheet(judge, entrant)
    panel.act(sheet, "watch_stop", aspect="run", value=seconds)
    panel.act(sheet, "mark", aspect="run", value=seconds)


def hand_in(panel: Panel, readings: Mapping[str, str], entrant: str = "E1") -> None:
    """Each judge's time, in the order of the mapping, and everything else the same."""

    def make() -> None:
        for judge, seconds in readings.items():
            stop(panel, judge, seconds, entrant)
        for judge in readings:
            panel.fill(panel.sheet(judge, entrant), VALUES)

    copied(f"{readings} handed in for {entrant}", make)


def time_of(panel: Panel, entrant: str = "E1") -> Decimal | None:
    return taken_time(panel.entrant(entrant), "final", "practice").seconds


def sentence_of_time(panel: Panel, entrant: str = "E1") -> str:
    return str(time_sentence(taken_time(panel.entrant(entrant), "final", "practice")))


@pytest.mark.parametrize(
    ("readings", "counts"),
    [
        ([470], 470),
        ([470, 480], 480),
        ([500, 470, 470], 470),
        ([470, 500, 480, 460], 480),
        ([1, 5, 4, 3, 2], 3),
    ],
)
def test_the_middle_one_counts_and_of_two_the_longer(readings: list[int], counts: int) -> None:
    assert {middle_reading(order) for order in permutations(readings)} == {counts}


@pytest.mark.parametrize("order", list(permutations(THREE)))
def test_a_place_does_not_hang_on_who_uploads_last(hall: Panel, order: tuple[str, ...]) -> None:
    read = {"J1": "470", "J2": "470", "J3": "500"}
    hand_in(hall, {judge: read[judge] for judge in order})
    hand_in(hall, dict.fromkeys(THREE, "480"), "E2")
    hall.fill_papers()
    results = score(export_bundle(hall.competition))
    places = {row.entrant: row.rank for row in results.events[0].standings}
    assert places == {"E1": 1, "E2": 2}


@pytest.mark.each_database
def test_the_last_word_of_each_judge_is_the_reading(hall: Panel) -> None:
    for seconds in ("999", "470"):
        stop(hall, "J1", seconds)
    stop(hall, "J2", "480")
    hall.act(hall.sheet("J3"), "watch_stop", aspect="run", value="1")
    hall.act(hall.sheet("J3"), "watch_correct", aspect="run", value="500", note="停早了")
    assert time_of(hall) == 480
    assert sentence_of_time(hall) == "8:00（480 秒）：J1 7:50 / J2 8:00 / J3 8:20，取中间一个"


def test_of_two_readings_the_longer_is_said_to_count(hall: Panel) -> None:
    hand_in(hall, {"J1": "470", "J2": "480"})
    assert time_of(hall) == 480
    assert sentence_of_time(hall) == "8:00（480 秒）：J1 7:50 / J2 8:00，取长的一个"
    steps = every_step(explain(export_bundle(hall.competition), "E1").steps)
    assert "用时 8:00（480 秒）：J1 7:50 / J2 8:00，取长的一个" in [
        str(step.text) for _depth, step in steps
    ]


def test_what_it_came_from_stands_in_the_bundle_and_the_explanation(hall: Panel) -> None:
    hand_in(hall, {"J1": "470", "J2": "480", "J3": "500"})
    bundle = export_bundle(hall.competition)
    (time,) = bundle.times
    assert (time.seconds, time.extra) == (
        480,
        {"readings": {"J1": "470", "J2": "480", "J3": "500"}},
    )
    sentences = [str(step.text) for _depth, step in every_step(explain(bundle, "E1").steps)]
    assert "用时 8:00（480 秒）：J1 7:50 / J2 8:00 / J3 8:20，取中间一个" in sentences
    assert export_bundle(hall.competition, private=False).times == bundle.times


def test_a_judge_learns_the_others_readings_once_all_are_in(hall: Panel) -> None:
    for judge, seconds in {"J1": "470", "J2": "480", "J3": "500"}.items():
        stop(hall, judge, seconds)
    assert str(time_sentence(known_time(hall.sheet("J1")))) == "7:50（470 秒）：J1 7:50"
    for judge in THREE:
        hall.fill(hall.sheet(judge), VALUES)
    assert known_time(hall.sheet("J1")).seconds == 480


def test_the_field_record_keeps_the_time_and_its_readings(hall: Panel) -> None:
    hand_in(hall, {"J1": "470", "J2": "480", "J3": "500"})
    record = record_field(
        hall.sheet("J1"),
        hall.judge("J1"),
        started="09:00",
        ended="09:08",
        extra_minutes="",
        violations="",
        drawing=SIGNATURE,
        by=hall.account("J1"),
    )
    assert field_facts(record)["working_time"] == {
        "seconds": "480",
        "readings": {"J1": "470", "J2": "480", "J3": "500"},
    }


@pytest.mark.parametrize(
    ("readings", "sentence"),
    [
        ({"J1": {"a": "70"}, "J2": {"b": "30"}}, "1:40（100 秒）：J1 1:10 + J2 0:30"),
        (
            {"J1": {"a": "70", "b": "29"}, "J2": {"b": "30"}},
            "1:40（100 秒）：J1 1:10 + J1 0:29 / J2 0:30，取长的一个",
        ),
    ],
)
def test_readings_of_two_aspects_add_up_and_none_of_them_is_taken_for_the_longer(
    readings: Mapping[str, Mapping[str, str]], sentence: str
) -> None:
    assert str(time_words(Decimal(100), {"readings": readings})) == sentence


def test_the_chief_judge_stands_above_the_readings(hall: Panel) -> None:
    hand_in(hall, {"J1": "470", "J2": "480", "J3": "500"})
    rule_time(hall.sheet("J2"), "475.5", "录像 12:30", hall.account("C1"))
    assert time_of(hall) == Decimal("475.5")
    assert (
        sentence_of_time(hall)
        == "7:55.5（475.5 秒），C1 裁定（录像 12:30），裁判读数 J1 7:50 / J2 8:00 / J3 8:20"
    )
    (time,) = export_bundle(hall.competition).times
    assert time.extra is not None
    assert (time.seconds, time.extra["ruled_by"]) == (Decimal("475.5"), "C1")
    lift_time_ruling(hall.sheet("J2"), "看错了", hall.account("C1"))
    assert time_of(hall) == 480


def test_a_time_is_ruled_as_the_watch_shows_it_or_in_seconds(hall: Panel) -> None:
    hand_in(hall, {"J1": "470", "J2": "480", "J3": "500"})
    for written in ("7:55.5", " 7：55.5", "475.5", "07:55.50"):
        rule_time(hall.sheet("J2"), written, "录像 12:30", hall.account("C1"))
        assert time_of(hall) == Decimal("475.5"), written
        lift_time_ruling(hall.sheet("J2"), "看错了", hall.account("C1"))
        assert time_of(hall) == 480


def test_nobody_else_rules_and_never_before_all_are_in(hall: Panel) -> None:
    stop(hall, "J1", "470")
    with pytest.raises(Refused, match="还没交齐"):
        rule_time(hall.sheet("J1"), "475", "录像", hall.account("C1"))
    hand_in(hall, {"J1": "470", "J2": "480", "J3": "500"})
    with pytest.raises(Refused, match="只有裁判长"):
        rule_time(hall.sheet("J1"), "475", "录像", hall.account("J1"))
    for wrong in ("", "-1", "NaN", "八分", "999999999", "7:60", "99999:00"):
        with pytest.raises(Refused, match="用时要写成分:秒" if wrong else "先写用时"):
            rule_time(hall.sheet("J1"), wrong, "录像", hall.account("C1"))
    assert time_of(hall) == 480


def seat(panel: Panel, judge: str) -> Assignment:
    return (
        db.session.query(Assignment)
        .filter_by(judge_id=panel.judge(judge).id, module="practice")
        .one()
    )


def test_where_one_judge_keeps_the_time_that_reading_alone_counts(hall: Panel) -> None:
    name_timekeeper(seat(hall, "J3"), True, hall.organiser)
    stop(hall, "J1", "470")
    stop(hall, "J2", "480")
    assert time_of(hall) is None
    assert export_bundle(hall.competition).times == ()
    stop(hall, "J3", "500")
    assert time_of(hall) == 500
    assert sentence_of_time(hall) == "8:20（500 秒），计时员 J3 8:20；另有 J1 7:50 / J2 8:00，不算"
    name_timekeeper(seat(hall, "J2"), True, hall.organiser)
    assert time_of(hall) == 480
    name_timekeeper(seat(hall, "J2"), False, hall.organiser)
    assert sentence_of_time(hall).endswith("取中间一个")


def test_a_ruling_tells_the_readings_set_aside_too(hall: Panel) -> None:
    name_timekeeper(seat(hall, "J3"), True, hall.organiser)
    hand_in(hall, {"J1": "470", "J2": "480", "J3": "500"})
    rule_time(hall.sheet("J1"), "8:05", "录像", hall.account("C1"))
    rest = "C1 裁定（录像），计时员读数 J3 8:20；另有 J1 7:50 / J2 8:00，不算"
    assert sentence_of_time(hall) == f"8:05（485 秒），{rest}"
    steps = every_step(explain(export_bundle(hall.competition), "E1").steps)
    assert f"用时 8:05（485 秒），{rest}" in [str(step.text) for _depth, step in steps]
    assert readings_text(taken_time(hall.entrant("E1"), "final", "practice")) == (
        "J3 8:20 / J1 7:50 / J2 8:00"
    )


def test_a_printed_sheet_tells_the_time_that_counts_beside_its_judges_own(hall: Panel) -> None:
    stop(hall, "J3", "500")
    (alone,) = pages(print_sheet(hall.sheet("J3")))
    assert "8:20（500秒）" in alone
    assert "模块用时" not in alone
    hand_in(hall, {"J3": "500", "J1": "470", "J2": "480"})
    for judge, own in (("J1", "7:50（470秒）"), ("J3", "8:20（500秒）")):
        (printed,) = pages(print_sheet(hall.sheet(judge)))
        assert own in printed
        assert "模块用时：8:00（480秒）：J17:50/J28:00/J38:20，取中间一个" in printed


def test_nobody_keeps_the_time_of_a_module_without_a_watch(panel: Panel) -> None:
    with pytest.raises(Refused, match="不计时"):
        name_timekeeper(seat(panel, "J1"), True, panel.organiser)
