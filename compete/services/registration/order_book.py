"""Order book (秩序册): a booklet of what everybody should know before the first day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from compete.documents.dates import printed_date
from compete.documents.forms import Form, form_tables
from compete.documents.lists import Column, ListDocument, Row, Section, Stamp, render_list
from compete.documents.typesetting import PrintedFile
from compete.domain.bundle.attempts import with_attempt
from compete.domain.bundle.crews import crew_role
from compete.domain.bundle.event_types import Award, Event, Module, Stage
from compete.domain.explanation.grades import LEVEL_WORDS
from compete.domain.stations import station_order
from compete.domain.values.equations import shortened
from compete.domain.values.kinds import AdvanceTies, AwardScope
from compete.domain.values.messages import Message, Translate, listed, msg
from compete.domain.values.roles import CREW_ROLE_WORDS, ROLE_WORDS
from compete.models import Competition, Entrant, Member, utc_now
from compete.services.kernel.appeal_terms import term_words
from compete.services.kernel.clock import local_time
from compete.services.kernel.competition_settings import settings_of
from compete.services.kernel.event_rules import rules_of
from compete.services.kernel.installation import fonts
from compete.services.registration.day_forms import (
    in_order,
    paper_text,
    schedule_lines,
    session_title,
    sessions_of,
)
from compete.services.registration.eligibility import people_of
from compete.services.schedule.away import away_among, marked
from compete.services.scoring.explained_row import tie_words

ORDER_BOOK = "order_book"
_FACTS = (Column(msg("项目"), width=1), Column(msg("内容"), width=4))


def print_order_book(
    competition: Competition, people: Sequence[Entrant], translate: Translate | None = None
) -> PrintedFile:
    """The booklet as PDF. It has no ID numbers, no contestants' phones and no blind codes."""
    several = len({person.event_id for person in people}) > 1
    plan = form_tables(Form.SCHEDULE, schedule_lines(people, translate, several=several))
    schedule = msg("日程").render(translate)
    sections = [
        *_officials(competition, translate),
        *(Section(f"{schedule}　{day.title}", day.columns, day.rows) for day in plan),
        _entered(people, translate, several=several),
        *_seats(people, translate, several=several),
        *(rules for event in competition.events for rules in _rules(rules_of(event), translate)),
    ]
    document = ListDocument(
        title=f"{competition.name} {msg('秩序册').render(translate)}",
        columns=_FACTS,
        rows=[
            Row((paper_text(name, translate), text))
            for name, text in _facts(competition, translate)
        ],
        more=sections,
        after=[_appeals(competition).render(translate)],
        issuer=[competition.host] if competition.host else [],
        stamp=Stamp(local_time(utc_now())),
        text_size=13.5,
    )
    return render_list(document, fonts=fonts(), translate=translate, author=competition.issuer)


def _facts(competition: Competition, translate: Translate | None) -> Iterator[tuple[Message, str]]:
    settings = settings_of(competition)
    days = dict.fromkeys(filter(None, (competition.starts, competition.ends)))
    facts = {
        msg("级别"): paper_text(LEVEL_WORDS[competition.level], translate),
        msg("主办"): competition.host,
        msg("日期"): "–".join(printed_date(day, translate) for day in days),
        msg("地点"): competition.venue,
        msg("检录在哪里"): settings.place,
        msg("要带什么"): settings.bring,
        msg("联系人"): settings.contact,
        msg("赛项"): paper_text(listed([event.name for event in competition.events]), translate),
    }
    yield from ((name, text) for name, text in facts.items() if text)


def _officials(competition: Competition, translate: Translate | None) -> Iterator[Section]:
    order = list(ROLE_WORDS)
    known = sorted(
        (
            (order.index(judge.role), station_order(judge.code), judge.role, judge)
            for judge in competition.judges
            if judge.role is not None
        ),
        key=lambda row: row[:2],
    )
    rows = [
        Row((paper_text(ROLE_WORDS[role], translate), judge.name, judge.unit_name))
        for _order, _code, role, judge in known
    ]
    if rows:
        columns = (Column(msg("角色"), 1), Column(msg("姓名"), 1.5), Column(msg("单位"), 3))
        yield Section(msg("工作人员").render(translate), columns, rows)


def _entered(people: Sequence[Entrant], translate: Translate | None, *, several: bool) -> Section:
    """List who comes, unit by unit; each of a crew with the part he has in it."""
    rows, away = [], away_among(people)
    for entrant in sorted(people, key=lambda entrant: (entrant.unit_id, entrant.code)):
        for place, person in enumerate(people_of(entrant)):
            crew = ""
            if isinstance(person, Member):
                role = CREW_ROLE_WORDS[crew_role(person.role, place)]
                crew = f"{entrant.name} {paper_text(role, translate)}"
            rows.append(
                Row(
                    (
                        entrant.unit.name,
                        paper_text(marked(person.code, away.left(entrant)), translate),
                        person.name,
                        entrant.event.name if several else "",
                        crew,
                        person.leader or entrant.leader or "",
                        person.coach or entrant.coach or "",
                    )
                )
            )
    heads = (
        Column(msg("单位"), 2.6),
        Column(msg("参赛号"), 1),
        Column(msg("姓名"), 1.4),
        Column(msg("赛项"), 1.8),
        Column(msg("组合"), 1.4),
        Column(msg("领队"), 1),
        Column(msg("教练"), 1),
    )
    kept = [n for n in range(len(heads)) if n < 3 or any(row.cells[n] for row in rows)]
    return Section(
        msg("参赛名单").render(translate),
        [heads[n] for n in kept],
        [Row(tuple(row.cells[n] for n in kept)) for row in rows],
    )


