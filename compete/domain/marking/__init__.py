"""From a judge's value to a module score: aspects, sheets, panels, outcomes, penalties."""

from typing import TYPE_CHECKING

from compete.domain.lazy import loader

if TYPE_CHECKING:
    from compete.domain.marking.module_book import ModuleBook
    from compete.domain.marking.module_plan import ModulePlan, ModuleScore
    from compete.domain.marking.panel import Method, combined, is_reduced, left_out
    from compete.domain.marking.spread import Apart, apart
    from compete.domain.marking.stage_book import EventBooks, StageBook, open_books
    from compete.domain.marking.working_time import (
        middle_reading,
        read_clock,
    )

__all__ = [
    "Apart",
    "EventBooks",
    "Method",
    "ModuleBook",
    "ModulePlan",
    "ModuleScore",
    "StageBook",
    "apart",
    "combined",
    "is_reduced",
    "left_out",
    "middle_reading",
    "open_books",
    "read_clock",
]

__getattr__ = loader(
    __name__,
    {
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
        "working_time": (
            "middle_reading",
            "read_clock",
        ),
    },
)
