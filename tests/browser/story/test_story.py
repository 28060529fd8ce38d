"""A newcomer carries a competition from registration to certificate, by the README alone."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from compete import create_app
from compete.config import Config
from compete.domain.values.states import SheetState
from compete.models import Competition, Entrant, Sheet, db
from compete.models import Judge as Judging
from tests.browser.story.demo import Demo
from tests.browser.story.people import DESK, Contestant, Judge, Organiser
from tests.browser.story.sent_sheets import hand_in

SAMPLE = Path(__file__).resolve().parents[3] / "sample_events" / "port-forklift"
Picture = Callable[..., Path]
# What `Judge.fill` gives, but for a watch that ran as long as the work takes.
LIKE_PAGES = {
    "score": "88.5",
    "deduction": "0",
    "judgement": "2",
    "measurement": "12",
    "time": "300",
}
TABLET = {"viewport": {"width": 768, "height": 1024}}


@contextmanager
def beside(demo: Demo) -> Iterator[None]:
    """A second process of the demonstration's installation, without pages."""
    app = create_app(Config.from_env({"COMPETE_DATA_DIR": str(demo.data)}))
    with app.app_context():
        yield
        db.session.remove()
        db.engine.dispose()


def badge_of(demo: Demo, code: str) -> str:
    """What the QR code on a badge holds, read as the printing does."""
    with beside(demo):
        return str(db.session.query(Entrant.badge_token).filter_by(code=code).scalar())


def hand_in_all_but_two(demo: Demo) -> None:
    """Two sheets of each kind are left to each judge's pages: the others are no different."""
    with beside(demo):
        fork = db.session.query(Competition).filter_by(code="FORK-2022").one()
        left = db.session.query(Sheet).filter_by(competition_id=fork.id, state=SheetState.NOT_BEGUN)
        left = left.join(Sheet.entrant).join(Sheet.judge).filter(Judging.code.in_(("J03", "J05")))
        of_kind: defaultdict[tuple[str, str], list[Sheet]] = defaultdict(list)
        for sheet in left.order_by(Entrant.code.desc()):
            of_kind[sheet.judge.code, sheet.module].append(sheet)
        assert of_kind
        for sheets in of_kind.values():
            for sheet in sheets[2:]:
                hand_in(sheet, lambda aspect: LIKE_PAGES[aspect.type])


@pytest.mark.slow
def test_from_registration_to_certificate(
    demo: Demo, visitor: Callable[..., Any], picture: Picture
) -> None:
    of_contest = {"组委会", "裁判长 C01", "监督 S01", "裁判 J03", "裁判 J05"}
    assert set(demo.links) == of_contest | {"命题", "审题"}
    organiser = Organiser(visitor("desk").page(), demo.address)
    organiser.sign_in(demo.links["组委会"])
    picture(organiser.page, "story-competitions")
    register(organiser, picture)
    print_badges(organiser)
    badge = badge_of(demo, "B45")
    phone = Contestant(visitor("phone").page(), demo.address)
    before_publication(phone, badge, picture)

    organiser.open_competition()
    organiser.follow("开始评分")
    organiser.sees("抽签不能再改，有评分表的不能再挪工位")
    organiser.press("开始评分")
    picture(organiser.page, "story-progress-begun")
    # While judges mark, this board would be drawn anew at each of their marks.
    organiser.page.goto("about:blank")
    hand_in_all_but_two(demo)
    for role in ("裁判 J03", "裁判 J05"):
        tablet = visitor("tablet", **TABLET)
        tablet.expect("ERR_INTERNET_DISCONNECTED|Failed to fetch|Failed to load")
        judge = Judge(tablet.page(), demo.address)
        judge.sign_in(demo.links[role])
        scan_a_badge(judge, badge)
        judge_everything(judge, role[-3:], picture)

    lock_and_decide(organiser, picture)
    phone.scan(badge)
    phone.sees("成绩还没公布")
    organiser.go(f"{DESK}awards")
    organiser.follow("公布成绩")
    picture(organiser.page, "story-confirm-publish")
    organiser.press("公布成绩")
    organiser.sees(re.compile("已公布第 1 版"))
    picture(organiser.page, "story-standings")
    after_publication(phone, badge, picture)
    certify(organiser, phone, picture)


