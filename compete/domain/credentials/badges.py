"""The two badges of a competition: a skill grade, and an award.

Each gives the credential as JSON values, still to be signed. What is written
in Chinese is part of the credential, as on the certificate, and is not translated.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from compete.domain.credentials.profiles import Issuer, Json, Recipient
from compete.domain.credentials.status_lists import StatusPlace
from compete.domain.grades.ladder import GRADES, grade_face
from compete.domain.identity.citizen_id import check_citizen_id
from compete.domain.identity.errors import IdentityError
from compete.domain.values.instants import instant_text

CONTEXTS = [
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
]
SCHEMA = (
    "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json"
)
LANGUAGE = "zh"

_EIGHTEEN = re.compile(r"(?<![0-9A-Za-z])[0-9]{17}[0-9Xx](?![0-9A-Za-z])")


@dataclass(frozen=True, slots=True)
class Standard:
    """The national standard of an occupation that an achievement is aligned to."""

    occupation: str
    code: str
    framework: str
    url: str

    def json(self) -> Json:
        """The standard as an Alignment."""
        return {
            "type": ["Alignment"],
            "targetName": self.occupation,
            "targetUrl": self.url,
            "targetFramework": self.framework,
            "targetCode": self.code,
        }


@dataclass(frozen=True, slots=True)
class Score:
    """Points that were reached, as the results print them: 91.00 of 100."""

    code: str
    name: str
    value: str
    full: str
    needed: str | None = None
    """The points needed to pass, where the rules say so."""


@dataclass(frozen=True, slots=True)
class Badge:
    """The parts of a badge that do not depend on what was achieved.

    `id` is the credential's address or a `urn:uuid:…`; `achievement` is that of
    what can be achieved, the same for all who do.
    """

    id: str
    achievement: str
    issuer: Issuer
    recipient: Recipient
    valid_from: datetime
    criteria: str
    """The things that had to be done, in the words of the rules."""
    status: StatusPlace | None = None
    evidence: Sequence[tuple[str, str]] = ()
    """Pages that show more: address and title."""


def _described(
    badge: Badge, code: str, name: str, kind: str, more: Json, reached: Json
) -> tuple[Json, Json]:
    """Describe what can be reached, and what was: a ResultDescription and its Result."""
    own = f"{badge.achievement}#result-{code}"
    description = {
        "id": own,
        "type": ["ResultDescription"],
        "name": name,
        "resultType": kind,
        **more,
    }
    return description, {"type": ["Result"], "resultDescription": own, **reached}


def described(badge: Badge, score: Score) -> tuple[Json, Json]:
    """Describe points, from none to the full ones."""
    bounds = {"valueMin": "0", "valueMax": score.full}
    if score.needed is not None:
        bounds["requiredValue"] = score.needed
    return _described(badge, score.code, score.name, "RawScore", bounds, {"value": score.value})


def _described_rank(badge: Badge, rank: int, of: int, item: str | None = None) -> tuple[Json, Json]:
    """Describe a place among so many: the first is the highest. Of an `item` alone, name it."""
    name = f"{item} 名次" if item else "名次"
    bounds = {"valueMin": "1", "valueMax": str(of)}
    return _described(badge, "rank", name, "Result", bounds, {"value": str(rank)})


def credential(
    badge: Badge,
    *,
    name: str,
    description: str,
    achievement: Json,
    results: Sequence[tuple[Json, Json]],
    subject: Json | None = None,
    holders: str = "",
) -> Json:
    """The whole credential, still to be signed. Raises ValueError for an ID number in any text.

    What can be achieved is told alike to all who did; what is so of this holder's alone,
    `holders`, stands in the credential's own description.
    """
    whole: Json = {
        "@context": CONTEXTS,
        "id": badge.id,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": badge.issuer.json(),
        "validFrom": instant_text(badge.valid_from),
        "awardedDate": instant_text(badge.valid_from),
        "name": name,
        "description": f"{description}，{holders}" if holders else description,
        "credentialSubject": {
            **badge.recipient.json(),
            **(subject or {}),
            "achievement": {
                "id": badge.achievement,
                "type": ["Achievement"],
                "inLanguage": LANGUAGE,
                "name": name,
                "description": description,
                "criteria": {"narrative": badge.criteria},
                **achievement,
                "resultDescription": [possible for possible, _ in results],
            },
            "result": [reached for _, reached in results],
        },
        "credentialSchema": [{"id": SCHEMA, "type": "1EdTechJsonSchemaValidator2019"}],
    }
    if badge.evidence:
        whole["evidence"] = [
            {"id": address, "type": ["Evidence"], "name": title}
            for address, title in badge.evidence
        ]
    if badge.status is not None:
        whole["credentialStatus"] = badge.status.entries()
    _refuse_id_numbers(whole)
    return whole


def _refuse_id_numbers(value: Any) -> None:
    """Refuse texts with ID numbers: none may be signed into something for good."""
    if isinstance(value, dict):
        for inner in value.values():
            _refuse_id_numbers(inner)
    elif isinstance(value, list):
        for inner in value:
            _refuse_id_numbers(inner)
    elif isinstance(value, str):
        for number in _EIGHTEEN.findall(value):
            if _is_id_number(number):
                raise ValueError("an ID number must not stand in a credential")


def _is_id_number(text: str) -> bool:
    try:
        check_citizen_id(text)
    except IdentityError:
        return False
    return True


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
    lowest_first = {"allowedValue": list(won.awards[::-1])}
    results = [_described(badge, "award", "奖项", "Result", lowest_first, {"value": won.award})]
    if won.rank is not None and won.of is not None:
        results.append(_described_rank(badge, won.rank, won.of, won.item))
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


def _grade(badge: Badge, grade: int, level: str) -> tuple[Json, Json]:
    """The ladder of grades, and the rung that was reached."""
    own = f"{badge.achievement}#result-grade"
    rungs = [
        {
            "id": f"{own}-{rung}",
            "type": ["RubricCriterionLevel"],
            "name": level if level and rung == grade else grade_face(rung),
            "level": str(rung),
        }
        for rung in GRADES
    ]
    reached = {"achievedLevel": f"{own}-{grade}"}
    kind = "RubricCriterionLevel"
    return _described(
        badge, "grade", "职业技能等级", kind, {"rubricCriterionLevel": rungs}, reached
    )


def _alignment(standard: Standard | None) -> Json:
    if standard is None:
        return {}
    return {"humanCode": standard.code, "alignment": [standard.json()]}
