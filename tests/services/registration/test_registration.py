"""An upload changes nothing until it is written, and then all good rows at once."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Sequence
from datetime import date

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import func, select

from compete.domain.values.states import CompetitionState, ImportState, SheetState
from compete.models import (
    Account,
    AuditEntry,
    BlindCode,
    Competition,
    Entrant,
    ImportBatch,
    Sheet,
    Team,
    Unit,
    db,
)
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import unit_of_work
from compete.services.registration.corrections import correct_person
from compete.services.registration.people_seals import check_people
from compete.services.registration.preview import discard_upload, keep_upload, offer_of, plan_mark
from compete.services.registration.waiting_list import plan_with_places
from compete.services.registration.writing import write_plan
from compete.sheets.registration.plan import RegistrationPlan, RowStatus
from compete.sheets.registration.template import write_refused_workbook, write_registration_workbook
from compete.sheets.workbook.refusal import WorkbookError
from tests.sheets.people import RegistrationRow, citizen_id
from tests.support.judging import Tablet, seat_and_open
from tests.support.signing_in import signed_in
from tests.support.small import small
from tests.support.together import together

NEW_ID = citizen_id(date(1991, 2, 3), 5)
OTHER_ID = citizen_id(date(1992, 3, 4), 6)


def row(name: str = "新来", number: str = NEW_ID, **keys: str) -> RegistrationRow:
    return RegistrationRow(name=name, id_number=number, **({"unit": "甲单位"} | keys))


def sent(competition: Competition, rows: Sequence[RegistrationRow], by: Account) -> ImportBatch:
    """The rows as a workbook, uploaded."""
    content = write_registration_workbook(offer_of(competition), rows)
    return keep_upload(competition, "报名表.xlsx", content, by)


def written(batch: ImportBatch, by: Account) -> RegistrationPlan:
    """The upload looked at and written."""
    return write_plan(batch.id, plan_mark(plan_with_places(batch)), by)


def test_what_a_form_wants_a_reason_for_an_upload_wants_one_for(
    app: Flask, fresh: Competition, organiser: Account
) -> None:
    batch = sent(fresh, [row()], organiser)
    written(batch, organiser)
    grade = {"grade": "三级"}
    # Nothing has come of a grade before judging.
    written(sent(fresh, [row(grade="四级")], organiser), organiser)
    seat_and_open(fresh, organiser)
    batch = sent(fresh, [row(**grade)], organiser)
    with pytest.raises(Refused, match="要写原因"):
        written(batch, organiser)
    assert someone("新来").grade == 4
    desk, page = signed_in(app, organiser), f"/desk/{fresh.code}/entrants/upload/{batch.id}"
    assert "changed_for" in desk.get(page).text
    seen = plan_mark(plan_with_places(batch))
    write_plan(batch.id, seen, organiser, changed_for="看了证书原件")
    assert someone("新来").grade == 3
    entry = db.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "entrants.import").order_by(AuditEntry.seq)
    ).all()[-1]
    assert entry.reason == "看了证书原件"
    # Who is only added, or gets another phone, needs none.
    phone = row(phone="13800000000", **grade)
    written(sent(fresh, [phone, row("又一个", OTHER_ID)], organiser), organiser)


def test_a_correction_leaves_what_a_file_wrote_in_its_own_words(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    plain = small()
    plain["entrants"][0]["gender"], plain["entrants"][1]["gender"] = "女", "不详"
    competition = load(plain)
    desk = signed_in(app, organiser)
    for code, kept in (("P1", "女"), ("P2", "不详")):
        text = desk.get(f"/desk/{competition.code}/entrants/{code}/identity").text
        _before, _name, select_field = text.partition('name="gender"')
        chosen = re.search(r'<option value="([^"]*)" selected', select_field.split("</select>")[0])
        assert chosen is not None
        person = db.session.scalars(select(Entrant).where(Entrant.code == code)).one()
        correct_person(person, {"post": "车工", "gender": chosen[1]}, "", organiser)
        assert (person.gender, person.post) == (kept, "车工")


def count(table: type[object]) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def someone(name: str) -> Entrant:
    return db.session.scalars(select(Entrant).where(Entrant.name == name)).one()


def test_looking_at_an_upload_writes_nobody(fresh: Competition, organiser: Account) -> None:
    before = [count(table) for table in (Entrant, Unit, Team, Sheet)]
    batch = sent(fresh, [row(team="丙队")], organiser)
    plan = plan_with_places(batch)
    assert plan.count(RowStatus.ADDED) == 1
    assert [team.name for team in plan.new_teams] == ["丙队"]
    assert [count(table) for table in (Entrant, Unit, Team, Sheet)] == before


@pytest.mark.each_database
def test_all_good_rows_are_written_and_the_bad_ones_stay_out(
    fresh: Competition, organiser: Account
) -> None:
    rows = [
        row(),
        row("没证件", ""),
        row("另一个", OTHER_ID, phone="13800000001", grade="三级/高级工"),
    ]
    batch = sent(fresh, rows, organiser)
    plan = written(batch, organiser)
    assert len(plan.to_write) == 2
    assert count(Entrant) == 6
    other = someone("另一个")
    assert (other.id_number, other.phone, other.grade) == (OTHER_ID, "13800000001", 3)
    assert other.code == "P6"
    assert other.badge_hash != someone("新来").badge_hash
    assert other.unit.name == "甲单位"
    assert batch.state is ImportState.PREVIEWED, "the row without a number waits"
    assert batch.content is not None
    db.session.expire_all()
    assert list(check_people(fresh)) == []


def test_the_refused_rows_are_mended_and_come_in(fresh: Competition, organiser: Account) -> None:
    plan = written(sent(fresh, [row(), row("没证件", "")], organiser), organiser)
    book = openpyxl.load_workbook(io.BytesIO(write_refused_workbook(plan)))
    sheet = book["选手"]
    heads = [sheet.cell(2, place).value for place in range(1, 20)]
    place = next(n for n, head in enumerate(heads, 1) if head and "证件号码" in str(head))
    sheet.cell(4, place).value = OTHER_ID
    mended = io.BytesIO()
    book.save(mended)
    batch = keep_upload(fresh, "改好.xlsx", mended.getvalue(), organiser)
    assert [str(p.message) for r in plan_with_places(batch).rows for p in r.problems] == []
    written(batch, organiser)
    assert someone("没证件").id_number == OTHER_ID


def test_the_same_file_twice_changes_nothing(fresh: Competition, organiser: Account) -> None:
    content = write_registration_workbook(offer_of(fresh), [row(), row("另一个", OTHER_ID)])
    first = keep_upload(fresh, "a.xlsx", content, organiser)
    written(first, organiser)
    tokens = set(db.session.scalars(select(Entrant.badge_hash)))
    again = keep_upload(fresh, "a.xlsx", content, organiser)
    plan = written(again, organiser)
    assert plan.count(RowStatus.UNCHANGED) == 2
    assert plan.to_write == ()
    assert set(db.session.scalars(select(Entrant.badge_hash))) == tokens


def test_somebody_registered_is_changed_and_keeps_number_and_badge(
    fresh: Competition, organiser: Account
) -> None:
    before = someone("赵启明")
    token, number = before.badge_token, before.id_number or ""
    changed = row("赵启明", number, unit="乙单位", phone="13900000009")
    plan = written(sent(fresh, [changed], organiser), organiser)
    assert plan.count(RowStatus.CHANGED) == 1
    after = someone("赵启明")
    assert (after.code, after.badge_token) == ("P1", token)
    assert (after.unit.name, after.phone) == ("乙单位", "13900000009")


def test_an_upload_is_written_once(fresh: Competition, organiser: Account) -> None:
    batch = sent(fresh, [row()], organiser)
    mark = plan_mark(plan_with_places(batch))
    write_plan(batch.id, mark, organiser)
    with pytest.raises(Refused, match="已经处理过"):
        write_plan(batch.id, mark, organiser)
    assert count(Entrant) == 5


@pytest.mark.each_database
def test_two_who_press_at_once_write_it_once(
    here: Flask, fresh: Competition, organiser: Account
) -> None:
    batch = sent(fresh, [row()], organiser)
    mark, number, person = plan_mark(plan_with_places(batch)), batch.id, organiser.id

    def press() -> RegistrationPlan:
        return write_plan(number, mark, db.session.get_one(Account, person))

    answers = together(here, press, press, press)
    assert sum(isinstance(answer, RegistrationPlan) for answer in answers) == 1
    assert sum(isinstance(answer, Refused) for answer in answers) == 2
    assert count(Entrant) == 5


def test_what_was_discarded_is_never_written(fresh: Competition, organiser: Account) -> None:
    batch = sent(fresh, [row()], organiser)
    mark = plan_mark(plan_with_places(batch))
    discard_upload(batch.id, organiser)
    assert batch.content is None
    with pytest.raises(Refused, match="已经处理过"):
        write_plan(batch.id, mark, organiser)
    assert count(Entrant) == 4


def test_a_plan_that_another_upload_made_stale_is_not_written(
    fresh: Competition, organiser: Account
) -> None:
    first = sent(fresh, [row("甲乙", NEW_ID)], organiser)
    second = sent(fresh, [row("甲丙", NEW_ID)], organiser)
    seen = plan_mark(plan_with_places(second))
    written(first, organiser)
    with pytest.raises(Refused, match="刚被别人改过"):
        write_plan(second.id, seen, organiser)
    assert second.state is ImportState.PREVIEWED
    assert someone("甲乙").id_number == NEW_ID


def test_a_stale_plan_with_the_same_counts_is_not_written_either(
    fresh: Competition, organiser: Account
) -> None:
    number = someone("赵启明").id_number or ""
    first = sent(fresh, [row("赵启明", number, phone="13900000001")], organiser)
    second = sent(fresh, [row("赵启明", number, phone="13900000002")], organiser)
    seen = plan_mark(plan_with_places(second))
    written(first, organiser)
    assert plan_with_places(second).count(RowStatus.CHANGED) == 1
    with pytest.raises(Refused, match="刚被别人改过"):
        write_plan(second.id, seen, organiser)
    assert someone("赵启明").phone == "13900000001"


def test_nobody_comes_in_between_the_look_and_the_lock(
    fresh: Competition, organiser: Account
) -> None:
    batch = sent(fresh, [row()], organiser)
    seen = plan_mark(plan_with_places(batch))
    with unit_of_work():
        fresh.state = CompetitionState.LOCKED
    with pytest.raises(Refused, match="已经锁定"):
        write_plan(batch.id, seen, organiser)
    with pytest.raises(Refused, match="已经锁定"):
        sent(fresh, [row()], organiser)
    assert count(Entrant) == 4


def test_units_and_teams_are_made_on_the_way(fresh: Competition, organiser: Account) -> None:
    content = write_registration_workbook(
        offer_of(fresh),
        [row(unit="丁单位", team="丁队"), row("另一个", OTHER_ID, unit="丁单位", team="丁队")],
    )
    book = openpyxl.load_workbook(io.BytesIO(content))
    units = book["单位"]
    heads = {str(units.cell(2, n).value): n for n in range(1, 10)} | {
        str(units.cell(3, n).value): n for n in range(1, 10)
    }
    units.cell(4, next(n for head, n in heads.items() if "名称" in head)).value = "丁单位"
    out = io.BytesIO()
    book.save(out)
    plan = written(keep_upload(fresh, "b.xlsx", out.getvalue(), organiser), organiser)
    assert [unit.name for unit in plan.new_units] == ["丁单位"]
    team = db.session.scalars(select(Team)).one()
    assert (team.name, team.unit.name) == ("丁队", "丁单位")
    assert someone("新来").team_id == someone("另一个").team_id == team.id


def test_latecomers_get_their_sheets_while_others_are_judged(
    fresh: Competition, organiser: Account
) -> None:
    seat_and_open(fresh, organiser)
    before = count(Sheet)
    written(sent(fresh, [row()], organiser), organiser)
    assert count(Sheet) == before + 3
    tablet = Tablet(fresh)
    tablet.send(*tablet.full(someone("新来").code))
    assert tablet.sheet(someone("新来").code).state is SheetState.SUBMITTED


def test_latecomers_of_a_blind_event_get_a_code_too(
    load: Callable[..., Competition], organiser: Account
) -> None:
    blind = load(small(event={"extra": {"blind": True}}))
    seat_and_open(blind, organiser)
    written(sent(blind, [row()], organiser), organiser)
    late = someone("新来")
    codes = {code.entrant_id: code.code for code in db.session.scalars(select(BlindCode))}
    assert len(set(codes.values())) == 5
    labels = set(db.session.scalars(select(Sheet.label).where(Sheet.entrant_id == late.id)))
    assert labels == {codes[late.id]}


def test_a_file_that_is_no_workbook_is_refused_and_not_kept(
    fresh: Competition, organiser: Account
) -> None:
    with pytest.raises(WorkbookError):
        keep_upload(fresh, "x.xlsx", b"not a workbook", organiser)
    assert count(ImportBatch) == 0


@pytest.mark.each_database
def test_a_strange_file_name_stops_nothing(fresh: Competition, organiser: Account) -> None:
    content = write_registration_workbook(offer_of(fresh), [row()])
    batch = keep_upload(fresh, "坏\0名\n" + "长" * 400 + ".xlsx", content, organiser)
    assert batch.filename.endswith(".xlsx")
    assert len(batch.filename) == 200
    assert batch.filename.isprintable()


@pytest.mark.each_database
def test_an_upload_is_kept_sealed(fresh: Competition, organiser: Account) -> None:
    sent(fresh, [row()], organiser)
    raw = db.session.connection().exec_driver_sql("SELECT content FROM import_batch")
    assert not bytes(raw.scalar_one()).startswith(b"PK")


def test_the_records_name_codes_and_never_an_id_number(
    fresh: Competition, organiser: Account
) -> None:
    written(sent(fresh, [row(phone="13800000001")], organiser), organiser)
    entry = db.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "entrants.import")
    ).one()
    assert entry.after["codes"] == [someone("新来").code]
    for record in db.session.scalars(select(AuditEntry)):
        record_text = f"{record.subject}{record.before}{record.after}"
        assert NEW_ID not in record_text
        assert "13800000001" not in record_text
