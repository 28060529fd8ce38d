"""The badges on somebody's page: of one person one, of a crew one for each."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from markupsafe import Markup

from compete.documents.qr import qr_svg
from compete.models import Entrant, Member, ReplacedBadge
from compete.services.kernel.installation import Page, address_of
from compete.services.registration.person_record import replaced_badges
from compete.web.organiser.person.shapes import BadgeCard, BadgeCode
from compete.web.shapes import Chip
from compete.web.templating import moment


def badge_card(entrant: Entrant, word: str | None = None) -> BadgeCard:
    """The badges of now, and what became of those before; a crew's shared code where one is."""
    before = replaced_badges(entrant)
    holders: list[Entrant | Member] = [each for each in entrant.members if each.erased_at is None]
    if entrant.badge_shared or not entrant.members:
        holders.append(entrant)
    return BadgeCard(codes=[_badge_code(entrant, each, before) for each in holders], word=word)


def _badge_code(
    entrant: Entrant, holder: Entrant | Member, before: Sequence[ReplacedBadge]
) -> BadgeCode:
    member = holder.id if isinstance(holder, Member) else None
    own = [badge for badge in before if badge.member_id == member]
    last = own[-1] if own else None
    names = _("、").join(each.name for each in entrant.members)
    whose, warn = None, _("旧码马上作废：扫旧参赛证只会看到“已换发”。新的要打印给本人。")
    if member is not None:
        whose = holder.name
        warn = _(
            "%(name)s 的旧码马上作废：扫旧参赛证只会看到“已换发”，同组别人的照样能用。"
            "新的要打印给本人。",
            name=holder.name,
        )
    elif entrant.members:
        whose = _("以前印的，全组共用")
        warn = _(
            "以前印的参赛证，这一组共用这个码。作废以后，%(names)s 手里以前印的都不能再用，"
            "要换成新印的；新印的每人一个码，照样能用。",
            names=names,
        )
    return BadgeCode(
        of=holder.code,
        whose=whose,
        number=entrant.code,
        drawing=Markup(
            qr_svg(address_of(Page.BADGE, token=holder.badge_token or entrant.badge_token))
        ),
        chip=Chip(text=_("第 %(n)s 次的码", n=len(own) + 1), kind="warn" if own else "", icon="qr"),
        warn=warn,
        replaced=_("%(at)s 换过码，旧码作废。%(why)s", at=moment(last.replaced_at), why=last.reason)
        if last
        else None,
    )
