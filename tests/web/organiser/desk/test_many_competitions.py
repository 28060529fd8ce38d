"""The desk's home and 新建 with hundreds of competitions: as few statements as with ten."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, select

from compete.domain.values.roles import Role
from compete.domain.values.states import CompetitionState
from compete.models import (
    Account,
    AuditEntry,
    Competition,
    Entrant,
    Event,
    Judge,
    Membership,
    RuleVersion,
    SignedPaper,
    Unit,
    db,
    utc_now,
)
from compete.services.accounts.accounts import create_account
from compete.services.kernel.installation import installation_here
from compete.services.kernel.transactions import unit_of_work
from compete.web.organiser.desk.home import waiting
from compete.web.organiser.desk.home.shapes import Waiting
from compete.web.organiser.desk.home.waiting import AT_A_TIME, AT_ONCE
from compete.web.organiser.desk.overview.shapes import Missing
from tests.support.signing_in import signed_in
from tests.support.small import small
from tests.support.statements import statements

FEW, MANY = 10, 300
MOST = 30
APART = 10_000
"""The numbers of each copy's rows are so far from those of the one before."""
COPIED = (Competition, Unit, Judge, Event, RuleVersion, Entrant, AuditEntry, Membership)
"""What a competition in preparation consists of; those first that others point to."""
Load = Callable[..., Competition]


def copy_of(table: Any, row: dict[str, Any], place: int) -> dict[str, Any]:
    """The row as that of another competition, with all that has to be its own."""
    own = {target.__table__ for target in COPIED}
    for column in table.columns:
        points = any(key.column.table in own for key in column.foreign_keys)
        if row[column.name] is not None and (column.name == "id" or points):
            row[column.name] += place * APART
    if "badge_hash" in row:
        row["badge_hash"] = f"{place}-{row['id']}"
    if table is Competition.__table__:
        row |= {"code": f"M{place}", "name": f"第{place}届", "starts": date(2090, 1, 1)}
    return row


def copy_competition(first: int, last: int) -> None:
    """Make competitions `first` to `last` beside the one that was loaded, a statement a table."""
    with unit_of_work():
        for model in COPIED:
            table = model.__table__
            query = select(table).order_by(table.c.id)
            rows = [
                dict(row)
                for row in db.session.execute(query).mappings()
                if row["id"] < APART and row.get("competition_id", 1) is not None
            ]
            copies = [
                copy_of(table, dict(row), at) for at in range(first, last + 1) for row in rows
            ]
            db.session.execute(insert(table), copies)


def cost_of(desk: FlaskClient, address: str) -> int:
    """The statements that a page asks."""
    with statements(db.engine) as queries:
        assert desk.get(address).status_code == 200
    return len(queries)


def forget() -> None:
    """Begin as a process does that has just started."""
    installation_here().memory.clear()


def its_start(competition: Competition) -> waiting._Gathered:
    """One thing to do in the competition, which costs no statement."""
    row = Missing("file", competition.name, "", "/desk/")
    return waiting._Gathered([Waiting(row=row, competition=competition.name)], [])


def follow(desk: FlaskClient) -> list[str]:
    """Ask on as the page does by itself; each page as it came."""
    pages = [desk.get("/desk/").text]
    while on := re.search(r'data-on="([^"]+)"', pages[-1]):
        pages.append(desk.get(html.unescape(on[1])).text)
    return pages


