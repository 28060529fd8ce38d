"""Where a department enters its indicators, and a unit its self-assessment."""

from compete.web.labour_entry.views import face

__all__ = ["face"]
