"""Words for the fixed lists of the bundle format."""

from __future__ import annotations

from flask_babel import gettext as _


def group_word(group: str) -> str:
    """职工, 教师 or 学生."""
    return {"worker": _("职工"), "teacher": _("教师"), "student": _("学生")}[group]


def outcome_word(status: str) -> str:
    """An outcome in words."""
    return {"dns": _("缺考"), "dnf": _("中途退出"), "dsq": _("取消成绩")}[status]
