"""Lines that people type: a person or an item a line, without a head."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from compete.domain.identity.citizen_id import check_citizen_id
from compete.domain.identity.errors import IdentityError
from compete.domain.identity.names import odd_name, same_name_key
from compete.domain.values.messages import Message, msg
from compete.domain.values.numerals import plain
from compete.sheets.reading import cells
from compete.sheets.reading.found_tables import SUM_BELOW, FoundSheet, FoundTable, Heading
from compete.sheets.reading.grid import Grid
from compete.sheets.reading.kinds import PEOPLE
from compete.sheets.reading.shapes import Reading, ReadRow, RowTold, SheetUse
from compete.sheets.reading.words import reduced, says_note, says_signature, says_sum
from compete.sheets.workbook.cells import Cell
from compete.sheets.workbook.opened import OpenedSheet
from compete.sheets.workbook.scan import SheetScan

HEADS_LOOKED_AT = 5
_TABLE_LOOKED_AT = 200
_OF_NAMES = re.compile(r"姓名|名字|大名|选手|队员|人员|职工|员工|学员")
"""In a heading of names that the table of synonyms does not have, beside headings that it has."""
_BLANK_CELL = re.compile("[\u3000\u00a0 ]+")
_TITLE = re.compile(
    r"(?!.*[0-9]{5})[^\t]{0,40}"
    r"(?:接龙|名单|报名|报名表|花名册|比武|竞赛|比赛|大赛|技能赛|评分|评分表|评分标准|考核表|如下)"
    r"(?:[（(][^（）()]*[)）])?[:：]?"
)
_ABOUT_ONE = re.compile(r"(?:领队|副领队|带队|教练员?|联系人|联络员|负责人|裁判长?|填表人)\s*[:：]")
_LABELS = re.compile(
    r"(?:姓名|单位|所在单位|工作单位|班组|部门|车间|性别|电话|手机|手机号|联系电话|联系方式|身份证号?)码?[:：]"
)
_LEAST_TITLE = 4
_TITLES = 3
"""So many lines at the top may be titles."""
_IN_BRACKETS = re.compile(r"[（(]([^（）()]*)[)）]")
_GENDER = re.compile(r"(?<=[ 、，,])(男|女)(?=[ 、，,]|$)")
_BARE_SERIAL = re.compile(r"(\d{1,3}) (?=\S)")
_SERIAL = re.compile(r"(?:\d{1,3}[.、．)）]|[（(]\d{1,3}[)）])[ ]*(?=\S)")
_COUNTED = re.compile(r"共[0-9一二三四五六七八九十百两]")
_ID = re.compile(r"(?<![0-9A-Za-z])\d{17}[\dXx](?![0-9A-Za-z])")
_PHONE = re.compile(r"(?<![0-9A-Za-z])(?:\+?86[- ]?)?1\d{2}[- ]?\d{4}[- ]?\d{4}(?![0-9A-Za-z])")
_APART = re.compile(r"[ 、，,]")
_OF_UNIT = re.compile(
    r".+(?:班|组|车间|部|科|室|公司|集团|厂|局|所|院|校|中心|处|队|站|段|矿|工会|项目部)"
)
_HAN_NAME = re.compile(r"[㐀-鿿·]{2,6}")

_NUMBER = r"\d{1,6}(?:\.\d{1,6})?"
_POINTS = re.compile(
    rf"[(\[]?(?:满分|配分|分值|标准分)?[:]?[(\[]?(?P<most>{_NUMBER})(?:分)?[)\]]{{0,2}}"
)
_LIKE_POINTS = re.compile(r"[(\[]?[+\-−–—]?\d{1,9}(?:\.\d{0,9})?(?:分|%|‰)?[)\]]?")
_BRACKET_AT_END = re.compile(
    rf"(?P<name>.*\S)\s*(?P<points>[(\[](?:(?:满分|配分|分值):?{_NUMBER}分?|{_NUMBER}分)[)\]])"
)
_ATTACHED = re.compile(
    rf"(?P<name>.*[㐀-鿿)）:])(?P<points>{_NUMBER}分)|(?P<called>.*\S):\s*(?P<value>{_NUMBER})"
)
_UNIT_APART = re.compile(r"(?<=\d) 分\Z")
_FAULTS = re.compile(
    r"每[错漏缺少多]?[一]?(?:[次处个项条件道根][^0-9扣，,。；;（）() ]{0,10})?"
    rf"扣 ?(?P<off>{_NUMBER}) ?分?"
    rf"|(?i:\b(?P<each>{_NUMBER}) ?(?:points? ?)?off (?:for )?each(?: fault| time)?\b)"
)
_RANGE = re.compile(rf"(?P<low>{_NUMBER}) ?[到至~～] ?(?P<high>{_NUMBER}) ?分?")
_RANGE_AT_END = re.compile(rf"(?P<low>{_NUMBER}) ?[到至~～\-–—] ?(?P<high>{_NUMBER}) ?分?\Z")
_DEDUCTS = re.compile(
    rf"(?:每[^ ，,；;（）()扣]{{1,12}}|[错漏缺][^ ]{{0,8}})?(?:最多)?扣 ?(?:{_NUMBER}) ?分?"
)
_DASH = re.compile(r"(?<=[㐀-鿿])\s*[-—–/／_|+]+\s*(?=[㐀-鿿]|\Z)")
"""What divides a name and a unit where nothing else does: 张三-一班."""
_PART = re.compile(r"[一二三四五六七八九十]{1,3}[、.．]|[（(][一二三四五六七八九十]{1,3}[)）]")


def fault_points(rule: str) -> Decimal | None:
    """The points taken off for each fault, where a rule counts faults: 每次扣 2."""
    counted = _FAULTS.search(_plain(rule))
    return None if counted is None else Decimal(counted["off"] or counted["each"])


def whole_steps(rule: str) -> tuple[Decimal, Decimal] | None:
    """The lowest and the highest points of a rule such as 0 到 5."""
    steps = _RANGE_AT_END.search(_plain(rule))
    return None if steps is None else (Decimal(steps["low"]), Decimal(steps["high"]))


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split())


def typed_lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines of a text that hold something, each with its number."""
    for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
        tidy = _BLANK_CELL.sub(" ", line.lstrip("\ufeff")).strip(" ")
        if tidy.strip():
            yield number, tidy


