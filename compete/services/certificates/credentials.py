"""The credential of a certificate, signed once when it is first asked for, and its status lists.

Signing waits until somebody wants one, so that issuing a thousand certificates costs
nothing more, and certificates from before there were credentials have theirs too. What a
credential says is the certificate's face, and the results that it rests on.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

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
from compete.domain.credentials.did_documents import key_id, token_key_id
from compete.domain.credentials.json_text import CredentialError
from compete.domain.credentials.profiles import Issuer, Recipient
from compete.domain.credentials.signed import token_payload, with_proof
from compete.domain.credentials.status_lists import PLACES, Purpose, StatusPlace, status_list
from compete.domain.identity.certificate_number import CertificateNumber
from compete.domain.identity.occupations import occupation_code
from compete.domain.values.canonical import canonical_json
from compete.domain.values.messages import msg
from compete.domain.values.states import CertificateState, ConsequenceState
from compete.keys.ed25519 import SigningKey
from compete.keys.suite import sign_token
from compete.models import Certificate, Consequence, Credential, IssuerKey, Publication, db, utc_now
from compete.models.types import keyed_hash
from compete.services.certificates.award_faces import approval_words
from compete.services.certificates.issuer_keys import (
    issuer_address,
    issuer_did,
    key_in_use,
    newest_key,
    private_key,
)
from compete.services.kernel import audit
from compete.services.kernel.clock import local_time
from compete.services.kernel.former_keys import first_look_up_key
from compete.services.kernel.installation import Page, address_of, memory_of
from compete.services.kernel.refusal import Refused, invalid
from compete.services.kernel.transactions import for_update, unit_of_work
from compete.services.results.consequences import SPEAKS_AGAINST, doubts_about
from compete.services.results.snapshots import (
    publications,
    published_event,
    read_snapshot,
    version_at,
)
from compete.services.results.withdrawn_notices import on_taken_down

LISTS = "/status"
"""The path of the status lists on the site: /status/NUMBER/PURPOSE."""

LIST_HOLDS = timedelta(hours=24)
"""So long may a list that somebody fetched be relied on."""

_LIST_SIGNED_ANEW = timedelta(minutes=10)
_SLOW_CLOCK = timedelta(minutes=5)
"""A list says that it is so much older: whose clock is a little slow must not find it to come."""

_FULL = PLACES // 2
_TRIES = 3


@dataclass(frozen=True, slots=True)
class SignedCredential:
    """The two forms of one credential, or of a status list: JSON with an embedded proof, and a
    token for wallets.
    """

    document: str
    token: str


def may_have_credential(certificate: Certificate) -> bool:
    """True if it can be had now: it holds, nothing about it is open, and the issuer can sign."""
    return issuer_did() is not None and _holds(certificate)


def signed_credential(certificate: Certificate) -> SignedCredential:
    """The certificate's one credential; signed now where nobody has asked for it before.

    Raises `Refused` for a certificate that does not hold or is being looked into, and where
    the site has no address of its own on the internet.
    """
    credential = _credential_of(certificate)
    if credential is None or credential.key.withdrawn_at is not None or not _holds(certificate):
        credential = _sign(certificate)
    return SignedCredential(credential.document, credential.token)


def signed_status_list(number: int, purpose: Purpose) -> SignedCredential | None:
    """A status list as the register stands now, in both forms; None where there is no such list."""
    address, did = issuer_address(), issuer_did()
    last = db.session.scalar(select(func.max(Credential.status_list))) or 0
    if address is None or did is None or not 1 <= number <= last:
        return None
    places = frozenset(db.session.scalars(_SET[purpose](number)))
    key = newest_key()
    if key is None:
        with unit_of_work():
            key = key_in_use()
    private, name = private_key(key), key.name
    now = utc_now().replace(microsecond=0)
    kept = memory_of(f"status list {number} {purpose}", dict[str, Any])
    same = (places, name, did)
    if kept.get("same") == same and now - kept["at"] < _LIST_SIGNED_ANEW:
        listed: SignedCredential = kept["list"]
        return listed
    unsigned = status_list(
        f"{address}{LISTS}/{number}",
        purpose,
        places,
        issuer=did,
        valid_from=now - _SLOW_CLOCK,
        valid_until=now + LIST_HOLDS,
    )
    signed = in_both_forms(unsigned, did, name, private, now)
    kept.update(same=same, at=now, list=signed)
    return signed


def _credential_of(certificate: Certificate) -> Credential | None:
    return db.session.scalar(select(Credential).where(Credential.certificate_id == certificate.id))


def _holds(certificate: Certificate) -> bool:
    """True if it is valid, and neither a new version nor a notice taken down speaks against it."""
    return certificate.state is CertificateState.VALID and not doubts_about([certificate])


def _sign(certificate: Certificate) -> Credential:
    number = certificate.id
    for _turn in range(_TRIES):
        try:
            return _signed_now(number)
        except IntegrityError:
            # Somebody else took the place, or signed it at the same moment.
            db.session.rollback()
    return _signed_now(number)


def _signed_now(number: int) -> Credential:
    with unit_of_work() as session:
        certificate = session.get_one(Certificate, number)
        for_update(certificate.competition)
        session.refresh(certificate)
        if not _holds(certificate):
            raise Refused(msg("这张证书现在不作数，或者正在复核，没有电子证书"))
        did, address = issuer_did(), issuer_address()
        if did is None or address is None:
            raise Refused(msg("网站还没有自己的 https 网址，发不了电子证书"))
        credential = _credential_of(certificate)
        if credential is not None and credential.key.withdrawn_at is None:
            return credential
        key = key_in_use()
        private = private_key(key)
        if credential is None:
            place = _free_place(certificate)
            unsigned = _words(certificate, did, address, place)
            credential = Credential(
                certificate_id=certificate.id, status_list=place[0], place=place[1]
            )
            session.add(credential)
        else:
            unsigned = json.loads(credential.document)
            del unsigned["proof"]
        _put_signature(credential, unsigned, key, private)
        session.flush()
        after = {
            "key": key.name,
            "list": credential.status_list,
            "place": credential.place,
            "sha256": sha256(credential.document.encode()).hexdigest(),
        }
        audit.record(None, None, "credential.sign", certificate.number, after=after)
    return credential


def _words(
    certificate: Certificate, did: str, address: str, place: tuple[int, int]
) -> dict[str, Any]:
    at = StatusPlace(f"{address}{LISTS}/{place[0]}", place[1])
    try:
        return _unsigned_credential(certificate, did, address, at)
    except (ValueError, CredentialError):
        # The only thing that can be wrong with a face is an ID number in one of its texts.
        why = msg("证面的文字里有身份证号，不能签成电子证书")
        raise invalid(why) from None


def _put_signature(
    credential: Credential, unsigned: dict[str, Any], key: IssuerKey, private: SigningKey
) -> None:
    now = utc_now().replace(microsecond=0)
    signed = in_both_forms(unsigned, unsigned["issuer"]["id"], key.name, private, now)
    credential.key, credential.made_at = key, now
    credential.document, credential.token = signed.document, signed.token


def in_both_forms(
    unsigned: dict[str, Any], did: str, key: str, private: SigningKey, now: datetime
) -> SignedCredential:
    signed = with_proof(unsigned, private.sign, method=key_id(did, key), created=now)
    return SignedCredential(
        canonical_json(signed).decode(),
        sign_token(token_payload(unsigned), private, key_id=token_key_id(did, key)),
    )


def _free_place(certificate: Certificate) -> tuple[int, int]:
    """A list and a place in it that nobody has: by the certificate and the key, so by chance."""
    number = (db.session.scalar(select(func.count(Credential.id))) or 0) // _FULL + 1
    turn, first = 0, first_look_up_key()
    while True:
        digest = keyed_hash(f"credential place {turn} {certificate.token_hash}", first)
        place = int(digest[:16], 16) % PLACES
        taken = select(Credential.id).where(
            Credential.status_list == number, Credential.place == place
        )
        if db.session.scalar(taken) is None:
            return number, place
        turn += 1


def _by_state(*states: CertificateState) -> Callable[[int], Any]:
    def query(number: int) -> Any:
        return (
            select(Credential.place)
            .join(Certificate, Certificate.id == Credential.certificate_id)
            .where(Credential.status_list == number, Certificate.state.in_(states))
        )

    return query


def _looked_into(number: int) -> Any:
    """Select the valid ones about which there is a doubt, as `_holds` has it."""
    newest = (
        select(func.max(Consequence.id))
        .where(
            Consequence.certificate_id == Certificate.id,
            Consequence.state != ConsequenceState.OVERTAKEN,
        )
        .correlate(Certificate)
        .scalar_subquery()
    )
    of_list = (
        select(Credential.place)
        .join(Certificate, Certificate.id == Credential.certificate_id)
        .where(Credential.status_list == number, Certificate.state == CertificateState.VALID)
    )
    to_settle = of_list.join(Consequence, Consequence.id == newest).where(
        Consequence.state.in_(SPEAKS_AGAINST)
    )
    return to_settle.union(of_list.where(on_taken_down()))


_SET: dict[Purpose, Callable[[int], Any]] = {
    Purpose.REVOCATION: _by_state(CertificateState.REVOKED, CertificateState.REPLACED),
    Purpose.SUSPENSION: _looked_into,
    Purpose.REFRESH: _by_state(CertificateState.REPLACED),
}


STANDARDS = "https://www.osta.org.cn/skillStandard"
"""The page of the national standards of occupations: 技能人才评价工作网, 国家职业标准.

