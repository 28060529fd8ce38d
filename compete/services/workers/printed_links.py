"""Links to own records on slips of paper, with a code each, to be handed over in person."""

from __future__ import annotations

from collections.abc import Sequence

from compete.documents.badges import JudgeCard, render_cards
from compete.documents.typesetting import PrintedFile
from compete.domain.values.messages import Translate, msg
from compete.models import Account, PersonLink
from compete.services.kernel import audit
from compete.services.kernel.installation import Page, address_of, fonts
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import unit_of_work

_TITLE = msg("技能档案的链接")
_CAPTION = msg("只给本人。扫码，第一次填证件号码后四位，再设一个 PIN，以后用 PIN 进。")


def print_links(
    links: Sequence[PersonLink], by: Account, giver: str, translate: Translate | None = None
) -> PrintedFile:
    """A slip for each link that nobody entered by yet; who printed them is recorded.

    `giver` is who hands them over: a unit, or nothing for the desk. Raises `Refused` (CONFLICT)
    where there is none.
    """
    waiting = [link for link in links if link.entered_at is None]
    if not waiting:
        raise Refused(msg("没有还没进去过的链接，先发链接"))
    with unit_of_work():
        audit.claim_chain(None)
        for link in waiting:
            after = {"name": link.person.name}
            audit.record(None, by, "person.link_print", str(link.person_id), after=after)
    title = _TITLE.render(translate)
    cards = [
        JudgeCard(
            name=link.person.name,
            role=giver or (link.person.unit_name or ""),
            sign_in_url=address_of(Page.RECORD, token=link.link),
        )
        for link in waiting
    ]
    return render_cards(
        cards,
        competition=title,
        title=_TITLE,
        caption=_CAPTION,
        fonts=fonts(),
        translate=translate,
        author=giver or title,
    )
