"""Which pages there are to look at, with what data, at which sizes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.look import award_samples as awards
from tests.look import board_samples as boards
from tests.look import desk_samples as desk
from tests.look import hall_samples as hall
from tests.look import judge_samples as judge
from tests.look import labour_samples as labour
from tests.look import panel_samples as panel
from tests.look import paper_samples as paper
from tests.look import public_samples as public
from tests.look import result_samples as results

SIZES = {
    "desk": (1440, 900),
    "wide": (1024, 768),
    "tall": (768, 1024),
    "phone": (390, 844),
    "small": (320, 640),
    "hall": (1920, 1080),
}


@dataclass(frozen=True)
class Look:
    """One page: its template, its data, and how it is photographed."""

    name: str
    template: str
    sample: Callable[[], dict[str, Any]]
    sizes: tuple[str, ...] = ("desk",)
    themes: tuple[str, ...] = ("light",)
    whole: bool = True


BOTH = ("light", "dark")

PAGES = [
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
    Look("job", "organiser/jobs/job.html", boards.job, ("desk", "phone")),
    Look("job-failed", "organiser/jobs/job.html", boards.job_failed),
    Look("import-upload", "organiser/registration/upload.html", desk.import_upload),
    Look("import-preview", "organiser/registration/preview.html", desk.import_preview, whole=False),
    Look("entrants", "organiser/entrants/entrants.html", desk.entrants),
    Look("entrants-empty", "organiser/entrants/entrants.html", desk.entrants_empty),
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
    Look("standings-empty", "organiser/standings/standings.html", results.standings_empty),
    Look("awards", "organiser/awards/awards.html", awards.awards, ("desk", "wide")),
    Look("certificates", "organiser/certificates/certificates.html", awards.certificates),
    Look(
        "certificates-empty", "organiser/certificates/certificates.html", awards.certificates_empty
    ),
    Look("judges", "organiser/judges/judges.html", boards.judges),
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
    Look("recusals", "organiser/recusals/recusals.html", panel.recusals, ("desk", "wide")),
    Look("field-record", "judge/field.html", panel.field_record, ("wide", "tall")),
    Look("field-record-signed", "judge/field.html", panel.field_signed, ("wide",)),
    Look("withdraw", "judge/withdraw.html", panel.withdraw, ("wide", "phone")),
    Look("paper", "organiser/paper/paper.html", paper.paper, ("desk", "wide")),
    Look("paper-sheet", "organiser/paper/sheet.html", paper.paper_sheet, ("desk", "wide")),
    Look("paper-settle", "organiser/paper/settle.html", paper.paper_settle),
    Look("competitions", "organiser/overview/competitions.html", boards.competitions),
    Look("competitions-empty", "organiser/overview/competitions.html", boards.competitions_empty),
    Look("labour", "organiser/labour/labour.html", labour.standings, themes=BOTH),
    Look("labour-empty", "organiser/labour/labour.html", labour.standings_empty),
    Look("contestant-before", "public/contestant.html", public.before, ("phone",), BOTH),
    Look("contestant-before-empty", "public/contestant.html", public.before_empty, ("phone",)),
    Look("contestant-after", "public/contestant.html", public.after, ("phone", "small"), BOTH),
    Look("contestant-long", "public/contestant.html", public.after_long, ("phone", "small")),
    Look("contestant-before-long", "public/contestant.html", public.before_long, ("small",)),
    Look("verify-form", "public/verify.html", public.verify_form, ("phone",)),
    Look("verify-valid", "public/verify.html", public.verify_valid, ("phone",), BOTH),
    Look("verify-revoked", "public/verify.html", public.verify_revoked, ("phone",), BOTH),
    Look("verify-missing", "public/verify.html", public.verify_missing, ("phone",)),
    Look("index", "public/index.html", public.index, ("phone",)),
    Look("index-empty", "public/index.html", public.index_empty, ("phone",)),
    Look("public-standings", "public/standings.html", public.standings, ("desk", "phone")),
    Look("hall", "hall/board.html", hall.board, ("hall",)),
    Look("hall-revealing", "hall/board.html", hall.board_revealing, ("hall",)),
    Look("hall-named", "hall/board.html", hall.board_named, ("hall",)),
    Look("hall-empty", "hall/board.html", hall.board_empty, ("hall",)),
    Look("sign-in", "auth/sign_in.html", public.sign_in, ("phone",)),
    Look("card", "auth/card.html", public.card, ("phone",)),
    Look("card-used", "auth/card.html", public.card_used, ("phone",)),
    Look("error", "error.html", public.error, ("phone",)),
    Look("ca", "trust/ca.html", public.authority, ("wide", "phone", "small"), BOTH),
    Look("ca-windows", "trust/ca.html", public.authority_on_windows, ("desk",)),
    Look("ca-empty", "trust/ca.html", public.no_authority, ("phone",)),
]
