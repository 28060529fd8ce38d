"""A labour competition's rules in words, each indicator with an example by the rule itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from compete.domain.bundle.labour_types import Indicator, Labour
from compete.domain.bundle.versions import version_named
from compete.domain.labour.kept_flags import with_flag_keep
from compete.domain.labour.self_assessment import self_assessed
from compete.domain.labour.totals import PLACES
from compete.domain.values.kinds import ScoringType
from compete.domain.values.numerals import plain
from compete.domain.values.period_states import CorrectionState
from compete.domain.values.points import round_half_up, show
from compete.models import Competition
from compete.services.labour.period_progress import closed_periods
from compete.services.labour.rule_changes import changes_of_rules, rules_version
from compete.services.labour.rules import why_labour_rules_stay, worked_example
from compete.services.labour.squares import asked_in, leaves_of
from compete.services.labour.stored_rules import labour_rules
from compete.services.scoring.journeys import kept_after
from compete.web.guard import allowed_url
from compete.web.labour_words import scoring_words
from compete.web.language import say
from compete.web.organiser.labour_rules.shapes import (
    BookFault,
    IndicatorRow,
    LabourRulesPage,
    PeriodLine,
    RulesPreview,
)
from compete.web.organiser.labour_rules.words import fact_words
from compete.web.organiser.rule_differences import change_line
from compete.web.organiser.shapes import competition_link
from compete.web.shapes import Choice
from compete.web.upload_limit import limit_words

ALL, FROM = "all", "from:"
"""Form values for the time that rules hold: in every period, or from the leaf of that code."""


def describe_rules(
    competition: Competition,
    problem: str | None = None,
    faults: Sequence[BookFault] = (),
    typed: Mapping[str, str] | None = None,
    preview: RulesPreview | None = None,
) -> LabourRulesPage:
    """Describe the rules in force, and whether they may be changed."""
    rules = labour_rules(competition)
    labour = rules.labour
    why = why_labour_rules_stay(competition)
    changes = changes_of_rules(competition)
    waiting = next((each for each in changes if each.state is CorrectionState.ASKED), None)
    whose = {code: name for name, codes in rules.departments.items() for code in codes}
    names = {each.code: each.name for each in labour.periods}
    first = asked_in(labour, leaves_of(labour)[0])
    groups = Counter((labour.groups or {}).values())
    code = competition.code
    return LabourRulesPage(
        competition=competition_link(competition),
        back_url=url_for("organiser.labour", code=code),
        indicators=[_row(each, whose, names) for each in labour.indicators],
        most=plain(sum((each.max for each in first), Decimal(0))),
        periods=_periods(labour),
        facts=fact_words(
            _with_kept(competition, labour),
            names,
            version_named(competition.format).veto_rank(labour),
        ),
        groups=[
            (name, ngettext("%(num)s 家", "%(num)s 家", number))
            for name, number in sorted(groups.items())
        ],
        units=len(competition.units),
        own_url=url_for("organiser.labour_rules", code=code),
        book_url=url_for("organiser.labour_rules_book", code=code),
        scheme_url=allowed_url("organiser.scheme_file", code=code),
        form_url=allowed_url("organiser.labour_form", code=code),
        upload_url=allowed_url("organiser.save_labour_rules_book", code=code)
        if waiting is None
        else None,
        by_two=say(why) if why is not None else None,
        waiting=change_line(waiting) if waiting is not None else None,
        changes=[change_line(each) for each in changes if each is not waiting],
        version=_("第 %(n)s 版规则", n=rules_version(competition)) if why is not None else "",
        starts=start_choices(competition, labour) if why is not None else [],
        typed=typed or {},
        preview=preview,
        problem=problem,
        faults=faults,
        departments_url=allowed_url("organiser.departments", code=code),
        units_url=allowed_url("organiser.units", code=code),
        limit=limit_words(),
    )


def start_choices(competition: Competition, labour: Labour) -> list[Choice]:
    """List the starts: all periods, or one of the open leaves after all closed ones."""
    leaves, closed = leaves_of(labour), set(closed_periods(competition))
    last = max((place for place, leaf in enumerate(leaves) if leaf in closed), default=-1)
    names = {each.code: each.name for each in labour.periods}
    return [
        Choice(value="", label=_("选一个")),
        Choice(
            value=ALL,
            label=_("各期都照新规则，已经结账的也重算") if closed else _("各期都照新规则"),
        ),
        *(
            Choice(value=FROM + leaf, label=_("从%(period)s起，以前的照原来的", period=names[leaf]))
            for leaf in leaves[max(last + 1, 1) :]
        ),
    ]


def _with_kept(competition: Competition, labour: Labour) -> Labour:
    """Add an older competition's setting for flags that are kept."""
    keep = kept_after(competition, labour)
    return labour if keep is None else with_flag_keep(labour, keep)


def _row(each: Indicator, whose: Mapping[str, str], names: Mapping[str, str]) -> IndicatorRow:
    return IndicatorRow(
        heading=each.heading or "",
        name=each.name,
        most=plain(each.max),
        kind=scoring_words(each),
        example=_example(each),
        department=whose.get(each.code, ""),
        own=self_assessed(each),
        asked=_("、").join(names.get(code, code) for code in each.periods),
    )


def _example(each: Indicator) -> str:
    found = worked_example(each)
    score = show(round_half_up(found.score, 1, PLACES), PLACES)
    value = plain(found.value)
    match each.scoring.type:
        case ScoringType.RANK:
            return _("组里第 1 名得 %(score)s", score=score)
        case ScoringType.COMPLETION:
            target = plain(found.target or 0)
            return _(
                "完成 %(value)s、目标 %(target)s，得 %(score)s",
                value=value,
                target=target,
                score=score,
            )
    return _("填 %(value)s，得 %(score)s", value=value, score=score)


def _periods(labour: Labour) -> list[PeriodLine]:
    """The tree, each whole before what it is made of."""
    parts: dict[str | None, list[str]] = {}
    for each in labour.periods:
        parts.setdefault(each.part_of, []).append(each.code)
    by_code = {each.code: each for each in labour.periods}
    lines: list[PeriodLine] = []
    waiting = [(code, 0) for code in reversed(parts.get(None, []))]
    while waiting:
        code, depth = waiting.pop()
        period = by_code[code]
        lines.append(
            PeriodLine(name=period.name, depth=depth, weight=plain(period.weight) if depth else "")
        )
        waiting += [(part, depth + 1) for part in reversed(parts.get(code, []))]
    return lines
