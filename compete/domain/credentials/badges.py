"""The three badges of a competition: a skill grade, an award, and a result.

Each gives the credential as JSON values, still to be signed. What is written
in Chinese is part of the credential, as on the certificate, and is not translated.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from compete.domain.credentials.parts import (
    Badge,
    Score,
    Standard,
    credential,
    described,
    described_choice,
    described_rank,
)
from compete.domain.credentials.profiles import Json
from compete.domain.grades.ladder import GRADES, grade_face


@dataclass(frozen=True, slots=True)
class GradeEarned:
    """A skill grade by a competition, as the grade certificate says it."""

    competition: str
    occupation: str
    grade: int
    """5 the lowest … 1 the highest."""
    number: str
    """The certificate's number of 22 characters."""
    level: str = ""
    """The grade as the certificate calls it, where that is an employer's own word."""
    track: str | None = None
    """工种, where the occupation has several."""
    scores: Sequence[Score] = ()
    standard: Standard | None = None


@dataclass(frozen=True, slots=True)
class AwardWon:
    """An award, as the award certificate says it."""

    competition: str
    event: str
    award: str
    awards: Sequence[str]
    """All awards of the event, the highest first."""
    number: str
    rank: int | None = None
    of: int | None = None
    """Among how many."""
    item: str | None = None
    """The single item (单项) that it was won in; the place is then that item's."""
    approved: str = ""
    """The other body that gives it, and its document, as the paper says."""


@dataclass(frozen=True, slots=True)
class ResultReached:
    """A badge for taking part, and with what result."""

    competition: str
    event: str
    scores: Sequence[Score]
    """Modules and total, in the order in which they are printed."""
    rank: int | None = None
    of: int | None = None
    standard: Standard | None = None


def grade_badge(badge: Badge, earned: GradeEarned) -> Json:
    """The credential of a skill grade.

    Raises ValueError for a grade that there is none, and for an ID number in any text.
    """
    if earned.grade not in GRADES:
        raise ValueError(f"there is no grade {earned.grade}")
    occupation = f"{earned.occupation}（{earned.track}）" if earned.track else earned.occupation
    name = f"{occupation} {earned.level or grade_face(earned.grade)}"
    return credential(
        badge,
        name=name,
        description=f"{earned.competition}：{name}",
        achievement={
            "achievementType": "Certificate",
            "fieldOfStudy": earned.occupation,
            **_alignment(earned.standard),
        },
        results=[
            _grade(badge, earned.grade, earned.level),
            *(described(badge, score) for score in earned.scores),
        ],
        subject={"licenseNumber": earned.number},
    )


def award_badge(badge: Badge, won: AwardWon) -> Json:
    """The credential of an award.

    Raises ValueError for an award that the event has not, and for an ID number in any text.
    """
    if won.award not in won.awards:
        raise ValueError(f"{won.award} is none of the awards {list(won.awards)}")
    results = [described_choice(badge, "award", "奖项", won.awards[::-1], won.award)]
    if won.rank is not None and won.of is not None:
        results.append(described_rank(badge, won.rank, won.of, won.item))
    name = " ".join(part for part in (won.event, won.item, won.award) if part)
    return credential(
        badge,
        name=name,
        description=f"{won.competition}：{name}",
        holders=won.approved,
        achievement={"achievementType": "Award"},
        results=results,
        subject={"licenseNumber": won.number},
    )


def result_badge(badge: Badge, reached: ResultReached) -> Json:
    """The credential of a result. Raises ValueError for an ID number in any text."""
    results = [described(badge, score) for score in reached.scores]
    if reached.rank is not None and reached.of is not None:
        results.append(described_rank(badge, reached.rank, reached.of))
    return credential(
        badge,
        name=f"{reached.event} 成绩",
        description=f"{reached.competition}：{reached.event} 成绩",
        achievement={"achievementType": "Assessment", **_alignment(reached.standard)},
        results=results,
    )


def _grade(badge: Badge, grade: int, level: str) -> tuple[Json, Json]:
    """The ladder of grades, and the rung that was reached."""
    own = f"{badge.achievement}#result-grade"
    description = {
        "id": own,
        "type": ["ResultDescription"],
        "name": "职业技能等级",
        "resultType": "RubricCriterionLevel",
        "rubricCriterionLevel": [
            {
                "id": f"{own}-{each}",
                "type": ["RubricCriterionLevel"],
                "name": level if level and each == grade else grade_face(each),
                "level": str(each),
            }
            for each in GRADES
        ],
    }
    reached = {
        "type": ["Result"],
        "resultDescription": own,
        "achievedLevel": f"{own}-{grade}",
    }
    return description, reached


def _alignment(standard: Standard | None) -> Json:
    if standard is None:
        return {}
    return {"humanCode": standard.code, "alignment": [standard.json()]}
