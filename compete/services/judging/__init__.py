"""What happens at the tablet: acts taken in, sheets shown, signed, sent back, handed over."""

from compete.services.judging.counted_twice import (
    counted_apart,
    marked_apart,
)
from compete.services.judging.doubts import doubt_again, find_right
from compete.services.judging.drawn_signature import kept_drawing
from compete.services.judging.field_records import (
    field_drawing,
    field_facts,
    record_field,
    standing_record,
    stops_on,
)
from compete.services.judging.known_times import known_time
from compete.services.judging.marked_anew import previous_values
from compete.services.judging.offline_package import (
    MOST_PACKAGE_BYTES,
    Package,
    join_codes,
)
from compete.services.judging.printed_sheets import BLANK_SHEETS, print_sheet
from compete.services.judging.proof import check_signatures, count_signatures, signature_faults
from compete.services.judging.recusal import (
    Closing,
    closing_of,
    put_in_substitute,
    recusals_of,
    recuse_from_entrant,
    recuse_from_unit,
    reopen_recused,
    short_panels,
)
from compete.services.judging.remarking import (
    chief_judge,
    return_panel,
    rule_dispute,
)
from compete.services.judging.reminders import (
    remind,
    reminder_wait,
    sent_back,
    standing_reminders,
)
from compete.services.judging.replacing import (
    is_replaceable,
    replace_judge,
    successors,
    what_follows,
)
from compete.services.judging.signed_content import last_act, sheet_content
from compete.services.judging.signing import (
    SigningState,
    panel_obstacle,
    put_signature,
    sign_sheet,
    signature_words,
    signatures,
    signed_content_of,
    signing_state,
    supersede_signature,
)
from compete.services.judging.stage_following import (
    Followed,
    asked_stage,
    follow_stage,
    why_not_follow,
)
from compete.services.judging.tablet_batch import (
    NotTheJudgeError,
    Seat,
    Sender,
    SignedOutError,
    take_batch,
)
from compete.services.judging.tablet_contact import OUT_OF_TOUCH, contacts_of, note_contact
from compete.services.judging.tablet_data import (
    AnswerData,
    HomeFrame,
    HomeRow,
    SheetData,
    Value,
)
from compete.services.judging.tablet_keys import give_key, holds_key
from compete.services.judging.tablet_view import (
    answer_data,
    as_sent,
    find_sheet,
    home_data,
    my_sheets,
    sheet_data,
    sheets_of_entrant,
)
from compete.services.judging.taking_acts import Taken, refused_act, return_sheet, take_acts
from compete.services.judging.taking_packages import (
    TakenPackage,
    UnprovenError,
    require_bringer,
    take_package,
)
from compete.services.judging.time_rulings import lift_time_ruling, rule_time

__all__ = [
    "BLANK_SHEETS",
    "MOST_PACKAGE_BYTES",
    "OUT_OF_TOUCH",
    "AnswerData",
    "Closing",
    "Followed",
    "HomeFrame",
    "HomeRow",
    "NotTheJudgeError",
    "Package",
    "Seat",
    "Sender",
    "SheetData",
    "SignedOutError",
    "SigningState",
    "Taken",
    "TakenPackage",
    "UnprovenError",
    "Value",
    "answer_data",
    "as_sent",
    "asked_stage",
    "check_signatures",
    "chief_judge",
    "closing_of",
    "contacts_of",
    "count_signatures",
    "counted_apart",
    "doubt_again",
    "field_drawing",
    "field_facts",
    "find_right",
    "find_sheet",
    "follow_stage",
    "give_key",
    "holds_key",
    "home_data",
    "is_replaceable",
    "join_codes",
    "kept_drawing",
    "known_time",
    "last_act",
    "lift_time_ruling",
    "marked_apart",
    "my_sheets",
    "note_contact",
    "panel_obstacle",
    "previous_values",
    "print_sheet",
    "put_in_substitute",
    "put_signature",
    "record_field",
    "recusals_of",
    "recuse_from_entrant",
    "recuse_from_unit",
    "refused_act",
    "remind",
    "reminder_wait",
    "reopen_recused",
    "replace_judge",
    "require_bringer",
    "return_panel",
    "return_sheet",
    "rule_dispute",
    "rule_time",
    "sent_back",
    "sheet_content",
    "sheet_data",
    "sheets_of_entrant",
    "short_panels",
    "sign_sheet",
    "signature_faults",
    "signature_words",
    "signatures",
    "signed_content_of",
    "signing_state",
    "standing_record",
    "standing_reminders",
    "stops_on",
    "successors",
    "supersede_signature",
    "take_acts",
    "take_batch",
    "take_package",
    "what_follows",
    "why_not_follow",
]
