"""A panel as a whole: revealed marks, rulings, outliers, and how its judges judge."""

from compete.services.panels.implausible import Implausible
from compete.services.panels.judge_analysis import Analysis, PanelFigures, analyse, last_analysis
from compete.services.panels.judge_progress import (
    JudgeLine,
    Lacking,
    assignments_of,
    judge_lines,
    lacking_sheets,
    last_uploads,
    module_sheets,
    sheets_by_row,
    stations_by_entrant,
    stations_of,
    tick_lines,
)
from compete.services.panels.looked_at import FOUND_RIGHT, TAKEN_BACK, LookedAt
from compete.services.panels.module_watch import ModuleWatch, panels_of_entrants, watch_module
from compete.services.panels.outliers import Outlier
from compete.services.panels.previous_round import (
    TOTAL_KIND,
    previous_round_totals,
    previous_round_values,
)
from compete.services.panels.reveal import PanelView, panel_key_of, panel_of, panels_of
from compete.services.panels.rulings import StandingRuling, rulings_on, standing_rulings

__all__ = [
    "FOUND_RIGHT",
    "TAKEN_BACK",
    "TOTAL_KIND",
    "Analysis",
    "Implausible",
    "JudgeLine",
    "Lacking",
    "LookedAt",
    "ModuleWatch",
    "Outlier",
    "PanelFigures",
    "PanelView",
    "StandingRuling",
    "analyse",
    "assignments_of",
    "judge_lines",
    "lacking_sheets",
    "last_analysis",
    "last_uploads",
    "module_sheets",
    "panel_key_of",
    "panel_of",
    "panels_of",
    "panels_of_entrants",
    "previous_round_totals",
    "previous_round_values",
    "rulings_on",
    "sheets_by_row",
    "standing_rulings",
    "stations_by_entrant",
    "stations_of",
    "tick_lines",
    "watch_module",
]
