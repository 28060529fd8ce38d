"""What names in rows stand for: choices and codes; units and teams known, listed or made anew."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher

from compete.domain.identity.names import same_name_key
from compete.domain.values.messages import Message, listed, msg
from compete.sheets.registration.cells import RowCheck
from compete.sheets.registration.columns import UNITS_BY_KEY
from compete.sheets.registration.entry_cells import read_code, read_credit_code, read_text
from compete.sheets.registration.people import OfferedTeam, RegistrationOffer
from compete.sheets.registration.plan import NewUnit, UnitProblem
from compete.sheets.registration.table import RawRow, RawSheet

_CLOSE = 0.6
"""The least likeness of two names to ask 是不是, from 0 to 1."""
_COMPARED = 8
"""Names compared in full for one guess."""
_GUESSES = 300
"""Different unknown names that get a guess; a file of strangers must not cost minutes."""


class Choices:
    """Names and codes of things that can be chosen."""

    def __init__(self, named: Iterable[tuple[str, str]] = ()) -> None:
        """Take the code and name of each from `named`."""
        self._codes: dict[str, str] = {}
        self._names: list[str] = []
        self._with_character: dict[str, list[int]] = defaultdict(list)
        self._guesses: dict[str, str | None] = {}
        for code, name in named:
            self.add(code, name)

    def add(self, code: str, name: str) -> None:
        """Add one; a name or code that is there already keeps its meaning."""
        self._codes.setdefault(same_name_key(name), code)
        self._codes.setdefault(same_name_key(code), code)
        for character in set(same_name_key(name)):
            self._with_character[character].append(len(self._names))
        self._names.append(name)

    def find(self, text: str) -> str | None:
        """The code of what has this name or code, widths and blanks aside."""
        return self._codes.get(same_name_key(text))

    def guess(self, text: str) -> str | None:
        """The known name most like this one, or none that is near."""
        key = same_name_key(text)
        if key not in self._guesses:
            if len(self._guesses) >= _GUESSES:
                return None
            self._guesses[key] = self._nearest(key)
        return self._guesses[key]

    def part_of(self, text: str) -> str | None:
        """The only known name that a text contains."""
        key = same_name_key(text)
        named = [name for name in self._names if same_name_key(name) in key]
        return named[0] if len(named) == 1 else None

    def _nearest(self, key: str) -> str | None:
        shared: Counter[int] = Counter()
        for character in set(key):
            shared.update(self._with_character.get(character, ()))
        # Long names share many characters by chance; the share of the longer one counts.
        likely = sorted(
            shared.items(),
            key=lambda item: (-item[1] / max(len(self._names[item[0]]), len(key)), item[0]),
        )
        best, nearest = _CLOSE, None
        for place, _ in likely[:_COMPARED]:
            name = self._names[place]
            alike = SequenceMatcher(None, key, same_name_key(name), autojunk=False).ratio()
            if alike > best:
                best, nearest = alike, name
        return nearest


def unknown_name_message(text: str, guess: str | None) -> Message:
    """Say that there is no such name; with the nearest one there is."""
    if guess is None:
        return msg("没有“%(found)s”", found=text)
    return msg("没有“%(found)s”。是不是“%(guess)s”？", found=text, guess=guess)


_NUMBERED = re.compile(r"(.*?)([0-9]{1,9})", re.DOTALL)


class CodeMaker:
    """A maker of codes in order; the same codes taken and the same calls give the same codes."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = set(taken)
        self._last: dict[str, tuple[int, int]] = {}
        for code in self._taken:
            match = _NUMBERED.fullmatch(code)
            if match:
                prefix, digits = match.groups()
                number, width = self._last.get(prefix, (0, 0))
                self._last[prefix] = (max(number, int(digits)), max(width, len(digits)))

    def next(self, prefix: str, width: int) -> str:
        """The number after the highest in use under this prefix.

        It has as many digits as the longest in use, `width` where there is none.
        """
        number, used_width = self._last.get(prefix, (0, width))
        while True:
            number += 1
            code = f"{prefix}{number:0{used_width}d}"
            if code not in self._taken:
                break
        self._last[prefix] = (number, used_width)
        self._taken.add(code)
        return code


