"""Prize money and allowances: what each title and each grade brings, and who is to be paid.

Amounts are settings, by the title of an award or honour and by the grade that is reached. Who is
paid follows from the version in force, what two granted and the grades that were approved; an
honour that another body has not approved brings nothing yet, and what was made void nothing more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import func, select

from compete.domain.awards.won import won_in
from compete.domain.bundle.crews import called
from compete.domain.grades.ladder import GRADES, Ladder, grade_label
from compete.domain.values.claim_states import ClaimState
from compete.domain.values.distinction_states import DistinctionState
from compete.domain.values.messages import Message, Translate, msg
from compete.domain.values.states import CertificateState, GradeState
from compete.models import (
    Account,
    Certificate,
    Competition,
    Entrant,
    GradeClaim,
    GradeDecision,
    Team,
    db,
)
from compete.services.awards.external_awards import honours_won
from compete.services.awards.nominated_awards import distinctions_of
from compete.services.directory.occupations.claims import claim_place, ladder_of_claim
from compete.services.kernel import audit
from compete.services.kernel.competition_settings import (
    Money,
    change_settings,
    distinction_rules_of,
    settings_of,
)
from compete.services.kernel.event_rules import ladder_of, rules_of
from compete.services.kernel.publications import latest_publication
from compete.services.kernel.refusal import Refused, invalid
from compete.services.kernel.transactions import changing, unit_of_work
from compete.services.results.approved_external_awards import honour_book
from compete.services.results.shown_version import edition_words, named_as_published
from compete.services.results.snapshots import read_snapshot

MOST_CENTS = 10**11
_PAID_GRADES = (GradeState.APPROVED, GradeState.ISSUED)
_PAID_CLAIMS = (ClaimState.APPROVED, ClaimState.ISSUED)


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment to somebody, in hundredths of a yuan, and for what. `event` may be empty.

    What a crew won is paid once, to the crew, as its title says.
    """

    event: str
    title: str | Message
    name: str
    unit: str
    cents: int


def paid_titles(competition: Competition) -> list[str]:
    """List titles of awards, then of honours, then of those given by hand, each once."""
    titles: list[str] = []
    for event in competition.events:
        rules = rules_of(event)
        titles += [award.name for award in rules.awards]
        for rule in rules.grades:
            # A pack is named, its titles show with the results.
            titles += () if isinstance(rule, str) else rule.grant.titles
    titles += [won.award for _event, won in honours_won(competition)]
    titles += [rule.title for rule in distinction_rules_of(competition)]
    titles += [row.title for row in distinctions_of(competition)]
    return list(dict.fromkeys(titles))


def set_money(
    competition: Competition, titles: Mapping[str, int], grades: Mapping[int, int], by: Account
) -> bool:
    """Set the money of each title and grade from now on, in cents; True if anything changed.

    Raises `Refused` (INVALID) for what cannot be: a title or grade that there is not, too much.
    """
    if not set(titles) <= set(paid_titles(competition)) or not set(grades) <= set(GRADES):
        raise invalid(msg("名单刚变过，请刷新"))
    if any(not 0 <= cents <= MOST_CENTS for cents in (*titles.values(), *grades.values())):
        raise invalid(msg("金额太大"))
    wanted = Money(
        titles={title: cents for title, cents in titles.items() if cents},
        grades={str(grade): cents for grade, cents in grades.items() if cents},
    )
    with changing(competition) as competition:
        before = settings_of(competition).money
        if before == wanted:
            return False
        change_settings(competition, money=wanted)
        audit.record(
            competition,
            by,
            "award.money",
            competition.code,
            before={"titles": before.titles, "grades": before.grades},
            after={"titles": wanted.titles, "grades": wanted.grades},
        )
    return True


def payments_of(competition: Competition) -> list[Payment]:
    """List the payments: awards and honours by event, those by hand, then grades."""
    money = settings_of(competition).money
    return [
        *_won(competition, money.titles),
        *_by_hand(competition, money.titles),
        *_grades(competition, {int(grade): cents for grade, cents in money.grades.items()}),
    ]


def _won(competition: Competition, titles: Mapping[str, int]) -> list[Payment]:
    publication = latest_publication(competition)
    if publication is None or competition.kind == "labour" or not titles:
        return []
    bundle, results = read_snapshot(publication)
    bundle = named_as_published(bundle, publication)
    units = {unit.code: unit.name for unit in bundle.units}
    people = {entrant.code: (called(entrant), units[entrant.unit]) for entrant in bundle.entrants}
    crews = {entrant.code for entrant in bundle.entrants if entrant.members}
    members = {member.code: member.name for own in bundle.entrants for member in own.members or ()}
    teams = {team.code: (team.name, units[team.unit]) for team in bundle.teams or ()}
    book, void = honour_book(competition), _made_void(competition)
    payments = []
    for event in results.events:
        for won in won_in(bundle, event):
            cents = titles.get(won.award, 0)
            holder = won.entrant or won.team or ""
            if not cents or book.waits(event.code, won) or (won.prize, holder) in void:
                continue
            name, unit = people[won.entrant] if won.entrant else teams[won.team or ""]
            title: str | Message = won.award if won.item is None else f"{won.item} {won.award}"
            if won.entrant in crews and won.member is None:
                title = msg("%(title)s（组合共一份）", title=title)
            payments.append(
                Payment(won.event, title, members.get(won.member or "", name), unit, cents)
            )
    return payments


