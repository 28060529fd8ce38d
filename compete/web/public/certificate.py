"""Words of the look-up page on a certificate; of the ID number not a digit."""

from __future__ import annotations

from flask_babel import gettext as _

from compete.domain.values.distinction_states import DistinctionKind
from compete.domain.values.messages import listed
from compete.models import Certificate
from compete.services.certificates.certificates_since import states_of
from compete.services.certificates.credentials import may_have_credential
from compete.services.certificates.revoking import is_cleared
from compete.services.kernel.public_reasons import masked_words
from compete.services.results.consequences import consequence_of, doubt_about
from compete.web.certificate_words import (
    approval_of,
    ground_of,
    level_of,
    shown_number,
    title_of,
)
from compete.web.language import say
from compete.web.templating import day


def describe_certificate(certificate: Certificate) -> dict[str, object]:
    """Return what a found certificate says on the look-up page.

    `found` is the verdict: `valid`, `revoked`, `replaced`, `review` or `replacing`; `since` the
    line under it, `why` why it is void; `successors` stand with those of a crew's other members,
    by number.
    """
    standing, since = standing_of(certificate)
    return {
        "found": standing,
        "since": since,
        "why": _why_void(certificate),
        "certificate": certificate,
        "shown": shown_number(certificate),
        "successors": [(new, shown_number(new)) for new in certificate.replaced_by],
        "facts": _facts(certificate),
        "subheading": certificate.face.get("body")
        or certificate.competition.host
        or certificate.competition.name,
        "phone": certificate.body.phone if certificate.body else None,
        "has_credential": may_have_credential(certificate),
    }


def _why_void(certificate: Certificate) -> str:
    """The reason why it is void; of an accusation that was taken back that alone is told."""
    if is_cleared(certificate):
        return _("取消成绩后来撤回了，成绩有效；这一张没有恢复，以重新发的为准")
    return masked_words(certificate.revoke_reason or "", certificate.competition)


def standing_of(certificate: Certificate) -> tuple[str, str | None]:
    """The verdict's key and what is to be said under it, where it is neither valid nor revoked."""
    standing = states_of([certificate])[certificate.id]
    if standing in ("revoked", "valid"):
        return standing, None
    if standing == "replaced":
        new = certificate.replaced_by
        since = day(new[0].issued_on, with_year=True) if new else ""
        return standing, _("%(day)s起用新证，这一张不能再使用", day=since)
    open_matter = consequence_of(certificate)
    if open_matter is None or doubt_about(open_matter) != standing:
        return standing, _("成绩的公示撤下了，重新公布以前，这张证书不显示有效")
    if standing == "review":
        return standing, _(
            "成绩第 %(n)s 版公布后，这张证书正在复核，定下来以前不显示有效",
            n=open_matter.publication.version,
        )
    now = open_matter.now or {}
    # The higher a grade, the lower its number: what says more than the results do is not used.
    if certificate.kind == "grade" and now["grade"] <= open_matter.was["grade"]:
        return standing, _("要换发，新证发出以前这一张照用")
    return standing, _("成绩更正，要换发，以新证为准")


def _facts(certificate: Certificate) -> list[tuple[str, str]]:
    face = certificate.face
    called = {DistinctionKind.UNIT.value: _("单位"), DistinctionKind.TEAM.value: _("班组")}
    facts = [(called.get(face.get("distinction", ""), _("姓名")), face["name"])]
    if face.get("crew"):
        facts.append((_("组合"), face["crew"]))
    if face.get("members"):
        # Whole, as the paper has them: who changes one of them on it is found out.
        facts.append((_("成员"), say(listed(face["members"]))))
    if certificate.kind == "grade":
        facts += [
            (_("职业名称"), face["occupation"]),
            (_("工种/职业方向"), face["trade"]),
            (_("技能等级"), level_of(certificate)),
            (_("依据"), ground_of(certificate)),
            (_("发证日期"), day(certificate.issued_on, with_year=True)),
            (_("评价机构"), face["body"]),
        ]
    else:
        if face["unit"]:
            facts.append((_("单位"), face["unit"]))
        facts.append((_("竞赛"), face["competition"]))
        if face.get("event") and len(certificate.competition.events) > 1:
            facts.append((_("赛项"), face["event"]))
        facts.append((_("奖项"), title_of(certificate)))
        if approval := approval_of(certificate):
            facts.append((_("依据"), approval))
        facts.append((_("发证日期"), day(certificate.issued_on, with_year=True)))
    return facts
