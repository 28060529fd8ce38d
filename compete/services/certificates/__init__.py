"""Certificates: whether they may be issued, numbers, awards, grades, looking up, printing."""

from compete.services.certificates.award_certificates import (
    issue_award_certificates,
    unissued_awards,
)
from compete.services.certificates.gate import ANNOUNCED, notice_running
from compete.services.certificates.grade_certificates import issue_grade_certificates
from compete.services.certificates.issuing_bodies import bodies, body_for, create_body
from compete.services.certificates.printing import print_certificates
from compete.services.certificates.rows import revoke_certificate
from compete.services.certificates.search import certificates_of, find_by_number, find_by_token

__all__ = [
    "ANNOUNCED",
    "bodies",
    "body_for",
    "certificates_of",
    "create_body",
    "find_by_number",
    "find_by_token",
    "issue_award_certificates",
    "issue_grade_certificates",
    "notice_running",
    "print_certificates",
    "revoke_certificate",
    "unissued_awards",
]
