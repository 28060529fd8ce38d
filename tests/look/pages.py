"""Which pages there are to look at, by whom, at which sizes."""

from __future__ import annotations

from tests.look.look import BOTH, Look


def desk(code: str, *paths: str, who: str = "admin") -> list[Look]:
    """Pages of a competition's desk."""
    return [Look(f"/desk/{code}/{path}", who) for path in paths]


def each_size(*addresses: str, who: str = "admin") -> list[Look]:
    """Pages of the desk that are looked at on a tablet too, and in the dark."""
    return [Look(address, who, ("desk", "wide", "tall", "phone"), BOTH) for address in addresses]


def on_phone(*addresses: str, who: str = "") -> list[Look]:
    """Pages that people open on phones."""
    return [Look(address, who, ("phone", "small"), BOTH) for address in addresses]


def on_screen(*addresses: str) -> list[Look]:
    """Pages of a hall's big screen."""
    return [Look(address, "", ("hall",)) for address in addresses]


HOUSE = [
    Look(f"/desk/{path}")
    for path in (
        *("", "new", "new?start=template", "new?start=file", "new?start=blank", "new/small"),
        *("accounts", "tokens", "webhooks", "bodies", "calendar", "organisations"),
        *("organisations/units", "people", "people/1", "people/same", "personal-data"),
        *("occupations", "occupations/{occupation}"),
        *("occupations/upload", "ladders", "ladders/{ladder}", "ladders/new", "ladders/upload"),
        *("ladders/conditions", "ladders/conditions/{edition}", "ladders/conditions/new"),
        *("experts", "experts/upload"),
        *("figures", "figures/certificates", "figures/delays", "figures/items"),
        *("figures/participation", "figures/pass-rates", "figures/sections"),
        *("figures/skills", "figures/skills?by=person"),
        *("series", "series/{series}", "series/{series}/nodes/{series-node}"),
        *("series/{series}/nodes/new", "series/{series}/tops", "series/{series}/reports"),
        *("rewards", "rewards/{rewards}", "rewards/{rewards}/points"),
        *("rewards/{rewards}/attendance", "rewards/{rewards}/lists/{reward-list}"),
        *("mentorships", "mentorships/new", "mentorships/upload", "mentorships/{mentorship}"),
        *("mentors/{works}/best?year=2026", "mentors/{works}/rules"),
        *("banks", "banks/{bank}", "banks/{bank}?q=轴承", "banks/{bank}/questions/new"),
        *("banks/{bank}/questions/{question}", "banks/{bank}/questions/{question}/change"),
        *("banks/{bank}/people", "banks/{bank}/files", "banks/{bank}/upload"),
        *("banks/{bank}/practice", "banks/{bank}/practice/{practice}"),
        *("banks/{bank}/papers", "banks/{bank}/tables/{table}", "banks/{bank}/papers/{paper}"),
    )
]
CERTIFIED = [
    *each_size(*(f"/desk/X/{path}" for path in ("", "standings", "results", "entrants/P2/"))),
    *desk(
        "X",
        *("decisions", "ties", "file-version", "accounts", "analysis", "appeals"),
        *("appeals/{appeal}", "awards", "honours", "second", "prize-money", "claims"),
        *("distinctions", "certificates", "certificates/body", "outside"),
        *("certificates/words", "consequences", "consequences/changes", "details"),
        *("put-away", "personal-data", "dossiers", "recheck", "handover", "messages"),
        "events/E/sections",
    ),
    *desk("X", "appeals", "appeals/{appeal}", who="arbiter"),
    *each_size("/p/X"),
    *on_phone("/c/{contestant}", "/c/{contestant}/appeal", "/v/{certificate}"),
    *on_phone("/w/{record}", "/w/seen/{shared}"),
]
JUDGED = [
    *each_size("/desk/PANEL/progress", "/desk/PANEL/sheets/{submitted}"),
    *desk(
        "PANEL",
        *("", "arrivals", "floor", "floor/times?minutes=10", "entrants/E1/stop"),
        *("judges?people=1", "judges/assign", "judges/upload", "judges/J1/card"),
        *("judges/J1/correct", "judges/J1/replace", "seating"),
        *("recusals", "paper", "marks-list"),
        *("coding", "unblinding", "standings", "results", "accounts"),
    ),
    *desk("PANEL", "", "decisions", "panels/{sheet}", "seating/settling", who="C1"),
    *desk("PANEL", "", "decisions", who="S1"),
    *(
        Look(address, "J1", ("wide", "tall", "phone"), BOTH)
        for address in ("/judge/", "/judge/sheets/{sheet}")
    ),
    *(
        Look(address, "J1", ("wide", "tall", "phone"))
        for address in (
            *("/judge/compare", "/judge/scan", "/judge/sign", "/judge/sheets/{submitted}"),
            *("/judge/sheets/{sheet}/field", "/judge/sheets/{sheet}/withdraw"),
            "/judge/sheets/{sheet}/waive",
        )
    ),
    Look("/check-in/PANEL/", "admin", ("tall", "wide", "phone"), BOTH),
    Look("/exam/PANEL", "", ("tall", "wide", "phone"), BOTH),
    Look("/practice/{practice-link}", "", ("phone",), BOTH),
]
REGISTERING = [
    *each_size("/desk/NEXT/", "/desk/NEXT/applications", "/desk/RULES/events/rules?event=A"),
    *each_size("/desk/TABLES/events/overall", "/desk/TABLES/events/overall/change"),
    *desk(
        "NEXT",
        *("set-up", "set-up?part=entry", "units", "units/U1/name", "units/U1/link"),
        *("units/upload", "self-entry", "conditions", "entrants", "entrants/new"),
        *(
            "entrants/upload",
            "entrants/upload/{batch}",
            "entrants/P1/identity",
            "entrants/P1/",
            "events",
            "details",
        ),
        *("sessions", "draws", "draws?way=paper&by=unit", "photos"),
    ),
    *desk("RULES", "difficulties"),
    *each_size("/unit/NEXT/", who="contact"),
    *(
        Look(f"/unit/NEXT/{path}", "contact")
        for path in ("people/new", "listed/P1/replace", "listed/P1/photo", "upload", "appeals")
    ),
    *each_size("/unit/NEXT/records", "/unit/NEXT/records/P1", who="contact"),
    Look("/p/NEXT", "", ("phone",), status=404),
    *on_phone("/p/NEXT/enter", "/r/{own-entry}", "/sign-in/{unit-link}"),
]
DRAWN = [
    *each_size("/desk/DRAWN/draws/{ceremony}", "/desk/DRAWN/draws"),
    *desk("DRAWN", "plan", "exams"),
    *desk("DRAWING", "draws", "draws/{waiting}"),
    Look("/desk/DRAWN/draws/{ceremony}/hall", "admin", ("hall",)),
]
LABOUR = [
    *each_size("/desk/LB-2022/labour", "/desk/LB-2022/labour/periods/M01"),
    *desk(
        "LB-2022",
        *("departments", "labour/units/S005?period=Q2", "labour/late?period=M01"),
        *("labour/month?period=Q2", "labour/periods", "labour/changes", "labour/rules"),
        *("labour/rules/form", "labour/accidents", "labour/heads?period=M01"),
        *("labour/safe-days", "labour/periods/M01/second-look", "units", "details"),
    ),
    *desk(
        "L",
        *("departments", "departments/{department}", "labour", "labour/periods", "labour/late"),
        *("labour/periods/二月", "labour/rules", "labour/rules/form", "labour/accidents"),
    ),
    *desk(
        "L",
        *("labour", "labour/periods/一月/second-look", "labour/periods/一月/second-look/1"),
        who="looker",
    ),
    *each_size("/p/LB-2022", "/p/LB-2022/periods/Q1", "/p/LB-2022/periods/Q1/units/S005"),
    *on_screen("/p/LB-2022/wall"),
]
EVALUATED = desk(
    "PUMP-EVAL-2026",
    *("", "review", "verdicts", "events", "results", "fees"),
)
MANY = [
    *each_size("/desk/RESCUE-2022/awards", "/desk/RESCUE-2022/standings"),
    *desk("RESCUE-2022", "", "certificates", "entrants", "results", "seating", "progress"),
    *desk("FORK-2022", "", "draws", "progress", "standings", "floor"),
    *desk("VARIED", "coding", "unblinding", "entrants", "events/rules?event=A"),
    *each_size("/p/RESCUE-2022", "/p/SUMS?see=table-1"),
]
NOTHING_YET = [
    *desk(
        "NOBODY",
        *("", "entrants", "arrivals", "floor", "standings", "certificates", "progress"),
        *("draws", "judges", "seating"),
    ),
    *desk("EMPTY", "", "set-up", "details", "events", "units", "entrants"),
]
PUBLIC = on_phone(
    *("/", "/sign-in", "/verify", "/verify/credential", "/draw/check", "/draw/seal", "/log"),
    "/log/check/X",
) + [Look(address, "", ("phone",), status=404) for address in ("/ca", "/v/unknown", "/nothing")]

PAGES = [
    Look("/account"),
    *HOUSE,
    *CERTIFIED,
    *JUDGED,
    *REGISTERING,
    *DRAWN,
    *LABOUR,
    *EVALUATED,
    *MANY,
    *NOTHING_YET,
    *PUBLIC,
    *on_screen("/hall/CUP/{board}"),
]
