"""A dossier: made by a job from papers there are, checked from outside, kept, erased in time."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from argparse import Namespace
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask, g
from openpyxl import load_workbook
from sqlalchemy import select

from compete.commands import verify_dossier
from compete.domain.bundle.reading import read_bundle
from compete.domain.evaluation.documents import DocumentKind
from compete.domain.log.leaves import DossierLeaf, read_leaf
from compete.domain.values.messages import msg
from compete.domain.values.roles import Role
from compete.domain.values.states import CheckInKind, JobState
from compete.models import (
    Account,
    ApplicantDocument,
    AuditEntry,
    Competition,
    Dossier,
    Job,
    LogLeaf,
    Slot,
    db,
    utc_now,
)
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.backups.stored_files import check_files
from compete.services.competitions import dossier as dossiers
from compete.services.competitions.dossier import (
    changes_since,
    dossiers_of,
    erase_past_dossiers,
    kept_until,
)
from compete.services.competitions.dossier_file import CONTENTS, MANIFEST
from compete.services.competitions.dossier_sources import Folder, Source
from compete.services.competitions.erasure_requests import erase_person
from compete.services.jobs import queue
from compete.services.jobs.papers.kinds import Asked
from compete.services.jobs.running import do_next
from compete.services.kernel import audit
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.clock import local_time, local_today
from compete.services.kernel.competition_settings import change_settings
from compete.services.kernel.file_store import DOCUMENTS, store_here
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import unit_of_work
from compete.services.log.sequencing import catch_up
from compete.services.registration.document_files import store_sealed
from compete.services.schedule.arrivals import occasions_of
from compete.services.schedule.check_in_acts import CheckInIn, take_check_ins
from tests.support.announced import announce
from tests.support.signing_in import signed_in
from tests.support.sittings import correct, of, sitting, take_off
from tests.support.small import all_marks, small

Load = Callable[..., Competition]
_CONTEST_WORDS = ("选手", "参赛号", "裁判", "赛项")


@pytest.fixture(autouse=True)
def asleep(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody begins by himself: the test takes the turns."""
    monkeypatch.setattr(queue, "wake", lambda _competition: None)


@pytest.fixture
def batch(load: Load, organiser: Account) -> Competition:
    """A batch of two, one of whom passes, with a document of the other."""
    plain = sitting("EV", "2026-06-10", hands=70, people=2)
    plain["marks"] = [
        it | ({"value": 40} if (it["entrant"], it["module"]) == ("P2", "theory") else {})
        for it in plain["marks"]
    ]
    competition = load(plain)
    sealed = store_sealed(b"%PDF a paper")
    with unit_of_work() as session:
        session.add(
            ApplicantDocument(
                public_id="d" * 32,
                competition_id=competition.id,
                entrant_id=of(competition, "P2").id,
                kind=DocumentKind.YEARS,
                file=sealed.file,
                file_key=sealed.key,
                sha256=hashlib.sha256(b"%PDF a paper").hexdigest(),
                media="application/pdf",
                size=12,
                source="desk",
                made_by=organiser.id,
            )
        )
        audit.record(competition, organiser, "test.document", "P2")
    announce(competition, organiser)
    return competition


def made(app: Flask, competition: Competition, by: Account) -> Dossier:
    """Ask for one on the page and do the job."""
    asked = signed_in(app, by).post(f"/desk/{competition.code}/dossiers")
    assert asked.status_code == 302
    # A worker knows of no page.
    g.pop("competition", None)
    assert do_next(competition.id)
    job = db.session.scalars(select(Job).order_by(Job.id.desc()).limit(1)).one()
    assert job.state is JobState.DONE, job.error
    db.session.rollback()
    return dossiers_of(competition)[0]


def fetched(app: Flask, dossier: Dossier, by: Account) -> bytes:
    url = f"/desk/{dossier.competition.code}/dossiers/{dossier.number}/fetch"
    answer = signed_in(app, by).post(url)
    assert answer.status_code == 200
    assert answer.mimetype == "application/zip"
    return answer.data


def contents(file: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(file)) as book:
        return {info.filename: book.read(info) for info in book.infolist()}


