"""Reading of an upload: to a table of raw cells, with notices of all that was left unread."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import itemgetter

from compete.domain.identity.names import no_name, same_name_key
from compete.domain.values.messages import Message, listed, msg, some_of
from compete.sheets.reading.across import (
    REPEATED,
    names_sums,
    sheets_of_sums,
)
from compete.sheets.reading.answers import (
    NOTHING_SAID,
    Answers,
    ColumnRead,
    answer,
    distinct_columns,
)
from compete.sheets.reading.cells import competes_too, is_no_contestants, role_of, says_away
from compete.sheets.reading.columns import Understanding, role_word, understand
from compete.sheets.reading.context import Blanks, Rows, Section
from compete.sheets.reading.finding import find_tables
from compete.sheets.reading.found_tables import EXAMPLE, TITLE, FoundSheet, FoundTable
from compete.sheets.reading.grid import Grid, cell_text
from compete.sheets.reading.kinds import PEOPLE, UNITS, Kind
from compete.sheets.reading.marked_cells import marked_told
from compete.sheets.reading.pictures import SEVERAL_PICTURES, picture_of_row
from compete.sheets.reading.reading import (
    ONCE,
    SheetsReader,
    dittos_told,
    find_events,
    helper_of,
    matched_event,
    role_of_table,
    state_columns,
    ticked_event,
    unit_of_team,
)
from compete.sheets.reading.sections import Names
from compete.sheets.reading.shapes import Question, SheetUse
from compete.sheets.reading.telling import (
    cell_sentence,
    columns_unread,
    named_row,
    of_sheet,
    questions_told,
    rows_done,
    rows_left_out,
    sheet_without_head,
    sheets_hidden,
)
from compete.sheets.registration.columns import (
    EXAMPLE_MARK,
    HELP_SHEET,
    LISTS_SHEET,
    PEOPLE_BY_KEY,
    PERSON_KEYS,
    REASON_TITLE,
    UNITS_SHEET,
)
from compete.sheets.registration.packed_rows import packed
from compete.sheets.registration.table import (
    NEXT_SHEET,
    RawRow,
    RawSheet,
    RawTable,
    place_of_rows,
)
from compete.sheets.resting import resting_collector
from compete.sheets.texts import as_typed, tidy
from compete.sheets.workbook.cells import Cell, Fault
from compete.sheets.workbook.limits import DEFAULT_LIMITS, Limits
from compete.sheets.workbook.opened import OpenedWorkbook, open_workbook
from compete.sheets.workbook.refusal import WorkbookError

MOST_UNITS = 2_000
"""Rows of the sheet of units in one upload."""
_MOST_TOLD = 20
"""Rows of one reason that a notice names."""
_MOST_ASKED = 200
"""Cells of one question that a notice names."""
_KEYS = {"job": "post", "years": "months", "crew_role": "role"}
"""Our names for fields of the reader."""
_UNIT_KEYS = {"name": "unit_name", "code": "unit_code"}
_NOT_KEPT = frozenset({"role", "occupation", "note"})
"""Fields that no column of ours takes: they stay with the row as it stands in the file."""
_SILENT = frozenset({"序号", REASON_TITLE})
_BESIDE_NAMES = ("id_number", "unit", "phone")
_LEAST_KNOWN = 3
"""Known fields of a head without names, one of them of `_BESIDE_NAMES`."""
_NO_PEOPLE = (UNITS_SHEET, HELP_SHEET, LISTS_SHEET)
_NO_HEAD = msg("没找到表头。表里要有一行写着：姓名、证件号码、单位。从这里下载报名表，填好再传")
_ROLE_WORDS = {
    "leader": msg("领队"),
    "coach": msg("教练"),
    "official": msg("裁判或工作人员"),
    "other": msg("其他人员"),
}
_NONE: frozenset[str] = frozenset()


@dataclass(slots=True)
class _People:
    """A table of people, with where its rows stand among those of the workbook."""

    known: Understanding
    sheet: int
    kinds: dict[int, str] = field(default_factory=dict)
    """By row who is no contestant, and what else."""
    sections: Sequence[Section] = ()
    names: Names = field(default_factory=Names)
    teams: set[tuple[str, str]] = field(default_factory=set)
    """The columns of teams whose names were taken for units, of the whole file."""

    @property
    def table(self) -> FoundTable:
        return self.known.table

    @property
    def first_row(self) -> int:
        """The row from which its cells are named: its head, or of a single person their own."""
        return self.table.head_row if self.table.form is None else self.table.rows[0]

    def letters(self, keys: dict[str, str]) -> dict[str, str]:
        """The letters of each field's column; of a single person the whole cells."""
        first = {key: places[0] for key, places in self.places(keys).items()}
        if self.table.form is None:
            return {key: self.known.grid.letters(place) for key, place in first.items()}
        return {key: self.known.cell_name(self.table.rows[0], at) for key, at in first.items()}

    def places(self, keys: dict[str, str]) -> dict[str, list[int]]:
        """The columns of each field, by our key."""
        columns: dict[str, list[int]] = {}
        for column in self.known.columns:
            if column in self.known.ticks:
                continue
            if column.field is not None and column.field not in _NOT_KEPT:
                columns.setdefault(keys.get(column.field, column.field), []).append(column.place)
        return columns


