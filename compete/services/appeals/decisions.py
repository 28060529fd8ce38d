"""Decisions: arbiters put one forward and agree to it; the chief judge carries it out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from compete.domain.aspects.kinds import kind_of
from compete.domain.bundle.checks.values import accepts
from compete.domain.values.messages import Message, msg
from compete.domain.values.rights import Right
from compete.domain.values.states import APPEAL_MOVES, AppealState, move
from compete.models import Account, Appeal, AppealDecision, utc_now
from compete.services.accounts.access import may
from compete.services.accounts.second_persons import SecondWord, require_second
from compete.services.appeals.appeal_states import ORDERING, Outcome, proposed_decision
from compete.services.appeals.arbiter_recusals import FIRST, SECOND, instance_of, stands_aside
from compete.services.appeals.arbiter_view import digest_of
from compete.services.appeals.evidence import files_until
from compete.services.appeals.filing import LONGEST_MATTER, note
from compete.services.appeals.second_instance import UPHELD, first_decision, upholds, ways_to_decide
from compete.services.appeals.windows import module_and_aspect
from compete.services.kernel.appeal_terms import term_end
from compete.services.kernel.clock import moment_words
from compete.services.kernel.competition_settings import settings_of
from compete.services.kernel.refusal import Refusal, Refused, invalid
from compete.services.kernel.text_limits import kept_text, reason_text
from compete.services.kernel.transactions import claimed, unit_of_work
from compete.services.sheets.act_rules import typed_number


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A decision that an arbiter puts forward; `value` is what the aspect is to say, as typed."""

    outcome: str
    reason: str
    value: str = ""
    orders: str = ""


def _right_for(instance: int) -> Right:
    """The right that somebody needs to decide in the instance."""
    return Right.FIRST_WORD if instance == FIRST else Right.LAST_WORD


def why_not_decide(appeal: Appeal, by: Account) -> Message | None:
    """Say why this arbiter has no act here; None: may decide.

    Who is of the contestant's unit, judged the contestant or is recused from either, filed it,
    or decided in the first instance steps aside. Nobody decides while files may follow.
    """
    instance = instance_of(appeal)
    if instance is None:
        return msg("这件已经定了")
    if not may(by, appeal.competition, _right_for(instance)):
        return msg("等总仲裁定") if instance == SECOND else msg("这一步由仲裁组定")
    aside = stands_aside(appeal, by)
    if aside is not None or instance == SECOND:
        return aside
    until = files_until(appeal)
    if utc_now() > until:
        return None
    # A film that is still on its way would come to a decision made without it.
    return msg("文件可以跟到 %(at)s，到时再定", at=moment_words(until))


def why_not_agree(decision: AppealDecision, by: Account) -> Message | None:
    """Say why this person is not the second who agrees, and who is; None: may."""
    appeal = decision.appeal
    why = why_not_decide(appeal, by)
    if instance_of(appeal) is None:
        return why
    word = appeal_word(decision)
    return (word if why is None else replace(word, whose=why)).why_not(by) or why


def appeal_word(decision: AppealDecision) -> SecondWord:
    """The conditions of agreeing to it, besides that nothing keeps the arbiter from deciding."""
    return SecondWord(
        decision.appeal.competition,
        decision.made_by,
        right=_right_for(decision.instance),
        own=msg("这是你提的，要另一位仲裁来同意"),
    )


def put_forward(appeal: Appeal, wanted: Wanted, by: Account, *, seen: str) -> AppealDecision:
    """Put a decision forward; it stands at once where one arbiter is enough.

    `seen` is the digest of the marks that the page showed. Another's that nobody has agreed
    to yet gives way, unless it decides the same: then this is the second word on it.
    Raises `Refused`: INVALID for what is missing, FORBIDDEN for who has no act here, CONFLICT
    where marks changed meanwhile or it is decided.
    """
    outcome = wanted.outcome
    if outcome not in ways_to_decide(appeal):
        raise invalid(msg("选怎么定"))
    reason = kept_text(wanted.reason, LONGEST_MATTER, msg("理由没写"))
    orders = reason_text(wanted.orders)
    value = _value(appeal, wanted)
    first = first_decision(appeal) if outcome == UPHELD else None
    if first is not None:
        outcome, value, orders = first.outcome, first.value, first.orders or ""
    if outcome in ORDERING and value is None and not orders:
        raise invalid(msg("改什么、怎么改，要写"))
    with unit_of_work() as session:
        appeal, competition = claimed(appeal)
        _require_may(why_not_decide(appeal, by))
        instance = instance_of(appeal) or FIRST
        _require_same(appeal, seen)
        before = proposed_decision(appeal)
        decision = AppealDecision(
            appeal_id=appeal.id,
            instance=instance,
            outcome=outcome,
            value=value if outcome == Outcome.CHANGED else None,
            orders=orders or None if outcome in ORDERING else None,
            reason=reason,
            marks=seen,
            made_by=by.id,
        )
        if before is not None and before.made_by != by.id and _is_same(before, decision):
            require_second(competition, before.made_by, by)
            if reason not in before.reason.splitlines():
                before.reason = f"{before.reason}\n{reason}"
            before.agreed_by = by.id
            _stand(appeal, before, by)
            return before
        if before is not None:
            before.dropped_at = utc_now()
        session.add(decision)
        session.flush()
        if decides_alone(appeal):
            _stand(appeal, decision, by)
        else:
            note(appeal, by, "appeal.propose", outcome=outcome, decision=decision.id)
    return decision


