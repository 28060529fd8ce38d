"""The browser's own check of a draw finds what the program finds, on plain HTTP too."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest
from playwright.sync_api import Page, Route

from compete.domain.ceremonies.checking import check_draw_file
from compete.domain.ceremonies.problems import DrawFileError
from compete.domain.ceremonies.reading import read_draw_file
from compete.domain.ceremonies.units_then_people import BY_ROUNDS, IN_A_ROW, final_places
from compete.domain.ceremonies.writing import write_draw_file
from compete.domain.values.chance import below
from compete.domain.values.hashword_list import WORDS
from compete.domain.values.hashwords import hash_phrase
from compete.domain.values.messages import Message
from tests.domain.bundle.spoiling import broken, spoiled
from tests.domain.ceremonies.random_ceremonies import as_bytes, changed, random_ceremony
from tests.domain.ceremonies.test_units_then_people import layered_file

ROOT = Path(__file__).resolve().parents[3]
EXAMPLES = ROOT / "tests" / "examples"
HERE = "http://hall.example"


@pytest.fixture
def lab(visitor: Callable[..., Any]) -> Page:
    """An empty page of a hall without HTTPS, which has our scripts."""

    def answer(route: Route) -> None:
        path = ROOT / route.request.url.removeprefix(f"{HERE}/")
        if path.suffix == ".js":
            route.fulfill(path=path, content_type="text/javascript")
        else:
            route.fulfill(body="<!doctype html><title>draw</title>", content_type="text/html")

    page: Page = visitor("phone").page()
    page.route("**/*", answer)
    page.goto(f"{HERE}/")
    assert page.evaluate("[isSecureContext, crypto.subtle]") == [False, None]
    return page


CHECK = """async (files) => {
  const { checkDraw } = await import("/static/js/draw/check.js");
  const answers = [];
  for (const file of files) {
    const bytes = Uint8Array.from(atob(file), (sign) => sign.charCodeAt(0));
    answers.push(await checkDraw(bytes));
  }
  return answers;
}"""


def packed(files: list[bytes]) -> list[str]:
    return [base64.b64encode(file).decode() for file in files]


def many_files() -> list[bytes]:
    """Files of every kind: right, void, changed, wrong, and no JSON at all."""
    rng = Random(13)
    files = [path.read_bytes() for path in sorted(EXAMPLES.glob("draw-*.json"))]
    for _ in range(40):
        file = random_ceremony(rng)
        written = as_bytes(rng, file)
        wrong = json.dumps(spoiled(rng, file, rng.randint(1, 3)), ensure_ascii=rng.random() < 0.5)
        files += [
            written,
            as_bytes(rng, changed(rng, file)),
            wrong.encode(errors="surrogatepass"),
            broken(rng, written),
        ]
    doubled = files[0].replace(b'"number"', b'"number": 1, "number"', 1)
    return [*files, doubled, b"", b"{}", b"null", b"[" * 5000, b'"\xff"']


def test_the_browser_finds_what_the_program_finds(lab: Page) -> None:
    files = many_files()
    answers = lab.evaluate(CHECK, packed(files))
    for data, answer in zip(files, answers, strict=True):
        assert wanted(data, answer) == browser_answer(answer), data
    statuses = [given["status"] for given in answers]
    assert all(statuses.count(kind) >= 10 for kind in ("same", "differs", "void", "refused"))


def wanted(data: bytes, answer: dict[str, Any]) -> dict[str, Any]:
    """What the program says of a file, in the browser's words."""
    try:
        file = read_draw_file(data)
    except DrawFileError as error:
        refusals = [(problem.path, problem.message.render()) for problem in error.problems]
        # How a text fails to be JSON may be told at another place.
        if answer["problems"] and not answer["problems"][0]["path"] and not refusals[0][0]:
            refusals = browser_answer(answer)["problems"]
        return {"status": "refused", "problems": refusals}
    findings = check_draw_file(file)
    status = "same" if findings.fits else "differs"
    if file.void and findings.differences[0].what == "void":
        status = "void"
    first = [difference._asdict() for difference in findings.differences[:1]]
    return {
        "status": status,
        "problems": [],
        "first": first,
        "head": [findings.head, hash_phrase(bytes.fromhex(findings.head))],
        "openings": findings.openings,
        "seed": findings.seed,
        "opened": [party.opened for party in (*file.parties, file.spare)],
    }


