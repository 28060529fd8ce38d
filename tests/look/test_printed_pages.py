"""What a page comes to on paper, printed from the browser."""

from __future__ import annotations

from io import BytesIO

from pypdf import PdfReader

from tests.look.house import Screen
from tests.look.look import Look

# Long lists, cards of rows, cards of fields, a page with its side beside it.
PRINTED = (
    *("RESCUE-2022/standings", "RESCUE-2022/results", "RESCUE-2022/awards", "X/claims"),
    *("DRAWN/draws", "X/certificates/words"),
)


def test_no_sheet_but_the_last_is_left_nearly_empty(shown: Screen) -> None:
    """A card kept whole at any price went to the second sheet, and the first held a heading."""
    sparse = {}
    for look in (*(Look(f"/desk/{path}") for path in PRINTED), Look("/p/RESCUE-2022", "")):
        page = shown.open(look, "desk")
        sheets = PdfReader(BytesIO(page.pdf(format="A4"))).pages
        signs = [len((sheet.extract_text() or "").strip()) for sheet in sheets]
        if min(signs[:-1], default=signs[0]) < max(signs) / 3 or not signs[-1]:
            sparse[look.name] = signs
    assert sparse == {}


def test_printed_results_name_their_list_once(shown: Screen) -> None:
    """The tab that is open, with its count, stood over the heading that says the same."""
    page = shown.open(Look("/p/RESCUE-2022", ""), "desk")
    heading = page.locator("#people h2").inner_text()
    page.emulate_media(media="print")
    printed = page.locator("main").inner_text().splitlines()
    page.emulate_media(media="null")
    assert [line for line in printed if line.startswith(heading)] == [heading]


def test_a_printed_list_says_which_part_of_it_this_is(shown: Screen) -> None:
    """Of 58 units 50 stood on paper, and nothing said so; numbers were in two pieces."""
    page = shown.open(Look("/desk/RESCUE-2022/certificates"), "desk")
    page.emulate_media(media="print")
    parts, links = page.locator(".paging > span"), page.locator(".paging a, .way-on")
    seen = parts.first.is_visible(), links.filter(visible=True).count()
    kept = page.locator("td.number").evaluate_all(
        "(all) => all.map((it) => getComputedStyle(it).whiteSpace)"
    )
    page.emulate_media(media="null")
    assert seen == (True, 0)
    assert set(kept) == {"nowrap"}
