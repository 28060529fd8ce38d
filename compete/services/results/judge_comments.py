"""Judges' comments to a contestant, given with the published result to that person alone."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from compete.domain.bundle.naming import module_name
from compete.domain.values.states import HANDED_IN
from compete.models import Entrant, Sheet, db
from compete.services.kernel.public_reasons import masked_words
from compete.services.results.contestants import Verdict
from compete.services.sheets.comments import standing_comments, takes_comments


@dataclass(frozen=True, slots=True)
class ModuleComments:
    """The comments of a module's judges to a contestant; nothing tells which judge wrote which."""

    name: str
    texts: tuple[str, ...]


def comments_for(entrant: Entrant, verdict: Verdict) -> list[ModuleComments]:
    """The comments to the entrant by module, as they stood when the result was published.

    Of modules whose published rules ask for them; names in them are masked as public pages do.
    """
    asked = {
        (stage.code, module.code): module_name(verdict.rules, stage, module)
        for stage in verdict.rules.stages
        for module in stage.modules
        if takes_comments(module)
    }
    if not asked:
        return []
    sheets = db.session.scalars(
        select(Sheet)
        .where(Sheet.entrant_id == entrant.id, Sheet.state.in_(HANDED_IN))
        .order_by(Sheet.judge_id, Sheet.id)
    ).all()
    until = verdict.publication.published_at
    texts = standing_comments([sheet.id for sheet in sheets], until)
    by_module = [
        ModuleComments(
            name,
            tuple(
                masked_words(texts[sheet.id], entrant.competition)
                for sheet in sheets
                if (sheet.stage, sheet.module) == place and sheet.id in texts
            ),
        )
        for place, name in asked.items()
    ]
    return [module for module in by_module if module.texts]
