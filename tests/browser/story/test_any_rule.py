"""Three contests set up by forms from nothing, judged on tablets, closed and published.

A dive, where the marks count by a difficulty; a run of a forklift against time, in which penalty
seconds count; two attempts of which the better counts. All figures are worked out here by hand.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from compete.models import Account, Competition, Entrant, Sheet, db
from compete.models import Judge as Judging
from compete.services.accounts.accounts import account_of_judge, create_account
from tests.browser.story.people import Contestant, Judge, Organiser
from tests.browser.story.sent_sheets import hand_in
from tests.sheets.reading.files import id_of
from tests.support.signing_in import carry_in
from tests.support.typed_rules import definition, fill, saved
from tests.support.unfolded import unfold

DESK = "/desk/ANY/"
PEOPLE = {"赵一": "甲厂", "钱二": "乙厂", "孙三": "甲厂"}
JUDGES = ("许静", "万敏", "季红", "顾文", "邵建华")
CHIEF = "沈国梁"
THEORY, WORK = "stages[0].modules[0]", "stages[0].modules[1]"


def dive(page: Page, event: str) -> None:
    """Five judges, the highest and the lowest left out, three sums of what is left."""
    judged = {"panel.size": "5", "panel.drop_high": "1", "panel.drop_low": "1"}
    fill(page, {"name": "跳水", "weight": "105", "full": "105"} | judged, WORK)
    row = f"{WORK}.aspects[0]"
    page.locator(f'tr:has([name="{row}.name"]) summary').click()
    marked = {"type": "factored", "name": "动作", "max": "35", "top": "10", "step": "0.5"}
    fill(page, marked | {"difficulties": "2.5 3 3.5", "factor": "3"}, row)
    only_the_work(page)


def run_against_time(page: Page, event: str) -> None:
    """The quickest has all points, the others as many as their time allows."""
    fill(page, {"name": "绕桩", "weight": "100", "panel.size": "1"}, WORK)
    fill(page, {"type": "relative", "name": "用时", "better": "lower"}, f"{WORK}.aspects[0]")
    fill(page, {"ranking.on": "exact"})
    only_the_work(page)


def two_attempts(page: Page, event: str) -> None:
    """Both modules are attempts of one part; who is equal is ranked by the other attempt."""
    part = "stages[0].parts[0]"
    page.get_by_role("button", name="再加一个部分").click()
    fill(page, {"name": "叉车作业", "weight": "100", "full": "100", "take.best": "1"}, part)
    for attempt in (THEORY, WORK):
        fill(page, {"name": "叉车作业", "weight": "1", "part": "0", "panel.size": "1"}, attempt)
        rows = (
            {"type": "score", "name": "堆码", "max": "60"},
            {"type": "deduction", "name": "碰杆", "max": "40", "points": "5"},
        )
        for place, row in enumerate(rows):
            fill(page, row, f"{attempt}.aspects[{place}]")
    saved(page, event, lambda rules: str(rules).count("'deduction'") == 2)
    page.reload()
    page.locator('[name="ranking.ties[0]"]').select_option("next:p1")
    saved(page, event, lambda rules: rules["ranking"]["ties"] == ["next:p1"])


def only_the_work(page: Page) -> None:
    """Save without the theory that every new event begins with."""
    page.locator(f'[name="{THEORY}.gone"]').check()
    page.get_by_role("button", name="存下").last.click()
    expect(page.get_by_role("status").filter(has_text="存好了")).to_be_visible()


@dataclass(frozen=True, kw_only=True)
class Contest:
    """A contest to be set up, and what comes of it.

    `marks`: of each person, module by module, each judge's values in one text. `difficulty` and
    `penalty` (seconds) of whom they concern. `results`: rank, total, and what else the own page
    says.
    """

    name: str
    sets_rules: Callable[[Page, str], None]
    marks: Mapping[str, Sequence[Sequence[str]]]
    results: Mapping[str, tuple[Any, ...]]
    difficulty: Mapping[str, str] = field(default_factory=dict)
    penalty: Mapping[str, str] = field(default_factory=dict)


CONTESTS = [
    Contest(
        name="跳水",
        sets_rules=dive,
        marks={
            "赵一": [["7.5", "7", "7.5", "8", "7"]],
            "钱二": [["6", "6.5", "6", "7", "6.5"]],
            "孙三": [["8.5", "9", "8.5", "8", "9"]],
        },
        difficulty={"赵一": "3", "钱二": "3.5", "孙三": "2.5"},
        # (7.5 + 7.5 + 7) × 3, (6.5 + 6.5 + 6) × 3.5, (8.5 + 8.5 + 9) × 2.5.
        results={"赵一": (2, "66.00"), "钱二": (1, "66.50"), "孙三": (3, "65.00")},
    ),
    Contest(
        name="叉车计时",
        sets_rules=run_against_time,
        marks={"赵一": [["300"]], "钱二": [["290"]], "孙三": [["320"]]},
        penalty={"钱二": "20"},
        # 100 × 300 ÷ 300; 100 × 300 ÷ (290 + 20) = 96.774…; 100 × 300 ÷ 320.
        results={"赵一": (1, "100.00"), "钱二": (2, "96.77", "罚 20 秒"), "孙三": (3, "93.75")},
    ),
    Contest(
        name="叉车两次",
        sets_rules=two_attempts,
        marks={
            "赵一": [["50 2"], ["55 0"]],
            "钱二": [["58 1"], ["40 4"]],
            "孙三": [["55 0"], ["30 0"]],
        },
        # 50 + 40 − 10 and 55 + 40; 58 + 35 and 40 + 20; 55 + 40 and 30 + 40: of the two with 95
        # the first has the better other attempt, 80 beside 70.
        results={
            "赵一": (1, "95.00", "叉车作业 1/2", "80.00", "不计，取最好的"),
            "钱二": (3, "93.00", "60.00"),
            "孙三": (2, "95.00", "70.00", re.compile("80 > 70")),
        },
    ),
]


@pytest.mark.parametrize("contest", CONTESTS, ids=["dive", "run", "attempts"])
def test_a_rule_set_by_the_form_comes_to_what_is_worked_out_by_hand(
    app: Flask, here: Flask, live_url: str, visitor: Callable[..., Any], contest: Contest
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True

    def seat(device: str, account: Account) -> Page:
        context = visitor(device).context
        carry_in(context, app, account, live_url)
        return context.new_page()

    clerk = create_account("吴敏", username="wumin", is_admin=True)
    desk = Organiser(seat("desk", clerk), live_url)
    set_up(desk, contest)
    register(desk)
    panel(desk, len(contest.marks["赵一"][0]))
    draw_and_open(desk)
    chief = Organiser(seat("desk", account_of(CHIEF)), live_url)
    attempt(chief, contest)
    judge(Judge(seat("tablet", account_of(JUDGES[0])), live_url), contest)
    fine(chief, desk, contest)
    chief.go(f"{DESK}lock")
    chief.press("锁定评分")
    expect(chief.page).not_to_have_url(re.compile("/lock$"))
    desk.go(f"{DESK}publish")
    desk.press("公布成绩")
    desk.sees(re.compile("已公布第 1 版"))
    read_results(Contestant(visitor("phone").page(), live_url), contest)


def competition() -> Competition:
    db.session.rollback()
    db.session.expire_all()
    return db.session.query(Competition).filter_by(code="ANY").one()


def account_of(name: str) -> Account:
    here = competition()
    seat = next(judge for judge in here.judges if judge.name == name)
    return account_of_judge(seat, here, None)


def set_up(desk: Organiser, contest: Contest) -> None:
    """A new competition with one event, and its rules."""
    page = desk.page
    unfold(page)
    page.clock.install()
    desk.go("/desk/new?start=blank")
    for name, text in (("name", contest.name), ("code", "ANY"), ("starts", "2026-12-20")):
        page.fill(f"#{name}", text)
    page.select_option("#level", "enterprise")
    desk.press("建草稿，去补齐")
    page.wait_for_url(re.compile(DESK))
    desk.go(f"{DESK}events")
    page.locator("[name=name]").fill(contest.name)
    desk.press("加上，去看规则")
    page.wait_for_url(re.compile("events/rules"))
    (event,) = competition().events
    contest.sets_rules(page, event.code)
    assert "理论" not in str(definition(event.code))


def register(desk: Organiser) -> None:
    """A list pasted, whose units are new."""
    desk.go(f"{DESK}entrants/upload")
    rows = [f"{name}\t{unit}\t{id_of(n)}" for n, (name, unit) in enumerate(PEOPLE.items(), 1)]
    desk.page.locator("[name=pasted]").fill("\n".join(["姓名\t单位\t证件号码", *rows]))
    desk.press("上传并核对")
    desk.press("都是新单位")
    desk.press("写入 3 行")
    desk.sees(re.compile("3 行已写入"))


def panel(desk: Organiser, judges: int) -> None:
    """Judges and a chief judge, seated as the page suggests."""
    desk.go(f"{DESK}judges?people=1")
    for role, names in (("judge", JUDGES[:judges]), ("chief", (CHIEF,))):
        desk.page.locator("#adding > summary").click()
        desk.page.locator("#adding [name=role]").select_option(role)
        desk.page.locator("#adding [name=name]").fill("\n".join(names))
        desk.press("加上")
        desk.sees(names[0])
    desk.go(f"{DESK}seating")
    desk.press("建议方案")
    desk.press("用这个方案")
    desk.page.wait_for_url(re.compile("module="))


def draw_and_open(desk: Organiser) -> None:
    """Everybody's place by a draw of the computer; then judging begins."""
    desk.go(f"{DESK}draws")
    numbers = {"begins": "2026-12-20T09:00", "count": "1", "minutes": "60", "posts": "3"}
    for name, text in numbers.items():
        desk.page.locator(f"[name={name}]").fill(text)
    for act in ("排好", "封存名单", "现在抽"):
        desk.press(act)
    desk.sees(re.compile("抽好了"))
    desk.go(f"{DESK}open")
    desk.press("开始评分")
    desk.page.wait_for_url(re.compile("progress"))


