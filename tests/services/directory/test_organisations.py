"""One tree: no circle in it, no code twice, mergers that can be taken back, and whose it is."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select, text

from compete.commands.verify import all_faults
from compete.domain.identity.credit_code import credit_code_check_character
from compete.domain.values.roles import Role
from compete.models import Account, Competition, Organisation, Unit, db
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.directory.circles import find_circles
from compete.services.directory.merged import records_about, standing
from compete.services.directory.organisations import (
    add_organisation,
    change_organisation,
    connect_units,
    disconnect_unit,
    merge_organisations,
    move_organisation,
    part_organisation,
    units_connected,
    units_to_connect,
)
from compete.services.directory.tree import (
    may_change,
    named_among,
    organisation_tree,
    path_to,
)
from compete.services.kernel.refusal import Refusal, Refused
from tests.services.directory.test_person_records import assert_whole
from tests.support.small import small


def code(start: str) -> str:
    first = (start + "0" * 17)[:17]
    return first + credit_code_check_character(first)


PORT, MINE = code("9132"), code("9133")


@pytest.fixture
def admin(here: Flask) -> Account:
    return create_account("管理员", is_admin=True)


def drawn(account: Account) -> list[str]:
    return [
        "-" * line.depth + line.organisation.name + (f" {line.units}" if line.units else "")
        for line in organisation_tree(account)
    ]


def refused(kind: Refusal, sentence: str, act: Callable[[], object]) -> None:
    with pytest.raises(Refused, match=sentence) as refusal:
        act()
    assert refusal.value.kind is kind
    db.session.rollback()


def test_the_tree_is_added_to_renamed_moved_and_merged_without_a_circle(admin: Account) -> None:
    top = add_organisation(" 省  总工会 ", "", None, admin)
    port = add_organisation("港口集团", PORT.lower(), top, admin)
    team = add_organisation("一班", "", port, admin)
    other = add_organisation("江北港", "", None, admin)
    assert drawn(admin) == ["省 总工会", "-港口集团", "--一班", "江北港"]
    assert [row.name for row in path_to(team)] == ["省 总工会", "港口集团"]
    invalid, conflict = Refusal.INVALID, Refusal.CONFLICT
    refused(invalid, "名称要写", lambda: add_organisation(" ", "", None, admin))
    refused(invalid, "最多 200", lambda: add_organisation("长" * 201, "", None, admin))
    refused(invalid, "18 位", lambda: add_organisation("甲", "91", None, admin))
    wrong = PORT[:-1] + ("0" if PORT[-1] != "0" else "1")
    refused(invalid, f"应为 {PORT[-1]}", lambda: change_organisation(other, "江北港", wrong, admin))
    refused(conflict, "是“港口集团”的", lambda: change_organisation(other, "江北港", PORT, admin))
    refused(conflict, "已经有“港口集团”", lambda: add_organisation("港口 集团", "", top, admin))
    for under in (port, team):
        refused(conflict, "不能反过来", lambda under=under: move_organisation(port, under, admin))
    refused(conflict, "先把它移出来", lambda: merge_organisations(port, team, admin))
    assert change_organisation(other, "江北港务", MINE, admin)
    assert not change_organisation(other, "江北港务", MINE, admin)
    refused(conflict, "代码不同", lambda: merge_organisations(port, other, admin))
    change_organisation(other, "江北港务", "", admin)
    merge_organisations(port, other, admin)
    assert drawn(admin) == ["省 总工会", "江北港务", "-一班"]
    assert [line.organisation.name for line in named_among(organisation_tree(admin), "港 务")] == [
        "江北港务"
    ]
    refused(conflict, "已经合并", lambda: move_organisation(port, None, admin))
    # Its code is free meanwhile; where another has it, the merger stays.
    change_organisation(other, "江北港务", PORT, admin)
    refused(conflict, "是“江北港务”的", lambda: part_organisation(port, admin))
    change_organisation(other, "江北港务", "", admin)
    # What it stood under goes beneath what stood under it: so it cannot simply come back.
    move_organisation(top, team, admin)
    refused(conflict, "先移回去", lambda: part_organisation(port, admin))
    move_organisation(top, None, admin)
    part_organisation(port, admin)
    assert drawn(admin) == ["省 总工会", "-港口集团", "--一班", "江北港务"]
    refused(conflict, "没有合并", lambda: part_organisation(port, admin))
    move_organisation(port, other, admin)
    assert drawn(admin) == ["省 总工会", "江北港务", "-港口集团", "--一班"]
    assert [entry.action for entry in records_about(port)] == [
        *("organisation.move", "organisation.part", "organisation.merge", "organisation.add")
    ]
    assert_whole()


def test_units_are_proposed_and_connected_many_at_once(
    here: Flask, load: Callable[..., Competition], organiser: Account, admin: Account
) -> None:
    plain = small()
    plain["units"][0] |= {"parent": "U2", "extra": {"credit_code": PORT}}
    first = load(plain)
    again = small()
    again["competition"]["code"] = "NEXT"
    again["units"][0]["name"] = "甲 单位"
    again["units"][1] |= {"extra": {"credit_code": "91320000000000000X"}}
    second = load(again)
    waiting = units_to_connect(organiser, limit=50, offset=0)
    assert [(row.unit.name, row.credit_code, row.proposals) for row in waiting] == [
        *(("甲 单位", None, []), ("乙单位", None, []), ("甲单位", PORT, []), ("乙单位", None, []))
    ]
    choices = dict.fromkeys([row.unit.id for row in waiting])
    stranger = create_account("外人")
    refused(Refusal.CONFLICT, "不在了", lambda: connect_units(stranger, choices))
    refused(Refusal.INVALID, "先勾选", lambda: connect_units(organiser, {}))
    assert connect_units(organiser, choices) == (4, 2)
    assert drawn(organiser) == ["乙单位 2", "-甲单位 2"]
    assert connect_units(organiser, choices) == (0, 0)
    assert units_to_connect(organiser, limit=50, offset=0) == []
    below = db.session.scalars(select(Organisation).where(Organisation.credit_code == PORT)).one()
    assert [unit.name for unit, _ in units_connected(below, organiser)] == ["甲 单位", "甲单位"]
    assert [unit.name for unit in first.units] == ["甲单位", "乙单位"], "the names of the day stay"
    # An organiser of one of the two sees and changes nothing of the other's.
    grant_role(stranger, second, Role.ORGANISER, by=admin)
    assert drawn(stranger) == ["乙单位 1", "-甲单位 1"]
    assert may_change(below, organiser)
    assert not may_change(below, stranger)
    refused(Refusal.CONFLICT, "只有管理员", lambda: move_organisation(below, None, stranger))
    unit = db.session.scalars(
        select(Unit).where(Unit.competition_id == second.id, Unit.name == "甲 单位")
    ).one()
    disconnect_unit(unit, stranger)
    refused(Refusal.CONFLICT, "没有连着", lambda: disconnect_unit(unit, stranger))
    (row,) = units_to_connect(stranger, limit=50, offset=0)
    assert [(it.organisation.id, it.same_code) for it in row.proposals] == [(below.id, False)]
    change_organisation(below, "甲集团", PORT, organiser)
    (row,) = units_to_connect(stranger, limit=50, offset=0)
    assert row.proposals == [], "it is known by the name of no unit like it"
    assert_whole()


def test_a_circle_written_behind_the_programs_back_is_named_and_nothing_runs_for_ever(
    admin: Account,
) -> None:
    first, other = (add_organisation(name, "", None, admin) for name in ("甲", "乙"))

    def write(**values: dict[int, int | None]) -> None:
        for column, by_row in values.items():
            for row, value in by_row.items():
                change = text(f"UPDATE organisation SET {column} = :value WHERE id = :row")
                db.session.execute(change, {"value": value, "row": row})
        db.session.commit()
        db.session.expire_all()

    loop: dict[int, int | None] = {first.id: other.id, other.id: first.id}
    clear: dict[int, int | None] = dict.fromkeys(loop)
    write(parent_id=loop)
    refused(Refusal.CONFLICT, "绕成了一圈", lambda: path_to(first))
    refused(Refusal.CONFLICT, "绕成了一圈", lambda: organisation_tree(admin))
    refused(Refusal.CONFLICT, "绕成了一圈", lambda: organisation_tree(admin, first))
    assert may_change(first, admin)
    places = [f"organisation {row} parent_id" for row in sorted(loop)]
    assert [place for place, _fault in find_circles()] == places
    named = [where for where, _fault in all_faults()]
    assert all(any(where.endswith(place) for where in named) for place in places), named
    write(parent_id=clear, merged_into_id=loop)
    refused(Refusal.CONFLICT, "绕成了一圈", lambda: standing(first))
    refused(Refusal.CONFLICT, "绕成了一圈", lambda: named_among(organisation_tree(admin), "甲"))
    write(merged_into_id=clear)
    assert find_circles() == []
    assert len(organisation_tree(admin)) == 2
