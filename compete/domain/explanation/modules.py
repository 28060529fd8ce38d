"""Explanations of a stage: its modules down to every value, its parts, its total."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from compete.domain.aspects.clock_times import told_time
from compete.domain.aspects.kind import QUANTITY, Given, Value
from compete.domain.aspects.kinds import kind_of
from compete.domain.aspects.types import Aspect
from compete.domain.bundle.attempts import NOT_MADE, waived_word
from compete.domain.bundle.event_types import Module, Part
from compete.domain.bundle.types import Bundle, Mark, Outcome, Penalty, WorkingTime
from compete.domain.explanation.ranks import advance_step, rank_steps
from compete.domain.explanation.steps import Step, StepKind, codes, number, numbers, reason_words
from compete.domain.explanation.times import time_steps
from compete.domain.marking.apart import apart
from compete.domain.marking.module_book import ModuleBook
from compete.domain.marking.module_plan import ModuleScore
from compete.domain.marking.panel import Method, combined, is_reduced, left_out
from compete.domain.ranking.stage import INCOMPLETE, RANKED, StageState
from compete.domain.ranking.stage_plan import PartPlan, StagePlan
from compete.domain.scoring.event_scorer import EventScorer
from compete.domain.values.equations import equation, negative_in_brackets
from compete.domain.values.kinds import Combine, OutcomeStatus, RoundMode
from compete.domain.values.messages import Message, listed, msg
from compete.domain.values.points import Number, divided, exact, round_to, show, show_or_none, whole


def given_value(aspect: Aspect, value: Value) -> str:
    """A judge's value as it was given; a tick or a cross for yes and no."""
    return kind_of(aspect).value_text(value)


def _marks_sentence(
    book: ModuleBook, entrant: str, position: int, value: Value | None, marks: Number
) -> Message:
    """Say what was given, by which rule it counts, and the marks it makes before the factor."""
    if value is None:
        return msg("没有评分，计 0 分")
    kind = book.plan.kinds[position]
    seconds = book.seconds.get(entrant, 0) if kind.takes_seconds else 0
    given = Given(
        value=value,
        text=kind.value_text(value),
        marks=marks,
        added=divided(seconds, QUANTITY),
        best=book.bests.get(position),
        difficulty=book.difficulties.get((entrant, position)),
        withdrew=book.outcomes.get(entrant) is OutcomeStatus.DNF,
    )
    return kind.explained(given)


def _judged_numbers(
    aspect: Aspect, values: Sequence[Value | None], marks: Sequence[Number]
) -> tuple[list[Number], int, Number]:
    """The numbers for a panel's formula: judgement values, or marks.

    The second is what the sum is divided by beside the number of judges, the
    third what it is multiplied by.
    """
    levels = kind_of(aspect).levels
    if levels is not None:
        given = [0 if value is None else exact(value) for value in values]
        return given, levels, exact(aspect.max)
    return list(marks), 1, 1


class Formula(msgspec.Struct, frozen=True):
    """A combination written out, and which judges it rests on."""

    text: str
    judges: list[str]
    left_out: tuple[Step, ...]


def formula(
    judges: Sequence[str],
    values: Sequence[Number],
    method: Method,
    scale: int = 1,
    times: Sequence[Number] = (),
) -> Formula:
    """Write out a combination of the judges' values, each ÷ `scale`, × each of `times`."""
    high, low = left_out(values, method)
    kept = [place for place in range(len(values)) if place not in high and place not in low]
    divisor = scale if method.combine is Combine.SUM else scale * len(kept)
    text = numbers([values[place] for place in kept], "+")
    factors = [factor for factor in times if factor != 1]
    if method.combine is Combine.SUM and len(values) < method.scaled_to:
        divisor, factors = scale * len(values), [method.scaled_to, *factors]
    if len(kept) > 1 and (divisor != 1 or factors):
        text = f"({text})"
    if divisor != 1:
        text += f" ÷ {divisor}"
    text += "".join(f" × {number(factor)}" for factor in factors)
    steps = (*_dropped(judges, values, high, low, method),)
    return Formula(text, [judges[place] for place in kept], steps)


