"""The page of awards and promotions: a row a person, what is open, and numbers that agree."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

from flask import Flask

from compete.domain.values.states import GradeState
from compete.models import Account, Competition, db
from compete.services.closing.competition_lock import lock_marks
from compete.services.closing.grade_proposals import decide_grades, grade_decisions_of
from compete.services.competitions.set_up import later_lacks
from compete.services.results.publishing import publish
from compete.web.conditions import describe_conditions
from compete.web.organiser.awards import views as awards_page
from tests.domain.scoring.build import event, mark, module, stage
from tests.support.announced import announce, approve_all, body_for, lock
from tests.support.second_day import PRIZES, strike_out
from tests.support.signing_in import signed_in
from tests.support.small import all_marks, small
from tests.support.statements import statements

PAGE = "/desk/X/awards"


def prizes(**rule: Any) -> dict[str, Any]:
    return {
        "occupation": {"code": "6-30-05-01", "name": "起重装卸机械操作工"},
        "grades": [{"code": "rule1", "when": {"max_rank": 1}, "grant": {"to": 2}, **rule}],
    }


def graded(*grades: int | None, **rules: Any) -> dict[str, Any]:
    """The small contest with prizes, whose people have these grades."""
    plain = small(all_marks(), event=PRIZES | rules)
    for person, grade in zip(plain["entrants"], grades, strict=True):
        person |= {"grade": grade}
    return plain


def row(page: str, code: str) -> str:
    """A person's row, and what stands open below it."""
    return page.partition(f'id="grade-{code}" data-row')[2].partition("data-row")[0]


def views(page: str) -> dict[str, int]:
    """The filters with their counts."""
    nav = page.partition('aria-label="看谁"')[2].partition("</nav>")[0]
    pairs = re.findall(r">(全部|要来定|晋升|不升) ?(?:<[^>]*>)?(\d+)", nav)
    return {name: int(count) for name, count in pairs}


def test_a_pages_rows_alone_are_put_into_words(
    here: Flask, forklift: Competition, organiser: Account
) -> None:
    desk = signed_in(here, organiser)
    with (
        patch.object(awards_page, "PAGE_SIZE", 5),
        patch(
            "compete.web.organiser.awards.view_model.describe_conditions",
            wraps=describe_conditions,
        ) as spy,
    ):
        page = desk.get("/desk/FORK-2022/awards").text
    assert page.count("data-row") == 5
    assert spy.call_count <= 5
    assert "第 1 页，共" in page