class RegistrationBook:
    """An upload opened for whoever reads its people: its columns before they are answered, and its
    table as they were.

    `events` and `units` are the names of those that there are, `own` of the unit whose contact
    sends the file; an evaluation's people are `CANDIDATES`.
    `WorkbookError` when the file cannot be used as a whole: no workbook, locked, too large.
    """

    def __init__(
        self,
        data: bytes,
        *,
        limits: Limits = DEFAULT_LIMITS,
        events: Sequence[str] = (),
        units: Sequence[str] = (),
        own: str = "",
        of: Kind = PEOPLE,
    ) -> None:
        self._left_out: list[Message] = []
        self._tables: list[_People] = []
        self._sheets: list[str] = []
        self._past: Sequence[Understanding] = ()
        with resting_collector():
            self._book = open_workbook(data, limits)
            names = Names(events, units, more_units=True, own=own)
            self._find(names, _by_key(events), of)

    def columns(self) -> list[ColumnRead]:
        """The columns as they are understood; `WorkbookError` where there is no table."""
        if not self._tables:
            raise WorkbookError(_NO_HEAD)
        return distinct_columns([it.known for it in self._tables])

    @property
    def left_out(self) -> Sequence[Message]:
        """What was not read, whatever the columns are: rows, samples, sheets."""
        return tuple(self._left_out)

    def table(self, answers: Answers = NOTHING_SAID) -> RawTable:
        """The people and new units, as the `answers` say. To be asked once.

        `WorkbookError` where there is no header, or nobody below it.
        """
        with resting_collector():
            return self._read(answers)

    def _find(self, names: Names, events: Mapping[str, str], of: Kind) -> None:
        book, notices = self._book, self._left_out
        if book.has_macros:
            notices.append(msg("文件里有宏，没有运行，只读了单元格"))
        sheets, teams = self._sheets, set[tuple[str, str]]()
        is_own = bool({HELP_SHEET, LISTS_SHEET} & {*book.names, *book.hidden})
        reader = SheetsReader(
            book, of, names, without=_NO_PEOPLE, find=_find, understood=_understand
        )
        self._past = reader.past
        for sheet, tables in reader.sheets:
            if isinstance(sheet, SheetUse):
                notices += [of_sheet(sheet.name, sheet.why)] if sheet.why else []
                continue
            grid, name = sheet.grid, sheet.grid.name
            if not tables:
                if any(map(grid.own, range(1, grid.last + 1))):
                    notices.append(sheet_without_head(name))
                continue
            notices += [
                cell_sentence(name, msg("第 %(row)s 行", row=row), why)
                for row, _text, why in sheet.doubts
            ]
            place, used = len(sheets), set[int]()
            sheets.append(name)
            for known, sections in tables:
                table = known.table
                across = known.stands_in
                if across or sheets[place] != name or used.intersection(table.rows):
                    # People who stand in one row are told apart by numbers of their own.
                    place, used = len(sheets), set()
                    sheets.append(place_of_rows(name, across))
                used.update(table.rows)
                find_events(known, events)
                self._tables.append(
                    _People(known, place, sections=sections, names=names, teams=teams)
                )
            notices += _left_out(sheet, own=is_own)
        notices += sheets_hidden(book, _NO_PEOPLE)

    def _read(self, answers: Answers) -> RawTable:
        notices, sheets = [*self._left_out], self._sheets
        for people in self._tables:
            answer(people.known, answers)
        _require(self._tables, notices)
        for known in self._past:
            notices += questions_told(known.asked)
        tables = [it for it in self._tables if it.known not in self._past]
        tables = _without_sums(tables, notices)
        read = _read(sheets, tables, notices)
        if not read.rows:
            raise WorkbookError(of_sheet(sheets[0], msg("没有人。填好再传")))
        if answers.cells:
            read = replace(read, rows=packed(_put_right(row, answers) for row in read.rows))
        units = _with_units(_units(self._book, notices), answers.units)
        pictures = _pictures(tables, notices)
        return RawTable(read, units, tuple(notices), frozenset(answers.left), pictures)


