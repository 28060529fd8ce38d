"""In whatever order attempts, waivers and corrections come in: what is published is what stands."""

from __future__ import annotations

import itertools
import random
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask

from compete.domain import score
from compete.domain.bundle.reading import read_bundle
from compete.domain.bundle.writing import write_bundle
from compete.models import db
from compete.services.closing.attempt_waivers import is_waivable, waive_attempt
from compete.services.judging.act_intake import take_acts
from compete.services.judging.sent_back_sheets import send_sheet_back
from compete.services.scoring.bundle_out import export_bundle
from compete.services.scoring.live import live_results
from compete.services.sheets.act_rules import ActIn
from compete.services.sheets.values import standing_values
from tests.support.attempted import attempt, open_attempts
from tests.support.panels import Panel

PEOPLE = ("E1", "E2", "E3")
Marks = dict[str, str]


def worth(marks: list[Marks]) -> int:
    """The score of an attempt by its judges' marks, cut off upwards, by the contract's words."""
    total = Fraction(0)
    for it in marks:
        late = Fraction(min(max(Fraction(it["time"]) - 100, 0), 300))
        total += Fraction(it["work"]) + 40 * (1 - late / 300)
    mean = total / len(marks)
    return -(-mean.numerator // mean.denominator)


def drawn(chance: random.Random) -> Marks:
    return {
        "work": str(Decimal(chance.randint(0, 120)) / 2),
        "time": str(chance.randint(90, 410)),
    }


def do(panel: Panel, known: dict[tuple[str, int], list[Marks]], chance: random.Random) -> None:
    """Do one thing that the day may bring: a sheet, a correction, a waiver."""
    entrant, number = chance.choice(PEOPLE), chance.randint(1, 2)
    marks = known.get((entrant, number), [])
    sheet = panel.sheet("J1", entrant, f"run{number}")
    if not marks and chance.random() < 0.3 and is_waivable(sheet):
        waive_attempt(sheet, "累了", panel.account("J1"))
        known[entrant, number] = [{}]
    elif marks == [{}]:
        assert not is_waivable(sheet)
    elif len(marks) < 2:
        given = drawn(chance)
        panel.fill(panel.sheet(f"J{len(marks) + 1}", entrant, f"run{number}"), given)
        known[entrant, number] = [*marks, given]
    else:
        place = chance.randrange(2)
        wrong = panel.sheet(f"J{place + 1}", entrant, f"run{number}")
        send_sheet_back(wrong, "抄错了", panel.account("C1"))
        given = drawn(chance)
        panel.fill(panel.sheet(f"J{place + 1}", entrant, f"run{number}"), given)
        known[entrant, number] = [given if n == place else it for n, it in enumerate(marks)]


@pytest.mark.parametrize("seed", range(6))
def test_what_stands_is_what_the_exported_file_scores(here: Flask, seed: int) -> None:
    chance, panel = random.Random(seed), open_attempts()
    known: dict[tuple[str, int], list[Marks]] = {}
    for _ in range(24):
        do(panel, known, chance)
    for entrant, number in itertools.product(PEOPLE, (1, 2)):
        for judge in range(len(known.get((entrant, number), [])), 2):
            if known.get((entrant, number)) != [{}]:
                given = drawn(chance)
                panel.fill(panel.sheet(f"J{judge + 1}", entrant, f"run{number}"), given)
                known.setdefault((entrant, number), []).append(given)
    bundle = export_bundle(panel.competition)
    exported = read_bundle(write_bundle(bundle, "json"))
    live = live_results(panel.competition).results
    assert score(exported) == live
    scores = {
        entrant: [0 if known[entrant, n] == [{}] else worth(known[entrant, n]) for n in (1, 2)]
        for entrant in PEOPLE
    }
    rows = live.events[0].standings
    assert {row.entrant: row.total for row in rows} == {
        entrant: f"{max(made)}.00" for entrant, made in scores.items()
    }
    assert all(row.status == "ranked" for row in rows)
    for row in live.events[0].stages[0].standings:
        best = max((score, -n) for n, score in enumerate(scores[row.entrant], 1))
        assert row.counted == {"run": [f"run{-best[1]}"]}


ORDERS = sorted(set(itertools.permutations("1122")))


@pytest.mark.parametrize("order", ORDERS, ids="".join)
def test_what_was_marked_offline_stands_as_it_was_given(here: Flask, order: str) -> None:
    """A tablet hands over both attempts, each in two lots, mixed in any way."""
    panel = open_attempts()
    given = {"1": ("31.5", "150"), "2": ("12", "120")}
    lots = {number: iter(lots_of(panel, number, *marks)) for number, marks in given.items()}
    for number in order:
        assert not take_acts(panel.judge("J1"), next(lots[number]), panel.account("J1")).refused
    db.session.rollback()
    for number, (work, seconds) in given.items():
        sheet = panel.sheet("J1", "E1", f"run{number}")
        values = {"work": Decimal(work), "time": Decimal(seconds)}
        assert (sheet.state, standing_values([sheet.id])[sheet.id]) == ("submitted", values)


def lots_of(panel: Panel, number: str, work: str, seconds: str) -> list[list[ActIn]]:
    """A first mark and its correction with all else, of one attempt."""
    sheet, seqs = panel.sheet("J1", "E1", f"run{number}").public_id, itertools.count(1)

    def act(kind: str, **keys: Any) -> ActIn:
        at = {"tablet": "t", "seq": next(seqs) + 10 * int(number)}
        return ActIn(uuid=str(uuid4()), sheet=sheet, kind=kind, **at, **keys)

    begun = [act("mark", aspect="work", value="1"), act("mark", aspect="time", value="399")]
    again = [act("mark", aspect="time", value=seconds), act("mark", aspect="work", value=work)]
    return [begun, [*again, act("submit")]]


def test_a_waiver_meets_a_tablet_that_marked_offline(here: Flask) -> None:
    """What a judge gave without network is kept; the waiver stands until it is taken back."""
    panel = open_attempts()
    attempt(panel, "E1", 1, "40", "100")
    waive_attempt(panel.sheet("J2", "E1", "run2"), "累了", panel.account("J2"))
    for acts in lots_of(panel, "2", "60", "100"):
        assert not take_acts(panel.judge("J1"), acts, panel.account("J1")).refused
    db.session.rollback()
    assert panel.sheet("J1", "E1", "run2").state == "submitted"
    row = live_results(panel.competition).results.events[0].standings[0]
    assert (row.entrant, row.status, row.total) == ("E1", "ranked", "80.00")
