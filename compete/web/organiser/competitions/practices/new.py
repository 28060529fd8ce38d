"""The form on which a module is taken to be practised."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from wtforms import IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import Length

from compete.domain.values.rights import Right
from compete.models import Competition
from compete.services.competitions.drafts import LONGEST_TITLE
from compete.services.competitions.practices import (
    Practicable,
    Practice,
    mentor_names,
    practicable_modules,
    practice_faults,
    start_practice,
)
from compete.services.competitions.small_lines import people_lines
from compete.services.kernel.clock import local_today
from compete.services.kernel.event_rules import module_title
from compete.services.kernel.refusal import FieldRefused
from compete.web import guard
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.blueprint import face

_MOST_TYPED = 20_000


class _PracticeForm(FlaskForm):  # type: ignore[misc]
    """What is practised, under whom, by whom, how often."""

    module = SelectField(_l("练哪个模块"))
    name = StringField(_l("叫什么"), validators=[Length(max=LONGEST_TITLE)])
    mentors = TextAreaField(_l("带教师傅"), validators=[Length(max=_MOST_TYPED)])
    pupils = TextAreaField(_l("谁来练"), validators=[Length(max=_MOST_TYPED)])
    tries = IntegerField(_l("每人练几次"), default=3)

    def __init__(self, modules: list[Practicable]) -> None:
        super().__init__()
        self.module.choices = [
            (it.key, module_title(it.event, it.stage.code, it.module.code)) for it in modules
        ]
        if self.is_submitted():
            return
        asked = request.args.get("module")
        chosen = next((it for it in modules if it.key == asked), next(iter(modules), None))
        if chosen is not None:
            self.module.data = chosen.key
            self.name.data = _("%(module)s练习", module=chosen.module.name)

    def practice(self) -> Practice:
        """Return what was typed; what is no number is none."""
        return Practice(
            name=" ".join((self.name.data or "").split()),
            mentors=mentor_names(self.mentors.data or ""),
            pupils=people_lines(self.pupils.data or "").rows,
            tries=self.tries.data or 0,
            day=local_today(),
        )

    def note(self, field: str, fault: str) -> None:
        """Put a fault beside its field."""
        self[field].errors = [*self[field].errors, fault]


@face.get("/<code>/practice/new")
@guard.may(Right.MAKE)
def new_practice(competition: Competition) -> ResponseReturnValue:
    """Ask which module is practised, who marks, and who practises."""
    modules = practicable_modules(competition)
    return _page(competition, modules, _PracticeForm(modules))


@face.post("/<code>/practice/new")
@guard.may(Right.MAKE)
@only_once
def make_practice(competition: Competition) -> ResponseReturnValue:
    """Make the practice and open it; the mentors' and pupils' codes come next."""
    modules = practicable_modules(competition)
    form = _PracticeForm(modules)
    form.validate()
    wanted = form.practice()
    for field, faults in practice_faults(wanted).items():
        for fault in faults:
            form.note(field, say(fault))
    if form.errors:
        return _page(competition, modules, form), 400
    try:
        practice = start_practice(competition, form.module.data, wanted, current_user)
    except FieldRefused as refused:
        form.note(refused.field, say(refused.message))
        return _page(competition, modules, form), 400
    return redirect(url_for("organiser.practice_codes", code=practice.code))


def _page(competition: Competition, modules: list[Practicable], form: _PracticeForm) -> str:
    return render_template(
        "organiser/competitions/practices/new.html",
        competition=competition,
        form=form,
        modules=modules,
    )
