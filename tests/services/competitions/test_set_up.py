"""The set-up in eight parts: taken over, changed since, and registration opened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask

from compete.models import Account, Competition, utc_now
from compete.services.competitions.details import change_details, details_of
from compete.services.competitions.drafts import Beginnings, Origin, make_draft
from compete.services.competitions.editions import next_edition
from compete.services.competitions.overview import Lack
from compete.services.competitions.set_up import (
    Look,
    Part,
    choose_edition,
    count_set_up_to_do,
    edition_of,
    is_shut,
    keep_part,
    open_registration,
    opening_lacks,
    part_items,
    shut_registration,
)
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.clock import local_today
from compete.services.kernel.event_rules import rules_of
from compete.services.kernel.fields import with_values
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import unit_of_work
from compete.services.registration.window import change_window, why_units_cannot_enter, window_of
from compete.services.rules.rules_saving import draft_in_force, save_rules
from compete.services.schedule.slots import planned_sessions
from tests.support.small import all_marks, small

_PLACE = {"event": "E", "stage": "final", "module": "m"}
_PLAN = [{**_PLACE, "session": "1", "station": "1", "starts": "2025-09-15T09:00"}]


@pytest.fixture
def old(load: Callable[..., Competition]) -> Competition:
    head = {"starts": "2025-09-15", "year": 2025, "venue": "老场地", "extra": {"schedule": _PLAN}}
    return load(small(all_marks(), competition=head))


@pytest.fixture
def draft(here: Flask, old: Competition, organiser: Account) -> Competition:
    wanted = Beginnings(name="再来", code="Y", starts=date(2099, 11, 23))
    edition = next_edition(old, wanted)
    settings = edition.settings
    return make_draft(edition.bundle, Origin.EDITION, old.name, organiser, settings, old.code)


def looks(draft: Competition, by: Account) -> dict[str, Look]:
    return {item.key: item.look for item in part_items(draft, edition_of(draft, by))}


def keep(draft: Competition, key: str, by: Account) -> bool:
    earlier = edition_of(draft, by)
    (item,) = (it for it in part_items(draft, earlier) if it.key == key)
    code = item.event.code if item.event else ""
    return keep_part(draft, item.part, code, item.mark, earlier, by)


def test_what_came_along_opens_nothing_before_somebody_looked(
    draft: Competition, organiser: Account
) -> None:
    assert set(looks(draft, organiser).values()) == {Look.UNSEEN}
    assert {item.part for item in part_items(draft, None)} == set(Part)
    closes = utc_now() + timedelta(days=3)
    change_window(draft, replace(window_of(draft), closes=closes), organiser)
    assert "没有开放报名" in str(why_units_cannot_enter(draft))
    for left, key in enumerate(reversed(looks(draft, organiser))):
        assert count_set_up_to_do(draft) == 8 - left
        with pytest.raises(Refused, match=f"还差 {8 - left} 样"):
            open_registration(draft, organiser)
        assert keep(draft, key, organiser)
    assert set(looks(draft, organiser).values()) == {Look.KEPT}
    open_registration(draft, organiser)
    assert why_units_cannot_enter(draft) is None
    assert not is_shut(draft)
    shut_registration(draft, organiser)
    assert is_shut(draft)
    assert list(verify_chain(draft)) == []


def test_days_that_are_over_open_nothing(draft: Competition, organiser: Account) -> None:
    def past_dates() -> list[str]:
        return [lack.found for lack in opening_lacks(draft) if lack.kind is Lack.DATES]

    assert past_dates() == []
    today = local_today()
    now = details_of(draft)
    over = with_values(now, starts=today - timedelta(days=2), ends=today - timedelta(days=1))
    change_details(draft, over, now, organiser)
    assert past_dates() == [over.ends.isoformat()]
    # Registration may go on to the last day.
    change_details(draft, with_values(over, ends=today), over, organiser)
    assert past_dates() == []


def test_what_is_changed_is_no_longer_as_last_time_until_it_is_copied_back(
    draft: Competition, old: Competition, organiser: Account
) -> None:
    event = draft.events[0]
    assert keep(draft, "basics", organiser)
    assert keep(draft, "modules/E", organiser)
    now = details_of(draft)
    change_details(draft, with_values(now, venue="新场地"), now, organiser)
    rules = draft_in_force(event)
    stage = rules.stages[0]
    changed = replace(stage, name="总决赛")
    wanted = replace(rules, stages=(changed, *rules.stages[1:]))
    assert save_rules(event, wanted, event.rules.number, organiser) == 2
    with unit_of_work():
        draft.extra = {"competition": {"schedule": []}}
    seen = looks(draft, organiser)
    assert (seen["basics"], seen["modules/E"]) == (Look.CHANGED, Look.CHANGED)
    assert (seen["panels/E"], seen["schedule"]) == (Look.UNSEEN, Look.CHANGED)
    # What the page showed has to stand still.
    with pytest.raises(Refused, match="别人改过"):
        keep_part(draft, Part.BASICS, "", "0" * 16, edition_of(draft, organiser), organiser)
    for key in ("basics", "modules/E", "schedule"):
        assert keep(draft, key, organiser)
        assert looks(draft, organiser)[key] is Look.KEPT
    assert (draft.venue, draft.starts) == ("老场地", date(2099, 11, 23))
    assert rules_of(draft.events[0]) == rules_of(old.events[0])
    (session,) = planned_sessions(draft)
    assert session["starts"] == "2099-11-23T09:00"


def test_an_edition_chosen_later_gives_its_parts_to_what_has_the_same_name(
    old: Competition, load: Callable[..., Competition], organiser: Account
) -> None:
    other = load(small(competition={"code": "Z"}))
    choose_edition(other, old, organiser)
    now = details_of(other)
    change_details(other, with_values(now, venue="别处"), now, organiser)
    assert looks(other, organiser)["basics"] is Look.CHANGED
    assert keep(other, "basics", organiser)
    assert other.venue == "老场地"
    assert keep(other, "awards/E", organiser)
    assert rules_of(other.events[0]).awards == rules_of(old.events[0]).awards
    with pytest.raises(Refused, match="已经删掉"):
        keep_part(other, Part.AWARDS, "NO", "x", edition_of(other, organiser), organiser)
