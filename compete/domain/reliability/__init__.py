"""How well judges agree, and how each of them judges: figures that advise, never decide.

Nothing here touches a mark. Marks come in as floats, for statistics alone: no
figure from here ever enters a result. Where too little is known the value is
None, and a message says what is missing.
"""

from compete.domain.reliability.advice import Advice, advise, advise_panel
from compete.domain.reliability.alpha import LEVELS, Level, alpha_of_targets, krippendorff_alpha
from compete.domain.reliability.concordance import Concordance, kendall_w
from compete.domain.reliability.estimate import Estimate
from compete.domain.reliability.icc import Intraclass, intraclass, mean_squares
from compete.domain.reliability.panels import Panel, panel_levels, whole_panels
from compete.domain.reliability.readings import Reading, Residual, residuals
from compete.domain.reliability.report import JudgeReport, judge_reports
from compete.domain.reliability.severity import Severity, severities

__all__ = [
    "LEVELS",
    "Advice",
    "Concordance",
    "Estimate",
    "Intraclass",
    "JudgeReport",
    "Level",
    "Panel",
    "Reading",
    "Residual",
    "Severity",
    "advise",
    "advise_panel",
    "alpha_of_targets",
    "intraclass",
    "judge_reports",
    "kendall_w",
    "krippendorff_alpha",
    "mean_squares",
    "panel_levels",
    "residuals",
    "severities",
    "whole_panels",
]
