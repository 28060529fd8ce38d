"""Every page, paper and workbook of each kind in each state: opened by whoever may, in its words.

A word of another kind is a fault on any of them. The walks stand in `tests.support.kind_walks`.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from html import unescape
from io import BytesIO
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from pypdf import PdfReader
from sqlalchemy import select
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.routing import AnyConverter, Rule

import compete
from compete.domain.kinds.description import Outcome
from compete.domain.kinds.kinds import competition_kind
from compete.domain.values.kinds import Kind
from compete.domain.values.rights import HOLDERS, Right
from compete.domain.values.roles import SCORING_ROLES, Role
from compete.models import Account, Application, Competition, Entrant, HallBoard, Judge, Sheet, db
from compete.services.accounts.accounts import account_of_judge, create_account, grant_role
from compete.services.accounts.sign_in_cards import issue_card
from compete.services.hall.board_acts import change_board, make_board
from tests.support.begun import set_back
from tests.support.kind_walks import WALKS, certificates
from tests.support.signing_in import official, signed_in
from tests.support.sittings import Load

OURS = Path(compete.__file__).parent

WORDS_OF_OTHERS = {
    Kind.EVALUATION: (
        "前多少 ?%|其余抽|"
        "名次|第 ?[0-9]+ ?名|(?<!不)排名|奖项|获奖|[一二三]等奖|晋升|退赛|参赛|竞赛组委会|赛段|教练"
        "|领队|申请换人|组合|裁判|选手|赛项|比赛|决赛|初赛|代表队|加赛|递补|按名次|奖金|荣誉称号|劳动竞赛|赛前|赛后"
    ),
    Kind.SKILLS: "准考证|考评员|考评组长|考生|申报单位|报考条件|流动红旗|督办|一票否决",
    Kind.PRACTICE: (
        "准考证|考评员|考生|申报单位|报考|流动红旗|督办|一票否决|裁判|选手|赛项|参赛|赛段|劳动竞赛"
        "|第 ?[0-9]+ ?名|奖项|获奖|[一二三]等奖|晋升|证书|申诉|公示"
    ),
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
    sheet = _first_sheet(competition)
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
        "judge_code": [judge.code for judge in competition.judges[:1]],
    }


def _first_sheet(competition: Competition, judge: Judge | None = None) -> Sheet | None:
    of = Sheet.competition_id == competition.id
    query = select(Sheet).where(of if judge is None else of & (Sheet.judge_id == judge.id))
    return db.session.scalar(query.order_by(Sheet.id).limit(1))


def values_elsewhere(competition: Competition) -> dict[str, dict[str, list[object]]]:
    """What stands in the addresses of pages whose things are others than the desk's."""
    judge = scoring_judge(competition)
    sheet = _first_sheet(competition, judge) if judge else None
    board = db.session.scalar(
        select(HallBoard).where(HallBoard.event_id.in_([it.id for it in competition.events]))
    )
    entered = db.session.scalar(
        select(Application).where(Application.competition_id == competition.id)
    )
    papers = certificates(competition)
    return {
        "judge": {"public_id": [sheet.public_id] if sheet else []},
        "api": {"public_id": [sheet.public_id] if sheet else []},
        "hall": {"token": [board.token] if board else []},
        "unit": {"public_id": [entered.public_id] if entered else []},
        "public.verify_link": {"token": [papers[0].token] if papers else []},
        "public.link_credential": {"token": [papers[0].token] if papers else []},
        "public.own_entry": {"token": []},
        "public.own_photo": {"token": []},
        "auth": {"token": []},
    }


def scoring_judge(competition: Competition) -> Judge | None:
    """The first judge who has sheets, or who would have."""
    return next((it for it in competition.judges if it.role in (None, *SCORING_ROLES)), None)


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
        hidden = " ".join(IN_ATTRIBUTES.findall(page))
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", page) + " " + hidden).split())
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


IN_ATTRIBUTES = re.compile(r'\s(?:value|placeholder|title|aria-label)="([^"]*)"')
"""What a page says in attributes."""
FORM = re.compile(r'<form[^>]*method="post"[^>]*>.*?</form>', re.S)
FIELD = re.compile(r"<(input|textarea|select|button)\b[^>]*>")
ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')


Fields = dict[str, list[str]]


