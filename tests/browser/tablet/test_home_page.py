"""The judge's home: what is left, with what this tablet has not sent yet."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Callable
from typing import Any

import qrcode
from playwright.sync_api import Locator, expect

from tests.browser.tablet.hall import Hall
from tests.browser.tablet.paper import desk_work
from tests.browser.tablet.tablet import Tablet


def fill_hall(hall: Hall) -> None:
    """Sheets in every state, on top of the two that are not begun."""
    rows = [
        ("k08", "K-08", "begun", "78.00"),
        ("k40", "K-40", "complete", "91.00"),
        ("k11", "K-11", "submitted", "88.00"),
        ("k01", "K-01", "signed", "90.00"),
        ("k19", "K-19", "returned", "70.00"),
    ]
    for name, code, state, total in rows:
        hall.add_sheet(
            {
                "id": name,
                "code": code,
                "state": state,
                "total": total,
                "aspects": desk_work(),
                "session": "第2场",
                "returned_reason": "碰杆 3 次，录像是 2 次",
            }
        )


def row(tablet: Tablet, code: str) -> Locator:
    """The line of a sheet in the list."""
    return tablet.part("groups").locator(".sheet-row", has_text=code)


def test_a_station_called_as_its_module_is_said_once(tablet: Tablet, hall: Hall) -> None:
    for sheet in hall.sheets.values():
        sheet.update(session="第1场", station="重型吊车", module="重型吊车", begins=None)
    tablet.open_home()
    expect(tablet.part("nextnote")).to_have_text("第1场，重型吊车")
    expect(row(tablet, "K-33").locator(".note")).to_have_text("重型吊车")


def test_it_says_how_many_are_left_and_what_comes_next(tablet: Tablet, hall: Hall) -> None:
    fill_hall(hall)
    tablet.open_home()
    expect(tablet.page.get_by_role("heading", level=1)).to_have_text("还剩 5 张")
    expect(tablet.part("tally")).to_have_text("一共 7 张，已签名 1 张")
    expect(tablet.part("next")).to_contain_text("K-27")
    expect(tablet.part("returned")).to_contain_text("退回：碰杆 3 次，录像是 2 次")
    expect(row(tablet, "K-40")).to_contain_text("3 项都评了，等你提交")
    expect(tablet.page.locator(".ticks .tick")).to_have_count(7)
    expect(tablet.page.locator(".ticks .tick").first).to_have_class(re.compile("tick-signed"))
    expect(tablet.part("signed")).to_be_hidden()
    tablet.page.get_by_role("button", name="查看已签名的 1 张").click()
    expect(tablet.part("signed")).to_contain_text("K-01")
    tablet.page.get_by_role("link", name="开始评分").click()
    tablet.ready()
    expect(tablet.page.get_by_role("heading", level=1)).to_have_text("K-27")


def test_a_sheet_that_nobody_waits_for_is_not_the_next_one(tablet: Tablet, hall: Hall) -> None:
    hall.sheets["k27"]["excused"] = True
    tablet.open_home()
    expect(tablet.page.get_by_role("heading", level=1)).to_have_text("还剩 1 张")
    expect(tablet.part("next")).to_contain_text("K-33")
    expect(row(tablet, "K-27")).to_be_visible()


def test_marks_that_wait_count_already(tablet: Tablet, hall: Hall) -> None:
    tablet.open_sheet()
    hall.status = 503
    tablet.count("hit", 2)
    tablet.says("2 条待上传·已存本机")
    tablet.open_home()
    expect(row(tablet, "K-27")).to_contain_text("进行中")
    expect(row(tablet, "K-27")).to_contain_text("66.00")
    expect(row(tablet, "K-27")).to_contain_text("还有 3 项没评")
    expect(tablet.part("next")).to_contain_text("K-33")
    expect(tablet.part("offline")).to_contain_text("服务器有故障，可以接着评")
    expect(tablet.part("offline")).to_contain_text("分数已存在这台平板，修好以后自动上传。")
    hall.status = None
    tablet.page.evaluate("dispatchEvent(new Event('online'))")
    expect(tablet.part("offline")).to_be_hidden()
    hall.until(lambda: hall.values("k27") == {"hit": "2"})


def test_what_ails_the_server_is_not_called_the_network(tablet: Tablet, hall: Hall) -> None:
    full = "磁盘满了，这一步没有写入。分数还在平板上，腾出空间以后自动上传"
    tablet.open_sheet()
    tablet.page.route("**/api/**", lambda route: route.fulfill(status=507, json={"error": full}))
    tablet.count("hit", 1)
    tablet.says("1 条待上传·已存本机")
    tablet.part("chip").click()
    expect(tablet.page.get_by_role("dialog")).to_contain_text(full)
    tablet.open_home()
    expect(tablet.part("offline")).to_contain_text("服务器有故障，可以接着评")
    expect(tablet.part("offline")).to_contain_text(full)
    tablet.page.unroute("**/api/**")
    hall.down()
    tablet.page.evaluate("dispatchEvent(new Event('online'))")
    expect(tablet.part("offline")).to_contain_text("网络断了，可以接着评")
    expect(tablet.part("offline")).not_to_contain_text("磁盘")


def test_what_the_chief_does_shows_without_a_reload(tablet: Tablet, hall: Hall) -> None:
    tablet.open_home()
    hall.sheets["k33"] |= {"state": "returned", "returned_reason": "少了一项", "version": 9}
    tablet.page.evaluate("dispatchEvent(new Event('focus'))")
    expect(tablet.part("returned")).to_contain_text("少了一项")


def test_what_is_unfinished_comes_first_and_done_sessions_fold(tablet: Tablet, hall: Hall) -> None:
    fill_hall(hall)
    states = {"k05": "submitted", "k06": "signed", "k02": "submitted", "k03": "returned"}
    for name, state in states.items():
        early = name in ("k02", "k03")
        hall.add_sheet(
            {
                "id": name,
                "code": f"K-0{name[-1]}",
                "state": state,
                "total": "80.00",
                "aspects": desk_work(),
                "session": "第0场" if early else "第1场",
                "begins": "08:00" if early else "09:00",
                "ends": "08:25" if early else "09:25",
                "anew": state == "returned",
            }
        )
    hall.sheets = {name: hall.sheets.pop(name) for name in ("k02", "k03")} | hall.sheets
    tablet.open_home()
    # What is left to mark stands above a session whose rest is in.
    expect(tablet.page.locator(".sheet-group h2")).to_contain_text(["第2场", "第0场"])
    anew = tablet.part("returned").locator(".sheet-row", has_text="K-03")
    expect(anew.get_by_role("link")).to_have_text("去重评")
    second = tablet.page.locator(".sheet-group", has_text="第2场")
    expect(second.locator("h2")).to_contain_text("10:20–11:00")
    expect(second.locator(".code")).to_have_text(["K-33", "K-08", "K-40", "K-11"])
    folded = tablet.page.locator(".done-group")
    expect(folded.locator("summary")).to_contain_text("第1场，2 张都交了")
    expect(folded.locator("summary")).to_contain_text("09:00–09:25")
    expect(folded.locator(".sheet-row").first).to_be_hidden()
    folded.locator("summary").click()
    expect(folded.locator(".code")).to_have_text(["K-05", "K-06"])
    # It stays open when the server's word comes in.
    hall.sheets["k05"] |= {"state": "signed", "version": 7}
    tablet.page.evaluate("dispatchEvent(new Event('focus'))")
    expect(folded.locator("summary")).to_contain_text("第1场，2 张都签了")
    expect(folded.locator(".sheet-row").first).to_be_visible()


def test_many_that_are_in_do_not_push_the_next_session_away(tablet: Tablet, hall: Hall) -> None:
    hall.sheets.clear()
    for number in range(1, 11):
        state = "submitted" if number < 8 else "not_begun"
        sheet = {"id": f"k{number}", "code": f"K-{number:02}", "aspects": desk_work()}
        hall.add_sheet(sheet | {"session": "理论考试", "begins": "14:00"})
        hall.sheets[f"k{number}"] |= {"state": state, "total": "80.00"}
    tablet.open_home()
    left = tablet.page.locator(".sheet-group", has_text="理论考试")
    expect(left.locator(".code")).to_have_text(["K-09", "K-10"])
    handed = tablet.page.locator(".done-group")
    expect(handed.locator("summary")).to_contain_text("理论考试，已交 7 张")
    expect(handed.locator(".sheet-row").first).to_be_hidden()
    handed.locator("summary").click()
    expect(handed.locator(".code")).to_have_text([f"K-{number:02}" for number in range(1, 8)])


def test_times_are_the_halls_wherever_the_tablet_thinks_it_is(
    visitor: Callable[..., Any], hall: Hall
) -> None:
    tablet = Tablet(visitor("tablet", timezone_id="America/New_York").page(), hall)
    tablet.open_home()
    expect(tablet.part("next")).to_contain_text("10:20 进场")
    expect(tablet.page.locator(".sheet-group h2").first).to_contain_text("10:20–11:00")


def test_before_judging_it_says_so_and_offers_nothing_to_begin(tablet: Tablet, hall: Hall) -> None:
    hall.open, hall.early = False, True
    tablet.open_home()
    expect(tablet.part("closed")).to_contain_text("现在只能看。")
    expect(tablet.part("left")).to_have_text("还没开始评分")
    expect(tablet.part("next")).to_be_hidden()
    expect(tablet.part("groups")).to_contain_text("K-27")
    kept, hall.sheets = hall.sheets, {}
    tablet.open_home()
    expect(tablet.part("left")).to_have_text("还没开始评分")
    expect(tablet.part("notbegun")).to_contain_text("评分还没开始")
    expect(tablet.part("none")).to_be_hidden()
    hall.early, hall.sheets = False, kept
    tablet.page.evaluate("dispatchEvent(new Event('focus'))")
    expect(tablet.part("closed")).to_contain_text("评分已经锁定，只能看")


def test_what_is_too_far_from_the_panel_stands_on_top(tablet: Tablet, hall: Hall) -> None:
    fill_hall(hall)
    hall.sheets["k11"]["dispute"] = {"aspect": "plan", "name": "作业方案"}
    tablet.open_home()
    line = tablet.part("returned").locator(".sheet-row", has_text="K-11")
    expect(line).to_contain_text("分差超限")
    expect(line).to_contain_text("作业方案差得太多，等裁判长")
    expect(row(tablet, "K-11")).to_have_count(0)
    line.get_by_role("link", name="去看").click()
    expect(tablet.page.get_by_role("heading", level=1)).to_have_text("K-11")


CAMERA = """code => {
  // A browser without a reader, or with one in name only; its camera looks at this picture.
  window.BarcodeDetector = class { static async getSupportedFormats() { return []; } };
  navigator.mediaDevices.getUserMedia = async () => {
    const picture = new Image();
    picture.src = code;
    await picture.decode();
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [640, 480];
    const draw = () => {
      canvas.getContext("2d").fillRect(0, 0, 640, 480);
      canvas.getContext("2d").drawImage(picture, 140, 60, 360, 360);
    };
    draw();
    setInterval(draw, 50);
    return canvas.captureStream();
  };
}"""


def code_picture(text: str) -> str:
    """A QR code as a data address."""
    file = io.BytesIO()
    qrcode.make(text).save(file)
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()


def test_the_camera_reads_a_code_where_the_browser_has_no_reader(
    tablet: Tablet, hall: Hall
) -> None:
    asked: list[str] = []
    tablet.page.on("request", lambda request: asked.append(request.url.rsplit("/", 1)[-1]))
    tablet.open_home()
    assert not {"ponyfill.js", "zxing_reader.wasm"} & set(asked)
    tablet.page.evaluate(CAMERA, code_picture("https://elsewhere.example/c/K-33"))
    tablet.page.get_by_role("button", name="扫码打开评分表").click()
    # A megabyte is fetched and compiled first.
    expect(tablet.page.locator("dialog")).to_contain_text("这不是本场比赛的码", timeout=60_000)
    assert {"ponyfill.js", "zxing_reader.wasm"} <= set(asked)
    tablet.page.keyboard.press("Escape")
    tablet.page.evaluate(CAMERA, code_picture("K-33"))
    tablet.page.get_by_role("button", name="扫码打开评分表").click()
    tablet.page.wait_for_url("**/judge/sheets/k33", timeout=60_000)
    tablet.ready()
    expect(tablet.page.get_by_role("heading", level=1)).to_have_text("K-33")


def test_a_code_opens_its_sheet_where_the_camera_may_not_be_used(
    tablet: Tablet, hall: Hall
) -> None:
    tablet.open_home()
    tablet.page.evaluate("Object.defineProperty(window, 'isSecureContext', {value: false})")
    tablet.page.get_by_role("button", name="扫码打开评分表").click()
    expect(tablet.page.locator("dialog").get_by_text("不是用 https:// 打开的")).to_be_visible()
    expect(tablet.page.locator("dialog")).to_contain_text("用平板自带的相机对准选手参赛证上的码")
    tablet.page.get_by_label("编号").fill("K-99")
    tablet.page.keyboard.press("Enter")
    expect(tablet.page.locator("dialog")).to_contain_text("你名下没有 K-99")
    tablet.page.get_by_label("编号").fill("33")
    tablet.page.keyboard.press("Enter")
    tablet.ready()
    expect(tablet.page.get_by_role("heading", level=1)).to_have_text("K-33")


def test_dark_is_remembered(tablet: Tablet, hall: Hall) -> None:
    tablet.open_home()
    tablet.page.locator("details.menu summary").click()
    tablet.page.get_by_role("button", name="换深浅色").click()
    expect(tablet.page.locator("html")).to_have_attribute("data-theme", "dark")
    cookies = {cookie["name"]: cookie["value"] for cookie in tablet.page.context.cookies()}
    assert cookies["theme"] == "dark"


def test_of_who_went_away_in_the_middle_nothing_more_is_asked(tablet: Tablet, hall: Hall) -> None:
    values = {desk_work()[0]["code"]: "1"}
    row_of = {"id": "k08", "code": "K-08", "state": "begun", "aspects": desk_work()}
    hall.add_sheet({**row_of, "excused": True, "values": values})
    tablet.open_home()
    expect(row(tablet, "K-08")).to_contain_text("选手缺考、退出或放弃，不用评了")
    tally = tablet.page.get_by_role("listitem")
    expect(tally.filter(has_text=re.compile("^不用评1$"))).to_be_visible()
    expect(tally.filter(has_text=re.compile(r"^进行中\d+$"))).to_have_count(0)
    tablet.open_sheet("k08")
    expect(tablet.page.get_by_text("选手缺考、退出或放弃，不用评了")).to_be_visible()
    expect(tablet.part("next")).to_be_hidden()


def test_a_locked_sheet_offers_nothing_that_would_be_refused(tablet: Tablet, hall: Hall) -> None:
    hall.add_sheet({"id": "k08", "code": "K-08", "state": "submitted", "aspects": desk_work()})
    tablet.open_sheet("k08")
    expect(tablet.part("withdraw")).to_be_visible()
    hall.sheets["k08"]["locked"] = True
    tablet.open_sheet("k08")
    for part in ("withdraw", "wholenote", "field"):
        expect(tablet.part(part)).to_be_hidden()
