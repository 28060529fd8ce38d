"""Re-check (复核): draw whose sheets are entered again, enter them blind, rule on differences."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection, Mapping
from decimal import Decimal
from fractions import Fraction

from sqlalchemy import select

from compete.domain.bundle.results import Results
from compete.domain.recheck import Ruling, Why, forces_all, recheck_draw
from compete.domain.values.messages import Message, msg
from compete.domain.values.rights import Right, roles_for
from compete.domain.values.states import HANDED_IN, CompetitionState
from compete.models import (
    Account,
    Competition,
    Event,
    Judge,
    Membership,
    RecheckEntry,
    RecheckRound,
    Sheet,
    db,
    utc_now,
)
from compete.services.accounts.access import may
from compete.services.accounts.pins import check_pin
from compete.services.accounts.second_persons import SecondWord, holders_of, require_second
from compete.services.closing.blockers import find_blockers
from compete.services.closing.recheck_scope import recheck_settings
from compete.services.closing.recheck_state import (
    RecheckStanding,
    RoundState,
    differences_of,
    is_listed,
    own_values,
    ranking_of,
    recheck_round,
    recheck_state_of,
    stage_sheets,
)
from compete.services.judging.sent_back_sheets import send_sheet_back
from compete.services.kernel import audit
from compete.services.kernel.refusal import Refusal, Refused, invalid, refuse_if
from compete.services.kernel.text_limits import reason_text
from compete.services.kernel.transactions import changing, for_update, unit_of_work
from compete.services.scoring.live import live_results
from compete.services.sheets.locks_in_force import is_locked

_OPEN = (CompetitionState.JUDGING, CompetitionState.LOCKED)
_TOO_LATE = msg("现在不是复核的时候：成绩已经公布，或者还没有评分")


class LookAgainError(Exception):
    """The second reading differs: the person is asked once to look at the paper again.

    `aspects` are the codes in question; what the sheet says is not told.
    """

    def __init__(self, aspects: list[str]) -> None:
        super().__init__(", ".join(aspects))
        self.aspects = aspects


def overseers(competition: Competition) -> list[Account]:
    """The supervisors who have chosen a PIN, and can say on any device that it is they."""
    return [
        person for person in holders_of(competition, Right.OVERSEE) if person.pin_hash is not None
    ]


def overseer_by_pin(competition: Competition, number: str, pin: str) -> Account:
    """The supervisor who is present and types the own PIN on another's device. Else `Refused`."""
    person = next((it for it in overseers(competition) if str(it.id) == number), None)
    if person is None:
        raise invalid(msg("选是哪一位监督报的数"))
    check_pin(person, pin)
    return person


def draw_recheck(
    event: Event, stage: str, by: Account, seed_text: str = "", *, overseer: Account | None = None
) -> RecheckRound:
    """Draw the stage's top and sample, once and for all.

    `said` is a text that a supervisor gives: who draws, under the own sign-in, or the `overseer`
    beside (`overseer_by_pin`); its SHA-256 is the seed. Without one the seed is random: nobody
    chooses among draws. `Refused` while sheets are missing or disputed, when it has been drawn
    already, and (FORBIDDEN) for a text of nobody who oversees.
    """
    seed_text = seed_text.strip()
    if overseer is None and may(by, event.competition, Right.OVERSEE):
        overseer = by
    if seed_text and (overseer is None or not may(overseer, event.competition, Right.OVERSEE)):
        raise Refused(
            msg("这个数由监督自己报：用监督的登录来抽，或者请监督在这里输自己的 PIN"),
            kind=Refusal.FORBIDDEN,
        )
    with changing(event.competition) as competition:
        results = live_results(competition).results
        refuse_if(why_not_drawn(event, stage, results))
        settings = recheck_settings(competition)
        ranking = ranking_of(event, stage, results)
        seed = (
            hashlib.sha256(seed_text.encode()).hexdigest() if seed_text else secrets.token_hex(32)
        )
        drawn = recheck_draw(
            [code for code, _rank in ranking],
            seed,
            Fraction(settings.top),
            Fraction(settings.rest),
            ranks=[rank for _code, rank in ranking],
        )
        round = RecheckRound(
            event_id=event.id,
            stage=stage,
            seed=seed,
            seed_from=seed_text or None,
            top_share=settings.top,
            rest_share=settings.rest,
            error_limit=settings.limit,
            ranking=[list(tied) for tied in ranking],
            drawn_by=by.id,
        )
        db.session.add(round)
        db.session.flush()
        _add(round, drawn.top, Why.TOP)
        _add(round, drawn.sampled, Why.SAMPLE)
        after = {
            "seed": seed,
            "said": seed_text or None,
            "said_by": audit.signer(overseer) if seed_text and overseer else None,
            "top": list(drawn.top),
            "sampled": list(drawn.sampled),
        }
        audit.record(competition, by, "recheck.draw", f"{event.code}/{stage}", after=after)
    return round


