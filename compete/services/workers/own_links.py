"""Own links: who they are given to, how their holder gets in, and what they let others see.

The link is a secret on paper, so the last four characters of the ID number are enough for the
first entry; from then on the PIN is asked. Every try is counted before it is looked at, so that
tries made side by side count too. Five wrong ones rest a while, and after four rests the link
ends: guessing finds nothing, and whoever gave it gives a new one.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, literal, or_, select, update

from compete.domain.values.messages import Message, msg
from compete.models import Account, Person, PersonLink, PersonShare, db, utc_now
from compete.models.types import UtcDateTime, token_hash
from compete.services.accounts.pins import fits_pin, hashed_pin
from compete.services.appeals.appellants import LAST, plain_proof
from compete.services.directory.merged import same_people, standing
from compete.services.directory.person_links import end_links, standing_link
from compete.services.kernel import audit
from compete.services.kernel.chunks import rows_among
from compete.services.kernel.clock import moment_words
from compete.services.kernel.refusal import Refusal, Refused, invalid
from compete.services.kernel.transactions import unit_of_work

MOST_TRIES, REST = 5, timedelta(minutes=15)
MOST_MISSED = 4 * MOST_TRIES
UNCLAIMED = timedelta(days=60)
"""For how long a link may be entered for the first time."""
IN = timedelta(hours=2)
"""How long an entry holds."""
SHARED_DAYS, MOST_SHARES = 7, 5
_GONE = msg("这个链接不能用了。要看档案，找单位或组委会再要一个")
_LOCKED = msg("错了 %(most)s 次，这个链接停用了。找单位或组委会换一个", most=MOST_MISSED)


class RestingError(Refused):
    """No try is taken until a moment: five wrong ones went before."""

    def __init__(self, until: datetime) -> None:
        super().__init__(
            msg("错了 %(most)s 次，%(at)s 以后再试", most=MOST_TRIES, at=moment_words(until)),
            kind=Refusal.LOCKED_OUT,
        )


def can_have_link(person: Person) -> bool:
    """True if an ID number is known, by which the first entry is proved."""
    return len(plain_proof(standing(person).id_number or "")) >= LAST


def give_link(person: Person, by: Account) -> PersonLink:
    """A new link to somebody's record; one that stood ends.

    Who may give it is asked by who calls. Raises `Refused` (CONFLICT) for who has no ID number,
    by which the first entry is proved.
    """
    token = secrets.token_urlsafe(24)
    with unit_of_work() as session:
        audit.claim_chain(None)
        person = standing(session.get_one(Person, person.id, populate_existing=True))
        if not can_have_link(person):
            raise Refused(
                msg("%(name)s 没有登记证件号码，第一次进不去，先更正资料", name=person.name)
            )
        end_links([person.id], by, "renewed")
        link = PersonLink(
            person_id=person.id, link_hash=token_hash(token), link=token, made_by=by.id
        )
        session.add(link)
        session.flush()
        audit.record(None, by, "person.link", str(person.id), after={"name": person.name})
    return link


def give_missing(people: Sequence[Person], by: Account) -> int:
    """Give a link to each of these people who has none and can have one; to how many.

    Each is an act of its own, so that a unit of hundreds keeps nobody waiting.
    """
    links = links_of([person.id for person in people])
    lack = [it for it in people if it.id not in links and can_have_link(it)]
    for person in lack:
        give_link(person, by)
    return len(lack)


def withdraw_link(person: Person, by: Account) -> None:
    """Take the link of somebody back. Raises `Refused` (CONFLICT) where none stands."""
    with unit_of_work():
        audit.claim_chain(None)
        if not end_links([standing(person).id], by, "withdrawn"):
            raise Refused(msg("%(name)s 没有能用的链接", name=person.name))


def link_behind(token: str) -> PersonLink:
    """The link of a token. Raises `Refused` (GONE) for one that let somebody in and does not now,
    and (UNKNOWN) for one that never was."""
    link = db.session.scalar(select(PersonLink).where(PersonLink.link_hash == token_hash(token)))
    if link is None:
        raise Refused(msg("没有这个链接，看看是不是抄错了"), kind=Refusal.UNKNOWN)
    if link.ended_at is not None:
        raise Refused(_LOCKED if link.ended_why == "missed" else _GONE, kind=Refusal.GONE)
    if link.entered_at is None and link.made_at + UNCLAIMED < utc_now():
        raise Refused(
            msg("这个链接 %(n)s 天没有用，过期了。找单位或组委会再要一个", n=UNCLAIMED.days),
            kind=Refusal.GONE,
        )
    return link


def prove_first(link: PersonLink, answer: str) -> str:
    """Take the last four characters of the ID number; what lets this device set the PIN.

    Raises `Refused`: (INVALID) for what is no answer, (WRONG_SECRET) for a wrong one,
    (LOCKED_OUT) where no try is taken, (CONFLICT) once there is a PIN.
    """
    typed = plain_proof(answer)
    if len(typed) < LAST:
        raise invalid(msg("填证件号码的后四位"))
    if link.pin_hash is not None:
        raise Refused(msg("已经设过 PIN，用 PIN 进"))
    _count_try(link)
    number = plain_proof(link.person.id_number or "")
    own = number if len(typed) > LAST else number[-LAST:]
    if not own or not hmac.compare_digest(own.casefold().encode(), typed.casefold().encode()):
        raise _missed(link, msg("后四位不对"))
    return _let_in(link)


def choose_pin(link: PersonLink, entry: str, pin: str, again: str) -> None:
    """Set the PIN, by who is in. Raises `Refused` for one that cannot be, or a second one."""
    if not is_in(link, entry):
        raise Refused(msg("先证明是本人"), kind=Refusal.NEEDED_FIRST)
    hashed = hashed_pin(pin, again)
    with unit_of_work() as session:
        audit.claim_chain(None)
        row = session.get_one(PersonLink, link.id, populate_existing=True)
        if row.ended_at is not None or row.pin_hash is not None:
            raise Refused(msg("已经设过 PIN，用 PIN 进"))
        row.pin_hash, row.entered_at = hashed, utc_now()
        session.flush()
        audit.record(
            None, None, "person.link_enter", str(row.person_id), after={"name": row.person.name}
        )


def enter(link: PersonLink, pin: str) -> str:
    """Take the PIN; what lets this device in, and any other out. Raises as `prove_first`."""
    if link.pin_hash is None:
        raise Refused(msg("还没有设 PIN，先填证件号码的后四位"), kind=Refusal.NEEDED_FIRST)
    hashed = link.pin_hash
    _count_try(link)
    if not fits_pin(hashed, pin):
        raise _missed(link, msg("PIN 不对"))
    return _let_in(link)


def is_in(link: PersonLink, entry: str | None) -> bool:
    """True if this device proved who holds it, and its hours are not over."""
    if not entry or link.entry_hash is None or link.entry_until is None:
        return False
    same = hmac.compare_digest(link.entry_hash, token_hash(entry))
    return same and link.ended_at is None and link.entry_until > utc_now()


def leave(link: PersonLink) -> None:
    """Let this device out again."""
    with unit_of_work():
        _put(link.id, entry_hash=None, entry_until=None)


def _count_try(link: PersonLink) -> None:
    """Count a try, before it is looked at. Raises `Refused` (LOCKED_OUT) where none is taken."""
    now = utc_now()
    full = PersonLink.tries + 1 >= MOST_TRIES
    with unit_of_work() as session:
        taken = session.execute(
            update(PersonLink)
            .where(
                PersonLink.id == link.id,
                PersonLink.ended_at.is_(None),
                PersonLink.missed < MOST_MISSED,
                or_(PersonLink.rest_until.is_(None), PersonLink.rest_until <= now),
            )
            .values(
                tries=case((full, 0), else_=PersonLink.tries + 1),
                missed=PersonLink.missed + 1,
                rest_until=case((full, literal(now + REST, UtcDateTime())), else_=None),
            )
            .returning(PersonLink.id)
            # Tries are not sealed.
            .execution_options(synchronize_session=False, noted=True)
        ).first()
        row = session.get_one(PersonLink, link.id, populate_existing=True)
    if taken is None:
        if row.ended_at is None and row.rest_until is not None:
            raise RestingError(row.rest_until)
        raise Refused(_LOCKED, kind=Refusal.LOCKED_OUT)


def _missed(link: PersonLink, what: Message) -> Refused:
    """Say of a wrong answer how many more are taken; the link ends with the last."""
    row = db.session.get_one(PersonLink, link.id, populate_existing=True)
    if row.missed >= MOST_MISSED:
        with unit_of_work():
            audit.claim_chain(None)
            end_links([row.person_id], None, "missed")
        return Refused(_LOCKED, kind=Refusal.LOCKED_OUT)
    if row.rest_until is not None and row.rest_until > utc_now():
        return RestingError(row.rest_until)
    left = MOST_TRIES - row.tries
    return Refused(
        msg("%(what)s，还能试 %(left)s 次", what=what, left=left), kind=Refusal.WRONG_SECRET
    )


def _let_in(link: PersonLink) -> str:
    """Begin the entry of a device; wrong tries count no more."""
    entry = secrets.token_urlsafe(24)
    with unit_of_work():
        _put(
            link.id,
            entry_hash=token_hash(entry),
            entry_until=utc_now() + IN,
            tries=0,
            missed=0,
            rest_until=None,
        )
    return entry


def _put(number: int, **values: object) -> None:
    """Write what is not sealed of a link."""
    db.session.execute(
        update(PersonLink)
        .where(PersonLink.id == number, PersonLink.ended_at.is_(None))
        .values(**values)
        .execution_options(synchronize_session=False, noted=True)
    )
    db.session.expire(db.session.get_one(PersonLink, number))


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A share that stands, as its owner sees it."""

    number: int
    token: str
    until: datetime
    looks: int


