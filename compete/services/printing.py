"""What is printed from the database: badges, cards, certificates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import current_app, url_for
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from compete.config import Config
from compete.documents.award_certificate import AwardCertificate, render_award_certificates
from compete.documents.badges import Badge, render_badges
from compete.documents.cards import JudgeCard, render_cards
from compete.documents.fonts import FontBook, load_fonts
from compete.documents.grade_certificate import GradeCertificate, render_grade_certificates
from compete.domain.identity import Paper, paper_name
from compete.domain.messages import msg
from compete.domain.roles import ROLE_WORDS, Role
from compete.models import Account, Certificate, Competition, Entrant, db
from compete.services import audit
from compete.services.accounts import account_of_judge
from compete.services.cards import standing_card
from compete.services.errors import Refused
from compete.services.work import unit_of_work

_GROUPS = {"worker": "职工组", "teacher": "教师组", "student": "学生组"}


def fonts() -> FontBook:
    """The shipped fonts and the installation's own."""
    config: Config = current_app.extensions["compete.config"]
    return load_fonts(config.font_dir)


def public_url(endpoint: str, **values: Any) -> str:
    """A full address for paper: by the configured base address, else by this request's."""
    config: Config = current_app.extensions["compete.config"]
    if config.base_url:
        return config.base_url + url_for(endpoint, **values)
    return url_for(endpoint, _external=True, **values)


def print_badges(competition: Competition) -> bytes:
    """Everybody's badge by number, as PDF. Raises `Refused` while there is nobody."""
    people = db.session.scalars(
        select(Entrant)
        .where(Entrant.competition_id == competition.id)
        .options(joinedload(Entrant.unit), joinedload(Entrant.event))
        .order_by(Entrant.code)
    ).all()
    if not people:
        raise Refused(msg("还没有选手，先上传报名表"))
    badges = [
        Badge(
            name=one.name,
            unit=one.unit.name,
            event=one.event.name,
            group=_GROUPS[one.group],
            number=one.code,
            qr_url=public_url("public.contestant", token=one.badge_token),
        )
        for one in people
    ]
    return render_badges(badges, competition=competition.name, fonts=fonts())


def print_judge_cards(competition: Competition, by: Account) -> bytes:
    """Every official's sign-in card as PDF; cards that are not there yet are made."""
    if not competition.judges:
        raise Refused(msg("还没有裁判"))
    with unit_of_work():
        made = [
            (judge, standing_card(account_of_judge(judge, competition, by), by)[1])
            for judge in competition.judges
        ]
        audit.record(competition, by, "card.print", competition.code, after={"cards": len(made)})
    cards = [
        JudgeCard(
            name=judge.name,
            role=f"{ROLE_WORDS[judge.role or Role.JUDGE]} {judge.code}",
            sign_in_url=public_url("auth.use_link", token=token),
        )
        for judge, token in made
    ]
    return render_cards(cards, competition=competition.name, fonts=fonts())


def print_certificates(certificates: Sequence[Certificate]) -> bytes:
    """Certificates of one kind as PDF, in the order given."""
    if not certificates:
        raise Refused(msg("还没有证书，先发证"))
    if certificates[0].kind == "grade":
        return render_grade_certificates([_grade(one) for one in certificates], fonts=fonts())
    return render_award_certificates([_award(one) for one in certificates], fonts=fonts())


def _verify_url(certificate: Certificate) -> str:
    return public_url("public.verify_link", token=certificate.token)


def _grade(one: Certificate) -> GradeCertificate:
    face = one.face
    return GradeCertificate(
        name=face["name"],
        id_type=paper_name(Paper(face["id_type"])).render(),
        id_number=one.id_number or "",
        occupation=face["occupation"],
        trade=face["trade"],
        level=face["level"],
        number=one.number,
        body=face["body"],
        issued_on=one.issued_on,
        verify_url=_verify_url(one),
    )


def _award(one: Certificate) -> AwardCertificate:
    face = one.face
    several = len(one.competition.events) > 1
    return AwardCertificate(
        recipient=face["name"],
        unit=face["unit"],
        members=tuple(face.get("members", ())),
        competition=face["competition"],
        event=face["event"] if several else "",
        award=" ".join(part for part in (face.get("item"), face["award"]) if part),
        rank=face.get("rank"),
        score=face.get("total"),
        team=one.team_id is not None,
        honour=bool(face.get("honour")),
        issuer=one.competition.host or one.competition.name + "组委会",
        issued_on=one.issued_on,
        number=one.number,
        verify_url=_verify_url(one),
    )
