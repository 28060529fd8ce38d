"""Every address, asked by everybody: the table of rights decides, nothing of others comes out."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.routing import Rule

from compete.domain.bundle.writing import write_bundle
from compete.domain.values.kinds import Kind
from compete.domain.values.rights import HOLDERS, Right
from compete.domain.values.roles import BANK_ROLE_WORDS, ROLE_WORDS, BankRole, Role
from compete.models import (
    Account,
    Assignment,
    AuditEntry,
    Competition,
    Judge,
    Membership,
    Sheet,
    db,
)
from compete.services.accounts.accounts import create_account, grant_role
from compete.web import errors
from compete.web.extensions import limiter
from compete.web.guard import LIST_OF_THE_DESK
from tests.domain.bundle.test_wrong_practices import practice
from tests.domain.labour.build import one_month
from tests.support.banks import in_bank, other_bank
from tests.support.evaluation import evaluation
from tests.support.signing_in import official, signed_in
from tests.support.small import all_marks, small

LET_IN = 299
"""What a view that is not run answers: the guard was passed."""


OF_ONE_KIND = {"L": Kind.LABOUR, "EV": Kind.EVALUATION, "PR": Kind.PRACTICE}
"""Competitions of one kind, in which everybody has a part."""


@dataclass(frozen=True)
class Visitor:
    """Somebody at the door, with what the table must know of them."""

    client: FlaskClient
    roles: frozenset[Role] = frozenset()
    administrator: bool = False
    account: bool = True
    elsewhere: frozenset[Role] = frozenset()
    """Roles in another competition."""
    in_bank: frozenset[BankRole] = frozenset()
    """Roles in a question bank."""


@pytest.fixture
def both(load: Callable[..., Competition]) -> tuple[Competition, Competition]:
    """A competition with every role, and the neighbour's, whose things bear other codes."""
    own = small()
    own["judges"] += [
        {"code": "R1", "name": "记分员丙", "role": "recorder"},
        {"code": "M1", "name": "加密丁", "role": "coder"},
    ]
    neighbour = small(all_marks(), competition={"code": "Y"})
    for rows in (neighbour["entrants"], neighbour["units"], neighbour["judges"]):
        for row in rows:
            row["name"] = f"邻{row['name']}"
    for row in (
        *neighbour["entrants"],
        *neighbour["judges"],
        *neighbour["units"],
        *neighbour["marks"],
    ):
        for key in {"code", "unit", "judge", "entrant"} & set(row):
            row[key] = f"Z{row[key]}"
    return load(own), load(neighbour)


@pytest.fixture
def of_labour(load: Callable[..., Competition]) -> Competition:
    """One whose pages no competition of skills has; everybody has the same part in it."""
    bundle = one_month({"甲": 95})
    return load(json.loads(write_bundle(bundle)))


@pytest.fixture
def of_evaluations(load: Callable[..., Competition]) -> Competition:
    """One whose pages no contest has; everybody has the same part in it."""
    return load(evaluation())


@pytest.fixture
def of_practices(load: Callable[..., Competition]) -> Competition:
    """One whose pages no contest has; everybody has the same part in it."""
    return load(practice(code="PR"))


@pytest.fixture
def visitors(
    app: Flask,
    both: tuple[Competition, Competition],
    of_labour: Competition,
    of_evaluations: Competition,
    of_practices: Competition,
) -> dict[str, Visitor]:
    """Nobody, somebody without a part, the neighbour's organiser, each role, an administrator."""
    own, neighbour = both
    organiser_only = frozenset({Role.ORGANISER})
    clients = {
        "stranger": Visitor(signed_in(app, create_account("过路人"))),
        "admin": Visitor(signed_in(app, create_account("管", is_admin=True)), administrator=True),
    }
    other = create_account("邻")
    grant_role(other, neighbour, Role.ORGANISER)
    clients["neighbour"] = Visitor(signed_in(app, other), elsewhere=organiser_only)
    codes = {judge.role: judge.code for judge in own.judges}
    for role in Role:
        if role in codes:
            account = official(own, codes[role])
        else:
            account = create_account(role.value)
            grant_role(account, own, role)
        grant_role(account, of_labour, role)
        grant_role(account, of_evaluations, role)
        grant_role(account, of_practices, role)
        clients[role.value] = Visitor(signed_in(app, account), roles=frozenset({role}))
    bank, admin = other_bank(), account_named("管")
    for bank_role in BankRole:
        account = in_bank(bank, bank_role, f"bank {bank_role.value}", admin)
        clients[f"bank {bank_role.value}"] = Visitor(
            signed_in(app, account), in_bank=frozenset({bank_role})
        )
    return clients | {"nobody": Visitor(app.test_client(), account=False)}


def account_named(name: str) -> Account:
    return db.session.scalars(select(Account).where(Account.name == name)).one()


