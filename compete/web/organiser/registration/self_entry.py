"""Entry by people themselves: switched on, its address and poster, a new link handed over."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from flask_babel import gettext as _
from flask_login import current_user
from markupsafe import Markup

from compete.documents.qr import qr_svg
from compete.domain.values.rights import Right
from compete.models import Application, Competition, Unit
from compete.services.kernel.competition_settings import SelfEntry
from compete.services.kernel.refusal import Refused
from compete.services.registration.self_entry.confirmation import (
    NO_UNIT,
    Flood,
    clear_unseen,
    count_unseen,
)
from compete.services.registration.self_entry.entry_poster import print_poster
from compete.services.registration.self_entry.own_entry import renew_own_link
from compete.services.registration.self_entry.settings import (
    change_self_entry,
    count_own,
    self_entry_of,
    why_nobody_can_enter,
)
from compete.services.registration.units.links import links_of
from compete.services.registration.window import window_of
from compete.web import guard
from compete.web.addresses import public_url
from compete.web.downloads import send_pdf
from compete.web.organiser.blueprint import face
from compete.web.organiser.shapes import Link
from compete.web.organiser.typed_moments import moment_or_none
from compete.web.posted import posted_number, posted_reason
from compete.web.refusals import problem_of, refusal_on
from compete.web.setting_forms import SettingForm, form_of
from compete.web.shapes import choices


def give_new_link(application: Application, back: Link, unit: Unit | None = None) -> str:
    """Make it, and show it to whoever asked; it stands nowhere else and can't be shown again.

    Raises `Refused` as `renew_own_link`.
    """
    seen = posted_number("version")
    link = renew_own_link(application, seen, current_user, unit)
    address = public_url("public.own_entry", token=link)
    return render_template(
        "organiser/registration/self_entry/new_link.html",
        name=application.name,
        back=back,
        of_unit=unit is not None,
        address=address,
        picture=Markup(qr_svg(address, _("本人的报名链接"))),
    )


def _asked_flood() -> Flood:
    """Return the people that the form means; a time that can't be read is none."""
    return Flood(
        unit=request.values.get("unit", ""),
        since=moment_or_none(request.values.get("since", "")),
        until=moment_or_none(request.values.get("until", "")),
    )


def _show(
    competition: Competition,
    refused: Refused | None = None,
    *,
    clear_problem: str | None = None,
) -> str:
    """The page; what was ticked stands where it was ticked."""
    now = self_entry_of(competition)
    address = public_url("public.enter", code=competition.code)
    unseen = count_unseen(competition, Flood(unit="", since=None, until=None))
    return render_template(
        "organiser/registration/self_entry/self_entry.html",
        shown=SelfEntryForm().read(now) if refused else now,
        form=_form(now, refused),
        why_shut=why_nobody_can_enter(competition) if now.open else None,
        times=window_of(competition),
        address=address,
        drawing=Markup(qr_svg(address, _("个人报名"))),
        count=count_own(competition),
        contacts=sum(link.standing for link in links_of(competition).values()),
        problem=problem_of(refused),
        unseen=unseen,
        units=choices(
            {
                "": _("全部单位"),
                NO_UNIT: _("单位不在名单里的"),
                **{unit.code: unit.name for unit in competition.units},
            }
        ),
        meant=request.values,
        to_clear=count_unseen(competition, _asked_flood())
        if unseen and "since" in request.values
        else None,
        clear_problem=clear_problem,
    )


@face.get("/<code>/self-entry")
@guard.may(Right.REGISTER)
def self_entry(competition: Competition) -> str:
    """Show whether it is on, and what is to be posted."""
    return _show(competition)


@face.post("/<code>/self-entry")
@guard.may(Right.REGISTER)
@refusal_on(_show)
def set_self_entry(competition: Competition) -> ResponseReturnValue:
    """Switch it on or off."""
    wanted = SelfEntryForm().taken(self_entry_of(competition))
    changed = change_self_entry(competition, wanted, current_user)
    flash(_("存下了") if changed else _("和原来一样，没有要存的"), "ok")
    return redirect(url_for("organiser.self_entry", code=competition.code))


SelfEntryForm = form_of(SelfEntry)


def _form(now: SelfEntry, refused: Refused | None) -> SettingForm:
    if refused is not None:
        return SelfEntryForm()
    form = SelfEntryForm(formdata=None)
    form.show(now)
    return form


@face.post("/<code>/self-entry/clear")
@guard.may(Right.REGISTER)
@refusal_on(lambda competition, refused: _show(competition, clear_problem=problem_of(refused)))
def clear_self_entry(competition: Competition) -> ResponseReturnValue:
    """Clear the people whom nobody has seen yet, as many as were shown."""
    seen, reason = posted_number("count"), posted_reason()
    done = clear_unseen(competition, _asked_flood(), seen, reason, current_user)
    flash(ngettext("清掉了 %(num)s 人", "清掉了 %(num)s 人", done), "ok")
    return redirect(url_for("organiser.self_entry", code=competition.code))


@face.get("/<code>/self-entry/poster.pdf")
@guard.may(Right.REGISTER)
def self_entry_poster(competition: Competition) -> Response:
    """An A4 page with the code, to be hung up."""
    return send_pdf(print_poster(competition, gettext), f"个人报名海报_{competition.name}.pdf")
