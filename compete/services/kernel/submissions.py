"""Submissions: a form that makes something is carried out once, however often it is sent.

Its row is written in the first unit of work that the form's request ends well, so what was made
and that it was made stand or fall together, also where two processes are sent the same form.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from compete.models import Submission, db, utc_now

_KEPT_FOR = timedelta(days=2)


class SubmittedBeforeError(Exception):
    """The same form was carried out already."""


@dataclass(slots=True)
class Claim:
    """A form on its way; `stored` once a unit of work that wrote its row has ended."""

    digest: str
    stored: bool = False


_claim: ContextVar[Claim | None] = ContextVar("submission", default=None)


@contextmanager
def submitted_once(digest: str) -> Iterator[Claim]:
    """Write once what is written within; raises `SubmittedBeforeError` the second time."""
    claim = Claim(digest)
    token = _claim.set(claim)
    try:
        yield claim
    finally:
        _claim.reset(token)


def claim_submission(connection: Connection) -> Claim | None:
    """Write the row of the form on its way, if it has none; by the unit of work as it begins."""
    claim = _claim.get()
    if claim is None or claim.stored:
        return None
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    row = insert(Submission).values(digest=claim.digest, made_at=utc_now())
    if connection.scalar(row.on_conflict_do_nothing().returning(Submission.id)) is None:
        raise SubmittedBeforeError
    return claim


def submission_led_to(digest: str) -> tuple[bool, str | None]:
    """Say whether the form was carried out, and where it led: None while that is not known."""
    row = db.session.execute(
        select(Submission.answer).where(Submission.digest == digest)
    ).one_or_none()
    return row is not None, row.answer if row else None


def keep_answer(session: Session, digest: str, answer: str | None) -> None:
    """Note where a form led, "" for a page of its own, None where it may be sent again.

    Those of two days ago are forgotten.
    """
    own = Submission.digest == digest
    if answer is None:
        session.execute(delete(Submission).where(own))
    else:
        session.execute(update(Submission).where(own).values(answer=answer))
    session.execute(delete(Submission).where(Submission.made_at < utc_now() - _KEPT_FOR))
