"""Sign-in cards of a competition's officials, as PDF."""

from __future__ import annotations

from collections.abc import Sequence

from compete.documents.badges import JudgeCard, render_cards
from compete.documents.typesetting import PrintedFile
from compete.domain.values.messages import Translate, msg
from compete.domain.values.roles import ROLE_WORDS, Role
from compete.models import Account, Competition, Judge
from compete.services.accounts.accounts import account_of_judge
from compete.services.accounts.card_handlers import note_handling
from compete.services.accounts.sign_in_cards import standing_card
from compete.services.kernel import audit
from compete.services.kernel.installation import Page, address_of, fonts
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import unit_of_work


def print_judge_cards(
    competition: Competition,
    by: Account,
    translate: Translate | None = None,
    *,
    of: Sequence[Judge] | None = None,
) -> PrintedFile:
    """The sign-in cards of some officials, or of all, as PDF; cards that lack are made."""
    judges = competition.judges if of is None else of
    if not judges:
        raise Refused(msg("还没有裁判"))
    with unit_of_work():
        made = []
        for judge in judges:
            account = account_of_judge(judge, competition, by)
            made.append((judge, standing_card(account, by)[1]))
            note_handling(account, by, "print")
        audit.record(competition, by, "card.print", competition.code, after={"cards": len(made)})
    cards = [
        JudgeCard(
            name=judge.name,
            role=f"{ROLE_WORDS[judge.role or Role.JUDGE].render(translate)} {judge.code}",
            sign_in_url=address_of(Page.SIGN_IN, token=token),
        )
        for judge, token in made
    ]
    return render_cards(
        cards,
        competition=competition.name,
        fonts=fonts(),
        translate=translate,
        author=competition.issuer,
        day=competition.starts,
    )
