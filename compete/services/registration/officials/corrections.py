"""An official's misspelt name or wrong unit put right; another person is a replacement instead."""

from __future__ import annotations

from compete.domain.values.messages import msg
from compete.domain.values.states import CompetitionState
from compete.models import Account, Competition, Judge, Unit
from compete.services.accounts.accounts import known_account_of
from compete.services.directory.person_records import connect_people
from compete.services.kernel import audit
from compete.services.kernel.refusal import Refused, invalid
from compete.services.kernel.text_limits import check_text, reason_text
from compete.services.kernel.transactions import for_update, unit_of_work
from compete.services.registration.officials.new_officials import checked_official_name, unit_named
from compete.services.registration.people_seals import seal_people
from compete.sheets.registration.cells import LONGEST_CALLED


def correct_official(
    judge: Judge,
    name: str,
    unit: Unit | None,
    reason: str,
    by: Account,
    *,
    other: str | None = None,
) -> bool:
    """Write the right name and unit, and say whether anything was another.

    `other` is a unit that takes no part, empty for none; None leaves it as it is. One that
    takes part under that name is the unit itself.

    What was signed keeps the name it was signed by. The account is called by the new name
    where it had the old one. Raises `Refused` (INVALID) without a name, with one that is too
    long, with a unit of another competition, with two units, and without a reason once judging
    has begun; (CONFLICT) once the competition is over.
    """
    name, reason = checked_official_name(name), reason_text(reason)
    with unit_of_work() as session:
        competition = for_update(session.get_one(Competition, judge.competition_id))
        session.refresh(judge)
        if unit is not None and unit.competition_id != competition.id:
            raise invalid(msg("名单里没有这个单位"))
        if competition.state is CompetitionState.FINAL:
            raise Refused(msg("竞赛已经结束，不再更正"))
        if not reason and competition.state is not CompetitionState.REGISTERING:
            raise invalid(msg("评分开始以后更正要写理由"))
        before = _told(judge)
        account = known_account_of(judge)
        if account is not None and account.username is None and account.name == judge.name:
            account.name = name
        had = str((judge.extra or {}).get("unit_name", ""))
        elsewhere = had if other is None else " ".join(other.split())
        if elsewhere != had:
            check_text(elsewhere, LONGEST_CALLED)
        if unit is not None and elsewhere != had:
            said = msg("单位选了名单里的，又写了“%(unit)s”，只能有一个", unit=elsewhere)
            raise invalid(said)
        unit = unit or unit_named(competition, elsewhere)
        judge.name, judge.unit = name, unit
        extra = {key: it for key, it in (judge.extra or {}).items() if key != "unit_name"}
        if unit is None and elsewhere:
            extra["unit_name"] = elsewhere
        judge.extra = extra or None
        session.flush()
        after = _told(judge)
        if before == after:
            return False
        connect_people(competition, by, [judge])
        audit.record(
            competition,
            by,
            "judge.correct",
            judge.code,
            before=before,
            after={**after, "people": seal_people(competition, ())},
            reason=reason or None,
        )
    return True


def _told(judge: Judge) -> dict[str, str]:
    return {"name": judge.name, "unit": judge.unit_name}
