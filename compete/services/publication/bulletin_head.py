"""What stands over a bulletin: which issue it is, and of which periods."""

from __future__ import annotations

from compete.domain.labour.period_kinds import commonest
from compete.domain.labour.tree import PeriodTree
from compete.domain.values.messages import Message, msg
from compete.models import Competition
from compete.services.publication.bulletin_tables import Told


def issue_words(competition: Competition, told: Told) -> Message | str:
    """第 9 期, with the year where the competition is within one; nothing for the whole of it.

    A month that closes a quarter has one number with the quarter: printed by itself it says so.
    """
    tree = told.live.outcome.field.tree
    regular = _regular(tree)
    closing = closing_leaf(told)
    leaf = closing or told.period
    if leaf not in regular:
        return ""
    issue = msg("第 %(n)s 期", n=regular.index(leaf) + 1)
    if competition.starts and competition.ends and competition.starts.year == competition.ends.year:
        issue = msg("%(year)s年%(issue)s", year=competition.starts.year, issue=issue)
    if any(_closed_by(tree, code) == leaf for code in list(tree.around(told.period))[1:]):
        return msg("%(issue)s（单印）", issue=issue)
    return issue


def title_words(told: Told) -> Message | str:
    """Of which period: `9 月暨三季度` where a month closes the quarter."""
    closing = closing_leaf(told)
    name = told.name(told.period)
    if closing is None:
        return name
    return msg("%(leaf)s暨%(period)s", leaf=told.name(closing), period=name)


def closing_leaf(told: Told) -> str | None:
    """The month with which a quarter ends; None of a leaf, and of a year made of quarters."""
    return _closed_by(told.live.outcome.field.tree, told.period)


def _closed_by(tree: PeriodTree, period: str) -> str | None:
    inside = [leaf for leaf in _regular(tree) if period in tree.around(leaf) and leaf != period]
    if len(inside) < 2 or (period == tree.root and inside[-1] not in tree.parts[period]):
        return None
    return inside[-1]


def _regular(tree: PeriodTree) -> list[str]:
    """The leaves of the sort of which there are most: months, not the inspections beside them."""
    return commonest(tree, tree.leaves)
