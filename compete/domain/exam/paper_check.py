"""Holding a paper against its bank and its table: all that differs, and whether it must be short.

A paper that says `met` is checked without a solver.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from compete.domain.bundle.checks.codes import nowhere
from compete.domain.bundle.problems import Problem
from compete.domain.bundle.reader.words import clipped
from compete.domain.exam.answers import CHOICES
from compete.domain.exam.bank import Question
from compete.domain.exam.basis import Basis, keeps_difficulty
from compete.domain.exam.option_order import option_order, paper_key
from compete.domain.exam.paper import (
    MET,
    SHORT,
    Form,
    Item,
    Paper,
    Short,
    item_order,
    written_mean,
    written_missing,
    written_spread,
)
from compete.domain.exam.syllabus import Importance
from compete.domain.exam.table import why_not
from compete.domain.values.messages import Message, msg

CHECK_SECONDS = 150.0
"""How long the solver may look for a paper that lacks less."""


def paper_differences(paper: Paper, basis: Basis, seconds: float = CHECK_SECONDS) -> list[Problem]:
    """All that does not hold in a paper, each with its place; nothing where it holds."""
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
                    there=_shown(there),
                    wanted=_shown(wanted),
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
            order = item_order(item.line, question)
            if last is not None and order < last:
                self.add(place, msg("顺序不对：先按题型，再按行，再按编号"))
            last = order
            if has_line:
                chosen.append((item.line, question))
        if len(chosen) == len(form.items):
            mean = None if form.mean is None else f"{form.mean:f}"
            self.same(f"{path}.mean", mean, written_mean(self.basis, chosen))
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
        spread = None if missing.total else written_spread(basis, chosen)
        stated = None if paper.difficulty is None else paper.difficulty
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
            self.short(paper.short, written_missing(basis, missing))

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


def _shown(value: Any) -> str | Message:
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
