"""The end of a draw on paper that a supervisor signed: one asks, another agrees, as of others.

It stays on record. Nobody has the places that it gave any more, and the module is drawn again.
"""

from __future__ import annotations

from compete.domain.values.messages import Message, msg
from compete.models import Account, PaperDraw, db, utc_now
from compete.services.accounts.second_persons import SecondWord
from compete.services.kernel import audit
from compete.services.kernel.refusal import Refused, refuse_if
from compete.services.kernel.text_limits import reason_text
from compete.services.kernel.transactions import for_update, unit_of_work
from compete.services.schedule.draw_ceremonies import why_no_draw
from compete.services.schedule.draw_lists import nfc, standing_papers, why_places_in_use
from compete.services.schedule.slots import clear_places


def end_paper_draw(paper: PaperDraw, why: str, by: Account) -> None:
    """Ask that a signed draw on paper counts no more; that waits for a second person.

    Raises `Refused` (INVALID) without a reason, (CONFLICT) for one that nobody signed, which is
    entered again, and once its places are in use.
    """
    why = reason_text(nfc(why), msg("请写理由"))
    with unit_of_work():
        _claim(paper)
        refuse_if(_why_paper_kept(paper))
        if paper.waits_to_end:
            raise Refused(msg("已经提了作废，等另一个人同意"))
        paper.ended_by, paper.ended_why = by.id, why
        _record(paper, by, "draw.end_ask")


def agree_paper_end(paper: PaperDraw, by: Account) -> None:
    """Agree, as somebody other than who asked, that the draw on paper counts no more."""
    with unit_of_work():
        _claim_asked(paper)
        refuse_if(_why_paper_kept(paper))
        paper_end_word(paper).require(by)
        paper.agreed_by, paper.ended_at = by.id, utc_now()
        place = paper.event, paper.stage, paper.module
        db.session.flush()
        kept = {code for other in standing_papers(*place) for code in other.codes}
        clear_places(*place, kept=kept)
        _record(paper, by, "draw.end", bends=True)


def keep_paper_draw(paper: PaperDraw, by: Account) -> None:
    """Keep the draw on paper: what was asked is taken back, or not agreed to."""
    with unit_of_work():
        _claim_asked(paper)
        _record(paper, by, "draw.end_keep")
        paper.ended_by, paper.ended_why = None, None


def paper_end_word(paper: PaperDraw) -> SecondWord:
    """The conditions of agreeing that it counts no more."""
    return SecondWord(paper.event.competition, paper.ended_by)


def _why_paper_kept(paper: PaperDraw) -> Message | None:
    """Say why the draw on paper cannot be ended; None where it can."""
    place = paper.event, paper.stage, paper.module
    if paper.signed_by is None:
        return msg("监督还没签名，重新记就行")
    return why_no_draw(*place) or why_places_in_use(*place)


def _claim(paper: PaperDraw) -> None:
    """Claim it as it stands now. Raises `Refused` once it is ended, or drawn over."""
    for_update(paper.event.competition)
    db.session.refresh(paper)
    if paper not in standing_papers(paper.event, paper.stage, paper.module):
        raise Refused(msg("这一次已经不算数了，刷新看看"))


def _claim_asked(paper: PaperDraw) -> None:
    _claim(paper)
    if not paper.waits_to_end:
        raise Refused(msg("没有人提作废"))


def _record(paper: PaperDraw, by: Account, action: str, *, bends: bool = False) -> None:
    asked = {"asked": paper.ender.name} if paper.ender and paper.agreed_by else {}
    audit.record(
        paper.event.competition,
        by,
        action,
        f"{paper.event.code}/{paper.stage}/{paper.module}",
        after={"paper": paper.drawn_on.isoformat(), "people": len(paper.codes), **asked},
        reason=paper.ended_why,
        bends=bends,
    )
