"""What other systems are told of: which records of the chain, in which words, with which data.

The feed and the webhooks both ask here. What is told of in a unit of work goes out with it: a
delivery for each webhook that wants it, written before the commit (`put_out`).
"""

from __future__ import annotations

import secrets
import threading
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple, get_args

import msgspec
from sqlalchemy import event, insert, select
from sqlalchemy.orm import Session, load_only, object_session

from compete.domain.kinds.kinds import competition_kind
from compete.models import AuditEntry, Competition, Delivery, Publication, Webhook, db, utc_now
from compete.services.kernel.chunks import in_chunks
from compete.services.kernel.installation import Page, address_of, config_here, memory_of

NewsKind = Literal[
    "competition.state_changed",
    "registration.accepted",
    "registration.withdrawn",
    "schedule.changed",
    "results.published",
    "results.corrected",
    "results.final",
    "appeal.filed",
    "appeal.decided",
    "certificate.issued",
    "certificate.voided",
    "labour.period_closed",
    "labour.period_published",
    "labour.value_missing",
    "standing",
]
PING = "test.ping"
WEBHOOK_TYPES: Sequence[str] = (*(it for it in get_args(NewsKind) if it != "standing"), PING)
"""What a webhook may ask to be told of; rows of the standings are read from the feed."""

STATE_CHANGED: NewsKind = "competition.state_changed"
_PUBLISHED = "results.publish"
_KINDS: Mapping[str, NewsKind] = {
    "application.accept": "registration.accepted",
    "entrants.add": "registration.accepted",
    "entrants.import": "registration.accepted",
    "entrant.withdraw": "registration.withdrawn",
    "entrant.onward": "registration.withdrawn",
    "entrants.place": "schedule.changed",
    "draw.result": "schedule.changed",
    "schedule.delay": "schedule.changed",
    "schedule.delay_undone": "schedule.changed",
    "schedule.move_session": "schedule.changed",
    "schedule.move_all": "schedule.changed",
    "results.final": "results.final",
    "results.final_early": "results.final",
    "appeal.file": "appeal.filed",
    "appeal.decide": "appeal.decided",
    "certificate.issue": "certificate.issued",
    "certificate.issue_awards": "certificate.issued",
    "certificate.reissue": "certificate.issued",
    "certificate.revoke": "certificate.voided",
    "labour.close": "labour.period_closed",
    "labour.remind": "labour.value_missing",
}
TOLD_ACTIONS = frozenset({_PUBLISHED, *_KINDS})
"""The actions of the records that are told of."""

Putter = Callable[[Session, Sequence[AuditEntry]], bool]
_NOTED: set[str] = set(TOLD_ACTIONS)
_PUTTERS: list[Putter] = []
_RECORDS, _STATES = "records that are told of", "states before"


class RecordNews(NamedTuple):
    """What a record of the chain tells; of a published version with its row."""

    kind: NewsKind
    data: dict[str, Any]
    publication: Publication | None = None


def news_of_record(competition: Competition, row: AuditEntry) -> RecordNews | None:
    """What others are told of a record; None for a version that was taken out of the way."""
    if row.action != _PUBLISHED:
        after = row.after if isinstance(row.after, dict) else {}
        data = {"period": after["period"]} if "period" in after else {}
        return RecordNews(_KINDS[row.action], data)
    number = (row.after or {}).get("version", 0)
    versions = {
        it.version: it
        for it in db.session.scalars(
            select(Publication).where(
                Publication.competition_id == competition.id, Publication.version <= number
            )
        )
    }
    publication = versions.pop(number, None)
    if publication is None:
        return None
    data = {"version": publication.version, "sha256": publication.sha256}
    if competition_kind(competition).has_periods:
        return RecordNews("labour.period_published", data, publication)
    kind: NewsKind = "results.corrected" if versions else "results.published"
    return RecordNews(kind, data, publication)


def also_tells(actions: Collection[str], put: Putter) -> None:
    """Have `put` called with these records at the end of the unit of work that made them.

    It says whether it wrote something that waits to be sent.
    """
    _NOTED.update(actions)
    _PUTTERS.append(put)


