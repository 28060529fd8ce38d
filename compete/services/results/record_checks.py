"""Record checks: versions, certificates and rules against the chain, and versions scored anew."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from compete.domain.bundle.problems import BundleError
from compete.domain.bundle.reading import read_bundle
from compete.domain.bundle.results import write_results
from compete.domain.identity.certificate_number import CertificateNumber
from compete.domain.scoring.scorer import score
from compete.domain.values.canonical import canonical_json
from compete.domain.values.claim_states import ClaimState
from compete.domain.values.messages import Message, msg
from compete.domain.values.states import CertificateState
from compete.models import AuditEntry, Certificate, Competition, Publication, db
from compete.models.types import keyed_hash
from compete.services.kernel import audit
from compete.services.kernel.event_rules import still_says
from compete.services.kernel.former_keys import is_keyed_hash
from compete.services.kernel.publications import latest_publication
from compete.services.registration.people_seals import check_people
from compete.services.results.consequences import consequence_of
from compete.services.results.outdated_decisions import Difference, differences
from compete.services.results.snapshots import publications, snapshot_files, stored_fault
from compete.services.sheets.entry_seals import check_entries

_NAMES = frozenset({"name", "crew", "unit", "members"})


def seal_certificate(certificate: Certificate) -> str:
    """A keyed hash over all that a certificate says; for the record of its issue.

    Keyed, since it covers the ID number, which nobody must be able to try out.
    """
    return keyed_hash(_said_by(certificate))


def issue_record(certificate: Certificate) -> dict[str, str | None]:
    """What the record of one certificate's issue says of it."""
    return {
        "number": certificate.number,
        "kind": certificate.kind,
        "seal": seal_certificate(certificate),
        "replaces": certificate.replaces.number if certificate.replaces else None,
    }


def _said_by(certificate: Certificate) -> str:
    content = {
        "kind": certificate.kind,
        "number": certificate.number,
        "subject": certificate.subject,
        "face": certificate.face,
        "id_number": certificate.id_number,
        "issued_on": certificate.issued_on.isoformat(),
        "link": certificate.token_hash,
    }
    if certificate.replaces is not None:
        content["replaces"] = certificate.replaces.number
    return canonical_json(content).decode()


def check_records(competition: Competition) -> Iterator[Message]:
    """Find what was replaced, taken away or slipped in, seen against the competition's chain."""
    yield from _check_publications(competition)
    yield from _check_certificates(competition)
    yield from check_entries(competition)
    yield from check_people(competition)
    for event in competition.events:
        for version in event.versions:
            if not still_says(version):
                yield msg("赛项“%(event)s”的评分规则和核对词不一致", event=event.name)


def _check_publications(competition: Competition) -> Iterator[Message]:
    recorded = {
        after["version"]: after["sha256"]
        for after in audit.record_contents(competition, "results.publish")
    }
    there = {publication.version: publication.sha256 for publication in publications(competition)}
    for version in sorted(recorded.keys() | there.keys()):
        if recorded.get(version) != there.get(version):
            yield msg("第 %(n)s 版公布的成绩和公布时的记录不一致", n=version)


def _check_certificates(competition: Competition) -> Iterator[Message]:
    seals: dict[str, str | None] = {}
    replaced: set[str | None] = set()
    for after in audit.record_contents(competition, "certificate.issue", "certificate.reissue"):
        seals[after["number"]] = after.get("seal")
        replaced.add(after.get("replaces"))
    for after in audit.record_contents(competition, "certificate.issue_awards"):
        numbers = after["numbers"]
        replaced |= set(after.get("replaces", {}).values())
        seals |= dict(zip(numbers, after.get("seals") or [None] * len(numbers), strict=True))
    revoked = set(
        db.session.scalars(
            select(AuditEntry.subject).where(
                AuditEntry.competition_id == competition.id,
                AuditEntry.action == "certificate.revoke",
            )
        )
    )
    for certificate in db.session.scalars(
        select(Certificate)
        .where(Certificate.competition_id == competition.id)
        .order_by(Certificate.id)
    ):
        number = certificate.number
        if number not in seals:
            yield msg("证书 %(number)s 没有发证记录", number=number)
            continue
        seal = seals.pop(number)
        if seal is not None and not is_keyed_hash(seal, _said_by(certificate)):
            yield msg("证书 %(number)s 发出后被改过", number=number)
        if (certificate.state is CertificateState.REVOKED) != (number in revoked):
            yield msg("证书 %(number)s 的撤销和记录不一致", number=number)
        elif certificate.state is not CertificateState.REVOKED and (
            (certificate.state is CertificateState.REPLACED) != (number in replaced)
        ):
            yield msg("证书 %(number)s 的换发和记录不一致", number=number)
    for number in seals:
        yield msg("发过的证书 %(number)s 不见了", number=number)


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
    for difference in differences(competition, publication):
        certificate = difference.certificate
        if certificate is None or _only_called_otherwise(difference):
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
        occupation = claim.occupation
        agrees = (
            claim.state is ClaimState.ISSUED
            and CertificateNumber.parse(certificate.number).grade == claim.grade
            and (certificate.subject, claim.ground.value, claim.grade) in approved
            and (occupation is None or certificate.face["occupation"] == occupation["name"])
        )
        if not agrees:
            yield msg("证书 %(number)s 和批准的等级对不上", number=certificate.number)


def _only_called_otherwise(difference: Difference) -> bool:
    """True if nothing differs but what its holder is called now.

    The version in force still says the old name, too: the two agree.
    """
    now = difference.now
    return now is not None and all(
        value == now.get(key) for key, value in difference.was.items() if key not in _NAMES
    )
