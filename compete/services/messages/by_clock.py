"""What hangs on the clock: the day before, deadlines, what waits for a second person, the server.

Each is looked at every minute; what was told is known by its mark, so a second look tells nothing.
"""

from __future__ import annotations

import shutil
import socket
import ssl
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from cryptography import x509
from sqlalchemy import and_, select
from sqlalchemy.orm import selectinload

from compete.domain.kinds.kinds import competition_kind
from compete.domain.values.messages import msg
from compete.domain.values.states import CompetitionState
from compete.models import (
    Account,
    Assignment,
    Competition,
    Entrant,
    Event,
    Slot,
    db,
    utc_now,
)
from compete.services.backups.backup import last_backup_at
from compete.services.competitions.pending_approvals import pending_approvals
from compete.services.kernel import audit
from compete.services.kernel.chunks import in_chunks
from compete.services.kernel.clock import local_time
from compete.services.kernel.competition_settings import settings_of
from compete.services.kernel.installation import Page, config_here, memory_of
from compete.services.kernel.participants import takes_part
from compete.services.kernel.publications import latest_publication
from compete.services.kernel.shown_competitions import is_shown
from compete.services.kernel.transactions import unit_of_work
from compete.services.labour.deadlines import deadlines_of, late_list
from compete.services.labour.period_progress import why_closed
from compete.services.messages.people import (
    accounts_in,
    contacts_in,
    day_and_time,
    desk_values,
    judges_of,
    moment_text,
    people_after,
    people_of,
    public_values,
    to_accounts,
    to_groups,
    to_person,
)
from compete.services.messages.tellers import (
    department_accounts,
    labour_values,
    slot_values,
)
from compete.services.outbox.channels import Channel, channels_here
from compete.services.outbox.kinds import INSTALLATION_KEY, TEN_MINUTES
from compete.services.outbox.messages import (
    AT_ONCE,
    Draft,
    drop_done,
    is_on,
    is_stopped,
    link_to,
    plan_of,
    put_messages,
    tells,
)
from compete.services.outbox.rounds import by_clock

EVENING = 18
"""From this hour on people are told of the day after."""

A_DAY, AN_HOUR = timedelta(days=1), timedelta(hours=1)
_SETTLES = timedelta(minutes=10)
_BACKUP_LATE = timedelta(hours=26)
_LEAST_DISK = 10
_CERTIFICATE_DAYS = 14


def _telling(key: str, *, labour: bool | None = False) -> Iterator[Competition]:
    """Each competition that goes on and tells of a kind."""
    query = select(Competition).where(is_shown(), Competition.state != CompetitionState.FINAL)
    for competition in db.session.scalars(query.order_by(Competition.id)).all():
        plan = plan_of(competition)
        if (
            labour in (competition_kind(competition).has_periods, None)
            and is_on(plan, key)
            and settings_of(competition).put_away is None
            and tells(competition)
            and not is_stopped(plan)
        ):
            yield competition


def _put(competition: Competition | None, key: str, drafts: Sequence[Draft]) -> None:
    """Write messages, some hundred at a time."""
    for part in in_chunks(drafts, AT_ONCE):
        with unit_of_work():
            put_messages(competition, key, part)


def _once(name: str, key: object) -> bool:
    """True the first time that this process asks: what was looked through is not read again."""
    done: set[object] = memory_of(f"compete.messages {name}", set)
    if key in done:
        return False
    done.add(key)
    return True


@by_clock
def tell_before() -> None:
    """Tell contestants and judges where they have to be: the evening before, an hour before."""
    now = utc_now()
    here = local_time(now)
    for competition in _telling("before"):
        if here.hour >= EVENING:
            begins = datetime.combine(
                here.date() + A_DAY, datetime.min.time(), here.tzinfo
            ).astimezone(UTC)
            if _once("before", (competition.id, begins)):
                _tell_of_slots(competition, begins, begins + A_DAY, "day")
        _tell_of_slots(competition, now, now + AN_HOUR, "hour")


