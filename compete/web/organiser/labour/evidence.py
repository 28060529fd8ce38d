"""Evidence on a unit's squares beside their values, for the desk."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _

from compete.domain.bundle.labour_types import Labour
from compete.models import Competition, LabourNote
from compete.services.labour.notes import notes_of_unit
from compete.services.labour.squares import leaves_of
from compete.services.scoring.live_labour import LabourLive
from compete.web.organiser.labour.shapes import EvidenceRow
from compete.web.templating import moment


def evidence_rows(
    competition: Competition, live: LabourLive, unit: str, period: str
) -> list[EvidenceRow]:
    """The files and comments of a unit in a period and those inside it, newest first."""
    found = next(each for each in competition.units if each.code == unit)
    return [
        evidence_row(competition, live.labour, note)
        for note in reversed(notes_of_unit(found, leaves_of(live.labour, period)))
    ]


def evidence_row(competition: Competition, labour: Labour, note: LabourNote) -> EvidenceRow:
    """A file or a comment; what was taken back has no address."""
    periods = {each.code: each.name for each in labour.periods}
    indicators = {each.code: each.name for each in labour.indicators}
    return EvidenceRow(
        period=periods.get(note.period, note.period),
        indicator=indicators.get(note.indicator, note.indicator),
        text=_("保存期到了，已经删除") if note.erased_at is not None else note.text or "",
        file=note.filename or "",
        url=_url(competition, note),
        by=note.maker.name,
        own=note.own,
        when=moment(note.made_at),
        gone=note.withdrawn_why or "",
    )


def _url(competition: Competition, note: LabourNote) -> str | None:
    if note.filename is None or note.withdrawn_at is not None:
        return None
    return url_for("organiser.labour_evidence", code=competition.code, uuid=note.uuid)
