"""Cards of what waits for a second person: other terms of the notice, grades to be approved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from compete.domain.recheck import RecheckShares
from compete.models import Competition
from compete.services.accounts.card_handlers import signed_as
from compete.services.closing.approving_jobs import asked_approvals
from compete.services.competitions.details import details_of, terms_word, waiting_terms
from compete.services.kernel.competition_settings import settings_of
from compete.services.kernel.detail_fields import Details
from compete.services.kernel.fields import fields_of
from compete.web.guard import allowed_url
from compete.web.language import say
from compete.web.organiser.competition_words import type_words
from compete.web.organiser.field_words import value_words
from compete.web.templating import moment, plain


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedCard:
    """The card of what one person asked for and another has to agree to."""

    title: str
    label: str
    """The word beside `what`."""
    what: Sequence[str]
    who: str
    """The person who asked, and when."""
    why: str
    agree_url: str | None
    """An address is given only to whoever may."""
    agree_why_not: str | None
    drop_url: str | None
    drop: str


def asked_grades_cards(competition: Competition) -> list[AskedCard]:
    """The cards of grades that somebody asked to be approved, one for each who asked."""
    cards = []
    for asked in asked_approvals(competition):
        barred = asked.word.why_not(current_user)
        may_drop = barred is None or asked.first == current_user.id
        cards.append(
            AskedCard(
                title=_("等级等另一位同意"),
                label=_("提出什么"),
                what=[say(asked.what)],
                who=f"{say(signed_as(asked.by, asked.at))} {moment(asked.at)}",
                why=asked.reason or "",
                agree_url=allowed_url(
                    "organiser.agree_grades", number=asked.first, asked=asked.mark
                )
                if barred is None
                else None,
                agree_why_not=say(barred),
                drop_url=allowed_url("organiser.drop_asked_grades", number=asked.first)
                if may_drop
                else None,
                drop=_("收回") if asked.first == current_user.id else _("不同意，退回"),
            )
        )
    return cards


def asked_cards(competition: Competition) -> list[AskedCard]:
    """The cards of all of these that wait."""
    terms = asked_terms_card(competition)
    return [*([terms] if terms else []), *asked_grades_cards(competition)]


def asked_terms_card(competition: Competition) -> AskedCard | None:
    """Return the card of the waiting changes, or None."""
    asked = waiting_terms(competition)
    if asked is None:
        return None
    barred = terms_word(competition).why_not(current_user)
    now, code, wanted = settings_of(competition), competition.code, asked.wanted
    sentences = {
        "notice_days": lambda: _(
            "公示 %(days)s，现在是 %(now)s",
            days=ngettext("%(num)s 个工作日", "%(num)s 个工作日", wanted["notice_days"]),
            now=now.notice_days,
        ),
        "certify_early": lambda: _("公示期间就能发证"),
        "appeal_hours": lambda: _(
            "申诉 %(hours)s，现在是 %(now)s",
            hours=ngettext("%(num)s 小时", "%(num)s 小时", wanted["appeal_hours"]),
            now=now.appeal_hours,
        ),
        "notice_again": lambda: _("定了以后更正，不再公示"),
        "second_hours": lambda: _(
            "提请总仲裁 %(hours)s，现在是 %(now)s",
            hours=ngettext("%(num)s 小时", "%(num)s 小时", wanted["second_hours"]),
            now=now.appeals.second_hours,
        ),
        "recheck": lambda: recheck_words(wanted["recheck"]),
        "barred": lambda: _(
            "不受理的评分点：%(types)s；现在的：%(now)s",
            types=barred_words(wanted["barred"]),
            now=barred_words(now.appeals.barred) or _("没有"),
        ),
    }
    return AskedCard(
        title=_("公示、申诉和发证，等第二个人同意"),
        label=_("要改成"),
        what=[
            sentences[name]() if name in sentences else _other_words(competition, name, value)
            for name, value in wanted.items()
        ],
        who=f"{say(signed_as(asked.by, asked.at))} {moment(asked.at)}",
        why=asked.why,
        agree_url=allowed_url("organiser.agree_asked_terms", code=code, asked=asked.mark)
        if barred is None
        else None,
        agree_why_not=say(barred),
        drop_url=allowed_url("organiser.drop_asked_terms", code=code),
        drop=_("不改了"),
    )


def _other_words(competition: Competition, name: str, value: Any) -> str:
    """Say what any other field is to be, and what it is."""
    setting = fields_of(Details)[name]
    return _(
        "%(what)s改成 %(wanted)s，现在是 %(now)s",
        what=say(setting.title),
        wanted=value_words(setting, value) or _("空"),
        now=value_words(setting, getattr(details_of(competition), name)) or _("空"),
    )


def recheck_words(shares: RecheckShares) -> str:
    """Say how much is to be re-checked."""
    if not shares.required:
        return _("免复核")
    return _(
        "复核前 %(top)s%%、其余 %(rest)s%%，错误率上限 %(limit)s%%",
        top=plain(shares.top),
        rest=plain(shares.rest),
        limit=plain(shares.limit),
    )


def barred_words(barred: Sequence[str]) -> str:
    """The types of aspects that cannot be appealed, in words."""
    words = {kind.value: word for kind, word in type_words().items()}
    return _("、").join(words[kind] for kind in barred if kind in words)
