"""A large workbook is looked through and written by jobs: part by part, once, as it was shown."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from compete.domain.eligibility import Conditions
from compete.domain.values.messages import Message
from compete.domain.values.states import ImportState, JobState
from compete.models import Account, Competition, Entrant, Exemption, ImportBatch, ImportRow, Job, db
from compete.services.jobs import queue
from compete.services.jobs.queue import job_error, stop_job
from compete.services.jobs.running import Run, do_next
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.refusal import Refused
from compete.services.kernel.row_checks import check_rows
from compete.services.registration import preview, staging
from compete.services.registration.corrections import correct_person
from compete.services.registration.eligibility import change_conditions, mark_of
from compete.services.registration.known_layouts import (
    UNNUMBERED,
    open_columns,
    rows_written,
    say_column,
)
from compete.services.registration.people_seals import check_people
from compete.services.registration.preview import keep_upload, offer_of
from compete.services.registration.staging import (
    ask_preview,
    ask_write,
    left_to_write,
    list_was_changed,
    staged_page,
)
from compete.services.registration.waiting_list import plan_with_places
from compete.sheets.registration.template import write_registration_workbook
from compete.sheets.workbook.limits import DEFAULT_LIMITS, LARGE_LIMITS
from tests.sheets.people import RegistrationRow, citizen_id
from tests.support.people import visitor
from tests.support.signing_in import signed_in

NAMES = ("甲", "乙", "丙", "丁", "戊", "己", "庚")


class KilledError(SystemExit):
    """The process ends here."""


@pytest.fixture(autouse=True)
def _large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every workbook is large, a part has two rows, and nobody begins by himself."""
    monkeypatch.setattr(preview, "LARGE_UPLOAD", 1)
    monkeypatch.setattr(Run, "portion", 2)
    monkeypatch.setattr(queue, "wake", lambda _competition: None)


def row(place: int, **more: str) -> RegistrationRow:
    number = citizen_id(date(1991, 2, 3), 5 + place)
    return RegistrationRow(**({"name": NAMES[place], "id_number": number, "unit": "甲单位"} | more))


def upload(competition: Competition, by: Account, rows: Sequence[RegistrationRow]) -> ImportBatch:
    content = write_registration_workbook(offer_of(competition), rows)
    batch = keep_upload(competition, "a.xlsx", content, by)
    ask_preview(batch, by)
    assert do_next(competition.id)
    db.session.rollback()
    return batch


def seven() -> list[RegistrationRow]:
    """Seven rows, of which the last is wrong: a text is as long as one may be."""
    rows = [row(place, post="岗" * 60) for place in range(6)]
    return [*rows, row(6, id_number="320000199102030000")]


def there(competition: Competition) -> list[str]:
    db.session.rollback()
    query = select(Entrant.name).where(
        Entrant.competition_id == competition.id, Entrant.name.in_(NAMES)
    )
    return list(db.session.scalars(query.order_by(Entrant.id)))


def last_job() -> Job:
    db.session.rollback()
    return db.session.scalars(select(Job).order_by(Job.id.desc()).limit(1)).one()


def result_of() -> dict[str, Any]:
    job = last_job()
    assert job.state is JobState.DONE, job_error(job)
    assert job.result is not None
    return job.result


