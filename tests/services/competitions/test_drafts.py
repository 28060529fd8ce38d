"""Drafts: what comes along from an edition or a template, and which days move where."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask

from compete.domain import read_bundle
from compete.domain.bundle.writing import write_bundle
from compete.domain.values.kinds import Kind
from compete.domain.values.roles import Role
from compete.domain.values.states import CompetitionState
from compete.models import Account, Assignment, Competition, Event, Sheet, db
from compete.resources import resource_dir
from compete.services.accounts.access import membership_of
from compete.services.competitions.drafts import (
    Beginnings,
    Origin,
    blank,
    make_draft,
    propose_code,
)
from compete.services.competitions.editions import next_edition
from compete.services.competitions.shifted_days import move_days
from compete.services.competitions.templates import from_template, shipped_templates
from compete.services.kernel import audit
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.competition_settings import change_settings, settings_of
from compete.services.kernel.event_rules import rules_of
from compete.services.kernel.refusal import FieldRefused, Refused
from compete.services.kernel.transactions import unit_of_work
from tests.support.competitions import load_sample
from tests.support.small import all_marks, small


def test_later_days_keep_their_distance_and_leave_weekends() -> None:
    # A Friday begins now what began on a Thursday.
    days = [date(2022, 9, 15), date(2022, 9, 16), date(2022, 9, 19)]
    moved = move_days(days, days[0], date(2026, 11, 20))
    assert moved.to[days[0]] == date(2026, 11, 20)
    # Saturday 21 gives way to Monday 23, and who came after comes as long after.
    assert moved.to[days[1]] == date(2026, 11, 23)
    assert moved.to[days[2]] == date(2026, 11, 26)
    assert [(it.would_be, it.now) for it in moved.gave_way] == [
        (date(2026, 11, 21), date(2026, 11, 23))
    ]


def test_a_day_that_was_on_a_weekend_may_be_on_one_again() -> None:
    saturday = date(2022, 9, 17)
    moved = move_days([saturday], date(2022, 9, 15), date(2026, 11, 19))
    assert moved.to[saturday] == date(2026, 11, 21)
    assert moved.gave_way == ()


def test_the_next_edition_has_rules_units_and_settings_and_nobody(
    here: Flask, organiser: Account
) -> None:
    old = load_sample("port-forklift", organiser)
    wanted = Beginnings(name="2026年叉车", code="FORK-2026", starts=date(2026, 11, 23))
    edition = next_edition(old, wanted)
    made = make_draft(edition.bundle, Origin.EDITION, old.name, organiser, edition.settings)
    assert made.state is CompetitionState.REGISTERING
    assert [rules_of(event) for event in made.events] == [rules_of(event) for event in old.events]
    assert [unit.code for unit in made.units] == [unit.code for unit in old.units]
    assert made.judges == []
    assert made.starts == date(2026, 11, 23)
    assert made.ends is not None
    assert old.starts is not None
    assert old.ends is not None
    assert made.ends - made.starts == old.ends - old.starts
    sessions = (made.extra or {})["competition"]["schedule"]
    assert {session["starts"][:4] for session in sessions} == {"2026"}
    assert all(session["entrants"] == [] for session in sessions)
    assert "demo" not in (made.extra or {})["competition"]
    assert settings_of(made).award_date is None
    assert membership_of(organiser, made, {Role.ORGANISER}) is not None
    record = next(it for it in audit.recent(made, 9) if it.action == "competition.load")
    assert record.after is not None
    assert record.after["origin"] == {"from": "edition", "of": old.name}
    assert list(verify_chain(made)) == []


def test_nothing_that_waits_or_was_laid_out_on_old_days_comes_along(
    here: Flask, organiser: Account
) -> None:
    old = load_sample("port-forklift", organiser)
    asked = {"by": organiser.id, "at": "2022-09-16T08:00:00Z", "why": "理由"}
    laid = {"stations": "1号", "sessions": "第1场，2022-09-16 08:40，6，10"}
    with unit_of_work():
        change_settings(
            old,
            asked_roles=[asked | {"membership": 1}],
            asked_stages=[asked | {"event": "B", "stage": "s", "seen": "1"}],
            timetables={"B|s|m": [laid]},
            messages={"stopped_at": "2022-09-16T08:00:00Z", "quiet_from": 21},
        )
        audit.record(old, organiser, "test.settings", old.code)
    edition = next_edition(old, Beginnings(name="再来", code="AGAIN", starts=date(2026, 11, 23)))
    made = make_draft(edition.bundle, Origin.EDITION, old.name, organiser, edition.settings)
    now = settings_of(made)
    assert (now.asked_roles, now.asked_stages, now.timetables) == ((), (), {})
    assert (now.messages.stopped_at, now.messages.quiet_from) == (None, 21)


def test_without_a_first_day_no_old_day_comes_along(here: Flask, organiser: Account) -> None:
    old = load_sample("port-forklift", organiser)
    edition = next_edition(old, Beginnings(name="再来", code="AGAIN"), officials=True)
    made = make_draft(edition.bundle, Origin.EDITION, old.name, organiser)
    sessions = (made.extra or {})["competition"]["schedule"]
    assert not any({"check_in", "starts", "ends"} & set(session) for session in sessions)
    assert (made.starts, made.ends) == (None, None)
    seats = db.session.query(Assignment).join(Event).filter_by(competition_id=made.id)
    assert seats.count() > 0


def test_officials_come_along_when_asked(
    here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    old = load(small(all_marks()))
    wanted = Beginnings(name="又一年", code="Y")
    edition = next_edition(old, wanted, officials=True)
    made = make_draft(edition.bundle, Origin.EDITION, old.name, organiser)
    assert [judge.name for judge in made.judges] == [judge.name for judge in old.judges]
    assert db.session.query(Sheet).filter_by(competition_id=made.id).count() == 0


@pytest.mark.parametrize("place", range(8))
def test_each_template_says_what_a_file_may_say(place: int) -> None:
    template = shipped_templates(resource_dir("sample_events"))[place]
    wanted = Beginnings(name="新赛", code="N-2027", starts=date(2027, 5, 10))
    bundle = from_template(template, wanted)
    assert read_bundle(write_bundle(bundle)) == bundle
    assert (bundle.entrants, bundle.judges, bundle.marks) == ((), (), ())
    # The region whose people a rule is for comes along, no unit that sent people.
    assert {unit.code for unit in bundle.units} <= {"JS"}
    assert bundle.labour is None


def test_a_code_that_is_taken_or_no_address_is_refused_at_its_field(
    here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    load(small())
    for code in ("X", "x", "new", "a/b", "赛", "", "A" * 41, "-a"):
        with pytest.raises(FieldRefused) as refused:
            make_draft(blank(Beginnings(name="赛", code=code)), Origin.BLANK, "", organiser)
        assert refused.value.field == "code"
    with pytest.raises(Refused, match="“X”"):
        load(small(competition={"code": "x"}))
    assert propose_code("x", None) == "x-2"
    assert propose_code("FORK-2022", 2023) == "FORK-2023"
    assert propose_code("叉车", 2023) == "C-2023"


def test_only_contests_are_templates() -> None:
    kinds = {
        template.key: template.bundle.competition.kind
        for template in shipped_templates(resource_dir("sample_events"))
    }
    assert set(kinds.values()) == {Kind.SKILLS}
    assert "pump-evaluation" not in kinds
