"""Standard scores stand wherever a total does, and the explanation has their numbers."""

from __future__ import annotations

import json
from collections.abc import Callable
from fractions import Fraction
from io import BytesIO
from typing import Any

from flask import Flask
from openpyxl import load_workbook

from compete.domain import read_bundle, score
from compete.domain.explanation.steps import every_step
from compete.domain.explanation.tree import explain
from compete.domain.ranking.scaled import root_text
from compete.models import Account, Competition
from compete.services.competitions.worked_example import work_standing
from compete.services.results.notice import print_notice
from compete.services.rules.rules_saving import draft_in_force
from tests.support.announced import announce
from tests.support.signing_in import signed_in
from tests.web.public.test_published_tables import words_of
from tests.web.public.test_ties_told import contest


def with_scale() -> dict[str, Any]:
    plain = contest() | {"format": "compete-bundle/2"}
    plain["events"][0]["scale"] = {"of": "30", "places": 1}
    return plain


def test_a_root_is_written_for_people() -> None:
    assert root_text(Fraction(25, 4)) == "2.5"
    assert root_text(Fraction(2)) == "1.4142…"


def test_the_explanation_has_middle_and_spread() -> None:
    bundle = read_bundle(json.dumps(with_scale()).encode())
    steps = [step.text for _depth, step in every_step(explain(bundle, "P1").steps)]
    (text,) = [it for it in steps if "scaled" in it.params]
    last = {row.entrant: row for row in score(bundle).events[0].standings}
    totals = sorted(Fraction(str(row.total)) for row in last.values())
    mean = sum(totals, Fraction(0)) / len(totals)
    square = sum(((it - mean) ** 2 for it in totals), Fraction(0)) / len(totals)
    assert text.params["scaled"] == last["P1"].scaled
    assert Fraction(str(text.params["middle"])) == totals[len(totals) // 2]
    assert text.params["spread"] == root_text(square)
    assert text.params["n"] == len(totals)


def test_it_stands_beside_the_total_everywhere(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(with_scale())
    event = competition.events[0]
    assert all(row.scaled for row in work_standing(event, draft_in_force(event)))
    announce(competition, organiser)
    rows = score(read_bundle(json.dumps(with_scale()).encode())).events[0].standings
    scaled = {row.entrant: str(row.scaled) for row in rows}
    desk = signed_in(app, organiser)
    pages = [here.test_client().get("/p/X").text, desk.get("/desk/X/standings").text]
    book = load_workbook(BytesIO(desk.get("/desk/X/standings.xlsx").data)).worksheets[0]
    titles, *lines = [row for row in book.values if len([it for it in row if it is not None]) > 5]
    column = titles.index("标准分")
    assert [f"{line[column]:.1f}" for line in lines] == [scaled[row.entrant] for row in rows]
    notice = words_of(print_notice(competition, event.code))
    for text in scaled.values():
        assert f"标准分{text}" in notice
        for page in pages:
            assert f"标准分 {text}" in page
