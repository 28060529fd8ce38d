"""Whether certificates may be issued now."""

from __future__ import annotations

from datetime import datetime

from compete.domain.values import CompetitionState, Message, listed, msg
from compete.models import Competition, utc_now
from compete.services.appeals import open_appeals
from compete.services.kernel import Refusal, Refused, reason_text, settings_of
from compete.services.publication import latest_publication, open_consequences, stands_of

ANNOUNCED = (CompetitionState.NOTICE, CompetitionState.FINAL)


def check_issue(competition: Competition, reason: str = "") -> str | None:
    """The reason as it is recorded, or None where none was given.

    Raises `Refused` before the first publication, while marks are open or
    locked anew after it, while something of an earlier version is not settled or an appeal is open,
    before results are final where `certify_early` does not allow it, and (INVALID)
    without a reason where it does.
    """
    publication = latest_publication(competition)
    if publication is None:
        raise Refused(msg("成绩还没公布，不能发证"))
    # A labour competition has no states of judging: it is published as it is.
    if competition.kind != "labour" and competition.state not in ANNOUNCED:
        raise Refused(
            msg("第 %(n)s 版公布以后评分又解锁了，重新公布以后才能发证", n=publication.version)
        )
    check_settled(competition)
    waiting = open_appeals(competition, None)
    if waiting:
        raise Refused(msg("还有 %(count)s 件申诉没有了结，了结了才能发证", count=waiting))
    if why := why_not_final(competition):
        raise Refused(why)
    reason = reason_text(reason)
    if notice_running(competition) and not reason:
        raise Refused(msg("公示还没期满，现在发证要写理由"), kind=Refusal.INVALID)
    return reason or None


def check_settled(competition: Competition) -> None:
    """Raise `Refused` while something of an earlier version waits to be settled."""
    waiting = open_consequences(competition)
    publication = latest_publication(competition)
    if waiting and publication is not None:
        raise Refused(
            msg(
                "第 %(n)s 版公布以后还有 %(count)s 件没办，办完才能发新证",
                n=publication.version,
                count=waiting,
            )
        )


def notice_running(competition: Competition) -> datetime | None:
    """When the last notice of what was announced ends, or None when all have ended."""
    if competition.kind != "labour":
        running = [stand.notice_until for stand in stands_of(competition).values() if stand.runs]
        return max((until for until in running if until is not None), default=None)
    publication = latest_publication(competition)
    until = publication.notice_until if publication else None
    return until if until is not None and until > utc_now() else None


def why_not_final(competition: Competition) -> Message | None:
    """Which events certificates wait for, or None where they need not wait."""
    if competition.kind == "labour":
        return None
    stands = stands_of(competition).values()
    withdrawn = [stand.name for stand in stands if stand.withdrawn_why]
    if withdrawn:
        return msg("%(events)s 的公示撤下了，重新公布以后才能发证", events=listed(withdrawn))
    waiting = [stand.name for stand in stands if stand.is_announced and not stand.stands]
    if not waiting or settings_of(competition).certify_early:
        return None
    return msg("%(events)s 还没有定为最终成绩，定了以后才能发证", events=listed(waiting))
