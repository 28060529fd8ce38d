"""Forms of the desk."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectChoice, SelectField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, Length, Optional, Regexp

_GRADES = [
    SelectChoice("5", _l("五级/初级工")),
    SelectChoice("4", _l("四级/中级工")),
    SelectChoice("3", _l("三级/高级工")),
    SelectChoice("2", _l("二级/技师")),
    SelectChoice("1", _l("一级/高级技师")),
]


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
    grades = SelectMultipleField(
        _l("备案的等级"),
        choices=_GRADES,
        default=["5", "4", "3", "2", "1"],
        validators=[DataRequired(_l("至少选一个等级"))],
    )
