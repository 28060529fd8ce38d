"""Penalties and outcomes (扣罚、缺考、退出、取消): one proposes, a second confirms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, joinedload

from compete.domain.aspects.kinds import kind_of
from compete.domain.aspects.time import LONGEST_TIME
from compete.domain.bundle.attempts import waived_word
from compete.domain.bundle.event_types import Module
from compete.domain.values.messages import Message, msg
from compete.domain.values.numerals import plain
from compete.domain.values.states import (
    DECISION_MOVES,
    CompetitionState,
    DecisionState,
    move,
    state_words,
)
from compete.domain.values.upload_limits import LARGEST_OUTCOME_PHOTO
from compete.models import (
    Account,
    Competition,
    Decision,
    Entrant,
    OutcomeEntry,
    PenaltyEntry,
    Sheet,
    db,
    utc_now,
)
from compete.services.accounts.access import require_chief
from compete.services.accounts.second_persons import SecondWord, beside_chief
from compete.services.closing.competition_lock import unlock_marks
from compete.services.kernel import audit
from compete.services.kernel.event_rules import module_of, rules_of
from compete.services.kernel.refusal import Refused, invalid
from compete.services.kernel.text_limits import check_text, reason_text
from compete.services.kernel.transactions import claimed, for_update, unit_of_work
from compete.services.sheets.absences import (
    absence_word,
    brought_along,
    contradictions,
    waived_number,
)
from compete.services.sheets.act_rules import typed_number
from compete.services.sheets.blind_codes import are_codes_kept, is_coded
from compete.services.sheets.entry_seals import seal_entry
from compete.services.sheets.locks_in_force import require_open
from compete.services.sheets.photo_files import clean_picture

KIND_WORDS: dict[str, Message] = {
    "penalty": msg("扣罚"),
    "dns": msg("缺考"),
    "dnf": msg("中途退出"),
    "dsq": msg("取消成绩"),
}

Entry = TypeVar("Entry", OutcomeEntry, PenaltyEntry)
LONGEST_EVIDENCE = 2000
_JPEG, _PNG = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True)
class Proposal:
    """A proposal by the first person. `points` and `seconds` are texts, for a penalty alone."""

    kind: str
    stage: str
    module: str | None
    reason: str
    evidence: str
    points: str = ""
    seconds: str = ""
    photo: bytes | None = None


def decision_kind_word(kind: str, entrant: Entrant, stage: str, module: str | None) -> Message:
    """The name of a decision or an outcome; who waives an attempt is not absent."""
    return absence_word(entrant, stage, module) if kind == "dns" else KIND_WORDS[kind]


def recorded_word(after: object) -> Message:
    """The same of a decision as its record tells it."""
    known = after if isinstance(after, Mapping) else {}
    if isinstance(number := known.get("waives"), int):
        return waived_word(number)
    return KIND_WORDS.get(str(known.get("kind")), msg("扣罚或缺考"))


def propose_decision(entrant: Entrant, wanted: Proposal, by: Account) -> Decision:
    """Write a decision down; it counts for nothing until another person confirms it.

    Raises `Refused` (INVALID) naming what is missing or wrong, or where words name a contestant
    of a blind event, (CONFLICT) under a lock or where the same stands already.
    """
    points, seconds = _check(entrant, wanted)
    require_nameless(entrant, wanted.reason, wanted.evidence)
    # Drawn anew: what the camera wrote into it stays out, and so does what is no picture.
    photo = (
        None if wanted.photo is None else clean_picture(wanted.photo, LARGEST_OUTCOME_PHOTO).data
    )
    with unit_of_work():
        entrant, competition = claimed(entrant)
        require_open(competition, entrant, wanted.stage, wanted.module)
        if (entrant.id, wanted.module) in brought_along(entrant.event):
            raise Refused(msg("这个模块的成绩是带来的，这里不能记"))
        if wanted.kind != "penalty" and standing_decision(entrant, wanted) is not None:
            what = decision_kind_word(wanted.kind, entrant, wanted.stage, wanted.module)
            # Neither the number nor the code: who asks came by one and may not know the other.
            if is_coded(entrant.event):
                raise Refused(msg("这名选手已经有“%(what)s”了", what=what))
            raise Refused(msg("%(code)s 已经有“%(what)s”了", code=entrant.code, what=what))
        amounts = {"points": points, "seconds": seconds, "photo": photo}
        decision = _write_decision(competition, entrant, wanted, by, **amounts)
        _note(decision, competition, by, "decision.propose", reason=decision.reason)
    return decision


def confirm_proposal(decision: Decision, by: Account) -> Decision:
    """The second signature: from now on it counts.

    Raises `Refused` for the person who proposed it, where neither of the two
    is a chief judge, and under a lock.
    """
    with unit_of_work():
        decision, competition = _locked_decision(decision)
        decision_word(decision).require(by)
        _put_in_force(decision, competition, by)
    return decision


def put_absent(entrant: Entrant, wanted: Proposal, by: Account) -> None:
    """Record 缺考 by who runs a contest alone, where no grade hangs on it.

    Inside a unit of work. Raises `Refused` as `propose_decision` does.
    """
    _check(entrant, wanted)
    competition = for_update(db.session.get_one(Competition, entrant.competition_id))
    require_open(competition, entrant, wanted.stage, wanted.module)
    decision = _write_decision(competition, entrant, wanted, by)
    _put_in_force(decision, competition, by)


def strike_result(
    entrant: Entrant, stage: str, reason: str, evidence: str, first: Account, by: Account
) -> None:
    """Strike a result in a stage (取消成绩), as two agreed to, marks locked or not.

    Locked marks are opened on record; its modules stay locked, since nothing is marked anew.
    Nothing is written where it stands already. Raises `Refused` where neither of the two is a
    chief judge, and where words name a contestant of a blind event.
    """
    wanted = Proposal("dsq", stage, None, reason, evidence)
    _check(entrant, wanted)
    require_nameless(entrant, wanted.reason, wanted.evidence)
    with unit_of_work() as session:
        competition = for_update(session.get_one(Competition, entrant.competition_id))
        require_chief(competition, first, by)
        if competition.state is not CompetitionState.JUDGING:
            unlock_marks(competition, reason, by, asked=first)
        if standing_decision(entrant, wanted) is not None:
            return
        decision = _write_decision(competition, entrant, wanted, first)
        _put_in_force(decision, competition, by)


def require_nameless(entrant: Entrant, *words: str) -> None:
    """Raise `Refused` where these words name a contestant of a blind event, whom judges read of."""
    if not is_coded(entrant.event):
        return
    people = [entrant.name, *(member.name for member in entrant.members)]
    text = "\n".join(words)
    if any(word in text for word in (*people, entrant.code, entrant.unit.name)):
        raise invalid(msg("盲评：理由和依据裁判长看得到，不要写姓名、参赛号、单位"))


def decision_word(decision: Decision) -> SecondWord:
    """The conditions of confirming it."""
    competition = db.session.get_one(Competition, decision.competition_id)
    return beside_chief(competition, decision.proposer)


def withdraw_proposal(decision: Decision, reason: str, by: Account, *, seen: str) -> Decision:
    """Take a decision back, with a reason; what it wrote counts no more, but stays on record.

    What two decided two undo: it is asked for, and stands until another agrees
    (`settle_withdrawal`). `seen` is the state that the page showed. Raises `Refused`
    (CONFLICT) where another has confirmed or withdrawn it meanwhile: what would be taken
    back is not what was looked at.
    """
    reason = reason_text(reason, msg("撤回要写理由"))
    with unit_of_work():
        decision, competition = _locked_decision(decision)
        move(decision.state, DecisionState.WITHDRAWN, DECISION_MOVES)
        if decision.state.value != seen:
            raise Refused(
                msg(
                    "这件已经变成“%(now)s”了，没有撤回。看过再撤",
                    now=state_words(decision.state),
                )
            )
        if decision.waits_to_end:
            raise Refused(msg("已经有人提出撤回了，等另一个人同意"))
        if decision.confirmed_by not in (None, decision.proposed_by):
            decision.ended_by, decision.ended_why = by.id, reason
            _note(decision, competition, by, "decision.ask_withdraw", reason=reason)
        else:
            _end(decision, competition, by, reason)
    return decision


def withdrawal_word(decision: Decision) -> SecondWord:
    """The conditions of agreeing that what two decided is undone."""
    assert decision.ender is not None
    competition = db.session.get_one(Competition, decision.competition_id)
    return beside_chief(competition, decision.ender)


def settle_withdrawal(decision: Decision, by: Account) -> bool:
    """Undo what two decided, as the second of two; True if it is undone.

    Who asked for it drops that, and the decision stands. Raises `Refused` where nobody asked, for
    who is no second person, and under a lock.
    """
    with unit_of_work():
        decision, competition = _locked_decision(decision)
        if not decision.waits_to_end or decision.ender is None:
            raise Refused(msg("没有人提出撤回，或者已经办了"))
        if by.id == decision.ended_by:
            decision.ended_by = decision.ended_why = None
            _note(decision, competition, by, "decision.keep")
            return False
        withdrawal_word(decision).require(by)
        asker, reason = decision.ender, decision.ended_why or ""
        _end(decision, competition, by, reason, asked=audit.signer(asker))
    return True


def keep_absence(competition: Competition, outcome: int, reason: str, by: Account) -> None:
    """Keep an absence or a waiver against the sheets that came in after it: they do not count.

    `outcome` is its number. What comes in later is another matter. Raises `Refused` without a
    reason, or one that names a contestant of a blind event, and (CONFLICT) where nothing
    contradicts it any more.
    """
    reason = reason_text(reason, msg("维持要写理由"))
    with unit_of_work():
        competition = for_update(competition)
        late = [it for it in contradictions(competition) if it.outcome.id == outcome]
        if not late:
            raise Refused(msg("没有和它对不上的评分，或者已经定了"))
        kept, entrant = late[0].outcome, late[0].sheet.entrant
        require_nameless(entrant, reason)
        waives = waived_number(entrant, kept.stage, kept.module)
        audit.record(
            competition,
            by,
            "absence.keep",
            decision_label(entrant),
            after={
                "outcome": outcome,
                "kind": kept.status,
                "stage": kept.stage,
                "module": kept.module,
                "acts": {it.sheet.public_id: it.act for it in late},
                "judges": sorted({it.sheet.judge.code for it in late}),
                **({} if waives is None else {"waives": waives}),
            },
            reason=reason,
            bends=True,
        )


def _end(
    decision: Decision,
    competition: Competition,
    by: Account,
    reason: str,
    asked: str | None = None,
) -> None:
    before = {"state": decision.state.value}
    decision.state = move(decision.state, DecisionState.WITHDRAWN, DECISION_MOVES)
    now = utc_now()
    if decision.outcome_id is not None:
        db.session.get_one(OutcomeEntry, decision.outcome_id).withdrawn_at = now
    if decision.penalty_id is not None:
        db.session.get_one(PenaltyEntry, decision.penalty_id).withdrawn_at = now
    decision.ended_by, decision.ended_at, decision.ended_why = by.id, now, reason
    _note(
        decision,
        competition,
        by,
        "decision.withdraw",
        asked=asked,
        reason=reason,
        before=before,
        bends=True,
    )


def decisions_of(competition: Competition) -> list[Decision]:
    """List every decision: those that wait first, then the newest."""
    rows = db.session.scalars(
        select(Decision)
        .where(Decision.competition_id == competition.id)
        .options(joinedload(Decision.entrant), joinedload(Decision.proposer))
        .order_by(Decision.id.desc())
    ).all()
    return sorted(rows, key=lambda row: row.state is not DecisionState.PROPOSED)


def loaded_entries(competition: Competition) -> list[OutcomeEntry | PenaltyEntry]:
    """List entries against people without a decision: they came with the competition's file."""
    return [
        *_undecided(OutcomeEntry, Decision.outcome_id, competition),
        *_undecided(PenaltyEntry, Decision.penalty_id, competition),
    ]