def _dropped(
    judges: Sequence[str],
    values: Sequence[Number],
    high: Sequence[int],
    low: Sequence[int],
    method: Method,
) -> list[Step]:
    """Sentences for those left out."""
    if method.combine is Combine.MEDIAN:
        if not high and not low:
            return []
        out = [judges[place] for place in sorted((*high, *low))]
        sentence = msg("取中间的，不计裁判 %(judges)s", judges=codes(out))
        return [Step(kind=StepKind.PANEL, text=sentence)]
    steps = []
    if high:
        shown = numbers([values[place] for place in high], " ")
        who = codes([judges[place] for place in high])
        text = msg("去掉最高 %(values)s（裁判 %(judges)s）", values=shown, judges=who)
        steps.append(Step(kind=StepKind.PANEL, text=text))
    if low:
        shown = numbers([values[place] for place in low], " ")
        who = codes([judges[place] for place in low])
        text = msg("去掉最低 %(values)s（裁判 %(judges)s）", values=shown, judges=who)
        steps.append(Step(kind=StepKind.PANEL, text=text))
    return steps


OUTCOME_WORDS = {
    OutcomeStatus.DNS: msg("缺考"),
    OutcomeStatus.DNF: msg("中途退出"),
    OutcomeStatus.DSQ: msg("取消成绩"),
}
OUTCOME_SENTENCES = {
    OutcomeStatus.DNS: msg("缺考的计 0 分"),
    OutcomeStatus.DNF: msg("中途退出的，给过分的裁判都算，没有评的计 0 分，不看裁判是否相差过大"),
    OutcomeStatus.DSQ: msg("照样算分，但没有总分和名次"),
}


class Papers:
    """Everything in the bundle about one entrant, found by one look through the lists."""

    def __init__(self, bundle: Bundle, entrant: str, later: Iterable[Mark] = ()) -> None:
        self.entrant = entrant
        self.values: dict[tuple[str, str, str, str], Value] = {}
        self.rulings: dict[tuple[str, str, str, str], str] = {}
        """The chief judge who ruled on a value, by the same places."""
        self.by_renewed_code: set[tuple[str, str, str]] = set()
        """The sheets, by stage, module and judge, that came by a renewed sign-in code."""
        for mark in (*bundle.marks, *later):
            if mark.entrant == entrant:
                where = mark.stage, mark.module, mark.judge, mark.aspect
                self.values[where] = mark.value
                self.rulings.pop(where, None)
                if isinstance(mark.extra, dict) and mark.extra.get("after_renewal") is True:
                    self.by_renewed_code.add(where[:3])
                if isinstance(mark.extra, dict) and isinstance(mark.extra.get("ruled_by"), str):
                    self.rulings[where] = mark.extra["ruled_by"]
        self.penalties: list[Penalty] = [
            penalty for penalty in bundle.penalties if penalty.entrant == entrant
        ]
        self.times: dict[tuple[str, str], WorkingTime] = {
            (time.stage, time.module): time for time in bundle.times if time.entrant == entrant
        }
        self.outcomes: dict[tuple[str, str | None], Outcome] = {
            (outcome.stage, outcome.module): outcome
            for outcome in bundle.outcomes
            if outcome.entrant == entrant
        }

    def judge_of(self, where: tuple[str, str], judge: str) -> Message | str:
        """Name a judge of a stage and module; after a renewed code it may be somebody else."""
        if (*where, judge) not in self.by_renewed_code:
            return judge
        return msg("%(judge)s，换码后", judge=judge)

    def sentence_of(self, where: tuple[str, str, str, str], sentence: Message) -> Message:
        """Say a sentence of a value; a ruling is not said as if the judge had given it."""
        if where not in self.rulings:
            return sentence
        return msg(
            "裁判长 %(judge)s 裁定，%(sentence)s", judge=self.rulings[where], sentence=sentence
        )