def _by_hand(competition: Competition, titles: Mapping[str, int]) -> list[Payment]:
    book, void = honour_book(competition), _made_void(competition)
    return [
        Payment(
            row.event.name if row.event is not None else "",
            row.title,
            row.called,
            row.of_unit,
            titles[row.title],
        )
        for row in distinctions_of(competition)
        if titles.get(row.title)
        and row.state is DistinctionState.GRANTED
        and not row.is_erased
        and not book.waits_by_hand(row)
        and row.id not in void
    ]


def _made_void(competition: Competition) -> set[tuple[str | None, str] | int]:
    """The prizes by holder, and awards by hand by row, of which a certificate was made void
    and none was given again. A crew's prize is paid as one, whatever became of a member's.
    """
    query = (
        select(
            Certificate.prize,
            func.coalesce(Entrant.code, Team.code, ""),
            Certificate.distinction_id,
            Certificate.state,
        )
        .outerjoin(Entrant, Entrant.id == Certificate.entrant_id)
        .outerjoin(Team, Team.id == Certificate.team_id)
        .where(Certificate.competition_id == competition.id, Certificate.kind == "award")
    )
    states: dict[tuple[str | None, str] | int, set[CertificateState]] = {}
    for prize, holder, given, state in db.session.execute(query):
        states.setdefault(given or (prize, holder), set()).add(state)
    return {
        what
        for what, seen in states.items()
        if CertificateState.REVOKED in seen and CertificateState.VALID not in seen
    }


def _grades(competition: Competition, grades: Mapping[int, int]) -> list[Payment]:
    if not grades:
        return []
    rows: list[tuple[str, int, Ladder, str, str]] = [
        (row.event.name, row.grade, ladder_of(row.event), row.person.name, row.entrant.unit.name)
        for row in db.session.scalars(
            select(GradeDecision)
            .join(Entrant, Entrant.id == GradeDecision.entrant_id)
            .where(
                Entrant.competition_id == competition.id,
                Entrant.erased_at.is_(None),
                GradeDecision.state.in_(_PAID_GRADES),
            )
            .order_by(GradeDecision.id)
        )
    ]
    rows += [
        (claim_place(row), row.grade, ladder_of_claim(row), row.person.name, row.unit_name)
        for row in db.session.scalars(
            select(GradeClaim)
            .where(
                GradeClaim.competition_id == competition.id,
                GradeClaim.state.in_(_PAID_CLAIMS),
            )
            .order_by(GradeClaim.id)
        )
        if row.person.erased_at is None
    ]
    return [
        Payment(place, grade_label(grade, ladder), name, unit, grades[grade])
        for place, grade, ladder, name, unit in rows
        if grades.get(grade)
    ]


def write_payments(competition: Competition, by: Account, translate: Translate) -> bytes:
    """Write the payments and the sum of each unit as an .xlsx with room to sign.

    The look at it is recorded. Raises `Refused` where nobody is to be paid.
    """
    from compete.sheets.workbook.tables import About, Table, write_tables

    rows = payments_of(competition)
    if not rows:
        raise Refused(msg("还没有要发的"))
    with unit_of_work():
        audit.record(
            competition, by, "award.payments", competition.code, after={"people": len(rows)}
        )
    publication = latest_publication(competition)
    about = About(
        msg("奖金和补贴发放表").render(translate),
        competition.issuer,
        edition_words(publication) if publication is not None else msg("还没公布"),
    )
    sums: dict[str, int] = {}
    for row in rows:
        name = row.unit or row.name
        sums[name] = sums.get(name, 0) + row.cents
    title = msg("%(name)s 奖金和补贴发放表", name=competition.name)
    columns = [
        *(msg("序号"), msg("赛项"), msg("奖项或等级"), msg("姓名")),
        *(msg("单位"), msg("金额（元）"), msg("签收")),
    ]
    cells = [
        [number, row.event, row.title, row.name, row.unit, _yuan(row.cents), ""]
        for number, row in enumerate(rows, 1)
    ]
    by_unit: list[list[str | Decimal]] = [[name, _yuan(cents)] for name, cents in sums.items()]
    by_unit.append([msg("合计").render(translate), _yuan(sum(sums.values()))])
    tables = [
        Table(msg("发放表"), title, columns, cells, frozen=2),
        Table(msg("按单位"), title, [msg("单位"), msg("金额（元）")], by_unit),
    ]
    return write_tables(tables, translate, about)


def _yuan(cents: int) -> Decimal:
    return (Decimal(cents) / 100).quantize(Decimal("0.01"))
