"""Lists count and order all decisions by lines, and read the decisions of one page alone."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask

from compete.models import Account, Competition
from compete.services.certificates.grades_in_force import grade_lines, grades_now
from compete.services.certificates.settling import agree, settle
from compete.services.results.consequences import consequences_of
from compete.services.scoring.live import live_results
from tests.support.second_day import certify, second_version, with_prizes
from tests.support.signing_in import official


def lines_of(competition: Competition) -> list[tuple[str, str, bool]]:
    """Who, in which state and whether it is left, by lines; they say what the decisions say."""
    results = live_results(competition).results
    whole = grades_now(competition, results)
    lines = grade_lines(competition, results)
    assert [line[:3] for line in lines] == [
        (now.decision.id, now.decision.state, now.is_left_over) for now in whole
    ]
    assert [line.person for line in lines] == [now.decision.person.code for now in whole]
    page = [line.number for line in lines[1:2]]
    assert [now.decision.id for now in grades_now(competition, results, page)] == page
    return [
        (now.decision.entrant.code, line.state.value, line.is_left_over)
        for now, line in zip(whole, lines, strict=True)
    ]


def test_lines_say_of_each_decision_what_the_whole_says(
    here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    """P1 goes out after certificates: the order is that of now, and what is left is told."""
    competition = with_prizes(load)
    certify(competition, organiser)
    issued = [("P1", "issued", False), ("P2", "issued", False), ("P3", "issued", False)]
    assert lines_of(competition) == issued
    second_version(competition, organiser)
    lines_by_code = {code: (state, left) for code, state, left in lines_of(competition)}
    assert lines_by_code["P1"] == ("issued", True)
    assert lines_of(competition)[-1][0] == "P1"
    (own,) = [
        consequence
        for consequence in consequences_of(competition)
        if consequence.kind == "grade"
        and consequence.entrant is not None
        and consequence.entrant.code == "P1"
    ]
    settle([own], "keep", organiser, "上诉中")
    agree(own, official(competition, "S1"))
    assert ("P1", "issued", False) in lines_of(competition)
