"""The link by which a unit's contact comes to the unit's own page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import and_, select

from compete.documents.badges import JudgeCard, render_cards
from compete.documents.typesetting import PrintedFile
from compete.domain.kinds.kinds import competition_kind
from compete.domain.values.messages import Translate, msg
from compete.domain.values.roles import ROLE_WORDS, Role
from compete.models import Account, Competition, Membership, SignInCard, Unit, db, utc_now
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.accounts.card_handlers import note_handling
from compete.services.accounts.many_links import issue_contact_links
from compete.services.accounts.sign_in_cards import (
    cancel_cards,
    issue_card,
    lasting_card,
    show_card,
)
from compete.services.kernel import audit
from compete.services.kernel.audit import Said, record_many
from compete.services.kernel.installation import Page, address_of, fonts
from compete.services.kernel.link_lives import AFTER_UNIT, end_of, labour_link_life
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.kernel.text_limits import check_name
from compete.services.kernel.transactions import changing
from compete.services.registration.window import window_of


@dataclass(frozen=True, slots=True)
class UnitLink:
    """A unit's link as it stands: whose, until when, whether it was opened."""

    contact: str
    until: datetime | None
    opened: bool
    standing: bool
    """True if it still lets somebody in."""


def contact_of(unit: Unit) -> Account | None:
    """The account through which the unit's contact signs in, or None.

    One that was closed signs nobody in: the next link makes another.
    """
    return db.session.scalar(
        select(Account)
        .join(Membership, Membership.account_id == Account.id)
        .where(Membership.unit_id == unit.id, Membership.role == Role.CONTACT, Account.active)
        .order_by(Membership.id.desc())
        .limit(1)
    )


def links_of(competition: Competition) -> dict[int, UnitLink]:
    """The newest link of each unit, by the unit's number."""
    rows = db.session.execute(
        select(Membership.unit_id, Account, SignInCard)
        .join(Account, Account.id == Membership.account_id)
        .join(SignInCard, SignInCard.account_id == Account.id)
        .where(Membership.competition_id == competition.id, Membership.role == Role.CONTACT)
        .order_by(SignInCard.id)
    ).tuples()
    now = utc_now()
    return {
        unit: UnitLink(
            contact=account.name,
            until=card.expires_at,
            opened=card.used_at is not None,
            standing=account.active
            and card.cancelled_at is None
            and (card.expires_at is None or card.expires_at > now),
        )
        for unit, account, card in rows
        if unit is not None
    }


def good_until(competition: Competition) -> datetime:
    """The end of a link made now, some time after the last day and the close of registration.

    It outlives both, so that a unit sees what became of its people, and its contact appeals once
    results are published; entering ends with the window whatever the link says.
    """
    if competition_kind(competition).has_periods:
        return utc_now() + labour_link_life(competition)
    ends = [utc_now()]
    closes = window_of(competition).closes
    if closes is not None:
        ends.append(closes)
    last = competition.ends or competition.starts
    if last is not None:
        ends.append(end_of(last))
    return max(ends) + AFTER_UNIT


def make_link(unit: Unit, competition: Competition, contact: str, by: Account) -> str:
    """A new link for the unit's contact; any earlier one ends. Its token.

    Raises `Refused` (INVALID) for a name that is too long.
    """
    contact = " ".join(contact.split())
    check_name(contact)
    with changing(competition, unit) as competition:
        account = contact_of(unit)
        if account is None:
            account = create_account(contact or unit.name, by=by)
            grant_role(account, competition, Role.CONTACT, unit=unit, by=by)
        else:
            cancel_cards(account, by, msg("换了新链接").render())
            if contact:
                account.name = contact
        until = good_until(competition)
        _card, token = issue_card(account, one_time=False, valid_for=until - utc_now(), by=by)
        after = {"contact": account.name, "until": until.isoformat()}
        audit.record(competition, by, "unit.link", unit.code, after=after)
    return token


def show_link(unit: Unit, competition: Competition, by: Account) -> str | None:
    """The token of the unit's link while nobody has opened it yet, to be handed on; else None."""
    account = contact_of(unit)
    return show_card(account, competition, by) if account is not None else None


