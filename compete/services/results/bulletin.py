"""The bulletin of a period of a labour competition (通报), every figure out of what stands."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from compete.documents.bulletin import Bar, Bulletin, Chapter, render_bulletin
from compete.documents.dates import printed_date
from compete.documents.lists import Column, Row, Section
from compete.documents.standings_list import NONE
from compete.documents.typesetting import PrintedFile
from compete.domain.bundle.results import LabourRow
from compete.domain.explanation.labour_moves import percent
from compete.domain.labour.closed_periods import lifted_vetoes, lifted_words
from compete.domain.labour.head_counts import head_count
from compete.domain.labour.period_kinds import commonest
from compete.domain.labour.shares import before_of, moved_since, shares_of
from compete.domain.labour.totals import PLACES
from compete.domain.labour.tree import PeriodTree
from compete.domain.labour.unit_spans import span_words, unit_spans
from compete.domain.values.distinction_states import DistinctionKind
from compete.domain.values.messages import Message, Translate, listed, msg, some_of
from compete.domain.values.period_states import LookResult
from compete.domain.values.points import round_half_up, show
from compete.models import Competition, Distinction, LabourLook, Publication, db
from compete.services.kernel.clock import local_time, local_today
from compete.services.kernel.installation import fonts
from compete.services.kernel.publications import latest_publication
from compete.services.results.announced_periods import (
    announced_labour,
    announces,
    announcing,
    open_periods,
)
from compete.services.results.bends import bends_of
from compete.services.results.bulletin_corrections import corrections_chapter
from compete.services.results.bulletin_flags import (
    flags_chapter,
    flags_within,
    has_flags,
    prizes_chapter,
)
from compete.services.results.bulletin_tables import (
    Told,
    moves_chapter,
    ranks_chapter,
    whole_standings,
)
from compete.services.results.bulletin_to_do import to_do_chapter
from compete.services.results.indicator_departments import departments_of_indicators
from compete.services.results.nominated_awards_in_force import approved_distinctions
from compete.services.results.notice import stamp_of
from compete.services.results.shown_version import edition_of_period
from compete.services.scoring.journeys import flag_journey
from compete.services.scoring.live_labour import labour_live


def _look_lines(competition: Competition, leaves: Sequence[tuple[str, str]]) -> list[Message]:
    """A sentence for each leaf period (code and name) of which squares were drawn, in order."""
    looks = db.session.scalars(
        select(LabourLook)
        .where(
            LabourLook.competition_id == competition.id,
            LabourLook.period.in_([code for code, _name in leaves]),
        )
        .options(selectinload(LabourLook.findings))
        .order_by(LabourLook.id)
    )
    by_period = {look.period: look for look in looks}
    return [
        _line(by_period[code], name, alone=len(leaves) == 1)
        for code, name in leaves
        if code in by_period
    ]


def _line(look: LabourLook, name: str, *, alone: bool) -> Message:
    newest = {(row.unit_id, row.indicator): row.result for row in look.findings}
    counts = Counter(newest.values())
    numbers = {
        "pool": sum(len(codes) for codes in look.pool.values()),
        "drawn": len(look.drawn),
        "agrees": counts[LookResult.AGREES],
        "differs": counts[LookResult.DIFFERS],
        "unproven": counts[LookResult.UNPROVEN],
        "left": len(look.drawn) - len(newest),
    }
    if not alone:
        return msg(
            "%(period)s二次抽查：%(pool)s 格里抽 %(drawn)s 格，一致 %(agrees)s，"
            "不一致 %(differs)s，没有证据 %(unproven)s，还没核 %(left)s。",
            period=name,
            **numbers,
        )
    return msg(
        "二次抽查：%(pool)s 格里抽 %(drawn)s 格，一致 %(agrees)s，不一致 %(differs)s，"
        "没有证据 %(unproven)s，还没核 %(left)s。种子 %(seed)s，谁都能重抽。",
        seed=look.seed,
        **numbers,
    )


def _issue_words(competition: Competition, report: Told) -> Message | str:
    """The issue, 第 9 期, with the year if the competition is within one; nothing for the whole.

    A month that closes a quarter has one number with the quarter: printed by itself it says so.
    """
    tree = report.live.outcome.field.tree
    regular = _regular(tree)
    closing = _closing_leaf(report)
    leaf = closing or report.period
    if leaf not in regular:
        return ""
    issue = msg("第 %(n)s 期", n=regular.index(leaf) + 1)
    if competition.starts and competition.ends and competition.starts.year == competition.ends.year:
        issue = msg("%(year)s年%(issue)s", year=competition.starts.year, issue=issue)
    if any(_closed_by(tree, code) == leaf for code in list(tree.around(report.period))[1:]):
        return msg("%(issue)s（单印）", issue=issue)
    return issue


def _title_words(report: Told) -> Message | str:
    """The title's words on the period: `9 月暨三季度` where a month closes the quarter."""
    closing = _closing_leaf(report)
    name = report.name(report.period)
    if closing is None:
        return name
    return msg("%(leaf)s暨%(period)s", leaf=report.name(closing), period=name)


