"""Practices: a module practised on the judges' sheet, of which nothing comes."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from compete.commands.verify import all_faults
from compete.domain.values.states import CompetitionState
from compete.models import Account, Competition, Entrant, Sheet, db
from compete.services.accounts.accounts import known_account_of
from compete.services.accounts.sign_in_cards import one_time_card
from compete.services.certificates.rows import issue
from compete.services.closing.competition_lock import lock_marks
from compete.services.competitions.archive import is_put_away
from compete.services.competitions.practices import tries_of
from compete.services.kernel.refusal import Refused
from compete.services.results.publishing import publish
from tests.support.competitions import small
from tests.support.judging import Tablet
from tests.support.signing_in import signed_in
from tests.support.sittings import Load

FORM = {
    "module": "E/S/m",
    "name": "装配练习",
    "mentors": "周师傅",
    "pupils": "何立军\t一班\n王芳\t一班",
    "tries": "3",
}


@pytest.fixture
def contest(load: Load) -> Competition:
    return load(small([]), registering=True)


@pytest.fixture
def desk(app: Flask, here: Flask, organiser: Account) -> FlaskClient:
    return signed_in(app, organiser)


@pytest.fixture
def practice(desk: FlaskClient, contest: Competition) -> Competition:
    made = desk.post(f"/desk/{contest.code}/practice/new", data=FORM)
    assert made.status_code == 302, made.text
    return of_kind()


def of_kind() -> Competition:
    return db.session.scalars(select(Competition).where(Competition.kind == "practice")).one()


def pupil(name: str) -> Entrant:
    return db.session.scalars(select(Entrant).where(Entrant.name == name)).one()


class Mentor(Tablet):
    """The mentor's tablet, at one of the tries."""

    def __init__(self, practice: Competition, number: int) -> None:
        super().__init__(practice)
        self.module = f"t{number}"


def test_it_begins_from_a_module_in_one_form(
    desk: FlaskClient, contest: Competition, practice: Competition
) -> None:
    page = desk.get(f"/desk/{contest.code}/practice/new").text
    assert 'value="E/S/m"' in page
    assert practice.state is CompetitionState.JUDGING
    assert len(db.session.scalars(select(Sheet)).all()) == 6
    codes = desk.get(f"/desk/{practice.code}/practice/codes").text
    assert codes.count("<svg") >= 3
    assert pupil("王芳").badge_token in codes
    assert desk.get(f"/desk/{practice.code}/").location.endswith("/practice")
    assert contest.state is CompetitionState.REGISTERING


def test_what_is_missing_is_said_beside_its_field(desk: FlaskClient, contest: Competition) -> None:
    url = f"/desk/{contest.code}/practice/new"
    wrong = FORM | {"mentors": "甲\n乙\n丙\n丁", "pupils": "王芳 110101199003070011", "tries": "10"}
    refused = desk.post(url, data=wrong)
    assert refused.status_code == 400
    for words in ("最多 3 名师傅", "练习不登记证件号码", "1 到 9 次"):
        assert words in refused.text
    assert desk.post(url, data=FORM | {"module": "E/S/none"}).status_code == 400
    assert db.session.scalar(select(Competition).where(Competition.kind == "practice")) is None


def test_a_name_with_a_doubtful_unit_beside_it_is_asked_about(
    desk: FlaskClient, contest: Competition
) -> None:
    url = f"/desk/{contest.code}/practice/new"
    answer = desk.post(url, data=FORM | {"pupils": "王一 甲单位\n王二 乙单位"})
    assert answer.status_code == 400
    assert "第 1 行“王一 甲单位”：姓名和单位分不清" in answer.text


