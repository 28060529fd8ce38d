"""What the page of a competition's details says of sessions that are on none of its days."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask

from compete.models import Account, Competition
from compete.services.kernel import unit_of_work
from tests.support.signing_in import signed_in
from tests.support.small import all_marks, small
from tests.web.organiser.test_details_page import saved


def test_sessions_on_none_of_the_days_are_said_beside_the_dates(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    at = {"event": "E", "stage": "final", "module": "task", "entrants": [], "judges": []}
    plan = [at | {"starts": f"2022-09-{day}T09:00"} for day in (14, 20, 20)]
    competition = load(small(all_marks()))
    with unit_of_work():
        kept = competition.extra or {}
        about = kept.get("competition") or {}
        competition.extra = kept | {"competition": about | {"schedule": plan}}
    desk = signed_in(app, organiser)
    page = saved(desk, starts="2022-09-14", ends="2022-09-15")
    assert "日程里有 2 场不在这几天：2022年9月20日" in page
    assert "/desk/X/hall" in page
    assert "不在这几天" not in saved(desk, ends="2022-09-20")
