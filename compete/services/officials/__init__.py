"""Judges and other officials of a competition: entered or taken from the pool, corrected."""

from compete.services.officials.correcting import correct_official
from compete.services.officials.new_officials import (
    add_from_pool,
    add_official,
    checked_official_name,
    new_official,
    people_among_officials,
    roles_to_add,
)

__all__ = [
    "add_from_pool",
    "add_official",
    "checked_official_name",
    "correct_official",
    "new_official",
    "people_among_officials",
    "roles_to_add",
]
