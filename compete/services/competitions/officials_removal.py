"""An official who was added by mistake taken off the list, while nothing hangs on them."""

from __future__ import annotations

from collections.abc import Collection

from compete.domain.values.messages import Message, msg
from compete.domain.values.roles import ROLE_WORDS
from compete.domain.values.states import CompetitionState
from compete.models import Account, Competition, Judge, db
from compete.services.kernel import audit
from compete.services.kernel.competition_settings import Coding, settings_of
from compete.services.kernel.refusal import Refused
from compete.services.kernel.row_references import tables_naming
from compete.services.kernel.transactions import for_update, unit_of_work
from compete.services.registration.people_seals import seal_people


def why_official_stays(judge: Judge) -> Message | None:
    """Say why the official cannot be taken off the list, or None."""
    if db.session.get_one(Competition, judge.competition_id).state is CompetitionState.FINAL:
        return msg("竞赛已经结束，不再改名单")
    if tables_naming(judge):
        return msg("他有登录卡、分工、回避关系或者评分记录，不能删；换了人，用“换人”")
    # The code is free again, and whoever got it next would keep them.
    if any(judge.code in coding.keepers for coding in _coding(judge)):
        return msg("他保管加密号，不能删；先在“加密号”页换一个加密裁判")
    return None


def _coding(judge: Judge) -> Collection[Coding]:
    return settings_of(db.session.get_one(Competition, judge.competition_id)).coding.values()


def remove_official(judge: Judge, by: Account) -> None:
    """Take the official off the list; the code is free again. Raises `Refused` where they stay."""
    with unit_of_work() as session:
        competition = for_update(session.get_one(Competition, judge.competition_id))
        session.refresh(judge)
        if why := why_official_stays(judge):
            raise Refused(why)
        code, name = judge.code, judge.name
        role = str(ROLE_WORDS[judge.role]) if judge.role else ""
        session.delete(judge)
        session.flush()
        session.refresh(competition, ["judges"])
        before = {"name": name, "role": role}
        after = {"name": name, "people": seal_people(competition, ())}
        audit.record(competition, by, "judge.remove", code, before=before, after=after)