def _closing_leaf(report: Told) -> str | None:
    """The month with which a quarter ends; None of a leaf, and of a year made of quarters."""
    return _closed_by(report.live.outcome.field.tree, report.period)


def _closed_by(tree: PeriodTree, period: str) -> str | None:
    inside = [leaf for leaf in _regular(tree) if period in tree.around(leaf) and leaf != period]
    if len(inside) < 2 or (period == tree.root and inside[-1] not in tree.parts[period]):
        return None
    return inside[-1]


def _regular(tree: PeriodTree) -> list[str]:
    """The leaves of the sort of which there are most: months, not the inspections beside them."""
    return commonest(tree, tree.leaves)


_PEOPLE = frozenset({DistinctionKind.WORKER, DistinctionKind.ENTRANT, DistinctionKind.COACH})


def is_whole(report: Told) -> bool:
    """True if the period is the whole of a competition, such as its year, which awards are for."""
    tree = report.live.outcome.field.tree
    return bool(tree.parts[report.period]) and tree.periods[report.period].part_of is None


def _awards_chapter(report: Told, given: Sequence[tuple[Distinction, str]]) -> Chapter:
    """The chapter of awards: by title, with where the unit stands; `given` with holders' names."""
    places = {row.unit: row for row in report.rows}
    rows = []
    for award, called in given:
        place = places.get(award.unit.code) if award.unit is not None else None
        cells = (
            award.title,
            called,
            award.of_unit or NONE,
            str(place.rank) if place is not None and place.rank is not None else NONE,
            (place.total if place is not None else None) or NONE,
        )
        rows.append(Row(cells, who=called))
    columns = [
        Column(msg("奖项"), width=3),
        Column(msg("评给"), width=4),
        Column(msg("单位"), width=4),
        Column(msg("单位名次"), align="right"),
        Column(msg("单位得分"), align="right"),
    ]
    counts = Counter((award.title, award.kind) for award, _called in given)
    sentence = listed([_counted(title, kind, n) for (title, kind), n in counts.items()])
    people = any(award.kind in _PEOPLE and not award.full_name for award, _called in given)
    hint = [report.say(msg("没有同意写全的，姓名隐去一部分。"))] if people else []
    return Chapter(
        report.say(msg("评选奖项")),
        before=[report.say(msg("%(said)s。", said=sentence))],
        table=Section("", columns, rows),
        after=hint,
    )


def _counted(title: str, kind: DistinctionKind, n: int) -> Message:
    if kind is DistinctionKind.UNIT:
        return msg("%(title)s %(n)s 家", title=title, n=n)
    if kind is DistinctionKind.TEAM:
        return msg("%(title)s %(n)s 个", title=title, n=n)
    return msg("%(title)s %(n)s 人", title=title, n=n)


def print_bulletin(
    competition: Competition,
    period: str,
    translate: Translate | None = None,
    publication: Publication | None = None,
) -> PrintedFile:
    """The bulletin of one period as PDF, see `bulletin_of`."""
    bulletin = bulletin_of(competition, period, translate, publication)
    return render_bulletin(bulletin, fonts=fonts(), translate=translate)


