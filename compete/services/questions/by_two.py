"""What takes two in a question bank: one asks, a second person agrees, or it is dropped.

`KINDS` says of each kind who may, in which words, what stands against it and what agreeing does.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Annotated, Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from compete.domain.exam.bank import Pool
from compete.domain.values.examination_states import BankRequestKind
from compete.domain.values.messages import Message, msg
from compete.domain.values.rights import Right
from compete.models import (
    Account,
    BankRequest,
    ExamPaper,
    Question,
    QuestionBank,
    db,
    utc_now,
)
from compete.services.accounts.access import may_in_bank
from compete.services.kernel import audit
from compete.services.kernel.clock import moment_words, read_wall_clock
from compete.services.kernel.fields import Setting
from compete.services.kernel.refusal import FieldRefused, Refused, refuse_if
from compete.services.kernel.text_limits import reason_text
from compete.services.kernel.transactions import unit_of_work
from compete.services.questions.bank_rights import require_in_bank, why_of_one_hand
from compete.services.questions.sealing import (
    closed_among,
    moment_of_seal,
    refuse_if_sealed,
    seal_of_paper,
    void_among,
    why_to_sit,
)

GOOD_FOR = timedelta(hours=1)
"""So long after the second word a file can be fetched."""
BEFORE = msg("已经办过了")
_KEEPER = msg("等一个保密员同意")
_WORDS = ("ask", "agree", "drop")


@dataclass(frozen=True, slots=True)
class SealFields:
    """Until when a paper stays under seal."""

    opens_at: Annotated[
        str,
        Setting(
            msg("几点起可以开"),
            msg("这以前要打开，得写为什么"),
            clock="moment",
            needed=msg("写几点起可以开"),
        ),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoKind:
    """A kind of what takes two."""

    asks: Right
    agrees: Right = Right.KEEP_QUESTIONS
    whose: Message = _KEEPER
    """The words for who has not the right to agree."""
    own: Message
    """The words for who asked."""
    waits: Message
    """What waits for the second person."""
    words: tuple[Message, Message, Message]
    """What is said once it was asked for, agreed to, dropped: as `_WORDS` names the records."""
    buttons: tuple[Message, Message]
    """Agree, drop."""
    fault: Callable[[BankRequest], Message | None]
    """Why it cannot be as things stand, at the first word and at the second."""
    done: Callable[[BankRequest], None] = lambda _request: None
    """What agreeing does beside."""
    lasts: bool = False
    """True if it stands on after the second word."""
    why_needed: Message | None = None
    """The words for who asks without a reason, where there must be one."""
    barred: Callable[[BankRequest], Collection[int]] = lambda _request: ()
    """Accounts that say neither word, nor anybody of whose way in they had a hand."""
    barred_words: Message = BEFORE


def _file_fault(request: BankRequest) -> Message | None:
    if request.paper is not None:
        refuse_if_sealed(request.paper)
    if request.id is None and any(
        it.asked_by == request.asked_by for it in open_files(request.bank)
    ):
        return msg("您要的还没有取，先等同意，或者先取走")
    return None


def _seal_fault(request: BankRequest) -> Message | None:
    paper = _paper(request)
    if not paper.is_met:
        return msg("不合方案的卷不封")
    if void_among([paper]):
        return msg("作废的卷不封")
    if paper.used_on is not None:
        return msg("考过的卷不封")
    return BEFORE if seal_of_paper(paper) not in (None, request) else None


def _open_fault(request: BankRequest) -> Message | None:
    paper = _paper(request)
    seal = seal_of_paper(paper)
    if seal is None or not closed_among([paper]):
        return BEFORE
    if is_early(seal) and not request.reason:
        at = moment_words(moment_of_seal(seal))
        return msg("%(at)s 起才能打开，提前要写为什么", at=at)
    return None


def _open(request: BankRequest) -> None:
    seal = seal_of_paper(_paper(request))
    assert seal is not None, "closed, as asked before"
    seal.ended_at = request.agreed_at


def _void_fault(request: BankRequest) -> Message | None:
    paper = _paper(request)
    if paper.used_on is not None:
        return msg("考过的卷不作废")
    return BEFORE if void_among([paper]) else None


def _void(request: BankRequest) -> None:
    query = select(BankRequest).where(
        BankRequest.paper_id == request.paper_id, BankRequest.ended_at.is_(None)
    )
    for it in db.session.scalars(query):
        it.ended_at = request.agreed_at


def _release_fault(request: BankRequest) -> Message | None:
    question = _question(request)
    if question.pool is not Pool.SECRET:
        return msg("已经是练习题")
    return why_to_sit(question)


def _release(request: BankRequest) -> None:
    _question(request).pool = Pool.PRACTICE


def _paper(request: BankRequest) -> ExamPaper:
    assert request.paper is not None, "of a paper"
    return request.paper


def _question(request: BankRequest) -> Question:
    assert request.question is not None, "of a question"
    return request.question


def _of_the_paper(request: BankRequest) -> list[int]:
    """Who made the paper and who asked for its seal."""
    paper = _paper(request)
    seal = seal_of_paper(paper)
    return [paper.made_by, *([seal.asked_by] if seal else ())]


KINDS: Mapping[BankRequestKind, TwoKind] = MappingProxyType(
    {
        BankRequestKind.FILE: TwoKind(
            asks=Right.TAKE_OUT_QUESTIONS,
            own=msg("自己要的，请另一个保密员同意"),
            waits=msg("同意取出"),
            words=(msg("等另一个保密员同意"), msg("同意了，一小时里由要的人取"), msg("没有取出")),
            buttons=(msg("同意"), msg("不取")),
            fault=_file_fault,
            lasts=True,
        ),
        BankRequestKind.SEAL: TwoKind(
            asks=Right.ASSEMBLE_PAPERS,
            own=msg("自己要封的，请另一个保密员同意"),
            waits=msg("同意封卷"),
            words=(_KEEPER, msg("封上了"), msg("没有封")),
            buttons=(msg("同意，封上"), msg("不封")),
            fault=_seal_fault,
            lasts=True,
        ),
        BankRequestKind.OPEN: TwoKind(
            asks=Right.SEE_PAPERS,
            agrees=Right.SEE_PAPERS,
            whose=msg("打开的是组卷人和保密员"),
            own=msg("你先开了一道，等第二个人"),
            waits=msg("打开封着的卷"),
            words=(msg("开了第一道，等第二个人"), msg("打开了"), msg("没有打开")),
            buttons=(msg("第二个人：打开"), msg("不打开")),
            fault=_open_fault,
            done=_open,
            barred=_of_the_paper,
            barred_words=msg("组这份卷、要封它的人不打开，请另两个人来"),
        ),
        BankRequestKind.VOID: TwoKind(
            asks=Right.SEE_PAPERS,
            own=msg("自己要作废的，请另一个保密员同意"),
            why_needed=msg("写明为什么作废"),
            waits=msg("同意作废试卷"),
            words=(_KEEPER, msg("作废了"), msg("没有作废")),
            buttons=(msg("同意，作废"), msg("不作废")),
            fault=_void_fault,
            done=_void,
        ),
        BankRequestKind.RELEASE: TwoKind(
            asks=Right.KEEP_QUESTIONS,
            own=msg("自己要转的，请另一个保密员同意"),
            why_needed=msg("写明为什么转成练习题"),
            waits=msg("同意转成练习题"),
            words=(msg("等另一个保密员同意"), msg("转成了练习题"), msg("还是正式题")),
            buttons=(msg("同意，转"), msg("不转")),
            fault=_release_fault,
            done=_release,
        ),
    }
)


def ask_to_seal(paper: ExamPaper, fields: SealFields, by: Account) -> BankRequest:
    """Ask for the seal of a paper that meets its table, whose draft is what is to be sat."""
    opens_at = read_wall_clock(fields.opens_at)
    if opens_at is None or opens_at <= utc_now():
        raise FieldRefused("opens_at", msg("写一个以后的时间"))
    return ask_for_two(BankRequestKind.SEAL, paper, by, opens_at=opens_at)


def is_early(seal: BankRequest) -> bool:
    """True before the moment from which on it is opened without a reason."""
    return utc_now() < moment_of_seal(seal)


def why_not_open(paper: ExamPaper, by: Account) -> Message | None:
    """Say why somebody does not open the seal as the first of two; None: they do."""
    why = why_not_agree(_wanted(BankRequestKind.OPEN, paper), by)
    return why or (BEFORE if standing(BankRequestKind.OPEN, paper) is not None else None)


def ask_for_two(
    kind: BankRequestKind,
    what: QuestionBank | ExamPaper | Question,
    by: Account,
    reason: str = "",
    **facts: Any,
) -> BankRequest:
    """Ask, as the first of two. Raises `Refused`."""
    reason = reason_text(reason, KINDS[kind].why_needed)
    request = _wanted(kind, what, reason=reason, **facts)
    require_in_bank(by, request.bank, KINDS[kind].asks)
    if KINDS[kind].barred(request):
        refuse_if(why_not_agree(request, by))
    request.asked_by = by.id
    with unit_of_work() as session:
        audit.claim_chain(None)
        session.refresh(what)
        refuse_if(KINDS[kind].fault(request))
        before = standing(kind, what) if kind is not BankRequestKind.FILE else None
        if before is not None:
            raise Refused(KINDS[kind].own if before.asked_by == by.id else BEFORE)
        session.add(request)
        _record(request, 0, by)
    return request


def _wanted(
    kind: BankRequestKind, what: QuestionBank | ExamPaper | Question, **facts: Any
) -> BankRequest:
    bank = what if isinstance(what, QuestionBank) else what.bank
    request = BankRequest(kind=kind, bank_id=bank.id, **facts)
    request.bank = bank
    if isinstance(what, ExamPaper):
        request.paper_id, request.paper = what.id, what
    elif isinstance(what, Question):
        request.question_id, request.question = what.id, what
    return request


def standing(
    kind: BankRequestKind, what: QuestionBank | ExamPaper | Question
) -> BankRequest | None:
    """What was asked of this kind for the paper or question and stands, or None."""
    paper = BankRequest.paper_id == what.id
    own = paper if isinstance(what, ExamPaper) else BankRequest.question_id == what.id
    query = select(BankRequest).where(BankRequest.kind == kind, BankRequest.ended_at.is_(None))
    return db.session.scalar(query.where(own))


def requests_in(bank: QuestionBank) -> Sequence[BankRequest]:
    """What was asked for and is not over, the oldest first."""
    query = select(BankRequest).where(
        BankRequest.bank_id == bank.id, BankRequest.ended_at.is_(None)
    )
    together = joinedload(BankRequest.asker), joinedload(BankRequest.paper)
    return db.session.scalars(query.options(*together).order_by(BankRequest.id)).all()


def open_files(bank: QuestionBank) -> Sequence[BankRequest]:
    """Files that were asked for and are neither fetched, refused nor over, the oldest first."""
    rows = requests_in(bank)
    return [it for it in rows if it.kind is BankRequestKind.FILE and not is_over(it)]


def is_over(request: BankRequest) -> bool:
    """True if the hour after the second word is over."""
    return request.agreed_at is not None and utc_now() - request.agreed_at > GOOD_FOR


def why_not_agree(request: BankRequest, by: Account) -> Message | None:
    """Say why somebody is no second person for it, or none of those who ask; None: they are."""
    kind = KINDS[request.kind]
    if not may_in_bank(by, request.bank, kind.agrees):
        return kind.whose
    barred = kind.barred(request)
    if by.id in barred:
        return kind.barred_words
    if by.id == request.asked_by:
        return kind.own
    return why_of_one_hand((*barred, request.asked_by), by)


@dataclass(frozen=True, slots=True)
class SecondWordShown:
    """What was asked for, as its page shows it to somebody."""

    request: BankRequest
    kind: TwoKind
    why_not: Message | None
    """Why they do not agree, or None."""
    may_drop: bool


def second_word(request: BankRequest, by: Account) -> SecondWordShown:
    """What the account can say to what was asked for."""
    why = why_not_agree(request, by) or (None if request.waits else BEFORE)
    return SecondWordShown(request, KINDS[request.kind], why, _may_drop(request, by))


def _may_drop(request: BankRequest, by: Account) -> bool:
    return by.id == request.asked_by or may_in_bank(by, request.bank, KINDS[request.kind].agrees)


def agree_to_it(request: BankRequest, by: Account) -> None:
    """Agree, as the second of two. Raises `Refused`."""
    kind = KINDS[request.kind]
    require_in_bank(by, request.bank, kind.agrees)
    with unit_of_work():
        request = _anew(request)
        refuse_if(why_not_agree(request, by))
        refuse_if(kind.fault(request))
        request.agreed_by, request.agreed_at = by.id, utc_now()
        kind.done(request)
        if not kind.lasts:
            request.ended_at = request.agreed_at
        _record(request, 1, by)


def drop_it(request: BankRequest, by: Account) -> None:
    """Drop what was asked for, while nobody agreed. Raises `Refused`."""
    if not _may_drop(request, by):
        require_in_bank(by, request.bank, KINDS[request.kind].agrees)
    with unit_of_work():
        request = _anew(request)
        request.ended_at = utc_now()
        _record(request, 2, by)


def _anew(request: BankRequest) -> BankRequest:
    audit.claim_chain(None)
    request = db.session.get_one(BankRequest, request.id, populate_existing=True)
    if not request.waits:
        raise Refused(BEFORE)
    return request


def _record(request: BankRequest, word: int, by: Account) -> None:
    action = f"bank.{_WORDS[word]}_{request.kind}"
    record_request(request, action, by, request.reason if word == 0 else None)


def record_request(
    request: BankRequest, action: str, by: Account, reason: str | None = None
) -> None:
    """Put on record what became of it; inside a unit of work."""
    db.session.flush()
    facts = {
        "asked_by": request.asker.name,
        "paper": request.paper.name if request.paper else None,
        "question": request.question.code if request.question else None,
        "form": request.form if request.paper else None,
        "opens_at": request.opens_at.isoformat() if request.opens_at else None,
    }
    after = {key: value for key, value in facts.items() if value is not None}
    audit.record(None, by, action, request.bank.code, after=after, reason=reason or None)
