"""The registration workbook of an evaluation, sent back as it was downloaded."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from flask import Flask
from openpyxl import load_workbook

from compete.models import Account, Competition
from compete.services.registration.preview import keep_upload, offer_of, plan_of
from compete.sheets.registration.template import write_registration_workbook
from tests.sheets.reading.files import id_of
from tests.support.evaluation import evaluation
from tests.support.signing_in import signed_in


@pytest.fixture
def assessed(load: Callable[..., Competition]) -> Competition:
    return load(evaluation())


def test_its_example_row_is_nobody_and_nothing_to_be_mended(
    assessed: Competition, organiser: Account
) -> None:
    book = load_workbook(io.BytesIO(write_registration_workbook(offer_of(assessed))))
    sheet = book.worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(max_row=8)]
    (head,) = [n for n, row in enumerate(rows, 1) if "姓名*" in row]
    (example,) = [n for n, row in enumerate(rows, 1) if "张示例" in row]
    typed = {
        "姓名": "李新",
        "单位": "一站",
        "证件号码": id_of(7),
        "申报等级": assessed.events[0].name,
    }
    for column, name in enumerate(rows[head - 1], 1):
        if (title := str(name).rstrip("*")) in typed:
            sheet.cell(example + 1, column, typed[title])
    written = io.BytesIO()
    book.save(written)
    plan = plan_of(keep_upload(assessed, "报名表.xlsx", written.getvalue(), organiser))
    assert [row.registration and row.registration.name for row in plan.rows] == ["李新"]
    assert not any(row.problems for row in plan.rows)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_two_columns_of_the_list_or_of_its_workbook_are_called_alike(
    app: Flask, assessed: Competition, organiser: Account, language: str
) -> None:
    desk = signed_in(app, organiser)
    book = load_workbook(
        io.BytesIO(
            desk.get("/desk/EV/entrants/list.xlsx", headers={"Accept-Language": language}).data
        )
    )
    for row in book.worksheets[0].iter_rows(min_row=1, max_row=4, values_only=True):
        heads = [cell for cell in row if cell]
        if len(heads) > 5:
            assert len(heads) == len({*heads})
            break
    else:
        raise AssertionError("no heads")
    if language == "zh":
        assert "申报等级" in heads