def test_numbers_agree_and_each_filter_lists_what_it_counts(
    here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(graded(3, 4, 5, 4))
    announce(competition, organiser)
    decide_grades(competition, ["P2"], GradeState.DEFERRED, organiser, "等材料")
    desk = signed_in(here, organiser)
    page = desk.get(PAGE).text
    counts = views(page)
    assert counts == {"全部": 3, "要来定": 2, "晋升": 3}
    decide_grades(competition, ["P2"], GradeState.REFUSED, organiser, "材料不全")
    counts = views(desk.get(PAGE).text)
    assert counts == {"全部": 3, "要来定": 1, "晋升": 2, "不升": 1}
    assert counts["全部"] == counts["晋升"] + counts["不升"]
    for show, name in (("all", "全部"), ("open", "要来定"), ("raised", "晋升"), ("rest", "不升")):
        assert desk.get(f"{PAGE}?show={show}").text.count("data-row") == counts[name]
    foot = desk.get(PAGE).text.partition('<footer class="foot-bar">')[2]
    assert "1 人可以批准，1 人要来定" in foot
    assert "先批准 1 人" in foot
    assert "定下一个：孙䶮" in foot
    assert foot.count("primary") == 1


def test_what_is_met_is_a_phrase_and_what_nobody_knows_is_open_and_never_called_met(
    here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(graded(3, None, 5, 4))
    announce(competition, organiser)
    desk = signed_in(here, organiser)
    page = desk.get(PAGE).text
    assert "2 条都符合" in row(page, "P1")
    assert "award-point" not in row(page, "P1")
    unknown = row(page, "P2")
    assert "都符合" not in unknown
    assert "现等级没填，不能说符合。" in unknown
    assert 'href="/desk/X/entrants/P2/identity"' in unknown
    assert "/awards/approve/P2" in unknown
    leap = row(page, "P3")
    assert "一次升 2 级。" in leap
    assert "报名资料里是五级/初级工" in leap
    # All at once are those in order; the others once somebody says that they were looked up.
    desk.post(f"{PAGE}/approve/proposed")
    states = {now.person.code: now.state for now in grade_decisions_of(competition)}
    assert states == {
        "P1": GradeState.APPROVED,
        "P2": GradeState.PROPOSED,
        "P3": GradeState.PROPOSED,
    }
    page = desk.get(PAGE).text
    assert "核对过了，批准 2 人" in page
    assert re.search(r"批准前核对：钱文（没填 → 三级/高级工）.孙䶮（五级/初级工 → ", page)
    desk.post(f"{PAGE}/approve/proposed", data={"checked": "yes"})
    assert {now.state for now in grade_decisions_of(competition)} == {GradeState.APPROVED}
    assert "去发证" in desk.get(PAGE).text


def test_who_fell_short_of_a_condition_is_open_with_fact_and_source(
    here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    rule = {
        "code": "g",
        "when": {"max_rank": 2, "holds": {"at_least": 4}, "once_a_year": True},
        "grant": {"to": 3},
    }
    plain = graded(4, None, 4, 4, grades=[rule])
    plain["entrants"][0]["promoted"] = plain["competition"]["year"]
    announce(load(plain), organiser)
    page = signed_in(here, organiser).get(PAGE).text
    first, second, third = (row(page, code) for code in ("P1", "P2", "P3"))
    assert "差 1 条，2 条符合" in first
    assert re.search(r"<b>本年度未因竞赛晋升：\d+ 年已晋升</b> <span>见报名资料", first)
    assert 'href="/desk/X/claims"' in first
    assert "现等级没填，2 条符合" in second
    assert "四级/中级工或更高：没填</b>" in second
    assert "名次不到" in third
    assert "award-point" not in third
    assert views(page) == {"全部": 3, "不升": 3}


def test_a_decision_leads_back_to_the_filter_it_was_made_in(
    here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    announce(load(graded(5, 5, 5, 5)), organiser)
    desk = signed_in(here, organiser)
    page = desk.get(f"{PAGE}?show=open").text
    assert "/awards/hold/P1?show=open" in page
    answer = desk.post(f"{PAGE}/hold/P1?show=open", data={"reason": "等材料", "seen": "proposed"})
    assert answer.location == f"{PAGE}?show=open"
    put_off = row(desk.get(answer.location).text, "P1")
    assert "缓办：等材料" in put_off
    assert "/awards/refuse/P1" in put_off


def test_before_marks_are_locked_rises_are_shown_as_they_stand_and_nothing_is_decided(
    here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(graded(3, 4, 5, 4))
    desk = signed_in(here, organiser)
    page = desk.get(PAGE).text
    assert "暂定，还没公布" in page
    assert views(page) == {"全部": 3, "晋升": 3}
    assert "<b>二级/技师</b>" in row(page, "P1")
    assert "foot-bar" not in page
    assert "/awards/approve/" not in page
    lock(competition, organiser)
    foot = desk.get(PAGE).text.partition('<footer class="foot-bar">')[2]
    assert "公布成绩" in foot


def test_a_second_version_marks_the_rows_it_touches(
    here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(graded(3, 4, 5, 4))
    announce(competition, organiser)
    desk = signed_in(here, organiser)
    assert "版改了" not in desk.get(PAGE).text
    strike_out(competition, "P3", organiser)
    lock_marks(competition, organiser)
    page = desk.get(PAGE).text
    assert "和第 1 版不一样" in row(page, "P4")
    assert "不一样" not in row(page, "P1")
    publish(competition, organiser, "P3 取消成绩")
    page = desk.get(PAGE).text
    assert "第 2 版改了" in row(page, "P4")
    assert page.count("第 2 版改了") == 1


def test_totals_of_an_earlier_stage_are_told_from_those_of_the_last(
    here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    plain = small([mark(code, value, stage_code="A") for code, value in
                   {"P1": 96, "P2": 95, "P3": 94, "P4": 60}.items()]
                  + [mark(code, value, stage_code="B") for code, value in
                     {"P1": 80, "P2": 78}.items()])  # fmt: skip
    plain["events"] = [
        event(
            stage(module(), code="A", name="预赛", advance={"top": 2}),
            stage(module(), code="B", name="决赛"),
            awards=[{"code": "first", "name": "一等奖", "top": 3}],
        )
    ]
    plain["events"][0]["stages"][0]["name"] = "预赛"
    announce(load(plain), organiser)
    desk = signed_in(here, organiser)
    for page in ("awards", "standings"):
        text = desk.get(f"/desk/X/{page}").text
        assert '94.00<span class="under">预赛</span>' in text
        assert '78.00<span class="under">' not in text


def test_a_rule_without_a_source_is_called_by_what_it_asks_and_several_steps_are_asked_about(
    here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    plain = small(all_marks(), event=prizes())
    plain["entrants"][0]["grade"] = 5
    competition = load(plain)
    announce(competition, organiser)
    desk = signed_in(here, organiser)
    text = desk.get(PAGE).text
    assert "rule1" not in text
    assert "依据：前 1 名升到技师" in text
    assert "一次升 3 级" in text
    assert "核对过了，批准 1 人" in text
    approve_all(competition, organiser)
    assert "批准了 1 人" in desk.get(PAGE).text


def test_the_set_up_lacks_who_issues_the_grades_that_its_rules_give(
    here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(small(event=prizes()))
    assert [lack.kind for lack in later_lacks(competition)] == ["body"]
    body_for(competition)
    assert later_lacks(competition) == []


def test_a_page_asks_the_database_as_much_for_many_rows_as_for_few(
    here: Flask, forklift: Competition, organiser: Account
) -> None:
    announce(forklift, organiser)
    desk = signed_in(here, organiser)
    desk.get("/desk/FORK-2022/awards")

    def asked(size: int) -> int:
        db.session.expire_all()
        with patch.object(awards_page, "PAGE_SIZE", size), statements(db.engine) as queries:
            desk.get("/desk/FORK-2022/awards")
        return len(queries)

    assert asked(2) == asked(30)