def cells(book: bytes) -> list[list[list[Any]]]:
    """Every sheet of a workbook, row by row."""
    tables = load_workbook(io.BytesIO(book)).worksheets
    return [[list(row) for row in table.iter_rows(values_only=True)] for table in tables]


def words(files: Mapping[str, bytes]) -> str:
    """What stands in its workbooks and lists."""
    in_books = [
        str(cell)
        for name, book in files.items()
        if name.endswith(".xlsx")
        for table in cells(book)
        for row in table
        for cell in row
        if cell is not None
    ]
    return "\n".join([*in_books, *files, files[CONTENTS].decode()])


def test_a_dossier_holds_what_an_inspection_asks_for(
    app: Flask, batch: Competition, organiser: Account
) -> None:
    dossier = made(app, batch, organiser)
    file = fetched(app, dossier, organiser)
    files = contents(file)
    manifest = json.loads(files[MANIFEST])
    assert hashlib.sha256(file).hexdigest() == dossier.sha256
    assert hashlib.sha256(files[MANIFEST]).hexdigest() == dossier.manifest
    assert {it["name"]: it["sha256"] for it in manifest["files"]} == {
        name: hashlib.sha256(content).hexdigest()
        for name, content in files.items()
        if name != MANIFEST
    }
    # The competition's own file scores as it was, and the published versions are those stored.
    bundle = read_bundle(files["01 规则和成绩/认定文件.json"])
    assert [it.code for it in bundle.entrants] == ["P1", "P2"]
    assert "01 规则和成绩/公布的第几版 1 results.json" in files
    chain = files["08 变更记录/变更记录.jsonl"].decode().splitlines()
    rows = db.session.scalars(select(AuditEntry).where(AuditEntry.competition_id == batch.id))
    hashes = [row.hash for row in rows.all()]
    assert [json.loads(line)["hash"] for line in chain] == hashes[: len(chain)]
    assert manifest["of"]["records"] <= len(chain)
    # Of a document there is the hash and who it is of, not the document.
    *_others, passes, documents = cells(files["02 报名/怎么办的.xlsx"])
    assert hashlib.sha256(b"%PDF a paper").hexdigest() in documents[2]
    # Who passed whom, and when.
    assert [(row[0], row[3]) for row in passes[2:]] == [
        ("P1", organiser.name),
        ("P2", organiser.name),
    ]
    assert b"%PDF a paper" not in file
    # What is not there is said, with why.
    assert any("没有人申诉" in it["why"] for it in manifest["lacking"])
    assert "没有人申诉" in files[CONTENTS].decode()
    # It is read years later.
    assert f"做的时候：{local_today():%Y年}" in files[CONTENTS].decode()


def test_a_dossier_of_an_evaluation_has_no_word_of_a_contest_and_no_whole_number(
    app: Flask, batch: Competition, organiser: Account
) -> None:
    files = contents(fetched(app, made(app, batch, organiser), organiser))
    number = of(batch, "P1").id_number
    assert number
    text = words(files)
    assert "批次档案" in text
    assert [line for line in text.splitlines() if any(it in line for it in _CONTEST_WORDS)] == []
    open_texts = [it for name, it in files.items() if name.endswith((".json", ".jsonl", ".txt"))]
    assert number not in text
    assert [it for it in open_texts if number.encode() in it] == []


def test_made_again_without_changes_has_the_same_files(
    app: Flask, batch: Competition, organiser: Account
) -> None:
    first = made(app, batch, organiser)
    before = contents(fetched(app, first, organiser))
    again = made(app, batch, organiser)
    after = contents(fetched(app, again, organiser))
    fixed = [name for name in before if name.startswith(("01", "03", "04")) and "json" in name]
    assert len(fixed) >= 3
    assert {name: before[name] for name in fixed} == {name: after[name] for name in fixed}
    assert (first.number, again.number) == (1, 2)
    # What dossiers leave in the chain themselves is no change of the batch; a correction is.
    assert changes_since(first) == 0
    correct(batch, organiser, lambda: take_off(of(batch, "P1"), "theory", 2))
    assert changes_since(again) > 0
    page = signed_in(app, organiser).get("/desk/EV/dossiers").text
    assert "第 2 份以后又有" in page
    assert "后来又做过" in page
    assert "批次档案" in page


