"""Results of the second look at a period, in coloured frames."""

from __future__ import annotations

from flask_babel import gettext as _

from compete.domain.values.period_states import LookResult
from compete.models import LabourLook
from compete.services.labour.second_look import counts_of
from compete.web.shapes import Chip
from compete.web.state_chips import state_chip
from compete.web.templating import state_word


def count_chips(look: LabourLook) -> list[Chip]:
    """Show the progress of the look, a chip for each number that is not 0."""
    counts = counts_of(look)
    chips = [
        state_chip(result, _("%(word)s %(n)s", word=state_word(result), n=number))
        for result, number in (
            (LookResult.AGREES, counts.agrees),
            (LookResult.DIFFERS, counts.differs),
            (LookResult.UNPROVEN, counts.unproven),
        )
        if number
    ]
    if counts.left:
        chips.append(Chip(text=_("还没核 %(n)s", n=counts.left), kind="", icon="clock"))
    return chips
