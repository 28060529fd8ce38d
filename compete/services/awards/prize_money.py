"""Prize money and allowances: what each title and each grade brings, and who is to be paid.

Amounts are settings, by the title of an award or honour and by the grade that is reached. Who is
paid: `prize_money_payments`.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from compete.domain.grades.ladder import GRADES
from compete.domain.values.messages import Translate, msg
from compete.models import Account, Competition
from compete.services.awards.external_awards import honours_won
from compete.services.awards.nominated_awards import distinctions_of
from compete.services.awards.prize_money_payments import notes_on_payments, payments_of
from compete.services.kernel import audit
from compete.services.kernel.competition_settings import (
    Money,
    change_settings,
    distinction_rules_of,
    settings_of,
)
from compete.services.kernel.event_rules import rules_of
from compete.services.kernel.publications import latest_publication
from compete.services.kernel.refusal import Refused, invalid
from compete.services.kernel.transactions import changing, unit_of_work
from compete.services.results.shown_version import edition_words

MOST_CENTS = 10**11


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


def write_payments(competition: Competition, by: Account, translate: Translate) -> bytes:
    """Write the payments and the sum of each unit as an .xlsx with room to sign.

    Its edition says what of the results will not stay as it is. The look at it is recorded.
    Raises `Refused` where nobody is to be paid.
    """
    from compete.sheets.workbook.tables import About, Table, write_tables

    rows, notes = payments_of(competition), notes_on_payments(competition)
    if not rows:
        raise Refused(notes[0] if notes else msg("还没有要发的"))
    with unit_of_work():
        audit.record(
            competition, by, "award.payments", competition.code, after={"people": len(rows)}
        )
    publication = latest_publication(competition)
    edition = edition_words(publication) if publication is not None else msg("还没公布")
    for note in notes:
        edition = msg("%(edition)s，%(note)s", edition=edition, note=note)
    title = msg("奖金和补贴发放表").render(translate)
    about = About(title, competition.issuer, edition)
    sums: dict[str, int] = {}
    for row in rows:
        name = row.unit or msg("%(name)s", name=row.name).render(translate)
        sums[name] = sums.get(name, 0) + row.cents
    whole = msg("%(name)s 奖金和补贴发放表", name=competition.name)
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
        Table(msg("发放表"), whole, columns, cells, frozen=2),
        Table(msg("按单位"), whole, [msg("单位"), msg("金额（元）")], by_unit),
    ]
    return write_tables(tables, translate, about)


def _yuan(cents: int) -> Decimal:
    return (Decimal(cents) / 100).quantize(Decimal("0.01"))
