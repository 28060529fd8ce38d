"""Every page, paper and workbook of each kind in each state: opened by whoever may, in its words.

A word of another kind is a fault on any of them. The walks stand in `tests.support.kind_walks`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from html import unescape
from io import BytesIO
from itertools import product
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from pypdf import PdfReader
from sqlalchemy import select
from werkzeug.routing import AnyConverter, Rule

from compete.domain.values.kinds import Kind
from compete.domain.values.rights import HOLDERS, Right
from compete.domain.values.roles import Role
from compete.models import Account, Competition, Entrant, Sheet, db
from compete.services.accounts.accounts import create_account
from tests.support.begun import set_back
from tests.support.kind_walks import WALKS, certificates
from tests.support.signing_in import official, signed_in
from tests.support.sittings import Load

WORDS_OF_OTHERS = {
    Kind.EVALUATION: (
        "前多少 ?%|其余抽|"
        "名次|第 ?[0-9]+ ?名|(?<!不)排名|奖项|获奖|[一二三]等奖|晋升|退赛|参赛|竞赛组委会|赛段|教练"
        "|领队|申请换人|组合|裁判|选手|赛项|比赛|决赛|初赛|代表队|加赛|递补|按名次|奖金|荣誉称号|劳动竞赛|赛前|赛后"
    ),
    Kind.SKILLS: "准考证|考评员|考评组长|考生|申报单位|报考条件|流动红旗|督办|一票否决",
    Kind.LABOUR: (
        "准考证|考评员|考生|申报单位|报考|选手|裁判|参赛号|参赛证|赛项|赛段|教练|领队|缺考"
    ),
}
"""What no page, paper or workbook of a kind says: the words of the others."""

pytestmark = pytest.mark.slow


def values_of(competition: Competition) -> dict[str, list[object]]:
    """What stands in addresses: the first of each thing there is."""
    entrant = db.session.scalar(
        select(Entrant).where(Entrant.competition_id == competition.id).order_by(Entrant.code)
    )
    sheet = db.session.scalar(select(Sheet).where(Sheet.competition_id == competition.id).limit(1))
    papers = certificates(competition)
    return {
        "code": [competition.code],
        "who": [entrant.code] if entrant else [],
        "token": [entrant.badge_token] if entrant else [],
        "public_id": [sheet.public_id] if sheet else [],
        "period": ["M"],
        "unit": [competition.units[0].code] if competition.units else [],
        "version": [1],
        "number": [papers[0].id] if papers else [1],
    }


def addresses(app: Flask, rule: Rule, values: dict[str, list[object]]) -> Iterator[str]:
    """The rule's addresses for what there is; none where there is nothing of the kind."""
    wanted: dict[str, list[object]] = {}
    for name in rule.arguments:
        kind = rule._converters[name]
        wanted[name] = (
            sorted(kind.items) if isinstance(kind, AnyConverter) else values.get(name, [])
        )
    for chosen in product(*wanted.values()):
        built = rule.build(dict(zip(wanted, chosen, strict=True)), append_unknown=False)
        if built is not None:
            yield built[1]


def text_of(content: bytes, mimetype: str) -> str:
    """What a reader reads of an answer."""
    if mimetype == "text/html":
        page = content.decode()
        page = re.sub(
            r"<script.*?</script>|<template.*?</template>|<style.*?</style>", " ", page, flags=re.S
        )
        page = page.split("<main")[-1]
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())
    if mimetype == "application/pdf":
        return "\n".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)
    if "spreadsheet" in mimetype:
        book = load_workbook(BytesIO(content), read_only=True)
        return "\n".join(
            str(cell)
            for sheet in book
            for row in sheet.iter_rows(values_only=True)
            for cell in row
            if cell is not None
        )
    return ""


FORM = re.compile(r'<form[^>]*method="post"[^>]*>.*?</form>', re.S)
FIELD = re.compile(r"<(input|textarea|select|button)\b[^>]*>")
ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')


def bare_forms(page: str) -> Iterator[tuple[str, dict[str, str]]]:
    """The address and the fields of each form of a page that asks for nothing but a press.

    A last look may ask for a note besides, which gets one.
    """
    for match in FORM.finditer(page):
        form = match.group()
        head = dict(ATTRIBUTE.findall(form[: form.index(">")]))
        fields: dict[str, str] = {}
        if name := head.get("id"):
            # Its button, and what else is asked, may stand elsewhere on the page.
            outside = rf'<(?:button|textarea|input)\b[^>]*\sform="{name}"[^>]*>'
            form += "".join(re.findall(outside, page))
        bare = "action" in head and "<button" in form
        for field in FIELD.finditer(form):
            attributes = dict(ATTRIBUTE.findall(field.group()))
            name, shape = attributes.get("name"), attributes.get("type")
            if field[1] == "input" and shape == "hidden" and name:
                fields[name] = unescape(attributes.get("value", ""))
            elif field[1] == "button":
                bare = bare and not re.search(r"\sdisabled\b", field.group())
                if name:
                    fields[name] = unescape(attributes.get("value", ""))
            elif head.get("id") == "confirm" and field[1] == "textarea" and name:
                fields[name] = "改了一处"
            elif head.get("id") != "confirm":
                bare = False
        # Whoever signs out sees nothing of the states that follow.
        if bare and head["action"] and not head["action"].endswith("/sign-out"):
            yield unescape(head["action"]), fields


