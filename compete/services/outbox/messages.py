"""Messages to people: written once for each, in words of fixed fields, held back, sent again.

What happened is written as a round in its own transaction (`_put_rounds`); who is told of it is
worked out afterwards, a hundred people at a time, so that nothing waits for ten thousand.
"""

from __future__ import annotations

import secrets
import string
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import case, delete, exists, func, insert, select, update
from sqlalchemy.orm import Session, selectinload

from compete.domain.kinds.kinds import competition_kind
from compete.domain.values.messages import msg
from compete.domain.values.states import DELIVERY_MOVES, DeliveryState, move
from compete.models import (
    AuditEntry,
    Competition,
    Delivery,
    Generation,
    MessageAddress,
    db,
    utc_now,
)
from compete.models.types import keyed_hash
from compete.services.kernel.chunks import in_chunks
from compete.services.kernel.clock import local_time, local_zone
from compete.services.kernel.competition_settings import (
    MessagePlan,
    settings_of,
)
from compete.services.kernel.installation import Page, address_of, config_here
from compete.services.kernel.news import also_tells, outbox_bell
from compete.services.kernel.transactions import unit_of_work
from compete.services.outbox.channels import (
    ROBOTS,
    address_key,
    channels_here,
)
from compete.services.outbox.kinds import (
    KINDS,
    TEST_KEY,
    fill,
    kind_of,
)

AT_ONCE = 100
"""So many messages are written, or held back, in one unit of work."""

_LETTERS = string.ascii_letters + string.digits
_OFF_LENGTH = 10
_ROUND = "round"
STOPPED, DONE, OFF, DEAD, RESTORED = "stopped", "done", "off", "dead", "restored"


class Draft(NamedTuple):
    """A message before it is written: to whom, where, what its fields stand for.

    `about` tells one matter of a kind from another, `mark` what of it is told: the same mark is
    told once. After `until` there is nothing left to tell.
    """

    person: str
    channel: str
    address: str
    values: Mapping[str, str]
    mark: str
    about: str = ""
    until: datetime | None = None


def plan_of(competition: Competition) -> MessagePlan:
    """What a competition's messages are to be."""
    return settings_of(competition).messages


def is_on(plan: MessagePlan, key: str) -> bool:
    """True if a kind of messages is sent."""
    return plan.kinds.get(key, kind_of(key).on)


def words_of(plan: MessagePlan, key: str, *, group: bool) -> str:
    """The words of a kind: the competition's own, or the usual ones."""
    kind = kind_of(key)
    usual = str(kind.group_words) if group and kind.group_words else str(kind.words)
    return plan.words.get(f"{key}/group" if group else key, usual)


def is_stopped(plan: MessagePlan) -> bool:
    """True if what waits is held back: somebody stopped it, or the database was put back."""
    since = max((it for it in (plan.stopped_at, _restored_at()) if it is not None), default=None)
    return since is not None and (plan.went_on_at is None or plan.went_on_at < since)


def _restored_at() -> datetime | None:
    query = select(func.max(Generation.since)).where(Generation.restored_from != "")
    return db.session.scalar(query)


def groups_of(competition: Competition) -> Sequence[MessageAddress]:
    """List the groups that a competition tells."""
    query = select(MessageAddress).where(
        MessageAddress.competition_id == competition.id, MessageAddress.off_at.is_(None)
    )
    return db.session.scalars(query.order_by(MessageAddress.id)).all()


def tells(competition: Competition) -> bool:
    """True if there is any channel on which this competition can tell somebody."""
    return bool(channels_here()) or bool(groups_of(competition))


def link_to(page: Page, **values: Any) -> str:
    """The full address of a page, for a message that is written beside any request."""
    link = address_of(page, **values)
    return (config_here().base_url or "") + link if link.startswith("/") else link


# Rounds: what happened, in its own transaction.


