"""A pasted block at a grid that is there: what goes into which square, by names or by places.

A block without any word goes cell for cell from the cursor. With words, rows go by their names
and columns by their headings, never by position.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from compete.domain.values.messages import Message, listed, msg
from compete.domain.values.numerals import plain
from compete.sheets.reading.grid import cell_text
from compete.sheets.reading.kinds import PEOPLE, VALUES
from compete.sheets.reading.known import Names, laid_out, read_named
from compete.sheets.reading.shapes import Column, Reading
from compete.sheets.reading.words import reduced, says_note, says_signature, says_sum
from compete.sheets.workbook.opened import open_text
from compete.sheets.workbook.scan import column_letters, column_number

NAMES, PLACES, NOWHERE = "names", "places", "nowhere"
_STANDS_FOR_VALUE = frozenset(
    {"缺考", "缺", "缺赛", "弃权", "未到", "良", "优", "中", "差", "是", "否"}
)
_NUMBER = re.compile(r"[-+－＋]?[\d.,，。０-９．]+(?:[%％‰万亿千百]|分|次|个|起|元|万元)?")
_COMPUTED = re.compile(r"平均|总分|合计|总计|均分|最高|最低|名次|排名|排序|奖|最终|小计")
_NUMBER_HEADS = frozenset(
    {
        "参赛号",
        "场上号",
        "出场号",
        "参赛编号",
        "选手编号",
        "选手号",
        "编号",
        "号",
        "号码",
        "加密号",
        "参赛证号",
        "准考证号",
    }
)
_UNREAD_HEADS = frozenset({"备注", "说明", "签名", "签字"})


@dataclass(frozen=True, slots=True)
class Square:
    """A text and the row and column that it goes to, from 0; `cell` is where it was pasted."""

    row: int
    column: int
    text: str
    cell: str


@dataclass(frozen=True, slots=True)
class Remark:
    """Something asked or told: its cell or row, what stands there, and why."""

    place: str
    text: str
    why: Message


@dataclass(slots=True)
class BlockColumn:
    """A column of the block: what it is taken for, how sure that is, and why."""

    cell: str
    """The cell of its heading."""
    heading: str
    place: int | None = None
    """The column it goes to, from 0."""
    state: str = "sure"
    """`sure`, `like`, `asked`, `unused`, or `rows`: the names of rows."""
    why: Message | None = None
    samples: Sequence[str] = ()
    may: Sequence[int] = ()
    """The columns it may be, where it is asked."""


@dataclass(slots=True)
class Placed:
    """All that becomes of a block."""

    by: str = NOWHERE
    squares: list[Square] = field(default_factory=list)
    columns: list[BlockColumn] = field(default_factory=list)
    asked: list[Remark] = field(default_factory=list)
    out: list[Remark] = field(default_factory=list)
    rows: int = 0
    wide: int = 0


@dataclass(frozen=True, slots=True)
class Target:
    """The grid: how each row and each column may be called, and where the cursor is."""

    rows: Sequence[Sequence[str]]
    columns: Sequence[Sequence[str]]
    at: tuple[int, int] = (0, 0)


def place_values(text: str, target: Target, answers: Mapping[str, int | None]) -> Placed:
    """Place numbers of units by indicators, read as any labour table is.

    A column of the target is called by its indicator; one of targets by that and 目标. `answers`
    are what columns were chosen for, by the cell of their heading; None: not used.
    """
    table = _rows_of(text)
    if _has_no_word(table, target):
        return _as_figures(_by_place(table, target), target)
    named = _by_names_alone(table, target)
    if named is not None:
        return _as_figures(named, target)
    units = _Called(target.rows)
    columns = _Called(target.columns)
    for cell, chosen in answers.items():
        head, at = _address(cell)
        if head < len(table) and at < len(table[head]):
            table[head][at] = "备注" if chosen is None else columns.first(chosen)
    joined = "\n".join("\t".join(row) for row in table)
    reading = read_named(
        open_text(joined, name="-"), "values", units=units.all, indicators=columns.all
    )
    placed = Placed(NAMES if reading.rows or reading.columns else NOWHERE)
    placed.rows, placed.wide = len(table), max(map(len, table), default=0)
    for it in reading.rows:
        row = units.place(str(it.values.get("unit", "")))
        for key in ("value", "target"):
            if row is None or key not in it.values:
                continue
            name = str(it.values["indicator"])
            column = columns.place(f"{name}目标" if key == "target" else name)
            if column is not None:
                placed.squares.append(Square(row, column, str(it.values[key]), f"{it.row}"))
            else:
                why = msg("这里没有“%(name)s”的格子", name=name)
                placed.out.append(Remark(f"{it.row}", str(it.values[key]), why))
    of_heads = _block_columns(placed, reading, table, columns)
    for q in reading.asked:
        if (q.row, q.column) not in of_heads:
            placed.asked.append(Remark(f"{q.column}{q.row}", q.found, q.why))
    for left in (*reading.left_out, *reading.remarks):
        place = str(left.row) if left.row else ""
        line = table[left.row - 1] if 0 < left.row <= len(table) else []
        placed.out.append(Remark(place, " ".join(filter(None, line))[:60], left.why))
    if not reading.rows and not placed.columns:
        placed.asked.append(Remark("", table[0][0] if table and table[0] else "", _NO_WAY))
    return placed


def _block_columns(
    placed: Placed, reading: Reading, table: Sequence[Sequence[str]], columns: _Called
) -> set[tuple[int, str]]:
    """Tell each heading of a reading once; returns where their questions stand."""
    names, cells, asked = Names(columns.all), set[str](), set[tuple[int, str]]()
    for it in reading.columns:
        question = next(
            (q for q in reading.asked if (q.row, q.column) == (it.head_row, it.letters)), None
        )
        if question is not None:
            asked.add((it.head_row, it.letters))
        cell = _heading_cell(table, it)
        if not (it.heading or it.field) or cell in cells:
            continue
        cells.add(cell)
        place = None
        if it.field in ("value", "target"):
            meant = names.sure(it.heading) or (question.found if question else "")
            place = columns.place(it.heading)
            place = columns.place(meant) if place is None else place
        state = "rows" if it.field == "unit" else "unused" if it.field is None else "sure"
        if question is not None:
            state = "asked" if it.field is None else "like"
        may = [columns.place(name) for name in names.like(it.heading)] if state == "asked" else []
        row, column = _address(cell)
        placed.columns.append(
            BlockColumn(
                cell,
                _whole_heading(it.upper, it.heading),
                place,
                state,
                it.why or (question.why if question else None),
                _samples(table, row + 1, column) or _beside(table, row, column),
                [at for at in may if at is not None],
            )
        )
    return asked


def _heading_cell(table: Sequence[Sequence[str]], column: Column) -> str:
    """The cell of a heading: its column's own, or to the left where fields go down."""
    line = table[column.head_row - 1] if 0 < column.head_row <= len(table) else []
    at = column_number(column.letters) - 1
    if at < len(line) and column.heading and column.heading not in line[at]:
        at = next((place for place, cell in enumerate(line) if cell == column.heading), at)
    return f"{column_letters(at + 1)}{column.head_row}"


