"""The second person's word on the same day: both there at one device, or by a signed paper.

All that waits for a second person can be agreed to so (`pending_approvals`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from compete.domain.values.messages import Message, msg
from compete.domain.values.rights import Right
from compete.domain.values.upload_limits import LARGEST_PAPER_PHOTO
from compete.models import Account, Competition, Publication, Revocation, SignedPaper, db, utc_now
from compete.services.accounts.access import may
from compete.services.accounts.second_persons import (
    SecondWord,
    holders_of,
    is_of_one_hand,
    on_paper,
    say_present,
)
from compete.services.competitions.pending_approvals import PendingApproval, asked_by
from compete.services.kernel import audit
from compete.services.kernel.clock import moment_words
from compete.services.kernel.refusal import Refused, invalid
from compete.services.kernel.transactions import changing, unit_of_work
from compete.services.sheets.photo_files import clean_picture

COUNTERSIGN_WITHIN = timedelta(hours=24)


def seconds_for(competition: Competition, by: Account) -> Sequence[Account]:
    """List who could give the second word beside this person, whatever stands in the way today."""
    rights = second_rights(competition, by)
    people = dict.fromkeys(person for right in rights for person in holders_of(competition, right))
    return [person for person in people if person.id != by.id]


def who_can_together(
    competition: Competition, act: PendingApproval, seconds: Sequence[Account], by: Account
) -> list[Account]:
    """List who of them can agree at the device of `by`, who asked, both being there."""
    return [
        person
        for person in seconds
        if may(person, competition, act.word.right)
        and person.id not in act.word.but
        and not (act.word.grave and is_of_one_hand(by.id, person))
    ]


def second_rights(competition: Competition, by: Account) -> list[Right]:
    """List the rights of the second beside this person: arbiters are it to each other."""
    beside = {Right.FOLLOW_PAPER: Right.AGREE, Right.FIRST_WORD: Right.FIRST_WORD}
    return [right for own, right in beside.items() if may(by, competition, own)]


def agree_in_person(
    competition: Competition, key: str, second: Account, by: Account, *, seen: str | None = None
) -> PendingApproval:
    """The second agrees at the first one's device; both just gave their own PIN or password.

    `seen` is the mark of what the page showed: to what was asked later nobody has agreed. Raises
    `Refused` where the PIN was not set on a device of their own, and as the act does.
    """
    with unit_of_work():
        act = _act(competition, key, second, by, seen)
        say_present(competition, by)
        say_present(competition, second)
        act.agree(second)
    return act


def agree_on_paper(
    competition: Competition,
    key: str,
    second: Account,
    photo: bytes,
    by: Account,
    *,
    seen: str | None = None,
) -> SignedPaper:
    """The act is done by a paper that the second signed; somebody countersigns within a day.

    `seen` as in `agree_in_person`. Raises `Refused` (INVALID) without a photo, (CONFLICT) for
    what nobody could mend afterwards, and as the act does.
    """
    if not photo:
        raise invalid(msg("签字件要拍一张照片"))
    picture = clean_picture(photo, LARGEST_PAPER_PHOTO).data
    with unit_of_work() as session:
        act = _act(competition, key, second, by, seen)
        if not act.by_paper:
            raise Refused(msg("这件事办了收不回来，要两个人当面办"))
        paper = SignedPaper(
            competition_id=competition.id,
            act=act.key,
            what=act.what.render(),
            first_id=by.id,
            second_id=second.id,
            photo=picture,
            due_at=utc_now() + COUNTERSIGN_WITHIN,
        )
        session.add(paper)
        session.flush()
        with on_paper(paper):
            after = {
                "asked": audit.signer(by),
                "act": paper.act,
                "what": paper.what,
                "due": moment_words(paper.due_at).render(),
            }
            audit.record(competition, second, "second.paper", paper.act, after=after, bends=True)
            act.agree(second)
    return paper


def countersign(paper: SignedPaper, by: Account) -> None:
    """Countersign: another person says that the paper is what was agreed to.

    Raises `Refused` for the first one, who does not count as another, or has no right to. For
    what is grave nobody counts whose way in came from the first one: the paper stays open.
    """
    with changing(paper.competition) as competition:
        paper = db.session.get_one(SignedPaper, paper.id, populate_existing=True)
        if paper.countersigned_at is not None:
            raise Refused(msg("已经补签过了"))
        _countersign_word(paper).require(by)
        paper.countersigned_by, paper.countersigned_at = by.id, utc_now()
        after = {"act": paper.act, "what": paper.what}
        audit.record(competition, by, "second.countersign", paper.act, after=after, bends=True)


def why_not_countersign(paper: SignedPaper, by: Account) -> Message | None:
    """Say why this person does not countersign, and who does; None: may."""
    return _countersign_word(paper).why_not(by, handed_in=True)


def _countersign_word(paper: SignedPaper) -> SecondWord:
    """The conditions of countersigning it."""
    return SecondWord(
        paper.competition,
        paper.first_id,
        right=_right_for(paper),
        grave=_is_grave(paper),
        own=msg("这是你交的，要另一个人来补签"),
    )


def may_see_paper(paper: SignedPaper, by: Account) -> bool:
    """True if the paper is shown to this person: who sees the desk, or may countersign it."""
    return any(may(by, paper.competition, right) for right in (Right.SEE, _right_for(paper)))


def signed_papers(competition: Competition) -> Sequence[SignedPaper]:
    """List every signed paper: those that are open first, then the newest."""
    rows = db.session.scalars(
        select(SignedPaper)
        .where(SignedPaper.competition_id == competition.id)
        .options(joinedload(SignedPaper.first), joinedload(SignedPaper.second))
        .order_by(SignedPaper.id.desc())
    ).all()
    return sorted(rows, key=lambda row: row.countersigned_at is not None)


def uncountersigned(competition: Competition) -> list[SignedPaper]:
    """The signed papers that wait for somebody to countersign them, the newest first."""
    return [row for row in signed_papers(competition) if row.countersigned_at is None]


def is_overdue(paper: SignedPaper) -> bool:
    """True if somebody ought to have countersigned it by now."""
    return paper.countersigned_at is None and paper.due_at < utc_now()


def _right_for(paper: SignedPaper) -> Right:
    """The right needed to countersign it: of a decision on an appeal, to decide on it."""
    return Right.FIRST_WORD if paper.act.startswith("appeal:") else Right.AGREE


def _is_grave(paper: SignedPaper) -> bool:
    """True if it did what two of one hand never do: early final, terms, opening what is out."""
    kind, _colon, number = paper.act.partition(":")
    if kind == "revoke":
        return db.session.get_one(Revocation, int(number)).strike
    out = select(Publication.id).where(
        Publication.competition_id == paper.competition_id,
        Publication.published_at <= paper.made_at,
    )
    return kind in ("final", "terms") or (
        kind == "lock" and db.session.scalar(out.limit(1)) is not None
    )


def _act(
    competition: Competition, key: str, second: Account, by: Account, seen: str | None
) -> PendingApproval:
    waiting = next((act for act in asked_by(competition, by) if act.key == key), None)
    if waiting is None or seen not in (None, waiting.mark):
        raise Refused(msg("没有等着同意的，请刷新"))
    if not may(second, competition, waiting.word.right):
        raise invalid(msg("%(name)s不能同意这件事", name=second.name))
    return waiting