def test_what_is_shown_is_written_once_though_the_process_is_killed(
    fresh: Competition, organiser: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = upload(fresh, organiser, seven())
    plan = plan_with_places(batch)
    shown = staged_page(batch, None, limit=9, offset=0)
    assert [(preview_row.number, preview_row.status) for preview_row in shown] == [
        (preview_row.number, preview_row.status) for preview_row in plan.for_preview
    ]
    assert [preview_row.shown for preview_row in shown] == [
        preview_row.shown for preview_row in plan.for_preview
    ]
    assert [preview_row.problems for preview_row in shown] == [
        preview_row.problems for preview_row in plan.for_preview
    ]
    write, deaths = staging.write_rows, [2, 3]

    def killed(*args: Any) -> Any:
        done = write(*args)
        db.session.flush()
        if len(there_now()) // 2 in deaths:
            deaths.remove(len(there_now()) // 2)
            raise KilledError
        return done

    def there_now() -> list[int]:
        query = select(Entrant.id).where(Entrant.name.in_(NAMES))
        return list(db.session.scalars(query))

    monkeypatch.setattr(staging, "write_rows", killed)
    ask_write(batch, organiser)
    for written in (2, 4):
        with pytest.raises(KilledError):
            do_next(fresh.id)
        assert len(there(fresh)) == last_job().done == written
        assert list(check_people(fresh)) == []
    assert do_next(fresh.id)
    assert there(fresh) == list(NAMES[:6])
    assert result_of() == {"written": 6, "refused": 1, "others": [], "left": 0}
    # What is wrong in the seventh waits, and nothing that was shown of the others is kept.
    assert (batch.state, batch.written, rows_written(batch)) == (ImportState.PREVIEWED, 0, 6)
    assert db.session.scalar(select(func.count(ImportRow.id)).where(ImportRow.number > 0)) == 0
    assert list(verify_chain(fresh)) == list(check_rows(fresh)) == list(check_people(fresh)) == []
    assert list(check_rows(None)) == []


def test_what_an_earlier_program_looked_through_is_written(
    fresh: Competition, organiser: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its marks were over JSON in a form of Python's own."""
    marks = staging.row_marks
    monkeypatch.setattr(staging, "row_marks", lambda row: marks(row)[::-1])
    batch = upload(fresh, organiser, seven())
    ask_write(batch, organiser)
    assert do_next(fresh.id)
    assert result_of() == {"written": 6, "refused": 1, "others": [], "left": 0}


def test_who_stopped_it_half_way_can_go_on(fresh: Competition, organiser: Account) -> None:
    batch = upload(fresh, organiser, seven())
    job = ask_write(batch, organiser)
    step = staging.Run.step

    def stopped(run: Any, words: Message, done: int, total: int) -> None:
        if done == 4:
            stop_job(job, organiser)
        step(run, words, done, total)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(staging.Run, "step", stopped)
        assert do_next(fresh.id)
    assert last_job().state is JobState.STOPPED
    assert there(fresh) == list(NAMES[:4])
    assert (batch.written, left_to_write(batch), list_was_changed(batch)) == (4, 2, False)
    assert list(check_people(fresh)) == []
    # Meanwhile another is corrected: what is left is written all the same.
    first = db.session.scalars(select(Entrant).filter_by(name="甲")).one()
    correct_person(first, {"name": "佳"}, "录错", organiser)
    ask_write(batch, organiser)
    assert do_next(fresh.id)
    assert result_of()["written"] == 6
    assert there(fresh) == list(NAMES[1:6])


def test_nobody_comes_in_after_the_last_place(fresh: Competition, organiser: Account) -> None:
    event = fresh.events[0]
    everybody = len(there_at_all(fresh))
    change_conditions(event, Conditions(most=everybody + 5), mark_of(Conditions()), organiser)
    batch = upload(fresh, organiser, seven())
    assert batch.summary is not None
    assert batch.summary["counts"] == {"added": 5, "refused": 2}
    # One place less since: of the last part one row is left out.
    now = mark_of(Conditions(most=everybody + 5))
    change_conditions(event, Conditions(most=everybody + 4), now, organiser)
    ask_write(batch, organiser)
    assert do_next(fresh.id)
    assert result_of() == {"written": 4, "refused": 2, "others": [8], "left": 1}
    assert there(fresh) == list(NAMES[:4])


def there_at_all(competition: Competition) -> list[int]:
    query = select(Entrant.id).where(Entrant.competition_id == competition.id)
    return list(db.session.scalars(query))


def test_a_job_reads_more_rows_than_a_page_does(fresh: Competition, organiser: Account) -> None:
    assert LARGE_LIMITS.rows > 100_003 > DEFAULT_LIMITS.rows
    batch = upload(fresh, organiser, seven())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(staging, "LARGE_LIMITS", replace(DEFAULT_LIMITS, rows=5))
        ask_preview(batch, organiser)
        assert do_next(fresh.id)
    assert last_job().state is JobState.FAILED
    assert "行" in str(job_error(last_job()))


def test_what_others_changed_meanwhile_is_told(
    fresh: Competition, organiser: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch, other = (upload(fresh, organiser, seven()) for _ in range(2))
    ask_write(batch, organiser)
    assert do_next(fresh.id)
    # The second organiser's was looked through before: nothing of it slips in.
    with pytest.raises(Refused, match="再核对一遍"):
        ask_write(other, organiser)
    assert list_was_changed(other)
    ask_preview(other, organiser)
    assert do_next(fresh.id)
    db.session.rollback()
    assert other.summary is not None
    assert other.summary["counts"] == {"unchanged": 6, "refused": 1}
    # Somebody is changed between two parts of one writing: that row alone is left out.
    third = upload(fresh, organiser, [row(place, phone=f"1380000000{place}") for place in range(4)])
    ask_write(third, organiser)
    write = staging._write_part

    def changed(*args: Any) -> Any:
        if not args[1].written:
            person = db.session.scalars(select(Entrant).filter_by(name="丁")).one()
            person.phone = "13900000000"
        return write(*args)

    monkeypatch.setattr(staging, "_write_part", changed)
    assert do_next(fresh.id)
    report = result_of()
    assert (report["written"], report["left"]) == (3, 1)
    # The fourth below the head.
    assert report["others"] == [7]


def test_crews_and_who_is_let_in_with_a_reason(fresh: Competition, organiser: Account) -> None:
    event = fresh.events[0]
    change_conditions(event, Conditions(age_to=60), mark_of(Conditions()), organiser)
    old = [row(place, id_number=citizen_id_of_old(place)) for place in (0, 1, 2)]
    batch = upload(fresh, organiser, [*old, row(3), row(4)])
    assert batch.summary is not None
    assert (batch.summary["unfit"], left_to_write(batch)) == (3, 2)
    with pytest.raises(Refused, match="原因"):
        ask_write(batch, organiser, " ")
    ask_write(batch, organiser, "组委会同意")
    assert do_next(fresh.id)
    assert result_of() == {"written": 5, "refused": 0, "others": [], "left": 0}
    assert there(fresh) == ["丁", "戊", "甲", "乙", "丙"]
    assert db.session.scalar(select(func.count(Exemption.id))) == 3
    crew = [row(5, crew="海鹰组"), row(6, crew="海鹰组")]
    batch = upload(fresh, organiser, crew)
    ask_write(batch, organiser)
    assert do_next(fresh.id)
    assert result_of()["written"] == 2
    eagles = db.session.scalars(select(Entrant).filter_by(name="海鹰组")).one()
    assert [member.name for member in eagles.members] == ["己", "庚"]
    assert list(check_rows(fresh)) == list(check_people(fresh)) == []


def citizen_id_of_old(place: int) -> str:
    return citizen_id(date(1950, 2, 3), 5 + place)


def test_the_pages_lead_from_the_file_to_the_list(
    app: Flask, fresh: Competition, organiser: Account
) -> None:
    desk = signed_in(app, organiser)
    content = write_registration_workbook(offer_of(fresh), seven())
    sent = desk.post("/desk/X/entrants/upload", data={"workbook": (BytesIO(content), "报名.xlsx")})
    job = desk.get(sent.location).location
    assert "核对报名表" in desk.get(job).text
    assert do_next(fresh.id)
    assert desk.get(job).location == sent.location
    page = desk.get(sent.location).text
    assert "将写入 6 行：新增 6，变更 0" in page
    assert page.count("<tr>") == 8
    assert "第 1 页" not in desk.get(f"{sent.location}?show=refused&page=9").text
    assert desk.get(f"{sent.location}?show=refused").text.count("<tr>") == 2
    assert desk.get(f"{sent.location}/refused.xlsx").data.startswith(b"PK")
    write = desk.post(f"{sent.location}/write").location
    assert "写入报名表" in desk.get(write).text
    # The chief judge sees it, and it is not theirs to stop.
    chief = visitor(app, "chief", fresh)
    assert "停下" not in chief.get(write).text
    assert chief.post(f"{write}/stop").status_code == 404
    desk.post(f"{write}/stop")
    assert "停下的，什么都没有写入" in desk.get(write).text
    again = desk.post(f"{sent.location}/write").location
    assert do_next(fresh.id)
    assert desk.get(again).location == "/desk/X/entrants"
    page = desk.get("/desk/X/entrants").text
    assert "6 行已写入，1 行拒绝。没写的 1 行在“上传报名表”里留 30 天" in page
    # The one that was refused waits, with what is put right of it.
    assert f'href="{sent.location}"' in desk.get("/desk/X/entrants/upload").text
    look = desk.get(sent.location).location
    assert do_next(fresh.id)
    page = desk.get(desk.get(look).location).text
    assert "没有要写入的行" in page
    (number,) = set(re.findall(r'name="row" value="(\d+)"', page))
    right = {"row": number, "key": "id_number", "act": "text", "text": row(6)["id_number"]}
    page = desk.post(f"{sent.location}/cell", data=right, follow_redirects=True).text
    assert "改好的 1 处会一起丢掉" in page, "not thrown away in one press"
    desk.post(f"{sent.location}/again")
    assert do_next(fresh.id)
    assert "还有 1 行没写入" in desk.get(sent.location).text
    desk.post(f"{sent.location}/write")
    assert do_next(fresh.id)
    assert there(fresh) == list(NAMES)
    assert re.search("已经处理过", desk.get(desk.post(f"{sent.location}/again").location).text)
    broken = {"workbook": (BytesIO(b"PK\x03\x04" + b"?" * 99), "坏.xlsx")}
    job = desk.get(desk.post("/desk/X/entrants/upload", data=broken).location).location
    assert do_next(fresh.id)
    assert "坏了" in desk.get(job).text
    text = {"workbook": (BytesIO(b"%PDF no workbook"), "坏.xlsx")}
    assert desk.post("/desk/X/entrants/upload", data=text).status_code == 400


def test_who_is_not_in_a_large_file_is_named_as_of_a_small_one(
    app: Flask, fresh: Competition, organiser: Account
) -> None:
    first = upload(fresh, organiser, [row(place) for place in range(7)])
    ask_write(first, organiser)
    assert do_next(fresh.id)
    second = upload(fresh, organiser, [row(place) for place in range(1, 7)])
    page = signed_in(app, organiser).get(f"/desk/X/entrants/upload/{second.id}").text
    there_before = len(there_at_all(fresh)) - 6
    (who,) = re.findall(f"名单里有 {there_before} 人不在这份表里，不动他们：([^<]*)", page)
    assert "甲" in who


def test_people_without_numbers_are_written_by_looking_at_their_namesakes_alone(
    fresh: Competition, organiser: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    def written(*lines: str) -> dict[str, Any]:
        content = "\n".join(("姓名,单位,赛项,手机", *lines)).encode()
        batch = keep_upload(fresh, "a.csv", content, organiser)
        ask_preview(batch, organiser)
        assert do_next(fresh.id)
        db.session.rollback()
        if open_columns(batch):
            say_column(batch, UNNUMBERED, "", organiser)
            ask_preview(batch, organiser)
            assert do_next(fresh.id)
            db.session.rollback()
        ask_write(batch, organiser, changed_for="手机改了")
        assert do_next(fresh.id)
        return result_of()

    first = [f"{name},甲单位,赛项,1390000000{n}" for n, name in enumerate(NAMES)]
    assert written(*first)["written"] == 7
    looked_at: list[int] = []
    known_people = staging.known_people

    def counted(*args: Any) -> Any:
        known = known_people(*args)
        looked_at.append(len(known.entrants))
        return known

    monkeypatch.setattr(staging, "known_people", counted)
    again = written(*(line.replace("139", "138") for line in first[:3]))
    assert (again["written"], again["left"]) == (3, 0)
    assert looked_at[0] >= 7, "the preview looks at everybody, once"
    assert max(looked_at[1:]) == 2, "a part looks at those of its two rows"
    db.session.rollback()
    people = db.session.scalars(select(Entrant).where(Entrant.name.in_(NAMES)))
    assert [(it.phone or "")[:3] for it in people.all()] == ["138"] * 3 + ["139"] * 4
