"""The form of rules in steps: a sentence each, what is in doubt, which of them is open."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from flask import Flask

from compete.models import Account, Competition
from compete.services.competitions.drafts import Beginnings, Origin, blank, make_draft
from compete.services.competitions.event_setup import add_event
from compete.services.competitions.worked_example import work_standing
from compete.services.rules.rules_draft import GradeDraft
from compete.services.rules.rules_saving import draft_in_force
from compete.web.organiser.rules.events.choice_words import rank_starts
from tests.support.attempted import attempts_bundle
from tests.support.signing_in import signed_in
from tests.support.small import small
from tests.web.organiser.rules.test_event_pages import fields


def opened(page: str) -> list[str]:
    return re.findall(r'id="step-(\w+)" open', page)


def step_head(page: str, step: str) -> str:
    """The head of a step in words."""
    head = page.split(f'data-step="{step}"')[1].split("</summary>")[0].partition(">")[2]
    return re.sub(r"<[^>]*>", "", re.sub(r"<svg.*?</svg>", "", head)).strip()


def test_a_new_event_is_told_in_sentences(app: Flask, here: Flask, organiser: Account) -> None:
    made = make_draft(blank(Beginnings(name="赛", code="S")), Origin.BLANK, "", organiser)
    event = add_event(made, "叉车", None, organiser)
    desk = signed_in(app, organiser)
    place = f"/desk/S/events/rules?event={event.code}"
    page = desk.get(place).text
    assert "只有决赛，理论 20%、实操 80%" in step_head(page, "stages")
    assert "实操 1 项 100 分，每人 3 名裁判" in step_head(page, "sheets")
    assert "一等奖 10%、二等奖 20%、三等奖 30%" in step_head(page, "awards")
    # What is not filled yet is open, and nothing else is.
    assert opened(page) == ["grades"]
    live = place.replace("rules?", "rules/try?")
    typed = {"stages[0].modules[0].weight": "30", "stages[0].modules[1].full": "90"}
    answer = desk.post(live, data=fields(page) | typed).json
    assert answer is not None
    sentences = answer["told"]
    assert "合计 110%" in sentences["stages"][0]
    assert "配分合计 100，满分 90" in sentences["sheets"][1]
    # Two steps with what is refused are open beside each other.
    wrong = desk.post(place, data=fields(page) | typed | {"awards[0].ratio": "很多"}).text
    assert set(opened(wrong)) >= {"sheets", "awards"}
    assert 'name="rules-step"' not in wrong.split('id="step-awards"')[1].split(">")[0]
    more = desk.post(place, data=fields(page) | {"act": "more:grades"}).text
    assert opened(more) == ["grades"]


def test_attempts_of_one_name_are_told_apart(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    (event,) = load(attempts_bundle()).events
    page = signed_in(app, organiser).get(f"/desk/TWICE/events/rules?event={event.code}").text
    assert "叉车作业 1/2 2 项 100 分" in step_head(page, "sheets")
    assert "叉车作业 2/2 2 项 100 分" in step_head(page, "sheets")
    example = page.split('id="example"')[1].split("</aside>")[0]
    assert example.count("<legend>叉车作业 2/2</legend>") == 1
    names = [name for name, _score in work_standing(event, draft_in_force(event))[0].scores]
    assert names == ["叉车作业 1/2", "叉车作业 2/2"]


def test_shares_are_told_in_people(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    text = small()
    text["events"][0]["awards"] = [{"code": "w", "name": "一等奖", "ratio": "0.4"}]
    (event,) = load(text).events
    page = signed_in(app, organiser).get(f"/desk/X/events/rules?event={event.code}").text
    assert "一等奖：4 × 40% = 1.6，取 2 人" in page


def test_a_range_begins_where_the_one_above_ends() -> None:
    first = GradeDraft(max_rank="3", to="2", passing="all")
    then = GradeDraft(max_rank="10", to="3", passing="all")
    assert rank_starts([first, then]) == [1, 4]
    # Who asks for something else, or gives more, has a range of its own.
    assert rank_starts([first, GradeDraft(max_rank="10", to="3")]) == [1, 1]
    assert rank_starts([then, first]) == [1, 1]
    # Below a step that is limited the next rule may still give something.
    limited = GradeDraft(max_rank="3", to="2", max_step="1")
    assert rank_starts([limited, GradeDraft(max_rank="9", to="3", max_step="1")]) == [0, 0]
    assert rank_starts([GradeDraft(top_percent="30", to="3")]) == [0]


def test_a_rank_in_two_sentences_is_in_doubt(app: Flask, here: Flask, organiser: Account) -> None:
    made = make_draft(blank(Beginnings(name="赛", code="S")), Origin.BLANK, "", organiser)
    event = add_event(made, "叉车", None, organiser)
    desk = signed_in(app, organiser)
    place = f"/desk/S/events/rules?event={event.code}"
    form = fields(desk.post(place, data=fields(desk.get(place).text) | {"act": "more:grades"}).text)
    form |= {"grades[0].when.max_rank": "3", "grades[0].grant.to": "2"}
    form = fields(desk.post(place, data=form, follow_redirects=True).text)
    form |= {
        "grades[1].grant.to": "3",
        "grades[1].when.max_rank": "2",
        "grades[1].was": "",
    }
    answer = desk.post(place.replace("rules?", "rules/try?"), data=form).json
    assert answer is not None
    assert "第 2 名在两句里" in answer["told"]["grades"][1]
    assert "谁都不升" not in answer["worked"]
    form |= {"grades[1].when.max_rank": "10"}
    other = form | {"grades[0].when.groups.student": "1", "grades[1].when.groups.student": "1"}
    alone = desk.post(place.replace("rules?", "rules/try?"), data=other).json
    assert alone is not None
    assert "谁都不升" in alone["worked"]
    page = desk.post(place, data=form, follow_redirects=True).text
    assert "前 3 名升" in step_head(page, "grades")
    assert "第 4 到 10 名升" in step_head(page, "grades")


def test_ten_made_up_people_show_who_rises_and_who_does_not(
    app: Flask, here: Flask, organiser: Account
) -> None:
    made = make_draft(blank(Beginnings(name="赛", code="S")), Origin.BLANK, "", organiser)
    event = add_event(made, "叉车", None, organiser)
    begun = draft_in_force(event)
    theory, practice = begun.stages[0].modules
    stage = replace(begun.stages[0], modules=(replace(theory, pass_="60"), practice))
    rules = (
        GradeDraft(max_rank="3", to="2", passing="all"),
        GradeDraft(max_rank="10", to="3", passing="all"),
    )
    places = work_standing(event, replace(begun, stages=(stage,), grade_rules=rules))
    assert [(it.name, it.rank, it.total, it.grade) for it in places[:5]] == [
        ("甲", 1, "96.00", 2),
        ("乙", 2, "94.80", 2),
        ("丙", 3, "94.60", 2),
        ("丁", 4, "94.20", 3),
        ("戊", 5, "90.00", None),
    ]
    assert places[4].below == [("理论", "58", "60")]
    assert (places[0].awards, sum(it.grade == 3 for it in places)) == (["一等奖"], 6)
    # What cannot be read yet shows nobody.
    wrong = replace(begun, stages=(replace(stage, modules=(replace(theory, full="很多"),)),))
    assert work_standing(event, wrong) == []
