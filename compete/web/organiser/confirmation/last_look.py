"""The page on which somebody sees what an act will do, and presses once more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import render_template

from compete.models import Competition
from compete.web.organiser.confirmation.shapes import Blocking, Fact, GoingOut


def last_look(
    competition: Competition,
    title: str,
    facts: Sequence[Fact],
    blockers: Sequence[Blocking],
    url: str,
    back: str,
    *,
    area: str = "judges",
    fields: Mapping[str, str] | None = None,
    asks_note: bool = False,
    asks_why: bool = False,
    act: str = "",
    going_out: GoingOut | None = None,
) -> str:
    """Show what `url` will do; if something stands in its way, that alone.

    `area` is the part of the desk that the page belongs to, `act` what the button says where it
    is not the title; `asks_why` wants a reason, `asks_note` what changed.
    """
    return render_template(
        "organiser/confirmation/confirm.html",
        area=area,
        title=title,
        facts=facts,
        blockers=blockers,
        fields=fields or {},
        asks_note=asks_note,
        asks_why=asks_why,
        act=act or title,
        going_out=going_out,
        url=url,
        back=back,
    )
