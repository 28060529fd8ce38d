"""Mutants, `make mutants`: change one thing at a time in the code, and see if a test notices.

    python -m tools.mutants [SCOPE …] [--every ENDING | --sample N] [--jobs N]

Each scope is a part of the program with the tests that are to notice. The work
is done in a copy under `build/mutants/`, by mutmut. `--every 1` takes the
mutants of each function whose number ends in 1 (the first of each, the
eleventh …), `--every first` the first of each alone, `--every all` takes all of
them: hours. `--sample 40` draws so many of all, the same ones each time.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import BinaryIO

ROOT = Path(__file__).resolve().parents[1]
BUILD = ROOT / "build" / "mutants"
HOW = ("-p", "no:cacheprovider", "-m", "not postgres")
"""A test of each database is asked on SQLite alone: a change of sense shows on either."""


@dataclass(frozen=True)
class Scope:
    """A scope: files that are changed, as patterns, and the tests that are asked.

    `wider` are slower ones, asked about what the others did not notice or never ran.
    """

    files: tuple[str, ...]
    tests: tuple[str, ...]
    wider: tuple[str, ...] = ()


def _domain(room: str, *tests: str, wider: tuple[str, ...] = ()) -> Scope:
    return Scope((f"compete/domain/{room}/*",), _of_domain(*tests), wider)


def _of_domain(*tests: str) -> tuple[str, ...]:
    return tuple(f"tests/domain/{test}" for test in tests)


_QUICK_OF_BUNDLE = (
    "allowed", "bounds", "cut_marks", "forms", "interning", "one_run", "packs", "values",
    "wrong_labour", "wrong_shape", "wrong_skills",
)  # fmt: skip

SCOPES = {
    "aspects": _domain(
        "aspects",
        "aspects",
        "marking",
        "explanation/test_explain.py",
        "bundle/test_allowed.py",
        "bundle/test_values.py",
        "bundle/test_wrong_skills.py",
        wider=(
            "tests/domain/explanation",
            "tests/domain/robust",
            "tests/domain/test_against_reference.py",
            "tests/services/judging/test_act_limits.py",
            "tests/services/judging/panels/test_judge_analysis.py",
            "tests/services/sheets/test_wording.py",
        ),
    ),
    "marking": _domain("marking", "marking", "scoring", "explanation"),
    "ranking": _domain("ranking", "ranking", "scoring"),
    "awards": _domain("awards", "awards", "scoring"),
    "grades": _domain(
        "grades",
        "grades",
        "scoring/test_crews.py",
        "explanation/test_explain.py",
        wider=(
            "tests/domain/scoring",
            "tests/services/closing/test_grade_proposals.py",
            "tests/services/competitions/test_crews.py",
        ),
    ),
    "scoring": _domain(
        "scoring",
        "scoring/test_crews.py",
        "scoring/test_other_sports.py",
        "awards",
        "grades",
        "ranking",
        "scoring/test_properties.py::test_many_marks_at_once_some_of_them_taken_back_give_the_same_as_afresh",
        wider=("tests/domain/scoring", "tests/domain/test_against_reference.py"),
    ),
    "labour": _domain(
        "labour",
        "labour",
        wider=(
            "tests/services/labour",
            "tests/services/results/test_bulletin.py",
            "tests/services/results/test_bulletin_figures.py",
        ),
    ),
    "evaluation": _domain("evaluation", "evaluation"),
    "kinds": Scope(
        files=("compete/domain/kinds/*.py",),
        tests=("tests/web/test_every_kind_in_every_state.py",),
    ),
    "bundle": _domain(
        "bundle",
        *(f"bundle/test_{about}.py" for about in _QUICK_OF_BUNDLE),
        wider=("tests/domain/bundle", "tests/domain/scoring/test_crews.py"),
    ),
    "explanation": _domain(
        "explanation",
        *(f"explanation/test_{about}.py" for about in ("explain", "team_ties", "relevant_words")),
        "labour/test_shares.py",
        wider=(
            "tests/domain/explanation/test_equations.py",
            "tests/domain/explanation/test_sentences.py",
            "tests/services/results/test_score_summary.py",
        ),
    ),
    "robust": _domain(
        "robust",
        "robust/test_robust.py",
        wider=("tests/domain/robust/test_against_brute_force.py",),
    ),
    "reliability": _domain(
        "reliability",
        "reliability",
        wider=("tests/services/judging/panels/test_judge_analysis.py",),
    ),
    "identity": _domain("identity", "identity"),
    "values": _domain(
        "values",
        "values",
        "marking",
        "explanation/test_explain.py",
        "bundle/test_values.py",
        "bundle/test_bounds.py",
        wider=("tests/domain/bundle", "tests/domain/scoring", "tests/services/kernel"),
    ),
    "ceremonies": _domain(
        "ceremonies",
        "ceremonies/test_holding.py",
        "ceremonies/test_refusals.py",
        "ceremonies/test_separation.py",
        wider=("tests/domain/ceremonies/test_agreement.py",),
    ),
    "exam": _domain("exam", "exam"),
    "figures": _domain("figures", "figures"),
    "rewards": _domain("rewards", "rewards"),
    "series": _domain("series", "series"),
    "log": _domain("log", "log"),
    "credentials": _domain("credentials", "credentials"),
    "hall": Scope(
        ("compete/domain/demonstration.py", "compete/domain/hall.py", "compete/domain/recheck.py"),
        _of_domain("test_demonstration.py", "test_hall.py", "test_recheck.py"),
    ),
    "entries": Scope(
        tuple(
            f"compete/domain/{about}.py"
            for about in ("eligibility", "registration_columns", "rooms", "seating", "stations")
        ),
        _of_domain(
            "test_eligibility.py",
            "test_registration_columns.py",
            "test_seating.py",
            "test_stations.py",
        ),
        wider=(
            "tests/services/registration/test_eligibility.py",
            "tests/services/registration/test_entry_fields.py",
            "tests/services/registration/test_waiting_list.py",
            "tests/services/schedule/test_seating.py",
        ),
    ),
    "acts": Scope(
        ("compete/services/sheets/act_rules.py", "compete/services/judging/act_intake.py"),
        (
            "tests/services/judging/test_act_limits.py",
            "tests/services/judging/test_acts_hostile.py",
            "tests/services/judging/test_checklists.py",
            "tests/services/judging/test_submission.py",
            "tests/services/judging/test_act_batches.py",
            "tests/services/judging/test_act_intake.py",
            "tests/services/judging/test_package_intake.py",
            "tests/services/judging/test_working_times.py",
        ),
    ),
    "sealing": Scope(
        (
            "compete/services/kernel/audit.py",
            "compete/services/kernel/batch_seals.py",
            "compete/services/kernel/chain_checks.py",
            "compete/services/kernel/chains.py",
            "compete/services/kernel/former_keys.py",
            "compete/services/kernel/new_seals.py",
            "compete/services/kernel/row_*.py",
            "compete/services/kernel/sealed_inserts.py",
            "compete/services/kernel/sealed_columns.py",
            "compete/services/sheets/*_seals.py",
        ),
        (
            "tests/services/kernel",
            "tests/services/sheets",
            "tests/services/accounts/test_card_handlers.py",
            "tests/services/registration/test_written_by_statements.py",
        ),
        ("tests/commands/test_rotate_key.py",),
    ),
    "sessions": Scope(
        ("compete/services/accounts/sessions.py", "compete/web/sessions.py"),
        ("tests/services/accounts", "tests/web/auth"),
    ),
    "question_files": Scope(
        ("compete/sheets/questions/*.py",),
        ("tests/sheets/questions",),
        ("tests/services/questions", "tests/web/organiser/questions"),
    ),
    "matching": Scope(
        (
            "compete/sheets/registration/matching.py",
            "compete/sheets/registration/draft.py",
            "compete/sheets/dates.py",
            "compete/sheets/registration/fitting.py",
        ),
        ("tests/sheets",),
        (
            "tests/services/registration/test_crews.py",
            "tests/services/registration/test_eligibility.py",
        ),
    ),
}


def main() -> int:
    """Run the scopes; exit status 1 where one could not be tried; survivors are only told."""
    parser = argparse.ArgumentParser(description="Change a line of sense at a time, ask the tests")
    parser.add_argument("scopes", nargs="*", metavar="SCOPE", help=", ".join(SCOPES))
    parser.add_argument("--every", default="1", metavar="ENDING", help="last digits, first or all")
    parser.add_argument("--sample", type=int, metavar="N", help="so many of all, drawn by lot")
    parser.add_argument("--jobs", type=int, default=2, help="how many at a time")
    arguments = parser.parse_args()
    unknown = [name for name in arguments.scopes if name not in SCOPES]
    if unknown:
        parser.error(f"no such scope: {' '.join(unknown)}; there are {' '.join(SCOPES)}")
    done = [
        _try(name, arguments.every, arguments.sample, arguments.jobs)
        for name in arguments.scopes or SCOPES
    ]
    return 0 if all(done) else 1


def _try(name: str, every: str, sample: int | None, jobs: int) -> bool:
    """Run one scope in a fresh copy, and print its line and its survivors."""
    copy = BUILD / name
    _copy_to(copy, SCOPES[name])
    wanted = {"all": [], "first": ["*__mutmut_1"]}.get(every, [f"*__mutmut_*{every}"])
    log = copy / "mutmut.log"
    with log.open("wb") as output:
        if sample is not None:
            # Asked for one that does not exist it makes all, and tries none.
            _run_mutmut(copy, output, jobs, ["none"])
            made = sorted(_outcomes(copy))
            # With a star, it does not first run the tests of these alone, named one by one.
            wanted = [f"*{mutant}" for mutant in Random(name).sample(made, min(sample, len(made)))]
        _run_mutmut(copy, output, jobs, wanted)
    outcomes = _outcomes(copy)
    tried = {mutant: code for mutant, code in outcomes.items() if code is not None}
    if not tried:
        print(f"{name}: nothing was tried; see {log.relative_to(ROOT)}", flush=True)
        return False
    late = sorted(mutant for mutant, code in tried.items() if code in BROKEN_OFF)
    unnoticed = sorted(mutant for mutant, code in tried.items() if code == SURVIVED)
    never_run = sorted(mutant for mutant, code in tried.items() if code in NO_TESTS)
    tests, wider = SCOPES[name].tests, SCOPES[name].wider
    alive = [it for it in unnoticed if not _is_noticed_alone(copy, it, tests + wider)]
    if wider:
        never_run = [it for it in never_run if not _is_noticed_alone(copy, it, wider)]
    killed = len(tried) - len(alive) - len(late) - len(never_run)
    print(
        f"{name}: {len(tried)} of {len(outcomes)} tried, {killed} noticed, "
        f"{len(alive)} not noticed, {len(late)} broken off after too long, "
        f"{len(never_run)} not noticed in code that these tests never run",
        flush=True,
    )
    for mutant in alive:
        print(f"  {mutant}", flush=True)
    for mutant in never_run:
        print(f"  {mutant} (never run by the first tests)", flush=True)
    for mutant in late:
        print(f"  {mutant} (broken off)", flush=True)
    if alive or late or never_run:
        print(f"  (cd {copy.relative_to(ROOT)}; mutmut show NAME)", flush=True)
    return True


def _run_mutmut(copy: Path, output: BinaryIO, jobs: int, wanted: list[str]) -> None:
    command = [sys.executable, "-m", "mutmut", "run", "--max-children", str(jobs), *wanted]
    subprocess.run(command, cwd=copy, stdout=output, stderr=output, check=False)


def _is_noticed_alone(copy: Path, mutant: str, tests: tuple[str, ...]) -> bool:
    """True if the tests notice it in a process of its own.

    Mutmut forks one in which all was imported already, and what is remembered was worked out:
    of what is done then and once, it tries nothing.
    """
    command = [sys.executable, "-m", "pytest", "-x", "-q", *HOW, *tests]
    environment = os.environ | {"MUTANT_UNDER_TEST": mutant}
    done = subprocess.run(
        command, cwd=copy / "mutants", env=environment, capture_output=True, check=False
    )
    return done.returncode != 0


SURVIVED, NO_TESTS, BROKEN_OFF = 0, (5, 33), (-24, -9, 24, 36, 152, 255)
"""The codes that mutmut writes for a mutant: pytest's status, a signal, or its own number."""


