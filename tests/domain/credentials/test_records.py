"""A record of credentials: it holds them as they were signed, and says nothing else of anybody."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from compete.domain.credentials.profiles import Issuer
from compete.domain.credentials.records import CredentialRecord, credential_record

RECORD = CredentialRecord(
    id="urn:uuid:1",
    subject="urn:uuid:2",
    issuer=Issuer("did:web:example.cn", "竞赛台", "https://example.cn"),
    name="技能档案",
    at=datetime(2026, 11, 30, 8, tzinfo=UTC),
    credentials=[{"id": "urn:uuid:3", "proof": {}}, {"id": "urn:uuid:4"}],
)


def test_it_holds_what_was_signed_and_no_new_fact() -> None:
    whole = credential_record(RECORD)
    assert whole["type"] == ["VerifiableCredential", "ClrCredential"]
    assert whole["issuer"]["id"] == "did:web:example.cn"
    assert whole["validFrom"] == whole["awardedDate"] == "2026-11-30T08:00:00Z"
    assert whole["credentialSubject"] == {
        "id": "urn:uuid:2",
        "type": ["ClrSubject"],
        "verifiableCredential": RECORD.credentials,
    }
    # It is what somebody chose to take along of what this site knows.
    assert whole["partial"] is True
    assert whole["name"] == "技能档案"
    assert whole["id"] == "urn:uuid:1"
    assert [context for context in whole["@context"] if "clr" in context]
    assert "clr_v2p0" in whole["credentialSchema"][0]["id"]


def test_an_empty_one_is_none() -> None:
    with pytest.raises(ValueError, match="at least one"):
        credential_record(replace(RECORD, credentials=[]))