def note_record(session: Session, row: AuditEntry) -> None:
    """Keep a record of this unit of work that is told of as it ends."""
    if row.action in _NOTED and row.competition_id is not None:
        session.info.setdefault(_RECORDS, []).append(row)


@event.listens_for(Competition.state, "set", active_history=True)
def _note_state(row: Competition, _state: object, before: Any, _initiator: object) -> None:
    session = object_session(row)
    if session is not None and row.id is not None:
        session.info.setdefault(_STATES, {}).setdefault(row.id, getattr(before, "value", None))


@event.listens_for(Competition, "after_insert")
def _note_new(_mapper: object, _connection: object, row: Competition) -> None:
    session = object_session(row)
    if session is not None:
        session.info.setdefault(_STATES, {})[row.id] = None


def forget_news(session: Session) -> None:
    """Drop what was kept: the unit of work is over, or was rolled back."""
    session.info.pop(_RECORDS, None)
    session.info.pop(_STATES, None)


def put_out(session: Session) -> bool:
    """Write what goes out of this unit of work; True if there is any.

    That is a delivery for each webhook that is told of it, and what others asked to write.
    """
    if _RECORDS not in session.info and _STATES not in session.info:
        return False
    records = [row for row in session.info.get(_RECORDS, ()) if row in session]
    put = [put(session, records) for put in _PUTTERS if records]
    return _put_to_webhooks(session) or any(put)


def _put_to_webhooks(session: Session) -> bool:
    hooks = list(
        session.scalars(
            select(Webhook)
            .where(Webhook.removed_at.is_(None), Webhook.stopped_at.is_(None))
            .options(load_only(Webhook.types, Webhook.competitions))
        )
    )
    rows: list[dict[str, Any]] = []
    for kind, competition, data in _gathered(session) if hooks else ():
        now = utc_now()
        content = content_of(kind, now, {"code": competition.code, **data})
        rows.extend(
            delivery_of(hook, kind, content, now, competition=competition.id)
            for hook in hooks
            if kind in hook.types
            and (hook.competitions is None or competition.code in hook.competitions)
        )
    for part in in_chunks(rows):
        session.execute(insert(Delivery), part)
    return bool(rows)


def _gathered(session: Session) -> Iterator[tuple[str, Competition, dict[str, Any]]]:
    """Each thing once, with how often it happened in this unit of work."""
    counted: Counter[tuple[int, str, bytes]] = Counter()
    for number, before in session.info.get(_STATES, {}).items():
        state = session.get_one(Competition, number).state.value
        if state != before:
            data = {"state": state, "before": before}
            counted[number, STATE_CHANGED, msgspec.json.encode(data)] += 1
    for row in session.info.get(_RECORDS, ()):
        if row.action not in TOLD_ACTIONS:
            continue
        competition = session.get_one(Competition, row.competition_id)
        if row in session and (news := news_of_record(competition, row)) is not None:
            counted[competition.id, news.kind, msgspec.json.encode(news.data)] += 1
    for (number, kind, stored), times in counted.items():
        competition = session.get_one(Competition, number)
        data = msgspec.json.decode(stored)
        page = Page.PUBLISHED_VERSION if "version" in data else Page.COMPETITION
        values = {"version": data["version"]} if "version" in data else {}
        link = address_of(page, code=competition.code, **values)
        if link.startswith("/"):
            link = (config_here().base_url or "") + link
        yield kind, competition, {**data, "count": times, "link": link}


def content_of(kind: str, at: datetime, data: Mapping[str, Any]) -> dict[str, Any]:
    """The body of a webhook, as it goes out at each try."""
    moment = at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {"type": kind, "timestamp": moment, "data": dict(data)}


def delivery_of(
    hook: Webhook, kind: str, content: dict[str, Any], now: datetime, *, competition: int | None
) -> dict[str, Any]:
    """The columns of a delivery to a webhook, due now."""
    return {
        "public_id": f"msg_{secrets.token_hex(16)}",
        "receiver": f"webhook {hook.id}",
        "webhook_id": hook.id,
        "competition_id": competition,
        "kind": kind,
        "content": content,
        "made_at": now,
        "due_at": now,
        "tries": [],
    }


def outbox_bell() -> threading.Event:
    """Rings in this process once something new waits to be sent."""
    return memory_of("compete.outbox", threading.Event)
