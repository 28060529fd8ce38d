"""A year of a centre: four batches, from an application with its papers to the dossier.

Who failed, was absent or was moved goes on in the next batch. People, attempts and verdicts of the
year are held against a script that knows nothing of the program.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from collections.abc import Mapping
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select

from compete.domain.evaluation.documents import DocumentKind
from compete.domain.values.states import GradeState
from compete.models import (
    Account,
    Certificate,
    Competition,
    Entrant,
    GradeDecision,
    Room,
    Sheet,
    db,
)
from compete.services.accounts.accounts import account_of_judge
from compete.services.certificates.issuing_bodies import body_for as body_of
from compete.services.certificates.issuing_bodies import choose_body
from compete.services.closing.approving_jobs import agree_to_approval, asked_approvals
from compete.services.closing.grade_proposals import decide_grades, grade_decisions_of
from compete.services.closing.penalties_and_outcomes import (
    Proposal,
    confirm_proposal,
    propose_decision,
)
from compete.services.competitions.dossier import ask_dossier, dossiers_of, fetch_dossier
from compete.services.competitions.drafts import Beginnings, Origin, make_draft
from compete.services.competitions.editions import next_edition
from compete.services.jobs import queue
from compete.services.jobs.running import do_next
from compete.services.judging.act_intake import take_acts
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.competition_settings import settings_of
from compete.services.kernel.refusal import Refused
from compete.services.registration.applicant_eligibility import who_meets
from compete.services.registration.batch_years import batches_seen, count_year
from compete.services.registration.documents import (
    DESK,
    documents_of,
    put_document,
    recognise_document,
)
from compete.services.registration.earlier_sittings import history_of
from compete.services.registration.withdrawals import withdraw_people
from compete.services.results.publishing import publish
from compete.services.results.result_moves import make_final
from compete.services.schedule.allocation import assign_judges, open_judging
from compete.services.schedule.day_plan import groups_of
from compete.services.sheets.act_rules import ActIn
from tests.services.registration.test_batch_before import write
from tests.support.announced import body_for, end_notice, lock
from tests.support.issuing import issue_grade_certificates
from tests.support.judging import judge_of
from tests.support.kind_walks import second_organiser
from tests.support.passing import pass_all
from tests.support.pictures import photo
from tests.support.roomed import draw_all, lay_in, make_rooms
from tests.support.signing_in import official, signed_in
from tests.support.sittings import Load, empty, enter

DAYS = (date(2026, 1, 15), date(2026, 4, 15), date(2026, 7, 15), date(2026, 10, 15))
NEW = 6
MODULES = {"theory": ("J1",), "one": ("J1",), "two": ("J1",), "review": ("J1", "J2", "J3")}
PASS, FAIL, ABSENT, MOVED = "pass", "fail", "absent", "moved"

Course = list[dict[int, str]]
"""By batch, what comes of each person who applies, by a number that nobody else has."""


def course() -> Course:
    """Tell the year: six apply anew in each batch, and whoever may goes on in the next.

    Of the six one fails, one is absent, one is moved; who was absent fails the next time.
    """
    batches: Course = []
    for batch in range(len(DAYS)):
        first = batch * NEW
        fates = dict.fromkeys(range(first + 1, first + NEW + 1), PASS)
        fates |= {first + 1: FAIL, first + 2: ABSENT, first + 3: MOVED}
        if batch:
            before = batches[-1]
            fates |= {who: PASS for who, it in before.items() if it in (FAIL, MOVED)}
            fates |= {who: FAIL for who, it in before.items() if it == ABSENT}
        batches.append(fates)
    return batches


def name_of(person: int) -> str:
    return f"王小{person}"


def people(competition: Competition) -> dict[str, Entrant]:
    rows = db.session.scalars(select(Entrant).where(Entrant.competition_id == competition.id))
    return {row.name: row for row in rows}


def apply(
    competition: Competition, desk: FlaskClient, fates: Mapping[int, str], by: Account
) -> None:
    """Write who goes on from the batch before, enter the others, recognise a paper of each."""
    code = competition.code
    if "可以接着考" in desk.get(f"/desk/{code}/review").text:
        preview = desk.post(f"/desk/{code}/review/before", follow_redirects=True)
        write(desk, preview.request.path, preview.text)
    there = people(competition)
    for person in fates:
        if name_of(person) not in there:
            enter(competition, by, person)
    for entrant in people(competition).values():
        put_document(entrant, DocumentKind.YEARS, photo(), DESK, by)
        (paper,) = documents_of(entrant)
        recognise_document(paper, entrant, by)


def examine(competition: Competition, fates: Mapping[int, str], room: Room, by: Account) -> None:
    """Move who is moved, lay the theory out in a room, seat, mark, note who did not come."""
    here = people(competition)
    moved = {here[name_of(who)].code: "材料不全" for who, it in fates.items() if it == MOVED}
    done, stayed = withdraw_people(competition, moved, by)
    assert (len(done), len(stayed)) == (len(moved), 0), stayed
    assert pass_all(competition, by) == len(here) - len(moved)
    group = next(it for it in groups_of(competition) if it.name == "theory")
    lay_in(competition, group.key, f"{competition.starts} 09:00", [room], by)
    assert draw_all(competition, by) == 1
    for module, codes in MODULES.items():
        at = room.name if module == "theory" else ""
        seats = [(judge_of(competition, code), at) for code in codes]
        assign_judges(competition.events[0], "s", module, seats, by)
    open_judging(competition, by, "人不够")
    verdicts = {here[name_of(who)].code: it for who, it in fates.items()}
    for code, verdict in verdicts.items():
        if verdict == ABSENT:
            gone = Proposal("dns", "s", None, "没来", "签到表")
            entrant = next(it for it in here.values() if it.code == code)
            asked = propose_decision(entrant, gone, official(competition, "C1"))
            confirm_proposal(asked, official(competition, "S1"))
    for sheet in db.session.scalars(select(Sheet).where(Sheet.competition_id == competition.id)):
        verdict = verdicts[sheet.entrant.code]
        if verdict == ABSENT:
            continue
        value = "40" if verdict == FAIL and sheet.module == "theory" else "80"
        judge = sheet.judge
        acts = [
            ActIn(uuid=f"{sheet.id:08d}-0000-4000-8000-{number:012d}", sheet=sheet.public_id, **it)
            for number, it in enumerate(
                ({"kind": "mark", "aspect": "a", "value": value}, {"kind": "submit"})
            )
        ]
        taken = take_acts(judge, acts, account_of_judge(judge, competition, None))
        assert not taken.refused, taken.refused


def certify(competition: Competition, by: Account) -> int:
    """Lock, publish, let two agree to every grade, issue."""
    lock(competition, by)
    publish(competition, by)
    second = second_organiser(competition, by)
    codes = [
        it.person.code for it in grade_decisions_of(competition) if it.state is GradeState.PROPOSED
    ]
    decide_grades(competition, codes, GradeState.APPROVED, by)
    own = GradeDecision.event_id.in_([event.id for event in competition.events])
    states = set(db.session.scalars(select(GradeDecision.state).where(own)))
    assert states == {GradeState.PROPOSED}
    (asked,) = asked_approvals(competition)
    with pytest.raises(Refused):
        agree_to_approval(asked, by)
    agree_to_approval(asked, second)
    end_notice(competition)
    for event in competition.events:
        make_final(event, by)
    body = body_of(competition)
    assert body is not None
    return len(issue_grade_certificates(competition, body, by))


def archived(competition: Competition, by: Account) -> dict[str, bytes]:
    """Have the dossier made, and open it."""
    ask_dossier(competition, by, "https://jingsai.example.cn")
    assert do_next(competition.id)
    (dossier,) = dossiers_of(competition)
    with zipfile.ZipFile(io.BytesIO(fetch_dossier(dossier, by))) as book:
        return {info.filename: book.read(info) for info in book.infolist()}


def verdicts_in(files: Mapping[str, bytes]) -> Counter[str]:
    """The verdicts in a dossier's workbook, counted."""
    sheet = load_workbook(io.BytesIO(files["04 评分/结果 A.xlsx"])).active
    assert sheet is not None
    _title, heads, *rows = list(sheet.iter_rows(values_only=True))
    return Counter(str(row[heads.index("结果")]) for row in rows)


