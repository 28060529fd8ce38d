"""Stages of a form of rules: their parts, modules and sheets, and what is chosen of them."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Sequence

from flask import url_for
from flask_babel import gettext as _

from compete.domain.bundle import event_types
from compete.models import Event
from compete.services.competitions.file_versions import is_newest
from compete.services.competitions.module_draft import AspectDraft, ModuleDraft
from compete.services.competitions.stage_draft import PartDraft, StageDraft
from compete.sheets.scheme_aspects import SchemeForm
from compete.web.organiser.events.shapes import (
    AspectView,
    ModuleView,
    PartView,
    RankingChoices,
    StageView,
)
from compete.web.shapes import Choice

_NO_MODULES = re.compile(r"stages\[\d+\]\.modules")


def stage_views(
    event: Event,
    rules: event_types.Event,
    stages: Sequence[StageDraft],
    more: str,
    *,
    choices: RankingChoices,
    told: Iterable[str],
    adds: bool,
    marked: Container[tuple[str, str]] = (),
) -> list[StageView]:
    """Each of them; `more` names the list that gets further empty rows, `told` wrong fields.

    `marked` are the modules, by codes of stage and module, that were marked.
    """
    in_force = {stage.code: {module.code for module in stage.modules} for stage in rules.stages}
    return [
        _stage(
            event,
            s,
            stages,
            in_force.get(stage.was, set()),
            more,
            choices,
            told,
            adds=adds,
            marked=marked,
        )
        for s, stage in enumerate(stages)
    ]


def stage_words(path: str) -> str | None:
    """What is wrong at this place of a file, in the words of the form; None for other places."""
    if _NO_MODULES.fullmatch(path):
        return _("赛段里至少要有一个模块")
    return None


def _stage(
    event: Event,
    s: int,
    stages: Sequence[StageDraft],
    in_force: set[str],
    more: str,
    choices: RankingChoices,
    told: Iterable[str],
    *,
    adds: bool,
    marked: Container[tuple[str, str]],
) -> StageView:
    path, draft = f"stages[{s}]", stages[s]
    # A stage without any shows where the first is written.
    wants_one = more == f"{path}.modules" or (adds and not draft.modules)
    modules = [*draft.modules, *([ModuleDraft()] if wants_one else [])]
    parts = [*draft.parts, *([PartDraft()] if more == f"{path}.parts" else [])]
    last = s == len(stages) - 1
    return StageView(
        path=path,
        draft=draft,
        carries=s > 0 or bool(draft.carry_weight or draft.carry_own),
        sends_on=not last or bool(draft.top or draft.per_unit),
        parts=[PartView(path=f"{path}.parts[{n}]", draft=part) for n, part in enumerate(parts)],
        part_choices=_numbered(
            _("不属于部分"), [part.name or _("部分 %(n)s", n=n) for n, part in enumerate(parts, 1)]
        ),
        carry_choices=_numbered(
            _("不带"), [it.name or _("赛段 %(n)s", n=n) for n, it in enumerate(stages[:s], 1)]
        ),
        tie_choices=[
            Choice(value="include", label=_("都进")),
            Choice(
                value="cut",
                label=_("名额不够就都不进，加赛或抽签分")
                if is_newest(event.competition)
                else _("按编号取满"),
            ),
        ],
        modules=[
            _module(
                f"{path}.modules[{m}]",
                module,
                more,
                choices,
                told,
                sheets=_sheets(event, draft.was, module.was) if module.was in in_force else [],
                adds=adds,
                marked=(draft.was, module.was) in marked,
            )
            for m, module in enumerate(modules)
        ],
        gone_too=bool(draft.was or draft.name) and not last and adds,
    )


def _numbered(none: str, names: Sequence[str]) -> list[Choice]:
    return [
        Choice(value="", label=none),
        *(Choice(value=str(n), label=name) for n, name in enumerate(names)),
    ]


def _module(
    path: str,
    draft: ModuleDraft,
    more: str,
    choices: RankingChoices,
    told: Iterable[str],
    *,
    sheets: Sequence[Choice],
    adds: bool,
    marked: bool,
) -> ModuleView:
    blank = (5 if more == f"{path}.aspects" else 2) if adds and not marked else 0
    return ModuleView(
        path=path,
        draft=draft,
        judges_added=draft.combine == "sum",
        aspects=[
            AspectView(path=f"{path}.aspects[{a}]", draft=row)
            for a, row in enumerate((*draft.aspects, *[AspectDraft()] * blank))
        ],
        marked=marked,
        sheets=sheets,
        more=list(_more(draft, choices)),
        opens=more == f"{path}.aspects"
        or any(name.startswith((f"{path}.aspects", f"{path}.scheme")) for name in told),
    )


def _more(module: ModuleDraft, choices: RankingChoices) -> Iterator[str]:
    """What is said of a module's panel beyond its sentence."""
    if module.pass_:
        yield _("%(n)s 分合格", n=module.pass_)
    for said, usual, offered in (
        (module.combine, "mean", choices.combine),
        (module.at, "sheet", choices.at),
        (module.reduced, "same", choices.reduced),
    ):
        if said not in (None, usual):
            yield next((it.label for it in offered if it.value == said), str(said))
    if module.min:
        yield _("至少 %(n)s 张评分表", n=module.min)


def _sheets(event: Event, stage: str, module: str) -> list[Choice]:
    labels = {
        SchemeForm.TRADE: _("四列的表（项目、考核要点、配分、评分标准）"),
        SchemeForm.COLUMNS: _("11 列的表（Sub Criteria、M、J）"),
    }
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
        for form, label in labels.items()
    ]
