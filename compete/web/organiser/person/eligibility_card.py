"""The conditions of entry held against one person, and the words that waive one."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from compete.domain.eligibility import RULE_WORDS
from compete.models import Entrant
from compete.services.registration.exempting import HeldRule, rules_held, why_exemption_stands
from compete.web.language import say
from compete.web.organiser.person.finding import in_the_list
from compete.web.organiser.person.shapes import EligibilityCard, RuleLine
from compete.web.shapes import Chip
from compete.web.templating import moment


def eligibility_card(entrant: Entrant) -> EligibilityCard | None:
    """None where the event asks nothing."""
    tried = rules_held(entrant)
    if not tried:
        return None
    open_ = [each for each in tried if not each.finding.fits and each.exemption is None]
    waived = [each for each in tried if each.exemption is not None]
    if open_:
        n = len(open_)
        chip = Chip(
            text=ngettext("%(num)s 条不符合", "%(num)s 条不符合", n), kind="bad", icon="ban"
        )
    elif waived:
        n = len(waived)
        text = ngettext("够条件，其中 %(num)s 条特准", "够条件，其中 %(num)s 条特准", n)
        chip = Chip(text=text, kind="ok", icon="check")
    else:
        chip = Chip(text=_("够条件"), kind="ok", icon="check")
    competition = entrant.competition
    why = why_exemption_stands(competition)

    def to(endpoint: str) -> str:
        return in_the_list(url_for(endpoint, code=competition.code, who=entrant.code))

    return EligibilityCard(
        chip=chip,
        lines=[_line(entrant, each) for each in tried],
        exempt_url=to("organiser.exempt"),
        end_url=to("organiser.end_exempt") if why is None else None,
        stands=say(why) if why is not None and waived else None,
    )


def _line(entrant: Entrant, tried: HeldRule) -> RuleLine:
    finding, exemption = tried.finding, tried.exemption
    asked = _("%(rule)s：%(asked)s", rule=say(RULE_WORDS[finding.rule]), asked=say(finding.asked))
    return RuleLine(
        holder=tried.holder.code,
        who=tried.holder.name if tried.holder is not entrant else None,
        rule=finding.rule.value,
        asked=asked,
        fact=say(finding.fact),
        state="waived" if exemption else "ok" if finding.fits else "bad",
        exempted=_(
            "%(at)s %(who)s 特准：%(why)s",
            at=moment(exemption.made_at),
            who=exemption.maker.name,
            why=exemption.reason,
        )
        if exemption
        else None,
    )
