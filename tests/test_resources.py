from pathlib import Path

import pytest

from compete import resources


def test_a_checkout_finds_the_folder_beside_the_package() -> None:
    assert resources.resource_dir("templates") == Path(resources.__file__).parents[1] / "templates"


def test_a_wheel_finds_its_own_copy_before_a_stray_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "compete" / "_data" / "static"
    own.mkdir(parents=True)
    (tmp_path / "static").mkdir()
    monkeypatch.setattr(resources, "_PACKAGE", tmp_path / "compete")
    assert resources.resource_dir("static") == own


def test_a_broken_installation_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resources, "_PACKAGE", tmp_path / "compete")
    with pytest.raises(FileNotFoundError, match="migrations"):
        resources.resource_dir("migrations")
