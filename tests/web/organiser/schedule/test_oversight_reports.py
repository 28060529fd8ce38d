"""What whoever oversees saw: written with photos, read by organisers, printed, verified, erased."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from compete.domain.values.roles import Role
from compete.models import Account, Competition, OversightReport, db
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.backups.stored_files import check_files, count_files
from compete.services.competitions.dossier_sources import sources_for
from compete.services.jobs.papers.kinds import Asked
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.file_store import DOCUMENTS, store_here
from compete.services.kernel.transactions import unit_of_work
from compete.services.registration.oversight_reports import (
    MOST_PHOTOS,
    erase_reports,
    photo_of_report,
)
from tests.support.passing import passed
from tests.support.pictures import photo
from tests.support.roomed import centre, draw_all, lay_in, make_rooms
from tests.support.signing_in import signed_in

Load = Callable[..., Competition]
URL = "/desk/EV/plan/reports"


@pytest.fixture
def evaluation(here: Flask, load: Load, organiser: Account) -> Competition:
    evaluation = passed(load(centre(people={"A": 12})))
    rooms = make_rooms(organiser, **{"201教室": 6, "202教室": 6})
    lay_in(evaluation, "1", "2026-12-07 09:00", [*rooms.values()], organiser)
    draw_all(evaluation, organiser)
    return evaluation


@pytest.fixture
def overseer(app: Flask, evaluation: Competition, organiser: Account) -> FlaskClient:
    account = create_account("田春")
    grant_role(account, evaluation, Role.SUPERVISOR, by=organiser)
    return signed_in(app, account)


def places(page: str) -> list[str]:
    return [part.split('"')[0] for part in page.split('<option value="')[1:]]


def send(client: FlaskClient, status: int = 302, photos: int = 0, **form: object) -> str:
    files = [(BytesIO(photo(size=(40 + n, 30))), f"{n}.jpg") for n in range(photos)]
    answer = client.post(URL, data={"photos": files, **form}, content_type="multipart/form-data")
    assert answer.status_code == status, answer.get_data(as_text=True)[:2000]
    return answer.get_data(as_text=True)


def test_an_overseer_reports_on_a_room_and_everybody_who_may_reads_it(
    app: Flask,
    evaluation: Competition,
    overseer: FlaskClient,
    organiser: Account,
    tmp_path: Path,
) -> None:
    page = overseer.get(URL).text
    assert "督导记录" in page
    assert "2026-12-07|理论第1场|" in places(page)
    room = next(it for it in places(page) if it.split("|")[2])
    wrong = send(overseer, 400, place=room, text=" ")
    assert "写看到什么" in wrong
    kept = send(overseer, 400, photos=MOST_PHOTOS + 1, place=room, text="很好，没有异常")
    assert f"一次最多 {MOST_PHOTOS} 张照片" in kept
    assert "很好，没有异常" in kept
    assert "先选哪一场" in send(overseer, 400, place="", text="好")
    send(overseer, photos=2, place=room, text="第 3 座换过一次电脑，补时 5 分钟")

    desk = signed_in(app, organiser)
    page = desk.get(URL).text
    assert "第 3 座换过一次电脑，补时 5 分钟" in page
    assert "田春" in page
    assert "记下" not in page
    assert desk.post(URL, data={"place": room, "text": "x"}).status_code == 404
    report = db.session.query(OversightReport).one()
    picture = desk.get(f"{URL}/{report.public_id}/2.jpg")
    assert picture.mimetype == "image/jpeg"
    assert desk.get(f"{URL}/{report.public_id}/3.jpg").status_code == 404
    record = tmp_path / "record.pdf"
    record.write_bytes(desk.get("/desk/EV/forms/room_record.pdf").data)
    run = subprocess.run(["pdftotext", "-layout", record, "-"], capture_output=True, check=True)
    text = "".join(run.stdout.decode().split())
    assert "督导记录" in text
    assert "照片2张" in text
    assert text.count("第3座换过一次电脑") == 1
    # The photos are on the paper of reports, which the archive has too.
    paper = desk.get(f"{URL}.pdf").data
    (source,) = [it for it in sources_for(evaluation) if str(it.name) == "督导记录"]
    ((_part, kept_paper),) = source.files(Asked(evaluation, organiser, str, {}))
    for pdf in (paper, kept_paper):
        record.write_bytes(pdf)
        run = subprocess.run(["pdfimages", "-list", record], capture_output=True, check=True)
        assert len(run.stdout.decode().strip().splitlines()) == 2 + 2
        run = subprocess.run(["pdftotext", "-layout", record, "-"], capture_output=True, check=True)
        assert "第3座换过一次电脑" in "".join(run.stdout.decode().split())


def test_photos_of_reports_are_verified_and_erased(
    evaluation: Competition, overseer: FlaskClient
) -> None:
    send(overseer, photos=2, place="2026-12-07|理论第1场|", text="没有异常")
    report = db.session.query(OversightReport).one()
    assert report.room is None
    assert count_files(evaluation) == 2
    assert [*check_files(evaluation)] == []
    assert [*verify_chain(evaluation)] == []
    names = [it.name for it in store_here().files(DOCUMENTS)]
    whole = store_here().read(names[0])
    assert whole is not None
    store_here().write(names[0], b"another")
    assert [place for place, _why in check_files(evaluation)] == [f"oversight_report {report.id}"]
    store_here().write(names[0], whole)
    assert photo_of_report(report, 1) is not None
    with unit_of_work():
        erase_reports(evaluation)
    report = db.session.query(OversightReport).one()
    assert (report.text, report.photos, report.file_key) == (None, [], None)
    assert [*store_here().files(DOCUMENTS)] == []
    assert "内容已经删除" in overseer.get(URL).text
    assert [*verify_chain(evaluation)] == []