def test_a_pupil_sees_at_once_what_was_taken_off_and_tries_again(
    app: Flask, desk: FlaskClient, practice: Competition
) -> None:
    link = f"/c/{pupil('何立军').badge_token}"
    own = app.test_client()
    assert "还没开始练" in own.get(link).text
    mentor = Mentor(practice, 1)
    mentor.send(*mentor.full("1")[:-1])
    assert "正在评" in own.get(link).text
    assert "第 1 次" not in own.get(f"/c/{pupil('王芳').badge_token}").text
    mentor.send(mentor.full("1")[-1])
    page = own.get(link).text
    # 30 of 60, 25 of 30 for one fault, 10 of 10.
    assert "65.00 / 100" in page
    assert re.findall(r'<b class="is-bad">(.*?)</b>', page) == ["30", "5"]
    again = Mentor(practice, 2)
    better = again.mark("a", "60", "1"), again.mark("f", "0", "1"), again.mark("y", True, "1")
    again.send(*better, again.act("submit", "1"))
    assert "最好 100.00" in own.get(link).text
    page = own.get(link).text
    assert page.index("第 2 次") < page.index("第 1 次")
    table = desk.get(f"/desk/{practice.code}/practice").text
    assert "何立军" in table
    assert "65" in table
    assert not list(all_faults())


def test_nothing_comes_of_it(
    app: Flask, desk: FlaskClient, organiser: Account, practice: Competition
) -> None:
    for who in ("1", "2"):
        for number in (1, 2, 3):
            mentor = Mentor(practice, number)
            mentor.send(*mentor.full(who))
    assert all(it.score == "65.00" for row in tries_of(practice).values() for it in row)
    with pytest.raises(Refused, match="实操练习没有这一页"):
        lock_marks(practice, organiser)
    with pytest.raises(Refused, match="实操练习没有这一页"):
        publish(practice, organiser)
    with pytest.raises(Refused, match="实操练习没有这一页"):
        issue(practice, [])
    for page in ("standings", "awards", "certificates", "grades", "draws", "entrants", "details"):
        assert desk.get(f"/desk/{practice.code}/{page}").status_code == 404
    anybody = app.test_client()
    assert anybody.get(f"/p/{practice.code}").status_code == 404
    assert practice.name not in anybody.get(f"/p/{practice.code}").text
    assert practice.name not in anybody.get("/").text


def test_a_mentor_gets_another_code_and_it_is_put_away_whenever(
    desk: FlaskClient, practice: Competition
) -> None:
    before = one_time_card(known_account_of(practice.judges[0]))
    assert before is not None
    done = desk.post(f"/desk/{practice.code}/practice/codes/J1", follow_redirects=True)
    assert "周师傅 换了新码" in done.text
    after = one_time_card(known_account_of(practice.judges[0]))
    assert after is not None
    assert after.token != before.token
    assert desk.post(f"/desk/{practice.code}/practice/codes/J9").status_code == 404
    away = desk.post(f"/desk/{practice.code}/put-away", data={"name": practice.name})
    assert away.status_code == 302
    assert is_put_away(practice)


def test_more_pupils_come_while_it_goes_on(
    desk: FlaskClient, contest: Competition, practice: Competition
) -> None:
    at = f"/desk/{practice.code}/practice"
    again = desk.post(f"{at}/pupils", data={"pupils": "王芳\t一班"})
    assert again.status_code == 400
    assert "王芳已经在练" in again.text
    numbered = desk.post(f"{at}/pupils", data={"pupils": "韩松 110101199003070010"})
    assert numbered.status_code == 400
    assert len(tries_of(practice)) == 2
    added = desk.post(f"{at}/pupils", data={"pupils": "韩松\t二班\n王芳\t二班"})
    assert added.status_code == 302, added.text
    assert pupil("韩松").badge_token in desk.get(f"{at}/codes").text
    tries = tries_of(practice)
    assert len(tries) == 4
    assert [len(row) for row in tries.values()] == [3, 3, 3, 3]
    assert len(db.session.scalars(select(Sheet)).all()) == 12
    new = pupil("韩松")
    assert (new.unit.name, new.event.code) == ("二班", "E1")
    assert all_faults() == []
