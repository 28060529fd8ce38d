"""No order of acts leaves a valid certificate of an evaluation against its verdict."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from compete.domain.evaluation.unranked_results import verdicts_of
from compete.domain.identity.certificate_number import CertificateNumber
from compete.domain.values.roles import Role
from compete.domain.values.states import ConsequenceState, MoveError
from compete.models import (
    Account,
    Certificate,
    Competition,
    Entrant,
    PenaltyEntry,
    db,
    utc_now,
)
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.certificates.authority_books import write_upload
from compete.services.certificates.register import register_ids
from compete.services.certificates.reissuing import reissue_certificate
from compete.services.certificates.revoking import (
    agree_revocation,
    ask_again,
    ask_revocation,
    drop_revocation,
)
from compete.services.certificates.settling import agree, settle, settle_by_results
from compete.services.closing.competition_lock import lock_marks
from compete.services.jobs.papers.kinds import Asked
from compete.services.kernel.publications import latest_publication
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import unit_of_work
from compete.services.registration.carried_modules import void_module
from compete.services.registration.corrections import WrongFieldsError, correct_person
from compete.services.results.consequences import (
    compare_again,
    consequence_of,
    consequences_of,
)
from compete.services.results.publishing import publish
from compete.services.results.snapshots import read_snapshot
from tests.services.certificates.test_authority_books import sheets
from tests.sheets.reading.files import id_of
from tests.support.announced import announce, approve_all, body_for, end_appeals, reopen
from tests.support.begun import set_back
from tests.support.issuing import issue_grade_certificates
from tests.support.sittings import Load, correct, put_back, sitting, take_off

PARTS = {"theory": "theory", "hands": "技能", "review": "review"}
"""The column of the workbook for each module or part."""


class Batch:
    """A batch whose three people got their grade; the third brought the theory from another."""

    def __init__(self, first: Competition, batch: Competition, by: Account) -> None:
        self.first, self.batch, self.by = first, batch, by
        self.second = create_account("周平")
        self.chief = create_account("冯远")
        grant_role(self.second, batch, Role.ORGANISER, by=by)
        grant_role(self.chief, batch, Role.CHIEF, by=by)
        announce(batch, by)
        end_appeals(batch)
        approve_all(batch, by)
        self.body = body_for(batch)
        issue_grade_certificates(batch, self.body, by, "急用")

    @property
    def people(self) -> list[Entrant]:
        return list(
            db.session.query(Entrant).filter_by(competition_id=self.batch.id).order_by(Entrant.code)
        )

    def valid(self, n: int) -> Certificate | None:
        """The newest certificate of somebody, whatever its state."""
        return (
            db.session.query(Certificate)
            .filter_by(entrant_id=self.people[n].id)
            .order_by(Certificate.id.desc())
            .first()
        )

    def correct(self, n: int, points: int) -> None:
        """Take points off somebody's theory; with none what was taken off is put back."""
        who = self.people[n]
        penalties = list(
            db.session.query(PenaltyEntry).filter_by(entrant_id=who.id, withdrawn_at=None)
        )

        def change() -> None:
            for penalty in penalties:
                put_back(penalty)
            if points:
                take_off(who, "theory" if n < 2 else "review", points)

        correct(self.batch, self.by, change)

    def void(self, n: int, points: int) -> None:
        """Void what somebody brought: by hand, or by a new version of where it is from."""
        if n == 0:
            void_module(self.people[2], "theory", self.by)
            return
        (who,) = db.session.query(Entrant).filter_by(competition_id=self.first.id)
        correct(self.first, self.by, lambda: take_off(who, "theory", points + 1))

    def keep(self, n: int, _points: int) -> None:
        """Ask to keep somebody's certificate, and let a second agree."""
        certificate = self.valid(n)
        row = consequence_of(certificate) if certificate is not None else None
        if row is None:
            return
        if row.state is not ConsequenceState.KEEPING:
            settle([row], "keep", self.by, "照原来的")
        agree(row, self.second)

    def leave_kept(self, n: int, _points: int) -> None:
        """Keep as a program from before did, which asked no verdict."""
        certificate = self.valid(n)
        row = consequence_of(certificate) if certificate is not None else None
        if row is None or row.state is not ConsequenceState.OPEN:
            return
        with unit_of_work():
            row.state, row.settled_by, row.settled_at = (
                ConsequenceState.KEPT,
                self.by.id,
                utc_now(),
            )
            row.agreed_by, row.agreed_at = self.second.id, utc_now()
        compare_again(self.batch, self.by)

    def settle(self, _n: int, _points: int) -> None:
        """Settle whatever waits as the version has it."""
        waiting = [it for it in consequences_of(self.batch) if it.state is ConsequenceState.OPEN]
        settle_by_results(waiting, self.by)

    def issue(self, _n: int, _points: int) -> None:
        """Approve and issue what is due."""
        end_appeals(self.batch)
        approve_all(self.batch, self.by)
        issue_grade_certificates(self.batch, self.body, self.by, "急用")

    def strike(self, n: int, points: int) -> None:
        """Strike somebody's result with the certificate, by two, and publish."""
        certificate = self.valid(n)
        if certificate is None:
            return
        ask_revocation(certificate, "作弊", self.by, strike=points > 0)
        try:
            agree_revocation(certificate, self.chief)
        except Refused:
            drop_revocation(certificate, self.by)
            raise
        if points > 20:
            self.publish(n, points)

    def publish(self, _n: int, _points: int) -> None:
        """Lock and publish what was opened, or open it."""
        with suppress(Refused, MoveError):
            lock_marks(self.batch, self.by)
        publish(self.batch, self.by, "更正")

    def open(self, _n: int, _points: int) -> None:
        """Open marks."""
        reopen(self.batch, self.by)

    def again(self, n: int, _points: int) -> None:
        """Give a void certificate again, by two."""
        certificate = self.valid(n)
        if certificate is not None:
            ask_again(certificate, "查清了", self.by)
            agree_revocation(certificate, self.second)

    def rename(self, n: int, points: int) -> None:
        """Correct somebody's name, and give the certificate anew."""
        who, certificate = self.people[n], self.valid(n)
        correct_person(who, {"name": f"李大{chr(0x4E00 + points)}"}, "身份证", self.by)
        if certificate is not None:
            reissue_certificate(certificate, "姓名", self.by)

    def compare(self, _n: int, _points: int) -> None:
        """Hold what was issued against the version in force once more."""
        compare_again(self.batch, self.by)


