"""Computer draws (电脑随机抽): the server keeps every share, and one press draws.

Its file is like every other: the seals go out with the list before anything is drawn, and the
shares with the result. That the server chose before it knew the list rests on the server alone.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from compete.domain.ceremonies.holding import seal_share
from compete.domain.values.messages import msg
from compete.domain.values.states import CeremonyState
from compete.models import Account, DrawCeremony, DrawShare, Event, db
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import changing
from compete.services.schedule.double_bookings import refuse_met
from compete.services.schedule.draw_ceremonies import (
    add_seal,
    discard_draw,
    fix_openings,
    latest_ceremony,
    open_party,
    prepare_draw,
    publish_head,
)
from compete.services.schedule.draw_files import STATION
from compete.services.schedule.draw_lists import PlaceList

_RANDOM = 16
"""Bytes of a key, and of a share."""


def seal_list(
    event: Event,
    stage: str,
    module: str,
    *,
    name: str,
    places: PlaceList,
    rule: Mapping[str, Any],
    by: Account,
    layer: str = STATION,
    why: str = "",
) -> DrawCeremony:
    """Seal the list (封存名单): list, places, rule and server's seals are out, nothing is drawn.

    Raises `Refused` as `prepare_draw` does.
    """
    with changing(event.competition):
        last = latest_ceremony(event, stage, module)
        if last is not None and last.state is CeremonyState.PREPARING and last.by_computer:
            discard_draw(last, by)
        ceremony = prepare_draw(
            event,
            stage,
            module,
            name=name,
            places=places,
            rule=rule,
            by=by,
            layer=layer,
            why=why,
        )
        for party, spare in ((msg("电脑一"), 0), (msg("电脑二"), 0), (msg("电脑备签"), 1)):
            own = seal_share(
                ceremony.name,
                ceremony.number,
                party.render(),
                secrets.token_hex(_RANDOM),
                secrets.token_bytes(_RANDOM),
            )
            kept = f"{own.key}\n{own.share}"
            add_seal(ceremony, own.name, own.seal, spare=bool(spare), by=by, kept=kept)
            db.session.refresh(ceremony)
    publish_head(ceremony, by)
    return ceremony


def draw_now(ceremony: DrawCeremony, by: Account) -> None:
    """Draw now (现在抽): the server opens its shares in their order, and everybody has a place.

    Each step is stored and logged before the next; what broke off is gone on with. Raises
    `Refused` for a ceremony of parties, and once it is drawn.
    """
    db.session.refresh(ceremony)
    if not ceremony.by_computer:
        raise Refused(msg("这一次是当众封签的，由各方拆签"))
    if ceremony.end_asked:
        raise Refused(msg("已经提了作废，等另一个人同意"))
    if ceremony.state not in (CeremonyState.OPENING, CeremonyState.FIXED):
        raise Refused(msg("抽签已经走到下一步了，刷新看看"))
    if ceremony.state is CeremonyState.OPENING:
        refuse_met(ceremony)
    for share in list(ceremony.shares):
        if not share.spare and share.opened_at is None:
            _open(ceremony, share, by)
    if ceremony.state is CeremonyState.OPENING:
        fix_openings(ceremony, by)
    _open(ceremony, next(share for share in ceremony.shares if share.spare), by)


def _open(ceremony: DrawCeremony, share: DrawShare, by: Account) -> None:
    key, _line, text = (share.kept or "").partition("\n")
    opened = open_party(ceremony, share.name, text, key, by)
    if opened.why is not None:
        raise Refused(opened.why)
