"""A competition's own details, set by its organisers."""

from __future__ import annotations

from functools import partial

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.rights import Right
from compete.domain.values.states import CompetitionState
from compete.models import Competition
from compete.services.competitions.asked_terms import agree_terms, drop_terms, waiting_terms
from compete.services.competitions.details import (
    DETAILS_SET,
    UNTIL_JUDGING,
    NotThisDetailError,
    change_details,
    details_of,
    why_not_renamed,
)
from compete.services.competitions.details_back import undo_details
from compete.services.kernel.meanwhile import BothChangedError
from compete.services.kernel.refusal import Refused
from compete.web import guard
from compete.web.language import say
from compete.web.meanwhile import carried, settle, still_seen, whose
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.details.forms import OF_LABOUR, OF_PEOPLE, DetailsForm
from compete.web.organiser.details.view_model import detail_words, show_details
from compete.web.organiser.last_act import undone
from compete.web.refusals import status_of
from compete.web.typed import is_typed


@face.route("/<code>/details", methods=["GET", "POST"])
@guard.of_any_kind
@guard.may(Right.SET_UP)
def details(competition: Competition) -> ResponseReturnValue:
    """What may be set, as it stands; what cannot be taken stays in its field."""
    form = DetailsForm()
    form.offer_levels()
    form.leave_out(_not_asked(competition))
    problem, status, asked, theirs = None, 200, {}, ""
    stands = was = details_of(competition)
    if not form.is_submitted():
        form.show(stands)
    elif form.validate():
        wanted, shown = settle(request.form, form.read(stands))
        was = shown or stands
        try:
            before, why = waiting_terms(competition), form.why_shorter
            changed = change_details(
                competition,
                wanted,
                was,
                current_user,
                None if is_typed() else (why.data or "") if why else "",
            )
            after = waiting_terms(competition)
            if after is not None and (before is None or before.mark != after.mark):
                flash(_("公示和发证的时间提出了，等第二个人同意"), "ok")
            elif not changed:
                flash(_("和原来一样，没有要存的"), "ok")
            if changed:
                flash(_("存下了"), "ok")
            return redirect(url_for("organiser.details", code=competition.code))
        except BothChangedError as both:
            problem, status = say(both.message), status_of(both)
            form.show(both.merged)
            asked = whose(competition, DETAILS_SET, both, detail_words(both.now))
            was, theirs = still_seen(both, was), carried(both.now)
        except NotThisDetailError as wrong:
            problem, status = form.mark(wrong.field, say(wrong.message)), status_of(wrong)
        except Refused as refused:
            problem, status = say(refused.message), status_of(refused)
    else:
        was = settle(request.form, stands)[1] or stands
        status = 400
    page = show_details(competition, form, problem, asked, carried(was), theirs)
    return page, status


@face.post("/<code>/details/undo")
@guard.of_any_kind
@guard.may(Right.SET_UP)
@only_once
def undo_last_details(competition: Competition) -> ResponseReturnValue:
    """Set what stood before the last change again."""
    undo = partial(undo_details, competition)
    return undone(undo, "organiser.details", code=competition.code)


@face.post("/<code>/details/agree")
@guard.may(Right.AGREE)
def agree_asked_terms(competition: Competition) -> ResponseReturnValue:
    """The second person agrees to less time to object, or to certificates before the end of it."""
    agree_terms(competition, current_user, seen=request.args.get("asked"))
    flash(_("同意了，从现在起照这样"), "ok")
    return redirect(url_for("organiser.results", code=competition.code))


@face.post("/<code>/details/drop")
@guard.may(Right.SET_UP)
def drop_asked_terms(competition: Competition) -> ResponseReturnValue:
    """It stays as it is."""
    drop_terms(competition, current_user)
    flash(_("不改了，还和原来一样"), "ok")
    return redirect(url_for("organiser.details", code=competition.code))


def _not_asked(competition: Competition) -> list[str]:
    names = ["name"] if why_not_renamed(competition) is not None else []
    if competition.state is not CompetitionState.REGISTERING:
        names += UNTIL_JUDGING
    else:
        names.append("why_shorter")
    return [
        *names,
        *set(OF_PEOPLE if competition.kind == "labour" else OF_LABOUR).difference(names),
    ]