def why_not_drawn(event: Event, stage: str, results: Results) -> Message | None:
    """Say why a stage's re-check cannot be drawn now; None where it can."""
    competition = event.competition
    if competition.state not in _OPEN:
        return _TOO_LATE
    if recheck_round(event, stage) is not None:
        return msg("这个赛段的复核已经抽过了")
    if not may_be_rechecked(competition):
        return msg("还没有记分员或监督，抽了没有人能录。先到“裁判”页加一名，再来抽")
    # Blind codes stay closed over it: who enters again knows sheets by them alone.
    for blocker in find_blockers(competition, results):
        if blocker.kind != "coded":
            return msg("还不能抽复核：%(what)s", what=blocker.what)
    if not ranking_of(event, stage, results):
        return msg("这个赛段还没有交上来的评分表")
    return None


def enter_recheck(
    entry: RecheckEntry, values: Mapping[str, Decimal], by: Account, *, looked_again: bool = False
) -> RecheckStanding:
    """Keep what a second person read from paper, and say whether it is what the judge gave.

    Values must have been accepted by their aspects. At the first difference
    `LookAgainError` asks to look once more and nothing is kept. `Refused` for
    someone who may not, and for a sheet that is entered already.
    """
    with unit_of_work():
        entry, competition = _claimed(entry)
        if not may_enter_recheck(entry, by):
            raise Refused(
                msg("复核要由记分员或监督来录，不能是评这张表的人"), kind=Refusal.FORBIDDEN
            )
        require_second(competition, None, by)
        if not is_listed(entry):
            raise Refused(msg("%(code)s 这一张不用复核了", code=entry.sheet.label))
        line = recheck_state_of(entry.round).line_of(entry)
        if line.standing is not RecheckStanding.WAITING:
            raise Refused(msg("%(code)s 这一张已经有人录过了", code=entry.sheet.label))
        own = own_values(entry.sheet_id)
        differences = differences_of(line.module, values, own)
        if differences and not looked_again:
            raise LookAgainError([difference.aspect.code for difference in differences])
        entry.entered, entry.found = _texts(values), _texts(own)
        entry.entered_by, entry.entered_at = by.id, utc_now()
        entry.ruling = entry.ruled_by = entry.ruled_at = entry.ruling_reason = None
        entry.earlier = None
        after = {
            "sheet": entry.sheet.public_id,
            "entered": entry.entered,
            "found": entry.found,
            "differs": [difference.aspect.code for difference in differences],
        }
        audit.record(competition, by, "recheck.enter", entry.sheet.label, after=after)
    return RecheckStanding.DIFFERS if differences else RecheckStanding.SAME