def attempt(chief: Organiser, contest: Contest) -> None:
    """What each of them dives."""
    if not contest.difficulty:
        return
    chief.go(f"{DESK}progress")
    chief.follow("去填")
    codes = {person.name: person.code for person in db.session.query(Entrant)}
    for name, difficulty in contest.difficulty.items():
        chief.page.get_by_label(f"{codes[name]} 的动作").select_option(difficulty)
    chief.press("保存")
    chief.sees("都填了")


def values(contest: Contest, sheet: Sheet) -> dict[str, str]:
    """What this judge gives on this sheet, aspect by aspect."""
    rules = definition(sheet.entrant.event.code)["stages"][0]["modules"]
    place = next(n for n, module in enumerate(rules) if module["code"] == sheet.module)
    given = contest.marks[sheet.entrant.name][place][JUDGES.index(sheet.judge.name)]
    codes = [aspect["code"] for aspect in rules[place]["aspects"]]
    return dict(zip(codes, given.split(), strict=True))


def judge(tablet: Judge, contest: Contest) -> None:
    """The first judge marks page by page; the others hand in as their tablets send it."""
    while tablet.open_next():
        sheet = db.session.query(Sheet).filter_by(public_id=tablet.sheet()["id"]).one()
        for code, text in values(contest, sheet).items():
            tablet.give(code, text)
        tablet.hand_in()
    others = db.session.query(Sheet).join(Sheet.judge).filter(Judging.name != JUDGES[0]).all()
    for sheet in others:
        given = values(contest, sheet)
        hand_in(sheet, lambda aspect, given=given: given[aspect.code])
    db.session.remove()


