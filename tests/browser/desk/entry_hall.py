"""A labour competition of ten units, and how somebody comes to its page of entry."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from compete.domain.bundle.writing import write_bundle
from compete.models import SELF, Account, Competition, LabourValueEntry, Unit, db
from tests.domain.labour.build import indicator, labour_bundle, quarter, value
from tests.support.databases import wait_until
from tests.support.signing_in import carry_in

UNITS = "甲乙丙丁戊己庚辛壬癸"


class Hall:
    """The competition, and how somebody comes to the page of February."""

    def __init__(
        self, app: Flask, competition: Competition, live_url: str, visitor: Callable[..., Any]
    ) -> None:
        self.competition, self._number = competition, competition.id
        self._app, self._live_url, self._visitor = app, live_url, visitor

    def come(self, account: Account, device: str = "desk", **settings: Any) -> Page:
        someone = self._visitor(device, **settings)
        someone.expect("ERR_INTERNET_DISCONNECTED|Failed to load resource")
        someone.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page: Page = someone.page()
        carry_in(page.context, self._app, account, self._live_url)
        page.goto(f"{self._live_url}/labour-entry/L?period=二月")
        expect(page.locator("[data-ready=true]")).to_be_visible()
        return page

    def waits_for(self, unit: str, code: str, wanted: Decimal | int | None) -> None:
        """Return once the server has that value."""
        wait_until(lambda: self.stands(unit, code) == wanted, f"{unit} {code} {wanted}")

    def waits_for_own(self, unit: str, code: str, wanted: Decimal | int) -> None:
        """Return once the server has that self-assessment."""

        def holds() -> bool:
            row = self._row(unit, code, own=True)
            return row is not None and row.value == wanted

        wait_until(holds, f"{unit} {code} {wanted}")

    def stands(self, unit: str, code: str) -> Decimal | None:
        row = self._row(unit, code)
        return None if row is None else row.value

    def waits_for_reason(self, unit: str, code: str, wanted: str | None) -> None:
        """Return once the server has that reason for the points taken."""

        def holds() -> bool:
            row = self._row(unit, code)
            return row is not None and (row.reason or None) == wanted

        wait_until(holds, f"{unit} {code} {wanted}")

    def _row(self, unit: str, code: str, *, own: bool = False) -> LabourValueEntry | None:
        """The newest row of a square: asked again and again, so of the database alone."""
        db.session.rollback()
        by_unit = LabourValueEntry.source.is_not_distinct_from(SELF)
        return db.session.scalars(
            select(LabourValueEntry)
            .filter_by(period="二月", indicator=code)
            .where(by_unit if own else ~by_unit)
            .join(Unit)
            .where(Unit.competition_id == self._number, Unit.code == unit)
            .order_by(LabourValueEntry.id.desc())
        ).first()


def hall_of(
    app: Flask,
    load: Callable[..., Competition],
    live_url: str,
    visitor: Callable[..., Any],
) -> Hall:
    """January is filled in, February is empty; two groups."""
    app.config["WTF_CSRF_ENABLED"] = True
    bundle = labour_bundle(
        UNITS,
        periods=quarter("一月", "二月"),
        indicators=[
            indicator("安全", 30),
            indicator("隐患", 30, scoring={"type": "deduction", "points": 3}),
            indicator("质量", 40),
        ],
        values=[
            value("癸", "一月", "隐患", 1),
            *(value(unit, "一月", code, 20) for unit in UNITS for code in ("安全", "质量")),
        ],
        groups={unit: "土建" if place < 6 else "机电" for place, unit in enumerate(UNITS)},
    )
    return Hall(app, load(json.loads(write_bundle(bundle))), live_url, visitor)


def square(page: Page, unit: str, view: int) -> Any:
    """A square by its unit and its column's place: 0 自评, 1 考评, and so on."""
    return page.locator(f'[data-unit="{unit}"][data-view="{view}"]')


def paste(page: Page, text: str) -> None:
    """Put a text on the clipboard, and paste it where the page is."""
    page.evaluate("text => navigator.clipboard.writeText(text)", text)
    page.keyboard.press("Control+v")
