"""What `make mutants` names is there."""

from __future__ import annotations

from fnmatch import fnmatch

import pytest

from tools.mutants import ROOT, SCOPES, Scope


@pytest.mark.parametrize("scope", SCOPES.values(), ids=SCOPES)
def test_a_scope_names_files_and_tests_that_are_there(scope: Scope) -> None:
    assert all(any(ROOT.glob(pattern)) for pattern in scope.files)
    for test in (*scope.tests, *scope.wider):
        path, _, name = test.partition("::")
        assert (ROOT / path).exists(), path
        assert name in (ROOT / path).read_text() if name else True


def test_every_room_of_the_domain_is_in_a_scope() -> None:
    patterns = [pattern for scope in SCOPES.values() for pattern in scope.files]
    files = [str(path.relative_to(ROOT)) for path in (ROOT / "compete/domain").rglob("*.py")]
    left = [file for file in files if not any(fnmatch(file, pattern) for pattern in patterns)]
    assert left == ["compete/domain/__init__.py"]
