"""Papers that do not hold, and where that is said."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from compete.domain.bundle.problems import BundleError
from compete.domain.exam import assembly
from compete.domain.exam.assembly import assemble
from compete.domain.exam.bank import Question
from compete.domain.exam.basis import Basis
from compete.domain.exam.exam_words import limit_words, short_words
from compete.domain.exam.option_order import Chance
from compete.domain.exam.paper import paper_differences, read_paper, write_paper
from compete.domain.exam.selection_model import Found, candidates, least_missing
from tests.domain.bundle.sample import GONE, Plain, changed
from tests.domain.exam.test_against_all_selections import basis_of

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
BANK, TABLE, PAPER = (
    json.loads((EXAMPLES / f"exam-small.{kind}.json").read_bytes())
    for kind in ("bank", "table", "paper")
)
A, B = "forms[0].items", "forms[1].items"


def put(value: Plain, *pairs: Any) -> Plain:
    for path, there in zip(pairs[::2], pairs[1::2], strict=True):
        value = changed(value, path, there)
    return value


def places(paper: Plain, basis: Basis | None = None, seconds: float = 30) -> list[str]:
    read = read_paper(json.dumps(paper).encode())
    differences = paper_differences(read, basis or basis_of(BANK, TABLE), seconds)
    assert all(str(difference.message) for difference in differences)
    return [difference.path for difference in differences]


def assembled(basis: Basis, seed: int = 1) -> Plain:
    selection = assemble(basis, seed=seed)
    written = write_paper(
        basis,
        selection.forms,
        seed=seed,
        solver="x",
        met=selection.met,
        proven=selection.proven,
        fewer=selection.fewer,
        nearer=selection.nearer,
    )
    paper: Plain = json.loads(written)
    return paper


def test_the_worked_example_holds_without_a_solver(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assembly, "least_missing", None)
    assert places(PAPER) == []


@pytest.mark.parametrize(
    ("paper", "place"),
    [
        (put(PAPER, "bank.code", "PUMP-4"), "bank.code"),
        (put(PAPER, "bank.sha256", "0" * 64), "bank.sha256"),
        (put(PAPER, "table.code", ""), "table.code"),
        (put(PAPER, "table.sha256", "x"), "table.sha256"),
        (put(PAPER, "state", "good"), "state"),
        (put(PAPER, "forms[0].form", "C"), "forms[0].form"),
        (put(PAPER, "forms[0].mean", "0.65"), "forms[0].mean"),
        (put(PAPER, "forms[0].mean", "0.6501"), "forms[0].mean"),
        (put(PAPER, "forms[0].mean", None), "forms[0].mean"),
        (put(PAPER, "difficulty", GONE), "difficulty"),
        (put(PAPER, "difficulty.off", "0"), "difficulty.off"),
        (put(PAPER, "difficulty.apart", "0.0001"), "difficulty.apart"),
        (put(PAPER, f"{A}[0].line", 1), f"{A}[0].line"),
        (put(PAPER, f"{A}[0].line", 7), f"{A}[0].line"),
        (put(PAPER, f"{A}[0].line", -1), f"{A}[0].line"),
        (put(PAPER, f"{A}[0].version", 2), f"{A}[0].version"),
        (put(PAPER, f"{A}[3].version", 1), f"{A}[3].version"),
        (put(PAPER, f"{A}[0].points", "2.01"), f"{A}[0].points"),
        (put(PAPER, f"{A}[0].options", GONE), f"{A}[0].options"),
        (put(PAPER, f"{A}[0].options", ["A", "D", "B", "C"]), f"{A}[0].options"),
        (put(PAPER, f"{A}[5].options", []), f"{A}[5].options"),
        (put(PAPER, f"{A}[0].question", "Q99"), f"{A}[0].question"),
        (put(PAPER, f"{A}[5].question", "Q16"), f"{A}[5].question"),
        (put(PAPER, f"{A}[0].question", "Q05"), f"{A}[0].question"),
        (put(PAPER, f"{A}[7].question", "Q19"), f"{B}[7].question"),
        (put(PAPER, f"{A}[0]", PAPER["forms"][0]["items"][1]), f"{A}[1].question"),
        (put(PAPER, f"{A}[0]", GONE), "state"),
        (
            put(PAPER, "short", {"missing": 0, "lines": [], "importance": [], "proven": True}),
            "short",
        ),
        (put(PAPER, "state", "short"), "state"),
        (put(PAPER, "forms", PAPER["forms"][:1]), "forms"),
    ],
)
def test_each_difference_is_told_at_its_place(paper: Plain, place: str) -> None:
    assert place in places(paper)


def test_another_seed_has_other_options_and_a_negative_one_is_none() -> None:
    assert set(places({**PAPER, "seed": 8})) <= {
        f"{items}[{number}].options" for items in (A, B) for number in range(5)
    }
    assert places({**PAPER, "seed": -7})[0] == "seed"


def test_items_stand_by_kind_line_and_code() -> None:
    items = PAPER["forms"][0]["items"]
    turned = [items[1], items[0], *items[2:]]
    assert places(put(PAPER, "forms[0].items", turned)) == [f"{A}[1]"]


def with_table(*pairs: Any) -> Basis:
    return basis_of(BANK, put(TABLE, *pairs))


def said_by(basis: Basis) -> Plain:
    """The example's paper, as of another table."""
    return put(PAPER, "table.sha256", basis.table_sha256)


