"""Times by folder at the end of a run: how long each folder's tests took, the longest first.

And which files were divided among workers: what the tests of a file share is then set up
by each of them, which nothing but the time would tell.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import PurePath

import pytest

ROWS = 25


class ByFolder:
    """Sums of all reports, in the process that hears of every worker."""

    def __init__(self) -> None:
        self.seconds: Counter[str] = Counter()
        self.tests: Counter[str] = Counter()
        self.workers: defaultdict[str, set[str]] = defaultdict(set)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Add a report: setting up and clearing away belong to a test as much as its call."""
        file = report.nodeid.split("::")[0]
        folder = str(PurePath(file).parent)
        self.seconds[folder] += report.duration
        self.tests[folder] += report.when == "call"
        self.workers[file].add(getattr(report, "worker_id", ""))

    def lines(self) -> list[str]:
        """A row for each folder, and one for all that had no place."""
        ranked = self.seconds.most_common()
        rows = [f"{seconds:8.1f}s {self.tests[name]:5} {name}" for name, seconds in ranked[:ROWS]]
        rest = ranked[ROWS:]
        if rest:
            tests = sum(self.tests[name] for name, _ in rest)
            rows.append(f"{sum(spent for _, spent in rest):8.1f}s {tests:5} in {len(rest)} others")
        return rows

    def divided(self) -> list[str]:
        """List files whose tests did not all run in one worker."""
        return sorted(file for file, workers in self.workers.items() if len(workers) > 1)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Write seconds of all workers together, and the number of tests."""
        if len(self.seconds) > 1:
            terminalreporter.section("time by folder, of all workers together")
            for line in self.lines():
                terminalreporter.write_line(line)
        if divided := self.divided():
            terminalreporter.section("divided among workers, so set up more than once")
            for file in divided:
                terminalreporter.write_line(file)


def pytest_configure(config: pytest.Config) -> None:
    """Watch only in the process that started the workers of xdist."""
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(ByFolder(), "by-folder")