def bulletin_of(
    competition: Competition,
    period: str,
    translate: Translate | None = None,
    publication: Publication | None = None,
) -> Bulletin:
    """The bulletin of one period: as a version announces it, else 暂定 by what stands.

    The version is the one given, or the newest that announces the period; that one says so
    where a correction to it is not out yet. KeyError for a period that is unknown, or that
    the given version does not announce.
    """
    stale = None
    if publication is None:
        publication = announcing(competition, period)
        if publication is not None:
            stands, _said = edition_of_period(competition, labour_live(competition), period)
            stale = publication.version if stands is None else None
    elif not announces(publication, period):
        raise KeyError(period)
    live = announced_labour(publication) if publication else labour_live(competition)
    before = before_of(live.outcome, period)
    if publication is not None and before is not None and not announces(publication, before):
        before = None
    departments = departments_of_indicators(competition, publication)
    report = Told(
        live,
        period,
        before,
        live.standings[period],
        translate,
        flag_journey(competition, live),
        departments,
        open_periods(competition, publication),
    )
    day = printed_date(
        local_time(publication.published_at).date() if publication else local_today(), translate
    )
    old = publication is not None and publication != latest_publication(competition)
    bends = [
        msg("和原定不同：%(what)s", what=bend.line)
        for bend in bends_of(competition, by=publication if old else None)
    ]
    chapters = [
        _whole(report, stale, [*_look_lines(competition, _leaves(report)), *bends]),
        ranks_chapter(report),
        *([flags_chapter(report)] if has_flags(report) else flags_within(report)),
        *prizes_chapter(report),
        *([moves_chapter(report)] if report.before is not None else []),
        *_awards(competition, report, publication),
        *corrections_chapter(competition, report, publication),
        to_do_chapter(competition, report),
    ]
    numbered = [
        replace(
            chapter,
            title=report.say(
                msg("%(place)s、%(title)s", place=_PLACES[place], title=chapter.title)
            ),
        )
        for place, chapter in enumerate(chapters)
    ]
    return Bulletin(
        issuer=competition.issuer,
        competition=competition.name if competition.host else "",
        issue=report.say(_issue_words(competition, report)),
        period=report.say(_title_words(report)),
        day=day,
        ticks=len(report.rows),
        chapters=[*numbered, *whole_standings(report)],
        stamp=stamp_of(publication),
    )


_MOST_BARS = 10
_PLACES = (
    *(msg("一"), msg("二"), msg("三"), msg("四")),
    *(msg("五"), msg("六"), msg("七"), msg("八")),
)


def _awards(
    competition: Competition, report: Told, publication: Publication | None
) -> list[Chapter]:
    """The chapter of awards: beside the newest version alone, for the whole of a competition."""
    newest = latest_publication(competition)
    if not is_whole(report) or (publication is not None and publication != newest):
        return []
    given = approved_distinctions(competition, publication)
    return [_awards_chapter(report, given)] if given else []


def _leaves(report: Told) -> list[tuple[str, str]]:
    """The leaf periods inside that the version tells, with their names."""
    tree = report.live.outcome.field.tree
    return [(leaf, report.name(leaf)) for leaf in tree.leaves_in(report.period)]


def _whole(report: Told, stale: int | None, besides: Sequence[Message]) -> Chapter:
    """The chapter on the whole: who takes part, what is missing, the mean and how it moved, more.

    `stale` is the number of a version since which the period, or a unit's name, was changed.
    """
    lines: list[Message | str] = [msg("%(n)s 家参赛", n=len(report.rows) - len(report.away))]
    if report.away:
        names = some_of([report.unit(row.unit) for row in report.rows if row.unit in report.away])
        lines.append(msg("%(n)s 家没有参加：%(names)s", n=len(report.away), names=names))
    people = head_count(report.heads, [row.unit for row in report.rows], report.away).words
    if people is not None:
        lines.append(people)
    gone = [row for row in report.rows if row.total is None and row.unit not in report.away]
    empty = [row for row in gone if report.live.is_absent(report.period, row.unit)]
    missing = [row for row in gone if row.missing and row not in empty]
    behind = len(gone) - len(empty) - len(missing)
    if missing:
        lines.append(msg("%(n)s 家还没填齐，没有总分", n=len(missing)))
    if behind:
        lines.append(msg("%(n)s 家里面的期次还没填齐", n=behind))
    if empty:
        lines.append(msg("%(n)s 家还没有数", n=len(empty)))
    gaps = {
        row.unit
        for leaf in report.live.outcome.field.tree.leaves_in(report.period)
        # Whether they took no part or are not complete.
        for row in report.live.standings[leaf]
        if row.total is None
    }
    gaps -= report.away
    if gaps and not gone:
        lines.append(msg("%(n)s 家有的期次没有数据，平均时不算那几期", n=len(gaps)))
    elif not gone:
        lines.append(msg("各项都填齐了，没有缺项"))
    mean = _mean_words(report, report.period, report.before)
    if mean is not None:
        lines.append(mean)
    closing = _closing_leaf(report)
    if closing is not None:
        last = _mean_words(report, closing, before_of(report.live.outcome, closing))
        if last is not None:
            lines.append(msg("%(period)s%(said)s", period=report.name(closing), said=last))
    vetoed, warned = (
        sum(getattr(row, what) for row in report.rows) for what in ("vetoed", "warned")
    )
    lines.append(msg("一票否决 %(barred)s 家，黄牌 %(warned)s 家", barred=vetoed, warned=warned))
    before = [report.say(msg("%(said)s。", said=listed(lines, msg("；"))))]
    if stale is not None:
        late = msg("这是第 %(n)s 版；公布以后改过，改的还没公布。", n=stale)
        before.insert(0, report.say(late))
    before += [report.say(msg("%(said)s。", said=message)) for message in _lifted(report)]
    before += [report.say(msg("%(said)s。", said=message)) for message in _spans(report)]
    before += [report.say(message) for message in besides]
    bars = _share_bars(report)
    if bars:
        before.append(report.say(msg("各项得分占最多能得的多少：")))
    return Chapter(report.say(msg("总的情况")), before=before, bars=bars)


