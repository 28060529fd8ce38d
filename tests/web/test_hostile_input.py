"""Whatever is sent to any form, call or upload, the answer is never an error of the program."""

from __future__ import annotations

import ast
import io
import random
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.routing import Rule

import compete.web
from compete.domain.values.rights import Right
from compete.domain.values.roles import Role
from compete.services.accounts.accounts import create_account, grant_role
from compete.web.inputs import FORM_BYTES
from tests.support.hostile import LARGE, SMALL, bodies, files, form
from tests.support.panels import Panel
from tests.support.signing_in import signed_in

PLAUSIBLE = ("J1", "E1", "1", "final", "practice", "penalty", "FORK", "smooth", "2")
# A NUL and what is larger than a form may be are refused before any view: of every tenth that is
# tried too, everywhere else they would keep the rest from the views.
AT_THE_DOOR = 10
TAKEN_IN = [text for text in SMALL if "\0" not in text]
LET_IN = [text for text in LARGE if len(text.encode()) < FORM_BYTES]
# Whose client comes to a page of this guard.
ORGANISER = ""
WHO = {
    **dict.fromkeys(("public", "token"), ORGANISER),
    **dict.fromkeys(Right, ORGANISER),
    Right.ADMINISTER: "admin",
    Right.OWN_ACCOUNT: "J1",
    Right.MARK: "J1",
    Right.READ_AGAIN: "C1",
    Right.RULE: "C1",
    Right.SEE: "C1",
    Right.AGREE: "C1",
    Right.RECHECK: "C1",
    Right.ENTER_OWN: "unit",
}
# What ends a thing comes after what reads it, so that most are tried while they are open.
LAST = ("sign-out", "cancel", "close", "lock", "open", "publish", "withdraw", "take-back", "revoke")


QUERIES = ("%00", "%ED%A0%80%FF", "9" * 30, "-1", "%F0%9F%8F%86" * 60)


def last_name(node: ast.AST) -> str:
    """`form` of `request.form`, of `form`; nothing of what has no name."""
    return str(getattr(node, "attr", None) or getattr(node, "id", ""))


@cache
def field_names() -> tuple[list[str], list[str]]:
    """Names that the views read from forms and addresses, and those of files."""
    names: set[str] = set()
    uploads: set[str] = set()
    for file in Path(compete.web.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            match node:
                case ast.Call(
                    func=ast.Attribute(attr=asked, value=source), args=[ast.Constant(str(name)), *_]
                ) if asked.startswith("get"):
                    if last_name(source) == "files":
                        uploads.add(name)
                    elif last_name(source) in ("form", "args"):
                        names.add(name)
                case ast.Assign(targets=targets, value=value) if any(
                    isinstance(part, ast.Call) and last_name(part.func).endswith("Field")
                    for part in ast.walk(value)
                ):
                    names |= {target.id for target in targets if isinstance(target, ast.Name)}
    return sorted(names - {"csrf_token"}), sorted(uploads)


def call_fields() -> list[str]:
    """Names in the bodies of the tablets' calls."""
    api = Path(compete.web.__file__).parent / "api"
    sheets = api.parent.parent / "services" / "sheets" / "act_rules.py"
    names: set[str] = set()
    for file in (*api.glob("*.py"), sheets):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef) and "Struct" in ast.unparse(node):
                names |= {
                    field.target.id
                    for field in node.body
                    if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)
                }
    return sorted(names)


class Attack:
    """Sends, and keeps a line for every request that broke something."""

    def __init__(self, app: Flask, panel: Panel) -> None:
        self.broken: list[str] = []
        self._app = app
        self._sheet = panel.sheet("J1").public_id
        self._clients: dict[str, FlaskClient] = {}
        self._accounts = {"": panel.organiser, "admin": create_account("管理员", is_admin=True)}
        contact, home = create_account("联系人"), panel.competition
        grant_role(contact, home, Role.CONTACT, unit=home.units[0])
        self._accounts["unit"] = contact
        self._accounts |= {code: panel.account(code) for code in ("J1", "C1")}
        app.config["PROPAGATE_EXCEPTIONS"] = False

    def client(self, guard: str) -> FlaskClient:
        who = WHO[guard]
        if who not in self._clients:
            self._clients[who] = signed_in(self._app, self._accounts[who])
        return self._clients[who]

    def address(self, rule: Rule) -> str:
        real: dict[str, Any] = {
            **{"code": "PANEL", "public_id": self._sheet, "event": "FORK", "stage": "final"},
            **{"judge_code": "J1", "who": "E1", "act": "approve", "kind": "grade", "name": "x"},
            **{
                "token": "x" * 32,
                "uuid": "0" * 32,
                "digest": "0" * 64,
                "to": "zh",
                "ending": "pdf",
            },
        }
        values = {name: real.get(name, 1) for name in rule.arguments}
        with self._app.test_request_context():
            return str(self._app.url_map.bind("localhost").build(rule.endpoint, values))

    def send(self, rule: Rule, method: str, what: str, **keys: Any) -> None:
        guard = self._app.view_functions[rule.endpoint].guard  # type: ignore[attr-defined]
        answer = self.client(guard).open(self.address(rule), method=method, **keys)
        status = answer.status_code
        if status == 401 or (answer.location or "").startswith(("/sign-in", "/?")):
            self._clients.pop(WHO[guard])
        if status >= 500:
            self.broken.append(f"{status} {method} {rule.rule}: {what}")


