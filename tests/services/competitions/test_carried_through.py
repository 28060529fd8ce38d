"""The evaluation of the demonstration, carried from registration to its certificates."""

from __future__ import annotations

from operator import attrgetter
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from compete.domain import write_results
from compete.domain.demonstration import demonstration_of
from compete.domain.evaluation.unranked_results import verdicts_of
from compete.domain.evaluation.verdicts import evaluate
from compete.domain.scoring.scorer import score
from compete.domain.values.states import CompetitionState
from compete.models import AuditEntry, Certificate, Competition, Entrant, Publication, Sheet, db
from compete.services.competitions.demonstration import demo_links, load_samples
from compete.services.kernel.chain_checks import verify_chain
from compete.services.results.snapshots import read_snapshot
from compete.services.scoring.bundle_out import export_bundle
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