Its former address, http://biaozhun.osta.org.cn/, has no HTTPS.
"""


def _unsigned_credential(
    certificate: Certificate, did: str, address: str, place: StatusPlace
) -> dict[str, Any]:
    """The credential, still to be signed. Raises ValueError for an ID number in any text.

    What is random in it follows from the certificate and the installation's key, so that it
    comes out the same where a backup from before it was made is put back.
    """
    competition = certificate.competition
    # What rests on another ground than results says nothing of them.
    versions = publications(competition) if certificate.claim_id is None else ()
    publication = version_at(versions, certificate.issued_at)
    event = _event(certificate, publication) if publication else None
    badge = Badge(
        id=f"urn:uuid:{_uuid(certificate, 'credential')}",
        achievement=f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, _achieved(certificate, did))}",
        issuer=Issuer(
            did,
            certificate.face.get("body") or competition.issuer,
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


def _event(certificate: Certificate, publication: Publication) -> tuple[Event, EventResults] | None:
    """The published rules and results of the event that the certificate is for, or None."""
    entrant, named = certificate.entrant, certificate.face.get("event")
    if entrant is not None:
        return published_event(publication, entrant.event.code)
    events = read_snapshot(publication)[0].events
    code = next((rules.code for rules in events if rules.name == named), None)
    return published_event(publication, code) if code is not None else None


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
