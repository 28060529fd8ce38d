"""Events and their rules, as the forms of the desk show them."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext as _

from compete.domain.aspects.form_fields import FormField
from compete.domain.aspects.kinds import class_of
from compete.domain.aspects.types import Aspect, AspectType
from compete.domain.bundle import event_types
from compete.domain.bundle.packs.kinds import GradePack
from compete.domain.bundle.packs.named import all_packs
from compete.domain.bundle.problems import Problem
from compete.domain.bundle.types import Unit
from compete.domain.bundle.version_types import dialect_of, lacking, type_in
from compete.domain.grades.ladder import GRADES, grade_label
from compete.domain.kinds.kinds import competition_kind
from compete.domain.values.states import CompetitionState
from compete.models import Competition, Event
from compete.services.competitions.event_setup import LONGEST_EVENT_NAME, entrants_in
from compete.services.competitions.file_versions import is_newest
from compete.services.competitions.templates import level_tree
from compete.services.competitions.worked_example import AspectPosition, TriedMark
from compete.services.directory.ladders.conditions import (
    edition_differs,
    edition_of,
    find_editions,
    unconfirmed_editions,
)
from compete.services.directory.occupations.proposals import occupation_hints
from compete.services.kernel.event_rules import rules_of
from compete.services.kernel.refusal import Refused
from compete.services.rules.changes import rule_changes, vacant_seats, why_no_change
from compete.services.rules.draft_fields import Draft, UnsaidField, rule_fields
from compete.services.rules.overall_rules import tables_in_force
from compete.services.rules.rules_draft import (
    KEPT_RULES,
    OWN_LINES,
    AwardDraft,
    GradeDraft,
    RankingDraft,
    RulesDraft,
    TermsDraft,
)
from compete.services.rules.rules_saving import checked_rules, why_rules_stay
from compete.services.rules.stage_draft import (
    AspectDraft,
    ModuleDraft,
    PartDraft,
    StageDraft,
)
from compete.services.rules.taking_effect import marked_in
from compete.sheets.scheme_aspects import SchemeForm
from compete.web.language import say
from compete.web.organiser.competition_words import event_shares, type_words
from compete.web.organiser.earlier import templates
from compete.web.organiser.rules.events.choice_words import (
    award_views,
    award_words,
    grade_views,
    grade_words,
    item_views,
    item_words,
    near_ties,
    ranking_words,
    tie_groups,
    tie_keys,
)
from compete.web.organiser.rules.events.examples import example_card
from compete.web.organiser.rules.events.faults import troubles, words_by_step
from compete.web.organiser.rules.events.ladder_fields import ladder_card, ladder_of_draft
from compete.web.organiser.rules.events.reading import fields_in_force
from compete.web.organiser.rules.events.said import OF_PANEL, OF_TEAMS, OF_TIES, said
from compete.web.organiser.rules.events.shapes import Choices, Words
from compete.web.organiser.rules.events.steps import step_views
from compete.web.organiser.rules.rule_differences import change_line
from compete.web.organiser.rules.table_words import table_sentence
from compete.web.refusals import problem_of
from compete.web.shapes import Choice, choices
from compete.web.templating import moment, plain


@dataclass(frozen=True, slots=True, kw_only=True)
class StageForm:
    """The stages of a draft; `more` names the list that gets further empty rows.

    `wrong` are wrong fields, `marked` the modules, by codes of stage and module, that were marked,
    `adds` whether anything can be added.
    """

    event: Event
    rules: event_types.Event
    stages: Sequence[StageDraft]
    more: str
    words: Words
    wrong: Iterable[str]
    adds: bool
    marked: Container[tuple[str, str]] = ()

    def views(self) -> list[dict[str, Any]]:
        """List the views, one for each stage."""
        return [self._stage(s, stage) for s, stage in enumerate(self.stages)]

    def _stage(self, s: int, draft: StageDraft) -> dict[str, Any]:
        path = f"stages[{s}]"
        # A stage without any shows where the first is written.
        wants_one = self.more == f"{path}.modules" or (self.adds and not draft.modules)
        modules = [*draft.modules, *([ModuleDraft()] if wants_one else [])]
        parts = [*draft.parts, *([PartDraft()] if self.more == f"{path}.parts" else [])]
        last = s == len(self.stages) - 1
        unlike = (
            _("名额不够就都不进，加赛或抽签分")
            if is_newest(self.event.competition)
            else _("按编号取满")
        )
        return {
            "path": path,
            "draft": draft,
            "carries": s > 0 or bool(draft.carry_weight or draft.carry_own),
            "sends_on": not last or bool(draft.top or draft.per_unit),
            "parts": [
                {"path": f"{path}.parts[{n}]", "draft": part} for n, part in enumerate(parts)
            ],
            "part_choices": _numbered(
                _("不属于部分"),
                [part.name or _("部分 %(n)s", n=n) for n, part in enumerate(parts, 1)],
            ),
            "carry_choices": _numbered(
                _("不带"),
                [it.name or _("赛段 %(n)s", n=n) for n, it in enumerate(self.stages[:s], 1)],
            ),
            "tie_choices": choices({"include": _("都进"), "cut": unlike}),
            "modules": [
                self._module(f"{path}.modules[{m}]", draft.was, module)
                for m, module in enumerate(modules)
            ],
            "gone_too": bool(draft.was or draft.name) and not last and self.adds,
        }

    def _module(self, path: str, stage: str, draft: ModuleDraft) -> dict[str, Any]:
        marked = (stage, draft.was) in self.marked
        wants_rows = self.more == f"{path}.aspects"
        blank = (5 if wants_rows else 2) if self.adds and not marked else 0
        stands = any(
            known.code == stage and module.code == draft.was
            for known in self.rules.stages
            for module in known.modules
        )
        return {
            "path": path,
            "draft": draft,
            "judges_added": draft.combine == "sum",
            "aspects": [
                {"path": f"{path}.aspects[{a}]", "draft": row}
                for a, row in enumerate((*draft.aspects, *[AspectDraft()] * blank))
            ],
            "marked": marked,
            "sheets": _sheets(self.event, stage, draft.was) if stands else [],
            "more": said(draft, OF_PANEL, self.words),
            "opens": wants_rows
            or any(name.startswith((f"{path}.aspects", f"{path}.scheme")) for name in self.wrong),
        }


def _numbered(none: str, names: Sequence[str]) -> list[Choice]:
    return [
        Choice(value="", label=none),
        *(Choice(value=str(n), label=name) for n, name in enumerate(names)),
    ]


def scheme_form_words() -> dict[SchemeForm, str]:
    """The words for the forms of a workbook with a marking scheme."""
    return {
        SchemeForm.TRADE: _("四列的表（项目、考核要点、配分、评分标准）"),
        SchemeForm.COLUMNS: _("11 列的表（Sub Criteria、M、J）"),
    }


def _sheets(event: Event, stage: str, module: str) -> list[Choice]:
    return [
        Choice(
            value=url_for(
                "organiser.scheme_workbook",
                code=event.competition.code,
                event=event.code,
                stage=stage,
                module=module,
                form=form.value,
            ),
            label=label,
        )
        for form, label in scheme_form_words().items()
    ]


def events_page(competition: Competition, refused: Refused | None = None) -> str:
    """The list, and what a new event may begin from."""
    return render_template(
        "organiser/rules/events/events.html",
        competition=competition,
        events=[_event_row(event) for event in competition.events],
        is_open=competition.state is CompetitionState.REGISTERING,
        likes=list(_likes(competition)),
        tables=[
            (draft.name, table_sentence(competition, draft))
            for draft in tables_in_force(competition)
        ],
        has_tables=not competition_kind(competition).gives_verdicts,
        typed=request.form.get("name", ""),
        like=request.form.get("like", ""),
        problem=problem_of(refused),
        removed=request.args.get("removed", ""),
    )


def chosen_like(
    competition: Competition, key: str
) -> tuple[event_types.Event | None, Sequence[Unit]]:
    """The rules that a new event begins with and the units that they name.

    None for the usual two modules. Raises `KeyError` for what nobody offered.
    """
    if not key:
        return None, ()
    kind, _colon, code = key.partition(":")
    if kind == "level":
        return _level(competition, {str(grade): grade for grade in GRADES}[code]), ()
    if kind == "event":
        return {event.code: rules_of(event) for event in competition.events}[code], ()
    if kind == "template":
        offered = ((it, event) for it in templates() for event in it.bundle.events)
        return {f"{it.key}:{event.code}": (event, it.bundle.units) for it, event in offered}[code]
    raise KeyError(key)


def rules_page(
    event: Event,
    draft: RulesDraft,
    *,
    problems: Sequence[Problem] = (),
    more: str = "",
    field_words: Mapping[str, str] | None = None,
    tried: Mapping[AspectPosition, TriedMark] | None = None,
    **shown: Any,
) -> str:
    """Show the form with the draft's values.

    `more` names the list that gets further empty rows, `field_words` are sentences beside fields,
    `tried` the example's marks. `shown` are a `problem`, what was `done`, a `scheme` that was
    looked at, `moved` an earlier edition ranked anew, `reason` why rules are to be others once
    judging has begun.
    """
    rules, competition = rules_of(event), event.competition
    begun = why_rules_stay(event) is not None
    why = why_no_change(event) if begun else None
    proposes = begun and why is None
    # The form is long: what is wrong is told above too, and leads to its field.
    others = list(troubles(problems, draft))
    field_words = {it.field: it.what for it in reversed(others) if it.field} | dict(
        field_words or {}
    )
    marked = marked_in(event).sheets if proposes else {}
    newest = is_newest(competition)
    kinds = _types_offered(competition, draft)
    ranking = ranking_words(rules, draft.ranking, newest=newest)
    grades = grade_words(rules, competition, draft.grade_rules, ladder_of_draft(draft))
    terms = _terms_card(event, draft.terms) if draft.terms else None
    within = newest or any(award.within for award in draft.awards)
    return render_template(
        "organiser/rules/events/rules.html",
        competition=competition,
        event=event,
        unsaved=request.method == "POST",
        version=event.rules.number,
        base=draft.base.number if draft.base else event.rules.number,
        earlier=list(_earlier(event)),
        in_force={} if why else fields_in_force(event),
        stays=say(why),
        proposes=proposes,
        **{"reason": "", "problem": None, "done": None, "scheme": None, "moved": None} | shown,
        lacking=vacant_seats(competition) if proposes else [],
        changes=[change_line(change) for change in rule_changes(event)],
        terms=terms,
        example=None if draft.terms else example_card(event, draft, tried or {}),
        problems=field_words,
        others=others,
        steps=step_views(
            event,
            draft,
            terms=terms,
            wrong=field_words,
            faults=words_by_step(others),
            more=more,
            stays=why is not None,
        ),
        draft=draft,
        occupation_hints=_hints(draft),
        stages=StageForm(
            event=event,
            rules=rules,
            stages=draft.stages,
            more=more,
            words=ranking,
            wrong=field_words,
            adds=why is None,
            marked=marked,
        ).views(),
        ties=[*draft.ties, *([] if why else [""])],
        tie_choices=tie_groups(rules, tie_keys(draft)),
        near_ties=[] if why else near_ties(rules, draft.ties),
        team_ties=[*draft.ranking.team_ties, *([] if why else [""])],
        ranking_choices=_choices(ranking),
        folds={
            name: (keys, said(draft.ranking, keys, ranking))
            for name, keys in (("ties", OF_TIES), ("teams", OF_TEAMS))
        },
        items=item_views(draft.items, 0 if why else 3 if more == "items" else 1, adds=why is None),
        item_choices=choices(item_words(rules, draft.items)),
        awards=award_views(
            draft.awards, field_words, 0 if why else 3 if more == "awards" else 1, newest=within
        ),
        award_choices=_choices(award_words(newest=newest)),
        grade_choices=list(_grade_choices(rules, competition.level)),
        grade_rules=grade_views(
            draft.grade_rules, field_words, int(more == "grades"), grades, adds=why is None
        ),
        grade_words=_choices(grades),
        asked_fields={
            "awards": _asked_fields(AwardDraft),
            "grades": _asked_fields(GradeDraft),
            "ranking": _asked_fields(RankingDraft),
        },
        ladder=ladder_card(event, draft, why_rules_stay(event)),
        types=type_choices(kinds),
        own_fields=_own_fields(competition, kinds),
        asks_newest=newest,
        longest_name=LONGEST_EVENT_NAME,
    )


def _choices(words: Words) -> Choices:
    return {name: choices(listed) for name, listed in words.items()}


def _asked_fields(kind: type[Draft]) -> list[dict[str, Any]]:
    """List the possible fields, in the order of the form."""
    return [
        {
            "key": key,
            "name": field.name,
            "about": field.name.partition(".")[0],
            "input": "choice" if field.choices and field.input == "number" else field.input,
            "label": say(field.label or ""),
            "hint": say(field.hint),
            "choices": field.choices,
            "usual": field.usual or "" if isinstance(field, UnsaidField) else "",
        }
        for key, field in rule_fields(kind).items()
    ]


def _terms_card(event: Event, draft: TermsDraft) -> dict[str, Any]:
    """Build the card of the chosen grade and conditions of application."""
    rules, starts = rules_of(event), event.competition.starts
    offered = {row.key: row.name for row in find_editions()}
    if taken := edition_of(rules):
        offered.setdefault(*taken)
    if draft.conditions == OWN_LINES:
        offered[OWN_LINES] = _("文件里自己写的")
    return {
        "draft": draft,
        "grades": [Choice(value=str(grade), label=say(grade_label(grade))) for grade in GRADES],
        "conditions": [
            *choices(offered),
            Choice(value="", label=_("不看条件")),
        ],
        "lines": [line.cite or line.code for line in rules.apply],
        "unconfirmed": bool(unconfirmed_editions([rules])),
        "differs": edition_differs(rules),
        "usual_day": str(starts) if starts else "",
    }


STEP = timedelta(minutes=10)
"""A version that stood shorter was a step on the way to the next."""


def _earlier(event: Event) -> Iterator[Choice]:
    before = list(pairwise(event.versions))
    # Saved as they are typed, versions that stood for minutes were steps to the next.
    kept = [old for old, new in before if new.made_at - old.made_at > STEP or old.number == 1]
    for version in reversed(kept):
        url = url_for(
            "organiser.event_rules",
            code=event.competition.code,
            event=event.code,
            base=version.number,
        )
        label = _("第 %(n)s 版，%(at)s", n=version.number, at=moment(version.made_at))
        yield Choice(value=url, label=label)


def _hints(draft: RulesDraft) -> list[str]:
    if not (draft.occupation_code or draft.occupation_name):
        return []
    occupation = event_types.Occupation(code=draft.occupation_code, name=draft.occupation_name)
    return [say(hint) for hint in occupation_hints(occupation)]


_EventRow = tuple[Event, event_types.Occupation | None, list[str], str, str, int]


def _event_row(event: Event) -> _EventRow:
    """An event's occupation with what the catalogue says against it, its modules, what their
    weights add up to where that is odd, and how many take part."""
    rules = rules_of(event)
    occupation = rules.occupation
    weights = () if rules.verdict else (stage.odd_weight for stage in rules.stages)
    odd = [weight for weight in weights if weight is not None]
    return (
        event,
        occupation,
        [say(hint) for hint in occupation_hints(occupation)],
        event_shares(rules),
        plain(odd[0]) if odd else "",
        entrants_in(event),
    )


def _level(competition: Competition, level: int) -> event_types.Event:
    """The usual rules of a level, of the occupation and with the conditions of the others."""
    others = [rules_of(event) for event in competition.events]
    occupation = next((it.occupation for it in others if it.occupation), None)
    if occupation is None:
        raise KeyError(level)
    taken = next((edition for it in others if (edition := edition_of(it))), ("", ""))
    return checked_rules(competition, level_tree(occupation, level, taken[0]))


def _likes(competition: Competition) -> Iterator[Choice]:
    copied = [
        Choice(value=f"event:{event.code}", label=_("抄“%(name)s”", name=event.name))
        for event in competition.events
    ]
    if competition_kind(competition).gives_verdicts:
        there = {rules_of(event).grade for event in competition.events}
        for grade in sorted(set(GRADES) - there, reverse=True):
            yield Choice(value=f"level:{grade}", label=say(grade_label(grade)))
        yield from copied
        return
    yield Choice(value="", label=_("理论 20%、实操 80%，每样一行"))
    yield from copied
    for template in templates():
        for event_rules in template.bundle.events:
            yield Choice(
                value=f"template:{template.key}:{event_rules.code}",
                label=_("模板“%(name)s”", name=event_rules.name),
            )


def _grade_choices(rules: event_types.Event, level: str) -> Iterator[Choice]:
    """List the choices of grades: the present ones, none, or a pack, those for this level first."""
    yield Choice(value=KEPT_RULES, label=_("照下面写的，没有写就不晋升"))
    if rules.grades:
        yield Choice(value="", label=_("不晋升，下面的都去掉"))
    packs = [pack for pack in all_packs() if isinstance(pack, GradePack)]
    for pack in sorted(packs, key=lambda it: not _is_for(it, level)):
        yield Choice(value=pack.name, label=pack.title)


def _is_for(pack: GradePack, level: str) -> bool:
    return any(level in rule.when.levels for rule in pack.rules)


def _types_offered(competition: Competition, draft: RulesDraft) -> list[AspectType]:
    """The types of aspects that the competition's file can say, and those that the draft has."""
    known = type_in(dialect_of(competition.format, competition.kind), AspectType)
    used = {it.type for stage in draft.stages for module in stage.modules for it in module.aspects}
    return [it for it in AspectType if it.value in {*known, *used}]


def _own_fields(competition: Competition, kinds: Iterable[AspectType]) -> list[list[FormField]]:
    """The fields of each type, without what the competition's file cannot say."""
    unknown = lacking(dialect_of(competition.format, competition.kind), Aspect)
    return [[it for it in class_of(kind).fields if it.key not in unknown] for kind in kinds]


def type_choices(kinds: Iterable[AspectType] = AspectType) -> list[Choice]:
    """The types of aspects in people's words."""
    words = type_words()
    return [Choice(value=kind.value, label=words[kind]) for kind in kinds]
