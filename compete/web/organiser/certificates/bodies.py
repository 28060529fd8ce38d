"""Issuing bodies of the installation: registered by an administrator, once."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.rights import Right
from compete.models import IssuingBody
from compete.services.certificates.issuing_bodies import (
    bodies,
    create_body,
    file_scope,
    read_scope,
    scope_text,
)
from compete.services.kernel.finding import find
from compete.services.kernel.refusal import Refused
from compete.web import guard
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.certificates.forms import BodyForm
from compete.web.organiser.certificates.shapes import BodyRow
from compete.web.refusals import status_of


@face.route("/bodies", methods=["GET", "POST"])
@guard.may(Right.ADMINISTER)
@only_once
def all_bodies() -> ResponseReturnValue:
    """The bodies that are registered, with what they are filed for; the form registers another."""
    form = BodyForm()
    problem, status = None, 200
    if form.validate_on_submit():
        try:
            made = create_body(
                name=form.name.data or "",
                kind=form.kind.data or "",
                body_code=form.body_code.data or "",
                province=form.province.data or "",
                site=form.site.data or "",
                phone=form.phone.data or None,
                scope=read_scope(form.scope.data or ""),
                by=current_user,
            )
            flash(_("登记了 %(name)s", name=made.name), "ok")
            return redirect(url_for("organiser.all_bodies"))
        except Refused as refused:
            problem, status = say(refused.message), status_of(refused)
    return _all_bodies(form, problem), status


def _all_bodies(
    form: BodyForm,
    problem: str | None = None,
    refused: tuple[IssuingBody, str, str] | None = None,
) -> str:
    """The page; `refused` is a scope that was not filed: whose, what was written, and why not."""
    return render_template(
        "organiser/certificates/bodies.html",
        form=form,
        problem=problem,
        bodies=[
            BodyRow(
                body=body,
                scope=refused[1] if refused and refused[0] == body else scope_text(body.scope),
                error=refused[2] if refused and refused[0] == body else None,
            )
            for body in bodies()
        ],
    )


@face.post("/bodies/<int:number>/scope")
@guard.may(Right.ADMINISTER)
def body_scope(number: int) -> ResponseReturnValue:
    """File a body for other occupations or levels; what cannot be read stays in its field."""
    body = find(IssuingBody, number)
    if body is None:
        abort(404)
    written = request.form.get("scope", "")
    try:
        file_scope(body, read_scope(written), current_user)
    except Refused as refused:
        page = _all_bodies(BodyForm(formdata=None), refused=(body, written, say(refused.message)))
        return page, status_of(refused)
    flash(_("%(name)s 的备案范围改好了", name=body.name), "ok")
    return redirect(url_for("organiser.all_bodies"))
