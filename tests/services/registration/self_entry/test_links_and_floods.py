"""A lost link is replaced; a flood by a machine takes no unit's room and is cleared at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from compete.models import Account, AuditEntry, Competition, db, utc_now
from compete.services.kernel.refusal import Refused
from compete.services.kernel.row_checks import check_rows
from compete.services.registration import applications
from compete.services.registration.acceptance import return_people
from compete.services.registration.applications import save_person
from compete.services.registration.self_entry import own_entry
from compete.services.registration.self_entry.confirmation import (
    NO_UNIT,
    Flood,
    clear_unseen,
    count_unseen,
)
from compete.services.registration.self_entry.own_entry import entry_under, renew_own_link
from tests.support.self_entry import enter, switch_on


def test_a_lost_link_is_replaced_by_unit_or_organiser_and_the_old_one_dies(
    fresh: Competition, organiser: Account
) -> None:
    switch_on(fresh, organiser)
    own, link = enter(fresh)
    unit, other = fresh.units[0], fresh.units[1]
    with pytest.raises(Refused, match="再看一遍"):
        renew_own_link(own, own.version, organiser, other)
    with pytest.raises(Refused, match="再看一遍"):
        renew_own_link(own, own.version + 1, organiser, unit)
    assert entry_under(link) is own
    fresh_link = renew_own_link(own, own.version, organiser, unit)
    assert (entry_under(link), entry_under(fresh_link)) == (None, own)
    # What was on somebody's screen is old then.
    again = renew_own_link(own, own.version, organiser)
    assert (entry_under(fresh_link), entry_under(again)) == (None, own)
    records = db.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "application.new_link")
    ).all()
    assert [row.after for row in records] == [{"people": [own.public_id]}] * 2
    assert all(secret not in str(records[0].after) for secret in (link, fresh_link))
    assert list(check_rows(fresh)) == []


def test_a_flood_takes_no_room_of_the_unit_and_is_cleared_at_once(
    fresh: Competition, organiser: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    switch_on(fresh, organiser)
    monkeypatch.setattr(own_entry, "MOST_UNSEEN", 3)
    monkeypatch.setattr(applications, "MOST_OF_A_UNIT", 1)
    unit = fresh.units[0]
    links = [enter(fresh, place)[1] for place in range(3)]
    with pytest.raises(Refused, match="还没看的报名太多了"):
        enter(fresh, 3)
    # The unit's contact still enters people of its own.
    save_person(unit, fresh, {"name": "单位录的"}, organiser)
    # Another unit has its own places.
    enter(fresh, 4, unit=fresh.units[1].code)
    flood = Flood(unit=unit.code, since=None, until=None)
    assert count_unseen(fresh, flood) == 3
    assert count_unseen(fresh, Flood(unit="", since=None, until=None)) == 4
    assert count_unseen(fresh, Flood(unit=NO_UNIT, since=None, until=None)) == 0
    assert count_unseen(fresh, Flood(unit="", since=utc_now(), until=None)) == 0
    early = utc_now() - timedelta(hours=1)
    assert count_unseen(fresh, Flood(unit="", since=None, until=early)) == 0
    for seen, reason, why in ((3, " ", "要写上"), (2, "乱报", "再看一遍")):
        with pytest.raises(Refused, match=why):
            clear_unseen(fresh, flood, seen, reason, organiser)
    assert clear_unseen(fresh, flood, 3, "程序乱报", organiser) == 3
    assert [entry_under(link) for link in links] == [None] * 3
    assert count_unseen(fresh, Flood(unit="", since=None, until=None)) == 1
    with pytest.raises(Refused, match="没有要清掉的人"):
        clear_unseen(fresh, flood, 0, "程序乱报", organiser)
    assert list(check_rows(fresh)) == []


def test_who_was_confirmed_or_decided_is_not_cleared(
    fresh: Competition, organiser: Account
) -> None:
    switch_on(fresh, organiser)
    enter(fresh, 0)
    back, _link = enter(fresh, 1)
    return_people(fresh, {back.public_id: back.version}, "照片不对", organiser)
    assert count_unseen(fresh, Flood(unit="", since=None, until=None)) == 1