def _seats(
    people: Sequence[Entrant], translate: Translate | None, *, several: bool
) -> Iterator[Section]:
    """List who is at which station at what time; nothing of a blind event."""
    columns = (
        Column(msg("时间"), 1.3),
        Column(msg("工位"), 1.2),
        Column(msg("参赛号"), 1),
        Column(msg("姓名"), 1.6),
        Column(msg("单位"), 2.6),
    )
    away = away_among(people)
    for turns in sessions_of(people):
        at = turns[0].stage, turns[0].module.code
        rows = [
            (
                *(lasts, station),
                paper_text(away.marked(person, person.code, *at), translate),
                *(person.name, person.unit.name),
            )
            for lasts, station, person in in_order(turns)
            if station
        ]
        if rows and not turns[0].event.blind:
            first = 0 if any(lasts for lasts, *_rest in rows) else 1
            title = msg("比赛顺序和工位").render(translate)
            yield Section(
                f"{title}　{session_title(turns, translate, several=several)}",
                columns[first:],
                [Row(cells[first:]) for cells in rows],
            )


def _weight(stage: Stage, module: Module) -> str:
    """The weight in the whole; none where points count as they are given."""
    return "—" if stage.is_in_points else f"{_number(module.weight)}%"


def _rules(rules: Event, translate: Translate | None) -> Iterator[Section]:
    modules = [
        Row(
            (
                stage.name,
                with_attempt(stage, module.code, module.name),
                _number(module.full),
                _weight(stage, module),
            )
        )
        for stage in rules.stages
        for module in stage.modules
    ]
    columns = (
        Column(msg("赛段"), 1.5),
        Column(msg("模块"), 3),
        Column(msg("满分"), 1, "right"),
        Column(msg("权重"), 1, "right"),
    )
    title = msg("规则　%(event)s", event=rules.name).render(translate)
    yield Section(title, columns, modules)
    rows = [
        Row((paper_text(what, translate), paper_text(words, translate)))
        for what, words in _stages(rules)
    ]
    ranked = len(rows)
    rows += [Row((award.name, paper_text(_award(award), translate))) for award in rules.awards]
    if rules.ranking.ties:
        ties = listed([tie_words(key, rules) for key in rules.ranking.ties])
        rows.insert(ranked, Row((msg("同分先比").render(translate), paper_text(ties, translate))))
    if rows:
        yield Section(msg("名次和奖项").render(translate), _FACTS, rows)


def _stages(rules: Event) -> Iterator[tuple[Message, Message | str]]:
    """Say who goes on to each later stage, and what it takes along from an earlier one."""
    names = {stage.code: stage.name for stage in rules.stages}
    for before, stage in pairwise(rules.stages):
        yield msg("进“%(stage)s”", stage=stage.name), _advance(before)
        if stage.carry is not None:
            yield (
                msg("“%(stage)s”总成绩", stage=stage.name),
                msg(
                    "“%(from)s”成绩 × %(weight)s，加上本赛段成绩 × %(own)s",
                    **{"from": names[stage.carry.from_]},
                    weight=_number(stage.carry.weight),
                    own=_number(stage.carry.own),
                ),
            )


def _advance(before: Stage) -> Message | str:
    rule = before.advance
    if rule is None:
        return msg("“%(stage)s”有名次的都进", stage=before.name)
    parts: list[Message | str] = []
    if rule.top is not None:
        parts.append(msg("“%(stage)s”前 %(n)s 名", stage=before.name, n=rule.top))
    if rule.per_unit is not None:
        parts.append(msg("每个单位最多 %(n)s 名", n=rule.per_unit))
    if rule.top is not None:
        cut = rule.ties is AdvanceTies.CUT
        parts.append(msg("末位同名次的按编号取满") if cut else msg("末位同名次的都进"))
    return listed(parts)


def _award(award: Award) -> Message | str:
    """Say whom an award is for: how many from the top, and what they need besides."""
    parts: list[Message | str] = []
    if award.scope is AwardScope.TEAMS:
        parts.append(msg("给代表队"))
    if award.scope is AwardScope.ITEMS:
        parts.append(msg("每个单项"))
    if award.top is not None:
        parts.append(msg("前 %(n)s 名", n=award.top))
    if award.ratio is not None:
        parts.append(msg("前 %(percent)s%%", percent=_number(award.ratio * 100)))
    if award.min_total is not None:
        parts.append(msg("总成绩 %(least)s 分以上", least=_number(award.min_total)))
    if award.pass_modules:
        parts.append(msg("各模块都及格"))
    return listed(parts)


def _appeals(competition: Competition) -> Message:
    settings = settings_of(competition)
    since = {
        "module": msg("模块结束"),
        "publication": msg("成绩公布"),
        "either": msg("模块结束或者成绩公布"),
    }[settings.appeals.since]
    return msg(
        "申诉：%(since)s后 %(hours)s内，在参赛证二维码打开的本人页提出，由仲裁决定。",
        since=since,
        hours=term_words(competition, settings.appeal_hours),
    )


def _number(value: object) -> str:
    return shortened(str(value))
