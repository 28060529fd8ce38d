"""Drawing the seats of a large competition: a job, with its progress and in small writes.

Its outcome and its proof are those of the draw on the page: the lists are sealed and published,
the shares opened in their order. Only the seats are written portion by portion before the last
share is opened, so that no write keeps others waiting long; a draw that breaks off there goes
on, and has the same outcome, since all that decides it is sealed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from compete.domain.values.messages import Message, msg
from compete.domain.values.states import CeremonyState
from compete.models import Account, Competition, DrawCeremony, Job, db
from compete.services.jobs.packed_sentences import packed, unpacked
from compete.services.jobs.queue import ask_for
from compete.services.jobs.running import Run, work_for
from compete.services.kernel.event_rules import module_title
from compete.services.kernel.refusal import Refused
from compete.services.schedule.day_plan import draw_days, modules_to_draw, refuse_changed
from compete.services.schedule.double_bookings import ReasonWantedError
from compete.services.schedule.draw_lists import people_to_draw
from compete.services.schedule.slots import GivenPlace, put_places

DRAW_DAYS = "plan.draw"
MOST_AT_ONCE = 400
"""So many seats are drawn while who asks for it waits; more by a job."""


def draw_days_or_ask(
    competition: Competition, names: Mapping[str, str], by: Account, seen: str = "", why: str = ""
) -> int | Job:
    """Draw all that is laid out where that is quickly done, else the job that does it.

    Raises `Refused` as `draw_days` does.
    """
    if sum(len(people_to_draw(*it)) for it in modules_to_draw(competition)) <= MOST_AT_ONCE:
        return draw_days(competition, names, by, seen, why)
    return ask_for(
        competition,
        DRAW_DAYS,
        by,
        arguments={"names": dict(names), "why": why},
        still=lambda competition: _require_to_draw(competition, seen),
    )


def why_not_drawn(competition: Competition) -> Message | None:
    """Say who would be in two places, where the last such job left that to be decided."""
    query = select(Job).where(Job.competition_id == competition.id, Job.kind == DRAW_DAYS)
    last = db.session.scalar(query.order_by(Job.id.desc()).limit(1))
    return unpacked((last.result or {}).get("doubled")) if last is not None else None


def _require_to_draw(competition: Competition, seen: str) -> None:
    refuse_changed(competition, seen)
    if not modules_to_draw(competition):
        raise Refused(msg("没有要抽的了，刷新看看"))


@work_for(DRAW_DAYS)
def _draw(run: Run) -> None:
    drawn = int(run.kept.get("drawn", 0))
    total = drawn + sum(len(people_to_draw(*it)) for it in modules_to_draw(run.competition))

    def in_parts(ceremony: DrawCeremony, given: Sequence[GivenPlace]) -> None:
        nonlocal drawn
        number, place = ceremony.id, (ceremony.event, ceremony.stage, ceremony.module)
        title, at = module_title(*place), 0
        while at < len(given):
            run.step(msg("写%(module)s的座位", module=title), drawn, total)
            with run.writing() as session:
                now = session.get_one(DrawCeremony, number, populate_existing=True)
                if now.state is not CeremonyState.FIXED or now.waits_to_end:
                    raise Refused(msg("抽签已经走到下一步了，刷新看看"))
                part = given[at : at + run.portion]
                put_places(*place, part)
                at, drawn = at + len(part), drawn + len(part)
                run.keep(drawn, drawn=drawn)

    def begin(module: Message | str) -> None:
        run.step(msg("封存%(module)s的名单，抽签", module=module), drawn, total)

    names, why = run.arguments["names"], run.arguments["why"]
    try:
        modules = draw_days(run.competition, names, run.by, why=why, in_parts=in_parts, begin=begin)
    except ReasonWantedError as refused:
        with run.writing():
            run.finish(doubled=packed(refused.message))
        return
    with run.writing():
        run.finish(number=drawn, modules=modules)
