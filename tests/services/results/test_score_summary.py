"""The paper with every mark of an event, to be signed."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from statistics import mean, median

import pytest
from flask import Flask

from compete.domain import read_bundle
from compete.domain.bundle.results import Results
from compete.domain.bundle.types import Bundle
from compete.domain.values.hashwords import hash_phrase
from compete.models import Account, Competition
from compete.services.accounts.accounts import create_account
from compete.services.closing.competition_lock import lock_marks
from compete.services.competitions.loading import load_bundle
from compete.services.jobs.papers.kinds import Asked
from compete.services.kernel.refusal import Refused
from compete.services.results.publishing import publish
from compete.services.results.score_summary import print_score_summary
from compete.services.scoring.live import live_results
from tests.documents.reading import pages
from tests.domain.scoring.build import bundle, entrant, event, mark, module, stage

SAMPLES = Path(__file__).resolve().parents[3] / "sample_events"


def summary_text(competition: Competition, by: Account, event: str) -> str:
    pdf = print_score_summary(Asked(competition, by, str, {"event": event}))
    assert not pdf.left_out
    return "\n".join(pages(pdf))


def bundle_and_results(competition: Competition) -> tuple[Bundle, Results]:
    live = live_results(competition)
    return live.bundle, live.results


@pytest.mark.parametrize(
    ("folder", "event"),
    [("port-forklift", "FORK"), ("coal-sampling", "COAL"), ("yangtze-recovery", "RESCUE")],
)
def test_everybody_and_every_mark_stands_on_it_with_places_to_sign(
    app: Flask, folder: str, event: str
) -> None:
    with app.test_request_context():
        by = create_account("吴敏")
        content = (SAMPLES / folder / "bundle.json").read_bytes()
        competition = load_bundle(read_bundle(content), by=by)
        page = summary_text(competition, by, event)
        bundle, results = bundle_and_results(competition)
        rows = results.events[0].standings
        for row in rows:
            assert row.entrant in page
        (stage,) = results.events[0].stages
        first = next(row for row in stage.standings if row.entrant == rows[0].entrant)
        marks = [*(mark.score for mark in first.modules.values()), *first.parts.values()]
        # Cell by cell along the row, in their order.
        assert "".join(map(str, [*marks, rows[0].total])) in page
        totals = [Decimal(row.total) for row in rows if row.rank and row.total]
        absent = sum(row.status == "dns" for row in rows)
        spread = f"{mean(totals):.2f}{median(totals):.2f}{max(totals)}{min(totals)}"
        assert f"总成绩{len(totals)}{absent}{spread}" in page
        assert f"参赛{len(rows)}，有名次{len(totals)}" in page
        for label in ("统分员", "记分员", "复核人", "裁判长", "监督", "日期"):
            assert label in page
        assert bundle.competition.name in page


def test_it_says_which_version_it_is_and_that_none_is_out(app: Flask) -> None:
    with app.test_request_context():
        by = create_account("吴敏")
        content = (SAMPLES / "coal-sampling" / "bundle.json").read_bytes()
        competition = load_bundle(read_bundle(content), by=by)
        assert "暂定，还没公布" in summary_text(competition, by, "COAL")
        lock_marks(competition, by)
        published = publish(competition, by)
        page = summary_text(competition, by, "COAL")
        assert "暂定" not in page
        assert f"第{published.version}版" in page
        assert hash_phrase(bytes.fromhex(published.sha256)).replace(" ", "") in page


def test_an_event_without_anybody_has_none(app: Flask) -> None:
    with app.test_request_context():
        by = create_account("吴敏")
        content = (SAMPLES / "coal-sampling" / "bundle.json").read_bytes()
        competition = load_bundle(read_bundle(content), by=by)
        with pytest.raises(Refused, match="没有选手"):
            print_score_summary(Asked(competition, by, str, {"event": "NONE"}))


def test_long_names_of_modules_stand_above_and_the_first_page_has_the_people(app: Flask) -> None:
    name = "设备拆装调试与故障排除综合技能操作考核" * 3
    modules = [module(f"m{n}", weight=20) | {"name": f"{name}{n}"} for n in range(5)]
    codes = [f"P{n}" for n in range(1, 5)]
    marks = [mark(code, "80", module_code=f"m{n}") for code in codes for n in range(5)]
    entrants = [entrant(code, name=name) for code in codes]
    plain = bundle(event(stage(*modules), name=name), entrants, marks)
    plain["units"] = [{"code": "U", "name": name}]
    with app.test_request_context():
        by = create_account("吴敏")
        content = json.dumps(plain, ensure_ascii=False).encode()
        competition = load_bundle(read_bundle(content), by=by)
        first = pages(print_score_summary(Asked(competition, by, str, {"event": "E"})))[0]
    assert "P1" in first
    assert f"项目5：{name}4" in "".join(first.split())


def test_who_missed_a_module_of_a_preliminary_has_no_total_there_nor_counts_in_its_mean(
    app: Flask,
) -> None:
    parts = [{"code": "p", "name": "部分", "weight": "100", "full": "100"}]
    halves = [module(code, weight=50, part="p") for code in ("m", "n")]
    first = stage(*halves, code="A", parts=parts, advance={"top": 1})
    marks = [
        mark(code, value, module_code=half, stage_code="A")
        for code, value in (("P1", "90"), ("P2", "70"), ("P3", "60"))
        for half in ("m", "n")
        if (code, half) != ("P3", "n")
    ]
    marks.append(mark("P1", "80", stage_code="B"))
    people = [entrant(code) for code in ("P1", "P2", "P3")]
    absent = {"stage": "A", "module": "n", "entrant": "P3", "status": "dns", "reason": "没来"}
    plain = bundle(event(first, stage(module(), code="B")), people, marks, outcomes=[absent])
    with app.test_request_context():
        by = create_account("吴敏")
        competition = load_bundle(read_bundle(json.dumps(plain).encode()), by=by)
        page = "".join(summary_text(competition, by, "E").split())
    # What the missed half leaves of a total, 30.00 too, is no result and in no mean.
    assert "P3U60.00缺考30.00缺考———缺考" in page
    assert "部分2180.0080.0090.0070.00" in page
    assert "赛段A总分2180.0080.0090.0070.00" in page
