"""A panel as a whole: revealed marks, rulings, outliers, and how its judges judge."""

from compete.services.panels.judge_analysis import Analysis, PanelFigures, analyse
from compete.services.panels.judge_progress import (
    HANDED_IN,
    JudgeLine,
    assignments_of,
    judge_lines,
    missing_by_entrant,
    module_sheets,
    stations_by_entrant,
    stations_of,
)
from compete.services.panels.outliers import outlying_sheets
from compete.services.panels.previous_round import previous_round_values
from compete.services.panels.reveal import PanelKey, PanelView, panel_key_of, panel_of, panels_of
from compete.services.panels.rulings import StandingRuling, standing_rulings

__all__ = [
    "HANDED_IN",
    "Analysis",
    "JudgeLine",
    "PanelFigures",
    "PanelKey",
    "PanelView",
    "StandingRuling",
    "analyse",
    "assignments_of",
    "judge_lines",
    "missing_by_entrant",
    "module_sheets",
    "outlying_sheets",
    "panel_key_of",
    "panel_of",
    "panels_of",
    "previous_round_values",
    "standing_rulings",
    "stations_by_entrant",
    "stations_of",
]
