"""The units of a competition: their list by hand, one step of it back, the links of contacts."""

from compete.services.units.links import (
    UnitLink,
    cancel_link,
    hand_out_links,
    links_of,
    make_link,
    print_unit_links,
    show_link,
)
from compete.services.units.listing import (
    LONGEST_UNIT,
    UNIT_ROWS,
    UnitLine,
    add_units,
    labour_groups,
    plan_units,
    read_unit_names,
    remove_unit,
    rename_unit,
    unit_lines,
)
from compete.services.units.taken_back import last_units_change, undo_units

__all__ = [
    "LONGEST_UNIT",
    "UNIT_ROWS",
    "UnitLine",
    "UnitLink",
    "add_units",
    "cancel_link",
    "hand_out_links",
    "labour_groups",
    "last_units_change",
    "links_of",
    "make_link",
    "plan_units",
    "print_unit_links",
    "read_unit_names",
    "remove_unit",
    "rename_unit",
    "show_link",
    "undo_units",
    "unit_lines",
]