def _tell_of_slots(competition: Competition, begins: datetime, ends: datetime, when: str) -> None:
    """Tell of what starts in a span: who had a first message of it on that day has it."""
    query = (
        select(Entrant)
        .where(
            Entrant.competition_id == competition.id,
            Entrant.slots.any(and_(Slot.starts_at >= begins, Slot.starts_at < ends)),
            Entrant.erased_at.is_(None),
            takes_part(),
        )
        .options(
            selectinload(Entrant.members), selectinload(Entrant.slots), selectinload(Entrant.event)
        )
    )
    values, drafts = public_values(competition), list[Draft]()
    for entrant in db.session.scalars(query):
        slots = [it for it in entrant.slots if it.starts_at and begins <= it.starts_at < ends]
        slot = slots[0]
        assert slot.starts_at is not None
        about = f"{when} {day_and_time(slot.starts_at)['day']} {slot.module}"[:80]
        for person in people_of(entrant):
            own = values | slot_values(person, slot)
            drafts += to_person(person, own, about, about, slot.starts_at)
    drafts += _to_judges(competition, begins, ends, when, values)
    _put(competition, "before", drafts)


def _to_judges(
    competition: Competition, begins: datetime, ends: datetime, when: str, values: dict[str, str]
) -> Iterator[Draft]:
    query = (
        select(Event, Slot.stage, Slot.module, Slot.starts_at)
        .join(Entrant, Entrant.id == Slot.entrant_id)
        .join(Event, Event.id == Entrant.event_id)
        .where(
            Entrant.competition_id == competition.id,
            Slot.starts_at >= begins,
            Slot.starts_at < ends,
        )
        .order_by(Slot.starts_at)
    )
    first: dict[tuple[int, str, str], tuple[Event, datetime]] = {}
    for event, stage, module, at in db.session.execute(query).tuples():
        assert at is not None
        first.setdefault((event.id, stage, module), (event, at))
    for (number, stage, module), (event, at) in first.items():
        seated = select(Assignment.judge_id).where(
            Assignment.event_id == number, Assignment.stage == stage, Assignment.module == module
        )
        own = values | day_and_time(at) | {"event": event.name, "place": competition.venue or ""}
        about = f"{when} {day_and_time(at)['day']} {number} {module}"[:80]
        people = judges_of(competition, db.session.scalars(seated).all())
        yield from to_accounts(people, own, about, about, at)


@by_clock
def tell_of_second_persons() -> None:
    """Tell who may agree that something has waited for ten minutes; drop what is done with."""
    if Channel.MAIL not in channels_here():
        return
    now = utc_now()
    seen: dict[tuple[int, str, str], datetime] = memory_of("compete.messages waits", dict)
    heads: dict[int, int] = memory_of("compete.messages heads", dict)
    for competition in _telling("second", labour=None):
        head = audit.chain_head(competition)[0]
        mine = [it for it in seen if it[0] == competition.id]
        if not mine and heads.get(competition.id) == head:
            continue
        heads[competition.id] = head
        pending = {(competition.id, it.key, it.mark): it for it in pending_approvals(competition)}
        for gone in set(mine) - set(pending):
            del seen[gone]
        for it in pending:
            seen.setdefault(it, now)
        drop_done(competition, "second", {key[:80] for _number, key, _mark in pending})
        people = accounts_in(competition, Account.mail.is_not(None))
        drafts: list[Draft] = []
        for it, row in pending.items():
            if now - seen[it] < _SETTLES:
                continue
            values = desk_values(competition)
            values |= {"what": str(row.what), "time": day_and_time(seen[it])["time"]}
            able = [account for account in people if row.why_not(account) is None]
            drafts += to_accounts(able, values, row.mark, row.key[:80])
        _put(competition, "second", drafts)


@by_clock
def tell_of_appeals_ending() -> None:
    """Tell contestants and units a day before nobody can appeal any more."""
    now = utc_now()
    for competition in _telling("appeal_ends"):
        publication = latest_publication(competition)
        until = publication.appeals_until if publication is not None else None
        if publication is None or until is None or not now < until <= now + A_DAY:
            continue
        if now < publication.published_at + 2 * TEN_MINUTES:
            # That they are out is told first.
            continue
        if not _once("appeals", (publication.id, until)):
            continue
        values = public_values(competition) | {"until": moment_text(until)}
        mark, after = f"version {publication.version}", 0
        _put(
            competition,
            "appeal_ends",
            list(to_accounts(contacts_in(competition), values, mark, "", until)),
        )
        while True:
            people, following = people_after(competition, after, AT_ONCE)
            _put(
                competition,
                "appeal_ends",
                [it for person in people for it in to_person(person, values, mark, "", until)],
            )
            if following is None:
                break
            after = following


