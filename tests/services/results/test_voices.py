"""Nobody speaks as somebody else unseen: each way is done, and reaches file, page and audit."""

from __future__ import annotations

import ast
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

import compete
from compete.cli import main
from compete.commands.verify import all_faults
from compete.config import Config
from compete.domain.explanation.steps import every_step
from compete.domain.explanation.tree import explain
from compete.domain.values.roles import Role
from compete.models import Account, Competition, Entrant, Sheet, SignInCard, db
from compete.services.accounts.accounts import (
    account_of_judge,
    create_account,
    grant_role,
)
from compete.services.accounts.firm_accounts import take_up_by_firm
from compete.services.accounts.firm_provider import FirmPerson
from compete.services.accounts.invitations import password_link, take_up_invitation
from compete.services.accounts.roles import memberships_in, take_role_back
from compete.services.accounts.second_persons import note_device
from compete.services.accounts.sign_in_cards import (
    cancel_cards,
    issue_card,
    standing_card,
    use_card,
)
from compete.services.competitions import small_contest as small_contest_file
from compete.services.competitions.small_contest import (
    finish_small_contest,
    nameless_judge,
    renew_code,
    take_code,
)
from compete.services.judging.act_intake import take_acts
from compete.services.kernel import audit
from compete.services.kernel.bends import BENDS
from compete.services.kernel.event_rules import module_of_sheet
from compete.services.kernel.publications import latest_publication
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import unit_of_work
from compete.services.kernel.voices import VOICES
from compete.services.registration.officials import add_official, correct_official
from compete.services.results.bends import AFTER_RENEWAL, bends_of, renewed_sheets
from compete.services.results.publishing import publish
from compete.services.results.snapshots import read_snapshot, snapshot_files
from compete.services.sheets.act_rules import ActIn
from tests.services.results.test_bends import RECORDS
from tests.support.announced import lock
from tests.support.signing_in import official, signed_in
from tests.support.small_contests import account_of, small_contest

SERVICES = Path(compete.__file__).parent / "services"


def renewed(competition: Competition, by: Account) -> None:
    judge = competition.judges[0]
    account = account_of_judge(judge, competition, by)
    use_card(standing_card(account, by)[1])
    cancel_cards(account, by, "换卡")
    issue_card(account, one_time=False, by=by)


def password_set(competition: Competition, by: Account) -> None:
    other = create_account("周颖", username="zhouying", password="lamp-cobalt-42")
    grant_role(other, competition, Role.ORGANISER, by=by)
    _made, token = password_link(other, by=by)
    take_up_invitation(token, name="周颖", username="zhouying", password="lamp-cobalt-43")


def joined_to_firm(competition: Competition, by: Account) -> None:
    other = create_account("周颖", username="zhouying", password="lamp-cobalt-42")
    grant_role(other, competition, Role.ORGANISER, by=by)
    _made, token = password_link(other, by=create_account("钱文", is_admin=True))
    take_up_by_firm(token, FirmPerson("https://login.example.cn", "e-1", "周颖", ""), name="")


def role_again(competition: Competition, by: Account) -> None:
    judge = competition.judges[0]
    account_of_judge(judge, competition, by)
    (part,) = [row for row in memberships_in(competition) if row.judge_id == judge.id]
    take_role_back(part, by, "换人")
    account_of_judge(judge, competition, by)


def one_device(competition: Competition, by: Account) -> None:
    for account in (by, official(competition, "J1")):
        note_device(account, "d" * 64, "sign_in")


def by_record(action: str) -> Callable[[Competition, Account], None]:
    """The act's record as its service writes it; the service itself is tried where it is."""

    def put(competition: Competition, by: Account) -> None:
        before, after = RECORDS[action]
        with unit_of_work():
            audit.record(
                competition, by, action, competition.events[0].code,
                before=before, after=after, bends=True,
            )  # fmt: skip

    return put