def _put_rounds(session: Session, records: Sequence[AuditEntry]) -> bool:
    """Write what is to be told of these records; within ten minutes a kind's records are one."""
    of: dict[tuple[int, str], list[int]] = defaultdict(list)
    for row in records:
        assert row.competition_id is not None
        for key in _KINDS_OF.get(row.action, ()):
            of[row.competition_id, key].append(row.seq)
    wrote = False
    for (number, key), seqs in of.items():
        competition = session.get_one(Competition, number)
        labour = competition_kind(competition).has_periods
        plan = plan_of(competition)
        if kind_of(key).labour not in (labour, None) or not is_on(plan, key):
            continue
        if not tells(competition):
            continue
        state, why = _state_of(plan)
        waiting = session.scalar(
            select(Delivery)
            .where(
                Delivery.competition_id == number,
                Delivery.kind == key,
                Delivery.receiver == f"{_ROUND} {number}",
                Delivery.state == state,
            )
            .order_by(Delivery.id.desc())
            .limit(1)
        )
        # One that was begun has passed some people by already.
        if waiting is not None and "after" not in waiting.content:
            waiting.content = {"records": [*waiting.content["records"], *seqs]}
        else:
            now = utc_now()
            session.add(
                Delivery(
                    public_id=f"msg_{secrets.token_hex(16)}",
                    receiver=f"{_ROUND} {number}",
                    competition_id=number,
                    kind=key,
                    content={"records": seqs},
                    state=state,
                    why=why,
                    ended_at=now if why else None,
                    made_at=now,
                    due_at=now + kind_of(key).wait,
                )
            )
        session.flush()
        wrote = True
    return wrote


_KINDS_OF: dict[str, list[str]] = defaultdict(list)
for _key, _kind in KINDS.items():
    for _action in _kind.actions:
        _KINDS_OF[_action].append(_key)
also_tells(_KINDS_OF, _put_rounds)


def _state_of(plan: MessagePlan | None) -> tuple[DeliveryState, str | None]:
    """In which state something new is written: while all is stopped, held back."""
    if plan is not None and is_stopped(plan):
        return DeliveryState.HELD, STOPPED
    return DeliveryState.WAITING, None


def due_rounds() -> Sequence[int]:
    """List the rounds whose time has come."""
    query = select(Delivery.id).where(
        Delivery.state == DeliveryState.WAITING,
        Delivery.receiver.startswith(f"{_ROUND} "),
        Delivery.due_at <= utc_now(),
    )
    return db.session.scalars(query.order_by(Delivery.id)).all()


def records_of(row: Delivery) -> Sequence[AuditEntry]:
    """List the records of a round."""
    query = select(AuditEntry).where(
        AuditEntry.competition_id == row.competition_id,
        AuditEntry.seq.in_(row.content["records"]),
    )
    return db.session.scalars(query.order_by(AuditEntry.seq)).all()


def go_round(number: int, drafts: Sequence[Draft], after: int | None) -> None:
    """Write a slice of a round's messages; `after` whom the next begins, None: it was the last."""
    with unit_of_work() as session:
        row = session.get(Delivery, number, with_for_update=True, populate_existing=True)
        if row is None or row.state is not DeliveryState.WAITING:
            return
        competition = session.get_one(Competition, row.competition_id)
        put_messages(competition, row.kind, drafts)
        if after is None:
            row.state = move(row.state, DeliveryState.SENT, DELIVERY_MOVES)
            row.ended_at = utc_now()
        else:
            row.content = {**row.content, "after": after}


def leave_round(number: int) -> None:
    """Give a round up whose messages could not be worked out; the log says why."""
    with unit_of_work() as session:
        row = session.get_one(Delivery, number, with_for_update=True)
        row.state, row.ended_at = move(row.state, DeliveryState.FAILED, DELIVERY_MOVES), utc_now()
        row.why = "error"


# Messages.


class _Last(NamedTuple):
    id: int
    mark: str | None
    state: DeliveryState
    tried: bool


