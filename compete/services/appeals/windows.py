"""Appeal windows: the items one may appeal against, and until when, by this server's clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from compete.domain.aspects.types import Aspect
from compete.domain.bundle.event_types import Module
from compete.domain.bundle.naming import module_name
from compete.domain.kinds.kinds import competition_kind
from compete.domain.values.messages import Message, msg
from compete.domain.values.states import HANDED_IN, CompetitionState, ResultState
from compete.models import (
    Appeal,
    Competition,
    Entrant,
    Event,
    Publication,
    ResultStand,
    Sheet,
    Slot,
    db,
    utc_now,
)
from compete.services.kernel.appeal_terms import term_end
from compete.services.kernel.clock import moment_words
from compete.services.kernel.competition_settings import settings_of
from compete.services.kernel.event_rules import module_of, rules_of
from compete.services.kernel.participants import takes_part
from compete.services.kernel.publications import latest_publication
from compete.services.schedule.stage_moves import in_later_stages


def item_key(stage: str, module: str, aspect: str | None) -> str:
    """The key that a form sends for a module, or for an aspect of it."""
    return "/".join(part for part in (stage, module, aspect) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A module, or an aspect of it; `barred` says why it cannot be appealed against."""

    stage: str
    module: str
    aspect: str | None
    name: str
    barred: Message | None = None

    @property
    def key(self) -> str:
        """The key that a form sends for the item."""
        return item_key(self.stage, self.module, self.aspect)


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealWindow:
    """The time to appeal against a module; `until` None: not settled yet, so still open.

    `again` says that a new time begins with the publication.
    """

    until: datetime | None
    again: bool
    closed: Message | None


def appeal_window(entrant: Entrant, stage: str, module: str) -> AppealWindow:
    """The time to appeal against this module, and why not now."""
    competition = entrant.competition
    publication = latest_publication(competition)
    over = _ends_of(entrant.event_id).get((stage, module))
    until = _until(competition, publication, [over] if over is not None else [])
    since = settings_of(competition).appeals.since
    again = publication is None and since == "either" and until is not None
    closed = _closed(entrant, stage, module, until, published=publication is not None)
    return AppealWindow(until=until, again=again, closed=closed)


def _until(
    competition: Competition, publication: Publication | None, modules: Sequence[datetime]
) -> datetime | None:
    """The last time to appeal against modules that are over then; the last moment of all."""
    settings = settings_of(competition)
    since, hours = settings.appeals.since, settings.appeal_hours
    ends = [term_end(competition, over, hours) for over in modules if since != "publication"]
    # Where no times are planned a module's end is known by the publication alone.
    if (since != "module" or not ends) and publication is not None and publication.appeals_until:
        ends.append(publication.appeals_until)
    return max(ends, default=None)


def promised_until(event: Event) -> datetime | None:
    """The last moment at which anybody in the event may appeal; None where none is promised."""
    publication = latest_publication(event.competition)
    return _until(event.competition, publication, list(_ends_of(event.id).values()))


def appeals_have_begun(competition: Competition) -> bool:
    """True if some module is over, so that whoever was in it counts on the time to appeal."""
    if settings_of(competition).appeals.since == "publication":
        return latest_publication(competition) is not None
    now = utc_now()
    return any(over <= now for event in competition.events for over in _ends_of(event.id).values())


def why_over(entrant: Entrant) -> Message | None:
    """Say why nothing of this entrant's can be appealed against any more; None while it can."""
    last: Message | None = msg("按规则没有可以申诉的")
    windows: dict[tuple[str, str], AppealWindow] = {}
    for item in items_of(entrant, aspects=True):
        if item.barred is not None:
            continue
        place = item.stage, item.module
        if place not in windows:
            windows[place] = appeal_window(entrant, *place)
        last = windows[place].closed
        if last is None:
            return None
    return last


