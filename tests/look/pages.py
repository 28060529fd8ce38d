"""Which pages there are to look at, with what data, at which sizes."""

from __future__ import annotations

from tests.look import arbiter_samples as appeal_desk
from tests.look import award_samples as awards
from tests.look import award_words_samples as worded
from tests.look import board_samples as boards
from tests.look import check_in_samples as check_in
from tests.look import claim_samples as claims
from tests.look import department_samples as department
from tests.look import desk_samples as desk
from tests.look import directory_samples as directory
from tests.look import distinction_samples as given
from tests.look import entrants_samples as listed
from tests.look import erasure_samples as erasure
from tests.look import evaluation_samples as evaluation
from tests.look import event_change_samples as event_change
from tests.look import expert_samples as experts
from tests.look import floor_samples as floor
from tests.look import judge_samples as judge
from tests.look import labour_public_samples as labour_public
from tests.look import labour_samples as labour
from tests.look import ladder_samples as ladders
from tests.look import occupation_samples as occupations
from tests.look import panel_samples as panel
from tests.look import paper_samples as paper
from tests.look import result_samples as results
from tests.look import rules_samples as rules
from tests.look import seating_samples as seating
from tests.look import second_look_samples as looks
from tests.look import second_person_samples as second
from tests.look import set_up_samples as setting_up
from tests.look import setup_samples as setup
from tests.look import state_samples as states
from tests.look.coding_pages import CODING_PAGES
from tests.look.entering_pages import ENTERING_PAGES
from tests.look.labour_pages import LABOUR_PAGES
from tests.look.look import BOTH, SIZES, Look
from tests.look.public_pages import PUBLIC_PAGES

__all__ = ["PAGES", "SIZES", "Look"]

