"""Announced competitions: taken on from judging: locked, published, certified."""

from __future__ import annotations

from datetime import timedelta

from compete.domain.values.roles import Role
from compete.domain.values.states import GradeState
from compete.models import (
    Account,
    Competition,
    IssuingBody,
    Publication,
    ResultStand,
    db,
    utc_now,
)
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.awards.external_awards import agree_own, ask_own
from compete.services.certificates.issuing_bodies import create_body
from compete.services.closing.approving_jobs import agree_to_approval, asked_approvals
from compete.services.closing.competition_lock import lock_marks, unlock_marks
from compete.services.closing.grade_approval_gate import two_approve
from compete.services.closing.grade_proposals import decide_grades, grade_decisions_of
from compete.services.closing.module_locks import ask_unlock, confirm_unlock
from compete.services.kernel.event_rules import rules_of
from compete.services.kernel.publications import latest_publication
from compete.services.kernel.transactions import unit_of_work
from compete.services.results.publishing import publish
from compete.services.sheets.locks_in_force import standing_locks
from tests.support.begun import copied
from tests.support.signing_in import official


def plain(competition: Competition) -> None:
    """Ask for neither signatures nor a re-check, and let certificates go out at once."""
    with unit_of_work():
        competition.settings = competition.settings | {
            "recheck": {"required": False},
            "must_sign": False,
            "certify_early": True,
        }


def lock(competition: Competition, by: Account) -> None:
    """Lock marks, without signatures and without a re-check."""
    plain(competition)
    lock_marks(competition, by)


def announce(competition: Competition, by: Account, note: str = "") -> Publication:
    """Lock and publish."""

    def make() -> None:
        lock(competition, by)
        publish(competition, by, note)

    copied(f"announce {competition.id} {by.id} {note}", make)
    published = latest_publication(competition)
    assert published is not None
    return published


def reopen(competition: Competition, by: Account) -> None:
    """Open marks again: the competition by one person, its modules by two."""
    unlock_marks(competition, "录错一张", by)
    second = create_account("第二个人")
    grant_role(second, competition, Role.ORGANISER, by=by)
    for lock in standing_locks(competition):
        ask_unlock(lock, "录错一张", by)
        confirm_unlock(lock, second)


def end_appeals(competition: Competition) -> None:
    """End the time to appeal against what is announced, a minute ago."""
    published = latest_publication(competition)
    assert published is not None
    with unit_of_work():
        published.appeals_until = utc_now() - timedelta(minutes=1)


def end_notice(competition: Competition) -> None:
    """End the notice of each event, and the time to appeal."""
    end_appeals(competition)
    with unit_of_work():
        for row in db.session.query(ResultStand).filter_by(competition_id=competition.id):
            row.notice_until = utc_now() - timedelta(minutes=1)


def announce_again(competition: Competition, by: Account, note: str = "") -> Publication:
    """Open, lock and publish marks once more."""
    reopen(competition, by)
    lock_marks(competition, by)
    return publish(competition, by, note)


def approve_all(competition: Competition, by: Account) -> list[str]:
    """Approve every proposed grade; return the codes."""
    codes = [
        decision.person.code
        for decision in grade_decisions_of(competition)
        if decision.state is GradeState.PROPOSED
    ]
    approve(competition, codes, by)
    return codes


def approve(competition: Competition, codes: list[str], by: Account) -> int:
    """Approve these people's grades; where two approve, another agrees."""
    count = decide_grades(competition, codes, GradeState.APPROVED, by)
    return agree_to_grades(competition) if two_approve(competition) else count


def agree_to_grades(competition: Competition) -> int:
    """Let somebody else agree to every grade that is asked to be approved; of how many."""
    second = create_account("另一个人")
    grant_role(second, competition, Role.ORGANISER)
    agreed = [agree_to_approval(asked, second) for asked in asked_approvals(competition)]
    return sum(count for count in agreed if isinstance(count, int))


def body_for(competition: Competition, *, grades: tuple[int, ...] = (5, 4, 3, 2, 1)) -> IssuingBody:
    """File an issuing body for the competition's occupations at these grades."""
    occupations = [rules_of(event).occupation for event in competition.events]
    return create_body(
        name=f"评价机构{grades}",
        kind="Y",
        body_code="0000",
        province="32",
        site="000123",
        phone=None,
        scope=[
            {"code": occupation.code, "name": occupation.name, "grades": list(grades)}
            for occupation in occupations
            if occupation is not None
        ],
        by=None,
    )


def give_as_own(competition: Competition, title: str, by: Account) -> None:
    """Give an honour as the organiser's own by two persons, whatever its name."""
    reason = "省厅授权组委会授予"
    ask_own(competition, title, reason, by)
    agree_own(competition, title, reason, official(competition, "S1"))