@pytest.mark.parametrize(
    ("pairs", "place"),
    [
        (("importance.Z.at_most", 0), f"{A}[5].question"),
        (("importance.X.at_least", 9), "state"),
        (("difficulty.band", "0", "difficulty.target", "0.6501"), "state"),
        (("pool", "practice"), f"{A}[0].question"),
        (("rest.months", 13), f"{B}[4].question"),
        (("lines[0].count", 1, "lines[1].count", 3), f"{A}[1].line"),
        (("difficulty", GONE), "difficulty"),
    ],
)
def test_conditions_of_another_table_are_told(pairs: tuple[Any, ...], place: str) -> None:
    basis = with_table(*pairs)
    assert place in [path for path in places(said_by(basis), basis) if "options" not in path]


def test_a_family_and_a_point_stand_once_in_a_form() -> None:
    bank = put(BANK, "questions[1].family", "F", "questions[3].family", "F")
    basis = basis_of(bank, TABLE)
    assert f"{A}[1].question" in places(PAPER, basis)
    assert f"{A}[1].question" not in places(
        PAPER, basis_of(bank, {**TABLE, "one_per_family": False})
    )
    bank = put(BANK, "questions[1].node", "A-B-003")
    assert f"{A}[1].question" in places(PAPER, basis_of(bank, TABLE))
    assert f"{A}[1].question" not in places(
        PAPER, basis_of(bank, {**TABLE, "one_per_point": False})
    )


SHORT = with_table("lines[5].count", 3, "total", 24)


def test_a_paper_that_is_short_says_what_it_lacks_and_holds() -> None:
    paper = assembled(SHORT)
    assert (paper["state"], paper["short"]["missing"], paper["short"]["proven"]) == (
        "short",
        4,
        True,
    )
    assert paper["short"]["lines"] == [
        {"form": form, "line": 5, "missing": missing}
        for form, missing in zip(
            "AB", (line["missing"] for line in paper["short"]["lines"]), strict=True
        )
    ]
    assert "difficulty" not in paper
    assert places(paper, SHORT) == []
    # A solver that stopped before the proof may still have found the best.
    assert places(put(paper, "short.proven", False), SHORT) == []


@pytest.mark.parametrize(
    ("pairs", "place"),
    [
        (("short.missing", 3), "short.missing"),
        (("short.lines[0].missing", 3), "short.lines"),
        (("short.lines[0].form", "C"), "short.lines"),
        (("short.importance", [{"form": "A", "class": "X", "missing": 1}]), "short.importance"),
        (("short", GONE), "short"),
        (("state", "met"), "state"),
        (("difficulty", {"off": "0.0000", "apart": "0.0000"}), "difficulty"),
    ],
)
def test_what_a_short_paper_says_wrongly_is_told(pairs: tuple[Any, ...], place: str) -> None:
    assert place in places(put(assembled(SHORT), *pairs), SHORT)


def said_short(basis: Basis, forms: list[list[tuple[int, Question]]]) -> Plain:
    written = write_paper(basis, forms, seed=1, solver="x", met=False, proven=True)
    paper: Plain = json.loads(written)
    return paper


