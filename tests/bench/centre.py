"""What a centre's year costs as one evaluation: 审核, the plan and its papers, the dossier.

Run as a script: `python -m tests.bench.centre [people]`, 6,500 by default; the same at half the
size first, and a small one before both, so that nothing is imported while it is measured. Processor
seconds with those of Typst's own process, the statements, and how many times the half each took.
The last column is the longest time for which one unit of work kept the write lock, in ms of its
thread's processor. The exit status is 1 where double the people take over two and a half times as
long, where a page is over 0.3 s again, where laying out and drawing are over 10 s, or the dossier
over 120 s, and where a hold is over 250 ms. Every sheet bears a signature of 3 kB; of so many none
is printed for the dossier.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.bench.evaluations import CODE, EvaluationDesk  # noqa: E402
from tests.support.statements import statements  # noqa: E402

PEOPLE, WARM_UP = 6500, 20
ROOMS, PLACES = 30, 40
MOST_GROWTH, LOOKED_AT = 2.5, 0.2
"""Of what takes that many seconds: below, noise is larger than what grows."""
MOST = {"review": 0.3, "review?show=all&page=60": 0.3, "lay out and draw": 10.0, "dossier": 120.0}

Costs = dict[str, tuple[float, int, float]]
"""By what was done: processor seconds, statements, seconds of the longest hold."""


def _measured(place: EvaluationDesk, costs: Costs, name: str, work: Callable[[], Any]) -> None:
    from compete.models import db
    from compete.services.kernel.write_holds import forget_holds, longest_holds

    forget_holds()
    begun = _processor()
    with place.app.app_context(), statements(db.engine) as asked:
        work()
    longest = max((hold.cpu for hold in longest_holds()), default=0.0)
    costs[name] = (_processor() - begun, len(asked), longest)


def _processor() -> float:
    """Processor seconds of this process, and of those that it has waited for."""
    beside = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + beside.ru_utime + beside.ru_stime


def _sign_all() -> None:
    """Put a signature under each sheet, as large as a hand's."""
    from sqlalchemy import insert, select

    from compete.models import Account, Sheet, SignedSheet, db, utc_now

    content = json.dumps(
        {
            "aspects": [{"code": "a", "value": "70", "marks": "70.00"}],
            **{"total": "70", "working_time": None, "hand": "M0 0L1 1" * 375},
        }
    )
    account = db.session.scalars(select(Account.id).order_by(Account.id)).first()
    rows = [
        {
            **{"sheet_id": number, "judge_id": judge, "account_id": account, "method": "typed"},
            **{"content": content, "sha256": f"{number:064x}", "last_act": 0},
            "signed_at": utc_now(),
        }
        for number, judge in db.session.execute(select(Sheet.id, Sheet.judge_id)).tuples()
    ]
    db.session.rollback()
    # Past the session, since nobody verifies them here.
    with db.engine.begin() as connection:
        connection.execute(insert(SignedSheet.__table__), rows)


