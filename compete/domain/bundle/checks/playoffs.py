"""Checks of playoffs: the stage and the people. If these are equal is known once all is scored."""

from compete.domain.bundle.checks.codes import Codes, note_reference, nowhere
from compete.domain.bundle.problems import Problems
from compete.domain.bundle.reader.unreadable import UNREADABLE
from compete.domain.bundle.types import Bundle, Playoff
from compete.domain.values.messages import msg


def note_playoffs(bundle: Bundle, problems: Problems) -> None:
    events, entrants = Codes(bundle.events), Codes(bundle.entrants)
    for index, playoff in enumerate(bundle.playoffs):
        path = f"playoffs[{index}]"
        note_reference(playoff.event, events, f"{path}.event", "events", problems)
        event = events.by_code.get(playoff.event)
        if event is not None:
            where = msg("赛项 %(event)s 的赛段", event=event.code)
            note_reference(playoff.stage, Codes(event.stages), f"{path}.stage", where, problems)
        _note_order(playoff, entrants, f"{path}.order", problems)


def _note_order(playoff: Playoff, entrants: Codes, path: str, problems: Problems) -> None:
    """Note people of the order who do not compete in the event, or stand twice."""
    seen: set[str] = set()
    for item in playoff.order:
        for code in (item,) if isinstance(item, str) else item:
            if code is UNREADABLE:
                continue
            if code in seen:
                problems.add(path, msg("“%(code)s”写了不止一次", code=code))
            seen.add(code)
            note_reference(code, entrants, path, "entrants", problems)
            entrant = entrants.by_code.get(code)
            if entrant is not None and entrant.event != playoff.event:
                where = msg("赛项 %(event)s 的选手", event=playoff.event)
                problems.add(path, nowhere(code, where))
