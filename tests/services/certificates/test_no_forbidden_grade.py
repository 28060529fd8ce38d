"""No order of acts in two batches gives a grade that the fixed day, a verdict or a grade forbids.

What may be is worked out here from what was written of the people, and knows nothing of how the
program looks at it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from compete.domain.evaluation.unranked_results import verdicts_of
from compete.domain.identity.certificate_number import CertificateNumber
from compete.domain.values.roles import Role
from compete.domain.values.states import (
    CertificateState,
    CompetitionState,
    ConsequenceState,
    GradeState,
    MoveError,
)
from compete.models import Account, Certificate, Competition, Entrant, Exemption, Sheet, db
from compete.services.accounts.accounts import account_of_judge, create_account, grant_role
from compete.services.certificates.register import register_ids
from compete.services.certificates.revoking import agree_revocation, ask_again, ask_revocation
from compete.services.certificates.settling import settle_by_results
from compete.services.closing.approving_jobs import agree_to_approval, asked_approvals
from compete.services.closing.competition_lock import lock_marks
from compete.services.closing.grade_proposals import decide_grades, proposed_codes, why_not_approved
from compete.services.competitions.details import (
    agree_terms,
    change_details,
    details_of,
    waiting_terms,
)
from compete.services.judging.act_intake import take_acts
from compete.services.kernel import audit
from compete.services.kernel.fields import with_values
from compete.services.kernel.participants import standing_withdrawal
from compete.services.kernel.publications import latest_publication
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import unit_of_work
from compete.services.registration.applicant_eligibility import who_meets
from compete.services.registration.carried_modules import (
    bring_module,
    kept_modules,
    take_module_back,
    void_module,
)
from compete.services.registration.corrections import correct_person
from compete.services.registration.level_exemptions import (
    agree_level_exemption,
    ask_level_exemption,
    end_level_exemption,
    level_exemption,
)
from compete.services.registration.opening import begin_judging
from compete.services.registration.passing import pass_person, take_pass_back
from compete.services.registration.withdrawals import (
    return_person,
    withdraw_people,
    withdraw_person,
)
from compete.services.registration.writing import add_person
from compete.services.results.consequences import consequences_of
from compete.services.results.publishing import publish
from compete.services.results.snapshots import read_snapshot
from compete.services.schedule.admissions import is_admitted
from compete.services.schedule.allocation import assign_judges
from compete.services.sheets.act_rules import ActIn
from tests.sheets.reading.files import id_of
from tests.support.announced import announce, approve_all, body_for, plain, reopen
from tests.support.begun import set_back
from tests.support.evaluation import evaluation, mark, module
from tests.support.issuing import issue_grade_certificates
from tests.support.passing import pass_all
from tests.support.sittings import Load, correct, take_off

Plain = dict[str, Any]
ISSUED = date(2022, 3, 1)
"""On which those two got their fifth grade here who say so."""
STARTS = {"B": date(2026, 5, 10), "N": date(2026, 9, 10)}
DAYS = (*STARTS.values(), date(2023, 1, 10), date(2024, 12, 1))
SINCE = ("2020-03-01", "2023-06-01", "2024-03-01")
STEPS = {"A": (5, 3), "C": (4, 4)}
"""By level the grade that is asked, and for how many years."""
PEOPLE = {
    1: ("A", "五级", ISSUED.isoformat()),
    2: ("A", "五级", ISSUED.isoformat()),
    3: ("A", "五级", "2024-03-01"),
    4: ("A", "五级", "2020-03-01"),
    5: ("C", "四级", "2021-01-01"),
}
"""By the number of somebody: the level, the present grade and since when.

