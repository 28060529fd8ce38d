"""In which order what waits stands, and until when it does, in words."""

from __future__ import annotations

from datetime import date, timedelta

from flask_babel import gettext as _
from flask_babel import ngettext

from compete.models import utc_now
from compete.services.kernel.clock import local_time
from compete.web.organiser.desk.home.shapes import Waiting
from compete.web.templating import moment_in_sentence, near_day


def due_words(waiting: Waiting) -> str:
    """Until when it waits, in words; empty where nobody has said."""
    due = waiting.row.due
    if due is None:
        return near_day(waiting.day) if waiting.day is not None else ""
    left = due - utc_now()
    if left <= timedelta():
        return _("过了 %(at)s", at=moment_in_sentence(due))
    if left < timedelta(hours=1):
        minutes = int(left.total_seconds() // 60)
        return ngettext("还有 %(num)s 分", "还有 %(num)s 分", minutes)
    return moment_in_sentence(due)


def day_of(waiting: Waiting) -> date:
    """The day of it; the last of all days where there is none."""
    due = waiting.row.due
    return local_time(due).date() if due else waiting.day or date.max


def urgency(waiting: Waiting) -> tuple[bool, date, float]:
    """Sort key: the urgent first, then by the day, and by the time of day if it has one."""
    due = waiting.row.due
    return not waiting.urgent, day_of(waiting), due.timestamp() if due else float("inf")
