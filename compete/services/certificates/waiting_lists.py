"""Waiting lists of certificates: what is due is counted, issued all or none, or by portions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from compete.domain.values.messages import Message
from compete.models import Account, Certificate, Competition, IssuingBody
from compete.services.awards.issuing_gate import check_issue
from compete.services.certificates.revocation_requests import end_given_again
from compete.services.certificates.rows import Entitled, issue
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import changing
from compete.services.log.sequencing import then_logged


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingList:
    """A table row for each list: what is due of it, how it is recorded, what it waits for."""

    kind: str
    """The kind of its certificates: `grade` or `award`."""
    job: str
    """The job by which many are issued."""
    of_results: bool
    """True if it rests on published results, and waits for them."""
    count: Callable[[Competition], int]
    due: Callable[[Competition, IssuingBody | None, int | None], Sequence[Entitled]]
    """What is due, in the order of its numbers; at most so many."""
    record: Callable[[Competition, Sequence[Certificate], Account, str | None], None]
    none_due: Message
    hindrance: Callable[[Competition, IssuingBody | None], Message | None] = lambda *_of: None
    """What keeps any of it from being issued."""

    def check(self, competition: Competition, reason: str, body: IssuingBody | None) -> str | None:
        """The reason as it is recorded. Raises `Refused` where nothing of it may be issued now."""
        why = check_issue(competition, reason) if self.of_results else None
        hindrance = self.hindrance(competition, body)
        if hindrance is not None:
            raise Refused(hindrance)
        return why


@then_logged
def issue_waiting(
    waiting: WaitingList,
    competition: Competition,
    by: Account,
    reason: str = "",
    *,
    body: IssuingBody | None = None,
    most: int | None = None,
) -> list[Certificate]:
    """Number and issue a certificate for all that is due of a list, all or none.

    Events that still wait (`issuable_events`) are left for another time. With `most`, a portion
    of at most so many certificates, and the next call goes on. `reason` says why, where the
    notice still runs. Raises `Refused` where nothing is due, where `check_issue` does, and for
    what hinders any of all that are due: nothing of a portion is issued then.
    """
    with changing(competition) as competition:
        why = waiting.check(competition, reason, body)
        due = waiting.due(competition, body, most)
        if not due:
            raise Refused(waiting.none_due)
        issued = issue(competition, due, body)
        waiting.record(competition, issued, by, why)
        end_given_again(competition, issued, by)
    return issued
