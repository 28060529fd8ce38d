"""The browser works out what `compete score` does, to the digit, and says what it cannot."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest
from playwright.sync_api import Page

from compete.domain import read_bundle, score, write_results
from compete.domain.bundle.packs.named import expand_packs
from compete.domain.bundle.types import Bundle
from compete.domain.bundle.writing import write_bundle
from compete.domain.values.kinds import Kind
from compete.services.scoring.masked_bundle import public_bundle
from tests.domain.evaluation_competitions import evaluation
from tests.domain.labour_competitions import labour_competition
from tests.domain.scoring.competitions import competition, several_events
from tests.services.sheets.test_difficulties import dives
from tests.support.every_labour_rule import every_labour_rule
from tests.support.every_rule import every_rule

Plain = dict[str, Any]

ROOT = Path(__file__).resolve().parents[3]
SAMPLES = sorted((ROOT / "sample_events").glob("*/bundle.*"))
EXAMPLES = sorted((ROOT / "tests/examples").rglob("*.bundle.json"))
MADE_UP = 50

SCORED = """async (bundles) => {
  const { scored } = await import("/static/js/scoring/score.js");
  const { unknownIn } = await import("/static/js/scoring/known.js");
  return bundles.map((bundle) => [unknownIn(bundle), scored(bundle)]);
}"""


# Taken apart and put together value by value, as `evaluate` does, files cost more than scoring.
ANSWERED = """async (given) => {
  const plain = (_key, value) => {
    const lost = value === undefined || Object.is(value, -0) ||
      (typeof value === "number" && !Number.isFinite(value));
    return lost ? String(value) : value;
  };
  return JSON.stringify(await (%s)(JSON.parse(given)), plain);
}"""


def answer(page: Page, script: str, given: Any) -> Any:
    """What a script says of what it is given, as one text there and back."""
    return json.loads(page.evaluate(ANSWERED % script, json.dumps(given)))


def read(plain: Plain) -> Bundle:
    return read_bundle(json.dumps(plain).encode())


def published(bundle: Bundle) -> tuple[Plain, Plain]:
    """The file that goes out of it and its results, as plain objects."""
    # Of an evaluation no such file goes out; the script must come to the same all the same.
    public = bundle
    if bundle.competition.kind is not Kind.EVALUATION:
        public = public_bundle(expand_packs(bundle))
    return json.loads(write_bundle(public, "json")), json.loads(write_results(score(public)))


def check(page: Page, bundles: list[Bundle]) -> None:
    """Both come to the same, in one visit to the browser."""
    files = [published(bundle) for bundle in bundles]
    answers = answer(page, SCORED, [file for file, _ in files])
    for (file, wanted), (unknown, results) in zip(files, answers, strict=True):
        assert unknown == []
        assert results == wanted, json.dumps(file, ensure_ascii=False)


def test_every_sample_comes_out_as_it_was_published(bench: Callable[..., Page]) -> None:
    forms = [(file, "json" if file.suffix == ".json" else "yaml") for file in SAMPLES]
    samples = [read_bundle(file.read_bytes(), form=form) for file, form in forms]
    examples = [read_bundle(file.read_bytes()) for file in EXAMPLES]
    assert len(samples) == 6
    assert examples
    check(bench("http"), [*samples, *examples])


MAKERS = [competition, labour_competition, several_events, evaluation]


@pytest.mark.parametrize("make", MAKERS)
def test_made_up_competitions_come_out_the_same(
    make: Callable[..., Plain], bench: Callable[..., Page]
) -> None:
    page = bench("http")
    # Drawn anew each time, of either version; a competition that differs is told whole.
    seeds = [Random().randrange(2**32) for _ in range(MADE_UP)]
    check(page, [read(make(Random(seed), version=None)) for seed in seeds])


def test_codes_beyond_the_first_plane_are_ordered_by_code_point(bench: Callable[..., Page]) -> None:
    """By halves of a code point, as browsers compare texts, 𠮷 would come before ｱ."""
    plain = competition(Random(7), entrants=4)
    codes = {
        person["code"]: name
        for person, name in zip(plain["entrants"], ["ｱ1", "𠮷1", "乙", "𠮷"], strict=False)
    }
    text = json.dumps(plain, ensure_ascii=False)
    for code, name in codes.items():
        text = text.replace(f'"{code}"', f'"{name}"').replace(f'"{code}-', f'"{name}-')
    check(bench("http"), [read(json.loads(text))])


def sample(name: str) -> Plain:
    plain: Plain = json.loads((ROOT / "sample_events" / name / "bundle.json").read_bytes())
    return plain


def with_rules(name: str, key: str, rules: Any) -> Plain:
    plain = sample(name)
    plain[key] = rules
    return plain


UNKNOWN = """async (bundles) => {
  const { unknownIn } = await import("/static/js/scoring/known.js");
  return bundles.map((bundle) => unknownIn(bundle));
}"""


def test_every_rule_that_the_format_has_is_known(bench: Callable[..., Page]) -> None:
    event = every_rule("FORK")
    bundles = [
        with_rules("port-forklift", "events", [event]),
        with_rules("key-projects-labour", "labour", every_labour_rule()),
    ]
    for plain in bundles:
        plain["format"] = "compete-bundle/2"
    assert answer(bench("http"), UNKNOWN, bundles) == [[], []]


def test_what_the_script_does_not_know_is_named_by_its_place(bench: Callable[..., Page]) -> None:
    plain = sample("port-forklift")
    module = ["events", 0, "stages", 0, "modules", 0]
    changes: list[tuple[list[str | int], Any, list[str]]] = [
        ([], {"bonus": 1}, ["bonus"]),
        ([], {"format": "compete-bundle/3"}, ["format"]),
        ([], {"playoffs": []}, ["playoffs"]),
        (
            [],
            {"format": "compete-bundle/2", "playoffs": [], "overall": [{"by": "x"}]},
            ["overall[0].by"],
        ),
        ([], {"overall": []}, ["overall"]),
        (["competition"], {"kind": "quiz"}, ["competition.kind"]),
        (["events", 0], {"grades": "pack"}, ["events[0].grades"]),
        (["events", 0, "ranking"], {"ties": ["lot"]}, ["events[0].ranking.ties[0]"]),
        (["events", 0, "ranking"], {"style": "x"}, ["events[0].ranking.style"]),
        (module, {"curve": {}}, ["events[0].stages[0].modules[0].curve"]),
        (
            [*module, "aspects", 0],
            {"type": "unheard", "constructor": 1},
            [
                "events[0].stages[0].modules[0].aspects[0].type",
                "events[0].stages[0].modules[0].aspects[0].constructor",
            ],
        ),
        (["marks", 3], {"weight": 2}, ["marks[3].weight"]),
        (["marks", 3], {"extra": {"weight": 2}, "at": None}, []),
    ]
    bundles = []
    for place, change, _ in changes:
        changed: Any = deepcopy(plain)
        inside = changed
        for step in place:
            inside = inside[step]
        inside |= change
        bundles.append(changed)
    places = answer(bench("http"), UNKNOWN, bundles)
    assert [sorted(names) for names in places] == [sorted(wanted) for *_, wanted in changes]


AGAINST = """async (pairs) => {
  const { differences } = await import("/static/js/scoring/against.js");
  return pairs.map(([own, other]) => differences(own, other));
}"""


def test_what_differs_is_told_with_whose_it_is(bench: Callable[..., Page]) -> None:
    _, results = published(read_bundle(SAMPLES[0].read_bytes()))
    changed = deepcopy(results)
    row = changed["events"][0]["standings"][2]
    row["total"] = "99.99"
    shorter = deepcopy(results)
    gone = shorter["events"][0]["standings"].pop()
    differences = answer(
        bench("http"), AGAINST, [[results, results], [results, changed], [results, shorter]]
    )
    assert differences[0] == []
    assert differences[1] == [{"path": "events[0].standings[2].total", "who": row["entrant"]}]
    last = len(shorter["events"][0]["standings"])
    assert differences[2] == [{"path": f"events[0].standings[{last}]", "who": None}]
    assert gone


WAYS = """async (bundles) => {
  const { worked } = await import("/static/js/scoring/score.js");
  const { explained } = await import("/static/js/scoring/explain.js");
  return bundles.map((bundle) => {
    const { events } = worked(bundle);
    return bundle.entrants.map(({ code }) => explained(events, code, bundle));
  });
}"""


def number_of(text: str) -> Decimal:
    return Decimal(text.removesuffix("…"))


def test_the_way_to_a_total_adds_up_to_it(bench: Callable[..., Page]) -> None:
    bundles = [read(competition(Random(seed))) for seed in range(40)]
    files = [published(bundle) for bundle in bundles]
    everybody = answer(bench("http"), WAYS, [file for file, _ in files])
    added, carried, shared = 0, 0, 0
    for (_, results), ways in zip(files, everybody, strict=True):
        rows = {row["entrant"]: row for row in results["events"][0]["standings"]}
        for way in ways:
            row = rows[way["code"]]
            assert (way["total"], way["rank"]) == (row["total"], row["rank"])
            if row["total"] is None:
                continue
            lines = [
                *way["parts"],
                *(module for module in way["modules"] if module["part"] is None),
            ]
            own = sum(number_of(line["points"]) for line in lines)
            if way["carry"]:
                carried += 1
                own = number_of(way["carry"]["rest"]) + number_of(way["carry"]["brings"])
            place = Decimal(1).scaleb(-len(row["total"].partition(".")[2]))
            assert abs(own - Decimal(row["total"])) <= place / 2 + Decimal("0.001")
            added += 1
            if row["rank"] is not None:
                before = way["place"]["more"] + way["place"]["before"] + way["place"]["beyond"]
                # Dense ranks leave no gaps behind those who share one.
                assert row["rank"] <= before + 1
                shared += way["place"]["level"] > 0
    assert min(added, carried) > 10
    assert shared


def test_the_way_says_by_which_difficulty_marks_count(bench: Callable[..., Page]) -> None:
    plain = dives()
    where = {"stage": "final", "module": "practice", "entrant": "E1"}
    plain["marks"] = [
        {**where, "judge": judge, "aspect": "work", "value": "7", "difficulty": "1.50"}
        for judge in ("J1", "J2", "J3")
    ]
    ways = answer(bench("http"), AWARDS, plain)
    difficulties = {
        way["code"]: [it["difficulty"] for it in way["modules"][1]["aspects"]] for way in ways
    }
    assert difficulties == {"E1": [None, "1.5"], "E2": [None, None]}


def test_the_way_tells_attempts_of_one_name_apart(bench: Callable[..., Page]) -> None:
    twice = (ROOT / "sample_events/presets/two-attempts.bundle.json").read_text(encoding="utf-8")
    first, *_others = answer(bench("http"), AWARDS, json.loads(twice))
    modules = [(it["name"], it["attempt"]) for it in first["modules"]]
    counted = ["操作 2/2"]
    assert modules == [
        ("理论", None),
        ("操作 1/2", {"counts": False, "counted": counted}),
        ("操作 2/2", {"counts": True, "counted": counted}),
    ]


AWARDS = """async (bundle) => {
  const { worked } = await import("/static/js/scoring/score.js");
  const { explained } = await import("/static/js/scoring/explain.js");
  const { events } = worked(bundle);
  return bundle.entrants.map(({ code }) => explained(events, code, bundle));
}"""


def test_the_way_says_how_many_of_an_award_there_are(bench: Callable[..., Page]) -> None:
    bundle, results = published(read_bundle(SAMPLES[0].read_bytes()))
    event = bundle["events"][0]
    event["awards"] = [
        {"code": "A", "name": "一等奖", "ratio": "0.07", "round": "ceil"},
        {"code": "B", "name": "二等奖", "top": 3},
    ]
    ways = answer(bench("http"), AWARDS, bundle)
    ranked = sum(row["rank"] is not None for row in results["events"][0]["standings"])
    share = Decimal("0.07") * ranked
    assert share % 1
    first, second = (
        next(way["awards"] for way in ways if len(way["awards"]) == length) for length in (1, 2)
    )
    assert (first[0]["percent"], Decimal(first[0]["share"])) == ("7", share)
    assert (first[0]["round"], first[0]["number"]) == ("ceil", int(share) + 1)
    assert second[0] == first[0]
    assert (second[1]["share"], second[1]["number"]) == (None, 3)
    assert sum(len(way["awards"]) == 2 for way in ways) == second[1]["given"]
    assert any(way["awards"] == [] for way in ways)