CODE_WIDTH = 3
"""Digits of the number of an entrant, where no longer one is in use."""
_UNIT_PREFIX, _TEAM_PREFIX, _WIDTH = "U", "T", 2


@dataclass(frozen=True, slots=True)
class ListedUnit:
    """A row that can be used; `code` is empty where one is to be given, `parent` is a name."""

    row: RawRow
    name: str
    code: str
    credit_code: str | None
    parent: str | None


@dataclass(slots=True)
class UnitSheet:
    """The units of a sheet, by the key of the unit's name."""

    listed: dict[str, ListedUnit] = field(default_factory=dict)
    refused: dict[str, int] = field(default_factory=dict)
    """Names with a row that cannot be used, and that row's number."""
    known: int = 0
    """Rows naming units that exist; nothing happens to those."""
    problems: list[UnitProblem] = field(default_factory=list)


def _read_unit_sheet(sheet: RawSheet | None, known: Choices) -> UnitSheet:
    """Check every row; `known` finds the units that exist."""
    unit_sheet = UnitSheet()
    for row in sheet.rows if sheet else ():
        assert sheet is not None
        check = RowCheck(sheet, row, UNITS_BY_KEY)
        name = check.required("unit_name")
        if name and known.find(name) is not None:
            unit_sheet.known += 1
            continue
        unit = _checked(check, name, known, unit_sheet)
        if unit is None or check.problems:
            _refuse(unit_sheet, check, name)
        else:
            unit_sheet.listed[same_name_key(unit.name)] = unit
    if sheet:
        _check_parents(sheet, unit_sheet, known)
    return unit_sheet


def _checked(
    check: RowCheck, name: str | None, known: Choices, unit_sheet: UnitSheet
) -> ListedUnit | None:
    code = read_code(check, "unit_code") or ""
    taken = known.find(code) is not None or any(u.code == code for u in unit_sheet.listed.values())
    if code and taken:
        check.problem("unit_code", msg("%(code)s 已经是别的单位的编号", code=code))
    credit, parent = read_credit_code(check, "credit_code"), read_text(check, "parent")
    if name is None:
        return None
    earlier = unit_sheet.listed.get(same_name_key(name))
    if earlier:
        check.problem("unit_name", msg("和第 %(row)s 行重了", row=earlier.row.number))
        return None
    return ListedUnit(check.row, name, code, credit, parent)


def _check_parents(sheet: RawSheet, unit_sheet: UnitSheet, known: Choices) -> None:
    """Check that a parent exists or is listed, and that no unit stands above itself.

    What stood below a refused unit must be looked at again, so this goes on
    until a pass refuses nothing.
    """
    refused = True
    while refused:
        refused = False
        for key, unit in list(unit_sheet.listed.items()):
            check = RowCheck(sheet, unit.row, UNITS_BY_KEY)
            _check_parent(check, key, unit, unit_sheet, known)
            if check.problems:
                del unit_sheet.listed[key]
                _refuse(unit_sheet, check, unit.name)
                refused = True


def _check_parent(
    check: RowCheck, key: str, unit: ListedUnit, unit_sheet: UnitSheet, known: Choices
) -> None:
    if unit.parent is None or known.find(unit.parent) is not None:
        return
    if same_name_key(unit.parent) not in unit_sheet.listed:
        check.problem("parent", unknown_name_message(unit.parent, known.guess(unit.parent)))
    elif _is_above_itself(key, unit_sheet):
        check.problem("parent", msg("上级单位绕成了圈"))


def _is_above_itself(key: str, unit_sheet: UnitSheet) -> bool:
    seen = {key}
    unit = unit_sheet.listed.get(key)
    while unit and unit.parent:
        above = same_name_key(unit.parent)
        if above in seen:
            return True
        seen.add(above)
        unit = unit_sheet.listed.get(above)
    return False


def _refuse(unit_sheet: UnitSheet, check: RowCheck, name: str | None) -> None:
    number = check.row.number
    unit_sheet.problems.extend(UnitProblem(number, problem) for problem in check.problems)
    if name and same_name_key(name) not in unit_sheet.listed:
        unit_sheet.refused.setdefault(same_name_key(name), number)


