"""The hidden sheet that feeds the drop-downs, and the drop-downs.

A list written into the drop-down itself may have 255 characters at most; a
range of cells has no such limit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from compete.domain.entry_fields import EDUCATION_WORDS
from compete.domain.identity.papers import Paper, paper_name
from compete.domain.values.messages import msg
from compete.domain.values.roles import CREW_ROLE_WORDS
from compete.sheets.registration.columns import LISTS_SHEET, PEOPLE_BY_KEY, Column
from compete.sheets.registration.entry_cells import CONSENT_WORDS, GROUP_WORDS
from compete.sheets.registration.identity_cells import GENDER_WORDS
from compete.sheets.registration.people import ALL_GROUPS, RegistrationOffer
from compete.sheets.workbook.writing import put_text

LAST_ROW = 20_000
"""Drop-downs and hints reach down to here."""

_OPEN = frozenset({"unit", "team"})
"""Lists one may write something new beside."""


def choices(offer: RegistrationOffer) -> dict[str, Sequence[str]]:
    """The words of each drop-down by column key; empty lists are left out."""
    groups = [group for group in ALL_GROUPS if any(group in e.groups for e in offer.events)]
    lists: dict[str, Sequence[str]] = {
        "paper": [str(paper_name(paper)) for paper in Paper],
        "unit": [unit.name for unit in offer.units],
        "gender": [str(word) for word in GENDER_WORDS.values()],
        "event": [event.name for event in offer.events],
        "team": list(dict.fromkeys(team.name for team in offer.teams)),
        "group": [str(GROUP_WORDS[group]) for group in groups],
        "grade": ["无", *offer.grade_names],
        "role": [str(word) for word in CREW_ROLE_WORDS.values()],
        "education": [str(word) for word in EDUCATION_WORDS.values()],
        "consent": [str(word) for word in CONSENT_WORDS.values()],
    }
    return {key: words for key, words in lists.items() if words and key not in offer.left_out}


def add_lists_sheet(book: Workbook, lists: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Write the lists into a hidden sheet; gives the range of each by column key."""
    sheet = book.create_sheet(LISTS_SHEET)
    sheet.sheet_state = "hidden"
    ranges = {}
    for place, (key, words) in enumerate(lists.items(), start=1):
        put_text(sheet, 1, place, str(PEOPLE_BY_KEY[key].title))
        for row, word in enumerate(words, start=2):
            put_text(sheet, row, place, word)
        letter = get_column_letter(place)
        ranges[key] = f"'{LISTS_SHEET}'!${letter}$2:${letter}${len(words) + 1}"
    return ranges


def add_drop_down(
    sheet: Worksheet, column: Column, letter: str, first_row: int, source: str | None
) -> None:
    """A drop-down, or for columns without a list only the hint beside the selected cell."""
    if source:
        rule = DataValidation(type="list", formula1=source, allow_blank=True)
        rule.showErrorMessage = True
        rule.errorTitle = str(column.title)
        if column.key in _OPEN:
            rule.errorStyle = "warning"
            rule.error = str(msg("下拉里没有这个名字。是新的就留着，写错了就改"))
        else:
            rule.error = str(msg("从下拉里选一个"))
    else:
        rule = DataValidation(type="textLength", operator="between", formula1="0", formula2="100")
        rule.showErrorMessage = False
    rule.showInputMessage = True
    rule.promptTitle = str(column.title)
    rule.prompt = str(column.hint)
    rule.add(f"{letter}{first_row}:{letter}{LAST_ROW}")
    sheet.add_data_validation(rule)
