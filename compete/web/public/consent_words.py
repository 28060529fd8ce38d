"""What a badge's own page says of the whole name, and who may take the consent back."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from compete.models import Entrant, Member
from compete.services.kernel import settings_of
from compete.services.registration import has_consented


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentWords:
    """How the name stands where results are published; `withdraw` names those who may take back."""

    text: str
    withdraw: list[tuple[str, str]]
    """By code, what the button says."""
    url: str


def describe_consent(entrant: Entrant) -> ConsentWords | None:
    """What the own page says of the name; None where whole names are published of nobody."""
    if not settings_of(entrant.competition).full_names:
        return None
    people: list[Entrant | Member] = [*entrant.members] or [entrant]
    agreeing = [holder for holder in people if has_consented(holder)]
    if agreeing:
        text = _(
            "你同意过公布全名。可以收回：公示的网页和以后打印的文件马上隐去一部分，已经打印的收不回来。"
        )
    else:
        text = _("公示时你的姓名隐去一部分。要写全名，告诉组委会。")
    return ConsentWords(
        text=text,
        withdraw=[
            (
                holder.code,
                _("收回同意（%(name)s）", name=holder.name) if entrant.members else _("收回同意"),
            )
            for holder in agreeing
        ],
        url=url_for("public.withdraw_consent", token=entrant.badge_token),
    )
