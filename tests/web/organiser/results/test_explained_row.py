"""The opened row of the standings: who is ahead, and by what."""

from __future__ import annotations

import json
import re
from pathlib import Path

import msgspec
import pytest
from flask import Flask
from markupsafe import escape

from compete.domain.bundle.reading import read_bundle
from compete.domain.bundle.types import Bundle
from compete.domain.explanation.steps import every_step
from compete.domain.explanation.ties import explain_ties
from compete.domain.explanation.tree import explain
from compete.domain.scoring.scorer import Scorer
from compete.domain.values.kinds import RankOn
from compete.models import Account, Competition
from compete.services.scoring.bundle_out import export_bundle
from compete.services.scoring.explained_row import tie_words
from compete.sheets.results_workbook.score_columns import Names, stage_rows
from compete.web.conditions import describe_conditions
from compete.web.language import COOKIE
from compete.web.organiser.results.standings.side_rankings import describe_teams
from compete.web.organiser.results.standings.view_model import _values as figures_of
from compete.web.organiser.results.standings.view_model import (
    describe_explained_row,
    module_columns,
    why_refused,
)
from tests.support.attempted import attempts_bundle
from tests.support.competitions import sample
from tests.support.signing_in import signed_in

FORKLIFT = Path(__file__).parents[3] / "examples/port-forklift.bundle.json"


@pytest.fixture(scope="module")
def scorer() -> Scorer:
    return Scorer(read_bundle(FORKLIFT.read_bytes()))


def results_of(app: Flask, scorer: Scorer, code: str, language: str = "zh") -> list[str]:
    people = {entrant.code: entrant for entrant in scorer.bundle.entrants}
    with app.test_request_context(headers={"Cookie": f"lang={language}"}):
        row = describe_explained_row(scorer, code, people, 1)
    assert row.compare is not None
    return [line.result for line in row.compare.rows]


@pytest.mark.parametrize("code", ["B14", "B07"])
def test_the_one_ahead_is_named_with_both_values(app: Flask, scorer: Scorer, code: str) -> None:
    names = {entrant.code: entrant.name for entrant in scorer.bundle.entrants}
    last = results_of(app, scorer, code)[-1]
    assert last == f"{names['B14']} 在前：实操成绩 95.00 > 94.00"
    assert results_of(app, scorer, code, "en")[-1].startswith(f"{names['B14']} is ahead: ")


def equals() -> Scorer:
    """B07 judged as B14 in everything, and with B08 in the team as B04's with B05."""
    plain = json.loads(FORKLIFT.read_bytes())
    pairs = {"B14": "B07", "B04": "B07", "B05": "B08", "B41": "B42", "B06": "B09"}
    for kind in ("marks", "times"):
        rows = [row for row in plain.get(kind, []) if row["entrant"] not in pairs]
        copied = [
            row | {"entrant": code}
            for code, like in pairs.items()
            for row in plain.get(kind, [])
            if row["entrant"] == like
        ]
        plain[kind] = rows + copied
    for kind in ("outcomes", "penalties"):
        alike = {*pairs, *pairs.values()}
        plain[kind] = [row for row in plain.get(kind, []) if row["entrant"] not in alike]
    return Scorer(read_bundle(json.dumps(plain).encode()))


def test_who_shares_a_place_is_not_sent_to_a_next_key(app: Flask) -> None:
    assert results_of(app, equals(), "B07")[-1] == "相同，没有下一项了"


def test_teams_with_one_total_say_why_they_stand_so(app: Flask) -> None:
    scorer = equals()
    event = scorer.events["FORK"]
    with app.test_request_context():
        teams = describe_teams(event, scorer.bundle, scorer.results.events[0])
    assert teams is not None
    notes = {team.name: list(team.notes or ()) for team in teams.rows}
    assert notes["江北港代表队"] == ["和江南港代表队：总分和同分要比的各项都相同"]
    assert notes["江南港代表队"] == []


