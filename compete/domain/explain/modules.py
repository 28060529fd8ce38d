"""Where a module score came from: sheets, aspects, panel, penalties, rounding."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from compete.domain.bundle import Bundle, Mark, Outcome, Penalty
from compete.domain.explain.marks import Value, in_points, judged_numbers, marks_sentence
from compete.domain.explain.panel import formula
from compete.domain.explain.steps import Step, StepKind, codes, number
from compete.domain.marking import ModuleBook, combined, is_reduced
from compete.domain.ranking import StageState
from compete.domain.values import (
    AspectType,
    Message,
    Number,
    OutcomeStatus,
    divided,
    exact,
    msg,
    round_half_up,
    show,
    shown,
)

OUTCOME_WORDS = {
    OutcomeStatus.DNS: msg("缺考"),
    OutcomeStatus.DNF: msg("中途退出"),
    OutcomeStatus.DSQ: msg("取消成绩"),
}


class Papers:
    """Everything in the bundle about one entrant, found by one look through the lists."""

    def __init__(self, bundle: Bundle, entrant: str, later: Iterable[Mark] = ()) -> None:
        self.entrant = entrant
        self.values: dict[tuple[str, str, str, str], Value] = {}
        for mark in (*bundle.marks, *later):
            if mark.entrant == entrant:
                where = mark.stage, mark.module, mark.judge, mark.aspect
                self.values[where] = mark.value
        self.penalties: list[Penalty] = [
            penalty for penalty in bundle.penalties if penalty.entrant == entrant
        ]
        self.outcomes: dict[tuple[str, str | None], Outcome] = {
            (outcome.stage, outcome.module): outcome
            for outcome in bundle.outcomes
            if outcome.entrant == entrant
        }


def module_step(state: StageState, place: int, papers: Papers) -> Step:
    """One module of one stage, down to every value."""
    book, module = state.books[place], state.plan.stage.modules[place]
    score = state.scores[papers.entrant].modules[place]
    steps = [*_outcome(state, module.code, papers), *_marking(state, place, papers)]
    if "dns" not in score.flags:
        steps += _penalties(state.plan.code, module.code, papers)
        steps += _taken_off(state, place, papers.entrant)
    steps += [Step(kind=StepKind.FLAG, text=text) for text in _flag_words(book, score.flags)]
    if score.score is not None:
        steps.append(_points(state, place, score.score))
    value = shown(score.score, state.plan.places)
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


def _outcome(state: StageState, module: str, papers: Papers) -> list[Step]:
    """The outcome that counts: the module's own before the stage's."""
    stage = state.plan.code
    found = papers.outcomes.get((stage, module)) or papers.outcomes.get((stage, None))
    if found is None:
        return []
    text = msg(
        "%(outcome)s：%(reason)s",
        outcome=OUTCOME_WORDS[found.status],
        reason=found.reason or msg("没有写原因"),
    )
    return [Step(kind=StepKind.OUTCOME, code=found.status.value, text=text)]


def _marking(state: StageState, place: int, papers: Papers) -> list[Step]:
    """Sheets and panel, in the order in which they are worked out."""
    book = state.books[place]
    code = papers.entrant
    if book.outcomes.get(code) is OutcomeStatus.DNS:
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
    if book.plan.at_aspect:
        steps = _by_aspect(book, sheets, where, papers)
    else:
        steps = _by_sheet(book, sheets, where, papers)
    if is_reduced(book.plan.panel, len(sheets)):
        text = msg("裁判不足 %(size)s 名，按平均计", size=book.plan.panel.size)
        steps.append(Step(kind=StepKind.PANEL, text=text))
    return steps


_Sheets = Mapping[str, list[Number]]


def _by_sheet(
    book: ModuleBook, sheets: _Sheets, where: tuple[str, str], papers: Papers
) -> list[Step]:
    """Each judge's sum, then the panel."""
    plan = book.plan
    sums = [in_points(total, plan.over) for total in book.sums(list(sheets.values()))]
    steps = []
    for (judge, sheet), total in zip(sheets.items(), sums, strict=True):
        aspects = tuple(
            _aspect_of(book, position, judge, marks, where, papers)
            for position, marks in enumerate(sheet)
        )
        text = msg("裁判 %(judge)s：合计 %(total)s", judge=judge, total=number(total))
        steps.append(Step(kind=StepKind.SHEET, code=judge, text=text, steps=aspects))
    if len(sums) == 1:
        return steps
    written = formula(list(sheets), sums, book.method(len(sums)))
    top, bottom = combined(sums, book.method(len(sums)))
    text = msg(
        "%(result)s = %(formula)s；裁判 %(judges)s",
        result=number(divided(top, bottom)),
        formula=written.text,
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
    """One aspect on one judge's sheet."""
    plan, aspect = book.plan, book.plan.aspects[position]
    value = papers.values.get((*where, judge, aspect.code))
    points = in_points(marks, plan.unit)
    sentence = marks_sentence(book, papers.entrant, position, value, points)
    factor = exact(aspect.factor)
    if factor != 1:
        sentence = msg(
            "%(sentence)s，× %(factor)s = %(points)s",
            sentence=sentence,
            factor=number(factor),
            points=number(points * factor),
        )
    text = msg("%(name)s：%(sentence)s", name=aspect.name, sentence=sentence)
    return Step(kind=StepKind.ASPECT, code=aspect.code, text=text)


def _by_aspect(
    book: ModuleBook, sheets: _Sheets, where: tuple[str, str], papers: Papers
) -> list[Step]:
    """Aspect by aspect over the panel."""
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
    shown_values, scale = judged_numbers(
        aspect, values, [in_points(marks, plan.unit) for marks in column]
    )
    most = exact(aspect.max) if aspect.type is AspectType.JUDGEMENT else 1
    written = formula(judges, shown_values, method, scale, [most, exact(aspect.factor)])
    result = divided(*book.aspect_ratio(position, combined(column, method)))
    text = msg(
        "%(name)s：%(result)s = %(formula)s；裁判 %(judges)s",
        name=aspect.name,
        result=_rounded(result, plan.aspect_places),
        formula=written.text,
        judges=codes(written.judges),
    )
    one_by_one = tuple(
        Step(
            kind=StepKind.SHEET,
            code=judge,
            text=msg(
                "裁判 %(judge)s：%(sentence)s",
                judge=judge,
                sentence=marks_sentence(
                    book, papers.entrant, position, value, in_points(marks, plan.unit)
                ),
            ),
        )
        for judge, value, marks in zip(judges, values, column, strict=True)
    )
    steps = (*one_by_one, *written.left_out)
    return Step(kind=StepKind.ASPECT, code=aspect.code, text=text, steps=steps)


def _rounded(result: Number, places: int | None) -> str:
    if places is None:
        return number(result)
    return show(round_half_up(result, 1, places), places)


def _penalties(stage: str, module: str, papers: Papers) -> list[Step]:
    steps = []
    for penalty in papers.penalties:
        if (penalty.stage, penalty.module) != (stage, module):
            continue
        reason = penalty.reason or msg("没有写原因")
        if penalty.points is not None:
            points = number(exact(penalty.points))
            text = msg("扣 %(points)s 分：%(reason)s", points=points, reason=reason)
            steps.append(Step(kind=StepKind.PENALTY, text=text))
        if penalty.seconds is not None:
            seconds = number(exact(penalty.seconds))
            text = msg("罚时 %(seconds)s 秒：%(reason)s", seconds=seconds, reason=reason)
            steps.append(Step(kind=StepKind.PENALTY, text=text))
    return steps


def _taken_off(state: StageState, place: int, code: str) -> list[Step]:
    """The panel's marks less the penalty points, where there are any."""
    book, score = state.books[place], state.scores[code].modules[place].score
    points = book.points.get(code)
    if not points or score is None:
        return []
    text = msg(
        "%(score)s = %(marks)s − %(points)s，不低于 0",
        score=show(score, state.plan.places),
        marks=number(divided(*book.marks(list(book.counted(code).values())))),
        points=number(points),
    )
    return [Step(kind=StepKind.PENALTY, text=text)]


def _flag_words(book: ModuleBook, flags: Sequence[str]) -> list[Message]:
    if "disputed" not in flags:
        return []
    if book.plan.panel.max_spread is None:
        return [msg("裁判给分不一致，先按平均计，要复核或由裁判长裁定")]
    return [
        msg(
            "裁判给分相差超过 %(spread)s 或不一致，要复核或由裁判长裁定",
            spread=number(exact(book.plan.panel.max_spread)),
        )
    ]


def _points(state: StageState, place: int, score: int) -> Step:
    """What the score is worth in the total, or in its part."""
    plan, module = state.plan, state.plan.stage.modules[place]
    points = show(plan.points(place, score), plan.total_places)
    params = {
        "score": show(score, plan.places),
        "full": number(exact(module.full)),
        "weight": number(exact(module.weight)),
        "points": points,
    }
    if module.part is None:
        text = msg("折算 %(points)s = %(score)s ÷ %(full)s × %(weight)s", **params)
    else:
        text = msg(
            "在所属部分里占 %(weight)s：%(points)s = %(score)s ÷ %(full)s × %(weight)s", **params
        )
    return Step(kind=StepKind.TOTAL, text=text)
