"""What a badge's own page says of the whole name, and who may take the consent back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from compete.models import Entrant, Member
from compete.services.kernel.competition_settings import settings_of
from compete.services.registration.consents import has_consented


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentWords:
    """How the name stands where results are published; `withdraw` names those who may take back."""

    text: str
    withdraw: list[tuple[str, str]]
    """By code, what the button says."""
    url: str


def people_behind(holder: Entrant | Member) -> Sequence[Entrant | Member]:
    """For whom a badge speaks: one of a crew for themselves, a crew's shared one for all."""
    if isinstance(holder, Member):
        return [holder]
    return [*holder.members] or [holder]


def describe_consent(holder: Entrant | Member, token: str) -> ConsentWords | None:
    """What the own page says of the name; None where whole names are published of nobody.

    Who holds a badge of their own in a crew takes back their own consent alone.
    """
    entrant = holder.entrant if isinstance(holder, Member) else holder
    if not settings_of(entrant.competition).full_names:
        return None
    people = people_behind(holder)
    agreeing = [person for person in people if has_consented(person)]
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
                person.code,
                _("收回同意（%(name)s）", name=person.name) if entrant.members else _("收回同意"),
            )
            for person in agreeing
        ],
        url=url_for("public.withdraw_consent", token=token),
    )
