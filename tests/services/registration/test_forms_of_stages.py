"""The papers of a final have those who are in it, and say which stage they are of."""

from __future__ import annotations

from collections.abc import Callable

from compete.documents.forms import Form
from compete.models import Account, Competition, Sheet, db
from compete.services.judging.printed_sheets import print_sheet
from compete.services.registration.printed_forms import print_people_form
from compete.services.sheets.blind_codes import drawn_codes
from tests.documents.reading import pages
from tests.support.two_stages import begun, person, place


def paper(competition: Competition, form: str) -> str:
    return "".join(pages(print_people_form(competition, form)))


def test_without_a_plan_each_stage_has_a_list_of_its_own(
    load: Callable[..., Competition], organiser: Account
) -> None:
    made = begun(load, organiser)
    for form in (Form.ATTENDANCE, Form.CHECK_IN):
        paper_text = paper(made, form)
        first, later = paper_text.index("赛段A时间还没定"), paper_text.index("赛段B时间还没定")
        assert first < later
        assert all(name in paper_text[first:later] for name in ("赵启明", "钱文", "孙䶮", "李小小"))
        assert "赵启明" in paper_text[later:]
        assert "孙䶮" not in paper_text[later:]


def test_modules_of_one_name_are_told_apart_by_their_stage(
    load: Callable[..., Competition], organiser: Account
) -> None:
    made = begun(load, organiser)
    for code, stage, station in (("P1", "A", "1号"), ("P1", "B", "2号")):
        place(code, stage, station, session="第1场")
    for form in (Form.DRAW, Form.FIELD_RECORD, Form.SCHEDULE, Form.CHECK_IN, "order_book"):
        paper_text = paper(made, form)
        assert "赛段A模块m" in paper_text, form
        assert "赛段B模块m" in paper_text, form
    drawn = paper(made, Form.DRAW)
    final = drawn[drawn.index("赛段B模块m") :]
    # Who is in the final and was not drawn has a line to write in; who is not has none.
    assert "第1场P12号" in final
    assert "P2" in final
    assert "P3" not in final
    own = {"entrant_id": person("P1").id, "stage": "B"}
    sheet = db.session.scalars(db.select(Sheet).filter_by(**own)).one()
    assert "赛段B模块m" in "".join(pages(print_sheet(sheet)))


def test_the_field_record_of_a_blind_final_has_the_codes_of_who_is_in_it(
    load: Callable[..., Competition], organiser: Account
) -> None:
    made = begun(load, organiser, extra={"blind": True})
    codes = drawn_codes(made.events[0])
    paper_text = paper(made, Form.FIELD_RECORD)
    first, later = paper_text.index("赛段A模块m"), paper_text.index("赛段B模块m")
    for code in ("P1", "P2", "P3", "P4"):
        assert codes[person(code).id] in paper_text[first:later]
        assert (codes[person(code).id] in paper_text[later:]) is (code in ("P1", "P2"))


def test_the_order_book_says_who_goes_on_and_what_is_carried_along(
    load: Callable[..., Competition], organiser: Account
) -> None:
    made = begun(load, organiser)
    assert "进“赛段B”“赛段A”前2名、末位同名次的都进" in paper(made, "order_book")