@pytest.mark.slow
def test_three_hundred_competitions_ask_as_few_statements_as_ten(
    app: Flask, load: Load, organiser: Account
) -> None:
    load(small())
    admin = create_account("管理员", is_admin=True)
    desks = {"organiser": signed_in(app, organiser), "admin": signed_in(app, admin)}
    cold: dict[str, list[int]] = {}
    done = 0
    for number in (FEW, MANY):
        copy_competition(done + 1, number - 1)
        done = number - 1
        for who, desk in desks.items():
            forget()
            cold.setdefault(who, []).append(cost_of(desk, "/desk/"))
            with pytest.MonkeyPatch.context() as patch:
                if number == MANY:
                    # What each of three hundred is asked was tried with ten.
                    patch.setattr(waiting, "_gather", its_start)
                    forget()
                    desk.get("/desk/")
                pages = follow(desk)
                looks = -(-(number - 2 * AT_ONCE) // AT_A_TIME)
                assert len(pages) == looks + 1, (who, number)
                assert "没看完" in pages[0]
                assert "没看完" not in pages[-1]
                counted = re.search(r"等我办的 (\d+) 件", pages[-1])
                assert counted is not None
                # Something is to be done in each.
                assert int(counted[1]) >= number, (who, counted[1])
                for address in ("/desk/", "/desk/?by=competition", "/desk/new", "/desk/list.xlsx"):
                    assert cost_of(desk, address) <= MOST, (who, address, number)
                assert len(desk.get("/desk/").data) < 80_000
    for who, (few, many) in cold.items():
        # Without what is remembered each page looks through so many, of however many.
        assert many <= few + 1, (who, cold)


def test_the_list_has_pages_and_is_searched(
    app: Flask, load: Load, organiser: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "_gather", its_start)
    load(small())
    copy_competition(1, 44)
    desk = signed_in(app, organiser)

    def names(address: str) -> list[str]:
        listed = desk.get(address).text.partition('<ul class="competition-list">')[2]
        return re.findall(r"<h3><a [^>]+>([^<]+)<", listed)

    rows = [names(f"/desk/?page={number}") for number in (1, 2, 3)]
    assert [len(page) for page in rows] == [20, 20, 5]
    assert len({name for page in rows for name in page}) == 45
    assert names("/desk/?q=第31届") == ["第31届"]
    assert names("/desk/?q=m31") == ["第31届"]
    assert "没有找到" in desk.get("/desk/?q=没有这场").text
    forget()
    first = desk.get("/desk/").text
    assert f"还有 {45 - AT_ONCE} 场没看完" in first
    assert "没有等你的事" not in first
    last = follow(desk)[-1]
    assert "没看完" not in last
    assert "等我办的 45 件" in last
    lines = [desk.get(f"/desk/?tasks={number}").text.count('class="what"') for number in (1, 2)]
    assert lines == [40, 5]


def test_an_earlier_edition_is_found_among_many(app: Flask, load: Load, organiser: Account) -> None:
    load(small())
    copy_competition(1, 44)
    desk = signed_in(app, organiser)

    def offered(**asked: str) -> list[str]:
        page = desk.get("/desk/new", query_string={"start": "edition", **asked}).text
        return re.findall(r'name="of" value="([^"]+)"', page)

    assert len(offered()) == 20
    assert offered(q="第31届", of="M31") == ["M31"]
    # What is chosen stays where it can be seen, whatever is looked for.
    assert offered(q="第31届", of="M7") == ["M7", "M31"]
    assert len({code for page in "123" for code in offered(page=page)}) == 45


def test_a_signed_paper_is_late_at_home_as_soon_as_its_time_is_over(
    app: Flask, load: Load, organiser: Account
) -> None:
    """In a competition that is over too, where nothing else changes before the next day."""
    competition = load(small())
    now = utc_now().replace(hour=2, minute=0)
    with time_machine.travel(now, tick=False):
        other = create_account("另一位")
        with unit_of_work():
            competition.state = CompetitionState.FINAL
            db.session.add(Membership(account=other, competition=competition, role=Role.ORGANISER))
            db.session.add(
                SignedPaper(
                    competition_id=competition.id,
                    act="lock:1",
                    what="解锁",
                    first_id=other.id,
                    second_id=organiser.id,
                    photo=b"photo",
                    made_at=now,
                    due_at=now + timedelta(minutes=2),
                )
            )
    for minutes, line in ((1, "等补签的签字件 1 件"), (3, "过期没补签的签字件 1 件")):
        with time_machine.travel(now + timedelta(minutes=minutes), tick=False):
            assert line in signed_in(app, organiser).get("/desk/").text, minutes
