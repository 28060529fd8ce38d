"""A labour competition's form of rules read as rules: checked as a file is, each fault placed."""

from __future__ import annotations

from collections.abc import Iterator

from compete.domain.bundle.problems import BundleError, Problem
from compete.domain.values.messages import msg
from compete.models import Competition
from compete.services.competitions.labour_draft import (
    LabourDraft,
    departments_in,
    labour_draft_of,
    labour_tree_of,
    plain_rules,
    with_codes,
)
from compete.services.competitions.made_up_files import read_made_up
from compete.services.competitions.rules_saving import RulesRefused
from compete.services.labour.departments import LONGEST_NAME
from compete.services.labour.rule_fit import refuse_misfit, still_used
from compete.services.labour.rules import LabourRules, labour_rules, long_rule_names
from compete.services.registration.units.unit_list import LONGEST_UNIT

_BEGINS = "labour."


def labour_draft_in_force(competition: Competition) -> LabourDraft:
    """The rules in force as the form shows them."""
    rules = labour_rules(competition)
    units = [(unit.code, unit.name) for unit in competition.units]
    return labour_draft_of(plain_rules(rules), rules.departments, units)


def labour_rules_of_draft(competition: Competition, draft: LabourDraft) -> LabourRules:
    """The draft as rules. Raises `RulesRefused` with all that a file could not say either, and
    `RulesMisfit` first where what is gone is used elsewhere.

    Paths are those of a file's `labour`; of a unit and of a department, which a file does not
    have there, `units[0].group` and `indicators[0].department`.
    """
    draft = with_codes(draft)
    before = labour_rules(competition)
    tree = labour_tree_of(draft, plain_rules(before))
    tree.pop("groups", None)
    refuse_misfit(still_used(before.labour, tree))
    problems = list(_odd(draft))
    labour = None
    try:
        labour = read_made_up("labour", labour=tree).labour
    except BundleError as error:
        problems += [
            Problem(each.path.removeprefix(_BEGINS), each.message) for each in error.problems
        ]
    else:
        assert labour is not None  # the reader makes sure
        problems += long_rule_names(labour, [each.group for each in draft.units])
    if problems or labour is None:
        raise RulesRefused(problems)
    return LabourRules(
        labour,
        departments_in(draft),
        [(each.name, "" if each.away else each.group) for each in draft.units],
        [each.name for each in draft.units if each.away],
    )


def _odd(draft: LabourDraft) -> Iterator[Problem]:
    """Find what a file may say and a form may not."""
    for name in ("periods", "indicators"):
        for n, each in enumerate(getattr(draft, name)):
            if not each.name:
                yield Problem(f"{name}[{n}].name", msg("要填"))
    for n, row in enumerate(draft.indicators):
        if len(row.department) > LONGEST_NAME:
            yield Problem(
                f"indicators[{n}].department", msg("最多 %(most)s 个字", most=LONGEST_NAME)
            )
    grouped = any(each.group for each in draft.units if not each.away)
    seen = set[str]()
    for n, unit in enumerate(draft.units):
        if not unit.name:
            yield Problem(f"units[{n}].name", msg("要填"))
        elif len(unit.name) > LONGEST_UNIT:
            yield Problem(f"units[{n}].name", msg("最多 %(most)s 个字", most=LONGEST_UNIT))
        elif unit.name in seen:
            yield Problem(f"units[{n}].name", msg("已经有叫“%(name)s”的单位", name=unit.name))
        seen.add(unit.name)
        if grouped and not unit.group and not unit.away:
            yield Problem(
                f"units[{n}].group", msg("别的单位有组，这家也要写；不参加排名的勾“不参加”")
            )
        if unit.away and not grouped:
            yield Problem(f"units[{n}].group", msg("分了组才能有不参加的单位"))
