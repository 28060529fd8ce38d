"""The page that shows the new link of somebody who entered themselves, once, to hand it over."""

from __future__ import annotations

from flask import render_template, request
from flask_babel import gettext as _
from flask_login import current_user
from markupsafe import Markup

from compete.documents.qr import qr_svg
from compete.models import Application, Unit
from compete.services.registration.self_entry.new_links import renew_own_link
from compete.web.addresses import public_url
from compete.web.organiser.shapes import Link


def give_new_link(application: Application, back: Link, unit: Unit | None = None) -> str:
    """Make it, and show it to whoever asked; it stands nowhere else and can't be shown again.

    Raises `Refused` as `renew_own_link`.
    """
    seen = request.form.get("version", -1, type=int)
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
