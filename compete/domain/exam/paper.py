"""A paper (试卷) for a theory examination: its file `compete-paper/1`, its writing, its check."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from compete.domain.bundle.checks.codes import nowhere
from compete.domain.bundle.problems import Problem, Problems
from compete.domain.bundle.reader.words import clipped
from compete.domain.exam.answers import CHOICES, QuestionKind
from compete.domain.exam.bank import Question
from compete.domain.exam.basis import Basis, Filled, Missing, apart, keeps_difficulty, off
from compete.domain.exam.files import Record, shaped, tree_of
from compete.domain.exam.option_order import option_order, paper_key
from compete.domain.exam.syllabus import Importance
from compete.domain.exam.table import why_not
from compete.domain.values.canonical import SAFE
from compete.domain.values.messages import Message, msg
from compete.domain.values.numerals import plain
from compete.domain.values.points import round_half_up, show

FORMAT = "compete-paper/1"
MET, SHORT = "met", "short"
PLACES = 4
FEWER, NEARER = "fewer", "nearer"
"""The keys in `extra` of what is missing, of the difficulty: by how much another may be better."""
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
    """A paper as its file says it; whether it holds is for `paper_differences` to say."""

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


def _item_order(line: int, question: Question) -> tuple[int, int, str]:
    """What items of a form are ordered by."""
    return _KINDS[question.kind], line, question.code


def _four_places(number: Fraction) -> str:
    """Write a mean or a distance of means, rounded half up."""
    return show(round_half_up(number, 1, PLACES), PLACES)


def _written_mean(basis: Basis, items: Filled) -> str | None:
    """The mean of a form as a paper has it."""
    mean = basis.mean(items)
    return None if mean is None else _four_places(mean)


def _written_spread(basis: Basis, forms: Sequence[Filled]) -> dict[str, str] | None:
    """How far means lie, as a paper whose forms are full has it; None without an aim."""
    means = [basis.mean(items) for items in forms]
    known = [mean for mean in means if mean is not None]
    if basis.table.difficulty is None or len(known) < len(means):
        return None
    target = Fraction(basis.table.difficulty.target)
    return {"off": _four_places(off(known, target)), "apart": _four_places(apart(known))}


def _written_missing(basis: Basis, missing: Missing) -> dict[str, Any]:
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
    basis: Basis,
    forms: Sequence[Filled],
    *,
    seed: int,
    solver: str,
    met: bool,
    proven: bool,
    fewer: int | None = None,
    nearer: Fraction | None = None,
) -> bytes:
    """The file of a paper with these forms.

    `fewer` and `nearer` say how much better another may be, where the solver came to its limit.
    """
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
                "mean": _written_mean(basis, items),
                "items": [
                    _written_item(basis, key, form, line, question)
                    for line, question in sorted(items, key=lambda item: _item_order(*item))
                ],
            }
            for form, items in zip(basis.table.forms, forms, strict=True)
        ],
    }
    spread = None if missing.total else _written_spread(basis, forms)
    if spread is not None:
        may_be = {} if nearer is None else {"extra": {NEARER: _four_places(nearer)}}
        paper["difficulty"] = {**spread, **may_be}
    if not met:
        may_lack = {} if fewer is None or proven else {"extra": {FEWER: fewer}}
        paper["short"] = {**_written_missing(basis, missing), "proven": proven, **may_lack}
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


CHECK_SECONDS = 150.0
"""How long the solver may look for a paper that lacks less."""


def paper_differences(paper: Paper, basis: Basis, seconds: float = CHECK_SECONDS) -> list[Problem]:
    """All that does not hold in a paper, each with its place; nothing where it holds.

    A paper that says `met` is checked without a solver.
    """
    check = _Check(paper, basis)
    check.run()
    # What is wrong with its items tells nothing of what could be chosen.
    if paper.state == SHORT and paper.short is not None and not check.found:
        check.found += _short_that_need_not_be(paper.short, basis, seconds)
    return check.found


class _Check:
    def __init__(self, paper: Paper, basis: Basis) -> None:
        self.paper, self.basis = paper, basis
        self.found: list[Problem] = []
        self.key = paper_key(paper.seed, basis.bank_sha256, basis.table_sha256)
        self.used: dict[str, str] = {}

    def add(self, path: str, message: Message) -> None:
        self.found.append(Problem(path, message))

    def same(self, path: str, there: Any, wanted: Any) -> None:
        """Note a value that is not the one worked out."""
        if there != wanted:
            self.add(
                path,
                msg(
                    "文件写着 %(there)s，应当是 %(wanted)s",
                    there=_file_words(there),
                    wanted=_file_words(wanted),
                ),
            )

    def run(self) -> None:
        paper, basis = self.paper, self.basis
        self.same("bank.code", paper.bank.code, basis.bank.code)
        self.same("bank.sha256", paper.bank.sha256, basis.bank_sha256)
        self.same("table.code", paper.table.code, basis.table.code)
        self.same("table.sha256", paper.table.sha256, basis.table_sha256)
        if paper.seed < 0:
            self.add("seed", msg("这里不能小于 %(least)s", least=0))
        names = tuple(form.form for form in paper.forms)
        if len(names) != len(basis.table.forms):
            self.same("forms", list(names), list(basis.table.forms))
        chosen = []
        for number, form in enumerate(paper.forms):
            if number < len(basis.table.forms):
                self.same(f"forms[{number}].form", form.form, basis.table.forms[number])
            chosen.append(self.form(form, f"forms[{number}]"))
        self.state(chosen[: len(basis.table.forms)])

    def form(self, form: Form, path: str) -> list[tuple[int, Question]]:
        """Hold a form against conditions 1 to 4; its items, as far as there are such."""
        chosen: list[tuple[int, Question]] = []
        filled: dict[int, int] = {}
        shared: dict[tuple[str, str], str] = {}
        of_class: dict[Importance, int] = {}
        last: tuple[int, int, str] | None = None
        for number, item in enumerate(form.items):
            place = f"{path}.items[{number}]"
            question = self.question(form, item, place)
            has_line = self.line(item, question, filled, place)
            if question is None:
                continue
            self.alone(question, shared, place)
            importance = self.basis.importance[question.node]
            of_class[importance] = of_class.get(importance, 0) + 1
            most = self.basis.table.limits(importance).at_most
            if most is not None and of_class[importance] == most + 1:
                sentence = msg("%(letter)s 类最多 %(most)s 题", most=most, letter=importance.value)
                self.add(f"{place}.question", sentence)
            order = _item_order(item.line, question)
            if last is not None and order < last:
                self.add(place, msg("顺序不对：先按题型，再按行，再按编号"))
            last = order
            if has_line:
                chosen.append((item.line, question))
        if len(chosen) == len(form.items):
            mean = None if form.mean is None else f"{form.mean:f}"
            self.same(f"{path}.mean", mean, _written_mean(self.basis, chosen))
        return chosen

    def question(self, form: Form, item: Item, path: str) -> Question | None:
        """Hold an item against its question; None if there is none."""
        question = self.basis.questions.get(item.question)
        if question is None:
            self.add(f"{path}.question", nowhere(clipped(item.question), msg("题库")))
            return None
        reason = why_not(question, self.basis.table)
        if reason is not None:
            self.add(f"{path}.question", reason)
        self.same(f"{path}.version", item.version, question.last.number)
        wanted = None
        if question.kind in CHOICES:
            wanted = list(option_order(self.key, form.form, question.code, question.last))
        self.same(f"{path}.options", None if item.options is None else list(item.options), wanted)
        where = self.used.setdefault(question.code, path)
        if where != path:
            self.add(f"{path}.question", msg("这道题在 %(where)s 已经用了", where=where))
        return question

    def line(
        self, item: Item, question: Question | None, filled: dict[int, int], path: str
    ) -> bool:
        """Hold an item against the line that it fills; false if there is none."""
        lines = self.basis.table.lines
        if not 0 <= item.line < len(lines):
            self.add(f"{path}.line", msg("方案里没有这一行"))
            return False
        line = lines[item.line]
        self.same(f"{path}.points", item.points, line.points)
        if question is not None and not self.basis.fits(question, line):
            self.add(f"{path}.line", msg("这道题不是这一行的题型，或者不在这一行的范围里"))
        filled[item.line] = filled.get(item.line, 0) + 1
        if filled[item.line] == line.count + 1:
            self.add(f"{path}.line", msg("这一行最多 %(most)s 题", most=line.count))
        return True

    def alone(self, question: Question, shared: dict[tuple[str, str], str], path: str) -> None:
        """Note a second question of a family or of a point in a form."""
        table = self.basis.table
        if table.one_per_family and question.family is not None:
            where = shared.setdefault(("family", question.family), path)
            if where != path:
                self.add(f"{path}.question", msg("和 %(where)s 是同一个题组的", where=where))
        if table.one_per_point:
            where = shared.setdefault(("point", question.node), path)
            if where != path:
                self.add(f"{path}.question", msg("和 %(where)s 是同一个鉴定点的", where=where))

    def state(self, chosen: Sequence[list[tuple[int, Question]]]) -> None:
        """Hold what a paper says of itself as a whole against its items."""
        paper, basis = self.paper, self.basis
        missing = basis.missing(chosen)
        spread = None if missing.total else _written_spread(basis, chosen)
        stated = paper.difficulty
        if stated is None or spread is None:
            self.same(
                "difficulty",
                None
                if stated is None
                else {"off": f"{stated.off:f}", "apart": f"{stated.apart:f}"},
                spread,
            )
        else:
            self.same("difficulty.off", f"{stated.off:f}", spread["off"])
            self.same("difficulty.apart", f"{stated.apart:f}", spread["apart"])
        means = [mean for items in chosen if (mean := basis.mean(items)) is not None]
        meets = not missing.total and keeps_difficulty(basis.table, means)
        if paper.state not in (MET, SHORT):
            self.add("state", msg("应当是 met 或者 short"))
        elif paper.state == MET and not meets:
            why = msg("还少 %(n)s", n=missing.total) if missing.total else msg("难度不合方案")
            self.add("state", msg("写着 met，可是%(why)s", why=why))
        elif paper.state == SHORT and meets:
            self.add("state", msg("写着 short，可是这份试卷合方案"))
        if paper.state == SHORT and paper.short is None:
            self.add("short", msg("少了“%(key)s”", key="short"))
        elif paper.state == MET and paper.short is not None:
            self.add("short", msg("state 是 met 时不写 short"))
        elif paper.short is not None:
            self.short(paper.short, _written_missing(basis, missing))

    def short(self, short: Short, wanted: dict[str, Any]) -> None:
        self.same("short.missing", short.missing, wanted["missing"])
        lines = [
            {"form": row.form, "line": row.line, "missing": row.missing} for row in short.lines
        ]
        classes = [
            {"form": row.form, "class": row.importance, "missing": row.missing}
            for row in short.importance
        ]
        self.same("short.lines", lines, wanted["lines"])
        self.same("short.importance", classes, wanted["importance"])


def _file_words(value: Any) -> str | Message:
    """Write a value as the file would."""
    if value is None:
        return msg("没有")
    if isinstance(value, Decimal):
        return f"{value:f}"
    return clipped(
        str(value) if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    )


def _short_that_need_not_be(short: Short, basis: Basis, seconds: float) -> list[Problem]:
    """Look for a paper that lacks less than this one, or that meets the table."""
    from compete.domain.exam.assembly import assemble

    best = assemble(basis, seed=0, seconds=seconds)
    less = basis.missing(best.forms).total
    if less < short.missing:
        return [Problem("short.missing", msg("只少 %(n)s 也行", n=less))]
    if best.met:
        return [Problem("state", msg("写着 short，可是有合方案的试卷"))]
    if not best.proven:
        return [Problem("short", msg("限时里没能证明不能再少"))]
    return []
