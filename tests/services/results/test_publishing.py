"""A publication is a stored snapshot that anybody can score again."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from compete.domain import read_bundle, score, write_results
from compete.domain.bundle.packs.named import expand_packs
from compete.domain.bundle.writing import write_bundle
from compete.domain.explanation.steps import every_step
from compete.domain.explanation.tree import explain
from compete.domain.identity.masks import mask_name
from compete.domain.values.hashwords import hash_phrase
from compete.models import Account, Competition, Entrant, Publication, db
from compete.services.judging.sent_back_sheets import send_sheet_back
from compete.services.kernel.clock import clock_text
from compete.services.kernel.publications import latest_publication
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.kernel.transactions import unit_of_work
from compete.services.results.publishing import publish, publish_names, with_procedure
from compete.services.results.snapshots import (
    digest,
    publications,
    read_snapshot,
    snapshot_files,
    stored_fault,
)
from compete.services.scoring import masked_bundle as masking
from compete.services.scoring.masked_bundle import masked_bundle, public_bundle
from compete.services.scoring.public_columns import needed_columns
from tests.support.announced import announce, lock, reopen
from tests.support.competitions import sample, sample_names
from tests.support.judging import Tablet
from tests.support.small import IDS, all_marks, read, small
from tests.support.together import together
from tests.support.varied import varied, varied_marks

PENALTY = {"stage": "S", "module": "m", "entrant": "P1", "points": "1", "reason": "李小小作证"}


@pytest.mark.each_database
def test_the_stored_bundle_scores_to_the_stored_results(
    judged: Competition, organiser: Account
) -> None:
    publication = announce(judged, organiser, " 第一次公布 ")
    bundle, results = snapshot_files(publication)
    assert write_results(score(read_bundle(bundle))) == results
    assert publication.sha256 == digest(bundle, results)
    assert stored_fault(publication) is None
    assert publication.note == "第一次公布"
    assert read_snapshot(publication) == (read_bundle(bundle), score(read_bundle(bundle)))


@pytest.mark.parametrize("name", sample_names())
def test_masking_a_sample_changes_no_result(name: str) -> None:
    whole = expand_packs(sample(name))
    public = read_bundle(write_bundle(public_bundle(whole), "json"))
    assert write_results(score(public)) == write_results(score(whole))
    assert {(entrant.id_number, entrant.phone, entrant.gender) for entrant in public.entrants} <= {
        (None, None, None)
    }
    reasons = [penalty.reason for penalty in (*public.penalties, *public.outcomes)]
    beside = [public.extra, public.competition.extra, *(unit.extra for unit in public.units)]
    beside += [team.extra for team in public.teams]
    if public.labour:
        reasons += [vetoe.reason for vetoe in (*public.labour.vetoes, *public.labour.adjustments)]
        beside += [value.extra for value in public.labour.values]
    assert [*filter(None, reasons), *filter(None, beside)] == []


def test_of_a_labour_competition_no_reason_and_nothing_beside_goes_out_unless_chosen() -> None:
    plain = json.loads(write_bundle(sample("key-projects-labour"), "json"))
    labour = plain["labour"]
    period = labour["periods"][-1]["code"]
    unit = plain["units"][0] | {"extra": {"联系人": "李小小 13800000000"}}
    plain["units"][0] = unit
    plain["judges"] = [{"code": "J9", "name": "李小小"}]
    labour["vetoes"] = [{"unit": unit["code"], "period": period, "reason": "李小小坠落"}]
    labour["adjustments"] = [
        {"unit": unit["code"], "period": period, "points": "1", "reason": "李小小获奖"},
        {"unit": unit["code"], "period": period, "points": "1"},
    ]
    whole = read(plain)
    public = public_bundle(whole)
    assert write_results(score(public)) == write_results(score(whole))
    assert "李小小" not in write_bundle(public, "json").decode()
    sentences = [str(step.text) for _depth, step in every_step(explain(public, unit["code"]).steps)]
    assert "一票否决：原因没有公布" in sentences
    assert {"加 1 分：原因没有公布", "加 1 分：没有写原因"} <= set(sentences)
    chosen = public_bundle(whole, ["reasons", "extras"])
    assert chosen.labour is not None
    assert [vetoe.reason for vetoe in chosen.labour.vetoes] == ["李*小坠落"]
    assert chosen.units[0].extra == {"联系人": "李*小 138****0000"}


def test_a_crews_members_are_told_what_the_rules_of_their_event_ask_for() -> None:
    plain = varied(varied_marks())
    plain["entrants"][0]["members"][1] |= {"promoted": 2021, "birth": "1990-01-01"}
    plain["events"][1] |= {"grades": [], "ranking": {"ties": ["age:younger"]}}
    whole = read(plain)
    public = public_bundle(whole)
    assert write_results(score(public)) == write_results(score(whole))
    second = public.entrants[0].members[1]
    assert (second.group, second.grade, second.promoted, second.birth) == (None, 4, None, None)
    assert {entrant.grade for entrant in public.entrants if entrant.event == "B"} == {None}
    also = public_bundle(whole, ["group", "promoted"]).entrants[0].members[1]
    assert (also.group, also.promoted, also.birth) == ("student", 2021, None)


@pytest.mark.parametrize(
    ("rule", "columns"),
    [
        ({"when": {"max_rank": 1}, "grant": {"titles": ["能手"]}}, set()),
        ({"when": {"groups": ["worker"]}, "grant": {"titles": ["能手"]}}, {"group"}),
        ({"when": {"holds": {"at_least": 4}}, "grant": {"titles": ["能手"]}}, {"grade"}),
        ({"when": {"max_rank": 1}, "grant": {"to": 3}}, {"grade"}),
        ({"when": {"once_a_year": True}, "grant": {"titles": ["能手"]}}, {"promoted"}),
    ],
)
def test_a_column_is_needed_where_a_rule_looks_at_it(
    rule: dict[str, Any], columns: set[str]
) -> None:
    bundle = read(small(event={"grades": [{"code": "R", **rule}]}))
    assert needed_columns(bundle.events[0]) == columns


def test_what_was_chosen_goes_out_and_is_kept_with_the_version(
    load: Callable[..., Competition], organiser: Account
) -> None:
    plain = small(all_marks(), penalties=[PENALTY])
    plain["entrants"][0] |= {"grade": 3, "group": "teacher", "promoted": 2021}
    competition = load(plain)
    lock(competition, organiser)
    with pytest.raises(Refused, match="这一列不能公布"):
        publish(competition, organiser, "", ["birth"])
    chosen = publish(competition, organiser, "", ["grade", "reasons"])
    bundle, _results = read_snapshot(chosen)
    first = bundle.entrants[0]
    assert (first.grade, first.group, first.promoted) == (3, "worker", None)
    assert bundle.penalties[0].reason == "李*小作证"
    assert chosen.also_told == ["grade", "reasons"]
    with unit_of_work():
        db.session.query(Entrant).filter_by(code="P1").one().name = "赵启名"
    again = publish_names(competition, organiser, "姓名更正")
    assert again.also_told == chosen.also_told
    assert read_snapshot(again)[0].penalties[0].reason == "李*小作证"


def test_what_is_published_tells_nobodys_name_number_phone_or_remark(
    load: Callable[..., Competition], organiser: Account
) -> None:
    plain = small(all_marks(), penalties=[PENALTY])
    plain["entrants"][0] |= {
        "phone": "13800000000",
        "gender": "male",
        "group": "teacher",
        "grade": 3,
        "promoted": 2021,
        "birth": "1990-01-01",
        "extra": {"note": "左撇子"},
    }
    plain["marks"][0]["extra"] = {"note": "悄悄话"}
    plain["units"][0]["extra"] = {"note": "欠费"}
    plain["competition"]["extra"] = {"note": "内部"}
    plain["extra"] = {"note": "草稿"}
    bundle, results = snapshot_files(announce(load(plain), organiser))
    public_text = (bundle + results).decode()
    private = [
        *IDS.values(),
        "13800000000",
        "male",
        "1990-01-01",
        "左撇子",
        "悄悄话",
        "欠费",
        "内部",
        "草稿",
    ]
    private += ["赵启明", "李小小", "钱文", "孙䶮", "周一", "裁判长甲"]
    assert [word for word in private if word in public_text] == []
    assert "作证" not in public_text
    first = read_bundle(bundle).entrants[0]
    assert (first.group, first.grade, first.promoted) == ("worker", None, None)
    assert "赵*明" in public_text


def _aged(ties: list[str]) -> dict[str, Any]:
    """P3 with the marks of P2, everybody with a birth of their own, ranked by these keys."""
    plain = small(all_marks())
    plain["marks"] = [mark for mark in plain["marks"] if mark["entrant"] != "P3"]
    plain["marks"] += [
        mark | {"entrant": "P3"} for mark in plain["marks"] if mark["entrant"] == "P2"
    ]
    plain["events"][0]["ranking"] = {"ties": ties}
    for year, entrant in enumerate(plain["entrants"], 1990):
        entrant["birth"] = f"{year}-01-01"
    return plain


@pytest.mark.parametrize(
    ("ties", "codes"),
    [
        (["age:older"], ["P2", "P3"]),
        (["module:m", "age:younger", "time:t"], ["P2", "P3"]),
        (["module:m"], []),
    ],
)
def test_births_are_published_of_those_alone_whose_place_an_age_settles(
    ties: list[str], codes: list[str], load: Callable[..., Competition], organiser: Account
) -> None:
    plain = _aged(ties)
    whole = read(plain)
    bundle, results = snapshot_files(announce(load(plain), organiser))
    public = read_bundle(bundle)
    assert [entrant.code for entrant in public.entrants if entrant.birth] == codes
    assert write_results(score(public)) == results
    assert write_results(score(whole)) == results


def test_names_corrected_after_a_version_with_every_birth_tell_those_alone_that_decide(
    load: Callable[..., Competition], organiser: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    competition = load(_aged(["age:older"]))
    with monkeypatch.context() as patch:
        everybody = frozenset(entrant.code for entrant in read(_aged(["age:older"])).entrants)
        patch.setattr(masking, "deciding_births", lambda scorer: everybody)
        first = announce(competition, organiser)
    assert all(entrant.birth for entrant in read_snapshot(first)[0].entrants)
    with pytest.raises(Refused, match="第 1 版已经公布了"):
        publish_names(competition, organiser, "没有更正")
    with unit_of_work():
        db.session.query(Entrant).filter_by(code="P1").one().name = "赵启名"
    again = publish_names(competition, organiser, "姓名更正")
    codes = [entrant.code for entrant in read_snapshot(again)[0].entrants if entrant.birth]
    assert codes == ["P2", "P3"]
    assert snapshot_files(again)[1] == snapshot_files(first)[1]
    # What was published stays as it was, and readable.
    assert all(entrant.birth for entrant in read_snapshot(first)[0].entrants)
    assert stored_fault(first) is None


def test_an_items_tie_by_age_tells_births_too() -> None:
    plain = _aged([])
    plain["events"][0]["items"] = [{"code": "I", "name": "操作", "of": "m", "ties": ["age:older"]}]
    for mark in plain["marks"]:
        if (mark["entrant"], mark["module"]) == ("P3", "t"):
            mark["value"] = "65"
    whole = read(plain)
    public = public_bundle(whole)
    assert [entrant.code for entrant in public.entrants if entrant.birth] == ["P2", "P3"]
    assert write_results(score(public)) == write_results(score(whole))


def test_of_a_crew_the_birth_goes_out_of_whom_ages_are_compared_by() -> None:
    plain = varied(varied_marks())
    crew = next(competitor for competitor in plain["entrants"] if competitor.get("members"))
    rivals = [
        competitor for competitor in plain["entrants"] if competitor["event"] == crew["event"]
    ]
    for entrant in rivals:
        for holder in entrant.get("members") or [entrant]:
            holder["birth"] = "1990-01-01"
    event = next(row for row in plain["events"] if row["code"] == crew["event"])
    event["ranking"] = {"ties": ["age:older"]}
    bundle = masked_bundle(read(plain), (), [crew["code"]])
    shown = next(competitor for competitor in bundle.entrants if competitor.code == crew["code"])
    assert [member.birth is not None for member in shown.members] == [
        place == 0 for place, _member in enumerate(shown.members)
    ]
    assert not any(
        competitor.birth for competitor in bundle.entrants if competitor.code != crew["code"]
    )


@pytest.mark.parametrize(
    ("name", "shown"), [("第4组", "第4组"), ("赵启明组", "赵**组"), ("赵启明", "赵*明")]
)
def test_a_crews_name_goes_out_whole_unless_it_names_a_member(name: str, shown: str) -> None:
    plain = varied(varied_marks())
    crew = next(entrant for entrant in plain["entrants"] if entrant.get("members"))
    crew["name"] = name
    crew["members"][0]["name"] = "赵启明"
    public = next(
        entrant for entrant in public_bundle(read(plain)).entrants if entrant.code == crew["code"]
    )
    assert public.name == shown
    assert public.members[0].name == "赵*明"


@pytest.mark.parametrize("column", ["bundle", "results"])
@pytest.mark.parametrize("change", ["another mark", "not even packed"])
def test_a_changed_snapshot_shows(
    judged: Competition, organiser: Account, column: str, change: str
) -> None:
    publication = announce(judged, organiser)
    packed = getattr(publication, column)
    changed = b"x" + packed
    if change == "another mark":
        changed = zlib.compress(zlib.decompress(packed).replace(b"1", b"2", 1))
    with unit_of_work() as session:
        session.execute(text(f"UPDATE publication SET {column} = :it"), {"it": changed})
    db.session.expire_all()
    assert stored_fault(db.session.query(Publication).one()) is not None


def test_a_correction_is_a_new_version_beside_the_old(
    judged: Competition, organiser: Account
) -> None:
    first = announce(judged, organiser)
    before = snapshot_files(first)
    reopen(judged, organiser)
    assert latest_publication(judged) == first
    tablet = Tablet(judged)
    send_sheet_back(tablet.sheet("P4"), "录错", organiser)
    tablet.send(tablet.mark("a", "60", "P4"), tablet.act("submit", "P4"))
    second = announce(judged, organiser)
    assert [publication.version for publication in publications(judged)] == [2, 1]
    assert latest_publication(judged) == second
    assert snapshot_files(first) == before
    assert stored_fault(first) is None
    assert stored_fault(second) is None
    assert hash_phrase(bytes.fromhex(first.sha256)) != hash_phrase(bytes.fromhex(second.sha256))


def test_live_rows_changed_later_change_nothing_that_was_published(
    judged: Competition, organiser: Account
) -> None:
    publication = announce(judged, organiser)
    before = snapshot_files(publication)
    with unit_of_work():
        db.session.query(Entrant).filter_by(code="P1").one().name = "改名了"
    bundle, _results = read_snapshot(publication)
    assert snapshot_files(publication) == before
    assert bundle.entrants[0].name == "赵*明"


def test_a_version_that_masked_its_crews_is_read_with_their_names(
    load: Callable[..., Competition], organiser: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = small(all_marks())
    crew = plain["entrants"][0]
    del crew["id_number"]
    crew["name"] = "第1组"
    crew["members"] = [{"code": f"P1{n}", "name": name} for n, name in enumerate(("魏燕", "施梅"))]
    monkeypatch.setattr(masking, "shown_crew_name", lambda name, *_rest: mask_name(name))
    publication = announce(load(plain), organiser)
    assert "第*组".encode() in snapshot_files(publication)[0]
    assert read_snapshot(publication)[0].entrants[0].name == "第1组"
    assert stored_fault(publication) is None


def test_a_withdrawn_publication_is_announced_no_more(
    judged: Competition, organiser: Account
) -> None:
    publication = announce(judged, organiser)
    with unit_of_work():
        publication.withdrawn_at = publication.published_at
    assert latest_publication(judged) is None


@pytest.mark.each_database
def test_two_who_publish_at_once_make_one_version(
    here: Flask, judged: Competition, organiser: Account
) -> None:
    lock(judged, organiser)
    number, person = judged.id, organiser.id

    def press() -> int:
        return publish(
            db.session.get_one(Competition, number), db.session.get_one(Account, person)
        ).version

    answers = together(here, press, press, press)
    assert [answer for answer in answers if answer == 1] == [1]
    assert db.session.query(Publication).count() == 1
    refused = [answer for answer in answers if answer != 1]
    assert {(type(refusal), refusal.kind) for refusal in refused} == {(Refused, Refusal.CONFLICT)}
    out = db.session.scalars(select(Publication)).one()
    sentence = (
        f"没有要公布的：第 1 版已经公布了（{organiser.name}，{clock_text(out.published_at)}）"
    )
    assert {refusal.message.render(None) for refusal in refused} == {sentence}


def test_a_note_too_long_is_refused_in_words(judged: Competition, organiser: Account) -> None:
    with pytest.raises(Refused, match="最多 500 个字"):
        announce(judged, organiser, "长" * 501)
    assert db.session.query(Publication).count() == 0


def test_what_is_written_for_the_public_is_the_published_bundle(
    judged: Competition, organiser: Account
) -> None:
    from compete.services.scoring.bundle_out import export_bundle

    bundle, _results = snapshot_files(announce(judged, organiser))
    public = with_procedure(export_bundle(judged, private=False), judged)
    assert write_bundle(public, "json") == bundle
