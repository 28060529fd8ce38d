"""Forms of the set-up are saved as they are typed: what is not, stays and is told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Locator, Page, Route, expect

from compete.domain.values.states import CompetitionState
from compete.models import AuditEntry, Competition, db
from compete.services.accounts.accounts import create_account
from compete.services.competitions.details import details_of
from compete.services.directory.occupations.shipped import fill_catalogue
from compete.services.kernel.transactions import unit_of_work
from tests.support.browser import rest, wait_on_page
from tests.support.databases import wait_until
from tests.support.signing_in import carry_in
from tests.support.unfolded import unfold

PASTE = """(cell, text) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", text);
  cell.focus();
  const init = { clipboardData, bubbles: true, cancelable: true };
  cell.dispatchEvent(new ClipboardEvent("paste", init));
}"""
LEAVE = """(value) => {
  const form = document.querySelector("form[data-typed]:has([name=venue])");
  const page = location.pathname + location.search;
  const key = `typed ${document.body.dataset.person} ${form.id} ${page}`;
  const at = Date.now() - 120000;
  localStorage.setItem(key, JSON.stringify({ at, page, fields: { venue: ["", value] } }));
  return key;
}"""
EARLIER, BAD = "409 .CONFLICT.", "400 .BAD REQUEST."


def chip(page: Page) -> Locator:
    return page.locator(".typed-chip [data-part=text]")


def stands(competition: Competition, name: str) -> Any:
    # What the server's threads wrote since.
    db.session.rollback()
    return getattr(details_of(competition), name)


@pytest.fixture
def desk(
    app: Flask,
    here: Flask,
    fresh: Competition,
    live_url: str,
    visitor: Callable[..., Any],
) -> Callable[..., Page]:
    """The details, open before somebody who sets up; `expected` are answers to be met."""

    def opened(name: str, *expected: str, path: str = "details") -> Page:
        someone = visitor("desk")
        for response in expected:
            someone.expect(response)
        page: Page = someone.page()
        carry_in(page.context, app, create_account(name, is_admin=True), live_url)
        unfold(page)
        page.clock.install()
        page.goto(f"{live_url}/desk/{fresh.code}/{path}")
        return page

    return opened


def test_what_is_valid_is_saved_and_taken_back_by_steps(
    desk: Callable[..., Page], fresh: Competition
) -> None:
    page = desk("钱文", BAD)
    venue, host = page.locator("[name=venue]"), page.locator("[name=host]")
    was = stands(fresh, "venue")
    expect(page.get_by_role("button", name="存下")).to_be_hidden()
    venue.fill("第三码头")
    rest(page)
    expect(chip(page)).to_contain_text("已存")
    assert stands(fresh, "venue") == "第三码头"

    # What cannot be is named and waits; the rest is saved.
    page.locator("[name=notice_days]").fill("99")
    host.fill("省总工会")
    rest(page)
    expect(chip(page)).to_contain_text("1 处没存")
    assert stands(fresh, "host") == "省总工会"
    assert page.locator("[name=notice_days]").get_attribute("aria-invalid") == "true"
    assert page.locator("[name=notice_days]").input_value() == "99"
    page.locator("[name=notice_days]").fill(str(stands(fresh, "notice_days")))
    rest(page)
    expect(page.locator("[aria-invalid=true]")).to_have_count(0)

    page.locator("[name=contact]").focus()
    page.keyboard.press("Control+z")
    expect(host).not_to_have_value("省总工会")
    page.get_by_role("button", name="撤销", exact=True).click()
    expect(venue).to_have_value(was or "")
    expect(page.get_by_role("button", name="撤销", exact=True)).to_be_disabled()
    expect(chip(page)).to_contain_text("已存")
    assert stands(fresh, "venue") == was
    db.session.rollback()
    done = db.session.query(AuditEntry).filter_by(action="competition.change").count()
    assert done == 4
    page.goto(page.url.replace("/details", "/prize-money"))
    for row in (0, 1):  # What the form carries for each row is that row's the next time, too.
        with page.expect_response(lambda answer: answer.request.method == "POST") as saved:
            page.locator("[name=yuan]").nth(row).fill("3000")
            rest(page)
        assert saved.value.status == 302


def test_two_at_one_desk_are_asked_of_what_both_set_alone(
    desk: Callable[..., Page], fresh: Competition
) -> None:
    later, earlier = desk("钱文", EARLIER), desk("孙青")
    earlier.locator("[name=venue]").fill("第一码头")
    earlier.locator("[name=contact]").fill("孙青 1234")
    rest(earlier)
    expect(chip(earlier)).to_contain_text("已存")
    later.locator("[name=place]").fill("东门")
    rest(later)
    expect(later.locator("[name=contact]")).to_have_value("孙青 1234")
    # Both now know the other's; then both set the same.
    earlier.locator("[name=bring]").fill("身份证")
    earlier.locator("[name=host]").focus()
    rest(earlier)
    expect(earlier.locator("[name=place]")).to_have_value("东门")
    later.locator("[name=bring]").fill("劳保鞋")
    rest(later)
    asked = later.get_by_role("group").filter(has_text="用他的")
    expect(asked).to_contain_text("孙青")
    expect(asked).to_contain_text("改成“身份证”")
    assert stands(fresh, "bring") == "身份证"
    assert later.locator("[name=bring]").input_value() == "劳保鞋"
    later.get_by_role("button", name="用我的").click()
    expect(asked).to_have_count(0)
    expect(chip(later)).to_contain_text("已存")
    assert stands(fresh, "bring") == "劳保鞋"
    assert stands(fresh, "venue") == "第一码头"


def test_without_network_it_is_kept_and_sent_again(
    desk: Callable[..., Page], fresh: Competition
) -> None:
    page = desk("钱文", "ERR_INTERNET_DISCONNECTED")
    page.context.set_offline(True)
    page.locator("[name=venue]").fill("没网的码头")
    rest(page)
    expect(chip(page)).to_have_text("没存上，正在再试")
    assert page.locator("[name=venue]").input_value() == "没网的码头"
    address, context = page.url, page.context
    warned: list[str] = []
    page.on("dialog", lambda dialog: (warned.append(dialog.type), dialog.accept()))
    with page.expect_event("close"):
        page.close(run_before_unload=True)
    context.set_offline(False)
    assert warned == ["beforeunload"]

    # It waits in the browser; its page sends it.
    again = context.new_page()
    again.goto(address)
    expect(chip(again)).to_contain_text("已存")
    assert stands(fresh, "venue") == "没网的码头"

    # A tab closed before its answer came leaves it in the browser; another page looks first
    # whether it arrived, and tells only of what did not.
    notice = again.get_by_text("”刚才没有写入")
    for value, count in (("没有到的码头", 1), ("没网的码头", 0)):
        again.goto(address)
        left = again.evaluate(LEAVE, value)
        again.goto(address.replace("/details", "/recheck"))
        expect(again.locator("form[data-typed]").first).to_be_attached()
        expect(notice).to_have_count(count)
        wait_on_page(
            again,
            "([key, kept]) => (localStorage.getItem(key) !== null) === kept",
            [left, count == 1],
        )


def test_less_time_to_object_waits_for_a_button(
    desk: Callable[..., Page], fresh: Competition
) -> None:
    with unit_of_work():
        fresh.state = CompetitionState.JUDGING
    page = desk("钱文", EARLIER)
    was = stands(fresh, "notice_days")
    page.locator("[name=notice_days]").fill("2")
    expect(page.get_by_text("这样要由两个人定")).to_be_visible()
    page.locator("[name=why_shorter]").fill("规程是两天")
    page.locator("[name=host]").fill("省总工会")
    rest(page)
    expect(chip(page)).to_contain_text("1 处没存")
    assert db.session.query(AuditEntry).filter_by(action="competition.ask_terms").count() == 0
    page.get_by_role("button", name="提出，等第二个人同意").click()
    expect(page.get_by_text("公示和发证的时间提出了")).to_be_visible()
    expect(page.locator("[name=notice_days]")).to_have_value(str(was))


def test_rules_are_put_together_row_by_row(desk: Callable[..., Page], fresh: Competition) -> None:
    event = fresh.events[0]
    path = f"events/rules?event={event.code}"
    # Half a change does not fit and waits; somebody else was earlier.
    later, earlier = desk("钱文", EARLIER, BAD, path=path), desk("孙青", EARLIER, path=path)
    row = later.locator(".sheet-rows tbody tr").first
    names = earlier.locator(".sheet-rows tbody [name$='.name']")
    names.first.fill("孙青改的")
    names.first.blur()
    rest(earlier)
    expect(chip(earlier)).to_contain_text("已存")
    most = row.locator("[name$='.max']")
    stood = most.input_value()
    most.fill("1")
    most.blur()
    rest(later)
    expect(chip(later)).to_contain_text("没存")
    expect(later.locator(".sheet-rows tbody [name$='.name']").first).to_have_value("孙青改的")
    most.fill(stood)
    name = later.locator("[name=name]")
    name.fill("钱文改的赛项")
    name.blur()
    rest(later)
    expect(chip(later)).to_contain_text("已存")
    later.reload()
    expect(name).to_have_value("钱文改的赛项")
    expect(later.locator(".sheet-rows tbody [name$='.name']").first).to_have_value("孙青改的")
    # Rows that are to go wait for the button.
    later.locator("[name$='.gone']").last.check()
    name.fill("还没存的")
    name.blur()
    rest(later)
    expect(chip(later)).to_have_text("按了“存下”才存")
    expect(later.get_by_role("button", name="存下").last).to_be_visible()
    db.session.rollback()
    assert db.session.get_one(type(event), event.id).name == "钱文改的赛项"


def test_rows_that_two_add_and_remove_lose_nothing(
    desk: Callable[..., Page], fresh: Competition
) -> None:
    event = fresh.events[0]
    path = f"events/rules?event={event.code}"
    later, earlier = desk("钱文", EARLIER, BAD, path=path), desk("孙青", BAD, path=path)

    def filled(page: Page) -> Locator:
        sheet = page.locator("section.module .sheet-rows").first
        return sheet.locator("tbody tr").filter(has=page.locator("[name$='.was']:not([value=''])"))

    def cell(row: Locator, name: str) -> Locator:
        return row.locator(f"[name$='.{name}']")

    # Four rows are pasted where two are empty, and a row is edited that another removes.
    rows = filled(later).count()
    cell(filled(later).last, "name").fill("正在改的这行")
    blank = later.locator("section.module .sheet-rows").first.locator("tbody tr").nth(rows)
    cell(blank, "criterion").evaluate(PASTE, "\n".join(f"贴的\t贴的要点{n}\t\t1" for n in range(4)))
    first, last = filled(earlier).first, filled(earlier).last
    most = cell(first, "max")
    most.fill(f"{float(most.input_value()) + float(cell(last, 'max').input_value()):g}")
    cell(last, "gone").check()
    earlier.get_by_role("button", name="存下").last.click()
    expect(filled(earlier)).to_have_count(rows - 1)

    rest(later)
    expect(chip(later)).to_contain_text("没有地方存")
    alert = later.get_by_role("alert").filter(has_text="知道了")
    expect(alert).to_contain_text("正在改的这行")
    sheet = later.locator("section.module .sheet-rows").first
    names = [field.input_value() for field in cell(sheet, "name").all()]
    assert [name for name in names if name][rows - 1 :] == [f"贴的要点{n}" for n in range(4)]
    alert.get_by_role("button").click()
    expect(alert).to_have_count(0)

    most = cell(filled(later).first, "max")
    most.fill(f"{float(most.input_value()) - 4:g}")
    most.blur()
    rest(later)
    expect(chip(later)).to_contain_text("已存")
    expect(filled(later)).to_have_count(rows + 3)


def test_a_button_takes_along_what_was_just_typed(
    desk: Callable[..., Page], fresh: Competition
) -> None:
    """What is sent besides as the page is left is an earlier one: the new row has no place then."""
    page = desk("钱文", BAD, path=f"events/rules?event={fresh.events[0].code}")
    modules = page.locator("section.module")
    many = modules.count()
    page.locator("[name='occupation.track']").fill("桥吊")
    page.get_by_text("再加一个模块").click()
    stands_with_one_more(page, many, "桥吊")


def test_a_button_waits_for_what_is_on_its_way(
    desk: Callable[..., Page], fresh: Competition
) -> None:
    page = desk("钱文", BAD, path=f"events/rules?event={fresh.events[0].code}")
    many = page.locator("section.module").count()
    waiting: list[Route] = []

    def hold(route: Route) -> None:
        if "x-typed" in route.request.headers and not waiting:
            waiting.append(route)
        else:
            route.continue_()

    page.route("**/events/rules?*", hold)
    with page.expect_request(lambda request: "x-typed" in request.headers):
        page.locator("[name='occupation.track']").fill("门机")
        page.locator("[name='occupation.track']").blur()
        rest(page)
    page.get_by_text("再加一个模块").click()
    waiting[0].continue_()
    stands_with_one_more(page, many, "门机")


def stands_with_one_more(page: Page, many: int, track: str) -> None:
    """A module that was asked for is there, beside what was typed, and is not lost as one types."""
    modules = page.locator("section.module")
    expect(modules).to_have_count(many + 1)
    page.get_by_role("textbox", name="模块", exact=True).last.fill("故障排除")
    rest(page)
    expect(chip(page)).to_contain_text("没存")
    expect(page.get_by_text("没有地方存")).to_have_count(0)
    expect(modules).to_have_count(many + 1)
    expect(page.locator("[name='occupation.track']")).to_have_value(track)


def test_a_module_that_was_begun_stays_while_all_else_is_saved(
    desk: Callable[..., Page], fresh: Competition
) -> None:
    event = fresh.events[0]
    page = desk("钱文", BAD, path=f"events/rules?event={event.code}")
    modules = page.locator("section.module")
    many = modules.count()
    page.get_by_text("再加一个模块").click()
    expect(modules).to_have_count(many + 1)
    name = page.locator("[name=name]")
    name.fill("钱文改的赛项")
    name.blur()
    rest(page)
    expect(chip(page)).to_contain_text("已存")
    expect(modules).to_have_count(many + 1)
    expect(name).to_have_value("钱文改的赛项")
    # Filled, with what it weighs taken from another, it is saved like any.
    weight = page.get_by_label("权重 %").first
    stood = float(weight.input_value())
    weight.fill(f"{stood - 5:g}")
    page.get_by_role("textbox", name="模块", exact=True).last.fill("故障排除")
    page.get_by_label("权重 %").last.fill("5")
    modules.last.get_by_label("满分", exact=True).first.fill("10")
    modules.last.get_by_label("考核要点").first.fill("找对故障点")
    modules.last.get_by_label("配分").first.fill("10")
    modules.last.get_by_label("每档几分").first.fill("1")
    name.click()
    rest(page)
    expect(modules.last.locator("tbody [name$='].was']").first).not_to_have_value("")
    page.goto(page.url)
    expect(modules).to_have_count(many + 1)
    expect(page.get_by_role("textbox", name="模块", exact=True).last).to_have_value("故障排除")


def test_a_stages_first_part_that_was_begun_stays_while_all_else_is_saved(
    desk: Callable[..., Page], fresh: Competition
) -> None:
    page = desk("钱文", BAD, path=f"events/rules?event={fresh.events[0].code}")
    page.get_by_text("再加一个部分").click()
    part = page.get_by_role("textbox", name="部分", exact=True)
    expect(part).to_have_count(1)
    name = page.locator("[name=name]")
    name.fill("钱文改的赛项")
    name.blur()
    rest(page)
    expect(chip(page)).to_contain_text("已存")
    expect(part).to_have_count(1)
    expect(part).to_be_visible()
    part.fill("实操")
    rest(page)
    expect(page.get_by_text("没有地方存")).to_have_count(0)
    expect(part).to_have_value("实操")


def test_what_only_searches_is_not_saved(desk: Callable[..., Page], fresh: Competition) -> None:
    event = fresh.events[0]
    with unit_of_work():
        fill_catalogue()
    page = desk("钱文", path=f"events/rules?event={event.code}")
    saved: list[str] = []
    form = page.locator("form[data-typed]").evaluate("form => form.action")
    page.on("request", lambda asked: asked.method == "POST" and saved.append(asked.url))
    page.locator("[name='occupation.name']").fill("qzj")
    expect(page.get_by_role("listbox").get_by_role("option").first).to_be_visible()
    rest(page)
    assert form not in saved
    page.get_by_role("listbox").get_by_role("option").first.click()
    rest(page)
    expect(chip(page)).to_contain_text("已存")
    assert saved.count(form) == 1
    stood = page.locator("[name='occupation.name']").input_value()
    page.reload()
    assert page.locator("[name='occupation.name']").input_value() == stood != "qzj"


def test_a_module_that_is_not_saved_yet_comes_back_with_what_was_typed_in_it(
    desk: Callable[..., Page], fresh: Competition
) -> None:
    page = desk("钱文", BAD, path=f"events/rules?event={fresh.events[0].code}")
    added = len(page.locator("[name^='stages[0].modules['][name$='].weight']").all())
    page.get_by_role("button", name="再加一个模块").first.click()
    new = f"stages[0].modules[{added}]"
    typed = {f"{new}.name": "管对接", f"{new}.weight": "30", f"{new}.aspects[0].max": "60"}
    for name, text in typed.items():
        page.locator(f"[name='{name}']").fill(text)
    chosen = page.locator(f"[name='{new}.aspects[0].type']")
    chosen.select_option("deduction")
    # One more row shows what is typed as if it stood; what was chosen is not saved for that.
    page.get_by_role("button", name="再加一个部分").first.click()
    expect(page.get_by_role("textbox", name="部分", exact=True)).to_have_count(1)
    rest(page)
    expect(chip(page)).to_contain_text("没存")
    page.goto(page.url)
    expect(chosen).to_have_value("deduction")
    for name, text in typed.items():
        expect(page.locator(f"[name='{name}']")).to_have_value(text)
    expect(page.get_by_text("别人也改了")).to_have_count(0)


@pytest.mark.parametrize("is_left", [True, False], ids=["left", "stayed"])
def test_a_module_whose_answer_never_came_is_not_begun_a_second_time(
    desk: Callable[..., Page], fresh: Competition, is_left: bool
) -> None:
    event = fresh.events[0]
    page = desk("钱文", BAD, EARLIER, "ERR_FAILED", path=f"events/rules?event={event.code}")
    modules = page.locator("section.module")
    many = modules.count()
    page.get_by_role("button", name="再加一个模块").first.click()
    expect(modules).to_have_count(many + 1)
    weight = page.get_by_label("权重 %").first
    stood = float(weight.input_value())
    weight.fill(f"{stood - 5:g}")
    new = f"stages[0].modules[{many}]"
    aspect = {"name": "找对故障点", "max": "10", "step": "1"}
    texts = {"weight": "5", "full": "10", **{f"aspects[0].{it}": aspect[it] for it in aspect}}
    for name, text in texts.items():
        page.locator(f"[name='{new}.{name}']:visible").first.fill(text)
    answers: list[int] = []

    def keep_back(route: Route) -> None:
        answers.append(route.fetch(max_redirects=0).status)
        if not is_left:
            route.abort()

    def is_answered() -> bool:
        page.wait_for_timeout(20)
        return bool(answers)

    page.route("**/events/rules?*", keep_back)
    page.get_by_role("textbox", name="模块", exact=True).last.fill("故障排除与恢复")
    page.locator("[name=name]").click()
    rest(page)
    wait_until(is_answered, "the rules to be sent")
    assert answers == [302]
    # Typed on while it is on its way.
    page.locator("[name=name]").fill("钱文改的赛项")
    page.unroute("**/events/rules?*")
    if is_left:
        page.goto(page.url)
    else:
        expect(chip(page)).to_contain_text("没存上")
    expect(modules).to_have_count(many + 1)
    rest(page)
    expect(chip(page)).to_contain_text("已存")
    expect(page.get_by_text("别人也改了")).to_have_count(0)
    page.goto(page.url)
    expect(modules).to_have_count(many + 1)
    expect(page.get_by_role("textbox", name="模块", exact=True).last).to_have_value(
        "故障排除与恢复"
    )
    expect(page.locator("[name=name]")).to_have_value("钱文改的赛项")