def test_a_check_in_stands_at_the_session_of_its_own_day_alone(
    app: Flask, batch: Competition, organiser: Account
) -> None:
    who = of(batch, "P1")
    with unit_of_work() as session:
        for day, module in ((10, "theory"), (11, "one")):
            at = datetime(2026, 6, day, 1, tzinfo=UTC)
            place = {"stage": "s", "module": module, "session": "第1场", "starts_at": at}
            session.add(Slot(entrant_id=who.id, **place))
        audit.record(batch, organiser, "test.seated", who.code)
    (first, _second) = occasions_of(who)
    came = utc_now() - timedelta(hours=2)
    acts = [
        CheckInIn(
            uuid=str(uuid4()),
            kind=CheckInKind.PASSED,
            entrant=who.code,
            stage=first.stage,
            session=first.session,
            day=first.day,
            at=at,
            compared=True,
            note="组委会准的",
        )
        for at in (came, came + timedelta(hours=1))
    ]
    assert not take_check_ins(batch, acts, organiser).refused
    files = contents(fetched(app, made(app, batch, organiser), organiser))
    places = cells(files["03 场次/场次和座位.xlsx"])[0][2:]
    # Whoever was checked in twice came at the first of the two.
    assert [row[-1] for row in places] == [f"{local_time(came):%Y-%m-%d %H:%M}", None]


def test_a_contest_has_the_same(app: Flask, load: Load, organiser: Account) -> None:
    contest = load(small(all_marks()))
    page = signed_in(app, organiser).get(f"/desk/{contest.code}/dossiers").text
    assert "成绩还没公布" in page
    refused = signed_in(app, organiser).post(f"/desk/{contest.code}/dossiers")
    assert refused.status_code == 409
    announce(contest, organiser)
    files = contents(fetched(app, made(app, contest, organiser), organiser))
    assert any(name.startswith("05 公示/成绩公示") for name in files)
    assert "竞赛档案" in files[CONTENTS].decode()


def test_only_who_may_fetches_one_and_it_is_recorded(
    app: Flask, batch: Competition, organiser: Account
) -> None:
    dossier = made(app, batch, organiser)
    for role in (Role.OBSERVER, Role.SUPERVISOR, Role.REGISTRAR):
        other = create_account(f"甲{role}")
        grant_role(other, batch, role, by=organiser)
        client = signed_in(app, other)
        assert client.get("/desk/EV/dossiers").status_code in (403, 404)
        assert client.post("/desk/EV/dossiers/1/fetch").status_code in (403, 404)
    fetched(app, dossier, organiser)
    assert signed_in(app, organiser).post("/desk/EV/dossiers/7/fetch").status_code == 404
    acts = db.session.scalars(
        select(AuditEntry.action).where(AuditEntry.action.like("dossier.%")).order_by(AuditEntry.id)
    ).all()
    assert acts == ["dossier.make", "dossier.fetch"]
    assert "取出了批次档案第 1 份" in signed_in(app, organiser).get("/desk/EV/").text


def test_the_log_has_the_hash_of_its_manifest(
    app: Flask, batch: Competition, organiser: Account
) -> None:
    dossier = made(app, batch, organiser)
    catch_up()
    contents_of = [row.content.encode() for row in db.session.scalars(select(LogLeaf))]
    leaves = [read_leaf(content) for content in contents_of]
    (leaf,) = [it for it in leaves if isinstance(it, DossierLeaf)]
    assert (leaf.number, leaf.sha256) == (1, dossier.manifest)
    assert leaf.competition == "EV"


