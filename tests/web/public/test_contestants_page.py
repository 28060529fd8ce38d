"""What a contestant reads behind the badge's code: next session, own team, what comes after."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask

from compete.domain.values.states import CompetitionState
from compete.logs import without_secrets
from compete.models import Account, Certificate, Competition, Entrant, Slot, db
from compete.services.appeals.filing import file_appeal
from compete.services.certificates.award_certificates import issue_award_certificates
from compete.services.certificates.rows import revoke_certificate
from compete.services.kernel.competition_settings import change_settings, settings_of
from compete.services.kernel.row_checks import check_rows
from compete.services.kernel.transactions import unit_of_work
from compete.services.results.snapshots import read_snapshot
from compete.web.public import badge_plan
from compete.web.templating import near_day
from tests.domain.scoring.build import bundle, event, mark, module, people, stage
from tests.support.announced import announce, approve_all, body_for
from tests.support.appealing import lodged
from tests.support.issuing import issue_grade_certificates
from tests.support.signing_in import signed_in

START = datetime(2022, 9, 16, 2, 20, tzinfo=UTC)


def person(code: str) -> Entrant:
    return db.session.query(Entrant).filter_by(code=code).one()


def page(app: Flask, code: str, language: str = "zh-CN") -> str:
    address = f"/c/{person(code).badge_token}"
    answer = app.test_client().get(address, headers={"Accept-Language": language})
    assert answer.status_code == 200
    return answer.text


def words(text: str) -> str:
    """What is read of a page, in one line."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text.split("<main", 1)[1]))


def expect(entrant: Entrant, *slots: Slot) -> None:
    """Leave the entrant these sessions and no others."""
    with unit_of_work() as session:
        for old in list(entrant.slots):
            session.delete(old)
        session.flush()
        session.add_all(slots)
    db.session.expire_all()


