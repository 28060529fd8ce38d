"""The end of a draw, by ceremony or on paper: it counts no more, and the module is drawn again.

Of one whose places are out, or could be worked out, one asks with a reason and another agrees. It
stays on record, and nobody has the places that it gave any more.
"""

from __future__ import annotations

from sqlalchemy import select

from compete.domain.values.messages import Message, msg
from compete.domain.values.states import CEREMONY_MOVES, CeremonyState, move
from compete.models import Account, DrawCeremony, PaperDraw, Slot, db, utc_now
from compete.services.accounts.second_persons import SecondWord
from compete.services.kernel import audit
from compete.services.kernel.module_keys import of_event
from compete.services.kernel.public_reasons import check_nobody_named
from compete.services.kernel.refusal import Refused, refuse_if
from compete.services.kernel.text_limits import reason_text
from compete.services.kernel.transactions import for_update, unit_of_work
from compete.services.schedule.draw_ceremonies import why_no_draw
from compete.services.schedule.draw_lists import nfc, standing_papers, why_places_in_use
from compete.services.schedule.slots import clear_places

Draw = DrawCeremony | PaperDraw

_STANDING = (CeremonyState.OPENING, CeremonyState.FIXED, CeremonyState.DRAWN)


def end_draw(draw: Draw, why: str, by: Account) -> None:
    """Put an end to a draw with a reason, or ask for it where that waits for a second person.

    The reason is public. Raises `Refused`: INVALID without one or where it names somebody,
    CONFLICT for a draw on paper that nobody signed, which is entered again, and once its places
    are in use.
    """
    why = reason_text(nfc(why), msg("请写理由"))
    check_nobody_named(draw.event.competition, why)
    with unit_of_work():
        _claim(draw)
        refuse_if(_why_kept(draw))
        if draw.waits_to_end:
            raise Refused(msg("已经提了作废，等另一个人同意"))
        draw.ended_by, draw.ended_why = by.id, why
        if wants_two(draw):
            _record(draw, by, "draw.end_ask")
        else:
            _end(draw, by)


def wants_two(draw: Draw) -> bool:
    """True if nobody alone may put an end to it: its places are out, or could be worked out."""
    if isinstance(draw, PaperDraw):
        return True
    return draw.state is CeremonyState.DRAWN or draw.by_computer


def agree_end(draw: Draw, by: Account) -> None:
    """Agree, as somebody other than who asked, that the draw counts no more.

    Raises `Refused` where nobody asked, and as the second word does.
    """
    with unit_of_work():
        _claim_asked(draw)
        refuse_if(_why_kept(draw))
        draw_end_word(draw).require(by)
        draw.agreed_by = by.id
        _end(draw, by)


def draw_end_word(draw: Draw) -> SecondWord:
    """The conditions of agreeing that it counts no more."""
    return SecondWord(draw.event.competition, draw.ended_by)


def keep_draw(draw: Draw, by: Account) -> None:
    """Keep the draw: what was asked is taken back, or not agreed to."""
    with unit_of_work():
        _claim_asked(draw)
        _record(draw, by, "draw.end_keep")
        draw.ended_by, draw.ended_why = None, None


def _why_kept(draw: Draw) -> Message | None:
    """Say why it cannot be ended; None where it can."""
    place = draw.event, draw.stage, draw.module
    if isinstance(draw, PaperDraw):
        if draw.signed_by is None:
            return msg("监督还没签名，重新记就行")
        gave_places = True
    else:
        gave_places = draw.drawn_at is not None
    return why_no_draw(*place) or (why_places_in_use(*place) if gave_places else None)


def _claim(draw: Draw) -> None:
    """Claim it as it stands now. Raises `Refused` once it is ended, or drawn over."""
    for_update(draw.event.competition)
    db.session.refresh(draw)
    if isinstance(draw, PaperDraw):
        if draw not in standing_papers(draw.event, draw.stage, draw.module):
            raise Refused(msg("这一次已经不算数了，刷新看看"))
    elif draw.state not in _STANDING:
        raise Refused(msg("抽签已经走到下一步了，刷新看看"))


def _claim_asked(draw: Draw) -> None:
    _claim(draw)
    if not draw.waits_to_end:
        raise Refused(msg("没有人提作废"))


def _end(draw: Draw, by: Account) -> None:
    place = draw.event, draw.stage, draw.module
    draw.ended_at = utc_now()
    if isinstance(draw, PaperDraw):
        db.session.flush()
        kept = {code for other in standing_papers(*place) for code in other.codes}
        clear_places(*place, kept=kept)
    else:
        if draw.state is CeremonyState.DRAWN or _is_begun(draw):
            clear_places(*place)
        draw.state = move(draw.state, CeremonyState.ENDED, CEREMONY_MOVES)
    _record(draw, by, "draw.end", bends=True)


def _is_begun(draw: DrawCeremony) -> bool:
    """True if seats of a draw that broke off were written already (`drawing_jobs`)."""
    seats = of_event(Slot, draw.event, draw.stage, draw.module)
    query = select(Slot.id).where(seats, Slot.seat.is_not(None)).limit(1)
    return draw.state is CeremonyState.FIXED and db.session.scalar(query) is not None


def _record(draw: Draw, by: Account, action: str, *, bends: bool = False) -> None:
    after: dict[str, object] = (
        {"paper": draw.drawn_on.isoformat(), "people": len(draw.codes)}
        if isinstance(draw, PaperDraw)
        else {"number": draw.number, "head": draw.head}
    )
    if draw.ender and draw.agreed_by:
        after["asked"] = draw.ender.name
    subject = f"{draw.event.code}/{draw.stage}/{draw.module}"
    why = draw.ended_why or None
    audit.record(draw.event.competition, by, action, subject, after=after, reason=why, bends=bends)