def read_registration(
    data: bytes,
    *,
    answers: Answers = NOTHING_SAID,
    events: Sequence[str] = (),
    units: Sequence[str] = (),
    own: str = "",
    of: Kind = PEOPLE,
) -> RawTable:
    """Read the people of an upload and its new units; raises as `RegistrationBook` does."""
    return RegistrationBook(data, events=events, units=units, own=own, of=of).table(answers)


def fields_of_columns(left_out: Collection[str] = ()) -> list[str]:
    """The fields that a column of people may be, in the order of the template.

    `left_out` are the columns that the competition does not ask for.
    """
    kept = (it.key for it in PEOPLE.fields if it.key not in _NOT_KEPT)
    fields = [key for key in kept if _KEYS.get(key, key) not in left_out]
    order = [*PEOPLE_BY_KEY]
    return [*sorted(fields, key=lambda key: order.index(_KEYS.get(key) or key)), "role"]


def column_of_field(field: str) -> Message:
    """The name of a field of the reader."""
    return msg("身份") if field == "role" else PEOPLE_BY_KEY[_KEYS.get(field, field)].title


def _find(grid: Grid, of: Kind, names: Names) -> FoundSheet:
    """Find the tables; without any, those whose other headings say that they are of people."""
    sheet = find_tables(grid, of, names)
    if sheet.tables:
        return sheet
    nameless = find_tables(grid, replace(of, must=(_BESIDE_NAMES,)), names)
    return (
        nameless if nameless.tables and all(_of_people(it, of) for it in nameless.tables) else sheet
    )


def _of_people(table: FoundTable, of: Kind) -> bool:
    known = [of.field_of(heading.text) for heading in table.headings.values()]
    fields = {key for _known, key in known if key is not None}
    sure = sum(is_known for is_known, _key in known)
    return table.form is None and len(fields) >= _LEAST_KNOWN and 2 * sure > len(known)


def _understand(table: FoundTable, of: Kind, names: Names) -> Understanding:
    """Understand the columns; without one of names ask about the one that holds names."""
    known = understand(table, of, names.events)
    if known.of("name"):
        return known
    unread = [
        column
        for column in known.columns
        if column.field is None and known.samples[column.place] and column.heading
        if not of.field_of(column.heading)[0]
    ]
    for column in unread:
        if all(no_name(text) is None for text in known.samples[column.place]):
            column.field = "name"
            known.ask(column, msg("照格子里的内容认的，列名认不出"))
            break
    return known


def says_registration(data: bytes) -> bool:
    """True if a workbook has people in it. Raises `WorkbookError` for what is no workbook."""
    book = open_workbook(data)
    grids = (Grid(book.sheet(name)) for name in book.names)
    tables = (table for grid in grids for table in find_tables(grid, PEOPLE).tables)
    field_sets = (
        {column.field for column in understand(table, PEOPLE).columns} for table in tables
    )
    return any("name" in fields and fields & {"id_number", "unit"} for fields in field_sets)


def _by_key(events: Sequence[str]) -> dict[str, str]:
    return {same_name_key(name): name for name in events}


