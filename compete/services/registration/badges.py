"""Badges: a random link for each contestant and each of a crew, and all of them as PDF."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import event, select, update
from sqlalchemy.orm import Mapper, joinedload, selectinload

from compete.documents.admission_cards import AdmissionCard, Sitting, render_admission_cards
from compete.documents.badges import Badge, render_badges
from compete.documents.dates import printed_time
from compete.documents.typesetting import PrintedFile
from compete.domain.bundle.crews import crew_role
from compete.domain.bundle.event_types import Stage
from compete.domain.identity.masks import mask_id
from compete.domain.identity.papers import Paper, paper_name
from compete.domain.kinds.kinds import competition_kind
from compete.domain.values.days import day_words
from compete.domain.values.messages import Message, Translate, listed, msg
from compete.domain.values.roles import CREW_ROLE_WORDS
from compete.models import (
    Account,
    Competition,
    Entrant,
    Event,
    Member,
    ReplacedBadge,
    Room,
    Slot,
    db,
    utc_now,
)
from compete.models.types import token_hash
from compete.services.directory.rooms import rooms_by_number
from compete.services.jobs.papers.kinds import Asked, printed_as
from compete.services.kernel import audit
from compete.services.kernel.chunks import in_chunks
from compete.services.kernel.clock import clock_text, local_time
from compete.services.kernel.competition_settings import settings_of
from compete.services.kernel.event_rules import module_title, rules_of
from compete.services.kernel.installation import Page, address_of, fonts
from compete.services.kernel.participants import standing_withdrawal, takes_part
from compete.services.kernel.refusal import Refused
from compete.services.kernel.text_limits import reason_text
from compete.services.kernel.transactions import changing
from compete.services.registration.day_forms import paper_text
from compete.services.registration.eligibility import people_of
from compete.services.registration.portraits import pictures_of
from compete.services.schedule.admissions import admitted_in
from compete.services.schedule.away import Away, away_among
from compete.services.schedule.slots import station_words
from compete.services.sheets.absences import brought_along

BADGES = "badges"
_GROUPS = {"worker": msg("职工组"), "teacher": msg("教师组"), "student": msg("学生组")}


def new_badge() -> tuple[str, str]:
    """A badge's random token (192 bits) and its hash."""
    token = secrets.token_urlsafe(24)
    return token, token_hash(token)


@event.listens_for(Member, "before_insert")
def _give_badge(_mapper: Mapper[Any], _connection: object, member: Member) -> None:
    if member.badge_hash is None:
        member.badge_token, member.badge_hash = new_badge()


def give_members_badges() -> None:
    """A link for each of a crew that an earlier version of the program left without.

    In a unit of work that seals afterwards what has no seal (`seal_what_has_none`).
    """
    rows = db.session.scalars(select(Member.id).where(Member.badge_hash.is_(None))).all()
    for chunk in in_chunks(rows):
        made = []
        for number in chunk:
            token, hashed = new_badge()
            made.append({"id": number, "badge_token": token, "badge_hash": hashed})
        db.session.execute(update(Member), made, execution_options={"noted": True})


def holder_of(token: str) -> Entrant | Member | None:
    """The holder of a badge: one person, one of a crew, or a crew that all of them share."""
    hashed = token_hash(token)
    entrant = db.session.scalar(select(Entrant).where(Entrant.badge_hash == hashed))
    return entrant or db.session.scalar(select(Member).where(Member.badge_hash == hashed))


def _holders(asked: Asked) -> list[int]:
    """The rows of those who get a badge, by number."""
    query = (
        select(Entrant.id)
        .where(Entrant.competition_id == asked.competition.id)
        .where(takes_part(), Entrant.erased_at.is_(None))
    )
    left = Away(asked.competition).all_left()
    people = [row for row in db.session.scalars(query.order_by(Entrant.code)) if row not in left]
    if not competition_kind(asked.competition).has_review:
        return people
    passed = {row for event in asked.competition.events for row in admitted_in(event) or ()}
    return [row for row in people if row in passed]


def why_no_badge(entrant: Entrant) -> Message | None:
    """Say why there is no badge for somebody, who is out or was not admitted; else None."""
    if entrant.erased_at is not None:
        return msg("个人资料已经删除，没有参赛证了")
    if standing_withdrawal(entrant) is not None:
        return msg("%(code)s 已经退赛，没有参赛证", code=entrant.code)
    if why := away_among([entrant]).left(entrant):
        return msg("%(code)s %(why)s，没有参赛证", code=entrant.code, why=why)
    return None