def share(link: PersonLink) -> PersonShare:
    """Let others see the record for some days. Raises `Refused` for more shares than are taken."""
    token = secrets.token_urlsafe(24)
    with unit_of_work() as session:
        audit.claim_chain(None)
        link = session.get_one(PersonLink, link.id, populate_existing=True)
        if link.ended_at is not None:
            raise Refused(_GONE, kind=Refusal.GONE)
        if len(shares_of(link)) >= MOST_SHARES:
            raise Refused(msg("已经有 %(most)s 个给别人看的链接，先收回一个", most=MOST_SHARES))
        row = PersonShare(
            link_id=link.id,
            token_hash=token_hash(token),
            token=token,
            until=utc_now() + timedelta(days=SHARED_DAYS),
        )
        session.add(row)
        session.flush()
        _record_share("person.share", link)
    return row


def take_share_back(link: PersonLink, number: int) -> None:
    """End a share of one's own; what ended already stays so."""
    with unit_of_work() as session:
        audit.claim_chain(None)
        row = session.get(PersonShare, number)
        if row is None or row.link_id != link.id:
            raise Refused(msg("没有这个链接，看看是不是抄错了"), kind=Refusal.UNKNOWN)
        if row.ended_at is None:
            row.ended_at = utc_now()
            session.flush()
            _record_share("person.share_back", link)


