"""The table of entitlements: every way to a certificate, and what differs between them.

Four ways of five are rows of it. The fifth, an honour that another body approves, is an award by
place or by hand, which waits for that body's word as well (`external_awards`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from compete.domain.values.messages import Message
from compete.models import Certificate
from compete.services.certificates.award_certificates import (
    DUE_AWARDS,
    awards_anew,
    distinction_anew,
    distinction_waits,
    honour_waits,
    why_no_award,
    why_no_distinction,
)
from compete.services.certificates.claim_certificates import DUE_CLAIMS, claim_anew, why_no_claim
from compete.services.certificates.grade_certificates import DUE_GRADES, grade_anew, why_no_grade
from compete.services.certificates.rows import Entitled
from compete.services.certificates.waiting_lists import WaitingList


@dataclass(frozen=True, slots=True, kw_only=True)
class Entitlement:
    """A way to a certificate: the list it waits on, and how another comes in a paper's stead."""

    waiting: WaitingList
    by_place: bool
    """True if it rests on somebody's place, so that it goes when the result is struck."""
    why_none: Callable[[Certificate], Message | None]
    """Why none can come in the stead of this one; asked once results are published."""
    anew: Callable[[Certificate, str], list[Entitled]]
    """The certificates that come in the stead of this one, for that reason."""
    waits: Callable[[Certificate], bool] = lambda _certificate: False
    """True if another body has to approve it first, and has not."""


AWARD_BY_PLACE = Entitlement(
    waiting=DUE_AWARDS, by_place=True, why_none=why_no_award, anew=awards_anew, waits=honour_waits
)
AWARD_BY_HAND = Entitlement(
    waiting=DUE_AWARDS,
    by_place=False,
    why_none=why_no_distinction,
    anew=distinction_anew,
    waits=distinction_waits,
)
GRADE_BY_PLACE = Entitlement(
    waiting=DUE_GRADES, by_place=True, why_none=why_no_grade, anew=grade_anew
)
GRADE_ON_GROUND = Entitlement(
    waiting=DUE_CLAIMS, by_place=False, why_none=why_no_claim, anew=claim_anew
)
WAITING_LISTS = (DUE_AWARDS, DUE_GRADES, DUE_CLAIMS)


def entitlement_of(certificate: Certificate) -> Entitlement:
    """The way by which its holder came to a certificate."""
    if certificate.claim_id is not None:
        return GRADE_ON_GROUND
    if certificate.distinction_id is not None:
        return AWARD_BY_HAND
    return GRADE_BY_PLACE if certificate.kind == "grade" else AWARD_BY_PLACE


def waits_for_results(certificate: Certificate) -> bool:
    """True if another in its stead waits for results; a grade on another ground does not."""
    return entitlement_of(certificate).waiting.of_results
