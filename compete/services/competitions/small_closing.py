"""A small contest goes out: published with its certificates, and corrected by one person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from compete.domain.values.messages import msg
from compete.domain.values.rights import Right
from compete.domain.values.states import CompetitionState
from compete.models import Account, Certificate, Competition
from compete.services.accounts.access import may
from compete.services.certificates.award_certificates import awards_due, issue_award_certificates
from compete.services.certificates.settling import settle_as_given
from compete.services.closing.competition_lock import lock_marks, unlock_marks
from compete.services.closing.module_locks import open_alone
from compete.services.closing.typed_marks import TypedSheet, half_absent, type_marks, why_not_typed
from compete.services.kernel.competition_settings import settings_of
from compete.services.kernel.refusal import Refusal, Refused, invalid
from compete.services.kernel.transactions import changing
from compete.services.log.sequencing import then_logged
from compete.services.results.consequences import UNSETTLED, consequences_of
from compete.services.results.publishing import publish
from compete.services.results.result_moves import final_blockers, make_final
from compete.services.results.result_stands import stand_of
from compete.services.results.snapshots import latest_publication
from compete.services.results.version_notes import check_nobody_named

_ANNOUNCED = (CompetitionState.NOTICE, CompetitionState.FINAL)


@dataclass(frozen=True, slots=True)
class Finished:
    """The results of finishing: the version's number, certificates issued, and how many ended."""

    version: int
    issued: Sequence[Certificate]
    withdrawn: int


@then_logged
def finish_small_contest(
    competition: Competition, by: Account, note: str = "", *, absent: bool = False
) -> Finished:
    """Lock the marks, publish them, certify what was won: whatever of it is not done yet.

    Results are final where neither notice nor appeals are wanted. Of an earlier version's
    certificates those that do not follow any more are withdrawn or replaced.
    Raises `Refused` naming what is missing, and who is 缺考 in spite of marks until `absent`
    says that it is so.
    """
    with changing(competition) as competition:
        both = half_absent(competition.events[0])
        if competition.state not in _ANNOUNCED and both and not absent:
            raise Refused(
                msg("%(name)s有裁判给了分，又写了缺考：勾上“按缺考算”，或先改", name=both[0].name)
            )
        if competition.state is CompetitionState.JUDGING:
            lock_marks(competition, by)
        if competition.state is CompetitionState.LOCKED:
            publish(competition, by, note)
        event = competition.events[0]
        if not stand_of(event).stands and not final_blockers(event):
            make_final(event, by)
        rows = [row for row in consequences_of(competition) if row.state in UNSETTLED]
        withdrawn = sum(row.certificate is not None for row in rows)
        if rows:
            settle_as_given(rows, by, note)
        issued = issue_award_certificates(competition, by) if any(awards_due(competition)) else []
        publication = latest_publication(competition)
        return Finished(publication.version if publication else 0, issued, withdrawn)


def corrects_alone(competition: Competition, by: Account) -> bool:
    """True if this person alone corrects what is published: in a small contest without grades."""
    return (
        settings_of(competition).small
        and may(by, competition, Right.PUBLISH)
        and why_not_typed(competition.events[0], by) is None
        and latest_publication(competition) is not None
    )


@then_logged
def correct_small_contest(
    competition: Competition,
    rows: Sequence[TypedSheet],
    *,
    reason: str,
    evidence: str,
    by: Account,
) -> Finished:
    """Correct what is published and publish the next version, all or none, by one person.

    Both versions stay. No grade hangs on these marks; where one does, two people open them.
    Raises `Refused` as `type_marks`, where the reason names somebody whom pages mask, and
    (FORBIDDEN) for who does not publish.
    """
    if not may(by, competition, Right.PUBLISH):
        raise Refused(msg("公布以后由组委会更正"), kind=Refusal.FORBIDDEN)
    if not reason.strip():
        raise invalid(msg("写上为什么更正，谁都看得到"))
    check_nobody_named(competition, reason)
    with changing(competition) as competition:
        before = latest_publication(competition)
        if before is None or not settings_of(competition).small:
            raise Refused(msg("还没公布，直接改"))
        number = before.version
        if competition.state is not CompetitionState.JUDGING:
            unlock_marks(competition, reason, by, correction=number)
        open_alone(competition, reason, by)
        type_marks(
            competition.events[0],
            rows,
            reason=reason,
            evidence=evidence,
            by=by,
            over=True,
            correction=number,
        )
        return finish_small_contest(competition, by, reason, absent=True)
