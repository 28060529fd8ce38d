"""What each page of the desk costs, at 30, 300 and 2,000 entrants with 90 marks each.

Run as a script: `python -m tests.bench.desk [sizes…]`; 20,000 is measured where it is
asked for. For each size it makes a competition (`tests/bench/events.py`), loads it, signs
an organiser and the chief judge in, and asks for every page of the desk in processor
seconds of this process:

- `after a mark`: a judge has sent one more mark since the page was last asked for;
  with `--timed` the modules have times, some of which nobody believes, and a whole panel has
  come in since;
- `again`: nothing has changed, and whoever asks says so where the page has a tag (ETag).

The first request of each page, which finds nothing in memory, is not in the table;
`first` is the dearest of those. One table at the end, and the limits; the exit status
is 1 where a limit is passed at 2,000.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.bench.events import ASPECTS, CODE, event_of  # noqa: E402

SIZES = (30, 300, 2000)
MOST_SECONDS, MOST_BYTES = 0.300, 150_000
MOST_POLL, MOST_ANALYSIS = 0.050, 2.0
ROUNDS = 3
STEPS = "steps"
"""Said behind `--only`: what is done once everybody is marked, and the pages after it."""
MANY, FEW_ASPECTS = 10_000, (2, 1)
"""So many people have 15 marks each: there are as many sheets, and loading ends some day."""
PAGES: tuple[tuple[str, str, str], ...] = (
    ("主页", "organiser", ""),
    ("成绩", "organiser", "standings"),
    ("选手", "organiser", "entrants"),
    ("裁判名单", "organiser", "judges?people=1"),
    ("评分进度", "chief", "progress"),
    ("进度刷新", "chief", "progress/live"),
    ("评分宽严", "chief", "analysis"),
    ("扣罚缺考", "chief", "decisions"),
    ("回避", "chief", "recusals"),
    ("纸质表", "organiser", "paper"),
    ("复核", "organiser", "recheck"),
    ("奖项晋升", "organiser", "awards"),
    ("证书", "organiser", "certificates"),
    ("大屏", "organiser", "hall"),
    ("确认锁定", "organiser", "lock"),
    ("公示和最终成绩", "organiser", "results"),
    ("申诉", "organiser", "appeals"),
    ("单位报名", "organiser", "applications"),
    ("参赛条件", "organiser", "conditions"),
    ("选手照片", "organiser", "photos"),
    ("现场", "organiser", "floor"),
)
_PUBLISHED = (
    ("跟着要办的", "consequences"),
    ("发过的证书", "certificates?state=valid"),
)
"""Pages that there are once results are out."""
_AFTERWARDS = (
    "",
    "standings",
    "results",
    "appeals",
    "awards",
    "certificates",
    "recheck",
    "progress",
)
"""Pages that are looked at once more when results are out."""


@dataclass
class Cost:
    """One page: seconds the first time, after a mark and again; bytes of the answer."""

    first: float = 0.0
    changed: float = 0.0
    again: float = 0.0
    size: int = 0
    status: int = 0


@dataclass
class Bench:
    """One size: what was measured, by the page's name."""

    people: int
    load: float = 0.0
    pages: dict[str, Cost] = field(default_factory=dict)
    steps: dict[str, float] = field(default_factory=dict)


