"""Second factors for people who sign in by password: an app's codes, passkeys, codes on paper.

TOTP is RFC 6238 with 30 s steps, passkeys are WebAuthn with the user verified on the device, so
that a passkey alone signs in.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import pyotp
import webauthn
from sqlalchemy import ColumnElement, Select, select, update
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from compete.domain.values.messages import msg
from compete.domain.values.roles import Role
from compete.models import Account, SecondFactor, db, utc_now
from compete.models.types import token_hash
from compete.services.accounts.access import memberships_with
from compete.services.kernel import audit
from compete.services.kernel.refusal import Refusal, Refused, invalid
from compete.services.kernel.text_limits import check_text
from compete.services.kernel.transactions import unit_of_work

GRACE = timedelta(days=7)
"""The time that the desk stays open without a second factor after it was first asked for."""
RECOVERY_CODES = 10
_STEP, _EARLY_OR_LATE = 30, 1
_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
_LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class Site:
    """The site on which a passkey is good: the host's name and the address the browser shows."""

    host: str
    origin: str


def factors_of(account: Account) -> Sequence[SecondFactor]:
    """The account's apps and passkeys, the oldest first; codes on paper are not among them."""
    return db.session.scalars(
        _in_use(account).where(SecondFactor.kind != "recovery").order_by(SecondFactor.id)
    ).all()


def has_second_factor(account: Account) -> bool:
    """True if a password alone does not sign the account in."""
    return bool(factors_of(account))


def with_second_factor(accounts: Sequence[Account]) -> set[int]:
    """The numbers of those of the accounts that have a second factor."""
    numbers = [account.id for account in accounts]
    wanted = (SecondFactor.ended_at.is_(None), SecondFactor.kind != "recovery")
    return set(
        db.session.scalars(
            select(SecondFactor.account_id).where(SecondFactor.account_id.in_(numbers), *wanted)
        )
    )


def recovery_codes_left(account: Account) -> int:
    """Count the recovery codes on paper that have not been used."""
    return len(db.session.scalars(_in_use(account).where(SecondFactor.kind == "recovery")).all())


def _is_second_factor_wanted(account: Account) -> bool:
    """True if the account may do enough to want one: administrators and organisers."""
    return account.is_admin or bool(memberships_with(account, {Role.ORGANISER}))


def ask_for_second_factor(account: Account) -> None:
    """Begin the days of grace of an account that should have a second factor and has none."""
    if account.second_factor_due is not None or not _is_second_factor_wanted(account):
        return
    if has_second_factor(account):
        return
    with unit_of_work() as session:
        row = session.get_one(Account, account.id)
        row.second_factor_due = row.second_factor_due or utc_now() + GRACE


def new_totp_key() -> str:
    """A key for an app that makes codes; it counts once a code of it was typed."""
    return pyotp.random_base32()


def totp_address(key: str, account: Account, site: str) -> str:
    """The address (`otpauth://…`) that a key's QR code gives the app."""
    return pyotp.TOTP(key).provisioning_uri(name=account.username or account.name, issuer_name=site)


def add_totp(account: Account, key: str, code: str) -> list[str]:
    """Take the app's codes from now on; gives the codes on paper where there were none yet.

    Raises `Refused` (WRONG_SECRET) where the code is not the key's.
    """
    step = _step_of(key, code, after=0)
    if step is None:
        raise Refused(
            msg("验证码不对。看看手机的时间准不准，写现在显示的 6 位"), kind=Refusal.WRONG_SECRET
        )
    name = msg("验证器").render()
    return _add(account, SecondFactor(kind="totp", name=name, secret=key, counter=step))


def passkey_request(account: Account, site: Site) -> tuple[str, str]:
    """The request for a new passkey, as JSON for the browser, and the challenge to be kept."""
    options = webauthn.generate_registration_options(
        rp_id=site.host,
        rp_name="compete",
        user_id=f"account-{account.id}".encode(),
        user_name=account.username or account.name,
        user_display_name=account.name,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=_passkeys(account),
    )
    return webauthn.options_to_json(options), bytes_to_base64url(options.challenge)


