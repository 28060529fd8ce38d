"""The book of one module: everybody's sheets, penalties and outcomes, and their scores.

The bundle format, section “From marks to a module score”.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal
from operator import mul

from compete.domain.aspects.kind import quantity
from compete.domain.marking.module_plan import ModulePlan, ModuleScore
from compete.domain.marking.panel import PLAIN_MEAN, Method, combined, is_reduced
from compete.domain.marking.spread import is_disputed
from compete.domain.values.kinds import OutcomeStatus
from compete.domain.values.points import Number, divided, exact, round_to, whole

# The quick way for a module with relative aspects, which have one judge only.
#
# Quotients of everybody's quantities have no common denominator, and reducing
# each of them costs more than all the rest. So they are added up unreduced.

Quotient = tuple[Number, Number]
"""One aspect's marks × `unit` as a numerator and a denominator, not reduced."""


def _add_relative_marks(
    plan: ModulePlan, quotients: Iterable[tuple[int, Quotient]]
) -> tuple[Number, int]:
    """Adds up the marks × factor of some aspects, given by position, as a ratio."""
    top: Number = 0
    bottom: Number = 1
    for position, (above, below) in quotients:
        factor = plan.factors[position]
        if plan.aspect_places is None:
            above *= factor
        else:
            mark = round_to(divided(above, below), plan.unit, plan.aspect_places, plan.mode)
            above, below = round_to(mark * factor, plan.factor_unit, 0, plan.mode), 1
        top = top * below + above * bottom
        bottom *= below
    over = plan.over if plan.aspect_places is None else 10**plan.aspect_places
    if type(bottom) is int:
        return top, bottom * over
    return divided(top, bottom * over), 1


Sheet = list[Number | None]
"""One judge's values by aspect, as `ModulePlan.number` keeps them; None where not given."""

DNF = OutcomeStatus.DNF


