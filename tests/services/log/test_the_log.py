"""The log takes in what the chains tell, once, and tells when it was changed afterwards."""

from __future__ import annotations

import json
from itertools import accumulate, pairwise
from time import monotonic, sleep

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, text

from compete.domain.log.checking import shows_consistency
from compete.domain.log.checkpoints import read_checkpoint
from compete.domain.log.proof_texts import checked_log_proof
from compete.domain.values.states import SheetState
from compete.keys.ed25519 import check_signature
from compete.models import (
    Account,
    Competition,
    LogCheckpoint,
    LogLeaf,
    LogTile,
    Sheet,
    db,
)
from compete.services.certificates.award_certificates import (
    issue_award_certificates,
    unissued_awards,
)
from compete.services.certificates.rows import revoke_certificate
from compete.services.competitions.loading import load_bundle
from compete.services.judging.signing import put_signature
from compete.services.kernel import audit
from compete.services.kernel.publications import latest_publication
from compete.services.kernel.transactions import unit_of_work
from compete.services.log import sequencing
from compete.services.log.checking import check_against, check_leaves, check_log
from compete.services.log.leaves_of_records import ACTIONS
from compete.services.log.sequencing import (
    catch_up,
    checkpoint_at,
    continued,
    is_behind,
    keep_log_up,
    leaf_of_publication,
    proof_of,
    verifier_key,
)
from compete.services.results.result_moves import withdraw_notice
from tests.support.announced import announce
from tests.support.drawing import drawn
from tests.support.small import all_marks, read, small
from tests.support.statements import statements
from tests.support.together import together


def kinds() -> list[str]:
    """What the leaves tell, in order."""
    leaf_kinds = []
    for content in db.session.scalars(select(LogLeaf.content).order_by(LogLeaf.number)):
        leaf = json.loads(content)
        leaf_kinds.append(
            " ".join(filter(None, (leaf["kind"], leaf.get("act") or leaf.get("step"))))
        )
    return leaf_kinds


def faults(competition: Competition) -> list[str]:
    db.session.rollback()
    db.session.expire_all()
    return [str(fault) for fault in (*check_log(), *check_leaves(competition))]


def sign_some(competition: Competition, by: Account, many: int) -> None:
    """Sheets signed, of which the log has not heard yet."""
    query = select(Sheet).where(Sheet.state == SheetState.SUBMITTED).order_by(Sheet.id)
    for sheet in db.session.scalars(query.limit(many)).all():
        with unit_of_work():
            put_signature(sheet, by, drawing=None, method="paper")


@pytest.mark.each_database
def test_whether_chains_tell_more_is_asked_in_one_statement_and_of_each(
    here: Flask, organiser: Account
) -> None:
    several = []
    for number in range(3):
        plain = small(all_marks())
        plain["competition"]["code"] = f"X{number}"
        several.append(load_bundle(read(plain), by=organiser))
    catch_up()
    assert not is_behind()
    with statements(db.engine) as asked:
        is_behind()
    # The newest checkpoint, and all chains.
    assert len(asked) == 2
    for competition in several:
        announced = announce(competition, organiser)
        assert not is_behind()
        assert leaf_of_publication(announced) is not None
        with unit_of_work():
            audit.record(competition, organiser, ACTIONS[0], "x", after={})
        assert is_behind()
        catch_up()
        assert not is_behind()


