"""People entered, changed and withdrawn by another system: the checks of the pages, and no more."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from compete.domain.identity.citizen_id import citizen_check_digit
from compete.models import (
    Account,
    ApiAnswer,
    AuditEntry,
    Competition,
    Entrant,
    Submission,
    db,
    utc_now,
)
from compete.services.accounts.api_tokens import Scope
from compete.services.closing.competition_lock import lock_marks
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.row_checks import check_rows
from compete.services.kernel.transactions import unit_of_work
from tests.support.api_calls import called, refused, token_for
from tests.support.small import small

WHERE = "/competitions/X/entrants"


@pytest.fixture
def open_list(load: Callable[..., Competition]) -> Competition:
    return load(small())


@pytest.fixture
def token(open_list: Competition, organiser: Account) -> str:
    return token_for(organiser, Scope.REGISTRATION_WRITE, Scope.REGISTRATION_READ)


def made_up_id(number: int) -> str:
    first = f"32000019900101{number:03d}"
    return first + citizen_check_digit(first)


def person(**keys: Any) -> dict[str, Any]:
    return {"name": "周望远", "event": "E", "unit": "U1", "id_number": made_up_id(7), **keys}


def sent(app: Flask, token: str, *rows: dict[str, Any], query: str = "", **headers: str) -> Any:
    return called(app, f"{WHERE}{query}", token, method="POST", sent=list(rows), **headers)


def people() -> int:
    db.session.rollback()
    return db.session.query(Entrant).count()


def test_each_row_is_answered_and_good_ones_are_written(
    app: Flask, open_list: Competition, token: str
) -> None:
    before = people()
    wrong = made_up_id(8)
    wrong = wrong[:-1] + ("1" if wrong[-1] != "1" else "2")
    answer = sent(
        app, token, person(), person(id_number=wrong), person(name="", id_number=made_up_id(9))
    )
    assert answer.status_code == 200
    first, second, third = answer.json["data"]
    assert (first["row"], first["result"], first["errors"]) == (0, "created", [])
    assert second["result"] == "refused"
    assert second["errors"][0]["pointer"] == "/1/id_number"
    assert second["errors"][0]["code"] == "id_checksum"
    assert third["errors"][0]["pointer"] == "/2/name"
    assert third["errors"][0]["code"] == "missing"
    assert people() == before + 1
    again = sent(app, token, person()).json["data"]
    assert [row["result"] for row in again] == ["unchanged"]
    changed = sent(app, token, person(phone="13800000001")).json["data"]
    assert [(row["result"], row["code"]) for row in changed] == [("changed", first["code"])]
    assert people() == before + 1
    assert list(verify_chain(open_list)) == []
    assert list(check_rows(open_list)) == []


def test_the_record_says_the_tokens_name(
    app: Flask, open_list: Competition, token: str, organiser: Account
) -> None:
    sent(app, token, person())
    entry = db.session.query(AuditEntry).filter_by(action="entrants.import").one()
    assert (entry.actor, entry.actor_id) == ("接口 人事系统", organiser.id)


def test_another_name_wants_a_reason(app: Flask, open_list: Competition, token: str) -> None:
    sent(app, token, person())
    answer = sent(app, token, person(name="周望达")).json["data"][0]
    assert (answer["result"], answer["errors"][0]["pointer"]) == ("refused", "/0/name")
    answer = sent(app, token, person(name="周望达", reason="户口本上改了")).json["data"][0]
    assert answer["result"] == "changed"
    entries = db.session.query(AuditEntry).filter_by(action="entrants.import")
    entry = entries.order_by(AuditEntry.seq.desc()).first()
    assert entry.reason == "户口本上改了"


def test_trying_writes_nothing(app: Flask, open_list: Competition, token: str) -> None:
    before = people()
    records = db.session.query(AuditEntry).count()
    answer = sent(app, token, person(), query="?dry_run=1").json
    assert (answer["dry_run"], answer["data"][0]["result"]) == (True, "created")
    assert people() == before
    assert db.session.query(AuditEntry).count() == records


@pytest.mark.each_database
def test_two_at_once_with_one_key_are_one(app: Flask, open_list: Competition, token: str) -> None:
    key = {"Idempotency-Key": "8f14e45f"}
    many = people()
    with ThreadPoolExecutor(4) as threads:
        calls = [threads.submit(sent, app, token, person(), **key) for _turn in range(4)]
        answers = {call.result().data for call in calls}
    assert len(answers) == 1
    assert b'"created"' in answers.pop()
    assert people() == many + 1


@pytest.mark.each_database
def test_the_same_key_is_answered_the_same_and_does_nothing_more(
    app: Flask, open_list: Competition, token: str, organiser: Account
) -> None:
    key = {"Idempotency-Key": "8f14e45f"}
    first = sent(app, token, person(), **key)
    many = people()
    assert sent(app, token, person(), **key).data == first.data
    assert people() == many
    refused(sent(app, token, person(name="别人"), **key), 422)
    refused(sent(app, token, person(), query="?dry_run=1", **key), 422)
    other = token_for(organiser, Scope.REGISTRATION_WRITE)
    assert sent(app, other, person(), **key).json["data"][0]["result"] == "unchanged"
    with unit_of_work() as session:
        for row in session.query(ApiAnswer):
            row.made_at = utc_now() - timedelta(hours=25)
    assert sent(app, token, person(), **key).json["data"][0]["result"] == "unchanged"
    refused(sent(app, token, person(), **{"Idempotency-Key": "x" * 256}), 400)
    assert db.session.query(Submission).count() == 0


def test_what_was_answered_a_day_ago_is_forgotten_as_any_token_is_used(
    app: Flask, open_list: Competition, token: str, organiser: Account
) -> None:
    sent(app, token, person(), **{"Idempotency-Key": "1"})
    with unit_of_work() as session:
        for row in session.query(ApiAnswer):
            row.made_at = utc_now() - timedelta(hours=25)
    called(app, WHERE, token_for(organiser, Scope.REGISTRATION_READ))
    db.session.rollback()
    assert db.session.query(ApiAnswer).count() == 0


def test_what_is_refused_leaves_its_key_free(
    app: Flask, open_list: Competition, token: str, organiser: Account
) -> None:
    key = {"Idempotency-Key": "1"}
    where = f"{WHERE}/P1/withdraw"
    refused(called(app, where, token, method="POST", sent={"reason": " "}, **key), 422)
    answer = called(app, where, token, method="POST", sent={"reason": "病了"}, **key)
    assert answer.json["state"] == "withdrawn"
    again = called(app, where, token, method="POST", sent={"reason": "病了"}, **key)
    assert (again.status_code, again.data) == (200, answer.data)
    refused(called(app, where, token, method="POST", sent={"reason": "病了"}), 409)
    refused(called(app, f"{WHERE}/P9/withdraw", token, method="POST", sent={"reason": "x"}), 404)


def test_somebody_is_changed_by_who_has_read_what_stands(
    app: Flask, open_list: Competition, token: str, organiser: Account
) -> None:
    where = f"{WHERE}/P1"

    def patched(patch: dict[str, Any], **headers: str) -> Any:
        return called(app, where, token, method="PATCH", sent=patch, **headers)

    refused(patched({"phone": "13900000000"}), 428)
    tag = called(app, where, token).headers["ETag"]
    refused(patched({"phone": "13900000000"}, **{"If-Match": '"x"'}), 412)
    answer = patched(
        {"phone": "13900000000"},
        **{"If-Match": tag, "Content-Type": "application/merge-patch+json"},
    )
    assert answer.status_code == 200
    assert answer.headers["ETag"] != tag
    assert called(app, where, token).headers["ETag"] == answer.headers["ETag"]
    refused(patched({"phone": "13900000001"}, **{"If-Match": tag}), 412)
    now = {"If-Match": answer.headers["ETag"]}
    assert patched({"phone": "13900000000"}, **now).status_code == 200
    entrant = db.session.query(Entrant).filter_by(code="P1").one()
    assert entrant.phone == "13900000000"
    assert patched({"phone": None}, **now).status_code == 200
    db.session.expire_all()
    assert entrant.phone is None
    entry = db.session.query(AuditEntry).filter_by(action="entrant.correct").first()
    assert entry is not None
    assert entry.actor == "接口 人事系统"


def test_a_patch_is_told_what_is_wrong_with_it(
    app: Flask, open_list: Competition, token: str
) -> None:
    where = f"{WHERE}/P1"
    tag = {"If-Match": called(app, where, token).headers["ETag"]}
    for patch, status, pointer in (
        ({"phone": "12"}, 422, "/phone"),
        ({"name": "赵启"}, 422, "/reason"),
        ({"name": None}, 422, "/name"),
        ({"id_number": None}, 422, "/id_number"),
        ({"shoe": "42"}, 422, "/shoe"),
        ({"phone": ["1"]}, 400, None),
        ([], 400, None),
    ):
        answer = called(app, where, token, method="PATCH", sent=patch, **tag)
        problem = refused(answer, status)
        if pointer is not None:
            assert [fault["pointer"] for fault in problem["errors"]] == [pointer]
    refused(
        called(
            app, where, token, method="PATCH", sent=b"{}", **{"Content-Type": "text/xml", **tag}
        ),
        415,
    )


def test_nobody_is_entered_any_more_once_marks_are_locked(
    app: Flask, judged: Competition, organiser: Account
) -> None:
    lock_marks(judged, organiser)
    token = token_for(organiser, Scope.REGISTRATION_WRITE)
    refused(sent(app, token, person()), 409)


def test_who_is_sent_in_a_shape_that_is_none_is_told_where(
    app: Flask, open_list: Competition, token: str
) -> None:
    for rows, pointer in (
        ([person(shoe="42")], "/0/shoe"),
        ([person(), person(name=["甲"])], "/1/name"),
        ([person(name="甲" * 501)], "/0/name"),
        ([], ""),
        ([person()] * 1001, ""),
    ):
        problem = refused(sent(app, token, *rows), 400)
        assert problem["errors"][0]["pointer"] == pointer