@printed_as(BADGES, at_once=500, portion=1000, keys=_holders)
def _print_badges(asked: Asked, rows: Sequence[int]) -> PrintedFile:
    """Print badges by number, as PDF; each of a crew has one, with the crew's number and a link
    of their own.

    Raises `Refused` while there is nobody.
    """
    competition = asked.competition
    people = db.session.scalars(
        select(Entrant)
        .where(Entrant.id.in_(rows), takes_part(), Entrant.erased_at.is_(None))
        .options(joinedload(Entrant.unit), joinedload(Entrant.event), selectinload(Entrant.members))
        .options(selectinload(Entrant.slots))
        .order_by(Entrant.code)
    ).all()
    if not people and competition_kind(competition).has_review:
        raise Refused(msg("还没有人通过审核，印不了准考证"))
    if not people:
        raise Refused(msg("还没有选手，先上传报名表"))
    return _rendered(people, competition, asked.translate)


def print_badge(entrant: Entrant, translate: Translate | None = None) -> PrintedFile:
    """Print one badge as PDF; of a crew, one for each member.

    Raises `Refused` for who has none (`why_no_badge`).
    """
    if why := why_no_badge(entrant):
        raise Refused(why)
    return _rendered([entrant], entrant.competition, translate)


def _rendered(
    people: Sequence[Entrant], competition: Competition, translate: Translate | None
) -> PrintedFile:
    photos = _photos(people)
    if competition_kind(competition).has_conditions:
        return _admission_cards(people, competition, photos, translate)
    return render_badges(
        [badge for person in people for badge in _badges(person, photos, translate)],
        competition=competition.name,
        fonts=fonts(),
        translate=translate,
        author=competition.issuer,
        day=competition.starts,
    )


