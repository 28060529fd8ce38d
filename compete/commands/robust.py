"""`compete robust FILE`: say how firmly the results stand, before they are signed."""

from collections.abc import Collection, Iterable, Iterator
from typing import TYPE_CHECKING

from compete.commands.bundle_file import add_file, open_bundle
from compete.commands.printing import refuse, tell
from compete.domain.bundle.crews import crewed, heads
from compete.domain.explanation.modules import given_value
from compete.domain.explanation.steps import number
from compete.domain.grades.ladder import grade_label, ladder_in
from compete.domain.kinds.kinds import competition_kind
from compete.domain.robust.judges import WithoutJudge
from compete.domain.robust.robustness import Resting, Robustness, robustness
from compete.domain.robust.shifts import Effect, Search, Shift
from compete.domain.scoring.scorer import Scorer
from compete.domain.values.messages import Message, listed, msg
from compete.language import say

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from compete.domain.aspects.types import Aspect
    from compete.domain.bundle.event_types import Stage
    from compete.domain.scoring.event_scorer import EventScorer

MOST_MOVES = 10
"""The most changed ranks that are written out for one judge."""


def add_arguments(parser: "ArgumentParser") -> None:
    """Arguments: `compete robust FILE [--event CODE] [--trials N]`."""
    add_file(parser)
    parser.add_argument("--event", metavar="CODE", help=say(msg("只看这个赛项")))
    parser.add_argument(
        "--trials",
        metavar="N",
        type=_at_least_none,
        default=20_000,
        help=say(msg("每个赛项最多试算多少次")),
    )


def _at_least_none(text: str) -> int:
    """Read a whole number from 0 on."""
    from argparse import ArgumentTypeError

    if not (text.isascii() and text.isdigit()):
        raise ArgumentTypeError(say(msg("%(text)s 不是 0 或更大的整数", text=text)))
    return int(text)


def run(arguments: "Namespace") -> int:
    """Print sentences; exit status 2 for a wrong file, event or kind."""
    bundle = open_bundle(arguments.file)
    if competition_kind(bundle.competition).has_periods:
        return refuse(msg("劳动竞赛没有裁判评分，不作这项检查"))
    if competition_kind(bundle.competition).gives_verdicts:
        return refuse(msg("等级认定不排名次，人人照合格线判，不作这项检查"))
    scorer = Scorer(bundle)
    wanted = [arguments.event] if arguments.event else list(scorer.events)
    if wanted[0:1] and wanted[0] not in scorer.events:
        return refuse(msg("没有赛项 %(code)s", code=wanted[0]))
    for code in wanted:
        findings = robustness(scorer, code, arguments.trials)
        for line in lines_of(scorer.events[code], findings):
            tell(line)
    return 0


def lines_of(event: "EventScorer", findings: Robustness) -> Iterator[Message]:
    """Say everything found of one event, a sentence a line."""
    yield msg("赛项 %(code)s %(name)s", code=findings.event, name=event.event.name)
    yield from _search_lines(event, findings.medals, msg("名次前三或奖项"))
    if event.grades.rules:
        yield from _search_lines(event, findings.grades, msg("晋升或称号"))
    yield _how_far(findings)
    for judge in findings.judges:
        yield _judge_line(event, judge, crewed(event.entrants.values()))
    if not findings.resting:
        yield msg("  没有靠同分比出的名次")
    for resting in findings.resting:
        yield _resting_line(event, resting)


def _search_lines(event: "EventScorer", search: Search, what: Message) -> Iterator[Message]:
    if search.shift is None and search.is_complete:
        yield msg("  只改一个分数，%(what)s不会变", what=what)
    elif search.shift is None:
        yield msg("  没查完，会不会变还不知道：%(what)s", what=what)
    else:
        holes = {"what": what, "points": number(search.shift.points)}
        holes["mark"] = _mark(event, search.shift)
        yield (
            msg("  %(what)s：最小的改动是 %(points)s 分，%(mark)s", **holes)
            if search.is_complete
            else msg("  %(what)s：没查完，已找到的最小改动是 %(points)s 分，%(mark)s", **holes)
        )
        for effect in search.shift.effects:
            yield msg(
                "    %(who)s：%(before)s → %(after)s",
                who=_person_words(event, effect),
                before=_name_codes(event, effect.before),
                after=_name_codes(event, effect.after),
            )


