"""The program and two other checkers, written from the page alone, find the same."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compete.domain.ceremonies.checking import Checked, check_draw_file
from compete.domain.ceremonies.drawing import Separation
from compete.domain.ceremonies.holding import moved_from
from compete.domain.ceremonies.problems import DrawFileError
from compete.domain.ceremonies.reading import read_draw_file
from compete.domain.ceremonies.writing import write_draw_file
from tests.domain.ceremonies import plain_checker
from tests.domain.ceremonies.random_ceremonies import (
    as_bytes,
    changed,
    random_ceremony,
    random_draw,
)

RANDOMS = st.integers(0, 2**32).map(Random)
EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
NODE = shutil.which("node")


def found_by_us(data: bytes, **noted: str) -> dict[str, Any]:
    """What the program finds, in the words of the second checker."""
    try:
        file = read_draw_file(data)
    except DrawFileError:
        return {"status": 2}
    findings = check_draw_file(file, **noted)
    what = ""
    for difference in findings.differences[:1]:
        what = "void" if difference.what is Checked.VOID else difference.place
        if difference.what in (Checked.RESULT, Checked.UNMET):
            what = what[: what.rindex("[")]
    return {
        "status": 0 if findings.fits else 1,
        "what": what,
        "head": findings.head,
        "openings": findings.openings,
        "seed": findings.seed,
    }


def found_by(checker: Any, data: bytes) -> dict[str, Any]:
    """What another checker finds; why it refuses a file is its own affair."""
    verdict = checker(data)
    return {"status": 2} if verdict["status"] == 2 else verdict


@pytest.mark.parametrize(
    ("name", "head", "openings", "seed"),
    [
        ("draw-46", "f71c5796b068f10e", "825a7d96e1969677", "ce8aea7efa51eaa3"),
        ("draw-12-one-closed", "4b2473ed088cb587", "2b6bb9b63bba09b7", "faac6056d2cdffad"),
    ],
)
def test_the_worked_examples_come_out(name: str, head: str, openings: str, seed: str) -> None:
    data = (EXAMPLES / f"{name}.json").read_bytes()
    verdict = found_by_us(data)
    assert verdict["status"] == 0
    assert verdict["head"].startswith(head)
    assert verdict["openings"].startswith(openings)
    assert verdict["seed"].startswith(seed)
    assert verdict == found_by(plain_checker.check, data)
    assert json.loads(write_draw_file(read_draw_file(data))) == json.loads(data)


@given(rng=RANDOMS)
@settings(max_examples=60)
def test_a_ceremony_held_as_the_page_says_comes_out(rng: Random) -> None:
    file = random_ceremony(rng)
    data = as_bytes(rng, file)
    verdict = found_by_us(data)
    assert verdict == found_by(plain_checker.check, data)
    void = not file["draws"][0]["tries"]
    assert (verdict["status"], verdict["what"]) == ((1, "void") if void else (0, ""))
    assert json.loads(write_draw_file(read_draw_file(data))) == file


@given(rng=RANDOMS)
@settings(max_examples=60)
def test_who_was_moved_stood_where_others_who_were_stand_now(rng: Random) -> None:
    """Codes may be the same in several draws, so only the last one's places are looked at."""
    file = read_draw_file(as_bytes(rng, random_ceremony(rng, most=40)))
    now = {row.code: row.place for row in file.draws[-1].result if row.moved}
    places_before = moved_from(file)
    came = {code: places_before[code].code for code in now}
    assert sorted(came.values()) == sorted(now.values())
    before = {row.place: row.code for row in file.draws[-1].result if not row.moved}
    assert before.keys().isdisjoint(came.values())
    assert not file.void or places_before == {}


@given(rng=RANDOMS)
@settings(max_examples=100)
def test_a_change_of_anything_is_found(rng: Random) -> None:
    """By the file alone where it can be; always with what was noted at the ceremony."""
    file = random_ceremony(rng, most=8)
    written = json.dumps(file, ensure_ascii=False).encode()
    right = found_by_us(written)
    flipped = bytearray(written)
    flipped[rng.randrange(len(flipped))] ^= 1 << rng.randrange(8)
    other = changed(rng, file)
    for data in (json.dumps(other).encode(), bytes(flipped)):
        verdict = found_by_us(data)
        assert verdict == found_by(plain_checker.check, data)
        noted = found_by_us(data, noted_head=right["head"], noted_openings=right["openings"])
        assert noted == right if means_the_same(data, file) else noted["status"] > 0


def means_the_same(data: bytes, file: dict[str, Any]) -> bool:
    """Whether the bytes are the file, if perhaps in another writing."""
    try:
        return bool(plain_checker.read(data) == file)
    except plain_checker.Refused:
        return False


@given(rng=RANDOMS)
@settings(max_examples=120)
def test_a_pass_swaps_as_one_that_looks_at_everybody(rng: Random) -> None:
    """The lists are long enough that sessions and turns get heaps of their own."""
    draw = random_draw(rng, most=rng.choice([8, 40, 90]))
    void = {"result": [], "unmet": [], "tries": 0}
    file = random_ceremony(rng, most=1) | {"draws": [draw | void]}
    (ours,) = read_draw_file(json.dumps(file).encode()).draws
    people = draw["list"]
    order = rng.sample(range(len(people)), len(people))
    stand, moved, unmet = plain_checker.separated([people[number] for number in order], draw)
    separated = Separation(ours).separate(list(order), len(people) + 1)
    assert separated is not None
    assert [people[number] for number in separated.order] == stand
    assert {people[number]["code"] for number in separated.moved} == moved
    assert [draw["places"][at]["code"] for at in separated.unmet] == unmet
    if unmet:
        assert Separation(ours).separate(list(order), len(unmet)) is None


@pytest.mark.skipif(NODE is None, reason="there is no node on this machine")
def test_a_checker_in_another_language_finds_the_same() -> None:
    rng = Random(2022)
    files = [path.read_bytes() for path in sorted(EXAMPLES.glob("draw-*.json"))]
    for _ in range(60):
        file = random_ceremony(rng)
        files += [as_bytes(rng, file), as_bytes(rng, changed(rng, file))]
    files = [file for file in files if found_by_us(file)["status"] < 2]
    assert len(files) > 80
    run = subprocess.run(
        [str(NODE), str(Path(__file__).with_name("plain_checker.mjs"))],
        input="\n".join(base64.b64encode(file).decode() for file in files),
        capture_output=True,
        text=True,
        check=True,
    )
    answers = [json.loads(line) for line in run.stdout.splitlines()]
    assert answers == [found_by_us(file) for file in files]
    assert {answer["status"] for answer in answers} == {0, 1}
