"""A certificate's number and title as pages show them."""

from __future__ import annotations

from compete.domain.identity import CertificateNumber
from compete.models import Certificate


def shown_number(one: Certificate) -> str:
    """A grade certificate's number in its groups; an award's as it is."""
    if one.kind == "grade":
        return CertificateNumber.parse(one.number).spaced
    return one.number


def title_of(one: Certificate) -> str:
    """三级/高级工, or 一等奖."""
    if one.kind == "grade":
        return str(one.face["level"])
    return " ".join(part for part in (one.face.get("item"), one.face["award"]) if part)
