"""Who takes part: workbooks previewed and written, people found, badges printed."""

from compete.services.registration.badges import new_badge, print_badges
from compete.services.registration.people import PEOPLE_ON_A_PAGE, find_entrants
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
from compete.services.registration.writing import write_plan

__all__ = [
    "PEOPLE_ON_A_PAGE",
    "check_people",
    "check_registration_open",
    "discard_upload",
    "find_batch",
    "find_entrants",
    "keep_upload",
    "name_key",
    "new_badge",
    "offer_of",
    "plan_mark",
    "plan_of",
    "print_badges",
    "seal_people",
    "write_plan",
]
