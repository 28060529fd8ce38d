"""What a page comes to on paper, printed from the browser."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from playwright.sync_api import Browser
from pypdf import PdfReader

from tests.look.pages import PAGES
from tests.look.server import look_named, opened, serving, write_page
from tests.support.browser import SETTINGS

# Long lists, cards of rows, cards of fields, a page with its side beside it.
PRINTED = ("standings", "results", "awards", "claims", "draws", "public-standings", "award-words")


def test_no_sheet_but_the_last_is_left_nearly_empty(chromium: Browser, tmp_path: Path) -> None:
    """A card kept whole at any price went to the second sheet, and the first held a heading."""
    context = chromium.new_context(**SETTINGS)
    page = context.new_page()
    sparse = {}
    with serving(tmp_path) as address:
        for look in PAGES:
            if look.name in PRINTED:
                page.goto(f"{address}/{write_page(look, tmp_path, 'light')}")
                sheets = PdfReader(BytesIO(page.pdf(format="A4"))).pages
                signs = [len((sheet.extract_text() or "").strip()) for sheet in sheets]
                if min(signs[:-1], default=signs[0]) < max(signs) / 3 or not signs[-1]:
                    sparse[look.name] = signs
    context.close()
    assert sparse == {}


def test_printed_results_name_their_list_once(chromium: Browser, tmp_path: Path) -> None:
    """The tab that is open, with its count, stood over the heading that says the same."""
    with opened(look_named("public-standings"), chromium, tmp_path) as page:
        heading = page.locator("#people h2").inner_text()
        page.emulate_media(media="print")
        printed = page.locator("main").inner_text().splitlines()
    assert [line for line in printed if line.startswith(heading)] == [heading]


def test_a_printed_list_says_which_part_of_it_this_is(chromium: Browser, tmp_path: Path) -> None:
    """Of 58 units 50 stood on paper, and nothing said so; numbers were in two pieces."""
    with opened(look_named("certificates"), chromium, tmp_path) as page:
        page.emulate_media(media="print")
        assert page.locator(".paging > span").first.is_visible()
        assert not page.locator(".paging a").filter(visible=True).count()
        assert not page.locator(".way-on").filter(visible=True).count()
        assert page.locator("td .under.unbroken").inner_text() == "换成 Y0000 32 000123 22 2 000005"
        kept = page.locator("td.number, td .under.unbroken").evaluate_all(
            "(all) => all.map((it) => getComputedStyle(it).whiteSpace)"
        )
    assert set(kept) == {"nowrap"}