def put_messages(competition: Competition | None, key: str, drafts: Iterable[Draft]) -> int:
    """Write messages that were not told yet, in a unit of work; how many that were.

    What waits of the same matter says what holds now instead. What a person was told last is not
    told again.
    """
    drafts = list({(it.person, it.about, it.channel, it.address): it for it in drafts}.values())
    if not drafts:
        return 0
    now = utc_now()
    plan = plan_of(competition) if competition is not None else None
    due = now if plan is None else after_quiet(plan, now)
    addresses = addresses_of(competition, drafts, now)
    history = _history(competition, key, {it.person for it in drafts})
    state, why = _state_of(plan)
    rows: list[dict[str, Any]] = []
    for draft in drafts:
        address, off, dead = addresses[key_of(competition, draft)]
        if off or (draft.until is not None and draft.until <= due):
            continue
        known = history.get((draft.person, draft.about, address), [])
        ended = next((it for it in known if it.state is not DeliveryState.WAITING), None)
        waiting = next((it for it in known if it.state is DeliveryState.WAITING), None)
        again = ended is not None and ended.mark == draft.mark
        if waiting is not None and not waiting.tried:
            if again:
                end_waiting([waiting.id], DONE, now)
            elif waiting.mark != draft.mark:
                words = _as_text(draft.values)
                new = {"words": words, "mark": draft.mark, "until": draft.until}
                write(update(Delivery).where(Delivery.id == waiting.id).values(new))
            continue
        if again or (waiting is not None and waiting.mark == draft.mark):
            continue
        last = known[0].id if known else 0
        where = competition.id if competition is not None else 0
        once = keyed_hash(f"{where} {key} {draft.person} {draft.about} {address} {last}")
        rows.append(
            {
                "public_id": f"msg_{secrets.token_hex(16)}",
                "receiver": f"{draft.channel} {address}",
                "competition_id": competition.id if competition is not None else None,
                "kind": key,
                "content": {},
                "made_at": now,
                "due_at": due,
                "tries": [],
                "state": DeliveryState.FAILED if dead else state,
                "ended_at": now if dead or why else None,
                "why": DEAD if dead else why,
                "address_id": address,
                "person": draft.person,
                "about": draft.about,
                "mark": draft.mark,
                "once": once,
                "words": _as_text(draft.values),
                "until": draft.until,
            }
        )
    for part in in_chunks(rows):
        db.session.execute(insert(Delivery), part)
    if rows:
        # Of what waits for the morning nobody is woken; the worker looks by itself.
        outbox_bell().set()
    return len(rows)


def _as_text(values: Mapping[str, str]) -> str:
    return msgspec.json.encode(values).decode()


def after_quiet(plan: MessagePlan, at: datetime) -> datetime:
    """The first moment from then on that is not among the quiet hours."""
    here = local_time(at)
    begins, ends = plan.quiet_from, plan.quiet_until
    quiet = (
        begins <= here.hour < ends if begins <= ends else here.hour >= begins or here.hour < ends
    )
    if not quiet:
        return at
    day = here.date() + timedelta(days=1 if here.hour >= ends else 0)
    return datetime.combine(day, time(ends % 24), local_zone()).astimezone(at.tzinfo)


def key_of(competition: Competition | None, draft: Draft) -> tuple[str, str]:
    """The channel and the hash of a message's address."""
    home = competition.id if draft.channel in ROBOTS and competition is not None else None
    return draft.channel, address_key(draft.channel, draft.address, home)


def addresses_of(
    competition: Competition | None, drafts: Sequence[Draft], now: datetime
) -> dict[tuple[str, str], tuple[int, bool, bool]]:
    """The number of each address, whether it wants none, and whether it is dead; new ones made."""
    wanted = {key_of(competition, it): it.address for it in drafts}
    known = _known_addresses([key for _channel, key in wanted])
    new = [
        {
            "channel": channel,
            "address": wanted[channel, key],
            "address_hash": key,
            "off_token": off_token(),
            "made_at": now,
        }
        for channel, key in wanted
        if (channel, key) not in known
    ]
    if new:
        db.session.execute(insert(MessageAddress), new)
        known |= _known_addresses([key for _channel, key in wanted])
    return known


def why_unreached(channel: str, address: str) -> str | None:
    """Why nothing is sent to an address any more: `dead` or `off`; None where it is, or may be."""
    key = address_key(channel, address)
    _number, off, dead = _known_addresses([key]).get((channel, key), (0, False, False))
    return DEAD if dead else OFF if off else None


def _known_addresses(keys: Sequence[str]) -> dict[tuple[str, str], tuple[int, bool, bool]]:
    columns = (MessageAddress.id, MessageAddress.off_at, MessageAddress.dead_at)
    query = select(MessageAddress.channel, MessageAddress.address_hash, *columns)
    return {
        (channel, key or ""): (number, off is not None, dead is not None)
        for part in in_chunks(keys)
        for channel, key, number, off, dead in db.session.execute(
            query.where(MessageAddress.address_hash.in_(part))
        ).tuples()
    }