def _admission_cards(
    people: Sequence[Entrant],
    competition: Competition,
    photos: Mapping[tuple[str, int], bytes],
    translate: Translate | None,
) -> PrintedFile:
    settings = settings_of(competition)
    rooms = rooms_by_number(
        {slot.room_id for person in people for slot in person.slots if slot.room_id is not None}
    )
    where = dict.fromkeys(filter(None, (competition.venue, *(it.address for it in rooms.values()))))
    at = printed_time(local_time(utc_now()), translate)
    events = {event: _EventCards.of(event) for event in {person.event for person in people}}
    return render_admission_cards(
        [_card(person, events[person.event], photos, rooms, translate) for person in people],
        title=msg("职业技能等级认定准考证"),
        of="　".join(dict.fromkeys((competition.issuer, competition.name))),
        lines=(
            (msg("带"), settings.bring or msg("本证、身份证原件").render(translate)),
            (msg("地点"), paper_text(listed(list(where)), translate) if where else ""),
            (msg("先到"), settings.place or ""),
            (msg("有事"), settings.contact or ""),
        ),
        foot=msg("%(at)s 打印，座位变了以网上为准", at=at).render(translate),
        fonts=fonts(),
        translate=translate,
        author=competition.issuer,
        day=competition.starts,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _EventCards:
    """What the cards of an event share, asked once for all of them."""

    stage: Stage
    occupation: str
    brought: Collection[tuple[int, str]]

    @classmethod
    def of(cls, event: Event) -> _EventCards:
        rules = rules_of(event)
        return cls(
            stage=rules.stages[0],
            occupation=rules.occupation.name if rules.occupation else event.name,
            brought=brought_along(event),
        )


def _card(
    person: Entrant,
    event: _EventCards,
    photos: Mapping[tuple[str, int], bytes],
    rooms: Mapping[int, Room],
    translate: Translate | None,
) -> AdmissionCard:
    slots = {(slot.stage, slot.module): slot for slot in person.slots}
    stage = event.stage
    return AdmissionCard(
        name=person.name,
        number=person.code,
        unit=person.unit.name,
        occupation=event.occupation,
        level=person.event.name,
        paper_kind=paper_name(Paper(person.id_type)).render(translate) if person.id_number else "",
        paper=mask_id(person.id_number) if person.id_number else "",
        qr_url=address_of(Page.BADGE, token=person.badge_token),
        photo=photos.get(("entrant", person.id)),
        sittings=[
            _sitting(module.name, slots.get((stage.code, module.code)), rooms, translate)
            for module in stage.modules
            if (person.id, module.code) not in event.brought
        ],
    )


def _sitting(
    module: str, slot: Slot | None, rooms: Mapping[int, Room], translate: Translate | None
) -> Sitting:
    if slot is None:
        return Sitting(module, "", "", "", "", "")
    starts, ends = slot.starts_at, slot.ends_at
    seat = msg("%(n)s 座", n=slot.seat).render(translate) if slot.seat is not None else ""
    room = rooms[slot.room_id].name if slot.room_id is not None else ""
    return Sitting(
        module=module,
        day=day_words(local_time(starts)).render(translate) if starts else "",
        time="–".join(filter(None, (clock_text(starts), clock_text(ends)))),
        room=room or slot.session or "",
        seat=seat or slot.station or "",
        until=clock_text(slot.check_in_at) or "",
    )


def replace_badge(holder: Entrant | Member, reason: str, by: Account) -> None:
    """Replace a badge: another link; the old one opens nothing from now on.

    Of a crew's member their own alone: the others' badges stay as they are. Of a crew the link
    that older badges of all of them share. Raises `Refused` (INVALID) without a reason.
    """
    reason = reason_text(reason, msg("换发要写原因"))
    member = holder if isinstance(holder, Member) else None
    entrant = member.entrant if member is not None else holder
    assert isinstance(entrant, Entrant)
    with changing(entrant.competition, entrant, holder) as competition:
        if entrant.erased_at is not None or holder.erased_at is not None:
            raise Refused(msg("个人资料已经删除，没有参赛证了"))
        if holder.badge_hash is not None:
            db.session.add(
                ReplacedBadge(
                    entrant_id=entrant.id,
                    member_id=member.id if member is not None else None,
                    badge_hash=holder.badge_hash,
                    reason=reason,
                    replaced_by=by.id,
                )
            )
        holder.badge_token, holder.badge_hash = new_badge()
        if member is None:
            entrant.badge_shared = False
        audit.record(competition, by, "badge.replace", holder.code, reason=reason)


def is_replaced_badge(token: str) -> bool:
    """True if the link stood on a badge that was replaced."""
    query = select(ReplacedBadge.id).where(ReplacedBadge.badge_hash == token_hash(token))
    return db.session.scalar(query) is not None


def void_badge_hashes(competition: Competition) -> list[str]:
    """The hashes of the links of badges that were replaced."""
    query = (
        select(ReplacedBadge.badge_hash)
        .join(Entrant, Entrant.id == ReplacedBadge.entrant_id)
        .where(Entrant.competition_id == competition.id)
        .order_by(ReplacedBadge.id)
    )
    return list(db.session.scalars(query))


def badge_hashes_of_withdrawn(competition: Competition) -> list[str]:
    """The hashes of the links of who withdrew before judging and so stands on no list."""
    here = Entrant.competition_id == competition.id, ~takes_part(), Entrant.badge_hash.is_not(None)
    return list(db.session.scalars(select(Entrant.badge_hash).where(*here).order_by(Entrant.id)))


def _photos(people: Sequence[Entrant]) -> Mapping[tuple[str, int], bytes]:
    members = [member.id for person in people for member in person.members]
    return pictures_of([person.id for person in people if not person.members], members)


_MOST_TIMES = 2
"""So many sessions have room on a badge; the page behind its code has them all."""


def _place(entrant: Entrant, translate: Translate | None) -> str:
    """When and where they compete, as far as it is settled; empty before."""
    # A draw gives a station; when is laid out before or after it.
    times = [slot for slot in entrant.slots if slot.starts_at or slot.station]
    if not times:
        return ""
    lines: list[Message] = [
        msg(
            "%(module)s %(when)s %(session)s %(station)s",
            module=module_title(entrant.event, slot.stage, slot.module),
            when=_when(slot) or "",
            session=slot.session or "" if not slot.starts_at else "",
            station=station_words(slot),
        )
        for slot in sorted(times, key=_in_order)[:_MOST_TIMES]
    ]
    if len(times) > _MOST_TIMES:
        lines.append(msg("共 %(n)s 场，扫码看全部", n=len(times)))
    return " · ".join(" ".join(line.render(translate).split()) for line in lines)


def _in_order(slot: Slot) -> tuple[bool, float, int]:
    at = slot.starts_at
    return at is None, at.timestamp() if at else 0, slot.id


def _when(slot: Slot) -> Message | None:
    at = slot.check_in_at or slot.starts_at
    if at is None:
        return None
    here = local_time(at)
    moment = msg("%(day)s %(at)s", day=day_words(here), at=f"{here:%H:%M}")
    return msg("%(when)s 检录", when=moment) if slot.check_in_at else moment


def _badges(
    entrant: Entrant, photos: Mapping[tuple[str, int], bytes], translate: Translate | None
) -> list[Badge]:
    badges = []
    for person in people_of(entrant):
        if isinstance(person, Member):
            kind, group = "member", entrant.name
            role = CREW_ROLE_WORDS[crew_role(person.role, person.position)]
        else:
            kind, group = "entrant", _GROUPS[entrant.group].render(translate)
            role = msg("参赛选手")
        badge = Badge(
            name=person.name,
            unit=entrant.unit.name,
            event=entrant.event.name,
            group=group,
            number=entrant.code,
            role=role.render(translate),
            photo=photos.get((kind, person.id)),
            qr_url=address_of(Page.BADGE, token=person.badge_token or entrant.badge_token),
            place=_place(entrant, translate),
        )
        badges.append(badge)
    return badges
