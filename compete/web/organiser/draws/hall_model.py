"""The big screen of a draw in words: its steps, the shares, and all places with their people."""

from __future__ import annotations

from flask_babel import gettext as _

from compete.domain.ceremonies import Place, Placed
from compete.domain.values import CeremonyState, hash_phrase
from compete.models import DrawCeremony, DrawShare, utc_now
from compete.services.kernel import module_title
from compete.services.schedule import published_file
from compete.web.organiser.draws.hall_shapes import HallPlace, HallScreen, HallShare, HallTurn
from compete.web.organiser.draws.view_model import (
    ceremony_url,
    check_url,
    ended_words,
    hashes_of,
    people_of,
    rule_words,
    starts_at,
    steps_of,
)
from compete.web.templating import clock, day, zone

_S = CeremonyState
_NAMED = 6
_SHARE_SHOWN = 60


def describe_screen(ceremony: DrawCeremony) -> HallScreen:
    """The screen as it is now; who got which place is in it once the spare is opened."""
    file = published_file(ceremony)
    drawn = {row.place: row for row in file.draws[0].result} if file else {}
    if ceremony.state in (_S.VOID, _S.ENDED):
        drawn = {}
    filled = [Place(**place) for place in ceremony.places[: len(ceremony.people)]]
    stations = list(dict.fromkeys(place.line or "" for place in filled))
    places = _places(ceremony, filled, stations, drawn)
    now = utc_now().astimezone(zone())
    units = {person["unit"] for person in ceremony.people}
    return HallScreen(
        key=f"draw-{ceremony.id}-{(ceremony.head or '')[:12]}",
        competition=ceremony.event.competition.name,
        title=module_title(ceremony.event, ceremony.stage, ceremony.module),
        note=_(
            "%(people)s 人、%(units)s 个单位、%(stations)s 个工位。"
            "种子由各方的签合成，谁也不能单独定",
            people=len(ceremony.people),
            units=len(units),
            stations=len(stations),
        ),
        day=day(now),
        seconds=now.hour * 3600 + now.minute * 60 + now.second,
        phase=ceremony.state.value,
        steps=steps_of(ceremony),
        hashes=hashes_of(ceremony, file),
        shares=[_share(ceremony, share) for share in ceremony.shares],
        stations=stations,
        turns=_turns(ceremony, filled),
        places=places,
        rule=rule_words(ceremony),
        adjusted=_adjusted(places, list(file.draws[0].unmet) if file and drawn else []),
        ended=ended_words(ceremony),
        check_url=check_url(ceremony),
        data_url=ceremony_url(ceremony, "hall/data"),
    )


def _share(ceremony: DrawCeremony, share: DrawShare) -> HallShare:
    closed = share.opened_at is None
    over = (_S.DRAWN, _S.VOID, _S.ENDED)
    return HallShare(
        name=share.name,
        spare=share.spare,
        words=hash_phrase(bytes.fromhex(share.seal)),
        share=_clipped(share.share),
        time=clock(share.opened_at) if share.opened_at else "",
        refused=closed and share.refused_at is not None,
        missed=closed and ceremony.state in (over if share.spare else (*over, _S.FIXED)),
    )


def _clipped(share: str | None) -> str | None:
    """What fits beside the others; the whole of it stands in the file."""
    return f"{share[:_SHARE_SHOWN]}…" if share and len(share) > _SHARE_SHOWN else share


def _turns(ceremony: DrawCeremony, places: list[Place]) -> list[HallTurn]:
    """One row for each turn; the session stands where it begins."""
    turns: list[HallTurn] = []
    last_order, last_session, number = None, None, 0
    for place in places:
        if place.order == last_order:
            continue
        begins = place.session != last_session
        number = 1 if begins else number + 1
        turns.append(
            HallTurn(
                session=place.session or "" if begins else "",
                time=starts_at(ceremony, place.code) if begins else "",
                number=number,
            )
        )
        last_order, last_session = place.order, place.session
    return turns


def _places(
    ceremony: DrawCeremony, places: list[Place], stations: list[str], drawn: dict[str, Placed]
) -> list[HallPlace]:
    people = people_of(ceremony) if drawn else {}
    orders = {order: row for row, order in enumerate(dict.fromkeys(p.order for p in places), 1)}
    numbers: dict[str | None, dict[int | None, int]] = {}
    found = []
    for place in places:
        turns = numbers.setdefault(place.session, {})
        turn = turns.setdefault(place.order, len(turns) + 1)
        row = drawn.get(place.code)
        person = people.get(row.code) if row else None
        found.append(
            HallPlace(
                code=place.code,
                column=stations.index(place.line or "") + 1,
                row=orders[place.order],
                station=place.line or place.code,
                where=_("%(session)s第 %(n)s 个", session=place.session, n=turn),
                time=starts_at(ceremony, place.code),
                person=row.code if row else "",
                name=person.name if person else "",
                unit=person.unit.name if person else "",
                moved=bool(row and row.moved),
            )
        )
    return found


def _adjusted(places: list[HallPlace], unmet: list[str]) -> str:
    """Whom the rule moved, and where it could not be met."""
    if not any(place.person for place in places):
        return ""
    moved = [place.name or place.person for place in places if place.moved]
    said = _("已调 %(n)s 人", n=len(moved))
    if moved:
        named = _("、").join(moved[:_NAMED])
        said += _("：%(names)s 等", names=named) if len(moved) > _NAMED else f"：{named}"
    where = [place for place in places if place.code in unmet]
    if not where:
        return _("%(moved)s。没有做不到的", moved=said)
    return _(
        "%(moved)s。没做到的 %(n)s 处：%(places)s",
        moved=said,
        n=len(where),
        places=_("、").join(f"{place.station} {place.where}" for place in where[:_NAMED]),
    )