def off_token() -> str:
    """A new text for the link that stops messages."""
    return "".join(secrets.choice(_LETTERS) for _ in range(_OFF_LENGTH))


def _history(
    competition: Competition | None, key: str, people: Collection[str]
) -> dict[tuple[str, str, int], list[_Last]]:
    """What these people have of a kind, by person, matter and address, the newest first."""
    columns = (Delivery.person, Delivery.about, Delivery.address_id)
    query = (
        select(*columns, Delivery.id, Delivery.mark, Delivery.state, Delivery.attempt)
        .where(
            Delivery.kind == key,
            Delivery.address_id.is_not(None),
            # What was dropped as done with told nobody anything.
            (Delivery.why.is_(None)) | (Delivery.why != DONE),
        )
        .order_by(Delivery.id.desc())
    )
    if competition is not None:
        query = query.where(Delivery.competition_id == competition.id)
    rows: dict[tuple[str, str, int], list[_Last]] = defaultdict(list)
    for part in in_chunks(sorted(people)):
        for person, about, address, number, mark, state, tries in db.session.execute(
            query.where(Delivery.person.in_(part))
        ).tuples():
            assert person is not None
            assert address is not None
            rows[person, about or "", address].append(_Last(number, mark, state, tries > 0))
    return rows


def write(statement: Any) -> None:
    """Write by a statement, past what the session holds."""
    db.session.execute(statement, execution_options={"synchronize_session": False})


def end_waiting(numbers: Sequence[int], why: str, now: datetime) -> None:
    """Hold back those of these messages that wait; in a unit of work."""
    for part in in_chunks(numbers):
        write(
            update(Delivery)
            .where(Delivery.id.in_(part), Delivery.state == DeliveryState.WAITING)
            .values(state=DeliveryState.HELD, why=why, ended_at=now)
        )


def drop_done(competition: Competition, key: str, open_matters: Collection[str]) -> int:
    """Hold back what waits to tell of matters that are done with; how many that were."""
    query = select(Delivery.id, Delivery.about).where(
        Delivery.competition_id == competition.id,
        Delivery.kind == key,
        Delivery.state == DeliveryState.WAITING,
        Delivery.address_id.is_not(None),
    )
    over = [number for number, about in db.session.execute(query) if about not in open_matters]
    for part in in_chunks(over, AT_ONCE):
        with unit_of_work():
            end_waiting(part, DONE, utc_now())
    return len(over)


def is_past(row: Delivery, now: datetime) -> bool:
    """True if a message that waits tells of something that is over."""
    return row.until is not None and row.until <= now


def end_past(numbers: Sequence[int]) -> None:
    """Hold back messages that tell of what is over."""
    for part in in_chunks(numbers, AT_ONCE):
        with unit_of_work():
            end_waiting(part, DONE, utc_now())


def title_of(row: Delivery) -> str:
    """What stands over a message where there is a place for it: the kind, never whose it is."""
    if row.kind == TEST_KEY:
        return str(msg("试发一条"))
    return str(kind_of(row.kind).name)


def text_of(row: Delivery, plan: MessagePlan) -> str:
    """The message as it goes out, with the link that stops them where it goes to a person."""
    assert row.words is not None
    assert row.address is not None
    values = msgspec.json.decode(row.words, type=dict[str, str])
    is_group = row.address.channel in ROBOTS
    words = values["what"] if row.kind == TEST_KEY else words_of(plan, row.kind, group=is_group)
    text = words if row.kind == TEST_KEY else fill(words, values, group=is_group)
    return text if is_group else f"{text} {off_words(row.address.off_token)}"


def off_words(token: str) -> str:
    """The end of each message to a person: where to say that one wants no more."""
    return str(msg("不再收：%(link)s", link=link_to(Page.MESSAGES_OFF, token=token)))