def bare_forms(page: str, here: str = "") -> Iterator[tuple[str, Fields]]:
    """The address and the fields of each form of a page that asks for nothing but a press.

    A last look may ask for a note besides, which gets one; what is ticked on it is sent.
    """
    for match in FORM.finditer(page):
        form = match.group()
        head = dict(ATTRIBUTE.findall(form[: form.index(">")]))
        last = head.get("id") == "confirm"
        fields: Fields = defaultdict(list)
        if name := head.get("id"):
            # Its button, and what else is asked, may stand elsewhere on the page.
            outside = rf'<(?:button|textarea|input)\b[^>]*\sform="{name}"[^>]*>'
            form += "".join(re.findall(outside, page))
        bare = "<button" in form
        for field in FIELD.finditer(form):
            attributes = dict(ATTRIBUTE.findall(field.group()))
            name, shape = attributes.get("name"), attributes.get("type")
            value = unescape(attributes.get("value", ""))
            ticked = re.search(r"\schecked\b", field.group()) is not None
            if field[1] == "input" and (shape == "hidden" or (last and ticked)) and name:
                fields[name].append(value)
            elif field[1] == "button":
                bare = bare and not re.search(r"\sdisabled\b", field.group())
                if name:
                    fields[name].append(value)
            elif last and field[1] == "textarea" and name:
                fields[name].append("改了一处")
            elif not last:
                bare = False
        action = unescape(head.get("action", "")) or here
        # Whoever signs out sees nothing of the states that follow.
        if bare and action and not action.endswith("/sign-out"):
            yield action, dict(fields)


LINK = re.compile(r'\shref="(/desk/[^"#]*)')


PRESSED = re.compile(
    r'id="confirm"|/(consequences|certificates|verdicts|awards|results|put-away|small/publish'
    r"|recheck|judges/assign|seating|draws)$"
)
"""The pages whose buttons are pressed: last looks, what decides on results and certificates,
and what seats, draws and re-checks."""


class Faults:
    """What was wrong, where and in which states."""

    def __init__(self, app: Flask, kind: Kind) -> None:
        self.others = re.compile(WORDS_OF_OTHERS[kind])
        self.map = app.url_map.bind("")
        self.arguments = {it.endpoint: it.arguments for it in app.url_map.iter_rules()}
        self.places: dict[tuple[str, str], list[str]] = defaultdict(list)
        self.opened: dict[str, int] = defaultdict(int)
        self.seen: set[tuple[str, ...]] = set()
        """Which pages were opened in this state: who, the page, the names of what it was asked."""
        self.followed: set[tuple[str, ...]] = set()
        self.links: dict[tuple[str, ...], str] = {}
        self.buttons: dict[tuple[str, str, tuple[str, ...]], tuple[str, Fields, str]] = {}
        self.pressed: set[str] = set()
        """The pages whose buttons were pressed."""

    def look(self, client: FlaskClient, address: str, who: str, state: str, rule: str) -> None:
        """Open an address, and note what is wrong of it."""
        answer = client.get(address)
        self.opened[who] += answer.status_code == 200
        self.seen.add((who, *self._page_of(address)))
        if answer.status_code >= 500:
            self.places[rule, f"{answer.status_code} for {who}"].append(state)
        if answer.status_code != 200:
            return
        if answer.mimetype == "text/html":
            self._note_buttons(answer.text, address, who)
        name = unquote(answer.headers.get("Content-Disposition", ""))
        text = f"{name} {text_of(answer.data, answer.mimetype)}"
        for match in {it.group() for it in self.others.finditer(text)}:
            at = text.index(match)
            self.places[rule, f"{match}: …{text[max(0, at - 25) : at + 25]}…"].append(state)

    def look_after(self, client: FlaskClient, address: str, who: str) -> None:
        """Ask for an act that shows a last look before it is done."""
        answer = client.post(address)
        if answer.mimetype == "text/html":
            self._note_buttons(answer.text, address, who)

    def _note_buttons(self, page: str, address: str, who: str) -> None:
        desk = address.startswith("/desk/")
        if not desk or PRESSED.search(urlsplit(address).path) or PRESSED.search(page):
            for action, fields in bare_forms(page, address):
                kind = re.sub(r"[0-9A-Za-z]*[0-9][0-9A-Za-z]*", "*", action)
                # A last look is pressed whatever other page has the same button.
                kind += f" on {self._page_of(address)[0]}" if 'id="confirm"' in page else ""
                button = action, fields, address
                self.buttons.setdefault((who, kind, tuple(sorted(fields))), button)
        if desk:
            for link in map(unescape, LINK.findall(page)):
                self.links[who, *self._page_of(link)] = link

    def _page_of(self, address: str) -> tuple[str, ...]:
        parts = urlsplit(address)
        try:
            endpoint, _values = self.map.match(parts.path)
        except MethodNotAllowed:
            endpoint, _values = self.map.match(parts.path, method="POST")
        except HTTPException:
            return (parts.path,)
        return str(endpoint), *sorted(parse_qs(parts.query))

    def follow(self, clients: Mapping[str, FlaskClient], state: str) -> None:
        """Open what the organiser's pages of this state link to and what was not opened.

        One of a sort: a last look in each state, any other page in the first that shows it.
        """
        while self.links:
            page, link = self.links.popitem()
            # Pages of the whole installation speak of every kind.
            if page[0] != "organiser" or "code" not in self.arguments.get(page[1], ()):
                continue
            if page not in self.seen | self.followed and not PAPER.search(urlsplit(link).path):
                self.look(clients[page[0]], link, page[0], state, page[1])
                self.followed |= {page} if page[1] not in LAST_LOOKS else set()
        self.seen.clear()

    def press(
        self, clients: Mapping[str, FlaskClient], state: str, put_back: Callable[[], None]
    ) -> None:
        """Press each button that the pages of this state show, and put everything back."""
        for (who, *_kind), (action, fields, page) in self.buttons.items():
            answer = clients[who].post(action, data=fields)
            self.pressed.add(self._page_of(page)[0])
            if answer.status_code >= 400:
                text = text_of(answer.data, answer.mimetype)[:160]
                place = f"button {action} {sorted(fields)} on {page} for {who}"
                self.places[place, f"{answer.status_code} {text}"].append(state)
            else:
                put_back()
        self.buttons.clear()


