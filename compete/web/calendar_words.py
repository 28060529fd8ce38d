"""Words on whether the days of a notice are counted by known holidays."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext as _

from compete.domain.values.messages import listed
from compete.services.kernel.working_calendar import working_days
from compete.web.language import say


def calendar_doubt(first: date, last: date) -> str:
    """Name the years without entered holidays; empty if all are known."""
    unknown = working_days().unknown_years(first, last)
    if not unknown:
        return ""
    years = say(listed(map(str, unknown)))
    return _("%(years)s 年的放假安排还没有，按周一到周五算", years=years)
