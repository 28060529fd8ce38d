"""The stages of an organisation's loop (三位一体, 五位一体): its own names for what a year has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import msgspec
from sqlalchemy import select

from compete.domain.values.messages import msg
from compete.models import Account, Competition, Organisation, db
from compete.services.directory.organisations import claim_organisation
from compete.services.kernel import audit
from compete.services.kernel.fields import Setting
from compete.services.kernel.transactions import unit_of_work

_MOST = 12


class LoopStages(msgspec.Struct, frozen=True, kw_only=True):
    """What an organisation calls each stage, in the loop's order; None for no stage of it."""

    practice: Annotated[str | None, Setting(msg("练习叫什么"), most=_MOST)] = None
    contest: Annotated[str | None, Setting(msg("竞赛叫什么"), most=_MOST)] = None
    exam: Annotated[str | None, Setting(msg("理论考试叫什么"), most=_MOST)] = None
    evaluation: Annotated[str | None, Setting(msg("等级认定叫什么"), most=_MOST)] = None
    promotion: Annotated[str | None, Setting(msg("晋升叫什么"), most=_MOST)] = None


def stages_of(organisation: Organisation) -> LoopStages:
    """The stages that an organisation has named."""
    return msgspec.convert(organisation.stages or {}, LoopStages)


def name_stages(organisation: Organisation, stages: LoopStages, by: Account) -> bool:
    """Name them anew; whether anything is another now. Raises `Refused` where others use it too."""
    with unit_of_work():
        claim_organisation(organisation, by)
        after = {key: name for key, name in msgspec.to_builtins(stages).items() if name}
        before = organisation.stages or {}
        if before == after:
            return False
        organisation.stages = after or None
        audit.record(
            None,
            by,
            "organisation.stages",
            str(organisation.id),
            before=dict(before),
            after={"name": organisation.name, **after},
        )
    return True


def stages_for(competitions: Sequence[Competition]) -> tuple[Organisation, LoopStages] | None:
    """The organisation whose stages these competitions go through: who hosts most of them.

    Where none of those that named stages hosts any, it is the one that did, if it is alone.
    """
    query = select(Organisation).where(
        Organisation.stages.is_not(None), Organisation.merged_into_id.is_(None)
    )
    named = list(db.session.scalars(query.order_by(Organisation.id)))
    hosted = [sum(it.host == row.name for it in competitions) for row in named]
    if not named or (len(named) > 1 and not any(hosted)):
        return None
    chosen = named[max(range(len(named)), key=lambda at: hosted[at])]
    return chosen, stages_of(chosen)