def rules_of(app: Flask, method: str) -> Iterator[Rule]:
    rules = [
        rule
        for rule in app.url_map.iter_rules()
        if method in (rule.methods or ()) and rule.endpoint != "static"
    ]
    yield from sorted(rules, key=lambda rule: any(word in rule.rule for word in LAST))


@pytest.fixture
def attack(app: Flask, opened: Panel) -> Iterator[Attack]:
    with app.app_context():
        yield Attack(app, opened)


@pytest.mark.slow
def test_no_form_breaks(app: Flask, attack: Attack) -> None:
    chance = random.Random(20261120)
    names, _uploads = field_names()
    assert len(names) > 60
    rounds = [(TAKEN_IN, LET_IN, 1), (SMALL, LARGE, AT_THE_DOOR)]
    for number, rule in enumerate(rules_of(app, "POST")):
        for small, large, every in rounds:
            if number % every:
                continue
            plain = {name: chance.choice((*small, *PLAUSIBLE)) for name in names}
            plain |= {name: chance.choice(large) for name in chance.sample(names, 3)}
            attack.send(rule, "POST", str({k: v[:20] for k, v in plain.items()}), **form(plain))
    assert attack.broken == []


@pytest.mark.slow
def test_no_page_breaks_by_its_address(app: Flask, attack: Attack) -> None:
    names, _uploads = field_names()
    queries = [f"{name}={{}}" for name in names]
    chance = random.Random(20261120)
    for rule in rules_of(app, "GET"):
        for value in chance.sample(QUERIES, 1):
            query = "&".join(queries).format(*[value] * len(queries))
            attack.send(rule, "GET", value[:20], query_string=query)
    assert attack.broken == []


def test_no_call_breaks(app: Flask, attack: Attack) -> None:
    chance = random.Random(20261120)
    fields = call_fields()
    assert {"acts", "pin", "drawing", "uuid", "value"} <= set(fields)
    for rule in rules_of(app, "POST"):
        if rule.rule.startswith("/api/"):
            for body in bodies(fields, chance):
                attack.send(
                    rule, "POST", repr(body[:40]), data=body, content_type="application/json"
                )
    assert attack.broken == []


@pytest.mark.slow
def test_no_upload_breaks(app: Flask, attack: Attack) -> None:
    _names, uploads = field_names()
    assert {"package", "photo", "workbook"} <= set(uploads)
    takers = ("upload", "photo", "handover", "decisions", "field")
    plain = {
        "uuid": "12345678-1234-1234-1234-123456789012",
        **{"kind": "penalty", "who": "E1", "entrant": "E1", "stage": "final"},
        **{"place": "FORK|final|practice", "module": "practice", "reason": "x", "evidence": "y"},
        **{"points": "1"},
    }
    for rule in rules_of(app, "POST"):
        if not any(word in rule.rule for word in takers):
            continue
        for name, content in files():
            data: dict[str, Any] = dict(plain)
            data |= {field: (io.BytesIO(content), name) for field in uploads}
            attack.send(rule, "POST", f"{name} {content[:20]!r}", data=data)
        for kind, body in (
            ("multipart/form-data", b"x"),
            ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\n"),
            ("multipart/form-data; boundary=x", b"--x\r\n" + b"A" * 70_000),
            ("application/x-www-form-urlencoded", b"%" * 1000 + b"&=&=" * 1000),
        ):
            attack.send(rule, "POST", f"{kind} {body[:20]!r}", data=body, content_type=kind)
    assert attack.broken == []


def test_no_file_of_a_refused_form_stays_open(app: Flask) -> None:
    def part(name: str, content: str) -> str:
        return f"--x\r\nContent-Disposition: form-data; {name}\r\n\r\n{content}\r\n"

    sent = part('name="file"; filename="a"', "1" * 600_000)
    for rest in (part('name="text"', "1" * 200_000), "--y"):
        opened: list[io.BytesIO] = []

        def keep(*_about: object, to: list[io.BytesIO] = opened, **_named: object) -> io.BytesIO:
            to.append(io.BytesIO())
            return to[-1]

        body = (sent + rest).encode()
        parser = app.request_class.form_data_parser_class(keep, max_form_memory_size=150_000)
        with suppress(RequestEntityTooLarge):
            parser.parse(io.BytesIO(body), "multipart/form-data", len(body), {"boundary": "x"})
        assert [file.closed for file in opened] == [True]


@pytest.mark.parametrize("host", ["x@y", "x y", "[::1", "a/b", "x:99999", "a?b"])
def test_a_head_whose_host_is_none_is_refused_as_incomplete(app: Flask, host: str) -> None:
    for page in ("/", "/sign-in", "/desk/", "/healthz"):
        assert app.test_client().get(page, headers={"Host": host}).status_code == 400, page
