"""Registration by workbook: the template, reading it back, the plan, the refused rows.

A file goes through three steps, each of which can be looked at by itself:
`read_registration` opens it and finds the cells, `plan_registration` says what
every row would do, and whoever holds the database writes what the plan says.
"""

from typing import TYPE_CHECKING

from compete.domain.lazy import loader
from compete.sheets.reading.answers import NOTHING_SAID, Answers, ColumnRead, arrangement
from compete.sheets.registration.correction import CheckedFields, check_fields
from compete.sheets.registration.packed_rows import numbered
from compete.sheets.registration.people import (
    KnownEntrant,
    KnownPeople,
    OfferedEvent,
    OfferedTeam,
    OfferedUnit,
    Registration,
    RegistrationOffer,
    RegistrationRow,
    Tried,
)
from compete.sheets.registration.plan import (
    Change,
    NewTeam,
    NewUnit,
    PlannedRow,
    RegistrationPlan,
    RowProblem,
    RowStatus,
    UnitProblem,
)
from compete.sheets.registration.planning import plan_in_pieces, plan_registration
from compete.sheets.registration.reading import (
    read_registration,
    registration_columns,
    says_registration,
)
from compete.sheets.registration.table import RawRow, RawSheet, RawTable

if TYPE_CHECKING:
    from compete.sheets.registration.refused import write_refused_workbook
    from compete.sheets.registration.template import write_registration_workbook

__all__ = [
    "NOTHING_SAID",
    "Answers",
    "Change",
    "CheckedFields",
    "ColumnRead",
    "KnownEntrant",
    "KnownPeople",
    "NewTeam",
    "NewUnit",
    "OfferedEvent",
    "OfferedTeam",
    "OfferedUnit",
    "PlannedRow",
    "RawRow",
    "RawSheet",
    "RawTable",
    "Registration",
    "RegistrationOffer",
    "RegistrationPlan",
    "RegistrationRow",
    "RowProblem",
    "RowStatus",
    "Tried",
    "UnitProblem",
    "arrangement",
    "check_fields",
    "numbered",
    "plan_in_pieces",
    "plan_registration",
    "read_registration",
    "registration_columns",
    "says_registration",
    "write_refused_workbook",
    "write_registration_workbook",
]

# openpyxl brings numpy and Pillow with it, 20 MB that most processes never need.
__getattr__ = loader(
    __name__,
    {"refused": ("write_refused_workbook",), "template": ("write_registration_workbook",)},
)
