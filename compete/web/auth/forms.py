"""The sign-in form."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField
from wtforms.validators import DataRequired, Length


class PasswordForm(FlaskForm):  # type: ignore[misc]
    """User name and password."""

    username = StringField(
        _l("用户名"), validators=[DataRequired(_l("请写用户名")), Length(max=80)]
    )
    password = PasswordField(_l("密码"), validators=[DataRequired(_l("请写密码")), Length(max=200)])