def test_conditions_give_the_facts(app: Flask, scorer: Scorer) -> None:
    plain = json.loads(FORKLIFT.read_bytes())
    event = plain["events"][0]
    event["grades"] = [
        {
            "code": "r",
            "cite": "r",
            "when": {
                "levels": ["national-1", "national-2", "provincial-1", "provincial-2"],
                "awards": ["first"],
                "once_a_year": True,
            },
            "grant": {"to": 3},
        }
    ]
    other = Scorer(read_bundle(json.dumps(plain).encode()))
    code = event["code"]
    grades = other.events[code].grades
    reason = grades.reasons(grades.people("B14")[0])[0]
    with app.test_request_context():
        lines = describe_conditions(reason.conditions, other, code, "B14")
    assert [(line.wanted, line.found) for line in lines] == [
        ("竞赛级别是省级及以上", "省级二类"),
        ("得奖是一等奖", "三等奖"),
        ("本年度未因竞赛晋升", "符合"),
    ]


@pytest.mark.parametrize(("lang", "met"), [("zh", "符合"), ("en", "met")])
def test_what_was_found_does_not_repeat_what_was_wanted(app: Flask, lang: str, met: str) -> None:
    plain = json.loads(FORKLIFT.read_bytes())
    level = plain["competition"]["level"]
    when = {"levels": [level], "groups": ["worker"], "max_rank": 50}
    plain["events"][0]["grades"] = [{"code": "r", "when": when, "grant": {"up": 1}}]
    scorer = Scorer(read_bundle(json.dumps(plain).encode()))
    code = plain["events"][0]["code"]
    reason = (grades := scorer.events[code].grades).reasons(grades.people("B14")[0])[0]
    with app.test_request_context(headers={"Cookie": f"{COOKIE}={lang}"}):
        lines = describe_conditions(reason.conditions, scorer, code, "B14")
    findings = {line.key: line.found for line in lines}
    assert (findings["levels"], findings["groups"]) == (met, met)


@pytest.mark.parametrize(
    ("groups", "max_total", "sentence"),
    [(["student"], None, None), (["worker"], "99.99", "总成绩 99.99 以上")],
)
def test_a_rule_for_another_group_is_no_reason_to_give(
    app: Flask, groups: list[str], max_total: str | None, sentence: str | None
) -> None:
    plain = json.loads(FORKLIFT.read_bytes())
    when = {"groups": groups, "max_rank": 50} | ({"min_total": max_total} if max_total else {})
    rule = {"code": "r", "cite": "r", "when": when, "grant": {"up": 1}}
    plain["events"][0]["grades"] = [rule]
    with app.test_request_context():
        why = why_refused(Scorer(read_bundle(json.dumps(plain).encode())), "B07")
    assert (why or "").startswith(sentence) if sentence else why is None


def test_an_opened_row_after_another_stage_adds_up_to_its_total(app: Flask) -> None:
    pump = Scorer(sample("pump-station"))
    people = {entrant.code: entrant for entrant in pump.bundle.entrants}
    with app.test_request_context():
        sums = describe_explained_row(pump, "P06", people, 1).sums
    assert [label for label, _text, _value in sums[-3:]] == ["前一赛段带入", "扣罚", "合计"]
    assert [(text or "")[-9:] for _label, text, _value in sums[:-3]] == [
        f"% × 0.7 {sign}" for sign in "=≈="
    ]
    assert sums[-3][1] == "90.00 × 0.3 ="
    assert sum(float(value) for _label, _text, value in sums[:-2]) == pytest.approx(
        95.74, abs=0.011
    )


