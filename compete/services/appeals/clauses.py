"""规则怎么说: what the rules say of the matter, clause by clause, with the telling words lit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from compete.domain.aspects.kinds import type_title
from compete.domain.aspects.types import Aspect, AspectType
from compete.domain.explanation.telling import Part, numbered, telling_parts
from compete.domain.values.messages import Message, Translate, listed, msg
from compete.models import Appeal
from compete.services.kernel.competition_settings import settings_of
from compete.services.sheets.wording import rule_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One rule: its number or what it is about, and its text in parts."""

    label: str
    parts: Sequence[Part]


def clauses_of(
    appeal: Appeal, aspect: Aspect | None, translate: Translate | None = None
) -> list[Clause]:
    """How the aspect is marked, and what may be appealed at all."""
    asked = "\n".join([appeal.matter, *(row.words for row in appeal.evidence if row.words)])
    found = []
    if aspect is not None:
        for line in rule_text(aspect, translate).splitlines():
            if line:
                number, said = numbered(line)
                label = number or aspect.standard or aspect.name
                found.append(Clause(label=label, parts=telling_parts(said, asked)))
    if what := _appealable(appeal):
        label = settings_of(appeal.competition).appeals.clause.strip()
        label = label or msg("申诉办法").render(translate)
        found.append(Clause(label=label, parts=[Part(what.render(translate), lit=False)]))
    return found


def _appealable(appeal: Appeal) -> Message | None:
    barred = settings_of(appeal.competition).appeals.barred
    if not barred:
        return None
    titles = listed([type_title(AspectType(each)) for each in barred])
    return msg("%(types)s的评分点不受理申诉，其余的可以申诉", types=titles)
