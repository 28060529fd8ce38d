"""Who takes part: workbooks previewed and written, people found, badges printed."""

from compete.services.registration.badges import (
    is_replaced_badge,
    new_badge,
    print_badge,
    print_badges,
    replace_badge,
)
from compete.services.registration.finding import (
    entrant_by_code,
    entrant_on_sheets,
    entrants_by_code,
    names_by_number,
)
from compete.services.registration.identity import correct_identity
from compete.services.registration.officials import ADDED_ROLES, LONGEST_NAME, add_official
from compete.services.registration.people import find_entrants
from compete.services.registration.people_seals import check_people, seal_people
from compete.services.registration.pinyin import name_key
from compete.services.registration.preview import (
    check_registration_open,
    discard_upload,
    find_batch,
    keep_upload,
    offer_of,
    plan_mark,
    plan_of,
)
from compete.services.registration.printed_forms import FORM_TITLES, print_people_form
from compete.services.registration.writing import write_plan

__all__ = [
    "ADDED_ROLES",
    "FORM_TITLES",
    "LONGEST_NAME",
    "add_official",
    "check_people",
    "check_registration_open",
    "correct_identity",
    "discard_upload",
    "entrant_by_code",
    "entrant_on_sheets",
    "entrants_by_code",
    "find_batch",
    "find_entrants",
    "is_replaced_badge",
    "keep_upload",
    "name_key",
    "names_by_number",
    "new_badge",
    "offer_of",
    "plan_mark",
    "plan_of",
    "print_badge",
    "print_badges",
    "print_people_form",
    "replace_badge",
    "seal_people",
    "write_plan",
]