def _pictures(tables: Sequence[_People], notices: list[Message]) -> dict[int, str]:
    """The picture beside each person, by the row's number; where there are several none is."""
    pictures: dict[int, str] = {}
    for people in tables:
        several: list[int] = []
        for row in people.table.rows:
            part = picture_of_row(people.table, row)
            if part:
                pictures[people.sheet * NEXT_SHEET + row] = part
            elif part is not None:
                several.append(row)
        notices += rows_done(people.known.grid.name, SEVERAL_PICTURES, several)
    return pictures


def _without_sums(tables: list[_People], notices: list[Message]) -> list[_People]:
    """Leave out a sheet of sums whose people stand on other sheets."""
    by_sheet: dict[str, list[str]] = defaultdict(list)
    if not any(names_sums(it.known.grid.name) for it in tables):
        return tables
    for people in tables:
        known = people.known
        keys = known.of("id_number")[:1] or known.of("name")[:1]
        for row in people.table.rows:
            for column in keys:
                if text := cell_text(known.value(row, column.place)):
                    by_sheet[known.grid.name].append(same_name_key(text))
    sums = sheets_of_sums(by_sheet) if len(by_sheet) > 1 else []
    notices += [of_sheet(name, REPEATED) for name in sums]
    return [it for it in tables if it.known.grid.name not in sums]


def _states(people: _People) -> Iterator[Message]:
    """Ask about people of whom a cell says that they may not compete after all."""
    known = people.known
    cells: dict[str, list[str]] = defaultdict(list)
    for column in state_columns(known):
        for row in people.table.rows:
            text = known.value(row, column.place)
            if isinstance(text, str) and says_away(column.heading, text):
                cells[tidy(text)[:40]].append(known.cell_name(row, column.place))
    for text, places in cells.items():
        why = msg("“%(text)s”，还参加吗", text=text)
        yield cell_sentence(known.grid.name, some_of(places, _MOST_ASKED), why)


def _put_right(row: RawRow, answers: Answers) -> RawRow:
    """Put the answers given on the page about cells into the row."""
    answered = {key: text for (number, key), text in answers.cells.items() if number == row.number}
    if not answered:
        return row
    cells = {key: cell for key, cell in row.cells.items() if answered.get(key, "-")}
    cells |= {key: text for key, text in answered.items() if text}
    emptied = frozenset(key for key, text in answered.items() if not text)
    return replace(row, cells=cells, faults=row.faults - answered.keys(), emptied=emptied)


def _with_units(sheet: RawSheet | None, names: Sequence[str]) -> RawSheet | None:
    """The sheet of units, with those that were said to be new at its end."""
    if not names:
        return sheet
    sheet = sheet or RawSheet(UNITS_SHEET)
    last = max((row.number for row in sheet.rows), default=0)
    rows = [RawRow(last + n, {"unit_name": name}) for n, name in enumerate(names, start=1)]
    return replace(sheet, rows=(*sheet.rows, *rows))


def _require(tables: Sequence[_People], notices: list[Message]) -> None:
    keys = {key for people in tables for key in people.places(_KEYS)}
    if not tables or not {"name", "id_number"} & keys:
        raise WorkbookError(_NO_HEAD)
    if "name" not in keys:
        first = tables[0].table
        raise WorkbookError(
            of_sheet(
                first.grid.name,
                msg(
                    "第 %(row)s 行的表头里没有：%(missing)s。补上再传",
                    row=first.head_row,
                    missing=PEOPLE_BY_KEY["name"].title,
                ),
            )
        )
    if "id_number" not in keys:
        notices.append(msg("没有证件号码一列：都先空着，在各人的页上补"))


def _units(book: OpenedWorkbook, notices: list[Message]) -> RawSheet | None:
    if UNITS_SHEET not in book.names:
        return None
    sheet = find_tables(Grid(book.sheet(UNITS_SHEET)), UNITS)
    if not sheet.tables:
        return None
    notices += _left_out(sheet, own=True)
    tables = [_People(understand(table, UNITS), 0) for table in sheet.tables]
    units = _read([UNITS_SHEET], tables, notices, UNITS)
    if len(units.rows) > MOST_UNITS:
        raise WorkbookError(msg("“单位”页最多 %(most)s 行，分几次传", most=MOST_UNITS))
    return units


