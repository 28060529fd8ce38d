"""Draws of the second look (二次抽查): squares of a closed period, by rule, looked at again."""

from __future__ import annotations

import hashlib
import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import msgspec
from sqlalchemy import select

from compete.domain.bundle.labour_types import Labour
from compete.domain.labour.looks import look_draw
from compete.domain.values.messages import Message, msg
from compete.domain.values.numerals import plain
from compete.domain.values.period_states import LookResult, PeriodState
from compete.models import Account, Competition, LabourLook, db
from compete.services.kernel import audit
from compete.services.kernel.bends import looks_less
from compete.services.kernel.competition_settings import LookRules, change_settings, settings_of
from compete.services.kernel.event_rules import labour_of
from compete.services.kernel.refusal import Refused, invalid
from compete.services.kernel.text_limits import check_text, reason_text
from compete.services.kernel.transactions import changing, for_update, unit_of_work
from compete.services.labour.period_progress import closed_periods, period_stands, state_of
from compete.services.labour.squares import grid_of, leaves_of, require_leaf

LONGEST_SAID = 200


@dataclass(frozen=True, slots=True)
class LookCounts:
    """The counts of the second look at a period."""

    pool: int
    drawn: int
    agrees: int
    differs: int
    unproven: int

    @property
    def left(self) -> int:
        """Count the squares that nobody looked at yet."""
        return self.drawn - self.agrees - self.differs - self.unproven


def look_rules(competition: Competition) -> LookRules:
    """The rules on how many squares are drawn."""
    return settings_of(competition).look


def set_look_rules(
    competition: Competition, share: Decimal, least: int, first: bool, by: Account, why: str = ""
) -> None:
    """Set how many squares are drawn from now on; a draw that was made keeps its own.

    Raises `Refused` (INVALID) for a share outside 0 to 100, or a number below 0, and once a
    period is closed for less than before without a reason: everybody reads it.
    """
    if not 0 <= share <= 100 or not 0 <= least <= 10_000:
        said = msg("抽的比例写 0 到 100，至少几格写 0 到 10000 的整数")
        raise invalid(said)
    with changing(competition) as competition:
        before = look_rules(competition)
        after = LookRules(share, least, first)
        if after == before:
            return
        told = _rules_told(before), _rules_told(after)
        lessens = bool(closed_periods(competition)) and looks_less(*told)
        why = reason_text(why) if lessens else ""
        if lessens and not why:
            raise invalid(msg("结了账以后少抽、不等核完就公布，要写理由"))
        change_settings(competition, look=after)
        audit.record(
            competition,
            by,
            "labour.look.rules",
            competition.name,
            before=told[0],
            after=told[1],
            reason=why or None,
            bends=True,
        )


def look_of(competition: Competition, period: str) -> LabourLook | None:
    """The draw of a leaf period; None where nothing was drawn."""
    return db.session.scalar(
        select(LabourLook).where(
            LabourLook.competition_id == competition.id, LabourLook.period == period
        )
    )


def why_no_draw(competition: Competition, period: str) -> Message | None:
    """Say why nothing can be drawn of a leaf period now; None where it can."""
    if state_of(period_stands(competition), period) is PeriodState.OPEN:
        return msg("结了账再抽：没结账的还会变")
    return msg("这一期已经抽过了") if look_of(competition, period) is not None else None


def draw_look(competition: Competition, period: str, said: str, by: Account) -> LabourLook:
    """Draw the squares of a closed leaf period that are looked at once more.

    `said` is a text that somebody impartial calls out; its SHA-256 is the seed. Without one the
    seed is random. Raises `Refused`: UNKNOWN for a period in which nothing is entered, CONFLICT
    for an open one, one that was drawn already, or one without any value.
    """
    said = said.strip()
    check_text(said, LONGEST_SAID)
    with unit_of_work() as session:
        competition = for_update(competition)
        labour = labour_of(competition)
        require_leaf(labour, period)
        why = why_no_draw(competition, period)
        if why is not None:
            raise Refused(why)
        grid = grid_of(competition, period)
        codes = {unit.id: unit.code for unit in grid.units}
        pool: dict[str, list[str]] = {}
        for (unit, indicator), row in sorted(grid.standing.items()):
            if row.value is not None and unit in codes:
                pool.setdefault(codes[unit], []).append(indicator)
        rules = look_rules(competition)
        seed = hashlib.sha256(said.encode()).hexdigest() if said else secrets.token_hex(32)
        drawn = look_draw(
            [(unit, code) for unit, found in pool.items() for code in found],
            seed,
            Fraction(rules.share),
            rules.least,
        )
        if not drawn:
            raise Refused(msg("没有可抽的格：这一期没有数，或者比例和至少几格都是 0"))
        look = LabourLook(
            competition_id=competition.id,
            period=period,
            share=rules.share,
            least=rules.least,
            seed=seed,
            seed_from=said or None,
            pool=pool,
            drawn=[list(square) for square in drawn],
            drawn_by=by.id,
        )
        session.add(look)
        session.flush()
        after = {
            "period": period,
            "seed": seed,
            "said": said or None,
            "pool": sum(len(found) for found in pool.values()),
            "drawn": look.drawn,
        }
        audit.record(competition, by, "labour.look", period_name(labour, period), after=after)
    return look


def counts_of(look: LabourLook) -> LookCounts:
    """Count the squares drawn, and what was found of them."""
    newest = {(row.unit_id, row.indicator): row.result for row in look.findings}
    found = Counter(newest.values())
    return LookCounts(
        sum(len(codes) for codes in look.pool.values()),
        len(look.drawn),
        found[LookResult.AGREES],
        found[LookResult.DIFFERS],
        found[LookResult.UNPROVEN],
    )


def look_file(look: LabourLook) -> bytes:
    """The file by which anybody can draw again, as JSON; what was found as numbers alone."""
    counts = counts_of(look)
    return msgspec.json.encode(
        {
            "period": look.period,
            "seed": look.seed,
            "seed_from": look.seed_from,
            "share": plain(look.share),
            "least": look.least,
            "drawn_at": look.drawn_at.isoformat(timespec="seconds"),
            "pool": look.pool,
            "drawn": look.drawn,
            "found": {
                "agrees": counts.agrees,
                "differs": counts.differs,
                "unproven": counts.unproven,
                "left": counts.left,
            },
        }
    )


def looks_left(competition: Competition, periods: Sequence[str]) -> dict[str, int | None]:
    """The leaves of these periods whose second look is not done: how many squares are left.

    None where nothing was drawn.
    """
    leaves = set(leaves_of(labour_of(competition)))
    found: dict[str, int | None] = {}
    for period in periods:
        if period not in leaves:
            continue
        look = look_of(competition, period)
        left = None if look is None else counts_of(look).left
        if left != 0:
            found[period] = left
    return found


def period_name(labour: Labour, period: str) -> str:
    """The name of a period."""
    return next(each.name for each in labour.periods if each.code == period)


def _rules_told(rules: LookRules) -> dict[str, str | int | bool]:
    return {"share": plain(rules.share), "least": rules.least, "first": rules.first}
