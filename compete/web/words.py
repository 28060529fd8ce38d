"""Words for the fixed lists of the bundle format."""

from __future__ import annotations

from flask_babel import gettext as _

from compete.domain.grades import GRADES, grade_label
from compete.web.language import say


def group_word(group: str) -> str:
    """职工, 教师 or 学生."""
    return {"worker": _("职工"), "teacher": _("教师"), "student": _("学生")}[group]


def gender_word(gender: str) -> str:
    """男 or 女; what a file spelt otherwise as it stands."""
    return {"male": _("男"), "female": _("女")}.get(gender, gender)


def outcome_word(status: str) -> str:
    """An outcome in words."""
    return {"dns": _("缺考"), "dnf": _("中途退出"), "dsq": _("取消成绩")}[status]


def typed_grade(text: str) -> str:
    """A grade as a unit's form keeps it: its number in words, and anything else as it stands."""
    known = {str(grade): grade for grade in GRADES}
    return say(grade_label(known[text])) if text in known else text or "—"


def shift_words(minutes: object) -> str:
    """`推迟 12 分钟` or `提早 10 分钟`."""
    number = minutes if isinstance(minutes, int) else 0
    if number < 0:
        return _("提早 %(n)s 分钟", n=-number)
    return _("推迟 %(n)s 分钟", n=number)
