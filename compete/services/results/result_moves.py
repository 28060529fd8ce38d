"""Moving an event's results on: announced, extended, withdrawn, final, corrected."""

from __future__ import annotations

from datetime import datetime
from itertools import islice
from typing import Annotated

import msgspec
from sqlalchemy import select

from compete.domain.bundle.results import Results
from compete.domain.kinds.kinds import competition_kind, kinds_where
from compete.domain.values.days import date_words
from compete.domain.values.messages import msg, some_of
from compete.domain.values.rights import Right
from compete.domain.values.states import COMPETITION_MOVES, CompetitionState, ResultState, move
from compete.models import Account, Competition, Event, Publication, ResultStand, db, utc_now
from compete.services.accounts.access import may
from compete.services.accounts.second_persons import ASKED_YOURSELF, SecondWord
from compete.services.appeals.appeal_states import open_appeals
from compete.services.appeals.windows import promised_until
from compete.services.closing.blockers import Blocker
from compete.services.closing.results_verification import (
    result_stand,
    result_stand_to_change,
    set_state,
)
from compete.services.kernel import audit
from compete.services.kernel.clock import local_time, local_zone, moment_words
from compete.services.kernel.competition_settings import settings_of
from compete.services.kernel.fields import Setting, kept_field, reason_field
from compete.services.kernel.public_reasons import check_nobody_named
from compete.services.kernel.publications import latest_publication
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.kernel.text_limits import reason_text
from compete.services.kernel.transactions import for_update, unit_of_work
from compete.services.kernel.working_calendar import working_days
from compete.services.log.sequencing import then_logged
from compete.services.registration.carried_modules import voided_in
from compete.services.results.notice_term import Term, closing_time
from compete.services.results.result_stands import (
    UNDER_NOTICE,
    Stand,
    has_moved,
    stand_of,
    stands_of,
)
from compete.services.results.snapshots import read_snapshot
from compete.services.results.stored_versions import publish_bends
from compete.services.scoring.live import live_results

_DAYS = msg("延长要 1 到 %(most)s 个工作日", most=30)


class Extension(msgspec.Struct, frozen=True, kw_only=True):
    """The fields of a longer notice."""

    days: Annotated[
        int, Setting(msg("再公示几个工作日"), least=1, most=30, needed=_DAYS, wrong=_DAYS)
    ] = 2
    reason: Annotated[str, reason_field(msg("为什么延长"), msg("延长公示要写理由"))]


def announce_states(
    publication: Publication, before: Results | None, now: Results, term: Term | None, by: Account
) -> None:
    """Move each event as its results go out; inside the unit of work that publishes them.

    One whose results are as they were stays as it is, with the notice that it has. `term` is
    None where there is no notice.
    """
    competition = publication.competition
    if competition_kind(competition).has_periods:
        return
    old = {event.code: event for event in before.events} if before else {}
    new = {event.code: event for event in now.events}
    for event in competition.events:
        if event.code not in new:
            continue
        row = result_stand_to_change(event)
        was, result = old.get(event.code), new[event.code]
        known = row.state in (*UNDER_NOTICE, ResultState.FINAL)
        if known and was == result:
            continue
        after = {"version": publication.version}
        if row.state is ResultState.PROVISIONAL:
            set_state(row, ResultState.CHECKED)
        if row.state in (ResultState.FINAL, ResultState.CORRECTED):
            waits = row.state is ResultState.CORRECTED and row.notice_until is not None
            again = settings_of(competition).notice_again and (
                was is None or waits or has_moved(was, result)
            )
            set_state(row, ResultState.CORRECTED)
            action = "results.correct"
        else:
            again = True
            set_state(row, ResultState.NOTICE)
            action = "results.notice"
        row.notice_from = term.first_day if again and term else None
        row.notice_until = term.until if again and term else None
        row.withdrawn_why = None
        content = after | _days(row)
        audit.record(competition, by, action, event.code, after=content, reason=publication.note)
    db.session.flush()


def settle_competition(competition: Competition) -> None:
    """The competition is final once every event is and no appeal is open; in a unit of work.

    Where one stands corrected without a notice, what was published may be appealed against:
    as long as that is so the competition waits.
    """
    if not waits_to_settle(competition) or open_appeals(competition, None):
        return
    corrected = any(
        stand.state is ResultState.CORRECTED for stand in stands_of(competition).values()
    )
    if not corrected or not any(_open_window(event) for event in competition.events):
        competition.state = move(competition.state, CompetitionState.FINAL, COMPETITION_MOVES)


def waits_to_settle(competition: Competition) -> bool:
    """True if each event stands, and the competition itself is not final yet."""
    stands = stands_of(competition).values()
    return competition.state is CompetitionState.NOTICE and all(stand.stands for stand in stands)


