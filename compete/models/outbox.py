"""What goes out to others: the addresses of systems that are told, and each delivery."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compete.domain.values.states import DeliveryState
from compete.models.base import Base, Id, Instant, ref, utc_now
from compete.models.enums import enum_text
from compete.models.types import EncryptedText, UtcDateTime


class Webhook(Base):
    """An address of another system that is told what happens.

    `competitions` are codes; None for all. The `former_secret` signs beside the secret until
    `former_until`. `stopped_why` is a key: why nothing is sent there any more. `failing_since` is
    the first of the tries that failed without one in between that did not, `failed_at` the last.
    """

    __tablename__ = "webhook"
    id: Mapped[Id]
    account_id: Mapped[int | None] = ref("account")
    url: Mapped[str] = mapped_column(EncryptedText)
    types: Mapped[list[str]] = mapped_column(JSON)
    competitions: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    secret: Mapped[str] = mapped_column(EncryptedText)
    former_secret: Mapped[str | None] = mapped_column(EncryptedText)
    former_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    made_at: Mapped[Instant] = mapped_column(default=utc_now)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    stopped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    stopped_why: Mapped[str | None] = mapped_column(String(20))
    failing_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    failed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class MessageAddress(Base):
    """Where messages to somebody go: a mail address, a phone, or the robot of a group.

    A group is one competition's and has a `name`. The link that stops messages leads by
    `off_token`; since `off_at` somebody wants none, since `dead_at` what was sent came back for
    good. Of somebody whose data were erased the hash alone is kept, so that a no stays a no.
    """

    __tablename__ = "message_address"
    __table_args__ = (UniqueConstraint("channel", "address_hash"),)
    id: Mapped[Id]
    channel: Mapped[str] = mapped_column(String(20))
    address: Mapped[str | None] = mapped_column(EncryptedText)
    address_hash: Mapped[str | None] = mapped_column(String(64))
    competition_id: Mapped[int | None] = ref("competition")
    name: Mapped[str | None] = mapped_column(String(80))
    off_token: Mapped[str] = mapped_column(String(20), unique=True)
    made_at: Mapped[Instant] = mapped_column(default=utc_now)
    off_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    dead_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Delivery(Base):
    """One thing that goes to one receiver: written with the change it tells of, sent afterwards.

    `public_id` is the same at each try. No `receiver` ever waits for another. Each of `tries` has
    `at`, `status`, `ms` and, where it failed, `why` (a key); `attempt` counts those since it was
    put up last, for the plan.

    It goes to a webhook, or is a message to a `person` (`entrant 5`, `account 3`, `group 2`) at an
    address: `words` are what its kind's fields stand for, sealed; `about` which of several things
    of the kind it tells of and `mark` what of it, so that nobody reads the same twice; after
    `until` it tells of nothing. Without either it is a round: what happened, whose messages are
    still to be written. `why` is a key: what held it back or ended it.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        Index("ix_delivery_due", "state", "receiver", "due_at"),
        Index("ix_delivery_person", "person"),
    )
    id: Mapped[Id]
    public_id: Mapped[str] = mapped_column(String(40), unique=True)
    receiver: Mapped[str] = mapped_column(String(60))
    webhook_id: Mapped[int | None] = ref("webhook")
    competition_id: Mapped[int | None] = ref("competition")
    kind: Mapped[str] = mapped_column(String(40))
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[DeliveryState] = mapped_column(
        enum_text(DeliveryState), default=DeliveryState.WAITING
    )
    made_at: Mapped[Instant] = mapped_column(default=utc_now)
    due_at: Mapped[Instant] = mapped_column(default=utc_now)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    attempt: Mapped[int] = mapped_column(Integer, default=0)
    tries: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    address_id: Mapped[int | None] = ref("message_address")
    person: Mapped[str | None] = mapped_column(String(40))
    about: Mapped[str | None] = mapped_column(String(80))
    mark: Mapped[str | None] = mapped_column(String(64))
    once: Mapped[str | None] = mapped_column(String(64), unique=True)
    words: Mapped[str | None] = mapped_column(EncryptedText)
    until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    why: Mapped[str | None] = mapped_column(String(20))
    webhook: Mapped[Webhook | None] = relationship()
    address: Mapped[MessageAddress | None] = relationship()
