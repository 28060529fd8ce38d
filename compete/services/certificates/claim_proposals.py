"""Proposing grades on other grounds: who, on what evidence, and what is refused.

Of many people at once a job does it, part by part, and so it puts up and approves them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import msgspec
from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload, selectinload

from compete.domain.bundle.event_types import Occupation
from compete.domain.grades.ladder import GRADES, Ladder, grade_face, grade_label
from compete.domain.values.canonical import sealed_text
from compete.domain.values.claim_states import (
    GROUND_WORDS,
    OFFERED_GROUNDS,
    ClaimState,
    GradeGround,
)
from compete.domain.values.messages import listed, msg
from compete.models import (
    Account,
    ClaimDocument,
    Competition,
    Entrant,
    Examinee,
    GradeClaim,
    IssuingBody,
    Job,
    Member,
    db,
)
from compete.models.types import keyed_hash
from compete.services.awards.holders import whose
from compete.services.certificates.claims import (
    decide_claims,
    put_up_claims,
    record_claims,
    terms_of,
)
from compete.services.certificates.double_grades import check_once
from compete.services.certificates.examinees import (
    Candidate,
    enter_examinees,
    examinee_from,
    known_examinees,
)
from compete.services.certificates.grades_due import not_filed, require_id_number
from compete.services.certificates.issuing_bodies import is_filed, required_body
from compete.services.directory.occupations.claims import required_occupation, shared_ladder
from compete.services.jobs.queue import ask_for
from compete.services.jobs.running import Run, work_for
from compete.services.kernel.event_rules import ladder_of
from compete.services.kernel.kinds_with_results import require_results
from compete.services.kernel.numbering import add_numbered
from compete.services.kernel.participants import takes_part
from compete.services.kernel.refusal import Refused, invalid
from compete.services.kernel.text_limits import check_text, reason_text
from compete.services.kernel.transactions import changing, for_update, unit_of_work
from compete.services.sheets.counts import MOST_ROWS
from compete.services.sheets.sent_documents import SentDocument, read_document

LONGEST_CLAUSE, LONGEST_FACTS, LONGEST_TRACK = 200, 500, 100
MOST_AT_ONCE = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A claim as proposed: the grade, on what ground, what was found.

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
    claim = _complete_claim(competition, claim)
    kept = read_document(claim.document) if claim.document else None
    with changing(competition) as competition:
        document = _keep_document(competition, kept, by) if kept is not None else None
        return _propose_people(competition, claim, document, by)


def _complete_claim(competition: Competition, claim: Claim) -> Claim:
    """The same with its texts in order, nobody twice.

    Raises `Refused` (INVALID) for what is missing or too long.
    """
    clause, facts = " ".join(claim.clause.split()), reason_text(claim.facts)
    check_text(clause, LONGEST_CLAUSE)
    check_text(facts, LONGEST_FACTS)
    if claim.occupation is not None:
        check_text(claim.occupation.track or "", LONGEST_TRACK)
    wanted = list(dict.fromkeys(claim.people))
    terms = terms_of(competition, claim.ground)
    _require_offered(claim.ground)
    for there, lacking in (
        (wanted or claim.examinees, msg("还没选人")),
        (not claim.examinees or claim.occupation, msg("要选职业")),
        (claim.grade in GRADES, msg("要选认定到哪一级")),
        (clause, msg("要写依据的文件和条款")),
        (facts, msg("要写认定的情况")),
        (
            claim.document or not terms.document,
            msg("%(ground)s要附证明材料", ground=GROUND_WORDS[claim.ground]),
        ),
    ):
        if not there:
            raise invalid(lacking)
    if len(wanted) + len(claim.examinees) > MOST_AT_ONCE:
        raise invalid(msg("一次最多 %(most)s 人", most=MOST_AT_ONCE))
    return replace(claim, people=wanted, clause=clause, facts=facts)


def _keep_document(competition: Competition, kept: SentDocument, by: Account) -> ClaimDocument:
    """The evidence, checked; inside a unit of work."""
    document = ClaimDocument(
        competition_id=competition.id,
        document=kept.content,
        media=kept.media,
        sha256=kept.sha256,
        made_by=by.id,
    )
    db.session.add(document)
    db.session.flush()
    return document


def _check_proposal(competition: Competition, claim: Claim) -> None:
    """Raise what `_propose_people` would; writes nothing."""
    known = known_examinees(competition, claim.examinees)
    examinees = []
    for place, candidate in enumerate(claim.examinees):
        there = known.get(candidate.id_number)
        holder = whose(there) if there is not None else f"new:{place}"
        examinees.append((examinee_from(candidate, competition, f"#{place}"), holder))
    _check(competition, _rows(competition, claim, examinees))


def _propose_people(
    competition: Competition, claim: Claim, document: ClaimDocument | None, by: Account
) -> list[GradeClaim]:
    """Add one claim for each, with the evidence; inside a unit of work that holds the competition.

    `claim` is a `_complete_claim`. Raises `Refused` (CONFLICT) with the name of whom it is about.
    """
    session = db.session
    with session.no_autoflush:
        entered = enter_examinees(competition, claim.examinees, by)
        rows = _rows(competition, claim, [(examinee, whose(examinee)) for examinee in entered])
        for row in rows:
            row.competition, row.document, row.proposed_by = competition, document, by.id
        _check(competition, rows)
    add_numbered(rows)
    session.flush()
    record_claims(rows, by, "claim.propose")
    return rows


def _rows(
    competition: Competition, claim: Claim, examinees: Sequence[tuple[Examinee, str]]
) -> list[GradeClaim]:
    """Make a row for each who takes part, then for each examinee with the holder's key."""
    rows = [
        GradeClaim(
            event_id=entrant.event_id,
            event=entrant.event,
            entrant=entrant,
            member=member,
            holder=whose(member or entrant),
        )
        for entrant, member in _people(competition, claim.people)
    ]
    for examinee, holder in examinees:
        occupation = claim.occupation
        assert occupation is not None  # `_complete_claim`
        fields = {"code": occupation.code, "name": occupation.name, "track": occupation.track}
        rows.append(GradeClaim(examinee=examinee, occupation=fields, holder=holder))
    for row in rows:
        row.ground, row.grade = claim.ground, claim.grade
        row.clause, row.facts, row.present_grade = claim.clause, claim.facts, row.person.grade
    return rows


