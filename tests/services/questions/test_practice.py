"""Practice of a bank: no secret question is ever in a set; who opens it; what is counted."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import pytest
from flask import Flask

from compete.domain.values.roles import BankRole
from compete.models import Practice, SyllabusNode, db
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.kernel.row_checks import check_rows
from compete.services.questions.bank_files import bring_bank
from compete.services.questions.practice import (
    SET_SIZE,
    close_practice,
    days_of,
    drawn_set,
    open_practice,
    practice_by_link,
    practice_lines,
    take_set,
)
from compete.services.questions.reviews import withdraw_question
from tests.support.banks import administrator, in_bank, question, small_bank
from tests.support.question_banks import KINDS, random_bank

POOLS = ("secret", "secret", "practice", None)
STATES = ("in_use", "in_use", "in_use", "draft", "withdrawn", None)


def _mixed(seed: int) -> dict[str, Any]:
    """A bank of questions of any pool, state and kind, some with a newer version."""
    random = Random(seed)
    tree = random_bank(seed, scopes=4, points=12, questions=random.randint(60, 200), kinds=KINDS)
    for row in tree["questions"]:
        for key, value in ("pool", random.choice(POOLS)), ("state", random.choice(STATES)):
            row.pop(key, None)
            if value is not None:
                row[key] = value
        if random.random() < 0.3:
            row["versions"].append({**row["versions"][0], "number": 2, "stem": f"新 {row['code']}"})
    return tree


def _allowed(tree: dict[str, Any], scope: str | None) -> dict[str, dict[str, Any]]:
    """By code the last versions that may be practised on, read from the file alone."""
    above = {node["code"]: node.get("parent") for node in tree["syllabus"]}

    def is_under(node: str | None) -> bool:
        return node == scope or (node is not None and is_under(above[node]))

    return {
        row["code"]: row["versions"][-1]
        for row in tree["questions"]
        if row.get("pool") == "practice"
        and row.get("state", "in_use") == "in_use"
        and row["kind"] != "essay"
        and (scope is None or is_under(row["node"]))
    }


@pytest.mark.parametrize("seed", range(3))
def test_a_set_is_of_the_practice_pool_alone(app: Flask, seed: int) -> None:
    with app.app_context():
        tree = _mixed(seed)
        bank = bring_bank(json.dumps(tree, ensure_ascii=False).encode(), None)
        keeper = in_bank(bank, BankRole.KEEPER, "keeper", administrator())
        scopes = {node.code: node for node in db.session.query(SyllabusNode)}
        lines = {line.node.code if line.node else None: line for line in practice_lines(bank)}
        for scope in (None, "A", "B", "A-00"):
            allowed = _allowed(tree, scope)
            assert lines[scope].questions == len(allowed)
            if not allowed:
                continue
            practice = open_practice(bank, scopes[scope] if scope else None, keeper)
            met: set[str] = set()
            for chance in range(25):
                drawn = drawn_set(practice, chance)["questions"]
                codes = [row["code"] for row in drawn]
                assert len(codes) == len(set(codes)) == min(SET_SIZE, len(allowed))
                met |= set(codes)
                for row in drawn:
                    last = allowed[row["code"]]
                    assert (row["stem"], row["key"]) == (last["stem"], last["key"])
                    assert {it["id"] for it in row.get("options", ())} == {
                        it["id"] for it in last.get("options", ())
                    }
            assert drawn_set(practice, 7) == drawn_set(practice, 7) != drawn_set(practice, 8)
            assert len(met) > SET_SIZE or met == set(allowed)


@pytest.mark.each_database
def test_it_opens_by_a_keeper_closes_and_counts_its_days(app: Flask) -> None:
    with app.app_context():
        bank = small_bank()
        admin = administrator()
        keeper = in_bank(bank, BankRole.KEEPER, "keeper", admin)
        author = in_bank(bank, BankRole.AUTHOR, "author", admin)
        scope = db.session.query(SyllabusNode).filter_by(code="B").one()
        empty = db.session.query(SyllabusNode).filter_by(code="A").one()
        with pytest.raises(Refused) as refused:
            open_practice(bank, None, author)
        assert refused.value.kind is Refusal.FORBIDDEN
        with pytest.raises(Refused):
            open_practice(bank, empty, keeper)
        practice = open_practice(bank, scope, keeper)
        assert open_practice(bank, scope, keeper).id == practice.id
        assert open_practice(bank, None, keeper).id != practice.id
        assert [row["code"] for row in take_set(practice)["questions"]] == ["Q003"]
        take_set(practice)
        assert sum(day.sets for day in days_of(practice)) == 2

        link = practice.link
        close_practice(practice, keeper)
        with pytest.raises(Refused):
            take_set(practice)
        open_practice(bank, scope, keeper)
        again = practice_by_link(link)
        assert again is not None
        assert (again.id, again.is_open) == (practice.id, True)
        assert practice_by_link("nothing") is None

        # What leaves use is in no set from that moment on.
        withdraw_question(question("Q003"), "过时", keeper)
        with pytest.raises(Refused):
            take_set(practice)
        assert drawn_set(practice, 1)["questions"] == []
        assert db.session.query(Practice).count() == 2
        assert [*verify_chain(None), *check_rows(None)] == []
