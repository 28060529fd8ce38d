"""Reported accidents as the page of entry shows them: a unit's own, a department's of all."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import uuid4

from flask import url_for
from flask_babel import gettext as _

from compete.domain.values.accident_states import AccidentState
from compete.models import LabourAccident
from compete.services.kernel.clock import local_today
from compete.services.kernel.text_limits import too_long
from compete.services.labour.accidents import accidents_of
from compete.services.labour.entry import Writer
from compete.services.labour.notes import LONGEST_COMMENT
from compete.web.labour_entry.shapes import AccidentLine, Reporting
from compete.web.language import say
from compete.web.templating import day, moment, state_word

_KINDS = {
    AccidentState.REPORTED: "warn",
    AccidentState.CONFIRMED: "bad",
    AccidentState.REFUSED: "",
}


def reporting_of(
    writer: Writer,
    period: str,
    typed: Mapping[str, str] | None = None,
    problem: str | None = None,
) -> Reporting:
    """The reports of a leaf period, and for a unit the form for one more, as it was typed."""
    typed = typed or {}
    own, text = writer.unit, typed.get("text", "").strip()
    long = too_long(text, LONGEST_COMMENT) if len(text) > LONGEST_COMMENT else None
    rows = accidents_of(writer.competition, period, own.id if own is not None else None)
    code = writer.competition.code
    return Reporting(
        lines=[_line(writer, row) for row in rows],
        url=url_for("labour_entry.report", code=code, period=period) if own is not None else None,
        uuid=typed.get("uuid") or str(uuid4()),
        happened=typed.get("happened", ""),
        text=typed.get("text", ""),
        today=local_today().isoformat(),
        problem=problem if long is None else None,
        text_problem=say(long) if long is not None else None,
    )


def _line(writer: Writer, row: LabourAccident) -> AccidentLine:
    refused = row.state is AccidentState.REFUSED
    return AccidentLine(
        title=day(row.happened, with_year=True)
        if writer.unit is not None
        else _("%(unit)s %(day)s", unit=row.unit.name, day=day(row.happened, with_year=True)),
        state=state_word(row.state),
        kind=_KINDS[row.state],
        text=_("保存期到了，已经删除") if row.erased_at is not None else row.text or "",
        said=_("%(who)s %(at)s 报的", who=row.reporter.name, at=moment(row.reported_at)),
        why=_("不算的理由：%(why)s", why=row.refused_why)
        if refused and row.refused_why is not None
        else "",
        file_name=row.filename or "",
        file_url=url_for(
            "labour_entry.report_evidence", code=writer.competition.code, number=row.id
        )
        if row.document is not None
        else None,
    )