def twice_bundle(*ties: str, seconds: int = 100) -> Bundle:
    """E1 made one of two attempts, E2 one less quickly; each has penalties."""
    place = {"stage": "final", "module": "run1"}
    plain = attempts_bundle()
    plain["events"][0]["ranking"] = {"ties": list(ties), "on": "exact"}
    entrants = {"E1": 100, "E2": seconds}
    return read_bundle(
        json.dumps(
            plain
            | {
                "marks": [
                    {"entrant": entrant, "judge": judge} | place | value
                    for entrant, time in entrants.items()
                    for judge in ("J1", "J2")
                    for value in (
                        {"aspect": "work", "value": 40},
                        {"aspect": "time", "value": time},
                    )
                ],
                "outcomes": [
                    place | {"entrant": entrant, "module": module, "status": "dns", "reason": "x"}
                    for entrant, module in (("E1", "run2"), ("E2", "run2"), ("E3", "run1"))
                ]
                + [place | {"entrant": "E3", "module": "run2", "status": "dns", "reason": "x"}],
                "times": [
                    place | {"entrant": entrant, "seconds": time}
                    for entrant, time in entrants.items()
                ],
                "penalties": [
                    place | {"entrant": "E1", "seconds": 75, "reason": "压线"},
                    place | {"entrant": "E1", "points": 2, "reason": "掉箱"},
                ],
            }
        ).encode()
    )


def test_what_was_taken_off_is_told_in_its_measure_and_not_added_up(app: Flask) -> None:
    scorer = Scorer(twice_bundle())
    people = {entrant.code: entrant for entrant in scorer.bundle.entrants}
    with app.test_request_context():
        sums = describe_explained_row(scorer, "E1", people, 1).sums
    words = "“叉车作业 1/2”罚时 1:15（75 秒）、“叉车作业 1/2”扣 2 分，已算在成绩里"
    assert sums[-2:] == [("扣罚", words, ""), ("合计", None, "68.00")]
    assert [value for _label, _text, value in sums[:-2]] == ["68.00"]


@pytest.mark.parametrize("key", ["time:run1", "time:run1+run2", "time:all"])
def test_the_column_of_times_has_those_of_the_attempts_that_count(app: Flask, key: str) -> None:
    scorer = Scorer(twice_bundle(key, seconds=222))
    bundle, event = scorer.bundle, scorer.events["FORK"]
    names, by_stage = Names(bundle), stage_rows(event.results)
    times = {
        row.entrant: names.time_of(event.event, row, by_stage) for row in event.results.standings
    }
    assert times == {"E1": "1:40", "E2": "3:42", "E3": ""}
    stage, columns = event.event.stages[-1], module_columns(event.event)[-1:]
    row = by_stage["final"]["E2"]
    with app.test_request_context():
        assert [it.text for it in figures_of(scorer, stage, row, columns).values()] == ["3:42"]


def test_what_stood_before_rounding_is_told_with_both_numbers() -> None:
    bundle = read_bundle(FORKLIFT.read_bytes())
    rounded = msgspec.structs.replace(bundle.events[0].rounding, total=0)
    on_exact = msgspec.structs.replace(bundle.events[0].ranking, on=RankOn.EXACT)
    event = msgspec.structs.replace(bundle.events[0], rounding=rounded, ranking=on_exact)
    scorer = Scorer(msgspec.structs.replace(bundle, events=(event, *bundle.events[1:])))
    sentences = [
        str(text)
        for text in explain_ties(
            scorer.events[event.code], scorer.events[event.code].results
        ).people.values()
    ]
    assert any(
        re.search(r"公布的总分同为 \d+，取整以前 [\d.…]+ > [\d.…]+$", it) for it in sentences
    )


def test_keys_are_called_by_what_they_are_of() -> None:
    rules = read_bundle(json.dumps(attempts_bundle()).encode()).events[0]
    words = {key: str(tie_words(key, rules)) for key in ("next:run", "time:all", "time:run1+run2")}
    assert words == {
        "next:run": "叉车作业没有计的几次里最好的",
        "time:all": "全部用时",
        "time:run1+run2": "叉车作业＋叉车作业用时",
    }


def test_the_opened_row_tells_what_every_judge_gave(
    app: Flask, judged: Competition, organiser: Account
) -> None:
    explanation = explain(export_bundle(judged), "P2")
    page = signed_in(app, organiser).get("/desk/X/standings?open=P2").text
    sentences = [escape(str(step.text)) for _depth, step in every_step(explanation.steps)]
    assert [sentence for sentence in sentences if sentence not in page] == []
    assert any("45 分" in sentence for sentence in sentences)
