"""A certificate's number and title as pages show them."""

from __future__ import annotations

from compete.domain.identity import CertificateNumber
from compete.domain.values import Message
from compete.models import Certificate
from compete.web.language import say


def shown_number(one: Certificate) -> str:
    """A grade certificate's number in its groups; an award's as it is."""
    if one.kind == "grade":
        return CertificateNumber.parse(one.number).spaced
    return one.number


def level_of(one: Certificate) -> str:
    """The grade on a grade certificate, in the reader's language: it is printed in Chinese."""
    return say(Message(str(one.face["level"])))


def title_of(one: Certificate) -> str:
    """三级/高级工, or 一等奖."""
    if one.kind == "grade":
        return level_of(one)
    return " ".join(part for part in (one.face.get("item"), one.face["award"]) if part)
