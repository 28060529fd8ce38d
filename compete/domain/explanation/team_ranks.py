"""Explanation of a team before another with the same total, or beside it."""

from __future__ import annotations

from compete.domain.explanation.ranks import deciding_key
from compete.domain.explanation.steps import number, seconds_words
from compete.domain.ranking.teams import TeamState
from compete.domain.scoring.event_scorer import EventScorer
from compete.domain.values.messages import Message, msg
from compete.domain.values.points import Number, show


def team_tie_sentence(event: EventScorer, better: str, worse: str) -> Message | None:
    """Say how tie keys part two ranked teams with one total; None where totals differ."""
    teams = event.teams
    if teams is None or not {better, worse} <= teams.standing.keys.keys():
        return None
    if teams.scores[better].total != teams.scores[worse].total:
        return None
    place = deciding_key(teams.standing, better, worse)
    if place is None:
        return msg("总分和同分要比的各项都相同")
    text = teams.rule.ties[place - 1]
    values = [_value(event, teams, team, text) for team in (better, worse)]
    sign = "<" if text == "best_rank" or text.startswith("time:") else ">"
    if None in values:
        shown = [msg("没有") if value is None else value for value in values]
        comparison = msg("%(better)s，%(worse)s", better=shown[0], worse=shown[1])
    else:
        comparison = msg(
            "%(better)s %(sign)s %(worse)s", better=values[0], sign=sign, worse=values[1]
        )
    return msg("总分相同，%(key)s %(values)s", key=_name(event, text), values=comparison)


def _name(event: EventScorer, text: str) -> Message:
    if text == "best":
        return msg("队里最高总成绩")
    if text == "best_rank":
        return msg("队里最好名次")
    kind, _, code = text.partition(":")
    names = {module.code: module.name for stage in event.event.stages for module in stage.modules}
    name = names.get(code, code)
    if kind == "time" and code not in names:
        if code == "all":
            return msg("全部用时之和")
        name = "＋".join(names.get(part, part) for part in code.split("+"))
    if kind == "time":
        return msg("%(name)s用时之和", name=name)
    return msg("%(name)s成绩之和", name=name)


def _value(event: EventScorer, teams: TeamState, team: str, text: str) -> Message | str | None:
    value: Number | None = teams.tie_value(team, text)
    if value is None:
        return None
    if text == "best":
        return show(int(value), event.event.rounding.total)
    if text.startswith("module:"):
        plan = event.finals.stages[event.finals.places[teams.scores[team].members[0]].stage].plan
        return show(int(value), plan.places)
    return seconds_words(number(value)) if text.startswith("time:") else number(value)
