"""What bears an old name is found once and kept, until anything of consequence is recorded."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from compete.models import Account, Competition, db
from compete.services.certificates.outdated_names import (
    open_corrections,
    open_renamings,
    touched_by,
)
from compete.services.certificates.reissuing import reissue_certificate
from compete.services.kernel.installation import installation_here
from compete.services.registration.units.unit_list import rename_unit
from tests.sheets.people import ID_2
from tests.support.people import correct_identity
from tests.support.second_day import certify, person, with_prizes
from tests.support.statements import statements


@pytest.fixture
def certified(here: Flask, load: Callable[..., Competition], organiser: Account) -> Competition:
    competition = with_prizes(load)
    certify(competition, organiser)
    return competition


def corrected(competition: Competition) -> dict[str, tuple[int, bool]]:
    """Whose certificates do not follow yet: how many, and whether the version does not either."""
    return {
        correction.holder.code: (correction.certificates, correction.publication is not None)
        for correction in open_corrections(competition)
    }


def as_by_another_process(act: Callable[[], object]) -> None:
    """Do it without the memory of this process, and leave that as it was."""
    memory = installation_here().memory
    ours = dict(memory)
    memory.clear()
    act()
    memory.clear()
    memory.update(ours)


def test_what_another_process_corrects_is_seen_at_once(
    certified: Competition, organiser: Account
) -> None:
    winner = person(certified, "P1")
    papers = len(touched_by(winner).certificates)
    assert (corrected(certified), open_renamings(certified), papers) == ({}, [], 0)
    as_by_another_process(
        lambda: correct_identity(winner, name="孙龑", id_number="", reason="身份证", by=organiser)
    )
    papers = len(touched_by(winner).certificates)
    assert papers
    assert corrected(certified) == {"P1": (papers, True)}
    first = touched_by(winner).certificates[0]
    as_by_another_process(lambda: reissue_certificate(first, "更正姓名", organiser))
    left = corrected(certified)["P1"]
    assert left == (papers - 1, True)

    unit = certified.units[0]
    as_by_another_process(lambda: rename_unit(unit, certified, "甲港新公司", organiser, "换照"))
    (renaming,) = open_renamings(certified)
    assert (renaming.unit, renaming.published_name) == (unit, "甲单位")
    assert renaming.certificates


def test_a_number_corrected_is_asked_of_grades_alone(
    certified: Competition, organiser: Account
) -> None:
    promoted = person(certified, "P1")
    assert corrected(certified) == {}
    correct_identity(
        promoted,
        name=promoted.name,
        id_number=ID_2,
        reason="身份证",
        by=organiser,
    )
    (paper,) = touched_by(promoted).certificates
    assert paper.kind == "grade"
    assert corrected(certified) == {"P1": (1, False)}


def test_while_nothing_changes_no_certificate_is_read_again(certified: Competition) -> None:
    with statements(db.engine) as first:
        assert (open_corrections(certified), open_renamings(certified)) == ([], [])
    with statements(db.engine) as again:
        assert (open_corrections(certified), open_renamings(certified)) == ([], [])
    assert any("FROM certificate" in text for text in first)
    assert not any("FROM certificate" in text for text in again)
