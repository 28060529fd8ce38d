"""The page on which a competition's dates, place, contact, notice and appeals are set."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from compete.domain.values.states import CompetitionState
from compete.models import Account, Competition, Entrant, db
from compete.services.appeals.rules import set_appeal_rules
from compete.services.certificates.award_certificates import set_award_date
from compete.services.closing.competition_lock import lock_marks
from compete.services.competitions.details import agree_terms, change_details, details_of
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.competition_settings import AppealRules, settings_of
from compete.services.kernel.fields import with_values
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import unit_of_work
from tests.support.announced import announce
from tests.support.competitions import load_sample
from tests.support.signing_in import official, signed_in
from tests.support.small import all_marks, small

PAGE = "/desk/X/details"


def fields(page: str) -> dict[str, str]:
    """What the page's form would send as it stands."""
    form_values = dict(re.findall(r'<input[^>]* name="(\w+)"[^>]* value="([^"]*)"', page))
    radios = re.findall(r'<input[^>]*type="radio"[^>]*>', page)
    chosen = {re.search(r'name="(\w+)"', tag)[1]: tag for tag in radios if "checked" in tag}  # type: ignore[index]
    for name in {re.search(r'name="(\w+)"', tag)[1] for tag in radios}:  # type: ignore[index]
        form_values.pop(name, None)
        if name in chosen:
            form_values[name] = re.search(r'value="([^"]*)"', chosen[name])[1]  # type: ignore[index]
    for name, options in re.findall(r'<select[^>]* name="(\w+)"[^>]*>(.*?)</select>', page, re.S):
        picked = re.search(r'<option selected value="([^"]*)"', options)
        form_values[name] = picked[1] if picked else ""
    text = re.search(r'<textarea[^>]* name="bring"[^>]*>([^<]*)', page)
    if text is not None:
        form_values["bring"] = text[1].strip()
    form_values = {name: unescape(value) for name, value in form_values.items()}
    return form_values


def saved(desk: FlaskClient, **changed: str) -> str:
    """What the page says after its fields, with these changed, were sent."""
    form = fields(desk.get(PAGE).text) | changed
    return desk.post(PAGE, data=form, follow_redirects=True).text


