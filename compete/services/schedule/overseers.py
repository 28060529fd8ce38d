"""Who oversees which session (督导): set by session, and kept as a session is moved."""

from __future__ import annotations

from datetime import date

from compete.domain.values.messages import Message, msg
from compete.domain.values.roles import Role
from compete.domain.values.states import CompetitionState
from compete.models import Account, Competition, Judge
from compete.services.kernel import audit
from compete.services.kernel.competition_settings import change_settings, settings_of
from compete.services.kernel.refusal import invalid, refuse_if
from compete.services.kernel.transactions import changing

OVERSEERS_SET = "plan.oversee"


def session_key(day: date, name: str) -> str:
    """The key of a session in settings and forms."""
    return f"{day.isoformat()}|{name}"


def why_plan_closed(competition: Competition) -> Message | None:
    """Say why nobody's seat is changed by the plan any more; None until marks are locked."""
    if competition.state in (CompetitionState.REGISTERING, CompetitionState.JUDGING):
        return None
    return msg("评分已经锁定，座位不能再改")


def overseers_offered(competition: Competition) -> list[Judge]:
    """The officials who may oversee sessions, by their codes."""
    return [judge for judge in competition.judges if judge.role is Role.SUPERVISOR]


def set_overseer(competition: Competition, session: str, code: str, by: Account) -> bool:
    """Let a supervisor oversee a session, or, without a code, nobody; True if anything changed.

    Raises `Refused` (INVALID) for a session or somebody that there is not.
    """
    with changing(competition) as competition:
        refuse_if(why_plan_closed(competition))
        known = {judge.code: judge for judge in overseers_offered(competition)}
        if code and code not in known:
            raise invalid(msg("先选谁督导"))
        day, _bar, name = session.partition("|")
        if not name:
            raise invalid(msg("先选哪一场"))
        before = dict(settings_of(competition).overseers)
        wanted = {key: it for key, it in before.items() if key != session}
        if code:
            wanted[session] = (code,)
        if wanted == before:
            return False
        change_settings(competition, overseers=wanted or None)
        after = {"session": name, "day": day, "name": known[code].name if code else ""}
        audit.record(competition, by, OVERSEERS_SET, competition.code, after=after)
    return True


def overseers_follow(competition: Competition, old: str, new: str, *, stays: bool) -> None:
    """Let whoever oversees a session oversee it on its new day; inside a unit of work.

    `stays`: the session is held on its old day too, by others. Who oversees the new one already
    goes on with it.
    """
    before = dict(settings_of(competition).overseers)
    if old == new or old not in before:
        return
    wanted = {new: before[old]} | before
    if not stays:
        del wanted[old]
    change_settings(competition, overseers=wanted)
