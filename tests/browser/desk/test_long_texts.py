"""However long its texts are, no page of the desk runs out of its window sideways."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from compete.models import Account, Competition, db
from compete.services.accounts.accounts import create_account
from tests.support.appealing import appealed
from tests.support.browser import SIZES
from tests.support.long_texts import LongTexts
from tests.support.second_day import PRIZES, certify, second_version
from tests.support.signing_in import carry_in
from tests.support.small import all_marks, small

PAGES = (
    "",
    "entrants",
    "entrants/P2/",
    "judges?people=1",
    "decisions",
    "standings",
    "awards",
    "certificates",
    "consequences",
    "results",
    "appeals",
    "events",
    "units",
)
PHONE, DESK = (SIZES[device]["viewport"] for device in ("phone", "desk"))
OUT = """() => {
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= wide) return '';
  const out = [...document.querySelectorAll('main *')].filter((each) =>
    each.getBoundingClientRect().right > wide + 1 && !each.closest('.table-wrap'));
  return out.slice(0, 3).map((each) => each.outerHTML.slice(0, 120)).join(' … ') || 'the page';
}"""


@pytest.mark.parametrize("sign", ["长", "W"])
def test_no_page_runs_out_of_its_window(
    app: Flask,
    organiser: Account,
    load: Callable[..., Competition],
    live_url: str,
    visitor: Callable[..., Any],
    sign: str,
) -> None:
    texts = LongTexts(sign, 3000)
    competition = texts.until_taken(
        lambda: load(texts.file(small(all_marks(), event=PRIZES))),
    )
    certify(competition, organiser)
    appealed("P3")
    second_version(competition, organiser)
    texts.rows()
    db.session.commit()
    admin, code = create_account("管理员", is_admin=True), competition.code
    overflows = []
    # For fingers, also as wide as on a desk: what is pressed is larger then.
    page = visitor("phone").page()
    carry_in(page.context, app, admin, live_url)
    for name in PAGES:
        page.set_viewport_size(PHONE)
        answer = page.goto(f"{live_url}/desk/{code}/{name}")
        assert answer.ok, (name, answer.status)
        for size in (PHONE, DESK):
            page.set_viewport_size(size)
            if out := page.evaluate(OUT):
                overflows.append(f"{size['width']} {name or 'home'}: {out}")
    assert overflows == []
