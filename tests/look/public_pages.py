"""The pages of visitors and of the hall: results, checks, draws, appeals, the board."""

from __future__ import annotations

from tests.look import appeal_samples as appeals
from tests.look import draw_samples as draws
from tests.look import hall_samples as hall
from tests.look import log_samples as log
from tests.look import public_samples as public
from tests.look import verify_samples as verify
from tests.look.look import BOTH, Look

PUBLIC_PAGES = [
    Look("appeal", "appealing/appeal.html", appeals.lodging, ("phone", "small"), BOTH),
    Look("appeal-received", "appealing/appeal.html", appeals.received, ("phone",)),
    Look("appeal-decided", "appealing/appeal.html", appeals.decided, ("phone",), BOTH),
    Look("unit-appeals", "unit/appeals.html", appeals.of_unit, ("desk", "phone")),
    Look("contestant-before", "public/contestant.html", public.before, ("phone",), BOTH),
    Look("contestant-before-empty", "public/contestant.html", public.before_empty, ("phone",)),
    Look("contestant-after", "public/contestant.html", public.after, ("phone", "small"), BOTH),
    Look("contestant-long", "public/contestant.html", public.after_long, ("phone", "small")),
    Look("contestant-before-long", "public/contestant.html", public.before_long, ("small",)),
    Look("verify-form", "public/verify.html", verify.verify_form, ("phone",)),
    Look("verify-valid", "public/verify.html", verify.verify_valid, ("phone",), BOTH),
    Look("verify-revoked", "public/verify.html", verify.verify_revoked, ("phone",), BOTH),
    Look("verify-missing", "public/verify.html", verify.verify_missing, ("phone",)),
    Look("credential-check", "public/credential_check.html", verify.credential_check, ("phone",)),
    Look("index", "public/index.html", public.index, ("phone",)),
    Look("index-empty", "public/index.html", public.index_empty, ("phone",)),
    Look("draws", "organiser/draws/draws.html", draws.draws, ("desk", "wide", "phone")),
    Look("draws-empty", "organiser/draws/draws.html", draws.draws_empty),
    Look("draws-paper", "organiser/draws/draws.html", draws.draws_paper),
    Look("draws-done", "organiser/draws/draws.html", draws.draws_done, ("desk", "phone"), BOTH),
    Look("ceremony", "organiser/draws/ceremony.html", draws.ceremony, ("desk", "phone"), BOTH),
    Look("ceremony-preparing", "organiser/draws/ceremony.html", draws.ceremony_preparing),
    Look("ceremony-drawn", "organiser/draws/ceremony.html", draws.ceremony_drawn),
    Look("hall-draw", "hall/draw.html", draws.draw_hall, ("hall",)),
    Look("hall-draw-opening", "hall/draw.html", draws.draw_hall_opening, ("hall",)),
    Look("draw-check", "public/draw_check.html", draws.draw_page, ("phone", "small"), BOTH),
    Look("log", "public/log.html", log.trust, ("phone", "small"), BOTH),
    Look("log-check", "public/log_check.html", log.check, ("phone",), BOTH),
    Look("draw-seal", "public/draw_seal.html", draws.draw_page, ("phone",), BOTH),
    Look("public-standings", "public/standings.html", public.standings, ("desk", "phone")),
    Look("public-part", "public/standings.html", public.standings_part, ("desk", "phone")),
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
