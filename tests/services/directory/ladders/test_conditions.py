"""Editions of the conditions of application: shipped once, checked line by line, confirmed."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest
from flask import Flask

from compete.domain.bundle.reading import read_bundle
from compete.domain.bundle.writing import write_bundle
from compete.domain.values.states import GradeState
from compete.models import Account, Competition
from compete.services.accounts.accounts import create_account
from compete.services.closing.grade_proposals import (
    decide_grades,
    grade_decisions_of,
    why_not_approved,
)
from compete.services.directory.ladders.conditions import (
    EDITIONS,
    EditionTexts,
    confirm_edition,
    edition_texts,
    fill_editions,
    find_editions,
    lines_for,
)
from compete.services.directory.ladders.copies_in_events import events_with
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.event_rules import rules_of
from compete.services.kernel.refusal import Refused, WrongFieldsError
from compete.services.kernel.transactions import unit_of_work
from compete.services.scoring.bundle_out import export_bundle
from tests.services.results.test_evaluations import settled
from tests.support.announced import announce, approve, end_appeals


@pytest.fixture
def admin(here: Flask) -> Account:
    with unit_of_work():
        fill_editions()
    return create_account("管理员", is_admin=True)


def written(*lines: Mapping[str, str], name: str = "本厂的") -> EditionTexts:
    return EditionTexts(name=name, lines=list(enumerate(lines, 1)))


FIVE = {"grade": "5", "cite": "学徒期满", "papers": "学徒期满"}


@pytest.mark.each_database
def test_what_ships_is_there_once_unconfirmed_and_a_change_wants_confirming_anew(
    admin: Account,
) -> None:
    with unit_of_work():
        fill_editions()
    newest, older = find_editions()
    assert [row.name for row in (newest, older)] == ["国家 2023 版", "国家 2018 版"]
    assert newest.confirmed_at is None
    five, by_years, papers = lines_for(newest, 4)
    assert (five.when.holds and five.when.holds.at_least, five.when.years_in_grade) == (5, 3)
    assert by_years.when.years_in_trade == 5
    assert papers.when.papers is not None
    assert EDITIONS.change(newest, edition_texts(newest), admin) is False
    with pytest.raises(Refused, match="管理员"):
        confirm_edition(newest, create_account("别人"))
    confirm_edition(newest, admin)
    confirm_edition(newest, admin)
    assert newest.confirmed_by == admin.id
    texts = edition_texts(newest)
    assert EDITIONS.change(newest, EditionTexts(texts.name, "文件号", texts.lines), admin)
    assert newest.confirmed_at is None
    EDITIONS.close(older, admin)
    assert find_editions(closed=True) == [older]
    EDITIONS.reopen(older, admin)
    assert list(verify_chain(None)) == []


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ({"cite": "没选"}, "第 2 行：申报哪一级要选"),
        ({"grade": "4"}, "一项都没写"),
        ({"grade": "4", "holds": "3"}, "比申报的低"),
        ({"grade": "4", "years_in_grade": "3"}, "有哪一级也要选"),
        ({"grade": "4", "holds": "5", "years_in_grade": "三"}, "现等级满几年写 1 到 99"),
        ({"grade": "4", "min_age": "0"}, "1 到 99"),
        ({"grade": "4", "paper_years": "1"}, "学历或职称也要写"),
        ({"grade": "九级"}, "第 2 行"),
    ],
)
def test_a_line_that_is_none_is_refused_by_its_number(
    admin: Account, line: Mapping[str, str], message: str
) -> None:
    with pytest.raises(WrongFieldsError) as refused:
        EDITIONS.add(written(FIVE, line), admin)
    assert message in str(refused.value.faults["lines"])


def test_names_are_wanted_once(admin: Account) -> None:
    with pytest.raises(WrongFieldsError) as refused:
        EDITIONS.add(written(name="  "), admin)
    assert set(refused.value.faults) == {"name", "lines"}
    row = EDITIONS.add(written(FIVE), admin)
    assert [it["code"] for it in row.lines] == ["5-1"]
    with pytest.raises(Refused, match="已经有"):
        EDITIONS.add(written(FIVE), admin)


def test_nothing_is_approved_while_the_edition_is_not_confirmed(
    load: Callable[..., Competition], admin: Account, organiser: Account
) -> None:
    plain_file = settled()
    edition = find_editions()[0]
    for event in plain_file["events"]:
        event["extra"] = {"conditions": {"id": edition.key, "name": edition.name}}
    lines = {event["grade"]: event["apply"] for event in plain_file["events"]}
    with unit_of_work():
        edition.lines = [
            {"cite": None, **line, "grade": grade} for grade, own in lines.items() for line in own
        ]
    competition = load(plain_file)
    assert [event_there.competition_id for event_there in events_with(edition, admin)] == [
        competition.id
    ] * len(competition.events)
    announce(competition, organiser)
    end_appeals(competition)
    rows = grade_decisions_of(competition, GradeState.PROPOSED)
    codes = [row.person.code for row in rows]
    assert codes
    assert set(why_not_approved(competition)) == set(codes)
    with pytest.raises(Refused, match="核对"):
        decide_grades(competition, codes, GradeState.APPROVED, organiser)
    # What is confirmed is a text: an event that has another one waits still.
    before = list(edition.lines)
    with unit_of_work():
        edition.lines = [line | {"when": {"years_in_trade": 30}} for line in before]
    confirm_edition(edition, admin)
    assert set(why_not_approved(competition)) == set(codes)
    with pytest.raises(Refused, match="重新抄"):
        decide_grades(competition, codes, GradeState.APPROVED, organiser)
    with unit_of_work():
        edition.lines, edition.confirmed_at = before, None
    confirm_edition(edition, admin)
    # What was confirmed once stays so for who has it, whatever the edition says later.
    with unit_of_work():
        edition.lines = before[:1]
    assert why_not_approved(competition) == {}
    assert approve(competition, codes, organiser) == len(codes)
    bundle = export_bundle(competition)
    assert read_bundle(write_bundle(bundle)) == bundle
    assert rules_of(competition.events[0]).extra is not None
