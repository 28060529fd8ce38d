"""Sheets handed in without their pages, as a tablet sends them: the walk has been through one."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

from compete.domain.aspects.types import Aspect
from compete.models import Sheet
from compete.services.accounts.accounts import account_of_judge
from compete.services.judging.act_intake import take_acts
from compete.services.kernel.event_rules import module_of_sheet
from compete.services.sheets.act_rules import ActIn


def hand_in(sheet: Sheet, value_of: Callable[[Aspect], str]) -> None:
    """Give each aspect its value and submit."""

    def act(kind: str, aspect: str | None = None, value: str | None = None) -> ActIn:
        uuid = str(uuid4())
        return ActIn(uuid=uuid, sheet=sheet.public_id, kind=kind, aspect=aspect, value=value)

    acts = [act("mark", aspect.code, value_of(aspect)) for aspect in module_of_sheet(sheet).aspects]
    by = account_of_judge(sheet.judge, sheet.entrant.event.competition, None)
    refused = take_acts(sheet.judge, [*acts, act("submit")], by).refused
    assert not refused, [str(why) for _act, why in refused]
