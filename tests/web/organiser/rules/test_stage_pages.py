"""Stages and parts in the form of rules: added in one save, refused at their fields, taken away."""

from __future__ import annotations

from flask import Flask

from compete.models import Account
from compete.services.kernel.event_rules import rules_of
from tests.support.signing_in import signed_in
from tests.web.organiser.rules.test_event_pages import add, draft, event_of, fields, refused_at


def test_a_stage_before_each_is_added_one_after_the_other(
    app: Flask, here: Flask, organiser: Account
) -> None:
    draft(organiser)
    desk = signed_in(app, organiser)
    place = add(desk, "叉车司机")
    form = fields(desk.get(place).text)
    for before in ("stages[0]", "stages[1]", "stages[2]"):
        form = fields(desk.post(place, data=form | {"act": f"before:{before}"}).text)
    # Nothing was typed in them, and none is lost by the next.
    named = [form[f"stages[{n}].name"] for n in range(4)]
    assert named == ["预赛", "复赛", "半决赛", "决赛"]
    gone = desk.post(place, data=form | {"stages[2].gone": "1", "act": "before:stages[0]"})
    form = fields(gone.text)
    named = [form[f"stages[{n}].name"] for n in range(4)]
    assert named == ["初赛", "预赛", "复赛", "决赛"]


def test_a_preliminary_and_a_part_come_in_one_save(
    app: Flask, here: Flask, organiser: Account
) -> None:
    draft(organiser)
    desk = signed_in(app, organiser)
    place = add(desk, "叉车司机")
    form = fields(desk.get(place).text)
    before = desk.post(place, data=form | {"act": "before:stages[0]"}).text
    form = fields(before)
    assert (form["stages[0].was"], form["stages[1].was"]) == ("", "final")
    # The example's marks went along with their stage.
    assert 'name="try.stages[1].modules[0].aspects[0]"' in before
    more = {"stages[0].name": "预", "act": "more:stages[1].parts"}
    form = fields(desk.post(place, data=form | more).text)
    form |= {
        "stages[0].name": "预",
        "stages[0].advance.top": "１２",
        "stages[0].advance.per_unit": "4",
        "stages[0].advance.ties": "cut",
        "stages[0].modules[0].name": "初试",
        "stages[0].modules[0].weight": "100",
        "stages[0].modules[0].full": "10",
        "stages[0].modules[0].aspects[0].name": "卷面",
        "stages[0].modules[0].aspects[0].max": "10",
        "stages[1].carry.from": "0",
        "stages[1].carry.weight": "0.3",
        "stages[1].carry.own": "0.7",
        "stages[1].parts[0].name": "实操部分",
        "stages[1].parts[0].weight": "80",
        "stages[1].parts[0].full": "100",
        "stages[1].modules[1].part": "0",
        "stages[1].modules[1].weight": "1",
    }

    def refused(changed: dict[str, str], field: str, sentence: str) -> None:
        refused_at(field, sentence, desk.post(place, data=form | changed), changed)

    refused({"stages[0].modules[0].gone": "1"}, "stages[0].name", "至少要有一个模块")
    refused({"stages[0].name": ""}, "stages[0].name", "名称要写")
    refused({"stages[0].advance.top": "十二"}, "stages[0].advance.top", "十二")
    refused({"stages[1].carry.from": ""}, "stages[1].carry.from", "这里要填")
    refused({"stages[1].carry.own": ""}, "stages[1].carry.own", "这里要填")
    refused({"stages[1].carry.weight": "30"}, "stages[1].carry.weight", "30 是 30 倍")
    refused({"stages[1].carry.own": "70.5"}, "stages[1].carry.own", "写成 0.4 或者 40%")
    form["stages[1].carry.weight"] = "３０％"
    refused({"stages[1].parts[0].full": "0"}, "stages[1].parts[0].full", "0")
    refused({"stages[1].modules[1].part": ""}, "stages[1].parts[0].name", "部分里至少要有一个")
    worked = desk.post(place.replace("rules?", "rules/try?"), data=form).json
    assert worked is not None
    assert "预总成绩" in worked["worked"]
    assert "在“实操部分”里占 1" in worked["worked"]
    assert "第 2 版" in desk.post(place, data=form, follow_redirects=True).text
    first, last = rules_of(event_of("E-2026")).stages
    assert (first.code, first.name, first.modules[0].name) == ("s1", "预", "初试")
    assert first.advance is not None
    assert (first.advance.top, first.advance.per_unit, first.advance.ties.value) == (12, 4, "cut")
    assert last.carry is not None
    assert (last.carry.from_, str(last.carry.weight)) == ("s1", "0.3")
    assert [(it.code, it.part) for it in last.modules] == [("theory", None), ("practical", "p1")]
    assert (last.parts[0].name, last.parts[0].full) == ("实操部分", 100)
    codes = {module.code for stage in (first, last) for module in stage.modules}
    assert len(codes) == 3

    # A part that goes lets its modules go; a stage takes along what is carried from it.
    form = fields(desk.get(place).text)
    gone = {"stages[1].parts[0].gone": "1", "stages[0].gone": "1"}
    refused(gone, "stages[0].carry.from", "这里要填")
    none = {"stages[1].carry.weight": "", "stages[1].carry.own": ""}
    assert "第 3 版" in desk.post(place, data=form | gone | none, follow_redirects=True).text
    (left,) = rules_of(event_of("E-2026")).stages
    assert (left.code, left.carry, left.parts) == ("final", None, ())
    assert [module.part for module in left.modules] == [None, None]
