"""Kept prizes: the count of holders once two have kept what a version gives to another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import select

from compete.domain.awards.won import won_in
from compete.domain.values.messages import Message, msg
from compete.domain.values.states import CertificateState, ConsequenceState
from compete.models import Certificate, Competition, Consequence, Entrant, Team, db
from compete.services.certificates.award_certificates import Holder, rows_by_code, withdrawn_in
from compete.services.kernel.publications import latest_publication
from compete.services.kernel.versions import remembered_beside_check_ins
from compete.services.results.snapshots import read_snapshot

_V = CertificateState


class Prize(NamedTuple):
    """An award of an event, or of one of its items, whoever has it."""

    event: str
    item: str | None
    award: str


@dataclass(frozen=True)
class PrizeHolders:
    """A prize that more or fewer hold than the version in force gives it to."""

    prize: Prize
    version: int
    given: int
    holding: int
    lost: bool = False
    """True if the kept one was made void afterwards, and nothing came in its stead."""

    def words(self, *, with_event: bool) -> Message:
        """Say how many hold the prize: “二等奖”有 2 个得主的证书有效，第 2 版定的是 1 个."""
        event, item, award = self.prize
        name = " ".join(part for part in (event if with_event else None, item, award) if part)
        return msg(
            "“%(award)s”有 %(holding)s 个得主的证书有效，第 %(n)s 版定的是 %(given)s 个",
            award=name,
            holding=self.holding,
            n=self.version,
            given=self.given,
        )


def kept_prizes(competition: Competition, also: Consequence | None = None) -> list[PrizeHolders]:
    """List prizes of which kept certificates leave more or fewer than the version gives.

    Counted as they are once all that is due has gone out: by holder, a crew as one. With `also`
    as if that one were kept as well, and of its own prizes alone: what it would be, for whoever
    is about to keep it or to agree. A kept one that was made void afterwards leaves the prize in
    whose place it stood without its holder.
    """
    publication = latest_publication(competition)
    if publication is None or (also is not None and _prize_change(also) is None):
        return []
    rows = list(
        db.session.scalars(
            select(Consequence).where(
                Consequence.competition_id == competition.id,
                Consequence.kind == "award",
                Consequence.state == ConsequenceState.KEPT,
                Consequence.certificate_id.is_not(None),
            )
        )
    )
    if also is not None and also not in rows:
        rows.append(also)
    if not rows:
        return []
    given = _prize_holders(competition)
    valid, void = _certified(competition)
    holding = {prize: set(holders) - void.get(prize, set()) for prize, holders in given.items()}
    asked: set[Prize] = set()
    lost: set[Prize] = set()
    kept: list[tuple[Prize, Holder]] = []
    for row in rows:
        moved, old = _prize_change(row), row.certificate
        if moved is None or old is None:
            continue
        was, now = moved
        holder = old.entrant_id, old.team_id
        # Given anew under another number it is still kept. Made void since it is not, but what
        # the version gives in its place is not due by itself.
        if holder not in valid.get(was, ()):
            if now is not None and holder not in valid.get(now, ()):
                holding.get(now, set()).discard(holder)
                lost |= {now} if also in (None, row) else set()
            continue
        kept.append((was, holder))
        if row is also or also is None:
            asked |= {was} if now is None else {was, now}
        # Of a crew another member may have what this one's stands in the way of.
        if now is not None and old.member_id is None:
            holding.get(now, set()).discard(holder)
    for was, holder in kept:
        holding.setdefault(was, set()).add(holder)
    order = [*given, *holding.keys() - given.keys()]
    return [
        PrizeHolders(
            prize,
            publication.version,
            len(given.get(prize, ())),
            len(holding[prize]),
            lost=prize not in asked,
        )
        for prize in order
        if prize in asked | lost and len(holding[prize]) != len(given.get(prize, ()))
    ]


def _prize_change(row: Consequence) -> tuple[Prize, Prize | None] | None:
    """The prize of its certificate, and the one that the version gives or None."""
    old = row.certificate
    if row.kind != "award" or old is None or old.distinction_id is not None:
        return None
    event = old.face["event"]
    was = Prize(event, row.was.get("item"), row.was["award"])
    if row.now is None:
        return was, None
    return was, Prize(event, row.now.get("item"), row.now["award"])


def _prize_holders(competition: Competition) -> dict[Prize, set[Holder]]:
    """The holders to whom the version in force gives each prize, in the published order."""

    def find() -> dict[Prize, set[Holder]]:
        publication = latest_publication(competition)
        assert publication is not None
        bundle, results = read_snapshot(publication)
        people, teams = rows_by_code(competition, Entrant), rows_by_code(competition, Team)
        holders: dict[Prize, set[Holder]] = {}
        for event in results.events:
            for won in won_in(bundle, event):
                holder = people.get(won.entrant or ""), teams.get(won.team or "")
                holders.setdefault(Prize(won.event, won.item, won.award), set()).add(holder)
        return holders

    return remembered_beside_check_ins(competition, "to whom prizes go", find)


def _certified(
    competition: Competition,
) -> tuple[dict[Prize, set[Holder]], dict[Prize, set[Holder]]]:
    """The holders of a valid certificate of each prize, and of a void one that is not due again."""
    rows = db.session.execute(
        select(
            Certificate.id,
            Certificate.state,
            Certificate.entrant_id,
            Certificate.team_id,
            Certificate.face,
        ).where(
            Certificate.competition_id == competition.id,
            Certificate.kind == "award",
            Certificate.distinction_id.is_(None),
        )
    ).tuples()
    certificates = list(rows)
    withdrawn = set(db.session.scalars(withdrawn_in(competition)))
    valid = _by_prize(columns for _row, state, *columns in certificates if state is _V.VALID)
    void = _by_prize(
        columns
        for row, state, *columns in certificates
        if state is _V.REVOKED and row not in withdrawn
    )
    return valid, {prize: who - valid.get(prize, set()) for prize, who in void.items()}


def _by_prize(
    rows: Iterable[Sequence[Any]],
) -> dict[Prize, set[Holder]]:
    holders: dict[Prize, set[Holder]] = {}
    for entrant, team, face in rows:
        prize = Prize(face["event"], face.get("item"), face["award"])
        holders.setdefault(prize, set()).add((entrant, team))
    return holders
