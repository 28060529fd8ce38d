"""A file without proof is one reading of two; the other is made by hand, the chief settles."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import select

from compete.domain.values.roles import Role
from compete.domain.values.states import SheetState
from compete.models import Act, AuditEntry, Sheet, db
from compete.services.closing.paper_entry import differing_papers, enter_paper, paper_state
from compete.services.closing.unproven_files import ReadSheet, read_file_as_paper
from compete.services.judging.judge_replacement import replace_judge
from compete.services.judging.offline_package import read_package
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.registration.officials import add_official
from compete.services.sheets.provenance import brought_marks
from tests.services.judging.test_package_intake import act, unproven
from tests.support.panels import Panel

SAME = {"smooth": Decimal(2), "work": Decimal("17.5")}


def read(panel: Panel, who: str = "R1", smooth: str = "2") -> list[ReadSheet]:
    sheet = panel.sheet("J1").public_id
    data = unproven(panel, [act(sheet, "smooth", smooth), act(sheet, "work", "17.5")])
    by = panel.account(who) if who else panel.organiser
    return read_file_as_paper(panel.competition, read_package(data), data, by)


@pytest.mark.each_database
def test_it_counts_once_the_other_recorder_has_read_the_same(panel: Panel) -> None:
    (row,) = read(panel)
    assert (row.refused, row.settled) == (None, False)
    assert db.session.query(Act).count() == 0
    assert paper_state(panel.sheet("J1"), panel.account("R2")).word == "open"
    state = enter_paper(panel.sheet("J1"), SAME, signed=False, by=panel.account("R2"))
    sheet = panel.sheet("J1")
    assert (state.settled, sheet.state) == (True, SheetState.SUBMITTED)
    sources = brought_marks([sheet.id])[sheet.id]
    assert {str(words) for words in sources.values()} == {"没有密钥的文件，R1 R2 录"}


def test_where_the_two_differ_the_chief_judge_settles(panel: Panel) -> None:
    read(panel, smooth="3")
    state = enter_paper(panel.sheet("J1"), SAME, signed=False, by=panel.account("R2"))
    assert state.differs == ["smooth"]
    assert [sheet.label for sheet in differing_papers(panel.competition)] == ["E1"]


def test_the_second_reading_is_never_a_file(panel: Panel) -> None:
    read(panel)
    (again,) = read(panel, "R2")
    assert "照着平板自己录" in str(again.refused)
    assert db.session.query(Act).count() == 0


@pytest.mark.parametrize("who", ["C1", "", "J1"])
def test_only_recorders_bring_one(panel: Panel, who: str) -> None:
    with pytest.raises(Refused) as refused:
        read(panel, who)
    assert refused.value.kind is Refusal.FORBIDDEN


def test_a_sheet_that_is_not_whole_is_not_read(panel: Panel) -> None:
    data = unproven(panel, [act(panel.sheet("J1").public_id, "smooth", "2")])
    (row,) = read_file_as_paper(panel.competition, read_package(data), data, panel.account("R1"))
    assert "还有没填的" in str(row.refused)


def test_what_a_replaced_judge_still_held_is_refused_for_what_it_is_and_kept(panel: Panel) -> None:
    new = add_official(panel.competition, Role.JUDGE, "新来的", panel.organiser)
    replace_judge(panel.judge("J1"), new, "病了", panel.organiser)
    sheet = db.session.scalars(
        select(Sheet).where(Sheet.judge_id == panel.judge("J1").id, Sheet.label == "E1")
    ).one()
    data = unproven(panel, [act(sheet.public_id, "smooth", "2")])
    (row,) = read_file_as_paper(panel.competition, read_package(data), data, panel.account("R1"))
    assert str(row.refused) == "E1 已经由 新来的 接替，这张没有记下"
    query = select(AuditEntry).where(AuditEntry.action == "acts.as_paper")
    (kept,) = db.session.scalars(query).one().after["refused"]
    assert (kept["act"]["aspect"], kept["act"]["value"]) == ("smooth", "2")
    assert kept["reason"] == str(row.refused)
