"""What every test stands on. The fixtures themselves are in `tests/support`."""

from __future__ import annotations

import gc

from hypothesis import settings

pytest_plugins = [
    "tests.support.isolation",
    "tests.support.worked_out",
    "tests.support.databases",
    "tests.support.application",
    "tests.support.begun",
    "tests.support.competitions",
    "tests.support.panels",
    "tests.support.browser",
    "tests.support.by_folder",
    "tests.support.collecting",
]

# Modules and tests are read in and stay: among them there is no garbage to look for yet.
gc.set_threshold(200_000, 50, 50)

# A busy machine is no reason for a property to fail.
settings.register_profile("house", deadline=None, print_blob=True)
settings.load_profile("house")