def module_step(state: StageState, place: int, papers: Papers) -> Step:
    """Explain one module of one stage, down to every value."""
    book, module = state.module_books[place], state.plan.stage.modules[place]
    score = state.scores[papers.entrant].modules[place]
    steps = [*_outcome(state, place, papers), *_marking(state, place, papers)]
    if book.outcomes.get(papers.entrant) not in book.plan.void:
        steps += _penalties(state.plan.code, module.code, papers)
        steps += _settled(state, place, papers.entrant)
    steps += [
        Step(kind=StepKind.FLAG, text=text)
        for text in _flag_words(book, papers.entrant, score.flags)
    ]
    if place in state.plan.attempts:
        steps += _attempt(state, place, papers.entrant)
    elif score.score is not None and (module.part is not None or state.event.verdict is None):
        steps.append(_points(state, place, score.score))
    steps += time_steps(papers.times.get((state.plan.code, module.code)))
    value = show_or_none(score.score, state.plan.places)
    if value is None:
        text = msg("%(name)s：还没有得分", name=module.name)
    else:
        text = msg(
            "%(name)s：%(score)s（满分 %(full)s）",
            name=module.name,
            score=value,
            full=number(exact(module.full)),
        )
    return Step(kind=StepKind.MODULE, code=module.code, text=text, steps=tuple(steps))


def _outcome(state: StageState, place: int, papers: Papers) -> list[Step]:
    """The outcome that counts: the module's own before the stage's."""
    stage, module = state.plan.code, state.plan.stage.modules[place].code
    outcome = papers.outcomes.get((stage, module)) or papers.outcomes.get((stage, None))
    if outcome is None:
        return []
    word, sentence = OUTCOME_WORDS[outcome.status], OUTCOME_SENTENCES[outcome.status]
    if place in state.plan.attempts and outcome.status in state.module_books[place].plan.void:
        sentence = msg("总分里这一次计 0 分；比“没有计的几次”时，不算做过")
        if outcome.status is OutcomeStatus.DNS:
            word = _waived_in(state.plan, state.scores[papers.entrant].modules, place) or word
    text = msg(
        "%(outcome)s：%(reason)s",
        outcome=word,
        reason=reason_words(outcome.reason, outcome.extra),
    )
    if outcome.status is OutcomeStatus.DSQ and state.event.verdict is not None:
        sentence = msg("照样算分，但不算合格")
    what_follows = Step(kind=StepKind.OUTCOME, text=sentence)
    return [
        Step(kind=StepKind.OUTCOME, code=outcome.status.value, text=text, steps=(what_follows,))
    ]


def _marking(state: StageState, place: int, papers: Papers) -> list[Step]:
    """Explain sheets and panel, in the order in which they are worked out."""
    book = state.module_books[place]
    code = papers.entrant
    if book.outcomes.get(code) in book.plan.void:
        return []
    sheets = dict(sorted(book.counted(code).items()))
    if not book.is_complete(code, len(sheets)):
        text = msg(
            "只有 %(there)s 份完整的评分表，至少要 %(least)s 份",
            there=len(sheets),
            least=book.plan.least,
        )
        return [Step(kind=StepKind.FLAG, code="incomplete", text=text)]
    if not sheets:
        return [Step(kind=StepKind.PANEL, text=msg("没有人评分，计 0 分"))]
    where = state.plan.code, state.plan.stage.modules[place].code
    written = _by_aspect if book.plan.at_aspect else _by_sheet
    steps = written(book, sheets, where, papers)
    panel = book.plan.panel
    if is_reduced(panel, len(sheets)):
        text = msg("裁判不足 %(size)s 名，按平均计", size=panel.size)
        steps.append(Step(kind=StepKind.PANEL, text=text))
    elif 0 < len(sheets) < book.plan.method.scaled_to:
        text = msg("裁判只有 %(there)s 名，按 %(size)s 名折算", there=len(sheets), size=panel.size)
        steps.append(Step(kind=StepKind.PANEL, text=text))
    elif (
        panel.combine is Combine.TRIMMED_MEAN
        and 0 < len(sheets) <= panel.drop_high + panel.drop_low
    ):
        text = msg("去掉最高和最低以后不剩分数，按平均计")
        steps.append(Step(kind=StepKind.PANEL, text=text))
    return steps