def _beside(table: Sequence[Sequence[str]], row: int, column: int) -> list[str]:
    """Some cells to the right of a heading, where nothing stands below it."""
    line = table[row][column + 1 :] if row < len(table) else []
    return [cell[:24] for cell in line if cell][:3]


_NO_WAY = msg("认不出哪一列是单位、哪一列是指标：把表头和单位一列一起贴，或者只贴数")


def place_texts(text: str, target: Target, answers: Mapping[str, int | None]) -> Placed:
    """Place marks of people by judges or modules; a cell's text goes as it stands."""
    table = _rows_of(text)
    if _has_no_word(table, target):
        return _by_place(table, target)
    named = _by_names_alone(table, target)
    if named is not None:
        return named
    rows, columns = _Called(target.rows), _Called(target.columns)
    sheet = open_text(text, name="-").sheet("-")
    # A mark may be equal to somebody's number: words are looked for first.
    laid = laid_out(sheet, rows.names(words=True), columns.names())
    laid = laid or laid_out(sheet, rows.names(), columns.names())
    placed = Placed(NAMES, rows=len(table), wide=max(map(len, table), default=0))
    if laid is None:
        return _by_columns_alone(table, target, placed)
    cells, side, first, turned = laid
    table = [[cell_text(cell) for cell in row] for row in cells]
    _People(placed, table, side, first, rows, columns, answers, turned).read()
    return placed


def _whole_heading(upper: str, heading: str) -> str:
    """A heading with the word above it, where it does not say that itself."""
    return f"{upper} › {heading}" if upper and upper not in heading else heading


def _of_numbers(heading: str) -> bool:
    """True if a heading is that of the numbers that people bear here."""
    return reduced(heading) in _NUMBER_HEADS


