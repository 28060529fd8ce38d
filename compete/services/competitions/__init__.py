"""A competition as a whole: loaded from a bundle, at a glance, demonstrated."""

from compete.services.competitions.demonstration import demo_links, load_samples
from compete.services.competitions.loading import load_bundle
from compete.services.competitions.overview import (
    Overview,
    brief_of,
    overview_of,
    unjudged_modules,
)

__all__ = [
    "Overview",
    "brief_of",
    "demo_links",
    "load_bundle",
    "load_samples",
    "overview_of",
    "unjudged_modules",
]
