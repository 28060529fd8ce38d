"""Grade rules in the form of rules: written one by one, refused at their fields, taken away."""

from __future__ import annotations

from flask import Flask

from compete.models import Account
from compete.services.kernel.event_rules import rules_of
from tests.support.every_rule import LONG
from tests.support.signing_in import signed_in
from tests.web.organiser.rules.test_event_pages import add, draft, event_of, fields, refused_at


def test_a_rule_is_written_changed_and_taken_away(
    app: Flask, here: Flask, organiser: Account
) -> None:
    draft(organiser)
    desk = signed_in(app, organiser)
    place = add(desk, "叉车司机")
    form = fields(desk.get(place).text) | {"act": "more:grades"}
    empty = fields(desk.post(place, data=form).text)
    assert "和原来一样" in desk.post(place, data=empty, follow_redirects=True).text
    form = empty | {
        "grades[0].cite": LONG,
        "grades[0].grant.up": "１",
        "grades[0].grant.floor": "4",
        "grades[0].grant.titles": "能\n" + LONG,
        "grades[0].when.max_rank": "3",
        "grades[0].when.top_percent": "10%",
        "grades[0].when.groups.worker": "1",
        "grades[0].when.levels.municipal": "1",
    }

    def refused(changed: dict[str, str], field: str, sentence: str) -> None:
        refused_at(field, sentence, desk.post(place, data=form | changed), changed)

    refused({"grades[0].grant.to": "3"}, "grades[0].grant.to", "只写一样")
    none = {"grades[0].grant.up": "", "grades[0].grant.titles": ""}
    refused(none, "grades[0].grant.to", "就要写荣誉称号")
    refused({"grades[0].when.max_rank": "三"}, "grades[0].when.max_rank", "三")
    refused({"grades[0].when.item.code": "any"}, "grades[0].when.item.max_rank", "这里要填")
    refused({"grades[0].when.item.max_rank": "1"}, "grades[0].when.item.code", "这里要填")
    refused({"grades[0].when.under[0]": "没有的"}, "grades[0].when.under[0]", "单位名单里没有")
    refused({"grades[0].when.levels.moon": "1"}, "grades[0].when.levels", "moon")
    passed = {"stages[0].modules[1].pass": "60"}
    assert "第 2 版" in desk.post(place, data=form | passed, follow_redirects=True).text
    form = fields(desk.get(place).text)
    refused({"grades[0].when.pass_modules": "some"}, "grades[0].when.pass_modules", "至少勾一个")
    (rule,) = rules_of(event_of("E-2026")).grades
    assert not isinstance(rule, str)
    assert (rule.code, rule.cite, rule.grant.up, rule.grant.floor) == ("rule1", LONG, 1, 4)
    assert (rule.grant.titles, rule.when.max_rank) == (("能", LONG), 3)
    assert (rule.when.levels, rule.when.groups) == (("municipal",), ("worker",))
    assert rule.when.top_percent == 10
    some = {
        "grades[0].when.pass_modules": "some",
        "grades[0].when.pass_modules.practical": "1",
        "grades[0].when.holds.at_most": "3",
    }
    assert "第 3 版" in desk.post(place, data=form | some, follow_redirects=True).text
    (rule,) = rules_of(event_of("E-2026")).grades
    assert not isinstance(rule, str)
    assert rule.when.pass_modules == ("practical",)
    assert rule.when.holds is not None
    assert rule.when.holds.at_most == 3
    # Rules of a pack are written out, and can be changed one by one.
    pack = fields(desk.get(place).text) | {"grades": "cn-national-1-2012"}
    assert "第 4 版" in desk.post(place, data=pack, follow_redirects=True).text
    known = rules_of(event_of("E-2026")).grades
    assert len(known) > 1
    gone = fields(desk.get(place).text) | {"grades[0].gone": "1"}
    assert "第 5 版" in desk.post(place, data=gone, follow_redirects=True).text
    assert rules_of(event_of("E-2026")).grades == known[1:]
