"""What the details of a competition are called, on their form and in the record."""

from flask_babel import lazy_gettext as _l

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
    "call_up": _l("下一赛段开始前有人退出"),
}
