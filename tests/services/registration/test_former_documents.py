"""Documents of whoever goes on in the next batch come along, and nobody else's."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from compete.domain.evaluation.documents import DocumentKind, DocumentState
from compete.models import Account, ApplicantDocument, Application, Competition, Entrant, db
from compete.services.backups.stored_files import check_files
from compete.services.competitions.drafts import Beginnings, Origin, make_draft
from compete.services.competitions.editions import next_edition
from compete.services.kernel import audit
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.file_store import DOCUMENTS, store_here
from compete.services.kernel.transactions import unit_of_work
from compete.services.registration.acceptance import accept_people
from compete.services.registration.documents import (
    OWN,
    DocumentReturn,
    content_of,
    documents_of,
    drop_documents,
    put_document,
    recognise_document,
    return_document,
)
from compete.services.registration.former_documents import count_with_former
from compete.services.registration.self_entry.own_entry import entrant_of_application
from compete.services.registration.withdrawals import withdraw_person
from tests.sheets.reading.files import id_of
from tests.support import self_entry
from tests.support.pictures import photo
from tests.support.signing_in import signed_in
from tests.support.sittings import Load, empty, enter

BRING = "/desk/EV-2/review/documents"


@pytest.fixture
def left(load: Load, organiser: Account) -> Entrant:
    """Somebody with two documents, one recognised, one given back, who left the first batch."""
    first = load(empty("EV", "2026-05-10"), registering=True)
    person = enter(first, organiser)
    row = put_document(person, DocumentKind.YEARS, photo(size=(640, 480)), OWN, None)
    recognise_document(row, person, organiser)
    row = put_document(person, DocumentKind.GRADE, photo(size=(320, 240)), OWN, None)
    return_document(row, person, DocumentReturn(reason="章看不清"), organiser)
    withdraw_person(person, "转下一批", organiser)
    return person


@pytest.fixture
def second(left: Entrant, organiser: Account) -> Competition:
    first = left.competition
    wanted = Beginnings(name="第二批认定", code="EV-2", starts=date(2026, 11, 10))
    edition = next_edition(first, wanted)
    made = make_draft(
        edition.bundle, Origin.EDITION, first.name, organiser, edition.settings, first.code
    )
    return made


def test_who_goes_on_has_the_documents_of_the_batch_before(
    app: Flask, left: Entrant, second: Competition, organiser: Account
) -> None:
    desk = signed_in(app, organiser)
    assert desk.post(BRING).status_code == 409
    here = enter(second, organiser)
    enter(second, organiser, 2)
    assert "1 人在上一批交过材料" in desk.get("/desk/EV-2/review").text
    assert "带来了 1 人的材料" in desk.post(BRING, follow_redirects=True).text
    assert "在上一批交过材料" not in desk.get("/desk/EV-2/review").text
    again = desk.post(BRING)
    assert (again.status_code, "都带来了" in again.text) == (409, True)
    rows = {row.kind: row for row in documents_of(here)}
    assert rows[DocumentKind.YEARS].state is DocumentState.RECOGNISED
    assert rows[DocumentKind.YEARS].decided_by == organiser.id
    assert rows[DocumentKind.GRADE].reason == "章看不清"
    there = {row.public_id for row in documents_of(left)}
    assert there.isdisjoint(row.public_id for row in rows.values())
    assert len(there) == 2
    # The file goes with the last document that names it.
    _drop(left, organiser)
    assert content_of(documents_of(here)[0]) is not None
    assert not list(check_files(second))
    _drop(here, organiser)
    assert not list(store_here().files(DOCUMENTS))
    assert not list(verify_chain(second))


def test_whoever_types_a_number_themselves_is_shown_nobodys_documents(
    app: Flask, left: Entrant, second: Competition, organiser: Account
) -> None:
    self_entry.switch_on(second, organiser)
    fields = {"id_number": id_of(1), "grade": "五级", "grade_since": "2020-03-01"}
    application, _link = self_entry.enter(second, **fields)
    accept_people(second, {application.public_id: application.version}, organiser)
    entrant = entrant_of_application(application)
    assert entrant is not None
    assert entrant.id_hash == left.id_hash
    assert count_with_former(second, organiser) == 0
    # As soon as nobody typed it but the desk, they are offered.
    with unit_of_work() as session:
        session.delete(session.get_one(Application, application.id))
        audit.record(second, organiser, "test.dropped", second.code)
    assert count_with_former(second, organiser) == 1


def _drop(entrant: Entrant, by: Account) -> None:
    with unit_of_work():
        drop_documents(ApplicantDocument.entrant_id == entrant.id)
        audit.record(entrant.competition, by, "test.dropped", entrant.code)
    db.session.expire_all()
