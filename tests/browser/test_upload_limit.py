"""A file over the limit is refused in Chromium where it was chosen, and by the server in words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from compete.models import Account, Competition, db
from tests.support.browser import Visitor
from tests.support.signing_in import carry_in


@pytest.fixture
def page(
    here: Flask,
    fresh: Competition,
    organiser: Account,
    live_url: str,
    visitor: Callable[..., Visitor],
) -> Page:
    """The page of uploads, opened by the organiser."""
    someone = visitor("desk")
    someone.expect("413")
    carry_in(someone.context, here, organiser, live_url)
    db.session.remove()
    page = someone.page()
    page.goto(f"{live_url}/desk/X/entrants/upload")
    return page


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """A file of 21 MB that takes no room on the disk."""
    file = tmp_path / "大.xlsx"
    with file.open("wb") as sparse:
        sparse.truncate(21 * 1024**2)
    return file


def test_it_is_refused_before_any_of_it_is_sent(page: Page, large: Path) -> None:
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))
    page.set_input_files("#workbook", large)
    problem = page.locator("#workbook-problem")
    expect(problem).to_have_text("文件太大了，最大 20 MB。报名表里不要放照片")
    page.get_by_role("button", name="上传并核对").click()
    expect(problem).to_be_visible()
    assert "POST" not in sent
    page.set_input_files("#workbook", [])
    expect(problem).to_be_hidden()


def test_without_the_script_the_server_says_it_on_the_same_page(
    page: Page, large: Path, live_url: str
) -> None:
    page.route("**/upload.js", lambda route: route.fulfill(content_type="text/javascript"))
    page.reload()
    page.set_input_files("#workbook", large)
    page.get_by_role("button", name="上传并核对").click()
    expect(page.get_by_role("alert").first).to_contain_text("文件太大了，最大 20 MB")
    expect(page.get_by_role("heading", name="把名单放进来")).to_be_visible()
