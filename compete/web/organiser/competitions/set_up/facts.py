"""Facts of each part of the set-up, in a few lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from compete.domain.bundle import event_types
from compete.domain.explanation.grades import rule_title
from compete.domain.grades.ladder import grade_label
from compete.domain.values.messages import listed, some_of
from compete.models import Competition, Event
from compete.services.competitions.details import details_of
from compete.services.competitions.event_setup import entrants_in
from compete.services.competitions.set_up_parts import Part
from compete.services.kernel.competition_settings import settings_of
from compete.services.kernel.event_rules import ladder_of, rules_of
from compete.services.registration.eligibility import asked_by
from compete.services.registration.window import window_of
from compete.services.schedule.session_plan import sessions_of
from compete.services.schedule.slots import planned_sessions
from compete.web.language import say
from compete.web.organiser.competition_words import event_shares, level_word, module_names
from compete.web.organiser.shapes import Link
from compete.web.templating import day, moment, plain
from compete.web.words import heads_in

Facts = Iterator[tuple[str, str]]
_NAMED = 6


def facts_of(competition: Competition, part: Part, event: Event | None) -> list[tuple[str, str]]:
    """List labels and values; a dash for an empty one."""
    if event is not None:
        return [(label, text or "—") for label, text in _OF_EVENTS[part](event)]
    found = {Part.BASICS: _basics, Part.ENTRY: _entry, Part.SCHEDULE: _schedule}[part](competition)
    return [(label, text or "—") for label, text in found]


def links_of(competition: Competition, part: Part, event: Event | None) -> list[Link]:
    """List the links to change a part."""
    code = competition.code
    if event is not None:
        url = url_for("organiser.event_rules", code=code, event=event.code)
        links = [Link(label=_("改"), url=url)]
        if part is Part.EVENTS:
            events = url_for("organiser.events", code=code)
            links.append(Link(label=_("加、删赛项"), url=events))
        return links
    if part is Part.BASICS:
        return [Link(label=_("改"), url=url_for("organiser.details", code=code))]
    if part is Part.SCHEDULE:
        links = [Link(label=_("去抽签、排场次"), url=url_for("organiser.draws", code=code))]
        if planned_sessions(competition):
            links.append(Link(label=_("改日程"), url=url_for("organiser.sessions", code=code)))
        return links
    return [
        Link(label=_("报名时间和名额"), url=url_for("organiser.applications", code=code)),
        Link(label=_("参赛条件"), url=url_for("organiser.entry_conditions", code=code)),
        Link(label=_("单位名单"), url=url_for("organiser.units", code=code)),
        Link(label=_("个人报名"), url=url_for("organiser.self_entry", code=code)),
    ]


def _basics(competition: Competition) -> Facts:
    it = details_of(competition)
    days = [day(each, with_year=True) for each in (it.starts, it.ends) if each]
    yield _("级别"), level_word(it.level)
    spans = len(set(days)) > 1
    span = _("%(first)s至%(last)s", first=days[0], last=days[-1]) if spans else "".join(days[:1])
    yield _("日期"), span
    yield _("地点"), it.venue or ""
    yield _("主办"), it.host or ""
    yield _("联系"), it.contact or ""
    notice = ngettext("%(num)s 个工作日", "%(num)s 个工作日", it.notice_days)
    yield _("公示"), notice if it.notice_days else _("不公示")
    yield _("申诉"), ngettext("%(num)s 小时内", "%(num)s 小时内", it.appeal_hours)
    yield _("检录时看"), say(some_of(it.check_in_items, _NAMED)) if it.check_in_items else ""


def _entry(competition: Competition) -> Facts:
    window, units = window_of(competition), len(competition.units)
    yield _("报名截止"), moment(window.closes) if window.closes else ""
    yield _("单位"), ngettext("%(num)s 个", "%(num)s 个", units) if units else ""
    quota = window.quota
    yield _("每单位"), ngettext("最多 %(num)s 人", "最多 %(num)s 人", quota) if quota else _("不限")
    for event in competition.events:
        asked = [say(sentence) for sentence in asked_by(event)]
        yield event.name, _("；").join(asked) if asked else _("没有条件，谁都能报。")
    own = settings_of(competition).self_entry
    yield _("个人报名"), _("收") if own.open else _("不收")


def _schedule(competition: Competition) -> Facts:
    names = module_names(competition)
    sessions: dict[str, list[str]] = {}
    for (*of, _name), entries in sessions_of(planned_sessions(competition)).items():
        begun = sorted(filter(None, (str(entry.get("starts") or "") for entry in entries)))
        sessions.setdefault("/".join(of), []).append(begun[0] if begun else "")
    for key, starts in sessions.items():
        n = len(starts)
        told = ngettext("%(num)s 场", "%(num)s 场", n)
        timed = sorted(filter(None, starts))
        if timed:
            told = _("%(what)s，第一场 %(at)s", what=told, at=timed[0].replace("T", " ")[:16])
        else:
            told = _("%(what)s，没有时间", what=told)
        yield names.get(key, key), told


def _event(event: Event) -> Facts:
    rules = rules_of(event)
    occupation = rules.occupation
    told = [occupation.name, occupation.code, occupation.track] if occupation else []
    yield _("职业"), " ".join(filter(None, told))
    stages = [stage.name for stage in rules.stages]
    yield _("比几轮"), say(some_of(stages, _NAMED))
    yield _("加密"), _("盲评") if event.blind else _("不加密")
    yield _("报名"), heads_in(entrants_in(event), event.competition, event)


def _modules(event: Event) -> Facts:
    rules = rules_of(event)
    yield _("权重"), event_shares(rules)
    for _stage, module in _in(rules):
        n = len(module.aspects)
        yield (
            module.name,
            _(
                "满分 %(full)s，%(aspects)s",
                full=plain(module.full),
                aspects=ngettext("%(num)s 个评分点", "%(num)s 个评分点", n),
            ),
        )


def _panels(event: Event) -> Facts:
    for _stage, module in _in(rules_of(event)):
        panel = module.panel
        told = [ngettext("每名选手 %(num)s 名裁判", "每名选手 %(num)s 名裁判", panel.size)]
        if panel.drop_high or panel.drop_low:
            told.append(_("去掉 %(high)s 高 %(low)s 低", high=panel.drop_high, low=panel.drop_low))
        if panel.max_spread is not None:
            told.append(_("分差最多 %(most)s", most=plain(panel.max_spread)))
        yield module.name, say(listed(told))


def _awards(event: Event) -> Facts:
    for award in rules_of(event).awards:
        if award.ratio is not None:
            told = _("前 %(share)s%%", share=plain(award.ratio * 100))
        elif award.top is not None:
            told = ngettext("前 %(num)s 名", "前 %(num)s 名", award.top)
        else:
            told = _("另有条件")
        yield award.name, told


def _grades(event: Event) -> Facts:
    rules, ladder = rules_of(event), ladder_of(event)
    if isinstance(rules.grades, str):
        yield _("晋升办法"), rules.grades
        return
    for rule in rules.grades:
        if rule.grant.to is not None:
            told = _("晋升%(grade)s", grade=say(grade_label(rule.grant.to, ladder)))
        elif rule.grant.up is not None:
            told = ngettext("晋升 %(num)s 级", "晋升 %(num)s 级", rule.grant.up)
        else:
            told = say(some_of(rule.grant.titles, _NAMED))
        yield say(rule_title(rule, ladder)), told


def _in(rules: event_types.Event) -> Iterator[tuple[event_types.Stage, event_types.Module]]:
    for stage in rules.stages:
        for module in stage.modules:
            yield stage, module


_OF_EVENTS: dict[Part, Callable[[Event], Facts]] = {
    Part.EVENTS: _event,
    Part.MODULES: _modules,
    Part.PANELS: _panels,
    Part.AWARDS: _awards,
    Part.GRADES: _grades,
}