PAPER = re.compile(r"\.(pdf|xlsx|docx|jpg|zip|json)$")


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
        if "GET" not in (rule.methods or ()):
            continue
        if not {"code", "token"} & rule.arguments and rule.endpoint.partition(".")[0] not in OWN:
            continue
        yield rule, getattr(app.view_functions[rule.endpoint], "guard", None)


OWN = ("judge", "api")
"""Pages of who judges: which competition it is follows from who asks."""


ASKED_FIRST = ("/judges/cards.pdf",)
"""Acts that show a last look before they are done."""
LAST_LOOKS = {
    "organiser.cards": "contest",
    "organiser.confirm_cancelling": "contest",
    "organiser.confirm_draw": "contest",
    "organiser.confirm_event_removal": "contest",
    "organiser.confirm_course": "two stages",
    "organiser.confirm_lock": "contest",
    "organiser.confirm_lock_module": "contest",
    "organiser.confirm_open": "contest",
    "organiser.confirm_publish": "contest",
    "organiser.confirm_publish_months": "labour",
    "organiser.confirm_renewal": "contest",
    "organiser.confirm_stage": "two stages",
    "organiser.confirm_stage_back": "two stages",
    "organiser.confirm_successor": "two stages",
    "organiser.publish_small": "small",
}
"""The pages of a last look, and the walk on which the buttons of each are pressed."""


def test_each_last_look_is_pressed_on_a_walk() -> None:
    looks: set[str] = set()
    for file in (OURS / "web" / "organiser").rglob("*.py"):
        views = [it for it in ast.parse(file.read_text()).body if isinstance(it, ast.FunctionDef)]
        calls = {view.name: _called_by(view) for view in views}
        shows = {name for name, called in calls.items() if "last_look" in called}
        looks |= {name for name, called in calls.items() if called & (shows | {"last_look"})}
        looks -= {name for name in looks if name.startswith("_")}
    listed = {page.removeprefix("organiser.") for page in LAST_LOOKS}
    assert looks == listed - {"publish_small"}


def _called_by(function: ast.FunctionDef) -> set[str]:
    calls = (it.func for it in ast.walk(function) if isinstance(it, ast.Call))
    return {it.id for it in calls if isinstance(it, ast.Name)}


OF_PEOPLE = (Role.CLERK, Role.CODER, Role.RECORDER, Role.ARBITER, Role.HEAD_ARBITER)
SHARED_IN = {"marking", "notice", "final begun"}
"""The states in which whoever else may opens again what the organiser opened."""


