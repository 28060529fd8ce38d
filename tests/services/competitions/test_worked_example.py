"""A made-up contestant's marks under a draft of rules: the scorer's word, and what it takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from compete.models import Competition
from compete.services.competitions.worked_example import TriedMark as T
from compete.services.competitions.worked_example import usual_mark, work_example
from compete.services.rules.rules_saving import draft_in_force
from tests.support.small import small
from tests.web.organiser.rules.test_scheme_pages import of_every_type

OF_EVERY_TYPE = {
    (0, 0, place): mark
    for place, mark in enumerate(
        [
            T("7.5"),
            T("3"),
            T("2"),
            T("1"),
            T("1"),
            T("yes"),
            T("-2"),
            T("110.25"),
            T("9", "12"),
        ]
    )
}
# 7.5 + 10·3/4 + 10·2/3 + (10−2.5) + 2·10/2 + 10 + 4 + 10·50.25/100.5 + 10·9/12, worked out by hand
BY_HAND = "65.67"


def test_every_type_counts_as_the_scorer_counts_it(load: Callable[..., Competition]) -> None:
    (event,) = load(of_every_type()).events
    draft = draft_in_force(event)
    worked = work_example(event, draft, OF_EVERY_TYPE)
    (stage,) = worked.stages
    assert (worked.problems, worked.notes, stage.was) == ({}, [], None)
    assert [(it.name, it.full, it.now) for it in stage.modules] == [("实操", "100", BY_HAND)]
    assert stage.now == BY_HAND
    steps_text = "\n".join(f"{depth} {text}" for depth, text in worked.steps)
    for words in ("评 3 档：7.5 = 10 × 3 ÷ 4", "7.5 = 10 − 1 × 2.5", "最好 12", f"实操：{BY_HAND}"):
        assert words in steps_text, words
    assert "名" not in steps_text.replace("名裁判", "")
    # What is usual is taken by every type, and by the draft as it is after a change.
    aspects = draft.stages[0].modules[0].aspects
    usual = {(0, 0, place): usual_mark(row) for place, row in enumerate(aspects)}
    assert work_example(event, draft, usual).stages[0].now is not None
    (stage,) = draft.stages
    (module,) = stage.modules
    module = replace(module, aspects=(replace(aspects[0], max="20"), *aspects[1:]))
    wider = replace(draft, stages=(replace(stage, modules=(module,)),))
    both = work_example(event, wider, OF_EVERY_TYPE)
    assert (both.stages[0].was, both.stages[0].modules[0].was) == (BY_HAND, BY_HAND)
    assert both.stages[0].now == "59.70"  # the same marks out of 110
    assert "加起来是 110" in str(both.notes[0])


def test_judges_who_differ_and_what_nobody_can_mean(load: Callable[..., Competition]) -> None:
    (event,) = load(small()).events
    draft = draft_in_force(event)
    marks = {(0, 0, 0): T("50, 40"), (0, 0, 1): T("1 ２"), (0, 0, 2): T("no"), (0, 1, 0): T("60")}
    worked = work_example(event, draft, marks)
    # (50 + 25 and 40 + 20) ÷ 2, of 100, at 60 per cent; 100 at 40.
    assert [module.now for module in worked.stages[0].modules] == ["67.50", "100.00"]
    assert worked.stages[0].now == "80.50"
    for mark, why in ((T("70"), "0 到 60"), (T("四十"), "不是数"), (T("1 2 3"), "只有 2 名裁判")):
        refused = work_example(event, draft, {**marks, (0, 0, 0): mark})
        assert why in str(refused.problems[0, 0, 0]), mark
        assert list(refused.problems) == [(0, 0, 0)]
        assert refused.stages == ()
    half = work_example(event, draft, {(0, 1, 0): T("60")})
    assert [module.now for module in half.stages[0].modules] == [None, "100.00"]
    assert half.stages[0].now is None
    bad = replace(draft.stages[0].modules[0], weight="很多")
    stage = replace(draft.stages[0], modules=(bad, draft.stages[0].modules[1]))
    example = work_example(event, replace(draft, stages=(stage,)), marks)
    assert (example.stages, str(example.notes[0])) == ((), "规则还有 1 处要改，改好了才能试算")
    # A mistake in what has no part in the total keeps nobody from trying.
    odd = replace(draft, ties=("module:none",), name="", grades="none")
    assert work_example(event, odd, marks).stages[0].now == "80.50"