def _undecided(
    table: type[Entry], decided: InstrumentedAttribute[int | None], competition: Competition
) -> Sequence[Entry]:
    return db.session.scalars(
        select(table)
        .join(Entrant, Entrant.id == table.entrant_id)
        .where(
            Entrant.competition_id == competition.id,
            table.withdrawn_at.is_(None),
            ~select(Decision.id).where(decided == table.id).exists(),
        )
        .options(joinedload(table.entrant))
        .order_by(table.id)
    ).all()


def photographed(competition: Competition) -> set[int]:
    """The numbers of the competition's decisions that have a photo."""
    query = select(Decision.id).where(
        Decision.competition_id == competition.id, Decision.photo.is_not(None)
    )
    return set(db.session.scalars(query))


def decision_label(entrant: Entrant) -> str:
    """The entrant's label among judges: the number, or in a blind event the code."""
    if not entrant.event.blind:
        return entrant.code
    label = db.session.scalar(
        select(Sheet.label).where(Sheet.entrant_id == entrant.id).order_by(Sheet.id).limit(1)
    )
    return label or msg("没有加密号").render()


def photo_type(photo: bytes) -> str | None:
    """The media type of a photo that may be kept: JPEG or PNG; None for anything else."""
    if photo.startswith(_JPEG):
        return "image/jpeg"
    return "image/png" if photo.startswith(_PNG) else None


