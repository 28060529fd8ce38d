"""Accounts, what they may do where, and the cards that sign them in."""

from __future__ import annotations

from datetime import datetime

from flask_login import UserMixin
from sqlalchemy import BigInteger, Boolean, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compete.domain.values.roles import Role
from compete.models.base import Base, Id, Instant, Name, ref, utc_now
from compete.models.competition import Competition, Judge, Unit
from compete.models.enums import enum_text
from compete.models.labour import LabourDepartment
from compete.models.types import EncryptedText, UtcDateTime


class Account(UserMixin, Base):  # type: ignore[misc]
    """An account that signs in: by user name and password, or by a card.

    Raising `session_epoch` ends every session of the account at once: a
    session holds only while its `epoch` is the account's.
    `pin_tries` counts wrong PINs since the last right one. `second_factor_due`: from when the
    desk waits for a second factor; none where there is one, or none is asked. `erased_at`: the
    name gave way to a pseudonym after its purpose, and nobody signs in any more. `mail` is where
    messages to its owner go.
    """

    __tablename__ = "account"
    id: Mapped[Id]
    name: Mapped[Name]
    username: Mapped[str | None] = mapped_column(String(80), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    pin_hash: Mapped[str | None] = mapped_column(String(200))
    pin_tries: Mapped[int] = mapped_column(default=0, server_default="0")
    is_admin: Mapped[bool] = mapped_column(Boolean, default=False)
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    session_epoch: Mapped[int] = mapped_column(default=0)
    language: Mapped[str | None] = mapped_column(String(10))
    mail: Mapped[str | None] = mapped_column(EncryptedText)
    created_at: Mapped[Instant] = mapped_column(default=utc_now)
    second_factor_due: Mapped[datetime | None] = mapped_column(UtcDateTime)
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    memberships: Mapped[list[Membership]] = relationship(back_populates="account")

    @property
    def is_active(self) -> bool:
        """False for a closed account, which signs nobody in."""
        return self.active


class SignedInSession(Base):
    """One device on which an account is signed in; the cookie carries a random id, found by hash.

    It ends at `expires_at` whatever happens, and before that at `good_until`,
    which moves on while the device is in use: `idle_seconds` after `seen_at`.
    """

    __tablename__ = "signed_in_session"
    id: Mapped[Id]
    account_id: Mapped[int] = ref("account")
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    epoch: Mapped[int]
    method: Mapped[str] = mapped_column("how", String(20))
    device: Mapped[str] = mapped_column(String(80))
    idle_seconds: Mapped[int]
    made_at: Mapped[Instant] = mapped_column(default=utc_now)
    seen_at: Mapped[Instant] = mapped_column(default=utc_now)
    good_until: Mapped[Instant]
    expires_at: Mapped[Instant]
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Of a session that began at the firm's sign-in: a hash of what the firm calls it there.
    firm_session: Mapped[str | None] = mapped_column(String(64))
    account: Mapped[Account] = relationship()


class FirmIdentity(Base):
    """The link of an account to the person it is at the firm's sign-in (OpenID Connect).

    `issuer` and `subject` are the firm's own names for itself and the person, never an
    e-mail address. Of those that have not ended one account has one, and one person one.
    """

    __tablename__ = "firm_identity"
    __table_args__ = (
        Index(
            "uq_firm_identity_standing",
            "issuer",
            "subject",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index(
            "uq_firm_identity_account",
            "account_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )
    id: Mapped[Id]
    account_id: Mapped[int] = ref("account")
    issuer: Mapped[str] = mapped_column(String(300))
    subject: Mapped[str] = mapped_column(String(255))
    made_at: Mapped[Instant] = mapped_column(default=utc_now)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    account: Mapped[Account] = relationship()


class FirmSignOut(Base):
    """A logout token that the firm's sign-in sent, by the hash of its id: it is good once."""

    __tablename__ = "firm_sign_out"
    id: Mapped[Id]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    at: Mapped[Instant] = mapped_column(default=utc_now)


class SecondFactor(Base):
    """A second factor: what an account signs in with besides its password.

    `kind` is `totp` (`secret` is the app's key, `counter` the last step of 30 s that was used),
    `passkey` (`secret` is the public key, `key_hash` finds the credential, `counter` is the
    device's own) or `recovery` (a code on paper, found by `key_hash`, good once).
    """

    __tablename__ = "second_factor"
    id: Mapped[Id]
    account_id: Mapped[int] = ref("account")
    kind: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(80))
    secret: Mapped[str | None] = mapped_column(EncryptedText)
    key_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    counter: Mapped[int] = mapped_column(BigInteger, default=0)
    made_at: Mapped[Instant] = mapped_column(default=utc_now)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    account: Mapped[Account] = relationship()


class SignIn(Base):
    """A sign-in, or wrong ones of one device within an hour, for the account's owner to see."""

    __tablename__ = "sign_in"
    id: Mapped[Id]
    account_id: Mapped[int] = ref("account")
    method: Mapped[str] = mapped_column(String(20))
    right: Mapped[bool] = mapped_column("is_right", Boolean)
    device: Mapped[str] = mapped_column(String(80))
    address: Mapped[str] = mapped_column(String(45))
    times: Mapped[int] = mapped_column(default=1)
    first_at: Mapped[Instant] = mapped_column(default=utc_now)
    at: Mapped[Instant] = mapped_column(default=utc_now)


class Membership(Base):
    """One account's role in one competition.

    A judging role names the judge, a contact the unit, a recorder of a labour competition the
    department.
    """

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("account_id", "competition_id", "role"),)
    id: Mapped[Id]
    account_id: Mapped[int] = ref("account")
    competition_id: Mapped[int] = ref("competition")
    role: Mapped[Role] = mapped_column(enum_text(Role))
    judge_id: Mapped[int | None] = ref("judge")
    unit_id: Mapped[int | None] = ref("unit")
    department_id: Mapped[int | None] = ref("labour_department")
    account: Mapped[Account] = relationship(back_populates="memberships")
    competition: Mapped[Competition] = relationship()
    judge: Mapped[Judge | None] = relationship()
    unit: Mapped[Unit | None] = relationship()
    department: Mapped[LabourDepartment | None] = relationship()


class SignInCard(Base):
    """A random link that signs an account in: once, or until it is cancelled.

    The link is found by its hash; the sealed token serves a second printing.
    """

    __tablename__ = "sign_in_card"
    id: Mapped[Id]
    account_id: Mapped[int] = ref("account")
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    token: Mapped[str] = mapped_column(EncryptedText)
    one_time: Mapped[bool] = mapped_column(Boolean)
    made_at: Mapped[Instant] = mapped_column(default=utc_now)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    account: Mapped[Account] = relationship()


BY_LINK = frozenset({"link", "reset", "unit_link", "firm_link"})
"""Ways in that somebody else had by a link, not a card."""


class CardHandling(Base):
    """A record that somebody else had an account's way in: showed, printed or reset it.

    `kind` is `issue`, `show`, `print`, `link` (of a new account), `reset` (a link for a new
    password), `firm_link` (a link by which an account was connected to the firm's sign-in) or
    `unit_link` (issued, shown or printed for a unit's contact). Rows are added, never changed.
    """

    __tablename__ = "card_handling"
    id: Mapped[Id]
    account_id: Mapped[int] = ref("account")
    by_id: Mapped[int] = ref("account")
    kind: Mapped[str] = mapped_column("how", String(10))
    at: Mapped[Instant] = mapped_column(default=utc_now)
    account: Mapped[Account] = relationship(foreign_keys=[account_id])
    by: Mapped[Account] = relationship(foreign_keys=[by_id])


class Invitation(Base):
    """A link, good once and for a time, by which somebody gets an account or a role.

    It makes an administrator (`is_admin`), or gives `role` in a competition, or
    both to nobody yet known (`account_id` is empty until it is taken up); with
    an account from the start it sets that account's password. The link itself
    is kept nowhere: it is shown once and found by its hash.
    """

    __tablename__ = "invitation"
    id: Mapped[Id]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[Name]
    is_admin: Mapped[bool] = mapped_column(Boolean, default=False)
    role: Mapped[Role | None] = mapped_column(enum_text(Role))
    competition_id: Mapped[int | None] = ref("competition")
    account_id: Mapped[int | None] = ref("account")
    by_id: Mapped[int | None] = ref("account")
    made_at: Mapped[Instant] = mapped_column(default=utc_now)
    expires_at: Mapped[Instant]
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    account: Mapped[Account | None] = relationship(foreign_keys=[account_id])
    by: Mapped[Account | None] = relationship(foreign_keys=[by_id])
    competition: Mapped[Competition | None] = relationship()
