"""Checks that need no running program: `make check`, or `python -m tools.check NAME…`.

Two run at a time, and every one even after another failed. A check that this machine cannot
carry out says `skipped: …` with the reason and does not fail the run.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock

from tools import advisories, files, older_browsers, schema, terms, translations, vendored
from tools.outcome import Outcome

ROOT = Path(__file__).resolve().parents[1]
AT_ONCE = 2


def command(*words: str) -> Callable[[Path], Outcome]:
    """Make a check of a program of the environment; its exit status decides."""

    def run(root: Path) -> Outcome:
        program = Path(sys.executable).with_name(words[0])
        done = subprocess.run(
            [str(program), *words[1:]], cwd=root, capture_output=True, text=True, check=False
        )
        lines = (done.stdout + done.stderr).strip().splitlines()
        return Outcome(problems=lines if done.returncode else [], note=lines[-1] if lines else "")

    return run


CHECKS: dict[str, Callable[[Path], Outcome]] = {
    "lint": command("ruff", "check", "--no-cache", "--quiet", "--output-format", "concise", "."),
    "layout": command("ruff", "format", "--check", "--quiet", "--output-format", "concise", "."),
    "types": command("mypy"),
    "layers": command("lint-imports"),
    "migrations": schema.check,
    "translations": translations.check,
    "vendored files": vendored.check,
    "older browsers": older_browsers.check,
    "length of files": files.check_length,
    "words in files": files.check_words,
    "settled words": terms.check_terms,
    "known weaknesses": advisories.check,
}


# Python 3.11 mixes up its own counting where two threads parse at once.
PARSING = Lock()


def _carry_out(check: Callable[[Path], Outcome]) -> Outcome:
    """Run one check; those that are no program of their own one after another."""
    if check.__qualname__.startswith(command.__qualname__):
        return check(ROOT)
    with PARSING:
        return check(ROOT)


def main(names: list[str]) -> int:
    """Run the checks named, or all; exit status 1 if one of them failed."""
    unknown = [name for name in names if name not in CHECKS]
    if unknown:
        print(f"no such check: {', '.join(unknown)}; there are: {', '.join(CHECKS)}")
        return 2
    failed = []
    with ThreadPoolExecutor(AT_ONCE) as pool:
        asked = {name: pool.submit(_carry_out, CHECKS[name]) for name in names or CHECKS}
        for name, answer in asked.items():
            outcome = answer.result()
            print(f"{name}: {outcome.headline()}", flush=True)
            for problem in outcome.problems:
                print(f"    {problem}")
            if outcome.problems:
                failed.append(name)
        print(f"make check: failed: {', '.join(failed)}" if failed else "make check: all is well")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
