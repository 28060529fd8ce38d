"""One name for a module, whoever prints it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from compete.domain import read_bundle
from compete.domain.bundle.naming import name_in_stage
from compete.sheets.results_workbook.score_columns import score_titles
from tests.domain.scoring.build import event, mark, module, stage
from tests.support.small import small


def contest(second: dict[str, Any]) -> Any:
    plain = small([mark("P1", "50", stage_code="A")])
    first = stage(module(), code="A", advance={"top": 2})
    plain["events"] = [event(first, stage(second, code="B"))]
    return read_bundle(json.dumps(plain).encode()).events[0]


@pytest.mark.parametrize(
    ("second", "names"),
    [("模块m", ["赛段A 模块m", "赛段B 模块m"]), ("实操", ["模块m", "实操"])],
)
def test_a_stage_is_named_only_where_another_has_a_module_of_that_name(
    second: str, names: list[str]
) -> None:
    the_event = contest(module() | {"name": second})
    stages = zip(the_event.stages, ("模块m", second), strict=True)
    assert [
        name_in_stage(the_event, stage_there.code, name) for stage_there, name in stages
    ] == names
    # The heads of a workbook's columns are these, not names of their own.
    assert [head for head in score_titles(the_event) if isinstance(head, str)] == names
