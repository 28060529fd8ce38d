"""Proposing grades on other grounds: who, on what evidence, and what is refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from compete.domain.bundle import Occupation
from compete.domain.grades import GRADES, Ladder, grade_face, grade_label
from compete.domain.values import (
    GROUND_WORDS,
    GradeGround,
    listed,
    msg,
)
from compete.models import (
    Account,
    ClaimDocument,
    Competition,
    Entrant,
    GradeClaim,
    IssuingBody,
    Member,
    db,
)
from compete.services.certificates.claims import record_claim, terms_of
from compete.services.certificates.claims_once import (
    check_once,
    ladder_of_claim,
    required_occupation,
)
from compete.services.certificates.examinees import Candidate, enter_examinees
from compete.services.certificates.issuing_bodies import body_for, is_filed
from compete.services.certificates.rows import whose
from compete.services.kernel import (
    Refusal,
    Refused,
    check_text,
    for_update,
    reason_text,
    takes_part,
    unit_of_work,
)
from compete.services.sheets import read_document

LONGEST_CLAUSE, LONGEST_FACTS, LONGEST_TRACK = 200, 500, 100
MOST_AT_ONCE = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What is proposed for people: the grade, on what ground, what was found.

    `people` are codes of who takes part, of one event; or `examinees` are people who do not,
    all for `occupation`. `document` is the evidence as it was sent, empty for none.
    """

    people: Sequence[str] = ()
    examinees: Sequence[Candidate] = ()
    occupation: Occupation | None = None
    ground: GradeGround
    grade: int
    clause: str
    facts: str
    document: bytes = b""


def propose_claims(competition: Competition, claim: Claim, by: Account) -> list[GradeClaim]:
    """Propose the grade for these people, all or none.

    Raises `Refused`, with the name of whom it is about: INVALID for what is missing or cannot be;
    CONFLICT for who is not on the list, has the grade already or is about to, or for an
    occupation and grade that the issuing body is not filed for.
    """
    clause, facts = " ".join(claim.clause.split()), reason_text(claim.facts)
    check_text(clause, LONGEST_CLAUSE)
    check_text(facts, LONGEST_FACTS)
    if claim.occupation is not None:
        check_text(claim.occupation.track or "", LONGEST_TRACK)
    wanted = list(dict.fromkeys(claim.people))
    terms = terms_of(competition, claim.ground)
    for there, lacking in (
        (wanted or claim.examinees, msg("还没选人")),
        (not claim.examinees or claim.occupation, msg("要选职业")),
        (claim.grade in GRADES, msg("要选认定到哪一级")),
        (clause, msg("要写依据的文件和条款")),
        (facts, msg("要写认定的情况，如考核时间和成绩")),
        (
            claim.document or not terms.document,
            msg("%(ground)s要附证明材料", ground=GROUND_WORDS[claim.ground]),
        ),
    ):
        if not there:
            raise Refused(lacking, kind=Refusal.INVALID)
    if len(wanted) + len(claim.examinees) > MOST_AT_ONCE:
        raise Refused(msg("一次最多 %(most)s 人", most=MOST_AT_ONCE), kind=Refusal.INVALID)
    kept = read_document(claim.document) if claim.document else None
    with unit_of_work() as session:
        competition = for_update(competition)
        body = _body(competition)
        document = None
        if kept is not None:
            document = ClaimDocument(
                competition_id=competition.id,
                document=kept.content,
                media=kept.media,
                sha256=kept.sha256,
                made_by=by.id,
            )
            session.add(document)
            session.flush()
        made = []
        for row in _rows(competition, wanted, claim, by):
            person = row.person
            row.competition, row.ground, row.grade = competition, claim.ground, claim.grade
            row.holder, row.present_grade = whose(person), person.grade
            row.clause, row.facts, row.document = clause, facts, document
            row.proposed_by = by.id
            with session.no_autoflush:
                _check(body, row)
            session.add(row)
            session.flush()
            made.append(row)
        for row in made:
            record_claim(row, by, "claim.propose", None)
    return made


def _rows(
    competition: Competition, wanted: Sequence[str], claim: Claim, by: Account
) -> list[GradeClaim]:
    """One for each person, saying whose it is and of what."""
    made = [
        GradeClaim(event_id=entrant.event_id, event=entrant.event, entrant=entrant, member=member)
        for entrant, member in _people(competition, wanted)
    ]
    if claim.occupation is not None and claim.examinees:
        occupation = claim.occupation
        said = {"code": occupation.code, "name": occupation.name, "track": occupation.track}
        made += [
            GradeClaim(examinee=examinee, occupation=said)
            for examinee in enter_examinees(competition, claim.examinees, by)
        ]
    return made


def _body(competition: Competition) -> IssuingBody:
    body = body_for(competition)
    if body is None:
        raise Refused(msg("还没填评价机构，等级证书编不了号。"))
    return body


def _people(competition: Competition, codes: Sequence[str]) -> list[tuple[Entrant, Member | None]]:
    """In the order of the codes. `Refused` with the first that nobody on the list has."""
    found: dict[str, tuple[Entrant, Member | None]] = {}
    for entrant in db.session.scalars(
        select(Entrant)
        .where(
            Entrant.competition_id == competition.id,
            takes_part(),
            or_(
                Entrant.code.in_(codes),
                Entrant.id.in_(select(Member.entrant_id).where(Member.code.in_(codes))),
            ),
        )
        .options(joinedload(Entrant.unit))
    ):
        if not entrant.members:
            found[entrant.code] = entrant, None
        for member in entrant.members:
            found[member.code] = entrant, member
    for code in codes:
        person = found.get(code)
        if person is None:
            raise Refused(msg("名单里没有 %(code)s，组合要写队员的号", code=code[:20]))
        if (person[1] or person[0]).erased_at is not None:
            raise Refused(msg("%(code)s 的个人资料已经删除", code=code))
    return [found[code] for code in codes]


def _check(body: IssuingBody, row: GradeClaim) -> None:
    person, ladder = row.person, ladder_of_claim(row)
    check_filed(body, required_occupation(row), row.grade, ladder)
    if not person.id_number:
        raise Refused(msg("%(name)s 没有证件号码，不能发等级证书", name=person.name))
    has = person.grade if person.grade in GRADES else None
    if row.ground is GradeGround.RENEWAL:
        if has != row.grade:
            raise Refused(
                msg(
                    "%(name)s 现在是%(now)s，复核换证只能换同一级",
                    name=person.name,
                    now=grade_label(has, ladder),
                )
            )
        if not person.certificate:
            raise Refused(msg("%(name)s 没有登记现有证书的编号，不能复核换证", name=person.name))
    elif has is not None and row.grade >= has:
        raise Refused(
            msg(
                "%(name)s 现在已经是%(now)s，不能再认定到%(to)s",
                name=person.name,
                now=grade_label(has, ladder),
                to=grade_label(row.grade, ladder),
            )
        )
    check_once(row)


def check_filed(body: IssuingBody, occupation: Occupation, grade: int, ladder: Ladder) -> None:
    """Raise `Refused` for an occupation or a grade outside the body's filed scope."""
    if not is_filed(body, occupation, grade):
        raise Refused(
            msg(
                "“%(body)s”没有备案 %(what)s，不能发证。请管理员补上它的备案范围，"
                "或者换一家评价机构",
                body=body.name,
                what=listed([f"{occupation.name} {grade_face(grade, ladder)}"]),
            )
        )
