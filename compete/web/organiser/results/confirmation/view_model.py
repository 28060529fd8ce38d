"""Facts to weigh before a step that cannot be taken back, counted and named."""

from __future__ import annotations

from collections.abc import Iterator

from flask import url_for
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.awards.won import award_count, honour_count
from compete.domain.bundle.crews import heads
from compete.domain.evaluation.unranked_results import verdicts_of
from compete.domain.kinds.kinds import competition_kind
from compete.domain.values.messages import listed
from compete.domain.values.states import CompetitionState
from compete.models import Competition, Event
from compete.services.appeals.appeal_states import appeals_of, to_carry_out
from compete.services.closing.lock_blockers import unsigned_sheets
from compete.services.closing.penalties_and_outcomes import decision_label
from compete.services.competitions.file_versions import passes_unreached
from compete.services.competitions.overview import thin_panels
from compete.services.competitions.same_day_approvals import (
    is_overdue,
    uncountersigned,
    why_not_countersign,
)
from compete.services.kernel.event_rules import rules_of
from compete.services.kernel.participants import crewed_in
from compete.services.registration.entrant_lookup import entrants_by_code
from compete.services.registration.people import count_waiting
from compete.services.registration.window import open_until
from compete.services.results.outdated_decisions import foreseen
from compete.services.schedule.drawn_places import drawn_so_far
from compete.services.schedule.stations import stations_judged
from compete.services.scoring.live import Live
from compete.web.guard import allowed_url
from compete.web.language import say
from compete.web.organiser.appeals.arbiters import ordered_words
from compete.web.organiser.competition_words import without_place
from compete.web.organiser.last_look import Fact, make_fact
from compete.web.organiser.shapes import Link, link_to
from compete.web.templating import moment
from compete.web.words import NAMES_SHOWN, some_names

Facts = list[Fact]


def sheets_fact(count: int, unsigned: int, whose: str = "", *, locked: int = 0) -> Fact:
    """Count the sheets, those that nobody has signed, and those that were locked."""
    what = _("锁住 %(n)s 张评分表", n=count)
    if locked:
        if not count:
            return make_fact(_("%(n)s 张评分表都已随模块锁定", n=locked), "")
        what = _("锁住 %(n)s 张评分表，另有 %(locked)s 张已随模块锁定", n=count, locked=locked)
    if not unsigned:
        return make_fact(what, "")
    if not whose:
        return make_fact(what, _("其中 %(n)s 张没签名，锁定以后不能再签", n=unsigned))
    warning = _("其中 %(n)s 张没签名：%(whose)s。锁定以后不能再签", n=unsigned, whose=whose)
    return make_fact(what, warning)


def _without_place(competition: Competition) -> str:
    """Say what becomes of people without a station, by how the judges of the first stages sit."""
    at_stations = {
        bool(stations_judged(event, stage.code, module.code))
        for event in competition.events
        for stage in rules_of(event).stages[:1]
        for module in stage.modules
    }
    if at_stations == {True}:
        return _("排到人最少的工位；工位上没有裁判的，先不生成评分表。")
    if True in at_stations:
        return _("裁判分工位的模块，排到人最少的工位；别的模块照评，工位还是空的。")
    return _("照评，工位还是空的：裁判没有分工位。")


def opening_facts(competition: Competition) -> Iterator[Fact]:
    """Say for whom sheets are made, who has no place, which panels are short, what stays."""
    places, kinds = drawn_so_far(competition), crewed_in(competition)
    yield make_fact(
        _("给 %(who)s生成评分表", who=say(heads(places.expected, kinds))),
        _("裁判扫码就能评。缺考的、退赛的不算。"),
    )
    if firsts := _first_stages(competition):
        yield make_fact(
            _("先评：%(stages)s", stages=say(listed(firsts))),
            _("后面的赛段等它评完、锁定再开始，那时才定谁进、抽工位。"),
        )
    if places.placed and places.without_place:
        yield make_fact(
            _("%(who)s没有工位", who=without_place(competition, places)),
            _without_place(competition),
        )
    if not places.placed:
        yield make_fact(
            _("还没有抽签"),
            _("谁都没有场次和工位，谁先评都一样。要抽签的先去抽，开始以后不能再抽。"),
            Link(label=_("去抽签"), url=url_for("organiser.draws")),
        )
    if until := open_until(competition):
        yield make_fact(
            _("报名还开着，%(at)s 截止", at=moment(until)),
            _("开始以后单位和本人不能再报，只有组委会能加人。"),
        )
    if waiting := count_waiting(competition):
        yield make_fact(
            _("报名的 %(n)s 人还没看", n=waiting),
            _("没收下的不评分；开始以后还能收，单位自己不能再报。"),
        )
    judges = Link(label=_("去补裁判"), url=url_for("organiser.judges"))
    for thin in thin_panels(competition):
        yield make_fact(
            _("“%(module)s”裁判不够", module=thin.module),
            _(
                "规则要 %(wanted)s 位，有的工位只有 %(n)s 位。照样能开始",
                wanted=thin.wanted,
                n=thin.judges,
            ),
            judges,
        )
    changed = _("规则要裁判长和监督都同意才能改。晚来的人还能补报，裁判还能换，时间还能整批改。")
    yield make_fact(_("抽签不能再改，有评分表的不能再挪工位"), changed)


def _first_stages(competition: Competition) -> list[str]:
    """The first stage of each event that has several, with the event's name among others."""
    several = len(competition.events) > 1
    return [
        f"{event.name} {stages[0].name}" if several else stages[0].name
        for event in competition.events
        if len(stages := rules_of(event).stages) > 1
    ]


