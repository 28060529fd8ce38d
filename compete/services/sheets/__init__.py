"""Sheets as they stand: acts, values, seals, locks in force, absences, blind codes, photos."""

from compete.services.sheets.absences import excused, excused_sheets
from compete.services.sheets.act_rules import (
    MARKING_KINDS,
    OPEN_STATES,
    TIMING_KINDS,
    ActIn,
    OpenSheet,
    act_fault,
    act_value,
    is_sheet_id,
    is_uuid,
    kept_number,
)
from compete.services.sheets.act_seals import (
    SHEET_COLUMNS,
    acts_of,
    check_acts,
    seal_acts,
    seal_rows,
)
from compete.services.sheets.act_table import (
    module_in_force,
    put_act,
    put_sheet,
    put_time,
    sender_of,
    sheet_for_update,
    state_for_update,
    values_of,
)
from compete.services.sheets.blind_codes import (
    draw_blind_codes,
    drawn_codes,
    is_coded,
    may_see_names,
    require_unblinded,
)
from compete.services.sheets.entry_seals import check_entries, seal_entries, seal_entry
from compete.services.sheets.locks_in_force import (
    is_locked,
    locked_sheets,
    must_sign,
    require_judging,
    require_open,
    sessions_of,
    standing_locks,
)
from compete.services.sheets.photo_files import MOST_PHOTO_BYTES, picture_path
from compete.services.sheets.photos import find_photo, keep_photo, photos_of
from compete.services.sheets.totals import aspect_marks, provisional_total
from compete.services.sheets.values import (
    SETTLING_KINDS,
    VALUE_KINDS,
    standing_acts,
    standing_values,
)
from compete.services.sheets.wording import aspect_unit, rule_text, shown_marks, shown_value

__all__ = [
    "MARKING_KINDS",
    "MOST_PHOTO_BYTES",
    "OPEN_STATES",
    "SETTLING_KINDS",
    "SHEET_COLUMNS",
    "TIMING_KINDS",
    "VALUE_KINDS",
    "ActIn",
    "OpenSheet",
    "act_fault",
    "act_value",
    "acts_of",
    "aspect_marks",
    "aspect_unit",
    "check_acts",
    "check_entries",
    "draw_blind_codes",
    "drawn_codes",
    "excused",
    "excused_sheets",
    "find_photo",
    "is_coded",
    "is_locked",
    "is_sheet_id",
    "is_uuid",
    "keep_photo",
    "kept_number",
    "locked_sheets",
    "may_see_names",
    "module_in_force",
    "must_sign",
    "photos_of",
    "picture_path",
    "provisional_total",
    "put_act",
    "put_sheet",
    "put_time",
    "require_judging",
    "require_open",
    "require_unblinded",
    "rule_text",
    "seal_acts",
    "seal_entries",
    "seal_entry",
    "seal_rows",
    "sender_of",
    "sessions_of",
    "sheet_for_update",
    "shown_marks",
    "shown_value",
    "standing_acts",
    "standing_locks",
    "standing_values",
    "state_for_update",
    "values_of",
]
