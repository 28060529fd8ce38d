"""Explanations of an entrant's final place, single items, team and awards."""

from __future__ import annotations

from collections.abc import Iterator

from compete.domain.awards.dealing import Dealt
from compete.domain.awards.event_awards import reaches
from compete.domain.bundle.crews import crewed, heads
from compete.domain.bundle.event_types import Award
from compete.domain.explanation.steps import Step, StepKind, beside_words, codes, number
from compete.domain.explanation.team_ranks import team_tie_sentence
from compete.domain.ranking.items import ItemState
from compete.domain.ranking.scaled import field_of_totals, root_text
from compete.domain.scoring.event_scorer import EventScorer
from compete.domain.values.equations import equation
from compete.domain.values.kinds import Centre, Spread, TeamMethod
from compete.domain.values.messages import Message, msg
from compete.domain.values.points import Number, divided, exact, readable, show, show_or_none


def final_step(event: EventScorer, code: str) -> Step:
    """Explain the place in the final standings."""
    place = event.finals.places[code]
    stage, kinds = event.stages[place.stage], crewed(event.entrants.values())
    if place.rank is None:
        text = msg("最终成绩：没有名次")
    else:
        text = msg(
            "最终成绩：第 %(rank)s 名，共 %(ranked)s有名次",
            rank=place.rank,
            ranked=heads(len(event.finals.ranking), kinds),
        )
    steps = []
    if place.stage < len(event.stages) - 1 and place.rank is not None:
        ahead = sum(
            other.stage > place.stage and other.status != "dsq"
            for other in event.finals.places.values()
        )
        why = msg(
            "停在%(stage)s：排在进入后面赛段的 %(ahead)s之后",
            stage=stage.plan.stage.name,
            ahead=heads(ahead, kinds),
        )
        steps.append(Step(kind=StepKind.FINAL, text=why))
    steps += _scaled_steps(event, code)
    return Step(kind=StepKind.FINAL, text=text, steps=tuple(steps))


def _scaled_steps(event: EventScorer, code: str) -> list[Step]:
    """Explain the standard score, in an event that has them."""
    scale, own = event.event.scale, _scaled(event, code)
    if scale is None:
        return []
    if own is None:
        return [Step(kind=StepKind.FINAL, text=msg("没有标准分：最后一个赛段没有名次"))]
    totals, places = event.last_totals(), event.event.rounding.total
    field = field_of_totals(scale, totals, 10**places)
    centre = msg("中位数") if scale.centre is Centre.MEDIAN else msg("平均分")
    params = {
        "scaled": own,
        "at": number(exact(scale.at)),
        "of": number(exact(scale.of)),
        "total": show(totals[code], places),
        "centre": centre,
        "middle": readable(field.centre),
        "n": field.count,
    }
    if scale.spread is Spread.NONE:
        text = msg(
            "标准分 %(scaled)s：总成绩 %(total)s，%(centre)s %(middle)s 是 %(at)s，每一分 %(of)s",
            **params,
        )
    elif not field.square:
        text = msg("标准分 %(scaled)s：有名次的 %(n)s 人总成绩都一样，标准差是 0", **params)
    else:
        text = msg(
            "标准分 %(scaled)s：总成绩 %(total)s，%(centre)s %(middle)s 是 %(at)s，"
            "每一个标准差 %(spread)s 是 %(of)s（有名次的 %(n)s 人，除以人数）",
            spread=root_text(field.square),
            **params,
        )
    return [Step(kind=StepKind.FINAL, text=text)]


def _scaled(event: EventScorer, code: str) -> str | None:
    """The standard score as it is published."""
    scale, scaled = event.event.scale, event.awards.scaled
    return None if scale is None or scaled is None else show_or_none(scaled.get(code), scale.places)


def item_steps(event: EventScorer, code: str) -> list[Step]:
    """Explain the place in every single item."""
    return [_item_step(event, item, code) for item in event.items]


def _item_step(event: EventScorer, item: ItemState, code: str) -> Step:
    rank = item.ranks.get(code)
    if rank is None:
        text = msg("单项“%(name)s”：没有名次", name=item.item.name)
        return Step(kind=StepKind.ITEM, code=item.item.code, text=text)
    score = show(item.score(code) or 0, item.state.plan.places)
    text = msg(
        "单项“%(name)s”：第 %(rank)s 名，%(score)s 分",
        name=item.item.name,
        rank=rank,
        score=score,
    )
    awards = [_given_step(dealt, code) for dealt in event.awards.deal_item(item)]
    won = tuple(step for step in awards if step is not None)
    return Step(kind=StepKind.ITEM, code=item.item.code, text=text, steps=won)


def team_steps(event: EventScorer, code: str) -> list[Step]:
    """Explain the place of the entrant's team."""
    teams = event.teams
    if teams is None or code not in teams.team_of:
        return []
    team = teams.team_of[code]
    score = teams.scores[team]
    counted = _team_total(event, team)
    rank = teams.standing.by_code().get(team)
    if rank is None:
        text = msg("%(team)s 队：没有名次", team=team)
        why = _why_no_team_rank(event, team)
        steps = (Step(kind=StepKind.TEAM, text=counted), Step(kind=StepKind.TEAM, text=why))
        return [Step(kind=StepKind.TEAM, code=team, text=text, steps=steps)]
    total = show(score.total, teams.places)
    text = msg("%(team)s 队：第 %(rank)s 名，总分 %(total)s", team=team, rank=rank, total=total)
    lines = [Step(kind=StepKind.TEAM, text=counted)]
    lines += [Step(kind=StepKind.TEAM, text=text) for text in _beside(event, team)]
    if code not in score.members:
        lines.append(Step(kind=StepKind.TEAM, text=msg("本人的成绩没有计入代表队")))
    won = (_given_step(dealt, team) for dealt in event.awards.deal_teams())
    lines += [step for step in won if step is not None]
    return [Step(kind=StepKind.TEAM, code=team, text=text, steps=tuple(lines))]