PRESSED = re.compile(
    r'id="confirm"|/(consequences|certificates|verdicts|awards|results|put-away|small/publish'
    r"|recheck|judges/assign|seating|draws)$"
)
"""The pages whose buttons are pressed: last looks, what decides on results and certificates,
and what seats, draws and re-checks."""


class Faults:
    """What was wrong, where and in which states."""

    def __init__(self, kind: Kind) -> None:
        self.others = re.compile(WORDS_OF_OTHERS[kind])
        self.places: dict[tuple[str, str], list[str]] = defaultdict(list)
        self.opened = 0
        self.buttons: dict[tuple[str, tuple[str, ...]], tuple[str, dict[str, str], str]] = {}
        self.pressed = 0

    def look(self, client: FlaskClient, address: str, who: str, state: str, rule: str) -> None:
        """Open an address, and note what is wrong of it."""
        answer = client.get(address)
        self.opened += answer.status_code == 200
        if answer.status_code >= 500:
            self.places[rule, f"{answer.status_code} for {who}"].append(state)
        if answer.status_code != 200:
            return
        if who == "organiser" and answer.mimetype == "text/html":
            last = PRESSED.search(address) or PRESSED.search(answer.text)
            for action, fields in bare_forms(answer.text) if last else ():
                kind = re.sub(r"[0-9A-Za-z]*[0-9][0-9A-Za-z]*", "*", action), tuple(sorted(fields))
                self.buttons.setdefault(kind, (action, fields, address))
        text = text_of(answer.data, answer.mimetype)
        for match in {it.group() for it in self.others.finditer(text)}:
            at = text.index(match)
            self.places[rule, f"{match}: …{text[max(0, at - 25) : at + 25]}…"].append(state)

    def press(self, client: FlaskClient, state: str, put_back: Callable[[], None]) -> None:
        """Press each button that the pages of this state show, and put everything back."""
        for action, fields, page in self.buttons.values():
            answer = client.post(action, data=fields)
            self.pressed += 1
            if answer.status_code >= 400:
                text = text_of(answer.data, answer.mimetype)[:160]
                place = f"button {action} {sorted(fields)} on {page}"
                self.places[place, f"{answer.status_code} {text}"].append(state)
            else:
                put_back()
        self.buttons.clear()


PAPERS_IN = {
    "draft",
    "notice",
    "corrected",
    "taken down",
    "published",
}
"""The states in which what is printed or written is opened as well: each has papers of its own."""


def doors(app: Flask) -> Iterator[tuple[Rule, Right | str | None]]:
    """Every address of a competition that is read, with who may."""
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or not {"code", "token"} & rule.arguments:
            continue
        yield rule, getattr(app.view_functions[rule.endpoint], "guard", None)


@pytest.mark.parametrize("name", WALKS)
def test_every_page_opens_in_its_own_words(
    app: Flask, here: Flask, load: Load, organiser: Account, tmp_path: Path, name: str
) -> None:
    if name == "small":
        organiser = create_account("吴敏敏", is_admin=True)
    desk = signed_in(app, organiser)
    faults: Faults | None = None
    for state, competition in WALKS[name](load, organiser, desk):
        faults = faults or Faults(Kind(competition.kind))
        page = desk.get(f"/desk/{competition.code}/")
        assert "/sign-in" not in page.headers.get("Location", ""), f"signed out at {state}"
        who: dict[Role, FlaskClient] = {}
        if "C1" in {judge.code for judge in competition.judges}:
            who = {
                Role.CHIEF: signed_in(app, official(competition, "C1")),
                Role.SUPERVISOR: signed_in(app, official(competition, "S1")),
            }
        visitor = app.test_client()
        values = values_of(competition)
        for rule, guard in doors(app):
            paper = rule.rule.endswith((".pdf", ".xlsx", ".docx"))
            if paper and state not in PAPERS_IN:
                continue
            for address in addresses(app, rule, values):
                if isinstance(guard, Right):
                    if HOLDERS[guard].of({Role.ORGANISER}, administrator=name == "small"):
                        faults.look(desk, address, "organiser", state, rule.rule)
                        continue
                    for role, client in who.items():
                        if HOLDERS[guard].of({role}, administrator=False):
                            faults.look(client, address, role.value, state, rule.rule)
                elif guard == "public":
                    faults.look(visitor, address, "anybody", state, rule.rule)
        if faults.buttons:
            with set_back(tmp_path) as put_back:
                faults.press(desk, state, put_back)
    assert faults is not None
    assert faults.opened > 40
    assert faults.pressed > 0 or name == "two stages"
    shown = [
        f"{rule}  {what}  [{', '.join(states)}]" for (rule, what), states in faults.places.items()
    ]
    assert shown == [], "\n" + "\n".join(sorted(shown))