def register(organiser: Organiser, picture: Picture) -> None:
    """Download, upload, look, write; the same file again changes nothing."""
    organiser.open_competition()
    picture(organiser.page, "story-competition")
    organiser.go(f"{DESK}entrants/upload")
    template = organiser.download("下载报名表")
    assert template.suggested_filename.endswith(".xlsx")
    organiser.upload(SAMPLE / "registration.xlsx")
    organiser.sees("现在还没写入")
    picture(organiser.page, "story-preview")
    organiser.press(re.compile("写入 6 行"))
    organiser.sees(re.compile("6 行已写入"))
    picture(organiser.page, "story-entrants")
    organiser.upload(SAMPLE / "registration.xlsx")
    organiser.sees("没有要写入的行")
    organiser.press("不写入")


def print_badges(organiser: Organiser) -> None:
    assert organiser.file(f"{DESK}badges.pdf").startswith(b"%PDF")


def before_publication(phone: Contestant, badge: str, picture: Picture) -> None:
    phone.scan(badge)
    phone.sees("成绩还没公布")
    phone.sees("2号工位")
    expect(phone.page.get_by_text("总成绩")).to_have_count(0)
    picture(phone.page, "story-badge-before")


def scan_a_badge(judge: Judge, badge: str) -> None:
    """A judge's tablet opens the contestant's sheet, where a phone shows the badge's page."""
    judge.go(f"/c/{badge}")
    judge.ready()
    assert judge.sheet()["code"] == "B45"


def judge_everything(judge: Judge, who: str, picture: Picture) -> None:
    """Every sheet that is left; the first one with a few seconds without network."""
    judge.home()
    picture(judge.page, f"story-home-{who}", full_page=False)
    assert judge.open_next()
    judge.page.context.set_offline(True)
    judge.fill(last=5)
    picture(judge.page, f"story-marking-{who}", full_page=False)
    judge.fill(first=5)
    judge.says(re.compile("待上传"))
    picture(judge.page, f"story-offline-{who}", full_page=False)
    judge.page.wait_for_timeout(1_000)
    judge.page.context.set_offline(False)
    judge.says(re.compile("都已上传"))
    picture(judge.page, f"story-sheet-{who}", full_page=False)
    judge.submit()
    judge.says(re.compile("都已上传"))
    while judge.open_next():
        judge.fill()
        judge.submit()
        judge.says(re.compile("都已上传"))
    picture(judge.page, f"story-done-{who}", full_page=False)


def lock_and_decide(organiser: Organiser, picture: Picture) -> None:
    organiser.open_competition()
    picture(organiser.page, "story-complete")
    organiser.follow("锁定评分")
    organiser.sees("分数不能再改")
    picture(organiser.page, "story-confirm-lock")
    organiser.press("锁定评分")
    organiser.sees("奖项和晋升")
    picture(organiser.page, "story-awards")
    organiser.press(re.compile(r"先批准 \d+ 人"))
    organiser.sees(re.compile(r"批准了 \d+ 人"))
    # Who rises several grades at once is looked at first.
    organiser.follow(re.compile("定下一个"))
    organiser.sees("一次升 2 级。")
    organiser.press(re.compile("^批准$"))
    organiser.sees("批准了 1 人")


def after_publication(phone: Contestant, badge: str, picture: Picture) -> None:
    phone.scan(badge)
    phone.sees("总成绩")
    phone.sees("分项成绩")
    picture(phone.page, "story-badge-after")
    phone.go("/p/FORK-2022")
    phone.sees("赵*明")
    expect(phone.page.get_by_text("赵启明")).to_have_count(0)
    picture(phone.page, "story-public")


def certify(organiser: Organiser, phone: Contestant, picture: Picture) -> None:
    organiser.go(f"{DESK}certificates")
    for _kind in range(2):
        organiser.sees(re.compile("公示到 .*期满前发证要写理由"))
        organiser.page.locator("textarea[id^=early-]").first.fill("颁奖仪式当场发")
        organiser.press(re.compile(r"^发 \d+ 张"))
        organiser.sees(re.compile("发了"))
    picture(organiser.page, "story-certificates")
    for kind in ("grade", "award"):
        assert organiser.file(f"{DESK}certificates/{kind}.pdf").startswith(b"%PDF")
    link = organiser.page.get_by_role(
        "link", name="查验页", include_hidden=True
    ).first.get_attribute("href")
    assert link is not None
    phone.go(link)
    phone.sees("有效")
    picture(phone.page, "story-verify")
