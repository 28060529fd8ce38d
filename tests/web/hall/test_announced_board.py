"""The big screen once results are announced: how far they are, and what is appealed."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient

from compete.models import Account, Competition
from compete.services.hall.board_acts import change_board, make_board
from compete.services.results.result_moves import withdraw_notice
from tests.support.announced import announce, reopen
from tests.support.appealing import appealed


def test_the_screen_says_how_far_announced_results_are_and_what_is_appealed(
    client: FlaskClient, judged: Competition, organiser: Account
) -> None:
    """Nobody in the hall takes marks that changed since for the announced ones."""
    board = make_board(judged.events[0], organiser)
    settings = {"delay": "0", "places": "9", "stations": False, "opens_at": None}
    change_board(board, switched_on=True, by=organiser, **settings)  # type: ignore[arg-type]

    def screen() -> dict[str, Any]:
        answer = client.get(f"/hall/{judged.code}/{board.token}/data")
        assert answer.status_code == 200
        return dict(answer.get_json())

    def note() -> str:
        return str(screen()["competition"]["note"])

    before = note()
    assert before.endswith(" · 暂定")
    before = before.removesuffix(" · 暂定")
    announce(judged, organiser)
    assert note().startswith(f"{before} · 公示中，到")
    assert not [row for row in screen()["rows"] if "申诉中" in row["unit"]]
    appealed("P2")
    flagged = [row for row in screen()["rows"] if "申诉中" in row["unit"]]
    assert [row["code"] for row in flagged] == ["P2"]
    reopen(judged, organiser)
    assert note() == f"{before} · 暂定，以公布的成绩为准"
    withdraw_notice(judged.events[0], "漏了一个人", organiser)
    assert note() == f"{before} · 公示已撤下，名次不作数"
