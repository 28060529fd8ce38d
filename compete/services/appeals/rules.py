"""Rules of appeals in a competition, set by its organisers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import msgspec

from compete.domain.values.messages import msg
from compete.domain.values.rights import Right
from compete.domain.values.roles import Role
from compete.domain.values.states import AppealState, CompetitionState
from compete.models import Account, Competition, utc_now
from compete.services.accounts.second_persons import two_persons_from
from compete.services.appeals.appeal_states import appeals_of, open_appeals
from compete.services.appeals.evidence import files_until
from compete.services.kernel import audit
from compete.services.kernel.clock import moment_words
from compete.services.kernel.competition_settings import AppealRules, change_settings, settings_of
from compete.services.kernel.fields import faults_in, settled_fault, steps_of, take_two
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import changing

_MAY_STILL = (CompetitionState.REGISTERING, CompetitionState.JUDGING)


def set_appeal_rules(competition: Competition, wanted: AppealRules, by: Account) -> None:
    """Set them; deadlines that are given already stay.

    Raises `Refused` (INVALID); (CONFLICT) for fewer arbiters while an appeal is open, for a
    shorter time or more that cannot be appealed once judging has begun, and for any other
    beginning of it once the marks are locked.
    """
    check_appeal_rules(wanted)
    with changing(competition) as competition:
        before = settings_of(competition).appeals
        if before == wanted:
            return
        if fault := settled_fault(before, wanted, steps_of(competition)):
            raise fault
        _refuse_what_helps_one(competition, before, wanted)
        change_settings(competition, appeals=wanted)
        audit.record(
            competition,
            by,
            "appeal.rules",
            competition.code,
            before=msgspec.to_builtins(before),
            after=msgspec.to_builtins(wanted),
        )


def check_appeal_rules(wanted: AppealRules) -> None:
    """Check the rules of appeals. Raises `Refused` (INVALID) for what cannot be."""
    for fault in faults_in(wanted):
        raise fault


def takes_two(competition: Competition, wanted: AppealRules) -> tuple[str, ...]:
    """The names of those wanted rules that would take a right to object away while judging runs."""
    return take_two(settings_of(competition).appeals, wanted, steps_of(competition))


def _refuse_what_helps_one(
    competition: Competition, before: AppealRules, wanted: AppealRules
) -> None:
    """Refuse to change rules that two persons have to decide while they are being decided."""
    if wanted.arbiters < before.arbiters and open_appeals(competition, None):
        raise Refused(msg("还有申诉没有了结，不能改成更少的仲裁同意就算"))
    if wanted.file_minutes < before.file_minutes and (until := _files_follow(competition)):
        raise Refused(
            msg("有申诉的文件可以跟到 %(at)s，过了再改短", at=moment_words(until)),
        )
    if wanted.since != before.since and competition.state not in _MAY_STILL:
        raise Refused(msg("评分已经锁定，申诉从什么时候起不能再改"))
    if takes_two(competition, wanted):
        raise Refused(msg("评分已经开始，少受理、提请时间变短要两个人定"))
    begun = competition.state is not CompetitionState.REGISTERING
    if begun and wanted.since not in (before.since, "either"):
        raise Refused(msg("评分已经开始，申诉从什么时候起只能改成较晚的那个"))


def _files_follow(competition: Competition) -> datetime | None:
    """The time until which files may follow an appeal that came in; None if none may."""
    ends = [
        files_until(appeal)
        for appeal in appeals_of(competition)
        if appeal.state is AppealState.FILED
    ]
    return max((end for end in ends if end > utc_now()), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arbiters:
    """The arbiters: the number who must agree in the first instance, who there is, and from when.

    `able_from` is None while too few have a card; `head` says whether somebody decides in the
    second instance.
    """

    needed: int
    there: int
    able_from: datetime | None
    head: bool

    @property
    def able(self) -> bool:
        """True if an appeal that comes in now can be decided now."""
        return self.able_from is not None and self.able_from <= utc_now()


def arbiters_of(competition: Competition) -> Arbiters:
    """The arbiters as they are now."""
    needed = settings_of(competition).appeals.arbiters
    roles = [judge.role for judge in competition.judges]
    return Arbiters(
        needed=needed,
        there=roles.count(Role.ARBITER),
        able_from=two_persons_from(competition, Right.FIRST_WORD, of=needed),
        head=Role.HEAD_ARBITER in roles,
    )
