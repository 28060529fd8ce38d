"""Changed rules of a labour competition: put in force at once, or asked for by two."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.bundle.labour_types import Labour
from compete.domain.values.messages import msg
from compete.models import Competition
from compete.services.kernel.refusal import Refused
from compete.services.labour.period_progress import closed_periods
from compete.services.labour.rule_changes import ask_rules, waiting_rules
from compete.services.labour.rules import LabourRules, save_labour_rules
from compete.services.labour.squares import leaves_of
from compete.web.posted import posted_reason
from compete.web.shapes import Choice
from compete.web.words import onward_words

_ALL, _FROM = "all", "from:"
"""Form values for the time that rules hold: in every period, or from the leaf of that code."""


def start_choices(competition: Competition, labour: Labour) -> list[Choice]:
    """List the starts: all periods, or one of the open leaves after all closed ones."""
    leaves, closed = leaves_of(labour), set(closed_periods(competition))
    last = max((place for place, leaf in enumerate(leaves) if leaf in closed), default=-1)
    names = labour.period_names
    return [
        Choice(value="", label=_("选一个")),
        Choice(
            value=_ALL,
            label=_("各期都照新规则，已经结账的也重算") if closed else _("各期都照新规则"),
        ),
        *(
            Choice(
                value=_FROM + leaf,
                label=_("%(onward)s，以前的照原来的", onward=onward_words(names[leaf])),
            )
            for leaf in leaves[max(last + 1, 1) :]
        ),
    ]


def refuse_second_change(competition: Competition) -> None:
    """Raise `Refused` where a change of the rules waits already."""
    if waiting_rules(competition) is not None:
        raise Refused(msg("已经有一份规则改动在等第二个人，先同意或者撤回它"))


def says_start() -> bool:
    """True if the form says from when the rules hold."""
    starts = request.form.get("starts", "")
    return starts == _ALL or starts.startswith(_FROM)


def ask_for_rules(
    competition: Competition, rules: LabourRules, seen: str | None = None
) -> ResponseReturnValue:
    """Ask for the rules with what the form says of them, and show the request."""
    form = request.form
    change = ask_rules(
        competition,
        rules,
        posted_reason(),
        current_user,
        starts=None if form["starts"] == _ALL else form["starts"].removeprefix(_FROM),
        seen=seen,
    )
    flash(_("记下了，等另一个人同意后生效"), "ok")
    return redirect(url_for("organiser.rule_change", number=change.id))


def save_alone(
    competition: Competition, rules: LabourRules, page: str, seen: str | None = None
) -> ResponseReturnValue:
    """Put the rules in force and show a page of the desk."""
    changed = save_labour_rules(competition, rules, current_user, seen=seen)
    flash(_("存下了，从现在起照这个") if changed else _("和原来一样，没有要存的"), "ok")
    return redirect(url_for(f"organiser.{page}"))