def _record_share(action: str, link: PersonLink) -> None:
    audit.record(None, None, action, str(link.person_id), after={"name": link.person.name})


def shares_of(link: PersonLink) -> Sequence[Share]:
    """The shares of a link that stand, the newest first."""
    query = select(PersonShare).where(
        PersonShare.link_id == link.id,
        PersonShare.ended_at.is_(None),
        PersonShare.until > utc_now(),
    )
    return [
        Share(number=row.id, token=row.token, until=row.until, looks=row.looks)
        for row in db.session.scalars(query.order_by(PersonShare.id.desc()))
    ]


def shared_person(token: str) -> PersonShare:
    """The share of a token that stands. Raises `Refused` (GONE) for one that ended."""
    row = db.session.scalar(select(PersonShare).where(PersonShare.token_hash == token_hash(token)))
    if row is None:
        raise Refused(msg("没有这个链接，看看是不是抄错了"), kind=Refusal.UNKNOWN)
    if row.ended_at is not None or row.owner.ended_at is not None:
        raise Refused(msg("这个链接收回了，要看请本人再发"), kind=Refusal.GONE)
    if row.until <= utc_now():
        raise Refused(msg("这个链接到期了，要看请本人再发"), kind=Refusal.GONE)
    return row


def count_look(row: PersonShare) -> None:
    """Count that somebody looked by a share."""
    with unit_of_work() as session:
        session.execute(
            update(PersonShare)
            .where(PersonShare.id == row.id)
            .values(looks=PersonShare.looks + 1)
            .execution_options(synchronize_session=False, noted=True)
        )


def links_of(people: Collection[int]) -> Mapping[int, PersonLink]:
    """The links that stand of these records, by record; a merged one has that of the other."""
    same = same_people(people)
    query = select(PersonLink).where(PersonLink.ended_at.is_(None))
    rows = rows_among(query, PersonLink.person_id, sorted(set(same.values())))
    links = {row.person_id: row for row in rows}
    return {it: links[same[it]] for it in people if same[it] in links}


def given_link(person: Person) -> PersonLink | None:
    """The link that stands of a person, for who gives it."""
    return standing_link(standing(person).id)
