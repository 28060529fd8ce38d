"""The page of awards and promotions says no more than it shows."""

from __future__ import annotations

from unittest.mock import patch

from flask import Flask

from compete.models import Competition
from compete.services.scoring import live_scorer
from compete.web.conditions import describe_conditions
from compete.web.organiser.awards.view_model import near_misses


def test_of_those_who_just_missed_only_the_shown_are_put_into_words(
    app: Flask, forklift: Competition
) -> None:
    with app.test_request_context(), live_scorer(forklift) as live:
        event = live.results.events[0]
        everybody, total = near_misses(live, event, live.bundle, 1000)
        assert len(everybody) == total > 0
        with patch(
            "compete.web.organiser.awards.view_model.describe_conditions",
            wraps=describe_conditions,
        ) as told:
            none = near_misses(live, event, live.bundle, 0)
        assert none == ([], total)
        assert told.call_count == 0