def _outcomes(copy: Path) -> dict[str, int | None]:
    """List every mutant of the scope with its status; None where it was not asked for."""
    outcomes: dict[str, int | None] = {}
    for meta in sorted((copy / "mutants").rglob("*.meta")):
        outcomes |= json.loads(meta.read_bytes())["exit_code_by_key"]
    return outcomes


def _copy_to(copy: Path, scope: Scope) -> None:
    """Copy the files that git knows, the catalogues, and mutmut's settings."""
    shutil.rmtree(copy, ignore_errors=True)
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    tracked = [Path(name) for name in listed.stdout.decode().split("\0") if name]
    tracked += [path.relative_to(ROOT) for path in (ROOT / "compete").rglob("*.mo")]
    for path in tracked:
        if (ROOT / path).is_file():
            (copy / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / path, copy / path)
    beside = sorted({path.parts[0] for path in tracked} - {"compete", "tests"})
    settings = {
        "source_paths": ["compete"],
        "only_mutate": list(scope.files),
        "also_copy": beside,
        "pytest_add_cli_args_test_selection": list(scope.tests),
        "pytest_add_cli_args": list(HOW),
        # It expects of a run what its tests alone took, without what sets them up.
        "timeout_constant": 20,
    }
    lines = [f"{key} = {json.dumps(value)}" for key, value in settings.items()]
    with (copy / "pyproject.toml").open("a") as file:
        file.write("\n[tool.mutmut]\n" + "\n".join(lines) + "\n")


if __name__ == "__main__":
    sys.exit(main())
