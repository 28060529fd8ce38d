"""Blind codes (加密号): judges know the entrants of a blind event by them."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable

from sqlalchemy import func, select

from compete.domain.values.messages import msg
from compete.domain.values.rights import Right
from compete.domain.values.states import CompetitionState
from compete.models import Account, BlindCode, Competition, Entrant, Event, Judge, db
from compete.services.accounts.access import may
from compete.services.kernel import audit
from compete.services.kernel.competition_settings import Coding, settings_of
from compete.services.kernel.participants import takes_part
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.kernel.transactions import unit_of_work

_CODE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_MARKS_OPEN = (CompetitionState.REGISTERING, CompetitionState.JUDGING)


def is_coded(event: Event) -> bool:
    """True if names of the event must not stand beside codes: it is blind and marks can change."""
    return event.blind and event.competition.state in _MARKS_OPEN


def are_codes_kept(event: Event) -> bool:
    """True if coders keep the event's codes and nobody has opened them."""
    return is_coded(event) and coding_settings(event).closed


def may_see_names(competition: Competition, events: Iterable[Event], by: Account) -> bool:
    """True if names and units of these events may stand beside codes for this person.

    Beside each other they tell who is who: while marks of a blind event can
    change, only the organiser, who drew the codes, may see both; and nobody
    where coders keep the codes and they are not open.
    """
    coded = [event for event in events if is_coded(event)]
    if any(coding_settings(event).closed for event in coded):
        return False
    return not coded or may(by, competition, Right.SEE_BLIND)


def coding_settings(event: Event) -> Coding:
    """The keepers of the event's codes, and whether they are open."""
    return settings_of(event.competition).coding.get(event.code, Coding())


def require_unblinded(competition: Competition, events: Iterable[Event], by: Account) -> None:
    """Return if results may be shown with their names to this person (`may_see_names`).

    Raises `Refused` (FORBIDDEN) for a chief judge or supervisor, who return and rule on sheets.
    """
    if not may_see_names(competition, events, by):
        raise Refused(msg("盲评：锁定评分以后才能看名次和姓名"), kind=Refusal.FORBIDDEN)


def drawn_codes(event: Event) -> dict[int, str]:
    """The blind code of the last layer by entrant id; whoever has none is left out."""
    return {entrant: codes[-1] for entrant, codes in codes_of(event).items()}


def codes_of(event: Event) -> dict[int, list[str]]:
    """The blind codes of every layer, the outermost first, by entrant id."""
    query = (
        select(BlindCode.entrant_id, BlindCode.code)
        .join(Entrant, Entrant.id == BlindCode.entrant_id)
        .where(BlindCode.event_id == event.id, takes_part())
        .order_by(BlindCode.layer)
    )
    codes: dict[int, list[str]] = {}
    for entrant, code in db.session.execute(query).tuples():
        codes.setdefault(entrant, []).append(code)
    return codes


def draw_blind_codes(event: Event, by: Account | None) -> int:
    """Draw codes for everybody in a blind event who has none, of every layer that is kept.

    How many people got any.
    """
    with unit_of_work() as session:
        people = list(
            session.scalars(select(Entrant.id).where(Entrant.event_id == event.id, takes_part()))
        )
        layers = range(1, max(1, len(coding_settings(event).keepers)) + 1)
        drawn = set[int]().union(*(_draw_layer(event, layer, people) for layer in layers))
        if drawn:
            session.flush()
            content = {"drawn": len(drawn)}
            audit.record(event.competition, by, "blind.draw", event.code, after=content)
    return len(drawn)


def draw_codes_among(event: Event, people: list[int], turn: Collection[int]) -> None:
    """Draw first codes of one layer for those in `turn`, out of what all the people draw from.

    Inside a unit of work; whoever calls it part by part records that codes were drawn.
    """
    _draw_layer(event, 1, people, turn)


def _draw_layer(
    event: Event, layer: int, people: list[int], turn: Collection[int] | None = None
) -> set[int]:
    """Draw codes of one layer for those who have none of it; who they are.

    With `turn` for these alone of those who all draw for the first time.
    """
    here = BlindCode.event_id == event.id
    coded = set(
        db.session.scalars(select(BlindCode.entrant_id).where(here, BlindCode.layer == layer))
    )
    used = set(db.session.scalars(select(BlindCode.code).where(here)))
    drawing = people if turn is None else turn
    uncoded = [person for person in drawing if person not in coded]
    if not uncoded:
        return set()
    letter = _free_letter(event, layer)
    # Who comes late draws from what the others drew from: a higher number would tell.
    first = len(people) if turn is not None else len(coded) or len(people)
    for among in (first, len(people)):
        free = [
            code
            for number in range(1, max(99, 2 * among) + 1)
            if (code := f"{letter}-{number:02d}") not in used
        ]
        if len(free) >= len(uncoded):
            break
    codes = secrets.SystemRandom().sample(free, len(uncoded))
    for person, code in zip(uncoded, codes, strict=True):
        db.session.add(BlindCode(event_id=event.id, entrant_id=person, layer=layer, code=code))
    db.session.flush()
    return set(uncoded)


def _free_letter(event: Event, layer: int) -> str:
    """Find a letter with which no number of the competition begins, and no judge's: B-06 is not
    for B006, nor J-05 for J5, who marks it.

    Each layer has its own; of codes that there are it stays, for those who come late.
    """
    known = db.session.scalar(
        select(BlindCode.code)
        .where(BlindCode.event_id == event.id, BlindCode.layer == layer)
        .order_by(BlindCode.id)
    )
    if known is not None:
        return known[0]
    numbers = select(func.upper(func.substr(Entrant.code, 1, 1))).where(
        Entrant.competition_id == event.competition_id
    )
    others = select(func.substr(BlindCode.code, 1, 1)).where(
        BlindCode.event_id.in_([other.id for other in event.competition.events])
    )
    officials = select(func.upper(func.substr(Judge.code, 1, 1))).where(
        Judge.competition_id == event.competition_id
    )
    taken = set(db.session.scalars(numbers.union(others, officials)))
    turn = event.id % len(_CODE_LETTERS)
    in_turn = _CODE_LETTERS[turn:] + _CODE_LETTERS[:turn]
    return next((letter for letter in in_turn if letter not in taken), in_turn[0])
