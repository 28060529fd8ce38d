"""Verdicts, conditions, what is brought along, re-sits, and who gets the grade."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from compete.domain import read_bundle, score, write_results
from compete.domain.bundle.types import Bundle, Mark
from compete.domain.evaluation.conditions import lines_of, meets
from compete.domain.evaluation.passed import passed_list, write_passed
from compete.domain.evaluation.unranked_results import unranked
from compete.domain.scoring.event_scorer import Written
from compete.domain.scoring.scorer import Scorer
from tests.domain.bundle.sample import EXAMPLES, GONE, changed
from tests.domain.evaluation_competitions import evaluation as made_up
from tests.domain.reference.evaluation import line_of, results
from tests.support.evaluation import FROM, Plain, evaluation, mark

SEEDS = st.integers(min_value=0, max_value=2**32)


def read(plain: Plain) -> Bundle:
    return read_bundle(json.dumps(plain).encode())


def results_as_written(plain: Plain) -> Plain:
    plain_results: Plain = json.loads(write_results(score(read(plain))))
    return plain_results


def row(plain: Plain, code: str = "P1") -> Plain:
    rows = [
        verdict for event in results_as_written(plain)["events"] for verdict in event["verdicts"]
    ]
    entrant_row: Plain = next(verdict for verdict in rows if verdict["entrant"] == code)
    return entrant_row


def with_all(plain: Plain, **changes: Any) -> Plain:
    for path, value in changes.items():
        plain = changed(plain, path, value)
    return plain


def test_the_worked_case_comes_out_to_the_byte() -> None:
    bundle = read_bundle((EXAMPLES / "evaluation-small.bundle.json").read_bytes())
    assert write_results(score(bundle)) == (EXAMPLES / "evaluation-small.results.json").read_bytes()


@pytest.mark.parametrize("seed", range(60))
def test_a_second_reckoning_comes_to_the_same(seed: int) -> None:
    plain = made_up(Random(seed))
    assert json.dumps(results_as_written(plain)) == json.dumps(results(plain))


@given(seed=SEEDS)
@settings(max_examples=60)
def test_marks_one_by_one_in_any_order_come_to_the_same(seed: int) -> None:
    bundle, rng = read(made_up(Random(seed))), Random(seed)
    late = rng.sample(bundle.marks, len(bundle.marks) // 2)
    scorer = Scorer(without(bundle, late))
    for late_mark in late:
        scorer.take([written(late_mark, late_mark.value)])
    assert scorer.results == unranked(score(bundle), bundle)
    gone = late[:2]
    scorer.take([written(gone_mark, None) for gone_mark in gone])
    left = without(bundle, gone)
    assert scorer.results == unranked(score(left), left)


@given(seed=SEEDS)
@settings(max_examples=60)
def test_whether_a_line_holds_is_told_alike_for_many(seed: int) -> None:
    bundle = read(made_up(Random(seed)))
    rules = {event.code: event for event in bundle.events}
    for who in bundle.entrants:
        event = rules[who.event]
        day = event.on or bundle.competition.starts
        assert day is not None
        assert meets(event.apply, who, day) is lines_of(event.apply, who, day).eligible


def without(bundle: Bundle, marks: Sequence[Mark]) -> Bundle:
    return replace(
        bundle, marks=tuple(kept_mark for kept_mark in bundle.marks if kept_mark not in marks)
    )


def written(mark_there: Mark, value: Decimal | bool | None) -> Written:
    return Written(
        mark_there.stage,
        mark_there.module,
        mark_there.entrant,
        mark_there.judge,
        mark_there.aspect,
        value,
    )


@given(seed=SEEDS)
@settings(max_examples=80)
def test_nobody_gets_a_grade_under_a_line_or_without_all_of_it(seed: int) -> None:
    plain = made_up(Random(seed))
    lines = {
        scored["code"]: line_of(scored)
        for stage in plain["events"][0]["stages"]
        for scored in (*stage["modules"], *stage["parts"])
    }
    for event in results_as_written(plain)["events"]:
        rows = {verdict["entrant"]: verdict for verdict in event["verdicts"]}
        for got in (rows[grade["entrant"]] for grade in event["grades"]):
            assert got["verdict"] == "pass"
            assert got["eligible"]
            for code, judged in (got["modules"] | got["parts"]).items():
                assert not {"dns", "dsq", "incomplete"} & {*judged["flags"]}
                assert judged["verdict"] in ("pass", None)
                if lines[code] is not None and judged["score"] is not None:
                    assert float(judged["score"]) * 10000 >= round(lines[code] * 10000)
        assert sum(event["counts"].values()) == 2 * event["counts"]["entered"] == 2 * len(rows)


GRADE, TRADE, AGE = "years_in_grade", "years_in_trade", "min_age"


def since(day: str) -> Plain:
    return {"grade_since": day}


def months(count: int, at: str) -> Plain:
    return {"trade": {"months": count, "at": at}}


def papers(**days: str) -> Plain:
    return {"papers": [{"kind": kind, "since": day} for kind, day in days.items()]}


UNGRADED = {"grade": GONE, "grade_since": GONE}
DAYS: list[tuple[Plain, Plain, str, bool, str | None]] = [
    ({GRADE: 4}, since("2020-02-29"), "2024-02-28", False, "2024-02-29"),
    ({GRADE: 4}, since("2020-02-29"), "2024-02-29", True, None),
    ({GRADE: 1}, since("2020-02-29"), "2021-02-27", False, "2021-02-28"),
    ({GRADE: 1}, since("2020-02-29"), "2021-02-28", True, None),
    ({GRADE: 5}, since("2021-05-11"), "2026-05-10", False, "2026-05-11"),
    ({GRADE: 5}, since("2021-05-10"), "2026-05-10", True, None),
    ({GRADE: 5}, {"grade_since": GONE}, "2026-05-10", False, None),
    ({GRADE: 99}, since("9910-01-01"), "9999-12-31", False, None),
    ({GRADE: 99}, since("9900-12-31"), "9999-12-31", True, None),
    ({TRADE: 10}, months(118, "2026-03-10"), "2026-05-10", True, None),
    ({TRADE: 10}, months(118, "2026-03-11"), "2026-05-10", False, "2026-05-11"),
    ({TRADE: 1}, months(11, "2026-01-31"), "2026-02-27", False, "2026-02-28"),
    ({TRADE: 1}, months(11, "2026-01-31"), "2026-02-28", True, None),
    ({TRADE: 1}, months(1000000, "2026-02-28"), "2026-02-28", True, None),
    ({TRADE: 1}, {"trade": GONE}, "2026-05-10", False, None),
    ({AGE: 18}, {"birth": "2008-02-29"}, "2026-02-27", False, "2026-02-28"),
    ({AGE: 18}, {"birth": "2008-02-29"}, "2026-02-28", True, None),
    ({AGE: 18}, {"birth": GONE}, "2026-05-10", False, None),
    ({"papers": {"of": ["甲"]}}, papers(甲="2026-05-10"), "2026-05-10", True, None),
    ({"papers": {"of": ["甲"]}}, papers(甲="2026-05-11"), "2026-05-10", False, "2026-05-11"),
    ({"papers": {"of": ["甲"]}}, papers(乙="2020-01-01"), "2026-05-10", False, None),
    (
        {"papers": {"of": ["甲", "乙"], "years": 2}},
        papers(甲="2025-01-01", 乙="2024-05-10"),
        "2026-05-10",
        True,
        None,
    ),
    ({"groups": ["student"]}, {}, "2026-05-10", False, None),
    ({"groups": ["worker"]}, {}, "2026-05-10", True, None),
    ({"holds": {"at_most": 5}}, UNGRADED, "2026-05-10", True, None),
    ({"holds": {"at_least": 5}}, UNGRADED, "2026-05-10", False, None),
]


@pytest.mark.parametrize(("when", "facts", "on", "holds", "met_on"), DAYS)
def test_a_time_is_full_on_its_day(
    when: Plain, facts: Plain, on: str, holds: bool, met_on: str | None
) -> None:
    plain = changed(evaluation(), "events[0].apply", [{"code": "a", "when": when}])
    plain = with_all(plain, **{"events[0].on": on, "entrants[0].carried": []})
    plain = changed(plain, "entrants[0].trade", GONE)
    for key in ("grade_since", "papers"):
        plain = changed(plain, f"entrants[0].{key}", GONE)
    for key, value in facts.items():
        if value is not GONE or key in plain["entrants"][0]:
            plain = changed(plain, f"entrants[0].{key}", value)
    entrant_row = row(plain)
    (line,) = entrant_row["reasons"]
    assert (line["held"], line["met_on"]) == (holds, met_on)
    assert (entrant_row["eligible"], entrant_row["earliest"]) == (holds, met_on)
    (condition,) = line["conditions"]
    assert (condition["held"], condition["met_on"]) == (holds, met_on)


def test_a_line_waits_for_the_last_of_its_days_and_for_nothing_that_time_does_not_bring() -> None:
    short = {"years_in_grade": 9, "min_age": 40}
    lines = [
        {"code": "a", "when": short},
        {"code": "b", "when": {**short, "groups": ["student"]}},
        {"code": "c", "when": {"min_age": 38}},
    ]
    entrant_row = row(changed(evaluation(), "events[0].apply", lines))
    assert [reason["met_on"] for reason in entrant_row["reasons"]] == [
        "2030-05-10",
        None,
        "2028-05-10",
    ]
    assert (entrant_row["applies"], entrant_row["earliest"]) == (None, "2028-05-10")
    entrant_row = row(changed(evaluation(), "events[0].apply", []))
    assert (entrant_row["eligible"], entrant_row["applies"], entrant_row["reasons"]) == (
        True,
        None,
        [],
    )


@pytest.mark.parametrize(
    ("full", "value", "line", "verdict"),
    [
        ("50", "30", "30", "pass"),
        ("50", "29.99", "30", "fail"),
        ("33.33", "19.99", "19.998", "fail"),
        ("33.33", "20", "19.998", "pass"),
        ("0.01", "0.01", "0.006", "pass"),
        ("0.000000000001", "0.000000000001", "0.0000000000006", "fail"),
    ],
)
def test_the_usual_line_is_sixty_hundredths_exactly(
    full: str, value: str, line: str, verdict: str
) -> None:
    where = "events[1].stages[0].modules[0]"
    plain = changed(evaluation(), f"{where}.full", full)
    plain = changed(plain, f"{where}.aspects[0].max", full)
    plain = changed(plain, f"{where}.aspects[0].step", "0.000000000001")
    plain["marks"][-1]["value"] = value
    theory = row(plain, "P2")["modules"]["theory"]
    assert (theory["pass"], theory["verdict"]) == (line, verdict)


def test_places_decide_before_the_line_does() -> None:
    where = "events[1].rounding"
    plain = changed(evaluation(), "marks[5].value", "59.96")
    assert row(changed(plain, where, {"module": 1}), "P2")["modules"]["theory"]["verdict"] == "pass"
    down = {"module": 1, "mode": "down"}
    assert row(changed(plain, where, down), "P2")["modules"]["theory"]["verdict"] == "fail"


def outcome(status: str, **where: str) -> list[Plain]:
    return [{"stage": "s", "entrant": "P1", "status": status, "reason": "r", **where}]


def brought(of: str, mark: str = "80", **more: Any) -> Plain:
    return {"of": of, "mark": mark, "until": "2027-01-01", "from": FROM, **more}


def with_hands_brought(**more: Any) -> Plain:
    plain = changed(evaluation(), "entrants[0].carried", [brought("hands", **more)])
    plain["marks"] = [
        kept_mark for kept_mark in plain["marks"] if kept_mark["module"] not in ("one", "two")
    ]
    return {**plain, "marks": [*plain["marks"], mark("theory", "P1", 90)]}


def test_a_part_that_was_brought_along_has_no_modules_of_its_own() -> None:
    entrant_row = row(with_hands_brought())
    alone = {"score": None, "pass": None, "verdict": None, "flags": ["carried"]}
    assert entrant_row["modules"]["one"] == entrant_row["modules"]["two"] == alone
    part = {"score": "80.00", "pass": "60", "verdict": "pass", "flags": ["carried"]}
    assert entrant_row["parts"] == {"hands": part}
    assert entrant_row["verdict"] == "pass"


@pytest.mark.parametrize("status", ["dns", "dnf"])
def test_an_absence_from_the_whole_does_not_touch_what_was_brought(status: str) -> None:
    entrant_row = row({**with_hands_brought(), "outcomes": outcome(status)})
    assert entrant_row["parts"]["hands"]["verdict"] == "pass"
    assert entrant_row["modules"]["one"]["flags"] == ["carried"]
    assert entrant_row["verdict"] == ("absent" if status == "dns" else "pass")
    assert entrant_row["keeps"] == {}


def test_who_is_disqualified_is_so_in_what_was_brought_too() -> None:
    entrant_row = row({**with_hands_brought(), "outcomes": outcome("dsq")})
    assert entrant_row["parts"]["hands"] == {
        "score": "80.00", "pass": "60", "verdict": "dsq", "flags": ["carried"],
    }  # fmt: skip
    for code in ("one", "two"):
        assert entrant_row["modules"][code]["flags"] == ["carried", "dsq"]
        assert entrant_row["modules"][code]["verdict"] == "dsq"
    assert entrant_row["verdict"] == "dsq"
    alone = row({**evaluation(), "outcomes": outcome("dsq")})["modules"]["theory"]
    assert alone == {"score": "72.50", "pass": "60", "verdict": "dsq", "flags": ["carried", "dsq"]}
    entrant_row = row({**evaluation(), "outcomes": outcome("dsq", module="one")})
    assert entrant_row["modules"]["theory"]["verdict"] == "pass"
    assert (entrant_row["parts"]["hands"]["verdict"], entrant_row["verdict"]) == ("dsq", "dsq")


def test_a_void_mark_counts_as_if_it_were_not_there() -> None:
    void = {"day": "2026-05-18", "reason": "更正"}
    plain = changed(evaluation(), "entrants[0].carried[0].void", void)
    missing = row(plain)
    assert missing["modules"]["theory"]["flags"] == ["carry_void", "incomplete"]
    assert missing["verdict"] == "incomplete"
    marked = row({**plain, "marks": [*plain["marks"], mark("theory", "P1", 61)]})
    assert (marked["verdict"], marked["modules"]["theory"]["flags"]) == ("pass", ["carry_void"])
    gone = row({**plain, "outcomes": outcome("dns", module="theory")})
    assert gone["modules"]["theory"]["flags"] == ["dns"]
    part = changed(evaluation(), "entrants[0].carried", [brought("hands", void=void)])
    assert row(part)["parts"]["hands"]["flags"] == ["carry_void"]
    failed = {**part, "marks": [*part["marks"], mark("theory", "P1", 10)]}
    assert row(failed)["keeps"] == {"review": "2028-05-10", "hands": "2028-05-10"}


def test_what_was_passed_is_kept_by_who_fails_or_is_absent_alone() -> None:
    plain = changed(evaluation(), "marks[1].value", 0)
    assert row(plain)["keeps"] == {"review": "2028-05-10"}
    assert row({**plain, "outcomes": outcome("dns", module="two")})["keeps"] == {
        "review": "2028-05-10"
    }
    assert row({**plain, "outcomes": outcome("dsq", module="two")})["keeps"] == {}
    assert row(changed(plain, "marks[1]", GONE))["keeps"] == {}
    bare = changed(changed(plain, "events[0].carry_months", GONE), "entrants[0].carried", GONE)
    bare["marks"].append(mark("theory", "P1", 90))
    assert row(bare)["keeps"] == {}
    late = with_all(plain, **{"events[0].on": "9999-12-31", "entrants[0].carried": []})
    late["marks"].append(mark("theory", "P1", 90))
    assert row(late)["keeps"]["theory"] == "9999-12-31"


def chain(*passed: bool) -> Plain:
    """So many sittings, each by who re-sits the one before, and which of them are passed."""
    plain = {**evaluation(), "entrants": [], "events": [], "marks": []}
    for number, is_passed in enumerate(passed, 1):
        plain["events"].append({**evaluation()["events"][0], "code": f"S{number}"})
        plain["events"][-1].pop("apply")
        person = {"code": f"P{number}", "name": "王", "event": f"S{number}", "unit": "U"}
        person["id_number"] = "1"
        if number > 1:
            before = {"event": f"S{number - 1}", "entrant": f"P{number - 1}", "attempt": number}
            person["resit"] = before
        person["carried"] = [brought("hands"), brought("review")]
        plain["entrants"].append(person)
        plain["marks"].append(mark("theory", person["code"], 60 if is_passed else 59))
    return plain


@pytest.mark.parametrize(
    ("passed", "got"),
    [
        ((True,), ["P1"]),
        ((False, True), ["P2"]),
        ((True, True), ["P1"]),
        ((False, True, True), ["P2"]),
        ((True, False, True), ["P1"]),
        ((False, False, True), ["P3"]),
        ((True, True, True), ["P1"]),
        ((False, False, False), []),
    ],
)
def test_a_grade_is_got_once_on_the_way(passed: tuple[bool, ...], got: list[str]) -> None:
    plain = chain(*passed)
    for entrants in (plain["entrants"], plain["entrants"][::-1]):
        events = results_as_written({**plain, "entrants": entrants})["events"]
        assert [grade["entrant"] for event in events for grade in event["grades"]] == got
        assert [event["verdicts"][0]["attempt"] for event in events] == [*range(1, len(passed) + 1)]


def test_who_passed_elsewhere_is_told_nothing_here() -> None:
    plain = chain(True, True)
    plain["entrants"][1]["resit"]["competition"] = "other"
    plain["entrants"][1]["id_number"] = "2"
    events = results_as_written(plain)["events"]
    assert [len(event["grades"]) for event in events] == [1, 1]


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("张", "*"),
        ("张三", "张*"),
        ("张小三", "张*三"),
        ("欧阳小明", "欧**明"),
        ("阿布都热依木·买买提", "阿***提"),
        ("AB", "A*"),
    ],
)
def test_who_passed_is_told_with_a_masked_name_and_nothing_else(name: str, masked: str) -> None:
    plain = changed(evaluation(), "entrants[0].name", name)
    row = {"entrant": "P1", "name": masked}
    public = json.loads(write_passed(passed_list(read(plain))))
    event = {"name": "泵站运行工 四级", "grade": 4}
    assert public == {
        "format": "compete-passed/1",
        "competition": "EV",
        "name": "认定",
        "events": [{"code": "A", **event, "passed": [row]}, {"code": "B", **event, "passed": []}],
    }
    marks = {"theory": "72.50", "review": "80.00", "hands": "65.60"}
    public = json.loads(write_passed(passed_list(read(plain), marks=True)))
    assert public["events"][0]["passed"] == [{**row, "marks": marks}]


def test_the_public_form_names_nobody_who_did_not_get_the_grade() -> None:
    bundle = read_bundle((EXAMPLES / "evaluation-small.bundle.json").read_bytes())
    for marks in (False, True):
        text = write_passed(passed_list(bundle, marks=marks)).decode()
        for code in ("E02", "E03", "E05", "E06", "E07", "E09"):
            assert f'"{code}"' not in text
        for word in ("counts", "verdict", "fail", "grade_since", "reasons", "earliest", "赵一民"):
            assert word not in text