_Sheets = Mapping[str, list[Number]]


def _by_sheet(
    book: ModuleBook, sheets: _Sheets, where: tuple[str, str], papers: Papers
) -> list[Step]:
    """Explain each judge's sum, then the panel."""
    plan = book.plan
    sums = [divided(total, plan.over) for total in book.sums(list(sheets.values()))]
    factors = [exact(aspect.factor) for aspect in plan.aspects]
    steps = []
    for (judge, sheet), total in zip(sheets.items(), sums, strict=True):
        aspects = tuple(
            _aspect_of(book, position, judge, marks, where, papers)
            for position, marks in enumerate(sheet)
        )
        weighed = [
            divided(marks, plan.unit) * factor for marks, factor in zip(sheet, factors, strict=True)
        ]
        added = equation(total, numbers(weighed)) if len(weighed) > 1 else number(total)
        who = papers.judge_of(where, judge)
        text = msg("裁判 %(judge)s：合计 %(total)s", judge=who, total=added)
        steps.append(Step(kind=StepKind.SHEET, code=judge, text=text, steps=aspects))
    if len(sums) == 1 and plan.method.scaled_to <= 1:
        return steps
    written = formula(list(sheets), sums, book.method(len(sums)))
    text = msg(
        "%(equation)s；裁判 %(judges)s",
        equation=equation(divided(*combined(sums, book.method(len(sums)))), written.text),
        judges=codes(written.judges),
    )
    return [*steps, Step(kind=StepKind.PANEL, text=text, steps=written.left_out)]


def _aspect_of(
    book: ModuleBook,
    position: int,
    judge: str,
    marks: Number,
    where: tuple[str, str],
    papers: Papers,
) -> Step:
    """Explain one aspect on one judge's sheet."""
    plan, aspect = book.plan, book.plan.aspects[position]
    value = papers.values.get((*where, judge, aspect.code))
    points = divided(marks, plan.unit)
    sentence = papers.sentence_of(
        (*where, judge, aspect.code),
        _marks_sentence(book, papers.entrant, position, value, points),
    )
    factor = exact(aspect.factor)
    if factor != 1:
        sentence = msg(
            "%(sentence)s；乘系数，%(equation)s",
            sentence=sentence,
            equation=equation(points * factor, f"{number(points)} × {number(factor)}"),
        )
    text = msg("%(name)s：%(sentence)s", name=aspect.name, sentence=sentence)
    return Step(kind=StepKind.ASPECT, code=aspect.code, text=text)


def _by_aspect(
    book: ModuleBook, sheets: _Sheets, where: tuple[str, str], papers: Papers
) -> list[Step]:
    """Explain aspect by aspect over the panel."""
    return [
        _combined_aspect(book, sheets, position, where, papers)
        for position in range(len(book.plan.aspects))
    ]


def _combined_aspect(
    book: ModuleBook, sheets: _Sheets, position: int, where: tuple[str, str], papers: Papers
) -> Step:
    plan, aspect = book.plan, book.plan.aspects[position]
    judges = list(sheets)
    column = [sheet[position] for sheet in sheets.values()]
    method = book.method(len(column))
    values = [papers.values.get((*where, judge, aspect.code)) for judge in judges]
    shown_values, scale, most = _judged_numbers(
        aspect, values, [divided(marks, plan.unit) for marks in column]
    )
    factor = exact(aspect.factor)
    mark = divided(combined(column, method)[0], combined(column, method)[1] * plan.unit)
    if plan.aspect_places is None:
        written = formula(judges, shown_values, method, scale, [most, factor])
        sentence = equation(mark * factor, written.text)
    else:
        written = formula(judges, shown_values, method, scale, [most])
        sentence = _rounded_twice(mark, factor, plan.aspect_places, written.text, plan.mode)
    text = msg(
        "%(name)s：%(equation)s；裁判 %(judges)s",
        name=aspect.name,
        equation=sentence,
        judges=codes(written.judges),
    )
    one_by_one = tuple(
        Step(
            kind=StepKind.SHEET,
            code=judge,
            text=msg(
                "裁判 %(judge)s：%(sentence)s",
                judge=papers.judge_of(where, judge),
                sentence=papers.sentence_of(
                    (*where, judge, aspect.code),
                    _marks_sentence(
                        book, papers.entrant, position, value, divided(marks, plan.unit)
                    ),
                ),
            ),
        )
        for judge, value, marks in zip(judges, values, column, strict=True)
    )
    steps = (*one_by_one, *written.left_out)
    return Step(kind=StepKind.ASPECT, code=aspect.code, text=text, steps=steps)