def placed_facts(competition: Competition, live: Live) -> Iterator[Fact]:
    """Count the ranked, name the others, and say what the rules then give; or count the passed."""
    if competition_kind(competition).gives_verdicts:
        yield from _passed_facts(live)
        return
    ranked, awards, honours, promoted = 0, 0, 0, 0
    bare: list[str] = []
    for event in live.results.events:
        awards += award_count(event)
        honours += honour_count(event)
        promoted += sum(row.change == "promoted" for row in event.grades or ())
        ranked += sum(row.rank is not None for row in event.standings)
        bare += [row.entrant for row in event.standings if row.rank is None]
    left, kinds = _people_labels(competition, bare), crewed_in(competition)
    yield make_fact(
        _("%(who)s有名次", who=say(heads(ranked, kinds))),
        _("获奖 %(awards)s 个，拟晋升 %(grades)s 人", awards=awards, grades=promoted)
        if not honours
        else _(
            "获奖 %(awards)s 个，荣誉称号 %(honours)s 个，拟晋升 %(grades)s 人",
            awards=awards,
            honours=honours,
            grades=promoted,
        ),
    )
    if left:
        yield make_fact(
            _("没有名次 %(who)s", who=say(heads(len(bare), kinds))), some_names(left, len(bare))
        )


def _passed_facts(live: Live) -> Facts:
    tallies = [verdicts_of(event).counts for event in live.results.events]
    rest = ("fail", "absent", "dsq")
    given = sum(len(event.grades or ()) for event in live.results.events)
    return [
        make_fact(
            _("合格 %(n)s 人", n=sum(counts["pass"] for counts in tallies)),
            _("其中条件也够、拟认定等级 %(n)s 人", n=given),
        ),
        make_fact(
            _(
                "不合格 %(failed)s 人，缺考 %(absent)s 人",
                failed=sum(counts["fail"] for counts in tallies),
                absent=sum(counts["absent"] for counts in tallies),
            ),
            _("只有本人看得到"),
        ),
    ][: 1 + any(counts[key] for counts in tallies for key in rest)]


def foreseen_facts(competition: Competition, live: Live) -> Facts:
    """Count what would be up for settling, certified or given by hand: told before publishing."""
    changed = foreseen(competition, live.bundle, live.results)
    lost = (
        [
            make_fact(
                _("评了还没发证的，%(n)s 项照这一版站不住", n=changed.given),
                _("公布以后要一项项定：撤回或保留，定以前发不了新证。"),
            )
        ]
        if changed.given
        else []
    )
    if not changed.all:
        return lost
    text = _("公布以后要一张张定：撤回、换发或保留，没办完的查验写“复核中”，也发不了新证。")
    if changed.printed:
        text += (
            _("其中 %(n)s 张奖项和等级不变，只是印的名次或成绩变了。", n=changed.printed)
            if not competition_kind(competition).gives_verdicts
            else _("其中 %(n)s 张等级不变，只是印的字变了。", n=changed.printed)
        )
    return [make_fact(_("已发的证书里 %(n)s 张和这一版不一样", n=changed.all), text), *lost]


def unreached_facts(competition: Competition) -> Facts:
    """Warn that the file's first version may pass people who reached no later stage."""
    events = passes_unreached(competition)
    if not events:
        return []
    return [
        make_fact(
            _("“%(events)s”没进后面赛段的也可能晋升、得奖", events=say(listed(events))),
            _(
                "照竞赛文件第 1 版，“都合格”只看到过的赛段。换成第 2 版，没到过的就不算合格；"
                "换以前先看会变的结果。"
            ),
            link_to(_("去看"), allowed_url("organiser.file_version")),
        )
    ]


def ordered_facts(competition: Competition) -> Facts:
    """Decisions on appeals that are not carried out: what goes out does not have them in it."""
    ordered = sum(to_carry_out(appeal) for appeal in appeals_of(competition))
    if not ordered:
        return []
    url = url_for("organiser.appeals")
    return [
        make_fact(
            ordered_words(ordered),
            _("现在公布的还没照决定改；执行了再公布，不用又出一版"),
            Link(label=_("去“申诉”里看"), url=url),
        )
    ]


def _people_labels(competition: Competition, codes: list[str]) -> list[str]:
    """The first of these people; of a blind event only by their labels while marks can change."""
    judging = competition.state is CompetitionState.JUDGING
    first = codes[:NAMES_SHOWN]
    people = entrants_by_code(competition, first)
    return [
        decision_label(people[code])
        if judging and people[code].event.blind
        else f"{code} {people[code].name}"
        for code in first
    ]


def submitted_labels(
    event: Event, stage: str, module: str, session: str | None, number: int, *, wanted: bool
) -> str:
    """The first labels, with their judges, of the sheets that are in without a signature."""
    first = unsigned_sheets(event, stage, module, session, NAMES_SHOWN, wanted=wanted)
    return some_names(
        [_("%(name)s（%(more)s）", name=label, more=judge) for label, judge in first], number
    )


def paper_facts(competition: Competition) -> Facts:
    """Signed papers that nobody has countersigned: until when, and who can."""
    url = allowed_url("organiser.second_person", _anchor="papers")
    facts = []
    for paper in uncountersigned(competition):
        why = why_not_countersign(paper, current_user)
        notes = [_("%(at)s 前补签", at=moment(paper.due_at)), say(why) if why else ""]
        facts.append(
            make_fact(
                _("“%(what)s”的签字件过期没补签", what=paper.what)
                if is_overdue(paper)
                else _("“%(what)s”的签字件等补签", what=paper.what),
                _("；").join(filter(None, notes)),
                link_to(_("去看") if why else _("去补签"), url),
            )
        )
    return facts
