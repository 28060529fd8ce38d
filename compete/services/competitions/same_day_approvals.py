"""The second person's word on the same day: both there at one device, or by a signed paper.

`waiting_acts` is the table of what can be agreed to so. Everything else is agreed to on the second
person's own device, once both said that they are there (`accounts.say_present`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from compete.domain.values.messages import Message, msg
from compete.domain.values.rights import Right
from compete.domain.values.states import ConsequenceState, DecisionState
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
from compete.services.appeals.appeal_states import appeals_of, proposed_decision
from compete.services.appeals.arbiter_recusals import instance_of
from compete.services.appeals.decisions import agree as agree_decision
from compete.services.appeals.decisions import appeal_word
from compete.services.certificates.revoking import (
    agree_revocation,
    open_revocations,
    revocation_word,
)
from compete.services.certificates.settling import agree as agree_kept
from compete.services.certificates.settling import keep_word
from compete.services.closing.module_locks import confirm_unlock, unlock_word
from compete.services.closing.penalties_and_outcomes import (
    KIND_WORDS,
    confirm_proposal,
    decision_label,
    decision_word,
    decisions_of,
)
from compete.services.closing.playoffs import confirm_playoff, playoff_word, playoffs_of
from compete.services.competitions.details import agree_terms, terms_word, waiting_terms
from compete.services.kernel import audit
from compete.services.kernel.clock import moment_words
from compete.services.kernel.event_rules import module_title, rules_of
from compete.services.kernel.refusal import Refused, invalid
from compete.services.kernel.transactions import changing, unit_of_work
from compete.services.results.consequences import consequences_of
from compete.services.results.result_moves import agree_final, final_word
from compete.services.results.result_stands import stands_of
from compete.services.schedule.draw_ceremonies import ceremonies_of
from compete.services.schedule.draw_ends import agree_end, draw_end_word
from compete.services.schedule.drawn_places import paper_draws
from compete.services.sheets.locks_in_force import standing_locks
from compete.services.sheets.photo_files import clean_picture

COUNTERSIGN_WITHIN = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class WaitingAct:
    """An act that one person asked for: `key` names it, `word` is what agreeing takes."""

    key: str
    what: Message
    word: SecondWord
    agree: Callable[[Account], object]


def waiting_acts(competition: Competition, by: Account) -> list[WaitingAct]:
    """List the acts that this person asked for and another has to agree to."""
    kinds = (
        _unlocks,
        _decisions,
        _playoffs,
        _early,
        _terms,
        _waiting_keeps,
        _revocations,
        _appeals,
        _draws,
    )
    return [act for kind in kinds for act in kind(competition) if act.word.first == by.id]


def seconds_for(competition: Competition, by: Account) -> Sequence[Account]:
    """List who could give the second word beside this person, whatever stands in the way today."""
    rights = second_rights(competition, by)
    people = dict.fromkeys(person for right in rights for person in holders_of(competition, right))
    return [person for person in people if person.id != by.id]


def who_can_together(
    competition: Competition, act: WaitingAct, seconds: Sequence[Account], by: Account
) -> list[Account]:
    """List who of them can agree at the device of `by`, who asked, both being there."""
    return [
        person
        for person in seconds
        if may(person, competition, act.word.right)
        and not (act.word.grave and is_of_one_hand(by.id, person))
    ]


def second_rights(competition: Competition, by: Account) -> list[Right]:
    """List the rights of the second beside this person: arbiters are it to each other."""
    beside = {Right.FOLLOW_PAPER: Right.AGREE, Right.FIRST_WORD: Right.FIRST_WORD}
    return [right for own, right in beside.items() if may(by, competition, own)]


def agree_in_person(competition: Competition, key: str, second: Account, by: Account) -> WaitingAct:
    """The second agrees at the first one's device; both just gave their own PIN or password.

    Raises `Refused` where the PIN was not set on a device of their own, and as the act does.
    """
    with unit_of_work():
        act = _act(competition, key, second, by)
        say_present(competition, by)
        say_present(competition, second)
        act.agree(second)
    return act


def agree_on_paper(
    competition: Competition, key: str, second: Account, photo: bytes, by: Account
) -> SignedPaper:
    """The act is done by a paper that the second signed; somebody countersigns within a day.

    Raises `Refused` (INVALID) without a photo, and as the act does.
    """
    if not photo:
        raise invalid(msg("签字件要拍一张照片"))
    picture = clean_picture(photo, LARGEST_PAPER_PHOTO).data
    with unit_of_work() as session:
        act = _act(competition, key, second, by)
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


def _act(competition: Competition, key: str, second: Account, by: Account) -> WaitingAct:
    waiting = next((act for act in waiting_acts(competition, by) if act.key == key), None)
    if waiting is None:
        raise Refused(msg("没有等着同意的，请刷新"))
    if not may(second, competition, waiting.word.right):
        raise invalid(msg("%(name)s不能同意这件事", name=second.name))
    return waiting


def _unlocks(competition: Competition) -> Iterator[WaitingAct]:
    for lock in standing_locks(competition):
        if lock.asked_by is not None:
            title = module_title(lock.event, lock.stage, lock.module)
            what, word = msg("解锁“%(module)s”", module=title), unlock_word(competition, lock)
            yield WaitingAct(f"lock:{lock.id}", what, word, partial(confirm_unlock, lock))


def _draws(competition: Competition) -> Iterator[WaitingAct]:
    for draw in ceremonies_of(competition):
        if draw.waits_to_end:
            what = msg("作废“%(name)s”第 %(n)s 次抽签", name=draw.name, n=draw.number)
            yield WaitingAct(f"draw:{draw.id}", what, draw_end_word(draw), partial(agree_end, draw))
    for paper in paper_draws(competition):
        if paper.waits_to_end:
            title = module_title(paper.event, paper.stage, paper.module)
            what, word = msg("作废“%(module)s”纸上的抽签", module=title), draw_end_word(paper)
            yield WaitingAct(f"paper:{paper.id}", what, word, partial(agree_end, paper))


def _playoffs(competition: Competition) -> Iterator[WaitingAct]:
    for row in playoffs_of(competition):
        if row.state is DecisionState.PROPOSED and row.proposer is not None:
            stages = {it.code: it.name for it in rules_of(row.event).stages}
            what = msg("“%(stage)s”同分的先后", stage=stages.get(row.stage, row.stage))
            agree = partial(confirm_playoff, row)
            yield WaitingAct(f"playoff:{row.id}", what, playoff_word(row), agree)


def _decisions(competition: Competition) -> Iterator[WaitingAct]:
    for row in decisions_of(competition):
        if row.state is DecisionState.PROPOSED:
            who = decision_label(row.entrant)
            what = msg("%(kind)s：%(who)s", kind=KIND_WORDS[row.kind], who=who)
            agree = partial(confirm_proposal, row)
            yield WaitingAct(f"decision:{row.id}", what, decision_word(row), agree)


def _early(competition: Competition) -> Iterator[WaitingAct]:
    stands = stands_of(competition)
    for event in competition.events:
        if (asked := stands[event.code].asked_by) is not None:
            what = msg("“%(event)s”提前定为最终成绩", event=event.name)
            word = final_word(competition, asked)
            yield WaitingAct(f"final:{event.code}", what, word, partial(agree_final, event))


def _terms(competition: Competition) -> Iterator[WaitingAct]:
    if waiting_terms(competition) is not None:
        what, word = msg("公示、申诉、发证、复核照提出的改"), terms_word(competition)
        yield WaitingAct("terms", what, word, partial(agree_terms, competition))


def _waiting_keeps(competition: Competition) -> Iterator[WaitingAct]:
    for row in consequences_of(competition):
        if row.state is ConsequenceState.KEEPING:
            what = msg("照原来的保留一件")
            if row.certificate is not None:
                what = msg("保留证书 %(number)s", number=row.certificate.number)
            yield WaitingAct(f"keep:{row.id}", what, keep_word(row), partial(agree_kept, row))


def _revocations(competition: Competition) -> Iterator[WaitingAct]:
    for row in open_revocations(competition):
        number = row.certificate.number
        what = msg("撤销证书 %(number)s", number=number)
        if row.again:
            what = msg("重新发证书 %(number)s", number=number)
        agree = partial(agree_revocation, row.certificate)
        yield WaitingAct(f"revoke:{row.id}", what, revocation_word(row), agree)


def _appeals(competition: Competition) -> Iterator[WaitingAct]:
    for appeal in appeals_of(competition):
        if instance_of(appeal) and (row := proposed_decision(appeal)) is not None:
            what = msg("申诉 %(number)s 的决定", number=f"{appeal.number:02}")
            yield WaitingAct(
                f"appeal:{row.id}", what, appeal_word(row), partial(agree_decision, row)
            )