def _people(competition: Competition, codes: Sequence[str]) -> list[tuple[Entrant, Member | None]]:
    """The people in the order of the codes. `Refused` with the first that nobody listed has."""
    people: dict[str, tuple[Entrant, Member | None]] = {}
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
        .options(joinedload(Entrant.unit), joinedload(Entrant.event), selectinload(Entrant.members))
    ):
        if not entrant.members:
            people[entrant.code] = entrant, None
        for member in entrant.members:
            people[member.code] = entrant, member
    for code in codes:
        person = people.get(code)
        if person is None:
            raise Refused(msg("名单里没有 %(code)s，组合要写队员的号", code=code[:20]))
        if (person[1] or person[0]).erased_at is not None:
            raise Refused(msg("%(code)s 的个人资料已经删除", code=code))
    return [people[code] for code in codes]


def _require_offered(ground: GradeGround) -> None:
    """Raise `Refused` for an assessment: since there are evaluations, one is what it is."""
    if ground not in OFFERED_GROUNDS:
        raise Refused(
            msg("考核认定不在这里提：新建一次等级认定来办，申报条件、合格线和成绩都按标准核对")
        )


def _check(competition: Competition, rows: Sequence[GradeClaim]) -> None:
    require_results(competition)
    body = required_body(competition)
    for row in rows:
        # A job that another version was asked for comes here alone.
        _require_offered(row.ground)
    shared = shared_ladder(competition)
    for row in rows:
        _check_one(body, row, ladder_of(row.event) if row.event is not None else shared)
    check_once(rows)


