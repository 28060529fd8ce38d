"""Sign-in cards of a competition's officials, as PDF."""

from __future__ import annotations

from compete.documents.cards import JudgeCard, render_cards
from compete.domain.values import ROLE_WORDS, Role, msg
from compete.models import Account, Competition
from compete.services.accounts.accounts import account_of_judge
from compete.services.accounts.sign_in_cards import standing_card
from compete.services.kernel import Refused, audit, fonts, public_url, unit_of_work


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
