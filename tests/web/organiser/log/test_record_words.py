"""The competition's records in sentences: one is made for each row, and no other."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

import pytest
from flask import Flask

import compete
from compete.domain.identity.certificate_number import spaced_number
from compete.models import AuditEntry
from compete.web.organiser.log.record_words import record_text

NUMBER = "Y000022130000001000001"
CATALOGUE_ACTS = ("add", "change", "close", "reopen", "import")


def sentence_of(action: str, subject: str, after: object = None) -> str:
    return record_text(AuditEntry(action=action, actor="吴敏", subject=subject, after=after), {})


def test_of_all_sentences_only_the_one_that_is_wanted_is_made(app: Flask) -> None:
    # Of `unit.connect` the units are a list: its sentence could not be made of this row.
    with app.test_request_context():
        assert (
            sentence_of("unit.disconnect", "江北港", {"units": 3})
            == "吴敏 让单位 江北港 不再连着组织"
        )


def test_a_ruling_names_its_aspect_where_its_record_knows_the_name(app: Flask) -> None:
    with app.test_request_context():
        sentence = sentence_of(
            "dispute.rule", "B44", {"aspect": "smooth", "name": "操作平稳", "value": "2"}
        )
        assert sentence.startswith("吴敏 裁定 B44 的“操作平稳”评 2")
        assert "smooth" not in sentence_of(
            "dispute.rule", "B44", {"aspect": "smooth", "value": "2"}
        )


def test_a_difficulty_that_was_another_is_told_with_both_and_whose_it_is(app: Flask) -> None:
    first = {"people": 2, "set": {"E1": {"work": "2"}, "E2": {"work": "1"}}}
    with app.test_request_context():
        assert sentence_of("difficulty.set", "实操", first) == "吴敏 记了 实操 2 名选手的难度系数"
        row = AuditEntry(action="difficulty.set", actor="吴敏", subject="实操", after=first)
        row.before = {"E1": {"work": "1.5"}}
        sentence = record_text(row, {})
        assert sentence == "吴敏 改了 实操 的难度系数：E1 1.5 → 2，另外记了 1 名"


@pytest.mark.parametrize(
    "action", ["certificate.revoke", "certificate.ask_revoke", "consequence.keep"]
)
def test_a_grade_certificates_number_stands_in_its_groups(app: Flask, action: str) -> None:
    with app.test_request_context():
        sentence = sentence_of(action, NUMBER)
        assert spaced_number(NUMBER) in sentence
        assert NUMBER not in sentence
        assert "〔2022〕第1号" in sentence_of(action, "〔2022〕第1号")
        again = sentence_of("certificate.reissue", NUMBER, {"number": NUMBER})
        assert again.count(spaced_number(NUMBER)) == 2


def recorded() -> set[str]:
    """Every action that a service records: under a name written out, or as a catalogue's act."""
    actions = set()
    for file in (Path(compete.__file__).parent / "services").rglob("*.py"):
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(call, ast.Call):
                continue
            if ast.unparse(call.func) == "Catalogue":
                arguments = {word.arg: word.value for word in call.keywords}
                kind = ast.literal_eval(arguments["kind"])
                # Not every catalogue reads workbooks.
                acts = (act for act in CATALOGUE_ACTS if act != "import" or "match" in arguments)
                actions |= {f"{kind}.{act}" for act in acts}
            if not isinstance(call.func, ast.Attribute):
                continue
            if call.func.attr not in ("record", "record_many"):
                continue
            words = (arg.value for arg in call.args if isinstance(arg, ast.Constant))
            actions |= {word for word in words if isinstance(word, str) and "." in word}
    return actions


def test_every_act_that_is_recorded_has_a_sentence(app: Flask) -> None:
    actions = recorded()
    assert len(actions) > 100
    assert {"ladder.reopen", "occupation.import"} <= actions
    with app.test_request_context():
        bare = {
            action for action in actions if action in sentence_of(action, "X", defaultdict(int))
        }
    assert bare == set()


@pytest.mark.parametrize(
    ("actor", "in_english"),
    [
        ("系统", "System"),
        ("田春（凭吴敏发的卡）", "田春 (by a card from 吴敏)"),
        ("田春", "田春"),
    ],
)
def test_who_did_it_is_told_in_the_readers_language(
    app: Flask, actor: str, in_english: str
) -> None:
    """Records keep who signed, and by whose card, in Chinese."""
    entry = AuditEntry(action="judging.lock", actor=actor, subject="", after=None)
    with app.test_request_context():
        assert record_text(entry, {}).startswith(actor)
    with app.test_request_context(headers={"Cookie": "lang=en"}):
        assert record_text(entry, {}).startswith(in_english)
