"""The forms by which a competition is made."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from compete.domain.bundle.event_types import Occupation
from compete.domain.grades.ladder import GRADES, grade_label
from compete.domain.values.kinds import Level
from compete.services.competitions.drafts import (
    LONGEST_CODE,
    LONGEST_TITLE,
    Beginnings,
    check_beginnings,
)
from compete.services.competitions.schemes import LONGEST_PART
from compete.services.competitions.templates import NO_CODE
from compete.services.directory.ladders.conditions import find_editions
from compete.services.kernel.refusal import FieldRefused, Refused
from compete.web.language import say
from compete.web.organiser.competition_words import level_word
from compete.web.refusals import status_of


def _name_field(
    label: LazyString, missing: LazyString, description: LazyString | str = ""
) -> StringField:
    """A name of a part of rules, which has to be written."""
    longest = Length(max=LONGEST_PART, message=_l("最多 %(max)d 个字"))
    return StringField(label, description=description, validators=[DataRequired(missing), longest])


T = TypeVar("T")


class NameForm(FlaskForm):  # type: ignore[misc]
    """The form that all the ways to begin share."""

    name = StringField(
        _l("新的名称"),
        validators=[
            DataRequired(_l("名称要写")),
            Length(max=LONGEST_TITLE, message=_l("最多 %(max)d 个字")),
        ],
    )
    code = StringField(
        _l("编号"),
        description=_l("写在网址里，只用字母、数字和 -，以后不能改"),
        validators=[
            InputRequired(_l("编号要写")),
            Length(max=LONGEST_CODE, message=_l("最多 %(max)d 个字")),
        ],
    )

    @property
    def title(self) -> str:
        """The name without blanks at the ends."""
        return " ".join((self.name.data or "").split())

    @property
    def wanted_code(self) -> str:
        """The code without blanks at the ends."""
        return (self.code.data or "").strip()

    def attempt(self, make: Callable[[], T]) -> tuple[T | None, str | None, int]:
        """Make it; or None with the problem, unless a field shows it, and the answer's status."""
        try:
            return make(), None, 302
        except FieldRefused as refused:
            getattr(self, refused.field).errors = [say(refused.message)]
            return None, None, status_of(refused)
        except Refused as refused:
            return None, say(refused.message), status_of(refused)


class DatedForm(NameForm):
    """The form of the ways that have days."""

    starts = DateField(_l("哪天开始"), validators=[Optional()])
    ends = DateField(_l("哪天结束"), validators=[Optional()])
    year = IntegerField(
        _l("年度"),
        description=_l("不写就是开始那天的年份"),
        validators=[Optional(), NumberRange(1, 9999, message=_l("%(min)s 到 %(max)s"))],
    )

    level = SelectField(_l("级别"), description=_l("晋升和复核看它"), validators=[Optional()])

    def offer_levels(self, *, as_before: bool) -> None:
        """Offer the levels in the reader's language; `as_before`: also that of its model."""
        known = [(level.value, level_word(level.value)) for level in reversed(Level)]
        self.level.choices = [("", _("照原来的")), *known] if as_before else known

    def refusal(self) -> int | None:
        """Say at each field what is wrong, all at once; the answer's status, or None if all fits.

        Nobody sends the form again for the next fault.
        """
        valid, faults = self.validate_on_submit(), check_beginnings(self.beginnings())
        for fault in faults:
            field = getattr(self, fault.field)
            field.errors = field.errors or [say(fault.message)]
        return min(map(status_of, faults), default=None) if valid else 400

    def beginnings(self) -> Beginnings:
        """Return the typed beginnings."""
        return Beginnings(
            name=self.title,
            code=self.wanted_code,
            year=self.year.data,
            starts=self.starts.data,
            ends=self.ends.data,
            level=Level(self.level.data) if self.level.data and not self.level.errors else None,
        )


class RulesBookForm(DatedForm):
    """The form to begin from a workbook of a labour competition's rules."""


class SchemeBookForm(DatedForm):
    """The form to begin from marking schemes of the one event; of several none asks a module."""

    event = _name_field(_l("赛项"), _l("名称要写"))
    module = _name_field(
        _l("模块"), _l("名称要写"), _l("表里的评分点都在这个模块里；别的模块建好再加")
    )

    @property
    def event_name(self) -> str:
        """The event's name without blanks at the ends."""
        return " ".join((self.event.data or "").split())

    @property
    def module_name(self) -> str:
        """The module's name without blanks at the ends."""
        return " ".join((self.module.data or "").split()) if self.module is not None else ""


class EvaluationForm(DatedForm):
    """An evaluation of one occupation, from its levels."""

    starts = DateField(
        _l("哪天考核"), validators=[InputRequired(_l("考核那天要写，申报条件按它算"))]
    )
    occupation = _name_field(_l("职业"), _l("职业要写"))
    occupation_code = StringField(
        _l("职业编码"), description=_l("还不知道就空着"), validators=[Length(max=40)]
    )
    track = StringField(
        _l("工种"), description=_l("没有就空着"), validators=[Length(max=LONGEST_PART)]
    )
    levels = SelectMultipleField(_l("认定哪几级"), validators=[InputRequired(_l("选一级"))])
    conditions = SelectField(
        _l("申报条件"),
        description=_l("管理员在“等级体系”里核对过才能批准"),
        validators=[Optional()],
    )

    def __init__(self) -> None:
        super().__init__()
        self.offer_levels(as_before=False)
        self.levels.choices = [(str(grade), say(grade_label(grade))) for grade in GRADES]
        self.conditions.choices = [
            *((row.key, row.name) for row in find_editions()),
            ("", _("不看条件")),
        ]

    @property
    def asked_occupation(self) -> Occupation:
        """The occupation that was typed."""
        typed = {
            key: " ".join((field.data or "").split())
            for key, field in (
                ("name", self.occupation),
                ("code", self.occupation_code),
                ("track", self.track),
            )
        }
        return Occupation(
            name=typed["name"], code=typed["code"] or NO_CODE, track=typed["track"] or None
        )


class EditionForm(DatedForm):
    """The form to begin from an earlier edition."""

    of = RadioField(_l("照哪一届"), validators=[InputRequired(_l("选一届"))])
    officials = BooleanField(_l("裁判和工作人员也带来"))


class TemplateForm(DatedForm):
    """The form to begin from a template."""

    of = RadioField(_l("照哪一套"), validators=[InputRequired(_l("选一套"))])


class BlankForm(DatedForm):
    """The form to begin from nothing."""
