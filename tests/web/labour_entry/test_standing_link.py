"""Who enters is led to what is newest of what was announced, and is called by the department."""

from __future__ import annotations

import json
from collections.abc import Callable
from urllib.parse import quote

from flask import Flask

from compete.domain.bundle.writing import write_bundle
from compete.domain.values.roles import Role
from compete.models import Account, Competition
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.labour.closing import close_period, publish_closed
from compete.services.labour.departments import save_department
from tests.domain.labour.build import indicator, labour_bundle, value
from tests.services.labour.made_up import recorder
from tests.support.signing_in import signed_in


def test_a_contact_is_led_to_the_quarter_and_not_to_the_inspection_that_ends_it(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    bundle = labour_bundle(
        "甲乙",
        periods=[
            {"code": "Y", "name": "全年"},
            {"code": "Q1", "name": "一季度", "part_of": "Y"},
            {"code": "M1", "name": "1 月", "part_of": "Q1"},
            {"code": "I1", "name": "一季度检查", "part_of": "Q1"},
            {"code": "M4", "name": "4 月", "part_of": "Y"},
        ],
        indicators=[indicator("安全")],
        values=[
            value(unit, period, "安全", 90) for unit in "甲乙" for period in ("M1", "I1", "M4")
        ],
    )
    competition = load(json.loads(write_bundle(bundle)))
    account = create_account("谢长林")
    grant_role(account, competition, Role.CONTACT, unit=competition.units[0])
    contact = signed_in(app, account)

    def led_to(period: str) -> bool:
        address = f'href="/p/L/periods/{period}/units/{quote("甲")}"'
        return address in contact.get("/labour-entry/L").text

    assert "名次和丢分" not in contact.get("/labour-entry/L").text
    for period in ("M1", "I1", "Q1"):
        close_period(competition, period, "", organiser)
    publish_closed(competition, organiser)
    assert led_to("Q1")
    close_period(competition, "M4", "", organiser)
    publish_closed(competition, organiser)
    assert led_to("M4"), "of the second version that month alone is new"


def test_the_head_of_a_page_names_the_department(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    bundle = labour_bundle(
        "甲", periods=[{"code": "M", "name": "本月"}], indicators=[indicator("安全")]
    )
    competition = load(json.loads(write_bundle(bundle)))
    safety = save_department(competition, "安全监察部", ["安全"], None, organiser)
    page = signed_in(app, recorder("周茹", competition, safety)).get("/labour-entry/L").text
    head = page[: page.index("<main")]
    assert "周茹" in head
    assert "安全监察部" in head
    assert "记分员" not in head
