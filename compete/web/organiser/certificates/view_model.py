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
    found = [rules_of(event).occupation for event in competition.events]
    return [occupation for occupation in found if occupation is not None]


def matches_search(one: Certificate, q: str, kind: str) -> bool:
    if kind and one.kind != kind:
        return False
    number = "".join(q.split()).upper()
    return not q or number in one.number.upper() or q in one.face["name"]


def certificate_row(competition: Competition, one: Certificate) -> dict[str, Any]:
    code = competition.code
    valid = one.state is CertificateState.VALID
    return {
        "number": shown_number(one),
        "kind": _("技能等级证书") if one.kind == "grade" else _("获奖证书"),
        "name": one.face["name"],
        "unit": one.entrant.unit.name if one.entrant else one.face.get("unit", ""),
        "title": title_of(one),
        "issued": day(one.issued_on, with_year=True),
        "state": one.state.value,
        "reason": one.revoke_reason,
        "pdf_url": url_for("organiser.print_one", code=code, number=one.id),
        "verify_url": url_for("public.verify_link", token=one.token),
        "revoke_url": url_for("organiser.revoke", code=code, number=one.id) if valid else None,
    }