DONE: dict[str, Callable[[Competition, Account], object]] = {
    "a judge's code or card is renewed, and the PIN with it": renewed,
    "a new password is set by a link that somebody made": password_set,
    "an account is joined to the firm's sign-in by somebody's link": joined_to_firm,
    "a link of a department of a labour competition is made again": by_record("way_in.renew"),
    "whoever scans a renewed code writes another name": by_record("judge.named"),
    "the name beside a judge's marks is corrected": lambda it, by: correct_official(
        it.judges[0], "吴别", None, "写错了", by
    ),
    "another judge takes the seats and sheets": by_record("judge.replace"),
    "an official of one's own is added once judging has begun": lambda it, by: add_official(
        it, Role.SUPERVISOR, "自己人", by
    ),
    "officials of one's own are added by a workbook": by_record("judges.import"),
    "an account of one's own becomes an organiser": lambda it, by: grant_role(
        create_account("吴敏二"), it, Role.ORGANISER, by=by
    ),
    "a role that was taken back is given again": role_again,
    "a role is taken back, so that another may have it": role_again,
    "marks are typed in the judges' names": by_record("marks.typed"),
    "marks are entered from paper in the judges' names": by_record("paper.settle"),
    "marks that a tablet could not send are brought by somebody else": by_record("acts.hand_over"),
    "two accounts on one device": one_device,
    "the second of two says by PIN or password to be there": by_record("second.present"),
    "the second of two signs on paper": by_record("second.paper"),
}


def test_every_voice_is_done_here_and_told_by_an_act_that_bends() -> None:
    assert set(DONE) == set(VOICES)
    assert set(VOICES.values()) <= set(BENDS)


def test_every_way_in_is_given_through_what_tells_of_it() -> None:
    """A card or a password of an account is written by these files alone."""
    writers = set()
    for file in SERVICES.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            makes = isinstance(node, ast.Call) and getattr(node.func, "id", "") == "SignInCard"
            sets = isinstance(node, ast.Assign) and any(
                isinstance(it, ast.Attribute) and it.attr in ("password_hash", "pin_hash")
                for target in node.targets
                for it in ast.walk(target)
            )
            if makes or sets:
                writers.add(file.relative_to(SERVICES).as_posix())
    assert writers == {
        "accounts/sign_in_cards.py",  # tells of renewals
        "accounts/many_links.py",  # of accounts that it makes
        "accounts/invitations.py",  # tells of renewals
        "accounts/accounts.py",  # one's own password
        "accounts/pins.py",  # one's own, the first of a card
        "accounts/roles.py",  # takes them away
        "workers/own_links.py",  # no account's: a person's own, of their own record
    }


