"""Names of a competition's details, on their form and in the record."""

from typing import Any

from flask_babel import lazy_gettext as _l

from compete.web.organiser.competition_words import level_word

DETAIL_WORDS = {
    "name": _l("名称"),
    "level": _l("级别"),
    "year": _l("年度"),
    "starts": _l("开始日期"),
    "ends": _l("结束日期"),
    "venue": _l("地点"),
    "host": _l("主办"),
    "series": _l("系列"),
    "contact": _l("有事找谁"),
    "place": _l("检录处"),
    "bring": _l("要带什么"),
    "results_at": _l("计划什么时候公布成绩"),
    "notice_days": _l("公示几个工作日"),
    "notice_again": _l("定了以后的更正"),
    "certify_early": _l("什么时候能发证"),
    "notice_closes": _l("最后一天几点截止"),
    "appeal_hours": _l("申诉几小时"),
    "full_names": _l("公示的姓名"),
    "searchable": _l("搜索引擎"),
    "check_in_items": _l("检录时看什么"),
    "check_in_closes": _l("开始前几分钟停止检录"),
    "low_share": _l("低于百分之几标出来"),
    "call_up": _l("下一赛段开始前有人退出"),
}

_CHOICES = {
    "full_names": (_l("同意公布的写全"), _l("隐去一部分")),
    "searchable": (_l("可以收录"), _l("不收录")),
    "notice_again": (_l("重新公示"), _l("不再公示，直接更正")),
    "call_up": (_l("后面的依次递补"), _l("空着，不递补")),
    "certify_early": (_l("公示期间就能发，要写理由"), _l("定为最终成绩以后")),
}


def detail_value(name: str, value: Any) -> Any:
    """Return a detail's value, in words if it has no value of its own; else as it is."""
    if name == "level" and value:
        return level_word(value)
    return str(_CHOICES[name][not value]) if name in _CHOICES else value