def test_it_stays_when_personal_data_go_and_goes_with_its_key_in_time(
    app: Flask, batch: Competition, organiser: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    dossier = made(app, batch, organiser)
    name = of(batch, "P1").name
    with unit_of_work():
        erase_person(of(batch, "P1"), "本人要求", organiser)
    assert of(batch, "P1").name != name
    assert name in words(contents(fetched(app, dossier, organiser)))
    assert list(check_files(batch)) == []

    until = kept_until(dossier)
    assert until.year == dossier.made_at.year + 5
    monkeypatch.setattr(dossiers, "local_today", lambda: date(until.year, until.month, 1))
    files = len(list(store_here().files(DOCUMENTS)))
    if until.day > 1:
        erase_past_dossiers()
        assert dossiers_of(batch)[0].file_key is not None
    with unit_of_work():
        change_settings(batch, dossier_years=1)
        audit.record(batch, organiser, "test.years", "EV")
    erase_past_dossiers()
    db.session.expire_all()
    gone = dossiers_of(batch)[0]
    assert gone.file_key is None
    assert gone.erased_at is not None
    assert len(list(store_here().files(DOCUMENTS))) == files - 1
    assert list(check_files(batch)) == []
    assert list(verify_chain(batch)) == []
    answer = signed_in(app, organiser).post("/desk/EV/dossiers/1/fetch")
    assert (answer.status_code, "保存期满" in answer.text) == (409, True)
    assert "连钥匙一起删了" in signed_in(app, organiser).get("/desk/EV/dossiers").text


def test_what_lies_in_the_store_is_sealed_and_a_spoilt_one_is_named(
    app: Flask, batch: Competition, organiser: Account
) -> None:
    dossier = made(app, batch, organiser)
    name = f"{DOCUMENTS}{dossier.file[:2]}/{dossier.file}"
    kept = store_here().read(name)
    assert kept is not None
    assert not kept.startswith(b"PK")
    store_here().write(name, kept[:-1] + b"x")
    ((place, _why),) = list(check_files(batch))
    assert place == f"dossier {dossier.id}"
    answer = signed_in(app, organiser).post("/desk/EV/dossiers/1/fetch")
    assert (answer.status_code, "不是当时的那一个" in answer.text) == (409, True)


def test_a_paper_that_is_refused_stops_no_other_and_another_row_is_another_paper(
    app: Flask, batch: Competition, organiser: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(_asked: Asked) -> Any:
        raise Refused(msg("没有人申诉"))

    folder = Folder("09", msg("监督"))

    def written(asked: Asked) -> Iterator[tuple[str, bytes]]:
        yield "上午/理论", asked.by.name.encode()

    report = Source(folder, msg("报告"), "txt", msg("监督的报告"), written)
    lacking = Source(folder, msg("照片"), "txt", msg("监督"), none)
    monkeypatch.setattr(dossiers, "sources_for", lambda _competition: [lacking, report])
    files = contents(fetched(app, made(app, batch, organiser), organiser))
    assert files["09 督导/报告 上午_理论.txt"] == organiser.name.encode()
    (paper,) = json.loads(files[MANIFEST])["lacking"]
    assert (paper["name"], paper["title"]) == ("09 督导/照片.txt", "督导")


def check(path: Path, manifest: str | None = None) -> int:
    return verify_dossier.run(Namespace(file=str(path), manifest=manifest))


def test_it_is_checked_from_outside(
    app: Flask,
    batch: Competition,
    organiser: Account,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    dossier = made(app, batch, organiser)
    file, path = fetched(app, dossier, organiser), tmp_path / "档案.zip"
    path.write_bytes(file)
    assert check(path, dossier.manifest) == 0
    assert "都对得上" in capsys.readouterr().out
    assert check(path, "0" * 64) == 1
    assert "和别处写的不一样" in capsys.readouterr().out

    files = contents(file)
    chosen = "01 规则和成绩/认定文件.json"

    def packed(changed: Mapping[str, bytes]) -> Path:
        with zipfile.ZipFile(path, "w") as book:
            for name, content in changed.items():
                book.writestr(name, content)
        return path

    for spoilt, word in (
        ({**files, chosen: files[chosen] + b" "}, "和清单对不上"),
        ({**files, chosen: files[chosen][:-1] + b" "}, "和清单对不上"),
        ({name: it for name, it in files.items() if name != chosen}, "少了"),
        ({**files, "多的.txt": b"x"}, "清单里没有"),
        ({**files, MANIFEST: files[MANIFEST].replace(b'"number":1', b'"number": 1')}, "改过了"),
    ):
        assert check(packed(spoilt)) == 1
        out = capsys.readouterr().out
        assert word in out
        assert "都对得上" not in out
    assert check(packed({name: it for name, it in files.items() if name != MANIFEST})) == 2
    path.write_bytes(b"PK no zip")
    assert check(path) == 2
    assert check(tmp_path / "nobody.zip") == 2
