"""Panels in words: who sits where, who may sit where, what is proposed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from flask import render_template
from flask_babel import gettext as _
from flask_babel import ngettext

from compete.domain.kinds.kinds import competition_kind
from compete.domain.seating import Weight
from compete.domain.values.roles import Role
from compete.domain.values.states import CompetitionState
from compete.models import AuditEntry, Competition, Event, Judge
from compete.services.kernel.actor_names import signer_words
from compete.services.kernel.clock import local_today
from compete.services.kernel.competition_settings import settings_of
from compete.services.kernel.event_rules import module_key, module_title
from compete.services.schedule.clashes import KIND_WORDS, some_clashes, ties_of
from compete.services.schedule.examiners import examiners_short
from compete.services.schedule.panel_settlement import (
    asked_panels,
    asker_name,
    changed_since,
    count_soft,
    last_refusal,
    seat_reasons,
    why_not_settled,
)
from compete.services.schedule.seating import (
    Panels,
    as_seats,
    last_step,
    panels_in,
    stage_is_judged,
)
from compete.services.schedule.seating_suggestion import SuggestedSeating
from compete.services.schedule.settled_panels import panels_settled
from compete.web.language import say
from compete.web.organiser.competition_words import expert_level_word, module_choices
from compete.web.organiser.log.record_words import record_text
from compete.web.shapes import Told
from compete.web.templating import days_words, moment, moment_in_sentence
from compete.web.words import heads_in


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The answer to putting a judge somewhere."""

    kind: str
    """`ok`, `warn` (wants a sentence), `bad` (must not), `full`, `here` (sits there)."""
    text: str
    why: str = ""


CHANGEABLE = (CompetitionState.REGISTERING, CompetitionState.JUDGING)
RULES = ("unit", "superior", "kin", "mentor", "coach")
EXAMINERS = ("theory_per", "theory_least", "practice_per", "practice_least")
MOST_TIES = 50
_MOST_MOVES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The things the page is asked to show beside the panels, and the refused ones."""

    hold: str = ""
    """A judge's code; with a station after a bar, who is to leave it."""
    suggestion: SuggestedSeating | None = None
    loads_first: bool = True
    problem: str | None = None
    reason: str = ""
    tied: str = ""
    faults: Sequence[str] = ()
    all_ties: bool = False
    rules: Mapping[str, str] = field(default_factory=dict)
    """The rules of closeness as they were typed, where they were refused."""
    examiners: Mapping[str, str] = field(default_factory=dict)
    """The wanted numbers of examiners, as they were typed, if that was refused."""


def seating_page(
    competition: Competition, event: Event, stage: str, module: str, asked: Asked
) -> str:
    """The panels of one module."""
    work = _Wording(competition, event, stage, module, panels_in(event, stage, module))
    return work.page(asked)