def everybody(app: Flask, competition: Competition) -> dict[str, FlaskClient]:
    """Somebody of each role but organiser, by the role."""
    accounts: dict[Role, Account] = {}
    if "C1" in {judge.code for judge in competition.judges}:
        accounts = {Role.CHIEF: official(competition, "C1")}
        accounts[Role.SUPERVISOR] = official(competition, "S1")
    if judge := scoring_judge(competition):
        accounts[Role.JUDGE] = account_of_judge(judge, competition, None)
        issue_card(accounts[Role.JUDGE], one_time=False)
    of_people = competition_kind(competition).of_people
    for role in OF_PEOPLE if of_people else (Role.RECORDER,):
        accounts[role] = create_account(f"某{role.value}")
        grant_role(accounts[role], competition, role)
    if competition.units:
        contact = accounts[Role.CONTACT] = create_account("顾燕")
        grant_role(contact, competition, Role.CONTACT, unit=competition.units[0])
    return {role.value: signed_in(app, account) for role, account in accounts.items()}


@pytest.mark.parametrize("name", WALKS)
def test_every_page_opens_in_its_own_words(
    app: Flask, here: Flask, load: Load, organiser: Account, tmp_path: Path, name: str
) -> None:
    if name == "small":
        organiser = create_account("吴敏敏", is_admin=True)
    desk = signed_in(app, organiser)
    faults: Faults | None = None
    people: dict[str, dict[str, FlaskClient]] = {}
    for state, competition in WALKS[name](load, organiser, desk):
        faults = faults or Faults(app, Kind(competition.kind))
        page = desk.get(f"/desk/{competition.code}/")
        assert "/sign-in" not in page.headers.get("Location", ""), f"signed out at {state}"
        who = people.get(competition.code)
        if who is None:
            who = people[competition.code] = everybody(app, competition)
            boards = competition_kind(competition).outcome is Outcome.RANK
            for event in competition.events if boards else ():
                board = make_board(event, organiser)
                settings: dict[str, Any] = {"delay": "0", "places": "9", "opens_at": None}
                change_board(board, switched_on=True, stations=False, by=organiser, **settings)
        if state == "draft":
            who["contact"].post(f"/unit/{competition.code}/people/new", data={"name": "新来"})
        clients = {"organiser": desk, "anybody": app.test_client(), **who}
        values, elsewhere = values_of(competition), values_elsewhere(competition)
        for rule, guard in doors(app):
            paper = rule.rule.endswith((".pdf", ".xlsx", ".docx"))
            if paper and state not in PAPERS_IN:
                continue
            face = rule.endpoint.partition(".")[0]
            own = values | elsewhere.get(face, {}) | elsewhere.get(rule.endpoint, {})
            for address in addresses(app, rule, own):
                for reader in readers(guard, who, state, administrator=name == "small"):
                    faults.look(clients[reader], address, reader, state, rule.rule)
        for address in ASKED_FIRST if Kind(competition.kind) is Kind.SKILLS else ():
            faults.look_after(desk, f"/desk/{competition.code}{address}", "organiser")
        faults.follow(clients, state)
        if faults.buttons:
            with set_back(tmp_path) as put_back:
                faults.press(clients, state, put_back)
    assert faults is not None
    assert faults.opened["organiser"] > (40 if competition_kind(competition).has_results else 5)
    wanted = {page for page, where in LAST_LOOKS.items() if where == name}
    assert wanted <= faults.pressed, f"nobody pressed on {wanted - faults.pressed}"
    shown = [
        f"{rule}  {what}  [{', '.join(states)}]" for (rule, what), states in faults.places.items()
    ]
    assert shown == [], "\n" + "\n".join(sorted(shown))


def readers(
    guard: Right | str | None, who: Mapping[str, FlaskClient], state: str, *, administrator: bool
) -> Iterator[str]:
    """Who opens a page: the organiser and each role that may; anybody what is public."""
    if guard == "public":
        yield "anybody"
    if not isinstance(guard, Right):
        return
    holders = HOLDERS[guard]
    organiser = holders.of({Role.ORGANISER}, administrator=administrator)
    if organiser:
        yield "organiser"
    for name in who:
        role = Role(name)
        again = organiser and state not in SHARED_IN
        if holders.of({role}, administrator=False) and not again:
            yield name