def test_what_is_signed_announced_and_certified_is_in_the_log_and_proven(
    forklift: Competition, organiser: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    # So that this little log takes several pieces.
    monkeypatch.setattr(sequencing, "_PIECE", 2)
    sign_some(forklift, organiser, 3)
    assert is_behind()
    assert kinds() == []
    published = announce(forklift, organiser)
    assert kinds() == ["sheet"] * 3 + ["publication announce"]
    first, *_rest = issue_award_certificates(forklift, organiser, "领导同意")
    revoke_certificate(first, "抄错了", organiser)
    withdraw_notice(forklift.events[0], "再核一遍", organiser)
    assert kinds()[4:] == [
        *["certificate issue"] * (len(_rest) + 1),
        *("certificate annul", "publication withdraw"),
    ]
    assert not is_behind()
    assert faults(forklift) == []
    leaf = leaf_of_publication(published)
    assert leaf is not None
    assert json.loads(leaf.content)["sha256"] == published.sha256
    proven = checked_log_proof(
        str(proof_of(leaf.number)).encode(), [verifier_key()], check_signature
    )
    assert proven.leaf.decode() == leaf.content
    sizes = list(db.session.scalars(select(LogCheckpoint.size).order_by(LogCheckpoint.size)))
    for old, new in pairwise(sizes):
        rows = [checkpoint_at(old), checkpoint_at(new)]
        roots = [bytes.fromhex(row.root) for row in rows if row is not None]
        assert shows_consistency(old, roots[0], new, roots[1], continued(old, new))
    # An installation that had no log yet comes to the same one, to the letter.
    notes = db.session.scalars(select(LogCheckpoint.note)).all()
    contents = db.session.scalars(select(LogLeaf.content).order_by(LogLeaf.number)).all()
    with unit_of_work() as session:
        for table in (LogLeaf, LogTile, LogCheckpoint):
            session.execute(delete(table))
    monkeypatch.setattr(sequencing, "_PIECE", 500)
    newest = catch_up()
    assert newest is not None
    assert newest.note == notes[-1]
    again = db.session.scalars(select(LogLeaf.content).order_by(LogLeaf.number)).all()
    assert sorted(again) == sorted(contents)


def test_a_ceremony_is_in_the_log_step_by_step(fresh: Competition, organiser: Account) -> None:
    ceremony = drawn(fresh, organiser)
    assert kinds() == [
        f"draw {step}" for step in ("head", "opening", "openings", "opening", "result")
    ]
    leaves = [json.loads(row) for row in db.session.scalars(select(LogLeaf.content))]
    assert {leaf["head"] for leaf in leaves} == {ceremony.head}
    assert leaves[2]["sha256"] == ceremony.openings
    assert leaves[1]["sha256"] in {share.seal for share in ceremony.shares}
    assert faults(fresh) == []


def test_whoever_rewrites_history_meets_the_checkpoint_that_was_kept_elsewhere(
    judged: Competition, organiser: Account
) -> None:
    announce(judged, organiser)
    sign_row = db.session.scalars(select(LogCheckpoint)).one()
    outside, _note = read_checkpoint(sign_row.note.encode())
    assert check_against(outside) is None
    with unit_of_work() as session:
        session.execute(
            text("UPDATE log_leaf SET content = replace(content, 'announce', 'withdraw')")
        )
    fault_text = " ".join(faults(judged))
    assert "前 1 条和当时签的检查点对不上" in fault_text
    assert "总账第 1 条和第" in fault_text
    # All made anew over a forged hash, with the key in hand: sound by itself.
    with unit_of_work() as session:
        for table in (LogLeaf, LogTile, LogCheckpoint):
            session.execute(delete(table))
        session.execute(
            text(
                "UPDATE audit_entry SET after = replace(after, :old, :new)"
                " WHERE action = 'results.publish'"
            ),
            {"old": latest_publication(judged).sha256, "new": "ab" * 32},  # type: ignore[union-attr]
        )
    catch_up()
    assert faults(judged) == []
    assert "历史改过" in str(check_against(outside))
    with unit_of_work() as session:
        for table in (LogLeaf, LogTile, LogCheckpoint):
            session.execute(delete(table))
    assert "这里只有 0 条" in str(check_against(outside))


@pytest.mark.each_database
def test_two_at_once_give_no_number_twice_and_one_that_dies_loses_nothing(
    here: Flask, judged: Competition, organiser: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_some(judged, organiser, 4)
    kept = sequencing.append

    def dies(*given: object) -> None:
        kept(*given)  # type: ignore[arg-type]
        raise SystemExit

    monkeypatch.setattr(sequencing, "append", dies)
    with pytest.raises(SystemExit):
        catch_up()
    assert db.session.scalar(select(func.count()).select_from(LogLeaf)) == 0
    monkeypatch.setattr(sequencing, "append", kept)
    monkeypatch.setattr(sequencing, "_PIECE", 1)
    sizes = together(here, *[lambda: catch_up().size] * 3)  # type: ignore[union-attr]
    assert sizes == [4, 4, 4]
    assert kinds() == ["sheet"] * 4
    assert faults(judged) == []
    assert checkpoint_at(4) is not None


def test_a_record_of_many_certificates_ends_a_piece(
    forklift: Competition, organiser: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    announce(forklift, organiser)
    before = catch_up()
    assert before is not None
    with monkeypatch.context() as patched:
        patched.setattr(sequencing, "catch_up", lambda: None)
        portions = []
        while unissued_awards(forklift):
            portions.append(len(issue_award_certificates(forklift, organiser, "急用", most=2)))
    assert len(portions) > 1
    monkeypatch.setattr(sequencing, "_HEAVY", 3)
    newest = catch_up()
    assert newest is not None
    sizes = select(LogCheckpoint.size).where(LogCheckpoint.size > before.size)
    grown = list(db.session.scalars(sizes.order_by(LogCheckpoint.size)))
    assert grown == [before.size + done for done in accumulate(portions)]
    assert faults(forklift) == []


@pytest.mark.each_database
def test_signed_sheets_enter_the_log_without_anybody_asking(
    here: Flask, judged: Competition, organiser: Account
) -> None:
    sign_some(judged, organiser, 2)
    db.session.commit()
    assert is_behind()
    keeping = keep_log_up(0.02)
    try:
        end = monotonic() + 20
        while kinds().count("sheet") < 2 and monotonic() < end:
            sleep(0.02)
            db.session.rollback()
        sign_some(judged, organiser, 1)
        db.session.commit()
        while kinds().count("sheet") < 3 and monotonic() < end:
            sleep(0.02)
            db.session.rollback()
    finally:
        keeping.stop()
    assert kinds().count("sheet") == 3
    assert faults(judged) == []
