"""Drawing: a ceremony of draws, held as people hold it."""

from __future__ import annotations

from compete.domain.ceremonies.holding import seal_share
from compete.domain.ceremonies.types import Party
from compete.domain.values.roles import Role
from compete.models import Account, Competition, DrawCeremony
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.schedule.draw_ceremonies import (
    add_seal,
    fix_openings,
    open_party,
    prepare_draw,
    publish_head,
)
from compete.services.schedule.draw_ends import agree_end, end_draw
from compete.services.schedule.draw_lists import STATION, read_places

NAMES = ("组委会", "领队代表", "公证员")
"""Two parties and the keeper of the spare."""


def prepared(
    competition: Competition, by: Account, name: str = "小赛抽签", layer: str = STATION
) -> DrawCeremony:
    """Prepare two stations, one session of two turns: as many places as there are people."""
    places = read_places("1号\n2号", "第1场，2026-09-16 08:40，2，10", "20")
    event = competition.events[0]
    rule = {"apart": True} if layer == STATION else {}
    return prepare_draw(event, "S", "m", name=name, places=places, rule=rule, by=by, layer=layer)


def openings_of(ceremony: DrawCeremony) -> list[Party]:
    """The openings that each made on a device of its own."""
    return [
        seal_share(ceremony.name, ceremony.number, name, f"签 {name}", bytes([at]) * 16)
        for at, name in enumerate(NAMES)
    ]


def published(
    competition: Competition, by: Account, layer: str = STATION
) -> tuple[DrawCeremony, list[Party]]:
    """Publish a ceremony's head; return it, and what its parties keep."""
    ceremony = prepared(competition, by, layer=layer)
    return ceremony, seal_and_publish(ceremony, by)


def seal_and_publish(ceremony: DrawCeremony, by: Account) -> list[Party]:
    """Take the seals in and publish the head; what the parties keep."""
    parties = openings_of(ceremony)
    for party in parties:
        add_seal(ceremony, party.name, party.seal, spare=party.name == NAMES[-1], by=by)
    publish_head(ceremony, by)
    return parties


def hand_in(ceremony: DrawCeremony, party: Party, by: Account) -> None:
    """Hand in a share, which has to count."""
    assert open_party(ceremony, party.name, party.share or "", party.key or "", by).why is None


def drawn(competition: Competition, by: Account, layer: str = STATION) -> DrawCeremony:
    """Draw a whole ceremony, in which one party does not open."""
    return hold(prepared(competition, by, layer=layer), by)


def hold(ceremony: DrawCeremony, by: Account) -> DrawCeremony:
    """Hold it from the seals to the places; one party does not open."""
    parties = seal_and_publish(ceremony, by)
    hand_in(ceremony, parties[0], by)
    fix_openings(ceremony, by)
    hand_in(ceremony, parties[-1], by)
    return ceremony


def end(ceremony: DrawCeremony, why: str, by: Account) -> None:
    """End a draw: one asks, and a second agrees where that is wanted."""
    end_draw(ceremony, why, by)
    if ceremony.waits_to_end:
        second = create_account("监督乙二")
        grant_role(second, ceremony.event.competition, Role.SUPERVISOR)
        agree_end(ceremony, second)
