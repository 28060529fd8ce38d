"""What an evaluation of many costs: conditions of a batch, and pages of the lists of a year.

Run as a script: `python -m tests.bench.evaluations [batch] [year]`, 600 and 6,500 by default.
In processor seconds of one process, each beside a floor of the same run:

- conditions of a batch, of those on the list beside reading their rows, and of applications
  beside checking their fields as the form does; the middle of three times;
- each page at a year's number beside the list of entrants of as many, the middle of three
  times: after somebody was corrected, and again.

The exit status is 1 where conditions of 600 take over half a second or thrice their floor, or a
page over 0.3 s again; after a correction marks are scored anew, so 审核 alone has to hold it then.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.bench.desk import Desk  # noqa: E402
from tests.sheets.people import citizen_id  # noqa: E402

CODE = "TRY"
UNITS, ON = 60, "2026-05-10"
MODULES = ("theory", "hands")
LACKING = 10
"""Of so many people one has no certificate, and so meets no condition."""

MOST_CONDITIONS, MOST_TIMES, MOST_PAGE = 0.5, 3.0, 0.3
PAGES = (
    *("entrants", "entrants?page=60", "review", "review?show=all&page=60"),
    *("verdicts", "verdicts?show=pass&page=30", "verdicts?q=3站", "certificates?state=valid"),
)
"""The first is the floor of the others."""

_UNSCORED = ("entrants", "entrants?page=60", "review", "review?show=all&page=60")


def evaluation_of(
    people: int, *, modules: tuple[str, ...] = MODULES, code: str = CODE, marked: bool = True
) -> dict[str, Any]:
    """An evaluation with so many people; all who meet the conditions pass where `marked`."""
    codes = [f"E{number:05d}" for number in range(people)]
    return {
        "format": "compete-bundle/2",
        "competition": {
            "code": code,
            "name": "灌排泵站运行工等级认定",
            "kind": "evaluation",
            "level": "enterprise",
            "starts": ON,
        },
        "units": [{"code": f"U{number:02d}", "name": f"{number}站"} for number in range(UNITS)],
        "judges": [
            {"code": "J1", "name": "考评员一"},
            {"code": "C1", "name": "考评组长", "role": "chief"},
            {"code": "S1", "name": "督导员", "role": "supervisor"},
        ],
        "entrants": [_entrant(number, entrant) for number, entrant in enumerate(codes)],
        "events": [_event(modules)],
        "marks": [
            {
                **{"stage": "s", "module": module, "entrant": entrant},
                **{"judge": "J1", "aspect": "a", "value": str(60 + number % 40)},
            }
            for number, entrant in enumerate(codes)
            for module in modules
        ]
        if marked
        else [],
    }


def _entrant(number: int, code: str) -> dict[str, Any]:
    birth = date(1970, 1, 1) + timedelta(days=number % 9000)
    known = {"grade": 5, "grade_since": "2020-03-01"} if number % LACKING else {}
    return {
        "code": code,
        "name": f"申报人{number}",
        "event": "EV",
        "unit": f"U{number % UNITS:02d}",
        "id_number": citizen_id(birth, number // 9000 + 1),
        "birth": birth.isoformat(),
        "trade": {"months": 40, "at": ON},
        "papers": [{"kind": "中职毕业", "since": "2026-01-01"}],
        **known,
    }


def _event(modules: tuple[str, ...]) -> dict[str, Any]:
    aspects = [{"code": "a", "name": "得分", "type": "score", "max": "100"}]
    names = {"theory": "理论", "hands": "技能"}
    return {
        "code": "EV",
        "name": "灌排泵站运行工 四级",
        "occupation": {"code": "4-09-01-05", "name": "灌排泵站运行工"},
        "verdict": "pass",
        "grade": 4,
        "carry_months": 24,
        "rounding": {"module": 2},
        "apply": [
            {"code": "from-5", "when": {"holds": {"at_least": 5}, "years_in_grade": 3}},
            {"code": "trade", "when": {"years_in_trade": 6, "min_age": 18}},
            {"code": "school", "when": {"papers": {"of": ["中职毕业"], "years": 2}}},
        ],
        "stages": [
            {
                "code": "s",
                "name": "考核",
                "modules": [
                    {
                        "code": module_code,
                        "name": names[module_code],
                        "full": "100",
                        "aspects": aspects,
                    }
                    for module_code in modules
                ],
            }
        ],
    }


class EvaluationDesk(Desk):
    """An installation of its own with one evaluation in it, everybody marked or nobody."""

    def __init__(
        self,
        people: int,
        folder: Path,
        *,
        modules: tuple[str, ...] = MODULES,
        marked: bool = True,
        lay_tables: Callable[[Path], None] | None = None,
    ) -> None:
        self.plain = evaluation_of(people, modules=modules, marked=marked)
        super().__init__(people, folder, lay_tables=lay_tables)

    def _load(self, people: int) -> None:
        from compete.domain import read_bundle
        from compete.domain.values.roles import Role
        from compete.services.accounts.accounts import create_account, grant_role
        from compete.services.competitions.loading import load_bundle
        from compete.services.kernel.transactions import unit_of_work
        from tests.support.announced import body_for, plain

        organiser = create_account("吴敏", username="organiser")
        competition = load_bundle(read_bundle(json.dumps(self.plain).encode()), by=organiser)
        grant_role(organiser, competition, Role.ORGANISER, by=organiser)
        grant_role(create_account("周颖", username="second"), competition, Role.ORGANISER)
        plain(competition)
        with unit_of_work():
            body_for(competition)


def usual(work: Callable[[], Any], between: Callable[[], Any] | None = None) -> float:
    """Processor seconds, the middle of three times."""
    durations = []
    for _turn in range(3):
        if between is not None:
            between()
        begun = time.process_time()
        work()
        durations.append(time.process_time() - begun)
    return sorted(durations)[1]


def conditions(people: int, folder: Path) -> bool:
    """Of a batch; whether it keeps the limits."""
    from sqlalchemy import select

    from compete.models import Account, Application, Competition, Entrant, db
    from compete.services.registration.applicant_eligibility import (
        conditions_of_applications,
        conditions_of_entrants,
    )
    from compete.services.registration.applications import cells_of, check_cells
    from compete.services.registration.preview import offer_of

    place = EvaluationDesk(people, folder, marked=False)
    kept = True
    with place.app.app_context():
        competition = db.session.scalars(select(Competition)).one()
        by = db.session.scalars(select(Account).order_by(Account.id)).first()
        assert by is not None
        applied = applications(competition, by, people)

        def entrants() -> list[Entrant]:
            db.session.expire_all()
            return list(db.session.scalars(select(Entrant)))

        def handed_in() -> list[Application]:
            db.session.expire_all()
            return list(db.session.scalars(select(Application)))

        def checked() -> None:
            offer = offer_of(competition)
            for row in handed_in():
                check_cells(cells_of(row), offer, row.unit)

        for name, floor, work in (
            ("entrants", entrants, lambda: conditions_of_entrants(competition, entrants())),
            ("applications", checked, lambda: conditions_of_applications(competition, handed_in())),
        ):
            least, cost = usual(floor), usual(work)
            kept = kept and cost <= MOST_CONDITIONS and cost <= MOST_TIMES * least
            print(
                f"{people:>6} conditions of {name:<13} {cost * 1e3:6.0f} ms, "
                f"{cost / least:.1f} times its floor",
                flush=True,
            )
        assert applied == people
    return kept


def applications(competition: Any, by: Any, people: int) -> int:
    """As many applications as there are people, as units hand them in; how many."""
    from compete.domain.values.states import ApplicationState
    from compete.models import utc_now
    from compete.services.kernel.transactions import unit_of_work
    from compete.services.registration.applications import check_cells, fill, new_draft
    from compete.services.registration.preview import offer_of

    offer = offer_of(competition)
    with unit_of_work() as session:
        for number in range(people):
            unit = competition.units[number % UNITS]
            row = new_draft(unit, competition, by)
            cells = {
                **{"name": "新来的人", "event": "EV", "grade": "5", "grade_since": "2020-03-01"},
                **{"id_number": citizen_id(date(1996, 1, 1) + timedelta(days=number), 1)},
                **{"months": "40", "papers": "中职毕业 2026-01-01"},
            }
            fill(row, cells, check_cells(cells, offer, unit)[0], competition)
            row.state, row.submitted_at = ApplicationState.SUBMITTED, utc_now()
            session.add(row)
    return people


def pages(people: int, folder: Path) -> bool:
    """Of a year; whether they keep the limits."""
    place = EvaluationDesk(people, folder)
    client, kept, turn = place.client("organiser"), True, iter(range(1, 1000))
    floor = 0.0
    for path in PAGES:
        address = f"/desk/{CODE}/{path}"
        assert client.get(address).status_code == 200, path
        again = usual(lambda address=address: client.get(address))  # type: ignore[misc]
        changed = usual(
            lambda address=address: client.get(address),  # type: ignore[misc]
            lambda: correct(place, turn),
        )
        floor = floor or again
        kept = kept and again <= MOST_PAGE and (changed <= MOST_PAGE or path not in _UNSCORED)
        print(
            f"{people:>6} {path:<24} {again * 1e3:6.0f} ms, {again / floor:5.1f} times the list; "
            f"after a correction {changed * 1e3:6.0f} ms",
            flush=True,
        )
    return kept


def correct(place: EvaluationDesk, turn: Iterable[int]) -> None:
    """Somebody's certificate is of another day than was written."""
    from sqlalchemy import select

    from compete.models import Account, Entrant, db
    from compete.services.registration.corrections import correct_person

    number = next(iter(turn))
    with place.app.app_context():
        code = f"E{number * LACKING + 1:05d}"
        who = db.session.scalars(select(Entrant).where(Entrant.code == code)).one()
        by = db.session.scalars(select(Account).order_by(Account.id)).first()
        assert by is not None
        correct_person(who, {"grade_since": "2020-03-02"}, "看了原件", by)


def main(sizes: list[int]) -> int:
    """The batch, then the year."""
    batch, year = sizes or (600, 6500)
    with tempfile.TemporaryDirectory() as folder:
        kept = [conditions(batch, Path(folder) / "batch"), pages(year, Path(folder) / "year")]
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main([int(size) for size in sys.argv[1:]]))
