"""One person whom the unit enters, corrects, withdraws, or sends in another's place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.identity.masks import mask_id, mask_phone
from compete.domain.values.rights import Right
from compete.domain.values.states import ApplicationState
from compete.models import Application, Competition
from compete.services.kernel.edit_conflicts import BothChangedError
from compete.services.kernel.refusal import Refused
from compete.services.registration.applications import (
    EDITABLE,
    FIELDS,
    HIDDEN,
    cells_of,
    find_application,
    last_save_of,
    offer_for,
    others_of_number,
    problems_of,
    save_person,
    values_of,
    wanted_values,
)
from compete.services.registration.submission import drop_application, take_back
from compete.services.registration.substitution import (
    REPLACED_FIELDS,
    ask_replacement,
    instead_of,
    reason_of,
    request_for,
    take_request_back,
    why_not_replaced,
)
from compete.services.registration.window import why_units_cannot_enter
from compete.web import guard
from compete.web.applicant_conditions import unmet_words
from compete.web.edit_conflicts import carried, settle, values_on_page, whose_since
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.registration.fields import (
    choices_of,
    kept_hint,
    person_field,
    problem_above,
    wrong_fields,
)
from compete.web.posted import posted_reason
from compete.web.refusals import refusal_on
from compete.web.unit.blueprint import face, listed_entrant, own_unit, unit_application

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def _form_again(competition: Competition, refused: Refused, public_id: str = "") -> str:
    """Show the form again, with what was typed and why it was not saved."""
    # Another tab may have dropped it just now: what was typed stands all the same.
    application = find_application(own_unit(), public_id)
    typed, was = _typed_and_shown()
    if isinstance(refused, BothChangedError):
        assert application is not None
        return _conflict_page(competition, application, typed, was, refused)
    errors, problem = wrong_fields(refused), problem_above(refused)
    return _person_page(competition, application, typed, errors, problem, was=was)


@face.route("/<code>/people/new", methods=["GET", "POST"])
@guard.may(Right.ENTER_OWN)
@only_once
@refusal_on(_form_again)
def new_person(competition: Competition) -> ResponseReturnValue:
    """Enter a new person; what is missing may follow later."""
    return _form(competition, None)


@face.route("/<code>/people/<public_id>", methods=["GET", "POST"])
@guard.may(Right.ENTER_OWN)
@refusal_on(_form_again)
def edit_person(competition: Competition, public_id: str) -> ResponseReturnValue:
    """Edit a person who is entered and not handed in, or was given back."""
    application = unit_application(public_id)
    if application.by_person:
        flash(_("%(name)s 是本人自己报的，要改就退回给本人", name=application.name), "info")
        return redirect(url_for("unit.home", code=competition.code))
    if (instead := instead_of(application)) is not None:
        return redirect(url_for("unit.replace", code=competition.code, who=instead))
    if application.state not in EDITABLE:
        flash(_("%(name)s 已经提交了，先撤回再改", name=application.name), "info")
        return redirect(url_for("unit.home", code=competition.code))
    return _form(competition, application)


@face.post("/<code>/people/<public_id>/take-back")
@guard.may(Right.ENTER_OWN)
def take_person_back(competition: Competition, public_id: str) -> ResponseReturnValue:
    """Withdraw a person; a draft is dropped."""
    application = unit_application(public_id)
    if instead_of(application) is not None:
        return _request_back(competition, application)
    draft = application.state is ApplicationState.DRAFT
    name = _("、").join(take_back(application, current_user))
    flash(
        _("删掉了 %(name)s", name=name)
        if draft
        else _("撤回了 %(name)s，改好可以再提交", name=name),
        "ok",
    )
    return redirect(url_for("unit.home", code=competition.code))


@face.post("/<code>/people/<public_id>/drop")
@guard.may(Right.ENTER_OWN)
def drop_person(competition: Competition, public_id: str) -> ResponseReturnValue:
    """Drop a draft, or somebody who was given or taken back."""
    application = unit_application(public_id)
    if instead_of(application) is not None:
        return _request_back(competition, application)
    name = application.name
    drop_application(application, current_user)
    flash(_("删掉了 %(name)s", name=name), "ok")
    return redirect(url_for("unit.home", code=competition.code))


def _request_back(competition: Competition, application: Application) -> ResponseReturnValue:
    name = take_request_back(application, current_user)
    flash(_("不换了，%(name)s 的申请撤回了", name=name), "ok")
    return redirect(url_for("unit.home", code=competition.code))


def _form(competition: Competition, application: Application | None) -> ResponseReturnValue:
    before = cells_of(application) if application is not None else {}
    if request.method != "POST":
        missing = problems_of(application) if application is not None else {}
        errors = {key: say(what) for key, what in missing.items()}
        problem = say(why_units_cannot_enter(competition))
        return _person_page(competition, application, _without_hidden(before), errors, problem)
    typed, was = _typed_and_shown()
    shown = was if application is not None else None
    saved = save_person(
        own_unit(), competition, typed, current_user, application=application, was=shown
    )
    left = problems_of(saved)
    unmet = unmet_words(competition, [saved], own_unit()).get(saved.public_id, ())
    if unmet:
        text = _("；").join(unmet)
        flash(_("%(name)s 不符合参赛条件：%(what)s", name=saved.name, what=text), "warn")
    if left:
        flash(_("%(name)s 存成草稿了，还没填齐", name=saved.name), "info")
    elif others := others_of_number(saved):
        names = _("、").join(other.name for other in others)
        text = _(
            "%(name)s 存好了，但证件号码和 %(names)s 的一样，同一个赛项只能交一份。"
            "写错了就改，重复了就删掉一份",
            name=saved.name,
            names=names,
        )
        flash(text, "warn")
    else:
        flash(_("%(name)s 存好了，勾上就能提交", name=saved.name), "ok")
    page = "unit.new_person" if "another" in request.form else "unit.home"
    return redirect(url_for(page, code=competition.code))


def _typed_and_shown() -> tuple[dict[str, str], DataclassInstance]:
    """Return what is typed, without what the other's is taken of, and what the page showed.

    Of a form that does not say what it showed, nothing is known: whatever stands is asked about.
    """
    typed = {key: request.form[key] for key in FIELDS if key in request.form}
    was = settle(request.form, values_of({}))[1] or values_of({})
    wanted = wanted_values(typed, was)
    settled, _was = settle(request.form, wanted)
    mine = {key: typed[key] for key in typed if getattr(settled, key) == getattr(wanted, key)}
    return mine, was


def _conflict_page(
    competition: Competition,
    application: Application,
    typed: Mapping[str, str],
    was: DataclassInstance,
    both: BothChangedError,
) -> str:
    """The form with what both set marked, and what the other alone set taken over."""
    cells = cells_of(application)
    values = {key: getattr(both.merged, key) for key in FIELDS}
    values |= {key: typed.get(key, "") for key in HIDDEN}
    words = {key: _value_words(competition, key, cells.get(key, "")) for key in both.names}
    more = {
        "problem": say(both.message),
        "was": carried(values_on_page(both, was)),
        "theirs": carried(both.now),
        "whose": whose_since(last_save_of(application), both, words),
    }
    return _person_page(competition, application, values, {}, more=more)


def _value_words(competition: Competition, key: str, text: str) -> str:
    """Return what stands in a field as the page of another may say it."""
    if not text:
        return _("空着")
    masks = {"id_number": mask_id, "phone": mask_phone}
    if key in masks:
        return masks[key](text)
    choices = choices_of(key, offer_for(competition, own_unit()))
    return next((choice.label for choice in choices if choice.value == text), text)


def _person_page(
    competition: Competition,
    application: Application | None,
    typed: Mapping[str, str],
    errors: Mapping[str, str],
    problem: str | None = None,
    *,
    was: DataclassInstance | None = None,
    more: Mapping[str, object] | None = None,
) -> str:
    stands = values_of(cells_of(application) if application is not None else {})
    about = {
        "title": application.name if application is not None else _("加一个人"),
        "new": application is None,
        "problem": problem,
        "was": carried(was or stands),
        **(more or {}),
    }
    keys = [key for key in FIELDS if key != "event" or len(competition.events) > 1]
    return _page("unit/person.html", competition, application, keys, typed, errors, about)


def _without_hidden(cells: Mapping[str, str]) -> dict[str, str]:
    return {key: text for key, text in cells.items() if key not in HIDDEN}


def _page(
    template: str,
    competition: Competition,
    application: Application | None,
    keys: Sequence[str],
    typed: Mapping[str, str],
    errors: Mapping[str, str],
    more: Mapping[str, object],
) -> str:
    """The page of a form about one of the unit's people, with what was typed."""
    before = cells_of(application) if application is not None else {}
    unit = own_unit()
    offer = offer_for(competition, unit)
    hints = {
        "crew": _("两人以上一起参赛的写同一个组合名，一个人参赛空着"),
        "role": _("空着：先录的是主选手，别的是辅助选手"),
    }
    returned = application is not None and application.state is ApplicationState.RETURNED
    return render_template(
        template,
        competition=competition,
        unit=unit,
        fields=[
            person_field(
                *(offer, key, typed.get(key, ""), errors.get(key)),
                hint=kept_hint(key, before.get(key)) or hints.get(key),
                required=key == "name",
            )
            for key in keys
            if key not in offer.left_out
        ],
        returned=application.reason if application is not None and returned else None,
        **more,
    )


