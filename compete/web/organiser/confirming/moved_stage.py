"""What a lock or its opening means for who goes on to a later stage that is being judged."""

from __future__ import annotations

from flask_babel import gettext as _

from compete.models import Competition, Event
from compete.services.schedule.next_stage import next_stages
from compete.web.organiser.confirming.view_model import Facts, make_fact
from compete.web.words import heads_in


def moved_by_lock(competition: Competition, event: Event, stage: str) -> Facts:
    """That others go on than are judged in the next stage, where the marks of now say so."""
    moved = [
        it
        for it in next_stages(competition)
        if it.begun and (it.event, it.before_code) == (event.code, stage)
    ]
    return [
        make_fact(
            _("进“%(stage)s”的人和正在评的不一样", stage=it.name),
            _(
                "新进 %(coming)s，不再进 %(leaving)s。锁定以后先看名单，再按新的名单评。",
                coming=heads_in(len(it.people), competition),
                leaving=heads_in(len(it.leaving), competition),
            ),
        )
        for it in moved
    ]
