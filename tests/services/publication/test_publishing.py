"""A publication is a stored snapshot that anybody can score again."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from compete.domain import read_bundle, score, write_bundle, write_results
from compete.domain.values import hash_phrase
from compete.models import Account, Competition, Entrant, Publication, db
from compete.services.judging import return_sheet
from compete.services.kernel import Refused, unit_of_work
from compete.services.publication import (
    is_unchanged,
    latest_publication,
    publications,
    publish,
    read_snapshot,
    snapshot_files,
)
from compete.services.publication.publishing import after_working_days, digest
from tests.support.announced import announce, lock, reopen
from tests.support.judging import Tablet
from tests.support.small import IDS, all_marks, small
from tests.support.together import together


@pytest.mark.each_database
def test_the_stored_bundle_scores_to_the_stored_results(
    judged: Competition, organiser: Account
) -> None:
    publication = announce(judged, organiser, " 第一次公布 ")
    bundle, results = snapshot_files(publication)
    assert write_results(score(read_bundle(bundle))) == results
    assert publication.sha256 == digest(bundle, results)
    assert is_unchanged(publication)
    assert publication.note == "第一次公布"
    assert read_snapshot(publication) == (read_bundle(bundle), score(read_bundle(bundle)))


@pytest.mark.parametrize("name", ["coal-sampling", "pump-station", "yangtze-recovery"])
def test_masking_a_sample_changes_no_result(here: Flask, name: str) -> None:
    from compete.services.scoring import export_bundle
    from tests.support.competitions import load_sample

    competition = load_sample(name)
    whole, public = export_bundle(competition), export_bundle(competition, private=False)
    assert write_results(score(public)) == write_results(score(whole))
    assert public != whole


def test_what_is_published_tells_nobodys_name_number_phone_or_remark(
    load: Callable[..., Competition], organiser: Account
) -> None:
    penalty = {"stage": "S", "module": "m", "entrant": "P1", "points": "1", "reason": "李小小作证"}
    plain = small(all_marks(), penalties=[penalty])
    plain["entrants"][0] |= {
        "phone": "13800000000",
        "gender": "male",
        "birth": "1990-01-01",
        "extra": {"note": "左撇子"},
    }
    plain["marks"][0]["extra"] = {"note": "悄悄话"}
    bundle, results = snapshot_files(announce(load(plain), organiser))
    told = (bundle + results).decode()
    private = [*IDS.values(), "13800000000", "male", "1990-01-01", "左撇子", "悄悄话"]
    private += ["赵启明", "李小小", "钱文", "孙䶮", "周一", "裁判长甲"]
    assert [word for word in private if word in told] == []
    assert "李*小作证" in told
    assert "赵*明" in told


def test_a_birth_is_published_only_where_a_tie_is_settled_by_age(
    load: Callable[..., Competition], organiser: Account
) -> None:
    plain = small(all_marks())
    plain["events"][0]["ranking"] = {"ties": ["age:older"]}
    for one in plain["entrants"]:
        one["birth"] = "1990-01-01"
    bundle, _results = snapshot_files(announce(load(plain), organiser))
    assert bundle.count(b"1990-01-01") == 4


@pytest.mark.parametrize("column", ["bundle", "results"])
@pytest.mark.parametrize("how", ["another mark", "not even packed"])
def test_a_changed_snapshot_shows(
    judged: Competition, organiser: Account, column: str, how: str
) -> None:
    publication = announce(judged, organiser)
    packed = getattr(publication, column)
    changed = b"x" + packed
    if how == "another mark":
        changed = zlib.compress(zlib.decompress(packed).replace(b"1", b"2", 1))
    with unit_of_work() as session:
        session.execute(text(f"UPDATE publication SET {column} = :it"), {"it": changed})
    db.session.expire_all()
    assert not is_unchanged(db.session.query(Publication).one())


def test_a_correction_is_a_new_version_beside_the_old(
    judged: Competition, organiser: Account
) -> None:
    first = announce(judged, organiser)
    before = snapshot_files(first)
    reopen(judged, organiser)
    assert latest_publication(judged) == first
    tablet = Tablet(judged)
    return_sheet(tablet.sheet("P4"), "录错", organiser)
    tablet.send(tablet.mark("a", "60", "P4"), tablet.act("submit", "P4"))
    second = announce(judged, organiser)
    assert [one.version for one in publications(judged)] == [2, 1]
    assert latest_publication(judged) == second
    assert snapshot_files(first) == before
    assert is_unchanged(first)
    assert is_unchanged(second)
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
    assert [one for one in answers if one == 1] == [1]
    assert db.session.query(Publication).count() == 1


def test_a_note_too_long_is_refused_in_words(judged: Competition, organiser: Account) -> None:
    with pytest.raises(Refused, match="最多 500 个字"):
        announce(judged, organiser, "长" * 501)
    assert db.session.query(Publication).count() == 0


def test_the_notice_ends_after_working_days_alone() -> None:
    friday = datetime(2026, 9, 18, 17, 0)
    assert after_working_days(friday, 0) == friday
    assert after_working_days(friday, 1) == friday + timedelta(days=3)
    assert after_working_days(friday, 5) == friday + timedelta(days=7)


def test_what_is_written_for_the_public_is_the_published_bundle(
    judged: Competition, organiser: Account
) -> None:
    from compete.services.scoring import export_bundle

    bundle, _results = snapshot_files(announce(judged, organiser))
    assert write_bundle(export_bundle(judged, private=False), "json") == bundle
