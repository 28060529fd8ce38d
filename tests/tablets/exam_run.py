"""An examination in a hall: kills, a full disk, devices without a line, moved, of another hour."""

from __future__ import annotations

import subprocess
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import select

from compete.models import ExamAct, ExamSitting, db
from compete.services.examinations.exam_file import exam_file, scored_exam
from compete.services.examinations.rooms import close_room, start_room
from compete.services.examinations.seats import move_device
from compete.services.kernel.chain_checks import verify_chain
from tests.tablets.exam_hall import HallPlan
from tests.tablets.examination import make_examination, the_room
from tests.tablets.journal import Read, read_journal
from tests.tablets.run import application, release, run_hall
from tests.tablets.server import Server


@dataclass(frozen=True)
class ExamTrial:
    """How large, how long and how rough; times in seconds after the start."""

    people: int = 500
    questions: int = 100
    seconds: float = 300
    pace: float = 10
    loss: float = 0.05
    wait: float = 1
    look: float = 5
    kills: tuple[float, ...] = (60, 150)
    full_disk: tuple[float, float] | None = (200, 10)
    """From when on and for how long nothing can be written; on SQLite alone."""
    cut: int = 50
    cut_from: float = 30
    cut_for: float = 200
    off: int = 30
    moved: int = 5
    moved_at: float = 100
    seed: int = 1
    first_done: float = 0.8


@dataclass
class ExamOutcome:
    """What a run came to: what does not agree, by kind, and what happened on the way."""

    faults: dict[str, list[str]]
    counts: dict[str, int]
    journals: list[Read]
    kills: int
    begun_after: list[float] = field(default_factory=list)

    @property
    def posts(self) -> list[float]:
        """Seconds of every call with acts that got an answer."""
        return sorted(second for journal in self.journals for second in journal.counts["seconds"])

    def total(self, name: str) -> int:
        """The sum of a count over all devices."""
        return sum(journal.counts[name] for journal in self.journals)


def rehearse_exam(trial: ExamTrial, url: str, folder: Path) -> ExamOutcome:
    """Run the trial in `folder` on an empty migrated database, and check it."""
    app = application(url, folder)
    with app.app_context():
        plan = make_examination(trial.people, trial.questions)
        release()
    server = Server(
        {"COMPETE_DATA_DIR": str(folder), "COMPETE_DATABASE_URL": url}, folder / "server.log"
    )
    server.start()
    (folder / "journals").mkdir()
    hall_plan = HallPlan(
        **{"port": server.port, "room": plan, "folder": str(folder / "journals")},
        **{"seconds": trial.seconds, "pace": trial.pace, "loss": trial.loss, "wait": trial.wait},
        **{"look": trial.look, "cut": trial.cut, "cut_from": trial.cut_from},
        **{"cut_for": trial.cut_for, "off": trial.off, "seed": trial.seed},
        first_done=trial.first_done,
    )

    def act(what: Callable[[], object]) -> None:
        with app.app_context():
            what()
            release()

    def during(hall: subprocess.Popen[str], begun: float) -> None:
        due: list[tuple[float, Callable[[], object]]] = [
            *((at, lambda: (server.kill(), server.start())) for at in trial.kills),
            (trial.moved_at, lambda: act(lambda: _move(trial))),
        ]
        if trial.full_disk is not None and url.startswith("sqlite"):
            at, length = trial.full_disk
            due += [(at, lambda: server.fill_disk(full=True))]
            due += [(at + length, lambda: server.fill_disk(full=False))]
        for at, what in sorted(due, key=lambda it: it[0]):
            time.sleep(max(0, begun + at - time.monotonic()))
            if hall.poll() is None:
                what()

    try:
        run_hall(
            *("tests.tablets.exam_hall", hall_plan, folder),
            **{"begin": lambda: act(lambda: start_room(*the_room())), "during": during},
        )
    finally:
        server.stop()
    journals = [read_journal(file) for file in sorted((folder / "journals").iterdir())]
    with app.app_context():
        close_room(*the_room())
        outcome = _check(journals)
        release()
    outcome.kills = server.kills
    return outcome


def _move(trial: ExamTrial) -> None:
    """Move some who sit in the middle of the room, neither cut off nor of another hour."""
    room, by = the_room()
    query = select(ExamSitting).where(ExamSitting.room_id == room.id).order_by(ExamSitting.id)
    people = sorted(db.session.scalars(query), key=lambda it: it.entrant.code)
    for sitting in people[-trial.moved :] if trial.moved else ():
        move_device(sitting, "机器坏了", by)


def _check(journals: list[Read]) -> ExamOutcome:
    """Hold the journals against the database; inside an application context."""
    faults: dict[str, list[str]] = {}

    def fault(kind: str, what: str) -> None:
        faults.setdefault(kind, []).append(what)

    room, _by = the_room()
    sittings = {it.entrant.code: it for it in db.session.scalars(select(ExamSitting))}
    rows = list(db.session.scalars(select(ExamAct)))
    for uuid, count in Counter(row.uuid for row in rows).items():
        if count > 1:
            fault("doubled", uuid)
    acts = {row.uuid: row for row in rows}
    known: set[str] = set()
    last: dict[str, dict[str, Any]] = {}
    for journal in journals:
        number, _dot, _term = journal.tablet.partition(".")
        sitting, device = sittings[number], journal.counts["device"]
        known |= journal.acts.keys()
        for uuid, made in journal.acts.items():
            row = acts.get(uuid)
            if row is None:
                if uuid in journal.stored:
                    fault("lost", uuid)
                continue
            same = (row.sitting_id, row.device, row.number, row.item, row.value)
            if same != (sitting.id, device, made["number"], made["question"], made["value"]):
                fault("misplaced", f"{uuid}: {made} is held as {same}")
            if made["kind"] == "answer":
                last.setdefault(number, {})[made["question"]] = made["value"]
        if journal.refused:
            fault("refused", f"{journal.tablet}: {set(journal.refused.values())}")
    for uuid in acts.keys() - known:
        fault("unknown", uuid)
    moved = {journal.tablet.partition(".")[0] for journal in journals if journal.counts["moved"]}
    _check_standing(fault, sittings, last, moved)
    for entry in verify_chain(room.examination.competition):
        fault("chain", f"{entry.seq}: {entry.fault}")
    return ExamOutcome(
        faults,
        {
            "made": sum(len(journal.acts) for journal in journals),
            "acknowledged": sum(len(journal.stored) for journal in journals),
            "held": len(rows),
            "moved": len(moved),
        },
        journals,
        0,
        begun_after=[it.counts["begun_after"] for it in journals if it.counts["begun_after"]],
    )


def _check_standing(
    fault: Callable[[str, str], None],
    sittings: dict[str, ExamSitting],
    last: dict[str, dict[str, Any]],
    moved: set[str],
) -> None:
    """What counts by the file is what each said last; of the moved the file itself decides."""
    (examination,) = {it.examination for it in sittings.values()}
    scored = scored_exam(exam_file(examination)).results
    by_blind = {it.sitting: it for it in scored.sittings}
    for number, sitting in sittings.items():
        if number in moved:
            continue
        items = by_blind[sitting.blind].items
        counted = {it.question: it.value for it in items if it.value is not None}
        if counted != last.get(number, {}):
            fault("wrong_standing", f"{number}: {counted} counts, {last.get(number)} was said last")