def _check(entrant: Entrant, wanted: Proposal) -> tuple[Decimal | None, Decimal | None]:
    if wanted.kind not in KIND_WORDS:
        raise invalid(msg("选一样：扣罚、缺考、退出或取消"))
    rules = rules_of(entrant.event)
    if wanted.stage not in {stage.code for stage in rules.stages}:
        raise invalid(msg("没有这个赛段"))
    if not wanted.reason.strip():
        raise invalid(msg("理由没写"))
    if not wanted.evidence.strip():
        raise invalid(msg("依据没写：谁看到的、录像几分几秒"))
    check_text(wanted.evidence, LONGEST_EVIDENCE)
    if wanted.kind != "penalty":
        if wanted.module is not None:
            _module_exists(entrant, wanted)
        return None, None
    if wanted.module is None:
        raise invalid(msg("扣罚要选一个模块"))
    return _amounts(wanted, _module_exists(entrant, wanted))


def _module_exists(entrant: Entrant, wanted: Proposal) -> Module:
    try:
        return module_of(rules_of(entrant.event), wanted.stage, wanted.module or "")
    except KeyError:
        raise invalid(msg("没有这个模块")) from None


def _amounts(wanted: Proposal, module: Module) -> tuple[Decimal | None, Decimal | None]:
    """The amounts taken off: never more than the module has, never more than a day."""
    amounts: list[Decimal | None] = []
    for text in (wanted.points.strip(), wanted.seconds.strip()):
        value = typed_number(text) if text else None
        if text and (value is None or value <= 0):
            raise invalid(msg("“%(text)s”不是大于 0 的数", text=text[:20]))
        amounts.append(value)
    points, seconds = amounts
    if points is not None and points > module.full:
        raise invalid(
            msg(
                "“%(module)s”满分 %(full)s 分，扣 %(found)s 分太多了",
                module=module.name,
                full=plain(module.full),
                found=plain(points),
            )
        )
    if seconds is not None and not any(kind_of(it).takes_seconds for it in module.aspects):
        raise invalid(
            msg(
                "“%(module)s”没有按用时算分的项，罚秒不起作用。这里只能扣分，满分 %(full)s 分",
                module=module.name,
                full=plain(module.full),
            )
        )
    if seconds is not None and seconds > LONGEST_TIME:
        raise invalid(
            msg(
                "罚时最多 %(most)s 秒，%(found)s 太多了",
                most=plain(LONGEST_TIME),
                found=plain(seconds),
            )
        )
    if points is None and seconds is None:
        raise invalid(msg("扣几分或罚几秒，写一样"))
    return points, seconds


