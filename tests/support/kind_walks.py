"""Walks of a competition of each kind through the states that it can reach."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select

from compete.domain.bundle.writing import write_bundle
from compete.domain.values.roles import Role
from compete.domain.values.states import CertificateState, ConsequenceState
from compete.models import (
    Account,
    Certificate,
    Competition,
    Consequence,
    Entrant,
    PenaltyEntry,
    Sheet,
    db,
)
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.certificates.award_certificates import issue_award_certificates
from compete.services.certificates.reissuing import reissue_certificate
from compete.services.certificates.revoking import agree_revocation, ask_revocation
from compete.services.certificates.settling import agree, settle, settle_by_results
from compete.services.closing.competition_lock import lock_marks
from compete.services.closing.module_locks import lock_module
from compete.services.closing.penalties_and_outcomes import (
    Proposal,
    confirm_proposal,
    propose_decision,
)
from compete.services.competitions.archive import put_away
from compete.services.competitions.event_setup import remove_event
from compete.services.kernel import audit
from compete.services.kernel.transactions import unit_of_work
from compete.services.labour.closing import close_period, publish_closed
from compete.services.results.consequences import consequences_of
from compete.services.results.publishing import publish
from compete.services.results.result_moves import make_final, withdraw_notice
from compete.services.schedule.allocation import assign_judges, open_judging
from compete.services.schedule.draw_ceremonies import add_seal, discard_draw
from compete.services.schedule.next_stage import open_stage
from compete.services.schedule.stage_undo import take_stage_back
from tests.domain.labour.build import one_month
from tests.sheets.reading.files import id_of
from tests.support.announced import announce, approve_all, body_for, end_notice, lock, plain
from tests.support.drawing import NAMES, openings_of, prepared
from tests.support.issuing import issue_grade_certificates
from tests.support.judging import Tablet, judge_of, seat
from tests.support.second_day import PRIZES, strike_out
from tests.support.signing_in import official
from tests.support.sittings import Load, correct, sitting, take_off
from tests.support.small import all_marks, small
from tests.support.two_stages import next_of, person, two_stages
from tests.support.undoing import undo_decision

Walk = Iterator[tuple[str, Competition]]
"""State after state, and the competition that is in it."""


def certificates(competition: Competition) -> list[Certificate]:
    """Every certificate, the oldest first."""
    query = select(Certificate).where(Certificate.competition_id == competition.id)
    return list(db.session.scalars(query.order_by(Certificate.id)))


def valid(competition: Competition) -> list[Certificate]:
    """Those that are valid."""
    return [row for row in certificates(competition) if row.state is CertificateState.VALID]


def open_rows(competition: Competition) -> list[Consequence]:
    """What waits to be settled."""
    return [row for row in consequences_of(competition) if row.state is ConsequenceState.OPEN]


def people(competition: Competition) -> list[Entrant]:
    """Who takes part, in order."""
    query = select(Entrant).where(Entrant.competition_id == competition.id)
    return list(db.session.scalars(query.order_by(Entrant.code)))


def second_organiser(competition: Competition, by: Account) -> Account:
    """Somebody who may agree."""
    second = create_account("周平")
    grant_role(second, competition, Role.ORGANISER, by=by)
    return second


def of_code(plain_file: dict[str, Any], code: str) -> dict[str, Any]:
    """The same file, of another code and before anything is marked."""
    head = plain_file["competition"] | {"code": code}
    return plain_file | {"competition": head, "marks": [], "outcomes": [], "penalties": []}


def penalise(entrant: Entrant, points: int) -> None:
    """Take points off somebody of the small contest."""
    with unit_of_work() as session:
        session.add(
            PenaltyEntry(
                entrant_id=entrant.id, stage="S", module="m", points=Decimal(points), reason="更正"
            )
        )
        audit.record(entrant.competition, None, "test.penalty", entrant.code)


def contest(load: Load, by: Account, _desk: FlaskClient) -> Walk:
    """A contest with prizes and grades."""
    yield from _contest(load, by, small(all_marks(), event=PRIZES))


def crews(load: Load, by: Account, _desk: FlaskClient) -> Walk:
    """The same; P1, who wins, is a crew of two."""
    bundle = small(all_marks(), event=PRIZES)
    crew = bundle["entrants"][0]
    crew.pop("id_number")
    crew["name"] = "第1组"
    crew["members"] = [
        {"code": f"P1{letter}", "name": name, "id_number": id_of(place)}
        for letter, name, place in (("a", "魏海燕", 51), ("b", "施雪梅", 52))
    ]
    yield from _contest(load, by, bundle, short=True)


def _contest(load: Load, by: Account, bundle: dict[str, Any], *, short: bool = False) -> Walk:
    if not short:
        early = of_code(bundle, "D")
        unasked = early["events"][0] | {"code": "F", "name": "没人报的"}
        draft = load(early | {"events": [*early["events"], unasked]}, registering=True)
        yield "draft", draft
        remove_event(draft.events[1], by)
        seat(draft, by)
        ceremony = prepared(draft, by)
        for party in openings_of(ceremony):
            add_seal(ceremony, party.name, party.seal, spare=party.name == NAMES[-1], by=by)
        yield "seated", draft
        discard_draw(ceremony, by)
        open_judging(draft, by)
        yield "open", draft
        tablet = Tablet(draft)
        tablet.send(*tablet.full("P2"))
        yield "marking", draft
    made = load(bundle)
    second = second_organiser(made, by)
    lock(made, by)
    if not short:
        yield "locked", made
    publish(made, by)
    yield "notice", made
    approve_all(made, by)
    issue_grade_certificates(made, body_for(made), by, "急用")
    issue_award_certificates(made, by, "急用")
    yield "certified", made
    reissue_certificate(certificates(made)[-1], "丢了", by)
    correct(made, by, lambda: penalise(people(made)[0], 30))
    yield "corrected", made
    rows = open_rows(made)
    settle(rows[:1], "keep", by, "照原来的")
    if not short:
        yield "keeping", made
    agree(rows[0], second)
    settle_by_results(rows[1:], by)
    yield "kept", made
    strike_out(made, "P2", by)
    yield "struck", made
    lock_marks(made, by)
    publish(made, by, "取消一个人的成绩")
    yield "struck and published", made
    settle_by_results(open_rows(made), by)
    ask_revocation(valid(made)[0], "发错了", by)
    if not short:
        yield "revocation asked", made
    agree_revocation(valid(made)[0], second)
    yield "revoked", made
    end_notice(made)
    for event in made.events:
        make_final(event, by)
    yield "final", made
    if not short:
        put_away(made, made.name, by)
        yield "put away", made
        shown = load(bundle | {"competition": bundle["competition"] | {"code": "T"}})
        announce(shown, by)
        withdraw_notice(shown.events[0], "漏了一个人", by)
        yield "taken down", shown


def stages(load: Load, by: Account, _desk: FlaskClient) -> Walk:
    """Two stages: the preliminary over, the final begun, the preliminary corrected."""
    made = two_stages(load)
    plain(made)
    lock_module(made.events[0], "A", "m", by)
    yield "preliminary over", made
    open_stage(made, "E", "B", next_of(made).mark, by)
    yield "final begun", made
    take_stage_back(made, "E", "B", by)
    gone = Proposal("dns", "B", None, "因病退出", "诊断证明")
    chief, supervisor = official(made, "C1"), official(made, "S1")
    asked = propose_decision(person("P2"), gone, chief)
    confirm_proposal(asked, supervisor)
    yield "one leaves", made
    undo_decision(asked, "又来了", chief)
    open_stage(made, "E", "B", next_of(made).mark, by)
    with unit_of_work() as session:
        session.add(
            PenaltyEntry(
                entrant_id=person("P2").id, stage="A", module="m", points=Decimal(30), reason="更正"
            )
        )
        audit.record(made, None, "test.penalty", "P2")
    yield "preliminary corrected", made


def evaluation(load: Load, by: Account, _desk: FlaskClient) -> Walk:
    """An evaluation of three; the third brought the theory from an earlier one."""
    first = load(sitting("FIRST", "2026-05-10"))
    announce(first, by)
    origin = {"competition": "FIRST", "event": "A", "entrant": "P1", "publication": "1"}
    bundle = sitting("EV", "2026-06-10", hands=70, people=4)
    ids = (4, 2, 1, 3)
    for entrant, place in zip(bundle["entrants"], ids, strict=True):
        entrant |= {"id_number": id_of(place), "name": f"王小{'甲乙丙丁'[place - 1]}"}
    bundle["entrants"][2]["name"] = "王小1"
    bundle["entrants"][2]["carried"] = [
        {"of": "theory", "mark": "72", "until": "2028-05-10", "from": origin}
    ]
    bundle["judges"] += [
        {"code": "C1", "name": "冯远", "role": "chief"},
        {"code": "S1", "name": "田春", "role": "supervisor"},
    ]
    bundle["marks"] = [
        it | ({"value": 40} if it["entrant"] == "P4" else {})
        for it in bundle["marks"]
        if (it["module"], it["entrant"]) != ("theory", "P3")
    ]
    draft = of_code(bundle, "D")
    draft["entrants"] = [
        {key: value for key, value in it.items() if key != "carried"} for it in draft["entrants"]
    ]
    early = load(draft, registering=True)
    yield "draft", early
    for module, codes in (
        *((code, ("J1",)) for code in ("theory", "one", "two")),
        ("review", ("J1", "J2", "J3")),
    ):
        seats = [(judge_of(early, code), "") for code in codes]
        assign_judges(early.events[0], "s", module, seats, by)
    open_judging(early, by, "人不够")
    yield "open", early
    made = load(bundle)
    second = second_organiser(made, by)
    plain(made)
    yield "marking", made
    lock(made, by)
    yield "locked", made
    publish(made, by)
    yield "notice", made
    approve_all(made, by)
    issue_grade_certificates(made, body_for(made), by, "急用")
    yield "certified", made
    reissue_certificate(valid(made)[-1], "丢了", by)
    yield "reissued", made
    correct(made, by, lambda: take_off(people(made)[0], "theory", 14))
    yield "corrected", made
    settle_by_results(open_rows(made), by)
    yield "settled", made
    correct(first, by, lambda: take_off(people(first)[0], "theory", 2))
    yield "carried and voided", made
    settle_by_results(open_rows(made), by)
    yield "voided and settled", made
    ask_revocation(valid(made)[0], "发错了", by)
    yield "revocation asked", made
    agree_revocation(valid(made)[0], second)
    yield "revoked", made
    withdraw_notice(made.events[0], "漏了一个人", by)
    yield "taken down", made
    end_notice(first)
    make_final(first.events[0], by)
    yield "final", first
    put_away(first, first.name, by)
    yield "put away", first


def labour(load: Load, by: Account, _desk: FlaskClient) -> Walk:
    """A labour competition of one month."""
    made = load(json.loads(write_bundle(one_month({"甲": 95, "乙": 88}))))
    yield "open", made
    close_period(made, "M", "", by)
    yield "closed", made
    publish_closed(made, by)
    yield "published", made


def small_contest(_load: Load, _by: Account, desk: FlaskClient) -> Walk:
    """A small contest, from its form to its certificates."""
    form = {
        "name": "机修车间钳工小比武",
        "day": "2026-11-27",
        "people": "何立军\t一班\n王芳\t一班\n李强\t二班",
        "points": "锉削平面度 60\n工具摆放 每次扣 2 40",
        "judges": "1",
        "first": "1",
        "second": "1",
        "third": "0",
    }
    assert desk.post("/desk/new/small", data=form).status_code == 302
    made = db.session.scalars(select(Competition)).one()
    yield "open", made
    with unit_of_work():
        made.judges[0].name = "杨海东"
    query = select(Sheet).where(Sheet.competition_id == made.id).order_by(Sheet.id)
    texts = zip(db.session.scalars(query), ("50 38", "55 40", "缺考"), strict=True)
    marks = {f"mark-{sheet.id}": text for sheet, text in texts}
    written = {**marks, "reason": "杨海东手机没电", "evidence": "当场念的"}
    assert desk.post(f"/desk/{made.code}/small/marks", data=written).status_code == 302
    yield "marked", made
    assert desk.post(f"/desk/{made.code}/small/publish", data={"absent": "1"}).status_code == 302
    yield "published", made


def practice(load: Load, _by: Account, desk: FlaskClient) -> Walk:
    """A module of a contest practised under a mentor, from its form until it is put away."""
    of = load(small([]), registering=True)
    form = {"module": "E/S/m", "name": "装配练习", "mentors": "周勇", "tries": "2"}
    form["pupils"] = "何立军\t一班\n王芳\t一班"
    assert desk.post(f"/desk/{of.code}/practice/new", data=form).status_code == 302
    query = select(Competition).where(Competition.id != of.id)
    made = db.session.scalars(query).one()
    yield "open", made
    tablet = Tablet(made)
    for tablet.module in ("t1", "t2"):
        tablet.send(*tablet.full("1"))
        yield "marking" if tablet.module == "t1" else "practised", made
    away = desk.post(f"/desk/{made.code}/put-away", data={"name": made.name})
    assert away.status_code == 302
    yield "put away", made


WALKS: Mapping[str, Callable[[Load, Account, FlaskClient], Walk]] = MappingProxyType(
    {
        "contest": contest,
        "crews": crews,
        "two stages": stages,
        "labour": labour,
        "evaluation": evaluation,
        "small": small_contest,
        "practice": practice,
    }
)
