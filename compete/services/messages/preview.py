"""A message before it goes out: as one real person gets it, and as long as it can become."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import func, select

from compete.domain.kinds.kinds import competition_kind
from compete.domain.values.messages import Message, msg
from compete.models import Competition, Entrant, Event, Slot, db
from compete.services.kernel.event_rules import labour_of
from compete.services.kernel.installation import Page
from compete.services.kernel.participants import takes_part
from compete.services.messages.people import (
    Somebody,
    people_after,
    people_of,
    public_values,
)
from compete.services.messages.tellers import first_slot, slot_values
from compete.services.outbox.channels import signed
from compete.services.outbox.kinds import fill
from compete.services.outbox.messages import link_to, off_words, plan_of, words_of

_OFF = "x" * 10
_WHAT: Mapping[str, Sequence[Message]] = {
    "registration": [msg("收下了"), msg("退回了，请改好再交")],
    "sheets": [msg("退回了"), msg("被申诉，等答复")],
    "second": [msg("申诉 %(number)s 的决定", number="01")],
    "results": [msg("公布"), msg("更正")],
    "certificate": [msg("好了"), msg("在核对，先别用")],
    "labour_missing": [msg("还缺"), msg("没交齐的部门")],
    "labour_out": [msg("公布"), msg("结账")],
}
"""What a kind can say it is about: the usual first, the longest last."""


class Preview(NamedTuple):
    """A kind's words as one real person gets them, and the longest that anybody can get."""

    who: str
    text: str
    longest: str


def preview(competition: Competition, key: str, *, group: bool, sms: bool) -> Preview:
    """Show a kind's words with what they stand for; an SMS with its signature."""
    words = words_of(plan_of(competition), key, group=group)
    who, sample = _sample(competition)
    whats = [str(it) for it in _WHAT.get(key, ())] or [""]
    texts = [
        fill(words, sample | {"what": whats[0]}, group=group),
        fill(words, _longest(competition, sample) | {"what": whats[-1]}, group=group),
    ]
    if not group:
        texts = [f"{text} {off_words(_OFF)}" for text in texts]
    if sms:
        texts = [signed(text) for text in texts]
    return Preview("" if group else who, *texts)


def _sample(competition: Competition) -> tuple[str, dict[str, str]]:
    values = public_values(competition) | _usual(competition)
    people, _after = people_after(competition, 0, 1)
    if not people:
        return "", values
    person = _with_slot(competition) or people[0]
    slot = first_slot(person)
    if slot is not None:
        values |= slot_values(person, slot)
    own = link_to(Page.BADGE, token=person.badge) if person.badge else ""
    return person.name, values | {"name": person.name, "own_link": own}


def _with_slot(competition: Competition) -> Somebody | None:
    entrant = db.session.scalars(
        select(Entrant)
        .where(
            Entrant.competition_id == competition.id,
            Entrant.slots.any(),
            Entrant.erased_at.is_(None),
            takes_part(),
        )
        .order_by(Entrant.id)
        .limit(1)
    ).first()
    return next(people_of(entrant), None) if entrant is not None else None


def _usual(competition: Competition) -> dict[str, str]:
    """What stands for the fields that no contestant has."""
    values = {
        "name": str(msg("姓名")),
        "event": next((it.name for it in competition.events), ""),
        "day": "9月16日",
        "time": "09:30",
        "place": competition.venue or "",
        "until": "9月16日 17:00",
        "count": "12",
    }
    if competition_kind(competition).has_periods:
        names = list(labour_of(competition).period_names.values())
        values["period"] = max(names, key=len, default="")
    return values


def _longest(competition: Competition, sample: Mapping[str, str]) -> dict[str, str]:
    """The longest that each field stands for in this competition."""
    mine = Entrant.competition_id == competition.id
    columns = {
        "name": (Entrant.name, mine),
        "event": (Event.name, Event.competition_id == competition.id),
        "station": (
            Slot.station,
            Slot.entrant_id.in_(select(Entrant.id).where(mine)) & Slot.station.is_not(None),
        ),
    }
    longest = {}
    for field, (column, where) in columns.items():
        query = select(column).where(where).order_by(func.length(column).desc()).limit(1)
        if text := db.session.scalar(query):
            station = field == "station" and text.isdigit()
            longest[field] = str(msg("%(n)s 号工位", n=text)) if station else text
    return {
        **sample,
        **longest,
        "day": "12月31日",
        "time": "09:30",
        "until": "12月31日 17:00",
        "count": "100",
    }
