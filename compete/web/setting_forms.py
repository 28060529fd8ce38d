"""Forms of settings, made of their fields (`kernel.fields`); nobody writes them by hand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, time
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

from flask import g, request
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    Field,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from compete.domain.values.messages import Message, msg
from compete.services.kernel.fields import (
    BIGGEST,
    Setting,
    fields_of,
    read_texts,
    several,
    with_values,
    wrong_fields,
)
from compete.services.kernel.refusal import FieldRefused, Refused, WrongFieldsError
from compete.sheets.texts import typed_parts
from compete.web.language import say

LONGEST_COUNT, LONGEST_REASON = 100, 500
if TYPE_CHECKING:
    from compete.services.kernel.fields import Values


class CountField(IntegerField):  # type: ignore[misc]
    """A whole number: one of hundreds of digits is none."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed."""
        if valuelist and len(valuelist[0].strip()) > LONGEST_COUNT:
            self.data = None
            raise ValueError(_l("数太长了"))
        super().process_formdata(valuelist)


class PartsField(StringField):  # type: ignore[misc]
    """Several things in one line, apart by commas of any kind."""


class PointField(StringField):  # type: ignore[misc]
    """A decimal, as it was typed."""


class _Fits:
    """A check of what stands in a control against its field; as a browser is told of it."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.field_flags: dict[str, Any] = {}
        kind = setting.shape.type
        if kind is str and not setting.clock and setting.most != BIGGEST:
            self.field_flags = {"maxlength": setting.most}
        elif kind is int and setting.read is None:
            self.field_flags = {"min": setting.least, "max": setting.most}

    def __call__(self, _form: object, control: Field) -> None:
        """Refuse what cannot stand there."""
        try:
            fault = self.setting.fault(typed_value(control, self.setting))
        except Refused as refused:
            fault = refused.message
        if fault and not control.errors:
            raise ValidationError(say(fault))


def typed_value(control: Field, setting: Setting) -> Any:
    """The value that stands in a control, without outer blanks. Raises `Refused`."""
    match control:
        case StringField() if setting.read is not None:
            return setting.value_of(control.data or "")
        case RadioField() if setting.shape.type is bool:
            return control.data == "1"
        case StringField() if several(setting.shape.type):
            return tuple(dict.fromkeys(typed_parts(control.data or "")))
        case SelectMultipleField():
            return tuple(dict.fromkeys(control.data or ()))
        case PointField():
            return setting.value_of(control.data or "")
        case TimeField():
            return control.data.isoformat("minutes") if control.data else None
        case StringField():
            text = control.data or ""
            tidy = text.strip() if setting.lines else " ".join(text.split())
            return tidy or (None if setting.shape.optional else "")
        case _:
            return control.data


def shown_value(setting: Setting, value: Any) -> Any:
    """A value as its control holds it."""
    if setting.text is not None and not setting.choices:
        return setting.text(value) if value is not None else None
    if isinstance(value, bool):
        return ("1" if value else "") if setting.choices else value
    if isinstance(value, tuple | list):
        return list(value) if setting.choices else setting.text_of(value)
    if setting.clock == "time":
        return time.fromisoformat(value) if value else None
    return setting.text_of(value) if isinstance(value, Decimal) else value


class SettingForm(FlaskForm):  # type: ignore[misc]
    """The form of the fields of one class."""

    of: type
    again = False
    """True if it was sent and comes back."""

    def settings(self) -> Sequence[tuple[Field, Setting]]:
        """The controls of fields, each with its field."""
        fields = fields_of(self.of)
        return [(control, fields[control.name]) for control in self if control.name in fields]

    def leave_out(self, names: Iterable[str]) -> None:
        """Do not ask for these; they keep what stands."""
        for name in dict.fromkeys(names):
            if name in self:
                del self[name]

    def show(self, values: Any) -> None:
        """Fill the controls."""
        for control, setting in self.settings():
            # What was typed would be shown before it.
            control.raw_data = None
            control.data = shown_value(setting, getattr(values, control.name))

    def read(self, stands: Values) -> Values:
        """Return what was typed; fields that are not asked keep what stands."""
        # A choice that was not sent, by an older page, is none.
        typed = {
            control.name: typed_value(control, setting)
            for control, setting in self.settings()
            if control.raw_data or not isinstance(control, RadioField)
        }
        return with_values(stands, **typed)

    def taken(self, stands: Values) -> Values:
        """Return what was typed. Raises `FieldRefused` where something cannot stand there."""
        if self.validate():
            return self.read(stands)
        name, errors = next(iter(self.errors.items()))
        title = self[name].label.text if name in self else ""
        raise FieldRefused(name, msg("%(what)s：%(why)s", what=str(title), why=str(errors[0])))

    def shown_again(self, refused: Refused) -> str | None:
        """Put each fault beside its field; the refusal where it is of no field, or None."""
        fits = self.validate()
        if not isinstance(refused, FieldRefused) or refused.field not in self:
            return say(refused.message)
        if fits:
            self.mark(refused)
        return None

    def mark(self, refused: Refused) -> str:
        """Put a refusal beside its field, where it is of one; the sentence of it."""
        problem = say(refused.message)
        if isinstance(refused, FieldRefused) and refused.field in self:
            control = self[refused.field]
            control.errors = [*control.errors, problem]
        return problem


def form_of(kind: type, **beside: Field) -> type[SettingForm]:
    """Make the form of the fields of a class, with controls `beside` them."""
    controls = {name: _control(setting) for name, setting in fields_of(kind).items()}
    return type(f"{kind.__name__}Form", (SettingForm,), {"of": kind} | controls | beside)


@cache
def _act_form_of(kind: type) -> type[SettingForm]:
    return form_of(kind)


def posted_texts(kind: type) -> dict[str, str]:
    """The texts that were sent of the fields of a class; `act_form` shows them again."""
    g.posted_kind = kind
    return {
        name: "\n".join(request.form.getlist(name))
        if several(setting.shape.type)
        else request.form.get(name, "")
        for name, setting in fields_of(kind).items()
    }


def typed_act(kind: type[Values]) -> Values:
    """What was typed of an act. Raises `WrongFieldsError` for what cannot stand in its fields."""
    typed, faults = read_texts(kind, posted_texts(kind))
    if typed is None:
        raise wrong_fields(kind, faults)
    return typed


def act_form(
    kind: type,
    refused: Refused | None = None,
    stands: Any = None,
    *,
    at: str = "",
    here: bool = True,
    but: Iterable[str] = (),
) -> SettingForm:
    """The controls of an act's fields, filled with what `stands`.

    On a page that comes back they have what was typed, each fault beside its field. `at` begins
    their ids where a page has several such forms; `here` is false of those that were not sent,
    and fields of `but` are not asked.
    """
    again = here and g.get("posted_kind") is kind
    form = _act_form_of(kind)(formdata=request.form if again else None, meta={"csrf": False})
    form.again = again
    form.leave_out(but)
    if stands is not None and not again:
        form.show(stands)
    faults = refused.faults if isinstance(refused, WrongFieldsError) and again else {}
    for control, setting in form.settings():
        if stands is None and not again:
            control.data = shown_value(setting, setting.shape.default)
        if control.name in faults:
            control.errors = [say(faults[control.name])]
        if at:
            control.id = control.label.field_id = f"{at}-{control.name}"
    return form


def _control(setting: Setting) -> Field:
    kind = setting.shape.type
    described: dict[str, Any] = {"description": _lazy(setting.hint) if setting.hint else ""}
    checks = [InputRequired(_lazy(setting.needed)) if setting.needed else Optional()]
    described["validators"] = [*checks, _Fits(setting)]
    if setting.choices is not None:
        keys = {True: "1", False: ""} if kind is bool else {}
        described["choices"] = [
            SelectChoice(keys.get(value, value), _lazy(word))
            for value, word in setting.choices.items()
        ]
    title = _lazy(setting.title)
    if setting.choices is None:
        control = StringField if setting.read else _CONTROLS.get(kind, StringField)
        control = TextAreaField if setting.lines else control
        if setting.clock == "time":
            control = TimeField
        return control(title, **(described | ({"validators": []} if kind is bool else {})))
    if kind is bool:
        return RadioField(title, **described)
    if several(kind):
        return SelectMultipleField(title, **described)
    return SelectField(title, coerce=kind, **described | {"validators": []})


_CONTROLS: dict[Any, type[Field]] = {
    int: CountField,
    Decimal: PointField,
    date: DateField,
    bool: BooleanField,
    tuple[str, ...]: PartsField,
}


def _lazy(message: Message) -> LazyString:
    return LazyString(say, message)


def why_field(label: LazyString, hint: LazyString | str = "") -> Field:
    """The reason of a change that may take two people."""
    longest = Length(max=LONGEST_REASON, message=_l("最多 %(max)d 个字"))
    return TextAreaField(label, description=hint, validators=[Optional(), longest])
