"""What earlier sittings leave a person of an evaluation: 补考, and marks to bring along."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _

from compete.domain.values.kinds import Kind
from compete.domain.values.numerals import plain
from compete.models import Entrant
from compete.services.registration.carrying import (
    BroughtModule,
    KeptModule,
    brought_modules,
    kept_modules,
)
from compete.services.registration.earlier_sittings import TriedAgain, tried_again, why_resit_stays
from compete.web.language import say
from compete.web.organiser.person.finding import in_the_list
from compete.web.organiser.person.shapes import (
    BroughtLine,
    KeptLine,
    ResitLine,
    SittingsCard,
    SittingsUrls,
)
from compete.web.shapes import Chip


def sittings_card(entrant: Entrant) -> SittingsCard | None:
    """None where there is nothing to say, as in every contest."""
    if entrant.competition.kind != Kind.EVALUATION:
        return None
    again = tried_again([entrant]).get(entrant.code)
    brought, kept = brought_modules(entrant), kept_modules(entrant)
    if again is None and not brought and not kept:
        return None

    def to(endpoint: str) -> str:
        url = url_for(endpoint, code=entrant.competition.code, who=entrant.code)
        return in_the_list(url)

    return SittingsCard(
        resit=_resit_line(entrant, again) if again is not None else None,
        brought=[_brought_line(each) for each in brought],
        kept=[_kept_line(each) for each in kept],
        urls=SittingsUrls(
            bring=to("organiser.bring"),
            take_back=to("organiser.take_brought_back"),
            make_void=to("organiser.make_brought_void"),
            record_resit=to("organiser.note_resit"),
            drop_resit=to("organiser.drop_noted_resit"),
        ),
    )


def resit_chip(again: TriedAgain) -> Chip:
    """Which attempt it is on record, or would be."""
    if again.attempt is not None:
        return Chip(text=_("补考，第 %(n)s 次", n=again.attempt), kind="", icon="return")
    return Chip(text=_("像是补考，第 %(n)s 次", n=again.proposed), kind="warn", icon="warn")


def _resit_line(entrant: Entrant, again: TriedAgain) -> ResitLine:
    before = again.before
    origin = again.recorded
    if before is not None:
        origin = _("%(where)s，%(name)s", where=before.where, name=before.entrant.name)
    return ResitLine(
        chip=resit_chip(again),
        origin=origin,
        record=again.proposed is not None,
        drop=again.attempt is not None and why_resit_stays(entrant) is None,
    )


def _brought_line(brought: BroughtModule) -> BroughtLine:
    said, void = brought.said, brought.said.get("void")
    at = said["from"]
    return BroughtLine(
        of=brought.of,
        module=brought.name,
        mark=said["mark"],
        origin=_(
            "%(competition)s %(event)s %(code)s 第 %(n)s 版，留到 %(until)s",
            competition=at["competition"],
            event=at["event"],
            code=at["entrant"],
            n=at["publication"],
            until=said["until"],
        ),
        void=_("%(day)s 作废：%(why)s", day=void["day"], why=void["reason"]) if void else None,
        no_longer=say(brought.no_longer) if brought.no_longer is not None else None,
        stays=say(brought.why_stays) if brought.why_stays is not None and not void else None,
    )


def _kept_line(kept: KeptModule) -> KeptLine:
    return KeptLine(
        key=kept.key,
        module=kept.name,
        mark=plain(kept.mark),
        origin=_(
            "%(where)s，第 %(n)s 版，留到 %(until)s",
            where=kept.sitting.where,
            n=kept.sitting.version,
            until=str(kept.until),
        ),
        why_not=say(kept.why_not) if kept.why_not is not None else None,
    )