def _left_out(sheet: FoundSheet, *, own: bool) -> list[Message]:
    """Tell the rows with something in them that were not read; of our `own` form no titles."""
    name, tables = sheet.grid.name, sheet.tables
    rows = [*sheet.outside, *(row for table in tables for row in table.left_out)]
    silent = (EXAMPLE, TITLE) if own else (EXAMPLE,)
    same = {row for table in tables for row in table.grid.same}
    loose = {row for table in tables for row in table.grid.loose}
    before, nothing = dittos_told(next((it for it in tables if it.form is not None), tables[0]))
    boxes = {row for table in tables for row in table.grid.boxes}
    return [
        *rows_left_out(name, dict.fromkeys(rows), silent, sheet.grid),
        *rows_done(name, before, same),
        *rows_done(name, nothing, loose),
        *rows_done(name, msg("一格一个数字的号码连起来读"), boxes),
    ]


def _read(
    sheets: Sequence[str], tables: Sequence[_People], notices: list[Message], kind: Kind = PEOPLE
) -> RawSheet:
    keys = _KEYS if kind is not UNITS else _UNIT_KEYS
    titles: dict[str, None] = {}
    for people in tables:
        titles.update(dict.fromkeys(_extras(people)))
        _tell_columns(people, notices)
        if kind is not UNITS:
            notices += _states(people)
        notices += marked_told(people.known)
    notices += columns_unread(sheets[0], titles)
    if kind is not UNITS:
        _tell_others(tables, notices)
    filled_down: list[int] = []
    asked: list[Question] = []
    rows = packed(
        row
        for people, rows_below in _walks(tables)
        for row in _rows_of_people(
            people, rows_below, keys, [*titles], notices, asked, filled_down, kind
        )
    )
    notices += questions_told(asked)
    if filled_down:
        notices.append(
            msg(
                "有 %(count)s 行只选了下拉，没写人（从第 %(row)s 行起），没有读",
                count=len(filled_down),
                row=filled_down[0],
            )
        )
    letters = [
        (people.sheet * NEXT_SHEET + people.first_row, people.letters(keys)) for people in tables
    ]
    used = [people for people in tables if people.known.table.rows]
    alone = len({people.sheet for people in used}) == 1
    name = used[0].known.grid.name if alone else sheets[0]
    return RawSheet(name, letters, rows, tuple(titles), tuple(sheets))


def _walks(tables: Sequence[_People]) -> Iterator[tuple[_People, Rows]]:
    """Each table with a walk down its rows; the people of teams go on from those before."""
    rows_below: Rows | None = None
    for people in tables:
        rows_below = Rows(people.known, people.sections, people.names, rows_below)
        yield people, rows_below


def _extras(people: _People) -> dict[str, int]:
    """Titles of columns that are not read, by their place."""
    return {
        column.heading: column.place
        for column in reversed(people.known.columns)
        if (column.field is None or column.field in _NOT_KEPT - {"role"})
        and column.heading
        and column.heading not in _SILENT
    }


def _tell_columns(people: _People, notices: list[Message]) -> None:
    """Tell the questions about columns."""
    notices += questions_told(people.known.asked)


