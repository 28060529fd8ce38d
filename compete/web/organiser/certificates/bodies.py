"""Issuing bodies of the installation: registered by an administrator, once."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from wtforms import SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional, Regexp

from compete.domain.values.rights import Right
from compete.models import IssuingBody
from compete.services.certificates.issuing_bodies import (
    bodies,
    create_body,
    file_scope,
    read_scope,
    scope_text,
)
from compete.services.kernel.refusal import Refused
from compete.services.kernel.rows_by_number import find
from compete.web import guard
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.pages import or_404
from compete.web.refusals import problem_of, refusal_on


class BodyForm(FlaskForm):  # type: ignore[misc]
    """An issuing body as it was filed."""

    name = StringField(
        _l("评价机构名称"),
        description=_l("和备案的一字不差，会印在证书上"),
        validators=[DataRequired(_l("请写评价机构名称")), Length(max=200)],
    )
    kind = SelectField(
        _l("机构类别"),
        choices=[SelectChoice("Y", _l("用人单位")), SelectChoice("S", _l("社会培训评价组织"))],
    )
    body_code = StringField(
        _l("机构代码"),
        description=_l("4 位数字；在省里备案的写 0000"),
        validators=[Regexp(r"^\d{4}$", message=_l("要 4 位数字"))],
        default="0000",
    )
    province = StringField(
        _l("省级代码"),
        description=_l("2 位数字，江苏是 32"),
        validators=[Regexp(r"^\d{2}$", message=_l("要 2 位数字"))],
        default="32",
    )
    site = StringField(
        _l("机构序列码"),
        description=_l("省里给的 6 位数字"),
        validators=[Regexp(r"^\d{6}$", message=_l("要 6 位数字"))],
    )
    phone = StringField(
        _l("查询电话"),
        description=_l("印在查验页上，可以不写"),
        validators=[Optional(), Length(max=40)],
    )
    scope = TextAreaField(
        _l("备案范围"),
        description=_l(
            "一行一个职业：职业编码 职业名称 等级，如 6-30-05-03 叉车司机 5,4,3；"
            "还没有编码的，编码写“待核”"
        ),
        validators=[DataRequired(_l("备案范围没写")), Length(max=20_000)],
    )


@face.route("/bodies", methods=["GET", "POST"])
@guard.may(Right.ADMINISTER)
@only_once
@refusal_on(lambda refused: _all_bodies(BodyForm(), problem_of(refused)))
def all_bodies() -> ResponseReturnValue:
    """Show the registered bodies, with their filed scopes; the form registers another."""
    form = BodyForm()
    if not form.validate_on_submit():
        return _all_bodies(form)
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


def _all_bodies(
    form: BodyForm,
    problem: str | None = None,
    refused: Mapping[int, tuple[str, str]] = MappingProxyType({}),
) -> str:
    """Render the page; `refused` has the text of a scope that was not filed, by body, and why."""
    return render_template(
        "organiser/certificates/bodies.html",
        form=form,
        problem=problem,
        bodies=[(body, *refused.get(body.id, (scope_text(body.scope), None))) for body in bodies()],
    )


def _unfiled_scope(number: int, refused: Refused) -> str:
    written = request.form.get("scope", "")
    return _all_bodies(BodyForm(formdata=None), refused={number: (written, say(refused.message))})


@face.post("/bodies/<int:number>/scope")
@guard.may(Right.ADMINISTER)
@refusal_on(_unfiled_scope)
def body_scope(number: int) -> ResponseReturnValue:
    """File a body for other occupations or levels; what cannot be read stays in its field."""
    body = or_404(find(IssuingBody, number))
    file_scope(body, read_scope(request.form.get("scope", "")), current_user)
    flash(_("%(name)s 的备案范围改好了", name=body.name), "ok")
    return redirect(url_for("organiser.all_bodies"))
