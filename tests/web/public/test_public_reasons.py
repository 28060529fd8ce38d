"""A reason that anybody may read names nobody: masked where it is shown, refused where typed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from compete.domain.values.states import ConsequenceState
from compete.models import Account, Certificate, Competition, Consequence, ResultStand, db
from compete.services.certificates.revoking import agree_revocation, ask_revocation
from compete.services.certificates.settling import settle
from compete.services.kernel.publications import latest_publication
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.kernel.transactions import unit_of_work
from compete.services.results.consequences import consequences_of
from compete.services.results.publishing import publish_names
from compete.services.results.result_moves import withdraw_notice
from tests.services.certificates.test_reissuing import rename
from tests.support.second_day import certify, person, second_version, with_prizes
from tests.support.signing_in import official, signed_in
from tests.web.organiser.certificates.test_consequences import looked_up

NAMING = "李小小 举报，裁判 周一 核实"
MASKED = "李*小 举报，裁判 周* 核实"


@pytest.fixture
def certified(here: Flask, load: Callable[..., Competition], organiser: Account) -> Competition:
    competition = with_prizes(load)
    certify(competition, organiser)
    return competition


def paper(kind: str, subject: str) -> Certificate:
    return db.session.query(Certificate).filter_by(kind=kind, subject=subject).one()


def lapsed(competition: Competition) -> list[Consequence]:
    rows = consequences_of(competition)
    return [row for row in rows if row.state is ConsequenceState.OPEN and row.now is None]


def test_why_a_certificate_is_void_names_nobody(
    app: Flask, here: Flask, certified: Competition, organiser: Account
) -> None:
    for strike in (False, True):
        with pytest.raises(Refused, match="不要写“李小小”，写参赛号 P4") as refused:
            ask_revocation(paper("award", "P3"), NAMING, organiser, strike=strike)
        assert refused.value.kind is Refusal.INVALID
    ask_revocation(paper("award", "P3"), "P4 举报，裁判核实", organiser)
    agree_revocation(paper("award", "P3"), official(certified, "S1"))
    assert "P4 举报，裁判核实" in looked_up(app, "award", "P3")
    # What was kept before reasons were looked at is masked as it is shown.
    with unit_of_work():
        paper("award", "P3").revoke_reason = NAMING
    page = looked_up(app, "award", "P3")
    assert MASKED in page
    by_number = app.test_client().post(
        "/verify", data={"number": paper("award", "P3").number, "name": "孙䶮"}
    )
    assert MASKED in by_number.text
    assert "李小小" not in page + by_number.text


def test_why_a_certificate_is_withdrawn_names_nobody(
    certified: Competition, organiser: Account
) -> None:
    second_version(certified, organiser)
    rows = lapsed(certified)
    with pytest.raises(Refused, match="不要写“李小小”，写参赛号 P4"):
        settle(rows, "withdraw", organiser, NAMING)
    # What keeps a certificate is for the desk alone.
    settle(rows[:1], "keep", organiser, NAMING)
    assert settle(rows[1:], "withdraw", organiser, "P4 举报")


def test_the_desk_hears_it_where_the_reason_is_typed(
    here: Flask, certified: Competition, organiser: Account
) -> None:
    desk = signed_in(here, organiser)
    number = paper("award", "P3").id
    typed = {"reason": NAMING, "scope": "paper"}
    answer = desk.post(f"/desk/X/certificates/{number}/revoke", data=typed)
    assert answer.status_code == 400
    assert "不要写“李小小”，写参赛号 P4" in answer.text
    answer = desk.post("/desk/X/results/withdraw", data={"reason": NAMING})
    assert answer.status_code == 400
    assert "不要写“李小小”，写参赛号 P4" in answer.text
    second_version(certified, organiser)
    rows = [row.id for row in lapsed(certified)]
    typed_rows = {"reason": NAMING, "act": "withdraw", "rows": rows}
    answer = desk.post("/desk/X/consequences", data=typed_rows)
    assert answer.status_code == 400
    assert "不要写“李小小”，写参赛号 P4" in answer.text


def test_why_a_notice_was_taken_down_names_nobody(
    client: FlaskClient, certified: Competition, organiser: Account
) -> None:
    event = certified.events[0]
    with pytest.raises(Refused, match="不要写“李小小”，写参赛号 P4"):
        withdraw_notice(event, NAMING, organiser)
    withdraw_notice(event, "P4 举报", organiser)
    with unit_of_work() as session:
        session.query(ResultStand).filter_by(event_id=event.id).one().withdrawn_why = NAMING
    badge = f"/c/{person(certified, 'P1').badge_token}"
    for address in ("/p/X", badge):
        page = client.get(address).text
        assert MASKED in page, address
        assert "李小小" not in page, address


def test_the_note_of_a_version_names_nobody_on_page_and_badge(
    client: FlaskClient, certified: Competition, organiser: Account
) -> None:
    rename(certified, "P3", "孙龑", organiser)
    publish_names(certified, organiser, "P3 更正姓名")
    publication = latest_publication(certified)
    assert publication is not None
    with unit_of_work():
        publication.note = "孙䶮 改名孙龑"
    for address in ("/p/X", "/p/X?version=2", f"/c/{person(certified, 'P1').badge_token}"):
        page = client.get(address).text
        assert "孙* 改名孙*" in page, address
        assert "孙䶮" not in page, address
