"""The steps of the form of rules: each in a sentence, with its doubts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from compete.domain.awards.dealing import award_number
from compete.domain.bundle.event_types import Award
from compete.domain.bundle.packs.named import all_packs
from compete.domain.grades.ladder import Ladder, grade_label
from compete.domain.values.kinds import AwardRound
from compete.domain.values.numerals import number_in_text
from compete.models import Event
from compete.services.competitions.event_setup import entrants_in
from compete.services.competitions.set_up import earlier_draft
from compete.services.kernel.event_rules import rules_of
from compete.services.rules.rules_draft import (
    KEPT_RULES,
    AwardDraft,
    GradeDraft,
    RulesDraft,
)
from compete.services.rules.stage_draft import (
    ModuleDraft,
    PartDraft,
    StageDraft,
)
from compete.web.language import say
from compete.web.organiser.earlier import earlier_of
from compete.web.organiser.rules.events.choice_words import rank_starts, tie_groups
from compete.web.organiser.rules.events.ladder_fields import ladder_of_draft
from compete.web.shapes import Choice
from compete.web.templating import plain

_FIGURE = re.compile(r"(\d[\d.]*\s?%?)")
_SHEET = re.compile(r"\.(aspects|panel|full|pass|scheme|review|comments)\b")
_OTHERS = ("name", "blind", "occupation", "items", "team_ranking", "unit_ranking", "scale")
_TERMS = ("grade", "cite", "on", "carry_months", "conditions")
_WHOLE = 100


def step_views(
    event: Event,
    draft: RulesDraft,
    *,
    terms: dict[str, Any] | None,
    faults: Mapping[str, Sequence[str]],
    wrong: Iterable[str] = (),
    more: str = "",
    stays: bool = False,
) -> dict[str, dict[str, Any]]:
    """Return the steps by their keys; one is open, or all with a `wrong` field.

    `faults` are sentences about what cannot be saved, by step. `more` is the list that gets
    further rows, or the field that was just changed.
    """
    earlier = earlier_of(event.competition)
    before = earlier_draft(event, earlier) if earlier else None
    sentences, was = (
        _sentences(event, draft, terms),
        _sentences(event, before, None) if before else {},
    )
    doubts = _doubts(draft)
    for key, lines in faults.items():
        doubts.setdefault(key, []).extend(lines)
    opened = {step_of(name) for name in wrong} or ({step_of(more)} if more else set())
    waiting = (key for key, words in sentences.items() if doubts.get(key) or not words)
    first = next(waiting, "") if not opened else ""
    facts = {"awards": _rounding(draft.awards, entrants_in(event))}
    return {
        key: {
            "key": key,
            "number": n,
            "title": _titles()[key],
            "words": _FIGURE.split(words or _unsaid(key)),
            "state": "locked"
            if stays
            else "doubt"
            if doubts.get(key)
            else "empty"
            if not words or (key == "others" and not draft.occupation_name)
            else "other"
            if was.get(key, words) != words
            else "done",
            "before": was[key] if was.get(key, words) != words else "",
            "doubts": doubts.get(key, []),
            "facts": facts.get(key, []),
            "opens": key in opened or key == first,
            "stuck": len(opened) > 1 and key in opened,
        }
        for n, (key, words) in enumerate(sentences.items(), 1)
    }


def step_of(field: str) -> str:
    """Return the step that the field, the list or the place in a file belongs to."""
    head = re.split(r"[.\[]", field, maxsplit=1)[0]
    if head == "stages":
        inside = ".modules" in field and _SHEET.search(field)
        return "sheets" if inside else "stages"
    if head in _TERMS:
        return "terms"
    if head in _OTHERS:
        return "others"
    named = {"ranking": "ties", "rounding": "ties", "tie": "ties", "ladder": "grades"}
    return named.get(head, head)


def _titles() -> Mapping[str, str]:
    return {
        "stages": _("赛段"),
        "sheets": _("评分表"),
        "ties": _("同分"),
        "awards": _("奖项"),
        "grades": _("晋升"),
        "terms": _("等级"),
        "others": _("别的"),
    }


def _sentences(event: Event, draft: RulesDraft, terms: dict[str, Any] | None) -> dict[str, str]:
    """Put each step into a sentence, in order; empty if nothing is said."""
    sentences = {
        "stages": _("；").join(_stage(it, draft.stages) for it in draft.stages),
        "sheets": _("；").join(
            _sheet(module, name)
            for stage in draft.stages
            for module, name in zip(stage.modules, stage.module_names, strict=True)
            if name
        ),
    }
    if draft.terms:
        words = [it for it in _choice_labels(terms) if it] if terms else []
        return sentences | {"terms": _("，").join(words), "others": _others(draft)}
    rules = rules_of(event)
    groups = tie_groups(rules, draft.ties)
    ties = {it.value: it.label for group in groups for it in group.options}
    return sentences | {
        "ties": _("，").join((*(ties[key] for key in draft.ties), _("还一样就并列"))),
        "awards": _("、").join(_award(award) for award in draft.awards if award.name),
        "grades": _promotion(draft),
        "others": _others(draft),
    }


def _unsaid(key: str) -> str:
    return {"awards": _("没有奖项"), "grades": _("不晋升")}.get(key, _("没填"))


def _counted(stage: StageDraft) -> list[ModuleDraft | PartDraft]:
    """List the parts of a stage's total."""
    return [*stage.parts, *(module for module in stage.modules if module.part is None)]