def rules(app: Flask) -> Iterator[tuple[Rule, str]]:
    """Every guarded address with each of its methods."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static" or guard_of(app, rule) in ("public", "token"):
            continue
        for method in sorted({"GET", "POST"} & set(rule.methods or ())):
            yield rule, method


def guard_of(app: Flask, rule: Rule) -> str | Right | None:
    guard: str | Right | None = getattr(app.view_functions[rule.endpoint], "guard", None)
    return guard


def code_of(app: Flask, rule: Rule, own: str) -> str:
    """The competition whose page it is, of those in which everybody has a part."""
    kinds = getattr(app.view_functions[rule.endpoint], "kinds", frozenset())
    return next((code for code, kind in OF_ONE_KIND.items() if kinds == {kind}), own)


def address(app: Flask, rule: Rule, **real: object) -> str:
    values = {name: 1 if name.endswith(("_id", "number")) else "x" for name in rule.arguments}
    values |= {"ending": "pdf"}
    values["public_id"] = values["uuid"] = "x"
    values |= {name: value for name, value in real.items() if name in rule.arguments}
    values = {name: value for name, value in values.items() if name in rule.arguments}
    return str(app.url_map.bind("localhost").build(rule.endpoint, values))


def expected(right: Right, rule: Rule, who: Visitor, method: str) -> set[int]:
    """What the table says that comes back."""
    if not who.account:
        return {401} if rule.rule.startswith("/api/") else {302}
    roles = who.roles if "code" in rule.arguments else who.roles | who.elsewhere
    holders = HOLDERS[right]
    if holders.of(roles, administrator=who.administrator, acting=method == "POST"):
        return {LET_IN}
    if holders.in_banks & who.in_bank:
        return {LET_IN}
    if holders.of(roles, administrator=who.administrator) and "code" in rule.arguments:
        return {403}
    if rule.endpoint == LIST_OF_THE_DESK:
        return {302}
    return {403} if right in (Right.OPEN_DESK, Right.MARK) else {404}


@pytest.mark.slow
def test_each_address_lets_in_whom_the_table_names_and_nobody_else(
    app: Flask, visitors: dict[str, Visitor], monkeypatch: pytest.MonkeyPatch
) -> None:
    views: list[Any] = [app.view_functions[rule.endpoint] for rule, _method in rules(app)]
    shut = {view.__wrapped__ for view in views}

    def at_the_door(view: Any) -> Any:
        return (lambda **_kwargs: ("", LET_IN)) if view in shut else view

    monkeypatch.setattr(app, "ensure_sync", at_the_door)
    # Two thousand answers, of which the status is asked: the pages of errors stay undrawn.
    monkeypatch.setattr(errors, "_page", lambda *_args, **_keys: "")
    monkeypatch.setattr(limiter, "enabled", False)
    wrong, asked = [], 0
    for rule, method in rules(app):
        right = guard_of(app, rule)
        assert isinstance(right, Right), f"{rule.endpoint} names no right"
        for name, who in visitors.items():
            asked_of = address(app, rule, code=code_of(app, rule, "X"))
            answer = who.client.open(asked_of, method=method)
            status, wanted = answer.status_code, expected(right, rule, who, method)
            if rule.endpoint == "api.acts" and who.account:
                # Who may is asked by the service, in the transaction that takes the acts.
                wanted = {LET_IN}
            asked += 1
            if status not in wanted:
                wrong.append(f"{name}: {method} {rule.rule} ({right}) {status}, not {wanted}")
    assert wrong == []
    assert asked > 1500


def test_things_of_others_under_the_own_code_are_not_there(
    app: Flask, both: tuple[Competition, Competition], visitors: dict[str, Visitor]
) -> None:
    own, neighbour = both
    sheet = db.session.scalar(select(Sheet).where(Sheet.competition_id == neighbour.id).limit(1))
    part = db.session.scalar(select(Membership).where(Membership.competition_id == neighbour.id))
    row = db.session.scalar(
        select(Assignment).join(Judge).where(Judge.competition_id == neighbour.id).limit(1)
    )
    assert sheet is not None
    assert part is not None
    assert row is not None
    theirs = {
        **{"public_id": sheet.public_id, "who": "ZP1", "judge_code": "ZJ1", "unit_code": "ZU1"},
        **{"number": part.id, "row_id": row.id, "unit_id": neighbour.units[0].id},
        **dict.fromkeys(("person_id", "other_id"), neighbour.judges[0].person_id),
        **{"act": "approve", "kind": "grade"},
    }
    rows = select(func.count(AuditEntry.id)).where(AuditEntry.competition_id == neighbour.id)
    before = db.session.scalar(rows)
    for rule, method in rules(app):
        if set(rule.arguments) <= {"code", "act", "kind", "form", "event", "stage"}:
            continue
        for name in ("organiser", "chief", "judge", "recorder"):
            answer = visitors[name].client.open(
                address(app, rule, code=code_of(app, rule, own.code), **theirs),
                method=method,
                data={"reason": "看看"},
            )
            assert answer.status_code >= 300, (name, method, rule.rule)
            if method == "GET":
                assert answer.status_code in (302, 403, 404, 410), (name, rule.rule)
            assert "邻" not in answer.text, (name, method, rule.rule)
    assert db.session.scalar(rows) == before


def test_the_table_for_people_says_what_the_code_does() -> None:
    page = (Path(__file__).parents[2] / "docs" / "operating.md").read_text("utf-8")
    rows = re.findall(r"^\| ([^|]+) `([a-z_]+)` \|(.*)\|$", page, re.MULTILINE)
    for first, words in (("做什么", ROLE_WORDS), ("在题库里做什么", BANK_ROLE_WORDS)):
        head = re.search(rf"^\| {first} \|(.*)\|$", page, re.MULTILINE)
        assert head is not None
        columns = [cell.strip() for cell in head[1].split("|")]
        assert columns == ["管理员", *(str(word.text) for word in words.values())]
    assert [right for _words, right, _cells in rows] == [right.value for right in Right]
    for _words, name, cells in rows:
        marks = [cell.strip() for cell in cells.split("|")]
        holders = HOLDERS[Right(name)]
        of = [role in holders.in_banks for role in BankRole]
        if not holders.in_banks:
            of = [role in holders.roles for role in Role]
        assert [mark == "✓" for mark in marks] == [holders.administrators, *of], name