class _Wording:
    def __init__(
        self, competition: Competition, event: Event, stage: str, module: str, panels: Panels
    ) -> None:
        self.competition, self.event, self.panels = competition, event, panels
        self.stage, self.module = stage, module
        self.key = module_key(event, stage, module)
        self.may_change = competition.state in CHANGEABLE
        self.units = self._units()
        self.loads = Counter(panels.loads)
        for judge, station in panels.seats:
            self.loads[judge] += panels.clashes.people.get(station, 0)
        met = any(panels.clashes.at(judge, station) for judge, station in panels.seats)
        self._reasons = seat_reasons(self.event, self.stage, self.module) if met else {}

    def page(self, asked: Asked) -> str:
        panels = self.panels
        holding, moving, away_from = asked.hold.partition("|")
        picked = next((judge for judge in panels.judges if judge.code == holding), None)
        seated = {judge for judge, _station in panels.seats}
        wanted = sum(max(0, panels.wanted_at(station)) for station in panels.stations)
        wanted += len(panels.at("")) if panels.stations != [""] else 0
        taken = len(panels.seats)
        met = [panels.clashes.at(judge, station) for judge, station in panels.seats]
        ties = ties_of(self.competition)
        step = last_step(self.event, self.stage, self.module) if self.may_change else None
        rules = settings_of(self.competition).clashes
        settling = _settled_card(self.event, self.stage, self.module, panels, self.may_change)
        explained, bare = count_soft(self.event, self.stage, self.module, panels)
        return render_template(
            "organiser/schedule/seating/seating.html",
            tie_words=KIND_WORDS,
            modules=module_choices(self.competition),
            module=self.key,
            title=module_title(self.event, self.stage, self.module),
            seats=_("%(wanted)s 席，坐了 %(taken)s 席", wanted=wanted, taken=taken),
            hard=sum(any(clash.hard for clash in clashes) for clashes in met),
            explained=explained,
            bare=bare,
            picked={"face": self._face(picked), "away_from": away_from if moving else None}
            if picked and self.may_change
            else None,
            bench=[
                self._bench(judge, picked is judge)
                for judge in panels.judges
                if judge.id not in seated
            ],
            stations=[
                self._card(
                    number,
                    station,
                    picked if self.may_change else None,
                    away_from if moving else None,
                )
                for number, station in enumerate(self.panels.all_stations, start=1)
            ],
            suggestion=_suggestion_card(panels, asked.suggestion, loads_first=asked.loads_first)
            if asked.suggestion
            else None,
            ties=ties if asked.all_ties else ties[:MOST_TIES],
            ties_total=len(ties),
            tied=asked.tied,
            faults=asked.faults,
            rules={
                name: asked.rules.get(name, Weight(getattr(rules, name)).value) for name in RULES
            },
            years=asked.rules.get("years", str(rules.years)),
            asks_reason=stage_is_judged(self.event, self.stage) or settling["settled"],
            settling=settling,
            reason=asked.reason,
            short=[
                say(lack.line)
                for lack in examiners_short(self.competition)
                if (self.event, self.stage, self.module) in lack.modules
            ],
            examiners=self._examiners(asked),
            refused_examiners=bool(asked.examiners),
            problem=asked.problem,
            undo_step=step.seq if step else None,
            undo_what=self._undone(step) if step else "",
            may_change=self.may_change,
        )

    def _examiners(self, asked: Asked) -> dict[str, str] | None:
        """Return the examiners that an evaluation wants, as the form has it, until it opens."""
        evaluation = competition_kind(self.competition).gives_verdicts
        if not evaluation or self.competition.state is not CompetitionState.REGISTERING:
            return None
        stands = settings_of(self.competition).examiners
        return {name: asked.examiners.get(name, str(getattr(stands, name))) for name in EXAMINERS}

    def _units(self) -> dict[int, str]:
        """{judge: the unit they are of, on the list or as it was declared}."""
        units = {
            tie.judge_id: tie.unit.name
            for tie in ties_of(self.competition)
            if tie.unit is not None and tie.kind.value == "unit"
        }
        return units | {
            judge.id: judge.unit_name for judge in self.panels.judges if judge.unit_name
        }

    def _about(self, judge: Judge) -> str:
        """Unit and level."""
        return unit_and_level(self.units.get(judge.id, ""), self.panels.levels.get(judge.id, ""))

    def _warned(self, judge: Judge) -> str:
        """Warn that the certificate has run out, and of the days on which they cannot come."""
        away = days_words(self.panels.away.get(judge.id, ()))
        warnings = [self._expired(judge), _("%(days)s来不了", days=away) if away else ""]
        return _("；").join(part for part in warnings if part)

    def _expired(self, judge: Judge) -> str:
        """Say that the certificate has run out, or will have by then; empty if it has not."""
        day = self.panels.expired.get(judge.id)
        if day is None:
            return ""
        if date.fromisoformat(day) < local_today():
            return _("证书已过期（%(day)s 到期）", day=day)
        return _("比赛那天证书已过期（%(day)s 到期）", day=day)

    def _face(self, judge: Judge) -> Told:
        """Tell of a judge who can be put somewhere: unit, level, what warns of them.

        `warned` says that the certificate has run out, or on which days they cannot come; `bad` are
        numbers of the stations where they must not sit, `warn` where it wants a sentence.
        """
        bad, warn = self._numbers(judge)
        return {
            "judge": judge,
            "unit": self._about(judge),
            "warned": self._warned(judge),
            "bad": bad,
            "warn": warn,
        }

    def _bench(self, judge: Judge, picked: bool) -> Told:
        """Tell of a judge without a seat in this module.

        `note` says where they can go.
        """
        stations = self.panels.stations
        free = [
            station for station in stations if not self.panels.clashes.is_hard(judge.id, station)
        ]
        if not free:
            hard = [clash for clash in self.panels.clashes.at(judge.id, "") if clash.hard]
            kind, note = "bad", _("哪里都不能放：%(why)s", why=say(some_clashes(hard)))
        elif len(free) < len(stations):
            kind = "warn"
            note = (
                _("只有%(where)s能去", where=free[0])
                if len(free) == 1
                else ngettext("%(num)s 个工位能去", "%(num)s 个工位能去", len(free))
            )
        elif self.panels.clashes.at(judge.id, ""):
            kind, note = "warn", _("都能去，有的要说明")
        else:
            kind, note = "ok", _("哪里都能去")
        return {"face": self._face(judge), "note": note, "kind": kind, "picked": picked}

    def _numbers(self, judge: Judge) -> tuple[str, str]:
        bad, warn = [], []
        for number, station in enumerate(self.panels.all_stations, start=1):
            clashes = self.panels.clashes.at(judge.id, station)
            if any(clash.hard for clash in clashes):
                bad.append(str(number))
            elif clashes:
                warn.append(str(number))
        return " ".join(bad), " ".join(warn)

    def _card(self, number: int, station: str, picked: Judge | None, away_from: str | None) -> Told:
        """Tell of a station: who sits there and what is free.

        `number` from 1 is the key that chooses it; `verdict` the answer on the picked judge, None
        if nobody is picked.
        """
        people = self.panels.clashes.people.get(station, 0)
        alone = self.panels.stations == [""]
        return {
            "number": number,
            "value": station,
            "name": say(self.panels.called(station)),
            "people": _(
                "%(who)s，每个评 %(size)s 张",
                who=heads_in(people, self.competition, self.event),
                size=self.panels.size,
            ),
            "seated": [
                self._seated(judge, station, self._swap(picked, away_from, judge, station))
                for judge in self.panels.at(station)
            ],
            "empty": self.panels.empty_at(station) if station or alone else 0,
            "verdict": self._verdict(picked, station) if picked else None,
        }

    def _swap(
        self, picked: Judge | None, away_from: str | None, judge: Judge, station: str
    ) -> Verdict | None:
        seats, clashes = self.panels.seats, self.panels.clashes
        if picked is None or (picked.id, station) in seats:
            return None
        if away_from is not None and (
            (picked.id, away_from) not in seats or (judge.id, away_from) in seats
        ):
            return None
        text = _("对换") if away_from is not None else _("换下")
        met = [(picked, clash) for clash in clashes.at(picked.id, station)]
        if away_from is not None:
            met += [(judge, clash) for clash in clashes.at(judge.id, away_from)]
        for kind, hard in (("bad", True), ("warn", False)):
            pair = next(((who, clash) for who, clash in met if clash.hard is hard), None)
            if pair is not None:
                who, clash = pair
                why = _("%(who)s %(why)s", who=who.name, why=say(some_clashes([clash])))
                return Verdict(kind=kind, text=_("不能换") if hard else text, why=why)
        return Verdict(kind="ok", text=text)

    def _elsewhere(self, judge: Judge, station: str) -> str:
        """Say that the judge sits in another module at a time of the station; empty if not."""
        other = self.panels.elsewhere.get((judge.id, station))
        return _("这时还坐在%(other)s", other=other.words) if other else ""

    def _undone(self, step: AuditEntry) -> str:
        """Say who came where and left by a step, and when."""
        before, after = as_seats(step.before), as_seats(step.after)
        names = {judge.id: judge.code for judge in self.competition.judges}
        moves = [
            _move_words(names.get(judge, ""), at, comes=comes)
            for seats, comes in ((after - before, True), (before - after, False))
            for judge, at in sorted(seats)
        ]
        text = _("、").join(moves[:_MOST_MOVES])
        if len(moves) > _MOST_MOVES:
            text = _("%(moves)s 等 %(n)s 处", moves=text, n=len(moves))
        return f"{moment_in_sentence(step.at)} {text}"

    def _seated(self, judge: Judge, station: str, swap: Verdict | None) -> Told:
        """Tell of a judge at a station.

        `load` is the number of their sheets, in all modules; `trouble` stands between them and
        those who come there, empty for none; `explained` is the sentence written for a soft one;
        `swap` the answer on swapping in the picked judge, None if nobody is picked.
        """
        clashes = self.panels.clashes.at(judge.id, station)
        return {
            "face": self._face(judge),
            "load": self.loads[judge.id],
            "trouble": say(some_clashes(clashes)) if clashes else self._elsewhere(judge, station),
            "hard": any(clash.hard for clash in clashes),
            "explained": self._reasons.get((judge.id, station), "") if clashes else "",
            "swap": swap,
        }

    def _verdict(self, judge: Judge, station: str) -> Verdict:
        if (judge.id, station) in self.panels.seats:
            return Verdict(kind="here", text=_("坐在这里"))
        clashes = self.panels.clashes.at(judge.id, station)
        hard = [clash for clash in clashes if clash.hard]
        if hard:
            return Verdict(kind="bad", text=_("不能放"), why=say(some_clashes(hard)))
        if not self.panels.empty_at(station):
            return Verdict(kind="full", text=_("坐满了"))
        if clashes:
            return Verdict(kind="warn", text=_("能放，要说明"), why=say(some_clashes(clashes)))
        return Verdict(kind="ok", text=_("能放"))


