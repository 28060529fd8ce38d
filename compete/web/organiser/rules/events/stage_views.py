"""Stages of a form of rules: their parts, modules and sheets, and what is chosen of them."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from compete.domain.bundle import event_types
from compete.models import Event
from compete.services.competitions.file_versions import is_newest
from compete.services.competitions.stage_draft import (
    AspectDraft,
    ModuleDraft,
    PartDraft,
    StageDraft,
)
from compete.sheets.scheme_aspects import SchemeForm
from compete.web.organiser.rules.events.shapes import Words
from compete.web.shapes import Choice, choices

_NO_MODULES = re.compile(r"stages\[\d+\]\.modules")


@dataclass(frozen=True, slots=True, kw_only=True)
class StageForm:
    """The stages of a draft; `more` names the list that gets further empty rows.

    `told` are wrong fields, `marked` the modules, by codes of stage and module, that were marked,
    `adds` whether anything can be added.
    """

    event: Event
    rules: event_types.Event
    stages: Sequence[StageDraft]
    more: str
    words: Words
    told: Iterable[str]
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
            "more": list(_more(draft, self.words)),
            "opens": wants_rows
            or any(name.startswith((f"{path}.aspects", f"{path}.scheme")) for name in self.told),
        }


def stage_fault(path: str) -> str | None:
    """Explain a fault at this place of a file in the form's words; None for other places."""
    if _NO_MODULES.fullmatch(path):
        return _("赛段里至少要有一个模块")
    return None


def _numbered(none: str, names: Sequence[str]) -> list[Choice]:
    return [
        Choice(value="", label=none),
        *(Choice(value=str(n), label=name) for n, name in enumerate(names)),
    ]


def _more(module: ModuleDraft, words: Words) -> Iterator[str]:
    """List the parts of a module's panel beyond its sentence."""
    if module.pass_:
        yield _("%(n)s 分合格", n=module.pass_)
    for said, usual, offered in (
        (module.combine, "mean", words["combine"]),
        (module.at, "sheet", words["at"]),
        (module.reduced, "same", words["reduced"]),
    ):
        if said not in (None, usual):
            yield offered.get(str(said), str(said))
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
