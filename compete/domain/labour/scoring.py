"""Scoring of a labour competition: from its bundle to the standings of every period."""

from __future__ import annotations

from compete.domain.bundle.results import LabourResults
from compete.domain.bundle.types import Bundle
from compete.domain.labour.participants import LabourField
from compete.domain.labour.rows import results_of


def score_labour(bundle: Bundle) -> LabourResults:
    """The standings of every period, in the order of the bundle.

    The bundle must have been read, so that its codes point somewhere; for one
    whose kind is not `labour` this is a `ValueError`.
    """
    if bundle.labour is None:
        raise ValueError("not a labour competition")
    return results_of(LabourField(bundle, bundle.labour))