def final_blockers(event: Event) -> list[Blocker]:
    """List what must be done before an announced event is final; the notice's end comes last."""
    competition = event.competition
    row = result_stand(event)
    blockers: list[Blocker] = []
    if row is None or row.state not in UNDER_NOTICE:
        return [Blocker("publish", msg("成绩还没公布"))]
    blockers += opened_again(competition)
    blockers += _voided(event)
    waiting = open_appeals(competition, event)
    if waiting:
        blockers.append(
            Blocker("appeals", msg("还有 %(n)s 件申诉没有了结", n=waiting), count=waiting)
        )
    blockers += _open_window(event)
    if row.notice_until is not None and row.notice_until > utc_now():
        until = local_time(row.notice_until)
        what = msg("公示到 %(day)s %(at)s，还没期满", day=date_words(until), at=f"{until:%H:%M}")
        blockers.append(Blocker("notice", what))
    return blockers


def opened_again(competition: Competition) -> list[Blocker]:
    """Say that marks were opened after what is announced; empty while that is all there is."""
    if competition.state is CompetitionState.LOCKED:
        return [Blocker("publish", msg("解锁过，又锁定了：公布新的一版以后才能定"))]
    if competition.state in (CompetitionState.NOTICE, CompetitionState.FINAL):
        return []
    return [Blocker("lock", msg("评分又解锁了，重新公布以后才能定"))]


def _voided(event: Event) -> list[Blocker]:
    """Find marks brought from elsewhere that became void after what is announced."""
    if not competition_kind(event.competition).gives_verdicts:
        return []
    codes = voided_in(live_results(event.competition).event(event.code))
    what = msg("%(n)s 人带来的成绩作废了：解锁，在这里考或者重新带，再公布", n=len(codes))
    return [Blocker("carried", what, some_of(codes), count=len(codes))] if codes else []


def _open_window(event: Event) -> list[Blocker]:
    """Find the open window: results wait as long as somebody was promised an appeal."""
    until = promised_until(event)
    if until is None or until <= utc_now():
        return []
    return [Blocker("window", msg("申诉受理到 %(at)s，还没截止", at=moment_words(until)))]


def make_final(event: Event, by: Account) -> None:
    """The results are final, once the notice has ended and nothing is open. Else `Refused`.

    So they are made, too, where they were corrected without a notice and an appeal against
    them, or the time for one, has kept the competition from being final.
    """
    with unit_of_work():
        competition, row = _claim_to_publish(event, by)
        # Corrected without a notice it stands, unless an appeal kept the whole from being final.
        if row.state is not ResultState.CORRECTED or not waits_to_settle(competition):
            _require_open(row)
        _refuse_for(final_blockers(event))
        _finish(competition, row, event, by, "results.final")


def ask_final(event: Event, reason: str, by: Account) -> None:
    """Ask that the results be final before the notice has ended; a second person agrees.

    Raises `Refused`: INVALID without a reason, CONFLICT where anything else is missing.
    """
    reason = reason_text(reason, msg("公示没期满就定，要写理由"))
    with unit_of_work() as session:
        competition, row = _claim_to_publish(event, by)
        _require_open(row)
        missing = final_blockers(event)
        _refuse_for([blocker for blocker in missing if blocker.kind != "notice"])
        if not missing:
            raise Refused(msg("公示已经期满，直接定就行"))
        if row.asked_by is not None:
            raise Refused(msg("已经有人提出，等第二个人同意"))
        row.asked_by, row.asked_at, row.asked_why = by.id, utc_now(), reason
        session.flush()
        audit.record(competition, by, "results.ask_final", event.code, reason=reason)


def asked_mark(stand: Stand) -> str:
    """The mark that tells one asking for an early end from the next; empty if nobody asked."""
    return stand.asked_at.isoformat() if stand.asked_at is not None else ""


def agree_final(event: Event, by: Account, *, seen: str | None = None) -> None:
    """The second person's word: final before the notice's end. `Refused` for the first one's.

    `seen` is the mark of what the page showed: to a reason that came later nobody has agreed.
    """
    with unit_of_work():
        competition, row = _claim(event)
        if row.asked_by is None or seen not in (None, asked_mark(stand_of(event))):
            raise Refused(msg("没有等着同意的，请刷新"))
        final_word(competition, row.asked_by).require(by)
        _require_open(row)
        _refuse_for([blocker for blocker in final_blockers(event) if blocker.kind != "notice"])
        _finish(competition, row, event, by, "results.final_early", row.asked_why, bends=True)
    publish_bends(event.competition, by)


def final_word(competition: Competition, first: int | None) -> SecondWord:
    """The conditions of agreeing to it."""
    return SecondWord(competition, first, grave=True, own=ASKED_YOURSELF)


def drop_final(event: Event, by: Account) -> None:
    """The notice is to run to its end after all."""
    with unit_of_work():
        competition, row = _claim_to_publish(event, by)
        if row.asked_by is None:
            raise Refused(msg("没有等着同意的，请刷新"))
        row.asked_by = row.asked_at = row.asked_why = None
        audit.record(competition, by, "results.drop_final", event.code)