@pytest.mark.parametrize("voice", VOICES)
def test_it_reaches_the_file_the_page_and_the_audit(
    voice: str,
    judged: Competition,
    organiser: Account,
    client: FlaskClient,
    config: Config,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with unit_of_work():
        audit.record(judged, organiser, "judging.open", judged.code)
    DONE[voice](judged, organiser)
    (bend, *_rest) = [it for it in bends_of(judged) if it.action == VOICES[voice]]
    lock(judged, organiser)
    publication = publish(judged, organiser)
    rows = json.loads(snapshot_files(publication)[0])["extra"]["bends"]
    assert str(bend.what) in [row["what"] for row in rows]
    assert str(bend.line) in client.get(f"/p/{judged.code}").text
    monkeypatch.setenv("COMPETE_DATA_DIR", str(config.data_dir))
    monkeypatch.setenv("COMPETE_DATABASE_URL", config.database_url)
    assert main(["audit", judged.code]) == 0
    assert str(bend.line) in capsys.readouterr().out


def marked(judge: Any, account: Account, value: int, entrant: str) -> None:
    """A judge's tablet hands in one sheet of a small contest."""
    sheet = next(
        row for row in db.session.query(Sheet).filter_by(judge_id=judge.id)
        if row.entrant.code == entrant
    )  # fmt: skip
    aspect = module_of_sheet(sheet).aspects[0].code
    acts = [
        ActIn(
            uuid=str(uuid4()), sheet=sheet.public_id, kind="mark", aspect=aspect, value=str(value)
        ),
        ActIn(uuid=str(uuid4()), sheet=sheet.public_id, kind="submit"),
    ]
    taken = take_acts(judge, acts, account)
    assert not taken.refused


def newest_token(account: Account) -> str:
    card = db.session.query(SignInCard).filter_by(account_id=account.id).order_by(
        SignInCard.id.desc()
    ).first()  # fmt: skip
    assert card is not None
    return card.token


def test_marks_after_a_renewed_code_of_a_small_contest_say_so(
    here: Flask, organiser: Account
) -> None:
    competition = small_contest(organiser)
    first, second = competition.judges
    for judge, name in ((first, "周一"), (second, "周二")):
        take_code(newest_token(account_of(judge)), name)
    marked(second, account_of(second), 60, "1")
    renew_code(second, competition, organiser)
    assert nameless_judge(account_of(second)) is not None
    with pytest.raises(Refused, match="姓名要写"):
        take_code(newest_token(account_of(second)), " ")
    take_code(newest_token(account_of(second)), "周二")
    assert nameless_judge(account_of(second)) is None
    marked(second, account_of(second), 90, "2")
    assert [row.entrant.code for row in renewed_sheets(competition)] == ["2"]
    assert [bend.action for bend in bends_of(competition)] == ["way_in.renew"]
    assert "裁判 J2 的登录码" in str(bends_of(competition)[0].line)
    # Whoever writes another name is told of besides.
    renew_code(second, competition, organiser)
    take_code(newest_token(account_of(second)), "吴九")
    assert [bend.action for bend in bends_of(competition)] == [
        *("way_in.renew", "way_in.renew", "judge.named")
    ]
    assert not any("吴九" in str(bend.line) for bend in bends_of(competition))
    assert all_faults() == []


def test_a_published_mark_says_that_it_came_by_a_renewed_code(
    here: Flask, organiser: Account
) -> None:
    competition = small_contest(organiser)
    first, second = competition.judges
    for judge, name in ((first, "周一"), (second, "周二")):
        take_code(newest_token(account_of(judge)), name)
    for entrant in ("1", "2", "3"):
        marked(first, account_of(first), 70, entrant)
    renew_code(second, competition, organiser)
    take_code(newest_token(account_of(second)), "周二")
    for entrant in ("1", "2", "3"):
        marked(second, account_of(second), 98, entrant)
    finish_small_contest(competition, organiser)
    publication = latest_publication(competition)
    assert publication is not None
    rows = json.loads(snapshot_files(publication)[0])["marks"]
    renewed_judges = {row["judge"] for row in rows if (row.get("extra") or {}).get(AFTER_RENEWAL)}
    assert renewed_judges == {"J2"}
    bundle, _results = read_snapshot(publication)
    lines = [str(step.text) for _depth, step in every_step(explain(bundle, "1").steps)]
    assert any("裁判 J2，换码后：" in line for line in lines)
    assert any("裁判 J1：" in line for line in lines)
    assert not any("J1，换码后" in line for line in lines)
    entrant = db.session.scalars(
        select(Entrant).where(Entrant.competition_id == competition.id, Entrant.code == "1")
    ).one()
    own = here.test_client().get(f"/c/{entrant.badge_token}").text
    assert "其中裁判 J2 评的，是登录码换过以后交的" in own
    desk = signed_in(here, organiser).get(f"/desk/{competition.code}/standings?open=1").text
    assert "裁判 J2，换码后：" in desk


def test_a_code_that_nobody_used_is_renewed_without_a_word(here: Flask, organiser: Account) -> None:
    competition = small_contest(organiser)
    renew_code(competition.judges[0], competition, organiser)
    assert bends_of(competition) == []


def test_who_comes_in_by_a_code_is_who_wrote_the_name(
    app: Flask, here: Flask, organiser: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two scan one code: while the first one's name is taken, the second presses the button."""
    app.config["WTF_CSRF_ENABLED"] = False
    competition = small_contest(organiser)
    account = account_of(competition.judges[0])
    token = newest_token(account)
    number = account.id
    db.session.rollback()
    answers: list[int] = []

    def press() -> None:
        with app.test_client() as other:
            answers.append(other.post(f"/sign-in/{token}", data={"name": "别人"}).status_code)

    @contextmanager
    def then_press() -> Iterator[Session]:
        with unit_of_work() as session:
            yield session
        if not answers and not session.info.get("writing"):
            thread = threading.Thread(target=press)
            thread.start()
            thread.join(20)

    monkeypatch.setattr(small_contest_file, "unit_of_work", then_press)
    with app.test_client() as phone:
        mine = phone.post(f"/sign-in/{token}", data={"name": "周一"}).status_code
    assert (mine, answers) == (302, [410])
    db.session.rollback()
    assert db.session.get_one(Account, number).name == "周一"