def _rounded_twice(
    mark: Number, factor: Number, places: int, written: str, mode: RoundMode
) -> Message:
    """The panel's mark rounded, multiplied by the factor, and rounded again."""
    combined_mark = equation(mark, written, places, mode)
    if factor == 1:
        return combined_mark
    rounded = round_to(mark, 1, places, mode)
    return msg(
        "%(weighed)s，其中 %(equation)s",
        weighed=equation(
            divided(rounded, 10**places) * factor,
            f"{show(rounded, places)} × {number(factor)}",
            places,
            mode,
        ),
        equation=combined_mark,
    )


def _penalties(stage: str, module: str, papers: Papers) -> list[Step]:
    steps = []
    for penalty in papers.penalties:
        if (penalty.stage, penalty.module) != (stage, module):
            continue
        reason = reason_words(penalty.reason, penalty.extra)
        if penalty.points is not None:
            points = number(exact(penalty.points))
            text = msg("扣 %(points)s 分：%(reason)s", points=points, reason=reason)
            steps.append(Step(kind=StepKind.PENALTY, text=text))
        if penalty.seconds is not None:
            text = msg("罚时 %(time)s：%(reason)s", time=told_time(penalty.seconds), reason=reason)
            steps.append(Step(kind=StepKind.PENALTY, text=text))
    return steps


def _settled(state: StageState, place: int, code: str) -> list[Step]:
    """Explain the way from the panel's marks to the score: sum, penalty points, rounding."""
    book, score = state.module_books[place], state.scores[code].modules[place].score
    sheets = list(book.counted(code).values())
    if score is None or not sheets:
        return []
    marks = divided(*book.marks(sheets))
    points = book.points.get(code, 0)
    if marks < 0:
        text = msg("得分 %(marks)s，低于 0，计 0 分", marks=number(marks))
        return [Step(kind=StepKind.PANEL, text=text)]
    if points > marks:
        text = msg(
            "得分 %(marks)s，扣 %(points)s，不够扣，计 0 分",
            marks=number(marks),
            points=number(points),
        )
        return [Step(kind=StepKind.PENALTY, text=text)]
    written = number(marks)
    if book.plan.at_aspect and len(book.plan.aspects) > 1:
        written = numbers(_aspect_points(book, sheets))
    elif not points and whole(marks * 10**state.plan.places).denominator == 1:
        return []
    if points:
        written += f" − {number(points)}"
    text = msg(
        "得分 %(equation)s",
        equation=equation(marks - points, written, state.plan.places, state.plan.mode),
    )
    return [Step(kind=StepKind.PENALTY if points else StepKind.PANEL, text=text)]


def _aspect_points(book: ModuleBook, sheets: list[list[Number]]) -> list[Number]:
    """The panel's points for each aspect, where it combines aspect by aspect."""
    method = book.method(len(sheets))
    return [
        divided(*book.aspect_ratio(position, combined(column, method)))
        for position, column in enumerate(zip(*sheets, strict=True))
    ]