def extend_notice(event: Event, days: int, reason: str, by: Account) -> datetime:
    """Extend the notice by working days, from its end or, if past, from today; the new end.

    Raises `FieldRefused` for a number out of bounds and for no reason.
    """
    reason = kept_field(Extension, "reason", reason)
    days = kept_field(Extension, "days", str(days))
    with unit_of_work() as session:
        competition, row = _claim_to_publish(event, by)
        _require_open(row)
        now = utc_now()
        begins = max(row.notice_until or now, now)
        calendar, closes = working_days(), closing_time(settings_of(competition).notice_closes)
        last = list(islice(calendar.following(local_time(begins).date()), days))[-1]
        before = _days(row)
        row.notice_until = datetime.combine(last, closes, local_zone())
        if row.notice_from is None:
            row.notice_from = calendar.next_working_day(local_time(now).date())
        row.asked_by = row.asked_at = row.asked_why = None
        row.changed_at = now
        session.flush()
        after = _days(row) | {"days": days}
        audit.record(
            competition, by, "results.extend", event.code, before=before, after=after, reason=reason
        )
        return row.notice_until


@then_logged
def withdraw_notice(event: Event, reason: str, by: Account) -> None:
    """Take the notice back: what was announced counts no more, until it is published anew.

    Until then no address of a version says what it said (`result_stands.why_taken_down`).
    Raises `Refused` (INVALID) without a reason, or for one that names somebody.
    """
    reason = reason_text(reason, msg("撤下公示要写理由，谁都看得到"))
    check_nobody_named(event.competition, reason)
    with unit_of_work():
        competition, row = _claim_to_publish(event, by)
        _require_open(row)
        before = _days(row)
        set_state(row, ResultState.PROVISIONAL)
        row.withdrawn_why = reason
        audit.record(
            competition,
            by,
            "results.withdraw",
            event.code,
            before=before,
            reason=reason,
            bends=True,
        )


def adopt_published() -> None:
    """Give what older programs published its state: an upgrade's step, in a unit of work.

    Where the notice has ended the results are final; nobody had to say so then.
    """
    known = set(db.session.scalars(select(ResultStand.competition_id)))
    query = (
        select(Competition)
        .where(Competition.kind.in_(kinds_where(lambda kind: kind.of_people)))
        .order_by(Competition.id)
    )
    for competition in db.session.scalars(query):
        publication = latest_publication(competition)
        if publication is None or competition.id in known:
            continue
        codes = {event.code for event in read_snapshot(publication)[1].events}
        until = publication.notice_until
        over = until is None or until <= utc_now()
        for event in competition.events:
            if event.code not in codes:
                continue
            row = result_stand_to_change(event)
            row.state = ResultState.FINAL if over else ResultState.NOTICE
            row.changed_at = publication.published_at
            if until is not None:
                published = local_time(publication.published_at).date()
                first = working_days().next_working_day(published)
                row.notice_from = min(first, local_time(until).date())
                row.notice_until = until
            after = {"version": publication.version, "state": row.state.value} | _days(row)
            audit.record(competition, None, "results.adopt", event.code, after=after)
        db.session.flush()
        settle_competition(competition)


def _finish(
    competition: Competition,
    row: ResultStand,
    event: Event,
    by: Account,
    action: str,
    reason: str | None = None,
    *,
    bends: bool = False,
) -> None:
    publication = latest_publication(competition)
    asked, before = audit.signer(row.asker) if row.asker else None, _days(row)
    set_state(row, ResultState.FINAL)
    if bends:
        # It ended today, and that is what everybody is told.
        now = utc_now()
        row.notice_until = now
        if row.notice_from is not None and row.notice_from > local_time(now).date():
            row.notice_from = row.notice_until = None
    db.session.flush()
    settle_competition(competition)
    after = {"version": publication.version if publication else 0, "asked": asked} | _days(row)
    audit.record(
        competition,
        by,
        action,
        event.code,
        before=before,
        after=after,
        reason=reason,
        bends=bends,
    )


def _claim(event: Event) -> tuple[Competition, ResultStand]:
    competition = for_update(event.competition)
    db.session.refresh(event)
    row = result_stand_to_change(event)
    db.session.refresh(row)
    return competition, row


def _claim_to_publish(event: Event, by: Account) -> tuple[Competition, ResultStand]:
    competition, row = _claim(event)
    if not may(by, competition, Right.PUBLISH):
        raise Refused(msg("公示和最终成绩由组委会定"), kind=Refusal.FORBIDDEN)
    return competition, row


def _require_open(row: ResultStand) -> None:
    if row.state is ResultState.FINAL or (
        row.state is ResultState.CORRECTED and row.notice_until is None
    ):
        raise Refused(msg("已经是最终成绩了，请刷新"))
    if row.state not in UNDER_NOTICE:
        raise Refused(msg("这个赛项没有在公示，请刷新"))


def _refuse_for(missing: list[Blocker]) -> None:
    if missing:
        raise Refused(msg("还不能定为最终成绩：%(what)s", what=missing[0].what))


def _days(row: ResultStand) -> dict[str, str | None]:
    return {
        "from": row.notice_from.isoformat() if row.notice_from else None,
        "until": row.notice_until.isoformat() if row.notice_until else None,
    }
