"""The form of flags kept for good: after how many periods in a row."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext as _

from compete.domain.labour.kept_flags import FlagKeep
from compete.models import Competition
from compete.services.labour.rules import why_labour_rules_stay
from compete.services.scoring.journeys import flag_sorts, kept_after
from compete.services.scoring.live_labour import LabourLive
from compete.web.organiser.labour.periods.shapes import FlagKeepForm
from compete.web.shapes import Choice
from compete.web.words import stretch_words


def flag_keep_form(
    competition: Competition,
    live: LabourLive,
    typed: Mapping[str, str] | None = None,
    problem: str | None = None,
    reason_problem: str | None = None,
) -> FlagKeepForm | None:
    """The form as it stands, or as it was `typed`; None where no flags go one after another."""
    sorts = flag_sorts(live)
    if not sorts:
        return None
    names = {code: period.name for code, period in live.outcome.field.tree.periods.items()}
    keep = kept_after(competition, live.labour)
    stands = next((each for each in sorts if keep is not None and keep.of in each), None)
    said = _("红旗一直流动，哪家都不永久保留")
    if keep is not None and stands is not None:
        said = _(
            "%(stretch)s，连续 %(n)s 期得旗的可以永久保留",
            stretch=stretch_words(names[stands[0]], names[stands[-1]]),
            n=keep.after,
        )
    return FlagKeepForm(
        after=typed.get("after", "") if typed is not None else _number(keep, stands is not None),
        of=typed.get("of", "") if typed is not None else (stands or sorts[0])[0],
        sorts=[
            Choice(
                value=each[0],
                label=_(
                    "%(stretch)s，%(n)s 期",
                    stretch=stretch_words(names[each[0]], names[each[-1]]),
                    n=len(each),
                ),
            )
            for each in sorts
        ],
        said=said,
        reason=(typed or {}).get("reason", "") if why_labour_rules_stay(competition) else None,
        problem=problem,
        reason_problem=reason_problem,
    )


def read_flag_keep(form: Mapping[str, str]) -> FlagKeep | None:
    """Read the typed number, None for an empty one. Raises ValueError for what is no number."""
    text = form.get("after", "").strip()
    return FlagKeep(int(text), form.get("of", "")) if text else None


def _number(keep: FlagKeep | None, stands: bool) -> str:
    return str(keep.after) if keep is not None and stands else ""
