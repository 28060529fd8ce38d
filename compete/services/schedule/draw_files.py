"""A ceremony's rows as its draw file, and back onto its rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from compete.domain.ceremonies.holding import announce, checked
from compete.domain.ceremonies.reading import read_draw_file
from compete.domain.ceremonies.types import Before, Draw, DrawFile, Party, Person, Place, Rule
from compete.domain.ceremonies.units_then_people import BY_ROUNDS, IN_A_ROW, layered_draws
from compete.domain.ceremonies.writing import write_draw_file
from compete.models import DrawCeremony, DrawShare

STATION = "station"
LAYERS = (IN_A_ROW, BY_ROUNDS)
"""The values of `layer` if units are drawn first; a ceremony of stations has none."""
UNSEALED = "0" * 64
"""Stands for a seal that nobody has handed in yet; a file with it is never published."""


def file_of(ceremony: DrawCeremony) -> DrawFile:
    """The ceremony as its file says it now, checked against the format.

    Raises `DrawFileError` where the format has something against it.
    """
    spares = [_party(share) for share in ceremony.shares if share.spare]
    drawn = announce(
        ceremony.name,
        ceremony.number,
        _draws(ceremony),
        [_party(share) for share in ceremony.shares if not share.spare],
        spares[0] if spares else Party(name="", seal=UNSEALED, share=None, key=None),
        msgspec.convert(ceremony.before, Before) if ceremony.before else None,
    )
    opened = {share.name: share for share in ceremony.shares}
    return checked(
        msgspec.structs.replace(
            drawn,
            parties=tuple(_opened(party, opened) for party in drawn.parties),
            spare=_opened(drawn.spare, opened),
        )
    )


def published_file(ceremony: DrawCeremony) -> DrawFile | None:
    """The file as it was last published; None before the head is."""
    return read_draw_file(ceremony.file.encode()) if ceremony.file is not None else None


def file_text(file: DrawFile) -> str:
    """The bytes of the file as text, to be kept."""
    return write_draw_file(file).decode()


def _draws(ceremony: DrawCeremony) -> tuple[Draw, ...]:
    """Make one draw for stations, or for each group that is drawn apart; or one of the units and
    one of the people of each."""
    event = ceremony.event
    people = _values(ceremony.people, Person)
    places = _values(ceremony.places, Place)
    if ceremony.layer in LAYERS:
        return layered_draws(
            event.code, ceremony.stage, ceremony.module, ceremony.layer, people, places
        )
    known = ceremony.rule or {}
    rule = msgspec.convert(known, Rule) if known.keys() & {"apart", "per_session"} else None
    alone = {
        "people": [person.code for person in people],
        "places": [place.code for place in places],
    }
    return tuple(
        Draw(
            event=event.code,
            stage=ceremony.stage,
            module=ceremony.module,
            layer=ceremony.layer,
            people=tuple(person for person in people if person.code in own),
            places=tuple(place for place in places if place.code in theirs),
            rule=rule,
            result=(),
            unmet=(),
            tries=0,
        )
        for group in known.get("groups") or [alone]
        for own, theirs in [(set(group["people"]), set(group["places"]))]
    )


def _values(rows: list[Any], kind: type[Any]) -> tuple[Any, ...]:
    return tuple(msgspec.convert(rows, list[kind]))  # type: ignore[valid-type]


def _party(share: DrawShare) -> Party:
    return Party(name=share.name, seal=share.seal, share=None, key=None)


def _opened(party: Party, shares: Mapping[str, DrawShare]) -> Party:
    row = shares[party.name]
    return msgspec.structs.replace(party, share=row.share, key=row.key)
