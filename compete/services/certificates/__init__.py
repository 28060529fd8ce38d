"""Certificates: whether they may be issued, numbers, awards, grades, looking up, printing."""

from compete.services.certificates.award_certificates import (
    award_day,
    awards_due,
    issue_award_certificates,
    set_award_date,
    unissued_awards,
)
from compete.services.certificates.counts import CertificateCounts, count_certificates
from compete.services.certificates.credentials import (
    SignedCredential,
    may_have_credential,
    signed_credential,
    status_document,
)
from compete.services.certificates.gate import (
    ANNOUNCED,
    check_settled,
    early_until,
    events_that_wait,
    issuable_events,
    notice_running,
    why_not_final,
)
from compete.services.certificates.grade_certificates import (
    grades_ready,
    issue_grade_certificates,
    why_body_cannot,
)
from compete.services.certificates.grades_in_force import GradeNow, grades_now, is_kept
from compete.services.certificates.issuer_keys import (
    issuer_did,
    issuer_document,
    issuer_faults,
    keys_of_issuer,
    renew_issuer_key,
    withdraw_issuer_key,
)
from compete.services.certificates.issuing_bodies import (
    bodies,
    body_for,
    choose_body,
    create_body,
    file_scope,
    may_issue_for,
    occupations_of,
    read_scope,
    scope_text,
)
from compete.services.certificates.issuing_jobs import (
    ISSUE_AWARDS,
    ISSUE_GRADES,
    issue_awards_or_ask,
    issue_grades_or_ask,
)
from compete.services.certificates.printing import print_certificates, print_handing_out
from compete.services.certificates.promotions import LISTED, print_promotions
from compete.services.certificates.register import (
    REGISTER_STATES,
    RegisterPage,
    read_register,
    register_counts,
    whole_register,
)
from compete.services.certificates.reissuing import (
    number_to_come,
    reissue_certificate,
    why_none_to_come,
)
from compete.services.certificates.revoking import (
    agree_revocation,
    ask_revocation,
    drop_revocation,
    open_revocations,
)
from compete.services.certificates.search import (
    find_by_number,
    find_by_token,
    number_key,
)
from compete.services.certificates.settling import (
    agree,
    asked_mark,
    find_consequences,
    gives_another_grade,
    may_decide_anew,
    settle,
    why_not,
    why_not_agree,
)
from compete.services.certificates.touched import (
    Correction,
    Touched,
    open_corrections,
    team_certificates_naming,
    touched_by,
)

__all__ = [
    "ANNOUNCED",
    "ISSUE_AWARDS",
    "ISSUE_GRADES",
    "LISTED",
    "REGISTER_STATES",
    "CertificateCounts",
    "Correction",
    "GradeNow",
    "RegisterPage",
    "SignedCredential",
    "Touched",
    "agree",
    "agree_revocation",
    "ask_revocation",
    "asked_mark",
    "award_day",
    "awards_due",
    "bodies",
    "body_for",
    "check_settled",
    "choose_body",
    "count_certificates",
    "create_body",
    "drop_revocation",
    "early_until",
    "events_that_wait",
    "file_scope",
    "find_by_number",
    "find_by_token",
    "find_consequences",
    "gives_another_grade",
    "grades_now",
    "grades_ready",
    "is_kept",
    "issuable_events",
    "issue_award_certificates",
    "issue_awards_or_ask",
    "issue_grade_certificates",
    "issue_grades_or_ask",
    "issuer_did",
    "issuer_document",
    "issuer_faults",
    "keys_of_issuer",
    "may_decide_anew",
    "may_have_credential",
    "may_issue_for",
    "notice_running",
    "number_key",
    "number_to_come",
    "occupations_of",
    "open_corrections",
    "open_revocations",
    "print_certificates",
    "print_handing_out",
    "print_promotions",
    "read_register",
    "read_scope",
    "register_counts",
    "reissue_certificate",
    "renew_issuer_key",
    "scope_text",
    "set_award_date",
    "settle",
    "signed_credential",
    "status_document",
    "team_certificates_naming",
    "touched_by",
    "unissued_awards",
    "whole_register",
    "why_body_cannot",
    "why_none_to_come",
    "why_not",
    "why_not_agree",
    "why_not_final",
    "withdraw_issuer_key",
]
