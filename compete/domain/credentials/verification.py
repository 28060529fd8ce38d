"""Verify a credential without any network: signature, key, dates and status lists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from compete.domain.credentials.did_documents import KeyRing
from compete.domain.credentials.errors import CredentialError
from compete.domain.credentials.json_text import as_list, as_object
from compete.domain.credentials.profiles import identity_hash
from compete.domain.credentials.signed import Failure, issuer_of, read_signed, signed_by
from compete.domain.credentials.standing import Outcome, dates, standing
from compete.domain.credentials.tokens import Suite
from compete.domain.values.messages import Message, msg

BADGE_TYPES = frozenset({"OpenBadgeCredential", "AchievementCredential"})


@dataclass(frozen=True, slots=True)
class Verdict:
    """The verdict on a credential, and the reasons."""

    outcome: Outcome
    reasons: tuple[Message, ...]
    document: dict[str, Any]
    """The contents. Where `outcome` is about signature or key, nobody vouches for them."""
    key: str | None = None
    """The id of the key that signed it."""
    status_at: datetime | None = None
    """From when the status list is; None where none was looked at."""

    @property
    def holds(self) -> bool:
        """True if it may be relied upon, as far as was looked."""
        return self.outcome is Outcome.VALID


def verify_credential(
    data: bytes,
    keys: KeyRing,
    status_lists: Iterable[bytes] = (),
    *,
    suite: Suite,
    at: datetime,
) -> Verdict:
    """Verify a credential, as JSON or as a token, at a moment.

    `status_lists` are lists as they were fetched, of any purpose, in either
    form; without any, whether it was revoked is not looked at, and so it is said. Raises
    `CredentialError` for what is no signed credential, and no list.
    """
    signed = read_signed(data, suite)
    document = signed.document
    types = as_list(document.get("type"))
    if "VerifiableCredential" not in types or BADGE_TYPES.isdisjoint(map(str, types)):
        raise CredentialError(msg("这不是开放徽章的证书"))
    key = signed_by(signed, keys, suite)
    if isinstance(key, Failure):
        outcome = Outcome.UNKNOWN_KEY if key.is_unknown else Outcome.WRONG_SIGNATURE
        return Verdict(outcome, (key.why,), document)
    found = standing(document, [*status_lists], keys, suite, at)
    dated = dates(document, at)
    outcome = min(found.outcome, dated[0], key=list(Outcome).index)
    reasons = found.reasons if dated[1] is None else (*found.reasons, dated[1])
    return Verdict(outcome, reasons, document, key, found.list_at)


def bears_name(document: dict[str, Any], name: str) -> bool:
    """True if a credential is for somebody of this name."""
    subject = as_object(document.get("credentialSubject"))
    for identifier in map(as_object, as_list(subject.get("identifier"))):
        salt, hashed = identifier.get("salt"), identifier.get("identityHash")
        if identifier.get("identityType") == "name" and isinstance(salt, str) and name.strip():
            return hashed == identity_hash(name, salt)
    return False


class SaidResult(NamedTuple):
    """A result by its name: 理论, 91.00."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Summary:
    """The parts of a credential as texts."""

    issuer: str
    """The issuer's name, as the credential has it."""
    issuer_id: str
    title: str
    number: str
    results: tuple[SaidResult, ...]


def summary(document: dict[str, Any]) -> Summary:
    """Summarise a credential."""
    subject = as_object(document.get("credentialSubject"))
    return Summary(
        issuer=_text(as_object(document.get("issuer")).get("name")),
        issuer_id=_text(issuer_of(document)),
        title=_text(document.get("description")) or _text(document.get("name")),
        number=_text(subject.get("licenseNumber")),
        results=tuple(_results(subject)),
    )


def _results(subject: dict[str, Any]) -> Iterator[SaidResult]:
    """List each result with the name of what it is a result of."""
    achievement = as_object(subject.get("achievement"))
    possible = map(as_object, as_list(achievement.get("resultDescription")))
    described = {_text(result.get("id")): result for result in possible}
    for result in map(as_object, as_list(subject.get("result"))):
        about = described.get(_text(result.get("resultDescription")), {})
        value = _text(result.get("value"))
        for level in map(as_object, as_list(about.get("rubricCriterionLevel"))):
            if level.get("id") == result.get("achievedLevel"):
                value = _text(level.get("name"))
        yield SaidResult(_text(about.get("name")), value)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