def _suggestion_card(panels: Panels, suggested: SuggestedSeating, *, loads_first: bool) -> Told:
    """Moves, what is met and what not; even loads first, or the highest level.

    `moves` say who goes where, why, and what of it wants a sentence (empty for nothing); `facts`
    what, how much, and its colour (`ok`, `warn` or empty); `best` is told if nobody would move.
    `first` is the aim put first, `other` the other one, empty for no choice.
    """
    first, other = ("loads", "level") if loads_first else ("level", "loads")
    empty = sum(max(0, panels.wanted_at(station)) for station in panels.stations) - sum(
        station in panels.stations for _judge, station in suggested.seats
    )
    fewest, most = suggested.loads
    names = {judge.id: judge.code for judge in panels.judges}
    text = _("%(n)s 秒算完", n=f"{suggested.seconds:.1f}")
    return {
        "moves": [
            (
                _move_words(f"{move.judge.code} {move.judge.name}", move.station, comes=move.comes),
                say(move.why),
                say(some_clashes(move.clashes)) if move.clashes else "",
            )
            for move in suggested.moves
        ],
        "short": suggested.short,
        "facts": [
            (
                _("必须回避"),
                _("%(n)s 处", n=suggested.barred),
                "bad" if suggested.barred else "ok",
            ),
            *(
                [(_("同时在两处"), _("%(n)s 处", n=suggested.twice), "bad")]
                if suggested.twice
                else []
            ),
            (
                _("要说明的"),
                _("%(n)s 处", n=suggested.explained),
                "warn" if suggested.explained else "ok",
            ),
            (
                _("每人评几个"),
                _("%(n)s 个", n=most)
                if fewest == most
                else _("%(least)s 到 %(most)s 个", least=fewest, most=most),
                "",
            ),
            (_("空着的席位"), _("%(n)s 席", n=empty), "warn" if empty else "ok"),
        ],
        "best": _("照现在的裁判名单，没有坐得更齐的排法。差在哪里，写在下面。")
        if empty
        else _("已经开始评的裁判在这里换不下来，必须回避的到“回避”里办。")
        if suggested.barred or suggested.twice
        else _("现在的分工就是最好的，不用动。"),
        "told": text if suggested.proven else _("%(told)s，时间到了，可能还有更好的", told=text),
        "seats": [f"{names[judge]}|{station}" for judge, station in sorted(suggested.seats)],
        "seen": suggested.seen,
        "explained": bool(suggested.explained),
        "first": first,
        "other": other if panels.levels and len(panels.stations) > 1 else "",
    }


