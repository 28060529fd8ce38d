"""A visitor seals a share and works a draw out again, on a phone and without a network."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from compete.domain.ceremonies.hashing import seal
from tests.support.axe import violations

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
HEAD = "f71c5796b068f10eb2a50dff1bcd5e62"


def test_a_share_is_sealed_and_a_draw_checked_without_a_network(
    visitor: Callable[..., Any], live_url: str, tmp_path: Path
) -> None:
    person = visitor("phone")
    page: Page = person.page()
    page.goto(f"{live_url}/draw/seal?ceremony=叉车&number=2&name=组委会")
    page.get_by_role("button", name="做封签").click()
    expect(page.locator("#share-error")).to_contain_text("不能是空的")
    page.fill("#share", " 江北潮平 ")
    page.get_by_role("button", name="做封签").click()
    key = page.locator("[data-part=key]").inner_text()
    made = page.locator("[data-part=seal]").inner_text()
    assert made == seal("叉车", 2, "组委会", key, " 江北潮平 ")
    assert violations(page) == []

    page.goto(f"{live_url}/draw/check")
    person.context.set_offline(True)
    page.set_input_files("#file", EXAMPLES / "draw-46.json")
    expect(page.get_by_role("heading", name="一致", exact=True)).to_be_visible()
    page.fill("#code", "B1237")
    page.get_by_role("button", name="查").click()
    expect(page.locator("[data-part=mine]")).to_contain_text("第 1 签")
    # Places of a station are numbered through all sessions; people count those of their own.
    page.fill("#code", "甲2730")
    page.get_by_role("button", name="查").click()
    expect(page.locator("[data-part=mine]")).to_contain_text("C · 第 4 个")
    page.fill("#head", HEAD[:20])
    page.get_by_role("button", name="比一比").click()
    expect(page.locator("[data-part=head-error]")).to_contain_text("32")
    page.fill("#head", HEAD.upper())
    page.get_by_role("button", name="比一比").click()
    expect(page.locator(".draw-steps > li").first).to_contain_text("和现场记下的一样")
    assert violations(page) == []

    changed = json.loads((EXAMPLES / "draw-46.json").read_bytes())
    rows = changed["draws"][0]["result"]
    rows[3]["code"], rows[4]["code"] = rows[4]["code"], rows[3]["code"]
    (tmp_path / "changed.json").write_text(json.dumps(changed), encoding="utf-8")
    page.fill("#head", "")
    page.set_input_files("#file", tmp_path / "changed.json")
    expect(page.get_by_role("heading", name="不一致")).to_be_visible()
    expect(page.locator(".draw-difference:visible")).to_contain_text("draws[0].result[3]")
    expect(page.locator(".draw-difference:visible")).to_contain_text(rows[3]["code"])
    (tmp_path / "none.json").write_text('{"format": 1}', encoding="utf-8")
    page.set_input_files("#file", tmp_path / "none.json")
    expect(page.locator("[data-part=problems]")).to_contain_text("format")
    assert person.context.cookies() == []
