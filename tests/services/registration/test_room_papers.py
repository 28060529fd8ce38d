"""Papers of rooms: charts, doors, lists to sign, records; and admission cards with seats."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from compete.language import translator_for
from compete.models import Account, Competition, Entrant, db
from compete.services.kernel.refusal import Refused
from compete.services.registration.badges import print_badge
from compete.services.registration.printed_forms import ROOM_FORMS, print_people_form
from compete.services.registration.room_papers import number_ranges
from tests.services.registration.test_away import out
from tests.support.passing import passed
from tests.support.roomed import centre, make_rooms, planned

Load = Callable[..., Competition]
IN_ITS_WORDS = translator_for("evaluation", "zh")
SIZES = {"201教室": 48, "202教室": 48, "203教室": 60, "泵机组": 8}


def text_of(pdf: bytes, tmp_path: Path) -> list[str]:
    """The text of each page, as it is laid out."""
    file = tmp_path / "paper.pdf"
    file.write_bytes(pdf)
    run = subprocess.run(["pdftotext", "-layout", file, "-"], capture_output=True, check=True)
    return run.stdout.decode().split("\f")[:-1]


@pytest.fixture
def evaluation(load: Load, organiser: Account) -> Competition:
    competition = passed(load(centre()))
    rooms = make_rooms(organiser, **SIZES)
    three = [rooms[name] for name in ("201教室", "202教室", "203教室")]
    planned(competition, organiser, three, rooms["泵机组"])
    return competition


def test_a_page_for_each_room_and_session(evaluation: Competition, tmp_path: Path) -> None:
    for form in ROOM_FORMS:
        pages = text_of(print_people_form(evaluation, form), tmp_path)
        rooms = [name for name in SIZES if any(name in page for page in pages)]
        assert rooms == [*SIZES], form
    pages = text_of(print_people_form(evaluation, "seating"), tmp_path)
    assert len(pages) == 6
    first = next(page for page in pages if "203教室" in page)
    assert "理论" in first
    assert "09:00–10:30" in first
    assert "60 人" in first
    assert first.count("考生 A") + first.count("考生A") == 60


def test_a_door_bears_numbers_and_nobodys_name(evaluation: Competition, tmp_path: Path) -> None:
    pages = text_of(print_people_form(evaluation, "doors"), tmp_path)
    assert len(pages) == 6
    assert not any("考生" in page for page in pages)
    assert "四级/中级工 60 人" in next(page for page in pages if "203教室" in page)


def test_no_paper_of_an_evaluation_says_a_contests_word(
    evaluation: Competition, tmp_path: Path
) -> None:
    for form in ROOM_FORMS:
        pages = text_of(print_people_form(evaluation, form, IN_ITS_WORDS), tmp_path)
        for word in ("参赛", "选手", "裁判", "赛场", "竞赛", "赛项"):
            assert not any(word in page for page in pages), (form, word)


def test_nobody_in_a_room_no_papers(load: Load) -> None:
    competition = passed(load(centre()))
    for form in ROOM_FORMS:
        with pytest.raises(Refused, match="还没有人排进"):
            print_people_form(competition, form)


def test_an_admission_card_says_day_time_room_and_seat_of_each_module(
    evaluation: Competition, organiser: Account, tmp_path: Path
) -> None:
    person = db.session.scalars(select(Entrant).where(Entrant.code == "A0001")).one()
    slots = {slot.module: slot for slot in person.slots}
    page = text_of(print_badge(person), tmp_path)[0].replace(" ", "")
    theory = next(line for line in page.splitlines() if line.startswith("理论"))
    seat = f"{slots['theory'].station}{slots['theory'].seat}座"
    for words in ("12月7日", "09:00–10:30", seat, "08:40"):
        assert words in theory
    practice = next(line for line in page.splitlines() if line.startswith("实操"))
    assert "泵机组" in practice
    assert f"{slots['hands'].seat}座" in practice
    assert "四级/中级工" in page
    assert "泵站运行工" in page
    assert "实训楼" in page


def test_ranges_of_numbers() -> None:
    assert number_ranges(["A3", "A1", "A2", "B7", "A9"]) == ["A1–A3", "A9", "B7"]
    odd = [f"A{n}" for n in range(1, 60, 2)]
    assert number_ranges(odd) == odd
    assert number_ranges([]) == []


def test_charts_and_lists_mark_who_does_not_come(evaluation: Competition, tmp_path: Path) -> None:
    out(evaluation, "A0001", "dns")
    for form in ("seating", "room_sign_in"):
        pages = text_of(print_people_form(evaluation, form), tmp_path)
        # In a narrow column the word stands below the number.
        page = next(page for page in pages if "A0001" in page)
        assert "（缺" in page, form