def _typed_request() -> tuple[dict[str, str], str]:
    """Return the fields of who is to come instead, and why."""
    form = request.form
    return {key: form[key] for key in REPLACED_FIELDS if key in form}, posted_reason()


def _asking(competition: Competition, who: str, refused: Refused | None = None) -> str:
    entrant = listed_entrant(competition, who)
    application = request_for(entrant)
    typed, reason = _typed_request()
    if refused is None and application is not None:
        typed, reason = _without_hidden(cells_of(application)), reason_of(application)
    more = {"entrant": entrant, "reason": reason, "problem": problem_above(refused)}
    page = ("unit/replace.html", competition, application, REPLACED_FIELDS)
    return _page(*page, typed, wrong_fields(refused), more)


@face.route("/<code>/listed/<who>/replace", methods=["GET", "POST"])
@guard.may(Right.ENTER_OWN)
@only_once
@refusal_on(_asking)
def replace(competition: Competition, who: str) -> ResponseReturnValue:
    """Ask who is to come instead, and why; an organiser decides."""
    entrant = listed_entrant(competition, who)
    if request.method != "POST":
        application, why = request_for(entrant), why_not_replaced(entrant)
        if application is not None and application.state is ApplicationState.SUBMITTED:
            flash(_("%(name)s 已经申请换人了，等组委会看", name=entrant.name), "info")
            return redirect(url_for("unit.home", code=competition.code))
        if why is not None:
            flash(_("%(name)s 不能申请换人：%(why)s", name=entrant.name, why=say(why)), "warn")
            return redirect(url_for("unit.home", code=competition.code))
        return _asking(competition, who)
    asked = ask_replacement(entrant, *_typed_request(), current_user)
    text = _(
        "申请了：%(new)s 换下 %(old)s，等组委会看。收下以前还是 %(old)s",
        new=asked.name,
        old=entrant.name,
    )
    flash(text, "ok")
    return redirect(url_for("unit.home", code=competition.code))
