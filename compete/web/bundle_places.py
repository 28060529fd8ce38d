"""Places in a competition file, as `events[0].stages[1].name` names them, in people's words."""

from __future__ import annotations

from flask_babel import gettext as _


def _lists() -> dict[str, str]:
    return {
        "units": _("单位"),
        "judges": _("裁判"),
        "entrants": _("选手"),
        "members": _("成员"),
        "teams": _("代表队"),
        "events": _("赛项"),
        "stages": _("赛段"),
        "parts": _("部分"),
        "modules": _("模块"),
        "aspects": _("评分点"),
        "bands": _("量值档"),
        "checks": _("清单要点"),
        "awards": _("奖项"),
        "items": _("单项"),
        "grades": _("晋升规则"),
        "ties": _("并列判据"),
        "marks": _("分数"),
        "outcomes": _("缺考和取消"),
        "penalties": _("扣罚"),
        "times": _("用时"),
        "periods": _("时段"),
        "indicators": _("指标"),
        "values": _("指标数据"),
    }


def _keys() -> dict[str, str]:
    return {
        "competition": _("竞赛"),
        "labour": _("劳动竞赛"),
        "code": _("编号"),
        "name": _("名称"),
        "weight": _("权重"),
        "full": _("满分"),
        "max": _("配分"),
        "panel": _("裁判组"),
        "size": _("裁判人数"),
        "pass": _("及格线"),
        "ranking": _("名次"),
        "team_ranking": _("团体名次"),
        "unit_ranking": _("单位名次"),
        "event": _("赛项"),
        "unit": _("单位"),
        "team": _("代表队"),
        "entrant": _("选手"),
        "judge": _("裁判"),
        "stage": _("赛段"),
        "module": _("模块"),
        "aspect": _("评分点"),
        "occupation": _("职业"),
        "starts": _("开始日期"),
        "ends": _("结束日期"),
        "year": _("年度"),
        "level": _("级别"),
        "kind": _("种类"),
        "type": _("类型"),
        "ratio": _("比例"),
        "top": _("名额"),
        "points": _("每次扣分"),
        "step": _("步长"),
        "value": _("值"),
        "role": _("职责"),
        "id_number": _("证件号码"),
        "birth": _("出生日期"),
    }


def place_words(path: str) -> str:
    """The place as a way from the whole to the part; keys without a word as they are written."""
    lists, keys = _lists(), _keys()
    words = []
    for part in path.split(".") if path else ():
        name, _bracket, rest = part.partition("[")
        numbers = [number.rstrip("]") for number in rest.split("[")] if rest else []
        if numbers and numbers[0].isdecimal() and name in lists:
            words.append(_("第 %(n)s 个%(what)s", n=int(numbers[0]) + 1, what=lists[name]))
        else:
            words.append(lists.get(name) or keys.get(name) or part)
    return " › ".join(words)