class _Called:
    """Names of rows or of columns, each with the place that it stands for."""

    def __init__(self, lists: Sequence[Sequence[str]]) -> None:
        self.lists = [[" ".join(name.split()) for name in names if name.strip()] for names in lists]
        self._places: dict[str, int | None] = {}
        for place, names in enumerate(self.lists):
            for name in names:
                for key in {name, reduced(name)}:
                    before = self._places.setdefault(key, place)
                    if before != place:
                        self._places[key] = None

    @property
    def all(self) -> list[str]:
        """Every name."""
        return [name for names in self.lists for name in names]

    def names(self, *, words: bool = False) -> Names:
        """The names to be looked for, or of these only words."""
        return Names(
            [name for name in self.all if not words or any(sign.isalpha() for sign in name)]
        )

    def first(self, place: int) -> str:
        """The first name of a place."""
        return self.lists[place][0] if 0 <= place < len(self.lists) else ""

    def place(self, text: str) -> int | None:
        """The place that a name stands for, if it is one's alone."""
        if text in self._places:
            return self._places[text]
        return self._places.get(reduced(text))

    def has(self, text: str) -> bool:
        """True if it is a name here, of one place or of several."""
        return text in self._places or reduced(text) in self._places

    def shared(self, text: str) -> bool:
        """True if two places bear this name."""
        return self.has(text) and self.place(text) is None


def _rows_of(text: str) -> list[list[str]]:
    sheet = open_text(text, name="-").sheet("-")
    rows = [[cell_text(cell).strip() for cell in row] for row in sheet.rows]
    while rows and not any(rows[-1]):
        rows.pop()
    return rows


def _address(cell: str) -> tuple[int, int]:
    match = re.fullmatch(r"([A-Z]{1,3})(\d{1,7})", cell)
    if match is None:
        return 10**9, 0
    return int(match[2]) - 1, column_number(match[1]) - 1


def _samples(table: Sequence[Sequence[str]], head_row: int, column: int) -> list[str]:
    cells = (row[column] for row in table[head_row:] if column < len(row))
    return [cell[:24] for cell in cells if cell][:3]


def _is_value(cell: str) -> bool:
    parts = re.split(r"[ 、，,；;]+", cell)
    return all(_NUMBER.fullmatch(part) or part in _STANDS_FOR_VALUE for part in parts if part)


def _has_no_word(table: Sequence[Sequence[str]], target: Target) -> bool:
    """True if no cell has a word or names anything of the grid; a lone cell goes as it stands."""
    if len(table) == 1 and len(table[0]) == 1:
        return True
    rows, columns = _Called(target.rows), _Called(target.columns)
    words = [cell for row in table for cell in row if cell and not _is_value(cell)]
    return not any(
        len(re.findall(r"[^\W\d_]", word)) > 1 or rows.has(word) or columns.has(word)
        for word in words
    )


_PERCENT = re.compile(r"([-+]?\d+(?:\.\d+)?)%")
_PLAIN = re.compile(r"[-+]?\d+(?:\.\d+)?")


def _of_percent(name: str) -> bool:
    bare = unicodedata.normalize("NFKC", name)
    return "%" in bare or reduced(name).endswith("率")


def _as_figures(placed: Placed, target: Target) -> Placed:
    """Numbers under a heading of per cent in one way; a share between 0 and 1 is asked about."""
    squares = []
    for place in range(len(target.columns)):
        own = [square for square in placed.squares if square.column == place]
        if not own or not any(map(_of_percent, target.columns[place])):
            squares += own
            continue
        texts = [unicodedata.normalize("NFKC", square.text).replace(" ", "") for square in own]
        numbers = [Decimal(text) for text in texts if _PLAIN.fullmatch(text)]
        shares = [it for it in numbers if 0 < it < 1]
        whole = bool(shares) and all(0 <= it <= 1 for it in numbers)
        for square, text in zip(own, texts, strict=True):
            if match := _PERCENT.fullmatch(text):
                squares.append(replace(square, text=match[1]))
            elif whole and _PLAIN.fullmatch(text):
                squares.append(replace(square, text=plain(Decimal(text) * 100)))
            elif shares and _PLAIN.fullmatch(text) and 0 < Decimal(text) < 1:
                most = plain(Decimal(text) * 100)
                why = msg("别的格大于 1：是 %(text)s 还是 %(most)s", text=text, most=most)
                placed.asked.append(Remark(square.cell, square.text, why))
            else:
                squares.append(square)
        if whole:
            why = msg("都在 0 到 1 之间，乘以 100 填进“%(name)s”", name=target.columns[place][0])
            placed.asked.append(Remark(own[0].cell, plain(shares[0]), why))
    placed.squares = sorted(squares, key=lambda square: (square.row, square.column))
    return placed


