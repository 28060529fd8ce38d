"""Grades on other grounds, as a sheet of the workbook that the certifying body takes in."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from compete.documents.lists import Column, Row, Section
from compete.documents.promotion_list import WHO_COLUMNS
from compete.documents.standings_list import NONE
from compete.domain.grades.ladder import grade_label
from compete.domain.values.claim_states import GROUND_WORDS, ClaimState
from compete.domain.values.days import date_words
from compete.domain.values.messages import Translate, msg
from compete.domain.values.states import state_words
from compete.models import Competition, GradeClaim, db
from compete.services.certificates.assessed import facts_of
from compete.services.certificates.claims import certificates_of_claims, claims_of
from compete.services.certificates.double_grades import ladder_of_claim, occupation_of
from compete.services.certificates.people_words import job_of, present_words, sex_of
from compete.services.kernel.clock import date_text, local_today

if TYPE_CHECKING:
    from compete.sheets.workbook.tables import Table

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


def claim_table(competition: Competition, translate: Translate) -> Table | None:
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


def claim_section(table: Table, translate: Translate) -> Section:
    """The sheet of `claim_table` as a table on paper, on which related columns share one."""
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
