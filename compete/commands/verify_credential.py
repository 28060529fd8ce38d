"""`compete verify-credential FILE`: check a certificate as a credential, without network.

The word 有效 is the last line where everything that was looked at holds, and
else stands nowhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from compete.commands.bundle_file import bytes_of, tell_of
from compete.commands.printing import print_line
from compete.domain.credentials.did_documents import KeyRing, did_address, read_key_file
from compete.domain.credentials.json_text import CredentialError
from compete.domain.credentials.verification import (
    Outcome,
    Verdict,
    bears_name,
    check_status_list,
    summary,
    verify_credential,
)
from compete.domain.values.days import date_words
from compete.domain.values.messages import Message, msg
from compete.keys.suite import Ed25519Suite
from compete.language import say

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

WORDS = {
    Outcome.WRONG_SIGNATURE: msg("签名不对"),
    Outcome.UNKNOWN_KEY: msg("钥匙不认得"),
    Outcome.REVOKED: msg("已撤销"),
    Outcome.REPLACED: msg("已换发"),
    Outcome.SUSPENDED: msg("复核中"),
    Outcome.NOT_YET: msg("还没生效"),
    Outcome.EXPIRED: msg("已过期"),
    Outcome.STATUS_UNKNOWN: msg("不知道是否撤销"),
    Outcome.UNCHECKED: msg("签名对，没有查撤销"),
    Outcome.VALID: msg("有效"),
}


def add_arguments(parser: ArgumentParser) -> None:
    """Arguments: `compete verify-credential FILE [--keys FILE]… [--status FILE]… [--name NAME]`."""
    parser.add_argument("file", metavar="FILE", help=say(msg("证书，JSON 或令牌；- 是标准输入")))
    parser.add_argument(
        "--keys",
        metavar="FILE",
        action="append",
        default=[],
        help=say(msg("发证方的公钥文件 did.json；可以写几次")),
    )
    parser.add_argument(
        "--status",
        metavar="FILE",
        action="append",
        default=[],
        help=say(msg("发证方的状态表，看有没有撤销；可以写几次")),
    )
    parser.add_argument("--name", metavar="NAME", help=say(msg("看证书是不是发给这个人的")))


def run(arguments: Namespace) -> int:
    """Verify a credential.

    Exit status 0 for one that holds, 1 for one that does not, 2 for what is no credential,
    3 where nobody gave a list to look up whether it was revoked.
    """
    now = datetime.now(UTC)
    suite = Ed25519Suite()
    file = arguments.file
    try:
        keys = KeyRing()
        for file in arguments.keys:
            keys |= read_key_file(bytes_of(file))
        lists: list[bytes] = []
        for file in arguments.status:
            lists.append(bytes_of(file))
            check_status_list(lists[-1], suite)
        file = arguments.file
        verdict = verify_credential(bytes_of(file), keys, lists, suite=suite, at=now)
    except CredentialError as error:
        tell_of(file, error.message)
        return 2
    is_theirs = arguments.name is None or bears_name(verdict.document, arguments.name)
    lines = (
        *_says(verdict),
        *_name(arguments.name, is_theirs),
        *verdict.reasons,
        *_keys_place(verdict),
    )
    for line in lines:
        print_line(line)
    unchecked = verdict.outcome is Outcome.UNCHECKED
    sound = verdict.holds or unchecked
    print_line(WORDS[verdict.outcome] if is_theirs or not sound else msg("不是发给这个人的"))
    if not sound or not is_theirs:
        return 1
    return 3 if unchecked else 0


def _says(verdict: Verdict) -> Iterator[Message]:
    """Say what the credential says; if no key vouches for it, only who it claims to be from."""
    credential = summary(verdict.document)
    yield msg("发证方：%(name)s %(did)s", name=credential.issuer, did=credential.issuer_id)
    if verdict.key is None:
        return
    yield msg("证书：%(name)s", name=credential.title)
    if credential.number:
        yield msg("编号：%(number)s", number=credential.number)
    for result in credential.results:
        yield msg("%(name)s：%(value)s", name=result.name, value=result.value)
    yield msg("签名：钥匙 %(key)s，对得上", key=verdict.key)
    if verdict.status_at is not None:
        at = verdict.status_at
        yield msg("状态表：%(day)s %(clock)s UTC 的", day=date_words(at), clock=f"{at:%H:%M}")


def _name(name: str | None, is_theirs: bool) -> Iterator[Message]:
    if name is not None:
        theirs, others = msg("发给 %(name)s：是", name=name), msg("发给 %(name)s：不是", name=name)
        yield theirs if is_theirs else others


def _keys_place(verdict: Verdict) -> Iterator[Message]:
    """Say where the issuer's keys are fetched, if they were not given."""
    if verdict.outcome is not Outcome.UNKNOWN_KEY:
        return
    try:
        address = did_address(summary(verdict.document).issuer_id)
    except CredentialError:
        return
    yield msg("公钥文件在 %(address)s，先看清是不是发证方的网址", address=address)
