"""Who is expected when and where, draws, who came, who marks whom, sheets for who comes late."""

from compete.services.schedule.allocation import assign_judges, make_sheets, open_judging
from compete.services.schedule.arrivals import (
    Arrival,
    ArrivalState,
    act_time,
    arrivals_of,
    count_arrivals,
    count_whole,
    is_check_in_recorded,
)
from compete.services.schedule.check_in_acts import (
    CheckInIn,
    take_check_ins,
    undo_check_in,
)
from compete.services.schedule.draw_ceremonies import (
    DRAWS_OVER,
    Opened,
    add_seal,
    ceremonies_of,
    discard_draw,
    end_draw,
    fix_openings,
    latest_ceremony,
    list_is_old,
    open_party,
    prepare_draw,
    publish_head,
    published_draws,
    remove_seal,
    retake_list,
    void_draw,
    why_no_draw,
)
from compete.services.schedule.draw_files import published_file
from compete.services.schedule.draw_lists import (
    PlacesError,
    has_sheets,
    people_to_draw,
    read_places,
)
from compete.services.schedule.drawn_places import (
    DrawnSoFar,
    drawn_so_far,
    enter_paper_draw,
    paper_draws,
)
from compete.services.schedule.known_stations import stations_of
from compete.services.schedule.late_places import places_given, rule_for_late
from compete.services.schedule.late_sheets import allot_missing
from compete.services.schedule.missing_sheets import sheetless
from compete.services.schedule.moving import (
    LateChoice,
    Move,
    give_own_time,
    late_choice,
    move_person,
    possible_moves,
    stations_to_choose,
    why_not_moved,
)
from compete.services.schedule.slots import place_entrants, seat_judges
from compete.services.schedule.timekeepers import name_timekeeper

__all__ = [
    "DRAWS_OVER",
    "Arrival",
    "ArrivalState",
    "CheckInIn",
    "DrawnSoFar",
    "LateChoice",
    "Move",
    "Opened",
    "PlacesError",
    "act_time",
    "add_seal",
    "allot_missing",
    "arrivals_of",
    "assign_judges",
    "ceremonies_of",
    "count_arrivals",
    "count_whole",
    "discard_draw",
    "drawn_so_far",
    "end_draw",
    "enter_paper_draw",
    "fix_openings",
    "give_own_time",
    "has_sheets",
    "is_check_in_recorded",
    "late_choice",
    "latest_ceremony",
    "list_is_old",
    "make_sheets",
    "move_person",
    "name_timekeeper",
    "open_judging",
    "open_party",
    "paper_draws",
    "people_to_draw",
    "place_entrants",
    "places_given",
    "possible_moves",
    "prepare_draw",
    "publish_head",
    "published_draws",
    "published_file",
    "read_places",
    "remove_seal",
    "retake_list",
    "rule_for_late",
    "seat_judges",
    "sheetless",
    "stations_of",
    "stations_to_choose",
    "take_check_ins",
    "undo_check_in",
    "void_draw",
    "why_no_draw",
    "why_not_moved",
]