def cells_of(line: str) -> list[str]:
    """The cells of a line: between tabs, or where there are none between blanks."""
    words = line.split("\t") if "\t" in line else line.split()
    return [word.strip() for word in words]


def name_column(heads: list[str]) -> int | None:
    """Where the names stand if a line's cells are headings; None for a line of a person."""
    for place, head in enumerate(heads):
        rest = heads[:place] + heads[place + 1 :]
        # A word that ends like a heading is a unit's name too: 机修车间.
        known = all(reduced(other) in PEOPLE.known for other in rest if other)
        if PEOPLE.field_of(head)[1] == "name" and (place == 0 or known or "名" in head):
            return place
        if rest and known and _OF_NAMES.search(head):
            return place
    return None


def people_head(lines: Sequence[tuple[int, str]]) -> int | None:
    """Which of the lines is a head of people; None where none is."""
    return next(
        (
            place
            for place, (_number, line) in enumerate(lines[:_TABLE_LOOKED_AT])
            # Far below stands the head of a table, pasted with its titles, and no heading alone.
            if (place < HEADS_LOOKED_AT or "\t" in line.strip())
            and name_column(cells_of(line)) is not None
        ),
        None,
    )


def _has_words(text: str) -> bool:
    return bool(text) and _LIKE_POINTS.fullmatch(_plain(text)) is None


def _is_sum(line: str) -> bool:
    first = same_name_key(line.lstrip("\t").split("\t")[0])
    bare = re.sub(r"[(（][^()（）]*[)）]", "", line)
    return says_sum(bare) or says_sum(first) or _COUNTED.match(first.strip("()")) is not None


