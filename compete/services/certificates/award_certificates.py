"""Award certificates: for what the latest publication says was won."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from compete.domain import Bundle
from compete.domain.bundle import AwardRow, EventResults
from compete.domain.values import msg
from compete.models import Account, Certificate, Competition, Entrant, Team, db
from compete.services.certificates.gate import check_issue
from compete.services.certificates.numbers import next_number
from compete.services.certificates.rows import new_certificate
from compete.services.kernel import Refused, audit, for_update, local_today, unit_of_work
from compete.services.publication import latest_publication, read_snapshot, seal_certificate


@dataclass(frozen=True)
class _Pending:
    """A certificate that is due: its face and whose it is."""

    face: dict[str, Any]
    entrant: Entrant | None
    team: Team | None


def issue_award_certificates(
    competition: Competition, by: Account, reason: str = ""
) -> list[Certificate]:
    """A certificate for every award and honour that has none yet, in the published order.

    `reason` says why, where the notice still runs. Raises `Refused` where
    `check_issue` does, and where nothing is due.
    """
    with unit_of_work() as session:
        competition = for_update(competition)
        why = check_issue(competition, reason)
        pending = _pending(competition)
        if not pending:
            raise Refused(msg("该发的获奖证书都已经发了"))
        issued = []
        for award in pending:
            year = competition.year or local_today().year
            issued.append(
                new_certificate(
                    "award",
                    f"〔{year}〕第{next_number(f'award/{year}'):03d}号",
                    competition,
                    award.face,
                    entrant=award.entrant,
                    team_id=award.team.id if award.team else None,
                    on=local_today(),
                )
            )
        session.flush()
        audit.record(
            competition,
            by,
            "certificate.issue_awards",
            competition.code,
            after={
                "numbers": [certificate.number for certificate in issued],
                "seals": [seal_certificate(certificate) for certificate in issued],
            },
            reason=why,
        )
    return issued


def unissued_awards(competition: Competition) -> int:
    """How many award certificates are due; what was revoked is not due again."""
    return len(_pending(competition))


def _pending(competition: Competition) -> list[_Pending]:
    publication = latest_publication(competition)
    if publication is None:
        raise Refused(msg("成绩还没公布，不能发证"))
    bundle, results = read_snapshot(publication)
    there = {
        (c.subject, c.face["award"], c.face.get("item"))
        for c in db.session.scalars(
            select(Certificate).where(
                Certificate.competition_id == competition.id,
                Certificate.kind == "award",
            )
        )
    }
    people = {
        entrant.code: entrant
        for entrant in db.session.scalars(
            select(Entrant).where(Entrant.competition_id == competition.id)
        )
    }
    teams = {
        team.code: team
        for team in db.session.scalars(select(Team).where(Team.competition_id == competition.id))
    }
    pending = []
    for event in results.events:
        for face, entrant_code, team_code in _faces(bundle, event):
            entrant, team = people.get(entrant_code or ""), teams.get(team_code or "")
            holder = entrant or team
            if holder is None:
                continue
            subject = entrant.code if entrant else holder.name
            if (subject, face["award"], face.get("item")) in there:
                continue
            counting = face.pop("counting", ())
            if counting:
                face["members"] = [people[member].name for member in counting if member in people]
            face |= {
                "name": holder.name,
                "unit": holder.unit.name,
                "competition": competition.name,
            }
            pending.append(_Pending(face, entrant, team))
    return pending


def _faces(
    bundle: Bundle, event: EventResults
) -> list[tuple[dict[str, Any], str | None, str | None]]:
    rules = next(e for e in bundle.events if e.code == event.code)
    names = {award.code: award.name for award in rules.awards}
    items = {item.code: item.name for item in rules.items}
    standings = {row.entrant: row for row in event.standings}
    team_rows = {row.team: row for row in event.teams or ()}
    faces: list[tuple[dict[str, Any], str | None, str | None]] = []
    for row in event.awards or ():
        face: dict[str, Any] = {"award": names[row.award], "event": rules.name}
        _add_place(face, row, event, standings, team_rows, items)
        faces.append((face, row.entrant, row.team))
    for honour in event.honours or ():
        place = standings[honour.entrant]
        faces.append(
            (
                {
                    "award": honour.title,
                    "honour": True,
                    "event": rules.name,
                    "rank": place.rank,
                    "total": place.total,
                },
                honour.entrant,
                None,
            )
        )
    return faces


def _add_place(
    face: dict[str, Any],
    row: AwardRow,
    event: EventResults,
    standings: dict[str, Any],
    team_rows: dict[str, Any],
    items: dict[str, str],
) -> None:
    if row.team:
        team = team_rows[row.team]
        face |= {"rank": team.rank, "total": team.total, "counting": team.members}
    elif row.item:
        place = next(
            item_row
            for ranking in event.items or ()
            if ranking.item == row.item
            for item_row in ranking.standings
            if item_row.entrant == row.entrant
        )
        face |= {"item": items[row.item], "rank": place.rank, "total": place.score}
    else:
        place = standings[row.entrant or ""]
        face |= {"rank": place.rank, "total": place.total}