class Desk:
    """An installation of its own with one competition in it; `lay_tables` makes its tables."""

    def __init__(
        self,
        people: int,
        folder: Path,
        *,
        timed: bool = False,
        lay_tables: Callable[[Path], None] | None = None,
    ) -> None:
        from compete import create_app
        from compete.config import Config
        from tests.support.databases import migrate

        self.bench, self.timed = Bench(people), timed
        folder.mkdir(parents=True, exist_ok=True)
        url = f"sqlite:///{folder / 'compete.sqlite'}"
        fresh = not (folder / "compete.sqlite").exists()
        if fresh and lay_tables is not None:
            lay_tables(folder)
        else:
            migrate(url, folder)
        config = Config.from_env({"COMPETE_DATA_DIR": str(folder)})
        self.app: Flask = create_app(replace(config, database_url=url, testing=True))
        self.app.config["WTF_CSRF_ENABLED"] = False
        if fresh:
            with self.app.app_context():
                self._load(people)

    def _load(self, people: int) -> None:
        from compete.domain import read_bundle
        from compete.domain.values.roles import Role
        from compete.services.accounts.accounts import create_account, grant_role
        from compete.services.competitions.loading import load_bundle

        aspects = ASPECTS if people < MANY else FEW_ASPECTS
        plain = event_of(people, late=True, timed=self.timed, aspects=aspects)
        bundle = read_bundle(json.dumps(plain).encode())
        del plain
        begun = time.process_time()
        organiser = create_account("吴敏", username="organiser")
        competition = load_bundle(bundle, by=organiser)
        grant_role(organiser, competition, Role.ORGANISER, by=organiser)
        self.bench.load = time.process_time() - begun

    def client(self, who: str) -> FlaskClient:
        """The organiser, somebody by user name, the chief judge or the supervisor, signed in."""
        from compete.models import Account, Competition, db
        from compete.services.accounts.accounts import account_of_judge
        from tests.support.signing_in import signed_in

        with self.app.app_context():
            if who == "organiser":
                account = db.session.scalars(select(Account).order_by(Account.id)).first()
            elif who not in ("chief", "supervisor"):
                account = db.session.scalars(select(Account).where(Account.username == who)).one()
            else:
                competition = db.session.scalars(select(Competition)).one()
                code = {"chief": "C01", "supervisor": "S01"}[who]
                judge = next(judge for judge in competition.judges if judge.code == code)
                account = account_of_judge(judge, competition, None)
            assert account is not None
            return signed_in(self.app, account)

    def hand_in(self) -> None:
        """All sheets of one person's panel that is not in yet come in, one after the other."""
        from compete.domain.values.states import SheetState
        from compete.models import Account, Judge, Sheet, db
        from compete.services.judging.act_intake import take_acts
        from compete.services.kernel.event_rules import module_of, rules_of
        from compete.services.sheets.act_rules import ActIn
        from compete.services.sheets.values import standing_values

        with self.app.app_context():
            first = db.session.scalars(
                select(Sheet)
                .where(Sheet.state == SheetState.BEGUN, Sheet.module == "drive")
                .limit(1)
            ).one()
            panel = db.session.scalars(
                select(Sheet).where(
                    Sheet.entrant_id == first.entrant_id, Sheet.module == first.module
                )
            ).all()
            aspects = module_of(rules_of(first.entrant.event), first.stage, first.module).aspects
            by = db.session.scalars(select(Account).limit(1)).one()
            for sheet in panel:
                known = standing_values([sheet.id])[sheet.id]
                acts = [
                    ActIn(str(uuid.uuid4()), sheet.public_id, "mark", aspect.code, "2")
                    for aspect in aspects
                    if aspect.code not in known
                ]
                acts.append(ActIn(str(uuid.uuid4()), sheet.public_id, "submit"))
                taken = take_acts(db.session.get_one(Judge, sheet.judge_id), acts, by)
                assert not taken.refused, taken.refused

    def mark(self, value: int) -> None:
        """One judge sends one mark on a sheet that is not in yet."""
        from compete.domain.values.states import SheetState
        from compete.models import Account, Judge, Sheet, db
        from compete.services.judging.act_intake import take_acts
        from compete.services.sheets.act_rules import ActIn

        with self.app.app_context():
            sheet = db.session.scalars(
                select(Sheet).where(Sheet.state == SheetState.BEGUN).limit(1)
            ).one()
            act = ActIn(str(uuid.uuid4()), sheet.public_id, "mark", "a0", f"{value % 10}.5")
            judge = db.session.get_one(Judge, sheet.judge_id)
            by = db.session.scalars(select(Account).limit(1)).one()
            taken = take_acts(judge, [act], by)
            assert taken.stored, taken.refused

    def measure(self, name: str, client: FlaskClient, page: str, *, marking: bool) -> None:
        """The page, several times."""
        cost = Cost()
        path = f"/desk/{CODE}/{page}"
        cost.first, answer = _timed(lambda: client.get(path))
        cost.status, cost.size = answer.status_code, len(answer.data)
        changed, again = [], []
        for turn in range(ROUNDS):
            if marking:
                self.hand_in() if self.timed else self.mark(turn)
                changed.append(_timed(lambda: client.get(path))[0])
            tag = client.get(path).headers.get("ETag")
            headers = {"If-None-Match": tag} if tag else {}
            again.append(_timed(partial(client.get, path, headers=headers))[0])
        cost.again = min(again)
        cost.changed = min(changed) if changed else cost.again
        self.bench.pages[name] = cost
        print(
            f"  {self.bench.people:>6} {name:<12} {cost.status} first {cost.first:7.3f} "
            f"after a mark {cost.changed:7.3f} again {cost.again:7.3f} s "
            f"{cost.size / 1000:8.0f} KB",
            file=sys.stderr,
            flush=True,
        )

    def finish(self) -> None:
        """Everybody's sheets are in: the rest of the marks, all at once and without tablets."""
        from compete.domain.values.states import SheetState
        from compete.models import Act, Competition, Sheet
        from compete.services.kernel import audit
        from compete.services.kernel.event_rules import rules_of
        from compete.services.kernel.transactions import unit_of_work
        from compete.services.sheets.values import standing_values
        from tests.support.announced import body_for

        with self.app.app_context(), unit_of_work() as session:
            competition = session.scalars(select(Competition)).one()
            rules = rules_of(competition.events[0])
            aspects = {m.code: m.aspects for m in rules.stages[0].modules}
            open_ = session.scalars(select(Sheet).where(Sheet.state == SheetState.BEGUN)).all()
            values = standing_values([sheet.id for sheet in open_])
            for sheet in open_:
                for aspect in aspects[sheet.module]:
                    if aspect.code not in values[sheet.id]:
                        session.add(
                            Act(
                                uuid=str(uuid.uuid4()),
                                sheet_id=sheet.id,
                                judge_id=sheet.judge_id,
                                kind="mark",
                                aspect=aspect.code,
                                value=Decimal(2),
                            )
                        )
            for sheet in open_:
                sheet.state = SheetState.SIGNED
            competition.settings = competition.settings | {"certify_early": True}
            audit.record(competition, None, "bench.finish", CODE)
            body_for(competition)

    def step(self, name: str, work: Callable[[], Any]) -> None:
        """One act of the desk's with the job that it may have left, and its status."""

        def done() -> Any:
            answer = work()
            self._wait_for_jobs(name)
            return answer

        seconds, answer = _timed(done)
        status = getattr(answer, "status_code", 0)
        if status != HTTPStatus.FOUND:
            raise RuntimeError(f"{name}: {status}, {answer.text[-2000:]}")
        self.bench.steps[name] = seconds
        print(f"  {self.bench.people:>6} {name:<12} {status} {seconds:7.3f} s", file=sys.stderr)

    def _wait_for_jobs(self, name: str) -> None:
        """Above a thousand sheets the work is done beside the request, by threads of ours."""
        from compete.domain.values.states import JobState
        from compete.models import Job, db

        for thread in threading.enumerate():
            if thread.name.startswith("jobs-"):
                thread.join()
        with self.app.app_context():
            left = db.session.scalars(select(Job).where(Job.state != JobState.DONE)).all()
            if left:
                raise RuntimeError(f"{name}: {[(job.kind, str(job.state)) for job in left]}")


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    begun = time.process_time()
    answer = work()
    return time.process_time() - begun, answer


