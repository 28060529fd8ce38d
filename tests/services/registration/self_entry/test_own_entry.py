"""Who enters themselves is confirmed by the unit and accepted; nobody learns of others by it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from compete.domain.eligibility import Conditions
from compete.domain.values.states import ApplicationState, CompetitionState
from compete.models import (
    Account,
    Application,
    AuditEntry,
    Competition,
    Consent,
    Erasure,
    Portrait,
    db,
    utc_now,
)
from compete.models.types import token_hash
from compete.services.accounts.sign_in_cards import use_card
from compete.services.competitions import erasure_requests
from compete.services.competitions.archive import put_away
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.chains import known_chains
from compete.services.kernel.competition_settings import SelfEntry
from compete.services.kernel.refusal import Refused
from compete.services.kernel.row_checks import check_rows
from compete.services.kernel.transactions import unit_of_work
from compete.services.registration.acceptance import accept_people, return_people
from compete.services.registration.applications import applications_of, cells_of, save_person
from compete.services.registration.corrections import WrongFieldsError
from compete.services.registration.eligibility import change_conditions, mark_of
from compete.services.registration.people_seals import check_people
from compete.services.registration.portraits import portrait_of
from compete.services.registration.self_entry.confirmation import (
    assign_unit,
    confirm_own,
    return_own,
)
from compete.services.registration.self_entry.own_entry import (
    correct_own,
    delete_own,
    entrant_of_application,
    entry_under,
    hand_in_own,
    new_link,
    take_own_back,
    was_returned_by_unit,
)
from compete.services.registration.self_entry.settings import change_self_entry, count_own
from compete.services.registration.submission import drop_application, submit_people, take_back
from compete.services.registration.units.links import cancel_link, make_link
from compete.services.registration.waiting_list import places_of, quota_of
from compete.services.registration.window import Window, change_window
from compete.services.registration.withdrawals import withdraw_person
from tests.support.pictures import photo
from tests.support.self_entry import NUMBERS, enter, switch_on, typed
from tests.support.small import IDS

_S = ApplicationState


@pytest.fixture
def contact(fresh: Competition, organiser: Account) -> Account:
    """The contact of the first unit, who came by the link."""
    return use_card(make_link(fresh.units[0], fresh, "顾燕", organiser))


def seen(*applications: Application) -> dict[str, int]:
    return {row.public_id: row.version for row in applications}


def all_holds(competition: Competition) -> None:
    assert list(verify_chain(competition)) == []
    assert list(check_people(competition)) == []
    db.session.rollback()
    db.session.expire_all()
    assert [fault for chain in known_chains() for fault in check_rows(chain.number)] == []


@pytest.mark.each_database
def test_from_a_phone_to_the_list(fresh: Competition, organiser: Account, contact: Account) -> None:
    unit = fresh.units[0]
    switch_on(fresh, organiser)
    own, link = enter(fresh, photo=photo(size=(500, 700)))
    assert (own.state, own.made_by, own.by_person) == (_S.UNCONFIRMED, None, True)
    raw = db.session.connection().exec_driver_sql("SELECT cells, link_hash FROM application").one()
    assert NUMBERS[0] not in str(raw[0])
    assert raw[1] == token_hash(link) != link
    # The contact gives it back, the person corrects it, and what stays hidden stays as it was.
    with pytest.raises(Refused, match="写原因"):
        return_own(unit, fresh, seen(own), " ", contact)
    assert return_own(unit, fresh, seen(own), "部门没写", contact) == 1
    assert (own.state, own.reason, was_returned_by_unit(own)) == (_S.RETURNED, "部门没写", True)
    again = typed(fresh, id_number="", phone="", department="二班")
    with pytest.raises(Refused, match="刚有变动"):
        correct_own(own, again, own.version - 1, None)
    correct_own(own, again, own.version, None)
    assert cells_of(own)["id_number"] == NUMBERS[0]
    assert (own.state, own.reason, cells_of(own)["department"]) == (_S.UNCONFIRMED, None, "二班")
    # Until somebody has decided it may be changed; what the unit has confirmed is for it again.
    correct_own(own, typed(fresh, id_number="", phone="", department="三班"), own.version, None)
    assert (own.state, cells_of(own)["department"]) == (_S.UNCONFIRMED, "三班")
    confirm_own(unit, fresh, seen(own), contact)
    correct_own(own, again, own.version, None)
    assert (own.state, own.confirmed_at) == (_S.UNCONFIRMED, None)
    stale = seen(own)
    assert confirm_own(unit, fresh, stale, contact) == 1
    with pytest.raises(Refused, match="看一遍"):
        confirm_own(unit, fresh, stale, contact)
    assert (own.state, own.confirmed_by) == (_S.SUBMITTED, contact.id)
    return_people(fresh, seen(own), "照片不是白底", organiser)
    assert not was_returned_by_unit(own)
    # Corrected once more it is for the unit again: what it answered for is another now.
    correct_own(own, again, own.version, None)
    assert (own.state, own.confirmed_at) == (_S.UNCONFIRMED, None)
    confirm_own(unit, fresh, seen(own), contact)
    done = accept_people(fresh, seen(own), organiser)
    (entrant,) = done.entrants
    assert (entrant.name, entrant.department, entrant.unit_id) == ("自报甲", "二班", unit.id)
    assert entry_under(link) is own
    assert entrant_of_application(own) is entrant
    # The photo went over with the person; the word about the name is the person's own.
    assert portrait_of(own) is None
    assert portrait_of(entrant) is not None
    word = db.session.scalars(select(Consent).where(Consent.entrant_id == entrant.id)).one()
    assert (word.given, word.source, word.made_by) == (True, "own", None)
    with pytest.raises(Refused, match="已经收下"):
        take_own_back(own)
    audit_text = repr(db.session.execute(select(AuditEntry.subject, AuditEntry.after)).all())
    assert NUMBERS[0] not in audit_text
    all_holds(fresh)


def test_what_is_wrong_is_named_by_field_and_nothing_is_written(
    fresh: Competition, organiser: Account
) -> None:
    with pytest.raises(Refused, match="不收个人报名"):
        enter(fresh)
    switch_on(fresh, organiser)
    event = fresh.events[0]
    asked = Conditions(age_from=40, years=5, one_event=True)
    change_conditions(event, asked, mark_of(Conditions()), organiser)
    wrong = typed(
        fresh,
        unit="X",
        name="",
        id_number=NUMBERS[0][:-1] + ("0" if NUMBERS[0][-1] != "0" else "1"),
        phone="12",
        consent="",
        grade="9",
        months="四",
        mentor="师" * 201,
    )
    with pytest.raises(WrongFieldsError) as error:
        hand_in_own(fresh, wrong, new_link(), b"no picture")
    assert set(error.value.problems) == {
        *("unit", "name", "id_number", "phone", "consent", "grade", "months", "mentor", "photo")
    }
    with pytest.raises(WrongFieldsError) as error:
        enter(fresh, months="3")
    assert {key: str(what) for key, what in error.value.problems.items()}.keys() == {
        "id_number",
        "months",
    }
    assert "年龄" in str(error.value.problems["id_number"])
    assert db.session.scalar(select(Application.id)) is None


def test_a_number_that_is_there_already_is_taken_in_like_any_other(
    fresh: Competition, organiser: Account, contact: Account
) -> None:
    unit = fresh.units[0]
    switch_on(fresh, organiser)
    listed, _link = enter(fresh, id_number=IDS["P1"])
    elsewhere, _link = enter(fresh, 1, unit=fresh.units[1].code, id_number=IDS["P1"])
    first, _link = enter(fresh, 2)
    twice, _link = enter(fresh, 2)
    assert [row.state for row in (listed, elsewhere, first, twice)] == [
        _S.UNCONFIRMED,
        _S.SUBMITTED,
        _S.UNCONFIRMED,
        _S.UNCONFIRMED,
    ]
    # Who may see both is told.
    with pytest.raises(Refused, match="已经有名字"):
        confirm_own(unit, fresh, seen(listed), contact)
    with pytest.raises(Refused, match="证件号码一样，同一个赛项只能交一份"):
        confirm_own(unit, fresh, seen(first, twice), contact)
    assert (first.state, twice.state) == (_S.UNCONFIRMED, _S.UNCONFIRMED)
    left = accept_people(fresh, seen(elsewhere), organiser).left
    assert "已经有这个人" in str(left[0].why)
    # Accepted before the unit has spoken: that stands in the record.
    done = accept_people(fresh, seen(first, twice), organiser)
    assert (len(done.entrants), [str(leftover.why) for leftover in done.left]) == (
        1,
        ["这个人报了两份，留一份，另一份退回"],
    )
    record = db.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "application.accept")
    ).one()
    assert record.after["unconfirmed"] == [first.public_id]
    all_holds(fresh)


def test_sent_twice_because_the_answer_was_lost_it_is_there_once(
    fresh: Competition, organiser: Account
) -> None:
    switch_on(fresh, organiser)
    link = new_link()
    assert hand_in_own(fresh, typed(fresh), link, None) == link
    assert hand_in_own(fresh, typed(fresh, name="自报 甲"), link, None) == link
    other = hand_in_own(fresh, typed(fresh, 1), link, None)
    assert other != link
    third = hand_in_own(fresh, typed(fresh, 2), "short", None)
    assert len(third) == 32
    assert count_own(fresh).came == 3


def test_the_unit_touches_what_is_its_own_alone(
    fresh: Competition, organiser: Account, contact: Account
) -> None:
    unit = fresh.units[0]
    before = quota_of(unit, fresh).used
    switch_on(fresh, organiser)
    own, _link = enter(fresh)
    theirs, _link = enter(fresh, 1, unit=fresh.units[1].code)
    for act in (
        lambda: save_person(unit, fresh, {"name": "换名"}, contact, application=own),
        lambda: take_back(own, contact),
        lambda: drop_application(own, contact),
    ):
        with pytest.raises(Refused, match="本人自己报的"):
            act()
    return_own(unit, fresh, seen(own), "改一下", contact)
    with pytest.raises(Refused, match="看一遍"):
        submit_people(unit, fresh, [own.public_id], contact)
    with pytest.raises(Refused, match="看一遍"):
        confirm_own(unit, fresh, seen(theirs), contact)
    with pytest.raises(Refused, match="先选人"):
        confirm_own(unit, fresh, {}, contact)
    # Who was given back may never come again, and keeps nobody's place.
    change_window(fresh, Window(quota=before + 1), organiser)
    assert quota_of(unit, fresh).left == 1
    late, _link = enter(fresh, 2)
    confirm_own(unit, fresh, seen(late), contact)
    assert len(accept_people(fresh, seen(late), organiser).entrants) == 1


def test_one_takes_it_back_and_has_it_deleted(
    fresh: Competition, organiser: Account, contact: Account
) -> None:
    switch_on(fresh, organiser)
    own, link = enter(fresh, photo=photo(size=(500, 700)))
    with pytest.raises(Refused, match="先撤回"):
        delete_own(own)
    take_own_back(own)
    with pytest.raises(Refused, match="已经撤回"):
        take_own_back(own)
    correct_own(own, typed(fresh), own.version, None)
    assert own.state is _S.UNCONFIRMED
    take_own_back(own)
    delete_own(own)
    assert entry_under(link) is None
    assert db.session.scalar(select(Portrait.id)) is None
    assert applications_of(fresh.units[0]) == []
    all_holds(fresh)


def test_past_the_quota_one_waits_and_moves_up(fresh: Competition, organiser: Account) -> None:
    switch_on(fresh, organiser)
    change_window(fresh, Window(quota=3), organiser)  # two are on the list already
    rows = [enter(fresh, place)[0] for place in range(3)]
    assert {row.state for row in rows} == {_S.SUBMITTED}  # nobody confirms for this unit
    done = accept_people(fresh, seen(*rows), organiser)
    assert [application.name for application in done.waiting] == ["自报乙", "自报丙"]
    assert places_of(fresh) == {rows[1].public_id: 1, rows[2].public_id: 2}
    take_own_back(rows[1])
    assert places_of(fresh) == {rows[2].public_id: 1}
    withdraw_person(done.entrants[0], "病了", organiser)
    assert len(accept_people(fresh, seen(rows[2]), organiser).entrants) == 1


def test_a_unit_that_is_on_no_list_is_settled_first(fresh: Competition, organiser: Account) -> None:
    switch_on(fresh, organiser)
    with pytest.raises(WrongFieldsError) as error:
        enter(fresh, unit="*", other_unit="丙单位")
    assert set(error.value.problems) == {"unit"}
    switch_on(fresh, organiser, other_units=True)
    with pytest.raises(WrongFieldsError) as error:
        enter(fresh, unit="*")
    assert set(error.value.problems) == {"other_unit"}
    new, _link = enter(fresh, unit="*", other_unit="丙 单位")
    old, _link = enter(fresh, 1, unit="*", other_unit="乙单位（集团）")
    assert (new.unit_id, new.state) == (None, _S.SUBMITTED)
    assert "先定" in str(accept_people(fresh, seen(new), organiser).left[0].why)
    before = len(fresh.units)
    with pytest.raises(Refused, match="选一个单位"):
        assign_unit(new, "NONE", new.version, organiser)
    with pytest.raises(Refused, match="看一遍"):
        assign_unit(new, "", new.version - 1, organiser)
    assert len(fresh.units) == before
    assert assign_unit(new, "", new.version, organiser).name == "丙 单位"
    assert assign_unit(old, fresh.units[1].code, old.version, organiser).name == "乙单位"
    assert len(accept_people(fresh, seen(new, old), organiser).entrants) == 2
    all_holds(fresh)


def test_outside_the_time_nothing_is_taken(
    fresh: Competition, organiser: Account, contact: Account
) -> None:
    unit, hour = fresh.units[0], timedelta(hours=1)
    switch_on(fresh, organiser)
    own, _link = enter(fresh)
    returned, _link = enter(fresh, 1)
    return_own(unit, fresh, seen(returned), "改", contact)
    for window, why in (
        (Window(opens=utc_now() + hour), "还没到"),
        (Window(closes=utc_now() - hour), "截止"),
    ):
        change_window(fresh, window, organiser)
        with pytest.raises(Refused, match=why):
            enter(fresh, 2)
        with pytest.raises(Refused, match=why):
            correct_own(returned, typed(fresh, 1), returned.version, None)
    # What came in time is confirmed, and may be taken back, after the end too.
    take_own_back(returned)
    change_window(fresh, Window(), organiser)
    change_self_entry(fresh, SelfEntry(), organiser)
    with pytest.raises(Refused, match="不收个人报名"):
        enter(fresh, 2)
    confirm_own(unit, fresh, seen(own), contact)
    with unit_of_work():
        fresh.state = CompetitionState.JUDGING
    with pytest.raises(Refused, match="结束"):
        take_own_back(own)
    with unit_of_work():
        fresh.state = CompetitionState.REGISTERING
    put_away(fresh, fresh.name, organiser)
    with pytest.raises(Refused, match="结束"):
        take_own_back(own)


def test_a_unit_whose_link_ended_confirms_nobody(
    fresh: Competition, organiser: Account, contact: Account
) -> None:
    switch_on(fresh, organiser)
    cancel_link(fresh.units[0], fresh, organiser)
    own, _link = enter(fresh)
    assert own.state is _S.SUBMITTED


def test_erasing_reaches_who_never_came_on_the_list(
    fresh: Competition, organiser: Account, contact: Account
) -> None:
    switch_on(fresh, organiser)
    accepted, link = enter(fresh, photo=photo(size=(500, 700)))
    _other, left = enter(fresh, 1, photo=photo(size=(500, 700)))
    accept_people(fresh, seen(accepted), organiser)
    with unit_of_work() as session:
        asked = Erasure(competition_id=fresh.id, reason="到期", asked_by=organiser.id)
        session.add(asked)
        session.flush()
        assert erasure_requests.erase_part(asked, organiser)
    assert (entry_under(link), entry_under(left)) == (None, None)
    rows = db.session.scalars(select(Application)).all()
    assert {(row.cells, row.id_hash, row.link_hash) for row in rows} == {("{}", None, None)}
    assert db.session.scalar(select(Portrait.id)) is None
    all_holds(fresh)


def test_switching_on_twice_changes_nothing(fresh: Competition, organiser: Account) -> None:
    assert change_self_entry(fresh, SelfEntry(open=True), organiser)
    assert not change_self_entry(fresh, SelfEntry(open=True), organiser)
    with unit_of_work() as session:
        blank = Competition(code="B", name="空", kind="skills", level="enterprise", year=2026)
        session.add(blank)
    with pytest.raises(Refused, match="还没有赛项"):
        change_self_entry(blank, SelfEntry(open=True), organiser)