def seats_in(files: Mapping[str, bytes]) -> set[tuple[str, str]]:
    """Who sat where in the theory, by a dossier's workbook: names and seats."""
    sheet = load_workbook(io.BytesIO(files["03 场次/场次和座位.xlsx"])).worksheets[0]
    _title, heads, *rows = list(sheet.iter_rows(values_only=True))
    room, name, seat = (heads.index(it) for it in ("考场或工位", "姓名", "座位"))
    return {(str(row[name]), str(row[seat])) for row in rows if row[room] == "一号教室"}


def next_batch(before: Competition, number: int, by: Account) -> Competition:
    wanted = Beginnings(name=f"2026年第{number}批认定", code=f"B{number}", starts=DAYS[number - 1])
    edition = next_edition(before, wanted, officials=True)
    return make_draft(
        edition.bundle, Origin.EDITION, before.name, by, edition.settings, before.code
    )


def test_a_year_of_batches(
    app: Flask, load: Load, organiser: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "wake", lambda _competition: None)
    desk, script = signed_in(app, organiser), course()
    plain = empty("B1", DAYS[0].isoformat())
    plain["judges"] += [
        {"code": "C1", "name": "冯远", "role": "chief"},
        {"code": "S1", "name": "田春", "role": "supervisor"},
    ]
    batch = load(plain, registering=True)
    choose_body(batch, body_for(batch), organiser)
    body, room = body_of(batch), make_rooms(organiser, 一号教室=20)["一号教室"]
    assert body is not None
    for number, fates in enumerate(script, 1):
        if number > 1:
            batch = next_batch(batch, number, organiser)
            assert settings_of(batch).body == body.id
            assert {it.code for it in batch.judges} == {it["code"] for it in plain["judges"]}
        apply(batch, desk, fates, organiser)
        assert set(people(batch)) == {name_of(who) for who in fates}
        assert all(it.eligible for it in who_meets(batch))
        examine(batch, fates, room, organiser)
        passed = sum(it == PASS for it in fates.values())
        assert certify(batch, organiser) == passed
        files = archived(batch, organiser)
        assert len(seats_in(files)) == len(fates) - sum(it == MOVED for it in fates.values())
        fate_counts = Counter(fates.values())
        assert verdicts_in(files) == Counter(
            {"合格": passed, "不合格": fate_counts[FAIL], "缺考": fate_counts[ABSENT]}
        )

    taken = [[who for who, it in fates.items() if it != MOVED] for fates in script]
    year = count_year(batches_seen(organiser), 2026)
    assert len(year.whole.people) == len({who for there in taken for who in there})
    assert year.whole.attempts == sum(map(len, taken))
    assert year.whole.verdicts == Counter(
        {
            verdict: sum(it == verdict for fates in script for it in fates.values())
            for verdict in (PASS, FAIL, ABSENT)
        }
    )
    assert year.whole.moved == sum(it == MOVED for fates in script for it in fates.values())
    assert [it.attempts for _batch, it in year.batches] == list(map(len, taken))
    # Again is who was in an earlier batch and not moved there.
    again = [
        who
        for number, there in enumerate(taken)
        for who in there
        if any(who in earlier for earlier in taken[:number])
    ]
    assert year.whole.again == len(again)
    assert count_year(batches_seen(organiser), 2025).batches == []
    issued = db.session.scalars(select(Certificate.number)).all()
    assert len(set(issued)) == len(issued) == year.whole.verdicts[PASS]

    # One person's course stands in 审核 of the newest: absent, failed the second time.
    who = NEW * 2 + 2
    last = people(batch)[name_of(who)]
    history = history_of(last)
    assert [(it.entrant.competition.code, it.attempt, it.verdict) for it in history] == [
        ("B3", 1, ABSENT),
        ("B4", 2, FAIL),
    ]
    moved = people(batch)[name_of(NEW * 2 + 3)]
    page = " ".join(re.sub("<[^>]+>", " ", desk.get(f"/desk/B4/review/{moved.code}").text).split())
    assert "各批的经过" in page
    assert "没考就转出、退出" in page
    assert "材料不全" in page

    figures = desk.get("/desk/batches?year=2026").text
    assert "2026 年合计" in figures
    whole = re.findall(r'<td class="num">(\d+)</td>', figures)[-10:]
    assert [int(it) for it in whole[:3]] == [
        len(year.whole.people),
        year.whole.attempts,
        len(again),
    ]
    assert desk.get("/desk/batches/list.xlsx?year=2026").status_code == 200
    assert "/desk/batches" in desk.get("/desk/B4/").text
    assert list(verify_chain(batch)) == []
