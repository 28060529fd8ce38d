"""Who is out since judging began is marked on every paper, gets no badge and is not checked in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from compete.documents.forms import Form
from compete.domain.values.states import CheckInKind
from compete.models import Account, Competition, Entrant, OutcomeEntry, db
from compete.services.jobs.papers.kinds import Asked, paper_kinds
from compete.services.kernel import audit
from compete.services.kernel.event_rules import rules_of
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import unit_of_work
from compete.services.registration.badges import BADGES, print_badge
from compete.services.registration.printed_forms import FORM_TITLES, ROOM_FORMS, print_people_form
from compete.services.schedule.arrivals import occasions_of
from compete.services.schedule.check_in_acts import CheckInIn, take_check_ins
from compete.services.sheets.blind_codes import draw_blind_codes, drawn_codes
from tests.documents.reading import pages
from tests.services.registration.test_day_forms import planned
from tests.support.small import small


def out(competition: Competition, code: str, status: str = "dns") -> Entrant:
    """Somebody gets an outcome of the whole first stage."""
    entrant = db.session.query(Entrant).filter_by(code=code).one()
    with unit_of_work() as session:
        stage = rules_of(entrant.event).stages[0].code
        session.add(OutcomeEntry(entrant_id=entrant.id, stage=stage, status=status))
        audit.record(competition, None, "test.out", code)
    return entrant


def test_every_paper_marks_who_is_out(fresh: Competition) -> None:
    planned(fresh)
    out(fresh, "P2")
    for form in FORM_TITLES.keys() - set(ROOM_FORMS):
        text = "".join(pages(print_people_form(fresh, form)))
        assert "P2（缺考）" in text or "钱文（缺考）" in text, form
        assert text.count("缺考") == text.count("P2（缺考）") + text.count("钱文（缺考）"), form
    # The schedule counts one, who is there.
    (page,) = pages(print_people_form(fresh, Form.SCHEDULE))
    assert "2号工位（P2（缺考））、10号工位（P1）1" in page


def test_who_is_out_has_no_badge_printed(fresh: Competition, organiser: Account) -> None:
    gone = out(fresh, "P2", "dsq")
    rows = paper_kinds()[BADGES].keys(Asked(fresh, {}, organiser, None))
    assert gone.id not in rows
    assert len(rows) == 3


def test_who_is_out_is_not_checked_in(fresh: Competition, organiser: Account) -> None:
    planned(fresh)
    entrant = out(fresh, "P2")
    (occasion, *_rest) = occasions_of(entrant)
    stage, session, module, day = occasion.key
    act = CheckInIn(
        uuid=str(uuid4()),
        kind=CheckInKind.PASSED,
        entrant="P2",
        stage=stage,
        session=session,
        module=module,
        day=day,
        at=datetime(2022, 9, 16, 0, 50, tzinfo=UTC),
        compared=True,
    )
    taken = take_check_ins(fresh, [act], organiser)
    assert not taken.stored
    assert "缺考" in str(taken.refused[0][1])


def test_a_badge_alone_is_refused_as_the_same_badge_among_all(fresh: Competition) -> None:
    gone = out(fresh, "P2", "dsq")
    with pytest.raises(Refused, match="P2 取消成绩，没有参赛证"):
        print_badge(gone)
    here = db.session.query(Entrant).filter_by(code="P1").one()
    assert print_badge(here)


def test_a_field_record_of_a_blind_event_marks_who_is_out_by_code_alone(
    load: Callable[..., Competition], organiser: Account
) -> None:
    competition = planned(load(small(event={"extra": {"blind": True}})))
    (event,) = competition.events
    draw_blind_codes(event, organiser)
    code = drawn_codes(event)[out(competition, "P2").id]
    record = "".join(pages(print_people_form(competition, Form.FIELD_RECORD)))
    assert f"{code}（缺考）" in record
    assert record.count("缺考") == record.count(f"{code}（缺考）")
    assert "P2" not in record
