"""The demonstration: sample competitions, and links that sign in without a password."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from compete.domain.bundle.reading import read_bundle
from compete.domain.bundle.types import Bundle
from compete.domain.demonstration import before_demonstration, demonstration_of
from compete.domain.identity.occupations import NO_CODE, occupation_code
from compete.domain.values.kinds import Kind
from compete.domain.values.messages import Message
from compete.domain.values.roles import ROLE_WORDS, Role
from compete.models import Account, Competition, Judge, Membership, db
from compete.services.accounts.accounts import account_of_judge, create_account, grant_role
from compete.services.accounts.sign_in_cards import issue_card
from compete.services.certificates.issuing_bodies import bodies, create_body, occupations_of
from compete.services.competitions.carried_through import announce_first_part, carry_through
from compete.services.competitions.loading import load_bundle
from compete.services.kernel.competition_settings import change_settings
from compete.services.kernel.transactions import unit_of_work

ORGANISER = "吴敏"
LINK_LIFE = timedelta(hours=12)


@dataclass(frozen=True)
class Link:
    """A one-time link: for whom, as what, and its token."""

    name: str
    role: Message
    code: str
    """The official's, as on the sheets; empty for the organiser."""
    token: str


def load_samples(folder: Path) -> list[str]:
    """Load every sample into an empty database; with anything in it, nothing is touched.

    One in which a mark is to be corrected is carried through to its certificates, of a labour
    competition the first part is announced. Returns the names of what was loaded.
    """
    if db.session.scalar(select(Competition.id).limit(1)) is not None:
        return []
    names, carried, labours = [], [], []
    with unit_of_work():
        organiser = create_account(ORGANISER)
        for file in sorted(folder.glob("*/bundle.*")):
            bundle = read_bundle(
                file.read_bytes(), form="json" if file.suffix == ".json" else "yaml"
            )
            offered = demonstration_of(bundle)
            competition = load_bundle(
                before_demonstration(bundle, marked=True) if offered else bundle,
                by=organiser,
                away=offered.away if offered else (),
                registering=offered is not None,
            )
            grant_role(organiser, competition, Role.ORGANISER, by=organiser)
            _take_settings(competition, bundle)
            names.append(competition.name)
            if competition.kind == Kind.LABOUR:
                labours.append(competition)
            if offered and offered.corrected:
                workbook = (file.parent / "registration.xlsx").read_bytes()
                carried.append((competition, bundle, workbook))
        _sample_body()
    for competition, bundle, workbook in carried:
        carry_through(competition, bundle, workbook, organiser)
    for competition in labours:
        announce_first_part(competition, organiser)
    return names


def demo_links() -> Iterator[Link]:
    """Fresh one-time links of the demonstration: organiser, chief judge, supervisor, two judges.

    Yields nothing when its competition is not there.
    """
    competition, demo = _offered()
    if competition is None:
        return
    organiser = db.session.scalar(
        select(Account)
        .join(Membership)
        .where(Membership.competition_id == competition.id, Membership.role == Role.ORGANISER)
        .order_by(Account.id)
    )
    people: list[tuple[Account, Role, str]] = []
    if organiser is not None:
        people.append((organiser, Role.ORGANISER, ""))
    oversees = select(Judge.code).where(
        Judge.competition_id == competition.id, Judge.role == Role.SUPERVISOR
    )
    supervisor = db.session.scalar(oversees.order_by(Judge.id).limit(1))
    for code in (demo.get("chief"), supervisor, *demo.get("judges", ())):
        judge = db.session.scalar(
            select(Judge).where(Judge.competition_id == competition.id, Judge.code == code)
        )
        if judge is not None:
            account = account_of_judge(judge, competition, organiser)
            people.append((account, judge.role or Role.JUDGE, judge.code))
    for account, role, code in people:
        if not account.active:
            # A link would sign nobody in, and who was closed shall not be offered.
            continue
        _card, token = issue_card(account, one_time=True, valid_for=LINK_LIFE)
        yield Link(account.name, ROLE_WORDS[role], code, token)


def _offered() -> tuple[Competition | None, dict[str, Any]]:
    for competition in db.session.scalars(select(Competition).order_by(Competition.id)):
        extra = (competition.extra or {}).get("competition") or {}
        if isinstance(extra.get("demo"), dict) and "corrected" not in extra["demo"]:
            return competition, extra["demo"]
    return None, {}


def _take_settings(competition: Competition, bundle: Bundle) -> None:
    extra = bundle.competition.extra or {}
    bring = extra.get("bring")
    settings = {
        "contact": extra.get("contact"),
        "bring": "、".join(bring) if isinstance(bring, list) else bring,
        "place": extra.get("place"),
    }
    change_settings(competition, **{key: value or None for key, value in settings.items()})
    if isinstance(extra.get("demo"), dict):
        # It is for one person alone and ten minutes: a re-check takes a second, signing all
        # the sheets a hundred strokes of the pen, a notice a week. All can be switched on.
        change_settings(
            competition, recheck={"required": False}, must_sign=False, certify_early=True
        )


def _sample_body() -> None:
    if bodies():
        return
    every = db.session.scalars(select(Competition).order_by(Competition.id))
    scope = [
        {"code": code, "name": name, "grades": [5, 4, 3, 2, 1]}
        for code, name in dict.fromkeys(
            (occupation_code(occupation.code) or NO_CODE, occupation.name)
            for competition in every
            for occupation in occupations_of(competition)
        )
    ]
    create_body(
        name="江苏某某职业技能评价机构（示例）",
        kind="Y",
        body_code="0000",
        province="32",
        site="000123",
        phone="025-0000 0012",
        scope=scope,
        by=None,
    )