def _by_place(table: Sequence[Sequence[str]], target: Target) -> Placed:
    """Cell for cell from the cursor: nothing gives way, nothing moves up."""
    placed = Placed(PLACES, rows=len(table), wide=max(map(len, table), default=0))
    top, left = target.at
    for down, cells in enumerate(table):
        for right, text in enumerate(cells):
            row, column = top + down, left + right
            cell = f"{column_letters(right + 1)}{down + 1}"
            if row < len(target.rows) and column < len(target.columns):
                placed.squares.append(Square(row, column, text, cell))
            elif text:
                placed.out.append(Remark(cell, text, msg("出了表格，没有地方放")))
    return placed


def _by_names_alone(table: Sequence[Sequence[str]], target: Target) -> Placed | None:
    """A column of row names with numbers beside it and no word above: columns from the cursor."""
    rows = _Called(target.rows)
    body = [row for row in table if any(row)]
    wide = max((len(row) for row in body), default=0)
    for side in range(wide):
        names = [row[side] if side < len(row) else "" for row in body]
        if not names or not all(name and rows.place(name) is not None for name in names):
            continue
        others = [cell for row in body for at, cell in enumerate(row) if at != side and cell]
        if not all(map(_is_value, others)):
            return None
        placed = Placed(NAMES, rows=len(body), wide=wide)
        for down, cells in enumerate(table):
            if side >= len(cells) or not cells[side]:
                continue
            row = rows.place(cells[side])
            assert row is not None
            for at, text in enumerate(cells):
                cell = f"{column_letters(at + 1)}{down + 1}"
                column = target.at[1] + at - side - 1
                if at < side and text:
                    placed.out.append(Remark(cell, text, msg("在名称前面，没有用上")))
                elif at > side and column < len(target.columns):
                    placed.squares.append(Square(row, column, text, cell))
                elif at > side and text:
                    placed.out.append(Remark(cell, text, msg("出了表格，没有地方放")))
        return placed
    return None


def _by_columns_alone(table: Sequence[Sequence[str]], target: Target, placed: Placed) -> Placed:
    """No row of the block is one of the grid's: nothing is placed, and each row is asked about."""
    placed.by = NOWHERE
    for down, cells in enumerate(table):
        if any(cells):
            why = msg("没有一格是这里的名字，没有填")
            placed.asked.append(Remark(str(down + 1), " ".join(filter(None, cells))[:60], why))
    return placed


