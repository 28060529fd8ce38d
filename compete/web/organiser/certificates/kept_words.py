"""How many hold a prize where two keep what a new version gives to another, in words."""

from __future__ import annotations

from flask_babel import gettext as _

from compete.domain.values import ConsequenceState
from compete.models import Competition, Consequence
from compete.services.certificates import kept_prizes, unissued_awards
from compete.services.publication import consequences_of, open_consequences
from compete.web.language import say


def kept_words(competition: Competition) -> str | None:
    """What has been kept until now leaves; nothing where as many hold each prize as are to."""
    said = _prizes(competition)
    if not said:
        return None
    if open_consequences(competition) or unissued_awards(competition, everywhere=True):
        return _("两个人定了保留，所以都办完、发完以后%(prizes)s。", prizes=said)
    return _("两个人定了保留，所以%(prizes)s。", prizes=said)


def kept_notes(competition: Competition) -> dict[int, str]:
    """What keeping each certificate came to, by the certificate's row."""
    found = {}
    for row in consequences_of(competition):
        if row.state is ConsequenceState.KEPT and row.certificate_id is not None:
            said = words_if_kept(row)
            if said is not None:
                found[row.certificate_id] = said
    return found


def words_if_kept(row: Consequence) -> str | None:
    """What it means to keep this one, for whoever is to; of a kept one what it came to."""
    said = _prizes(row.competition, row)
    return _("保留以后%(prizes)s", prizes=said) if said else None


def _prizes(competition: Competition, also: Consequence | None = None) -> str:
    several = len(competition.events) > 1
    return _("；").join(
        say(each.words(with_event=several)) for each in kept_prizes(competition, also)
    )
