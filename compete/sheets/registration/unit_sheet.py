"""The sheet of units that are to be made: each row checked, parents found, loops refused."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from compete.domain.identity.credit_code import check_credit_code
from compete.domain.identity.errors import IdentityError
from compete.domain.values.messages import msg
from compete.sheets.registration.cells import NOTHING, RowCheck
from compete.sheets.registration.choices import Choices, not_known
from compete.sheets.registration.plan import UnitProblem
from compete.sheets.registration.table import RawRow, RawSheet
from compete.sheets.texts import same_name_key

_CODE = re.compile(r"[\w.\-]+")


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
    """What the sheet comes to, by the key of the unit's name."""

    listed: dict[str, ListedUnit] = field(default_factory=dict)
    refused: dict[str, int] = field(default_factory=dict)
    """Names with a row that cannot be used, and that row's number."""
    known: int = 0
    """Rows naming units that exist; nothing happens to those."""
    problems: list[UnitProblem] = field(default_factory=list)


def read_unit_sheet(sheet: RawSheet | None, known: Choices) -> UnitSheet:
    """Check every row; `known` finds the units that exist."""
    found = UnitSheet()
    for row in sheet.rows if sheet else ():
        assert sheet is not None
        check = RowCheck(sheet, row)
        name = check.required("unit_name")
        if name and known.find(name) is not None:
            found.known += 1
            continue
        unit = _checked(check, name, known, found)
        if unit is None or check.problems:
            _refuse(found, check, name)
        else:
            found.listed[same_name_key(unit.name)] = unit
    if sheet:
        _check_parents(sheet, found, known)
    return found


def _checked(
    check: RowCheck, name: str | None, known: Choices, found: UnitSheet
) -> ListedUnit | None:
    code = check.choice("unit_code") or ""
    taken = known.find(code) is not None or any(u.code == code for u in found.listed.values())
    if code and not _CODE.fullmatch(code):
        check.problem("unit_code", msg("编号只用字母、数字和 -，现在是“%(found)s”", found=code))
    elif code and taken:
        check.problem("unit_code", msg("%(code)s 已经是别的单位的编号", code=code))
    credit = _credit_code(check)
    parent = check.text("parent")
    if name is None:
        return None
    earlier = found.listed.get(same_name_key(name))
    if earlier:
        check.problem("unit_name", msg("和第 %(row)s 行重了", row=earlier.row.number))
        return None
    return ListedUnit(check.row, name, code, credit, None if parent in NOTHING else parent)


def _credit_code(check: RowCheck) -> str | None:
    value = check.values.get("credit_code")
    if isinstance(value, float):
        check.problem("credit_code", msg("被存成数字。请设为文本再填"))
        return None
    text = check.choice("credit_code")
    if text is None or text in NOTHING:
        return None
    try:
        return check_credit_code(text)
    except IdentityError as error:
        check.problem("credit_code", error.message)
        return None


def _check_parents(sheet: RawSheet, found: UnitSheet, known: Choices) -> None:
    """A parent must exist or be listed, and no unit may stand above itself.

    What stood below a refused unit must be looked at again, so this goes on
    until a pass refuses nothing.
    """
    refused = True
    while refused:
        refused = False
        for key, unit in list(found.listed.items()):
            check = RowCheck(sheet, unit.row)
            _check_parent(check, key, unit, found, known)
            if check.problems:
                del found.listed[key]
                _refuse(found, check, unit.name)
                refused = True


def _check_parent(
    check: RowCheck, key: str, unit: ListedUnit, found: UnitSheet, known: Choices
) -> None:
    if unit.parent is None or known.find(unit.parent) is not None:
        return
    if same_name_key(unit.parent) not in found.listed:
        check.problem("parent", not_known(unit.parent, known.guess(unit.parent)))
    elif _is_above_itself(key, found):
        check.problem("parent", msg("上级单位绕成了圈"))


def _is_above_itself(key: str, found: UnitSheet) -> bool:
    seen = {key}
    unit = found.listed.get(key)
    while unit and unit.parent:
        above = same_name_key(unit.parent)
        if above in seen:
            return True
        seen.add(above)
        unit = found.listed.get(above)
    return False


def _refuse(found: UnitSheet, check: RowCheck, name: str | None) -> None:
    number = check.row.number
    found.problems.extend(UnitProblem(number, problem) for problem in check.problems)
    if name and same_name_key(name) not in found.listed:
        found.refused.setdefault(same_name_key(name), number)
