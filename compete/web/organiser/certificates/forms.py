"""Forms of the desk."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional, Regexp


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
