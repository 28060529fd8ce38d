"""Credential words: the certificate's face, and the results that it rests on."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import select

from compete.domain.bundle.event_types import Event
from compete.domain.bundle.results import EventResults
from compete.domain.credentials.badges import (
    AwardWon,
    Badge,
    GradeEarned,
    Score,
    Standard,
    award_badge,
    grade_badge,
)
from compete.domain.credentials.profiles import Issuer, Recipient
from compete.domain.credentials.status_lists import StatusPlace
from compete.domain.identity.certificate_number import CertificateNumber
from compete.domain.identity.occupations import occupation_code
from compete.models import Certificate, Publication, db
from compete.models.types import keyed_hash
from compete.services.certificates.award_faces import approval_words
from compete.services.kernel.clock import local_time
from compete.services.kernel.former_keys import first_look_up_key
from compete.services.kernel.installation import Page, address_of
from compete.services.results.snapshots import read_snapshot

STANDARDS = "https://www.osta.org.cn/skillStandard"
"""The page of the national standards of occupations: 技能人才评价工作网, 国家职业标准.

Its former address, http://biaozhun.osta.org.cn/, has no HTTPS.
"""


def unsigned_credential(
    certificate: Certificate, did: str, address: str, place: StatusPlace
) -> dict[str, Any]:
    """The credential, still to be signed. Raises ValueError for an ID number in any text.

    What is random in it follows from the certificate and the installation's key, so that it
    comes out the same where a backup from before it was made is put back.
    """
    # What rests on another ground than results says nothing of them.
    publication = _published(certificate) if certificate.claim_id is None else None
    event = _event(certificate, publication) if publication else None
    competition = certificate.competition
    badge = Badge(
        id=f"urn:uuid:{_uuid(certificate, 'credential')}",
        achievement=f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, _achieved(certificate, did))}",
        issuer=Issuer(
            did,
            certificate.face.get("body") or competition.host or competition.name,
            address,
        ),
        recipient=Recipient(
            subject=f"urn:uuid:{_uuid(certificate, 'subject')}",
            name=certificate.face["name"],
            salt=_hidden(certificate, "salt"),
        ),
        valid_from=certificate.issued_at.replace(microsecond=0),
        criteria=_criteria(certificate, publication),
        status=place,
        evidence=_evidence(certificate, publication),
    )
    if certificate.kind == "grade":
        return grade_badge(badge, _grade(certificate, event))
    return award_badge(badge, _award(certificate, event))


def _hidden(certificate: Certificate, use: str) -> str:
    # By the first key, whatever took its place: a credential signed again is the same one.
    return keyed_hash(f"credential {use} {certificate.token_hash}", first_look_up_key())


def _uuid(certificate: Certificate, use: str) -> uuid.UUID:
    return uuid.UUID(hex=_hidden(certificate, use)[:32], version=4)


def _achieved(certificate: Certificate, did: str) -> str:
    """The text for what can be achieved, the same for all who did."""
    face = certificate.face
    of_what = (
        (face["occupation"], face["trade"], face["level"])
        if certificate.kind == "grade"
        else (face["event"], face.get("item") or "", face["award"])
    )
    return "/".join((did, certificate.competition.code, certificate.kind, *of_what))


def _published(certificate: Certificate) -> Publication | None:
    """The version that was in force when the certificate was issued."""
    return db.session.scalar(
        select(Publication)
        .where(
            Publication.competition_id == certificate.competition_id,
            Publication.published_at <= certificate.issued_at,
        )
        .order_by(Publication.version.desc())
        .limit(1)
    )


def _event(certificate: Certificate, publication: Publication) -> tuple[Event, EventResults] | None:
    """The published rules and results of the event that the certificate is for, or None."""
    bundle, results = read_snapshot(publication)
    entrant = certificate.entrant
    for rules in bundle.events:
        is_it = (
            rules.code == entrant.event.code
            if entrant is not None
            else rules.name == certificate.face.get("event")
        )
        if is_it:
            found = next((event for event in results.events if event.code == rules.code), None)
            return (rules, found) if found is not None else None
    return None


def _criteria(certificate: Certificate, publication: Publication | None) -> str:
    if certificate.claim_id is not None:
        return f"{certificate.face['ground']}：{certificate.face['clause']}"
    if publication is None:
        return certificate.competition.name
    day = f"{local_time(publication.published_at):%Y-%m-%d}"
    return f"{certificate.competition.name}{day}公布的第{publication.version}版成绩"


def _evidence(
    certificate: Certificate, publication: Publication | None
) -> tuple[tuple[str, str], ...]:
    if publication is None:
        return ()
    page = address_of(Page.RESULTS, code=certificate.competition.code, version=publication.version)
    return ((page, f"成绩第{publication.version}版"),)


def _grade(certificate: Certificate, event: tuple[Event, EventResults] | None) -> GradeEarned:
    face = certificate.face
    track = face["trade"]
    return GradeEarned(
        competition=certificate.competition.name,
        occupation=face["occupation"],
        grade=int(CertificateNumber.parse(certificate.number).level),
        level=face["level"],
        number=certificate.number,
        track=None if track == "--" else track,
        scores=_scores(certificate, *event) if event else (),
        standard=_standard(face),
    )


def _standard(face: dict[str, Any]) -> Standard | None:
    code = occupation_code(face.get("occupation_code") or "")
    if code is None:
        return None
    name = face["occupation"]
    return Standard(occupation=name, code=code, framework=f"国家职业标准 {name}", url=STANDARDS)


def _scores(certificate: Certificate, rules: Event, results: EventResults) -> tuple[Score, ...]:
    """The scores of the holder in each module of the stage that counted."""
    code = certificate.entrant.code if certificate.entrant else None
    final = next((row for row in results.standings if row.entrant == code), None)
    if final is None:
        return ()
    stage = next(stage for stage in rules.stages if stage.code == final.stage)
    published = next(stage for stage in results.stages if stage.code == final.stage)
    row = next(row for row in published.standings if row.entrant == code)
    return tuple(
        Score(
            code=module.code,
            name=module.name,
            value=score,
            full=f"{module.full:f}",
            needed=f"{module.pass_:f}" if module.pass_ is not None else None,
        )
        for module in stage.modules
        if (score := row.modules[module.code].score) is not None
    )


def _award(certificate: Certificate, event: tuple[Event, EventResults] | None) -> AwardWon:
    face = certificate.face
    known = [award.name for award in event[0].awards] if event else []
    rank = face.get("rank")
    return AwardWon(
        competition=face["competition"],
        event=face["event"],
        award=face["award"],
        awards=known if face["award"] in known else [face["award"]],
        number=certificate.number,
        rank=rank,
        of=_ranked(certificate, event[1]) if event and rank is not None else None,
        item=face.get("item"),
        approved=approval_words(face),
    )


def _ranked(certificate: Certificate, results: EventResults) -> int:
    """The number among whom the place is one: teams, those of the item, or all who are ranked."""
    if certificate.team_id is not None:
        return sum(1 for row in results.teams or () if row.rank is not None)
    item = certificate.face.get("item")
    if item is None:
        return sum(1 for row in results.standings if row.rank is not None)
    rank = certificate.face["rank"]
    code = certificate.entrant.code if certificate.entrant else None
    return next(
        (
            len(ranking.standings)
            for ranking in results.items or ()
            if any((row.entrant, row.rank) == (code, rank) for row in ranking.standings)
        ),
        rank,
    )
