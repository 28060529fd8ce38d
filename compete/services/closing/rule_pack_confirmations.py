"""Rule pack confirmations: what no file can show, confirmed before a grade is approved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select

from compete.domain.bundle.packs.kinds import GradePack
from compete.domain.bundle.packs.named import get_pack
from compete.domain.scoring.event_scorer import grade_rules_of
from compete.domain.values.messages import Message, msg
from compete.models import Account, Competition, Entrant, Event, db
from compete.services.kernel import audit
from compete.services.kernel.competition_settings import change_settings, settings_of
from compete.services.kernel.event_rules import rules_of
from compete.services.kernel.participants import takes_part
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.kernel.transactions import changing


@dataclass(frozen=True)
class PackQuestion:
    """A pack in use, what it presumes, and what the registration says about it."""

    pack: str
    title: str
    presumes: Message
    found: Message


def pack_questions(competition: Competition) -> list[PackQuestion]:
    """List what is still to be confirmed, one for each pack that presumes something."""
    confirmed = settings_of(competition).confirmed
    by_pack: dict[str, list[Event]] = {}
    for event in competition.events:
        for name in dict.fromkeys(pack for _code, pack in _rules_with_packs(event)):
            by_pack.setdefault(name, []).append(event)
    return [
        PackQuestion(name, pack.title, pack.presumes, _registered(events))
        for name, events in by_pack.items()
        if name not in confirmed
        and isinstance(pack := get_pack(name), GradePack)
        and pack.presumes is not None
    ]


def pack_of_rule(event: Event, rule: str) -> str | None:
    """The name of the pack that a grade rule of the event came from."""
    return next((pack for code, pack in _rules_with_packs(event) if code == rule), None)


def confirm_pack(competition: Competition, name: str, by: Account) -> None:
    """The organiser's word that it is as the pack presumes; it stands in the record."""
    with changing(competition) as competition:
        asked = next(
            (question for question in pack_questions(competition) if question.pack == name), None
        )
        if asked is None:
            raise Refused(msg("没有要确认的了，请刷新"))
        change_settings(competition, confirmed=[*settings_of(competition).confirmed, name])
        after = {"pack": name, "presumes": str(asked.presumes), "found": str(asked.found)}
        audit.record(competition, by, "grade.confirm_pack", asked.title, after=after)


def require_confirmed(competition: Competition, rules: Iterator[tuple[Event, str]]) -> None:
    """Require that the packs are confirmed by which a grade would be approved; else `Refused`."""
    asked = {question.pack: question for question in pack_questions(competition)}
    for event, rule in rules if asked else ():
        question = asked.get(pack_of_rule(event, rule) or "")
        if question is not None:
            raise Refused(
                msg("批准以前先确认：%(what)s", what=question.presumes), kind=Refusal.CONFLICT
            )


def _rules_with_packs(event: Event) -> Iterator[tuple[str, str]]:
    for rule in grade_rules_of(rules_of(event)):
        name = (rule.extra or {}).get("pack")
        if isinstance(name, str) and _is_known(name):
            yield rule.code, name


def _is_known(name: str) -> bool:
    try:
        get_pack(name)
    except KeyError:
        return False
    return True


def _registered(events: list[Event]) -> Message:
    """Say how many people and teams are registered, and how many teams have more than one."""
    rows = db.session.scalars(
        select(Entrant.team_id).where(
            Entrant.event_id.in_([event.id for event in events]), takes_part()
        )
    ).all()
    teams = Counter(team for team in rows if team is not None)
    return msg(
        "登记了 %(people)s 人、%(teams)s 个队；不止一人的队 %(several)s 个，没有写队的 %(bare)s 人",
        people=len(rows),
        teams=len(teams),
        several=sum(count > 1 for count in teams.values()),
        bare=sum(team is None for team in rows),
    )
