"""Schemes of marking in a sheet, and international ones by their headings."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from compete.domain.values.messages import msg
from compete.domain.values.numerals import plain
from compete.sheets.reading.cells import fault_words, read_decimal
from compete.sheets.reading.columns import Understanding
from compete.sheets.reading.found_tables import SECTION
from compete.sheets.reading.scheme_rows import (
    LEVELS,
    FoundAspect,
    Scheme,
    SchemeRows,
    letter_of,
    levels_in,
    text_at,
)
from compete.sheets.reading.shapes import Column, Reading
from compete.sheets.reading.trade_schemes import TradeScheme
from compete.sheets.reading.words import one_line
from compete.sheets.scheme_aspects import SchemeAspect
from compete.sheets.scheme_wording import ReadRule, Sure, read_rule
from compete.sheets.workbook.cells import Fault

NOT_OF_J = msg("是一档的说明，上面不是 J 的评分点")
_YES_NO = re.compile(r"yes\s*(?:/|or)\s*no|是\s*/\s*否|合格\s*/\s*不合格|pass\s*/\s*fail", re.I)
_POINTS = r"([0-9]{1,6}(?:\.[0-9]{1,6})?)(?: (?:marks?|points?|pts?))?"
_DEDUCT = re.compile(
    rf"(?:(?:deduct|minus|subtract) -?|(?<![\w.])[-−–]){_POINTS} (?:for|per|each|every)"
    rf"|(?<![\w.]){_POINTS} (?:(?:is|are|will be) )?deducted (?:for|per|each|every)",
    re.I,
)
_TOTAL_IN_TITLE = re.compile(
    r"(?:总分|满分|总配分|总分值|合计|总计|共计?)[:：为是]?([0-9]{1,6}(?:\.[0-9]{1,6})?)分(?!钟)"
)
_SUB = re.compile(r"[A-Za-z]{1,2}[0-9]{1,3}")


def is_international(known: Understanding) -> bool:
    """True for a table of one of the international forms, however many columns it has."""
    return bool(known.of("sub_id") or known.of("level"))


def read_scheme_tables(
    reading: Reading,
    tables: Sequence[Understanding],
    most: int | None = None,
    longest: int | None = None,
) -> SchemeRows:
    """Find every aspect in the tables of a sheet."""
    rows = SchemeRows(most, longest)
    if any(map(_says_labour, tables)):
        reading.of = "labour"
    international = [it for it in tables if is_international(it)]
    if not international:
        before = Decimal(reading.total or 0)
        scheme: Scheme | None = None
        for known in tables:
            scheme = TradeScheme(reading, rows, known)
            scheme.read(of_several=len(tables) > 1)
        several = len({it.table.head_row for it in tables}) < len(tables)
        for known, row, letters, claimed, own in rows.pending:
            if scheme is not None and not (several and claimed == scheme.total - before):
                scheme.differs(known, row, letters, claimed, own)
        if scheme is not None and reading.said is None:
            _hold_title(reading, scheme, tables[0], scheme.total - before)
        return rows
    for known in tables:
        if known not in international:
            reading.columns += _unread(known)
            for row in known.table.rows:
                reading.leave_out(known.grid.name, row, msg("不是评分点，是上面的汇总"))
    _International(reading, rows, international).read()
    return rows


def _hold_title(reading: Reading, scheme: Scheme, known: Understanding, total: Decimal) -> None:
    """Hold the total that a title says against the aspects, where no row says one."""
    for row in known.table.lines:
        for place, cell in known.grid.own(row):
            if isinstance(cell, str) and (match := _TOTAL_IN_TITLE.search("".join(cell.split()))):
                reading.said = plain(Decimal(match[1]))
                scheme.differs(known, row, known.grid.letters(place), Decimal(match[1]), total)
                return


def _unread(known: Understanding) -> list[Column]:
    for column in known.columns:
        column.field = None
    return known.columns


def _says_labour(known: Understanding) -> bool:
    """True if a scheme is of a labour competition, by its columns or its title."""
    if known.of("department") or known.of("cycle"):
        return True
    return any("劳动竞赛" in text for text in [*known.table.above, known.grid.name])


class _International(Scheme):
    def __init__(self, reading: Reading, rows: SchemeRows, tables: Sequence[Understanding]) -> None:
        super().__init__(reading, rows)
        self.tables = tables
        self.heading = self.code = ""
        self.begun: tuple[Understanding, int, str, str, str] | None = None
        """The aspect that awaits its levels: its table and row, its type, name and rule."""
        self.levels: list[tuple[str, str]] = []
        self.places: list[str] = []

    def read(self) -> None:
        seen: set[tuple[str, str]] = set()
        sums: list[Decimal | None] = []
        for known in self.tables:
            for column in known.columns:
                if not is_claim(column) and (column.letters, column.heading) not in seen:
                    seen.add((column.letters, column.heading))
                    self.reading.columns.append(column)
            self.reading.asked += known.asked
            self.heading, begun = "", self.total
            for row in known.table.rows:
                if not self.rows.is_full():
                    self._row(known, row)
            self._finish()
            sums.append(self._claimed(known, self.total - begun))
            for column in known.columns:
                column.field = _PUBLIC.get(column.field or "", column.field)
        if sums and None not in sums:
            self.reading.said = plain(sum((it or Decimal(0) for it in sums), Decimal(0)))

    def _claimed(self, known: Understanding, total: Decimal) -> Decimal | None:
        """Hold the total that the head says of its criterion against its aspects."""
        head = known.table.head_row
        for place, cell in reversed(known.grid.own(head)):
            letters = known.grid.letters(place)
            if isinstance(cell, Fault):
                why = fault_words(cell)
                self.reading.ask(known.grid.name, head, letters, "max", str(cell), why)
                return None
            value, why_not = (
                read_decimal(cell, comma_is_point=True)
                if isinstance(cell, float | str)
                else (None, None)
            )
            if value is not None and why_not is None:
                claimed = Decimal(str(value))
                self.differs(known, head, letters, claimed, total)
                return claimed
        return None

    def _row(self, known: Understanding, row: int) -> None:
        code, sub, kind, name, level = (
            text_at(known, row, known.of(field))
            for field in ("sub_id", "sub_name", "type", "name", "level")
        )
        rule = self.rule(known, row)
        if code or sub:
            self._finish()
            if not code or _SUB.fullmatch(code):
                self.heading = sub or (self.heading if code == self.code else "")
            self.code = code or self.code
        if level and not kind and not name:
            column = known.of("level")[0]
            if self.begun is None:
                why = NOT_OF_J
                self.ask(known, row, column, None, level, why)
            else:
                self.levels.append((level, one_line(rule)))
                self.places.append(f"{column.letters}{row}")
                why = msg("是第 %(row)s 行的第 %(level)s 档", row=self.begun[1], level=level)
            self.reading.leave_out(known.grid.name, row, why)
        elif kind or name or any(known.value(row, it.place) != "" for it in known.of("max")):
            self._finish()
            if level == LEVELS[0] and letter_of(kind) == "J":
                self.levels, rule = [(level, one_line(rule))], ""
            self.begun = known, row, kind, name, rule
        else:
            self.reading.leave_out(known.grid.name, row, SECTION)
            if code or sub:
                self.rows.headings.add(row)

    def _finish(self) -> None:
        """Finish the aspect with the levels below it, once they are all read."""
        begun, levels, places = self.begun, self.levels, self.places
        self.begun, self.levels, self.places = None, [], []
        if begun is None:
            return
        known, row, kind, name, rule = begun
        most, odd = self.most(known, row)
        letter = letter_of(kind)
        if not letter:
            why = msg("Aspect Type 是“%(found)s”，应当是 M 或 J", found=kind)
            self.ask(known, row, next(iter(known.of("type")), None), "type", kind, why)
        judged, read = letter == "J", read_rule(rule)
        keys: dict[str, Any] = {"type": "judgement"} if judged else dict(_measured_keys(rule))
        texts: list[str] = []
        if is_judgement := keys["type"] == "judgement":
            own = judged or levels
            if not levels:
                texts, rule = levels_in(rule)
                levels = list(zip(LEVELS, texts, strict=False))
            texts = [words for _level, words in levels]
            if tuple(level for level, _words in levels) != LEVELS or not all(texts):
                column = next(iter(known.of("level")), None)
                why = msg(
                    "J 的评分点下面要有 0、1、2、3 四行，每行写说明；现在是 %(n)s 行", n=len(levels)
                )
                self.ask(known, row, column, "levels", "", why)
            if own:
                keys["own"] = {"levels": "\n".join(filter(None, texts))} if any(texts) else {}
        if judged:
            read = read_rule(rule)
            if read.keys.get("type") == "judgement":
                keys |= {key: it for key, it in read.keys.items() if key in ("factor", "unit")}
            else:
                read = ReadRule(hint=rule)
        in_our_words = read.sure is Sure.SAID
        aspect = SchemeAspect(
            **{"criterion": self.heading, "name": name, "max": most}
            | {"standard": text_at(known, row, known.of("standard")), "hint": read.hint}
            | keys
        )
        self.add(
            FoundAspect(
                known=known,
                row=row,
                aspect=aspect,
                rule=rule,
                levels=texts,
                odd=odd,
                # What is given as it is because nothing says how may stay as it was.
                says_type=judged or in_our_words or aspect.type != "score",
                guessed=aspect.type == "deduction" and not in_our_words,
                judged=judged,
                strays=() if is_judgement else places,
            )
        )


_PUBLIC: Mapping[str, str | None] = {
    "sub_name": "criterion",
    "level": "levels",
    **dict.fromkeys(("sub_id", "standard", "serial")),
}


def is_claim(column: Column) -> bool:
    """True for a total beside the heads, or a formula for one."""
    heading = column.heading
    return not heading or heading.startswith("=") or read_decimal(heading)[0] is not None


def _measured_keys(rule: str) -> Mapping[str, Any]:
    """The keys of an aspect M, as `SchemeAspect` calls them.

    It is marked by Yes/No only where the sheet says so, by faults where it can be, else as a score.
    """
    read = read_rule(rule)
    if read.sure is Sure.SAID:
        return read.keys
    if _YES_NO.search(rule.partition("\n")[0]):
        return {"type": "measurement"}
    deductions = ["".join(points) for points in _DEDUCT.findall(one_line(rule))]
    if len(deductions) == 1:
        return {"type": "deduction", "own": {"points": deductions[0]}}
    return read.keys if read.keys.get("type") == "deduction" else {"type": "score"}
