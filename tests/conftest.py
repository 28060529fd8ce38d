"""What every test stands on. The fixtures themselves are in `tests/support`."""

from __future__ import annotations

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

# A busy machine is no reason for a property to fail.
settings.register_profile("house", deadline=None, print_blob=True)
settings.load_profile("house")
