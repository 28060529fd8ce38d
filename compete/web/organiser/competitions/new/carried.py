"""Parts that come along into a new competition and parts that stay, counted if it is known."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import ngettext

from compete.domain.bundle.event_types import Event
from compete.domain.bundle.labour_types import Labour
from compete.domain.bundle.packs.kinds import GradePack
from compete.domain.bundle.packs.named import get_pack
from compete.domain.values.kinds import Kind
from compete.domain.values.messages import listed, some_of
from compete.models import Competition
from compete.services.competitions.file_versions import is_newest
from compete.services.competitions.labour_starts import LabourTemplate
from compete.services.competitions.templates import Template
from compete.services.kernel.event_rules import labour_of, rules_of
from compete.services.labour.rule_words import VETO_WORDS
from compete.services.schedule.session_plan import sessions_of
from compete.services.schedule.slots import planned_sessions
from compete.web.language import say
from compete.web.organiser.competitions.new.shapes import Carried

_NAMED = 4


def carried_of_edition(old: Competition | None) -> list[Carried]:
    """List what comes from an earlier edition; without one, what comes along in general."""
    stays = [
        _stays(_("裁判和工作人员"), _("勾上才带来；登录卡重新发")),
        _stays(_("选手和代表队"), _("今年重新报")),
        _stays(_("分数、名次、证书"), _("留在去年")),
    ]
    if old is None:
        return [
            _comes(_("赛项和职业")),
            _comes(_("模块和配分"), _("连同裁判组、并列、奖项和晋升规则")),
            _comes(_("场次和工位"), _("换成新的日期，里面没有人")),
            _comes(_("劳动竞赛的指标、期次、红旗"), _("连同打分部门和单位分组")),
            _comes(_("单位名单")),
            _comes(_("公示、申诉、复核的设置")),
            *stays,
        ]
    units = len(old.units)
    listed_units = _counted(
        _("单位名单"),
        units,
        ngettext("%(num)s 个单位，链接重新发", "%(num)s 个单位，链接重新发", units),
    )
    if old.kind == Kind.LABOUR:
        return [
            *_of_labour(labour_of(old)),
            _vetoed(old),
            listed_units,
            _stays(_("打分部门的人和链接"), _("部门都在，链接重新发")),
            _stays(_("各期的数、名次、红旗"), _("留在去年")),
        ]
    sessions = len(sessions_of(planned_sessions(old)))
    return [
        *_of_events([rules_of(event) for event in old.events]),
        _counted(
            _("场次和工位"),
            sessions,
            ngettext(
                "%(num)s 场，换成新的日期，里面没有人",
                "%(num)s 场，换成新的日期，里面没有人",
                sessions,
            ),
        ),
        listed_units,
        _comes(_("公示、申诉、复核的设置")),
        *stays,
    ]


def carried_of_template(chosen: Template | LabourTemplate | None) -> list[Carried]:
    """List what comes from a template; without one, what comes along in general."""
    stays = [
        _stays(_("单位、选手、裁判"), _("自己加")),
        _stays(_("日期、地点、主办"), _("自己填")),
    ]
    if chosen is None:
        return [
            _comes(_("赛项和职业")),
            _comes(_("模块和配分"), _("连同裁判组、并列、奖项和晋升规则")),
            _comes(_("劳动竞赛的指标、期次、红旗"), _("连同打分部门")),
            *stays,
        ]
    if isinstance(chosen, LabourTemplate):
        return [*_of_labour(chosen.rules.labour), *stays]
    return [*_of_events(chosen.bundle.events), *stays]


def carried_of_file() -> list[Carried]:
    """List what comes from a file."""
    return [
        _comes(_("竞赛文件"), _("里面写的全部；别的竞赛“导出方案”得到的，或者手写的")),
        _comes(
            _("劳动竞赛的规则表"),
            _("指标、期次、打分部门、单位；“指标和规则”里下载的 Excel"),
        ),
        _comes(
            _("评分标准"),
            _("一个赛项、一个模块；项目、考核要点、配分、评分标准四列的 Excel，或者 11 列的"),
        ),
        _stays(_("公布和证书"), _("文件里没有这些")),
    ]


def carried_of_levels() -> list[Carried]:
    """List what comes with an evaluation that begins with its levels."""
    return [
        _comes(_("每级一个“赛项”"), _("理论、技能各 100 分，60 分合格；二级、一级再加综合评审")),
        _comes(_("申报条件"), _("选的那一版里这一级的几条路")),
        _stays(_("单位、申报人、考评员"), _("自己加")),
    ]


def carried_of_nothing() -> list[Carried]:
    """List what comes from nothing."""
    return [_stays(_("什么都没有"), _("建好以后，首页列着要补的，一样一样补"))]


def _of_events(events: Sequence[Event]) -> list[Carried]:
    modules = [module for event in events for stage in event.stages for module in stage.modules]
    aspects = sum(len(module.aspects) for module in modules)
    sizes = sorted({module.panel.size for module in modules})
    awards = [award.name for event in events for award in event.awards]
    grades = sum(_grade_rules(event) for event in events)
    judges = (
        ngettext("每名选手 %(num)s 名裁判", "每名选手 %(num)s 名裁判", sizes[0])
        if len(sizes) == 1
        else _("每名选手 %(least)s 到 %(most)s 名裁判", least=sizes[0], most=sizes[-1])
        if sizes
        else ""
    )
    return [
        _counted(_("赛项和职业"), len(events), _some([event.name for event in events])),
        _counted(
            _("模块和配分"),
            len(modules) + aspects,
            say(
                listed(
                    [
                        ngettext("%(num)s 个模块", "%(num)s 个模块", len(modules)),
                        ngettext("%(num)s 个评分点", "%(num)s 个评分点", aspects),
                    ]
                )
            ),
        ),
        _comes(_("裁判组规则"), judges),
        _counted(_("设的奖项"), len(awards), _some(list(dict.fromkeys(awards)))),
        _counted(_("晋升办法"), grades, ngettext("%(num)s 条", "%(num)s 条", grades)),
    ]


def _of_labour(labour: Labour) -> list[Carried]:
    indicators, periods = len(labour.indicators), len(labour.periods)
    return [
        _counted(
            _("指标"),
            indicators,
            ngettext("%(num)s 项指标，连同打分部门", "%(num)s 项指标，连同打分部门", indicators),
        ),
        _counted(
            _("期次"),
            periods,
            ngettext("%(num)s 期，里面没有数", "%(num)s 期，里面没有数", periods),
        ),
        _comes(_("红旗、黄牌、加减分的规则")),
    ]


def _vetoed(old: Competition) -> Carried:
    """Say what becomes of a vetoed unit's rank: new competitions go by the newest version."""
    words = _(VETO_WORDS[labour_of(old).veto_rank])
    if not is_newest(old):
        words = _("不再有名次；要照旧排的，建好以后在规则里改")
    return _comes(_("一票否决的单位"), words)


def _grade_rules(event: Event) -> int:
    if not isinstance(event.grades, str):
        return len(event.grades)
    pack = get_pack(event.grades)
    return len(pack.rules) if isinstance(pack, GradePack) else 0


def _some(names: Sequence[str]) -> str:
    return say(some_of(names, _NAMED))


def _counted(what: str, count: int, detail: str) -> Carried:
    """Count what comes along; if there are none, say that there are none."""
    if not count:
        return _stays(what, _("没有"))
    return Carried(what=what, detail=detail, comes=True, count=count)


def _comes(what: str, detail: str = "") -> Carried:
    return Carried(what=what, detail=detail, comes=True)


def _stays(what: str, detail: str) -> Carried:
    return Carried(what=what, detail=detail, comes=False)
