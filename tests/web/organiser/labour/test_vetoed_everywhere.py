"""A vetoed unit that would be first: every page, paper and book of a labour competition."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html import unescape
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook

from compete.cli import main
from compete.domain.bundle.writing import write_bundle
from compete.models import Account, Competition
from compete.services.labour.closing import close_period, publish_closed
from compete.services.scoring.bundle_out import export_bundle
from tests.documents.reading import pages
from tests.domain.labour.build import indicator, labour_bundle, quarter, value
from tests.support.signing_in import signed_in

FIRST = "红星一号"
NAMES = {"甲": FIRST, "乙": "东风二号", "丙": "长江三号", "丁": "黄河四号", "戊": "泰山五号"}
MONTHS = ("一月", "二月")
SCORES = {"甲": (95, 96), "乙": (85, 96), "丙": (70, 75), "丁": (90, 65), "戊": (60, 61)}
BARRED = "一票否决"
OWN = ("unit", "public unit", "unit's wall", "explain")
READINGS = [("compete-bundle/1", None), ("compete-bundle/2", "last"), ("compete-bundle/2", None)]


def _competition(load: Callable[..., Competition], form: str, veto_rank: str | None) -> Competition:
    """甲 has most points of its group in each month, and is vetoed in the second."""
    bundle = labour_bundle(
        "".join(NAMES),
        periods=quarter(*MONTHS),
        indicators=[indicator("安全", 100)],
        values=[
            value(unit, month, "安全", points)
            for unit, scores in SCORES.items()
            for month, points in zip(MONTHS, scores, strict=True)
        ],
        groups={"甲": "土建", "乙": "土建", "戊": "土建", "丙": "机电", "丁": "机电"},
        flags={"count": 1, "min": 97},
        ties=["indicator:安全"],
        vetoes=[{"unit": "甲", "period": "二月", "reason": "亡人事故"}],
    )
    file = json.loads(write_bundle(bundle)) | {"format": form}
    file["units"] = [{"code": code, "name": name} for code, name in NAMES.items()]
    if veto_rank is not None:
        file["labour"]["veto_rank"] = veto_rank
    return load(file)


def _text(page: str) -> str:
    page = re.sub(r"<(script|style|template).*?</\1>", " ", page, flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def _since_february(text: str) -> str:
    """Without blanks, and without the month in which nobody was vetoed."""
    squeezed = re.sub(r"\s", "", text)
    return re.sub(r"(时段：一月|一月：第).*?(?=时段：二月|二月：|$)", "", squeezed)


def _book(data: bytes) -> dict[str, list[str]]:
    """The rows of each sheet, each as one text."""
    return {
        sheet.title: [
            " ".join(str(cell) for cell in row if cell is not None)
            for row in sheet.iter_rows(values_only=True)
        ]
        for sheet in load_workbook(BytesIO(data)).worksheets
    }


def _answer(client: FlaskClient, address: str) -> bytes:
    answer = client.get(address, follow_redirects=True)
    assert answer.status_code == 200, address
    return bytes(answer.data)


@pytest.mark.parametrize(("form", "veto_rank"), READINGS)
def test_a_vetoed_unit_is_nowhere_shown_as_first_without_saying_so(
    app: Flask,
    load: Callable[..., Competition],
    organiser: Account,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    form: str,
    veto_rank: str | None,
) -> None:
    competition = _competition(load, form, veto_rank)
    keeps = form.endswith("/1")
    for period in (*MONTHS, "Q"):
        close_period(competition, period, "", organiser)
    publish_closed(competition, organiser)
    desk, anybody = signed_in(app, organiser), app.test_client()
    faces = {}
    for period in ("二月", "Q"):
        for name, client, address in (
            ("desk", desk, f"/desk/L/labour?period={period}"),
            ("unit", desk, f"/desk/L/labour/units/甲?period={period}"),
            ("rival", desk, f"/desk/L/labour/units/乙?period={period}"),
            ("month", desk, f"/desk/L/labour/periods/{period}"),
            ("public", anybody, f"/p/L/periods/{period}"),
            ("public unit", anybody, f"/p/L/periods/{period}/units/甲"),
            ("wall", anybody, "/p/L/wall"),
            ("unit's wall", anybody, "/p/L/wall/甲"),
        ):
            faces[f"{name} {period}"] = _text(_answer(client, address).decode())
        for who, client, base in (
            ("desk", desk, f"/desk/L/labour/bulletin.{{}}?period={period}"),
            ("public", anybody, f"/p/L/periods/{period}/bulletin.{{}}"),
        ):
            faces[f"{who} bulletin {period}"] = "\n".join(
                pages(_answer(client, base.format("pdf")))
            )
            for sheet, rows in _book(_answer(client, base.format("xlsx"))).items():
                faces[f"{who} bulletin book {period} {sheet}"] = "\n".join(rows)
    for address, client in (("/desk/L/labour.xlsx", desk), ("/p/L/standings.xlsx", anybody)):
        for sheet, rows in _book(_answer(client, address)).items():
            if sheet == "一月":
                continue
            faces[f"{address} {sheet}"] = "\n".join(rows)
    for address in ("distinctions", "labour/rules", "labour/periods", "certificates"):
        faces[address] = _text(_answer(desk, f"/desk/L/{address}").decode())
    faces["next"] = _text(_answer(desk, "/desk/new?start=edition&of=L").decode())
    file = tmp_path / "L.json"
    file.write_bytes(write_bundle(export_bundle(competition)))
    assert main(["explain", str(file), "甲"]) == 0
    faces["explain"] = capsys.readouterr().out
    assert main(["score", str(file), "--table"]) == 0
    faces["score"] = capsys.readouterr().out
    for name, text in faces.items():
        text = _since_february(text)
        assert "None" not in text, name
        # The vetoed unit beside a first place; on its own pages any first place is its own.
        place = r"第1名" if name.startswith(OWN) else rf"(第1名|(?<![\d.])1(土建|甲)?|3家){FIRST}"
        firsts = [text[hit.start() :][:60] for hit in re.finditer(place, text)]
        assert keeps or not firsts, (name, firsts)
        assert all(BARRED in first for first in firsts), (name, firsts)
        beside = re.findall(rf"(?:在{FIRST}之后|与{FIRST}并列).{{0,40}}", text)
        assert all(BARRED in excerpt for excerpt in beside), (name, beside)
        if any(word in text for word in (f"{FIRST}96.0", f"{FIRST}95.5")):
            assert BARRED in text, name
    shown = "不排名次" if veto_rank is None else "排在同组最后"
    assert ("照总分排" if keeps else shown) in faces["labour/rules"]
    assert f"{BARRED}的单位 {'不再有名次' if keeps else shown}" in faces["next"]
    assert keeps != (f"{FIRST}被{BARRED}" in faces["unit 二月"]), "why it lost its place"
    assert keeps == (f"第 1 名（{BARRED}" in faces["explain"])