def _write_decision(
    competition: Competition, entrant: Entrant, wanted: Proposal, by: Account, **amounts: Any
) -> Decision:
    decision = Decision(
        competition_id=competition.id,
        entrant_id=entrant.id,
        stage=wanted.stage,
        module=wanted.module,
        kind=wanted.kind,
        reason=reason_text(wanted.reason),
        evidence=wanted.evidence.strip(),
        state=DecisionState.PROPOSED,
        proposed_by=by.id,
        **amounts,
    )
    db.session.add(decision)
    db.session.flush()
    return decision


def _put_in_force(decision: Decision, competition: Competition, by: Account) -> None:
    """Put the decision in force; inside a unit of work."""
    to = move(decision.state, DecisionState.CONFIRMED, DECISION_MOVES)
    place: dict[str, Any] = {
        "entrant_id": decision.entrant_id,
        "stage": decision.stage,
        "module": decision.module,
        "reason": decision.reason,
    }
    entry = (
        PenaltyEntry(points=decision.points, seconds=decision.seconds, **place)
        if decision.kind == "penalty"
        else OutcomeEntry(status=decision.kind, **place)
    )
    db.session.add(entry)
    db.session.flush()
    if isinstance(entry, PenaltyEntry):
        decision.penalty_id = entry.id
    else:
        decision.outcome_id = entry.id
    decision.state, decision.confirmed_by, decision.confirmed_at = to, by.id, utc_now()
    _note(decision, competition, by, "decision.confirm", seal_entry(entry))


