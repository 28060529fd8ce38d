"""The catalogue of occupations of the installation."""

from compete.services.occupations.catalogue import (
    OccupationView,
    add_occupation,
    change_occupation,
    close_occupation,
    find_occupation,
    find_occupations,
    plan_occupations,
    reopen_occupation,
    write_occupations,
)
from compete.services.occupations.fields import (
    CONFIDENCE,
    EDITIONS,
    FIELDS,
    FLAGS,
    OCCUPATION_ROWS,
    fields_of,
    is_to_check,
)
from compete.services.occupations.proposing import (
    Proposed,
    is_code_unsure,
    occupation_hints,
    only_code,
    printed_code,
    propose_occupations,
)
from compete.services.occupations.shipped import fill_catalogue

__all__ = [
    "CONFIDENCE",
    "EDITIONS",
    "FIELDS",
    "FLAGS",
    "OCCUPATION_ROWS",
    "OccupationView",
    "Proposed",
    "add_occupation",
    "change_occupation",
    "close_occupation",
    "fields_of",
    "fill_catalogue",
    "find_occupation",
    "find_occupations",
    "is_code_unsure",
    "is_to_check",
    "occupation_hints",
    "only_code",
    "plan_occupations",
    "printed_code",
    "propose_occupations",
    "reopen_occupation",
    "write_occupations",
]
