"""An event's old rules beside new ones, item by item, in the words of the form of rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from flask_babel import gettext as _

from compete.domain.aspects.form_fields import Own
from compete.domain.aspects.kinds import every_field
from compete.domain.bundle.event_types import Event
from compete.domain.grades.ladder import ladder_in
from compete.models import Competition
from compete.services.competitions.file_versions import is_newest
from compete.services.kernel.event_rules import definition_of
from compete.services.rules.draft_fields import (
    ChainField,
    ChoiceField,
    Draft,
    FlagField,
    ListField,
    Row,
    RuleField,
    rule_fields,
)
from compete.services.rules.rules_draft import (
    AwardDraft,
    GradeDraft,
    ItemDraft,
    RankingDraft,
    RulesDraft,
    draft_of,
)
from compete.services.rules.stage_draft import (
    AspectDraft,
    ModuleDraft,
    OwnTextsField,
    PartDraft,
    StageDraft,
)
from compete.web.language import say
from compete.web.organiser.rules.events.choice_words import (
    award_words,
    grade_words,
    item_words,
    ranking_words,
    tie_groups,
    tie_keys,
)
from compete.web.organiser.rules.events.shapes import Words
from compete.web.organiser.rules.events.view_model import type_choices
from compete.web.organiser.rules.rule_differences import (
    DifferenceGroup,
    DifferenceRow,
    Said,
    difference_rows,
)
from compete.web.shapes import Choice

K = TypeVar("K", bound=Row)
Sides = tuple["_Side", "_Side"]
_TEAMS = tuple(
    name for name, field in rule_fields(RankingDraft).items() if "_ranking" in field.place
)
_EVENT = ("name", "occupation_name", "occupation_code", "occupation_track", "blind")


def differences(competition: Competition, before: Event, after: Event) -> list[DifferenceGroup]:
    """Every difference, in the order of the form; groups without any are left out."""
    sides = _Side(competition, before), _Side(competition, after)
    groups = [
        DifferenceGroup(title=_("赛项和职业"), rows=_single(sides, _("赛项"), _Side.event)),
        *_stages(sides),
        DifferenceGroup(title=_("名次和同分"), rows=_single(sides, _("名次"), _Side.ranking)),
        DifferenceGroup(title=_("团体和单位"), rows=_single(sides, _("团体和单位"), _Side.teams)),
        DifferenceGroup(
            title=_("单项"), rows=_rows(sides, lambda side: side.draft.items, _Side.item)
        ),
        DifferenceGroup(
            title=_("奖项"), rows=_rows(sides, lambda side: side.draft.awards, _Side.award)
        ),
        DifferenceGroup(
            title=_("晋升规则"), rows=_rows(sides, lambda side: side.draft.grade_rules, _Side.grade)
        ),
    ]
    return [group for group in groups if group.rows]


def _stages(sides: Sides) -> list[DifferenceGroup]:
    """List the differences of each stage and its parts, then of each module with its sheet."""
    old = {stage.was: stage for stage in sides[0].draft.stages}
    groups = []
    named = Counter(it.name for stage in sides[1].draft.stages for it in stage.modules)
    for stage in sides[1].draft.stages:
        was = old.get(stage.was, StageDraft())
        pair = was, stage
        rows = difference_rows(
            *({"": side.stage(it)} for side, it in zip(sides, pair, strict=True))
        )
        rows += difference_rows(*(_by_code(it.parts, {}) for it in pair))
        groups.append(DifferenceGroup(title=stage.name, rows=rows))
        modules = {module.was: module for module in was.modules}
        for module in stage.modules:
            both = modules.get(module.was, ModuleDraft()), module
            lines = difference_rows(
                *(
                    {"": side.module(it, home)}
                    for side, it, home in zip(sides, both, pair, strict=True)
                )
            )
            types = {"types": _words(type_choices())}
            lines += difference_rows(*(_by_code(it.aspects, types) for it in both))
            title = f"{stage.name} {module.name}" if named[module.name] > 1 else module.name
            groups.append(DifferenceGroup(title=title, rows=lines))
    return groups


class _Side:
    """One side of the two: a draft of its rules, and the names of its choices."""

    def __init__(self, competition: Competition, rules: Event) -> None:
        self.draft: RulesDraft = draft_of(definition_of(rules)[0])
        draft, newest = self.draft, is_newest(competition)
        ranking = ranking_words(rules, draft.ranking, newest=newest)
        self.rankings = _labels(ranking) | {
            "ties": _words(
                choice for group in tie_groups(rules, tie_keys(draft)) for choice in group.options
            ),
            # That units are not ranked is said, too.
            "units_by": ranking["units_by"],
        }
        self.items = self.rankings | {"items": item_words(rules, draft.items)}
        self.awards = _labels(award_words(newest=newest))
        self.grades = _labels(grade_words(rules, competition, draft.grade_rules, ladder_in(rules)))
        self.stages = {
            "stages": _counted(draft.stages),
            "advance_ties": {"include": _("都进"), "cut": _("按编号取满")},
        }

    def event(self) -> Mapping[str, str]:
        """Name, occupation and grades."""
        draft = self.draft
        return draft_parts(draft, {}, _EVENT) | {
            _("等级体系"): draft.ladder_name,
            _("每一级叫什么"): draft.ladder,
        }

    def stage(self, stage: StageDraft) -> Said:
        """Describe a stage: who goes on, what is carried along."""
        return Said(stage.name, draft_parts(stage, self.stages))

    def module(self, module: ModuleDraft, stage: StageDraft) -> Said:
        """A module without its sheet."""
        return Said(
            module.name, draft_parts(module, self.rankings | {"parts": _counted(stage.parts)})
        )

    def ranking(self) -> Mapping[str, str]:
        """Describe how people are ranked, and how points are rounded."""
        names = [name for name in rule_fields(RankingDraft) if name not in _TEAMS]
        draft = self.draft
        return draft_parts(draft, self.rankings, ("ties",)) | draft_parts(
            draft.ranking, self.rankings, names
        )

    def teams(self) -> Mapping[str, str]:
        """Describe how teams and units are ranked."""
        ranking = self.draft.ranking
        silent = () if ranking.best else ("method", "require_full")
        return draft_parts(ranking, self.rankings, _TEAMS, silent)

    def item(self, item: ItemDraft) -> Said:
        """A single item."""
        return Said(item.name, draft_parts(item, self.items))

    def award(self, award: AwardDraft) -> Said:
        """A prize."""
        silent = () if award.percent else ("round",)
        return Said(award.name, draft_parts(award, self.awards, silent=silent))

    def grade(self, rule: GradeDraft) -> Said:
        """A grade rule."""
        place = next(n for n, known in enumerate(self.draft.grade_rules, 1) if known is rule)
        return Said(_("第 %(n)s 条", n=place), draft_parts(rule, self.grades))


def draft_parts(
    draft: Draft,
    labels: Words,
    only: Collection[str] | None = None,
    silent: Collection[str] = (),
) -> dict[str, str]:
    """Return the fields of a draft by their labels; none of those that are `silent`."""
    parts: dict[str, str] = {}
    for name, field in rule_fields(type(draft)).items():
        now = getattr(draft, name)
        if isinstance(field, OwnTextsField):
            parts |= _own(now)
        elif field.label and (only is None or name in only):
            label = say(field.short or field.label)
            parts[label] = (
                "" if name in silent else _value_words(field, now, labels.get(field.choices, {}))
            )
    return parts


def _value_words(kind: RuleField, now: Any, labels: Mapping[str, str]) -> str:
    """Return a field's content in words."""
    if isinstance(kind, FlagField):
        return _("是") if now else _("否") if kind.tells_no else ""
    if isinstance(kind, ListField):
        between = _("，再比") if isinstance(kind, ChainField) else _("、")
        return between.join(labels.get(key, key) for key in now)
    if kind.choices:
        usual = kind.usual if isinstance(kind, ChoiceField) else None
        value = str(usual or "") if now in (None, "") else str(now)
        return labels.get(value, value) if labels else ""
    return _lines(kind.words(now))


