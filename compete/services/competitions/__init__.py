"""A competition as a whole: loaded from a bundle, at a glance, demonstrated."""

from compete.services.competitions.demonstration import demo_links, load_samples
from compete.services.competitions.details import (
    LONGEST_HINT,
    LONGEST_TEXT,
    MOST_APPEAL_HOURS,
    MOST_NOTICE_DAYS,
    ChangedMeanwhileError,
    Details,
    change_details,
    details_of,
    why_not_renamed,
)
from compete.services.competitions.loading import load_bundle
from compete.services.competitions.overview import (
    Overview,
    brief_of,
    overview_of,
    unjudged_modules,
)

__all__ = [
    "LONGEST_HINT",
    "LONGEST_TEXT",
    "MOST_APPEAL_HOURS",
    "MOST_NOTICE_DAYS",
    "ChangedMeanwhileError",
    "Details",
    "Overview",
    "brief_of",
    "change_details",
    "demo_links",
    "details_of",
    "load_bundle",
    "load_samples",
    "overview_of",
    "unjudged_modules",
    "why_not_renamed",
]
