"""What an installation runs with is pinned apart from what developers work with."""

from __future__ import annotations

import re
import tomllib
from itertools import chain
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def pinned(name: str) -> dict[str, str]:
    """Version by package of a file of pins, each of which names the hashes it accepts."""
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "://" not in text
    versions = {}
    for block in re.split(r"\n(?=\S)", text.strip()):
        package, version = re.match(r"([\w.-]+)==([^\s;]+)", block).groups()  # type: ignore[union-attr]
        assert "--hash=sha256:" in block, package
        versions[canonical(package)] = version
    return versions


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def names(wanted: list[str]) -> set[str]:
    return {canonical(re.split(r"[\[<>=;~! ]", requirement)[0]) for requirement in wanted}


def test_an_installation_gets_what_the_program_needs_and_no_tools_of_developers() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    running, developing = pinned("requirements.txt"), pinned("requirements-dev.txt")
    extras = project["project"]["optional-dependencies"]
    needed = names([*project["project"]["dependencies"], *chain(*extras.values())])
    assert needed <= running.keys()
    assert running.items() <= developing.items()
    tools = names(project["dependency-groups"]["dev"])
    assert tools <= developing.keys()
    # Babel is both: pages need it for dates, developers for catalogues.
    assert tools & running.keys() <= {"babel"}