def _beside(event: EventScorer, team: str) -> Iterator[Message]:
    """Compare the team with its neighbours of the same total."""
    teams = event.teams
    assert teams is not None
    order, ranks = teams.standing.codes(), teams.standing.by_code()
    place = order.index(team)
    for other in (*order[:place][-1:], *order[place + 1 :][:1]):
        is_after = order.index(other) < place
        why = team_tie_sentence(event, *((other, team) if is_after else (team, other)))
        if why is not None:
            yield beside_words(other, why, level=ranks[other] == ranks[team], behind=is_after)


def _team_total(event: EventScorer, team: str) -> Message:
    """The sum or the mean of the counting members' totals, and who they are."""
    teams = event.teams
    assert teams is not None
    members = teams.scores[team].members
    if not members:
        return msg("没有计入的队员，计 0 分")
    points: Number = sum(event.finals.places[member].total or 0 for member in members)
    written = " + ".join(exact_total(event, member) for member in members)
    if teams.rule.method is TeamMethod.MEAN:
        points = divided(points, teams.rule.best)
        written = f"({written}) ÷ {teams.rule.best}"
    return msg(
        "%(equation)s；计入 %(members)s",
        equation=equation(divided(points, 10**teams.places), written, teams.places, teams.mode),
        members=codes(members),
    )


def exact_total(event: EventScorer, code: str) -> str:
    """A final total as it is published."""
    return show(event.finals.places[code].total or 0, event.event.rounding.total)


def _why_no_team_rank(event: EventScorer, team: str) -> Message:
    teams = event.teams
    assert teams is not None
    people, rule = teams.people[team], teams.rule
    kinds = crewed(event.entrants.values())
    if people < rule.min_members:
        return msg("报名 %(there)s 人，至少要 %(least)s 人", there=people, least=rule.min_members)
    if not teams.scores[team].members:
        return msg("没有一人有名次")
    return msg(
        "要 %(best)s有名次，只有 %(there)s",
        best=heads(rule.best, kinds),
        there=heads(len(teams.scores[team].members), kinds),
    )


def award_steps(event: EventScorer, code: str) -> list[Step]:
    """Explain each award of the people's chain down to the entrant's own: given, or why not."""
    steps: list[Step] = []
    if event.finals.places[code].rank is None:
        if event.awards.people:
            steps.append(Step(kind=StepKind.AWARD, text=msg("没有名次，不参加评奖")))
        return steps
    for dealt in event.awards.people:
        steps.append(_person_award_step(event, dealt, code))
        if steps[-1].met:
            break
    return steps


def _person_award_step(event: EventScorer, dealt: Dealt, code: str) -> Step:
    got = _given_step(dealt, code)
    if got is not None:
        return got
    why = _not_met(event, dealt.award, code) or _used_up(dealt)
    text = msg("没有得%(award)s：%(why)s", award=dealt.award.name, why=why)
    return Step(kind=StepKind.AWARD, code=dealt.award.code, met=False, text=text)


def _given_step(dealt: Dealt, code: str) -> Step | None:
    """The award, where the entrant got it."""
    rank = next((rank for rank, winner in dealt.winners if winner == code), None)
    if rank is None:
        return None
    text = msg(
        "得%(award)s：第 %(rank)s 名，%(places)s",
        award=dealt.award.name,
        rank=rank,
        places=_places(dealt),
    )
    return Step(kind=StepKind.AWARD, code=dealt.award.code, met=True, text=text)


def _places(dealt: Dealt) -> Message:
    """Say how many places an award has, how far they reached, and who joins by points."""
    within = dealt.award.within
    if within is None:
        return _numbers(dealt)
    return msg(
        "%(numbers)s，低不超过 %(within)s 分的一起得",
        numbers=_numbers(dealt),
        within=number(exact(within)),
    )


def _numbers(dealt: Dealt) -> Message:
    number_of = dealt.number
    if dealt.taken_off:
        return msg(
            "共 %(number)s 个，上一奖项并列多发占去 %(off)s 个，发了 %(given)s 个",
            number=number_of,
            off=dealt.taken_off,
            given=len(dealt.winners),
        )
    return msg("共 %(number)s 个，发了 %(given)s 个", number=number_of, given=len(dealt.winners))


def _used_up(dealt: Dealt) -> Message:
    if not dealt.winners:
        return msg("没有名额（%(places)s）", places=_places(dealt))
    return msg(
        "名额到第 %(rank)s 名用完（%(places)s）", rank=dealt.winners[-1][0], places=_places(dealt)
    )


def _not_met(event: EventScorer, award: Award, code: str) -> Message | None:
    """Say which condition stood in the way."""
    total = event.finals.places[code].total
    if not reaches(award, total, 10**event.event.rounding.total):
        return msg(
            "总分 %(total)s，至少要 %(least)s",
            total=exact_total(event, code),
            least=number(exact(award.min_total or 0)),
        )
    if not event.awards.reaches_scaled(award, code):
        return msg(
            "标准分 %(scaled)s，至少要 %(least)s",
            scaled=_scaled(event, code) or "—",
            least=number(exact(award.min_scaled or 0)),
        )
    if award.pass_modules and not event.passing.passed(code, award.pass_modules):
        failed = dict.fromkeys(event.passing.failed(code, award.pass_modules))
        return msg("没有及格或没有参加：%(modules)s", modules=codes(list(failed)))
    return None