def rule_difference(entry: RecheckEntry, ruling: Ruling, reason: str, by: Account) -> None:
    """Say what a difference was: the sheet is wrong, or the second person misread it.

    A wrong sheet goes back to its judge; when more are wrong than the limit
    allows, everybody's sheets are to be re-checked. `Refused` for whoever
    entered it, without a reason, and where there is nothing to rule on.
    """
    reason = reason_text(reason, msg("裁定要写理由"))
    with unit_of_work():
        entry, competition = _claimed(entry)
        state = recheck_state_of(entry.round)
        if state.line_of(entry).standing is not RecheckStanding.DIFFERS:
            raise Refused(msg("%(code)s 这一张没有要裁定的", code=entry.sheet.label))
        if entry.entered_by == by.id:
            raise Refused(msg("谁录的就不能由谁裁定，请另一位来"))
        _set_ruling(entry, competition, ruling, reason, by, "recheck.rule")
        if ruling is Ruling.ERROR:
            _send_back_if_open(entry.sheet, competition, reason, by)
            _force(state, competition, by, whole=True)


def correct_ruling(entry: RecheckEntry, ruling: Ruling, reason: str, by: Account) -> None:
    """The chief judge rules otherwise on a difference; what was ruled before stays beside it.

    A sheet that is wrong after all goes back to its judge; one that went back stays there until
    its judge hands it in again. Where errors now are no more than the limit allows, what was
    forced and is not entered yet need not be. `Refused` for anybody else and who entered it,
    without a reason, where it is ruled so already, after a mistake was mended by the ruling,
    and once results are out.
    """
    reason = reason_text(reason, msg("更正裁定要写理由"))
    with unit_of_work() as session:
        entry, competition = _claimed(entry)
        refuse_if(why_not_correct(entry, by))
        if entry.ruling is None or entry.ruling is ruling:
            raise Refused(msg("已经这样裁定了，没有改"))
        before, state = entry.ruling, recheck_state_of(entry.round)
        person = session.get(Account, entry.ruled_by)
        entry.earlier = [
            *(entry.earlier or []),
            {
                "ruling": before.value,
                "by": person.name if person else "",
                "at": entry.ruled_at.isoformat() if entry.ruled_at else "",
                "reason": entry.ruling_reason or "",
            },
        ]
        former = {"ruling": before.value}
        _set_ruling(entry, competition, ruling, reason, by, "recheck.correct", former)
        if ruling is Ruling.ERROR:
            _send_back_if_open(entry.sheet, competition, reason, by)
        _force(state, competition, by, whole=ruling is Ruling.ERROR)


def _set_ruling(
    entry: RecheckEntry,
    competition: Competition,
    ruling: Ruling,
    reason: str,
    by: Account,
    action: str,
    before: Mapping[str, str] | None = None,
) -> None:
    entry.ruling, entry.ruling_reason = ruling, reason
    entry.ruled_by, entry.ruled_at = by.id, utc_now()
    after = {"sheet": entry.sheet.public_id, "ruling": ruling.value}
    label = entry.sheet.label
    audit.record(competition, by, action, label, before=before, after=after, reason=reason)


def why_not_correct(entry: RecheckEntry, by: Account) -> Message | None:
    """Say why this person cannot rule otherwise on what was ruled, or None: may."""
    competition = entry.round.event.competition
    if entry.ruling is None or competition.state not in _OPEN:
        return msg("现在没有可以更正的裁定")
    if not may(by, competition, Right.RULE):
        return msg("裁定只有裁判长能更正")
    if entry.entered_by == by.id:
        return msg("谁录的就不能由谁裁定，请另一位来")
    if recheck_state_of(entry.round).line_of(entry).standing is RecheckStanding.MENDED:
        return msg("评分表已经照复核录的改了；要改回去，先把表退回给裁判")
    return None


def add_moved(round: RecheckRound, by: Account) -> list[str]:
    """Add the sheets that have to be re-checked since the draw; returns their labels."""
    with changing(round.event.competition, round) as competition:
        _check_open(competition)
        moved = recheck_state_of(round, live_results(competition).results).moved
        if moved:
            _add(round, moved, Why.ALL if round.forced_at else Why.TOP)
            after = {"top": moved}
            audit.record(
                competition, by, "recheck.add", f"{round.event.code}/{round.stage}", after=after
            )
    return moved