def _closed(
    entrant: Entrant,
    stage: str,
    module: str,
    until: datetime | None,
    *,
    published: bool,
) -> Message | None:
    competition, now = entrant.competition, utc_now()
    if (
        competition_kind(competition).has_periods
        or competition.state is CompetitionState.REGISTERING
    ):
        return msg("还没开始评分，没有可以申诉的")
    # What somebody was promised holds, whatever became of the results since.
    over = until is None or now > until
    if over and (competition.state is CompetitionState.FINAL or _is_final(entrant)):
        return msg("成绩已经终审，不再受理申诉")
    slot = next((s for s in entrant.slots if (s.stage, s.module) == (stage, module)), None)
    starts = slot.starts_at if slot is not None else None
    # Some are done before their planned time.
    is_over = published or _is_handed_in(entrant, stage, module)
    if starts is not None and starts > now and not is_over:
        return msg("这个模块还没比，%(at)s 开始", at=moment_words(starts))
    if until is not None and now > until:
        return msg(
            "申诉时间到 %(until)s 为止，现在是 %(now)s，没有收",
            until=moment_words(until),
            now=moment_words(now),
        )
    return None


def _is_handed_in(entrant: Entrant, stage: str, module: str) -> bool:
    """True if a judge has handed in the module's sheet."""
    here = Sheet.stage == stage, Sheet.module == module, Sheet.state.in_(HANDED_IN)
    query = select(Sheet.id).where(Sheet.entrant_id == entrant.id, *here)
    return db.session.scalar(query.limit(1)) is not None


def _is_final(entrant: Entrant) -> bool:
    """True if the results of the event are final, and not only those of all events."""
    state = db.session.scalar(
        select(ResultStand.state).where(ResultStand.event_id == entrant.event_id)
    )
    return state is ResultState.FINAL


def takes_appeals(competition: Competition) -> bool:
    """True if somebody may still appeal against what was published."""
    publication = latest_publication(competition)
    until = publication.appeals_until if publication else None
    return until is None or until > utc_now()


def _ends_of(event_id: int) -> dict[tuple[str, str], datetime]:
    """The planned end of each stage and module: when the last one is through with it."""
    rows = db.session.execute(
        select(Slot.stage, Slot.module, func.max(Slot.ends_at))
        .join(Entrant, Entrant.id == Slot.entrant_id)
        .where(Entrant.event_id == event_id, takes_part())
        .group_by(Slot.stage, Slot.module)
    ).tuples()
    return {(stage, module): over for stage, module, over in rows if over is not None}


def items_of(entrant: Entrant, *, aspects: bool) -> list[Item]:
    """List the items to appeal against: each module, then its `aspects` where they are known.

    Of a later stage for who is in it.
    """
    rules = settings_of(entrant.competition).appeals
    clause = rules.clause.strip()
    barred = (
        msg("裁判评判的分，%(clause)s不受理", clause=clause)
        if clause
        else msg("裁判评判的分，按规则不受理")
    )
    items: list[Item] = []
    definition = rules_of(entrant.event)
    inside = in_later_stages(entrant.event)
    for number, stage in enumerate(definition.stages):
        if number and (entrant.id, stage.code) not in inside:
            continue
        for module in stage.modules:
            within = [(aspect, aspect.type.value in rules.barred) for aspect in module.aspects]
            # A module in which nothing but judgement is marked is as little to be appealed.
            whole = barred if within and all(no for _aspect, no in within) else None
            items.append(
                Item(
                    stage=stage.code,
                    module=module.code,
                    aspect=None,
                    name=module_name(definition, stage, module),
                    barred=whole,
                )
            )
            items += [
                Item(
                    stage=stage.code,
                    module=module.code,
                    aspect=aspect.code,
                    name=aspect.name,
                    barred=barred if no else None,
                )
                for aspect, no in within
                if aspects
            ]
    return items


def module_and_aspect(appeal: Appeal) -> tuple[Module, Aspect | None]:
    """The rules of what is appealed against. Raises KeyError for a module that is not there."""
    module = module_of(rules_of(appeal.entrant.event), appeal.stage, appeal.module)
    return module, next((aspect for aspect in module.aspects if aspect.code == appeal.aspect), None)