def standing_decision(entrant: Entrant, wanted: Proposal) -> int | None:
    """The number of the decision that says the same already, proposed or confirmed; or None."""
    return db.session.scalar(
        select(Decision.id)
        .where(
            Decision.entrant_id == entrant.id,
            Decision.stage == wanted.stage,
            Decision.module == wanted.module if wanted.module else Decision.module.is_(None),
            Decision.kind == wanted.kind,
            Decision.state != DecisionState.WITHDRAWN,
        )
        .limit(1)
    )


def _locked_decision(decision: Decision) -> tuple[Decision, Competition]:
    decision, competition = claimed(decision)
    require_open(competition, decision.entrant, decision.stage, decision.module)
    return decision, competition


def _note(
    decision: Decision,
    competition: Competition,
    by: Account,
    action: str,
    entry: dict[str, Any] | None = None,
    asked: str | None = None,
    **details: Any,
) -> None:
    entrant = db.session.get_one(Entrant, decision.entrant_id)
    # Everybody reads the records: no code for who proposed by the number, nor the number.
    kept = are_codes_kept(entrant.event)
    place = decision.stage, decision.module
    waives = waived_number(entrant, *place) if decision.kind == "dns" else None
    audit.record(
        competition,
        by,
        action,
        f"#{decision.id}" if kept else decision_label(entrant),
        after={
            "decision": decision.id,
            "kind": decision.kind,
            "stage": decision.stage,
            "module": decision.module,
            "points": f"{decision.points:f}" if decision.points is not None else None,
            "seconds": f"{decision.seconds:f}" if decision.seconds is not None else None,
            "state": decision.state.value,
            "entry": entry,
            **({} if waives is None else {"waives": waives}),
            **({"alone": True} if decision.confirmed_by == decision.proposed_by else {}),
            **({"asked": asked} if asked else {}),
        },
        **details,
    )
