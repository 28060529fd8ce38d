"""Every workbook that is given out: what people wrote is text in it, and nothing runs.

Each text begins as a formula would, and is of one to sixty clusters, with breaks of lines where
rows hold it; whoever opens the file sees what was written.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook

from compete.domain.bundle.writing import write_bundle
from compete.models import Account, Competition, db
from compete.services.accounts.accounts import create_account
from compete.services.awards.prize_money import paid_titles, set_money
from compete.services.labour.closing import close_period, publish_closed
from tests.domain.labour.build import indicator, labour_bundle, quarter, value
from tests.support.long_texts import LongTexts
from tests.support.second_day import PRIZES, certify
from tests.support.signing_in import signed_in
from tests.support.small import all_marks, small

INSTALLATION = {
    "organiser.experts_workbook": "/desk/experts/workbook.xlsx",
    "organiser.mentorships_workbook": "/desk/mentorships/workbook.xlsx",
    "organiser.batch_years_book": "/desk/batches/list.xlsx",
    "organiser.figures_book": "/desk/figures/participation/list.xlsx",
    "organiser.lessons_book": "/desk/figures/skills/lessons.xlsx",
    "organiser.skills_book": "/desk/figures/skills/list.xlsx",
    "organiser.ladders_workbook": "/desk/ladders/workbook.xlsx",
    "organiser.occupations_workbook": "/desk/occupations/workbook.xlsx",
}
SKILLS = {
    "organiser.workbook": "/desk/X/entrants/workbook.xlsx",
    "organiser.entrants_book": "/desk/X/entrants/list.xlsx",
    "organiser.arrivals_book": "/desk/X/arrivals/list.xlsx?session=all",
    "organiser.units_workbook": "/desk/X/units/list.xlsx",
    "organiser.judges_book": "/desk/X/judges/list.xlsx",
    "organiser.scheme_workbook": "/desk/X/events/scheme.xlsx?event=E&stage=S&module=m",
    "organiser.standings_book": "/desk/X/standings.xlsx",
    "organiser.promotions_workbook": "POST /desk/X/awards/promotions.xlsx",
    "organiser.register_workbook": "/desk/X/certificates/register.xlsx",
    "organiser.upload_workbook": "POST /desk/X/certificates/upload.xlsx",
    "organiser.handing_out_workbook": "/desk/X/certificates/handing-out.xlsx",
    "organiser.prize_money_book": "/desk/X/prize-money.xlsx",
    "organiser.officials_workbook": "/desk/X/judges/workbook.xlsx",
    "organiser.seating_workbook": "/desk/X/seating.xlsx",
}
LABOUR = {
    "organiser.labour_book": "/desk/L/labour.xlsx",
    "organiser.labour_bulletin_book": "/desk/L/labour/bulletin.xlsx?period=一月",
    "organiser.labour_matrix_book": "/desk/L/labour/month.xlsx?period=一月",
    "organiser.labour_rules_book": "/desk/L/labour/rules.xlsx",
    "organiser.late_book": "/desk/L/labour/late.xlsx?period=二月",
    "organiser.head_counts_book": "/desk/L/labour/heads.xlsx?period=一月",
    "public.labour_book": "/p/L/standings.xlsx",
    "public.labour_bulletin_book": "/p/L/periods/一月/bulletin.xlsx",
}
ELSEWHERE = {
    # Written by the same hand as the desk's: tests/sheets/test_refused_workbook.py.
    "organiser.refused",
    "unit.refused",
    "unit.workbook",
    # A list of marks to fill in: tests/web/organiser/judging/test_marks_lists.py.
    "organiser.marks_list_workbook",
    # Names and numbers as in the other lists: tests/services/registration/test_fees.py.
    "organiser.fees_workbook",
    # Names and counts: tests/services/series/test_report_rows.py, tests/web/organiser/series.
    *("organiser.series_reports_workbook", "organiser.series_book"),
    # Written by the same hand as the other lists: tests/web/organiser/desk/test_list_books.py.
    "organiser.applications_book",
    # Written by the same hand as that of rises: services/awards/test_external_awards.py.
    "organiser.honours_book",
    # What may stand in a question: tests/services/questions/test_question_rows.py.
    "organiser.questions_workbook",
    # Names and courses as in the other lists: tests/web/organiser/rewards/test_reward_pages.py.
    *("organiser.attendance_workbook", "organiser.reward_list_book"),
    # Names and points: tests/web/organiser/mentors/test_mentor_pages.py.
    "organiser.best_mentors_workbook",
    "organiser.reward_points_book",
    "organiser.draw_book",
    "organiser.appeals_book",
    "organiser.recheck_book",
    "organiser.recusals_book",
    "organiser.distinctions_book",
    "organiser.accidents_book",
    "organiser.people_book",
    "organiser.accounts_book",
    "organiser.roles_book",
    "organiser.organisations_book",
    "organiser.floor_book",
    "organiser.draws_book",
    "organiser.labour_changes_book",
    "organiser.claims_book",
    "organiser.competitions_book",
    "organiser.decisions_book",
    "organiser.departments_book",
    "organiser.keeping_book",
    "organiser.months_book",
    "organiser.progress_book",
    "organiser.records_book",
    "organiser.safe_days_book",
    "organiser.verdicts_book",
    "organiser.version_changes_book",
    # Of the sheets of a department: tests/sheets and the grid's own reading of it.
    "labour_entry.book",
}
each_start = pytest.mark.parametrize(
    ("sign", "length"), [("=1+", 60), ("+\n", 60), ("-👩‍🔧", 60), ("@A1", 8), ("=", 1)]
)


class Hostile(LongTexts):
    """Texts that begin as a formula does."""

    def of(self, field: str) -> str:
        """The text for a field of the file, where nothing may break its line."""
        most = min(self.length, self.most.get(field, self.length))
        return (self.sign.replace("\n", "1") * most)[:most]


@pytest.fixture
def admin(app: Flask, here: Flask) -> FlaskClient:
    """Somebody who may open everything."""
    return signed_in(app, create_account("管理员", is_admin=True))


def test_every_workbook_is_tried_here(app: Flask) -> None:
    given = {rule.endpoint for rule in app.url_map.iter_rules() if rule.rule.endswith(".xlsx")}
    assert given == {*INSTALLATION, *SKILLS, *LABOUR, *ELSEWHERE}


@each_start
def test_what_people_wrote_is_text_in_every_workbook_of_a_competition(
    admin: FlaskClient, load: Callable[..., Competition], organiser: Account, sign: str, length: int
) -> None:
    texts = Hostile(sign, length)
    competition = load(texts.file(small(all_marks(), event=PRIZES)))
    certify(competition, organiser)
    set_money(competition, dict.fromkeys(paid_titles(competition), 100), {}, organiser)
    assert {"entrant.name", "unit.name", "judge.name"} <= set(texts.rows())
    all_are_texts(admin, {**SKILLS, **INSTALLATION}, sign)


@each_start
def test_what_people_wrote_is_text_in_every_workbook_of_a_labour_competition(
    admin: FlaskClient, load: Callable[..., Competition], organiser: Account, sign: str, length: int
) -> None:
    months, safety = quarter("一月", "二月"), [indicator("安全", 50)]
    values = [value(unit, "一月", "安全", 40) for unit in "甲乙"]
    plain = json.loads(
        write_bundle(labour_bundle("甲乙", periods=months, indicators=safety, values=values))
    )
    texts = Hostile(sign, length)
    competition = load(texts.file(plain))
    close_period(competition, "一月", "", organiser)
    publish_closed(competition, organiser)
    assert "unit.name" in texts.rows()
    all_are_texts(admin, LABOUR, sign)


def all_are_texts(client: FlaskClient, addresses: dict[str, str], sign: str) -> None:
    """No cell of any workbook is a formula or a link; what was written stands in each of them."""
    db.session.expire_all()
    workbooks = set()
    for workbook, address in addresses.items():
        method, _space, path = address.rpartition(" ")
        answer = client.open(path, method=method or "GET")
        assert answer.status_code == 200, (workbook, answer.text[-4000:])
        for sheet in load_workbook(BytesIO(answer.data)):
            for cell in (cell for row in sheet.iter_rows() for cell in row):
                assert cell.data_type != "f", (workbook, sheet.title, cell.coordinate, cell.value)
                assert cell.hyperlink is None, (workbook, cell.coordinate)
                if cell.data_type == "s" and said_so(cell.value, sign):
                    workbooks.add(workbook)
                    # Stays text when somebody edits the cell.
                    assert cell.quotePrefix or cell.number_format == "@", (
                        workbook,
                        cell.coordinate,
                    )
    missing = set(addresses) - workbooks - set(INSTALLATION)
    assert missing == set(), f"{missing}: nothing that people wrote stands in it"


def said_so(text: Any, sign: str) -> bool:
    """Whether a cell begins with what was written."""
    return str(text).startswith(sign.replace("\n", "1")) or str(text).startswith(sign)
