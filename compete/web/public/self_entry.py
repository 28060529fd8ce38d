"""Entering oneself from a phone, without signing in, and the link under which it then stands."""

from __future__ import annotations

from collections.abc import Callable

from flask import (
    Response,
    abort,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from compete.domain.values.states import MoveError
from compete.domain.values.upload_limits import LARGEST_PORTRAIT
from compete.models import Application, Competition
from compete.services.kernel.installation import config_here
from compete.services.kernel.refusal import Refused
from compete.services.kernel.rows_by_number import competition_by_code
from compete.services.registration.corrections import WrongFieldsError
from compete.services.registration.portraits import (
    portrait_of,
)
from compete.services.registration.self_entry.crew_entry import OF_OTHERS, OTHERS, field_of
from compete.services.registration.self_entry.own_entry import (
    correct_own,
    delete_own,
    entry_under,
    hand_in_own,
    photo_holder,
    put_own_photo,
    take_own_back,
)
from compete.services.registration.self_entry.settings import OWN_FIELDS, self_entry_of
from compete.web import guard
from compete.web.errors import by_script
from compete.web.extensions import who_asks_by_link
from compete.web.kind_words import speak_of
from compete.web.language import say
from compete.web.pages import sent_file
from compete.web.portraits import seen_mark, send_portrait_of, sent_photo
from compete.web.posted import posted_number, posted_text
from compete.web.public.blueprint import face
from compete.web.public.own_view_model import Problems, enter_html, own_html
from compete.web.refusals import problem_of, refusal_on, status_of

Shown = Callable[[Problems, str | None, int], ResponseReturnValue]


def _entry_rate() -> str:
    """Entries allowed from one address: a factory with all its people may share one."""
    return f"30 per minute;{config_here().entries_per_day} per day"


@face.get("/p/<code>/enter")
@guard.public
def enter(code: str) -> ResponseReturnValue:
    """The form. Where the organiser has not opened it, nothing tells whether there is anything."""
    return enter_html(_open_to_people(code), {}, {}, None)


# It needs no session: whoever sends it says who they are, and no other page gains by sending it.
@face.post("/p/<code>/enter")
@guard.public_post(_entry_rate)
def hand_in(code: str) -> ResponseReturnValue:
    """Take somebody in, and lead to the link of their own."""
    competition = _open_to_people(code)
    typed, link = _typed_fields(), posted_text("link")

    def page(problems: Problems, problem: str | None, status: int) -> ResponseReturnValue:
        return enter_html(competition, typed, problems, problem, link[:64]), status

    def act() -> str:
        return hand_in_own(competition, typed, link, _photo())

    return _answered(act, page)


def _own(token: str, refused: Refused | None = None) -> str:
    application = _entry(token)
    speak_of(application.competition)
    problem, arrived = problem_of(refused), "new" in request.args
    return own_html(application, token, None, {}, problem, arrived=arrived)


@face.get("/r/<token>")
@guard.public
def own_entry(token: str) -> ResponseReturnValue:
    """Show an entry's state; the link's holder may correct what came back, and withdraw it."""
    return _own(token)


# The link says whose it is, as with a badge's page.
@face.post("/r/<token>")
@guard.public_post("30 per minute", who_asks_by_link)
def correct_entry(token: str) -> ResponseReturnValue:
    """Handed in once more, corrected."""
    application = _entry(token)
    typed, seen = _typed_fields(), posted_number("version")

    def page(problems: Problems, problem: str | None, status: int) -> ResponseReturnValue:
        # What was typed goes with the version it was typed beside: of another it is refused again.
        speak_of(application.competition)
        return own_html(application, token, typed, problems, problem, version=seen), status

    def act() -> str:
        correct_own(application, typed, seen, _photo())
        return token

    return _answered(act, page)


@face.post("/r/<token>/take-back")
@guard.public_post("30 per minute", who_asks_by_link)
@refusal_on(_own)
def take_entry_back(token: str) -> ResponseReturnValue:
    """Withdraw from taking part."""
    take_own_back(_entry(token))
    return redirect(url_for("public.own_entry", token=token), 303)


@face.post("/r/<token>/delete")
@guard.public_post("30 per minute", who_asks_by_link)
@refusal_on(_own)
def delete_entry(token: str) -> ResponseReturnValue:
    """Delete for good what was written."""
    delete_own(_entry(token))
    return render_template("public/no_entry.html", deleted=True)


@face.get("/r/<token>/photo.jpg")
@guard.public
def own_photo(token: str) -> Response:
    """Send the own photo, of a crew the own one of each."""
    application = entry_under(token)
    holder = photo_holder(application) if application is not None else None
    if holder is None:
        abort(404)
    return send_portrait_of(portrait_of(holder))


@face.post("/r/<token>/photo")
@guard.public_post("30 per minute", who_asks_by_link)
@refusal_on(_own)
def send_own_photo(token: str) -> ResponseReturnValue:
    """Take the own photo from the own phone; each of a crew sends theirs."""
    put_own_photo(_entry(token), sent_photo(), seen_mark())
    return redirect(url_for("public.own_entry", token=token), 303)


def _open_to_people(code: str) -> Competition:
    competition = competition_by_code(code)
    if competition is None or not self_entry_of(competition).open:
        abort(make_response(render_template("public/not_yet.html"), 404))
    speak_of(competition)
    return competition


def _typed_fields() -> dict[str, str]:
    others = (field_of(key, place) for place in OTHERS for key in OF_OTHERS)
    return {key: request.form[key] for key in (*OWN_FIELDS, *others) if key in request.form}


def _photo() -> bytes | None:
    return sent_file("photo", LARGEST_PORTRAIT) or None


def _answered(act: Callable[[], str], shown: Shown) -> ResponseReturnValue:
    """Do it and lead on; a fault goes to the page's own script in JSON."""
    try:
        link = act()
    except WrongFieldsError as error:
        n = len(error.problems)
        problem = ngettext("有 %(num)s 处要改，还没交上去", "有 %(num)s 处要改，还没交上去", n)
        if by_script():
            problems = {key: say(what) for key, what in error.problems.items()}
            return jsonify(problem=problem, problems=problems), 400
        return shown(error.problems, problem, 400)
    except Refused as refused:
        return _problem_answer(say(refused.message), status_of(refused), shown)
    except MoveError as error:
        return _problem_answer(say(error.message), 409, shown)
    url = url_for("public.own_entry", token=link, new=1)
    return jsonify(url=url) if by_script() else redirect(url, 303)


def _problem_answer(problem: str, status: int, shown: Shown) -> ResponseReturnValue:
    return (jsonify(problem=problem), status) if by_script() else shown({}, problem, status)


def _entry(token: str) -> Application:
    """The entry of this link; where there is none the answer says so."""
    entry = entry_under(token)
    if entry is None:
        abort(make_response(render_template("public/no_entry.html", deleted=False), 404))
    return entry
