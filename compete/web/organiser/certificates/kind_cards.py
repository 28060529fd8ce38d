"""What can be issued of each kind of certificate, and what keeps it back."""

from __future__ import annotations

from collections.abc import Collection

from flask_babel import gettext as _

from compete.domain.values.kinds import Kind
from compete.models import Competition
from compete.services.certificates.award_certificates import award_day, unissued_awards
from compete.services.certificates.grades_due import grades_ready
from compete.services.kernel.competition_settings import settings_of
from compete.web.organiser.certificates.shapes import AwardDate, KindCard, RefusedIssue
from compete.web.organiser.certificates.view_model import GradeBody, grades_waiting, honours_note
from compete.web.templating import day


def kind_cards(
    competition: Competition,
    blocked: str | None,
    issuer: GradeBody,
    *,
    issued: Collection[str],
    published: bool,
    waiting: bool,
    refused: RefusedIssue | None,
) -> list[KindCard]:
    """Grades and awards; of a labour competition, in which no grade is won, awards alone.

    `blocked` keeps both back. `issued` has the kinds of which there is one, `waiting` is whether
    something that a new version left is open.
    """
    labour = competition.kind == "labour"
    award = KindCard(
        key="award",
        name=_("荣誉证书") if labour else _("获奖证书"),
        ready=None if waiting else unissued_awards(competition) if published else 0,
        blocked=blocked,
        note=honours_note(competition) if published and not blocked else None,
        date=_award_date(competition),
        printed="award" in issued,
        refused=refused if refused and refused.kind == "award" else None,
    )
    if labour:
        return [award]
    grade = KindCard(
        key="grade",
        name=_("职业技能等级证书"),
        ready=None if waiting else grades_ready(competition),
        blocked=blocked or issuer.blocked,
        wants_body=bool(issuer.blocked) and not blocked,
        note=issuer.name,
        waits=grades_waiting(competition, published=published),
        printed="grade" in issued,
        refused=refused if refused and refused.kind == "grade" else None,
    )
    return [grade] if competition.kind == Kind.EVALUATION else [grade, award]


def _award_date(competition: Competition) -> AwardDate:
    """The date of award certificates as the page asks for it."""
    chosen = settings_of(competition).award_date
    on = award_day(competition)
    return AwardDate(
        chosen=chosen.isoformat() if chosen else "",
        said=_("落款 %(on)s，编号〔%(year)s〕", on=day(on, with_year=True), year=on.year),
    )
