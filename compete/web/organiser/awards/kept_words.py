"""Words on how many hold a prize if two keep what a new version gives to another."""

from __future__ import annotations

from flask_babel import gettext as _

from compete.domain.values.states import ConsequenceState
from compete.models import Competition, Consequence
from compete.services.certificates.award_certificates import unissued_awards
from compete.services.certificates.kept_prizes import kept_prizes
from compete.services.results.consequences import consequences_of, open_consequences
from compete.web.language import in_a_row, say


def kept_words(competition: Competition) -> str | None:
    """Say what the kept certificates leave; None if as many hold each prize as are to."""
    prizes, lost = _prizes(competition)
    sentences = []
    if prizes and (open_consequences(competition) or unissued_awards(competition, everywhere=True)):
        sentences.append(_("两个人定了保留，所以都办完、发完以后%(prizes)s。", prizes=prizes))
    elif prizes:
        sentences.append(_("两个人定了保留，所以%(prizes)s。", prizes=prizes))
    if lost:
        sentences.append(
            _(
                "保留的证书后来撤销了，所以%(prizes)s。不会自己补发：要给，在登记册里重新发撤销的那一张，"
                "要两个人。",
                prizes=lost,
            )
        )
    return in_a_row(sentences) if sentences else None


def kept_notes(competition: Competition) -> dict[int, str]:
    """Say what keeping each certificate came to, by the certificate's row."""
    notes = {}
    for row in consequences_of(competition):
        if row.state is ConsequenceState.KEPT and row.certificate_id is not None:
            words = keeping_words(row)
            if words is not None:
                notes[row.certificate_id] = words
    return notes


def keeping_words(row: Consequence) -> str | None:
    """Say what it means to keep this one; of a kept one, what it came to."""
    prizes, lost = _prizes(row.competition, row)
    if lost:
        return _("保留以后又撤销了，所以%(prizes)s", prizes=lost)
    return _("保留以后%(prizes)s", prizes=prizes) if prizes else None


def _prizes(competition: Competition, also: Consequence | None = None) -> tuple[str, str]:
    """List the prizes held since certificates were kept, and lost since kept ones are void."""
    several = len(competition.events) > 1
    kept: list[str] = []
    lost: list[str] = []
    for prize in kept_prizes(competition, also):
        (lost if prize.lost else kept).append(say(prize.words(with_event=several)))
    return _("；").join(kept), _("；").join(lost)