def may_be_rechecked(competition: Competition) -> bool:
    """True if anybody may enter what is drawn: an official, or whoever has such a role."""
    roles = roles_for(Right.READ_AGAIN)
    judge = select(Judge.id).where(Judge.competition_id == competition.id, Judge.role.in_(roles))
    member = select(Membership.id).where(
        Membership.competition_id == competition.id,
        Membership.role.in_(roles),
    )
    return bool(db.session.scalar(select(judge.exists() | member.exists())))


def may_enter_recheck(entry: RecheckEntry, by: Account) -> bool:
    """True if this person may be the second: a recorder or supervisor who did not judge it."""
    rows = db.session.execute(
        select(Membership.role, Membership.judge_id).where(
            Membership.account_id == by.id,
            Membership.competition_id == entry.sheet.competition_id,
        )
    ).all()
    own = any(judge == entry.sheet.judge_id for _role, judge in rows)
    return not own and any(role in roles_for(Right.READ_AGAIN) for role, _judge in rows)


def why_not_recheck(competition: Competition, by: Account) -> Message | None:
    """Say why a recorder or supervisor cannot enter sheets again now, and who can.

    None for who can, and for whose part it is not at all.
    """
    if not may(by, competition, Right.READ_AGAIN):
        return None
    return SecondWord(competition, None, right=Right.READ_AGAIN).why_not(by)


def _claimed(entry: RecheckEntry) -> tuple[RecheckEntry, Competition]:
    """The entry as it stands, with its competition locked; `Refused` where it is too late."""
    competition = for_update(db.session.get_one(Competition, entry.sheet.competition_id))
    _check_open(competition)
    return db.session.get_one(RecheckEntry, entry.id, populate_existing=True), competition


def _check_open(competition: Competition) -> None:
    if competition.state not in _OPEN:
        raise Refused(_TOO_LATE)


def _add(round: RecheckRound, labels: Collection[str], why: Why) -> None:
    """Put all sheets of these people on the list; who is on it already stays as they are."""
    there = {entry.sheet_id for entry in round.entries}
    wanted = set(labels)
    for sheet in stage_sheets(round.event, round.stage):
        if sheet.label in wanted and sheet.id not in there:
            round.entries.append(RecheckEntry(sheet_id=sheet.id, why=why))
    db.session.flush()


def _send_back_if_open(sheet: Sheet, competition: Competition, reason: str, by: Account) -> None:
    """Send the sheet to its judge, if marks are open; a locked competition is unlocked first."""
    submitted = sheet.state in HANDED_IN
    locked = is_locked(sheet.entrant, sheet.stage, sheet.module)
    if competition.state is CompetitionState.JUDGING and submitted and not locked:
        send_sheet_back(sheet, msg("复核查出有误：%(reason)s", reason=reason).render(), by)


def _force(state: RoundState, competition: Competition, by: Account, *, whole: bool) -> None:
    """Have the `whole` stage re-checked, or no more, where the errors found say so now."""
    round, wrong, drawn = state.round, state.wrong, state.drawn
    forces = forces_all(wrong, drawn, Fraction(round.error_limit))
    if forces is not whole or (round.forced_at is not None) is whole:
        return
    round.forced_at = utc_now() if whole else None
    if whole:
        everybody = {sheet.label for sheet in stage_sheets(round.event, round.stage)}
        _add(round, everybody, Why.ALL)
    audit.record(
        competition,
        by,
        "recheck.force" if whole else "recheck.unforce",
        f"{round.event.code}/{round.stage}",
        after={"wrong": wrong, "drawn": drawn, "limit": f"{round.error_limit:f}"},
    )


def _texts(values: Mapping[str, Decimal]) -> dict[str, str]:
    return {aspect: f"{value:f}" for aspect, value in values.items()}