def add_passkey(account: Account, answer: str, challenge: str, site: Site, name: str) -> list[str]:
    """Take the passkey that the browser made; gives the codes on paper where there were none yet.

    Raises `Refused` (INVALID) for an answer that does not fit the challenge.
    """
    check_text(name, _LONGEST_NAME)
    try:
        made = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=site.host,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError) as error:
        raise invalid(msg("通行密钥没有建成，再试一次")) from error
    key = {
        "id": bytes_to_base64url(made.credential_id),
        "key": bytes_to_base64url(made.credential_public_key),
    }
    return _add(
        account,
        SecondFactor(
            kind="passkey",
            name=name.strip() or msg("通行密钥").render(),
            secret=json.dumps(key),
            key_hash=token_hash(key["id"]),
            counter=made.sign_count,
        ),
    )


def passkey_challenge(site: Site) -> tuple[str, str]:
    """The request to sign in by a passkey of the site, as JSON, and the challenge to keep."""
    options = webauthn.generate_authentication_options(
        rp_id=site.host, user_verification=UserVerificationRequirement.REQUIRED
    )
    return webauthn.options_to_json(options), bytes_to_base64url(options.challenge)


def account_of_passkey(answer: str, challenge: str, site: Site) -> Account:
    """The account whose passkey signed the challenge. Raises `Refused` (WRONG_SECRET) if none."""
    try:
        number = str(json.loads(answer)["id"])
    except (ValueError, KeyError, TypeError) as error:
        raise _no_passkey() from error
    factor = db.session.scalar(
        select(SecondFactor).where(
            SecondFactor.kind == "passkey",
            SecondFactor.key_hash == token_hash(number),
            SecondFactor.ended_at.is_(None),
        )
    )
    if factor is None or not factor.account.active:
        raise _no_passkey()
    try:
        signed = webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=base64url_to_bytes(json.loads(factor.secret or "{}")["key"]),
            credential_current_sign_count=factor.counter,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError) as error:
        raise _no_passkey() from error
    with unit_of_work() as session:
        row = session.get_one(SecondFactor, factor.id)
        row.counter, row.used_at = signed.new_sign_count, utc_now()
    return factor.account


def check_code(account: Account, typed: str) -> str | None:
    """Check a typed code: `totp` or `recovery` if it lets the account in, None if it is wrong.

    Each code is good once: an app's for its step of time, one on paper for ever.
    """
    code = "".join(typed.split()).replace("-", "").casefold()
    for factor in factors_of(account):
        step = _step_of(factor.secret or "", code, after=factor.counter)
        if factor.kind == "totp" and step is not None and _use_step(factor, step):
            return "totp"
    if len(code) < 10:
        return None
    with unit_of_work() as session:
        now = utc_now()
        paper = session.scalar(
            _in_use(account)
            .where(SecondFactor.kind == "recovery", SecondFactor.key_hash == _paper(account, code))
            .with_for_update()
        )
        if paper is None:
            return None
        paper.used_at = paper.ended_at = now
        session.flush()
        audit.record(None, account, "account.recovery_code", account.name)
    return "recovery"