def test_the_last_change_is_taken_back_and_only_what_still_stands(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(small(all_marks()))
    desk = signed_in(app, organiser)
    assert "撤销这次改动" not in desk.get(PAGE).text
    saved(desk, venue="海州港", starts="2022-09-14", check_in_items="身份证、劳保鞋")
    page = saved(desk, venue="江南港", notice_closes="17:30", check_in_items="准考证")
    assert "吴敏改了地点、最后一天几点截止、检录时看什么" in page
    mark = re.search(r'name="change" value="([^"]*)"', page)
    assert mark is not None
    other = desk.post(f"{PAGE}/undo", data={"change": "x"})
    assert (other.status_code, "又改过了" in other.text) == (409, True)
    back = desk.post(f"{PAGE}/undo", data={"change": mark[1]}, follow_redirects=True).text
    assert "还和那以前一样" in back
    now = details_of(competition)
    assert (now.venue, now.notice_closes, now.starts) == ("海州港", None, date(2022, 9, 14))
    assert now.check_in_items == ("身份证", "劳保鞋")
    # Taking back is a change like any other: pressed again it sets what was taken back.
    mark = re.search(r'name="change" value="([^"]*)"', back)
    assert mark is not None
    desk.post(f"{PAGE}/undo", data={"change": mark[1]})
    assert details_of(competition).venue == "江南港"
    # What can no longer be set is not offered, and refused.
    with unit_of_work():
        competition.state = CompetitionState.REGISTERING
    page = saved(desk, year="2023")
    with unit_of_work():
        competition.state = CompetitionState.JUDGING
    assert "级别和年度不能再改" in desk.get(PAGE).text
    mark = re.search(r'name="change" value="([^"]*)"', page)
    assert mark is not None
    assert desk.post(f"{PAGE}/undo", data={"change": mark[1]}).status_code == 409
    assert details_of(competition).year == 2023
    assert list(verify_chain(competition)) == []


def test_what_is_set_shows_wherever_it_is_read(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(small(all_marks()))
    desk = signed_in(app, organiser)
    assert PAGE in desk.get("/desk/X/").text
    page = saved(
        desk,
        starts="2022-09-14",
        ends="2022-09-16",
        venue="海州港实训基地",
        contact="组委会 0518-85851234",
        bring="身份证",
        notice_days="3",
        notice_closes="17:30",
        appeal_hours="24",
        full_names="1",
    )
    assert "存下了" in page
    assert "海州港实训基地" in desk.get("/desk/X/").text
    assert (
        "改竞赛资料：开始日期 空 → 2022-09-14、结束日期 空 → 2022-09-16、"
        "地点 空 → 海州港实训基地、有事找谁 空 → 组委会 0518-85851234、要带什么 空 → 身份证、"
        "公示几个工作日 5 → 3、最后一天几点截止 空 → 17:30、" in desk.get("/desk/X/").text
    )
    token = db.session.query(Entrant.badge_token).filter_by(code="P1").scalar()
    badge = app.test_client().get(f"/c/{token}").text
    assert "身份证" in badge
    assert "没有要存的" in saved(desk)
    publication = announce(competition, organiser)
    assert publication.notice_until is not None
    assert publication.appeals_until is not None
    assert (publication.appeals_until - publication.published_at).total_seconds() == 24 * 3600
    assert f"{publication.notice_until:%M}" == "30"
    assert list(verify_chain(competition)) == []


def test_two_organisers_do_not_write_over_each_other(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(small(all_marks()))
    desk = signed_in(app, organiser)
    early = fields(desk.get(PAGE).text)
    saved(desk, venue="海州港", notice_days="7")
    # What only the other changed stays; of what both changed, the later one sees whose it is.
    reply = desk.post(PAGE, data=early | {"venue": "江南港", "host": "省总工会"})
    assert reply.status_code == 409
    assert "别人也改过" in reply.text
    assert re.search(r"吴敏 11月\d+日 \d\d:\d\d 改成“海州港”|吴敏 .{5,12} 改成“海州港”", reply.text)
    assert "改成“7”" not in reply.text
    shown = fields(reply.text)
    assert (shown["venue"], shown["host"], shown["notice_days"]) == ("江南港", "省总工会", "7")
    db.session.expire_all()
    assert details_of(competition).venue == "海州港"
    # Saving once more without an answer asks again: nothing is written over by a second press.
    again = desk.post(PAGE, data=shown)
    assert again.status_code == 409
    theirs = desk.post(PAGE, data=shown | {"settle": "theirs:venue"}, follow_redirects=True)
    assert "存下了" in theirs.text
    db.session.expire_all()
    now = details_of(competition)
    assert (now.venue, now.host, now.notice_days) == ("海州港", "省总工会", 7)
    mine = desk.post(PAGE, data=shown | {"settle": "mine:venue"}, follow_redirects=True)
    assert "存下了" in mine.text
    db.session.expire_all()
    assert details_of(competition).venue == "江南港"
    assert list(verify_chain(competition)) == []


def beside(field: str, page: str) -> str:
    """The error that stands at a field."""
    hit = re.search(rf'id="{field}-error">(.*?)</p>', page, re.S)
    return hit[1] if hit else ""


def test_what_cannot_be_is_refused_at_its_field_and_nothing_typed_is_lost(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(small(all_marks()))
    desk = signed_in(app, organiser)
    form = fields(desk.get(PAGE).text)

    def refused(**changed: str) -> str:
        reply = desk.post(PAGE, data=form | {"host": "总工会"} | changed)
        assert reply.status_code == 400
        assert 'value="总工会"' in reply.text
        return reply.text

    early = refused(starts="2022-09-16", ends="2022-09-14")
    assert "结束日期早于开始日期" in beside("ends", early)
    assert "开始日期也要写" in beside("starts", refused(ends="2022-09-14"))
    assert "要写" in beside("why_shorter", refused(notice_days="1"))
    assert "0 到 60" in refused(notice_days="61")
    assert "1 到 240" in refused(appeal_hours="999999999999")
    assert "名称要写" in refused(name="  ")
    assert "最多 200 个字" in refused(venue="长" * 201)
    refused(starts="昨天")
    refused(notice_closes="25:00")
    saved(desk, starts="2022-09-14")
    set_award_date(competition, date(2022, 9, 15), organiser)
    form = fields(desk.get(PAGE).text)
    assert "落款日期是 2022年9月15日" in refused(ends="2022-09-20")
    assert details_of(competition).host is None


def test_once_published_the_name_stays_and_the_page_says_what_holds(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(small(all_marks()))
    desk = signed_in(app, organiser)
    assert "存下了" in saved(desk, name="改了的名称")
    announce(competition, organiser)
    page = desk.get(PAGE).text
    assert "不能再改" in page
    assert "已公布的第 1 版不变" in page
    saved(desk, name="再改", venue="海州港")
    db.session.expire_all()
    now = details_of(competition)
    assert (now.name, now.venue) == ("改了的名称", "海州港")
    # One alone gets no notice shorter than it was, which takes two; longer it may be.
    for less in ({"notice_days": "0"}, {"appeal_hours": "1"}):
        assert "由两个人办" in saved(desk, **less)
    assert "由两个人办" in saved(desk, notice_again="")
    assert "存下了" in saved(desk, notice_days="7", appeal_hours="3")


def test_others_have_no_such_page_and_a_labour_competition_has_its_part(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(small(all_marks()))
    assert signed_in(app, official(competition, "S1")).get(PAGE).status_code in (403, 404)
    labour = load_sample("key-projects-labour", by=organiser)
    desk = signed_in(app, organiser)
    address = f"/desk/{labour.code}/details"
    page = desk.get(address).text
    assert "公示几个工作日" not in page
    desk.post(address, data=fields(page) | {"venue": "一号高炉"})
    db.session.expire_all()
    assert details_of(labour).venue == "一号高炉"


def test_the_level_is_settled_before_judging(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(small())
    desk = signed_in(app, organiser)
    assert "存下了" in saved(desk, level="municipal", year="2027")
    db.session.expire_all()
    assert (competition.level, competition.year) == ("municipal", 2027)
    stands = details_of(competition)
    with unit_of_work():
        competition.state = CompetitionState.JUDGING
    assert 'name="level"' not in desk.get(PAGE).text
    with pytest.raises(Refused, match="级别和年度不能再改"):
        change_details(competition, with_values(stands, year=2028), stands, organiser)


def test_a_short_notice_and_early_certificates_take_a_second_person(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(small(all_marks()))
    desk = signed_in(app, organiser)
    refused = desk.post(PAGE, data=fields(desk.get(PAGE).text) | {"notice_days": "0"})
    assert (refused.status_code, "由两个人定" in refused.text) == (400, True)
    page = saved(
        desk, notice_days="0", certify_early="1", why_shorter="内部选拔", venue="海州港实训基地"
    )
    # What one may set is set; the rest waits, and who asked finds no button.
    assert "等第二个人同意" in page
    assert "details/agree" not in page
    now = details_of(competition)
    assert (now.notice_days, now.certify_early, now.venue) == (5, False, "海州港实训基地")
    assert desk.post("/desk/X/details/agree").status_code == 409
    # Three days are an organiser's own to set.
    assert "等第二个人同意" in saved(desk, notice_days="3")
    assert details_of(competition).notice_days == 3
    second = signed_in(app, official(competition, "S1"))
    stale = second.post("/desk/X/details/agree?asked=1")
    assert stale.status_code == 409
    address = re.search(r'action="([^"]*details/agree[^"]*)"', second.get("/desk/X/results").text)
    assert address is not None
    assert second.post(address[1].replace("&amp;", "&")).status_code == 302
    now = details_of(competition)
    assert (now.notice_days, now.certify_early) == (0, True)
    page_text = desk.get("/desk/X/").text
    assert "吴敏 提出公示 0 个工作日、公示期间就发证，理由：内部选拔" in page_text
    assert "同意公示 0 个工作日、公示期间就发证" in page_text
    # Back to what is usual one sets alone, and what was asked can be dropped.
    saved(desk, notice_days="5", certify_early="")
    assert details_of(competition).notice_days == 5
    saved(desk, certify_early="1", why_shorter="领奖会在公示期内")
    assert "还和原来一样" in desk.post("/desk/X/details/drop", follow_redirects=True).text
    assert not details_of(competition).certify_early
    verify_chain(competition)


def test_before_judging_one_alone_sets_all_of_it(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(small(all_marks()))
    with unit_of_work():
        competition.state = CompetitionState.REGISTERING
    desk = signed_in(app, organiser)
    page = saved(desk, notice_days="0", certify_early="1")
    assert ("等第二个人同意" in page, "why_shorter" in page) == (False, False)
    page_text = desk.get("/desk/X/").text
    assert "什么时候能发证 定为最终成绩以后 → 公示期间就能发，要写理由" in page_text
    now = details_of(competition)
    assert (now.notice_days, now.certify_early) == (0, True)


def test_once_judging_has_begun_less_time_to_appeal_takes_two(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(small(all_marks()))
    desk = signed_in(app, organiser)
    with unit_of_work():
        competition.state = CompetitionState.REGISTERING
    saved(desk, appeal_hours="24")
    saved(desk, appeal_hours="12")
    with unit_of_work():
        competition.state = CompetitionState.JUDGING
    asked = saved(desk, appeal_hours="1", notice_again="", why_shorter="当晚闭幕")
    assert "申诉 1 小时，现在是 12" in asked
    assert "定了以后更正，不再公示" in asked
    # More is one's own to give.
    now = details_of(competition)
    assert (now.appeal_hours, now.notice_again) == (12, True)
    with pytest.raises(Refused, match="只能改成较晚的那个"):
        set_appeal_rules(competition, AppealRules(since="module"), organiser)
    agree_terms(competition, official(competition, "S1"))
    now = details_of(competition)
    assert (now.appeal_hours, now.notice_again) == (1, False)
    assert "提出申诉 1 小时、更正后不再公示，理由：当晚闭幕" in desk.get("/desk/X/").text
    saved(desk, appeal_hours="24", notice_again="1")
    assert details_of(competition).appeal_hours == 24


def test_after_the_lock_not_even_two_shorten_the_notice(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(small(all_marks()))
    desk = signed_in(app, organiser)
    saved(desk, notice_days="1", why_shorter="内部选拔")
    lock_marks(competition, organiser)
    with pytest.raises(Refused, match="只能加长"):
        agree_terms(competition, official(competition, "S1"))
    assert details_of(competition).notice_days == 5


def test_once_judging_has_begun_more_that_cannot_be_appealed_takes_two(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(small(all_marks()))
    desk = signed_in(app, organiser)
    rules = {
        "since": "either",
        "answer_hours": "2",
        "second_hours": "2",
        "arbiters": "2",
        "file_minutes": "10",
    }

    def sent(**keys: object) -> tuple[int, str]:
        data = rules | {"clause": "规则第 20 条", **keys}
        answer = desk.post("/desk/X/appeals/rules", data=data, follow_redirects=True)
        return answer.status_code, answer.text

    def barred() -> set[str]:
        return set(settings_of(competition).appeals.barred)

    with unit_of_work():
        competition.state = CompetitionState.REGISTERING
    sent(barred=["judgement", "score"], second_hours="4")
    assert barred() == {"judgement", "score"}
    with unit_of_work():
        competition.state = CompetitionState.JUDGING
    more = {"barred": ["judgement", "score", "time"], "second_hours": "1"}
    status, page = sent(**more)
    assert (status, "要写理由" in page) == (400, True)
    assert 'value="time" checked' in page, "what was ticked is still ticked"
    status, page = sent(**more, why="裁判组说计时不容再议", answer_hours="3")
    assert status == 200
    assert "等第二个人同意，其余的存下了" in page
    assert "不受理的评分点：分档、直接给分、计时" in page
    now = settings_of(competition).appeals
    assert (barred(), now.second_hours, now.answer_hours) == ({"judgement", "score"}, 4, 3)
    with pytest.raises(Refused, match="要两个人"):
        agree_terms(competition, organiser)
    with pytest.raises(Refused, match="两个人定"):
        set_appeal_rules(competition, AppealRules(barred=("judgement", "score", "time")), organiser)
    agree_terms(competition, official(competition, "S1"))
    now = settings_of(competition).appeals
    assert (barred(), now.second_hours) == ({"judgement", "score", "time"}, 1)
    assert "申诉不受理的评分点：" in desk.get("/desk/X/").text
    # Fewer that cannot be appealed is one's own to give; with the marks locked not even two add.
    sent(barred=["judgement"], second_hours="1")
    assert barred() == {"judgement"}
    sent(barred=["judgement", "score"], second_hours="1", why="再想想")
    lock_marks(competition, organiser)
    with pytest.raises(Refused, match="只能加长"):
        agree_terms(competition, official(competition, "S1"))
    status, _page = sent(barred=["judgement", "score"], second_hours="1", why="再想想")
    assert (status, barred()) == (409, {"judgement"})
    assert list(verify_chain(competition)) == []


def test_the_series_is_written_by_hand_as_a_file_writes_it(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    load(small(competition={"series": "全省小赛"}))
    desk = signed_in(app, organiser)
    assert fields(desk.get(PAGE).text)["series"] == "全省小赛"
    assert "吴敏改了系列" in saved(desk, series="全省港口小赛")
    assert '"series": "全省港口小赛"' in desk.get("/desk/X/scheme.json").text