def _tell_others(tables: Sequence[_People], notices: list[Message]) -> None:
    """Tell who is no contestant, and what becomes of them."""
    named: dict[str, list[Message | str]] = defaultdict(list)
    by_job: dict[str, dict[str, None]] = defaultdict(dict)
    for people, rows_below in _walks(tables):
        known = people.known
        whole = people.table.role or role_of_table(people.table)
        roles, jobs, names = known.of("role"), known.of("job"), known.of("name")
        unsure: dict[str, list[str]] = defaultdict(list)
        for row in people.table.rows:
            written = [(it, cell_text(known.value(row, it.place))) for it in roles[:1]]
            answer = next((pair for pair in written if pair[1]), None)
            if answer is not None and role_word(known, *answer) is None:
                answer = None
            elif (
                answer is not None
                and known.kind.field_of(answer[0].heading)[1] == "job"
                and role_of(answer[1])[0] != "entrant"
            ):
                by_job[answer[0].heading][f"“{answer[1]}”"] = None
            if answer is None and whole == "entrant":
                written = [(it, cell_text(known.value(row, it.place))) for it in jobs]
                answer = next((pair for pair in written if is_no_contestants(pair[1])), None)
                if answer is not None:
                    by_job[answer[0].heading][f"“{answer[1]}”"] = None
            role = whole
            if answer is not None:
                column, text = answer
                found_role, sure = role_of(text)
                role = found_role or "other"
                if not sure:
                    role = "entrant" if competes_too(text) else role
                    unsure[text].append(known.cell_name(row, column.place))
            if answer is None and role == "entrant":
                helper = helper_of(known, row) if people.table.form is None else None
                role = helper or rows_below.section(row).value("role") or role
            if role == "entrant":
                continue
            name = tidy(cell_text(known.value(row, names[0].place))) if names else ""
            people.kinds[row] = role
            named[role].append(named_row(known.grid.name, name, row))
        for text, cells in unsure.items():
            why = (
                msg("“%(found)s”是哪种身份？先当选手读", found=text)
                if competes_too(text)
                else msg("“%(found)s”是哪种身份？没有当选手", found=text)
            )
            notices.append(cell_sentence(known.grid.name, some_of(cells, _MOST_ASKED), why))
    for heading, texts in by_job.items():
        notices.append(
            msg(
                "“%(heading)s”写着%(words)s的没有当选手。要参赛的，加一列“身份”，写“选手”，再传",
                heading=heading,
                words=listed(texts),
            )
        )
    for role, named_so in named.items():
        words = some_of(named_so, _MOST_TOLD)
        where = {
            "leader": msg("要写在选手名下的，加一列“领队”再传"),
            "coach": msg("要写在选手名下的，加一列“教练”再传"),
            "official": msg("裁判到“裁判”页加"),
        }.get(role, msg("要参赛的，把身份改成“选手”再传"))
        notices.append(
            msg(
                "%(n)s 人是%(role)s，没有当选手：%(names)s。%(where)s",
                n=len(named_so),
                role=_ROLE_WORDS[role],
                names=words,
                where=where,
            )
        )


def _rows_of_people(
    people: _People,
    rows_below: Rows,
    keys: dict[str, str],
    titles: Sequence[str],
    notices: list[Message],
    asked: list[Question],
    filled_down: list[int],
    kind: Kind,
) -> Iterator[RawRow]:
    """Keep the rows without examples and without those that name nobody; tell of both."""
    code, name = ("code", "name") if kind is not UNITS else ("unit_code", "unit_name")
    first = people.sheet * NEXT_SHEET
    for number, why in people.table.left_out:
        if why is EXAMPLE and kind is not UNITS and _example_was_changed(people, number):
            notices.append(_example_told(number))
    for row in _rows(people, rows_below, keys, titles, asked):
        marked = row.cells.get(code, row.cells.get(name) if kind is not UNITS else None)
        if isinstance(marked, str) and tidy(marked).startswith(EXAMPLE_MARK):
            if kind is not UNITS and _example_was_changed(people, row.number - first):
                notices.append(_example_told(row.number - first))
        elif kind is not UNITS and row.number - first in people.kinds:
            continue
        elif kind is not UNITS and {"name", "id_number"} <= row.merged:
            sentence = msg(
                "第 %(row)s 行的姓名和上面合成一格，是同一个人，没有另读", row=row.number - first
            )
            notices.append(of_sheet(people.known.grid.name, sentence))
        elif kind is not UNITS and not _speaks_of_someone(row):
            filled_down.append(row.number - first)
        else:
            yield row