def test_what_an_earlier_stage_brings_stands_first_and_all_of_it_adds_up(
    here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    carry = {"from": "A", "weight": "0.3", "own": "0.7"}
    first = stage(module("t"), code="A")
    second = stage(module("m", weight=40), module("n", weight=60), code="B", carry=carry)
    plain = bundle(
        event(first, second),
        people(2),
        [
            mark("P1", "86", module_code="t", stage_code="A"),
            mark("P2", "70", module_code="t", stage_code="A"),
            *(
                mark(code, value, module_code=module_code, stage_code="B")
                for code in ("P1", "P2")
                for module_code, value in (("m", "90"), ("n", "75"))
            ),
        ],
    )
    announce(load(plain), organiser)
    read = words(page(here, "P1"))
    # 0.3 × 86 + 0.28 × 90 + 0.42 × 75
    assert "总成绩 82.50" in read
    assert re.search(
        "分项成绩 .*赛段A 占 30% 86.00 中位数 78.00 .*模块m 占 28% 90.00 .*模块n 占 42% 75.00", read
    )


def test_after_the_last_session_no_next_one_is_named(
    here: Flask, fresh: Competition, monkeypatch: pytest.MonkeyPatch
) -> None:
    entrant = person("P1")
    first = Slot(entrant_id=entrant.id, stage="final", module="one", starts_at=START)
    second = Slot(
        entrant_id=entrant.id,
        stage="final",
        module="two",
        starts_at=START + timedelta(hours=3),
        station="东区二号卷扬机",
    )
    expect(entrant, first, second)

    def read(now: datetime) -> str:
        monkeypatch.setattr(badge_plan, "utc_now", lambda: now)
        return words(page(here, "P1"))

    before = read(START - timedelta(hours=1))
    assert re.search(r"下一场 2022年9月16日 .*进场 10:20", before)
    assert "正在进行 2022年9月16日" in read(START + timedelta(minutes=1))
    # Without an end, a session lasts until the next one begins, the last one that day.
    assert re.search(r"正在进行 .*进场 13:20 地点 东区二号卷扬机", read(START + timedelta(hours=4)))
    over = read(START + timedelta(days=1))
    assert "你的场次都结束了 成绩公布后，扫同一个码就能看到。公布后公示 5 个工作日。" in over
    assert "下一场" not in over
    assert "正在进行" not in over
    assert over.count("已结束") == 2
    with unit_of_work():
        second.ends_at = START + timedelta(hours=3, minutes=30)
    assert "都结束了" in read(START + timedelta(hours=4))


def test_a_station_without_a_time_is_shown_and_nothing_is_over(
    here: Flask, fresh: Competition
) -> None:
    entrant = person("P1")
    late = Slot(entrant_id=entrant.id, stage="final", module="two", station="东区二号卷扬机")
    expect(entrant, late)
    assert "时间没定" in (alone := words(page(here, "P1")))
    assert "东区二号卷扬机" in alone
    past = Slot(entrant_id=entrant.id, stage="final", module="one", starts_at=START)
    expect(entrant, past, Slot(entrant_id=entrant.id, stage="final", module="two", station="2号"))
    both = words(page(here, "P1"))
    assert "2号" in both
    assert "都结束了" not in both


def test_a_date_names_its_year_unless_it_is_this_one(here: Flask) -> None:
    with here.test_request_context():
        assert near_day(START) == "2022年9月16日"
        assert "年" not in near_day(datetime.now(UTC))


def test_after_publication_the_own_team_the_notice_and_whom_to_ask(
    here: Flask, forklift: Competition, organiser: Account
) -> None:
    publication = announce(forklift, organiser)
    _bundle, results = read_snapshot(publication)
    teams = {row.team: row for row in results.events[0].teams or ()}
    member = next(e for e in db.session.query(Entrant) if e.team and teams[e.team.code].rank == 1)
    assert member.team is not None
    text = words(page(here, member.code))
    assert f"团体 第 1 {member.team.name} 总分 {teams[member.team.code].total}" in text
    assert "我的成绩计入团体总分" in text
    assert re.search(r"前可以申诉，由本人或单位在这里提出。名单公示到 .*23:59，", text)
    assert "期满后发证" in text
    contact = settings_of(forklift).contact or forklift.host
    assert contact
    assert text.count(contact) == 1
    # Somebody else's appeal may still move everybody, and nobody's certificate goes out.
    module = read_snapshot(publication)[0].events[0].stages[-1].modules[0].code
    other = db.session.query(Entrant).filter(Entrant.id != member.id).first()
    assert other is not None
    stage = read_snapshot(publication)[0].events[0].stages[-1].code
    file_appeal(other, lodged(item=f"{stage}/{module}"), None)
    waits = words(page(here, member.code))
    assert "有申诉还没有了结，了结以后才发证" in waits
    assert "期满后发证" not in waits
    notice = publication.notice_until
    assert notice is not None
    with time_machine.travel(notice + timedelta(days=1)):
        late = words(page(here, member.code))
    assert "公示中" not in late
    assert "公示期满，等定为最终成绩 · 第 1 版" in late
    assert "已经过了。公示已于" in late


def test_an_award_can_be_saved_and_a_grade_with_its_id_number_cannot(
    here: Flask, forklift: Competition, organiser: Account
) -> None:
    announce(forklift, organiser)
    approve_all(forklift, organiser)
    issue_grade_certificates(forklift, body_for(forklift), organiser, "急用")
    issue_award_certificates(forklift, organiser, "急用")
    own = person("B01")
    mine = db.session.query(Certificate).filter_by(entrant_id=own.id).all()
    award = next(certificate for certificate in mine if certificate.kind == "award")
    grade = next(certificate for certificate in mine if certificate.kind == "grade")
    other = (
        db.session.query(Certificate)
        .filter(Certificate.kind == "award", Certificate.entrant_id != own.id)
        .first()
    )
    assert other is not None
    client = here.test_client()
    way = f"/c/{own.badge_token}/certificates"
    assert f'href="{way}/{award.id}.pdf"' in page(here, "B01")
    answer = client.get(f"{way}/{award.id}.pdf")
    assert answer.data.startswith(b"%PDF")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    for wrong in (grade.id, other.id, 999999):
        assert client.get(f"{way}/{wrong}.pdf").status_code == 404
    revoke_certificate(award, "材料不实", organiser)
    assert client.get(f"{way}/{award.id}.pdf").status_code == 404
    assert f"{way}/{award.id}.pdf" not in page(here, "B01")


def test_a_wrong_code_says_what_to_do_and_nothing_of_anybody(
    here: Flask, fresh: Competition
) -> None:
    client = here.test_client()
    own = person("P1").badge_token
    assert own
    texts = set()
    for token in (own[:-1], own + "x", "P1", "unknown"):
        for way in (f"/c/{token}", f"/c/{token}/certificates/1.pdf"):
            answer = client.get(way)
            assert answer.status_code == 404
            texts.add(words(answer.text))
    assert len(texts) == 1
    assert "再扫一次" in texts.pop()


def test_results_that_are_not_out_read_like_those_of_nobody(
    here: Flask, fresh: Competition
) -> None:
    client = here.test_client()
    early, unknown = client.get(f"/p/{fresh.code}"), client.get("/p/NOBODY")
    assert early.status_code == unknown.status_code == 404
    assert words(early.text) == words(unknown.text)
    assert "公布后刷新这一页就能看到" in early.text
    assert fresh.name not in early.text


def test_the_switch_of_a_badges_page_leaves_no_code_in_the_log(
    here: Flask, fresh: Competition
) -> None:
    token = person("P1").badge_token
    text = page(here, "P1", "en")
    assert '<html lang="en"' in text
    hit = re.search(r'href="(/language/zh\?back=[^"]+)"', text)
    assert hit is not None
    assert token not in without_secrets(hit[1])
    answer = here.test_client().get(hit[1])
    assert answer.location == f"/c/{token}"


def test_another_badge_is_given_and_the_old_code_says_so(
    app: Flask, judged: Competition, organiser: Account
) -> None:
    announce(judged, organiser)
    desk, old = signed_in(app, organiser), person("P1").badge_token
    where = "/desk/X/entrants/P1"
    form = desk.get(where, follow_redirects=True).text
    assert f'action="{where}/badge"' in form
    assert f'href="{where}/badge.pdf"' in form
    assert desk.post(f"{where}/badge", data={"reason": " "}).status_code == 400
    assert app.test_client().get(f"/c/{old}").status_code == 200
    assert desk.post(f"{where}/badge", data={"reason": "丢了"}).status_code == 302
    gone = app.test_client().get(f"/c/{old}")
    assert gone.status_code == 404
    assert "这张参赛证已换发" in gone.text
    assert person("P1").name not in gone.text
    assert "这张参赛证已换发" in app.test_client().get(f"/c/{old}/certificates/1.pdf").text
    assert "这张参赛证已换发" not in app.test_client().get("/c/never").text
    assert person("P1").name in page(app, "P1")
    assert "给 P1 换发参赛证，理由：丢了" in desk.get("/desk/X/").text
    assert desk.get(f"{where}/badge.pdf").mimetype == "application/pdf"
    assert list(check_rows(judged)) == []


def test_until_when_to_check_in_stands_on_the_badge(here: Flask, fresh: Competition) -> None:
    slot = Slot(entrant_id=person("P1").id, stage="final", module="one", starts_at=START)
    slot.check_in_at = START - timedelta(minutes=40)
    expect(person("P1"), slot)
    with unit_of_work():
        change_settings(fresh, check_in_closes=15)

    def read(before: int) -> str:
        with time_machine.travel(START - timedelta(minutes=before)):
            return words(page(here, "P1"))

    assert "10:05 停止检录，过了时间要组委会同意才放行。" in read(60)
    assert "10:05 停止检录，已经过了：马上找检录处。" in read(10)
    assert "停止检录" not in read(-5)
    with unit_of_work():
        slot.check_in_at = None
    assert "停止检录" not in read(60)


def test_when_results_are_to_come_stands_on_the_badge_and_at_their_address(
    app: Flask, here: Flask, fresh: Competition, organiser: Account
) -> None:
    entrant = person("P1")
    expect(entrant, Slot(entrant_id=entrant.id, stage="final", module="one", starts_at=START))
    desk, address = signed_in(app, organiser), f"/desk/{fresh.code}/details"
    form = desk.get(address).text
    assert 'type="datetime-local"' in form
    fields = {"results_at": "2022-09-17T14:00", "name": fresh.name}
    fields |= {
        "notice_days": "5",
        "appeal_hours": "2",
        "check_in_closes": "0",
        "level": "enterprise",
        "dossier_years": "5",
    }
    assert desk.post(address, data=fields | {"results_at": "2022-09-17"}).status_code == 400
    assert desk.post(address, data=fields).status_code == 302
    assert settings_of(fresh).results_at == "2022-09-17T14:00"
    with unit_of_work():
        fresh.state = CompetitionState.JUDGING
    with time_machine.travel(START - timedelta(days=1)):
        assert "9月17日 14:00 成绩公布 扫同一个码" in words(page(here, "P1"))
    with time_machine.travel(START + timedelta(hours=20)):
        assert "成绩计划 9月17日 14:00 公布，扫同一个码就能看到。" in words(page(here, "P1"))
        coming = here.test_client().get(f"/p/{fresh.code}")
        assert coming.status_code == 404
        assert "计划 2022年9月17日 14:00 在这里公布。" in coming.text
    with time_machine.travel(START + timedelta(days=3)):
        assert "成绩原来计划 9月17日 14:00 公布，还在核对。" in words(page(here, "P1"))
        assert "时间过了，还在核对。" in here.test_client().get(f"/p/{fresh.code}").text
