"""Checking a credential offline: every verdict, in both forms, with its reason."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from compete.domain.credentials.did_documents import (
    IssuerKey,
    KeyRing,
    did_document,
    key_id,
    read_keys,
    token_key_id,
)
from compete.domain.credentials.json_text import CredentialError
from compete.domain.credentials.signed import with_proof
from compete.domain.credentials.status_lists import Purpose
from compete.domain.credentials.verification import Outcome, Verdict, verify_credential
from tests.domain.credentials.issued import (
    DID,
    ISSUED,
    KEYS,
    LATER,
    LISTS,
    NEW,
    PLACE,
    STRANGER,
    SUITE,
    bits,
    credential,
    signed,
    token,
)

Form = Callable[..., bytes]
both = pytest.mark.parametrize("form", [signed, token])


def verdict(data: bytes, *lists: bytes, keys: KeyRing = KEYS, at: Any = LATER) -> Verdict:
    return verify_credential(data, keys, lists, suite=SUITE, at=at)


def reasons_of(verification: Verdict) -> str:
    return "；".join(map(str, verification.reasons))


def lists(form: Form, **set_bits: list[int]) -> list[bytes]:
    """The three lists, signed by the key that is used now."""
    return [
        form(bits(purpose, set_bits.get(purpose.value, [])), NEW, "2023-A") for purpose in Purpose
    ]


@both
def test_what_was_signed_years_ago_by_a_key_no_longer_used_is_valid(form: Form) -> None:
    verification = verdict(form(credential()), *lists(form))
    assert (verification.outcome, verification.reasons, verification.holds) == (
        Outcome.VALID,
        (),
        True,
    )
    assert verification.key in (key_id(DID, "2022-A"), token_key_id(DID, "2022-A"))
    assert verification.status_at == ISSUED
    assert {
        key: value for key, value in verification.document.items() if key != "proof"
    } == credential()


@both
def test_without_a_list_it_says_that_nothing_was_looked_up(form: Form) -> None:
    verification = verdict(form(credential()))
    assert (verification.outcome, verification.holds) == (Outcome.UNCHECKED, False)
    assert verification.status_at is None
    assert reasons_of(verification) == f"没有查撤销：没给状态表 {LISTS}/revocation"
    bare = {key: value for key, value in credential().items() if key != "credentialStatus"}
    assert reasons_of(verdict(form(bare))) == "这张证书不查撤销：它没写状态表"


@both
@pytest.mark.parametrize(
    ("set_bits", "outcome", "why"),
    [
        ({"revocation": [PLACE]}, Outcome.REVOKED, "状态表说它已撤销"),
        ({"revocation": [PLACE], "refresh": [PLACE]}, Outcome.REPLACED, "已换发"),
        ({"suspension": [PLACE]}, Outcome.SUSPENDED, "复核中"),
        ({"revocation": [PLACE], "suspension": [PLACE]}, Outcome.REVOKED, "状态表说它已撤销"),
        ({"refresh": [PLACE]}, Outcome.VALID, ""),
        ({"revocation": [PLACE - 1, PLACE + 1], "suspension": [0]}, Outcome.VALID, ""),
    ],
)
def test_the_lists_decide(
    form: Form, set_bits: dict[str, list[int]], outcome: Outcome, why: str
) -> None:
    verification = verdict(signed(credential()), *lists(form, **set_bits))
    assert verification.outcome is outcome
    assert reasons_of(verification).startswith(why)
    assert verification.status_at == ISSUED


def test_one_signed_before_it_named_the_list_of_suspensions_is_read_as_ever() -> None:
    old = credential()
    old["credentialStatus"] = old["credentialStatus"][0]
    verification = verdict(signed(old), *lists(signed))
    assert (verification.outcome, verification.reasons) == (Outcome.VALID, ())
    verification = verdict(signed(old), *lists(signed, suspension=[PLACE]))
    assert verification.outcome is Outcome.SUSPENDED


def test_with_the_list_of_revocations_alone_it_says_what_was_not_looked_up() -> None:
    revocations = signed(bits(Purpose.REVOCATION), NEW, "2023-A")
    verification = verdict(signed(credential()), revocations)
    assert verification.holds
    assert reasons_of(verification) == "是不是在复核没有查：没给那张状态表"
    taken_back = signed(bits(Purpose.REVOCATION, [PLACE]), NEW, "2023-A")
    verification = verdict(signed(credential()), taken_back)
    assert verification.outcome is Outcome.REVOKED
    assert "是撤销还是换发没有查" in reasons_of(verification)


def test_the_newest_list_that_holds_counts() -> None:
    newer = bits(Purpose.REVOCATION, [PLACE], valid_from=ISSUED + timedelta(days=30))
    copies = [signed(bits(Purpose.REVOCATION)), signed(newer), signed(bits(Purpose.REVOCATION))]
    verification = verdict(signed(credential()), *copies)
    assert verification.outcome is Outcome.REVOKED
    assert verification.status_at == ISSUED + timedelta(days=30)
    forged = json.loads(signed(bits(Purpose.REVOCATION)))
    forged["validFrom"] = "2023-12-31T00:00:00Z"
    assert verdict(signed(credential()), *copies, json.dumps(forged).encode()) == verification


def fault(kind: str) -> bytes:
    """A list of revocations that can't be trusted."""
    lapsed = {"valid_until": ISSUED + timedelta(days=7)}
    match kind:
        case "stranger":
            return signed(bits(Purpose.REVOCATION), STRANGER, "2022-A")
        case "unknown":
            return signed(bits(Purpose.REVOCATION), STRANGER, "2021-A")
        case "other":
            return signed(bits(Purpose.REVOCATION, issuer="did:web:other.example"))
        case "lapsed":
            return signed(bits(Purpose.REVOCATION, **lapsed))
        case "future":
            return signed(bits(Purpose.REVOCATION, valid_from=LATER + timedelta(days=1)))
        case "elsewhere":
            return signed({**bits(Purpose.REVOCATION), "id": f"{LISTS}2/revocation"})
        case _:
            return signed({**bits(Purpose.SUSPENSION), "id": f"{LISTS}/revocation"})


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        ("stranger", "签名对不上"), ("unknown", "不认得"), ("other", "不是发证方的"),
        ("lapsed", "2022-09-27T06:00:00Z 已过期"), ("future", "起才生效"),
        ("elsewhere", "给的状态表里没有"), ("purpose", "给的状态表里没有"),
    ],
)  # fmt: skip
def test_a_list_that_cannot_be_trusted_leaves_the_status_unknown(kind: str, why: str) -> None:
    verification = verdict(signed(credential()), fault(kind))
    assert verification.outcome is Outcome.STATUS_UNKNOWN
    assert not verification.holds
    assert why in reasons_of(verification)


