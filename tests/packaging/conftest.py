"""A wheel built from this checkout, and an environment that has it and nothing of the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def clean_environment() -> dict[str, str]:
    """The environment without settings of ours and without other paths of Python."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("COMPETE_", "PYTHON", "PYTEST"))
    }


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout, built without the network."""
    folder = tmp_path_factory.mktemp("wheel")
    words = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder)]
    done = subprocess.run([*words, str(ROOT)], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = folder.glob("compete-*.whl")
    return built


@dataclass(frozen=True)
class Installed:
    """An installation from the wheel, used from a folder that is empty at first."""

    python: Path
    package: Path
    folder: Path

    @property
    def command(self) -> Path:
        """The `compete` command of this installation."""
        return self.python.with_name("compete")

    def run(self, *words: str | Path) -> subprocess.CompletedProcess[str]:
        """Run `compete` with these words in the folder; fails unless it ends well."""
        done = subprocess.run(
            [self.command, *words],
            cwd=self.folder,
            env=clean_environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """Our wheel alone; what it depends on is lent by the environment of the tests.

    A `.pth` line lends the folder, but does not follow the `.pth` files in it, so
    that the editable installation of this checkout stays out of reach.
    """
    home = tmp_path_factory.mktemp("installed")
    venv.create(home / "venv", with_pip=False)
    python = home / "venv" / "bin" / "python"
    words = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet"]
    subprocess.run([*words, "--no-deps", "--no-index", str(wheel)], check=True)
    (site,) = (home / "venv" / "lib").glob("python*/site-packages")
    (site / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    (home / "empty").mkdir()
    return Installed(python, site / "compete", home / "empty")
