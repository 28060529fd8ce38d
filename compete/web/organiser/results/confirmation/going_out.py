"""The facts that go out with a competition's results, shown before they do."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping

from flask_babel import gettext as _
from msgspec.structs import replace

from compete.domain.bundle.attempts import waived_word, with_attempt
from compete.domain.bundle.crews import Participant, participants
from compete.domain.bundle.types import Bundle, Entrant
from compete.domain.explanation.grades import grade_word
from compete.domain.grades.ladder import Ladder, ladder_in
from compete.domain.kinds.kinds import competition_kind
from compete.domain.labour.closed_periods import only_periods
from compete.domain.values.kinds import OutcomeStatus
from compete.domain.values.messages import listed, msg
from compete.models import Competition
from compete.services.kernel.event_rules import rules_of
from compete.services.scoring.bundle_out import public_without_marks
from compete.services.scoring.compared_by_age import deciding_births
from compete.services.scoring.live import live_scorer
from compete.services.scoring.public_columns import (
    CHOICES,
    PERSONAL,
    needed_columns,
    told_columns,
)
from compete.services.scoring.unnamed_judges import largest_panel
from compete.services.sheets.absences import waived_among
from compete.web.language import say
from compete.web.organiser.last_look import GoingOut, ToldRow
from compete.web.words import group_word, outcome_word

_MOST = 8
_MOMENT = re.compile(r"\b(\d{4}-\d\d-\d\d)T(\d\d:\d\d)")
_LONGEST = 60
"""The longest shown text, in characters; the whole is in the file."""


def _key_word(key: str) -> str:
    """Name a note by its key if our own pages write it; any other key as it is written."""
    known = {
        "note": _("备注"),
        "contact": _("联系人"),
        "place": _("在哪里检录"),
        "bring": _("要带什么"),
        "schedule": _("日程"),
        "event": _("赛项"),
        "stage": _("赛段"),
        "module": _("模块"),
        "session": _("场次"),
        "check_in": _("检录"),
        "starts": _("开始"),
        "ends": _("结束"),
        "station": _("工位"),
        "judges": _("裁判"),
        "entrants": _("选手"),
        "workers": _("职工人数"),
        "edition": _("届次"),
        "demo": _("演示用的安排"),
        "nominations": _("推荐参加上一级竞赛"),
    }
    return known.get(key, key)


Codes = Mapping[tuple[str, ...], str]


def code_names(bundle: Bundle) -> Codes:
    """The names behind the codes that a schedule is written in, by the key above each.

    Of a stage and a module by the codes of those around them, too: others may have the same.
    """
    names: dict[tuple[str, ...], str] = {}
    for event in bundle.events:
        names["event", event.code] = event.name
        for stage in event.stages:
            names["stage", event.code, stage.code] = stage.name or stage.code
            for module in stage.modules:
                name = with_attempt(stage, module.code, module.name)
                names["module", event.code, stage.code, module.code] = name
    return names


def extra_words(value: object, names: Codes | None = None) -> str:
    """Show a value of an `extra` as people read it, the first few of its items."""
    texts = list(_named_texts(value, names or {}))
    shown = [
        _("%(name)s：%(text)s", name=name, text=text) if name else text
        for name, text in texts[:_MOST]
    ]
    if not shown:
        return _("空的")
    words = say(listed(shown, msg("；")))
    left = len(texts) - len(shown)
    return _("%(words)s；还有 %(n)s 项", words=words, n=left) if left else words


def _named_texts(value: object, names: Codes, name: str = "") -> Iterator[tuple[str, str]]:
    """List each text, number and so on within, with the names that lead to it."""
    if isinstance(value, Mapping):
        around = [str(value.get(key)) for key in ("event", "stage")]
        for key, inside in value.items():
            known = inside
            if isinstance(inside, str):
                within = around[: {"stage": 1, "module": 2}.get(str(key), 0)]
                known = names.get((str(key), *within, inside), inside)
            yield from _named_texts(known, names, f"{name} {_key_word(str(key))}".strip())
    elif isinstance(value, list) and all(not isinstance(part, dict | list) for part in value):
        if value:
            yield name, _short(say(listed([_word(part) for part in value])))
    elif isinstance(value, list):
        for place, inside in enumerate(value, 1):
            # Its place among several is part of what leads to it.
            yield from _named_texts(inside, names, f"{name} {place}".strip())
    else:
        yield name, _short(_word(value))


def _word(value: object) -> str:
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if value is None or value == "":
        return _("没有写")
    return _MOMENT.sub(r"\1 \2", str(value))


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


_EVENTS = 3
_EACH = 2
_NONE = "—"


def going_out(
    competition: Competition, also: Collection[str], periods: Collection[str] | None = None
) -> GoingOut | None:
    """The columns, a few people and reasons as they would be read; None with nobody in it.

    Of a labour competition what belongs to `periods` alone goes out, of an evaluation its
    bundle never does.
    """
    if competition_kind(competition).gives_verdicts:
        return None
    births = _births_told(competition)
    bundle = public_without_marks(competition, CHOICES, births or ())
    if periods is not None and bundle.labour is not None:
        bundle = replace(bundle, labour=only_periods(bundle.labour, periods))
    if not bundle.entrants and bundle.labour is None:
        return None
    needed = told_columns(bundle.events)
    names = _names()
    shown = [
        column
        for column in PERSONAL
        if bundle.entrants
        and (column in CHOICES or any(column in wanted for wanted in needed.values()))
    ]
    ladders = {event.code: ladder_in(event) for event in bundle.events}
    return GoingOut(
        also=also,
        columns=[
            (column, names[column], _how_many(column, list(needed.values()))) for column in shown
        ],
        people=[
            _row(person, entrant, shown, needed, ladders[entrant.event])
            for entrant, person in _some(bundle)
        ],
        reasons=list(_reasons(bundle)),
        extras=list(_extras(bundle)),
        panel=largest_panel(competition),
        births=_births_words(births),
        never=[names[column] for column in PERSONAL if bundle.entrants and column not in shown],
    )


def _names() -> dict[str, str]:
    return {
        "group": _("组别"),
        "grade": _("现等级"),
        "promoted": _("上次竞赛晋升年份"),
        "birth": _("出生日期"),
    }


def _births_told(competition: Competition) -> frozenset[str] | None:
    """Return the people whose birth goes out; None if no rule compares by age."""
    if competition_kind(competition).has_periods or not any(
        "birth" in needed_columns(rules_of(event)) for event in competition.events
    ):
        return None
    with live_scorer(competition) as live:
        return deciding_births(live.scorer)


def _births_words(births: frozenset[str] | None) -> str | None:
    if births is None:
        return None
    if not births:
        return _("同分比年龄，但没有人比到年龄，谁的出生日期都不公布。")
    return _(
        "同分比年龄：%(n)s 人比到年龄才分先后，公布他们的出生年月日，别人的不公布。",
        n=len(births),
    )


def _how_many(column: str, needed: Collection[Collection[str]]) -> str:
    number = sum(column in wanted for wanted in needed)
    if number == 0:
        return "none"
    return "all" if number == len(needed) else "some"


def _some(bundle: Bundle) -> Iterator[tuple[Entrant, Participant]]:
    """The people of the first entrants of the first events."""
    for event in bundle.events[:_EVENTS]:
        of_event = [
            known_entrant for known_entrant in bundle.entrants if known_entrant.event == event.code
        ]
        for entrant in of_event[:_EACH]:
            for person in participants(entrant):
                yield entrant, person


def _row(
    person: Participant,
    entrant: Entrant,
    columns: Collection[str],
    needed: dict[str, frozenset[str]],
    ladder: Ladder,
) -> tuple[str, str, list[tuple[str, str]]]:
    texts = {
        "group": group_word(person.group.value),
        "grade": say(grade_word(person.grade, ladder)),
        "promoted": str(person.promoted or _NONE),
        "birth": str(person.birth or _NONE),
    }
    wanted = needed[entrant.event]
    cells = [
        # A birth goes out with the events that ask for it, and with no other.
        ("" if column in wanted else column, texts[column])
        if column in wanted or column in CHOICES
        else ("", "")
        for column in columns
    ]
    return person.member or entrant.code, person.name, cells


def _reasons(bundle: Bundle) -> Iterator[ToldRow]:
    rules = {event.code: event for event in bundle.events}
    rules_by_entrant = {it.code: rules[it.event] for it in bundle.entrants}
    outcomes: dict[str, dict[tuple[str, str | None], str]] = defaultdict(dict)
    for outcome in bundle.outcomes:
        outcomes[outcome.entrant][outcome.stage, outcome.module] = outcome.status.value
    for outcome in bundle.outcomes:
        if outcome.reason:
            what = outcome_word(outcome.status.value)
            if outcome.status is OutcomeStatus.DNS and outcome.module is not None:
                own = rules_by_entrant[outcome.entrant], outcomes[outcome.entrant]
                if number := waived_among(*own, outcome.stage, outcome.module):
                    what = say(waived_word(number))
            yield outcome.entrant, what, outcome.reason
    for penalty in bundle.penalties:
        if penalty.reason:
            yield penalty.entrant, _("扣罚"), penalty.reason
    with_extra = [(mark.entrant, mark.extra) for mark in bundle.marks if mark.extra]
    with_extra += [(time.entrant, time.extra) for time in bundle.times if time.extra]
    for code, extra in with_extra:
        if extra.get("reason"):
            yield code, _("裁定"), str(extra["reason"])
    labour = bundle.labour
    for adjustment in labour.adjustments if labour else ():
        if adjustment.reason:
            yield adjustment.unit, _("加减分"), adjustment.reason
    for veto in labour.vetoes if labour else ():
        if veto.reason:
            yield veto.unit, _("一票否决"), veto.reason


def _extras(bundle: Bundle) -> Iterator[ToldRow]:
    """List the notes on the competition, its units and teams, as they stand in the file."""
    noted = [(bundle.competition.code, _("竞赛"), bundle.competition.extra)]
    noted.append((bundle.competition.code, _("竞赛文件"), bundle.extra))
    noted += [(unit.code, _("单位"), unit.extra) for unit in bundle.units]
    noted += [(team.code, _("代表队"), team.extra) for team in bundle.teams]
    values = bundle.labour.values if bundle.labour else ()
    noted += [(value.unit, _("指标数据"), value.extra) for value in values]
    names = code_names(bundle)
    for code, what, extra in noted:
        for key, value in (extra or {}).items():
            label = _("%(what)s，%(key)s", what=what, key=_key_word(key))
            yield code, label, extra_words(value, names)
