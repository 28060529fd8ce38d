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
    from compete.domain.evaluation.examiners import (
        Exam,
        ExaminerRules,
        Short,
        Wanted,
        exam_of,
        short_at_places,
        short_in_all,
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
    "Exam",
    "ExaminerRules",
    "Line",
    "LineState",
    "Score",
    "Short",
    "Wanted",
    "evaluate",
    "exam_of",
    "lines_of",
    "meets",
    "passed_list",
    "short_at_places",
    "short_in_all",
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
        "examiners": (
            "Exam",
            "ExaminerRules",
            "Short",
            "Wanted",
            "exam_of",
            "short_at_places",
            "short_in_all",
        ),
        "passed": ("passed_list", "write_passed"),
        "unranked_results": ("EvaluatedEvent", "unranked", "verdicts_of"),
        "verdicts": ("EvaluationScorer", "Evaluations", "Score", "evaluate", "weighed_bundle"),
    },
)
