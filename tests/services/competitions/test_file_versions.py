"""A competition keeps the version it began with until somebody moves it, with all in view."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from compete.models import Account, Competition
from compete.services.closing.competition_lock import lock_marks, unlock_marks
from compete.services.closing.grade_proposals import grade_decisions_of
from compete.services.competitions.drafts import Beginnings, Origin, blank, make_draft
from compete.services.competitions.editions import next_edition
from compete.services.competitions.file_versions import (
    move_to_newest,
    passes_unreached,
    version_move,
    why_stays,
)
from compete.services.kernel.refusal import Refused
from compete.services.results.bends import bends_of
from compete.services.scoring.bundle_out import export_bundle
from compete.services.scoring.live import live_results
from tests.domain.scoring.build import entrant, event, mark, module, panel, stage
from tests.support.announced import announce, lock
from tests.support.signing_in import signed_in
from tests.support.small import small


def two_stages(**keys: Any) -> dict[str, Any]:
    """P1 and P2 reach the final; P3 is third without having been in it."""
    points = {"P1": 90, "P2": 80, "P3": 70, "P4": 60}
    plain = small(
        [mark(code, value, stage_code="A") for code, value in points.items()]
        + [mark("P1", 50, stage_code="B"), mark("P2", 90, stage_code="B")]
    )
    first = stage(module(), code="A", name="预赛", advance={"top": 2})
    last = stage(module("f", **{"pass": "60"}), code="B", name="决赛")
    grades = [
        {"code": "top", "when": {"max_rank": 3, "pass_modules": "all"}, "grant": {"to": 3}},
    ]
    plain["marks"] = [it | ({"module": "f"} if it["stage"] == "B" else {}) for it in plain["marks"]]
    plain["events"] = [event(first, last, grades=grades, **keys)]
    return plain


def promoted(competition: Competition) -> list[str]:
    rows = live_results(competition).results.events[0].grades or []
    return [row.entrant for row in rows]


def test_who_never_reached_the_final_is_promoted_under_the_first_version_alone(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(two_stages())
    assert competition.format == "compete-bundle/1"
    assert promoted(competition) == ["P2", "P3"]
    assert passes_unreached(competition) == ["赛项"]
    desk = signed_in(app, organiser)
    assert "没进后面赛段的也可能晋升" in desk.get("/desk/X/lock").text
    page = desk.get("/desk/X/file-version").text
    assert "P3 孙䶮" in page
    move = version_move(competition)
    assert [(it.who, it.what, it.was, it.now) for it in move.moved] == [
        ("P3 孙䶮", "grade", "3", None)
    ]
    with pytest.raises(Refused, match="不一样"):
        move_to_newest(competition, "按新规则", "other", organiser)
    assert desk.post("/desk/X/file-version", data={"seen": move.mark}).status_code == 400
    form = {"seen": move.mark, "reason": "决赛没合格的不晋升"}
    assert desk.post("/desk/X/file-version", data=form).status_code == 302
    assert promoted(competition) == ["P2"]
    assert passes_unreached(competition) == []
    assert export_bundle(competition).format == "compete-bundle/2"
    assert "换成第 2 版，理由：决赛没合格的不晋升" in desk.get("/desk/X/").text


def test_once_published_it_stays(
    here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(two_stages())
    announce(competition, organiser)
    assert why_stays(competition) is not None
    with pytest.raises(Refused):
        move_to_newest(competition, "按新规则", "", organiser)
    assert competition.format == "compete-bundle/1"


def test_with_marks_locked_it_waits_since_promotions_are_proposed_by_then(
    here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(two_stages())

    def proposed() -> list[str]:
        return [it.person.code for it in grade_decisions_of(competition)]

    lock(competition, organiser)
    assert sorted(proposed()) == ["P2", "P3"]
    with pytest.raises(Refused, match="先解锁评分"):
        move_to_newest(competition, "按新规则", version_move(competition).mark, organiser)
    unlock_marks(competition, "照第 2 版算", organiser)
    move_to_newest(competition, "按新规则", version_move(competition).mark, organiser)
    lock_marks(competition, organiser)
    assert proposed() == ["P2"]
    assert [bend.action for bend in bends_of(competition)] == ["competition.format"]


def test_what_it_was_silent_about_is_written_and_what_is_refused_is_told(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    plain = two_stages(ranking={"style": "ordinal"})
    plain["events"][0]["stages"][0]["modules"] = [module(panel=panel(2, "sum", min=1))]
    plain["entrants"].append(entrant("p1", unit="U1", name="赵小明"))
    competition = load(plain)
    move = version_move(competition)
    assert [it.path for it in move.refused] == ["entrants[4].code"]
    assert len(move.additions) == 2
    with pytest.raises(Refused, match="先改好"):
        move_to_newest(competition, "按新规则", move.mark, organiser)
    assert "第 2 版不收的" in signed_in(app, organiser).get("/desk/X/file-version").text
    # The next edition, without its people, begins under the newest and says the same.
    edition = next_edition(competition, Beginnings(name="下一届", code="NEXT"))
    assert edition.bundle.format == "compete-bundle/2"
    assert edition.bundle.events[0].ranking.ordinal_by == "code"
    assert len(edition.additions) == 2


def test_what_begins_here_begins_under_the_newest_version(here: Flask, organiser: Account) -> None:
    made = make_draft(blank(Beginnings(name="新的", code="NEW-1")), Origin.BLANK, "", organiser)
    assert made.format == "compete-bundle/2"