def _check_one(body: IssuingBody, row: GradeClaim, ladder: Ladder) -> None:
    person = row.person
    check_filed(body, required_occupation(row), row.grade, ladder)
    require_id_number(person)
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


def check_filed(body: IssuingBody, occupation: Occupation, grade: int, ladder: Ladder) -> None:
    """Raise `Refused` for an occupation or a grade outside the body's filed scope."""
    if not is_filed(body, occupation, grade):
        raise Refused(not_filed(body, listed([f"{occupation.name} {grade_face(grade, ladder)}"])))


PROPOSE_CLAIMS, MOVE_CLAIMS = "claims.propose", "claims.move"


def propose_or_ask(
    competition: Competition, claim: Claim, by: Account
) -> Sequence[GradeClaim] | Job:
    """Propose where that is quickly done; else the job that does it, once all of it was checked.

    Raises `Refused` in either case as `propose_claims` does.
    """
    if len(claim.people) + len(claim.examinees) <= MOST_ROWS:
        return propose_claims(competition, claim, by)
    claim = _complete_claim(competition, claim)
    kept = read_document(claim.document) if claim.document else None
    _check_proposal(competition, claim)
    number = None
    if kept is not None:
        with unit_of_work():
            number = _keep_document(for_update(competition), kept, by).id
    private = sealed_text(msgspec.to_builtins(replace(claim, document=b""))).decode()
    return ask_for(
        *(competition, PROPOSE_CLAIMS, by, keyed_hash(private), {"document": number}),
        private=private,
        still=lambda _competition: None,
    )


@work_for(PROPOSE_CLAIMS)
def _propose(run: Run) -> None:
    claim = msgspec.json.decode(run.private or "", type=Claim)
    people = len(claim.people)
    done, total = int(run.kept.get("proposed", 0)), people + len(claim.examinees)
    while done < total:
        run.step(msg("提出等级认定"), done, total)
        with run.writing() as session:
            end = min(done + run.portion, total)
            part = replace(
                claim,
                people=claim.people[done:end],
                examinees=claim.examinees[max(0, done - people) : max(0, end - people)],
            )
            number = run.arguments["document"]
            document = session.get_one(ClaimDocument, number) if number is not None else None
            _propose_people(run.competition, part, document, run.by)
            done = end
            run.keep(done, proposed=done)
        db.session.rollback()
    with run.writing():
        run.finish(number=total)


_TITLES = {ClaimState.NOTICE: msg("开始公示"), ClaimState.APPROVED: msg("批准等级")}


def _move_claims(competition: Competition, ids: Sequence[int], to: ClaimState, by: Account) -> int:
    if to is ClaimState.NOTICE:
        return put_up_claims(competition, ids, by)
    return decide_claims(competition, ids, to, by)


def move_or_ask(
    competition: Competition, ids: Sequence[int], to: ClaimState, by: Account
) -> int | Job:
    """Put up or approve these where that is quickly done, else the job that does it.

    Returns how many. Raises `Refused` and `MoveError` as `put_up_claims` and `decide_claims` do.
    """
    if len(ids) <= MOST_ROWS:
        return _move_claims(competition, ids, to, by)
    asked = {"to": to.value, "ids": list(ids)}
    return ask_for(competition, MOVE_CLAIMS, by, to.value, asked, still=lambda _competition: None)


@work_for(MOVE_CLAIMS)
def _move(run: Run) -> None:
    to = ClaimState(run.arguments["to"])
    ids, done = run.arguments["ids"], int(run.kept.get("moved", 0))
    while done < len(ids):
        run.step(_TITLES[to], done, len(ids))
        with run.writing():
            done += _move_claims(run.competition, ids[done : done + run.portion], to, run.by)
            run.keep(done, moved=done)
        db.session.rollback()
    with run.writing():
        run.finish(number=len(ids))
