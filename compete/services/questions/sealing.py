"""Papers under seal: sealed by two, and opened by two of another hand, from a moment on."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Annotated

from sqlalchemy import select

from compete.domain.values.messages import Message, msg
from compete.domain.values.rights import Right
from compete.models import Account, ExamPaper, PaperSeal, db, utc_now
from compete.services.accounts.access import may_in_bank
from compete.services.accounts.second_persons import why_not_second
from compete.services.kernel import audit
from compete.services.kernel.clock import moment_words, read_wall_clock
from compete.services.kernel.fields import Setting
from compete.services.kernel.refusal import FieldRefused, Refused, refuse_if
from compete.services.kernel.transactions import unit_of_work
from compete.services.questions.bank_rights import require_in_bank

_BEFORE = msg("已经办过了")


@dataclass(frozen=True, slots=True)
class SealFields:
    """Until when a paper stays under seal."""

    opens_at: Annotated[
        str,
        Setting(
            msg("几点起可以开"),
            msg("这以前谁都打不开，提前也不行"),
            clock="moment",
            needed=msg("写几点起可以开"),
        ),
    ]


def seal_of_paper(paper: ExamPaper) -> PaperSeal | None:
    """The seal of a paper, asked for, closed or opened; None where there is none."""
    query = select(PaperSeal).where(PaperSeal.paper_id == paper.id, PaperSeal.ended_at.is_(None))
    return db.session.scalar(query)


def closed_among(papers: Collection[ExamPaper]) -> frozenset[int]:
    """The numbers of those papers that are under seal."""
    numbers = [it.id for it in papers]
    query = select(PaperSeal.paper_id).where(
        PaperSeal.paper_id.in_(numbers),
        PaperSeal.agreed_at.is_not(None),
        PaperSeal.opened_at.is_(None),
    )
    return frozenset(db.session.scalars(query))


def why_sealed(paper: ExamPaper) -> Message | None:
    """Say from when on two open the paper; None where it is under no seal."""
    seal = seal_of_paper(paper)
    if seal is None or not seal.is_closed:
        return None
    return msg("这份卷封着，%(at)s 起由两个人打开", at=moment_words(seal.opens_at))


def refuse_if_sealed(paper: ExamPaper) -> None:
    """Raise `Refused` where the paper is under seal: whoever asks is shown none of it."""
    refuse_if(why_sealed(paper))


def ask_to_seal(paper: ExamPaper, fields: SealFields, by: Account) -> PaperSeal:
    """Ask for the seal: of a paper that meets its table, whose draft is what is to be sat."""
    require_in_bank(by, paper.bank, Right.ASSEMBLE_PAPERS)
    opens_at = read_wall_clock(fields.opens_at)
    if opens_at is None or opens_at <= utc_now():
        raise FieldRefused("opens_at", msg("写一个以后的时间"))
    with unit_of_work() as session:
        audit.claim_chain(None)
        paper = session.get_one(ExamPaper, paper.id, populate_existing=True)
        if not paper.is_met:
            raise Refused(msg("不合方案的卷不封"))
        if paper.used_on is not None:
            raise Refused(msg("考过的卷不封"))
        if seal_of_paper(paper) is not None:
            raise Refused(_BEFORE)
        seal = PaperSeal(paper_id=paper.id, opens_at=opens_at, asked_by=by.id)
        seal.paper = paper
        session.add(seal)
        _record(seal, "bank.ask_seal", by)
    return seal


def why_not_agree_to_seal(seal: PaperSeal, by: Account) -> Message | None:
    """Say why somebody is no second person for the seal; None: they are."""
    if not may_in_bank(by, seal.paper.bank, Right.KEEP_QUESTIONS):
        return msg("等一个保密员同意")
    if seal.asked_by == by.id:
        return msg("自己要封的，请另一个保密员同意")
    return why_not_second(seal.asked_by, by)


def agree_to_seal(seal: PaperSeal, by: Account) -> None:
    """Close the seal, as the second of two."""
    require_in_bank(by, seal.paper.bank, Right.KEEP_QUESTIONS)
    with unit_of_work() as session:
        audit.claim_chain(None)
        seal = session.get_one(PaperSeal, seal.id, populate_existing=True)
        if seal.agreed_at is not None or seal.ended_at is not None:
            raise Refused(_BEFORE)
        refuse_if(why_not_agree_to_seal(seal, by))
        seal.agreed_by, seal.agreed_at = by.id, utc_now()
        _record(seal, "bank.seal", by)


def drop_seal(seal: PaperSeal, by: Account) -> None:
    """Drop what was asked for, while nobody agreed."""
    if seal.asked_by != by.id:
        require_in_bank(by, seal.paper.bank, Right.KEEP_QUESTIONS)
    with unit_of_work() as session:
        audit.claim_chain(None)
        seal = session.get_one(PaperSeal, seal.id, populate_existing=True)
        if seal.agreed_at is not None or seal.ended_at is not None:
            raise Refused(_BEFORE)
        seal.ended_at = utc_now()
        _record(seal, "bank.drop_seal", by)


def why_not_open(seal: PaperSeal, by: Account) -> Message | None:
    """Say why somebody does not open the seal now, as the first or the second; None: they do."""
    if not may_in_bank(by, seal.paper.bank, Right.SEE_PAPERS):
        return msg("打开的是组卷人和保密员")
    if utc_now() < seal.opens_at:
        return msg("%(at)s 起才能打开", at=moment_words(seal.opens_at))
    if by.id in (seal.paper.made_by, seal.asked_by):
        return msg("组这份卷、要封它的人不打开，请另两个人来")
    if seal.open_asked_by == by.id:
        return msg("你先开了一道，等第二个人")
    # Whom the maker brought in is no other hand.
    firsts = (seal.paper.made_by, seal.asked_by, seal.open_asked_by)
    reasons = (why_not_second(it, by) for it in dict.fromkeys(firsts) if it is not None)
    return next((why for why in reasons if why is not None), None)


def open_seal(seal: PaperSeal, by: Account) -> bool:
    """Open the seal: the first of two asks, the second opens it; True once it is open."""
    require_in_bank(by, seal.paper.bank, Right.SEE_PAPERS)
    with unit_of_work() as session:
        audit.claim_chain(None)
        seal = session.get_one(PaperSeal, seal.id, populate_existing=True)
        if not seal.is_closed:
            raise Refused(_BEFORE)
        refuse_if(why_not_open(seal, by))
        if seal.open_asked_by is None:
            seal.open_asked_by, seal.open_asked_at = by.id, utc_now()
            _record(seal, "bank.ask_open", by)
        else:
            seal.opened_by, seal.opened_at = by.id, utc_now()
            _record(seal, "bank.open", by)
    return seal.opened_at is not None


def _record(seal: PaperSeal, action: str, by: Account) -> None:
    db.session.flush()
    after = {"name": seal.paper.name, "opens_at": seal.opens_at.isoformat()}
    audit.record(None, by, action, seal.paper.bank.code, after=after)
