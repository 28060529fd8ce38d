"""A certificate's number and title as pages show them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from flask_babel import gettext as _

from compete.domain.identity.certificate_number import CertificateNumber
from compete.domain.values.messages import Message, listed, msg
from compete.models import Certificate
from compete.services.awards.holders import ground_words
from compete.web.language import say
from compete.web.templating import day

SORTS: Mapping[str, Message] = {
    "place": msg("个人奖项"),
    "team": msg("团体奖项"),
    "honour": msg("荣誉称号"),
    "given": msg("评选奖项"),
}
"""Sorts of award certificates."""


def style_name(event: str, sort: str, award: str) -> str:
    """Name the certificates that a style is for, its event by its name."""
    parts = (event, SORTS[sort] if sort else "", award)
    return say(listed(part for part in parts if part))


def shown_number(certificate: Certificate) -> str:
    """A grade certificate's number in its groups; an award's as it is."""
    if certificate.kind == "grade":
        return CertificateNumber.parse(certificate.number).spaced
    return certificate.number


def kind_word(certificate: Certificate) -> str:
    """Return the title of the paper."""
    if certificate.kind == "grade":
        return _("技能等级证书")
    return _("荣誉证书") if certificate.distinction_id is not None else _("获奖证书")


def ground_of(certificate: Certificate) -> str:
    """Name the ground of a grade, with the clause; or the competition's places.

    Of an honour that another body gives, its word with the document.
    """
    if certificate.kind != "grade":
        return approval_of(certificate)
    return say(ground_words(certificate))


def approval_of(certificate: Certificate) -> str:
    """Say who approved the honour, by which document of which day; empty for the organiser's."""
    approval = certificate.face.get("approved")
    if not approval:
        return ""
    return _(
        "%(body)s核准，%(number)s，%(day)s",
        body=approval["body"],
        number=approval["number"],
        day=day(date.fromisoformat(approval["dated"]), with_year=True),
    )


def level_of(certificate: Certificate) -> str:
    """The grade on a grade certificate, in the reader's language: it is printed in Chinese."""
    return level_words(str(certificate.face["level"]))


def level_words(level: str) -> str:
    """A grade in the reader's language, as it is printed in Chinese."""
    return say(Message(level))


def title_of(certificate: Certificate) -> str:
    """三级/高级工, or 一等奖."""
    if certificate.kind == "grade":
        return level_of(certificate)
    return " ".join(
        part for part in (certificate.face.get("item"), certificate.face["award"]) if part
    )