def _share_bars(report: Told) -> list[Bar]:
    """The bars of each heading: the share of full marks that all units together got.

    None where there is one alone, or so many that they would fill the page.
    """
    names = {
        indicator.code: indicator.heading or indicator.name
        for indicator in report.live.labour.indicators
    }
    got, full = defaultdict[str, Fraction](Fraction), defaultdict[str, Fraction](Fraction)
    for row in report.rows:
        shares = shares_of(report.live.outcome, report.period, row.unit)
        if shares is None:
            continue
        for code, points in shares.indicators.items():
            got[names[code]] += points
            full[names[code]] += points + shares.lost[code]
    shown = [name for name in dict.fromkeys(names.values()) if full[name] > 0]
    if not 1 < len(shown) <= _MOST_BARS:
        return []
    pairs = [(name, round_half_up(got[name] * 100 / full[name], 1, 1)) for name in shown]
    return [Bar(name, f"{show(share, 1)}%", max(0, share) / 10) for name, share in pairs]


def _lifted(report: Told) -> list[Message]:
    """Say which vetoes of the period were taken back: who has lost one reads why."""
    tree = report.live.outcome.field.tree
    return [
        lifted_words(veto, report.live.units.get(veto.unit, veto.unit), report.name(veto.period))
        for veto in lifted_vetoes(report.live.labour, tree, report.period)
    ]


def _spans(report: Told) -> list[Message]:
    """Say which units came, left or were merged by the end of the period, and how they count."""
    labour, leaves = report.live.labour, report.live.outcome.field.tree.leaves
    ends = max(map(leaves.index, report.live.outcome.field.tree.leaves_in(report.period)))
    sentences = []
    for unit, span in unit_spans(labour).items():
        words = span_words(span, labour.period_names, report.live.units)
        bounds = [it for it in (span.first, span.last) if it in leaves]
        if words is not None and any(leaves.index(it) <= ends for it in bounds):
            sentences.append(msg("%(unit)s %(said)s", unit=report.unit(unit), said=words))
    return sentences


def _mean_words(report: Told, period: str, before: str | None) -> Message | None:
    """The mean of a period's totals, and how what was got of what both ask moved since before."""
    mean = _mean(report.live.standings[period])
    if mean is None:
        return None
    outcome = report.live.outcome
    moves = [
        movement
        for row in (report.live.standings[period] if before is not None else ())
        if before is not None
        and (movement := moved_since(outcome, before, period, row.unit)) is not None
    ]
    if before is None or not moves:
        return msg("全体平均 %(mean)s", mean=show(mean, PLACES))
    was, now = (
        percent(sum((getattr(it, key) for it in moves), Fraction(0)) / len(moves))
        for key in ("was", "now")
    )
    whose: list[Message | str] = []
    if len(moves) < sum(row.total is not None for row in report.live.standings[period]):
        whose.append(msg("两期都有总分的 %(n)s 家", n=len(moves)))
    if any(it.once or it.full[0] != it.full[1] for it in moves):
        whose.append(msg("两期都考的"))
    return msg(
        "全体平均 %(mean)s；比%(before)s，%(whose)s得分率 %(was)s → %(now)s",
        mean=show(mean, PLACES),
        before=report.name(before),
        whose=listed(whose, msg("，")),
        was=was,
        now=now,
    )


def _mean(rows: Sequence[LabourRow]) -> int | None:
    """The mean of the totals in hundredths, rounded half up; None where nobody has one."""
    totals = [Fraction(row.total) for row in rows if row.total is not None]
    return round_half_up(sum(totals, Fraction(0)) / len(totals), 1, PLACES) if totals else None
