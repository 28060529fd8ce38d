"""The values of a labour competition's file, written past the session, are sealed like any row."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from compete.domain.bundle.writing import write_bundle
from compete.models import AuditEntry, Competition, LabourValueEntry, RowSeal, db
from compete.models.compiled_statements import table_of
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.refusal import Refused
from compete.services.kernel.row_checks import check_rows
from compete.services.kernel.row_digests import digests_of, new_digests, sealed_columns
from tests.domain.labour.build import indicator, labour_bundle, one_period, value


def test_values_come_in_with_a_seal_over_each_and_one_record(
    load: Callable[..., Competition],
) -> None:
    completion = {"type": "completion"}
    plain = json.loads(
        write_bundle(
            labour_bundle(
                "甲乙",
                periods=one_period(),
                indicators=[indicator("x"), indicator("y", scoring=completion)],
                values=[
                    value("甲", "M", "x", "12.50", extra={"注": ["抄自台账", 1.5, None]}),
                    value("乙", "M", "x", 7),
                    value("甲", "M", "y", "3", target="4.25"),
                ],
                adjustments=[{"unit": "甲", "period": "M", "points": "-1", "reason": "迟交"}],
            )
        )
    )
    competition = load(plain)
    rows = db.session.scalars(select(LabourValueEntry).order_by(LabourValueEntry.id)).all()
    assert [(row.value, row.target) for row in rows] == [
        (Decimal("12.5"), None),
        (Decimal(7), None),
        (Decimal(3), Decimal("4.25")),
    ]
    assert rows[0].extra == {"注": ["抄自台账", 1.5, None]}
    seals = select(RowSeal.columns).where(RowSeal.table_name == "labour_value")
    assert [set(columns) for columns in db.session.scalars(seals)] == [
        set(sealed_columns("labour_value"))
    ] * 3
    of_it = AuditEntry.competition_id == competition.id
    vouched = select(AuditEntry).where(of_it, AuditEntry.action != "role.grant")
    assert [(row.action, row.rows is None) for row in db.session.scalars(vouched)] == [
        ("competition.load", False)
    ]
    assert list(check_rows(competition.id)) == []
    assert list(verify_chain(competition)) == []
    changed = table_of(LabourValueEntry)
    db.session.connection().execute(
        update(changed).where(changed.c.id == rows[1].id).values(value=Decimal(8))
    )
    assert [(fault.table, fault.column) for fault in check_rows(competition.id)] == [
        ("labour_value", "value")
    ]
    db.session.rollback()


def test_digests_of_new_rows_are_those_of_any_row(app: Flask) -> None:
    rows = [
        {"period": "M", "value": Decimal("1.50"), "made_at": datetime(2026, 1, 2, tzinfo=UTC)},
        {"period": "1", "value": Decimal(1), "extra": {"b": 1, "a": [True, None]}, "unit_id": 1},
        {"period": "1", "value": Decimal("1.0"), "target": Decimal(1), "text": "\ud800一"},
    ]
    with app.app_context():
        digests = new_digests("labour_value")
        for number, row in enumerate(rows, 7):
            whole = {name: row.get(name) for name in sealed_columns("labour_value")}
            whole["id"] = number
            assert digests(number, row) == digests_of("labour_value", number, whole)


@pytest.mark.parametrize(
    ("place", "path"),
    [
        (lambda labour: labour["periods"][0], "labour.periods[0].name"),
        (lambda labour: labour["indicators"][0], "labour.indicators[0].name"),
    ],
)
def test_a_name_that_the_desk_would_refuse_is_not_loaded(
    load: Callable[..., Competition], place: Callable[[Any], dict[str, Any]], path: str
) -> None:
    plain = json.loads(
        write_bundle(labour_bundle("甲", periods=one_period(), indicators=[indicator("x")]))
    )
    place(plain["labour"])["name"] = "长" * 201
    with pytest.raises(Refused) as refused:
        load(plain)
    assert refused.value.message.render() == f"{path}：最多 200 个字，现在是 201 个"
    place(plain["labour"])["name"] = "长" * 200
    plain["labour"]["groups"] = {"甲": "组" * 201}
    with pytest.raises(Refused, match=r"labour\.groups\.甲：最多 200 个字"):
        load(plain)
    plain["labour"]["groups"] = {"甲": "组" * 200}
    load(plain)
