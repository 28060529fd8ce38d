"""Tables over several events in words, and old ones beside new, part by part."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from flask_babel import gettext as _

from compete.models import Competition
from compete.services.rules.draft_fields import rule_fields
from compete.services.rules.overall_draft import OverallDraft, overall_drafts
from compete.web.organiser.rules.changes.differences import draft_parts
from compete.web.organiser.rules.rule_differences import (
    DifferenceGroup,
    Said,
    difference_rows,
)
from compete.web.organiser.rules.table_words import award_names, table_choices


def tables_said(competition: Competition, drafts: Sequence[OverallDraft]) -> dict[str, Said]:
    """Each table by its code, part by part in the words of the form."""
    return {draft.was: Said(draft.name, _table_parts(competition, draft)) for draft in drafts}


def _table_parts(competition: Competition, draft: OverallDraft) -> Mapping[str, str]:
    labels = dict(table_choices()) | {"events": {it.code: it.name for it in competition.events}}
    # What a way of counting does not ask has no usual choice either.
    silent = [] if draft.by == "ranks" else ["shared"]
    silent += ["method"] if draft.by == "medals" else []
    names = [name for name in rule_fields(OverallDraft) if name != "award_points"]
    parts = draft_parts(draft, labels, names, silent)
    return parts | dict(_award_parts(competition, draft))


def _award_parts(competition: Competition, draft: OverallDraft) -> Iterator[tuple[str, str]]:
    names = award_names(competition)
    for code, points in draft.award_points:
        yield _("%(award)s几分", award=names.get(code, code)), points


def table_differences(
    competition: Competition,
    before: Sequence[Mapping[str, object]],
    after: Sequence[Mapping[str, object]],
) -> list[DifferenceGroup]:
    """Every difference between the tables that stand and those that are wanted."""
    sides = (tables_said(competition, overall_drafts(tables)) for tables in (before, after))
    rows = difference_rows(*sides)
    return [DifferenceGroup(title=_("总表"), rows=rows)] if rows else []
