"""Verify a credential without any network: signature, key, dates and status lists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from compete.domain.credentials.did_documents import KeyRing
from compete.domain.credentials.json_text import CredentialError, as_list, as_object
from compete.domain.credentials.profiles import identity_hash
from compete.domain.credentials.signed import (
    Failure,
    SignedDocument,
    Suite,
    issuer_of,
    read_signed,
    signed_by,
)
from compete.domain.credentials.status_lists import Purpose, is_set, read_entry
from compete.domain.values.instants import read_instant
from compete.domain.values.messages import Message, msg


class Outcome(StrEnum):
    """The result for a credential in one word; the gravest that is true."""

    WRONG_SIGNATURE = "wrong signature"
    UNKNOWN_KEY = "unknown key"
    REVOKED = "revoked"
    REPLACED = "replaced"
    SUSPENDED = "suspended"
    NOT_YET = "not yet valid"
    EXPIRED = "expired"
    STATUS_UNKNOWN = "status unknown"
    UNCHECKED = "revocation not checked"
    VALID = "valid"


@dataclass(frozen=True, slots=True)
class CredentialStanding:
    """The standing by the lists, the reason, and the date of the list of revocations."""

    outcome: Outcome
    reasons: tuple[Message, ...] = ()
    list_at: datetime | None = None


def standing(
    document: dict[str, Any], given: Sequence[bytes], keys: KeyRing, suite: Suite, at: datetime
) -> CredentialStanding:
    """Look a credential up in the lists that were given, in whatever form they are.

    Raises `CredentialError` for what is no signed list.
    """
    try:
        entry = read_entry(document)
    except CredentialError as error:
        return CredentialStanding(Outcome.STATUS_UNKNOWN, (error.message,))
    if entry is None:
        return CredentialStanding(Outcome.VALID, (msg("这张证书不查撤销：它没写状态表"),))
    if not given:
        why = msg("没有查撤销：没给状态表 %(list)s", list=entry.address)
        return CredentialStanding(Outcome.UNCHECKED, (why,))
    documents = [read_signed(document, suite) for document in given]
    lists = _Lists(documents, issuer_of(document), keys, suite, at)
    try:
        main = lists.bit([entry.address], Purpose.REVOCATION, entry.index)
        suspended = lists.bit(entry.others, Purpose.SUSPENSION, entry.index)
        replaced = lists.bit(entry.others, Purpose.REFRESH, entry.index)
    except _ListFaultError as fault:
        return CredentialStanding(Outcome.STATUS_UNKNOWN, (fault.why,))
    if main is None:
        why = msg("给的状态表里没有 %(list)s", list=entry.address)
        return CredentialStanding(Outcome.STATUS_UNKNOWN, (why,))
    return _read(main, suspended, replaced)


def check_status_list(data: bytes, suite: Suite) -> None:
    """Raise `CredentialError` for anything but a signed status list; its issuer is not asked."""
    is_set(read_signed(data, suite).document, 0)


def _read(main: _Bit, suspended: _Bit | None, replaced: _Bit | None) -> CredentialStanding:
    """The standing by the bits of the three lists; of the last two one may be missing."""
    if main.is_set and replaced is not None and replaced.is_set:
        return CredentialStanding(
            Outcome.REPLACED, (msg("已换发：有新的证书代替它"),), main.list_at
        )
    if main.is_set and replaced is None:
        why = msg("状态表说它不能再用，是撤销还是换发没有查：没给换发的那张状态表")
        return CredentialStanding(Outcome.REVOKED, (why,), main.list_at)
    if main.is_set:
        return CredentialStanding(Outcome.REVOKED, (msg("状态表说它已撤销"),), main.list_at)
    if suspended is None:
        return CredentialStanding(
            Outcome.VALID, (msg("是不是在复核没有查：没给那张状态表"),), main.list_at
        )
    if suspended.is_set:
        return CredentialStanding(
            Outcome.SUSPENDED, (msg("复核中：有结论以前先别用"),), main.list_at
        )
    return CredentialStanding(Outcome.VALID, (), main.list_at)


@dataclass(frozen=True, slots=True)
class _Bit:
    is_set: bool
    list_at: datetime


class _ListFaultError(Exception):
    """Error: a list that was given can't be trusted."""

    def __init__(self, why: Message) -> None:
        super().__init__(str(why))
        self.why = why


@dataclass(frozen=True, slots=True)
class _Lists:
    """The lists that were given, each held against its issuer's keys when it is looked into."""

    given: Sequence[SignedDocument]
    issuer: Any
    keys: KeyRing
    suite: Suite
    at: datetime

    def bit(self, addresses: Sequence[str], purpose: Purpose, index: int) -> _Bit | None:
        """Look a place up in the newest list of this purpose that holds; None where none was given.

        Raises `_ListFaultError` where those that were given don't hold.
        """
        newest: _Bit | None = None
        fault: Message | None = None
        for status_list in self.given:
            purposes, bit = is_set(status_list.document, index)
            if status_list.document.get("id") not in addresses or purpose not in purposes:
                continue
            why = self._fault(status_list)
            moment = read_instant(status_list.document.get("validFrom"))
            if why is not None or moment is None:
                fault = why
            elif newest is None or moment > newest.list_at:
                newest = _Bit(bit, moment)
        if newest is None and fault is not None:
            raise _ListFaultError(fault)
        return newest

    def _fault(self, signed: SignedDocument) -> Message | None:
        address = str(signed.document["id"])
        why: Message | None
        if issuer_of(signed.document) != self.issuer:
            return msg("状态表 %(list)s 不是发证方的", list=address)
        key = signed_by(signed, self.keys, self.suite)
        if isinstance(key, Failure):
            why = key.why
        else:
            _outcome, why = dates(signed.document, self.at)
        return None if why is None else msg("状态表 %(list)s：%(why)s", list=address, why=why)


def dates(document: dict[str, Any], at: datetime) -> tuple[Outcome, Message | None]:
    """Check the dates of a credential or a list at a moment; with the reason if it is not valid.

    Raises `CredentialError` where it does not say from when.
    """
    begins = read_instant(document.get("validFrom"))
    ends = read_instant(document.get("validUntil"))
    if begins is None or (ends is None and "validUntil" in document):
        raise CredentialError(msg("有效期的写法不对"))
    if at < begins:
        return Outcome.NOT_YET, msg("%(since)s 起才生效", since=str(document["validFrom"]))
    if ends is not None and at >= ends:
        return Outcome.EXPIRED, msg("%(until)s 已过期", until=str(document["validUntil"]))
    return Outcome.VALID, None


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
    status = standing(document, [*status_lists], keys, suite, at)
    dated = dates(document, at)
    outcome = min(status.outcome, dated[0], key=list(Outcome).index)
    reasons = status.reasons if dated[1] is None else (*status.reasons, dated[1])
    return Verdict(outcome, reasons, document, key, status.list_at)


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
