"""The evaluation of the demonstration, carried from registration to its certificates."""

from __future__ import annotations

from decimal import Decimal
from operator import attrgetter
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from compete.domain import write_results
from compete.domain.demonstration import demonstration_of
from compete.domain.evaluation.unranked_results import verdicts_of
from compete.domain.evaluation.verdicts import evaluate
from compete.domain.exam.statistics import LEAST_SITTINGS
from compete.domain.scoring.scorer import score
from compete.domain.values.states import CompetitionState
from compete.models import (
    AuditEntry,
    Certificate,
    Competition,
    Entrant,
    Publication,
    QuestionFigure,
    Sheet,
    db,
)
from compete.services.competitions.demonstration import demo_links, load_samples
from compete.services.competitions.demonstration_exam import EXAM_BANK, marks_by_exam
from compete.services.examinations.exam_file import exam_file, scored_exam, sittings_by_code
from compete.services.examinations.exam_marks import come_since_marked
from compete.services.examinations.setting_up import examinations_of
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.row_checks import check_rows
from compete.services.results.snapshots import read_snapshot
from compete.services.schedule.exam_rooms import rooms_of
from compete.services.scoring.bundle_out import export_bundle
from compete.services.sheets.act_seals import check_acts
from tests.support.begun import Begin
from tests.support.competitions import sample, sample_file

NAME = "pump-evaluation"


by_code = attrgetter("code")


@pytest.fixture
def carried(here: Flask, begin: Begin, tmp_path: Path) -> Competition:
    """The sample as a demonstration of it alone leaves it."""
    (tmp_path / NAME).symlink_to(sample_file(NAME).parent)
    begin("carried through", lambda: load_samples(tmp_path))
    return db.session.scalars(select(Competition)).one()


@pytest.mark.each_database
def test_it_ends_as_the_sample_says(carried: Competition) -> None:
    results = (sample_file(NAME).parent / "results.json").read_bytes()
    out = export_bundle(carried)
    assert sorted(out.entrants, key=by_code) == list(sample(NAME).entrants)
    assert write_results(score(out)) == results
    assert carried.state is CompetitionState.NOTICE
    assert list(verify_chain(carried)) == []
    assert list(demo_links()) == []


def test_whoever_was_held_back_came_by_workbook_and_was_judged(carried: Competition) -> None:
    demo = demonstration_of(sample(NAME))
    assert demo is not None
    (upload,) = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "entrants.upload"))
    late = select(Entrant.code).where(Entrant.registered_at >= upload.at)
    assert set(db.session.scalars(late)) == demo.hold_back
    judged = select(Entrant.code).join(Sheet, Sheet.entrant_id == Entrant.id)
    assert demo.hold_back <= set(db.session.scalars(judged))


def test_one_mark_is_put_right_by_two_people_after_the_notice(carried: Competition) -> None:
    demo = demonstration_of(sample(NAME))
    assert demo is not None
    wrong = demo.corrected
    assert wrong is not None
    versions = db.session.scalars(select(Publication).order_by(Publication.version)).all()
    assert [row.note for row in versions] == [None, wrong.note]
    verdicts = []
    for version in versions:
        bundle, results = read_snapshot(version)
        (mark,) = (it for it in bundle.marks if wrong.is_of(it))
        rows = [row for event in results.events for row in verdicts_of(event).verdicts]
        verdicts.append((mark.value == wrong.first, {row.entrant: row.verdict for row in rows}))
    (first, before), (second, after) = verdicts
    assert (first, second) == (True, False)
    assert {code for code in after if after[code] != before[code]} == {wrong.entrant}
    assert (before[wrong.entrant], after[wrong.entrant]) == ("fail", "pass")
    opened = AuditEntry.action.in_(["lock.ask_unlock", "lock.unlock"])
    assert len(set(db.session.scalars(select(AuditEntry.actor_id).where(opened)))) == 2


def test_everybody_who_passed_and_may_has_a_certificate_of_the_grade(carried: Competition) -> None:
    wanted = {
        (row.entrant, row.grade) for event in evaluate(sample(NAME)).events for row in event.grades
    }
    issued = db.session.scalars(select(Certificate)).all()
    people = {row.id: row for row in db.session.scalars(select(Entrant))}
    grades = {(people[row.entrant_id].code, int(row.number[15])) for row in issued}
    assert grades == wanted
    assert {row.face["ground"] for row in issued} == {"考核认定"}


def test_with_its_bank_a_theory_is_sat_on_screen_to_the_same_marks(
    here: Flask, begin: Begin, tmp_path: Path
) -> None:
    folder = sample_file(NAME).parent
    (tmp_path / NAME).symlink_to(folder)
    (tmp_path / "banks").mkdir()
    (tmp_path / EXAM_BANK).symlink_to(folder.parent / EXAM_BANK)
    begin("carried through an examination", lambda: load_samples(tmp_path))
    competition = db.session.scalars(select(Competition)).one()
    out = export_bundle(competition)
    assert write_results(score(out)) == (folder / "results.json").read_bytes()
    (examination,) = examinations_of(competition)
    rooms = rooms_of(examination).values()
    assert len(rooms) == 2
    assert all(it.closed_at is not None for it in rooms)
    wanted = marks_by_exam(sample(NAME))
    results = scored_exam(exam_file(examination)).results
    sat = {code: it.entrant.code for code, it in sittings_by_code(examination).items()}
    totals = {sat[it.sitting]: Decimal(it.total) for it in results.sittings if it.total is not None}
    assert totals == wanted
    assert len(wanted) >= LEAST_SITTINGS
    (form,) = examination.forms
    assert form["n"] == len(wanted)
    figures = db.session.scalars(select(QuestionFigure)).all()
    assert {it.people for it in figures} == {len(wanted)}
    assert come_since_marked(examination) is None
    assert list(check_acts(competition)) == []
    assert list(check_rows(competition.id)) == []
    assert list(verify_chain(competition)) == []
