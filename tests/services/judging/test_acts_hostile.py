"""Whatever a tablet sends, what cannot be a mark is refused with its reason."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from compete.models import Account, Act, Competition, Sheet, db
from compete.services.kernel import audit
from compete.services.sheets.act_rules import kept_number
from tests.support.judging import Tablet, seat_and_open


@pytest.fixture
def tablet(fresh: Competition, organiser: Account) -> Tablet:
    """The tablet of J1 on an open competition."""
    seat_and_open(fresh, organiser)
    return Tablet(fresh)


OFF_THE_SCALE = [
    ("a", "60.5"),
    ("a", "-0.5"),
    ("a", "0.25"),
    ("a", "1e3"),
    ("f", "1.5"),
    ("f", "-1"),
]
NO_NUMBERS = [
    *("", " ", "NaN", "-NaN", "sNaN", "Infinity", "-Infinity", "1e400", "1E-400", "0e999999"),
    *("九十", "1,5", "0x10", "1e", "--1", "1" * 60, "0." + "0" * 30 + "1", "\0", "5\0"),
    *(True, False, None, 10**100, -(10**100), 2**63),
]
NOWHERE: list[tuple[dict[str, Any], str]] = [
    ({"uuid": ""}, "编号不对"),
    ({"uuid": "not-a-uuid"}, "编号不对"),
    ({"uuid": "A" * 36}, "编号不对"),
    ({"uuid": "0\0" * 18}, "编号不对"),
    ({"sheet": ""}, "不是你的"),
    ({"sheet": "\0"}, "不是你的"),
    ({"sheet": "f" * 32}, "不是你的"),
    ({"sheet": "1 OR 1=1"}, "不是你的"),
    ({"aspect": "zz"}, "没有“zz”"),
    ({"aspect": "\0"}, "这一项"),
    ({"aspect": None}, "没说是哪一项"),
]


def test_what_is_off_the_scale_is_refused_with_the_scale(tablet: Tablet) -> None:
    for aspect, value in OFF_THE_SCALE:
        reason = tablet.refusal(tablet.mark(aspect, value))
        assert reason.startswith(f"“{aspect}”要"), value
        assert "没有记下" in reason, value
        assert tablet.values() == {}, value


def test_what_is_no_number_is_refused(tablet: Tablet) -> None:
    for value in NO_NUMBERS:
        reason = tablet.refusal(tablet.mark("a", value))
        assert "写得不对" in reason or "没有记下" in reason, value
        assert tablet.values() == {}, value


def test_yes_or_no_is_true_or_false_alone(tablet: Tablet) -> None:
    for value in ("1", "0", "true", "", None, 1, 0):
        assert "写得不对" in tablet.refusal(tablet.mark("y", value)), value


def test_what_points_nowhere_is_refused(tablet: Tablet) -> None:
    for keys, reason in NOWHERE:
        act = tablet.mark(**{"aspect": "a", "value": "1"} | keys)
        assert reason in tablet.refusal(act), keys


def test_an_unknown_act_is_refused(tablet: Tablet) -> None:
    for kind in ("", "MARK", "return", "sign", "delete", "\0", "x" * 5000):
        assert "不认识的动作" in tablet.refusal(tablet.act(kind)), kind[:20]


@pytest.mark.each_database
def test_what_a_tablet_says_of_itself_never_stops_its_marks(tablet: Tablet) -> None:
    act = tablet.mark("a", "30", at="昨\0天" * 50, tablet="我" * 500, seq=10**18, note="话" * 5000)
    assert tablet.send(act).stored == [act.uuid]
    row = db.session.query(Act).one()
    assert (len(row.said_at or ""), len(row.tablet or ""), len(row.note or "")) == (40, 64, 2000)
    assert row.tablet_seq is None


@pytest.mark.each_database
def test_a_novel_is_not_kept_in_the_records(fresh: Competition, tablet: Tablet) -> None:
    tablet.send(tablet.act("x" * 100_000, aspect="a", note="y\0" * 100_000))
    refused_act = audit.recent(fresh, 1)[0].after["refused"][0]["act"]
    assert len(str(refused_act)) < 1000


@pytest.mark.each_database
def test_hostile_texts_are_refused_by_us_and_not_by_the_database(tablet: Tablet) -> None:
    acts = [tablet.mark("a", value) for value in ("\0", "5\0", 10**100, "1e400")]
    acts += [tablet.mark("a", "1", sheet=text) for text in ("\0", "’; DROP TABLE act")]
    acts += [tablet.mark("a", "1", uuid=text) for text in ("\0" * 36, "")]
    acts += [tablet.mark("\0", "1"), tablet.act("\0"), tablet.act("note", aspect="a\0")]
    taken = tablet.send(*acts)
    assert len(taken.refused) == len(acts)
    assert taken.stored == []


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=st.one_of(st.text(max_size=30), st.integers(), st.decimals().map(str)))
def test_a_number_is_kept_exactly_or_not_at_all(value: str | int) -> None:
    kept = kept_number(value)
    if kept is not None:
        assert kept == Decimal(value)
        assert kept * 10**6 == int(kept * 10**6)
        assert abs(kept) < 10**12


def test_a_submitted_sheet_says_what_was_sent_to_the_digit(tablet: Tablet) -> None:
    tablet.send(tablet.mark("a", "00030.50"), tablet.mark("f", "6e0"), tablet.mark("y", True))
    assert tablet.values() == {"a": "30.5", "f": "6", "y": "1"}
    assert db.session.query(Sheet).filter(Sheet.version > 0).count() == 1
