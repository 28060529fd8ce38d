"""Explained row: how a total and a place came about, for one row of the standings page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from compete.domain.aspects.clock_times import told_time
from compete.domain.bundle.attempts import with_attempt
from compete.domain.bundle.event_types import Event, Module, Part, Stage
from compete.domain.bundle.results import StageRow
from compete.domain.bundle.types import Bundle
from compete.domain.explanation.ranks import key_name
from compete.domain.ranking.stage import StageState
from compete.domain.ranking.tie_keys import TieKey
from compete.domain.scoring.scorer import Scorer
from compete.domain.values.messages import Message, msg
from compete.domain.values.numerals import plain
from compete.domain.values.points import Number, divided, readable, show
from compete.services.scoring.shares import carried_share, share_of


@dataclass(frozen=True)
class Share:
    """A share that is added up: `91.00 × 20% =`, `18.20`; no text where there is no score.

    `name` is none for what an earlier stage brings.
    """

    name: str | None
    text: str | None
    value: str


@dataclass(frozen=True)
class Compared:
    """A tie key side by side; `ahead` is the code of whom it puts first, if either.

    `sign` stands between the value of the one ahead and the other's, nothing
    where the values are not compared as numbers.
    """

    key: Message
    mine: str
    other: str
    ahead: str | None = None
    sign: str = ""


@dataclass(frozen=True)
class ExplainedRow:
    """A row explained: shares, carried ones among them, and the comparison with a neighbour."""

    shares: list[Share]
    penalties: list[Message]
    total: str | None
    neighbour: str | None
    compared: list[Compared]


def explain_row(scorer: Scorer, entrant: str) -> ExplainedRow:
    """The arithmetic of an entrant's last stage, and why the place next to it is another's."""
    event = scorer.event_of(entrant)
    state = next(s for s in reversed(event.stages) if entrant in s.entrants)
    results = next(r for r in event.results.stages if r.code == state.plan.code)
    row = next(r for r in results.standings if r.entrant == entrant)
    neighbour = _neighbour(results.standings, row)
    return ExplainedRow(
        shares=[*_shares(state.plan.stage, row), *_carried_shares(state, entrant)],
        penalties=_penalties(scorer.bundle, entrant, state.plan.stage),
        total=row.total,
        neighbour=neighbour.entrant if neighbour else None,
        compared=_compare(state, row, neighbour) if neighbour else [],
    )


def _shares(stage: Stage, row: StageRow) -> list[Share]:
    own = stage.carry.own if stage.carry else Decimal(1)
    scores: list[tuple[Part | Module, str | None]] = [
        (part, row.parts.get(part.code)) for part in stage.parts
    ]
    scores += [
        (module, row.modules[module.code].score) for module in stage.modules if module.part is None
    ]
    return [_share(what.name, score, share_of(what, score or "0", own)) for what, score in scores]


def _share(name: str | None, score: str | None, worked: tuple[str, str]) -> Share:
    """Make a share. `worked` is what follows the score: " × 20%", "= 18.20"."""
    times, value = worked
    sign, value = value.split(" ", 1)
    return Share(name, f"{score}{times} {sign}" if score else None, value if score else "—")


def _penalties(bundle: Bundle, entrant: str, stage: Stage) -> list[Message]:
    """What was taken off in which module: its score says so already."""
    titles = {it.code: with_attempt(stage, it.code, it.name) for it in stage.modules}
    lines = []
    for it in bundle.penalties:
        if (it.entrant, it.stage) == (entrant, stage.code):
            name = titles[it.module]
            if it.points is not None:
                points = plain(it.points)
                lines.append(msg("“%(module)s”扣 %(points)s 分", module=name, points=points))
            if it.seconds is not None:
                time = told_time(it.seconds)
                lines.append(msg("“%(module)s”罚时 %(time)s", module=name, time=time))
    return lines


def _carried_shares(state: StageState, entrant: str) -> list[Share]:
    carry = state.plan.stage.carry
    if carry is None:
        return []
    earlier = next(
        state_before for state_before in state.earlier if state_before.plan.code == carry.from_
    )
    total = earlier.scores[entrant].total
    shown = None if total is None else show(total, state.plan.total_places)
    return [_share(None, shown, carried_share(shown or "0", carry.weight))]


def _neighbour(rows: list[StageRow], row: StageRow) -> StageRow | None:
    """The next one below with the same total, else the one above."""
    if row.rank is None:
        return None
    place = rows.index(row)
    beside = rows[place + 1 : place + 2] + rows[max(place - 1, 0) : place]
    return next(
        (
            neighbour
            for neighbour in beside
            if neighbour.rank is not None and neighbour.total == row.total
        ),
        None,
    )


def _compare(state: StageState, row: StageRow, other: StageRow) -> list[Compared]:
    lines = [Compared(msg("总成绩"), row.total or "—", other.total or "—")]
    for key in state.ties:
        mine, theirs = key.read(row.entrant), key.read(other.entrant)
        ahead = None
        if mine != theirs:
            first = key.place(row.entrant) < key.place(other.entrant)
            ahead = row.entrant if first else other.entrant
        by_number = None not in (mine, theirs) and not key.text.startswith("age:")
        lines.append(
            Compared(
                tie_words(key.text, state.event),
                _key_text(key, mine, state),
                _key_text(key, theirs, state),
                ahead,
                (">" if key.higher else "<") if by_number else "",
            )
        )
        if ahead is not None:
            break
    return lines


def tie_words(text: str, event: Event) -> Message:
    """A tie key as people say it."""
    kind, _, code = text.partition(":")
    names = {
        "module": {m.code: m.name for s in event.stages for m in s.modules},
        "part": {p.code: p.name for s in event.stages for p in s.parts},
        "aspect": {a.code: a.name for s in event.stages for m in s.modules for a in m.aspects},
        "stage": {s.code: s.name for s in event.stages},
    }
    named = {f"time:{module}": name for module, name in names["module"].items()}
    named |= {f"part:{part}": name for part, name in names["part"].items()}
    name = names.get(kind, {}).get(code, code)
    return key_name(text, named) or msg("%(name)s成绩", name=name)


def _key_text(key: TieKey, value: Number | None, state: StageState) -> str:
    if value is None:
        return "—"
    kind = key.text.partition(":")[0]
    if kind in ("module", "part"):
        return show(int(value), state.event.rounding.module)
    if kind == "stage":
        return show(int(value), state.event.rounding.total)
    if kind == "age":
        return date.fromordinal(int(value)).isoformat()
    return readable(divided(value, key.unit))
