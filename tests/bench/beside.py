"""How long a mark waits while the desk does each of its long acts: 20 tablets, 2,000 contestants.

Run: `python -m tests.bench.beside [how many contestants]`. One installation on SQLite, whose one
write lock everybody shares: `compete serve` takes the marks of one competition from 20 tablets,
while another process does what an organiser does in others, every kind of job among it. The
floor, in the same run, is the same tablets with nothing beside them. The exit status is 1 where
the p99 of a mark passes its limit beside any of them, or a kind of job was not done.
"""

from __future__ import annotations

import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from itertools import chain
from pathlib import Path

from sqlalchemy import select, update

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.bench.desk import Desk  # noqa: E402
from tests.bench.events import CODE  # noqa: E402
from tests.bench.judging import Place, at, limit  # noqa: E402

PEOPLE, TABLETS, PACE, CLAIMS = 2000, 20, 0.5, 300
MOST_WAIT = 250.0
FLOOR_SECONDS, LONGEST = 20.0, 3600.0

Step = tuple[str, Callable[[], object]]


def steps(desk: Desk) -> Iterator[Step]:
    """The long acts of a competition's life in their order, each with what does it."""
    from compete.domain.values.claim_states import ClaimState
    from compete.models import Account, Competition, GradeClaim, db, utc_now
    from compete.services.certificates.claim_certificates import DUE_CLAIMS
    from compete.services.certificates.claim_proposals import move_or_ask, propose_or_ask
    from compete.services.certificates.claims import claims_to_approve, claims_to_put_up
    from compete.services.certificates.issuing_jobs import issue_or_ask
    from compete.services.closing.competition_lock import lock_module_or_ask
    from compete.services.competitions.loading import load_bundle
    from compete.services.jobs.papers.kinds import Wish
    from compete.services.jobs.papers.printing import print_or_ask
    from compete.services.kernel.transactions import unit_of_work
    from compete.services.registration.preview import keep_upload, offer_of
    from compete.services.registration.staging import ask_preview, ask_write
    from compete.sheets.registration.template import write_registration_workbook
    from tests.services.certificates.test_many_claims import employed, line
    from tests.services.kernel.test_write_holds import ask_to_erase
    from tests.sheets.people import many_rows
    from tests.support.signing_in import official
    from tests.support.small import read, small

    competition = db.session.scalars(select(Competition)).one()
    by = db.session.scalars(select(Account).order_by(Account.id)).first()
    assert by is not None
    organiser, supervisor = desk.client("organiser"), desk.client("supervisor")

    other_one = load_bundle(read(small()), by=by)
    people = many_rows(desk.bench.people, offer_of(other_one))
    content = write_registration_workbook(offer_of(other_one), people)
    batch = keep_upload(other_one, "a.xlsx", content, by)
    yield "looking through a list", partial(ask_preview, batch, by)
    yield "writing it", partial(ask_write, batch, by)

    (event,) = competition.events
    yield "locking a module", partial(lock_module_or_ask, event, "final", "drive", by)
    for name, page in (
        ("locking all", "lock"),
        ("approving grades", "awards/approve/proposed"),
        ("publishing", "publish"),
    ):
        yield name, partial(organiser.post, f"/desk/{CODE}/{page}", data={"checked": "yes"})
    for kind in ("award", "grade"):
        address = f"/desk/{CODE}/certificates/issue/{kind}"
        yield f"{kind} certificates", partial(organiser.post, address, data={"reason": "x"})
    badges = Wish("badges", "zh", "badges.pdf", "http://127.0.0.1", {})
    yield "printing badges", partial(print_or_ask, competition, badges, by)

    claim = employed("\n".join(line(n) for n in range(CLAIMS)))
    yield "proposing grades", partial(propose_or_ask, competition, claim, by)
    move = partial(move_or_ask, competition)
    ids = claims_to_put_up(competition)
    yield "putting them up", partial(move, ids, ClaimState.NOTICE, by)
    with unit_of_work() as session:
        past = utc_now() - timedelta(seconds=1)
        over = update(GradeClaim).values(notice_until=past)
        session.execute(over, execution_options={"noted": True})
    other = official(competition, "S01")
    ids = claims_to_approve(competition, other)
    yield "deciding them", partial(move, ids, ClaimState.APPROVED, other)
    yield "their certificates", partial(issue_or_ask, DUE_CLAIMS, competition, by)

    number = ask_to_erase(competition)
    yield "erasing", partial(supervisor.post, f"/desk/{CODE}/personal-data/{number}/agree")


def done(work: Callable[[], object]) -> None:
    """Do one step, with the job that it leaves."""
    from compete.domain.values.states import JobState
    from compete.models import Job, db

    answer = work()
    assert getattr(answer, "status_code", 302) == 302, answer
    for thread in threading.enumerate():
        if thread.name.startswith("jobs-"):
            thread.join()
    db.session.rollback()
    left = db.session.scalars(select(Job).where(Job.state != JobState.DONE)).all()
    assert not left, [(job.kind, str(job.state)) for job in left]


def main(people: int) -> int:
    """Measure every step; exit status 1 where a limit is passed or a kind of job was not done."""
    from compete.models import Job, db
    from compete.services.jobs.running import known_kinds
    from tests.tablets.contest import make_contest
    from tests.tablets.server import Server

    with tempfile.TemporaryDirectory(prefix="compete-bench-") as name:
        folder = Path(name)
        desk = Desk(people, folder)
        desk.finish()
        environment = {
            "COMPETE_DATA_DIR": name,
            "COMPETE_DATABASE_URL": f"sqlite:///{folder / 'compete.sqlite'}",
        }
        server = Server(environment, folder / "server.log")
        with desk.app.test_request_context():
            acts = steps(desk)
            first = next(acts)
            seats = make_contest(TABLETS, entrants_each=12)
            server.start()
            try:
                place = Place(server, seats, folder, whole=True)
                kept = _measure(place, "nothing", partial(time.sleep, FLOOR_SECONDS), seed=0)
                for seed, (step, work) in enumerate(chain([first], acts), 1):
                    kept &= _measure(place, step, partial(done, work), seed=seed)
            finally:
                server.stop()
            missing = known_kinds() - set(db.session.scalars(select(Job.kind)))
    if missing:
        print(f"MISS  not done: {', '.join(sorted(missing))}")
    return 0 if kept and not missing else 1


def _measure(place: Place, name: str, work: Callable[[], None], *, seed: int) -> bool:
    begun = time.perf_counter()
    waits = sorted(place.rush(1, LONGEST, seed, PACE, beside=work).waits)
    seconds = time.perf_counter() - begun
    print(
        f"     {name}: {seconds:.0f} s, {len(waits):,} marks, p50 {at(waits, 0.5):.0f} ms,"
        f" the longest {waits[-1] * 1e3:.0f} ms"
    )
    return limit(f"p99 in ms beside {name}", at(waits, 0.99), MOST_WAIT, at_least=False)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else PEOPLE))