PAGES = [
    *PUBLIC_PAGES,
    *ENTERING_PAGES,
    Look(
        "competition",
        "organiser/overview/competition.html",
        desk.competition,
        ("desk", "phone"),
        BOTH,
    ),
    Look("competition-empty", "organiser/overview/competition.html", desk.competition_empty),
    Look(
        "details", "organiser/details/details.html", desk.details, ("desk", "wide", "phone"), BOTH
    ),
    Look("sessions", "organiser/details/sessions.html", setting_up.sessions, ("desk", "phone")),
    Look(
        "new-competition",
        "organiser/new_competition/new.html",
        setup.new_edition,
        ("desk", "tall", "phone"),
        BOTH,
    ),
    Look("new-edition-again", "organiser/new_competition/new.html", setup.edition_again),
    Look("new-file", "organiser/new_competition/new.html", setup.new_file),
    Look("new-file-look", "organiser/new_competition/file.html", setup.file_look, ("wide",)),
    Look(
        "new-scheme-look",
        "organiser/new_competition/file.html",
        setup.scheme_look,
        ("desk", "tall", "phone"),
    ),
    Look("set-up", "organiser/set_up/set_up.html", setting_up.set_up, ("desk", "wide", "phone")),
    Look("events", "organiser/events/events.html", setup.events, ("desk", "phone")),
    Look(
        "event-rules",
        "organiser/events/rules.html",
        rules.rules,
        ("desk", "tall", "phone"),
        BOTH,
    ),
    Look(
        "event-rules-scheme", "organiser/events/rules.html", rules.rules_scheme, ("desk", "phone")
    ),
    Look(
        "event-rules-level",
        "organiser/events/rules.html",
        evaluation.rules_of_level,
        ("desk", "phone"),
    ),
    Look("review", "organiser/review/review.html", evaluation.review, ("desk", "phone"), BOTH),
    Look("event-rules-locked", "organiser/events/rules.html", rules.rules_locked),
    Look(
        "event-rules-asked",
        "organiser/events/rules.html",
        event_change.proposing,
        ("desk", "phone"),
    ),
    Look(
        "event-change",
        "organiser/event_changes/change.html",
        event_change.waiting,
        ("desk", "phone"),
        BOTH,
    ),
    Look("event-change-stuck", "organiser/event_changes/change.html", event_change.stuck),
    Look(
        "event-change-in-force",
        "organiser/event_changes/change.html",
        event_change.in_force,
        ("desk", "phone"),
    ),
    Look(
        "second-person",
        "organiser/second_person/second_person.html",
        second.second_person,
        ("desk", "phone"),
        BOTH,
    ),
    Look("keeping", "organiser/erasure/keeping.html", erasure.keeping, ("desk", "phone")),
    Look("erasure", "organiser/erasure/erasure.html", erasure.erasure, ("desk", "phone"), BOTH),
    Look("put-away", "organiser/putting_away/put_away.html", setup.put_away, ("desk", "phone")),
    Look("units", "organiser/units/units.html", setup.units, ("desk", "phone")),
    Look("unit-name", "organiser/units/name.html", setup.unit_name, ("desk", "phone")),
    Look("units-labour", "organiser/units/units.html", setup.labour_units, ("desk", "phone")),
    Look(
        "arbiters",
        "organiser/appeals/appeals.html",
        appeal_desk.arbiters,
        ("desk", "wide", "phone"),
        BOTH,
    ),
    Look(
        "arbiters-organiser",
        "organiser/appeals/appeals.html",
        appeal_desk.organisers,
        ("desk", "phone"),
    ),
    Look("arbiters-none", "organiser/appeals/appeals.html", appeal_desk.none_yet),
    Look(
        "organisations",
        "organiser/organisations/tree.html",
        directory.tree,
        ("desk", "wide", "phone"),
    ),
    Look(
        "organisation",
        "organiser/organisations/organisation.html",
        directory.organisation,
        ("desk", "wide", "phone"),
    ),
    Look(
        "organisation-units",
        "organiser/organisations/units.html",
        directory.units,
        ("desk", "wide", "phone"),
    ),
    Look(
        "seating-picked",
        "organiser/seating/seating.html",
        seating.picked,
        ("desk", "wide", "phone"),
        BOTH,
    ),
    Look(
        "seating-suggested", "organiser/seating/seating.html", seating.suggested, ("desk", "phone")
    ),
    Look("judge-corrected", "organiser/judges/correct.html", seating.correcting, ("desk", "phone")),
    Look("seating-settled", "organiser/seating/seating.html", seating.settled, ("desk", "phone")),
    Look(
        "seating-settling", "organiser/seating/settling.html", seating.to_settle, ("desk", "phone")
    ),
    Look("judges-upload", "organiser/judges/upload.html", seating.brought, ("desk", "phone")),
    Look("judge-replaced", "organiser/judges/replace.html", seating.replacing, ("desk", "phone")),
    Look("experts", "organiser/experts/experts.html", experts.pool, ("desk", "wide", "phone")),
    Look("expert", "organiser/experts/expert.html", experts.single, ("desk", "phone")),
    Look("experts-upload", "organiser/experts/upload.html", experts.uploaded, ("desk", "phone")),
    Look(
        "occupations",
        "organiser/occupations/occupations.html",
        occupations.catalogue,
        ("desk", "wide", "phone"),
    ),
    Look(
        "occupation", "organiser/occupations/occupation.html", occupations.single, ("desk", "phone")
    ),
    Look(
        "occupation-closed", "organiser/occupations/occupation.html", occupations.closed, ("desk",)
    ),
    Look(
        "occupations-upload",
        "organiser/occupations/upload.html",
        occupations.uploaded,
        ("desk", "phone"),
    ),
    Look("ladders", "organiser/ladders/ladders.html", ladders.table, ("desk", "wide", "phone")),
    Look("ladder", "organiser/ladders/ladder.html", ladders.single, ("desk", "wide", "phone")),
    Look("ladder-closed", "organiser/ladders/ladder.html", ladders.closed, ("desk",)),
    Look("ladders-upload", "organiser/ladders/upload.html", ladders.uploaded, ("desk", "phone")),
    Look("people", "organiser/people/people.html", directory.people, ("desk", "wide", "phone")),
    Look("person-known", "organiser/people/person.html", directory.person, ("desk", "phone")),
    Look("people-same", "organiser/people/same.html", directory.same, ("desk", "wide", "phone")),
    Look("job", "organiser/jobs/job.html", boards.job, ("desk", "phone")),
    Look("job-failed", "organiser/jobs/job.html", boards.job_failed),
    Look("import-upload", "organiser/registration/upload.html", desk.import_upload),
    Look("import-preview", "organiser/registration/preview.html", desk.import_preview, whole=False),
    Look("entrants", "organiser/entrants/entrants.html", listed.entrants),
    Look("entrants-empty", "organiser/entrants/entrants.html", listed.entrants_empty),
    Look(
        "arrivals", "organiser/arrivals/arrivals.html", check_in.arrivals, ("desk", "wide", "phone")
    ),
    Look("arrivals-empty", "organiser/arrivals/arrivals.html", check_in.arrivals_empty),
    Look("floor", "organiser/floor/floor.html", floor.floor, ("desk", "wide", "phone"), BOTH),
    Look("floor-many", "organiser/floor/floor.html", floor.floor_many, ("desk", "phone")),
    Look("floor-empty", "organiser/floor/floor.html", floor.floor_empty),
    Look("floor-stop", "organiser/floor/stop.html", floor.stop, ("desk", "phone")),
    Look("floor-stop-new", "organiser/floor/stop.html", floor.stop_new, ("desk", "phone")),
    Look("floor-times", "organiser/floor/times.html", floor.times, ("desk", "phone")),
    Look("clerk", "check_in/check_in.html", check_in.clerk, ("tall", "wide", "phone"), BOTH),
    Look("clerk-empty", "check_in/check_in.html", check_in.clerk_empty, ("phone",)),
    Look("judge-home", "judge/home.html", judge.home, ("wide", "tall", "phone"), BOTH),
    Look("judge-home-empty", "judge/home.html", judge.home_empty, ("wide",)),
    Look("judge-sheet", "judge/sheet.html", judge.sheet, ("tall", "phone"), BOTH, whole=False),
    Look("judge-controls", "judge/sheet.html", judge.sheet_controls, ("tall",), whole=False),
    Look(
        "standings",
        "organiser/standings/standings.html",
        results.standings,
        ("desk", "phone"),
        BOTH,
    ),
    Look("standings-wide", "organiser/standings/standings.html", results.standings_wide, ("wide",)),
    Look("standings-empty", "organiser/standings/standings.html", results.standings_empty),
    Look(
        "results", "organiser/results/results.html", states.states, ("desk", "wide", "phone"), BOTH
    ),
    Look(
        "results-withdrawn",
        "organiser/results/results.html",
        states.states_withdrawn,
        ("desk", "phone"),
    ),
    Look("calendar", "organiser/calendar/calendar.html", states.calendar, ("desk", "phone")),
    Look("awards", "organiser/awards/awards.html", awards.awards, ("desk", "wide")),
    Look("award-prizes", "organiser/awards/awards.html", awards.award_prizes),
    Look("claims", "organiser/claims/claims.html", claims.claims, ("desk", "phone")),
    Look("examinee", "organiser/claims/examinee.html", claims.examinee, ("desk", "phone")),
    Look("public-claims", "public/claims.html", claims.public_claims, ("desk", "phone")),
    Look(
        "distinctions",
        "organiser/distinctions/distinctions.html",
        given.distinctions,
        ("desk", "phone"),
    ),
    Look(
        "prize-money",
        "organiser/prize_money/prize_money.html",
        awards.prize_money,
        ("desk", "phone"),
    ),
    Look("honours", "organiser/honours/honours.html", awards.honours, ("desk", "phone")),
    Look(
        "award-words",
        "organiser/award_words/award_words.html",
        worded.award_words,
        ("desk", "phone"),
    ),
    Look("certificates", "organiser/certificates/certificates.html", awards.certificates),
    Look(
        "certificates-empty", "organiser/certificates/certificates.html", awards.certificates_empty
    ),
    Look("judges", "organiser/judges/judges.html", boards.judges),
    Look("judge-seats", "organiser/judges/seats.html", boards.seats, ("desk", "phone")),
    Look("judges-empty", "organiser/judges/judges.html", boards.judges_empty),
    Look(
        "progress", "organiser/progress/progress.html", boards.progress, ("desk", "wide", "phone")
    ),
    Look("progress-empty", "organiser/progress/progress.html", boards.progress_empty),
    Look("pin-new", "auth/pin.html", panel.pin_new, ("phone",)),
    Look("pin-asked", "auth/pin.html", panel.pin_asked, ("phone",)),
    Look("new-card", "organiser/judges/card.html", panel.new_card, themes=BOTH),
    Look("sheet-on-desk", "organiser/sheets/sheet.html", panel.sheet, ("desk", "wide"), BOTH),
    Look("panel", "organiser/panel/panel.html", panel.panel, ("desk", "wide"), BOTH),
    Look("panel-hidden", "organiser/panel/panel.html", panel.panel_hidden),
    Look("decisions", "organiser/decisions/decisions.html", panel.decisions, ("desk", "wide")),
    Look("ties", "organiser/ties/ties.html", panel.ties, ("desk", "wide")),
    Look("file-version", "organiser/file_version/file_version.html", panel.file_version, ("desk",)),
    Look("recusals", "organiser/recusals/recusals.html", panel.recusals, ("desk", "wide")),
    Look("field-record", "judge/field.html", panel.field_record, ("wide", "tall")),
    Look("field-record-signed", "judge/field.html", panel.field_signed, ("wide",)),
    Look("recused", "judge/recused.html", panel.recused, ("tall", "phone")),
    Look("withdraw", "judge/withdraw.html", panel.withdraw, ("wide", "phone")),
    Look("paper", "organiser/paper/paper.html", paper.paper, ("desk", "wide")),
    Look("paper-sheet", "organiser/paper/sheet.html", paper.paper_sheet, ("desk", "wide")),
    Look("paper-settle", "organiser/paper/settle.html", paper.paper_settle),
    Look("competitions", "organiser/home/home.html", boards.competitions),
    Look("competitions-empty", "organiser/home/home.html", boards.competitions_empty),
    Look("labour", "organiser/labour/labour.html", labour.standings, themes=BOTH),
    Look("labour-empty", "organiser/labour/labour.html", labour.standings_empty),
    Look("departments", "organiser/departments/departments.html", department.departments),
    Look(
        "departments-empty",
        "organiser/departments/departments.html",
        department.departments_empty,
    ),
    Look(
        "department",
        "organiser/departments/department.html",
        department.department,
        ("desk", "phone"),
    ),
    *CODING_PAGES,
    *LABOUR_PAGES,
    Look("second-look", "organiser/second_look/look.html", looks.drawn, ("desk", "phone")),
    Look("second-look-empty", "organiser/second_look/look.html", looks.not_drawn),
    Look("looked-square", "organiser/second_look/square.html", looks.square, ("desk", "phone")),
    Look("looked-square-empty", "organiser/second_look/square.html", looks.bare_square),
    Look("labour-public", "public/labour.html", labour_public.published, ("desk", "phone")),
    Look("labour-public-old", "public/labour.html", labour_public.published_old),
    Look("labour-public-unit", "public/labour_unit.html", labour.public_unit, ("desk", "phone")),
    Look("wall", "public/labour_wall.html", labour.wall, ("hall",)),
    Look("wall-whole", "public/labour_wall.html", labour.wall_of_all, ("hall",)),
]