def _is_same(decision: AppealDecision, other: AppealDecision) -> bool:
    """True if both decide alike on the same marks, whatever their reasons."""
    keys = ("instance", "outcome", "value", "orders", "marks")
    return all(getattr(decision, key) == getattr(other, key) for key in keys)


def decides_alone(appeal: Appeal) -> bool:
    """True if one arbiter's word stands as it is said: the second instance's always does."""
    return instance_of(appeal) == SECOND or settings_of(appeal.competition).appeals.arbiters <= 1


def agree(decision: AppealDecision, by: Account) -> AppealDecision:
    """The second signature: from now on it stands.

    Raises `Refused`: FORBIDDEN for who has no act here, CONFLICT where the marks changed
    since it was put forward, or somebody has put another forward.
    """
    with unit_of_work() as session:
        appeal, _competition = claimed(decision.appeal)
        decision = session.get_one(AppealDecision, decision.id, populate_existing=True)
        if decision.stood_at is not None or decision.dropped_at is not None:
            raise Refused(msg("这个意见已经不在了，看一下现在的"))
        _require_may(why_not_decide(appeal, by))
        appeal_word(decision).require(by)
        _require_same(appeal, decision.marks)
        decision.agreed_by = by.id
        _stand(appeal, decision, by)
    return decision


def _stand(appeal: Appeal, decision: AppealDecision, by: Account) -> None:
    now = utc_now()
    to = AppealState.DECIDED if decision.instance == FIRST else AppealState.FINAL
    appeal.state = move(appeal.state, to, APPEAL_MOVES)
    decision.stood_at = now
    if to is AppealState.DECIDED:
        hours = settings_of(appeal.competition).appeals.second_hours
        appeal.second_until = term_end(appeal.competition, now, hours)
    elif not upholds(decision):
        # What the first instance ordered and was done is not what the second orders.
        appeal.carried_at = appeal.carried_by = appeal.carried_how = None
    note(
        appeal,
        by,
        "appeal.decide",
        decision.reason[:500],
        outcome=decision.outcome,
        instance=decision.instance,
        upheld=upholds(decision) or None,
        decision=decision.id,
        value=f"{decision.value:f}" if decision.value is not None else None,
    )


def _value(appeal: Appeal, wanted: Wanted) -> Decimal | None:
    text = wanted.value.strip()
    if wanted.outcome != Outcome.CHANGED or not text or appeal.aspect is None:
        return None
    _module, aspect = module_and_aspect(appeal)
    number = typed_number(text)
    fits = False
    if number is not None and aspect is not None:
        yes_no = kind_of(aspect).is_yes_no
        fits = number in (0, 1) if yes_no else accepts(aspect)(number)
    if not fits:
        raise invalid(msg("改成的值“%(text)s”这一项不能有", text=text[:20]))
    return number


def is_yes_no(appeal: Appeal) -> bool:
    """True if what is appealed against is fulfilled or not, so that its value is 1 or 0."""
    _module, aspect = module_and_aspect(appeal)
    return aspect is not None and kind_of(aspect).is_yes_no


def _require_may(why: Message | None) -> None:
    if why is not None:
        raise Refused(why, kind=Refusal.FORBIDDEN)


def _require_same(appeal: Appeal, seen: str) -> None:
    if digest_of(appeal) != seen:
        raise Refused(msg("这个分刚才改过，再看一次"))