def put_test(channel: str, address: str, words: str, competition: Competition | None) -> str:
    """Put up a message that tries a channel; its number. Who sends it himself has it due later."""
    with unit_of_work() as session:
        now = utc_now()
        draft = Draft("test", channel, address, {"what": words}, "")
        number, _off, _dead = addresses_of(competition, [draft], now)[key_of(competition, draft)]
        row = Delivery(
            public_id=f"msg_{secrets.token_hex(16)}",
            receiver=f"{channel} {number}",
            competition_id=competition.id if competition is not None else None,
            kind=TEST_KEY,
            content={},
            made_at=now,
            due_at=now + timedelta(seconds=30),
            address_id=number,
            person="test",
            about="",
            mark="",
            words=_as_text(draft.values),
        )
        session.add(row)
        session.flush()
        return row.public_id


# Addresses and people who are gone.


def end_of_address(number: int, why: str) -> None:
    """Hold back what waits for an address; in a unit of work."""
    write(
        update(Delivery)
        .where(Delivery.address_id == number, Delivery.state == DeliveryState.WAITING)
        .values(state=DeliveryState.HELD, why=why, ended_at=utc_now())
    )


def end_at(address: MessageAddress) -> None:
    """Try an address no more from which a message came back for good; in a unit of work."""
    if address.dead_at is None:
        address.dead_at = utc_now()
        write(
            update(Delivery)
            .where(Delivery.address_id == address.id, Delivery.state == DeliveryState.WAITING)
            .values(state=DeliveryState.FAILED, why=DEAD, ended_at=utc_now())
        )


def erase_messages(people: Collection[str]) -> None:
    """Erase where these people were written to and in which words; in a unit of work.

    What waits for them is dropped. An address that others share stays theirs.
    """
    for part in in_chunks(sorted(people)):
        mine = Delivery.person.in_(part)
        addresses = db.session.scalars(
            select(Delivery.address_id).where(mine, Delivery.address_id.is_not(None)).distinct()
        ).all()
        write(
            update(Delivery)
            .where(mine, Delivery.state == DeliveryState.WAITING)
            .values(state=DeliveryState.HELD, why=DONE, ended_at=utc_now())
        )
        write(update(Delivery).where(mine).values(words=None, address_id=None))
        forget_addresses([it for it in addresses if it is not None])


def forget_addresses(numbers: Collection[int]) -> None:
    """Forget addresses that no message bears any more; what they said of messages stays."""
    unused = ~exists().where(Delivery.address_id == MessageAddress.id)
    here = MessageAddress.id.in_(numbers), MessageAddress.competition_id.is_(None), unused
    plain = MessageAddress.off_at.is_(None), MessageAddress.dead_at.is_(None)
    write(delete(MessageAddress).where(*here, *plain))
    write(update(MessageAddress).where(*here).values(address=None))


# What a page shows.


def messages_of(
    competition: Competition, state: DeliveryState | None = None, most: int = 50
) -> Sequence[Delivery]:
    """List a competition's messages: trouble first, then what waits, the newest first."""
    order = {
        DeliveryState.FAILED.value: 0,
        DeliveryState.WAITING.value: 1,
        DeliveryState.HELD.value: 2,
    }
    query = (
        select(Delivery)
        .where(*_messages_in(competition))
        .options(selectinload(Delivery.address))
        .order_by(case(order, value=Delivery.state, else_=3), Delivery.id.desc())
        .limit(most)
    )
    if state is not None:
        query = query.where(Delivery.state == state)
    return db.session.scalars(query).all()


def sizes_of(competition: Competition) -> dict[DeliveryState, int]:
    """Count a competition's messages by state."""
    query = select(Delivery.state, func.count()).where(*_messages_in(competition))
    sizes = dict.fromkeys(DeliveryState, 0)
    sizes.update(db.session.execute(query.group_by(Delivery.state)).tuples().all())
    return sizes


def count_held_back(competition: Competition) -> int:
    """Count the messages that going on would send."""
    query = select(func.count()).where(
        *_messages_in(competition),
        Delivery.state == DeliveryState.HELD,
        Delivery.why.in_((STOPPED, RESTORED)),
    )
    return db.session.scalar(query) or 0


def sizes_by_kind(competition: Competition) -> dict[str, int]:
    """Count a competition's messages by kind."""
    query = select(Delivery.kind, func.count()).where(*_messages_in(competition))
    return dict(db.session.execute(query.group_by(Delivery.kind)).tuples().all())


def _messages_in(competition: Competition) -> tuple[Any, ...]:
    return Delivery.competition_id == competition.id, Delivery.person.is_not(None)