def browser_answer(answer: dict[str, Any]) -> dict[str, Any]:
    problems = [(problem["path"], rendered(problem)) for problem in answer["problems"]]
    if answer["status"] == "refused":
        return {"status": "refused", "problems": problems}
    for number, draw in enumerate(answer["draws"]):
        check_trace(answer["file"]["draws"][number], draw)
    return {
        "status": answer["status"],
        "problems": problems,
        "first": [
            {"wanted": None, "found": None} | difference for difference in answer["differences"][:1]
        ],
        "head": [answer["head"]["hex"], answer["head"]["words"]],
        "openings": answer["openings"]["hex"],
        "seed": answer["seed"] and answer["seed"]["hex"],
        "opened": [party["opened"] for party in answer["parties"]],
    }


def rendered(problem: dict[str, Any]) -> str:
    """A sentence of the browser's with its holes filled."""
    holes = problem.get("holes") or {}
    filled = {
        key: rendered(v) if isinstance(v, dict) else "、".join(v) if isinstance(v, list) else v
        for key, v in holes.items()
    }
    return Message(problem["text"], filled).render()


def check_trace(given: dict[str, Any], drawn: dict[str, Any]) -> None:
    """The swaps that are told, done one by one, lead from the list to the result."""
    if not drawn["tries"]:
        return
    order = [person["code"] for person in given["list"]]
    for swap in (*drawn["swaps"], *drawn["moves"]):
        at, other = swap["position"] - 1, swap["with"] - 1
        assert (order[other], order[at]) == (swap["came"], swap["went"])
        order[at], order[other] = order[other], order[at]
    assert order == [row["code"] for row in drawn["result"]]
    moved = {move[key] for move in drawn["moves"] for key in ("came", "went")}
    assert moved == {row["code"] for row in drawn["result"] if row["moved"]}
    assert all(move["why"] in ("apart", "session") for move in drawn["moves"])


NOTED = """async ([file, options]) => {
  const { checkDraw, notedDigits, placesOf } = await import("/static/js/draw/check.js");
  const bytes = Uint8Array.from(atob(file), (sign) => sign.charCodeAt(0));
  const answer = await checkDraw(bytes, { ...options, head: notedDigits(options.head) });
  return { status: answer.status, first: answer.differences[0], head: answer.head,
    noted: answer.openings.noted, steps: answer.steps.map(({ name, fits }) => [name, fits]),
    places: placesOf(answer, "é9521") };
}"""


def test_what_was_noted_and_where_somebody_is(lab: Page) -> None:
    (file,) = packed([(EXAMPLES / "draw-46.json").read_bytes()])
    head = "F71C5796 b068f10e b2a50dff 1bcd5e62"
    right = lab.evaluate(NOTED, [file, {"head": head}])
    assert (right["status"], right["head"]["noted"], right["noted"]) == ("same", True, None)
    assert right["places"] == [
        {
            "draw": 0,
            "position": 25,
            "place": {"code": "1-1-2", "line": "1", "order": 6, "session": "B"},
        }
    ]
    other = lab.evaluate(NOTED, [file, {"head": head[:-1] + "3"}])
    assert (other["status"], other["first"]["what"]) == ("differs", "head")
    assert other["first"]["found"] == "f71c5796b068f10eb2a50dff1bcd5e63"
    assert right["steps"] == [
        ["list", True],
        ["seals", True],
        ["openings", None],
        ["seed", True],
        ["shuffle", True],
        ["rule", True],
        ["result", True],
    ]
    assert other["steps"] == [["list", False], *right["steps"][1:]]
    short = lab.evaluate(NOTED, [file, {"head": "f71c"}])
    assert short["head"]["noted"] is None


HASHES = """async ([files, numbers, digests]) => {
  const { hmac, sha256 } = await import("/static/js/draw/sha256.js");
  const { bytesOf, hex } = await import("/static/js/draw/text.js");
  const { isBeyond, remainder } = await import("/static/js/draw/stream.js");
  const { hashWords } = await import("/static/js/draw/hash_words.js");
  const { WORDS } = await import("/static/js/draw/word_list.js");
  return {
    hashes: files.map((pair) => pair.map(bytesOf)).map(([key, data]) =>
      [hex(sha256(data)), hex(hmac(key)(data))]),
    numbers: numbers.map(([high, low, n]) =>
      (isBeyond(high, low, n) ? null : remainder(high, low, n))),
    words: digests.map(hashWords),
    list: WORDS,
  };
}"""


