"""A table over several events, with what counts in it for each unit and what does not."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from compete.domain.explanation.brought import counted_rows
from compete.domain.values.kinds import OverallBy, OverallWho
from compete.domain.values.rights import Right
from compete.models import Competition
from compete.services.results.shown_version import edition_of, named_as_published
from compete.services.scoring.live import live_scorer
from compete.services.sheets.blind_codes import require_unblinded
from compete.web import guard
from compete.web.organiser.blueprint import face
from compete.web.pages import of_code
from compete.web.shown_standings import shown_events


@face.get("/<code>/standings/overall")
@guard.may(Right.SEE, of=guard.SKILLS)
def overall_standings(competition: Competition) -> ResponseReturnValue:
    """The units of one table in their order."""
    with live_scorer(competition) as live:
        table = of_code(live.bundle.overall, request.args.get("table", ""))
        of_table = [
            row for row in competition.events if not table.events or row.code in table.events
        ]
        require_unblinded(competition, of_table, current_user)
        publication, edition = edition_of(competition, live.results)
        rows = counted_rows(live.scorer, table, named_as_published(live.bundle, publication))
    shown = shown_events(competition)
    return render_template(
        "organiser/results/standings/overall.html",
        name=table.name,
        table=table.code,
        tables=live.bundle.overall,
        events=shown,
        whole=len(shown) == len(competition.events),
        items=(),
        ranks_units=False,
        edition=edition,
        published=publication is not None,
        by_medals=table.by is OverallBy.MEDALS,
        of_delegations=table.who is OverallWho.DELEGATIONS,
        rows=rows,
    )
