"""What the look-up page says of a certificate; the ID number is masked."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from compete.domain.identity import mask_id
from compete.domain.values import CertificateState
from compete.models import Certificate
from compete.web.certificate_words import level_of, shown_number, title_of
from compete.web.templating import day


def describe_certificate(certificate: Certificate) -> dict[str, Any]:
    """The part of the page's context that a found certificate fills."""
    revoked = certificate.state is CertificateState.REVOKED
    return {
        "found": "revoked" if revoked else "valid",
        "certificate": {"number": shown_number(certificate), "facts": _facts(certificate)},
        "revoked": {
            "since": _(
                "%(day)s起无效，不能再使用", day=day(certificate.revoked_at, with_year=True)
            ),
            "reason": certificate.revoke_reason,
            "basis": None,
        }
        if revoked
        else None,
        "subheading": certificate.face.get("body")
        or certificate.competition.host
        or certificate.competition.name,
        "phone": certificate.body.phone if certificate.body else None,
    }


def _facts(certificate: Certificate) -> list[dict[str, str]]:
    face = certificate.face
    facts = [(_("姓名"), face["name"])]
    if certificate.kind == "grade":
        facts += [
            (_("证件号码"), mask_id(certificate.id_number or "")),
            (_("职业名称"), face["occupation"]),
            (_("工种/职业方向"), face["trade"]),
            (_("技能等级"), level_of(certificate)),
            (_("发证日期"), day(certificate.issued_on, with_year=True)),
            (_("评价机构"), face["body"]),
        ]
    else:
        facts += [
            (_("单位"), face["unit"]),
            (_("竞赛"), face["competition"]),
            (_("奖项"), title_of(certificate)),
            (_("发证日期"), day(certificate.issued_on, with_year=True)),
        ]
    return [{"label": label, "value": value} for label, value in facts]