ACTS = (
    "correct",
    "void",
    "keep",
    "leave_kept",
    "settle",
    "issue",
    "strike",
    "publish",
    "open",
    "again",
    "rename",
    "compare",
)
steps = st.lists(
    st.tuples(
        st.sampled_from(ACTS),
        st.integers(min_value=0, max_value=2),
        st.sampled_from([0, 2, 14, 30]),
    ),
    min_size=2,
    max_size=7,
)


def check_follows(batch: Batch, here: Flask) -> None:
    """Hold the authority's workbook and every certificate in force against what is published."""
    competition = batch.batch
    version = latest_publication(competition)
    assert version is not None
    events = read_snapshot(version)[1].events
    verdicts = {row.entrant: row for it in events for row in verdicts_of(it).verdicts}
    given_grades = {row.entrant: row.grade for it in events for row in it.grades or ()}
    standing = set(register_ids(competition, state="valid", kind="grade"))
    holders = {
        certificate.number: certificate
        for certificate in db.session.query(Certificate).filter_by(competition_id=competition.id)
        if certificate.id in standing
    }
    for certificate in holders.values():
        assert certificate.entrant is not None
        grade = CertificateNumber.parse(certificate.number).grade
        assert given_grades.get(certificate.entrant.code) == grade, certificate.number
    with here.test_request_context():
        book = sheets(write_upload(Asked(competition, batch.by, str, {})))
    assert [row["证书编号"] for row in book["上传数据"]] == sorted(holders)
    for row in book["上传数据"]:
        entrant = holders[row["证书编号"]].entrant
        assert entrant is not None
        own = verdicts[entrant.code]
        published = {
            title: float(mark.score)
            for code, title in PARTS.items()
            if (mark := own.modules.get(code) or own.parts.get(code)) is not None
            and mark.score is not None
        }
        assert {title: row[title] for title in published} == published


@pytest.fixture
def batch(here: Flask, load: Load, organiser: Account) -> Batch:
    first = load(sitting("FIRST", "2026-05-10"))
    announce(first, organiser)
    plain = sitting("BATCH", "2026-06-10", hands=70, people=3)
    origin = {"competition": "FIRST", "event": "A", "entrant": "P1", "publication": "1"}
    third = plain["entrants"][2]
    third["id_number"] = id_of(1)
    third["name"] = "王小1"
    third["carried"] = [{"of": "theory", "mark": "72", "until": "2028-05-10", "from": origin}]
    plain["entrants"][0]["id_number"] = id_of(4)
    plain["marks"] = [
        it for it in plain["marks"] if (it["module"], it["entrant"]) != ("theory", "P3")
    ]
    return Batch(first, load(plain), organiser)


@pytest.fixture
def anew(batch: Batch, tmp_path: Path) -> Iterator[Callable[[], None]]:
    """Put everything back to where the certificates had gone out."""
    with set_back(tmp_path) as put_back_all:
        yield put_back_all


def test_no_order_of_acts_leaves_a_grade_against_its_verdict(
    here: Flask, batch: Batch, anew: Callable[[], None]
) -> None:
    assert len(register_ids(batch.batch, state="valid", kind="grade")) == 3
    tried: dict[str, int] = {}

    @settings(
        max_examples=16,
        deadline=None,
        derandomize=True,
        # A database goes with each step: what is drawn is short enough to be read as it is.
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )
    @example([("correct", 0, 14), ("keep", 0, 0)])
    @example([("correct", 0, 2), ("correct", 0, 14), ("leave_kept", 0, 0), ("correct", 1, 2)])
    @example([("void", 1, 2), ("keep", 2, 0), ("settle", 0, 0), ("again", 2, 0)])
    @example([("strike", 1, 30), ("again", 1, 0), ("settle", 0, 0), ("issue", 0, 0)])
    @example([("open", 0, 0), ("strike", 1, 14), ("rename", 1, 2), ("publish", 0, 0)])
    @example([("strike", 1, 0), ("again", 1, 0)])
    @example([("correct", 0, 14), ("settle", 0, 0), ("correct", 0, 0), ("issue", 0, 0)])
    @given(steps)
    def take_steps(way: list[tuple[str, int, int]]) -> None:
        anew()
        for name, n, points in way:
            act: Callable[[int, int], Any] = getattr(batch, name)
            try:
                act(n, points)
            except (Refused, MoveError, WrongFieldsError):
                db.session.rollback()
            else:
                tried[name] = tried.get(name, 0) + 1
            check_follows(batch, here)

    take_steps()
    assert {*ACTS} - {*tried} <= {"keep"}
