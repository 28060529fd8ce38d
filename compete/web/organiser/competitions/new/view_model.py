"""The ways to begin a competition, and what a file would bring, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flask import render_template
from flask_babel import gettext as _
from flask_babel import ngettext

from compete.domain.bundle.event_types import Event
from compete.domain.bundle.problems import Problem
from compete.domain.bundle.reading import bundle_warnings
from compete.domain.bundle.types import Bundle
from compete.domain.values.kinds import Kind
from compete.models import Competition
from compete.services.competitions.labour_starts import LabourTemplate, labour_templates
from compete.services.competitions.overview import brief_of
from compete.services.competitions.templates import Template
from compete.services.kernel.clock import local_today
from compete.web.bundle_places import place_words
from compete.web.language import say
from compete.web.organiser.competition_words import (
    event_shares,
    level_word,
    shares_of,
    state_chip,
)
from compete.web.organiser.competitions.new.carried import (
    carried_of_edition,
    carried_of_file,
    carried_of_levels,
    carried_of_nothing,
    carried_of_template,
)
from compete.web.organiser.competitions.new.forms import (
    DatedForm,
    EditionForm,
    NameForm,
    TemplateForm,
)
from compete.web.organiser.competitions.new.shapes import (
    AskedAgain,
    Carried,
    FileCount,
    FileProblem,
    Source,
)
from compete.web.organiser.earlier import LABOUR, template_of, templates
from compete.web.templating import day
from compete.web.upload_limit_words import limit_words, most_bytes_of_a_file
from compete.web.words import heads_in

_NAMED = 4


def new_page(
    start: str,
    editions: Sequence[Competition],
    form: DatedForm | None,
    problem: str | None = None,
    file_problems: Sequence[FileProblem] = (),
    doubts: Sequence[str] = (),
    again: AskedAgain | None = None,
) -> str:
    """The page with one of the ways chosen, and of its editions or templates one.

    `doubts` are why somebody should look at the name that is proposed.
    """
    sources = []
    if start == "edition":
        sources = [_edition_source(competition) for competition in editions]
    elif start == "template":
        sources = [_template_source(template) for template in templates()]
        sources += [_labour_source(template) for template in labour_templates()]
    chosen = form.of.data if isinstance(form, EditionForm | TemplateForm) else None
    return render_template(
        "organiser/competitions/new/new.html",
        form=form,
        starts=_starts(len(editions)),
        start=start,
        sources=sources,
        carried=_carried(start, editions, chosen),
        problem=problem,
        file_problems=file_problems,
        limit=limit_words(),
        limit_bytes=most_bytes_of_a_file(),
        doubts=doubts,
        again=again,
    )


def _edition_source(competition: Competition) -> Source:
    """An earlier edition in a line."""
    brief = brief_of(competition)
    parts = [day(competition.starts, with_year=True)] if competition.starts else []
    if brief.entrants:
        parts.append(heads_in(brief.entrants, competition))
    if brief.units:
        parts.append(_("%(n)s 个单位", n=brief.units))
    parts.append(state_chip(competition).text)
    return competition.code, competition.name, _("，").join(parts)


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
        _("劳动竞赛") if competition.kind is Kind.LABOUR else _("技能竞赛"),
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


def _carried(start: str, editions: Sequence[Competition], chosen: str | None) -> list[Carried]:
    match start:
        case "edition":
            return carried_of_edition(next((it for it in editions if it.code == chosen), None))
        case "template":
            return carried_of_template(template_of(chosen or ""))
        case "file":
            return carried_of_file()
        case "evaluation":
            return carried_of_levels()
        case _:
            return carried_of_nothing()
