"""How long a thousand grade certificates with photos take, from approved to the PDF.

Run: `.venv/bin/python -m tests.bench.certificates [how many]`. An installation of its own on
SQLite, everybody approved and with a photo of their own. Issued by the job, in portions, each
with its numbers in one transaction; then printed as the desk prints them, by the job in files
of 500, here one after the other in this process. The exit status is 1 where making the file of
a thousand passes its limit.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from sqlalchemy import select

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.bench.desk import Desk  # noqa: E402
from tests.bench.events import CODE  # noqa: E402

MANY, RAISED = 1000, 0.94
"""So many of who takes part are raised, or a few more."""
MOST_SECONDS = 4.0
FILE = 500


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds of the clock and of the processor that it takes."""
    begun, worked = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - begun, time.process_time() - worked


def print_time(name: str, many: int, clock: float, worked: float) -> None:
    """Print one of them."""
    milliseconds = 1000 * worked / many
    print(
        f"{many:6,} {name:30}{clock:7.2f} s, processor {worked:6.2f} s, {milliseconds:5.2f} ms each"
    )


def prepare(desk: Desk) -> None:
    """Marked, locked, published; every proposed grade approved; everybody with a photo."""
    from compete.models import Account, Entrant, db
    from compete.services.registration.portraits import put_portrait
    from tests.support.portraits import portrait

    desk.finish()
    organiser = desk.client("organiser")
    for page in ("lock", "awards/approve/proposed", "publish"):
        sent = partial(organiser.post, f"/desk/{CODE}/{page}", data={"checked": "yes"})
        desk.step(page, sent)
    with desk.app.app_context():
        by = db.session.scalars(select(Account).order_by(Account.id)).first()
        assert by is not None
        for number, entrant in enumerate(db.session.scalars(select(Entrant)).all()):
            put_portrait(entrant, portrait(number % 20), "none", by)


def main(many: int) -> int:
    """Issue and print them."""
    from compete.models import Certificate, db
    from compete.services.certificates.printing import print_certificates

    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(round(many / RAISED), Path(folder))
        prepare(desk)
        organiser = desk.client("organiser")
        issue = f"/desk/{CODE}/certificates/issue/grade"

        def ask() -> None:
            desk.step("issue", lambda: organiser.post(issue, data={"reason": "量速度"}))

        clock, worked = timed(ask)
        with desk.app.test_request_context():
            every = db.session.scalars(select(Certificate).order_by(Certificate.id)).all()
            print_time("issued by portions", len(every), clock, worked)
            certificates = every[:many]

            def all_of_them() -> None:
                for start in range(0, len(certificates), FILE):
                    made = print_certificates(certificates[start : start + FILE])
                    assert not made.left_out
                    print(f"  {len(made) / 1e6:.1f} MB", file=sys.stderr)

            print_certificates(certificates[:1])
            taken = min(timed(all_of_them) for _turn in range(2))
            print_time("made into files of 500", len(certificates), *taken)
        print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")
    return int(many <= MANY and taken[0] > MOST_SECONDS)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else MANY))
