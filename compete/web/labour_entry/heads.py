"""Head counts on the page of entry: the workers of a unit who take part."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from compete.domain.labour.head_counts import grouped
from compete.services.labour.entry import Writer
from compete.services.labour.head_counts import heads_of
from compete.services.labour.period_progress import why_closed


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnHeads:
    """The head count of a unit: `text` as its field has it, `said` in words."""

    url: str | None
    """None once the period is closed."""
    text: str
    said: str
    problem: str | None


def own_heads(
    writer: Writer, period: str, typed: str | None = None, problem: str | None = None
) -> OwnHeads | None:
    """Show a unit's head count for a leaf period, reported or typed; None for a department."""
    if writer.unit is None:
        return None
    heads, unit = heads_of(writer.competition, period), writer.unit.code
    known, stands = heads.reported.get(unit), heads.standing.get(unit)
    if stands is None:
        said = _("还没报过。")
    elif known is not None:
        said = _("这一期报了 %(people)s 人。", people=grouped(known))
    else:
        said = _("这一期没报，照前面报的 %(people)s 人算。", people=grouped(stands))
    closed = why_closed(writer.competition, period)
    if closed is not None:
        said = _("%(said)s这一期已经结账，要改找组委会。", said=said)
    return OwnHeads(
        url=None
        if closed is not None
        else url_for("labour_entry.report_people", code=writer.competition.code, period=period),
        text=typed if typed is not None else "" if known is None else str(known),
        said=said,
        problem=problem,
    )
