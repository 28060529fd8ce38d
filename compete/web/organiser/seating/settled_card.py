"""定下来, on the page of panels: what it lacks, who is waited for, what changed since."""

from __future__ import annotations

from flask_babel import gettext as _

from compete.domain.values.roles import Role
from compete.models import AuditEntry, Event
from compete.services.kernel.event_rules import module_title
from compete.services.kernel.signed_by_whom import signer_words
from compete.services.schedule.seating import Panels
from compete.services.schedule.settled import panels_settled
from compete.services.schedule.settling_panels import (
    asked_panels,
    changed_since,
    last_refusal,
    who_asked,
    why_not_settled,
)
from compete.web.language import say
from compete.web.organiser.overview.record_words import record_text
from compete.web.organiser.seating.shapes import SettledCard
from compete.web.templating import moment


def settled_card(
    event: Event, stage: str, module: str, panels: Panels, may_change: bool
) -> SettledCard:
    """How far it is, in words."""
    done = panels_settled(event, stage, module)
    asked = asked_panels(event, stage, module, panels)
    chiefs = [judge.name for judge in event.competition.judges if judge.role is Role.CHIEF]
    chief = chiefs[0] if chiefs else ""
    chip, kind, icon = "", "", ""
    if done is not None and done.agreed_at is not None:
        chip, kind, icon = _("%(at)s 定下来了", at=moment(done.agreed_at)), "ok", "lock"
    elif asked is not None:
        chip, kind, icon = _("%(who)s 提了，等裁判长点头", who=who_asked(asked)), "warn", "clock"
    open_ = may_change and done is None
    lacks = why_not_settled(event, panels) if open_ and asked is None else []
    refusal = last_refusal(event, stage, module) if open_ and asked is None else None
    names = {f"{event.code}/{stage}/{module}": module_title(event, stage, module)}
    judges = {judge.id: f"{judge.code} {judge.name}" for judge in event.competition.judges}
    return SettledCard(
        chip=chip,
        kind=kind,
        icon=icon,
        lacks=[say(each) for each in lacks],
        refused=_(
            "%(who)s 没有同意：%(why)s",
            who=say(signer_words(refusal.actor)),
            why=refusal.reason or "",
        )
        if refusal
        else "",
        changed=[_told(row, names, judges) for row in changed_since(event, stage, module, panels)],
        told=_("定下来要裁判长 %(who)s 点头，定下来以后换人要写理由。", who=chief)
        if chief
        else _("定下来要裁判长点头，定下来以后换人要写理由。"),
        seen=panels.mark,
        settled=done is not None,
        may_ask=open_ and asked is None and not lacks,
        may_drop=open_ and asked is not None,
    )


def _told(row: AuditEntry, names: dict[str, str], judges: dict[int, str]) -> tuple[str, str]:
    """What changed, and why where the sentence does not say it."""
    text = f"{moment(row.at)} {record_text(row, names, judges)}"
    why = row.reason or ""
    return text, "" if why in text else why
