"""The pool of experts: one more is held against those of the same name, not against everybody."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import event

from compete.models import Account, Expert, db
from compete.services.accounts.accounts import create_account
from compete.services.directory.experts import add_expert
from compete.services.kernel.refusal import Refused


@pytest.fixture
def desk(here: Flask) -> Account:
    return create_account("吴敏")


def fields(name: str, unit: str = "甲单位") -> dict[str, str]:
    return {"name": name, "kind": "考评员", "unit": unit}


def test_one_more_reads_those_of_the_same_name_alone(desk: Account) -> None:
    first = add_expert(fields("罗平"), desk)
    person, number_of_desk = first.person_id, desk.id
    for number in range(3):
        add_expert(fields(f"别人{number}"), desk)
    loaded: list[int] = []

    def hear(row: Expert, _context: object) -> None:
        loaded.append(row.person_id)

    db.session.expunge_all()

    event.listen(Expert, "load", hear)
    try:
        second = add_expert(
            fields("罗平") | {"occupation": "电工"}, db.session.get_one(Account, number_of_desk)
        )
        assert second.person_id == person
        with pytest.raises(Refused, match="已经在库里"):
            add_expert(fields("罗平"), db.session.get_one(Account, number_of_desk))
    finally:
        event.remove(Expert, "load", hear)
    assert set(loaded) == {person}
