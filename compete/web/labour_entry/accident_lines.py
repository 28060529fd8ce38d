"""Reported accidents as the page of entry shows them: a unit's own, a department's of all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import uuid4

from flask import url_for

from compete.models import LabourAccident
from compete.services.kernel.clock import local_today
from compete.services.kernel.text_limits import too_long
from compete.services.labour.accidents import accidents_of
from compete.services.labour.entry import Writer
from compete.services.labour.notes import LONGEST_COMMENT
from compete.web.language import say


@dataclass(frozen=True, slots=True, kw_only=True)
class Reporting:
    """The reports of a period; `url` takes one more, None for a department, which only reads."""

    rows: Sequence[LabourAccident]
    url: str | None
    uuid: str
    happened: str
    text: str
    today: str
    problem: str | None
    text_problem: str | None


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
        rows=rows,
        url=url_for("labour_entry.report", code=code, period=period) if own is not None else None,
        uuid=typed.get("uuid") or str(uuid4()),
        happened=typed.get("happened", ""),
        text=typed.get("text", ""),
        today=local_today().isoformat(),
        problem=problem if long is None else None,
        text_problem=say(long) if long is not None else None,
    )