def _flag_words(book: ModuleBook, entrant: str, flags: Sequence[str]) -> list[Message]:
    """Say what the judges differ on too much."""
    if "disputed" not in flags:
        return []
    names = {aspect.code: aspect.name for aspect in book.plan.aspects}
    sentences = []
    for spread in apart(book, entrant):
        what = (
            msg("合计") if spread.aspect is None else msg("“%(name)s”", name=names[spread.aspect])
        )
        if spread.limit is None:
            text = msg("%(what)s：裁判给分不一致，先按平均计，要复核或由裁判长裁定", what=what)
        else:
            most = number(exact(spread.limit))
            text = msg(
                "%(what)s：裁判给分相差超过 %(spread)s，要复核或由裁判长裁定",
                what=what,
                spread=most,
            )
        sentences.append(text)
    return sentences


def _points(state: StageState, place: int, score: int) -> Step:
    """Say what the score is worth in the total, or in its part."""
    plan, module = state.plan, state.plan.stage.modules[place]
    value = divided(score, 10**plan.places) * exact(module.weight)
    written = _share(score, module, plan.places)
    worth = equation(divided(value, exact(module.full)), written, plan.total_places, plan.mode)
    if module.part is None:
        text = msg("折算 %(equation)s", equation=worth)
    else:
        weight = number(exact(module.weight))
        text = msg("在所属部分里占 %(weight)s：%(equation)s", weight=weight, equation=worth)
    return Step(kind=StepKind.TOTAL, text=text)


def _attempt(state: StageState, place: int, code: str) -> list[Step]:
    """Say whether an attempt counts for its part, and which do where it does not."""
    plan = state.plan
    part = plan.attempts[place]
    counted = part.counted(state.scores[code].modules)
    if not counted:
        return []
    if place in counted:
        text = msg("计入%(part)s", part=part.part.name)
    else:
        text = msg("不计，计的是 %(attempts)s", attempts=_attempt_names(plan, counted))
    return [Step(kind=StepKind.TOTAL, text=text)]


def _waived_in(plan: StagePlan, modules: Sequence[ModuleScore], place: int) -> Message | None:
    """The name of the waiver of an attempt; None where no other was made either."""
    members = plan.attempts[place].members
    missed = all(NOT_MADE.intersection(modules[at].flags) for at in members if at != place)
    return None if missed else waived_word(members.index(place) + 1)


def _attempt_names(plan: StagePlan, places: Iterable[int]) -> Message | str:
    """Name attempts of one part: by their number, or by what each is called."""
    modules = plan.stage.modules
    names: list[Message | str] = []
    for place in places:
        members = plan.attempts[place].members
        alike = len({modules[at].name for at in members}) == 1
        number_of = members.index(place) + 1
        names.append(msg("第 %(n)s 次", n=number_of) if alike else modules[place].name)
    return listed(names)


def _share(score: int | None, scored: Module | Part, places: int) -> str:
    """Write out what a score is worth by its full marks and weight."""
    full, weight = number(exact(scored.full)), number(exact(scored.weight))
    return f"{show_or_none(score, places)} ÷ {full} × {weight}"


def stage_step(event: EventScorer, index: int, papers: Papers) -> Step:
    """Explain one stage: modules, parts, total, rank, and going on to the next."""
    code = papers.entrant
    state = event.stages[index]
    score = state.scores[code]
    plan = state.plan
    steps = [module_step(state, place, papers) for place in range(len(state.module_books))]
    steps += [part_step(state, place, code) for place in range(len(plan.parts))]
    if score.total is not None:
        steps.append(_total_step(state, code))
    if score.status == RANKED:
        steps += rank_steps(state, code)
        if index + 1 < len(event.stages):
            steps.append(advance_step(event, index, code))
    else:
        steps.append(Step(kind=StepKind.RANK, text=_no_rank(score.status)))
    return Step(kind=StepKind.STAGE, code=plan.code, text=_heading(state, code), steps=tuple(steps))


def _heading(state: StageState, code: str) -> Message:
    score = state.scores[code]
    total = show_or_none(score.total, state.plan.total_places)
    name = state.plan.stage.name
    if total is None:
        return msg("%(stage)s：没有总分", stage=name)
    if score.status != RANKED:
        return msg("%(stage)s：总分 %(total)s，没有名次", stage=name, total=total)
    rank = state.standing.ranks[state.standing.position(code)]
    return msg("%(stage)s：第 %(rank)s 名，总分 %(total)s", stage=name, rank=rank, total=total)


