"""What makes something makes it once, however often and however late its form is sent."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from compete.models import Base, Competition, Judge, Submission, db, utc_now
from compete.services.kernel.transactions import unit_of_work
from tests.support import posted_twice
from tests.support.competitions import small
from tests.support.people import visitor

# What acts on a thing that is there, and finds it done the second time, begins with one of these.
ON_WHAT_IS_THERE = re.compile(
    r"\w+\.(agree|ask|cancel|change|changed|close|confirm|correct|decide|discard|drop|end|give_back"
    r"|keep|lock|need|open|put|refuse|reopen|return|save|send_back|set|settle|show|sign|stop|submit"
    r"|swap|take|try|unlink|unlock|unassign|use|waive|withdraw|withdraw_\w+)(_\w+)?"
)
# Sent with a number of their own (a UUID, a link) by which the same one is known.
NUMBERED = {
    *(
        "api.acts",
        "api.add_photo",
        "api_v1.add_entrants",
        "api_v1.add_marks",
        "check_in.acts",
        "exam_api.acts",
        "exam_api.seat",
        "labour_entry.acts",
    ),
    *("labour_entry.add", "labour_entry.report", "public.file_appeal", "public.hand_in"),
    "unit.appeal",
}
# The second one finds what the first one wrote, shows a file, or says who somebody is.
THE_SAME_TWICE = {
    *("auth.recovery_codes", "auth.remove_own_factor", "auth.second_step"),
    *("organiser.countersign_paper", "organiser.reset_second", "organiser.say_present_here"),
    *("organiser.file_version", "organiser.unit_links_text"),
    "api_v1.verify_certificate",
    *("worker.choose", "worker.enter_again", "worker.first", "worker.leave_again"),
    *("api.key", "api.pin", "auth.invitation", "auth.choose_pin", "auth.use_link"),
    *("draws.party", "draws.party_opens", "draws.party_seals", "labour_entry.preview"),
    *("labour_entry.report_people", "organiser.act_on_draw", "organiser.appeal_rules"),
    *("organiser.application_unit", "organiser.award_date", "organiser.body"),
    *("organiser.body_scope", "organiser.bring_competition_back", "organiser.bring_event_back"),
    *("organiser.change_condition_edition", "organiser.confirm_condition_edition"),
    *("organiser.calendar", "organiser.cards", "organiser.carry_out_appeal"),
    *("organiser.check_results", "organiser.claim_grounds", "organiser.clear_self_entry"),
    *("organiser.coding", "organiser.coding_anew", "organiser.coding_form"),
    *("organiser.coding_keepers", "organiser.compare_consequences", "organiser.connect"),
    "organiser.staged_organisation",
    *("worker.say_of_points", "organiser.end_attended_course", "organiser.reckon_reward_points"),
    *("organiser.end_reward_rule", "organiser.end_reward_point_rule"),
    "organiser.give_reward_keeper",
    *("organiser.begin_series_final", "organiser.erase_series_node"),
    *("organiser.erase_series_berth", "organiser.erase_one_series"),
    *("organiser.end_mentorship", "organiser.open_mentorship_again"),
    *("organiser.withdraw_mentorship", "organiser.withdraw_mentor_visit"),
    # The second finds that it was agreed to, withdrawn or kept already.
    *("organiser.agree_outside_result", "organiser.withdraw_outside_result"),
    "organiser.keep_outside_result",
    *("organiser.details", "organiser.disconnect", "organiser.distinction_rules"),
    *("organiser.doubt_again", "organiser.event_change_chief", "organiser.final_results"),
    *("organiser.event_change_supervisor", "organiser.event_rules", "organiser.find_right"),
    *("organiser.overall_change_chief", "organiser.overall_change_supervisor"),
    "organiser.overall_rules",
    *("organiser.follow_stage_before", "organiser.hall_settings", "organiser.honours_book"),
    "organiser.fetch_dossier_file",
    *(
        "organiser.identity",
        "organiser.labour_form",
        "organiser.look_again",
        "organiser.look_at_small",
    ),
    "organiser.make_brought_void",
    *("labour_entry.read_block", "organiser.look_at_square"),
    *("organiser.read_paper_block", "organiser.read_small_block"),
    *("organiser.merge_pair", "organiser.merged_organisation", "organiser.move"),
    *("organiser.moved_organisation", "organiser.must_sign_setting", "organiser.new_unit_name"),
    *("organiser.part_organisations", "organiser.part_records", "organiser.place_judge"),
    *("organiser.say_file_column", "unit.say_file_column"),
    *("organiser.promotions", "organiser.promotions_workbook", "organiser.propose_pair"),
    *("organiser.read_head_counts", "organiser.recall_distinction"),
    *("organiser.recheck_correct", "organiser.recheck_rule", "organiser.recheck_rules"),
    *("organiser.registration_window", "organiser.shut_registration_again"),
    *("organiser.suggest_seating", "organiser.unit_links", "organiser.upload_workbook"),
    *("public.compare_holder", "public.delete_entry"),
    *("public.found_credential", "public.look_up", "public.send_own_photo"),
    # What is the same as one that is there is refused.
    *("public.send_entry_document", "public.send_own_document"),
    *("unit.documents", "unit.listed_documents"),
    *("unit.edit_person", "unit.listed_photo", "unit.photo"),
}
PENALTY = {
    "who": "P1",
    "kind": "penalty",
    "place": "S|m",
    "points": "2",
    "reason": "带手机进场",
    "evidence": "录像 12 分 30 秒",
}
FORMS: dict[str, tuple[str, str, str, dict[str, str]]] = {
    "judge": ("organiser", "/judges?people=1", "/judges/add", {"role": "judge", "name": "韩平"}),
    "units": ("organiser", "/units", "/units/add", {"names": "戊港\n己港"}),
    "penalty": ("chief", "/decisions", "/decisions", PENALTY),
    "event": ("organiser", "/events", "/events/add", {"name": "电工", "like": ""}),
    "expert": ("organiser", "../experts", "../experts", {"name": "罗平", "kind": "考评员"}),
    "organisation": ("organiser", "../organisations", "../organisations", {"name": "省总工会"}),
    "role": ("organiser", "/accounts", "/accounts", {"name": "孙志远", "role": "organiser"}),
}


def once_of(client: FlaskClient, address: str) -> str:
    hit = re.search(r'name="once" value="(\w+)"', client.get(address).text)
    assert hit is not None, address
    return hit[1]


def rows() -> dict[str, int]:
    """How many rows each table has, without those that say who looks and what was sent."""
    db.session.rollback()
    return {
        table.name: db.session.scalar(select(func.count()).select_from(table)) or 0
        for table in Base.metadata.sorted_tables
        if table.name not in ("submission", "signed_in_session", "account_use")
    }


def test_every_form_either_makes_nothing_or_makes_it_once(app: Flask) -> None:
    """Whoever adds a route says here, or by `@only_once`, what happens the second time.

    That it is true is tried on what the tests of pages post (`tests/support/posted_twice.py`).
    """
    posts = {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in rule.methods}
    once = {name for name in posts if "only_once" in app.view_functions[name].__dict__}
    exempt_forms = NUMBERED | THE_SAME_TWICE
    unsaid = posts - once - exempt_forms
    assert {name for name in unsaid if not ON_WHAT_IS_THERE.fullmatch(name)} == set()
    assert not exempt_forms & once
    assert exempt_forms <= posts


@pytest.mark.parametrize("made", FORMS)
def test_the_same_form_sent_again_leads_where_it_led_and_makes_nothing(
    app: Flask, request: pytest.FixtureRequest, made: str
) -> None:
    who, page, action, data = FORMS[made]
    competition = request.getfixturevalue("judged" if who == "chief" else "fresh")
    client = visitor(app, who, competition)
    page, action = (f"/desk/X{path}".replace("/X../", "/") for path in (page, action))
    data |= {"once": once_of(client, page)}
    before = rows()
    first = client.post(action, data=data)
    assert first.status_code in (200, 302, 303)
    after = rows()
    assert after != before
    client.get(first.location or page)
    again = client.post(action, data=data, headers={"Referer": f"http://localhost{page}"})
    assert (again.status_code, again.location) == (302, first.location or page)
    assert rows() == after
    assert "没有再做一遍" in client.get(again.location).text


def test_another_content_is_another_form_and_a_refused_one_may_be_sent_again(
    app: Flask, fresh: Competition
) -> None:
    client = visitor(app, "organiser", fresh)
    once = {"once": once_of(client, "/desk/X/judges?people=1"), "role": "judge"}

    def names() -> list[str]:
        db.session.rollback()
        return sorted(db.session.scalars(select(Judge.name).where(Judge.name.like("韩%"))))

    for _time in range(2):
        assert client.post("/desk/X/judges/add", data=once | {"name": ""}).status_code == 400
    for name in ("韩平", "韩松", "韩平"):
        client.post("/desk/X/judges/add", data=once | {"name": name})
    assert names() == ["韩平", "韩松"]
    # After some days nobody waits for an answer any more.
    with unit_of_work() as session:
        session.execute(update(Submission).values(made_at=utc_now() - timedelta(days=3)))
    client.post("/desk/X/judges/add", data=once | {"name": "韩冬"})
    assert db.session.scalar(select(func.count()).select_from(Submission)) == 1


@pytest.mark.each_database
def test_two_processes_that_get_the_same_form_make_one(
    app: Flask, load: Callable[..., Competition]
) -> None:
    client = visitor(app, "organiser", load(small()))
    data = {"role": "judge", "name": "韩平", "once": once_of(client, "/desk/X/judges?people=1")}
    gate, answers = threading.Barrier(2), []

    def send() -> None:
        gate.wait()
        answers.append(client.post("/desk/X/judges/add", data=data).location)

    threads = [threading.Thread(target=send) for _thread in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(answers)) == 1
    db.session.rollback()
    assert db.session.scalar(select(func.count()).where(Judge.name == "韩平")) == 1


def test_a_test_that_posts_what_would_be_made_twice_is_told(
    app: Flask, fresh: Competition, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posted_twice, "_TRIED", set())
    monkeypatch.setattr("compete.web.once._digest", lambda: None)
    client = visitor(app, "organiser", fresh)
    with pytest.raises(AssertionError, match="new_official, sent twice, made once more"):
        client.post("/desk/X/judges/add", data={"role": "judge", "name": "韩平"})
