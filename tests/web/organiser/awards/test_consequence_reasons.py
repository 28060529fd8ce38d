"""Why a certificate no longer follows: what moved since it was issued, never less than is known."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

from flask import Flask

from compete.models import Account, Competition
from compete.services.closing.competition_lock import lock_marks
from compete.services.judging.sent_back_sheets import send_sheet_back
from compete.services.results.publishing import publish
from tests.support.announced import announce_again, reopen
from tests.support.judging import Tablet
from tests.support.second_day import PRIZES, certify, second_version, with_prizes
from tests.support.signing_in import official, signed_in
from tests.support.small import all_marks, small

PAGE = "/desk/X/consequences"


def text_of(app: Flask, by: Account) -> str:
    """The words of the page."""
    page = re.sub(r"<[^>]+>", " ", signed_in(app, by).get(PAGE).text)
    return re.sub(r"\s+", " ", html.unescape(page))


def test_a_total_below_the_line_is_told_where_the_place_is_as_it_was(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    awards = [{**award, "min_total": "70"} for award in PRIZES["awards"]]
    competition = load(small(all_marks(), event={**PRIZES, "awards": awards}))
    certify(competition, organiser)
    reopen(competition, organiser)
    for judge in ("J1", "J2"):
        tablet = Tablet(competition, judge)
        send_sheet_back(tablet.sheet("P3"), "录错一张", official(competition, "C1"))
        assert not tablet.send(tablet.mark("a", "30", "P3")).refused
        assert not tablet.send(tablet.act("submit", "P3")).refused
    lock_marks(competition, organiser)
    publish(competition, organiser, "选手 P3 的分录错了。")
    page = text_of(app, organiser)
    assert "总分 74.00 → 68.00" in page
    assert "按新的一版不再符合" not in page


def test_who_rises_is_not_said_to_fall_out_when_the_version_comes_again(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = with_prizes(load)
    certify(competition, organiser)
    second_version(competition, organiser)
    announce_again(competition, organiser)
    page = text_of(app, organiser)
    assert "按新的一版不再符合" not in page
    assert page.count("第 2 → 第 1 名") == 2