def test_hashes_numbers_and_words_are_those_of_python(lab: Page) -> None:
    rng = Random(5)
    sizes = (0, 1, 31, 54, 55, 56, 63, 64, 65, 119, 120, 128, 5000)
    files = [(rng.randbytes(rng.choice([1, 32, 64, 65, 200])), rng.randbytes(n)) for n in sizes]
    limits = [1, 2, 3, 7, 46, 10_000, 2**21 + 1, 2**31 + 1, 2**32 - 1]
    numbers = [(2**64 - 1 - rng.randrange(2**off), n) for n in limits for off in (0, 2, 31, 33, 64)]
    digests = [rng.randbytes(32) for _ in range(40)]
    answer = lab.evaluate(
        HASHES,
        [
            [[key.hex(), data.hex()] for key, data in files],
            [[number >> 32, number % 2**32, n] for number, n in numbers],
            [digest.hex() for digest in digests],
        ],
    )
    assert answer["hashes"] == [
        [hashlib.sha256(data).hexdigest(), hmac.new(key, data, "sha256").hexdigest()]
        for key, data in files
    ]
    assert answer["numbers"] == [accepted(number, n) for number, n in numbers]
    assert None in answer["numbers"]
    assert answer["words"] == [hash_phrase(digest) for digest in digests]
    assert answer["list"] == list(WORDS)


def accepted(number: int, limit: int) -> int | None:
    """The remainder, or None for a number that the stream passes over."""
    try:
        return below(iter([number]), limit)
    except ValueError:
        return None


ALIVE = """async ([file, stopsAfter]) => {
  const { checkDraw } = await import("/static/js/draw/check.js");
  const { StoppedError } = await import("/static/js/draw/slices.js");
  const bytes = Uint8Array.from(atob(file), (sign) => sign.charCodeAt(0));
  let ticks = 0;
  const timer = setInterval(() => { ticks += 1; }, 0);
  const told = [];
  try {
    const answer = await checkDraw(bytes, {
      progress: (step) => told.push(step),
      stopped: () => told.length > stopsAfter,
    });
    return { status: answer.status, ticks, told };
  } catch (error) {
    return { stopped: error instanceof StoppedError, told };
  } finally {
    clearInterval(timer);
  }
}"""


def test_a_page_stays_alive_through_a_long_check_and_may_stop_it(lab: Page) -> None:
    file = json.loads((EXAMPLES / "draw-46.json").read_bytes())
    draw = file["draws"][0]
    draw["list"] = [{"code": f"{number:05}", "unit": "U"} for number in range(1000)]
    draw["places"] = [{"code": str(number), "line": "1", "order": number} for number in range(1000)]
    (long,) = packed([json.dumps(file).encode()])
    answer = lab.evaluate(ALIVE, [long, 1000])
    assert answer["status"] == "differs"
    assert answer["told"] == [{"draw": 0, "tries": number} for number in range(1, 101)]
    assert answer["ticks"] > 3
    stopped = lab.evaluate(ALIVE, [long, 5])
    assert stopped["stopped"]
    assert len(stopped["told"]) < 100


FINAL = """async (files) => {
  const { checkDraw } = await import("/static/js/draw/check.js");
  const { finalPlaces, isLayered } = await import("/static/js/draw/layers.js");
  const told = [];
  for (const file of files) {
    const bytes = Uint8Array.from(atob(file), (sign) => sign.charCodeAt(0));
    const answer = await checkDraw(bytes);
    if (answer.status !== "same") throw new Error(answer.status);
    told.push(isLayered(answer.file)
      ? finalPlaces(answer).map(({ code, place }) => [place.code, code]) : null);
  }
  return told;
}"""


def test_both_layers_give_the_same_places_in_the_browser(lab: Page) -> None:
    files = [layered_file(IN_A_ROW), layered_file(BY_ROUNDS)]
    plain = (EXAMPLES / "draw-12-one-closed.json").read_bytes()
    answers = lab.evaluate(FINAL, packed([*map(write_draw_file, files), plain]))
    assert answers == [
        *([[row.place.code, row.code] for row in final_places(file)] for file in files),
        None,
    ]
