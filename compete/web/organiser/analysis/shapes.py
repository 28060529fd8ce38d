"""How judges judge, as shown: view models of `_parts/severity.html` and `analysis.html`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from compete.web.drawing.intervals import Intervals


@dataclass(frozen=True, slots=True, kw_only=True)
class SeverityCard:
    """The card 评分宽严 of the progress board."""

    chart: Intervals
    label: str
    """What the chart shows, for a reader of screens."""
    icc: str
    """How well the panels agree, one figure or from the least to the most; may be empty."""
    url: str
    """The page of details."""
    more: int
    """How many judges are left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EstimateFigure:
    """A figure with its interval, or why there is none."""

    text: str
    span: str = ""
    """The interval, as `−1.0 到 +0.2`; empty where there is none."""
    sure: bool = False
    """Whether the interval leaves out 0."""
    why: str = ""
    """Why there is no figure."""
    pointed: bool = False
    """Whether a piece of advice is about it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AdviceLine:
    """A piece of advice for the chief judge."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeRow:
    """One judge beside the others of the same panels."""

    name: str
    sheets: int
    """How many sheets can be compared."""
    severity: EstimateFigure
    raw: str
    """The plain mean of the differences."""
    drift: EstimateFigure
    spread: EstimateFigure
    agreement: EstimateFigure
    own: EstimateFigure
    """What the judge gives people of the own unit more than others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelRow:
    """How well one panel agrees."""

    judges: str
    entrants: int
    """How many contestants it judged."""
    level: EstimateFigure
    """How far its marks lie from the other panels'."""
    single: EstimateFigure
    """ICC(2,1), of one judge."""
    many: EstimateFigure
    """ICC(2,k), of the panel's mean."""
    w: EstimateFigure
    """Kendall's W."""
    alpha: EstimateFigure
    """Krippendorff's alpha."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AspectRow:
    """One aspect over all judges."""

    name: str
    max: str
    """Its full marks."""
    ordinal: bool
    """Whether it is judged by a ladder."""
    alpha: EstimateFigure
    cells: Sequence[EstimateFigure]
    """One for each judge, in the order of `judge_heads`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AspectName:
    """What an aspect is called."""

    code: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalysisPage:
    """The page of details, beside the module's name."""

    sheets: int
    """How many submitted sheets it rests on."""
    chart: Intervals | None
    """All judges; None while no judge has enough sheets."""
    advice: Sequence[AdviceLine]
    judges: Sequence[JudgeRow]
    panels: Sequence[PanelRow]
    aspect_codes: Sequence[AspectName]
    aspects: Sequence[AspectRow]
    judge_heads: Sequence[str]
