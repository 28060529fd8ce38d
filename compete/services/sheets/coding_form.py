"""The coder's record on paper: which code covers which number, to be signed and sealed."""

from __future__ import annotations

from sqlalchemy import select

from compete.documents.forms import Form, FormLine, render_form
from compete.documents.lists import Stamp
from compete.documents.typesetting import PrintedFile
from compete.domain.values import Translate, msg
from compete.models import Account, BlindCode, Entrant, Event, db, utc_now
from compete.services.kernel import Refused, audit, fonts, local_time, takes_part, unit_of_work


def print_coding_form(event: Event, by: Account, translate: Translate | None = None) -> PrintedFile:
    """Every code of a blind event by layer, beside the number it covers; the look is recorded.

    What the first layer covers is the entrant's number. Raises `Refused` while
    nothing is drawn.
    """
    lines = _lines(event)
    if not lines:
        raise Refused(msg("还没有抽加密号"))
    competition = event.competition
    with unit_of_work():
        audit.record(competition, by, "codes.show", event.code, after={"codes": len(lines)})
    title = msg("%(name)s 加密记录", name=competition.name)
    return render_form(
        Form.CODING,
        lines,
        title=title.render(translate),
        subtitle=event.name,
        stamp=Stamp(local_time(utc_now())),
        fonts=fonts(),
        translate=translate,
        author=competition.host or competition.name,
    )


def _lines(event: Event) -> list[FormLine]:
    rows = db.session.execute(
        select(BlindCode.layer, BlindCode.code, BlindCode.entrant_id, Entrant.code)
        .join(Entrant, Entrant.id == BlindCode.entrant_id)
        .where(BlindCode.event_id == event.id, takes_part())
        .order_by(BlindCode.layer, BlindCode.code)
    ).tuples()
    covered: dict[int, str] = {}
    lines = []
    for _layer, code, entrant, number in rows:
        outer = covered.get(entrant)
        lines.append(
            FormLine(code=code, outer_code=outer) if outer else FormLine(code=code, number=number)
        )
        covered[entrant] = code
    return lines