class ModuleBook:
    """One module of one stage with all that was written down about it."""

    def __init__(self, plan: ModulePlan) -> None:
        self.plan = plan
        self.sheets: dict[str, dict[str, Sheet]] = {}
        self.points: dict[str, Number] = {}
        self.seconds: dict[str, Number] = {}
        self.penalised: set[str] = set()
        self.outcomes: dict[str, OutcomeStatus] = {}
        self.times: dict[str, Number] = {}
        self.bests: dict[int, Number | None] = {}
        self.difficulties: dict[tuple[str, int], Number] = {}
        self._whole: dict[str, dict[str, Sheet]] = {}
        """By entrant the sheets without a gap, as they were last looked for."""
        self.siblings: dict[int, list[tuple[ModuleBook, int]]] = {}
        """By position of a relative aspect, the other attempts' that have one best with it."""

    def write(
        self,
        entrant: str,
        judge: str,
        aspect: str,
        value: Decimal | bool | None,
        difficulty: Decimal | None = None,
    ) -> int:
        """Put one mark in its place, or take it out; returns the aspect's position.

        The last difficulty that is told is the entrant's: all that count are the same.
        """
        late = entrant in self.seconds
        position, known = (self.plan.late_slots if late else self.plan.slots)[aspect]
        sheet = self.sheet(entrant, judge)
        if difficulty is not None:
            self.difficulties[entrant, position] = exact(difficulty)
        if value is None:
            sheet[position] = None
        else:
            number = known.get(value)
            if number is None:
                number = self.plan.number(position, value, late=late)
            sheet[position] = number
        return position

    def sheet(self, entrant: str, judge: str) -> Sheet:
        """A judge's sheet for an entrant, to be written on; an empty one where there was none."""
        self._whole.pop(entrant, None)
        sheets = self.sheets.setdefault(entrant, {})
        sheet = sheets.get(judge)
        if sheet is None:
            sheet = sheets[judge] = [None] * len(self.plan.aspects)
        return sheet

    def penalise(self, entrant: str, points: Decimal | None, seconds: Decimal | None) -> None:
        """Add a penalty to those of an entrant. Seconds must be known before the marks come."""
        self.penalised.add(entrant)
        if points is not None:
            self.points[entrant] = self.points.get(entrant, 0) + exact(points)
        if seconds is not None:
            self.seconds[entrant] = self.seconds.get(entrant, 0) + quantity(seconds)

    def find_bests(self, entrants: Iterable[str]) -> bool:
        """Find the best values among these entrants; returns whether any has changed."""
        if not self.plan.relative:
            return False
        before, self.bests = self.bests, {}
        codes = list(entrants)
        for position in self.plan.relative:
            self.bests[position] = self.best_of(codes, position)
        return self.bests != before

    def best_of(
        self, entrants: Collection[str], position: int, besides: str | None = None
    ) -> Number | None:
        """The best value that an aspect has among these entrants; None without any.

        Attempts of a part have one best. `besides` is left out here, not in other attempts.
        """
        values = self._values(position, (code for code in entrants if code != besides))
        for book, place in self.siblings.get(position, ()):
            values += book._values(place, entrants)
        pick = min if position in self.plan.lower else max
        return pick(values) if values else None

    def _values(self, position: int, entrants: Iterable[str]) -> list[Number]:
        """The quantities of those of these entrants who have no outcome here."""
        return [
            self.with_seconds(code, position, value)
            for code in entrants
            if code in self.sheets and code not in self.outcomes
            for sheet in self.sheets[code].values()
            if (value := sheet[position]) is not None
        ]

    def with_seconds(self, entrant: str, position: int, value: Number) -> Number:
        """A quantity with the entrant's penalty seconds, where they count."""
        if self.plan.kinds[position].takes_seconds:
            return value + self.seconds.get(entrant, 0)
        return value

    def counted(self, entrant: str) -> dict[str, list[Number]]:
        """The marks × `unit` of every sheet that counts, by judge."""
        given = self.sheets.get(entrant)
        if not given or (self.plan.factored and self.waits_for_difficulty(entrant)):
            return {}
        if self.outcomes.get(entrant) is DNF:
            return self._unfinished(entrant, given)
        full = self._whole.get(entrant)
        if full is None:
            full = {judge: sheet for judge, sheet in given.items() if None not in sheet}
            self._whole[entrant] = full
        plan = self.plan
        late = plan.timed and entrant in self.seconds
        if not plan.relative and not plan.factored and not late:
            return full  # type: ignore[return-value]
        return {judge: self._marks(entrant, sheet) for judge, sheet in full.items()}

    def waits_for_difficulty(self, entrant: str) -> bool:
        """True if nobody has told yet what the entrant attempted; who gave up is not waited for."""
        return self.outcomes.get(entrant) is not DNF and any(
            (entrant, position) not in self.difficulties for position in self.plan.factored
        )

    def _unfinished(self, entrant: str, given: dict[str, Sheet]) -> dict[str, list[Number]]:
        """Marks of unfinished sheets with any value; missing and relative values count as 0."""
        return {
            judge: self._marks(entrant, sheet, nothing_relative=True)
            for judge, sheet in given.items()
            if any(value is not None for value in sheet)
        }

    def _marks(self, entrant: str, sheet: Sheet, *, nothing_relative: bool = False) -> list[Number]:
        plan = self.plan
        marks: list[Number] = [0 if value is None else value for value in sheet]
        for position in plan.relative:
            value = sheet[position]
            marks[position] = 0
            if value is not None and not nothing_relative:
                value = self.with_seconds(entrant, position, value)
                marks[position] = plan.relative_marks(position, value, self.bests.get(position))
        if entrant in self.seconds:
            for position in plan.timed:
                value = sheet[position]
                if value is not None:
                    value = self.with_seconds(entrant, position, value)
                    marks[position] = plan.time_marks(position, value)
        for position in plan.factored:
            marks[position] = self._factored(entrant, position, marks[position])
        return marks

    def _factored(self, entrant: str, position: int, value: Number) -> Number:
        """Marks × `unit` of a value × `unit`: × the difficulty of what the entrant attempted."""
        return whole(value * self.difficulties.get((entrant, position), 0))

    def is_complete(self, entrant: str, judges: int) -> bool:
        """True if that many counting sheets make a score."""
        return judges >= self.plan.least or self.outcomes.get(entrant) is DNF

    def method(self, judges: int) -> Method:
        """The method that combines that many judges."""
        return PLAIN_MEAN if is_reduced(self.plan.panel, judges) else self.plan.method

    def score(self, entrant: str) -> ModuleScore:
        """The entrant's module score and flags."""
        outcome = self.outcomes.get(entrant)
        if outcome is not None and outcome in self.plan.void:
            return self.plan.void[outcome]
        flags = [] if outcome is None else [outcome.value]
        if entrant in self.penalised:
            flags.append("penalised")
        ratio = self._ratio(entrant, flags)
        if ratio is None:
            return ModuleScore(None, tuple(sorted([*flags, "incomplete"])))
        top, bottom = ratio
        top = max(top - self.points.get(entrant, 0) * bottom, 0)
        return ModuleScore(
            round_to(top, bottom, self.plan.places, self.plan.mode), tuple(sorted(flags))
        )

    def _ratio(self, entrant: str, flags: list[str]) -> tuple[Number, int] | None:
        """The panel's marks as a ratio; None while incomplete. A dispute is put in `flags`."""
        finished = self.outcomes.get(entrant) is not DNF
        if self.plan.relative and finished:
            return self._relative_marks(entrant, range(len(self.plan.aspects)))
        sheets = list(self.counted(entrant).values())
        if not self.is_complete(entrant, len(sheets)):
            return None
        if finished and is_disputed(self.plan, sheets, self.sums):
            flags.append("disputed")
        return self.marks(sheets)

    def _relative_marks(self, entrant: str, positions: Iterable[int]) -> tuple[Number, int] | None:
        """Adds up the marks × factor of some aspects, relative ones among them, as a ratio.

        It takes the one judge's sheet, once it is filled in. Without it, and while a difficulty is
        not told, it gives None; where the panel asks for no sheet it gives 0.
        For all aspects it comes to what `marks` gives for the counted sheets.
        """
        given = self.sheets.get(entrant, {}).values()
        sheet = next((whole for whole in given if None not in whole), None)
        if self.waits_for_difficulty(entrant):
            sheet = None
        if sheet is None:
            return None if self.plan.least > 0 else (0, 1)
        return _add_relative_marks(
            self.plan,
            [(at, self._quotient(entrant, at, sheet[at] or 0)) for at in positions],
        )

    def _quotient(self, entrant: str, position: int, value: Number) -> Quotient:
        """Gives one aspect's marks × `unit`, of any type, for the value that the judge gave it."""
        plan = self.plan
        if position in plan.relative:
            value = self.with_seconds(entrant, position, value)
            return plan.relative_ratio(position, value, self.bests.get(position))
        if position in plan.timed and entrant in self.seconds:
            return plan.time_marks(position, self.with_seconds(entrant, position, value)), 1
        if position in plan.factored:
            return self._factored(entrant, position, value), 1
        return value, 1

    def marks(self, sheets: list[list[Number]]) -> tuple[Number, int]:
        """The panel's marks for the whole module, before penalties, as a ratio."""
        if not sheets:
            return 0, 1
        plan, method = self.plan, self.method(len(sheets))
        if not plan.at_aspect:
            top, bottom = combined(self.sums(sheets), method)
            return top, bottom * plan.over
        columns = zip(*sheets, strict=True)
        ratios = [
            self.aspect_ratio(position, combined(column, method))
            for position, column in enumerate(columns)
        ]
        return sum(top for top, _ in ratios), ratios[0][1]

    def aspect_ratio(self, position: int, ratio: tuple[Number, int]) -> tuple[Number, int]:
        """A combined aspect × its factor; rounded before and after where the rules round."""
        plan = self.plan
        top, bottom = ratio
        factor = plan.factors[position]
        if plan.aspect_places is None:
            return top * factor, bottom * plan.over
        mark = round_to(top, bottom * plan.unit, plan.aspect_places, plan.mode)
        return round_to(mark * factor, plan.factor_unit, 0, plan.mode), 10**plan.aspect_places

    def sums(self, sheets: list[list[Number]]) -> list[Number]:
        """Each judge's marks × factor added up, × `over`."""
        if self.plan.plain:
            return [sum(sheet) for sheet in sheets]
        return [sum(map(mul, sheet, self.plan.factors)) for sheet in sheets]

    def aspects_total(self, entrant: str, positions: Sequence[int]) -> Number:
        """The marks of some aspects together × the plan's `tie_unit`, for tie keys.

        Each is combined by the panel's method and × its factor; 0 while incomplete.
        """
        if self.outcomes.get(entrant) in self.plan.void:
            return 0
        if self.plan.relative and self.outcomes.get(entrant) is not DNF:
            top, bottom = self._relative_marks(entrant, positions) or (0, 1)
            return divided(top * self.plan.tie_unit, bottom)
        sheets = list(self.counted(entrant).values())
        if not sheets or not self.is_complete(entrant, len(sheets)):
            return 0
        method = self.method(len(sheets))
        total: Number = 0
        bottom = 1
        for position in positions:
            column = [sheet[position] for sheet in sheets]
            top, bottom = self.aspect_ratio(position, combined(column, method))
            total += top
        return divided(total * self.plan.tie_unit, bottom)
