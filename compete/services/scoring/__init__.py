"""A competition out of the database as a bundle, scored, and how a row of it came about."""

from compete.services.scoring.aspect_profile import aspect_chart
from compete.services.scoring.bundle_out import export_bundle
from compete.services.scoring.explained_row import Compared, explain_row
from compete.services.scoring.grade_rules import find_rule, grade_reasons, scorer_of
from compete.services.scoring.live import Live, live_results

__all__ = [
    "Compared",
    "Live",
    "aspect_chart",
    "explain_row",
    "export_bundle",
    "find_rule",
    "grade_reasons",
    "live_results",
    "scorer_of",
]