@by_clock
def tell_of_deadlines() -> None:
    """Tell departments, units and groups three days before a deadline, one day, and once late."""
    now = utc_now()
    for competition in _telling("labour_missing", labour=True):
        for period, deadline in deadlines_of(competition).items():
            until = deadline.sign or deadline.own
            step = _step(until - now) if until is not None else None
            if step is None or why_closed(competition, period) is not None:
                continue
            if _once("deadlines", (competition.id, period, until, step)):
                _tell_who_lacks(competition, period, step)


def _step(left: timedelta) -> str | None:
    if -A_DAY < left <= timedelta(0):
        return "late"
    if timedelta(0) < left <= A_DAY:
        return "1"
    return "3" if A_DAY < left <= 3 * A_DAY else None


def _tell_who_lacks(competition: Competition, period: str, step: str) -> None:
    late, drafts, count = late_list(competition, period), list[Draft](), 0
    about = f"{period} {step}"[:80]
    for department in late.unsigned:
        lacking = department.lacking.open
        if lacking:
            count += 1
            values = labour_values(competition, period, lacking)
            people = department_accounts(competition, department.row.id)
            drafts += to_accounts(people, values, about, about)
    for unit in late.units:
        values = labour_values(competition, period, unit.missing)
        drafts += to_accounts(contacts_in(competition, [unit.unit.id]), values, about, about)
    if count:
        values = labour_values(competition, period, count)
        values["what"] = str(msg("没交齐的部门"))
        drafts += to_groups(competition, values, about, about)
    _put(competition, "labour_missing", drafts)


def _backup_trouble() -> str | None:
    made = last_backup_at(config_here())
    if made is None or utc_now() - made < _BACKUP_LATE:
        return None
    return str(msg("上次备份是 %(at)s，之后没有做成。看备份的定时任务", at=moment_text(made)))


def _disk_trouble() -> str | None:
    usage = shutil.disk_usage(config_here().data_dir)
    percent = usage.free * 100 // usage.total
    if percent >= _LEAST_DISK:
        return None
    return str(msg("服务器的磁盘只剩 %(n)s%%。清理，或者换大的", n=percent))


def _certificate_trouble() -> str | None:
    parts = urlsplit(config_here().base_url or "")
    if parts.scheme != "https" or not parts.hostname:
        return None
    context = ssl.create_default_context()
    # Also of one that is no longer good it is read until when it was.
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        with (
            socket.create_connection((parts.hostname, parts.port or 443), timeout=5) as plain,
            context.wrap_socket(plain, server_hostname=parts.hostname) as secured,
        ):
            content = secured.getpeercert(binary_form=True)
    except OSError:
        return None
    if content is None:
        return None
    ends = x509.load_der_x509_certificate(content).not_valid_after_utc
    if ends - utc_now() > timedelta(days=_CERTIFICATE_DAYS):
        return None
    return str(msg("网站的证书 %(at)s 到期。换新的证书", at=moment_text(ends)))


TROUBLES: dict[str, Callable[[], str | None]] = {
    "backup": _backup_trouble,
    "disk": _disk_trouble,
    "certificate": _certificate_trouble,
}
"""What an administrator is told of the server; None while there is nothing to do."""


@by_clock
def tell_of_troubles() -> None:
    """Tell the administrators what the server needs, of each matter once a week."""
    if Channel.MAIL not in channels_here():
        return
    here = local_time(utc_now())
    if not _once("troubles", (here.date(), here.hour)):
        return
    week = f"{here.isocalendar().year}-{here.isocalendar().week}"
    admins = db.session.scalars(
        select(Account).where(Account.is_admin, Account.active, Account.mail.is_not(None))
    ).all()
    values = {"link": link_to(Page.DESK_HOME)}
    drafts = [
        it
        for name, look in TROUBLES.items()
        if admins and (what := look()) is not None
        for it in to_accounts(admins, values | {"what": what}, week, name)
    ]
    _put(None, INSTALLATION_KEY, drafts)