def _no_rank(status: str) -> Message:
    if status == INCOMPLETE:
        return msg("评分没有完成，还不能排名")
    return msg("%(outcome)s，不排名次", outcome=OUTCOME_WORDS[OutcomeStatus(status)])


def part_step(state: StageState, place: int, code: str) -> Step:
    plan = state.plan
    part = plan.parts[place]
    score = state.scores[code].parts[place]
    if score is None:
        text = msg("%(name)s：还没有得分", name=part.part.name)
        return Step(kind=StepKind.PART, code=part.part.code, text=text)
    modules = state.scores[code].modules
    if part.take is not None:
        text = _taken(plan, part, modules)
        return Step(kind=StepKind.PART, code=part.part.code, text=text)
    inside = [(plan.stage.modules[at], modules[at].score) for at in part.members]
    terms = " + ".join(_share(points, module, plan.places) for module, points in inside)
    weights = sum(exact(module.weight) for module, _ in inside)
    full = exact(part.part.full)
    shares = sum(
        divided(exact(module.weight) * (points or 0), exact(module.full) * 10**plan.places)
        for module, points in inside
    )
    written = f"{number(full)} × ({terms}) ÷ {number(weights)}"
    text = msg(
        "%(name)s：%(equation)s",
        name=part.part.name,
        equation=equation(divided(full * shares, weights), written, plan.places, plan.mode),
    )
    return Step(kind=StepKind.PART, code=part.part.code, text=text)


def _taken(plan: StagePlan, part: PartPlan, modules: Sequence[ModuleScore]) -> Message:
    """The mean of the attempts that count, on the scale of the part, and which they are."""
    counted = part.counted(modules)
    attempts = [(plan.stage.modules[place], modules[place].score or 0) for place in counted]
    shares = sum(divided(score, exact(module.full) * 10**plan.places) for module, score in attempts)
    terms = " + ".join(
        f"{show(score, plan.places)} ÷ {number(exact(module.full))}" for module, score in attempts
    )
    full = exact(part.part.full)
    written = f"({terms}) ÷ {len(counted)} × {number(full)}"
    value = divided(full * shares, len(counted))
    return msg(
        "%(name)s：%(equation)s；计 %(attempts)s",
        name=part.part.name,
        equation=equation(value, written, plan.places, plan.mode),
        attempts=_attempt_names(plan, counted),
    )


def _total_step(state: StageState, code: str) -> Step:
    """Explain the sum of modules without a part and of parts, and the carry."""
    plan, score = state.plan, state.scores[code]
    terms = [
        _share(module_score.score, module, plan.places)
        for module, module_score in zip(plan.stage.modules, score.modules, strict=True)
        if module.part is None
    ]
    parts = zip(plan.stage.parts, score.parts, strict=True)
    terms += [_share(mark, part, plan.places) for part, mark in parts]
    own = " + ".join(terms)
    exact_total = divided(score.exact or 0, plan.unit)
    carry = plan.stage.carry
    if carry is None or plan.from_ is None:
        text = msg(
            "总分 %(equation)s", equation=equation(exact_total, own, plan.total_places, plan.mode)
        )
        return Step(kind=StepKind.TOTAL, text=text)
    before = state.earlier[plan.from_]
    written = msg(
        "%(weight)s × %(stage)s总分 %(before)s + %(share)s × (%(own)s)",
        weight=number(exact(carry.weight)),
        stage=before.plan.stage.name,
        before=show(before.scores[code].total or 0, plan.total_places),
        share=negative_in_brackets(number(exact(carry.own))),
        own=own,
    )
    total = equation(exact_total, written, plan.total_places, plan.mode)
    text = msg("总分 %(equation)s", equation=total)
    return Step(kind=StepKind.TOTAL, text=text)
