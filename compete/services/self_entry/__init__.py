"""个人报名: people enter themselves from a phone, under a link of their own."""

from compete.services.self_entry.applicant_names import names_of_applications
from compete.services.self_entry.clearing import NO_UNIT, Flood, clear_unseen, count_unseen
from compete.services.self_entry.confirming import (
    assign_unit,
    confirm_own,
    find_own_application,
    return_own,
)
from compete.services.self_entry.crew_entry import (
    OF_OTHERS,
    OTHERS,
    field_of,
    others_under,
    partners_of,
)
from compete.services.self_entry.entry_poster import (
    print_poster,
)
from compete.services.self_entry.new_links import renew_own_link
from compete.services.self_entry.opening import (
    OTHER_UNIT,
    OWN_FIELDS,
    change_self_entry,
    count_own,
    has_contact,
    is_decided_still,
    own_offer,
    self_entry_of,
    why_nobody_can_enter,
)
from compete.services.self_entry.own_entry import (
    CORRECTABLE,
    TAKEABLE,
    UNSEEN,
    badge_behind,
    correct_own,
    delete_own,
    entrant_of_application,
    entry_under,
    hand_in_own,
    new_link,
    take_own_back,
    was_returned_by_unit,
    why_not_take_back,
)
from compete.services.self_entry.own_photo import photo_holder, put_own_photo, why_no_own_photo

__all__ = [
    "CORRECTABLE",
    "NO_UNIT",
    "OF_OTHERS",
    "OTHERS",
    "OTHER_UNIT",
    "OWN_FIELDS",
    "TAKEABLE",
    "UNSEEN",
    "Flood",
    "assign_unit",
    "badge_behind",
    "change_self_entry",
    "clear_unseen",
    "confirm_own",
    "correct_own",
    "count_own",
    "count_unseen",
    "delete_own",
    "entrant_of_application",
    "entry_under",
    "field_of",
    "find_own_application",
    "hand_in_own",
    "has_contact",
    "is_decided_still",
    "names_of_applications",
    "new_link",
    "others_under",
    "own_offer",
    "partners_of",
    "photo_holder",
    "print_poster",
    "put_own_photo",
    "renew_own_link",
    "return_own",
    "self_entry_of",
    "take_own_back",
    "was_returned_by_unit",
    "why_no_own_photo",
    "why_nobody_can_enter",
    "why_not_take_back",
]
