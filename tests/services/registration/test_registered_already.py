"""Adding or accepting a few people reads those whom they may be, however long the list is."""

from __future__ import annotations

import pytest

from compete.domain.identity.papers import Paper
from compete.models import Account, Competition, Entrant, db
from compete.services.kernel.transactions import unit_of_work
from compete.services.registration import preview
from compete.services.registration.acceptance import accept_people
from compete.services.registration.applications import save_person
from compete.services.registration.preview import (
    highest_codes,
    id_key,
    known_people,
    known_to,
    offer_of,
)
from compete.services.registration.submission import submit_people
from compete.services.registration.writing import add_person
from compete.sheets.registration.table import RawRow
from tests.services.registration.test_registration import NEW_ID, OTHER_ID
from tests.support.small import IDS


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The codes of those whom a check of registration read, in its order."""
    codes: list[str] = []
    made = preview.KnownEntrant

    def counted(**fields: object) -> object:
        codes.append(str(fields["code"]))
        return made(**fields)  # type: ignore[arg-type]

    monkeypatch.setattr(preview, "KnownEntrant", counted)
    return codes


def test_who_is_added_or_accepted_is_held_against_few(
    fresh: Competition, organiser: Account, read: list[str]
) -> None:
    unit = fresh.units[0].code
    typed = {"unit": unit, "name": "新来", "id_number": NEW_ID}
    assert add_person(fresh, typed, organiser).code == "P5"
    with pytest.raises(Exception, match="已经在名单里"):
        add_person(fresh, typed, organiser)
    with pytest.raises(Exception, match="P2 已经是"):
        add_person(fresh, typed | {"id_number": OTHER_ID, "code": "P2"}, organiser)
    assert read == ["P5", "P2"], "only who bears the number or the code"
    read.clear()
    row = save_person(fresh.units[0], fresh, {"name": "又一个", "id_number": OTHER_ID}, organiser)
    submit_people(fresh.units[0], fresh, {row.public_id: row.version}, organiser)
    db.session.refresh(row)
    (taken,) = accept_people(fresh, {row.public_id: row.version}, organiser).entrants
    assert (taken.code, read) == ("P6", [])


def test_codes_go_on_as_if_everybody_had_been_read(fresh: Competition, organiser: Account) -> None:
    offer = offer_of(fresh)
    rows = [RawRow(1, {"name": "赵启明", "id_number": IDS["P1"], "unit": "甲单位"})]
    known = known_to(fresh, offer, rows)
    assert [known_entrant.code for known_entrant in known.entrants] == ["P1"]
    assert known.entrants[0] in known_people(fresh).entrants
    assert known.entrants[0].id_key == id_key(Paper.CITIZEN_ID, IDS["P1"])
    with unit_of_work() as session:
        for entrant, code in zip(
            session.query(Entrant).order_by(Entrant.id), ("P007", "P12", "PX1", "P1-2"), strict=True
        ):
            entrant.code = code
    db.session.rollback()
    assert sorted(highest_codes(fresh, {"P"})) == ["P007", "P12", "PX1"]
    crew = [RawRow(1, {"name": "甲", "crew": "组"})]
    assert len(known_to(fresh, offer, crew).entrants) == 4
