"""The ways to begin a competition, and what a file would bring, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template
from flask_babel import gettext as _
from flask_babel import ngettext

from compete.domain.bundle.crews import heads
from compete.domain.bundle.event_types import Event
from compete.domain.bundle.labour_types import Labour
from compete.domain.bundle.packs.kinds import GradePack
from compete.domain.bundle.packs.named import get_pack
from compete.domain.bundle.problems import Problem
from compete.domain.bundle.reading import bundle_warnings
from compete.domain.bundle.types import Bundle
from compete.domain.kinds.kinds import competition_kind
from compete.domain.values.messages import listed, some_of
from compete.models import Competition
from compete.services.competitions.file_versions import is_newest
from compete.services.competitions.overview import briefs_of
from compete.services.competitions.templates import LabourTemplate, Template, labour_templates
from compete.services.kernel.clock import local_today
from compete.services.kernel.event_rules import labour_of, rules_of
from compete.services.labour.rule_words import VETO_WORDS
from compete.services.schedule.session_plan import sessions_of
from compete.services.schedule.slots import planned_sessions
from compete.web.bundle_places import place_words
from compete.web.kind_words import speaking_of
from compete.web.language import say
from compete.web.organiser.competition_words import (
    event_shares,
    level_word,
    shares_of,
    state_chips_of,
    with_text,
)
from compete.web.organiser.competitions.new.forms import (
    DatedForm,
    EditionForm,
    NameForm,
    TemplateForm,
)
from compete.web.organiser.earlier import LABOUR, template_of, templates
from compete.web.paging import asked_text, part_of
from compete.web.templating import day
from compete.web.upload_limit_words import limit_words, most_bytes_of_a_file


@dataclass(frozen=True, slots=True, kw_only=True)
class FileProblem:
    """A fault of the file, with its place."""

    place: str
    """The place in people's words; empty for the file as a whole."""
    path: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedAgain:
    """The doubts before anything was made: what does not fit, and what would."""

    doubts: Sequence[str]
    sure: str
    """The mark of the doubts; sent again with it, it is made as it stands."""
    name: str = ""
    """A name that fits, where another than was asked for; the year goes with it."""
    year: int | None = None


FileCount = tuple[str, int, str]
"""What a file brings, how many of it, and some of them by name."""
Source = tuple[str, str, str]
"""An edition or a template to begin from: its key, its title and words on it."""


def _carried_of_edition(old: Competition | None) -> list[dict[str, Any]]:
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
    if competition_kind(old).has_sittings:
        with speaking_of(old):
            events = _of_events([rules_of(event) for event in old.events])
        return [
            *events,
            listed_units,
            _comes(_("公示、申诉、批准的设置")),
            _stays(_("考评员和工作人员"), _("不要就去掉勾；登录卡重新发")),
            _stays(_("申报的人"), _("这一批重新报；考过的科目、第几次考，照证件号码认")),
            _stays(_("分数、结果、证书"), _("留在上一批")),
        ]
    if competition_kind(old).has_periods:
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


def _carried_of_template(chosen: Template | LabourTemplate | None) -> list[dict[str, Any]]:
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


def _carried_of_file() -> list[dict[str, Any]]:
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


def _carried_of_levels() -> list[dict[str, Any]]:
    """List what comes with an evaluation that begins with its levels."""
    return [
        _comes(_("每级一个“赛项”"), _("理论、技能各 100 分，60 分合格；二级、一级再加综合评审")),
        _comes(_("申报条件"), _("选的那一版里这一级的几条路")),
        _stays(_("单位、申报人、考评员"), _("自己加")),
    ]


def _carried_of_nothing() -> list[dict[str, Any]]:
    """List what comes from nothing."""
    return [_stays(_("什么都没有"), _("建好以后，首页列着要补的，一样一样补"))]


def _of_events(events: Sequence[Event]) -> list[dict[str, Any]]:
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
        _counted(_("赛项和职业"), len(events), first_names([event.name for event in events])),
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
        _counted(_("设的奖项"), len(awards), first_names(list(dict.fromkeys(awards)))),
        _counted(_("晋升办法"), grades, ngettext("%(num)s 条", "%(num)s 条", grades)),
    ]


def _of_labour(labour: Labour) -> list[dict[str, Any]]:
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


def _vetoed(old: Competition) -> dict[str, Any]:
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


