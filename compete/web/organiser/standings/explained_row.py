"""怎么算出来的: one row of the standings in words and figures."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from compete.domain.bundle.types import Entrant, Mark
from compete.domain.explanation.tree import explain_entrant
from compete.domain.scoring.scorer import Scorer
from compete.services.scoring.explained_row import Compared, explain_row
from compete.web.conditions import describe_conditions, first_unmet, just_missed
from compete.web.language import say
from compete.web.organiser.standings.shapes import ComparedRow, Comparison, ExplainedRow


def describe_explained_row(
    scorer: Scorer,
    entrant: str,
    people: dict[str, Entrant],
    rank: int | None,
    marks: Sequence[Mark] = (),
) -> ExplainedRow:
    """What the opened row shows: sums, tie keys side by side, grade rules.

    `marks` are the entrant's, which a live scorer's bundle does not hold.
    """
    explained = explain_row(scorer, entrant)
    name = people[entrant].name
    title = _("怎么算出来的：%(name)s %(total)s", name=name, total=explained.total or "—")
    if rank is not None:
        title = _(
            "怎么算出来的：%(name)s %(total)s，第 %(rank)s 名",
            name=name,
            total=explained.total,
            rank=rank,
        )
    sums: list[tuple[str, str | None, str]] = [
        (share.name or _("前一赛段带入"), share.text, share.value) for share in explained.shares
    ]
    points = _("、").join(f"{what}" for _module, what, _why in explained.penalties)
    sums.append((_("扣罚"), None, points or "0"))
    sums.append((_("合计"), None, explained.total or "—"))
    compare = None
    if explained.neighbour is not None:
        other = people[explained.neighbour].name
        compare = Comparison(
            names=[name, other],
            rows=[
                _compared(
                    line,
                    {entrant: name, explained.neighbour: other},
                    entrant,
                    is_last=line is explained.compared[-1],
                )
                for line in explained.compared
            ],
        )
    return ExplainedRow(
        title=title, sums=sums, compare=compare, tree=explain_entrant(scorer, entrant, marks).steps
    )


def _compared(line: Compared, names: dict[str, str], entrant: str, *, is_last: bool) -> ComparedRow:
    """A tie key of two people: who is ahead by it, and by what."""
    key, values = say(line.key), [line.mine, line.other]
    if line.ahead is None:
        result = _("相同，没有下一项了") if is_last else _("相同，比下一项")
    else:
        better, worse = values if line.ahead == entrant else reversed(values)
        result = _(
            "%(name)s 在前：%(key)s %(values)s",
            name=names[line.ahead],
            key=key,
            values=f"{better} {line.sign} {worse}" if line.sign else f"{better} / {worse}",
        )
    return ComparedRow(key=key, values=values, result=result, decided=line.ahead is not None)


def why_refused(scorer: Scorer, entrant: str) -> str | None:
    """The one condition that keeps somebody from a grade their rank would give, if one."""
    event = scorer.event_of(entrant)
    reasons = event.grades.reasons(event.grades.people(entrant)[0])
    if any(reason.met for reason in reasons):
        return None
    for reason in filter(just_missed, reasons):
        return first_unmet(
            describe_conditions(reason.conditions, scorer, event.event.code, entrant)
        )
    return None