class Units:
    """Checks and finds units by what a row says; listed ones are made at once."""

    def __init__(self, offer: RegistrationOffer, sheet: RawSheet | None) -> None:
        self._choices = Choices((unit.code, unit.name) for unit in offer.units)
        self.names = {unit.code: unit.name for unit in offer.units}
        self._closed = not offer.new_units
        self.new: dict[str, NewUnit] = {}
        self.sheet = _read_unit_sheet(sheet, self._choices)
        listed = list(self.sheet.listed.values())
        self._codes = CodeMaker([*self.names, *(unit.code for unit in listed if unit.code)])
        made = [
            self._make(NewUnit(unit.code, unit.name, unit.credit_code, None, unit.row.number))
            for unit in listed
        ]
        for unit, source in zip(made, listed, strict=True):
            if source.parent:
                parent = self._choices.find(source.parent)
                self.new[unit.code] = replace(unit, parent=parent)

    def check(self, check: RowCheck, text: str) -> None:
        """Note a problem if the row cannot belong to the unit it names."""
        if self._choices.find(text) is not None:
            return
        row = self.sheet.refused.get(same_name_key(text))
        if row is not None:
            check.problem("unit", msg("“单位”页第 %(row)s 行有错，先改那里", row=row))
            return
        guess = self._choices.guess(text)
        if guess:
            check.problem("unit", unknown_name_message(text, guess), best=guess)
        elif self._closed:
            own = listed(self.names.values())
            check.problem(
                "unit", msg("写的是“%(found)s”，这里只能报“%(unit)s”的人", found=text, unit=own)
            )
        else:
            check.problem("unit", msg("名单里没有“%(found)s”", found=text))

    def code(self, text: str) -> str:
        """The code of a unit that passed `check`."""
        code = self._choices.find(text)
        assert code is not None
        return code

    def name(self, text: str) -> str:
        """The name as it is kept, or as written where nothing is kept yet."""
        code = self._choices.find(text)
        return self.names[code] if code else text

    def _make(self, unit: NewUnit) -> NewUnit:
        if not unit.code:
            unit = replace(unit, code=self._codes.next(_UNIT_PREFIX, _WIDTH))
        self.new[unit.code] = unit
        self.names[unit.code] = unit.name
        self._choices.add(unit.code, unit.name)
        return unit


class Teams:
    """Finds teams by event and name. Where two units use one name, the unit decides."""

    def __init__(self, offer: RegistrationOffer) -> None:
        self._by_name: dict[tuple[str, str], list[OfferedTeam]] = {}
        self.names: dict[str, str] = {}
        self._by_code = {team.code: team for team in offer.teams}
        self._by_unit: dict[tuple[str, str], list[OfferedTeam]] = {}
        for team in offer.teams:
            self._keep(team)
        self._codes = CodeMaker(self._by_code)
        self.new: list[OfferedTeam] = []

    def check(self, check: RowCheck, event: str, name: str) -> None:
        """Note that the team would be a new one."""
        if (event, same_name_key(name)) not in self._by_name:
            check.notes.append(msg("“%(team)s”是新代表队，会一起建", team=name))

    def code(self, event: str, unit: str, name: str) -> str:
        """The team's code; make a team that is not there yet."""
        teams = self._by_name.get((event, same_name_key(name)))
        if teams:
            own = [team for team in teams if team.unit == unit]
            return (own or teams)[0].code
        team = OfferedTeam(self._codes.next(_TEAM_PREFIX, _WIDTH), name, event, unit)
        self.new.append(team)
        self._keep(team)
        return team.code

    def follows_unit(self, team: str | None, event: str, unit: str) -> str | None:
        """The team of somebody of this one after a move to `unit`, nothing being said of teams.

        A team of another unit was not tied to the old unit and stays; otherwise it
        becomes the new unit's only team in the event, or none.
        """
        old = self._by_code.get(team or "")
        if old is None:
            return None
        own = self._by_unit.get((event, unit), [])
        return own[0].code if len(own) == 1 else None

    def unit_of(self, team: str | None) -> str | None:
        """The unit of a team, by code."""
        known_team = self._by_code.get(team or "")
        return known_team.unit if known_team else None

    def _keep(self, team: OfferedTeam) -> None:
        self._by_name.setdefault((team.event, same_name_key(team.name)), []).append(team)
        self._by_unit.setdefault((team.event, team.unit), []).append(team)
        self._by_code[team.code] = team
        self.names[team.code] = team.name
