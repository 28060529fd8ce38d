"""The checklist in words, with the facts of each part in a few lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from compete.domain.bundle import event_types
from compete.domain.eligibility import Conditions
from compete.domain.explanation.grades import rule_title
from compete.domain.grades.ladder import grade_label
from compete.domain.values.messages import listed, some_of
from compete.models import Competition, Event
from compete.services.competitions.details import details_of
from compete.services.competitions.event_setup import entrants_in
from compete.services.competitions.overview import Lack, Lacking
from compete.services.competitions.set_up import (
    Look,
    Part,
    PartItem,
    earlier_rules,
    editions_to_choose,
    is_shut,
    later_lacks,
    opening_lacks,
    part_items,
    set_up_of,
)
from compete.services.kernel.appeal_terms import term_words
from compete.services.kernel.competition_settings import settings_of
from compete.services.kernel.event_rules import ladder_of, rules_of
from compete.services.registration.eligibility import asked_by, conditions_of, mark_of
from compete.services.registration.window import window_of
from compete.services.schedule.session_plan import sessions_of
from compete.services.schedule.slots import planned_sessions
from compete.web.language import say
from compete.web.organiser.competition_words import (
    event_shares,
    level_word,
    module_names,
    part_words,
    state_chip,
)
from compete.web.organiser.desk.overview.shapes import Missing
from compete.web.organiser.desk.overview.waiting_rows import describe_lacking
from compete.web.organiser.earlier import earlier_of
from compete.web.organiser.rules.changes.differences import differences
from compete.web.organiser.rules.rule_differences import DifferenceGroup
from compete.web.organiser.shapes import Link
from compete.web.shapes import Chip, Choice
from compete.web.templating import day, moment, plain
from compete.web.words import heads_in


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedPlaces:
    """The places of an event, as typed, and why that cannot be."""

    event: str
    of_unit: str
    most: str
    problem: str = ""


_PART_OF = {
    Lack.EVENTS: Part.EVENTS,
    Lack.OCCUPATION: Part.EVENTS,
    Lack.WEIGHTS: Part.MODULES,
    Lack.DATES: Part.BASICS,
    Lack.VENUE: Part.BASICS,
    Lack.UNITS: Part.ENTRY,
    Lack.CLOSES: Part.ENTRY,
    Lack.BODY: Part.GRADES,
}
_ALIKE = (Part.PANELS, Part.AWARDS, Part.GRADES, Part.SCHEDULE)
"""Parts whose every line is another module, award or rule."""


def set_up_page(
    competition: Competition, asked: Part | None, typed: TypedPlaces | None = None
) -> str:
    """The page with one part open: the one that was asked for, else the first that waits.

    `typed` stands in its event's form, with what is wrong with it.
    """
    return _Wording(competition, typed).page(asked)


class _Wording:
    def __init__(self, competition: Competition, typed: TypedPlaces | None) -> None:
        self.typed = typed
        self.competition, self.told = competition, set_up_of(competition)
        self.earlier = earlier_of(competition)
        self.items = part_items(competition, self.earlier)
        self.lacks = opening_lacks(competition)
        self.later = later_lacks(competition)
        self.words = part_words()
        self.titles = {part: word[:1].upper() + word[1:] for part, word in self.words.items()}
        self.from_template = self.told.template

    def page(self, asked: Part | None) -> str:
        competition, state = self.competition, self.told
        chosen = asked or next((part for part in Part if self._waits(part)), Part.BASICS)
        unseen = [it for it in self.items if it.look is Look.UNSEEN]
        shut = is_shut(competition)
        left = len(self.lacks) + len(unseen)
        editions = [
            Choice(value=edition.code, label=edition.name)
            for edition in editions_to_choose(competition, current_user)
        ]
        looks = Counter(item.look for item in self.items)
        opened = state.opened
        return render_template(
            "organiser/competitions/set_up.html",
            competition=competition,
            standing=Chip(text=_("草稿，报名没开放"), kind="", icon="pencil")
            if shut
            else state_chip(competition),
            came_from=self._came_from(looks),
            parts=[self._line(number, part, part is chosen) for number, part in enumerate(Part, 1)],
            title=f"{list(Part).index(chosen) + 1} {self.titles[chosen]}",
            cards=[self._card(item) for item in self.items if item.part is chosen],
            no_cards=_("还没有排好的场次。人报齐以后抽签，场次和工位就有了。")
            if chosen is Part.SCHEDULE
            else _("还没有赛项，先加一个"),
            left=left if shut else 0,
            missing=self._missing(unseen) if shut else [],
            opened=moment(opened) if opened and not shut else "",
            told=ngettext(
                "开放以后，拿到报名链接的单位就能报，现在有 %(num)s 个单位。没人报以前能收回。",
                "开放以后，拿到报名链接的单位就能报，现在有 %(num)s 个单位。没人报以前能收回。",
                len(competition.units),
            ),
            compared=[
                (_("照旧"), looks[Look.KEPT]),
                (_("没看过"), looks[Look.UNSEEN]),
                (_("改了"), looks[Look.CHANGED]),
                (_("新加"), looks[Look.OWN]),
            ]
            if state.called
            else [],
            compared_with=state.called,
            editions=editions,
            edition="" if state.template else state.of,
            may_open=shut and not left,
            takes_entries=settings_of(competition).self_entry.open,
        )

    def _came_from(self, looks: Counter[Look]) -> str:
        if not self.told.called:
            return ""
        return _(
            "从“%(name)s”来：照旧 %(kept)s 项，改了 %(changed)s 项，"
            "没看过 %(unseen)s 项；人和分没有带",
            name=self.told.called,
            kept=looks[Look.KEPT],
            changed=looks[Look.CHANGED],
            unseen=looks[Look.UNSEEN],
        )

    def _of(self, part: Part) -> list[PartItem]:
        return [item for item in self.items if item.part is part]

    def _lacks(self, part: Part) -> list[Lacking]:
        return [lack for lack in self.lacks if _PART_OF[lack.kind] is part]

    def _waits(self, part: Part) -> bool:
        unseen = any(item.look is Look.UNSEEN for item in self._of(part))
        return bool(self._lacks(part)) or unseen

    def _unseen_words(self) -> str:
        return _("模板的，没看过") if self.from_template else _("去年的，没看过")

    def _line(self, number: int, part: Part, current: bool) -> dict[str, Any]:
        items, lacks = self._of(part), self._lacks(part)
        later = [lack for lack in self.later if _PART_OF[lack.kind] is part]
        icon = "check-circle"
        if lacks:
            icon = "warn"
            chip = Chip(text=ngettext("差 %(num)s 样", "差 %(num)s 样", len(lacks)), kind="warn")
        elif any(item.look is Look.UNSEEN for item in items):
            icon, chip = "dashed-circle", Chip(text=self._unseen_words(), kind="")
        elif not items:
            icon, chip = "dashed-circle", Chip(text=_("还没有"), kind="")
        elif later:
            icon, chip = "warn", Chip(text=_("发证前要补"), kind="warn")
        else:
            chip = Chip(text=_("齐了"), kind="ok")
        first = next(iter([*lacks, *later]), None)
        note = describe_lacking(first).what if first else self._note(items)
        return {
            "number": number,
            "name": self.titles[part],
            "note": note,
            "chip": chip,
            "icon": icon,
            "url": url_for("organiser.set_up", code=self.competition.code, part=part.value),
            "current": current,
        }

    def _note(self, items: Sequence[PartItem]) -> str:
        """The first thing that it says; where its lines are things of one kind, of how many.

        Modules are several events' own: then the first event's, by its name, of how many.
        """
        if not items:
            return ""
        if items[0].part is Part.EVENTS:
            return ngettext("%(num)s 个赛项", "%(num)s 个赛项", len(items))
        if all(item.look is Look.KEPT for item in items):
            return _("照旧")
        facts = [
            (label, text)
            for item in items
            for label, text in facts_of(self.competition, item.part, item.event)
            if text != "—"
        ]
        if not facts and items[0].part is Part.GRADES:
            return _("没有规则，谁都不晋升")
        if not facts and items[0].part is Part.AWARDS:
            return _("不设奖项")
        if items[0].part is Part.MODULES and len(items) > 1:
            shares = [
                f"{item.event.name} {event_shares(rules_of(item.event))}".strip()
                for item in items
                if item.event is not None
            ]
            return say(some_of(shares, 1))
        if items[0].part in _ALIKE:
            return say(some_of([f"{label} {text}" for label, text in facts], 1)) if facts else ""
        return facts[0][1] if facts else ""

    def _card(self, item: PartItem) -> dict[str, Any]:
        chips = {
            Look.OWN: None,
            Look.UNSEEN: Chip(text=self._unseen_words(), kind="warn", icon="dashed-circle"),
            Look.KEPT: Chip(text=_("照旧，看过了"), kind="ok", icon="check-circle"),
            Look.CHANGED: Chip(text=_("改过了"), kind="info", icon="pencil"),
        }
        return {
            "title": item.event.name if item.event else self.titles[item.part],
            "chip": chips[item.look],
            "facts": facts_of(self.competition, item.part, item.event),
            "links": links_of(self.competition, item.part, item.event),
            "item": item,
            "keeps": self._keeps(item) if item.takes else None,
            "differences": self._differences(item),
            "places": self._places(item.event)
            if item.event is not None and item.part is Part.EVENTS
            else None,
        }

    def _places(self, event: Event) -> dict[str, Any]:
        stands = conditions_of(self.competition).get(event.code, Conditions())
        typed = self.typed if self.typed and self.typed.event == event.code else None
        n, units = stands.most_of_unit, len(self.competition.units)
        return {
            "typed": typed
            or TypedPlaces(
                event=event.code,
                of_unit="" if n is None else str(n),
                most="" if stands.most is None else str(stands.most),
            ),
            "comes_to": ngettext(
                "全部 %(num)s 个单位，最多 %(most)s 个",
                "全部 %(num)s 个单位，最多 %(most)s 个",
                units,
                most=n * units,
            )
            if n and units
            else "",
            "seen": mark_of(stands),
            "url": url_for("organiser.set_places", code=self.competition.code, event=event.code),
        }

    def _keeps(self, item: PartItem) -> tuple[str, str]:
        if item.look is Look.UNSEEN:
            return _("照旧"), ""
        name = self.earlier.name if self.earlier else self.told.called
        lost = _("把这一部分换成“%(name)s”那样，现在写的就没了", name=name)
        return _("改回照旧"), lost

    def _differences(self, item: PartItem) -> Sequence[DifferenceGroup]:
        if item.look is not Look.CHANGED or item.event is None or self.earlier is None:
            return []
        before = earlier_rules(item.event, item.part, self.earlier)
        if before is None:
            return []
        return differences(self.competition, before, rules_of(item.event))

    def _missing(self, unseen: Sequence[PartItem]) -> list[Missing]:
        rows = [describe_lacking(lack) for lack in self.lacks]
        for item in unseen:
            what = self.words[item.part]
            if item.event is not None:
                what = _("“%(event)s”%(part)s", event=item.event.name, part=what)
            rows.append(
                Missing(
                    "dashed-circle",
                    _("%(what)s是模板的", what=what)
                    if self.from_template
                    else _("%(what)s是去年的", what=what),
                    _("看一遍，点“照旧”也行"),
                    url_for("organiser.set_up", part=item.part.value),
                )
            )
        return rows


Facts = Iterator[tuple[str, str]]
_NAMED = 6


def facts_of(competition: Competition, part: Part, event: Event | None) -> list[tuple[str, str]]:
    """List labels and values; a dash for an empty one."""
    if event is not None:
        return [(label, text or "—") for label, text in _OF_EVENTS[part](event)]
    facts = {Part.BASICS: _basics, Part.ENTRY: _entry, Part.SCHEDULE: _schedule}[part](competition)
    return [(label, text or "—") for label, text in facts]


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
    days = [day(date, with_year=True) for date in (it.starts, it.ends) if date]
    yield _("级别"), level_word(it.level)
    spans = len(set(days)) > 1
    span = _("%(first)s至%(last)s", first=days[0], last=days[-1]) if spans else "".join(days[:1])
    yield _("日期"), span
    yield _("地点"), it.venue or ""
    yield _("主办"), it.host or ""
    yield _("联系"), it.contact or ""
    notice = ngettext("%(num)s 个工作日", "%(num)s 个工作日", it.notice_days)
    yield _("公示"), notice if it.notice_days else _("不公示")
    yield _("申诉"), _("%(term)s内", term=say(term_words(competition, it.appeal_hours)))
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
        detail = ngettext("%(num)s 场", "%(num)s 场", n)
        timed = sorted(filter(None, starts))
        if timed:
            detail = _("%(what)s，第一场 %(at)s", what=detail, at=timed[0].replace("T", " ")[:16])
        else:
            detail = _("%(what)s，没有时间", what=detail)
        yield names.get(key, key), detail


def _event(event: Event) -> Facts:
    rules = rules_of(event)
    occupation = rules.occupation
    names = [occupation.name, occupation.code, occupation.track] if occupation else []
    yield _("职业"), " ".join(filter(None, names))
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
        details = [ngettext("每名选手 %(num)s 名裁判", "每名选手 %(num)s 名裁判", panel.size)]
        if panel.drop_high or panel.drop_low:
            details.append(
                _("去掉 %(high)s 高 %(low)s 低", high=panel.drop_high, low=panel.drop_low)
            )
        if panel.max_spread is not None:
            details.append(_("分差最多 %(most)s", most=plain(panel.max_spread)))
        yield module.name, say(listed(details))


def _awards(event: Event) -> Facts:
    for award in rules_of(event).awards:
        if award.ratio is not None:
            condition = _("前 %(share)s%%", share=plain(award.ratio * 100))
        elif award.top is not None:
            condition = ngettext("前 %(num)s 名", "前 %(num)s 名", award.top)
        else:
            condition = _("另有条件")
        yield award.name, condition


def _grades(event: Event) -> Facts:
    rules, ladder = rules_of(event), ladder_of(event)
    if isinstance(rules.grades, str):
        yield _("晋升办法"), rules.grades
        return
    for rule in rules.grades:
        if rule.grant.to is not None:
            grant = _("晋升%(grade)s", grade=say(grade_label(rule.grant.to, ladder)))
        elif rule.grant.up is not None:
            grant = ngettext("晋升 %(num)s 级", "晋升 %(num)s 级", rule.grant.up)
        else:
            grant = say(some_of(rule.grant.titles, _NAMED))
        yield say(rule_title(rule, ladder)), grant


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
