"""What is said of a new version names nobody whom public pages mask."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from compete.models import Account, Competition
from compete.services.closing.competition_lock import lock_marks
from compete.services.kernel.publications import latest_publication
from compete.services.kernel.refusal import Refused
from compete.services.results.publishing import publish, publish_or_ask
from tests.support.announced import announce, reopen
from tests.support.small import all_marks, small


def test_a_version_says_numbers_and_no_names(
    here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(small(all_marks()))
    announce(competition, organiser)
    reopen(competition, organiser)
    lock_marks(competition, organiser)
    for reason in ("赵启明录错一张", "赵 启明录错一张"):
        for attempt in (publish, publish_or_ask):
            with pytest.raises(Refused, match="不要写“赵启明”，写参赛号 P1"):
                attempt(competition, organiser, reason)
    first = latest_publication(competition)
    assert first is not None
    assert first.version == 1
    publish(competition, organiser, "P1 录错一张，赵*明的分数改了")
    second = latest_publication(competition)
    assert second is not None
    assert second.version == 2
