"""Issuing all grades that are due, as the desk's button does."""

from __future__ import annotations

from compete.models import Account, Certificate, Competition, IssuingBody
from compete.services.certificates.claim_certificates import DUE_CLAIMS
from compete.services.certificates.grade_certificates import DUE_GRADES
from compete.services.certificates.waiting_lists import issue_waiting


def issue_grade_certificates(
    competition: Competition,
    body: IssuingBody,
    by: Account,
    reason: str = "",
    *,
    most: int | None = None,
) -> list[Certificate]:
    """A certificate for every approved grade that rests on a place."""
    return issue_waiting(DUE_GRADES, competition, by, reason, body=body, most=most)


def issue_claim_certificates(
    competition: Competition, body: IssuingBody, by: Account, *, most: int | None = None
) -> list[Certificate]:
    """A certificate for every approved grade on another ground."""
    return issue_waiting(DUE_CLAIMS, competition, by, body=body, most=most)
