"""Invented people and the bars' data for the sample pages."""

from __future__ import annotations

from dataclasses import replace

from compete.web.organiser.progress.shapes import Tick
from compete.web.organiser.shapes import CompetitionLink
from compete.web.paging import Paging
from compete.web.site import LanguageLink, Person, Site

COMPETITION = CompetitionLink(name="2022年全省港口叉车司机职业技能竞赛", url="#")

SITE = Site(
    urls=dict.fromkeys(
        ("competitions", "entrants", "judges", "results", "certificates", "labour"), "#"
    ),
    search_url="#",
    query="",
    competition=None,
    person=Person(name="吴敏", role="组委会", mark="1"),
    languages=[LanguageLink(tag="en", name="English", short="EN", url="#")],
    sign_out_url="#",
    home_url=None,
    accounts_url=None,
    bodies_url=None,
    occupations_url=None,
    ladders_url=None,
    calendar_url=None,
    organisations_url=None,
    account_url="",
)

JUDGE_SITE = replace(SITE, person=Person(name="许静", role="裁判 03", mark="1"))


def page(number: int = 1, pages: int = 1, total: int = 46) -> Paging:
    """A page of a long list, with doors to those beside it."""
    return Paging(
        number=number,
        pages=pages,
        total=total,
        previous_url="#" if number > 1 else None,
        next_url="#" if number < pages else None,
    )


ORDER = ("signed", "submitted", "complete", "begun", "returned", "disputed", "not_begun")


def sheets(**counts: int) -> list[Tick]:
    """Ticks for a count of each state, in the strip's order."""
    return [
        Tick(state=key, label=f"K-{number:02} {key}", url="#")
        for key in ORDER
        for number in range(counts.get(key, 0))
    ]
