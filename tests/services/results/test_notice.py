"""The list that is put up for the notice period."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from flask import Flask
from pypdf import PdfReader

from compete.domain import read_bundle
from compete.domain.identity.masks import mask_name
from compete.domain.values.hashwords import hash_phrase
from compete.domain.values.states import GradeState
from compete.models import Account, Competition
from compete.services.accounts.accounts import create_account
from compete.services.closing.competition_lock import lock_marks
from compete.services.closing.grade_decisions import decided_grades
from compete.services.closing.grade_proposals import decide_grades
from compete.services.competitions.loading import load_bundle
from compete.services.kernel.printed_hashes import publication_record, sightings, written_down
from compete.services.kernel.transactions import unit_of_work
from compete.services.registration.consents import set_consent
from compete.services.registration.entrant_lookup import entrant_by_code
from compete.services.results.event_lines import objections_to
from compete.services.results.notice import print_notice
from compete.services.results.publishing import publish
from compete.services.results.shown_version import edition_of
from compete.services.scoring.live import live_results
from tests.support.announced import announce, announce_again
from tests.support.competitions import load_sample

SAMPLE = Path(__file__).resolve().parents[3] / "sample_events" / "coal-sampling" / "bundle.json"


def loaded(app: Flask) -> tuple[Competition, Account]:
    by = create_account("吴敏")
    return load_bundle(read_bundle(SAMPLE.read_bytes()), by=by), by


def text_of(pdf: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def test_before_publication_the_list_calls_itself_provisional(app: Flask) -> None:
    with app.test_request_context():
        competition, by = loaded(app)
        page = text_of(print_notice(competition, "COAL"))
        assert "成绩（暂定）" in page
        assert "公示期" not in page
        lock_marks(competition, by)
        published = publish(competition, by)
        page = text_of(print_notice(competition, "COAL"))
        assert "暂定" not in page
        assert hash_phrase(bytes.fromhex(published.sha256)) in page
        record = publication_record(published)
        assert record is not None
        words = hash_phrase(bytes.fromhex(record[1]))
        assert f"第 {record[0]} 条，核对词：{words}" in page
        # What the paper says is what `compete verify --against` finds, and nothing else.
        (seen,) = sightings(competition, written_down(f"第 {record[0]} 条，核对词：{words}"))
        assert (seen.text, seen.seq) == (words, record[0])


def test_the_list_says_what_was_decided_of_a_grade_and_the_snapshot_keeps_it(app: Flask) -> None:
    with app.test_request_context():
        competition, by = loaded(app)
        lock_marks(competition, by)
        first, second, *_rest = decided_grades(competition)
        people = read_bundle(SAMPLE.read_bytes()).entrants
        names = {person.code: mask_name(person.name) for person in people}
        decide_grades(competition, [first], GradeState.DEFERRED, by, "证件还没交")
        decide_grades(competition, [second], GradeState.REFUSED, by, "不在本省")
        publication = publish(competition, by)
        lines = text_of(print_notice(competition, "COAL")).splitlines()
        (deferred,) = [line for line in lines if names[first] in line]
        (refused,) = [line for line in lines if names[second] in line]
        assert deferred.endswith("缓办")
        assert refused.endswith("—")
        assert publication.grades is not None
        assert publication.grades[first][1] == "held"
        live = live_results(competition)
        assert edition_of(competition, live.results)[0] == publication


def test_who_is_absent_has_a_word_where_others_have_a_total(app: Flask) -> None:
    with app.test_request_context():
        competition, by = loaded(app)
        lock_marks(competition, by)
        publish(competition, by)
        rows = live_results(competition).event("COAL").standings
        (absent,) = [row for row in rows if row.status == "dns"]
        lines = text_of(print_notice(competition, "COAL")).splitlines()
        assert len([line for line in lines if "缺考" in line]) == 1
        assert not any(absent.total and f" {absent.total}" in line for line in lines)


@pytest.mark.parametrize(
    ("sample", "sections"),
    [
        ("yangtze-recovery", ("团体", "单位排名", "单项：重型吊车")),
        ("port-forklift", ("团体", "单位排名", "荣誉称号", "江苏省技术能手")),
    ],
)
def test_teams_units_items_and_honours_are_on_paper(
    app: Flask, sample: str, sections: tuple[str, ...]
) -> None:
    bundle = read_bundle((SAMPLE.parents[1] / sample / "bundle.json").read_bytes())
    with app.test_request_context():
        competition = load_bundle(bundle, by=create_account("吴敏"))
        page = text_of(print_notice(competition, bundle.events[0].code))
    for words in sections:
        assert words in page


def test_names_are_masked_unless_the_setting_and_the_person_say_otherwise(
    app: Flask,
) -> None:
    with app.test_request_context():
        competition, by = loaded(app)
        lock_marks(competition, by)
        publish(competition, by)
        name = read_bundle(SAMPLE.read_bytes()).entrants[0].name
        masked = text_of(print_notice(competition, "COAL"))
        assert name not in masked
        assert "第 1 版" in masked
        with unit_of_work():
            competition.settings = {**competition.settings, "full_names": True}
        assert name not in text_of(print_notice(competition, "COAL"))
        holder = entrant_by_code(competition, read_bundle(SAMPLE.read_bytes()).entrants[0].code)
        assert holder is not None
        set_consent(holder, True, "paper", by)
        assert name in text_of(print_notice(competition, "COAL"))
        set_consent(holder, False, "told", by)
        assert name not in text_of(print_notice(competition, "COAL"))


def test_a_total_of_an_earlier_stage_says_which(app: Flask) -> None:
    with app.test_request_context():
        page = text_of(print_notice(load_sample("pump-station", create_account("吴敏")), "PUMP"))
    assert "预赛 85.00" in page
    assert "预赛 95.74" not in page


def test_objections_go_to_people_never_to_the_competition_itself(app: Flask) -> None:
    with app.test_request_context():
        competition, _by = loaded(app)
        assert competition.host is not None
        assert objections_to(competition) == competition.host
        with unit_of_work():
            competition.host = ""
        assert str(objections_to(competition)) == "竞赛组委会"
        with unit_of_work():
            competition.settings = {
                **(competition.settings or {}),
                "contact": "韩平，0517-0000 0016",
            }
        assert objections_to(competition) == "韩平，0517-0000 0016"


def test_a_later_version_says_on_paper_what_it_changed(
    judged: Competition, organiser: Account
) -> None:
    announce(judged, organiser)
    assert "改了什么" not in text_of(print_notice(judged, "E"))
    announce_again(judged, organiser, "P3 的用时按记录更正")
    assert "第 2 版改了什么：P3 的用时按记录更正" in text_of(print_notice(judged, "E"))
