"""The book of everything that was published."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from pypdf import PdfReader

from compete.domain import read_bundle, score
from compete.domain.identity.masks import mask_name
from compete.domain.values.hashwords import hash_phrase
from compete.services.accounts.accounts import create_account
from compete.services.closing.competition_lock import lock_marks
from compete.services.competitions.loading import load_bundle
from compete.services.jobs.papers.kinds import Asked
from compete.services.kernel.refusal import Refused
from compete.services.results.publishing import publish
from compete.services.results.results_booklet import print_results_book
from compete.services.results.snapshots import read_snapshot
from compete.sheets.results_workbook.score_columns import (
    STATUS_WORDS,
    score_titles,
    score_values,
    stage_rows,
)
from tests.documents.reading import A4, A4_LYING, page_sizes, pages
from tests.support.announced import announce

SAMPLE = Path(__file__).resolve().parents[3] / "sample_events" / "coal-sampling" / "bundle.json"


def test_the_book_tells_the_version_in_force_and_nobody_whole(app: Flask) -> None:
    with app.test_request_context():
        by = create_account("吴敏")
        sample = read_bundle(SAMPLE.read_bytes())
        competition = load_bundle(sample, by=by)
        with pytest.raises(Refused, match="还没公布"):
            print_results_book(Asked(competition, by, str, {}))
        lock_marks(competition, by)
        published = publish(competition, by)
        printed = print_results_book(Asked(competition, by, str, {}))
        assert not printed.left_out
        assert page_sizes(printed) == A4
        cover, *inside = pages(printed)
        words = hash_phrase(bytes.fromhex(published.sha256)).replace(" ", "")
        for phrase in (sample.competition.name.replace(" ", ""), "成绩册", "第1版", words):
            assert phrase in cover
        book = "".join(inside)
        (event,) = read_snapshot(published)[1].events
        (stage,) = event.stages
        rows = {row.entrant: row for row in stage.standings}
        for person in sample.entrants:
            assert mask_name(person.name) in book
            assert person.name not in book
            modules = rows[person.code].modules.values()
            if rows[person.code].rank is not None:
                assert "".join(str(mark.score) for mark in modules) in book
        for heading in ("电煤采制化统计", "总成绩", "奖项", "拟晋升等级"):
            assert heading in book


def test_who_was_disqualified_has_no_joint_score_either(app: Flask) -> None:
    bundle = read_bundle((SAMPLE.parents[1] / "yangtze-recovery" / "bundle.json").read_bytes())
    (rules,), (event,) = bundle.events, score(bundle).events
    (out,) = (row.entrant for row in event.standings if row.status == "dsq")
    scores = dict(
        zip(score_titles(rules), score_values(rules, stage_rows(event), out), strict=True)
    )
    assert scores["5 吨折叠平板清障车"] == STATUS_WORDS["dsq"]
    assert scores["实践操作"] == STATUS_WORDS["dsq"]


def test_a_long_name_of_a_module_is_told_over_the_table(app: Flask) -> None:
    with app.test_request_context():
        by = create_account("吴敏")
        file = SAMPLE.parents[1] / "yangtze-recovery" / "bundle.json"
        competition = load_bundle(read_bundle(file.read_bytes()), by=by)
        announce(competition, by)
        printed = print_results_book(Asked(competition, by, str, {}))
        book = pages(printed)
    assert not printed.left_out
    heads = "理论考试项目2项目3重型吊车体能测试实践操作总成绩"
    assert f"项目2：5吨折叠平板清障车项目3：50吨旋转吊清障车名次姓名单位{heads}" in book[1]
    # Six columns of marks: the page lies, so that no head or word of four breaks.
    assert page_sizes(printed) == A4_LYING
    lines = PdfReader(BytesIO(printed)).pages[1].extract_text().splitlines()
    text = [re.sub(r"\s", "", line) for line in lines]
    for whole in ("体能测试", "实践操作"):
        assert any(whole in line for line in text), whole
    # Over the repeated head the names need not stand again; the figures have them in full.
    assert any("统计" in page and "50吨旋转吊清障车" in page for page in book[2:])
