"""The standings as rows: columns, chips, the hash, and what can be done with them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from compete.domain import bundle as b
from compete.domain.bundle import EventResults, StageRow
from compete.domain.grades import grade_label
from compete.domain.scoring import Scorer
from compete.domain.values import hash_phrase
from compete.models import Competition, Publication
from compete.web.language import say
from compete.web.organiser.competition_words import state_chip
from compete.web.organiser.standings.explained_row import describe_explained_row, why_refused
from compete.web.templating import minutes, moment
from compete.web.words import outcome_word


def final_rows(event: EventResults) -> list[tuple[Any, StageRow]]:
    """Final places, each with the row of the stage it was won in."""
    by_stage = {stage.code: {row.entrant: row for row in stage.standings} for stage in event.stages}
    return [(final, by_stage[final.stage][final.entrant]) for final in event.standings]


def module_columns(rules: b.Event) -> list[dict[str, Any]]:
    """The columns between name and total: parts, modules, a working time."""
    stage = rules.stages[-1]
    columns: list[dict[str, Any]] = [
        {"key": f"part:{part.code}", "label": part.name, "pass": part.pass_} for part in stage.parts
    ]
    columns += [
        {"key": f"module:{m.code}", "label": m.name, "pass": m.pass_, "soft": bool(m.part)}
        for m in stage.modules
    ]
    timed = [key for key in rules.ranking.ties if key.startswith("time:")]
    columns += [{"key": key, "label": _("用时"), "soft": True} for key in timed[:1]]
    return columns


def standings_row(
    scorer: Scorer,
    rules: b.Event,
    event: EventResults,
    stage_row: StageRow,
    final: Any,
    people: dict[str, b.Entrant],
    units: dict[str, str],
    columns: list[dict[str, Any]],
    opened: str | None,
) -> dict[str, Any]:
    """One row as `standings.html` wants it; explained where it is the one `opened`."""
    person = people[final.entrant]
    grade_row = next((g for g in event.grades or () if g.entrant == final.entrant), None)
    names = {award.code: award.name for award in rules.awards}
    stages = {stage.code: stage.name for stage in rules.stages}
    awards = [
        names[a.award] for a in event.awards or () if a.entrant == final.entrant and not a.item
    ]
    grade, refused = None, None
    if grade_row is not None and grade_row.change == "promoted":
        grade = say(grade_label(grade_row.grade))
    elif final.rank is not None and rules.grades:
        refused = why_refused(scorer, final.entrant)
    return {
        "id": final.entrant,
        "rank": final.rank,
        "number": final.entrant,
        "name": person.name,
        "unit": units[person.unit],
        "values": _values(scorer, stage_row, columns),
        "total": final.total,
        "award": "、".join(awards) or None,
        "grade": grade,
        "grade_refused": refused,
        "note": _("止步%(stage)s", stage=stages[final.stage])
        if final.stage != rules.stages[-1].code
        else None,
        "open": opened == final.entrant,
        "how": describe_explained_row(scorer, final.entrant, people, final.rank)
        if opened == final.entrant
        else None,
        "why": _("还没评完")
        if final.status == "incomplete"
        else ""
        if final.status == "ranked"
        else outcome_word(final.status),
    }


def _values(
    scorer: Scorer, row: StageRow, columns: list[dict[str, Any]]
) -> dict[str, dict[str, Any]]:
    values: dict[str, dict[str, Any]] = {}
    for column in columns:
        kind, _colon, code = column["key"].partition(":")
        if kind == "time":
            times = scorer.event_of(row.entrant).stages[-1]
            place = times.plan.module_places.get(code)
            seconds = None if place is None else times.books[place].times.get(row.entrant)
            if seconds is not None:
                values[column["key"]] = {
                    "text": minutes(Decimal(seconds.numerator) / Decimal(seconds.denominator))
                }
            continue
        if kind == "part":
            score = row.parts.get(code)
        else:
            result = row.modules.get(code)
            score = result.score if result else None
        if score is not None:
            bad = column["pass"] is not None and Decimal(score) < column["pass"]
            values[column["key"]] = {"text": score, "bad": bad}
    return values


def state_chips(competition: Competition, publication: Publication | None) -> list[dict[str, Any]]:
    """Chips beside the title: the competition's state, and which publication this is."""
    chips: list[dict[str, Any]] = [state_chip(competition)]
    if publication is not None:
        chips.append({"text": _("第 %(n)s 版", n=publication.version), "kind": ""})
        if publication.notice_until:
            chips.append(
                {"text": _("公示到 %(at)s", at=moment(publication.notice_until)), "kind": "warn"}
            )
    else:
        chips.append({"text": _("暂定，没有公布"), "kind": ""})
    return chips


def describe_hash(publication: Publication | None) -> dict[str, Any] | None:
    """The publication's hash in words and figures; None for live standings."""
    if publication is None:
        return None
    digest = publication.sha256
    return {
        "words": hash_phrase(bytes.fromhex(digest)),
        "digest": f"{digest[:4]} {digest[4:8]} … {digest[-4:]}",
        "when": _("%(at)s 存档", at=moment(publication.published_at)),
    }


def possible_acts(competition: Competition, event: str, published: bool) -> list[dict[str, Any]]:
    """What can be done with these standings now, as links."""
    code = competition.code
    return [
        {
            "label": _("导出 Excel"),
            "url": url_for("organiser.standings_book", code=code),
            "icon": "download",
        },
        *(
            [
                {
                    "label": _("公示文件"),
                    "url": url_for("organiser.notice", code=code, event=event),
                    "icon": "print",
                }
            ]
            if published
            else []
        ),
        {
            "label": _("奖项和晋升"),
            "url": url_for("organiser.awards", code=code, event=event),
            "kind": "primary",
        },
    ]
