"""Checks of a bundle that its types can't make themselves: one file per idea.

A check gets a bundle in which anything unreadable is `UNREADABLE`, and is
silent about that. It adds what it finds to a list of problems.
"""

from decimal import Context, DivisionByZero, InvalidOperation, localcontext

from compete.domain.bundle.checks.people import note_people
from compete.domain.bundle.checks.versions import note_for_version
from compete.domain.bundle.checks.without_results import note_without_results
from compete.domain.bundle.problems import Problems
from compete.domain.bundle.reader.unreadable import UNREADABLE
from compete.domain.bundle.types import Bundle
from compete.domain.values.kinds import Kind
from compete.domain.values.messages import msg

# Long enough for any product of two numbers of a bundle, and sums of those.
EXACT = Context(prec=120, traps=[InvalidOperation, DivisionByZero])


def note_problems(bundle: Bundle, problems: Problems) -> None:
    """Note everything in the bundle that the format forbids."""
    with localcontext(EXACT):
        _note_kind(bundle, problems)
        note_people(bundle, problems)
        if bundle.events:
            from compete.domain.bundle.checks.events import note_events

            note_events(bundle, problems)
        note_for_version(bundle, problems)
        if bundle.entrants or bundle.marks or bundle.outcomes or bundle.penalties or bundle.times:
            from compete.domain.bundle.checks.marks import note_marks

            note_marks(bundle, problems)
        if bundle.playoffs:
            from compete.domain.bundle.checks.playoffs import note_playoffs

            note_playoffs(bundle, problems)
        if bundle.overall:
            from compete.domain.bundle.checks.overall import note_overall

            note_overall(bundle, problems)
        note_without_results(bundle, problems)
        if bundle.competition.kind == Kind.EVALUATION:
            from compete.domain.bundle.checks.evaluations import note_evaluations

            note_evaluations(bundle, problems)
        if bundle.labour:
            from compete.domain.bundle.checks.labour import note_labour

            note_labour(bundle, problems)


def _note_kind(bundle: Bundle, problems: Problems) -> None:
    """Note events outside of skills, and `labour` outside of labour."""
    kind = bundle.competition.kind
    if kind == Kind.LABOUR and bundle.events:
        problems.add("events", msg("kind 是 labour 的竞赛不能有 events"))
    if kind == Kind.LABOUR and bundle.labour is None:
        problems.add("labour", msg("kind 是 labour 的竞赛要有 labour"))
    if kind == Kind.SKILLS and bundle.labour not in (None, UNREADABLE):
        problems.add("labour", msg("kind 是 skills 的竞赛不能有 labour"))
