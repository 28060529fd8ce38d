"""A panel as a whole: revealed marks, rulings, outliers, and how its judges judge."""

from compete.services.panels.judge_analysis import Analysis, PanelFigures, analyse
from compete.services.panels.judge_progress import (
    DONE,
    JudgeLine,
    assignments_of,
    judge_lines,
    missing_by_entrant,
    module_sheets,
    stations_by_entrant,
    stations_of,
)
from compete.services.panels.outliers import odd_sheets
from compete.services.panels.previous_round import round_before
from compete.services.panels.reveal import PanelKey, PanelView, key_of, panel_of, panels_of
from compete.services.panels.rulings import RuledValue, standing_rulings

__all__ = [
    "DONE",
    "Analysis",
    "JudgeLine",
    "PanelFigures",
    "PanelKey",
    "PanelView",
    "RuledValue",
    "analyse",
    "assignments_of",
    "judge_lines",
    "key_of",
    "missing_by_entrant",
    "module_sheets",
    "odd_sheets",
    "panel_of",
    "panels_of",
    "round_before",
    "standing_rulings",
    "stations_by_entrant",
    "stations_of",
]
