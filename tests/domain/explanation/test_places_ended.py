"""Who did not go on is told truly where the place ended, in every way that one can end."""

from __future__ import annotations

import json
import re
from random import Random
from typing import Any

from compete.domain import read_bundle
from compete.domain.bundle.results import StageResults
from compete.domain.explanation.steps import StepKind, every_step
from compete.domain.explanation.tree import explain_entrant
from compete.domain.scoring.scorer import Scorer
from tests.domain.scoring.build import Plain, bundle, entrant, event, mark, module, stage
from tests.domain.scoring.competitions import competition

WAYS = ("用完", "本单位已有", "按编号先后", "有的留着", "本单位有", "只剩")


def ended(scorer: Scorer, code: str) -> dict[str, str]:
    """By the stage that was not reached, why."""
    steps = every_step(explain_entrant(scorer, code).steps)
    return {
        step.code or "": str(step.text)
        for _, step in steps
        if step.kind is StepKind.ADVANCE and not step.met
    }


def check_end(text: str, code: str, here: StageResults, plain: Plain, results: Any) -> str:
    """Hold what is told to the results; returns by which word."""
    units = {person["code"]: person["unit"] for person in plain["entrants"]}
    rows = {row.entrant: row for row in here.standings}
    rank = rows[code].rank
    went = [row for row in here.standings if row.advanced]
    own = [row for row in went if units[row.entrant] == units[code]]
    notices = [notice for notice in results.notices or () if notice.stage == here.code]
    mine = [notice for notice in notices if code in notice.entrants]
    match = re.search(r"：(.*)（", text)
    assert match is not None
    why = match[1]
    if "按编号先后" in why:
        assert plain["format"] == "compete-bundle/1"
        level = own if "本单位" in why else went
        assert [row.entrant for row in level if row.rank == rank] == sorted(
            re.findall(r"P\d+", why)
        )
        return "按编号先后"
    if "只剩" in why:
        people, places = re.findall(r"\d+", why)
        assert [(len(notice.entrants), notice.open) for notice in mine] == [
            (int(people), int(places))
        ]
        assert (mine[0].unit == units[code]) == ("本单位" in why)
        return "本单位有" if "本单位" in why else "只剩"
    assert not mine
    if "本单位已有" in why:
        assert all(row.rank < rank for row in own)
        assert f"已有 {len(own)} " in why
        assert not any(notice.unit == units[code] for notice in notices)
        return "本单位已有"
    if "有的留着" in why:
        assert any(notice.rank < rank for notice in notices)
        return "有的留着"
    assert "用完" in why
    assert not notices
    assert all(row.rank < rank for row in went)
    return "用完"


def test_every_end_is_told_truly() -> None:
    seen = set()
    for seed in range(400):
        rng = Random(f"ends {seed}")
        plain = competition(rng, version=None, entrants=12)
        plain.pop("playoffs", None)
        the_event = plain["events"][0]
        # Many stand level, and many of them with their own.
        the_event |= {"rounding": {"total": 0}, "ranking": {}}
        for person in plain["entrants"]:
            person["unit"] = rng.choice(["U1", "U2"])
            person.pop("members", None)
        for early in the_event["stages"][:-1]:
            ties = rng.choice(["cut", "cut", "include"])
            early["advance"] = {
                "top": rng.randint(2, 6),
                "per_unit": rng.randint(1, 3),
                "ties": ties,
            }
        scorer = Scorer(read_bundle(json.dumps(plain).encode()))
        results = scorer.results.events[0]
        by_stage = dict(zip([s.code for s in results.stages[1:]], results.stages, strict=False))
        for code in scorer.events["E"].entrants:
            for stage_code, text in ended(scorer, code).items():
                if "有名次的都进入" not in text:
                    seen.add(check_end(text, code, by_stage[stage_code], plain, results))
    assert seen == set(WAYS)


def two_stages(advance: Plain, units: str, version: int) -> Scorer:
    """Everybody with the same points before a stage that few reach."""
    two = event(stage(module(), code="A", advance=advance), stage(module(), code="B", name="决赛"))
    people = [entrant(f"P{at}", unit) for at, unit in enumerate(units, start=1)]
    marks = [mark(person["code"], 80, stage_code="A") for person in people]
    plain = bundle(two, people, marks, format=f"compete-bundle/{version}")
    return Scorer(read_bundle(json.dumps(plain).encode()))


def test_an_equal_is_never_told_that_those_in_front_took_the_places() -> None:
    cut = two_stages({"top": 1, "ties": "cut"}, "UV", 1)
    assert "和 P1 名次相同，按编号先后" in ended(cut, "P2")["B"]
    quota = two_stages({"per_unit": 1}, "UU", 1)
    assert "和本单位的 P1 名次相同，按编号先后" in ended(quota, "P2")["B"]
    for code in ("P1", "P2"):
        assert (
            "有 2 人名次相同，只剩 1 个名额"
            in ended(two_stages({"top": 1, "ties": "cut"}, "UV", 2), code)["B"]
        )
        assert (
            "本单位有 2 人名次相同，只剩 1 个名额"
            in ended(two_stages({"per_unit": 1, "ties": "cut"}, "UU", 2), code)["B"]
        )


def test_a_playoff_is_what_parts_equals() -> None:
    two = event(stage(module(), code="A", advance={"top": 1, "ties": "cut"}), stage(module()))
    playoff = {"event": "E", "stage": "A", "order": ["P2", "P1"], "kind": "extra", "reason": "加试"}
    plain = bundle(
        two,
        [entrant("P1", "U"), entrant("P2", "V")],
        [mark(code, 80, stage_code="A") for code in ("P1", "P2")],
        format="compete-bundle/2",
        playoffs=[playoff],
    )
    steps = every_step(explain_entrant(Scorer(read_bundle(json.dumps(plain).encode())), "P1").steps)
    texts = [str(step.text) for _, step in steps]
    assert any("在 P2 之后" in text and "加赛" in text and "加试" in text for text in texts)
    assert any("用完" in text for text in texts)
