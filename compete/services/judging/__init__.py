"""What happens at the tablet: acts taken in, sheets shown, signed, sent back, handed over."""

from compete.services.judging.drawn_signature import kept_drawing
from compete.services.judging.field_records import (
    drawing_of,
    facts_of,
    record_field,
    standing_record,
)
from compete.services.judging.offline_package import MOST_BYTES, join_codes
from compete.services.judging.printed_sheets import print_blank_sheets, print_sheet
from compete.services.judging.proof import check_signatures, count_signatures, faults_of
from compete.services.judging.recusal import (
    recusals_of,
    recuse_from_entrant,
    recuse_from_unit,
    reopen,
    short_panels,
    substitute,
)
from compete.services.judging.remarking import (
    chief_judge,
    previous_values,
    return_panel,
    rule_dispute,
)
from compete.services.judging.reminders import is_sent_back, remind, standing_reminders, wait_of
from compete.services.judging.signed_content import last_act, sheet_content
from compete.services.judging.signing import (
    SigningState,
    content_of,
    panel_obstacle,
    put_signature,
    sign_sheet,
    signatures,
    signing_state,
    words_of,
)
from compete.services.judging.tablet_batch import NotTheJudgeError, Seat, SignedOutError, take_call
from compete.services.judging.tablet_contact import OUT_OF_TOUCH, contacts_of, note_contact
from compete.services.judging.tablet_view import (
    answer_data,
    as_sent,
    find_sheet,
    home_data,
    my_sheets,
    sheet_data,
    sheets_of_entrant,
)
from compete.services.judging.taking_acts import return_sheet
from compete.services.judging.taking_packages import Handed, require_handing, take_package

__all__ = [
    "MOST_BYTES",
    "OUT_OF_TOUCH",
    "Handed",
    "NotTheJudgeError",
    "Seat",
    "SignedOutError",
    "SigningState",
    "answer_data",
    "as_sent",
    "check_signatures",
    "chief_judge",
    "contacts_of",
    "content_of",
    "count_signatures",
    "drawing_of",
    "facts_of",
    "faults_of",
    "find_sheet",
    "home_data",
    "is_sent_back",
    "join_codes",
    "kept_drawing",
    "last_act",
    "my_sheets",
    "note_contact",
    "panel_obstacle",
    "previous_values",
    "print_blank_sheets",
    "print_sheet",
    "put_signature",
    "record_field",
    "recusals_of",
    "recuse_from_entrant",
    "recuse_from_unit",
    "remind",
    "reopen",
    "require_handing",
    "return_panel",
    "return_sheet",
    "rule_dispute",
    "sheet_content",
    "sheet_data",
    "sheets_of_entrant",
    "short_panels",
    "sign_sheet",
    "signatures",
    "signing_state",
    "standing_record",
    "standing_reminders",
    "substitute",
    "take_call",
    "take_package",
    "wait_of",
    "words_of",
]
