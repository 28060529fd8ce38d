"""Each key of a labour competition's rules is set by the form from nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec
from flask import Flask
from playwright.sync_api import Page, expect

from compete.models import Account, Competition, db
from compete.services.scoring.bundle_out import export_bundle
from tests.support.every_labour_rule import UNITS, every_labour_rule, labour_as_stored
from tests.support.signing_in import carry_in


def fill(page: Page, rules: Mapping[str, Any], path: str = "") -> None:
    """Type rules of the contract into the fields that are named as their places are."""
    for key, value in rules.items():
        place = f"{path}{key}"
        match key, value:
            case "extra", {"self_assessed": False}:
                page.locator(f'[name="{path}own"]').uncheck()
            case "scoring", dict():
                fill(page, {"type": value["type"]}, f"{place}.")
                rest = {name: it for name, it in value.items() if name != "type"}
                if value["type"] == "rank":
                    rest["places"] = " ".join(rest.pop("points"))
                fill(page, rest, f"{place}.")
            case "periods", [str(), *_]:
                for code in value:
                    page.locator(f'[name="{place}"][value="{code}"]').check()
            case _, dict():
                fill(page, value, f"{place}.")
            case _:
                field = page.locator(f'[name="{place}"]')
                if field.evaluate("field => field.tagName") == "SELECT":
                    field.select_option(str(value))
                else:
                    field.fill(str(value))


def more(page: Page, name: str) -> None:
    """Ask for further rows of a list; what was typed comes back with them."""
    page.locator(f'button[name="act"][value="more:{name}"]').click()
    page.wait_for_load_state()
    page.evaluate("() => document.querySelectorAll('details').forEach((it) => (it.open = true))")


def test_every_key_of_labour_rules_is_set_from_nothing(
    app: Flask,
    here: Flask,
    organiser: Account,
    load: Callable[..., Competition],
    live_url: str,
    visitor: Callable[..., Any],
    picture: Callable[..., Path],
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    wanted = every_labour_rule()
    # Of a prize nobody is asked for a code.
    wanted["prizes"][0]["code"] = "W01"
    whole, *parts = wanted["periods"]
    # What is ticked comes in the order of the boxes.
    order = [period["code"] for period in wanted["periods"]]
    for ticked in (wanted["flags"], wanted["indicators"][0]):
        ticked["periods"].sort(key=order.index)
    least = {"code": "x", "name": "原来的", "max": "1", "scoring": {"type": "score"}}
    load(
        {
            "format": "compete-bundle/2",
            "competition": {"code": "L", "name": "赛", "kind": "labour", "level": "enterprise"},
            "units": [{"code": code, "name": name} for code, name in UNITS],
            "labour": {"periods": [{"code": "Y", "name": "期"}], "indicators": [least]},
        }
    )
    page: Page = visitor("desk").page()
    carry_in(page.context, app, organiser, live_url)
    page.goto(f"{live_url}/desk/L/labour/rules/form")
    page.locator('[name="indicators[0].gone"]').check()
    page.locator('[name="periods[0].name"]').fill(whole["name"])
    more(page, "periods")
    for n, period in enumerate(parts, 1):
        named = {**period, "part_of": "年" if period["part_of"] == "Y" else period["part_of"]}
        fill(page, named, f"periods[{n}].")
    more(page, "indicators")
    first = page.locator('[name^="indicators["][name$=".name"]').count() - 5
    for n, indicator in enumerate(wanted["indicators"]):
        fill(page, indicator, f"indicators[{first + n}].")
    fill(page, {key: it for key, it in wanted.items() if isinstance(it, str)})
    for n, key in enumerate(wanted["ties"]):
        more(page, "prizes")
        page.locator(f'[name="ties[{n}]"]').select_option(key.removeprefix("indicator:"))
    page.locator('[name="flags"]').check()
    fill(page, wanted["flags"], "flags.")
    prize = {key: it for key, it in wanted["prizes"][0].items() if key != "code"}
    fill(page, prize, "prizes[0].")
    for n, (code, _name) in enumerate(UNITS):
        if code in wanted["groups"]:
            page.locator(f'[name="units[{n}].group"]').fill(wanted["groups"][code])
        else:
            page.locator(f'[name="units[{n}].away"]').check()
    picture(page, "labour-form")
    page.get_by_role("button", name="存下").last.click()
    expect(page.get_by_role("status")).to_contain_text("存下了")
    db.session.rollback()
    db.session.expire_all()
    bundle = export_bundle(db.session.query(Competition).one())
    assert json.loads(msgspec.json.encode(bundle.labour)) == labour_as_stored(wanted)
