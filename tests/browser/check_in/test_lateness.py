"""A clerk's device without network tells who is late as the server does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page

from compete.services.schedule.arrivals import ArrivalState, arrival_state
from tests.support.lateness import CASES

TELL = """async (cases) => {
  const { lateness, stateOf } = await import("/static/js/check_in/rounds.js");
  return cases.map(({ now, ...person }) => [
    stateOf(person, [], Date.parse(now)), lateness(person, Date.parse(now)),
  ]);
}"""


def test_device_and_server_tell_alike_who_is_late(
    live_url: str, visitor: Callable[..., Any]
) -> None:
    page: Page = visitor("desk").page()
    page.goto(f"{live_url}/static/icons/mark.svg")
    people = [
        {
            "entrant": "a",
            "acts": [{"uuid": "1", "kind": "passed", "at": case.now.isoformat()}] * case.passed,
            "outcome": case.outcome and "缺考",
            "absent": case.outcome == "dns",
            "closes": case.closes and case.closes.isoformat(),
            "now": case.now.isoformat(timespec="milliseconds"),
        }
        for case in CASES
    ]
    answers = page.evaluate(TELL, people)
    for case, (state, lateness) in zip(CASES, answers, strict=True):
        assert arrival_state(*case[:4]) is case.state, case
        # Whose time nobody planned is waited for like everybody else on the device.
        untimed = case.state is ArrivalState.UNTIMED
        assert state == ("expected" if untimed else case.state.value), case
        assert (lateness == "over") == (case.closes is not None and case.now > case.closes), case


def test_a_session_is_begun_with_until_its_last_turn_has_come(
    live_url: str, visitor: Callable[..., Any]
) -> None:
    page: Page = visitor("desk").page()
    page.goto(f"{live_url}/static/icons/mark.svg")
    turns = [("1", "14:20"), ("1", "14:30"), ("2", "15:00")]
    people = [{"session": name, "starts": f"2026-09-16T{at}:00+08:00"} for name, at in turns]
    begun = page.evaluate(
        """async ([people, moments]) => {
          const { rounds, upcoming } = await import("/static/js/check_in/rounds.js");
          return moments.map((at) => upcoming(
            rounds(people), Date.parse(`2026-09-16T${at}:00+08:00`)).people[0].session);
        }""",
        [people, ["14:10", "14:25", "14:31", "15:30"]],
    )
    assert begun == ["1", "1", "2", "2"]
