"""Issuing gate: whether certificates may be issued now."""

from __future__ import annotations

from datetime import datetime

from compete.domain.kinds.kinds import competition_kind
from compete.domain.values.days import day_words
from compete.domain.values.kinds import Level
from compete.domain.values.messages import Message, listed, msg
from compete.domain.values.states import CompetitionState
from compete.models import Competition, Event, utc_now
from compete.services.appeals.appeal_states import open_appeals
from compete.services.kernel.clock import local_time
from compete.services.kernel.competition_settings import settings_of
from compete.services.kernel.event_rules import rules_of
from compete.services.kernel.publications import latest_publication
from compete.services.kernel.refusal import Refused, invalid
from compete.services.kernel.text_limits import reason_text
from compete.services.results.consequences import open_consequences
from compete.services.results.result_stands import stand_words, stands_of

ANNOUNCED = (CompetitionState.NOTICE, CompetitionState.FINAL)


def awards_at_once(event: Event) -> bool:
    """True if certificates go out with the publication: a firm's own contest, no grade in it."""
    rules = rules_of(event)
    graded = rules.grades or rules.verdict is not None
    return event.competition.level == Level.ENTERPRISE and not graded


def check_issue(competition: Competition, reason: str = "", event: str | None = None) -> str | None:
    """The reason as it is recorded, or None where none was given.

    Raises `Refused` before the first publication, while marks are open or locked anew after
    it, while something of an earlier version is not settled, and where every event has to
    wait (`issuable_events`), or the one of code `event` that is asked about; (INVALID)
    without a reason where what would be issued is not final (`why_reason`).
    """
    publication = latest_publication(competition)
    if publication is None:
        raise Refused(msg("成绩还没公布，不能发证"))
    # A labour competition has no states of judging: it is published as it is.
    if competition_kind(competition).of_people and competition.state not in ANNOUNCED:
        raise Refused(
            msg("第 %(n)s 版公布以后评分又解锁了，重新公布以后才能发证", n=publication.version)
        )
    if waiting := open_consequences(competition):
        raise Refused(
            msg(
                "第 %(n)s 版公布以后还有 %(count)s 件没办，办完才能发新证",
                n=publication.version,
                count=waiting,
            )
        )
    issuable = issuable_events(competition)
    if issuable is None:
        waiting = open_appeals(competition, None)
        if waiting:
            raise Refused(msg("还有 %(count)s 件申诉没有了结，了结了才能发证", count=waiting))
        if why := why_not_final(competition):
            raise Refused(why)
    elif event is not None and event not in issuable and (why := events_that_wait(competition)):
        raise Refused(why)
    reason = reason_text(reason)
    if not reason and (early := why_reason(competition)):
        raise invalid(early)
    return reason or None


def issuable_events(competition: Competition) -> frozenset[str] | None:
    """The codes of events whose certificates may go out while those of others wait.

    None where no event is apart from the others: all may, or none. What is certified was won
    within one event, so nothing of it depends on another.
    """
    if competition_kind(competition).has_periods or len(competition.events) < 2:
        return None
    waiting = _waiting(competition)
    ready = frozenset(e.code for e in competition.events if e.code not in waiting)
    return ready if ready and waiting else None


def events_that_wait(competition: Competition) -> Message | None:
    """Name the events whose certificates wait while others go out, and why; None if none does."""
    if issuable_events(competition) is None:
        return None
    names = {event.code: event.name for event in competition.events}
    sentences = [
        msg("%(event)s（%(why)s）", event=names[code], why=why)
        for code, why in _waiting(competition).items()
    ]
    return msg("%(events)s 的证书要等；别的赛项可以先发", events=listed(sentences))


def _waiting(competition: Competition) -> dict[str, Message]:
    """The events, by code, whose certificates have to wait, and for what."""
    early, reasons = settings_of(competition).certify_early, {}
    appealed = open_appeals(competition, None) > 0
    stands = stands_of(competition)
    for event in competition.events:
        stand = stands[event.code]
        unfinished = stand.is_announced and not stand.stands
        unfinished = unfinished and not early and not awards_at_once(event)
        if stand.withdrawn_why or unfinished:
            reasons[event.code] = stand_words(stand)
        elif appealed and open_appeals(competition, event):
            reasons[event.code] = msg("有申诉没有了结")
    return reasons


def notice_running(competition: Competition) -> datetime | None:
    """The end of the last running notice of what was announced, or None when all have ended."""
    if competition_kind(competition).of_people:
        running = [stand.notice_until for stand in stands_of(competition).values() if stand.runs]
        return max((until for until in running if until is not None), default=None)
    publication = latest_publication(competition)
    until = publication.notice_until if publication else None
    return until if until is not None and until > utc_now() else None


def why_reason(competition: Competition) -> Message | None:
    """Say that issuing now takes a reason, as the results are not final; None if they are.

    Awards that go out at once take none.
    """
    if competition_kind(competition).has_periods:
        until = notice_running(competition)
        return _before_end(until) if until else None
    issuable, stands = issuable_events(competition), stands_of(competition)
    early = [
        stand
        for event in competition.events
        if (stand := stands[event.code]).is_announced and not stand.stands
        if (issuable is None or event.code in issuable) and not awards_at_once(event)
    ]
    until = max(
        (stand.notice_until for stand in early if stand.runs and stand.notice_until), default=None
    )
    if until is not None:
        return _before_end(until)
    names = listed(stand.name for stand in early)
    return msg("%(events)s 还没有定为最终成绩，现在发证要写理由", events=names) if early else None


def _before_end(until: datetime) -> Message:
    return msg("公示到 %(day)s，期满前发证要写理由", day=day_words(local_time(until)))


def why_not_final(competition: Competition) -> Message | None:
    """Name the events that all certificates wait for, or None if some need not wait."""
    if competition_kind(competition).has_periods or issuable_events(competition) is not None:
        return None
    at_once = {event.code for event in competition.events if awards_at_once(event)}
    stands = stands_of(competition).values()
    withdrawn = [stand.name for stand in stands if stand.withdrawn_why]
    if withdrawn:
        return msg("%(events)s 的公示撤下了，重新公布以后才能发证", events=listed(withdrawn))
    waiting = [
        stand.name
        for stand in stands
        if stand.is_announced and not stand.stands and stand.event not in at_once
    ]
    if not waiting or settings_of(competition).certify_early:
        return None
    return msg("%(events)s 还没有定为最终成绩，定了以后才能发证", events=listed(waiting))
