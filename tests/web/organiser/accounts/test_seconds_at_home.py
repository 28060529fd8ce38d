"""What waits for a second person stands at home for who began it and for who may agree."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from msgspec import structs
from sqlalchemy import select

from compete.domain.values.distinction_states import DistinctionKind
from compete.domain.values.roles import Role
from compete.models import Account, Competition, Distinction, Entrant, Erasure, db
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.competitions.details import change_appeal_rules, change_details, details_of
from compete.services.kernel.competition_settings import settings_of
from compete.services.kernel.fields import with_values
from compete.services.kernel.transactions import unit_of_work
from compete.services.labour.corrections import Wanted, ask_correction
from compete.services.results.result_moves import ask_final
from compete.services.workers.outside_results import OutsideFields, enter_outside
from tests.services.labour.made_up import made_up
from tests.support.announced import announce, end_appeals
from tests.support.signing_in import official, signed_in

HOME = "/desk/X/"


def early(competition: Competition, by: Account) -> None:
    announce(competition, by)
    end_appeals(competition)
    ask_final(competition.events[0], "急用", by)


def certificates(competition: Competition, by: Account) -> None:
    stands = details_of(competition)
    wanted = with_values(stands, certify_early=True)
    change_details(competition, wanted, stands, by, "急用")


def notice(competition: Competition, by: Account) -> None:
    stands = details_of(competition)
    change_details(competition, with_values(stands, notice_days=1), stands, by, "急用")


def appeals(competition: Competition, by: Account) -> None:
    stands = settings_of(competition).appeals
    wanted = structs.replace(stands, second_hours=stands.second_hours - 1)
    assert change_appeal_rules(competition, wanted, by, "急用")


def erasure(competition: Competition, by: Account) -> None:
    with unit_of_work() as session:
        entrant = session.scalars(select(Entrant)).first()
        assert entrant is not None
        session.add(
            Erasure(
                competition_id=competition.id, entrant_id=entrant.id, reason="急用", asked_by=by.id
            )
        )


def distinction(competition: Competition, by: Account) -> None:
    with unit_of_work() as session:
        judge = competition.judges[0]
        session.add(
            Distinction(
                competition_id=competition.id,
                kind=DistinctionKind.OFFICIAL,
                title="优秀裁判员",
                judge_id=judge.id,
                holder=f"judge:{judge.id}",
                reason="急用",
                proposed_by=by.id,
            )
        )


def outside(competition: Competition, by: Account) -> None:
    fields = OutsideFields(
        contest="全国赛", host="部里", day=date(2023, 11, 8), event="泵站", rank=4, document="急用"
    )
    entrant = db.session.scalars(select(Entrant).order_by(Entrant.code)).first()
    assert entrant is not None
    enter_outside(competition, entrant.code, fields, by)


KINDS: dict[str, tuple[Callable[[Competition, Account], None], str]] = {
    "early final": (early, "提前定为最终成绩，等第二个人同意"),
    "certificates": (certificates, "公示期间就能发证，等第二个人同意"),
    "shortened notice": (notice, "公示 1 个工作日，现在是"),
    "appeals": (appeals, "提请总仲裁"),
    "erasure": (erasure, "的个人资料，等第二个人同意"),
    "outside": (outside, "全国赛，等第二个人同意"),
    "distinction": (distinction, "评定“优秀裁判员”：J1，等第二个人同意"),
}


def row_of(desk: FlaskClient, what: str) -> tuple[str, str]:
    """What the row at home says, and where it leads."""
    for item in re.findall(r"<li>.*?</li>", desk.get(HOME).text, re.S):
        line_text = " ".join(html.unescape(re.sub("<[^>]+>", " ", item)).split())
        if what in line_text:
            link = re.search(r'<a [^>]*href="([^"]+)"', item)
            return line_text, html.unescape(link[1]) if link else ""
    return "", ""


@pytest.mark.parametrize("kind", KINDS)
def test_who_could_agree_is_told_at_home_and_led_there(
    app: Flask, judged: Competition, organiser: Account, kind: str
) -> None:
    begin, what = KINDS[kind]
    begin(judged, organiser)
    names = [official(judged, code).name for code in ("C1", "S1")]
    line_text, _where = row_of(signed_in(app, organiser), what)
    assert re.search(rf"现在能办的：{names[0]}、{names[1]}", line_text), line_text
    for code in ("C1", "S1"):
        desk = signed_in(app, official(judged, code))
        line_text, where = row_of(desk, what)
        assert "现在能办的" not in line_text, code
        page = desk.get(where.split("#")[0])
        assert page.status_code == 200, where
        assert "/agree" in page.text, where


def test_a_correction_of_a_closed_month_is_told_at_home_and_led_to(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = made_up(load, organiser).competition
    second = create_account("周颖")
    grant_role(second, competition, Role.ORGANISER, by=organiser)
    what = "乙 一月 一票否决，等第二个人同意"
    home = f"/desk/{competition.code}/labour"
    assert what not in signed_in(app, organiser).get(home).text
    asked = ask_correction(competition, Wanted("veto", "一月", "乙", "亡人事故"), organiser)
    for account, barred in ((organiser, True), (second, False)):
        desk = signed_in(app, account)
        row = desk.get(home).text.partition(what)[2].partition("</div></div>")[0]
        assert ("现在能办的：周颖" in row, "理由：亡人事故" in row) == (barred, True)
        link = re.search(r'<a href="([^"#]+)#([^"]+)"', row)
        assert link is not None
        page = desk.get(html.unescape(link[1]))
        assert (page.status_code, f'id="{link[2]}"' in page.text) == (200, True)
        assert (f"/corrections/{asked.id}/agree" in page.text) != barred


def test_two_corrections_of_one_unit_are_told_apart(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = made_up(load, organiser).competition
    for points in ("2", "-2"):
        wanted = Wanted("adjustment", "一月", "乙", "核对台账", points=points)
        ask_correction(competition, wanted, organiser)
    page = signed_in(app, organiser).get(f"/desk/{competition.code}/labour").text
    for points in ("2", "-2"):
        assert f"乙 一月 加减分 {points}，等第二个人同意" in page