def _stage(stage: StageDraft, stages: Sequence[StageDraft]) -> str:
    shares = [
        _("%(name)s %(weight)s 分", name=it.name, weight=it.weight)
        if it.weight and stage.in_points
        else _("%(name)s %(weight)s%%", name=it.name, weight=it.weight)
        if it.weight
        else it.name
        for it in _counted(stage)
        if it.name
    ]
    words = _("、").join(shares)
    for part in stage.parts:
        if part.take:
            words = _(
                "%(shares)s，%(name)s取最好的 %(n)s 次", shares=words, name=part.name, n=part.take
            )
    if len(stages) == 1:
        return _("只有%(stage)s，%(shares)s", stage=stage.name, shares=words)
    if stage.top:
        words = _("%(shares)s，前 %(n)s 名进下一赛段", shares=words, n=stage.top)
    return _("%(stage)s：%(shares)s", stage=stage.name, shares=words)


def _sheet(module: ModuleDraft, name: str) -> str:
    rows = [row for row in module.aspects if not row.is_blank]
    words = _("%(name)s %(n)s 项 %(full)s 分", name=name, n=len(rows), full=module.full)
    if module.size not in ("", "1"):
        words = _("%(sheet)s，每人 %(n)s 名裁判", sheet=words, n=module.size)
    if module.max_spread:
        words = _("%(sheet)s，差 %(n)s 分以上重评", sheet=words, n=module.max_spread)
    return words


def _award(award: AwardDraft) -> str:
    if award.percent:
        return _("%(name)s %(weight)s%%", name=award.name, weight=award.percent)
    return _("%(name)s %(n)s 名", name=award.name, n=award.top)


def _promotion(draft: RulesDraft) -> str:
    if draft.grades != KEPT_RULES:
        titles = {pack.name: pack.title for pack in all_packs()}
        return titles.get(draft.grades, "")
    ladder, starts = ladder_of_draft(draft), rank_starts(draft.grade_rules)
    rules = zip(draft.grade_rules, starts, strict=True)
    return _("，").join(words for rule, start in rules if (words := _rise(rule, start, ladder)))


def _rise(rule: GradeDraft, start: int, ladder: Ladder) -> str:
    if start > 1:
        who = _("第 %(first)s 到 %(last)s 名", first=start, last=rule.max_rank)
    elif rule.max_rank:
        who = _("前 %(n)s 名", n=rule.max_rank)
    elif rule.top_percent:
        who = _("前 %(n)s%%", n=rule.top_percent)
    else:
        who = rule.cite or _("符合条件的")
    given = rule.floor if rule.up else rule.to
    if given.isdecimal() and ladder.of_grade(int(given)):
        grade = say(grade_label(int(given), ladder))
        if rule.up:
            return _("%(who)s升%(grade)s，已是的升 %(n)s 级", who=who, grade=grade, n=rule.up)
        return _("%(who)s升%(grade)s", who=who, grade=grade)
    if rule.up:
        return _("%(who)s升 %(n)s 级", who=who, n=rule.up)
    return _("%(who)s：%(titles)s", who=who, titles=_("、").join(rule.titles.splitlines()))


