"""换裁判, the act: another takes over a judge's seats and unsigned sheets, signed ones stay.

A sheet that the judge began is closed and kept with all that was said on it, and the
successor gets an empty one: nobody signs what another wrote. The judge's part in the
competition ends, and with it the card, the PIN and whatever is signed in.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from compete.domain.seating import Seat
from compete.domain.values.messages import Message, msg
from compete.domain.values.roles import SCORING_ROLES, Role
from compete.domain.values.states import HANDED_IN, CompetitionState, SheetState
from compete.models import (
    Account,
    Assignment,
    Competition,
    Judge,
    Membership,
    Sheet,
    db,
)
from compete.services.accounts.roles import take_role_back
from compete.services.accounts.sign_in_cards import cancel_cards
from compete.services.judging.recusal import close_sheet, same_sheet_of
from compete.services.judging.succession import Succession
from compete.services.kernel import audit
from compete.services.kernel.refusal import Refused, invalid
from compete.services.kernel.text_limits import reason_text
from compete.services.kernel.transactions import for_update, unit_of_work
from compete.services.sheets.locks_in_force import is_locked, must_sign

_OPEN = (CompetitionState.REGISTERING, CompetitionState.JUDGING)


@dataclass(frozen=True, slots=True)
class Following:
    """What would go over to a successor, and what stays."""

    seats: Sequence[Assignment]
    sheets: Sequence[Sheet]
    """Unsigned ones, which follow."""
    begun: int
    """How many of those have something on them: the successor begins anew."""
    kept: int
    """Signed ones, and submitted ones where nobody signs: they stay the judge's."""
    locked: int
    """Unsigned ones under a lock, which stay as they are."""


def what_follows(judge: Judge) -> Following:
    """What a successor would get; where sheets must be signed, what was only submitted too."""
    competition = db.session.get_one(Competition, judge.competition_id)
    stay = (SheetState.SIGNED,) if must_sign(competition) else HANDED_IN
    rows = db.session.scalars(
        select(Sheet)
        .where(Sheet.judge_id == judge.id, Sheet.state != SheetState.WITHDRAWN)
        .order_by(Sheet.id)
        .execution_options(populate_existing=True)
    ).all()
    left = [sheet for sheet in rows if sheet.state not in stay]
    sheets = [sheet for sheet in left if not is_locked(sheet.entrant, sheet.stage, sheet.module)]
    seats = db.session.scalars(
        select(Assignment).where(Assignment.judge_id == judge.id).order_by(Assignment.id)
    ).all()
    return Following(
        seats=seats,
        sheets=sheets,
        begun=sum(bool(sheet.version) for sheet in sheets),
        kept=len(rows) - len(left),
        locked=len(left) - len(sheets),
    )


def replace_judge(judge: Judge, successor: Judge, reason: str, by: Account) -> Following:
    """Put the successor in the judge's place everywhere in the competition.

    Raises `Refused` (INVALID) without a reason and for who cannot judge, (CONFLICT) where
    the successor must not (回避), sits on the same panel, or has such a sheet already.
    """
    reason = reason_text(reason, msg("换裁判要写理由"))
    with unit_of_work() as session:
        competition = for_update(session.get_one(Competition, judge.competition_id))
        if competition.state not in _OPEN:
            raise Refused(msg("评分已经锁定，不能再换裁判"))
        _refuse_who_cannot(judge, successor)
        following = what_follows(judge)
        if not following.seats and not following.sheets:
            raise Refused(msg("%(name)s 没有席位，也没有没签的评分表，不用换", name=judge.name))
        why = Succession(competition, following.seats, following.sheets).why_not(successor)
        if why is not None:
            raise Refused(why)
        seats = _hand_seats(following.seats, successor)
        followed = _hand_sheets(following.sheets, successor, reason)
        session.flush()
        audit.record(
            competition,
            by,
            "judge.replace",
            judge.code,
            before={"seats": seats, "begun": following.begun, "kept": following.kept},
            after={"judge": successor.code, "sheets": followed},
            reason=reason,
            bends=True,
        )
        _end_part(judge, by, reason)
    return following


def _refuse_who_cannot(judge: Judge, successor: Judge) -> None:
    if judge.id == successor.id or judge.competition_id != successor.competition_id:
        raise invalid(msg("选另一名裁判来换"))
    for each in (judge, successor):
        if not is_replaceable(each):
            raise invalid(msg("%(name)s 不是裁判员，不能这样换", name=each.name))


def successors(judge: Judge) -> list[tuple[Judge, Message | None]]:
    """Everybody else on the list who marks, and why one must not take over."""
    competition = db.session.get_one(Competition, judge.competition_id)
    following = what_follows(judge)
    asked = Succession(competition, following.seats, following.sheets)
    return [
        (other, asked.why_not(other))
        for other in competition.judges
        if other.id != judge.id and is_replaceable(other)
    ]


def is_replaceable(judge: Judge) -> bool:
    """Whether somebody marks and does not lead."""
    role = judge.role or Role.JUDGE
    return role in SCORING_ROLES and role is not Role.CHIEF


def _hand_seats(seats: Sequence[Assignment], successor: Judge) -> list[Seat]:
    told: list[Seat] = []
    for seat in seats:
        told.append((seat.judge_id, seat.station))
        db.session.add(
            Assignment(
                event_id=seat.event_id,
                stage=seat.stage,
                module=seat.module,
                judge_id=successor.id,
                station=seat.station,
                timekeeper=seat.timekeeper,
            )
        )
        db.session.delete(seat)
    return told


def _hand_sheets(sheets: Sequence[Sheet], successor: Judge, reason: str) -> dict[str, list[str]]:
    followed: dict[str, list[str]] = defaultdict(list)
    for sheet in sheets:
        close_sheet(sheet, reason)
        db.session.add(same_sheet_of(successor, sheet))
        followed[sheet.label].append(sheet.module)
    return dict(followed)


def _end_part(judge: Judge, by: Account, reason: str) -> None:
    """The role goes back; the card ends with it unless the account has another part."""
    for membership in db.session.scalars(
        select(Membership).where(Membership.judge_id == judge.id)
    ).all():
        account = db.session.get_one(Account, membership.account_id)
        take_role_back(membership, by, reason)
        others = select(Membership.id).where(Membership.account_id == account.id)
        if db.session.scalar(others.limit(1)) is None and not account.is_admin:
            cancel_cards(account, by, reason)
