"""Sums of certificates: how many in force bear a day, counted as they are issued and end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date

from sqlalchemy import select

from compete.models import Certificate, CertificateSum, Competition, db

GRADE, CLAIM, AWARD = "grade", "claim", "award"
"""A grade by the results, one on another ground, an award."""


def ground_of(certificate: Certificate) -> str:
    """The kind under which a certificate is counted."""
    return CLAIM if certificate.claim_id is not None else certificate.kind


def count_change(
    competition: Competition, issued: Iterable[Certificate], ended: Iterable[Certificate] = ()
) -> None:
    """Count these in and those out; inside the unit of work that issues or ends them."""
    changes: Counter[tuple[str, date]] = Counter()
    for certificate in issued:
        changes[ground_of(certificate), certificate.issued_on] += 1
    for certificate in ended:
        changes[ground_of(certificate), certificate.issued_on] -= 1
    query = select(CertificateSum).where(
        CertificateSum.competition_id == competition.id,
        CertificateSum.day.in_({day for _kind, day in changes}),
    )
    rows = {(row.kind, row.day): row for row in db.session.scalars(query)}
    for (kind, day), n in sorted(changes.items()):
        row = rows.get((kind, day))
        if row is not None:
            row.n += n
        elif n:
            db.session.add(CertificateSum(competition_id=competition.id, kind=kind, day=day, n=n))