def _not_a_row(line: str, *, top: bool) -> Message | None:
    """Say why a line is neither a person nor an item; None for one that may be.

    At the `top` it may be a title.
    """
    first = line.strip("\t ").split("\t")[0]
    if _is_sum(line):
        return msg("合计")
    if says_note(first) or says_signature(first):
        return msg("注或签名")
    is_title = top and len(line) >= _LEAST_TITLE and _TITLE.fullmatch(line) is not None
    return msg("标题") if is_title else None


@dataclass(slots=True)
class _Line:
    """A line on its way: its values, and what is asked of it by column."""

    number: int
    values: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[str, str, str, Message]] = field(default_factory=list)

    def ask(self, letters: str, key: str, written: str, why: Message) -> None:
        """Note a doubt, or a proposal where the value stands too."""
        self.asked.append((letters, key, written, why))


class _Lines:
    """What reading people and items have in common."""

    kind = ""

    def __init__(self, lines: Sequence[tuple[int, str]], sheet: str) -> None:
        self.lines, self.name = lines, sheet
        self.reading = Reading(self.kind)
        self.serials = self._serials()
        """Numbers of the lines that begin with a running number of their own."""

    def _serials(self) -> Collection[int]:
        firsts = [
            (number, line.split("\t")[0].strip())
            for number, line in self.lines
            if "\t" in line and not _is_sum(line)
        ]
        numbered = [
            (number, int(first)) for number, first in firsts if re.fullmatch(r"\d{1,3}", first)
        ]
        runs = [count for _number, count in numbered] == list(range(1, len(numbered) + 1))
        return {number for number, _count in numbered} if runs else set()

    def _cells(self, number: int, line: str) -> list[tuple[str, str]]:
        """The cells of a line with tabs, each with its letter, without a running number."""
        row = [(chr(65 + place), it.strip()) for place, it in enumerate(line.split("\t")[:26])]
        if number in self.serials:
            self._tell(number, msg("序号“%(text)s”没有读", text=row[0][1]))
            row = row[1:]
        return [(letters, text) for letters, text in row if text]

    def _tell(self, number: int, why: Message) -> None:
        self.reading.remarks.append(RowTold(self.name, number, why))

    def _why_left_out(self, text: str, place: int) -> Message | None:
        return _not_a_row(text, top=place < _TITLES and not self.reading.rows)

    def _keep(self, line: _Line, role: str | None) -> None:
        self.reading.rows.append(ReadRow(self.name, line.number, line.values, role))
        for letters, key, written, why in line.asked:
            self.reading.ask(self.name, line.number, letters, key, written, why)

    def _end(self) -> Reading:
        rows = len(self.reading.rows)
        why = None if rows else msg("一行也没有")
        self.reading.sheets.append(SheetUse(self.name, rows, why))
        return self.reading


