"""The record of changes: which square, what stood before, who and why; by unit and department."""

from __future__ import annotations

from collections.abc import Callable

from compete.models import Account, Competition, db
from compete.services.labour.changes import ChangeFilter, changes_of, count_changes
from compete.services.labour.entry import Writer, enter_cells
from compete.web.organiser.labour.changes.views import PAGE_SIZE
from tests.services.labour.made_up import act, made_up
from tests.support.statements import statements

SEEN = 10**6


def test_who_changed_what_from_what_and_why(
    load: Callable[..., Competition], organiser: Account
) -> None:
    contest = made_up(load, organiser)
    competition = contest.competition
    assert count_changes(competition, ChangeFilter()) == 0, "what came with the file is none"
    contest.enter(act("甲", "安全", "28", seen=SEEN, reason="台账补齐了"), period="一月")
    contest.enter(act("甲", "安全", "25"), act("乙", "安全", "26"))
    contest.enter(act("甲", "安全", "24", seen=SEEN, reason="看错了"))
    own = Writer(competition, organiser, unit=competition.units[0])
    enter_cells(own, "二月", [act("甲", "安全", "30")])
    works = contest.writer(contest.works)
    contest.enter(act("丙", "产值", "90"), by=works)

    def change_rows(**asked: object) -> list[tuple[str, str, str | None, str | None]]:
        changes = changes_of(competition, ChangeFilter(**asked), 0, PAGE_SIZE)  # type: ignore[arg-type]
        return [
            (
                change.row.unit.name,
                change.by,
                None if change.before is None else str(change.before.value),
                change.row.reason,
            )
            for change in changes
        ]

    assert change_rows(unit="甲") == [
        ("甲", "周茹", "25", "看错了"),
        ("甲", "周茹", None, None),
        ("甲", "周茹", "20", "台账补齐了"),
    ]
    everything = change_rows(own=True)
    assert len(everything) == count_changes(competition, ChangeFilter(own=True)) == 6
    # A self-assessment replaces none but an earlier one.
    assert [was for _unit, by, was, _why in everything if by == organiser.name] == [None]
    assert [row[0] for row in change_rows(indicators=contest.works.indicators)] == ["丙"]
    assert len(change_rows(period="二月")) == 4
    assert len(changes_of(competition, ChangeFilter(), 1, 2)) == 2
    with statements(db.engine) as few:
        changes_of(competition, ChangeFilter(), 0, 1)
    with statements(db.engine) as many:
        changes_of(competition, ChangeFilter(), 0, PAGE_SIZE)
    assert len(few) == len(many)