def test_a_second_list_that_cannot_be_trusted_is_told_too() -> None:
    spoiled = signed(bits(Purpose.SUSPENSION), STRANGER, "2022-A")
    verification = verdict(signed(credential()), signed(bits(Purpose.REVOCATION)), spoiled)
    assert verification.outcome is Outcome.STATUS_UNKNOWN
    assert "suspension" in reasons_of(verification)


def test_a_status_of_another_kind_cannot_be_looked_up() -> None:
    document = credential() | {"credentialStatus": {"id": "x", "type": "1EdTechRevocationList"}}
    assert verdict(signed(document)).outcome is Outcome.STATUS_UNKNOWN


def test_a_changed_text_is_not_what_was_signed() -> None:
    data = signed(credential()).replace("三级".encode(), "二级".encode())
    verification = verdict(data, *lists(signed, revocation=[PLACE]))
    assert verification.outcome is Outcome.WRONG_SIGNATURE
    assert reasons_of(verification).startswith("签名对不上")
    head, payload, tail = token(credential()).split(b".")
    other = token(credential() | {"name": "x"}).split(b".")[1]
    assert verdict(b".".join((head, other, tail))).outcome is Outcome.WRONG_SIGNATURE
    assert verdict(b".".join((head, payload, tail)), *lists(signed)).holds


@both
def test_a_signature_by_another_under_our_name_is_wrong(form: Form) -> None:
    assert verdict(form(credential(), STRANGER)).outcome is Outcome.WRONG_SIGNATURE


