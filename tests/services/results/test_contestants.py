"""What a badge's holder is told: when and where, and from the publication on the result."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from compete.models import Account, Competition, Entrant, db
from compete.services.certificates.award_certificates import issue_award_certificates
from compete.services.closing.penalties_and_outcomes import (
    Proposal,
    confirm_proposal,
    propose_decision,
)
from compete.services.kernel.transactions import unit_of_work
from compete.services.results.contestants import (
    certificates_of_entrant,
    find_by_badge,
    verdict_for,
)
from compete.services.results.publishing import publish
from compete.services.results.snapshots import published_names, read_snapshot
from compete.services.scoring.aspect_profile import aspect_chart
from compete.services.scoring.grade_rules import scorer_of
from tests.domain.scoring.build import aspect, bundle, entrant, event, mark, module, people, stage
from tests.support.announced import announce, lock, reopen
from tests.support.signing_in import official
from tests.support.small import all_marks, small

SAMPLES = Path(__file__).parents[3] / "sample_events"


def person(code: str) -> Entrant:
    return db.session.query(Entrant).filter_by(code=code).one()


@pytest.mark.each_database
def test_a_badge_finds_its_holder_and_nothing_else_does(fresh: Competition) -> None:
    token = person("P1").badge_token
    assert find_by_badge(token) == person("P1")
    for wrong in (
        "",
        token[:-1],
        token + "x",
        token.swapcase(),
        "P1",
        "\0",
        person("P1").badge_hash,
    ):
        assert find_by_badge(wrong) is None


def test_nothing_is_told_before_publication_and_everything_from_then_on(
    judged: Competition, organiser: Account
) -> None:
    assert verdict_for(person("P1")) is None
    lock(judged, organiser)
    assert verdict_for(person("P1")) is None
    publish(judged, organiser)
    verdict = verdict_for(person("P1"))
    assert verdict is not None
    assert (verdict.rank, verdict.ranked, verdict.status) == (1, 4, "ranked")
    assert [line.name for line in verdict.modules] == ["模块m", "模块t"]
    assert verdict.total is not None


def test_a_correction_that_is_not_published_yet_changes_nothing_told(
    judged: Competition, organiser: Account
) -> None:
    announce(judged, organiser)
    before = verdict_for(person("P1"))
    reopen(judged, organiser)
    assert verdict_for(person("P1")) == before


def test_a_withdrawn_publication_tells_nothing(judged: Competition, organiser: Account) -> None:
    publication = announce(judged, organiser)
    with unit_of_work():
        publication.withdrawn_at = publication.published_at
    assert verdict_for(person("P1")) is None


def test_who_came_after_the_publication_is_told_nothing_yet(
    judged: Competition, organiser: Account
) -> None:
    announce(judged, organiser)
    first = person("P1")
    with unit_of_work() as session:
        session.add(
            Entrant(
                competition_id=judged.id,
                event_id=first.event_id,
                unit_id=first.unit_id,
                code="P9",
                name="后来",
                badge_hash="0" * 64,
                badge_token="t",
            )
        )
    assert verdict_for(person("P9")) is None


@pytest.mark.parametrize("status", ["dns", "dsq"])
def test_who_is_not_ranked_is_told_why(
    load: Callable[..., Competition], organiser: Account, status: str
) -> None:
    marks = [mark for mark in all_marks() if mark["entrant"] != "P4"]
    outcome = {"stage": "S", "entrant": "P4", "status": status}
    announce(load(small(marks, outcomes=[outcome])), organiser)
    verdict = verdict_for(person("P4"))
    assert verdict is not None
    assert (verdict.rank, verdict.status) == (None, status)


def test_a_lone_contestant_has_a_verdict(
    load: Callable[..., Competition], organiser: Account
) -> None:
    plain = small([mark for mark in all_marks() if mark["entrant"] == "P1"])
    plain["entrants"] = [entrant("P1", unit="U1", name="独")]
    announce(load(plain), organiser)
    verdict = verdict_for(person("P1"))
    assert verdict is not None
    assert (verdict.rank, verdict.ranked) == (1, 1)


def test_grades_awards_and_certificates_are_told_with_their_reasons(
    forklift: Competition, organiser: Account
) -> None:
    announce(forklift, organiser)
    verdict = verdict_for(person("B01"))
    assert verdict is not None
    assert verdict.promoted
    (graded,) = verdict.grades
    assert (graded.member, graded.grade) == (None, 2)
    assert verdict.awards
    assert [str(title) for title in verdict.honours] == ["江苏省技术能手（等核准）"]
    assert any(reason.met for reason in graded.reasons)
    assert certificates_of_entrant(person("B01")) == []
    issue_award_certificates(forklift, organiser, "急用")
    assert {certificate.kind for certificate in certificates_of_entrant(person("B01"))} == {"award"}


def test_every_contestant_of_a_sample_has_a_verdict(
    forklift: Competition, organiser: Account
) -> None:
    announce(forklift, organiser)
    verdicts = [verdict_for(entrant) for entrant in db.session.query(Entrant)]
    assert len(verdicts) > 30
    assert all(verdicts)
    assert any(
        verdict and not verdict.promoted and verdict.grades[0].reasons for verdict in verdicts
    )


def test_a_name_corrected_since_is_not_in_the_version_that_is_published(
    judged: Competition, organiser: Account
) -> None:
    announce(judged, organiser)
    entrant = person("P1")
    with unit_of_work():
        entrant.name = "赵启朙"
        entrant.unit.name = "丙单位"
    verdict = verdict_for(entrant)
    assert verdict is not None
    assert (verdict.name, verdict.unit) == ("赵启明", "甲单位")
    assert published_names(verdict.publication)["P1"] == "赵启明"


def test_who_is_struck_out_in_one_module_has_no_sum_of_its_part(
    load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(json.loads((SAMPLES / "yangtze-recovery" / "bundle.json").read_text()))
    wanted = Proposal("dsq", "final", "flatbed", "违规操作", "监控录像")
    decision = propose_decision(person("R02"), wanted, official(competition, "C1"))
    confirm_proposal(decision, official(competition, "S1"))
    announce(competition, organiser)
    verdict = verdict_for(person("R02"))
    assert verdict is not None
    struck = next(line for line in verdict.modules if "dsq" in line.flags and line.in_part)
    part = next(line for line in verdict.modules if not line.in_part and "dsq" in line.flags)
    assert (struck.in_part, part.in_part) == (True, False)


def test_who_is_absent_or_disqualified_counts_in_no_median_and_has_no_chart(
    load: Callable[..., Competition], organiser: Account
) -> None:
    five = module("m", [aspect(code, full=20) for code in "abcde"], part="p")
    parts = [{"code": "p", "name": "技能", "weight": "100", "full": "100"}]
    marks = [
        mark(code, str(points), "J1", aspect_code)
        for code, points in {"P1": 4, "P2": 16, "P3": 0, "P4": 12, "P5": 8}.items()
        for aspect_code in "abcde"
    ]
    out = [
        {"entrant": "P1", "stage": "S", "status": "dsq", "reason": "工龄不符"},
        {"entrant": "P4", "stage": "S", "module": "m", "status": "dns", "reason": "没有到场"},
    ]
    plain = bundle(event(stage(five, parts=parts)), people(5), marks, outcomes=out)
    competition = load(plain)
    announce(competition, organiser)

    def medians_of(code: str) -> tuple[list[str | None], list[str] | None]:
        verdict = verdict_for(person(code))
        assert verdict is not None
        scorer = scorer_of(read_snapshot(verdict.publication)[0]).events["E"]
        chart = aspect_chart(scorer, code)
        return [line.median for line in verdict.modules], (
            [line.median for line in chart.lines] if chart else None
        )

    # Of P2, P3 and P5: 80, 0 and 40; who has nothing right has a score all the same.
    assert medians_of("P2") == (["40.00", "40.00"], ["8"] * 5)
    assert medians_of("P3") == medians_of("P2")
    assert medians_of("P1") == (["40.00", "40.00"], None)
    assert medians_of("P4")[1] is None
