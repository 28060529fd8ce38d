"""Officials who come after the file: a recorder where a re-check wants one."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from compete.domain.values.roles import Role
from compete.domain.values.states import CompetitionState
from compete.models import Account, Competition, Judge, db
from compete.services.accounts.accounts import account_of_judge
from compete.services.closing.recheck import draw_recheck
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.refusal import Refused
from compete.services.kernel.row_checks import check_rows
from compete.services.kernel.transactions import unit_of_work
from compete.services.registration.officials import add_official
from compete.services.registration.people_seals import check_people
from tests.support.signing_in import official, signed_in


def officials(competition: Competition) -> list[tuple[str, str]]:
    rows = db.session.query(Judge).filter_by(competition_id=competition.id).order_by(Judge.code)
    return [(row.code, row.name) for row in rows]


def without_seconds(competition: Competition) -> None:
    """Nobody of the file may enter a re-check."""
    with unit_of_work():
        for row in db.session.query(Judge).filter_by(competition_id=competition.id):
            if row.role in (Role.RECORDER, Role.SUPERVISOR):
                row.role = Role.CODER


def test_a_recheck_that_nobody_could_enter_is_not_drawn_until_somebody_is_added(
    judged: Competition, organiser: Account
) -> None:
    without_seconds(judged)
    # That was done behind the program's back, and is told.
    assert len(list(check_people(judged))) == 1
    event = judged.events[0]
    stage = "S"
    with pytest.raises(Refused, match="先到“裁判”页加一名"):
        draw_recheck(event, stage, organiser)
    made = add_official(judged, Role.RECORDER, " 记  分员 ", organiser)
    assert made.name == "记 分员"
    assert draw_recheck(event, stage, organiser).entries
    assert official(judged, made.code).name == "记 分员"
    assert list(verify_chain(judged)) == []
    assert list(check_people(judged)) == []


def test_codes_are_the_next_that_are_free_and_names_are_bounded(
    judged: Competition, organiser: Account
) -> None:
    before = {code for code, _name in officials(judged)}
    first = add_official(judged, Role.SUPERVISOR, "甲", organiser)
    second = add_official(judged, Role.SUPERVISOR, "乙" * 60, organiser)
    assert first.code not in before
    assert second.code not in before | {first.code}
    # C is the chief judge's letter in files.
    assert add_official(judged, Role.CODER, "丙", organiser).code == "M1"
    with unit_of_work():
        codes = ("J01", "J12", "J7654321", "J1A", "R9", "R10")
        for code, role in ((code, code[0]) for code in codes):
            judged.judges.append(
                Judge(code=code, name=code, role=Role.JUDGE if role == "J" else Role.RECORDER)
            )
    assert add_official(judged, Role.JUDGE, "丁", organiser).code == "J13"
    assert add_official(judged, Role.RECORDER, "戊", organiser).code == "R11"
    for role, name, why in (
        (Role.SUPERVISOR, "  ", "姓名要写"),
        (Role.SUPERVISOR, "乙" * 61, "最长 60"),
        (Role.CHIEF, "甲", "不在这里加"),
    ):
        with pytest.raises(Refused, match=why):
            add_official(judged, role, name, organiser)
    with unit_of_work():
        judged.state = CompetitionState.FINAL
    with pytest.raises(Refused, match="已经结束"):
        add_official(judged, Role.JUDGE, "丙", organiser)


def test_the_organiser_adds_one_on_the_page_of_judges(
    app: Flask, judged: Competition, organiser: Account
) -> None:
    desk = signed_in(app, organiser)
    assert "加裁判和工作人员" in desk.get(f"/desk/{judged.code}/judges?people=1").text
    form = {"role": "recorder", "name": "周敏"}
    page = desk.post(f"/desk/{judged.code}/judges/add", data=form, follow_redirects=True).text
    assert "加了记分员 周敏" in page
    assert desk.post(f"/desk/{judged.code}/judges/add", data={"role": "chief"}).status_code == 400
    chief = signed_in(app, official(judged, "C1"))
    assert "加裁判和工作人员" not in chief.get(f"/desk/{judged.code}/judges?people=1").text
    assert chief.post(f"/desk/{judged.code}/judges/add", data=form).status_code == 404


def test_a_misspelt_official_is_put_right_and_the_unit_counts_for_recusal(
    app: Flask, judged: Competition, organiser: Account
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    desk = signed_in(app, organiser)
    unit, home = judged.units[0], f"/desk/{judged.code}/judges"
    form = {"role": "judge", "name": "徐敬", "unit": unit.code}
    assert desk.post(f"{home}/add", data=form).status_code == 302
    judge = db.session.scalars(select(Judge).where(Judge.name == "徐敬")).one()
    assert judge.unit is unit
    account = account_of_judge(judge, judged, organiser)
    page = f"{home}/{judge.code}/correct"
    assert page in desk.get(f"{home}?people=1").text
    right = {"name": "许静", "unit": ""}
    unsaid = desk.post(page, data=right)
    assert (unsaid.status_code, "要写理由" in unsaid.text) == (400, True)
    assert desk.post(page, data=right | {"unit": "NONE", "reason": "错"}).status_code == 400
    nameless = desk.post(page, data={"name": " ", "unit": "", "reason": "错"})
    assert (nameless.status_code, "姓名要写" in nameless.text) == (400, True)
    done = desk.post(page, data=right | {"reason": "写错了"}, follow_redirects=True)
    assert "更正了" in done.text
    db.session.expire_all()
    assert (judge.name, judge.unit, account.name) == ("许静", None, "许静")
    assert list(check_people(judged)) == list(check_rows(judged)) == []
    assert "更正工作人员" in desk.get(f"/desk/{judged.code}/").text
    again = desk.post(page, data=right | {"reason": "写错了"}, follow_redirects=True)
    assert "没有要改的" in again.text
    chief = signed_in(
        app,
        official(
            judged,
            next(
                chief_judge.code for chief_judge in judged.judges if chief_judge.role is Role.CHIEF
            ),
        ),
    )
    assert chief.get(page).status_code == 404