@both
def test_a_key_that_is_not_in_the_document_is_unknown(form: Form) -> None:
    verification = verdict(form(credential(), STRANGER, "2021-A"))
    assert verification.outcome is Outcome.UNKNOWN_KEY
    assert "2021-A" in reasons_of(verification)
    assert verdict(form(credential()), keys=KeyRing()).outcome is Outcome.UNKNOWN_KEY


def test_a_good_key_of_another_issuer_signs_nothing_of_ours() -> None:
    other = "did:web:other.example"
    keys = KEYS | read_keys(did_document(other, [IssuerKey("a", STRANGER.public_key)]))
    verification = verdict(signed(credential(), STRANGER, "a", other), keys=keys)
    assert verification.outcome is Outcome.WRONG_SIGNATURE
    assert "不是发证方的" in reasons_of(verification)


@both
def test_a_revoked_key_counts_for_what_it_signed_before(form: Form) -> None:
    for days, outcome in ((1, Outcome.UNCHECKED), (0, Outcome.UNKNOWN_KEY)):
        moment = ISSUED + timedelta(days=days)
        keys = KeyRing(KEYS.keys, dict.fromkeys(KEYS.keys, moment))
        assert verdict(form(credential()), keys=keys).outcome is outcome


def test_of_several_signatures_by_known_keys_all_must_hold() -> None:
    document = json.loads(signed(credential()))
    [own] = document["proof"]

    def with_more(more: dict[str, Any]) -> Outcome:
        return verdict(json.dumps({**document, "proof": [own, more]}).encode()).outcome

    [second] = with_proof(credential(), NEW.sign, method=key_id(DID, "2023-A"), created=ISSUED)[
        "proof"
    ]
    assert with_more(second) is Outcome.UNCHECKED
    assert with_more({**second, "proofValue": own["proofValue"]}) is Outcome.WRONG_SIGNATURE
    assert with_more({**second, "verificationMethod": "did:web:x#y"}) is Outcome.UNCHECKED
    other = {"type": "DataIntegrityProof", "cryptosuite": "bbs-2023"}
    assert with_more(other) is Outcome.UNCHECKED


@both
def test_dates_count_by_the_moment_that_is_asked_about(form: Form) -> None:
    ends = (ISSUED + timedelta(days=365)).strftime("%Y-%m-%dT%H:%M:%SZ")
    data = form(credential() | {"validUntil": ends})
    for at, outcome in (
        (ISSUED - timedelta(seconds=1), Outcome.NOT_YET),
        (ISSUED, Outcome.UNCHECKED),
        (ISSUED + timedelta(days=364), Outcome.UNCHECKED),
        (ISSUED + timedelta(days=365), Outcome.EXPIRED),
    ):
        assert verdict(data, at=at).outcome is outcome
    verification = verdict(data, *lists(form, revocation=[PLACE]))
    assert verification.outcome is Outcome.REVOKED
    assert "已过期" in reasons_of(verification)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"x" * 2_000_001, "太大"), (b"", "既不是 JSON"),
        (b"hello", "既不是 JSON"), (b"a.b.c", "既不是 JSON"),
        ("证书".encode(), "既不是 JSON"), (b"{}", "没有 eddsa-jcs-2022"),
        (json.dumps(credential()).encode(), "没有 eddsa-jcs-2022"),
        (signed(bits(Purpose.REVOCATION)), "不是开放徽章"),
        (signed(credential() | {"type": "OpenBadgeCredential"}), "不是开放徽章"),
        (signed(credential() | {"validFrom": "2022"}), "有效期"),
        (signed(credential() | {"validUntil": None}), "有效期"),
        (json.dumps(credential() | {"proof": json.loads(signed(credential()))["proof"] * 9})
         .encode(), "最多 8"),
    ],
    ids=lambda value: repr(value)[:16],
)  # fmt: skip
def test_what_is_no_credential_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(CredentialError, match=why):
        verdict(data)


def test_what_is_no_list_is_refused() -> None:
    for data in (b"{}", b"x", signed(credential())):
        with pytest.raises(CredentialError):
            verdict(signed(credential()), data)