def unit_and_level(unit: str, level: str) -> str:
    """Name a judge's unit, and the level that the pool of experts knows."""
    return _("，").join(filter(None, (unit, expert_level_word(level))))


def _move_words(who: str, station: str, *, comes: bool) -> str:
    where = station or _("这个模块")
    if comes:
        return _("%(who)s 到 %(where)s", who=who, where=where)
    return _("%(who)s 离开 %(where)s", who=who, where=where)


def _settled_card(event: Event, stage: str, module: str, panels: Panels, may_change: bool) -> Told:
    """Build the card of the settling's progress, in words.

    `chip` is empty while nobody has asked; `lacks` are the obstacles to asking; `refused` says why
    the chief judge did not agree; `changed` are the changes since it was settled, and why, newest
    first.
    """
    done = panels_settled(event, stage, module)
    asked = asked_panels(event, stage, module, panels)
    chiefs = [judge.name for judge in event.competition.judges if judge.role is Role.CHIEF]
    chief = chiefs[0] if chiefs else ""
    chip, kind, icon = "", "", ""
    if done is not None and done.agreed_at is not None:
        chip, kind, icon = _("%(at)s 定下来了", at=moment(done.agreed_at)), "ok", "lock"
    elif asked is not None:
        chip, kind, icon = _("%(who)s 提了，等裁判长点头", who=asker_name(asked)), "warn", "clock"
    open_ = may_change and done is None
    lacks = why_not_settled(event, panels) if open_ and asked is None else []
    refusal = last_refusal(event, stage, module) if open_ and asked is None else None
    names = {f"{event.code}/{stage}/{module}": module_title(event, stage, module)}
    judges = {judge.id: f"{judge.code} {judge.name}" for judge in event.competition.judges}
    return {
        "chip": chip,
        "kind": kind,
        "icon": icon,
        "lacks": [say(lack) for lack in lacks],
        "refused": _(
            "%(who)s 没有同意：%(why)s",
            who=say(signer_words(refusal.actor)),
            why=refusal.reason or "",
        )
        if refusal
        else "",
        "changed": [
            _change_words(row, names, judges) for row in changed_since(event, stage, module, panels)
        ],
        "told": _("定下来要裁判长 %(who)s 点头，定下来以后换人要写理由。", who=chief)
        if chief
        else _("定下来要裁判长点头，定下来以后换人要写理由。"),
        "seen": panels.mark,
        "settled": done is not None,
        "may_ask": open_ and asked is None and not lacks,
        "may_drop": open_ and asked is not None,
    }


def _change_words(
    row: AuditEntry, names: dict[str, str], judges: dict[int, str]
) -> tuple[str, str]:
    """Tell a change, and its reason if the sentence does not say it."""
    text = f"{moment(row.at)} {record_text(row, names, judges)}"
    why = row.reason or ""
    return text, "" if why in text else why