def _rows(
    people: _People,
    rows_below: Rows,
    keys: dict[str, str],
    titles: Sequence[str],
    asked: list[Question],
) -> Iterator[RawRow]:
    """The rows below the head that hold anything in our columns."""
    asks = keys is _KEYS
    blanks = Blanks(people.known, ONCE["people"] if asks else ())
    table, grid = people.table, people.known.grid
    places_of = people.places(keys)
    single = {key: places[0] for key, places in places_of.items()}
    several = {key: places for key, places in places_of.items() if len(places) > 1}
    in_order = tuple(single)
    width = max(single.values(), default=0) + 1
    pick = _picker(tuple(single.values()))
    extras = _extras(people)
    extra_places = tuple(extras.get(title) for title in titles)
    first = people.sheet * NEXT_SHEET
    faulty = {row for row, _column in grid.sheet.scan.faults}
    blank: list[Cell] = [""] * width
    for number in table.rows:
        if table.form is not None:
            row: list[Cell] = [grid.cell(*table.form[place]) for place in sorted(table.form)]
        else:
            row = grid.rows[number - 1]
        if len(row) < width:
            row = row + blank[len(row) :]
        cells: dict[str, Cell] = {
            key: value
            for key, value in zip(in_order, pick(row), strict=True)
            if value.__class__ is not str or (value and not value.isspace())
        }
        shared = _NONE
        if table.form is None and number in grid.filled:
            lent = {key for key, place in single.items() if grid.lent(number, place)}
            if "id_number" in cells:
                lent.discard("name")  # whose number this is a name further up does not say
            cells.update({key: grid.cell(number, single[key]) for key in lent})
            shared = frozenset(lent)
        for key, places in several.items():
            texts = [tidy(cell_text(people.known.value(number, it))) for it in places]
            if joined := "、".join(dict.fromkeys(filter(None, texts))):
                cells[key] = joined
        faults = _NONE
        if number in faulty:
            faults = frozenset(key for key, value in cells.items() if isinstance(value, Fault))
        if not faults.issuperset(cells) or faults & {"name", "id_number"}:
            if asks:
                asked += _give(people, rows_below, blanks, number, cells)
            yield RawRow(
                first + number,
                cells,
                faults,
                shared,
                number in grid.hidden,
                tuple(
                    tidy(as_typed(row[place])) if place is not None and place < len(row) else ""
                    for place in extra_places
                ),
            )


def _give(
    people: _People, rows_below: Rows, blanks: Blanks, row: int, cells: dict[str, Cell]
) -> Iterator[Question]:
    """Put in what a tick, a title or the cell above says; what was asked about it."""
    known = people.known
    if known.ticks:
        name, why = ticked_event(known, row)
        if name and "event" not in cells:
            cells["event"] = matched_event(name, _by_key(people.names.events))[0]
        if why is not None:
            yield Question(known.grid.name, row, "", "event", name, why)
    for key, blank in blanks.of_row(row, rows_below.section(row)).items() if blanks else ():
        if key in cells or (key == "event" and row in people.kinds):
            continue
        if blank.is_taken:
            cells[key] = blank.text
        if (question := blank.question(row)) is not None:
            yield question
    wanted = () if {"unit", "event"} <= cells.keys() else ("unit", "event")
    if "unit" in cells and rows_below.units:
        rows_below.see_unit(row)
    if wanted:
        has = {*cells, *({"event"} if known.ticks and known.ticked(row) else ())}
        given, asked = rows_below.given(row, has, wanted)
        for key, text in given.items():
            cells.setdefault(key, text)
        yield from asked
    if "team" in cells and "unit" not in cells:
        team = " ".join(cell_text(cells["team"]).split())
        unit, about = unit_of_team(known, row, team, people.names)
        if about is not None and unit:
            cells["unit"] = unit
            if (about.sheet, about.column) not in people.teams:
                people.teams.add((about.sheet, about.column))
                yield about


def _picker(columns: tuple[int, ...]) -> Callable[[list[Cell]], tuple[Cell, ...]]:
    """A function that takes the cells of these columns out of a row."""
    if not columns:
        return lambda _row: ()
    if len(columns) == 1:
        return lambda row: (row[columns[0]],)
    return itemgetter(*columns)


def _example_told(row: int) -> Message:
    return msg("第 %(row)s 行标着“示例”，没有读。要报这个人，把“示例”两个字删掉", row=row)


def _example_was_changed(people: _People, row: int) -> bool:
    names = people.known.of("name")
    value = cell_text(people.known.value(row, names[0].place)) if names else ""
    return bool(value) and tidy(value) != PEOPLE_BY_KEY["name"].example


def _speaks_of_someone(row: RawRow) -> bool:
    return not PERSON_KEYS.isdisjoint(row.cells) or bool(row.faults & {"name", "id_number"})