class PeopleLines(_Lines):
    """A person a line."""

    kind = "people"

    def __init__(self, lines: Sequence[tuple[int, str]], sheet: str, units: Sequence[str]) -> None:
        super().__init__(lines, sheet)
        self.units = {same_name_key(unit) for unit in units}
        self.count = 0
        """The running number before the name of the last line that had one."""

    def read(self) -> Reading:
        """Read every line."""
        before: dict[tuple[str, str], int] = {}
        for place, (number, text) in enumerate(self.lines):
            if (why := self._why_left_out(text, place)) is not None:
                self.reading.leave_out(self.name, number, why)
                continue
            line = _Line(number)
            if "\t" in text:
                self._of_cells(line, text)
            else:
                self._of_words(line, text)
            self._look(line, text)
            key = (line.values.get("name", ""), line.values.get("unit", ""))
            if key[0] and before.setdefault(key, number) != number:
                why = msg("和第 %(line)s 行一样，是两个人的加个字分开", line=before[key])
                line.ask("A", "name", key[0], why)
            self._keep(line, "entrant")
        return self._end()

    def _why_left_out(self, text: str, place: int) -> Message | None:
        if _ABOUT_ONE.match(text.lstrip("\t")):
            return msg("是领队、教练或联系人的一行")
        return super()._why_left_out(text, place)

    def _is_unit(self, text: str) -> bool:
        bare = re.sub(r"[(（][^()（）]*[)）]\Z", "", text)
        return same_name_key(text) in self.units or _OF_UNIT.fullmatch(bare) is not None

    def _of_cells(self, line: _Line, text: str) -> None:
        """Take whole cells: what is known by its look, then the name, then the unit."""
        texts: list[tuple[str, str]] = []
        for letters, cell in self._cells(line.number, text):
            if not self._known(line, letters, cell):
                texts.append((letters, cell))
        if len(texts) > 1 and self._turned(texts[0][1], texts[1][1]):
            texts[:2] = [texts[1], texts[0]]
            why = msg("单位写在姓名前面，倒过来读的")
            line.ask(texts[0][0], "name", texts[0][1], why)
        for key, (letters, cell) in zip(("name", "unit"), texts, strict=False):
            if key == "name":
                self._name(line, letters, cell)
            else:
                line.values["unit"] = cell
        for letters, cell in texts[2:]:
            why = msg("%(column)s 列“%(text)s”没有用上", column=letters, text=cell)
            self._tell(line.number, why)

    def _turned(self, first: str, second: str) -> bool:
        """True if the unit stands before the name."""
        is_name = _HAN_NAME.fullmatch(second) is not None
        return is_name and self._is_unit(first) and not self._is_unit(second)

    def _known(self, line: _Line, letters: str, cell: str) -> bool:
        """Take a cell that is known by its look alone."""
        plain_cell = _plain(cell)
        if _ID.fullmatch(plain_cell):
            self._id_number(line, letters, plain_cell)
        elif _PHONE.fullmatch(plain_cell):
            if "phone" in line.values:
                self._tell(line.number, msg("第二个手机号没有用上"))
            else:
                line.values["phone"] = str(cells.read_phone(plain_cell)[0] or plain_cell)
        elif plain_cell in ("男", "女"):
            line.values["gender"] = plain_cell
        elif re.fullmatch(r"[\d\s\-+.()]{5,}", plain_cell):
            self._tell(
                line.number, msg("%(column)s 列“%(text)s”没有用上", column=letters, text=cell)
            )
        else:
            return False
        return True

    def _id_number(self, line: _Line, letters: str, text: str) -> None:
        try:
            line.values["id_number"] = check_citizen_id(text).number
        except IdentityError as error:
            line.ask(letters, "id_number", text, error.message)

    def _of_words(self, line: _Line, text: str) -> None:
        """Take a line without tabs: the last blank, 、 or ， before a unit separates."""
        text = self._without_serial(text)
        if text.startswith(("姓名:", "姓名：")):
            text = _LABELS.sub(" ", text)
        if paper := _ID.search(text):
            self._id_number(line, "A", paper.group())
            text = f"{text[: paper.start()]} {text[paper.end() :]}"
        for phone in list(_PHONE.finditer(text))[::-1]:
            line.values["phone"] = str(cells.read_phone(phone.group())[0] or phone.group())
            text = f"{text[: phone.start()]} {text[phone.end() :]}"
        if gender := _GENDER.search(text):
            line.values["gender"] = gender[1]
            text = f"{text[: gender.start()]} {text[gender.end() :]}"
        text = " ".join(text.split()).strip(" 、，,;；")
        if not _APART.search(text.rstrip("-—–/／_|+ ")):
            text = " ".join(_DASH.sub(" ", text).split())
        name, unit, several = self._parted(text)
        if unit:
            line.values["unit"] = unit
        if several:
            line.ask("A", "unit", unit, msg("后面有几个单位，合在一起读的"))
        self._name(line, "A", name)
        if not unit and " " in name:
            why = msg("整行当作姓名。后面是单位的，用制表符分开，或写在单位一格")
            line.ask("A", "name", line.values.get("name", name), why)

    def _without_serial(self, text: str) -> str:
        """A line without its number: 3. 张三, or after a third line 4 张三."""
        serial = _SERIAL.match(text) or _BARE_SERIAL.match(text)
        if serial is None:
            return text
        number = int("".join(re.findall("[0-9]", serial[0])))
        if serial.re is _BARE_SERIAL and number != self.count + 1:
            return text
        self.count = number
        return text[serial.end() :]

    def _parted(self, text: str) -> tuple[str, str, bool]:
        """The name, the unit after it, and whether words before it are units too."""
        places = [match.start() for match in _APART.finditer(text)]
        unit, name, several = "", text, False
        for place in reversed(places):
            word = name[place + 1 :].strip(" 、，,")
            before = name[:place].rstrip(" 、，,")
            if not word or not before or not self._is_unit(word):
                break
            several = bool(unit)
            unit = f"{word} {unit}".strip()
            name = before
        return name, unit, several

    def _name(self, line: _Line, letters: str, text: str) -> None:
        value, why = cells.read_name(text)
        if value:
            # Two single characters are one name set wide: 王　芳. Longer parts stay apart.
            parts = text.split()
            wide = len(parts) == 2 and all(len(part) == 1 for part in parts)
            line.values["name"] = str(value) if wide or len(parts) < 2 else " ".join(parts)
        if why is not None:
            line.ask(letters, "name", text, why)

    def _look(self, line: _Line, text: str) -> None:
        name = line.values.get("name")
        if name is None:
            if not any(key == "name" for _letters, key, _written, _why in line.asked):
                line.ask("A", "name", text.replace("\t", " "), msg("没有姓名"))
            return
        asked = any(key == "name" for _letters, key, _written, _why in line.asked)
        if not asked and (why := odd_name(name)) is not None:
            line.ask("A", "name", name, why)
        elif not asked and "unit" not in line.values and self._is_unit(name):
            line.ask("A", "name", name, msg("像是单位，不是姓名"))