def fine(chief: Organiser, desk: Organiser, contest: Contest) -> None:
    """Penalty seconds take two people."""
    codes = {person.name: person.code for person in db.session.query(Entrant)}
    db.session.remove()
    for name, seconds in contest.penalty.items():
        chief.go(f"{DESK}progress")
        chief.follow("记扣罚")
        texts = {"who": codes[name], "seconds": seconds, "reason": "碰桩两次", "evidence": "录像"}
        for key, text in texts.items():
            chief.page.locator(f"[name={key}]").fill(text)
        chief.press("记下，等人确认")
        desk.go(f"{DESK}decisions")
        desk.press("确认生效")
        desk.sees("已生效")


def read_results(phone: Contestant, contest: Contest) -> None:
    """The public page has each row, the own page of each what is said there."""
    people = {it.name: (it.code, it.badge_token) for it in db.session.query(Entrant)}
    db.session.remove()
    phone.go("/p/ANY")
    for name, (rank, total, *_more) in contest.results.items():
        row = phone.page.locator(f"#{people[name][0]} td")
        expect(row.first).to_have_text(str(rank))
        expect(phone.page.locator(f"#{people[name][0]} .total")).to_have_text(total)
    for name, (rank, total, *more) in contest.results.items():
        phone.scan(people[name][1])
        expect(phone.page.locator(".rank-big")).to_have_text(str(rank))
        expect(phone.page.locator(".total-figure")).to_have_text(total)
        for text in more:
            phone.sees(text)
