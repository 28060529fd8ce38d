"""Rooms (考场, 赛场) that all competitions share: added, corrected, closed by organisers."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from sqlalchemy import select

from compete.domain.identity.names import same_name_key
from compete.domain.values.messages import Message, msg
from compete.domain.values.rights import Right
from compete.models import Account, Room, db
from compete.services.accounts.access import may_anywhere
from compete.services.kernel.catalogues import Catalogue, refuse_same_name
from compete.services.kernel.fields import Setting, read_texts, texts_of

MOST_SEATS = 2000
"""Of a room, in one turn."""


@dataclass(frozen=True, slots=True)
class CheckedRoom:
    """A room that can be written."""

    name: Annotated[str, Setting(msg("名称"), most=60, needed=msg("名称要写"))]
    places: Annotated[
        int,
        Setting(
            msg("几个位置"),
            msg("一次能坐几个人，或者有几台设备"),
            least=1,
            most=MOST_SEATS,
            needed=msg("几个位置要写"),
        ),
    ]
    address: Annotated[str, Setting(msg("在哪里"), msg("如 实训楼二楼，印在准考证上"), most=200)]
    note: Annotated[str, Setting(msg("说明"), most=200)]


class RoomView(StrEnum):
    """The rooms that are looked at."""

    STANDING = "standing"
    CLOSED = "closed"


def rooms_offered() -> Sequence[Room]:
    """The rooms that can be taken, by name."""
    return rooms_in_view(RoomView.STANDING)


def rooms_in_view(view: RoomView) -> Sequence[Room]:
    """The rooms that stand, or those that are closed, by name."""
    closed = Room.ended_at.is_not(None)
    query = select(Room).where(closed if view is RoomView.CLOSED else ~closed)
    return db.session.scalars(query.order_by(Room.name, Room.id)).all()


def rooms_by_number(numbers: Collection[int]) -> dict[int, Room]:
    """The rooms of these numbers, closed ones too."""
    rows = db.session.scalars(select(Room).where(Room.id.in_(numbers)))
    return {room.id: room for room in rows}


def _check(texts: Mapping[str, str]) -> tuple[CheckedRoom | None, dict[str, Message]]:
    return read_texts(CheckedRoom, texts)


def _put(room: Room, row: CheckedRoom) -> None:
    room.name, room.places, room.address, room.note = row.name, row.places, row.address, row.note
    room.name_key = same_name_key(row.name)


def _recorded(row: Room | CheckedRoom) -> dict[str, str]:
    return texts_of(row, CheckedRoom)


def _refuse_taken(room: Room | CheckedRoom, but: int | None) -> None:
    why = msg("已经有叫“%(name)s”的", name=room.name)
    refuse_same_name(Room, same_name_key(room.name), but, why)


def _keeps(account: Account) -> bool:
    return may_anywhere(account, Right.DIRECTORY)


ROOMS: Catalogue[Room, Mapping[str, str], CheckedRoom] = Catalogue(
    kind="room",
    whole="rooms",
    not_yours=msg("考场和赛场由组委会改"),
    table=Room,
    new=Room,
    check=_check,
    record_fields=_recorded,
    put=_put,
    refuse_duplicate=_refuse_taken,
    keeps=_keeps,
)
"""Who sits in a room that is closed stays until they are moved; plans name it."""
