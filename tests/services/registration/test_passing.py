"""审核通过: who can be passed, what it falls with, who is seated; what an upgrade takes over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from compete.documents.forms import Form
from compete.domain.evaluation.documents import DocumentKind
from compete.domain.values.states import CheckInKind, CompetitionState
from compete.models import (
    Account,
    Admission,
    AuditEntry,
    Competition,
    Entrant,
    Slot,
    db,
    utc_now,
)
from compete.services.kernel import audit
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.competition_settings import settings_of
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import unit_of_work
from compete.services.registration.applicant_eligibility import who_meets
from compete.services.registration.corrections import correct_person
from compete.services.registration.documents import (
    DESK,
    DocumentReturn,
    put_document,
    recognise_document,
    return_document,
    take_recognition_back,
)
from compete.services.registration.opening import begin_judging
from compete.services.registration.passing import (
    PASS_ENDED,
    last_pass,
    mark_of_people,
    pass_person,
    pass_ready,
    ready_people,
    take_pass_back,
    undo_pass,
    why_not_passed,
)
from compete.services.registration.printed_forms import print_people_form
from compete.services.registration.withdrawals import return_people_to_list, withdraw_people
from compete.services.registration.writing import add_person
from compete.services.schedule.admissions import (
    admit_those_under_way,
    admitted_in,
    is_admitted,
    standing_among,
)
from compete.services.schedule.arrivals import (
    NOT_PASSED,
    Arrival,
    ArrivalState,
    arrivals_of,
    count_whole,
)
from compete.services.schedule.check_in_acts import CheckInIn, take_check_ins
from compete.services.schedule.draw_lists import people_to_draw
from tests.documents.reading import pages
from tests.services.registration.test_evaluation_columns import NEW
from tests.services.registration.test_issued_here import seat_judges
from tests.sheets.reading.files import id_of
from tests.support.evaluation import evaluation
from tests.support.passing import pass_all
from tests.support.pictures import photo
from tests.support.small import small


@pytest.fixture
def batch(load: Callable[..., Competition]) -> Competition:
    plain = evaluation()
    plain["entrants"], plain["marks"] = [], []
    return load(plain)


def enter(competition: Competition, by: Account, name: str, number: int, **fields: str) -> Entrant:
    typed = {"name": name, "id_number": id_of(number), "papers": ""}
    return add_person(competition, NEW | typed | fields, by)


def row_of(competition: Competition, code: str) -> Entrant:
    own = Entrant.competition_id == competition.id
    return db.session.scalars(select(Entrant).where(own, Entrant.code == code)).one()


def seat(who: Entrant, by: Account | None) -> None:
    with unit_of_work() as session:
        at = datetime(2026, 5, 10, 1, tzinfo=UTC)
        session.add(
            Slot(entrant_id=who.id, stage="s", module="theory", station="12座", starts_at=at)
        )
        audit.record(who.competition, by, "test.seated", who.code)


def drawn(competition: Competition) -> list[str]:
    return [
        person["code"]
        for event in competition.events
        for person in people_to_draw(event, "s", "theory")
    ]


@pytest.mark.each_database
def test_one_press_passes_who_meets_everything_and_they_alone_are_seated(
    batch: Competition, organiser: Account
) -> None:
    fits = [enter(batch, organiser, f"够的{n}", 20 + n).code for n in range(3)]
    enter(batch, organiser, "差时间", 12, grade_since="2024-03-01")
    assert drawn(batch) == []
    ready = ready_people(batch)
    assert [it.entrant for it in ready] == fits
    with pytest.raises(Refused, match="名单刚被别人改过"):
        pass_ready(batch, "", mark_of_people(ready[:2]), organiser)
    db.session.rollback()
    assert pass_ready(batch, "", mark_of_people(ready), organiser) == 3
    assert drawn(batch) == fits
    assert [it.entrant for it in who_meets(batch) if it.passed] == fits
    assert ready_people(batch) == []
    (row,) = {
        it.admission.maker for it in standing_among(batch, [row_of(batch, fits[0]).id]).values()
    }
    assert row is not None
    assert row.id == organiser.id
    assert [*verify_chain(batch)] == []


def test_who_lacks_something_is_passed_by_nobody(batch: Competition, organiser: Account) -> None:
    short = enter(batch, organiser, "差时间", 12, grade_since="2024-03-01")
    with pytest.raises(Refused, match="差时间 还不能通过：申报条件还差"):
        pass_person(short, organiser)
    db.session.rollback()
    who = enter(batch, organiser, "够的", 11)
    assert why_not_passed(who) is None
    row = put_document(who, DocumentKind.IDENTITY, photo(), DESK, organiser)
    assert "1 份材料还没看" in str(why_not_passed(who))
    assert ready_people(batch) == []
    return_document(row, who, DocumentReturn(reason="看不清", until=None), organiser)
    assert "退回的材料还没补来" in str(why_not_passed(who))
    take_recognition_back(row, who, organiser)
    recognise_document(row, who, organiser)
    assert why_not_passed(who) is None
    pass_person(who, organiser)
    with pytest.raises(Refused, match="刚被别人通过了"):
        pass_person(who, organiser)
    db.session.rollback()
    assert [*verify_chain(batch)] == []


def test_who_left_the_batch_is_passed_by_nobody(batch: Competition, organiser: Account) -> None:
    who = enter(batch, organiser, "走的", 21)
    withdraw_people(batch, {who.code: "不来了"}, organiser)
    assert "回到这一批再通过" in str(why_not_passed(who))
    with pytest.raises(Refused, match="转出、退出"):
        pass_person(who, organiser)
    db.session.rollback()
    return_people_to_list(batch, [who.code], organiser)
    pass_person(who, organiser)
    assert is_admitted(who)


def test_a_pass_falls_with_what_it_rests_on_and_says_with_what(
    batch: Competition, organiser: Account
) -> None:
    code = enter(batch, organiser, "够的", 11).code

    def changed() -> list[str]:
        who = row_of(batch, code)
        standing = standing_among(batch, [who.id])[who.id]
        assert standing.counts is is_admitted(who) is (who.id in (admitted_in(who.event) or ()))
        return list(standing.changed)

    pass_all(batch, organiser)
    assert changed() == []
    correct_person(row_of(batch, code), {"phone": "13800000000"}, "换号", organiser)
    assert changed() == []
    correct_person(row_of(batch, code), {"grade_since": "2019-03-01"}, "看了原件", organiser)
    assert changed() == ["grade"]
    assert drawn(batch) == []
    # Nobody is passed again unseen.
    assert ready_people(batch) == []
    # As it was, it stands again.
    correct_person(row_of(batch, code), {"grade_since": "2020-03-01"}, "看错了", organiser)
    assert changed() == []
    correct_person(row_of(batch, code), {"months": "9"}, "补写", organiser)
    assert changed() == ["years"]
    pass_person(row_of(batch, code), organiser)
    put_document(row_of(batch, code), DocumentKind.IDENTITY, photo(), DESK, organiser)
    assert changed() == ["documents"]
    with unit_of_work():
        batch.starts = date(2026, 6, 1)
        audit.record(batch, organiser, "test.day", batch.code)
    assert changed() == ["conditions", "documents"]
    # Judging has begun: what was passed then stays so.
    with unit_of_work():
        batch.state = CompetitionState.JUDGING
        audit.record(batch, organiser, "test.judging", batch.code)
    assert changed() == []
    assert drawn(batch) == [code]
    assert [*verify_chain(batch)] == []


def test_it_is_taken_back_alone_and_by_the_press_until_somebody_is_seated(
    batch: Competition, organiser: Account
) -> None:
    first, second = (enter(batch, organiser, f"够的{n}", 20 + n) for n in range(2))
    assert last_pass(batch) is None
    pass_all(batch, organiser)
    last = last_pass(batch)
    assert last is not None
    assert last.people == [first.id, second.id]
    undo_pass(batch, last.mark, organiser)
    assert not is_admitted(first)
    assert last_pass(batch) is None
    pass_all(batch, organiser)
    take_pass_back(first, organiser)
    assert (is_admitted(first), is_admitted(second)) == (False, True)
    # No press is left whose people could all be taken back by one.
    assert last_pass(batch) is None
    with pytest.raises(Refused, match="还没有通过"):
        take_pass_back(first, organiser)
    db.session.rollback()
    pass_all(batch, organiser)
    seat(first, organiser)
    last = last_pass(batch)
    assert last is not None
    assert first.code in str(last.why_not)
    with pytest.raises(Refused, match="已经排了座位"):
        take_pass_back(first, organiser)
    db.session.rollback()
    with pytest.raises(Refused, match="已经有座位"):
        undo_pass(batch, last.mark, organiser)
    db.session.rollback()
    assert is_admitted(first)
    assert [*verify_chain(batch)] == []


def test_an_upgrade_passes_who_is_seated_or_judged_and_nobody_else(
    batch: Competition, organiser: Account, load: Callable[..., Competition]
) -> None:
    seated, waits = (enter(batch, organiser, f"够的{n}", 20 + n) for n in range(2))
    seat(seated, None)
    plain = evaluation()
    plain["competition"]["code"] = "BEGUN"
    begun = load(plain)
    with unit_of_work() as session:
        for row in session.scalars(select(Admission)):
            session.delete(row)
        audit.record(begun, None, "test.before", begun.code)
    assert not is_admitted(seated)
    for _again in range(2):
        with unit_of_work():
            admit_those_under_way()
    assert (is_admitted(seated), is_admitted(waits)) == (True, False)
    rows = db.session.scalars(select(Entrant).where(Entrant.competition_id == begun.id))
    assert all(is_admitted(row) for row in rows)
    # They fall like any other.
    correct_person(seated, {"grade_since": "2019-03-01"}, "看了原件", organiser)
    assert not is_admitted(seated)
    assert [*verify_chain(batch), *verify_chain(begun)] == []


def test_a_check_in_clerk_looks_at_the_kinds_own_card(
    load: Callable[..., Competition], batch: Competition
) -> None:
    assert settings_of(batch).check_in_items == ("身份证", "准考证", "劳保用品")
    assert settings_of(load(small())).check_in_items == ("身份证", "参赛证", "劳保用品")


@pytest.mark.each_database
def test_a_pass_that_fell_does_not_rise_again_as_judging_begins(
    batch: Competition, organiser: Account
) -> None:
    fell, stays, never = (enter(batch, organiser, f"够的{n}", 20 + n) for n in range(3))
    for who in (fell, stays):
        pass_person(who, organiser)
        seat(who, organiser)
    correct_person(row_of(batch, fell.code), {"grade_since": "2025-03-01"}, "看错了", organiser)

    def clerk() -> dict[str, tuple[str | None, str]]:
        """What the clerk sees of each, and what becomes of letting them in."""
        return {
            it.entrant.code: (it.outcome, let_in(batch, it, organiser)) for it in arrivals_of(batch)
        }

    def let_in(batch: Competition, arrival: Arrival, by: Account) -> str:
        stage, session, module, day = arrival.occasion.key
        who: dict[str, Any] = {"entrant": arrival.entrant.code, "kind": CheckInKind.PASSED}
        where = {"stage": stage, "session": session, "module": module, "day": day}
        act = CheckInIn(
            uuid=str(uuid4()), at=utc_now(), compared=True, note="组委会准的", **who, **where
        )
        return "".join(str(why) for _uuid, why in take_check_ins(batch, [act], by).refused)

    expected = {
        fell.code: (NOT_PASSED, f"{fell.code} 记了没有通过审核，找组委会"),
        stays.code: (None, ""),
        never.code: (NOT_PASSED, f"{never.code} 记了没有通过审核，找组委会"),
    }
    assert clerk() == expected
    assert count_whole(batch)[ArrivalState.ABSENT] == 2
    # So does every paper that has a line for them.
    for form, lines in ((Form.CHECK_IN, 2), (Form.ATTENDANCE, 2), (Form.FIELD_RECORD, 1)):
        text = "".join(pages(print_people_form(batch, form)))
        assert text.count("没有通过审核") >= lines, form
        assert f"{stays.code}（没有" not in text
    for event in batch.events:
        seat_judges(batch, event, organiser)
    # Nobody opens over them; who withdraws may return while others are judged.
    with pytest.raises(Refused, match="没有通过审核"):
        begin_judging(batch, organiser, "考评员少")
    db.session.rollback()
    gone = [fell.code, never.code]
    withdraw_people(batch, dict.fromkeys(gone, "不考了"), organiser)
    begin_judging(batch, organiser, "考评员少")
    return_people_to_list(batch, gone, organiser)
    assert [is_admitted(row_of(batch, code)) for code in expected] == [False, True, False]
    assert clerk() == expected
    ended = select(AuditEntry.subject).where(AuditEntry.action == PASS_ENDED)
    assert db.session.scalars(ended).all() == [fell.code]
    assert [*verify_chain(batch)] == []