def entering(people: int, folder: Path) -> Costs:
    """Before judging: the list of 审核, rooms laid out and drawn, charts and cards."""
    from sqlalchemy import select

    from compete.models import Account, Competition, Job, db
    from compete.services.jobs import queue
    from compete.services.jobs.papers.kinds import Asked, paper_kinds
    from compete.services.jobs.running import do_next
    from compete.services.kernel.event_rules import module_key
    from compete.services.registration.badges import BADGES
    from compete.services.registration.printed_forms import PEOPLE_FORM, SEATING
    from compete.services.schedule.day_plan import groups_of, modules_to_draw
    from compete.services.schedule.drawing_jobs import draw_days_or_ask
    from tests.support.passing import passed
    from tests.support.roomed import lay_in, make_rooms

    place, costs = EvaluationDesk(people, folder, marked=False), {}
    queue.wake = lambda _competition: None
    client = place.client("organiser")
    for path in ("review", "review?show=all&page=60", "batches"):
        address = f"/desk/{CODE}/{path}" if path != "batches" else "/desk/batches"
        assert client.get(address).status_code == 200, path
        _measured(place, costs, path, lambda address=address: client.get(address))  # type: ignore[misc]

    def here() -> tuple[Competition, Account]:
        by = db.session.scalars(select(Account).order_by(Account.id)).first()
        assert by is not None
        return db.session.scalars(select(Competition)).one(), by

    with place.app.app_context():
        make_rooms(here()[1], **{f"考场{number}": PLACES for number in range(ROOMS)})
        passed(here()[0])

    def laid_out() -> None:
        from compete.services.directory.rooms import rooms_offered

        competition, by = here()
        theory = groups_of(competition)[0]
        sessions = -(-people // (ROOMS * PLACES))
        lay_in(
            competition, theory.key, "2026-05-10 08:00", list(rooms_offered()), by, count=sessions
        )
        names = {module_key(*it): "抽签" for it in modules_to_draw(competition)}
        if isinstance(draw_days_or_ask(competition, names, by), Job):
            assert do_next(competition.id)
        error = db.session.scalars(select(Job.error)).one_or_none()
        assert error is None, error

    def printed(kind: str, **of: str) -> None:
        competition, by = here()
        paper = paper_kinds()[kind]
        asked = Asked(competition, by, str, of)
        keys = list(paper.keys(asked))
        size = paper.portion or len(keys)
        for start in range(0, len(keys), size):
            assert paper.make(asked, keys[start : start + size])[:4] == b"%PDF"

    _measured(place, costs, "lay out and draw", laid_out)
    _measured(place, costs, "seating charts", lambda: printed(PEOPLE_FORM, form=SEATING))
    _measured(place, costs, "admission cards", lambda: printed(BADGES))
    return costs


def closing(people: int, folder: Path) -> Costs:
    """After judging: locked, published; the list of verdicts, the dossier as its job makes it."""
    from sqlalchemy import delete, select

    from compete.domain.values.states import JobState
    from compete.models import Account, Competition, Job, db
    from compete.services.competitions.dossier import ask_dossier, dossiers_of
    from compete.services.jobs import queue
    from compete.services.jobs.running import do_next

    place, costs = EvaluationDesk(people, folder), {}
    queue.wake = lambda _competition: None
    client = place.client("organiser")

    def done(act: str) -> None:
        assert client.post(f"/desk/{CODE}/{act}", data={"checked": "yes"}).status_code == 302
        do_next(db.session.scalars(select(Competition.id)).one())
        assert set(db.session.scalars(select(Job.state))) <= {JobState.DONE}
        # The dossier's is the only one that is asked about below.
        with db.engine.begin() as connection:
            connection.execute(delete(Job.__table__))

    for name, act in (("locking the marks", "lock"), ("publishing", "publish")):
        _measured(place, costs, name, lambda act=act: done(act))  # type: ignore[misc]
    with place.app.app_context():
        _sign_all()
    for path in ("verdicts", "batches"):
        address = f"/desk/{CODE}/{path}" if path != "batches" else "/desk/batches"
        assert client.get(address).status_code == 200, path
        _measured(place, costs, path, lambda address=address: client.get(address))  # type: ignore[misc]

    def made() -> None:
        competition = db.session.scalars(select(Competition)).one()
        by = db.session.scalars(select(Account).order_by(Account.id)).first()
        assert by is not None
        ask_dossier(competition, by, "https://jingsai.example.cn")
        assert do_next(competition.id)
        error = db.session.scalars(select(Job.error)).one()
        assert error is None, error
        (dossier,) = dossiers_of(competition)
        print(
            f"{people:>6} dossier: {dossier.files} files, {dossier.size / 1e6:.1f} MB", flush=True
        )

    begun = time.perf_counter()
    _measured(place, costs, "dossier", made)
    print(f"{people:>6} dossier: {time.perf_counter() - begun:.1f} s by the clock", flush=True)
    return costs


def main(people: int) -> int:
    """Half the size, then all of it, side by side."""
    measured: list[Costs] = []
    with tempfile.TemporaryDirectory() as folder:
        for size in (WARM_UP, people // 2, people):
            costs = entering(size, Path(folder) / f"early{size}")
            costs |= {
                f"{name} (published)" if name in costs else name: cost
                for name, cost in closing(size, Path(folder) / f"late{size}").items()
            }
            measured.append(costs)
    from compete.services.kernel.write_holds import MOST_HELD

    _warm_up, half, whole = measured
    kept = True
    for name, (seconds, asked, hold) in whole.items():
        before, asked_before, _held = half[name]
        kept = kept and hold <= MOST_HELD
        grown = seconds / before if before else 0.0
        kept = kept and seconds <= MOST.get(name, seconds)
        kept = kept and (grown <= MOST_GROWTH or seconds < LOOKED_AT)
        print(
            f"{name:<26} {before:8.2f} s {asked_before:6} | {seconds:8.2f} s {asked:6} |"
            f" {grown:5.2f} | {hold * 1e3:4.0f} ms",
            flush=True,
        )
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else PEOPLE))
