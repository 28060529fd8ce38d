"""An issuer with keys of two years, and what it issues."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

from compete.domain.credentials.badges import Badge, GradeEarned, Score, Standard, grade_badge
from compete.domain.credentials.did_documents import (
    IssuerKey,
    did_document,
    did_web,
    key_id,
    read_keys,
    token_key_id,
)
from compete.domain.credentials.profiles import Issuer, Recipient
from compete.domain.credentials.signed import token_payload, with_proof
from compete.domain.credentials.status_lists import Purpose, StatusPlace, status_list
from compete.keys.ed25519 import SigningKey
from compete.keys.suite import Ed25519Suite, sign_token

SUITE = Ed25519Suite()
OLD, NEW, STRANGER = (SigningKey.from_seed(bytes([number]) * 32) for number in (1, 2, 3))
DID = did_web("https://jingsai.example/jiangbei")
DOCUMENT = did_document(
    DID, [IssuerKey("2023-A", NEW.public_key), IssuerKey("2022-A", OLD.public_key)]
)
KEYS = read_keys(DOCUMENT)
ISSUED = datetime(2022, 9, 20, 6, tzinfo=UTC)
LATER = datetime(2024, 1, 1, tzinfo=UTC)
LISTS = "https://jingsai.example/jiangbei/status/1"
PLACE = 94_567
NAME = "程国栋"

BADGE = Badge(
    id="urn:uuid:11111111-2222-4333-8444-555555555555",
    achievement="https://jingsai.example/jiangbei/achievements/fork-3",
    issuer=Issuer(DID, "江北市总工会", "https://jingsai.example/jiangbei"),
    recipient=Recipient("urn:uuid:7c5b4a3e-1d2f-4a6b-9c8d-0e1f2a3b4c5d", NAME, "5a" * 16),
    valid_from=ISSUED,
    criteria="决赛前 10 名，理论和实操都及格。",
    status=StatusPlace(LISTS, PLACE),
    evidence=[("https://jingsai.example/jiangbei/results/FORK-2022/1", "成绩第 1 版")],
)
STANDARD = Standard(
    occupation="叉车司机",
    code="6-30-05-02",
    framework="国家职业标准 叉车司机",
    url="https://standards.example/6-30-05-02",
)
SCORES = (
    Score("theory", "理论", "91.00", "100", "60"),
    Score("practical", "实操", "95.00", "100", "60"),
)
GRADE = GradeEarned(
    competition="港口叉车司机竞赛",
    occupation="叉车司机",
    grade=3,
    number="Y000032000123223000001",
    scores=SCORES,
    standard=STANDARD,
)


def credential() -> dict[str, Any]:
    """A grade certificate, not signed."""
    return grade_badge(BADGE, GRADE)


def signed(
    document: dict[str, Any], key: SigningKey = OLD, name: str = "2022-A", did: str = DID
) -> bytes:
    """With an embedded proof."""
    proven = with_proof(document, key.sign, method=key_id(did, name), created=ISSUED)
    return json.dumps(proven, ensure_ascii=False).encode()


def token(document: dict[str, Any], key: SigningKey = OLD, name: str = "2022-A") -> bytes:
    """As a token."""
    return sign_token(token_payload(document), key, key_id=token_key_id(DID, name)).encode()


def bits(purpose: Purpose, places: Collection[int] = (), **more: Any) -> dict[str, Any]:
    """A status list, not signed."""
    settings: dict[str, Any] = {"issuer": DID, "valid_from": ISSUED} | more
    return status_list(LISTS, purpose, places, **settings)
