"""A paper (试卷) for a theory examination: its types, its file `compete-paper/1`, its writing."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from compete.domain.bundle.problems import Problems
from compete.domain.exam.answers import CHOICES, QuestionKind
from compete.domain.exam.bank import Question
from compete.domain.exam.basis import Basis, Filled, Missing, apart, off
from compete.domain.exam.files import Record, shaped, tree_of
from compete.domain.exam.option_order import option_order, paper_key
from compete.domain.values.canonical import SAFE
from compete.domain.values.numerals import plain
from compete.domain.values.points import round_half_up, show

FORMAT = "compete-paper/1"
MET, SHORT = "met", "short"
PLACES = 4
_KINDS = {kind: number for number, kind in enumerate(QuestionKind)}

Integer = Annotated[int, Meta(ge=-SAFE, le=SAFE)]


class Source(Record, frozen=True, kw_only=True):
    """The code and the hash of a file that a paper is from."""

    code: str
    sha256: str


class Item(Record, frozen=True, kw_only=True):
    """A question in a form, the line that it fills, and its options as they are printed."""

    line: Integer
    question: str
    version: Integer
    points: Decimal
    options: tuple[str, ...] | None = None


class Form(Record, frozen=True, kw_only=True):
    """A form (A 卷, B 卷)."""

    form: str
    items: tuple[Item, ...]
    mean: Decimal | None = None


class Spread(Record, frozen=True, kw_only=True):
    """How far means lie from the target, and from each other."""

    off: Decimal
    apart: Decimal


class ShortLine(Record, frozen=True, kw_only=True):
    """How many items of a line a form lacks."""

    form: str
    line: Integer
    missing: Integer


class ShortClass(Record, frozen=True, kw_only=True):
    """How many items of a class of importance a form lacks."""

    form: str
    importance: str = msgspec.field(name="class")
    missing: Integer


class Short(Record, frozen=True, kw_only=True):
    """What is missing."""

    missing: Integer
    lines: tuple[ShortLine, ...]
    importance: tuple[ShortClass, ...]
    proven: bool


class Paper(Record, frozen=True, kw_only=True):
    """A paper as its file says it; whether it holds is for `paper_check` to say."""

    format: Literal["compete-paper/1"]
    bank: Source
    table: Source
    seed: Integer
    solver: str
    state: str
    forms: tuple[Form, ...]
    difficulty: Spread | None = None
    short: Short | None = None


def read_paper(data: bytes) -> Paper:
    """The paper in a file's bytes. Raises `BundleError` for what is no such file."""
    problems = Problems()
    paper = shaped(Paper, tree_of(data, problems), problems)
    problems.refuse()
    return paper


def item_order(line: int, question: Question) -> tuple[int, int, str]:
    """What items of a form are ordered by."""
    return _KINDS[question.kind], line, question.code


def _four_places(number: Fraction) -> str:
    """Write a mean or a distance of means, rounded half up."""
    return show(round_half_up(number, 1, PLACES), PLACES)


def written_mean(basis: Basis, items: Filled) -> str | None:
    """The mean of a form as a paper has it."""
    mean = basis.mean(items)
    return None if mean is None else _four_places(mean)


def written_spread(basis: Basis, forms: Sequence[Filled]) -> dict[str, str] | None:
    """How far means lie, as a paper whose forms are full has it; None without an aim."""
    means = [basis.mean(items) for items in forms]
    known = [mean for mean in means if mean is not None]
    if basis.table.difficulty is None or len(known) < len(means):
        return None
    target = Fraction(basis.table.difficulty.target)
    return {"off": _four_places(off(known, target)), "apart": _four_places(apart(known))}


def written_missing(basis: Basis, missing: Missing) -> dict[str, Any]:
    """What is missing, as a paper has it."""
    forms = basis.table.forms
    return {
        "missing": missing.total,
        "lines": [
            {"form": forms[form], "line": line, "missing": count}
            for (form, line), count in missing.lines.items()
        ],
        "importance": [
            {"form": forms[form], "class": importance.value, "missing": count}
            for (form, importance), count in missing.importance.items()
        ],
    }


def write_paper(
    basis: Basis, forms: Sequence[Filled], *, seed: int, solver: str, met: bool, proven: bool
) -> bytes:
    """The file of a paper with these forms."""
    key = paper_key(seed, basis.bank_sha256, basis.table_sha256)
    missing = basis.missing(forms)
    paper: dict[str, Any] = {
        "format": FORMAT,
        "bank": {"code": basis.bank.code, "sha256": basis.bank_sha256},
        "table": {"code": basis.table.code, "sha256": basis.table_sha256},
        "seed": seed,
        "solver": solver,
        "state": MET if met else SHORT,
        "forms": [
            {
                "form": form,
                "mean": written_mean(basis, items),
                "items": [
                    _written_item(basis, key, form, line, question)
                    for line, question in sorted(items, key=lambda item: item_order(*item))
                ],
            }
            for form, items in zip(basis.table.forms, forms, strict=True)
        ],
    }
    spread = None if missing.total else written_spread(basis, forms)
    if spread is not None:
        paper["difficulty"] = spread
    if not met:
        paper["short"] = {**written_missing(basis, missing), "proven": proven}
    return json.dumps(paper, ensure_ascii=False, indent=1).encode() + b"\n"


def _written_item(
    basis: Basis, key: bytes, form: str, line: int, question: Question
) -> dict[str, Any]:
    item: dict[str, Any] = {
        "line": line,
        "question": question.code,
        "version": question.last.number,
        "points": plain(basis.table.lines[line].points),
    }
    if question.kind in CHOICES:
        item["options"] = list(option_order(key, form, question.code, question.last))
    return item
