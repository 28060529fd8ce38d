"""Snapshot verification: a publication scored again from its file, with its certificates."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from compete.domain.bundle.problems import BundleError
from compete.domain.bundle.reading import read_bundle
from compete.domain.bundle.results import write_results
from compete.domain.identity.certificate_number import CertificateNumber
from compete.domain.scoring.scorer import score
from compete.domain.values.claim_states import ClaimState
from compete.domain.values.messages import Message, msg
from compete.domain.values.states import CertificateState
from compete.models import AuditEntry, Certificate, Competition, Publication, db
from compete.services.results.consequences import consequence_of
from compete.services.results.outdated_decisions import Difference, differences
from compete.services.results.snapshots import (
    latest_publication,
    snapshot_files,
    stored_fault,
)


def check_scores(publication: Publication) -> Message | None:
    """Check that a published file gives the published results, to the digit; None if it does."""
    if (fault := stored_fault(publication)) is not None:
        return fault
    try:
        bundle, results = snapshot_files(publication)
        again = write_results(score(read_bundle(bundle, form="json")))
    except BundleError as error:
        return msg("第 %(n)s 版的文件读不懂：%(why)s", n=publication.version, why=str(error)[:200])
    if again != results:
        return msg("第 %(n)s 版：照规则重算，和公布的成绩不一样", n=publication.version)
    return None


def check_certified(competition: Competition) -> Iterator[Message]:
    """Find valid certificates that the version in force does not give and nobody has settled.

    Of grades on another ground those that say another grade or occupation than was approved.
    """
    yield from _check_claimed(competition)
    publication = latest_publication(competition)
    if publication is None:
        return
    for found in differences(competition, publication):
        certificate = found.certificate
        if certificate is None or _only_called_otherwise(found):
            continue
        if consequence_of(certificate) is None:
            yield msg(
                "证书 %(number)s 和第 %(n)s 版的成绩对不上，也没有人处理过",
                number=certificate.number,
                n=publication.version,
            )


def _check_claimed(competition: Competition) -> Iterator[Message]:
    approved = {
        (entry.subject, after["ground"], after["grade"])
        for entry in db.session.scalars(
            select(AuditEntry).where(
                AuditEntry.competition_id == competition.id, AuditEntry.action == "claim.decide"
            )
        )
        if (after := entry.after or {}).get("state") == ClaimState.APPROVED
    }
    for certificate in db.session.scalars(
        select(Certificate)
        .where(
            Certificate.competition_id == competition.id,
            Certificate.state == CertificateState.VALID,
            Certificate.claim_id.is_not(None),
        )
        .order_by(Certificate.id)
    ):
        claim = certificate.claim
        assert claim is not None
        said = claim.occupation
        agrees = (
            claim.state is ClaimState.ISSUED
            and CertificateNumber.parse(certificate.number).grade == claim.grade
            and (certificate.subject, claim.ground.value, claim.grade) in approved
            and (said is None or certificate.face["occupation"] == said["name"])
        )
        if not agrees:
            yield msg("证书 %(number)s 和批准的等级对不上", number=certificate.number)


def _only_called_otherwise(found: Difference) -> bool:
    """True if nothing differs but what its holder is called now.

    The version in force still says the old name, too: the two agree.
    """
    now = found.now
    return now is not None and all(
        said == now.get(key) for key, said in found.was.items() if key not in _NAMES
    )


_NAMES = frozenset({"name", "crew", "unit", "members"})
