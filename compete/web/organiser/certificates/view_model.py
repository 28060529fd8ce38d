"""The certificates' page in words: rows of those issued, and what keeps the rest back."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _

from compete.domain.values import CertificateState
from compete.models import Certificate, Competition
from compete.services.certificates import (
    ANNOUNCED,
)
from compete.services.kernel import rules_of
from compete.web.certificate_words import shown_number, title_of
from compete.web.templating import day


def why_blocked(competition: Competition, published: bool) -> str | None:
    """Why nothing can be issued now."""
    if not published:
        return _("成绩公布以后才能发")
    if competition.kind != "labour" and competition.state not in ANNOUNCED:
        return _("公布以后评分又解锁了，重新公布以后才能发")
    return None


def occupations_of(competition: Competition) -> list[Any]:
    """The occupations of the competition's events, as their rules write them."""
    found = [rules_of(event).occupation for event in competition.events]
    return [occupation for occupation in found if occupation is not None]


def matches_search(certificate: Certificate, q: str, kind: str) -> bool:
    """Whether a certificate is of this kind and bears the text in name or number."""
    if kind and certificate.kind != kind:
        return False
    number = "".join(q.split()).upper()
    return not q or number in certificate.number.upper() or q in certificate.face["name"]


def certificate_row(competition: Competition, certificate: Certificate) -> dict[str, Any]:
    """One certificate as the list shows it, with its addresses."""
    code = competition.code
    valid = certificate.state is CertificateState.VALID
    return {
        "number": shown_number(certificate),
        "kind": _("技能等级证书") if certificate.kind == "grade" else _("获奖证书"),
        "name": certificate.face["name"],
        "unit": certificate.entrant.unit.name
        if certificate.entrant
        else certificate.face.get("unit", ""),
        "title": title_of(certificate),
        "issued": day(certificate.issued_on, with_year=True),
        "state": certificate.state.value,
        "reason": certificate.revoke_reason,
        "pdf_url": url_for("organiser.print_one", code=code, number=certificate.id),
        "verify_url": url_for("public.verify_link", token=certificate.token),
        "revoke_url": url_for("organiser.revoke", code=code, number=certificate.id)
        if valid
        else None,
    }
