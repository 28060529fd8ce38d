"""Grade evaluations: people judged against lines, and the grades that they get."""

from typing import TYPE_CHECKING

from compete.domain.lazy import loader

if TYPE_CHECKING:
    from compete.domain.evaluation.conditions import (
        Asked,
        Line,
        LineState,
        lines_of,
        meets,
        trade_of,
    )
    from compete.domain.evaluation.passed import passed_list, write_passed
    from compete.domain.evaluation.unranked_results import EvaluatedEvent, unranked, verdicts_of
    from compete.domain.evaluation.verdicts import (
        Evaluations,
        EvaluationScorer,
        Score,
        evaluate,
        weighed_bundle,
    )

__all__ = [
    "Asked",
    "EvaluatedEvent",
    "EvaluationScorer",
    "Evaluations",
    "Line",
    "LineState",
    "Score",
    "evaluate",
    "lines_of",
    "meets",
    "passed_list",
    "trade_of",
    "unranked",
    "verdicts_of",
    "weighed_bundle",
    "write_passed",
]

__getattr__ = loader(
    __name__,
    {
        "conditions": ("Asked", "Line", "LineState", "lines_of", "meets", "trade_of"),
        "passed": ("passed_list", "write_passed"),
        "unranked_results": ("EvaluatedEvent", "unranked", "verdicts_of"),
        "verdicts": ("EvaluationScorer", "Evaluations", "Score", "evaluate", "weighed_bundle"),
    },
)
