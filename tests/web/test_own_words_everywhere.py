"""An event with an employer's own names of grades: no page, paper, workbook or command has the
nation's.
"""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from compete.cli import main
from compete.models import Account, Certificate, Competition, db
from compete.services.accounts.accounts import create_account
from compete.services.awards.prize_money import set_money
from compete.services.certificates.award_certificates import issue_award_certificates
from compete.services.registration.corrections import correct_person
from tests.documents.reading import pages
from tests.support.announced import announce, approve_all, body_for
from tests.support.issuing import issue_grade_certificates
from tests.support.second_day import PRIZES, person, second_version
from tests.support.signing_in import signed_in
from tests.support.small import all_marks, small
from tests.web.papers import AFTER, CHINESE, _addresses
from tests.web.test_every_page import PAGES

NATIONAL = re.compile(r"学徒工|[初中高]级工|技师|[一二三四五]级/")
OWN: dict[str, Any] = {
    "name": "运行员",
    "rungs": [
        {"key": f"Y{grade}", "name": f"运行员{name}档", "grade": grade}
        for grade, name in zip((5, 4, 3, 2, 1), "甲乙丙丁戊", strict=True)
    ],
}
HELD = {"when": {"groups": ["worker"], "holds": {"at_most": 4}}, "grant": {"up": 1, "floor": 4}}
MORE = {
    "/desk/{code}/events/rules?event={event}",
    "/desk/{code}/entrants/{who}/correct",
    "/desk/{code}/consequences/changes",
    "/desk/{code}/accounts/record",
    "/c/{badge}",
    "/p/{code}/1",
}


def named() -> dict[str, Any]:
    """The small competition with prizes, everybody with a grade, and the own names."""
    event = {
        "occupation": {"code": "6-28-03-03", "name": "泵站运行工"},
        "awards": PRIZES["awards"],
        "grades": [*PRIZES["grades"], {"code": "held", **HELD}],
        "extra": {"ladder": OWN},
    }
    bundle = small(all_marks(), event=event)
    for place, entrant in enumerate(bundle["entrants"]):
        entrant["grade"] = 5 - place % 3
    return bundle


@pytest.fixture
def settled(load: Callable[..., Competition], organiser: Account) -> Competition:
    """Published, certified, corrected, one struck out and published anew."""
    competition = load(named())
    set_money(competition, {"一等奖": 100000}, dict.fromkeys((1, 2, 3, 4), 5000), organiser)
    correct_person(person(competition, "P4"), {"grade": "运行员丙档"}, "填错了", organiser)
    announce(competition, organiser)
    approve_all(competition, organiser)
    body = body_for(competition)
    assert issue_grade_certificates(competition, body, organiser, "急用")
    issue_award_certificates(competition, organiser, "急用")
    return competition


def reader_text(content: bytes, mimetype: str) -> str:
    """What a reader finds: a page's words, a paper's without blanks, a workbook's cells."""
    if mimetype == "application/pdf":
        return "".join(pages(content))
    if "spreadsheet" in mimetype:
        with zipfile.ZipFile(BytesIO(content)) as book:
            names = [name for name in book.namelist() if name.endswith(".xml")]
            return "".join(book.read(name).decode() for name in names)
    return content.decode() if mimetype.startswith("text/") else ""


def shown(desk: FlaskClient, competition: Competition) -> Iterator[tuple[str, str]]:
    """Every address with what it says."""
    badge = person(competition, "P1").badge_token
    kept = {"code": competition.code, "event": "E", "who": "P1", "badge": badge}
    kept["unit"] = competition.units[0].code
    kept["event"] = competition.events[0].code
    places = {page.format(**kept) for page in {*PAGES, *MORE}}
    papers = {*AFTER.values(), *CHINESE.values()}
    places |= {address for paper in papers for address in _addresses(paper, competition)}
    places |= {f"/desk/{competition.code}/certificates/{row.id}" for row in certificates()}
    for address in sorted(places):
        # Tables of the installation name the nation's grades, whoever asks.
        if address.startswith(("/desk/ladders", "/desk/mentorships")):
            continue
        method, _space, path = address.rpartition(" ")
        answer = desk.open(path, method=method or "GET", follow_redirects=True)
        yield address, reader_text(answer.data, answer.mimetype)


def certificates() -> list[Certificate]:
    return db.session.query(Certificate).all()


def national(text: str) -> list[str]:
    return [text[max(0, it.start() - 50) : it.end() + 20] for it in NATIONAL.finditer(text)]


def test_no_page_no_paper_and_no_workbook_has_the_nations_words(
    app: Flask, settled: Competition, organiser: Account
) -> None:
    desk = signed_in(app, create_account("看的人", is_admin=True))
    first_texts = dict(shown(desk, settled))
    wrong = {
        address: nation_words
        for address, text in first_texts.items()
        if (nation_words := national(text))
    }
    assert wrong == {}
    second_version(settled, organiser)
    again = dict(shown(desk, settled))
    wrong = {
        address: nation_words for address, text in again.items() if (nation_words := national(text))
    }
    assert wrong == {}
    own = {
        address
        for page_texts in (first_texts, again)
        for address, text in page_texts.items()
        if "运行员" in text
    }
    for part in ("prize-money", "awards", "consequences/changes", "rules?", "promotions.pdf"):
        assert any(part in address for address in own), part


def test_no_command_has_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "own.json"
    file.write_text(json.dumps(named(), ensure_ascii=False), encoding="utf-8")
    for before, behind in (("score --table", []), ("explain", ["P1"]), ("robust", [])):
        assert main([*before.split(), str(file), *behind]) == 0, before
        out = capsys.readouterr().out
        assert national(out) == [], before
        assert "运行员" in out, before
