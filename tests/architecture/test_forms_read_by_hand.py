"""Fields of forms are read through their classes: those that are read by hand only grow fewer."""

from __future__ import annotations

from pathlib import Path

WEB = Path(__file__).parents[2] / "compete" / "web"
# What reads forms for all others.
READERS = {"inputs.py", "once.py", "posted.py", "refusals.py", "setting_forms.py"}
# How often each still asks `request.form`: docs/adding.md, "An act with fields", says which stay
# so and why. Whoever needs one more states its fields in a class.
BY_HAND = {
    "api/photos.py": 3,
    "appeal_form/reading.py": 4,
    "auth/account.py": 7,
    "auth/invitations.py": 7,
    "auth/passwords.py": 3,
    "auth/pins.py": 2,
    "auth/second_step.py": 8,
    "auth/views.py": 2,
    "judge/field.py": 3,
    "judge/recusal.py": 2,
    "labour_entry/notes.py": 1,
    "labour_entry/views.py": 3,
    "labour_entry/workbook.py": 1,
    "organiser/accounts/second_person/views.py": 2,
    "organiser/accounts/views.py": 5,
    "organiser/appeals/views.py": 5,
    "organiser/awards/external.py": 3,
    "organiser/awards/nominated/views.py": 5,
    "organiser/awards/prize_money.py": 3,
    "organiser/awards/views.py": 2,
    "organiser/certificates/bodies.py": 2,
    "organiser/certificates/claims/examinee.py": 1,
    "organiser/certificates/claims/views.py": 10,
    "organiser/certificates/consequences/views.py": 6,
    "organiser/certificates/styles/views.py": 6,
    "organiser/certificates/views.py": 4,
    "organiser/competitions/archive.py": 2,
    "organiser/competitions/details/sessions.py": 2,
    "organiser/competitions/details/views.py": 3,
    "organiser/competitions/erasure/views.py": 3,
    "organiser/competitions/messages.py": 10,
    "organiser/competitions/new/views.py": 2,
    "organiser/competitions/set_up/views.py": 3,
    "organiser/competitions/small/new.py": 3,
    "organiser/competitions/small/read_lines.py": 1,
    "organiser/competitions/small/views.py": 7,
    "organiser/desk/overview/views.py": 1,
    "organiser/directory/calendar.py": 1,
    "organiser/directory/ladders/conditions.py": 1,
    "organiser/directory/ladders/views.py": 1,
    "organiser/directory/organisations.py": 1,
    "organiser/hall/floor/views.py": 4,
    "organiser/hall/views.py": 1,
    "organiser/headed_rows.py": 6,
    "organiser/judging/coding.py": 1,
    "organiser/judging/decisions/views.py": 2,
    "organiser/judging/difficulties.py": 2,
    "organiser/judging/offline_package.py": 1,
    "organiser/judging/panel.py": 6,
    "organiser/judging/paper/marks_list.py": 1,
    "organiser/judging/paper/views.py": 4,
    "organiser/judging/progress/views.py": 5,
    "organiser/judging/recheck/views.py": 5,
    "organiser/judging/recusals.py": 1,
    "organiser/labour/accidents.py": 1,
    "organiser/labour/deadlines/views.py": 4,
    "organiser/labour/departments.py": 4,
    "organiser/labour/form/views.py": 7,
    "organiser/labour/head_counts.py": 1,
    "organiser/labour/periods/view_model.py": 1,
    "organiser/labour/periods/views.py": 7,
    "organiser/labour/rules/asking.py": 2,
    "organiser/labour/rules/views.py": 3,
    "organiser/labour/safe_days.py": 3,
    "organiser/labour/second_look/views.py": 6,
    "organiser/registration/applications.py": 8,
    "organiser/registration/conditions.py": 2,
    "organiser/registration/person/acts.py": 6,
    "organiser/registration/person/correcting.py": 4,
    "organiser/registration/person/views.py": 2,
    "organiser/registration/units.py": 10,
    "organiser/registration/upload_pages.py": 4,
    "organiser/registration/views.py": 7,
    "organiser/results/confirmation/stages.py": 3,
    "organiser/results/ties.py": 2,
    "organiser/rules/changes/views.py": 1,
    "organiser/rules/events/view_model.py": 2,
    "organiser/rules/events/views.py": 11,
    "organiser/rules/overall/views.py": 8,
    "organiser/schedule/draws/draws_model.py": 1,
    "organiser/schedule/draws/view_model.py": 2,
    "organiser/schedule/draws/views.py": 14,
    "organiser/schedule/judges/views.py": 9,
    "organiser/schedule/seating/views.py": 13,
    "pages.py": 1,
    "public/consent.py": 1,
    "public/credentials.py": 3,
    "public/draws.py": 1,
    "public/look_up.py": 4,
    "public/messages_off.py": 1,
    "public/proof.py": 1,
    "public/self_entry.py": 2,
    "selection.py": 1,
    "unit/home.py": 3,
    "unit/people.py": 6,
    "unit/photos.py": 1,
}


def test_no_more_forms_are_read_by_hand() -> None:
    now = {
        path.relative_to(WEB).as_posix(): path.read_text(encoding="utf-8").count("request.form")
        for path in WEB.rglob("*.py")
    }
    more = {
        name: count
        for name, count in now.items()
        if name not in READERS and count > BY_HAND.get(name, 0)
    }
    assert more == {}
    # One that reads none any more is taken off the list, so that it stays so.
    assert [name for name in BY_HAND if not now.get(name)] == []
