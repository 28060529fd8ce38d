"""One registered person's fields as typed, under the same checks as a row of the workbook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from compete.domain.values.messages import Message
from compete.sheets.registration.cells import RowCheck
from compete.sheets.registration.entry_cells import Entry, Events, read_entry
from compete.sheets.registration.identity_cells import Person, read_person
from compete.sheets.registration.people import RegistrationOffer
from compete.sheets.registration.table import RawRow, RawSheet


@dataclass(frozen=True, slots=True)
class CheckedFields:
    """What was typed, read; `problems` has by column what is wrong there, the first of each."""

    person: Person
    entry: Entry
    problems: Mapping[str, Message]


def check_fields(
    typed: Mapping[str, str], offer: RegistrationOffer, *, today: date
) -> CheckedFields:
    """Read fields by the keys of the workbook's columns; a field left empty says nothing."""
    cells = {key: text for key, text in typed.items() if text.strip() and key not in offer.left_out}
    check = RowCheck(RawSheet("", ()), RawRow(0, cells))
    person = read_person(check, today)
    entry = read_entry(check, Events(offer), today)
    problems: dict[str, Message] = {}
    for problem in check.problems:
        problems.setdefault(problem.column, problem.what)
    return CheckedFields(person, entry, problems)
