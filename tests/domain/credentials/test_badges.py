"""The two badges: what the standard asks of them, and what never stands in them."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from typing import Any

import pytest

from compete.domain.credentials.badges import (
    AwardWon,
    award_badge,
    grade_badge,
)
from compete.domain.credentials.profiles import Recipient, identity_hash
from compete.domain.credentials.verification import bears_name, summary
from tests.domain.credentials.issued import BADGE, GRADE, NAME, credential

AWARD = AwardWon(
    competition="港口叉车司机竞赛",
    event="叉车司机",
    award="二等奖",
    awards=("一等奖", "二等奖", "三等奖"),
    number="FORK-2022-007",
    rank=7,
    of=45,
)
ALL = [grade_badge(BADGE, GRADE), award_badge(BADGE, AWARD)]
ID_NUMBER = "11010519491231002X"


def texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for member in value.values() for text in texts(member)]
    if isinstance(value, list):
        return [text for member in value for text in texts(member)]
    return [value] if isinstance(value, str) else []


@pytest.mark.parametrize("document", ALL, ids=lambda badge: badge["name"])
def test_it_has_what_open_badges_ask_for(document: dict[str, Any]) -> None:
    assert document["@context"] == [
        "https://www.w3.org/ns/credentials/v2",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    ]
    assert document["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    assert document["issuer"] == {
        "id": "did:web:jingsai.example:jiangbei",
        "type": ["Profile"],
        "name": "江北市总工会",
        "url": "https://jingsai.example/jiangbei",
    }
    assert document["validFrom"] == "2022-09-20T06:00:00Z"
    subject = document["credentialSubject"]
    achievement = subject["achievement"]
    for key in ("id", "type", "name", "description", "criteria"):
        assert achievement[key]
    purposes = [status["statusPurpose"] for status in document["credentialStatus"]]
    assert purposes == ["revocation", "suspension"]
    described = {description["id"]: description for description in achievement["resultDescription"]}
    assert len(described) == len(achievement["resultDescription"]) == len(subject["result"])
    for result in subject["result"]:
        possible = described[result["resultDescription"]]
        assert possible["name"]
        if "achievedLevel" in result:
            levels = [level["id"] for level in possible["rubricCriterionLevel"]]
            assert result["achievedLevel"] in levels
        else:
            assert isinstance(result["value"], str)
            assert "valueMax" in possible or result["value"] in possible["allowedValue"]


def test_a_grade_says_its_rung_of_the_ladder_and_the_standard() -> None:
    subject = ALL[0]["credentialSubject"]
    assert subject["licenseNumber"] == GRADE.number
    achievement = subject["achievement"]
    assert achievement["achievementType"] == "Certificate"
    assert achievement["name"] == "叉车司机 三级/高级工"
    ladder = achievement["resultDescription"][0]["rubricCriterionLevel"]
    assert [rung["level"] for rung in ladder] == ["5", "4", "3", "2", "1"]
    assert ladder[-1]["name"] == "一级/高级技师"
    assert subject["result"][0]["achievedLevel"].endswith("#result-grade-3")
    assert achievement["alignment"] == [
        {
            "type": ["Alignment"],
            "targetName": "叉车司机",
            "targetUrl": "https://standards.example/6-30-05-02",
            "targetFramework": "国家职业标准 叉车司机",
            "targetCode": "6-30-05-02",
        }
    ]
    tracked = grade_badge(BADGE, dataclasses.replace(GRADE, track="轮胎吊", standard=None))
    assert tracked["name"] == "叉车司机（轮胎吊） 三级/高级工"
    assert "alignment" not in tracked["credentialSubject"]["achievement"]


def test_awards_stand_from_the_lowest_to_the_highest() -> None:
    subject = ALL[1]["credentialSubject"]
    assert subject["achievement"]["achievementType"] == "Award"
    award, rank = subject["achievement"]["resultDescription"]
    assert award["allowedValue"] == ["三等奖", "二等奖", "一等奖"]
    assert (rank["valueMin"], rank["valueMax"]) == ("1", "45")
    assert [row["value"] for row in subject["result"]] == ["二等奖", "7"]
    unranked = award_badge(BADGE, dataclasses.replace(AWARD, rank=None))
    assert len(unranked["credentialSubject"]["result"]) == 1


def test_an_award_for_a_single_item_says_whose_place_it_is() -> None:
    badge = award_badge(BADGE, dataclasses.replace(AWARD, item="托盘堆码", award="一等奖"))
    rank = badge["credentialSubject"]["achievement"]["resultDescription"][1]
    assert rank["name"] == "托盘堆码 名次"
    assert badge["name"] == "叉车司机 托盘堆码 一等奖"
    assert badge["credentialSubject"]["achievement"]["name"] == badge["name"]


def test_who_approved_an_honour_is_told_of_its_holder_and_not_of_what_all_can_achieve() -> None:
    word = "省人社厅核准（苏人社函〔2022〕411号）"
    badge = award_badge(BADGE, dataclasses.replace(AWARD, approved=word))
    assert badge["description"] == f"港口叉车司机竞赛：叉车司机 二等奖，{word}"
    assert summary(badge).title == badge["description"]
    assert word not in badge["credentialSubject"]["achievement"]["description"]


def test_points_are_said_as_they_are_printed() -> None:
    subject = ALL[0]["credentialSubject"]
    assert [row["value"] for row in subject["result"][1:]] == ["91.00", "95.00"]
    theory = subject["achievement"]["resultDescription"][1]
    assert (theory["resultType"], theory["valueMax"], theory["requiredValue"]) == (
        "RawScore", "100", "60",
    )  # fmt: skip


@pytest.mark.parametrize("document", ALL, ids=lambda badge: badge["name"])
def test_the_name_stands_nowhere_and_can_be_checked(document: dict[str, Any]) -> None:
    assert not any(NAME in text for text in texts(document))
    assert bears_name(document, NAME)
    assert bears_name(document, f" {NAME}\n")
    assert not bears_name(document, "程国梁")
    assert not bears_name(document, "")
    assert not bears_name({}, NAME)
    [identity] = document["credentialSubject"]["identifier"]
    hashed = hashlib.sha256((NAME + identity["salt"]).encode()).hexdigest()
    assert identity["identityHash"] == f"sha256${hashed}"


def test_the_standards_example_of_a_hashed_identity() -> None:
    assert identity_hash("a@example.com", "Kosher") == (
        "sha256$b5809d8a92f8858436d7e6b87c12ebc0ae1eac4baecc2c0b913aee2c922ef399"
    )


@pytest.mark.parametrize("salt", ["", "Kosher", "5a" * 15, "5A" * 16])
def test_a_salt_that_could_be_tried_out_is_refused(salt: str) -> None:
    recipient = Recipient(BADGE.recipient.subject, NAME, salt)
    with pytest.raises(ValueError, match="salt"):
        grade_badge(dataclasses.replace(BADGE, recipient=recipient), GRADE)


@pytest.mark.parametrize(
    "badge",
    [
        dataclasses.replace(BADGE, criteria=f"身份证 {ID_NUMBER}"),
        dataclasses.replace(BADGE, id=f"urn:person:{ID_NUMBER.lower()}"),
        dataclasses.replace(BADGE, evidence=[("https://a.example", f"（{ID_NUMBER}）")]),
        dataclasses.replace(BADGE, recipient=Recipient(ID_NUMBER, NAME, "5a" * 16)),
    ],
)
def test_an_id_number_is_never_signed_into_a_credential(badge: Any) -> None:
    with pytest.raises(ValueError, match="ID number"):
        grade_badge(badge, GRADE)


def test_other_long_numbers_are_no_id_numbers() -> None:
    for criteria in ("110105194912310021", f"{ID_NUMBER}9", f"a{ID_NUMBER}"):
        assert grade_badge(dataclasses.replace(BADGE, criteria=criteria), GRADE)


def test_what_there_is_not_cannot_be_awarded() -> None:
    with pytest.raises(ValueError, match="grade 6"):
        grade_badge(BADGE, dataclasses.replace(GRADE, grade=6))
    with pytest.raises(ValueError, match="特等奖"):
        award_badge(BADGE, dataclasses.replace(AWARD, award="特等奖"))


def test_what_is_left_out_is_not_there() -> None:
    plain = grade_badge(dataclasses.replace(BADGE, status=None, evidence=()), GRADE)
    assert not {"credentialStatus", "evidence"} & plain.keys()
    assert json.loads(json.dumps(credential())) == credential()


def test_a_summary_says_what_a_reader_wants_and_takes_anything() -> None:
    badge_summary = summary(ALL[0])
    assert (badge_summary.issuer, badge_summary.issuer_id) == (
        "江北市总工会",
        "did:web:jingsai.example:jiangbei",
    )
    assert badge_summary.title == "港口叉车司机竞赛：叉车司机 三级/高级工"
    assert badge_summary.number == GRADE.number
    assert badge_summary.results == (
        ("职业技能等级", "三级/高级工"), ("理论", "91.00"), ("实操", "95.00"),
    )  # fmt: skip
    for strange in (
        {},
        {"issuer": 1, "credentialSubject": [1]},
        {"issuer": {"name": [], "id": {}}},
    ):
        assert summary(strange).issuer == ""
    odd = {"credentialSubject": {"result": [1, {"resultDescription": []}], "achievement": "x"}}
    assert summary(odd).results == (("", ""), ("", ""))
    assert summary({"issuer": "did:web:x", "name": "n"}).title == "n"
