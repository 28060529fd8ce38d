"""The international forms: criteria, sub-criteria, aspects M and J with their levels."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from compete.domain.aspects.kinds import class_of
from compete.domain.aspects.types import AspectType
from compete.domain.values.messages import Message, listed, msg
from compete.domain.values.numerals import plain
from compete.sheets.reading.schemes import (
    InternationalTable,
    aspect_letter,
    levels_in,
    measured_keys,
)
from compete.sheets.scheme_aspects import MOST_LINES, Scheme, SchemeAspect, SchemeForm, SchemeLine
from compete.sheets.scheme_wording import Sure, read_rule
from compete.sheets.schemes.cells import (
    LONGEST_NAME,
    LONGEST_WORDS,
    Grid,
    as_number,
    key,
    sum_of,
    too_long,
)

HEADINGS = (
    "Sub Criteria ID",
    "Sub Criteria Name or Description",
    "Aspect Type\nM = Meas\nJ = Judg",
    "Aspect - Description",
    "Judg Score",
    "Extra Aspect Description (Meas or Judg)\nOR\nJudgement Score Description (Judg only)",
    "Requirement\n(Measurement Only)",
    "WSOS Section",
    "Max Mark",
)
"""Nine as they are written; the criterion's letter and its total stand behind them in a header."""
LEVELS = ("0", "1", "2", "3")
_SUB = re.compile(r"[A-Za-z]{1,2}\d{1,3}")


def read_columns(grid: Grid, tables: Sequence[InternationalTable]) -> Scheme:
    """Every criterion's rows; one row may be a sub-criterion and an aspect at once."""
    return _Reader(grid).read(tables)