def first_names(names: Sequence[str]) -> str:
    """Name the first few, and how many there are."""
    return say(some_of(names, _NAMED))


def _counted(what: str, count: int, detail: str) -> dict[str, Any]:
    """Count what comes along; if there are none, say that there are none."""
    if not count:
        return _stays(what, _("没有"))
    return {"what": what, "detail": detail, "comes": True, "count": count}


def _comes(what: str, detail: str = "") -> dict[str, Any]:
    return {"what": what, "detail": detail, "comes": True, "count": 0}


def _stays(what: str, detail: str) -> dict[str, Any]:
    return {"what": what, "detail": detail, "comes": False, "count": 0}


_NAMED = 4


def new_page(
    start: str,
    editions: Sequence[Competition],
    form: DatedForm | None,
    **shown: Any,
) -> str:
    """The page with one of the ways chosen, and of its editions or templates one.

    `told` is a `problem`, `file_problems`, `doubts` why somebody should look at the name that is
    proposed, and what is asked `again`.
    """
    sources, page, query = [], None, asked_text()
    chosen = form.of.data if isinstance(form, EditionForm | TemplateForm) else None
    if start == "edition":
        rows, page = part_of(
            with_text(editions, query), EDITIONS, "organiser.new_competition", start=start, q=query
        )
        sources = _edition_sources(_with_chosen(rows, editions, chosen))
    elif start == "template":
        sources = [_template_source(template) for template in templates()]
        sources += [_labour_source(template) for template in labour_templates()]
    return render_template(
        "organiser/competitions/new/new.html",
        form=form,
        starts=_starts(len(editions)),
        start=start,
        sources=sources,
        page=page,
        query=query,
        searched=start == "edition" and len(editions) > EDITIONS,
        # All that skills competitions begin from; those of labour, each like the other, are folded.
        shown=len(templates()) if start == "template" else SHOWN,
        carried=_carried_rows(start, editions, chosen),
        limit=limit_words(),
        limit_bytes=most_bytes_of_a_file(),
        **{"problem": None, "file_problems": (), "doubts": (), "again": None} | shown,
    )


SHOWN = 6
"""The number of earlier editions that stand unfolded."""
EDITIONS = 20
"""The number of earlier editions on a page."""


def _with_chosen(
    rows: Sequence[Competition], editions: Sequence[Competition], chosen: str | None
) -> Sequence[Competition]:
    """The editions of a page; the chosen one is there on each, first where it is of another."""
    others = [it for it in editions if it.code == chosen and it not in rows]
    return [*others, *rows]


def _edition_sources(competitions: Sequence[Competition]) -> list[Source]:
    """Earlier editions, each in a line."""
    briefs, chips = briefs_of(competitions), state_chips_of(competitions)
    sources = []
    for it in competitions:
        brief = briefs[it.id]
        parts = [day(it.starts, with_year=True)] if it.starts else []
        if brief.entrants:
            parts.append(say(heads(brief.entrants, brief.crewed)))
        if brief.units:
            parts.append(_("%(n)s 个单位", n=brief.units))
        parts.append(chips[it.id].text)
        sources.append((it.code, it.name, _("，").join(parts)))
    return sources


def _template_source(template: Template) -> Source:
    """A template in a line."""
    bundle = template.bundle
    events = _("，").join(_event_line(event) for event in bundle.events)
    return template.key, bundle.competition.name, events


def _labour_source(template: LabourTemplate) -> Source:
    """A template of a labour competition in a line."""
    labour = template.rules.labour
    detail = _(
        "劳动竞赛：%(headings)s，%(indicators)s 项指标，%(periods)s 期",
        headings=_("、").join(template.headings),
        indicators=len(labour.indicators),
        periods=len(labour.periods),
    )
    return f"{LABOUR}{template.key}", template.name, detail


def file_problem(problem: Problem) -> FileProblem:
    """Show the reader's problem, with its place in words."""
    return FileProblem(
        place=place_words(problem.path), path=problem.path, what=say(problem.message)
    )


def file_page(
    token: str,
    filename: str,
    form: NameForm,
    head: Sequence[str],
    counts: Sequence[FileCount],
    warnings: Sequence[FileProblem],
    problem: str | None,
) -> str:
    """Show what a file would bring, before any of it is written."""
    return render_template(
        "organiser/competitions/new/file.html",
        upload=token,
        filename=filename,
        form=form,
        head=head,
        counts=counts,
        warnings=warnings,
        problem=problem,
    )


