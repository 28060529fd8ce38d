"""Judges' comments to contestants: who writes them, who reads them, when they go."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import msgspec
import pytest
from flask import Flask
from sqlalchemy import func, select, text

from compete.commands.verify import all_faults
from compete.models import Account, Act, AuditEntry, Competition, Entrant, SheetComment, db
from compete.services.accounts.sign_in_cards import issue_card
from compete.services.competitions.erasure_requests import erase_person
from compete.services.kernel.event_rules import rules_of
from compete.services.kernel.transactions import changing, unit_of_work
from compete.services.results.publishing import publish
from compete.services.rules.stage_draft import ModuleDraft, stage_drafts_of, stage_trees
from compete.services.rules.taking_effect import sheet_of
from compete.services.scoring.bundle_out import export_bundle
from compete.services.sheets.comments import LONGEST_COMMENT, standing_comment
from tests.support.announced import lock, reopen
from tests.support.judging import Tablet, seat_and_open
from tests.support.signing_in import official, signed_in
from tests.support.small import PEOPLE, small

WORDS = "转弯前先看后镜，停位很稳"


def with_comments(**keys: Any) -> dict[str, Any]:
    plain = small(**keys)
    plain["events"][0]["stages"][0]["modules"][0]["extra"] = {"comments": True}
    return plain


@pytest.fixture
def open_one(load: Callable[..., Competition], organiser: Account) -> Competition:
    """Being judged; the first module takes comments, the second does not."""
    competition = load(with_comments())
    seat_and_open(competition, organiser)
    return competition


def say(tablet: Tablet, words: str, entrant: str = "P1", **keys: Any) -> None:
    taken = tablet.send(tablet.act("comment", entrant, note=words, **keys))
    assert not taken.refused, taken.refused


def person(code: str) -> Entrant:
    return db.session.scalars(select(Entrant).where(Entrant.code == code)).one()


def mark_all(competition: Competition) -> None:
    for code in ("J1", "J2", "J3"):
        tablet = Tablet(competition, code)
        for entrant in PEOPLE:
            assert not tablet.send(*tablet.full(entrant)).refused


def own_page(app: Flask, code: str = "P1") -> str:
    return app.test_client().get(f"/c/{person(code).badge_token}").text


@pytest.mark.each_database
def test_the_last_comment_stands_and_an_empty_one_takes_it_back(
    open_one: Competition, sound: None
) -> None:
    tablet = Tablet(open_one)
    say(tablet, "先这么写")
    say(tablet, f"  {WORDS} ")
    assert standing_comment(tablet.sheet()) == WORDS
    # Nothing of it is a mark, and the state of the sheet stays.
    assert tablet.values() == {}
    assert tablet.sheet().state.value == "not_begun"
    act = tablet.act("comment", note="又一遍")
    tablet.send(act, act)
    assert tablet.send(act).stored == [act.uuid]
    assert db.session.scalar(select(func.count(SheetComment.id))) == 3
    other = tablet.act("comment", note="别的话", uuid=act.uuid)
    assert "早就记下了" in tablet.refusal(other)
    say(tablet, "")
    assert standing_comment(tablet.sheet()) == ""


def test_only_where_the_rules_ask_and_until_the_judge_has_signed(
    open_one: Competition, organiser: Account
) -> None:
    tablet, other = Tablet(open_one), Tablet(open_one, "J3")
    assert "不写评语" in other.refusal(other.act("comment", note=WORDS))
    long = "字" * (LONGEST_COMMENT + 1)
    assert "最多 500 个字" in tablet.refusal(tablet.act("comment", note=long))
    say(tablet, long[1:])
    assert "整张表" in tablet.refusal(tablet.act("comment", note=WORDS, aspect="a"))
    # Handed in it may still be written, signed no more.
    tablet.send(*tablet.full())
    say(tablet, WORDS)
    with unit_of_work():
        tablet.sheet().state = type(tablet.sheet().state).SIGNED
    assert "已经签名" in tablet.refusal(tablet.act("comment", note="改一改"))
    with unit_of_work():
        tablet.sheet().state = type(tablet.sheet().state).SUBMITTED
    for code in ("J1", "J2", "J3"):
        again = Tablet(open_one, code)
        for entrant in PEOPLE:
            again.send(*again.full(entrant))
    lock(open_one, organiser)
    assert "锁定" in tablet.refusal(tablet.act("comment", note="改一改"))
    assert standing_comment(tablet.sheet()) == WORDS


def test_no_words_stand_in_the_acts_or_in_the_chain(open_one: Competition) -> None:
    tablet, other = Tablet(open_one), Tablet(open_one, "J3")
    say(tablet, WORDS)
    other.refusal(other.act("comment", note=WORDS))
    act = db.session.scalars(select(Act).where(Act.kind == "comment")).one()
    assert act.note is None
    written = [str(row.after) + str(row.before) for row in db.session.scalars(select(AuditEntry))]
    assert not any(WORDS in line for line in written)
    # Nor open in the database.
    kept = db.session.execute(text("SELECT text FROM sheet_comment")).scalar_one()
    assert WORDS.encode() not in bytes(kept)


@pytest.mark.parametrize(
    "change", ["DELETE FROM sheet_comment", "UPDATE sheet_comment SET text = NULL"]
)
def test_words_that_somebody_took_away_are_missed(open_one: Competition, change: str) -> None:
    say(Tablet(open_one), WORDS)
    assert all_faults() == []
    db.session.execute(text(change))
    db.session.commit()
    assert any("sheet_comment" in str(fault) for fault in all_faults())


def test_the_contestant_alone_reads_them_once_results_are_published(
    app: Flask, open_one: Competition, organiser: Account, sound: None
) -> None:
    say(Tablet(open_one), WORDS)
    say(Tablet(open_one, "J2"), "和李小小一样稳，周一也这么说")
    say(Tablet(open_one), "给第二个人的", "P2")
    mark_all(open_one)
    assert WORDS not in own_page(app)
    lock(open_one, organiser)
    assert WORDS not in own_page(app)
    publication = publish(open_one, organiser)
    page = own_page(app)
    assert "裁判的评语" in page
    assert WORDS in page
    assert "给第二个人的" not in page
    # Names in it are masked, and nobody says which judge wrote what.
    assert "李小小" not in page
    assert "周一" not in page
    assert "一样稳" in page
    assert "裁判的评语" not in own_page(app, "P3")
    stranger = app.test_client()
    code = open_one.code
    paths = ["", "/bundle.json", "/results.json", "/notice.pdf"]
    for path in [f"/p/{code}{path}" for path in paths]:
        answer = stranger.get(path)
        assert WORDS.encode() not in answer.data, path
    assert WORDS not in msgspec.json.encode(export_bundle(open_one)).decode()
    # What is written after it comes with another version, if any.
    reopen(open_one, organiser)
    say(Tablet(open_one), "后来改的")
    assert "后来改的" not in own_page(app)
    assert WORDS in own_page(app)
    # A notice that is taken down takes them along.
    with unit_of_work():
        publication.withdrawn_at = publication.published_at
    assert WORDS not in own_page(app)


def test_the_chief_reads_them_on_the_sheet(
    app: Flask, open_one: Competition, organiser: Account
) -> None:
    tablet = Tablet(open_one)
    say(tablet, WORDS)
    chief = official(open_one, "C1")
    issue_card(chief, one_time=False, by=organiser)
    page = signed_in(app, chief).get(f"/desk/X/sheets/{tablet.sheet().public_id}").text
    assert "给选手的评语" in page
    assert WORDS in page
    address = f"/api/sheets/{tablet.sheet().public_id}"
    mine = signed_in(app, tablet.account).get(address).json
    assert (mine["comments"], mine["comment"]) == (True, WORDS)
    # Another judge of the panel does not.
    other = Tablet(open_one, "J2")
    own = signed_in(app, other.account)
    assert own.get(f"/api/sheets/{other.sheet().public_id}").json["comment"] == ""
    assert WORDS not in own.get(address).text


def test_they_are_erased_with_the_person(
    app: Flask, open_one: Competition, organiser: Account, sound: None
) -> None:
    say(Tablet(open_one), WORDS)
    say(Tablet(open_one), "给第二个人的", "P2")
    mark_all(open_one)
    lock(open_one, organiser)
    publish(open_one, organiser)
    with changing(open_one):
        erase_person(person("P1"), "本人要求", organiser)
    texts = db.session.scalars(select(SheetComment.text).order_by(SheetComment.id)).all()
    assert texts == [None, "给第二个人的"]
    assert WORDS not in own_page(app)
    assert "给第二个人的" in own_page(app, "P2")


def test_the_form_of_rules_switches_them_and_no_sheet_is_marked_anew() -> None:
    plain = with_comments()["events"][0]
    stages = plain["stages"]
    (draft,) = stage_drafts_of(stages)
    assert [module.comments for module in draft.modules] == [True, False]
    assert stage_trees([draft], stages) == stages
    other = replace(
        draft,
        modules=tuple(replace(it, comments=not it.comments) for it in draft.modules),
    )
    (tree,) = stage_trees([other], stages)
    assert "extra" not in tree["modules"][0]
    assert tree["modules"][1]["extra"] == {"comments": True}
    assert ModuleDraft().comments is False


def test_to_switch_them_sends_no_sheet_back(open_one: Competition) -> None:
    module, _other = rules_of(open_one.events[0]).stages[0].modules
    assert sheet_of(msgspec.structs.replace(module, extra=None)) == sheet_of(module)
