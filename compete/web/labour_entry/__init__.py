"""Where a department enters its indicators, and a unit its self-assessment."""

# ruff: noqa: F401  (views hang themselves on the blueprint when they are loaded)
import compete.web.labour_entry.accidents
import compete.web.labour_entry.head_counts
import compete.web.labour_entry.notes
import compete.web.labour_entry.views
import compete.web.labour_entry.workbook
from compete.web.labour_entry.writers import face

__all__ = ["face"]