def run(
    people: int, kept: Path, scratch: Path, only: Sequence[str], *, timed: bool = False
) -> Bench:
    """All pages of one size, on a copy: what is kept stays as it was loaded."""
    load = Desk(people, kept, timed=timed).bench.load
    shutil.copytree(kept, scratch)
    desk = Desk(people, scratch, timed=timed)
    desk.bench.load = load
    clients = {who: desk.client(who) for who in ("organiser", "chief")}
    for name, who, page in PAGES:
        if not only or page.partition("?")[0] in only:
            desk.measure(name, clients[who], page, marking=True)
    if only and STEPS not in only:
        return desk.bench
    desk.finish()
    organiser = clients["organiser"]
    desk.step("锁定", lambda: organiser.post(f"/desk/{CODE}/lock"))
    everybody = f"/desk/{CODE}/awards/approve/proposed"
    desk.step("批准等级提议", lambda: organiser.post(everybody, data={"checked": "yes"}))
    desk.step("公布", lambda: organiser.post(f"/desk/{CODE}/publish"))
    for name, kind in (("发获奖证书", "award"), ("发等级证书", "grade")):
        address = f"/desk/{CODE}/certificates/issue/{kind}"
        desk.step(name, partial(organiser.post, address, data={"reason": "量速度"}))
    again = [(name, page) for name, _who, page in PAGES if page in _AFTERWARDS]
    for name, page in (*again, *_PUBLISHED):
        desk.measure(f"{name}，公布后", organiser, page, marking=False)
    return desk.bench


def table(benches: Sequence[Bench]) -> None:
    """The figures beside each other, in Markdown."""
    heads = " | ".join(f"{bench.people:,}" for bench in benches)
    print(f"| ms after a mark (again), KB | {heads} |\n|---|{'--:|' * len(benches)}")
    for name in benches[-1].pages:
        cells = []
        for bench in benches:
            cost = bench.pages[name]
            cells.append(
                f"{cost.changed * 1e3:.0f} ({cost.again * 1e3:.0f}), {cost.size / 1000:.0f}"
            )
        print(f"| {name} | {' | '.join(cells)} |")
    for name in benches[-1].steps:
        print(f"| {name} | {' | '.join(f'{b.steps[name] * 1e3:.0f}' for b in benches)} |")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\npeak memory {peak:.0f} MiB")


def limits(bench: Bench) -> int:
    """Say which limit is passed at this size; 1 where one is."""
    missed = 0
    for name, cost in bench.pages.items():
        most = {"进度刷新": MOST_POLL, "评分宽严": MOST_ANALYSIS}.get(name, MOST_SECONDS)
        if cost.changed > most or cost.size > MOST_BYTES:
            missed = 1
            print(f"MISS {name}: {cost.changed:.3f} s (≤ {most:g}), {cost.size:,} bytes")
    return missed


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure every size and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int)
    parser.add_argument("--keep", type=Path, help="where databases stay for the next run")
    parser.add_argument("--only", nargs="*", default=[], help="these pages alone")
    parser.add_argument("--timed", action="store_true", help="modules with times")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as temporary:
        root = given.keep or Path(temporary)
        benches = [
            run(
                people,
                root / f"{people}{'-timed' * given.timed}",
                Path(temporary) / f"run-{people}",
                given.only,
                timed=given.timed,
            )
            for people in given.sizes or SIZES
        ]
    table(benches)
    return limits(benches[-1]) if benches[-1].people == SIZES[-1] else 0


if __name__ == "__main__":
    sys.exit(main())