_HEADINGS = {
    "name": "姓名",
    "unit": "单位",
    "phone": "手机号",
    "id_number": "身份证号",
    "gender": "性别",
}
_NO_HEAD = msg("没有表头，从第一行起一行一个人：姓名、单位、手机号、身份证号照写的认")


def people_of_lines(text: str, name: str, units: Sequence[str] = ()) -> FoundSheet | None:
    """A sheet of people who were typed a line each, without a head; None for any other text.

    Each line is the row of its number, with a column for each field; that there was no head is
    asked once.
    """
    lines = dict(typed_lines(text))
    typed = PeopleLines([*lines.items()], name, units)
    reading, numbered = typed.read(), {*typed.serials}
    cells_by_row = {row.row: dict(row.values) for row in reading.rows}
    sure = [it for it in cells_by_row.values() if _is_person(it)]
    if not sure or len(sure) * 10 < 8 * len(cells_by_row) or _has_head([*lines.items()]):
        return None
    doubts: list[tuple[int, str, Message]] = []
    for it in reading.asked:
        if it.field == "id_number":
            # A wrong number stands in its cell, and is asked about there.
            cells_by_row[it.row].setdefault("id_number", it.found)
        elif it.field != "name" or cells.read_name(it.found)[1] is None:
            doubts.append((it.row, it.found, it.why))
    for remark in reading.remarks:
        if remark.row in numbered:
            # The first of them is that its running number is none of its fields.
            numbered.discard(remark.row)
        else:
            doubts.append((remark.row, lines[remark.row], remark.why))
    keys = [key for key in _HEADINGS if any(key in it for it in cells_by_row.values())]
    rows: list[list[Cell]] = [[] for _row in range(max(lines))]
    for row, line in lines.items():
        values = cells_by_row.get(row)
        rows[row - 1] = [line] if values is None else [str(values.get(key, "")) for key in keys]
    grid = Grid(OpenedSheet(name, rows, SheetScan()))
    headings = {place: Heading(_HEADINGS[key]) for place, key in enumerate(keys)}
    first = min(cells_by_row)
    table = FoundTable(grid, first, headings, first, rows=[*cells_by_row], typed=True)
    table.left_out = [(it.row, it.why) for it in reading.left_out]
    return FoundSheet(grid, [table], doubts=[(first, lines[first], _NO_HEAD), *doubts])


