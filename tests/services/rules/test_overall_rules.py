"""Tables over several events by a form: every key, faults at their places, one sets, two agree."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from compete.domain.values.states import CompetitionState
from compete.models import Account, Competition
from compete.services.competitions.overall_example import work_overall_example
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import unit_of_work
from compete.services.rules.asked_tables import waiting_tables
from compete.services.rules.changes import NoLongerFitsError, Seat
from compete.services.rules.overall_draft import (
    OverallDraft,
    overall_drafts,
    overall_trees,
)
from compete.services.rules.overall_rules import (
    agree_tables,
    ask_tables,
    checked_tables,
    refuse_tables,
    save_tables,
    tables_in_force,
    tables_mark,
    tables_moved,
    withdraw_tables,
)
from compete.services.rules.rules_saving import (
    RulesRefused,
    draft_in_force,
    rules_of_draft,
    stored_tables,
)
from compete.services.rules.taking_effect import other_moves
from compete.services.scoring.bundle_out import export_bundle
from compete.services.scoring.live import live_results
from tests.services.rules.asking import ask, both_agree, lighter
from tests.support.every_table import every_table, keys_of_tables, tables_as_stored, two_events
from tests.support.panels import Panel

Load = Callable[..., Competition]
NAMES = OverallDraft(name="代表队总分", by="ranks", rank_points="1 9")


def test_the_sample_says_every_key_of_the_contract() -> None:
    assert {key for table in every_table() for key in table} >= keys_of_tables()


def test_what_a_file_says_can_be_typed_from_nothing_and_changed_to_anything() -> None:
    full = tables_as_stored(every_table())
    typed = [replace(draft, was="") for draft in overall_drafts(full)]
    assert overall_trees(typed, []) == full
    assert overall_trees(overall_drafts(full), full) == full
    # Each table said as each other: what the other way of counting does not ask goes.
    for table in full:
        for other in overall_drafts(full):
            tree = overall_trees([replace(other, was=table["code"])], [table])
            wanted = next(it for it in full if it["code"] == other.was)
            assert tree == [wanted | {"code": table["code"]}]


def test_the_form_and_the_hand_make_the_same_competition(load: Load, organiser: Account) -> None:
    by_hand, by_form = load(two_events("H", every_table())), load(two_events("F"))
    drafts = [replace(draft, was="") for draft in tables_in_force(by_hand)]
    assert save_tables(by_form, drafts, tables_mark(by_form), organiser)
    assert export_bundle(by_form).overall == export_bundle(by_hand).overall
    assert stored_tables(by_form) == tables_as_stored(every_table())
    assert not save_tables(by_form, tables_in_force(by_form), tables_mark(by_form), organiser)
    assert save_tables(by_form, (), tables_mark(by_form), organiser)
    assert export_bundle(by_form).overall == ()


def test_what_no_form_shows_stays(load: Load, organiser: Account) -> None:
    table = every_table()[3] | {"extra": {"note": "x"}}
    competition = load(two_events(tables=[table]))
    (draft,) = tables_in_force(competition)
    save_tables(competition, [replace(draft, best="3")], tables_mark(competition), organiser)
    assert stored_tables(competition) == [table | {"best": 3}]


WRONG: dict[str, dict[str, Any]] = {
    "overall[0].name": {"name": ""},
    "overall[0].by": {"by": ""},
    "overall[0].points": {"rank_points": ""},
    "overall[0].points.1": {"rank_points": "1 九"},
    "overall[0].points.一": {"rank_points": "一 9"},
    "overall[0].points.1 8": {"rank_points": "1 9\n1 8"},
    "overall[0].points.2": {"rank_points": "1 9\n2 -1"},
    "overall[0].points.w9": {"by": "awards", "award_points": (("w9", "1"),)},
    "overall[0].points.w1": {"by": "awards", "award_points": (("w1", "多"),)},
    "overall[0].events[0]": {"events": ("E9",)},
    "overall[0].best": {"best": "0"},
    "overall[0].places": {"places": "13"},
    "overall[0].least_events": {"least_events": "0"},
    "overall[0].ties[0]": {"by": "medals", "ties": ("best",)},
    "overall[0].ties[1]": {"ties": ("best", "worst")},
    "overall[0].who": {"who": "people"},
    "overall[0].method": {"method": "median"},
    "overall[0].shared": {"shared": "half"},
}


@pytest.mark.parametrize("path", WRONG)
def test_what_is_wrong_is_told_with_its_place(path: str, load: Load) -> None:
    competition = load(two_events())
    checked_tables(competition, [NAMES])
    with pytest.raises(RulesRefused) as refused:
        checked_tables(competition, [replace(NAMES, **WRONG[path])])
    assert path in [problem.path for problem in refused.value.problems]


def test_two_tables_have_two_names_and_scores_need_a_scale(load: Load) -> None:
    plain = two_events()
    del plain["events"][1]["scale"]
    plain["events"][1]["ranking"] = {"style": "dense"}
    competition = load(plain)
    drafts = [
        NAMES,
        NAMES,
        replace(NAMES, name="标", by="scaled"),
        replace(NAMES, name="平", shared="average"),
        replace(NAMES, name="名" * 201),
    ]
    with pytest.raises(RulesRefused) as refused:
        checked_tables(competition, drafts)
    assert sorted(it.path for it in refused.value.problems) == [
        "overall[1].name",
        "overall[2].by",
        "overall[3].shared",
        "overall[4].name",
    ]


def test_an_event_keeps_what_its_table_counts(load: Load, organiser: Account) -> None:
    competition = load(two_events())
    draft = replace(NAMES, by="awards", award_points=(("w2", "3"),))
    save_tables(competition, [draft], tables_mark(competition), organiser)
    first, second = competition.events
    for event in (first, second):
        rules = draft_in_force(event)
        # The other event still has an award of that code.
        rules_of_draft(event, replace(rules, awards=rules.awards[:1]))
    save_tables(
        competition,
        [replace(draft, was="T1", events=("E1",))],
        tables_mark(competition),
        organiser,
    )
    rules = draft_in_force(first)
    with pytest.raises(RulesRefused) as refused:
        rules_of_draft(first, replace(rules, awards=rules.awards[:1]))
    assert [it.path for it in refused.value.problems] == ["overall[0].points.w2"]


def test_who_saved_meanwhile_is_not_written_over(load: Load, organiser: Account) -> None:
    competition = load(two_events())
    seen = tables_mark(competition)
    save_tables(competition, [NAMES], seen, organiser)
    with pytest.raises(Refused, match=r"你打开以后，.* 存过"):
        save_tables(competition, [], seen, organiser)


def test_version_1_has_no_tables(load: Load, organiser: Account) -> None:
    plain = two_events() | {"format": "compete-bundle/1"}
    for event in plain["events"]:
        del event["scale"]
    competition = load(plain)
    with pytest.raises(Refused, match="第 2 版"):
        save_tables(competition, [NAMES], tables_mark(competition), organiser)


def test_once_judging_has_begun_two_agree(panel: Panel) -> None:
    competition, asker = panel.competition, panel.organiser
    chief, supervisor = panel.account("C1"), panel.account("S1")
    with unit_of_work():
        competition.format = "compete-bundle/2"
    mark = tables_mark(competition)
    with pytest.raises(Refused, match="要裁判长和监督同意"):
        save_tables(competition, [NAMES], mark, asker)
    with pytest.raises(Refused, match="写明为什么"):
        ask_tables(competition, [NAMES], mark, " ", asker)
    assert ask_tables(competition, [], mark, "规程第 9 条", asker) is None
    change = ask_tables(competition, [NAMES], mark, "规程第 9 条", asker)
    assert change is not None
    assert stored_tables(competition) == []
    with pytest.raises(Refused, match="已经有一份改动"):
        ask_tables(competition, [NAMES], mark, "又一次", asker)
    with pytest.raises(Refused):
        agree_tables(competition, Seat.CHIEF, supervisor, seen=change.mark)
    with pytest.raises(Refused, match="请刷新"):
        agree_tables(competition, Seat.CHIEF, chief, seen="")
    assert not agree_tables(competition, Seat.CHIEF, chief, seen=change.mark)
    with pytest.raises(Refused, match="已经同意了"):
        agree_tables(competition, Seat.CHIEF, chief, seen=change.mark)
    assert stored_tables(competition) == []
    assert agree_tables(competition, Seat.SUPERVISOR, supervisor, seen=change.mark)
    assert waiting_tables(competition) is None
    assert [table["name"] for table in stored_tables(competition)] == ["代表队总分"]
    (table,) = live_results(competition).results.overall or ()
    assert table.code == "T1"


def agreed(panel: Panel, *tables: OverallDraft) -> None:
    """Let the organiser ask for these tables, and both seats agree."""
    mark = tables_mark(panel.competition)
    change = ask_tables(panel.competition, tables, mark, "规程第 9 条", panel.organiser)
    assert change is not None
    for seat, code in ((Seat.CHIEF, "C1"), (Seat.SUPERVISOR, "S1")):
        agree_tables(panel.competition, seat, panel.account(code), seen=change.mark)


def test_who_moved_in_a_table_is_kept_once_it_is_in_force(panel: Panel) -> None:
    competition = panel.competition
    with unit_of_work():
        competition.format = "compete-bundle/2"
    panel.fill_papers()
    panel.fill_panel("3", "3", "3")
    panel.fill_panel("1", "1", "1", entrant="E2")
    agreed(panel, NAMES)
    (was,) = tables_in_force(competition)

    def moves() -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
        moved = tables_moved(competition)
        assert moved is not None
        assert {move.of for move in moved.moves} == {"代表队总分"}
        return {move.holder: (move.was, move.now) for move in moved.moves}

    assert moves() == {"U1": ((), ("1", "9.00")), "U2": ((), ("2", "0.00"))}
    agreed(panel, replace(was, rank_points="1 6\n2 9"))
    assert moves() == {
        "U1": (("1", "9.00"), ("2", "6.00")),
        "U2": (("2", "0.00"), ("1", "9.00")),
    }
    (stands,) = tables_in_force(competition)
    agreed(panel, replace(stands, by="medals", rank_points=""))
    assert moves() == {
        "U1": (("2", "6.00"), ("1", "1-0-0")),
        "U2": (("1", "9.00"), ("2", "0-1-0")),
    }
    agreed(panel)
    assert moves() == {"U1": (("1", "1-0-0"), ()), "U2": (("2", "0-1-0"), ())}


def test_a_change_of_an_event_lists_who_moved_in_a_table_that_it_feeds(panel: Panel) -> None:
    with unit_of_work():
        panel.competition.format = "compete-bundle/2"
    panel.fill_papers()
    panel.fill_panel("3", "3", "3")
    panel.fill_panel("1", "1", "1", entrant="E2")
    agreed(panel, replace(NAMES, by="totals", rank_points=""))
    change = both_agree(panel, ask(panel, lighter(panel)))
    in_tables = [move for move in other_moves(change, panel.organiser) if move.moved.of]
    assert {move.moved.holder for move in in_tables} == {"U1", "U2"}
    assert {move.moved.of for move in in_tables} == {"代表队总分"}
    assert all(move.moved.was != move.moved.now for move in in_tables)


def test_what_was_asked_for_is_refused_or_taken_back(panel: Panel) -> None:
    competition, asker = panel.competition, panel.organiser
    with unit_of_work():
        competition.format = "compete-bundle/2"

    def asked() -> str:
        mark = tables_mark(competition)
        change = ask_tables(competition, [NAMES], mark, "规程第 9 条", asker)
        assert change is not None
        return change.mark

    first = asked()
    with pytest.raises(Refused, match="写明为什么不同意"):
        refuse_tables(competition, Seat.CHIEF, "", panel.account("C1"), seen=first)
    refuse_tables(competition, Seat.CHIEF, "规程里没有", panel.account("C1"), seen=first)
    assert waiting_tables(competition) is None
    second = asked()
    with pytest.raises(Refused, match="提出的人才能撤回"):
        withdraw_tables(competition, panel.account("C1"), seen=second)
    withdraw_tables(competition, asker, seen=second)
    assert (waiting_tables(competition), stored_tables(competition)) == (None, [])
    third = asked()
    with unit_of_work():
        competition.state = CompetitionState.LOCKED
    with pytest.raises(NoLongerFitsError, match="先解锁"):
        agree_tables(competition, Seat.CHIEF, panel.account("C1"), seen=third)


def test_the_example_is_added_up_beside_the_table_in_force(load: Load, organiser: Account) -> None:
    competition = load(two_events())
    draft = replace(NAMES, rank_points="1 9\n2 6\n3 4", who="delegations")
    totals = {(n, p): str(90 - p) for n in range(2) for p in range(5)}
    worked = work_overall_example(competition, [draft], 0, totals)
    # 甲1 is first twice, 乙1 second, 丙1 third; 丙队二厂 counts to 丙队.
    assert [(row.unit, row.rank, row.value) for row in worked.rows] == [
        ("甲队", 1, "18.00"),
        ("乙队", 2, "12.00"),
        ("丙队", 3, "8.00"),
    ]
    assert str(worked.rows[0].counted) == "甲1 9、甲2 0、甲1 9、甲2 0"
    assert worked.was is None
    save_tables(competition, [draft], tables_mark(competition), organiser)
    (stands,) = tables_in_force(competition)
    worked = work_overall_example(competition, [replace(stands, best="1")], 0, totals)
    assert worked.was is not None
    assert str(worked.rows[0].left_out) == "甲2 0、甲2 0"
    assert str(worked.was["甲队"].left_out) == ""
    wrong = work_overall_example(competition, [draft], 0, totals | {(1, 2): "多"})
    assert list(wrong.problems) == [(1, 2)]
    wrong = work_overall_example(competition, [draft], 0, totals | {(1, 2): "101"})
    assert list(wrong.problems) == [(1, 2)]
    late = work_overall_example(competition, [replace(draft, by="")], 0, totals)
    assert [str(note) for note in late.notes] == ["这张总表还有 1 处要改，改好了才能试算"]
