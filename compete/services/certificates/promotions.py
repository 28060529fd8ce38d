"""Promotions (拟晋升名单): people to be raised in grade, on paper and as a workbook.

Grades on other grounds have a table of their own in it, for the certifying body takes both in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from compete.documents.lists import Column, Row, Section
from compete.documents.promotion_list import (
    PROMOTION_TITLES,
    WHO_COLUMNS,
    PromotionRow,
    promotion_cells,
    render_promotion_list,
)
from compete.documents.standings_list import NONE
from compete.documents.typesetting import PrintedFile
from compete.domain.bundle.event_types import Event
from compete.domain.bundle.results import EventResults
from compete.domain.explanation.grades import LEVEL_WORDS, rule_words
from compete.domain.grades.ladder import grade_label, ladder_in
from compete.domain.grades.proposals import kept_words
from compete.domain.values.claim_states import GROUND_WORDS, ClaimState
from compete.domain.values.days import date_words
from compete.domain.values.messages import Message, Translate, msg
from compete.domain.values.states import CompetitionState, GradeState, state_words
from compete.models import (
    Competition,
    Entrant,
    GradeClaim,
    GradeDecision,
    Member,
    Publication,
    db,
)
from compete.services.awards.holders import job_of, present_words, sex_of
from compete.services.certificates.claims import certificates_of_claims, claims_of, facts_of
from compete.services.certificates.grades_in_force import GradeNow, grades_now
from compete.services.certificates.part_scores import part_scores
from compete.services.closing.grade_proposals import grade_decisions_of
from compete.services.directory.occupations.claims import ladder_of_claim, occupation_of
from compete.services.jobs.papers.kinds import Asked, printed_as
from compete.services.kernel import audit
from compete.services.kernel.clock import date_text, local_today
from compete.services.kernel.event_rules import rules_of
from compete.services.kernel.installation import fonts
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import unit_of_work
from compete.services.results.notice import stamp_of
from compete.services.results.shown_version import edition_of
from compete.services.results.snapshots import published_names
from compete.services.scoring.grade_rules import find_rule
from compete.services.scoring.live import live_results

if TYPE_CHECKING:
    from compete.sheets.workbook.tables import Table

PROMOTIONS, PROMOTIONS_BOOK = "promotions", "promotions_book"
LISTED = (GradeState.PROPOSED, GradeState.APPROVED, GradeState.ISSUED)
"""The states on the list: who was put off or refused is not on it."""


@dataclass(frozen=True, slots=True)
class _Listed:
    """The people listed, what the list does not hold, and the version that it stands on."""

    rows: list[PromotionRow]
    notes: list[Message]
    publication: Publication | None
    edition: Message


def _listed_rows(asked: Asked) -> list[int]:
    query = select(GradeDecision.id).where(
        GradeDecision.event.has(competition_id=asked.competition.id),
        GradeDecision.state.in_(LISTED),
    )
    return list(db.session.scalars(query))


@printed_as(PROMOTIONS, at_once=500, keys=_listed_rows)
def print_promotions(asked: Asked, _rows: Sequence[int] = ()) -> PrintedFile:
    """Print everybody whose rise is proposed or approved, with whole ID numbers; it is recorded.

    Rank and rule are those of the results in force, and whom they give no rise is left out.
    Says how many are still to be approved or left out, and 暂定 where what stands now is not
    what is published; grades on other grounds have a table of their own. Raises `Refused` where
    there is nobody in either.
    """
    listed, others = _looked_at(asked, "grade.print")
    competition, translate = asked.competition, asked.translate
    return render_promotion_list(
        listed.rows,
        title=_title(competition).render(translate),
        subtitle=msg("，").render(translate).join(note.render(translate) for note in listed.notes),
        stamp=stamp_of(listed.publication),
        others=_claim_section(others, translate) if others else None,
        fonts=fonts(),
        translate=translate,
        author=competition.issuer,
    )


@printed_as(PROMOTIONS_BOOK, at_once=1000, keys=_listed_rows)
def write_promotions(asked: Asked, _rows: Sequence[int] = ()) -> bytes:
    """The list of `print_promotions` as an .xlsx, recorded as a look at whole ID numbers.

    Grades on other grounds have a sheet of their own. The title says 暂定 or the version, and
    what the list does not hold. Raises `Refused` where there is nobody on either.
    """
    from compete.sheets.workbook.tables import About, Table, write_tables

    listed, others = _looked_at(asked, "grade.export")
    competition, translate = asked.competition, asked.translate
    edition = listed.edition
    for note in listed.notes:
        edition = msg("%(edition)s，%(note)s", edition=edition, note=note)
    about = About(
        _title(competition).render(translate),
        competition.issuer,
        edition,
    )
    table = Table(
        msg("拟晋升名单"),
        _title(competition),
        PROMOTION_TITLES,
        [promotion_cells(number, row) for number, row in enumerate(listed.rows, 1)],
        frozen=2,
    )
    tables = [*([table] if listed.rows else []), *([others] if others else [])]
    return write_tables(tables, translate, about)


def _looked_at(asked: Asked, action: str) -> tuple[_Listed, Table | None]:
    """The people who rise by a place, and on other grounds; who looks at them is recorded.

    Raises `Refused` if there are none.
    """
    competition, translate = asked.competition, asked.translate
    others = _claim_table(competition, translate)
    try:
        listed = _listed(competition, translate)
    except Refused:
        if others is None or others.edition is None:
            raise
        listed = _Listed([], [], None, others.edition)
    people = len(listed.rows) + (len(list(others.rows)) if others else 0)
    with unit_of_work():
        audit.record(competition, asked.by, action, competition.code, after={"people": people})
    return listed, others


def _title(competition: Competition) -> Message:
    return msg("%(name)s 拟晋升名单", name=competition.name)


def _listed(competition: Competition, translate: Translate | None) -> _Listed:
    live = live_results(competition)
    results = {event.code: event for event in live.results.events}
    known = [
        grade for grade in grades_now(competition, live.results) if grade.decision.state in LISTED
    ]
    following = [grade for grade in known if grade.follows]
    if not following:
        raise Refused(_why_nobody(competition, len(known)))
    publication, edition = edition_of(competition, live.results)
    names = published_names(publication) if publication else {}
    waiting = sum(grade.decision.state is GradeState.PROPOSED for grade in following)
    notes = [msg("还有 %(n)s 人待批", n=waiting)] if waiting else []
    if len(known) > len(following):
        notes.append(msg("%(n)s 人按现在的成绩变了，没有列入", n=len(known) - len(following)))
    rows = [
        _row(grade, results[grade.decision.event.code], names, translate) for grade in following
    ]
    return _Listed(rows, notes, publication, edition)


def _why_nobody(competition: Competition, changed: int) -> Message:
    """Say why nobody is on the list; `changed` have another grade by now, or none."""
    if changed:
        return msg(
            "按现在的成绩，原来的 %(n)s 人等级都变了。定了换发或者保留、重新批准以后列在这里",
            n=changed,
        )
    if grade_decisions_of(competition):
        return msg("拟晋升的人都缓办了、没有批准或者撤销了")
    if competition.state in (CompetitionState.REGISTERING, CompetitionState.JUDGING):
        return msg("没有拟晋升的人。评分锁定以后，按规则算出来的在这里")
    return msg("按现在的成绩和规则，没有拟晋升的人")


def _row(
    now: GradeNow, results: EventResults, names: Mapping[str, str], translate: Translate | None
) -> PromotionRow:
    decision = now.decision
    rules = rules_of(decision.event)
    entrant, person = decision.entrant, decision.person
    competition = entrant.competition
    rule = find_rule(rules, now.rule)
    ladder, named = ladder_in(rules), kept_words if now.is_kept else grade_label
    level = LEVEL_WORDS[competition.level].render(translate)
    event = f" {rules.name}" if len(competition.events) > 1 else ""
    return PromotionRow(
        name=_name(person, names).render(translate),
        sex=sex_of(person, translate),
        id_number=person.id_number or "",
        unit=entrant.unit.name,
        occupation=job_of(rules.occupation, translate),
        contest=f"{competition.name}（{level}）{event}",
        level=f"{level}{event}",
        rank="" if now.rank is None else str(now.rank),
        scores=_scores(entrant.code, rules, results, translate),
        current=present_words(person, decision.present_grade, ladder, translate),
        promoted_to=named(decision.grade, ladder).render(translate),
        basis=_basis(
            now, rule_words(rule, decision.present_grade, ladder) if rule else now.rule
        ).render(translate),
    )


def _basis(now: GradeNow, clause: Message | str) -> Message:
    """The clause that gives the grade; of a kept one, which none gives, that two kept it."""
    if now.is_kept:
        return msg("两个人定了保留，原来的依据：%(clause)s", clause=clause)
    return msg("%(clause)s", clause=clause)


def _name(person: Entrant | Member, published: Mapping[str, str]) -> Message:
    """The name of now, and the published one where it was corrected since."""
    then = published.get(person.code, person.name)
    if then == person.name:
        return msg("%(name)s", name=person.name)
    return msg("%(name)s（公布时 %(then)s）", name=person.name, then=then)


def _scores(code: str, rules: Event, results: EventResults, translate: Translate | None) -> str:
    """The scores, as 理论知识 92.00，实操 97.50: parts, and modules in none, of every stage."""
    scores: list[str] = []
    for stage, result in zip(rules.stages, results.stages, strict=True):
        row = next((row for row in result.standings if row.entrant == code), None)
        if row is None:
            continue
        scores += [f"{name} {score}" for name, score in part_scores(stage, row)]
    return msg("，").render(translate).join(scores)


_LISTED = (ClaimState.PROPOSED, ClaimState.NOTICE, ClaimState.APPROVED, ClaimState.ISSUED)
CLAIM_TITLES = (
    *(column.title for column in WHO_COLUMNS),
    msg("认定依据"),
    msg("情况"),
    msg("原等级与证书号"),
    msg("认定等级"),
    msg("依据条款"),
    msg("公示"),
    msg("状态"),
    msg("证书编号"),
)

_ON_PAPER = (
    *WHO_COLUMNS,
    Column(msg("认定依据和情况"), width=3),
    Column(msg("原等级与证书号"), width=2.2),
    Column(msg("认定等级"), width=1.6),
    Column(msg("依据条款"), width=2.2),
    Column(msg("公示"), width=2.2),
    Column(msg("状态"), width=1.8),
)


def has_listed_claims(competition: Competition) -> bool:
    """True if anybody stands in the list."""
    query = select(GradeClaim.id).where(
        GradeClaim.competition_id == competition.id, GradeClaim.state.in_(_LISTED)
    )
    return db.session.scalar(query.limit(1)) is not None


def _claim_table(competition: Competition, translate: Translate) -> Table | None:
    """The table of everybody proposed, put up, approved or certified, but for who was erased."""
    from compete.sheets.workbook.tables import Table

    claims, rows = claims_of(competition), list[list[str]]()
    papers = certificates_of_claims(claims)
    for claim in claims:
        person = claim.person
        if claim.state not in _LISTED or person.erased_at is not None:
            continue
        paper, ladder = papers.get(claim.id), ladder_of_claim(claim)
        rows.append(
            [
                str(len(rows) + 1),
                person.name,
                sex_of(person, translate),
                person.id_number or "",
                claim.unit_name,
                job_of(occupation_of(claim), translate),
                GROUND_WORDS[claim.ground].render(translate),
                facts_of(claim).render(translate),
                present_words(person, claim.present_grade, ladder, translate),
                grade_label(claim.grade, ladder).render(translate),
                claim.clause,
                _days(claim.notice_from, claim.notice_until),
                state_words(claim.state).render(translate),
                paper.number if paper is not None else "",
            ]
        )
    if not rows:
        return None
    return Table(
        msg("其他依据认定"),
        msg("%(name)s 其他依据认定的等级", name=competition.name),
        CLAIM_TITLES,
        rows,
        frozen=2,
        edition=msg("截至 %(day)s", day=date_words(local_today())),
    )


def _claim_section(table: Table, translate: Translate) -> Section:
    """The sheet of `_claim_table` as a table on paper, on which related columns share one."""
    rows = []
    for number, name, sex, identity, unit, job, *rest in table.rows:
        ground, facts, current, grade, clause, notice, state, paper = map(str, rest)
        grounds, stands = _together(ground, facts), _together(state, paper)
        texts = (identity, unit, job, grounds, current, grade, clause, notice, stands)
        cells = (str(number), str(name), str(sex), *map(str, texts))
        rows.append(Row(tuple(cell or NONE for cell in cells), who=str(name)))
    return Section(msg("其他依据认定").render(translate), _ON_PAPER, rows)


def _together(*texts: str) -> str:
    return " ".join(text for text in texts if text)


def _days(first: object, until: datetime | None) -> str:
    parts = [str(first) if first else "", date_text(until) or ""]
    return " ~ ".join(part for part in parts if part)