def _has_head(lines: Sequence[tuple[int, str]]) -> bool:
    """True if one of the lines is a head, or has a heading of people among its first."""
    words = [word for _number, line in lines[:HEADS_LOOKED_AT] for word in cells_of(line)]
    return people_head(lines) is not None or any(reduced(it) in PEOPLE.known for it in words)


def _is_person(values: Mapping[str, object]) -> bool:
    """True if a line surely is of a person: with a name, and something that people have."""
    name = values.get("name")
    return (
        isinstance(name, str)
        and cells.read_name(name)[1] is None
        and odd_name(name) is None
        and bool({"unit", "phone", "id_number"} & values.keys())
    )


class ItemLines(_Lines):
    """An item a line."""

    kind = "scheme"

    def read(self) -> Reading:
        """Read every line, and hold the sum that is written against the items."""
        before: dict[str, int] = {}
        sums: list[tuple[int, str]] = []
        for place, (number, text) in enumerate(self.lines):
            if (why := self._why_left_out(text, place)) is not None:
                self.reading.leave_out(self.name, number, why)
                if _is_sum(text) and (points := re.findall(_NUMBER, _plain(text))):
                    sums.append((number, points[-1]))
                continue
            line = _Line(number)
            if "\t" in text:
                self._of_cells(line, text)
            else:
                self._of_words(line, text)
            line.values.setdefault("type", "score")
            name = line.values.get("name", "")
            if not name:
                line.ask("A", "name", text.replace("\t", " "), msg("没有要点，只有分数"))
            elif before.setdefault(name, number) != number:
                why = msg("和第 %(line)s 行同名，改一个", line=before[name])
                line.ask("A", "name", name, why)
            self._keep(line, None)
        self._leave_out_parts()
        self._sum_up(sums)
        return self._end()

    def _leave_out_parts(self) -> None:
        """Leave out 一、接线（40分） above items that come to its points; ask where they do not."""
        lines = dict(self.lines)
        parts = [it.row for it in self.reading.rows if _PART.match(lines[it.row])]
        for at, first in enumerate(parts):
            last = parts[at + 1] if at + 1 < len(parts) else max(lines) + 1
            part = next(it for it in self.reading.rows if it.row == first)
            below = [it for it in self.reading.rows if first < it.row < last]
            points = part.values.get("max")
            if not below or points is None:
                continue
            total = sum((Decimal(str(it.values.get("max", 0))) for it in below), Decimal(0))
            if total == Decimal(str(points)):
                self.reading.rows.remove(part)
                self.reading.leave_out(self.name, first, SUM_BELOW)
            else:
                why = msg("是下面几行的合计，还是单独的一项")
                self.reading.ask(self.name, first, "A", "max", str(points), why)

    def _sum_up(self, sums: Sequence[tuple[int, str]]) -> None:
        most = [Decimal(row.values["max"]) for row in self.reading.rows if "max" in row.values]
        total = sum(most, Decimal(0))
        self.reading.total = plain(total)
        if not sums:
            return
        number, written = sums[-1]
        self.reading.said = plain(Decimal(written))
        if len(most) == len(self.reading.rows) and Decimal(written) != total:
            why = msg("写的合计是 %(said)s，加起来是 %(total)s", said=written, total=plain(total))
            self.reading.ask(self.name, number, "A", "max", written, why)

    def _of_cells(self, line: _Line, text: str) -> None:
        row = self._cells(line.number, text)
        numbers = [(at, cell) for at, cell in row if _LIKE_POINTS.fullmatch(_plain(cell))]
        texts = [(at, cell) for at, cell in row if (at, cell) not in numbers]
        if len(texts) == 1 and not numbers:
            self._of_words(line, texts[0][1])
            return
        for _at, cell in texts[1:]:
            before = line.values.get("rule")
            line.values["rule"] = f"{before}；{cell}" if before else cell
        if texts:
            line.values["name"] = self._without_rule(line, " ".join(texts[0][1].split()))
        self._type(line)
        if len(numbers) == 1:
            self._points(line, *numbers[0])
            return
        for at, cell in numbers:
            line.ask(at, "max", cell, msg("有两格数，配分是哪一个"))
        if not numbers:
            line.ask("A", "max", text.replace("\t", " "), msg("这一项配多少分"))

    def _of_words(self, line: _Line, text: str) -> None:
        text = _UNIT_APART.sub("分", " ".join(text.split()))
        if serial := _SERIAL.match(text):
            text = text[serial.end() :]
        rest = self._without_rule(line, text)
        self._type(line)
        folded = unicodedata.normalize("NFKC", rest)
        # Widths and signs are folded one for one but for a few; where not, the text stays.
        if len(folded) != len(rest):
            folded = rest
        head, _blank, last = rest.rpartition(" ")
        folded_last = folded[len(rest) - len(last) :]
        for pattern in (_BRACKET_AT_END, _ATTACHED):
            if not _LIKE_POINTS.fullmatch(folded_last) and (match := pattern.fullmatch(folded)):
                at = match.start("points" if match["points"] else "value")
                head, last = rest[:at], rest[at:]
                folded_last = folded[at:]
        if not (_LIKE_POINTS.fullmatch(folded_last) or _POINTS.fullmatch(folded_last)):
            line.values["name"] = rest
            line.ask("A", "max", text, msg("这一项配多少分"))
            return
        line.values["name"] = head.strip().rstrip(":：、，,= ")
        if not line.values["name"]:
            del line.values["name"]
        self._points(line, "A", last)

    def _without_rule(self, line: _Line, text: str) -> str:
        """Take a rule out of a text: 每次扣 2, or a range at its end or before its points."""
        for within in _IN_BRACKETS.finditer(text):
            rest = " ".join(f"{text[: within.start()]} {text[within.end() :]}".split())
            rule = within[1].strip()
            if (_FAULTS.search(rule) or _DEDUCTS.search(rule)) and _has_words(rest):
                line.values["rule"] = rule
                return rest
        for pattern in (_FAULTS, _DEDUCTS):
            if match := pattern.search(text):
                rest = " ".join(f"{text[: match.start()]} {text[match.end() :]}".split())
                if not _has_words(rest):
                    continue
                line.values["rule"] = match.group().strip()
                return rest
        if (steps := _RANGE_AT_END.search(text)) and steps.start():
            before = text[: steps.start()]
            if before.endswith(" ") or steps.group()[-1] != "-":
                line.values["rule"] = steps.group().strip()
                return before.strip()
        for steps in _RANGE.finditer(text):
            after = text[steps.end() :].strip()
            if Decimal(steps["low"]) <= 1 and _POINTS.fullmatch(_plain(after)):
                line.values["rule"] = steps.group().strip()
                return f"{text[: steps.start()].strip()} {after}"
        return text

    def _type(self, line: _Line) -> None:
        counted = fault_points(line.values.get("rule", ""))
        line.values["type"] = "deduction" if counted is not None else "score"

    def _points(self, line: _Line, letters: str, text: str) -> None:
        match = _POINTS.fullmatch(_plain(text))
        if match is None or Decimal(match["most"]) <= 0:
            line.ask(letters, "max", text, msg("配分要大于 0，不带正负号"))
            return
        line.values["max"] = plain(Decimal(match["most"]))