def bundle_page(
    token: str, filename: str, form: NameForm, bundle: Bundle, problem: str | None
) -> str:
    """Show what a competition's file would bring."""
    competition = bundle.competition
    head = [
        _("劳动竞赛") if competition_kind(competition).has_periods else _("技能竞赛"),
        level_word(competition.level.value),
    ]
    if competition.starts:
        head.append(day(competition.starts, with_year=True))
    if competition.venue:
        head.append(competition.venue)
    warnings = [*map(file_problem, bundle_warnings(bundle)), *_gone_by(bundle)]
    return file_page(token, filename, form, head, _counts(bundle), warnings, problem)


def _gone_by(bundle: Bundle) -> Iterator[FileProblem]:
    """Days that are over, in a file that nobody has entered for."""
    last = bundle.competition.ends or bundle.competition.starts
    if last is not None and last < local_today() and not bundle.entrants:
        what = _("日期已经过了：%(day)s", day=day(last, with_year=True))
        advice = _("建好以后在“竞赛资料”里改")
        yield FileProblem(place=what, path="competition.starts", what=advice)


def _counts(bundle: Bundle) -> list[FileCount]:
    def count(what: str, names: Sequence[str]) -> FileCount:
        shown = _("、").join(names[:_NAMED])
        if len(names) > _NAMED:
            shown = _("%(who)s 等", who=shown)
        return what, len(names), shown

    people = [
        count(_("单位"), [unit.name for unit in bundle.units]),
        count(_("选手"), [entrant.name for entrant in bundle.entrants]),
        count(_("裁判和工作人员"), [judge.name for judge in bundle.judges]),
    ]
    if bundle.labour is not None:
        indicators = [indicator.name for indicator in bundle.labour.indicators]
        values = _("指标数据"), len(bundle.labour.values), ""
        return [count(_("指标"), indicators), *people, values]
    events = _("；").join(_event_line(event) for event in bundle.events)
    marks = _("分数"), len(bundle.marks), _("随草稿载入，还不算成绩") if bundle.marks else ""
    return [(_("赛项"), len(bundle.events), events), *people, marks]


def _event_line(event: Event) -> str:
    if len(event.stages) > 1:
        return _("%(name)s（%(modules)s）", name=event.name, modules=event_shares(event))
    shares = shares_of(event.stages[0])
    more = "…" if len(shares) > _NAMED else ""
    return _("%(name)s（%(modules)s）", name=event.name, modules=" ".join(shares[:_NAMED]) + more)


def _starts(editions: int) -> dict[str, tuple[str, str, str, str]]:
    """The ways to begin: title, text, note and icon of each."""
    return {
        "small": (
            _("小比武"),
            _("一页填完：谁来比、比什么，马上开赛"),
            _("人少、一天比完"),
            "play",
        ),
        "edition": (
            _("从去年"),
            _("整套规则都带来，日期往后推"),
            ngettext("最省事，%(num)s 届可选", "最省事，%(num)s 届可选", editions)
            if editions
            else _("还没有办过的"),
            "return",
        ),
        "template": (
            _("从模板"),
            _("常用的 %(n)s 套：规则现成，人空着", n=len(templates()) + len(labour_templates())),
            _("照着改"),
            "copy",
        ),
        "file": (
            _("从文件"),
            _("竞赛文件、劳动竞赛的规则表（Excel）、评分标准（Excel）"),
            _("写入前先给你看"),
            "file",
        ),
        "evaluation": (
            _("等级认定"),
            _("一个职业、几个等级：理论、技能，看合格不合格"),
            _("不排先后"),
            "shield-check",
        ),
        "blank": (_("空白"), _("赛项、规则自己填，随时能停"), _("约 10 分钟"), "plus"),
    }


def _carried_rows(
    start: str, editions: Sequence[Competition], chosen: str | None
) -> list[dict[str, Any]]:
    match start:
        case "edition":
            return _carried_of_edition(next((it for it in editions if it.code == chosen), None))
        case "template":
            return _carried_of_template(template_of(chosen or ""))
        case "file":
            return _carried_of_file()
        case "evaluation":
            return _carried_of_levels()
        case _:
            return _carried_of_nothing()
