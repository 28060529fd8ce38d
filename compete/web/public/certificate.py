"""What the look-up page says of a certificate; of the ID number not a digit."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from compete.domain.values.distinction_states import DistinctionKind
from compete.domain.values.messages import listed
from compete.domain.values.states import CertificateState
from compete.models import Certificate
from compete.services.certificates.credentials import may_have_credential
from compete.services.publication.consequences import consequence_of, doubt_about, doubts_about
from compete.web.certificate_words import (
    approval_of,
    ground_of,
    level_of,
    shown_number,
    title_of,
)
from compete.web.language import say
from compete.web.templating import day


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """Something said, with its name before it."""

    label: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Successor:
    """A certificate that took another's place, alone or with those of a crew's other members."""

    name: str
    number: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Revoked:
    """From when and why a certificate is void."""

    since: str
    reason: str | None
    basis: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateFace:
    """What stands on the certificate but the ID number."""

    number: str
    name: str
    has_holder: bool
    """Whether an ID number stands on it, which who types it may have compared."""
    facts: list[Labelled]


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialDoor:
    """Both forms of a certificate's credential: by its link, or asked for by number and name."""

    json: str | None = None
    token: str | None = None
    """Addresses, where the page was opened by the certificate's link."""
    url: str | None = None
    number: str = ""
    name: str = ""
    """What the form at `url` says again, so that no link stands on a page without one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundCertificate:
    """What the look-up page says of a certificate that there is."""

    found: str
    """The verdict: `valid`, `revoked`, `replaced`, `review` or `replacing`."""
    since: str | None
    """What stands under it, where it is neither valid nor revoked."""
    successors: list[Successor]
    compare: str
    """What the reader has to compare with the paper."""
    certificate: CertificateFace
    revoked: Revoked | None
    subheading: str
    phone: str | None
    """The issuing body's."""
    credential: CredentialDoor | None
    """Where its credential is to be had, if it is."""


def describe_certificate(
    certificate: Certificate, credential: CredentialDoor | None = None
) -> FoundCertificate:
    """The part of the page's context that a found certificate fills.

    `credential` is shown where there can be one now.
    """
    revoked = certificate.state is CertificateState.REVOKED
    found, since = standing_of(certificate)
    return FoundCertificate(
        found=found,
        since=since,
        successors=[
            Successor(
                name=new.face["name"],
                number=shown_number(new),
                url=url_for("public.verify_link", token=new.token),
            )
            for new in certificate.replaced_by
        ],
        compare=_("只查了登记册，没有看到手里的纸。请把上面各项和纸上逐项核对，再核对本人的证件。")
        if certificate.kind == "grade"
        else _("只查了登记册，没有看到手里的纸。请把上面各项和纸上逐项核对。"),
        certificate=CertificateFace(
            number=shown_number(certificate),
            name=certificate.face["name"],
            has_holder=certificate.kind == "grade",
            facts=_facts(certificate),
        ),
        revoked=Revoked(
            since=_("%(day)s起无效，不能再使用", day=day(certificate.revoked_at, with_year=True)),
            reason=certificate.revoke_reason,
            basis=None,
        )
        if revoked
        else None,
        subheading=certificate.face.get("body")
        or certificate.competition.host
        or certificate.competition.name,
        phone=certificate.body.phone if certificate.body else None,
        credential=credential if may_have_credential(certificate) else None,
    )


def standing_of(certificate: Certificate) -> tuple[str, str | None]:
    """The verdict's key and what is to be said under it, where it is neither valid nor revoked."""
    if certificate.state is CertificateState.REVOKED:
        return "revoked", None
    if certificate.state is CertificateState.REPLACED:
        new = certificate.replaced_by
        since = day(new[0].issued_on, with_year=True) if new else ""
        return "replaced", _("%(day)s起用新证，这一张不能再使用", day=since)
    doubt = doubts_about([certificate]).get(certificate.id)
    if doubt is None:
        return "valid", None
    open_matter = consequence_of(certificate)
    if open_matter is None or doubt_about(open_matter) != doubt:
        return doubt, _("成绩的公示撤下了，重新公布以前，这张证书不显示有效")
    if doubt == "review":
        return doubt, _(
            "成绩第 %(n)s 版公布后，这张证书正在复核，定下来以前不显示有效",
            n=open_matter.publication.version,
        )
    now = open_matter.now or {}
    # The higher a grade, the lower its number: what says more than the results do is not used.
    if certificate.kind == "grade" and now["grade"] <= open_matter.was["grade"]:
        return doubt, _("要换发，新证发出以前这一张照用")
    return doubt, _("成绩更正，要换发，以新证为准")


def _facts(certificate: Certificate) -> list[Labelled]:
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
        facts += [
            (_("发证日期"), day(certificate.issued_on, with_year=True)),
        ]
    return [Labelled(label=label, value=value) for label, value in facts]