class _People:
    """Rows of people under headings, or with none."""

    def __init__(
        self,
        placed: Placed,
        table: list[list[str]],
        side: int,
        first: int,
        rows: _Called,
        columns: _Called,
        answers: Mapping[str, int | None],
        turned: bool,
    ) -> None:
        self.placed, self.table, self.side, self.first = placed, table, side, first
        self.rows, self.columns, self.answers, self.turned = rows, columns, answers, turned
        self.wide = max(map(len, table))
        self.heads: dict[int, str] = {}

    def _cell(self, row: int, column: int) -> str:
        """The address of a cell as it was pasted, from 0."""
        if self.turned:
            row, column = column, row
        return f"{column_letters(column + 1)}{row + 1}"

    def _at(self, row: int, column: int) -> str:
        return self.table[row][column] if column < len(self.table[row]) else ""

    def _heads(self) -> tuple[int, dict[int, str]]:
        """The row of the heads, and what stands above each column."""
        heads: dict[int, str] = {}
        above = [row for row in range(self.first) if any(self.table[row])][-2:]
        if above and sum(map(bool, self.table[above[0]])) < 2 and len(above) > 1:
            above = above[1:]
        for column in range(self.wide):
            texts = []
            for row in above:
                text = self._at(row, column)
                if not text and row != above[-1]:
                    text = (
                        next(
                            (
                                self._at(row, it)
                                for it in range(column, -1, -1)
                                if self._at(row, it)
                            ),
                            "",
                        )
                        if self._at(above[-1], column)
                        else ""
                    )
                if text and text not in texts:
                    texts.append(text)
            heads[column] = " ".join(texts)
        return (above[-1] if above else -1), heads

    def read(self) -> None:
        """Read every row, each column by its heading."""
        placed = self.placed
        head_row, heads = self._heads()
        self.heads = heads
        for row in range(self.first):
            if any(self.table[row]) and row != head_row:
                line = " ".join(filter(None, self.table[row]))
                placed.out.append(Remark(self._row(row), line[:60], msg("标题")))
        wide = [column for column in range(self.wide) if self._filled(column)]
        goes: dict[int, int] = {}
        for column in wide:
            known = self._column(column, max(head_row, 0), heads.get(column, ""))
            placed.columns.append(known)
            if known.place is not None and known.state in ("sure", "like"):
                goes[column] = known.place
        self._only_one(goes, heads)
        self._twice(goes)
        for row in range(self.first, len(self.table)):
            self._row_of(row, goes)

    def _row(self, row: int) -> str:
        return column_letters(row + 1) if self.turned else str(row + 1)

    def _filled(self, column: int) -> bool:
        return any(self._at(row, column) for row in range(len(self.table)))

    def _column(self, column: int, head_row: int, heading: str) -> BlockColumn:
        cell = self._cell(head_row, column)
        cells = [self._at(row, column) for row in range(self.first, len(self.table))]
        samples = [it[:24] for it in cells if it][:3]
        known = BlockColumn(cell, heading, samples=samples)
        if column == self.side or _of_numbers(heading):
            known.state = "rows"
            return known
        if cell in self.answers:
            known.place = self.answers[cell]
            known.state = "unused" if known.place is None else "sure"
            return known
        if not heading:
            known.state, known.why = "unused", msg("没有列名")
            return known
        if (place := self.columns.place(heading)) is not None or (
            place := self.columns.place(heading.rpartition(" ")[2])
        ) is not None:
            known.place = place
            return known
        inside = [
            place
            for place, names in enumerate(self.columns.lists)
            if any(len(name) > 1 and reduced(name) in reduced(heading) for name in names)
        ]
        if len(inside) == 1:
            known.place, known.state = inside[0], "like"
            known.why = msg("名字在表头里")
            return known
        if self._unread(heading):
            known.state, known.why = "unused", msg("不是裁判打的分，没有用上")
            return known
        known.state = "asked"
        known.may = inside or list(range(len(self.columns.lists)))
        known.why = msg("“%(heading)s”是哪一列", heading=heading)
        return known

    def _unread(self, heading: str) -> bool:
        bare = reduced(heading)
        if bare in _UNREAD_HEADS or _COMPUTED.search(bare):
            return True
        known, key = PEOPLE.field_of(heading)
        return (
            (known and key != "code")
            or bare == "序号"
            or (VALUES.field_of(heading) == (True, None))
        )

    def _only_one(self, goes: dict[int, int], heads: Mapping[int, str]) -> None:
        """A single column of marks can only be the single column that there is."""
        asked = [it for it in self.placed.columns if it.state == "asked"]
        if len(self.columns.lists) != 1 or goes or len(asked) != 1:
            return
        asked[0].state, asked[0].place, asked[0].why = "like", 0, msg("只有这一列")
        column = next(at for at in heads if self._cell(max(self.first - 1, 0), at) == asked[0].cell)
        goes[column] = 0

    def _twice(self, goes: dict[int, int]) -> None:
        """Two columns that would be one are asked about, neither is taken."""
        for place in set(goes.values()):
            twice = [column for column, to in goes.items() if to == place]
            if len(twice) < 2:
                continue
            for column in twice:
                del goes[column]
            for known in self.placed.columns:
                if known.place == place and known.state in ("sure", "like"):
                    known.state, known.may = "asked", [place]
                    known.why = msg("有两列都像“%(name)s”", name=self.columns.first(place))

    def _row_of(self, row: int, goes: Mapping[int, int]) -> None:
        placed, cells = self.placed, self.table[row]
        if not any(cells):
            return
        line = " ".join(filter(None, cells))[:60]
        name = self._at(row, self.side)
        number = next(
            (
                self.rows.place(self._at(row, at))
                for at, heading in self.heads.items()
                if at != self.side and _of_numbers(heading) and self._at(row, at)
            ),
            None,
        )
        to = self.rows.place(name)
        if to is None and self.rows.shared(name):
            to = number
        if to is None:
            first = next(filter(None, cells))
            if (
                says_sum(first)
                or _COMPUTED.match(first)
                or says_note(first)
                or says_signature(first)
            ):
                placed.out.append(Remark(self._row(row), line, msg("不是人")))
            elif name and self.rows.shared(name):
                why = msg("有两个“%(name)s”，写参赛号", name=name)
                placed.asked.append(Remark(self._cell(row, self.side), name, why))
            else:
                like = self.rows.names().like(name) if name else []
                why = msg("没有“%(name)s”", name=name or line)
                if like:
                    why = msg("%(why)s，是不是%(names)s", why=why, names=listed(like))
                placed.asked.append(Remark(self._cell(row, self.side), name or line, why))
            return
        if number is not None and number != to:
            why = msg("号和姓名不是同一个人")
            placed.asked.append(Remark(self._cell(row, self.side), line, why))
            return
        for column, place in goes.items():
            placed.squares.append(Square(to, place, self._at(row, column), self._cell(row, column)))
