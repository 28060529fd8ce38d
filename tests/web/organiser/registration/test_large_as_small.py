"""A file that a job looks through asks, tells and refuses as the same file does at once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from html import unescape
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from compete.models import Account, Competition, ImportBatch, db
from compete.services.jobs import queue
from compete.services.jobs.running import do_next
from compete.services.registration import preview, staging
from tests.sheets.people import citizen_id
from tests.sheets.reading.files import book_of
from tests.support.signing_in import signed_in

UPLOAD = "/desk/X/entrants/upload"
HEAD = ["姓名", "身份证号", "单位", "赛项"]
PEOPLE = 40


def number(n: int) -> str:
    return citizen_id(date(1970, 1, 1) + timedelta(days=n), n)


def person(n: int, unit: str | None = "甲单位", event: str | None = "赛项") -> list[Any]:
    return [f"来{'甲乙丙丁戊己庚辛'[n % 8]}{'子丑寅卯辰巳'[n // 8]}", number(n), unit, event]


def wrong(n: int) -> list[Any]:
    """Each tenth with a number that is none, each eighth of a unit that is nearly one."""
    name, good, unit, event = person(n)
    bad = good[:-1] + ("0" if good[-1] != "0" else "1")
    return [name, bad if n % 10 == 0 else good, "甲单拉" if n % 8 == 1 else unit, event]


FILES: dict[str, list[Sequence[Any]]] = {
    "a unit filled once, notes, a title and a sum": [
        ["2026年报名表"],
        [*HEAD, "备注"],
        *(
            [*person(n, "甲单位" if n % 10 == 0 else None), "退赛" if n % 13 == 5 else None]
            for n in range(PEOPLE)
        ),
        ["合计", f"{PEOPLE}人"],
    ],
    "ditto signs": [
        HEAD,
        *(person(n, "同上" if n % 10 else "甲单位", "〃" if n % 10 else "赛项") for n in range(40)),
    ],
    "sections": [
        ["姓名", "身份证号"],
        *(["远方集团有限公司（20人）"], *(person(n)[:2] for n in range(20))),
        *(["近处公司"], *(person(n)[:2] for n in range(20, PEOPLE))),
    ],
    "side by side": [
        [*HEAD, None, *HEAD],
        *([*person(n), None, *person(n + 20)] for n in range(20)),
    ],
    "people across": [
        list(it) for it in zip(HEAD[:3], *(person(n)[:3] for n in range(20)), strict=True)
    ],
    "a sample, and who is no contestant": [
        [*HEAD, "身份"],
        ["示例", number(99), "甲单位", "赛项", "选手"],
        *([*person(n), "领队" if n % 9 == 0 else "选手"] for n in range(PEOPLE)),
        ["填表人：张三"],
    ],
    "wrong cells, one person twice": [HEAD, *map(wrong, range(PEOPLE)), person(3), person(3)],
    "no numbers": [["姓名", "单位", "赛项"], *([it[0], *it[2:]] for it in map(person, range(20)))],
}


@pytest.fixture
def desk(app: Flask, fresh: Competition, organiser: Account) -> FlaskClient:
    return signed_in(app, organiser)


def texts_of(page: str) -> list[str]:
    """What stands on a page, without what tells files apart or how they are written."""
    shown = [unescape(it).strip() for it in re.findall(r">([^<>]+)<", page[page.index("<main") :])]
    return [it for it in shown if it and "行拒绝，先留着" not in it]


def pages(desk: FlaskClient, of: Competition, content: bytes) -> list[list[str]]:
    """The pages that the file leads to, the questions about its columns answered with yes."""
    address = desk.post(UPLOAD, data={"workbook": (BytesIO(content), "名册.xlsx")}).location
    shown: list[list[str]] = []
    for _time in range(9):
        desk.get(address, follow_redirects=True)
        while do_next(of.id):
            pass
        page = desk.get(address, follow_redirects=True).text
        shown.append(texts_of(page))
        answer = re.search(
            r'name="key" value="([^"]*)"><input type="hidden" name="field" value="([^"]*)">', page
        )
        if answer is None:
            break
        key, field = map(unescape, answer.groups())
        desk.post(f"{address}/columns", data={"key": key, "field": field})
    for kind in ("refused", "added"):
        shown.append(texts_of(desk.get(f"{address}?show={kind}").text))
    desk.post(f"{address}/discard")
    return shown


@pytest.mark.parametrize("kind", FILES)
def test_a_large_file_shows_what_the_same_file_shows_at_once(
    desk: FlaskClient, fresh: Competition, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr(queue, "wake", lambda _competition: None)
    monkeypatch.setattr(staging, "_PIECE", 7)
    content = book_of({"报名": FILES[kind]})
    monkeypatch.setattr(preview, "LARGE_UPLOAD", 1 << 40)
    at_once = pages(desk, fresh, content)
    monkeypatch.setattr(preview, "LARGE_UPLOAD", 1)
    by_job = pages(desk, fresh, content)
    assert [it.large for it in db.session.scalars(select(ImportBatch))][-2:] == [False, True]
    assert by_job[-3:] == at_once[-3:]
    assert len(at_once[-1]) > 20