def _person_words(event: "EventScorer", effect: Effect) -> Message | str:
    """The code of the person, with the name of the single item if it is one."""
    if effect.item is None:
        return effect.who
    name = next(item.name for item in event.event.items if item.code == effect.item)
    return msg("%(who)s（%(item)s）", who=effect.who, item=name)


def _name_codes(event: "EventScorer", note: str | None) -> Message | str:
    """Name ranks, awards and a grade as people do, from a search's notes; titles stay."""
    if note is None:
        return msg("无")
    awards = {award.code: award.name for award in event.event.awards}
    words: list[str | Message] = []
    codes = note.split()
    while codes:
        code = codes[0]
        if code in awards:
            words.append(awards[code])
        elif code.startswith("#") and code[1:].isdecimal():
            words.append(msg("第 %(rank)s 名", rank=code[1:]))
        elif code in ("1", "2", "3", "4", "5"):
            words.append(grade_label(int(code), ladder_in(event.event)))
        else:
            break
        codes.pop(0)
    return listed([*words, " ".join(codes)] if codes else words)


def _how_far(findings: Robustness) -> Message:
    """Say how many marks were looked at, and if that was not all."""
    if findings.looked < findings.marks:
        return msg(
            "  没查完：试算 %(tried)s 次到了上限，看了 %(looked)s 个分数，一共 %(all)s 个",
            tried=findings.tried,
            looked=findings.looked,
            all=findings.marks,
        )
    return msg(
        "  看了全部 %(all)s 个分数，试算 %(tried)s 次", all=findings.marks, tried=findings.tried
    )


def _mark(event: "EventScorer", shift: Shift) -> Message:
    """Name the judge and entrant of a mark, and its change."""
    mark = shift.mark
    aspect = _aspect(event, mark.stage, mark.module, mark.aspect)
    return msg(
        "裁判 %(judge)s 给 %(entrant)s 的“%(aspect)s”由 %(old)s 改为 %(new)s",
        judge=mark.judge,
        entrant=mark.entrant,
        aspect=aspect.name,
        old=given_value(aspect, mark.value),
        new=given_value(aspect, shift.value),
    )


def _aspect(event: "EventScorer", stage: str, module: str, code: str) -> "Aspect":
    state = next(stage_state for stage_state in event.stages if stage_state.plan.code == stage)
    plan = state.module_books[state.plan.module_places[module]].plan
    return plan.aspects[plan.slots[code][0]]


def _judge_line(event: "EventScorer", without: WithoutJudge, kinds: Collection[bool]) -> Message:
    kept = _modules(event, without.kept_in) if without.kept_in else None
    if not without.is_possible:
        return msg(
            "  不计裁判 %(judge)s：不行，%(modules)s 只有这一位裁判",
            judge=without.judge,
            modules=kept or "",
        )
    who = msg("裁判 %(judge)s", judge=without.judge)
    if kept is not None:
        who = msg(
            "裁判 %(judge)s（%(modules)s 只有这一位，照旧）", judge=without.judge, modules=kept
        )
    if not without.moves:
        return msg("  不计%(who)s：名次不变", who=who)
    shown = listed(
        f"{move.entrant} {move.before or '–'}→{move.after or '–'}"
        for move in without.moves[:MOST_MOVES]
    )
    return msg(
        "  不计%(who)s：%(moved)s名次改变（%(moves)s）",
        who=who,
        moved=heads(len(without.moves), kinds),
        moves=shown,
    )


def _modules(event: "EventScorer", places: Iterable[tuple[str, str]]) -> Message | str:
    """Name those modules, each with its stage's name where there are several stages."""
    names: list[str | Message] = []
    for code, module in places:
        stage = _stage(event, code)
        name = next(candidate.name for candidate in stage.modules if candidate.code == module)
        full_name = msg("%(stage)s的%(module)s", stage=stage.name, module=name)
        names.append(full_name if len(event.stages) > 1 else name)
    return listed(names)


def _stage(event: "EventScorer", code: str) -> "Stage":
    return next(stage for stage in event.event.stages if stage.code == code)


def _resting_line(event: "EventScorer", resting: Resting) -> Message:
    stage = _stage(event, resting.stage).name
    if resting.shared:
        return msg(
            "  %(stage)s：%(better)s 与 %(worse)s 并列",
            stage=stage,
            better=resting.better,
            worse=resting.worse,
        )
    return msg(
        "  %(stage)s：%(better)s 先于 %(worse)s，%(why)s",
        stage=stage,
        better=resting.better,
        worse=resting.worse,
        why=resting.why,
    )
