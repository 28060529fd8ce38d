"""What `make mutants` names is there."""

from __future__ import annotations

import pytest

from tools.mutants import ROOT, SCOPES, Scope


@pytest.mark.parametrize("scope", SCOPES.values(), ids=SCOPES)
def test_a_scope_names_files_and_tests_that_are_there(scope: Scope) -> None:
    assert all(any(ROOT.glob(pattern)) for pattern in scope.files)
    for test in (*scope.tests, *scope.wider):
        path, _, name = test.partition("::")
        assert (ROOT / path).exists(), path
        assert name in (ROOT / path).read_text() if name else True