The first two have it from here; the third is short of the years; the fourth passed the theory in
vain before.
"""


def level(code: str, name: str, grade: int, **keys: Any) -> Plain:
    stage = {"code": "s", "name": "考核", "modules": [module("theory"), module("hands")]}
    return {
        **{"code": code, "name": f"泵站运行工 {name}", "verdict": "pass", "grade": grade},
        **{"occupation": {"code": "4-09", "name": "泵站运行工", "track": "甲"}, "cite": "4.2"},
        **{"rounding": {"module": 2}, "carry_months": 24, "stages": [stage]},
        **keys,
    }


def batch(code: str, starts: date, levels: list[Plain], people: Sequence[Plain] = ()) -> Plain:
    whole = evaluation()
    whole["competition"] |= {"code": code, "name": f"认定 {code}", "starts": starts.isoformat()}
    return whole | {"events": levels, "entrants": [*people], "marks": []}


def two_levels(code: str) -> Plain:
    return batch(
        code,
        STARTS[code],
        [
            level(
                *(of, name, least - 1),
                apply=[
                    {
                        "code": "step",
                        "when": {"holds": {"at_least": least}, "years_in_grade": years},
                    }
                ],
            )
            for of, name in (("A", "四级"), ("C", "三级"))
            for least, years in (STEPS[of],)
        ],
    )


def before() -> Plain:
    """The fifth grade for two, and a fourth in which somebody passed the theory alone."""
    marks = {"P1": 80, "P2": 80, "P4": 40}
    whole = batch(
        "FIRST",
        date(2026, 1, 10),
        [level("E", "五级", 5), level("A", "四级", 4)],
        [
            {"code": code, "name": f"王小{code[1]}", "unit": "U", "event": "EA"[code == "P4"]}
            | {"id_number": id_of(int(code[1]))}
            for code in marks
        ],
    )
    whole["marks"] = [
        it
        for code, hands in marks.items()
        for it in (mark("theory", code, 72), mark("hands", code, hands))
    ]
    return whole


class Year:
    """Two batches of two levels after a first one, and all that is done in them."""

    def __init__(self, load: Load, by: Account) -> None:
        self.by = by
        self.first = load(before())
        self.batches = [load(two_levels(code), registering=True) for code in STARTS]
        self.second = create_account("周平")
        for competition in (self.first, *self.batches):
            grant_role(self.second, competition, Role.ORGANISER, by=by)
            plain(competition)
        announce(self.first, by)
        approve_all(self.first, by)
        self.body = body_for(self.first)
        issue_grade_certificates(self.first, self.body, by, "急用")
        with unit_of_work():
            for row in db.session.query(Certificate):
                row.issued_on = ISSUED
            audit.record(self.first, by, "test.dated", "P1")
        for competition in self.batches:
            judge = competition.judges[0]
            for event in competition.events:
                for of in ("theory", "hands"):
                    assign_judges(event, "s", of, [(judge, "")], by)
        for k, people in enumerate(((1, 2, 3, 5), (1, 4))):
            for n in people:
                self.enter(k, n, 0)

    def who(self, k: int, n: int) -> Entrant:
        row = (
            db.session.query(Entrant)
            .filter_by(competition_id=self.batches[k].id, name=f"王小{n}")
            .order_by(Entrant.id.desc())
            .first()
        )
        if row is None:
            raise Refused("没有报")
        return row

    def enter(self, k: int, n: int, v: int) -> None:
        """Register somebody, as they are, or with another day of the grade."""
        of, grade, since = PEOPLE[n]
        typed = {"unit": "U", "name": f"王小{n}", "id_number": id_of(n), "event": of}
        typed |= {"grade": grade, "grade_since": SINCE[v] if v and n > 2 else since}
        add_person(self.batches[k], typed, self.by)

    def pass_(self, k: int, n: int, _v: int) -> None:
        """Pass somebody."""
        pass_person(self.who(k, n), self.by)

    def unpass(self, k: int, n: int, _v: int) -> None:
        """Take a pass back."""
        take_pass_back(self.who(k, n), self.by)

    def ask(self, k: int, n: int, _v: int) -> None:
        """Ask that somebody be let in."""
        ask_level_exemption(self.who(k, n), "放宽", self.by)

    def agree(self, k: int, n: int, v: int) -> None:
        """Let somebody in by two."""
        row = level_exemption(self.who(k, n))
        if row is None:
            row = ask_level_exemption(self.who(k, n), "放宽", self.by)
        agree_level_exemption(row, self.by if v == 2 else self.second)

    def end(self, k: int, n: int, _v: int) -> None:
        """Take that back."""
        row = level_exemption(self.who(k, n))
        if row is not None:
            end_level_exemption(row, self.by)

    def move(self, k: int, n: int, v: int) -> None:
        """Move somebody to the other batch."""
        withdraw_person(self.who(k, n), "转下一批", self.by)
        self.enter(1 - k, n, v)

    def back(self, k: int, n: int, _v: int) -> None:
        """Let somebody come back who left."""
        return_person(self.who(k, n), self.by)

    def carry(self, k: int, _n: int, _v: int) -> None:
        """Bring the theory along."""
        who = self.who(k, 4)
        bring_module(who, next((it.key for it in kept_modules(who)), ""), self.by)

    def uncarry(self, k: int, _n: int, v: int) -> None:
        """Leave it after all, or void it."""
        (take_module_back if v else void_module)(self.who(k, 4), "theory", self.by)

    def recount(self, _k: int, _n: int, v: int) -> None:
        """Correct where it is from: it holds no more."""
        former = {row.code: row for row in db.session.query(Entrant) if row.code == "P4"}
        who = next(row for row in former.values() if row.competition_id == self.first.id)
        correct(self.first, self.by, lambda: take_off(who, "theory", 5 + 10 * v))

    def since(self, k: int, n: int, v: int) -> None:
        """Correct since when somebody has the grade."""
        correct_person(self.who(k, n), {"grade_since": SINCE[v]}, "看了原件", self.by)

    def day(self, k: int, _n: int, v: int) -> None:
        """Set another day on which conditions are looked at, by two where that is asked."""
        competition, now = self.batches[k], details_of(self.batches[k])
        change_details(competition, with_values(now, starts=DAYS[v]), now, self.by, "改期")
        if waiting_terms(competition) is not None:
            agree_terms(competition, self.second)

    def _revoke(self, certificate: Certificate | None) -> None:
        if certificate is not None:
            ask_revocation(certificate, "查实了", self.by)
            agree_revocation(certificate, self.second)

    def revoke(self, _k: int, n: int, _v: int) -> None:
        """Make the earlier grade void."""
        self._revoke(self.earlier(n, CertificateState.VALID))

    def renew(self, _k: int, n: int, _v: int) -> None:
        """Give it again."""
        void = self.earlier(n, CertificateState.REVOKED)
        if void is not None:
            ask_again(void, "查清了", self.by)
            agree_revocation(void, self.second)

    def earlier(self, n: int, state: CertificateState) -> Certificate | None:
        return next(
            (
                it
                for it in db.session.query(Certificate).order_by(Certificate.id.desc())
                if it.competition_id == self.first.id
                and it.state is state
                and it.id_number == id_of(n)
            ),
            None,
        )

    def withdraw_paper(self, k: int, n: int, _v: int) -> None:
        """Make void what was issued here."""
        self._revoke(
            db.session.query(Certificate)
            .filter_by(entrant_id=self.who(k, n).id, state=CertificateState.VALID)
            .first()
        )

    def open(self, k: int, _n: int, _v: int) -> None:
        """Pass whoever meets everything, move the others, and begin."""
        competition = self.batches[k]
        pass_all(competition, self.by)
        waiting = [it.entrant for it in who_meets(competition) if not it.passed]
        if waiting:
            withdraw_people(competition, dict.fromkeys(waiting, "转下一批"), self.by)
        begin_judging(competition, self.by, "人不够")

    def mark(self, k: int, n: int, v: int) -> None:
        """Mark whatever lacks a mark; `n` fails where `v` says so."""
        competition = self.batches[k]
        for sheet in db.session.query(Sheet).filter_by(competition_id=competition.id, version=0):
            failing = v == 2 and sheet.entrant.name == f"王小{n}"
            value = {"kind": "mark", "aspect": "a", "value": "40" if failing else "80"}
            acts = [
                ActIn(uuid=f"{sheet.id:08d}-0000-4000-8000-{it:012d}", sheet=sheet.public_id, **act)
                for it, act in enumerate((value, {"kind": "submit"}))
            ]
            account = account_of_judge(sheet.judge, competition, None)
            taken = take_acts(sheet.judge, acts, account)
            assert not taken.refused, taken.refused

    def publish(self, k: int, _n: int, _v: int) -> None:
        """Lock and publish."""
        lock_marks(self.batches[k], self.by)
        publish(self.batches[k], self.by, "第几版")

    def correct(self, k: int, n: int, v: int) -> None:
        """Open, take points off or none, and publish anew."""
        who = self.who(k, n)
        reopen(self.batches[k], self.by)
        if v and standing_withdrawal(who) is None:
            take_off(who, "theory", 10 + 10 * v)
        self.publish(k, n, v)

    def approve(self, k: int, _n: int, _v: int) -> None:
        """One asks for every grade, another agrees."""
        competition = self.batches[k]
        barred = why_not_approved(competition)
        codes = [it for it in proposed_codes(competition) if it not in barred]
        if codes:
            decide_grades(competition, codes, GradeState.APPROVED, self.by)
        for asked in asked_approvals(competition):
            agree_to_approval(asked, self.second)

    def issue(self, k: int, _n: int, _v: int) -> None:
        """Settle what waits, and issue what is due."""
        competition = self.batches[k]
        waiting = [it for it in consequences_of(competition) if it.state is ConsequenceState.OPEN]
        if waiting:
            settle_by_results(waiting, self.by)
        issue_grade_certificates(competition, self.body, self.by, "急用")


STAGES = ("open", "mark", "publish", "approve", "issue")
ACTS = (
    *("enter", "pass_", "unpass", "ask", "agree", "end", "move", "back", "carry", "uncarry"),
    *("recount", "since", "day", "revoke", "renew", "withdraw_paper", "correct"),
)
Act = tuple[str, int, int, int]
acts = st.tuples(
    st.sampled_from(ACTS), st.integers(0, 1), st.sampled_from(sorted(PEOPLE)), st.integers(0, 2)
)
gaps = st.lists(st.lists(acts, max_size=3), min_size=11, max_size=11)
ORDERS = (
    [(stage, k) for k in (0, 1) for stage in STAGES],
    [(stage, k) for k in (1, 0) for stage in STAGES],
    [(stage, k) for stage in STAGES for k in (0, 1)],
)


def months_full(since: date, years: int, day: date) -> bool:
    return since.replace(year=since.year + years) <= day


class Looker:
    """Holds the certificates of both batches against what may be."""

    def __init__(self, year: Year) -> None:
        self.year, self.seen = year, set[int]()

    def look(self) -> None:
        year = self.year
        rows = db.session.query(Certificate).filter_by(kind="grade", state=CertificateState.VALID)
        valid = list(rows)
        for competition in year.batches:
            standing = set(register_ids(competition, state="valid", kind="grade"))
            own = [it for it in valid if it.id in standing]
            if own:
                self._by_verdict(competition, own)
            for certificate in own:
                self._by_conditions(competition, certificate)
        for certificate in valid:
            grade = CertificateNumber.parse(certificate.number).grade
            assert grade is not None
            alike = [it for it in valid if it.id_number == certificate.id_number]
            higher = [
                it.number
                for it in alike
                if it.id < certificate.id and CertificateNumber.parse(it.number).grade <= grade  # type: ignore[operator]
            ]
            assert not higher, (certificate.number, higher)
        self.seen |= {it.id for it in valid}

    def _by_verdict(self, competition: Competition, own: list[Certificate]) -> None:
        version = latest_publication(competition)
        assert version is not None
        events = read_snapshot(version)[1].events
        passed = {
            row.entrant
            for it in events
            for row in verdicts_of(it).verdicts
            if row.verdict == "pass"
        }
        for certificate in own:
            assert certificate.entrant is not None
            assert certificate.entrant.code in passed

    def _by_conditions(self, competition: Competition, certificate: Certificate) -> None:
        who = certificate.entrant
        assert who is not None
        new = certificate.id not in self.seen
        settled = competition.state is not CompetitionState.JUDGING
        assert not (new and not settled)
        if not settled:
            return
        assert standing_withdrawal(who) is None
        exempt = db.session.query(Exemption).filter_by(entrant_id=who.id, ended_at=None)
        if any(it.agreed_at is not None for it in exempt):
            return
        least, years = STEPS[who.event.code]
        assert competition.starts is not None
        assert who.grade is not None
        assert who.grade <= least
        assert who.grade_since is not None
        assert months_full(who.grade_since, years, competition.starts)
        if not new:
            return
        assert is_admitted(who)
        # Of a grade that is from here, none but a valid certificate says it.
        n = next(n for n in PEOPLE if id_of(n) == certificate.id_number)
        if n in (1, 2) and who.grade_since == ISSUED:
            earlier = self.year.earlier(n, CertificateState.VALID)
            assert earlier is not None, "rests on a grade that is void"


@pytest.fixture
def year(here: Flask, load: Load, organiser: Account) -> Year:
    return Year(load, organiser)


@pytest.fixture
def anew(year: Year, tmp_path: Path) -> Iterator[Callable[[], None]]:
    """Put everything back to where the first batch was over."""
    with set_back(tmp_path) as put_back_all:
        yield put_back_all


def no_acts(**at: list[Act]) -> list[list[Act]]:
    """Lists of acts before the stages of those numbers alone."""
    return [at.get(f"at_{place}", []) for place in range(11)]


def test_no_order_of_acts_gives_a_grade_that_is_forbidden(
    year: Year, anew: Callable[[], None]
) -> None:
    tried: dict[str, int] = {}

    def act(name: str, k: int, n: int, v: int) -> None:
        try:
            getattr(year, name)(k, n, v)
        except (Refused, MoveError):
            db.session.rollback()
        else:
            tried[name] = tried.get(name, 0) + 1

    @settings(
        max_examples=6,
        deadline=None,
        derandomize=True,
        # A database goes with each step: what is drawn is short enough to be read as it is.
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )
    # Made void before the review, after it, and once others are under way.
    @example(gaps=no_acts(at_0=[("revoke", 0, 1, 0)]), order=ORDERS[0])
    @example(gaps=no_acts(at_1=[("revoke", 0, 1, 0), ("enter", 0, 4, 0)]), order=ORDERS[0])
    @example(gaps=no_acts(at_4=[("revoke", 0, 1, 0), ("renew", 0, 1, 0)]), order=ORDERS[0])
    @example(
        gaps=no_acts(
            at_0=[
                *[("ask", 0, 3, 0), ("agree", 0, 3, 0), ("pass_", 0, 3, 0), ("end", 0, 3, 0)],
                *[("pass_", 0, 5, 0), ("unpass", 0, 5, 0), ("since", 0, 3, 1), ("day", 0, 1, 3)],
                *[("move", 0, 2, 0), ("back", 0, 2, 0), ("agree", 0, 3, 0)],
            ],
            at_4=[("correct", 0, 5, 2)],
            at_5=[("withdraw_paper", 0, 1, 0), ("carry", 1, 4, 0), ("uncarry", 1, 4, 1)],
            at_6=[("carry", 1, 4, 0), ("recount", 1, 4, 1)],
        ),
        order=ORDERS[0],
    )
    @given(gaps=gaps, order=st.sampled_from(ORDERS))
    def take_steps(gaps: list[list[Act]], order: list[tuple[str, int]]) -> None:
        anew()
        looker = Looker(year)
        for gap, stage in zip(gaps, [*order, None], strict=True):
            for step in gap:
                act(*step)
            if stage is not None:
                act(*stage, n=gap[0][2] if gap else 1, v=gap[0][3] if gap else 0)
                looker.look()

    take_steps()
    assert {*ACTS, *STAGES} - {*tried} <= {"uncarry"}