def test_a_paper_that_lacks_more_than_need_be_does_not_hold() -> None:
    forms = assemble(SHORT, seed=1).forms
    assert places(said_short(SHORT, forms), SHORT) == []
    assert places(said_short(SHORT, [forms[0][1:], forms[1]]), SHORT) == ["short.missing"]
    assert places(said_short(SHORT, [[], []]), SHORT) == ["short.missing"]


def test_full_forms_too_far_from_the_target_are_short_of_nothing() -> None:
    basis = with_table("difficulty.target", "0.99")
    paper = assembled(basis)
    assert paper["short"] == {"missing": 0, "lines": [], "importance": [], "proven": True}
    assert paper["difficulty"]["off"] > "0.1"
    assert places(paper, basis) == []


def test_full_forms_that_could_have_kept_the_band_do_not_hold() -> None:
    basis = with_table("difficulty.target", "0.655", "difficulty.band", "0.001")
    chosen = [
        [(item["line"], basis.questions[item["question"]]) for item in form["items"]]
        for form in PAPER["forms"]
    ]
    paper = said_short(basis, chosen)
    assert (paper["short"]["missing"], paper["difficulty"]["off"]) == (0, "0.0050")
    assert places(paper, basis) == ["state"]


def test_what_was_not_proven_in_time_does_not_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    paper = assembled(SHORT)
    solve = assembly.least_missing
    monkeypatch.setattr(
        assembly,
        "least_missing",
        lambda *problem: Found(solve(*problem).choice, proven=False),
    )
    assert places(paper, SHORT) == ["short"]
    assert assembled(SHORT)["short"]["proven"] is False


def test_where_the_solver_came_to_its_time_its_gap_is_in_the_paper_and_in_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    solve = assembly.least_missing
    monkeypatch.setattr(
        assembly,
        "least_missing",
        lambda *problem: Found(solve(*problem).choice, proven=False, gap=2),
    )
    written = json.dumps(assembled(SHORT)).encode()
    paper = read_paper(written)
    assert paper.short is not None
    assert paper.short.extra == {"fewer": 2}
    words = [str(it) for it in (*short_words(paper, SHORT.table), *limit_words(paper))]
    lacking = f"求解器到时间停了：这份少 {paper.short.missing}，别的卷最多也只少缺 2"
    assert (lacking in words, "限时里没能证明不能更好" in words) == (True, False)


def test_a_paper_that_may_lie_nearer_says_by_how_much() -> None:
    basis = basis_of(BANK, TABLE)
    forms = assemble(basis, seed=1).forms
    facts = {"seed": 1, "solver": "x", "met": True, "proven": True}
    paper = read_paper(write_paper(basis, forms, **facts, nearer=Fraction(3, 4000)))
    assert [str(it) for it in limit_words(paper)] == [
        "求解器到限度停了：别的卷离目标最多再近 0.0008"
    ]
    assert limit_words(read_paper(write_paper(basis, forms, **facts))) == []


def test_a_solver_that_is_stopped_says_what_may_yet_be_gained() -> None:
    unknowns = candidates(SHORT, Chance(bytes(32), "x"))
    best = least_missing(unknowns, SHORT.table, 30)
    assert (best.proven, best.gap) == (True, 0)
    stopped = least_missing(unknowns, SHORT.table, 0)
    assert stopped.proven is (stopped.gap == 0)


@pytest.mark.parametrize(
    "paper",
    [
        put(PAPER, "format", "compete-paper/2"),
        put(PAPER, "solver", GONE),
        put(PAPER, "extra", 1.5),
        put(PAPER, "colour", 1),
        put(PAPER, "seed", "7"),
        put(PAPER, "state", None),
        put(PAPER, "forms", {}),
        put(PAPER, f"{A}[0].question", 1),
        put(PAPER, f"{A}[0].points", "two"),
        put(PAPER, f"{A}[0].options", "ADCB"),
        put(PAPER, f"{A}[0].letter", "A"),
        put(PAPER, "difficulty.off", GONE),
        put(PAPER, "short", {"missing": 0}),
        [],
    ],
)
def test_what_is_no_paper_is_refused(paper: Any) -> None:
    with pytest.raises(BundleError):
        read_paper(json.dumps(paper).encode())