def new_recovery_codes(account: Account) -> list[str]:
    """Make ten codes on paper, each good once; the former ones end. They are shown once."""
    codes = ["".join(secrets.choice(_ALPHABET) for _ in range(10)) for _ in range(RECOVERY_CODES)]
    with unit_of_work() as session:
        _end(account, SecondFactor.kind == "recovery")
        session.add_all(
            SecondFactor(
                account_id=account.id, kind="recovery", name="", key_hash=_paper(account, code)
            )
            for code in codes
        )
        session.flush()
        audit.record(None, account, "account.recovery_codes", account.name)
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def remove_factor(account: Account, number: int) -> None:
    """Take away one app or passkey of one's own; with the last one the codes on paper go too.

    Raises `Refused` (UNKNOWN) for one that is not the account's.
    """
    with unit_of_work() as session:
        factor = session.scalar(_in_use(account).where(SecondFactor.id == number))
        if factor is None or factor.kind == "recovery":
            raise Refused(msg("没有这一种第二步，或者已经去掉了"), kind=Refusal.UNKNOWN)
        factor.ended_at = utc_now()
        session.flush()
        if not has_second_factor(account):
            _end(account, SecondFactor.kind == "recovery")
        audit.record(None, account, "account.factor_end", account.name, after={"kind": factor.kind})


def reset_second_factors(account: Account, by: Account | None) -> None:
    """Take away all factors of somebody who lost them; the password alone signs in once more.

    Raises `Refused` where there are none, and for one's own.
    """
    if by is not None and by.id == account.id:
        raise Refused(msg("自己的在“我的账号”里去掉"))
    if not has_second_factor(account):
        raise Refused(msg("%(name)s 没有设第二步", name=account.name))
    with unit_of_work() as session:
        row = session.get_one(Account, account.id, with_for_update=True)
        end_all_factors(row)
        row.session_epoch += 1
        session.flush()
        audit.record(None, by, "account.factors_reset", row.name, after={"id": row.id})


def end_all_factors(account: Account) -> None:
    """Take away apps, passkeys and codes on paper; inside a unit of work."""
    _end(account, SecondFactor.ended_at.is_(None))


def _add(account: Account, factor: SecondFactor) -> list[str]:
    first = not has_second_factor(account)
    with unit_of_work() as session:
        factor.account_id = account.id
        session.add(factor)
        session.get_one(Account, account.id).second_factor_due = None
        session.flush()
        audit.record(None, account, "account.factor_add", account.name, after={"kind": factor.kind})
        return new_recovery_codes(account) if first else []


def _in_use(account: Account) -> Select[tuple[SecondFactor]]:
    return select(SecondFactor).where(
        SecondFactor.account_id == account.id, SecondFactor.ended_at.is_(None)
    )


def _end(account: Account, condition: ColumnElement[bool]) -> None:
    for factor in db.session.scalars(_in_use(account).where(condition)):
        factor.ended_at = utc_now()
    db.session.flush()


def _passkeys(account: Account) -> list[PublicKeyCredentialDescriptor]:
    kept = [json.loads(row.secret or "") for row in factors_of(account) if row.kind == "passkey"]
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(key["id"])) for key in kept]


def _step_of(key: str, code: str, *, after: int) -> int | None:
    """The step of time, later than `after`, whose code it is: now, or half a minute off."""
    if not (code.isascii() and code.isdigit() and len(code) == 6):
        return None
    totp, now = pyotp.TOTP(key), int(utc_now().timestamp()) // _STEP
    steps = range(now - _EARLY_OR_LATE, now + _EARLY_OR_LATE + 1)
    return next(
        (
            step
            for step in steps
            if step > after and secrets.compare_digest(totp.generate_otp(step), code)
        ),
        None,
    )


def _use_step(factor: SecondFactor, step: int) -> bool:
    """True if the step had not been used, also where two send the same code at once."""
    with unit_of_work() as session:
        used = session.scalars(
            update(SecondFactor)
            .where(SecondFactor.id == factor.id, SecondFactor.counter < step)
            .values(counter=step, used_at=utc_now())
            .returning(SecondFactor.id)
            # What moves with every use is not sealed.
            .execution_options(synchronize_session=False, noted=True)
        ).all()
    return bool(used)


def _paper(account: Account, code: str) -> str:
    return token_hash(f"{account.id} {code}")


def _no_passkey() -> Refused:
    return Refused(
        msg("这个通行密钥不能登录这里，用密码登录，再看“我的账号”"), kind=Refusal.WRONG_SECRET
    )
