"""Who somebody is, on paper: ID numbers, organisations, telephones, certificate numbers.

And what a certificate is for: occupations and their codes.

Every check returns the cleaned value or raises `IdentityError`, whose
`message` says in the reader's language what is wrong and what is wanted.
"""

from compete.domain.identity.as_typed import (
    cleaned,
    code_as_typed,
    lacks_year,
    tidy_certificate_number,
)
from compete.domain.identity.award_number import award_number_head, award_number_text
from compete.domain.identity.certificate_number import (
    CERTIFICATE_LENGTH,
    CertificateNumber,
    held_certificate_number,
    is_old_certificate_number,
)
from compete.domain.identity.citizen_id import CitizenId, check_citizen_id, citizen_check_digit
from compete.domain.identity.credit_code import check_credit_code, credit_code_check_character
from compete.domain.identity.errors import IdentityError
from compete.domain.identity.masks import (
    account_pseudonym,
    mask_id,
    mask_name,
    mask_phone,
    mask_phones,
    pseudonym,
    shown_crew_name,
    shown_name,
    winner_pseudonym,
)
from compete.domain.identity.names import LONGEST_NAME, made_up_note, no_name, odd_name
from compete.domain.identity.occupations import (
    NO_CODE,
    occupation_code,
    occupation_key,
    same_occupation,
)
from compete.domain.identity.papers import Paper, check_paper, paper_name
from compete.domain.identity.phone import check_mobile

__all__ = [
    "CERTIFICATE_LENGTH",
    "LONGEST_NAME",
    "NO_CODE",
    "CertificateNumber",
    "CitizenId",
    "IdentityError",
    "Paper",
    "account_pseudonym",
    "award_number_head",
    "award_number_text",
    "check_citizen_id",
    "check_credit_code",
    "check_mobile",
    "check_paper",
    "citizen_check_digit",
    "cleaned",
    "code_as_typed",
    "credit_code_check_character",
    "held_certificate_number",
    "is_old_certificate_number",
    "lacks_year",
    "made_up_note",
    "mask_id",
    "mask_name",
    "mask_phone",
    "mask_phones",
    "no_name",
    "occupation_code",
    "occupation_key",
    "odd_name",
    "paper_name",
    "pseudonym",
    "same_occupation",
    "shown_crew_name",
    "shown_name",
    "tidy_certificate_number",
    "winner_pseudonym",
]
