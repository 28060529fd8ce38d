"""The second look in words: the draw, each square with its evidence, what was found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from compete.domain.values.kinds import ScoringType
from compete.domain.values.numerals import plain
from compete.domain.values.period_states import LookResult
from compete.domain.values.rights import Right
from compete.models import SELF, Competition, LabourFinding, LabourLook, LabourValueEntry
from compete.services.kernel.event_rules import labour_of
from compete.services.labour.look_draws import (
    counts_of,
    look_of,
    look_rules,
    period_name,
    why_no_draw,
)
from compete.services.labour.notes import note_counts, notes_of
from compete.services.labour.period_progress import closed_periods
from compete.services.labour.second_look import LookedSquare, looked_squares, why_not_look
from compete.services.labour.squares import history_of, names_of_writers
from compete.web import guard
from compete.web.guard import allowed_url
from compete.web.language import say
from compete.web.organiser.labour.evidence import evidence_row
from compete.web.organiser.labour.shapes import EvidenceRow
from compete.web.organiser.periods.looks import count_chips, result_chip
from compete.web.organiser.shapes import CompetitionLink, competition_link
from compete.web.paging import Paging, part_of
from compete.web.shapes import Chip, Choice
from compete.web.templating import moment, state_word


@dataclass(frozen=True, slots=True, kw_only=True)
class LookRulesForm:
    """The number of squares that are drawn; `url` None if the reader may not change it."""

    url: str | None
    share: str
    least: str
    first: bool
    asks_why: bool = False
    """True if a reason is wanted for less: a period is closed."""
    why: str = ""
    problem: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LookProof:
    """The proof with which anybody can draw again."""

    when: str
    """The person who drew, and when."""
    said: str | None
    seed: str
    pool: str
    drawn: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LookRow:
    """A square that was drawn."""

    place: int
    unit: str
    indicator: str
    value: str
    files: int
    chip: Chip
    who: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LookPage:
    """The second look at one period."""

    competition: CompetitionLink
    back_url: str
    name: str
    rules: LookRulesForm
    draw_url: str | None
    why_not: str | None
    """Why nothing can be drawn, where nothing was."""
    said: str
    problem: str | None
    proof: LookProof | None
    counts: Sequence[Chip]
    rows: Sequence[LookRow]
    page: Paging | None
    next_url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundCard:
    """A finding on a square, and the person who made it."""

    chip: Chip
    text: str
    """The value that stood, and the one that the evidence has."""
    reason: str
    said: str
    correction: Chip | None
    correction_url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingForm:
    """The finding, as it was typed."""

    url: str
    results: Sequence[Choice]
    target: bool
    again: bool
    """True if there is a finding already, so that another wants a reason."""
    typed: Mapping[str, str] = field(default_factory=dict)
    problem: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LookedPage:
    """One square with all that stands on it."""

    competition: CompetitionLink
    back_url: str
    back: str
    place: str
    unit: str
    indicator: str
    heading: str | None
    facts: Sequence[tuple[str, str]]
    evidence: Sequence[EvidenceRow]
    found: FoundCard | None
    form: FindingForm | None
    why_not: str | None
    next_url: str | None


PAGE_SIZE = 50
_NONE = "—"


def describe_look(
    competition: Competition,
    period: str,
    *,
    rules: LookRulesForm | None = None,
    said: str = "",
    problem: str | None = None,
) -> LookPage:
    """The second look at a leaf period: its draw, or why there is none yet."""
    look = look_of(competition, period)
    squares = looked_squares(competition, look) if look is not None else []
    why = why_no_draw(competition, period) if look is None else None
    rows, page = part_of(
        list(enumerate(squares)),
        PAGE_SIZE,
        "organiser.second_look",
        code=competition.code,
        period=period,
    )
    files = note_counts(competition, period, {each.indicator.code for _n, each in rows})
    return LookPage(
        competition=competition_link(competition),
        back_url=url_for("organiser.month", code=competition.code, period=period),
        name=period_name(labour_of(competition), period),
        rules=rules or rules_form(competition, period),
        draw_url=allowed_url("organiser.draw_second_look", code=competition.code, period=period)
        if look is None and why is None
        else None,
        why_not=say(why) if why is not None else None,
        said=said,
        problem=problem,
        proof=_proof(competition, look) if look is not None else None,
        counts=count_chips(look) if look is not None else [],
        rows=[
            _row(
                competition, period, place, each, files.get((each.unit.id, each.indicator.code), 0)
            )
            for place, each in rows
        ],
        page=page if look is not None else None,
        next_url=next_url(competition, period, squares),
    )


def rules_form(competition: Competition, period: str) -> LookRulesForm:
    """The form of how many squares are drawn, as they are now."""
    rules = look_rules(competition)
    return LookRulesForm(
        url=allowed_url("organiser.save_look_rules", code=competition.code, period=period),
        share=plain(rules.share),
        least=str(rules.least),
        first=rules.first,
        asks_why=bool(closed_periods(competition)),
    )


def next_url(
    competition: Competition, period: str, squares: Sequence[LookedSquare], after: int = -1
) -> str | None:
    """The next square that nobody looked at and that is for the reader; from the first again."""
    places = [*range(after + 1, len(squares)), *range(after + 1)]
    if not guard.may_do(Right.RECHECK):
        return None
    for place in places:
        square = squares[place]
        if square.finding is None and current_user.id not in square.barred:
            return _square_url(competition, period, place)
    return None


def describe_square(
    competition: Competition,
    look: LabourLook,
    place: int,
    *,
    typed: Mapping[str, str] | None = None,
    problem: str | None = None,
) -> LookedPage | None:
    """Describe one square that was drawn; None for a place that was not."""
    squares = looked_squares(competition, look)
    if not 0 <= place < len(squares):
        return None
    square = squares[place]
    why = why_not_look(square, competition, current_user)
    return LookedPage(
        competition=competition_link(competition),
        back_url=url_for("organiser.second_look", code=competition.code, period=look.period),
        back=_("%(period)s二次抽查", period=period_name(labour_of(competition), look.period)),
        place=_("第 %(n)s 格，共 %(of)s 格", n=place + 1, of=len(squares)),
        unit=square.unit.name,
        indicator=square.indicator.name,
        heading=square.indicator.heading,
        facts=_facts(square, look.period),
        evidence=[
            evidence_row(competition, labour_of(competition), note)
            for note in notes_of(square.unit, look.period, square.indicator.code)
        ],
        found=_found(competition, square.finding) if square.finding is not None else None,
        form=FindingForm(
            url=url_for(
                "organiser.add_look_finding",
                code=competition.code,
                period=look.period,
                number=place + 1,
            ),
            results=[Choice(value=each.value, label=state_word(each)) for each in LookResult],
            target=square.indicator.scoring.type is ScoringType.COMPLETION,
            again=square.finding is not None,
            typed=typed or {},
            problem=problem,
        )
        if why is None and not square.waits
        else None,
        why_not=say(why) if why is not None and square.finding is None else None,
        next_url=next_url(competition, look.period, squares, place),
    )


def _proof(competition: Competition, look: LabourLook) -> LookProof:
    counts = counts_of(look)
    return LookProof(
        when=_("%(who)s %(at)s 抽", who=look.drawer.name, at=moment(look.drawn_at)),
        said=look.seed_from,
        seed=look.seed,
        pool=ngettext("%(num)s 格", "%(num)s 格", counts.pool),
        drawn=_(
            "%(n)s 格（%(share)s%%，至少 %(least)s 格）",
            n=counts.drawn,
            share=plain(look.share),
            least=look.least,
        ),
        url=url_for("organiser.second_look_file", code=competition.code, period=look.period),
    )


def _row(
    competition: Competition, period: str, place: int, square: LookedSquare, files: int
) -> LookRow:
    finding = square.finding
    return LookRow(
        place=place + 1,
        unit=square.unit.name,
        indicator=square.indicator.name,
        value=_value(square.row),
        files=files,
        chip=result_chip(finding) if finding is not None else Chip(text=_("还没核"), kind=""),
        who=finding.maker.name if finding is not None else "",
        url=_square_url(competition, period, place),
    )


def _square_url(competition: Competition, period: str, place: int) -> str:
    return url_for(
        "organiser.looked_square", code=competition.code, period=period, number=place + 1
    )


def _value(row: LabourValueEntry | None) -> str:
    if row is None or row.value is None:
        return _NONE
    if row.target is None:
        return plain(row.value)
    return _("%(value)s，目标 %(target)s", value=plain(row.value), target=plain(row.target))


def _facts(square: LookedSquare, period: str) -> list[tuple[str, str]]:
    """List the square's value and who put it there, with the unit's own explanation."""
    rows = history_of(square.unit, period, square.indicator.code)
    names = names_of_writers(rows)
    own = next((row for row in rows if row.source == SELF), None)
    facts = [(_("现在的数"), _value(square.row)), (_("满分"), plain(square.indicator.max))]
    if own is not None and own.value is not None:
        facts.append((_("单位自评"), _value(own)))
    row = square.row
    if row is not None:
        if row.reason:
            facts.append((_("原因"), row.reason))
        if row.made_by is not None:
            who = names.get(row.made_by, "")
            facts.append((_("谁填的"), _("%(who)s %(at)s", who=who, at=moment(row.made_at))))
        else:
            facts.append((_("谁填的"), _("随竞赛文件来的")))
    return facts


def _found(competition: Competition, finding: LabourFinding) -> FoundCard:
    text = ""
    if finding.result is LookResult.DIFFERS:
        text = _(
            "当时是 %(was)s，证据里是 %(found)s",
            was=plain(finding.value) if finding.value is not None else _NONE,
            found=plain(finding.found) if finding.found is not None else _("没有（应当空着）"),
        )
    correction = finding.correction
    url = None
    if correction is not None:
        month = url_for("organiser.month", code=competition.code, period=correction.period)
        url = f"{month}#correction-{correction.id}"
    return FoundCard(
        chip=result_chip(finding),
        text=text,
        reason=finding.reason or "",
        said=_("%(who)s %(at)s 核", who=finding.maker.name, at=moment(finding.made_at)),
        correction=Chip(text=state_word(correction.state), kind="")
        if correction is not None
        else None,
        correction_url=url,
    )
