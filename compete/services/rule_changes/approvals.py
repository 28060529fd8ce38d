"""Approvals: who has agreed to a change, who still has to, and why somebody cannot."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from compete.domain.values.messages import Message, msg
from compete.domain.values.period_states import CorrectionState
from compete.models import Account, Competition, RuleChange
from compete.services.accounts.access import may
from compete.services.accounts.second_persons import holders_of, why_not_second
from compete.services.rule_changes.changes import SEAT_RIGHTS, SEAT_WORDS, Seat, seat_word


@dataclass(frozen=True, slots=True)
class SeatState:
    """The state of one seat: who agreed and when, or whether who looks may, and why not.

    `vacant`: nobody in the competition could.
    """

    seat: Seat
    agreed: Account | None
    at: datetime | None
    open: bool
    vacant: bool
    why_not: Message | None


def seats_of(change: RuleChange, by: Account) -> list[SeatState]:
    """List both seats, as `by` finds them."""
    return [_seat(change, seat, by) for seat in Seat]


def vacant_seats(competition: Competition) -> list[Message]:
    """Say who is missing, a sentence each: nobody could agree in that seat."""
    return [_vacant(seat) for seat in Seat if not holders_of(competition, SEAT_RIGHTS[seat])]


def _vacant(seat: Seat) -> Message:
    return msg(
        "这个竞赛没有能登录的%(seat)s：在“裁判”的人员里加上，再给登录卡", seat=SEAT_WORDS[seat]
    )


def _seat(change: RuleChange, seat: Seat, by: Account) -> SeatState:
    chief = seat is Seat.CHIEF
    agreed, at = (
        (change.chief, change.chief_at) if chief else (change.supervisor, change.supervisor_at)
    )
    if agreed is not None or change.state is not CorrectionState.ASKED:
        return SeatState(seat, agreed, at, open=False, vacant=False, why_not=None)
    competition, right = change.competition, SEAT_RIGHTS[seat]
    if not holders_of(competition, right):
        return SeatState(seat, None, None, open=False, vacant=True, why_not=_vacant(seat))
    other = change.supervisor_by if chief else change.chief_by
    whose = msg("等%(seat)s", seat=SEAT_WORDS[seat])
    why_not: Message | None
    if other == by.id and may(by, competition, right):
        why_not = msg("你已经同意过了，另一个要由另一个人来")
    else:
        but = {other} if other is not None else set()
        why_not = replace(seat_word(change, seat), but=but, whose=whose).why_not(by)
        if why_not is None and other is not None:
            why_not = why_not_second(other, by)
    return SeatState(seat, None, None, open=why_not is None, vacant=False, why_not=why_not)
