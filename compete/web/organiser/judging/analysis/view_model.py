"""评分宽严 in words: the card on the progress board, and the page of details."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import render_template, url_for
from flask_babel import gettext as _

from compete.domain.aspects.types import Aspect
from compete.domain.bundle.event_types import Module, Stage
from compete.domain.reliability.advice import Advice
from compete.domain.reliability.analysis import Analysis, PanelFigures
from compete.domain.reliability.estimate import Estimate
from compete.models import Competition, Event
from compete.services.judging.panels.judge_analysis import analyse, last_analysis
from compete.services.kernel.event_rules import module_key
from compete.web.drawing.intervals import Intervals, Span, intervals, signed
from compete.web.language import say
from compete.web.organiser.board_link import board_link
from compete.web.organiser.competition_words import module_choices


@dataclass(frozen=True, slots=True, kw_only=True)
class SeverityCard:
    """The card 评分宽严 of the progress board."""

    chart: Intervals
    icc: str
    """The agreement of the panels, one figure or from the least to the most; may be empty."""
    url: str
    """The page of details."""
    more: int
    """The number of judges left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EstimateFigure:
    """A figure with its interval, or why there is none."""

    text: str
    span: str = ""
    """The interval, as `−1.0 到 +0.2`; empty where there is none."""
    why: str = ""
    """Why there is no figure."""
    pointed: bool = False
    """True if a piece of advice is about it."""


_ON_THE_CARD = 6


def describe_card(event: Event, stage: Stage, module: Module, *, many: bool) -> SeverityCard | None:
    """Build `_parts/severity.html`'s card, or None while nothing can be said.

    Of `many` sheets the board does not wait for it: it shows what the page of details
    found last, and none before anybody opened that.
    """
    analysis = (last_analysis if many else analyse)(event, stage.code, module)
    if analysis is None:
        return None
    known = [
        report for report in analysis.reports.values() if report.severity.shrunk.value is not None
    ]
    if not known:
        return None
    furthest = sorted(known, key=lambda report: -abs(report.severity.shrunk.value or 0))
    chosen = {report.judge for report in furthest[:_ON_THE_CARD]}
    return SeverityCard(
        chart=_chart_of(analysis, chosen),
        icc=_agreement(analysis.panels),
        url=url_for("organiser.analysis", module=module_key(event, stage.code, module.code)),
        more=len(known) - len(chosen),
    )


def describe_analysis(competition: Competition, key: str, analysis: Analysis) -> str:
    """Render the page of details beside the module's name."""
    known = {
        code
        for code, report in analysis.reports.items()
        if report.severity.shrunk.value is not None
    }
    return render_template(
        "organiser/judging/analysis.html",
        key=key,
        modules=module_choices(competition),
        progress=board_link(competition, key),
        sheets=analysis.sheets,
        chart=_chart_of(analysis, known) if known else None,
        advice=analysis.advice,
        judges={analysis.names[code]: report for code, report in analysis.reports.items()},
        panels=[
            (
                _("、").join(analysis.names[code] for code in panel.judges),
                panel,
                _plain(Estimate(panel.w.w, reason=panel.w.reason)),
            )
            for panel in analysis.panels
        ],
        aspects=[
            (aspect, _plain(analysis.alphas[aspect.code]), _cells(analysis, aspect))
            for aspect in analysis.module.aspects
        ],
        advised={(piece.judge, piece.kind) for piece in analysis.advice},
        mean=lambda raw: signed(raw) if raw is not None else "—",
        told=_figure,
        plainly=_plain,
        bounded=_bounded,
    )


def _chart_of(analysis: Analysis, chosen: set[str]) -> Intervals:
    """The intervals of these judges, with a word where one is strict or lenient."""
    words = {piece.judge: _short(piece) for piece in analysis.advice if piece.kind == "severity"}
    spans = []
    for code, report in analysis.reports.items():
        shrunk = report.severity.shrunk
        if code in chosen and shrunk.value is not None:
            low, high = shrunk.low or 0.0, shrunk.high or 0.0
            spans.append(Span(analysis.names[code], shrunk.value, low, high, words.get(code, "")))
    return intervals(spans)


def _short(advice: Advice) -> str:
    """The advice without the name, which stands at the line's beginning already."""
    return say(advice.text).replace(str(advice.text.params["judge"]), "", 1).strip()


def _agreement(panels: list[PanelFigures]) -> str:
    """Return one figure, or the least and the most of several panels."""
    values = sorted(
        panel.icc["ICC(2,k)"].value for panel in panels if panel.icc["ICC(2,k)"].value is not None
    )
    if not values:
        return ""
    low, high = bare(values[0]), bare(values[-1])
    return low if low == high else _("%(low)s 到 %(high)s", low=low, high=high)


def _figure(estimate: Estimate) -> EstimateFigure:
    """A signed figure with its interval; `why` where there is none."""
    if estimate.value is None:
        return EstimateFigure(text="—", why=say(estimate.reason or ""))
    span = ""
    if estimate.low is not None and estimate.high is not None:
        span = _("%(low)s 到 %(high)s", low=signed(estimate.low), high=signed(estimate.high))
    return EstimateFigure(text=signed(estimate.value), span=span)


def _plain(estimate: Estimate, places: int = 2) -> EstimateFigure:
    if estimate.value is None:
        return EstimateFigure(text="—", why=say(estimate.reason or ""))
    return EstimateFigure(text=bare(estimate.value, places))


def _bounded(estimate: Estimate) -> EstimateFigure:
    shown = _plain(estimate)
    if estimate.low is not None and estimate.high is not None:
        low, high = bare(estimate.low), bare(estimate.high)
        return replace(shown, span=_("%(low)s 到 %(high)s", low=low, high=high))
    return shown


def bare(value: float, places: int = 2) -> str:
    """`0.83` or `−0.20`; what rounds to nothing has no sign."""
    return f"{value:z.{places}f}".replace("-", "−")


def _cells(analysis: Analysis, aspect: Aspect) -> list[EstimateFigure]:
    """One for each judge, in the order of the reports."""
    pointed = {(piece.judge, piece.aspect) for piece in analysis.advice if piece.kind == "aspect"}
    cells = []
    for code, report in analysis.reports.items():
        severity = report.aspects.get(aspect.code)
        shown = _figure(severity.shrunk) if severity else EstimateFigure(text="—")
        cells.append(replace(shown, pointed=(code, aspect.code) in pointed))
    return cells
