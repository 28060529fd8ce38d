"""From a judge's value to a module score: aspects, sheets, panels, outcomes, penalties."""

from typing import TYPE_CHECKING

from compete.domain.lazy import loader

if TYPE_CHECKING:
    from compete.domain.marking.marks import (
        QUANTITY,
        fixed_marks,
        lower_is_better,
        quantity,
        relative_marks,
        takes_seconds,
        time_marks,
    )
    from compete.domain.marking.module_book import ModuleBook
    from compete.domain.marking.module_plan import ModulePlan, ModuleScore
    from compete.domain.marking.panel import Method, combined, is_reduced, left_out
    from compete.domain.marking.spread import Apart, apart
    from compete.domain.marking.stage_book import EventBooks, StageBook, open_books

__all__ = [
    "QUANTITY",
    "Apart",
    "EventBooks",
    "Method",
    "ModuleBook",
    "ModulePlan",
    "ModuleScore",
    "StageBook",
    "apart",
    "combined",
    "fixed_marks",
    "is_reduced",
    "left_out",
    "lower_is_better",
    "open_books",
    "quantity",
    "relative_marks",
    "takes_seconds",
    "time_marks",
]

__getattr__ = loader(
    __name__,
    {
        "marks": (
            "QUANTITY",
            "fixed_marks",
            "lower_is_better",
            "quantity",
            "relative_marks",
            "takes_seconds",
            "time_marks",
        ),
        "module_book": ("ModuleBook",),
        "module_plan": (
            "ModulePlan",
            "ModuleScore",
        ),
        "panel": (
            "Method",
            "combined",
            "is_reduced",
            "left_out",
        ),
        "spread": (
            "Apart",
            "apart",
        ),
        "stage_book": (
            "EventBooks",
            "StageBook",
            "open_books",
        ),
    },
)
