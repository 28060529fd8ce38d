"""What every test stands on. The fixtures themselves are in `tests/support`."""

from __future__ import annotations

import gc
import os
import shutil
from pathlib import Path

import pytest

pytest_plugins = [
    "tests.support.by_folder",
    "tests.support.posted_twice",
]

# What runs tests needs these, and with them the whole program.
FOR_WHO_RUNS_TESTS = (
    "tests.support.isolation",
    "tests.support.sealed_lists",
    "tests.support.worked_out",
    "tests.support.databases",
    "tests.support.application",
    "tests.support.begun",
    "tests.support.competitions",
    "tests.support.panels",
    "tests.support.browser",
    "tests.support.collecting",
    "tests.support.file_stores",
)

# Files of tests live for a second: where memory has room for them, no disk need hear of them.
IN_MEMORY = Path("/dev/shm")
ROOM = 2 << 30

# Modules and tests are read in and stay: among them there is no garbage to look for yet.
gc.set_threshold(200_000, 50, 50)


def pytest_configure(config: pytest.Config) -> None:
    """The process that only hands tests to workers is spared what takes seconds to read in."""
    _keep_files_in_memory()
    hands_out = config.getoption("dist", "no") != "no" and not config.option.collectonly
    if hands_out and not hasattr(config, "workerinput"):
        return
    for name in FOR_WHO_RUNS_TESTS:
        config.pluginmanager.import_plugin(name)
    from hypothesis import settings

    # A busy machine is no reason for a property to fail. Each run tries other examples: so
    # many in one are not needed where a test does not ask for more.
    settings.register_profile("house", deadline=None, print_blob=True, max_examples=40)
    settings.load_profile("house")


def _keep_files_in_memory() -> None:
    """Lay the folders of tests where no disk is waited for, unless somebody says where."""
    if os.access(IN_MEMORY, os.W_OK) and shutil.disk_usage(IN_MEMORY).free >= ROOM:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(IN_MEMORY))