def cancel_link(unit: Unit, competition: Competition, by: Account) -> None:
    """The link opens nothing any more, and whoever came in by it is signed out."""
    with changing(competition, unit) as competition:
        account = contact_of(unit)
        if account is None or lasting_card(account) is None:
            raise Refused(msg("这个单位没有在用的链接"))
        cancel_cards(account, by, msg("链接作废").render())
        audit.record(competition, by, "unit.link.cancel", unit.code)


def _cards_of(competition: Competition) -> dict[int, tuple[Account, SignInCard | None]]:
    """The contact of each unit by its number, the newest that signs in, with the lasting card."""
    rows = db.session.execute(
        select(Membership.unit_id, Account, SignInCard)
        .join(Account, Account.id == Membership.account_id)
        .outerjoin(
            SignInCard,
            and_(
                SignInCard.account_id == Account.id,
                SignInCard.one_time.is_(False),
                SignInCard.cancelled_at.is_(None),
            ),
        )
        .where(
            Membership.competition_id == competition.id,
            Membership.role == Role.CONTACT,
            Account.active,
        )
        .order_by(Membership.id, SignInCard.id)
    ).tuples()
    return {unit: (account, card) for unit, account, card in rows if unit is not None}


def _new_links(units: Sequence[Unit], competition: Competition, by: Account) -> dict[int, str]:
    """Make links for units that have no contact yet, all at once: tokens by the unit's number."""
    if not units:
        return {}
    until = good_until(competition)
    issued = issue_contact_links(units, competition, until - utc_now(), by)
    record_many(
        competition,
        by,
        [
            Said("unit.link", unit.code, {"contact": account.name, "until": until.isoformat()})
            for unit, (account, _token) in zip(units, issued, strict=True)
        ],
    )
    return {unit.id: token for unit, (_account, token) in zip(units, issued, strict=True)}


def hand_out_links(
    competition: Competition, by: Account, kind: Literal["print", "show"]
) -> list[tuple[Unit, str]]:
    """The units with the addresses of their links to hand on, on paper or from the screen.

    Those not made yet are made.

    Left out is whose link was opened already: its PIN is chosen, and a link that
    asks for another's PIN helps nobody.
    """
    with changing(competition) as competition:
        links, cards = links_of(competition), _cards_of(competition)
        new = [unit for unit in competition.units if unit.id not in cards]
        tokens = _new_links(new, competition, by)
        for unit in competition.units:
            if unit.id not in cards:
                continue
            account, card = cards[unit.id]
            link = links.get(unit.id)
            if link is None or not link.standing or card is None:
                tokens[unit.id] = make_link(unit, competition, "", by)
            elif not link.opened:
                note_handling(account, by, kind)
                tokens[unit.id] = card.token
        made = [
            (unit, address_of(Page.SIGN_IN, token=tokens[unit.id]))
            for unit in competition.units
            if unit.id in tokens
        ]
        if made:
            after = {"links": len(made)}
            audit.record(competition, by, f"unit.link.{kind}", competition.code, after=after)
    return made


def print_unit_links(
    competition: Competition, by: Account, translate: Translate | None = None
) -> PrintedFile:
    """A card for each unit with its link as a code, as `hand_out_links` gives them."""
    if not competition.units:
        raise Refused(msg("还没有单位"), kind=Refusal.UNKNOWN)
    printed = [
        JudgeCard(
            name=unit.name,
            role=f"{ROLE_WORDS[Role.CONTACT].render(translate)} {unit.code}",
            sign_in_url=address,
        )
        for unit, address in hand_out_links(competition, by, "print")
    ]
    if not printed:
        raise Refused(msg("每个单位的链接都打开过了，没有要打印的"))
    return render_cards(
        printed,
        competition=competition.name,
        title=msg("%(competition)s 单位自评链接", competition=competition.name)
        if competition_kind(competition).has_periods
        else msg("%(competition)s 单位报名链接", competition=competition.name),
        caption=msg("扫码进本单位的自评页，先设一个 PIN。只给这个单位用，别转给别人。")
        if competition_kind(competition).has_periods
        else msg("扫码进本单位的报名页，先设一个 PIN。只给这个单位用，别转给别人。"),
        fonts=fonts(),
        translate=translate,
        author=competition.issuer,
        day=competition.starts,
    )