def _choice_labels(terms: dict[str, Any]) -> Iterator[str]:
    for choices, value in (
        (terms["grades"], terms["draft"].grade),
        (terms["conditions"], terms["draft"].conditions),
    ):
        yield _label(choices, value)


def _label(choices: Sequence[Choice], value: str) -> str:
    return next((it.label for it in choices if it.value == value), "")


def _others(draft: RulesDraft) -> str:
    """Name the settings that nine in ten never touch, with those that are set."""
    words = [draft.occupation_name or _("职业没填")]
    if draft.blind:
        words.append(_("盲评"))
    if draft.ranking.best:
        words.append(_("团体取 %(n)s 名", n=draft.ranking.best))
    if draft.items:
        words.append(_("单项 %(n)s 个", n=len(draft.items)))
    return _("、").join(words)


def _doubts(draft: RulesDraft) -> dict[str, list[str]]:
    """Return the doubts about each step, as sentences."""
    doubts: dict[str, list[str]] = {"stages": [], "sheets": [], "awards": [], "grades": []}
    for stage in draft.stages:
        if not draft.terms:
            _add(doubts["stages"], _weights(stage))
        for module in stage.modules:
            _add(doubts["sheets"], _points(module))
    for award in draft.awards:
        if award.name and not (award.top or award.percent):
            doubts["awards"].append(_("“%(name)s”给几个人没写", name=award.name))
    rules = zip(draft.grade_rules, rank_starts(draft.grade_rules), strict=True)
    for rule, start in rules:
        if start > 1 and int(rule.max_rank) < start:
            doubts["grades"].append(_("第 %(n)s 名在两句里", n=rule.max_rank))
    return doubts


def _add(words: list[str], word: str) -> None:
    if word:
        words.append(word)


def _weights(stage: StageDraft) -> str:
    weights = [number_in_text(it.weight) or Decimal(0) for it in _counted(stage)]
    total = sum(weights, Decimal(0))
    if total == _WHOLE or stage.in_points:
        return ""
    return _("“%(stage)s”的权重合计 %(sum)s%%，应当是 100%%", stage=stage.name, sum=plain(total))


def _points(module: ModuleDraft) -> str:
    rows = [row for row in module.aspects if not row.is_blank]
    points = [
        (number_in_text(row.max) or Decimal(0)) * (number_in_text(row.factor) or 1) for row in rows
    ]
    times = int(module.size) if module.combine == "sum" and module.size.isdecimal() else 1
    total, full = sum(points, Decimal(0)) * times, number_in_text(module.full)
    if full is None or total == full or not module.name:
        return ""
    return _(
        "“%(module)s”的配分合计 %(sum)s，满分 %(full)s",
        module=module.name,
        sum=plain(total),
        full=plain(full),
    )


def _rounding(awards: Iterable[AwardDraft], people: int) -> list[str]:
    """Work the shares out in people, with so many entered."""
    lines = []
    for award in awards:
        percent = number_in_text(award.percent)
        if not people or percent is None or award.scope != "entrants":
            continue
        least = int(award.at_least) if award.at_least.isdecimal() else 0
        whole = Award(
            code="x",
            name=award.name,
            ratio=percent / _WHOLE,
            round=AwardRound(award.round),
            at_least=least,
        )
        lines.append(
            _(
                "%(award)s：%(people)s × %(percent)s%% = %(share)s，取 %(n)s 人",
                award=award.name,
                people=people,
                percent=plain(percent),
                share=plain(percent * people / _WHOLE),
                n=award_number(whole, people),
            )
        )
    return lines
