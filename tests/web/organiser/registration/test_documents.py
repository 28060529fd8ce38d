"""Documents of applicants: sent by phone, unit and desk, recognised, given back, gone with them."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from compete.domain.evaluation.documents import DocumentKind
from compete.domain.values.messages import msg
from compete.domain.values.states import ApplicationState
from compete.models import (
    Account,
    ApplicantDocument,
    Application,
    Competition,
    Entrant,
    db,
    utc_now,
)
from compete.services.accounts.sign_in_cards import use_card
from compete.services.backups.stored_files import check_files
from compete.services.kernel.audit import record_contents
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.clock import local_time
from compete.services.kernel.file_store import DOCUMENTS, store_here
from compete.services.registration import documents
from compete.services.registration.acceptance import accept_people
from compete.services.registration.acceptance_undo import last_accepted, undo_accepting
from compete.services.registration.documents import OWN, content_of, documents_of, put_document
from compete.services.registration.self_entry.own_entry import (
    delete_own,
    entrant_of_application,
    take_own_back,
)
from compete.services.registration.units.links import make_link
from tests.services.registration.test_evaluation_columns import NEW
from tests.support.evaluation import evaluation
from tests.support.pictures import photo
from tests.support.self_entry import enter, switch_on
from tests.support.signing_in import signed_in
from tests.support.small import small

Sent = tuple[io.BytesIO, str]


def picture(side: int = 640) -> bytes:
    return photo(size=(side, 480))


def sent(content: bytes, **fields: str) -> dict[str, str | Sent]:
    return {"kind": "years", **fields, "document": (io.BytesIO(content), "证明.jpg")}


def rows() -> list[ApplicantDocument]:
    db.session.rollback()
    return db.session.query(ApplicantDocument).order_by(ApplicantDocument.id).all()


@pytest.fixture
def assessed(load: Callable[..., Competition], organiser: Account) -> Competition:
    plain = evaluation()
    plain["units"].append({"code": "V", "name": "二站"})
    competition = load(plain, registering=True)
    switch_on(competition, organiser)
    return competition


@pytest.fixture
def entered(assessed: Competition) -> tuple[Application, str]:
    return enter(assessed, **{key: own for key, own in NEW.items() if key != "id_number"})


def test_a_document_goes_from_the_phone_to_the_desk_and_back(
    app: Flask, assessed: Competition, organiser: Account, entered: tuple[Application, str]
) -> None:
    application, link = entered
    phone, desk = app.test_client(), signed_in(app, organiser)
    assert f"/r/{link}/documents" in phone.get(f"/r/{link}").text
    done = phone.post(f"/r/{link}/documents", data=sent(picture()), follow_redirects=True)
    assert "工作年限证明" in done.text
    assert "没看" in done.text
    # Sealed: what lies in the store is no picture, and the page alone opens it.
    (file,) = [store_here().read(it.name) for it in store_here().files(DOCUMENTS)]
    assert file is not None
    assert b"\xff\xd8" not in file[:40]
    key = rows()[0].public_id
    shown = phone.get(f"/r/{link}/documents/{key}")
    assert shown.data.startswith(b"\xff\xd8")
    assert "no-store" in shown.headers["Cache-Control"]
    # The same once more, and what is no document, are answered beside the field and kept nowhere.
    again = phone.post(f"/r/{link}/documents", data=sent(picture()))
    assert (again.status_code, "已经传过了" in again.text) == (400, True)
    assert phone.post(f"/r/{link}/documents", data=sent(b"PK\x03\x04")).status_code == 415
    assert phone.post(f"/r/{link}/documents", data=sent(picture(), kind="x")).status_code == 400
    assert len(rows()) == 1

    accept_people(assessed, {application.public_id: application.version}, organiser)
    entrant = entrant_of_application(application)
    assert entrant is not None
    assert len(documents_of(entrant)) == 1
    page = desk.get("/desk/EV/review?show=all").text
    assert "1 份没看" in page
    assert f"/desk/EV/review/{entrant.code}" in page
    at = f"/desk/EV/review/{entrant.code}"
    assert f"{at}/documents/{key}" in desk.get(at).text
    assert desk.get(f"{at}/documents/{key}").data == shown.data
    late = {"reason": "章看不清", "until": "2020-01-01"}
    refused = desk.post(f"{at}/documents/{key}/return", data=late)
    assert refused.status_code == 400
    assert "不能是过去的日子" in refused.text
    assert "章看不清" in refused.text
    until = (local_time(utc_now()) + timedelta(days=3)).date().isoformat()
    desk.post(f"{at}/documents/{key}/return", data=late | {"until": until})
    shown_there = phone.get(f"/c/{entrant.badge_token}/documents").text
    assert "章看不清" in shown_there
    assert "换一张" in shown_there
    assert "退回" in shown_there
    better = sent(picture(700), instead_of=key)
    phone.post(f"/c/{entrant.badge_token}/documents", data=better)
    (row,) = rows()
    assert (row.state, row.kind, row.source) == ("sent", DocumentKind.YEARS, OWN)
    assert len(list(store_here().files(DOCUMENTS))) == 1
    desk.post(f"{at}/documents/{row.public_id}/recognise")
    seen = phone.get(f"/c/{entrant.badge_token}/documents").text
    assert "认可" in seen
    assert 'name="act" value="remove"' not in seen
    gone = {"act": "remove", "document": row.public_id}
    assert phone.post(f"/c/{entrant.badge_token}/documents", data=gone).status_code == 409
    assert not list(verify_chain(assessed))
    assert not list(check_files(assessed))
    # Neither the log nor the feed has a name or what was sent.
    for words in record_contents(assessed, "document.put", "application.document_put"):
        assert set(words) <= {"kind", "document", "application", "replaced"}


def test_the_unit_sends_for_its_own_people_alone(
    app: Flask, assessed: Competition, organiser: Account, entered: tuple[Application, str]
) -> None:
    application, _link = entered
    unit, other = assessed.units
    own = signed_in(app, use_card(make_link(unit, assessed, "顾燕", organiser)))
    foreign = signed_in(app, use_card(make_link(other, assessed, "钱文", organiser)))
    page = f"/unit/EV/people/{application.public_id}/documents"
    assert f'href="{page}"' in own.get("/unit/EV/").text
    assert own.post(page, data=sent(picture())).status_code == 302
    assert foreign.get(page).status_code == foreign.post(page, data=sent(picture(7))).status_code
    assert foreign.get(page).status_code == 404
    key = rows()[0].public_id
    assert own.get(f"{page}/{key}").status_code == 200
    assert foreign.get(f"{page}/{key}").status_code == 404
    accept_people(assessed, {application.public_id: application.version}, organiser)
    entrant = entrant_of_application(application)
    assert entrant is not None
    listed = f"/unit/EV/listed/{entrant.code}/documents"
    assert own.get(f"{listed}/{key}").status_code == 200
    assert foreign.get(listed).status_code == 404
    own.post(listed, data={"act": "remove", "document": key})
    assert rows() == []
    assert not list(store_here().files(DOCUMENTS))


def test_what_is_sent_once_somebody_is_listed_is_not_kept_where_nobody_looks(
    app: Flask, assessed: Competition, organiser: Account, entered: tuple[Application, str]
) -> None:
    application, _link = entered
    own = signed_in(app, use_card(make_link(assessed.units[0], assessed, "顾燕", organiser)))
    page = f"/unit/EV/people/{application.public_id}/documents"
    accept_people(assessed, {application.public_id: application.version}, organiser)
    late = own.post(page, data=sent(picture()))
    assert (late.status_code, "刚收进名单了" in late.text) == (409, True)
    assert rows() == []
    assert not list(store_here().files(DOCUMENTS))
    entrant = entrant_of_application(application)
    assert entrant is not None
    assert own.get(page).location == f"/unit/EV/listed/{entrant.code}/documents"


def test_of_two_who_decide_the_second_is_told_and_the_first_stands(
    app: Flask, assessed: Competition, organiser: Account, entered: tuple[Application, str]
) -> None:
    application, _link = entered
    accept_people(assessed, {application.public_id: application.version}, organiser)
    entrant = entrant_of_application(application)
    assert entrant is not None
    key = put_document(entrant, DocumentKind.YEARS, picture(), OWN, None).public_id
    desk, at = signed_in(app, organiser), f"/desk/EV/review/{entrant.code}/documents/{key}"
    desk.post(f"{at}/recognise")
    second = desk.post(f"{at}/return", data={"reason": "章看不清"})
    assert (second.status_code, f"{organiser.name} 刚认可了这一份" in second.text) == (409, True)
    assert [(row.state, row.reason) for row in rows()] == [("recognised", None)]
    desk.post(f"{at}/again")
    assert desk.post(f"{at}/again").status_code == 409
    desk.post(f"{at}/return", data={"reason": "章看不清"})
    second = desk.post(f"{at}/recognise")
    assert (second.status_code, "刚退回了这一份" in second.text) == (409, True)
    assert [(row.state, row.reason) for row in rows()] == [("returned", "章看不清")]


def test_once_entering_is_closed_only_what_was_given_back_is_replaced(
    app: Flask,
    assessed: Competition,
    organiser: Account,
    entered: tuple[Application, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    application, _link = entered
    accept_people(assessed, {application.public_id: application.version}, organiser)
    entrant = entrant_of_application(application)
    assert entrant is not None
    asked, other = (
        put_document(entrant, kind, picture(side), OWN, None).public_id
        for kind, side in ((DocumentKind.YEARS, 600), (DocumentKind.GRADE, 620))
    )
    desk = signed_in(app, organiser)
    desk.post(f"/desk/EV/review/{entrant.code}/documents/{asked}/return", data={"reason": "不清"})
    closed = msg("报名截止了")
    monkeypatch.setattr(documents, "why_units_cannot_enter", lambda _competition: closed)
    phone, page = app.test_client(), f"/c/{entrant.badge_token}/documents"
    shown = phone.get(page).text
    assert "只能换退回的" in shown
    assert shown.count('name="instead_of"') == 1
    assert 'value="remove"' not in shown
    # Nothing else comes or goes, and what was given back is not lost either.
    for key in (asked, other):
        gone = phone.post(page, data={"act": "remove", "document": key})
        assert gone.status_code == 409
    assert phone.post(page, data=sent(picture(640))).status_code == 409
    assert phone.post(page, data=sent(picture(640), instead_of=other)).status_code == 409
    assert phone.post(page, data=sent(picture(640), instead_of=asked)).status_code == 303
    assert phone.post(page, data=sent(picture(650))).status_code == 409
    assert len(rows()) == 2


def test_documents_go_with_whom_they_are_of(
    app: Flask, assessed: Competition, organiser: Account, entered: tuple[Application, str]
) -> None:
    application, link = entered
    put_document(application, DocumentKind.IDENTITY, picture(), OWN, None)
    accept_people(assessed, {application.public_id: application.version}, organiser)
    last = last_accepted(assessed)
    assert last is not None
    undo_accepting(assessed, {it.public_id: it.version for it in last.applications}, organiser)
    db.session.refresh(application)
    assert application.state is ApplicationState.SUBMITTED
    (row,) = rows()
    assert (row.application_id, row.entrant_id) == (application.id, None)
    assert content_of(row) is not None
    take_own_back(application)
    assert app.test_client().post(f"/r/{link}/documents", data=sent(picture(9))).status_code == 409
    delete_own(application)
    assert rows() == []
    assert not list(store_here().files(DOCUMENTS))
    assert not list(verify_chain(assessed))


def test_a_lost_or_altered_file_is_named(
    app: Flask, assessed: Competition, organiser: Account, entered: tuple[Application, str]
) -> None:
    application, link = entered
    row = put_document(application, DocumentKind.GRADE, picture(), OWN, None)
    (file,) = list(store_here().files(DOCUMENTS))
    before = store_here().read(file.name)
    assert before is not None
    store_here().write(file.name, before[:-1] + b"x")
    ((place, why),) = check_files(assessed)
    assert place == f"applicant_document {row.id}"
    assert "文件变了" in str(why)
    assert content_of(row) is None
    assert app.test_client().get(f"/r/{link}/documents/{row.public_id}").status_code == 404
    store_here().remove(file.name)
    ((_place, why),) = check_files(assessed)
    assert "文件不见了" in str(why)


def test_a_contest_asks_for_none(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(small(), registering=True)
    entrant = db.session.query(Entrant).order_by(Entrant.id).first()
    assert entrant is not None
    client = app.test_client()
    assert client.get(f"/c/{entrant.badge_token}/documents").status_code == 404
    assert "申报材料" not in client.get(f"/c/{entrant.badge_token}").text
    desk = signed_in(app, organiser)
    assert desk.get(f"/desk/{competition.code}/review/{entrant.code}").status_code == 404


def test_what_is_brought_to_the_desk_is_kept_there(
    app: Flask, assessed: Competition, organiser: Account, entered: tuple[Application, str]
) -> None:
    application, _link = entered
    accept_people(assessed, {application.public_id: application.version}, organiser)
    entrant = entrant_of_application(application)
    assert entrant is not None
    at = f"/desk/EV/review/{entrant.code}"
    desk = signed_in(app, organiser)
    assert desk.post(f"{at}/documents", data=sent(b"", kind="grade")).status_code == 400
    done = desk.post(f"{at}/documents", data=sent(picture(), kind="grade"), follow_redirects=True)
    assert "现等级证书" in done.text
    assert "组委会传" in done.text
    ((kind, source),) = [(row.kind, row.source) for row in rows()]
    assert (kind, source) == (DocumentKind.GRADE, "desk")
