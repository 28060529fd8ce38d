"""The 成绩汇总表 of one event: every mark on one paper, for those who sign for it."""

from __future__ import annotations

from collections.abc import Sequence

from compete.documents.lists import Column, ListDocument, Row, render_list
from compete.documents.standings_list import NONE
from compete.documents.typesetting import PrintedFile
from compete.domain.bundle.crews import called
from compete.domain.bundle.event_types import Event
from compete.domain.bundle.naming import module_name
from compete.domain.bundle.types import Bundle
from compete.domain.explanation.steps import number, reason_words
from compete.domain.explanation.ties import any_parted, explain_ties
from compete.domain.values.messages import Message, Translate, listed, msg
from compete.domain.values.points import exact
from compete.services.appeals.appeal_states import codes_under_appeal
from compete.services.jobs.papers.kinds import Asked, printed_as
from compete.services.kernel.installation import fonts
from compete.services.kernel.refusal import Refused
from compete.services.results.mark_heads import mark_heads
from compete.services.results.notice import ranked_in, stamp_of
from compete.services.results.score_figures import figures, took_part
from compete.services.results.shown_version import edition_of, named_as_published
from compete.services.scoring.live import live_scorer
from compete.sheets.results_workbook.score_columns import (
    Names,
    remark,
    score_titles,
    score_values,
    stage_rows,
    timed_module,
)

SCORE_SUMMARY = "score_summary"
_MANY = 7
"""With more columns of marks than these, the letters are smaller."""
_LONG = 20
"""A longer name of a column stands over the table."""


@printed_as(SCORE_SUMMARY, at_once=500, keys=ranked_in)
def print_score_summary(asked: Asked, _rows: Sequence[int] = ()) -> PrintedFile:
    """The marks of one event as they stand now, as PDF, names in full: it is for the files.

    It bears the version that says just the same, else 暂定. Raises `Refused` while nobody is
    in the event, `StopIteration` for an unknown one.
    """
    competition, event_code, translate = asked.competition, asked.of["event"], asked.translate
    with live_scorer(competition) as live:
        event = next((event for event in live.results.events if event.code == event_code), None)
        if event is None or not event.standings:
            raise Refused(msg("这个赛项还没有选手，没有可以汇总的"))
        scored = live.scorer.events[event_code]
        ties = explain_ties(scored, event).people if any_parted(event) else {}
        publication, edition = edition_of(competition, live.results, event_code)
        bundle, rules = named_as_published(live.bundle, publication), scored.event
    appealed = codes_under_appeal(competition)
    names, by_stage, docked = Names(bundle), stage_rows(event), _penalties(bundle, rules)
    timed = timed_module(rules) is not None
    rows = []
    for final in event.standings:
        person = names.person(final.entrant)
        noted = remark(rules, final, appealed, ties.get(final.entrant))
        notes = listed([*([noted] if noted else []), *docked.get(person.code, ())])
        rows.append(
            _row(
                [
                    str(final.rank) if final.rank is not None else None,
                    person.code,
                    called(person),
                    names.unit(person.unit),
                    *score_values(rules, by_stage, person.code),
                    final.total if final.rank is not None else None,
                    *([names.time_of(rules, final, by_stage)] if timed else []),
                    notes,
                ],
                translate,
            )
        )
    titles, told_above = mark_heads(score_titles(rules), translate, _LONG)
    document = ListDocument(
        title=msg("%(name)s成绩汇总表", name=bundle.competition.name).render(translate),
        subtitle=rules.name,
        columns=_columns(titles, timed),
        rows=rows,
        more=[figures(rules, event, msg("统计").render(translate), translate)],
        stamp=stamp_of(publication),
        before=[edition.render(translate), took_part(event).render(translate), *told_above],
        signatures=(
            msg("统分员"),
            msg("记分员"),
            msg("复核人"),
            msg("裁判长"),
            msg("监督"),
            msg("日期"),
        ),
        lying=True,
        text_size=13 if len(titles) <= _MANY else 11.5,
    )
    return render_list(document, fonts=fonts(), translate=translate, author=competition.issuer)


def _columns(titles: Sequence[Message | str], timed: bool) -> list[Column]:
    return [
        Column(msg("名次"), align="right"),
        Column(msg("编号")),
        Column(msg("姓名"), width=3),
        Column(msg("单位"), width=4),
        *(Column(msg("%(name)s", name=title), width=1.7, align="right") for title in titles),
        Column(msg("总成绩"), align="right"),
        *([Column(msg("用时"), align="right")] if timed else []),
        Column(msg("说明"), width=4),
    ]


def _row(values: Sequence[object], translate: Translate | None) -> Row:
    texts = [
        value.render(translate) if isinstance(value, Message) else "" if value is None else value
        for value in values
    ]
    cells = tuple(str(text) or NONE for text in texts)
    return Row(cells, who=cells[2])


def _penalties(bundle: Bundle, rules: Event) -> dict[str, list[Message]]:
    """The penalties taken off, module by module, with the reason."""
    modules = {
        (stage.code, module.code): module_name(rules, stage, module)
        for stage in rules.stages
        for module in stage.modules
    }
    own = {entrant.code for entrant in bundle.entrants if entrant.event == rules.code}
    by_entrant: dict[str, list[Message]] = {}
    for penalty in bundle.penalties:
        name = modules.get((penalty.stage, penalty.module))
        if name is None or penalty.entrant not in own:
            continue
        why = reason_words(penalty.reason, penalty.extra)
        lines = by_entrant.setdefault(penalty.entrant, [])
        if penalty.points is not None:
            off = number(exact(penalty.points))
            text = msg("%(module)s扣 %(n)s 分：%(reason)s", module=name, n=off, reason=why)
            lines.append(text)
        if penalty.seconds is not None:
            late = number(exact(penalty.seconds))
            text = msg("%(module)s罚时 %(n)s 秒：%(reason)s", module=name, n=late, reason=why)
            lines.append(text)
    return by_entrant
