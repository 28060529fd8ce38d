"""Assessments (考核认定): findings of claims from before it was an evaluation of its own."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from compete.domain.values.messages import Message, listed, msg
from compete.domain.values.numerals import plain
from compete.models import GradeClaim


def marks_of(claim: GradeClaim) -> Mapping[str, Decimal]:
    """The marks of each part by its name; empty where no marks were asked."""
    parts = zip(_NAMES, (claim.theory, claim.practice, claim.review), strict=True)
    return {str(name): mark for name, mark in parts if mark is not None}


def facts_of(claim: GradeClaim) -> Message:
    """The findings in one text: day and marks, and what was written besides."""
    if claim.theory is None or claim.assessed_on is None:
        return msg("%(facts)s", facts=claim.facts)
    marks = listed(
        msg("%(part)s %(mark)s", part=name, mark=plain(mark))
        for name, mark in zip(_NAMES, (claim.theory, claim.practice, claim.review), strict=True)
        if mark is not None
    )
    day = claim.assessed_on.isoformat()
    if not claim.facts:
        return msg("%(day)s 考核，%(marks)s", day=day, marks=marks)
    return msg("%(day)s 考核，%(marks)s；%(facts)s", day=day, marks=marks, facts=claim.facts)


_NAMES = (msg("理论"), msg("实操"), msg("综合评审"))