class _Reader:
    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.columns: Mapping[str, Sequence[int]] = {}
        self.lines: list[SchemeLine] = []
        self.warnings: list[Message] = []
        self.heading = ""
        self.criteria: list[str] = []
        self.judged: set[int] = set()
        self.of_criterion: dict[str, list[SchemeLine]] = {}
        self.begun = 0
        self.claimed: tuple[int, str] | None = None
        self.ladder: list[tuple[str, str]] | None = None

    def read(self, tables: Sequence[InternationalTable]) -> Scheme:
        for table in tables:
            self._header(table)
            for row in table.rows:
                if len(self.lines) <= MOST_LINES:
                    self._row(row)
        self._end_ladder()
        self._end_criterion()
        self._summary(tables[0].head)
        for table in tables:
            self.warnings += [
                msg("第 %(row)s 行没有读：%(why)s", row=row + 1, why=why)
                for row, why in table.passed.items()
            ]
        if unread := list(dict.fromkeys(it for table in tables for it in table.unread)):
            self.warnings.append(msg("没有读的列：%(columns)s", columns=listed(unread)))
        if len(self.criteria) > 1:
            self.warnings.append(msg("表里有 %(n)s 个大项，都读进这一个模块", n=len(self.criteria)))
        return Scheme(
            form=SchemeForm.COLUMNS,
            sheet=self.grid.sheet.name,
            lines=self.lines,
            warnings=self.warnings,
        )

    def _place(self, field: str) -> int | None:
        return next(iter(self.columns.get(field, ())), None)

    def _header(self, table: InternationalTable) -> None:
        self._end_ladder()
        self._end_criterion()
        self.columns = table.columns
        self.criteria.append(table.letter)
        self.heading, self.begun = "", len(self.lines)
        claimed, odd = self.grid.number(table.head, table.total)
        self.claimed = (table.head + 1, claimed)
        if odd is not None:
            self.warnings.append(msg("第 %(row)s 行写的合计%(what)s", row=table.head + 1, what=odd))

    def _row(self, row: int) -> None:
        grid = self.grid
        code, name, kind, aspect, level = (
            grid.line(row, self._place(field))
            for field in ("sub_id", "sub_name", "type", "name", "level")
        )
        most, odd = grid.number(row, self._place("max"))
        if code or name:
            self._end_ladder()
            if not code or _SUB.fullmatch(code):
                self.heading = name
        if level and not kind and not aspect:
            self._level(row, level, grid.at(row, self._place("rule")))
            return
        if kind or aspect or (most and not code):
            self._end_ladder()
            self._aspect(row, kind, aspect, most, odd)
            if level == LEVELS[0] and self.ladder is not None:
                line = self.lines[-1]
                self.ladder.append((level, " ".join(line.aspect.hint.split())))
                line.aspect = replace(line.aspect, hint="")

    def _aspect(self, row: int, kind: str, name: str, most: str, odd: Message | None) -> None:
        grid = self.grid
        extra, *more = [grid.at(row, column) for column in self.columns.get("rule", ())] or [""]
        read = read_rule(extra[: LONGEST_WORDS + 1])
        hint = "\n".join(text for text in (read.hint, *more) if text)
        judged = aspect_letter(kind) == "J"
        keys: dict[str, Any]
        if judged:
            keys = {"type": "judgement"}
            keys |= {it: read.keys[it] for it in ("factor", "unit") if it in read.keys}
        elif read.sure is Sure.SAID:
            keys = dict(read.keys)
        else:
            rule = "\n".join(text for text in (extra, *more) if text)
            keys = dict(measured_keys(rule[: LONGEST_WORDS + 1]))
        line = SchemeLine(
            row + 1,
            SchemeAspect(
                **{"name": name, "criterion": self.heading, "max": most}
                | {"standard": grid.line(row, self._place("standard")), "hint": hint}
                | keys
            ),
            # What is given as it is because nothing says how may stay as it was.
            says_type=judged or read.sure is Sure.SAID or keys["type"] != "score",
        )
        if not aspect_letter(kind):
            found = kind or msg("空着")
            line.problems.append(msg("Aspect Type 是“%(found)s”，应当是 M 或 J", found=found))
        if keys["type"] == "deduction" and read.sure is not Sure.SAID:
            line.notes.append(class_of(AspectType.DEDUCTION).guess_words(line.aspect.own))
        if not name:
            line.problems.append(msg("写了 Max Mark，没写 Aspect - Description"))
        if odd is not None:
            line.problems.append(msg("Max Mark %(what)s", what=odd))
        elif not most:
            line.problems.append(msg("写了 Aspect - Description，没写 Max Mark"))
        elif as_number(most) is None:
            line.problems.append(msg("Max Mark “%(text)s”不是数", text=most))
        line.problems += too_long(
            [
                ("Aspect - Description", name, LONGEST_NAME),
                ("Sub Criteria Name", self.heading, LONGEST_NAME),
                ("Extra Aspect Description", hint, LONGEST_WORDS),
            ]
        )
        self.lines.append(line)
        if judged:
            self.judged.add(line.number)
        self.ladder = [] if judged else None

    def _level(self, row: int, level: str, words: str) -> None:
        if self.ladder is None:
            problem = msg("第 %(row)s 行是一档的说明，上面不是 J 的评分点", row=row + 1)
            if self.lines:
                self.lines[-1].problems.append(problem)
            else:
                self.warnings.append(problem)
            return
        self.ladder.append((level, " ".join(words.split())))

    def _end_ladder(self) -> None:
        """End a ladder: all four levels in their places, or the aspect says what is lacking."""
        ladder, self.ladder = self.ladder, None
        if ladder is None:
            return
        line = self.lines[-1]
        if not ladder:
            texts, hint = levels_in(line.aspect.hint)
            ladder = list(zip(LEVELS, texts, strict=False))
            line.aspect = replace(line.aspect, hint=hint)
        words = dict(ladder)
        if tuple(level for level, _words in ladder) != LEVELS or not all(words.values()):
            line.problems.append(
                msg(
                    "J 的评分点下面要有 0、1、2、3 四行，每行写说明；现在是 %(n)s 行", n=len(ladder)
                )
            )
        levels = "\n".join(text for _level, text in ladder if text)
        line.aspect = replace(line.aspect, own={"levels": levels} if levels else {})

    def _end_criterion(self) -> None:
        if self.claimed is None:
            return
        row, said = self.claimed
        lines = self.lines[self.begun :]
        letter = self.criteria[-1].casefold().removeprefix("criterion").strip()
        self.of_criterion.setdefault(letter, []).extend(lines)
        found = sum_of(line.aspect for line in lines)
        claimed = as_number(said)
        if claimed is not None and claimed != found:
            self.warnings.append(_differs(row, said, found))

    def _summary(self, first: int) -> None:
        """Read the table on top: what each criterion brings, M, J and both, and all of them."""
        columns: dict[str, int] = {}
        for row in range(first):
            cells = [
                self.grid.line(row, column) for column in range(min(len(self.grid.rows[row]), 11))
            ]
            if key(cells[0] if cells else "") == "criterion":
                columns = {
                    kind: n for n, cell in enumerate(cells) if (kind := _sum_kind(cell)) is not None
                }
                continue
            if any(key(cell) == "total" for cell in cells[:2]):
                lines = self.lines
            elif columns and cells and (letter := cells[0].casefold()) in self.of_criterion:
                lines = self.of_criterion[letter]
            else:
                continue
            numbers = [n for n, cell in enumerate(cells) if as_number(cell) is not None]
            if numbers:
                self._claims(row, columns or {"": numbers[-1]}, lines)

    def _claims(self, row: int, columns: Mapping[str, int], lines: list[SchemeLine]) -> None:
        """Warn of each sum in a row of the summary that its aspects do not come to."""
        for kind, column in columns.items():
            said = as_number(self.grid.number(row, column)[0])
            found = sum_of(
                it.aspect for it in lines if not kind or (it.number in self.judged) == (kind == "J")
            )
            if said is not None and said != found:
                self.warnings.append(_differs(row + 1, plain(said), found, kind))


def _sum_kind(heading: str) -> str | None:
    """The aspects that a column of the summary adds up: M, J, all of them (empty); None: no sum."""
    said = heading.casefold()
    if "meas" in said or "(m)" in said:
        return "M"
    if "judg" in said or "(j)" in said:
        return "J"
    return "" if key(heading) == "total" else None


def _differs(row: int, said: str, found: Decimal, kind: str = "") -> Message:
    if kind:
        return msg(
            "第 %(row)s 行写的 %(kind)s 合计是 %(said)s，评分点加起来是 %(found)s",
            row=row,
            kind=kind,
            said=said,
            found=plain(found),
        )
    return msg(
        "第 %(row)s 行写的合计是 %(said)s，评分点加起来是 %(found)s",
        row=row,
        said=said,
        found=plain(found),
    )