def _own(own: Own) -> Iterator[tuple[str, str]]:
    """List the fields of a row's type."""
    for field in every_field():
        text = own.get(field.key, "")
        words = dict(field.choices).get(text)
        yield say(field.short or field.label), say(words) if words else _lines(text)


def _single(
    sides: Sides, name: str, words_of: Callable[[_Side], Mapping[str, str]]
) -> list[DifferenceRow]:
    """List the differences of a thing that there is once."""
    return difference_rows(*({"": Said(name, words_of(side))} for side in sides))


def _rows(
    sides: Sides,
    of: Callable[[_Side], Sequence[K]],
    words_of: Callable[[_Side, K], Said],
) -> list[DifferenceRow]:
    """List the differences of two lists."""
    return difference_rows(*({row.was: words_of(side, row) for row in of(side)} for side in sides))


def _by_code(rows: Iterable[PartDraft | AspectDraft], labels: Words) -> dict[str, Said]:
    return {row.was: Said(row.name, draft_parts(row, labels)) for row in rows}


def _labels(words: Words) -> dict[str, Mapping[str, str]]:
    """Return the labels of each list, without the empty choice."""
    return {
        name: {value: label for value, label in listed.items() if value}
        for name, listed in words.items()
    }


def _counted(rows: Iterable[StageDraft | PartDraft]) -> Mapping[str, str]:
    return {str(n): row.name for n, row in enumerate(rows)}


def _words(choices: Iterable[Choice]) -> dict[str, str]:
    return {choice.value: choice.label for choice in choices}


def _lines(text: str) -> str:
    return _("；").join(text.splitlines())
