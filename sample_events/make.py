"""Make the sample competitions from their seeds, or check that they are as made.

    python sample_events/make.py            writes every sample
    python sample_events/make.py --check    exit status 1 if one is not what it would write

The same seeds give the same files on every machine. Edit `making/`, never the
files: what is edited by hand is overwritten, and noticed by the check.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from making import (
    banks,
    coal,
    evaluation,
    forklift,
    key_projects,
    pumps,
    recovery,
    series,
)
from making.registration import Changes, workbook
from making.workbooks import same_cells

from compete.domain.bundle.reading import read_bundle
from compete.domain.bundle.results import write_results
from compete.domain.bundle.types import Bundle
from compete.domain.bundle.writing import write_bundle
from compete.domain.exam.bank import read_bank
from compete.domain.scoring.scorer import score

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Sample:
    """One folder: what is in its bundle, how it is written, and what its workbook changes."""

    build: Callable[[], dict[str, Any]]
    form: Literal["json", "yaml"] = "json"
    changes: Changes = field(default_factory=dict)


SAMPLES = {
    "port-forklift": Sample(forklift.bundle, changes=forklift.CHANGES),
    "yangtze-recovery": Sample(recovery.bundle),
    "coal-sampling": Sample(coal.bundle),
    "pump-station": Sample(pumps.bundle, form="yaml"),
    "key-projects-labour": Sample(key_projects.bundle),
    "pump-evaluation": Sample(evaluation.bundle),
}
BANKS = ("crane-3", "electric-3", "pump-3")
"""Question banks, which belong to no competition."""


def _as_json(tree: dict[str, Any]) -> bytes:
    return json.dumps(tree, ensure_ascii=False, indent=1).encode() + b"\n"


def bank_files() -> dict[str, bytes]:
    """The content of the folder of banks, by file name."""
    files = {}
    for name in BANKS:
        tree = banks.bank(HERE / "making" / f"{name}.txt")
        content = _as_json(tree)
        read_bank(content)
        files[f"{name}.json"] = content
    return files


FOLDERS: dict[str, Callable[[], dict[str, bytes]]] = {
    "banks": bank_files,
    "series": lambda: {"series.json": _as_json(series.series())},
}
"""What belongs to no competition, by its folder."""


def files_of(sample: Sample) -> dict[str, bytes]:
    """The content of a sample's folder, by file name."""
    bundle = bundle_of(sample)
    files = {
        f"bundle.{sample.form}": write_bundle(bundle, sample.form),
        "results.json": write_results(score(bundle)),
    }
    if bundle.entrants:
        files["registration.xlsx"] = workbook(bundle, sample.changes)
    return files


def bundle_of(sample: Sample) -> Bundle:
    """The sample's bundle, read as any other file is, so that it is checked as one."""
    return read_bundle(json.dumps(sample.build()).encode())


def write(name: str, sample: Sample) -> None:
    """Write a sample's folder; a workbook that says the same is left alone."""
    folder = HERE / name
    _write_files(folder, files_of(sample))


def _write_files(folder: Path, files: dict[str, bytes]) -> None:
    folder.mkdir(exist_ok=True)
    for file, content in files.items():
        if not _is_as_made(folder / file, content):
            (folder / file).write_bytes(content)
            print(f"{folder.name}/{file}: {len(content):,} bytes")


def check(name: str, sample: Sample) -> list[str]:
    """The files of a sample that are not what would be written, or should not be there."""
    return _not_as_made(HERE / name, files_of(sample))


def _not_as_made(folder: Path, files: dict[str, bytes]) -> list[str]:
    wrong = [f for f, content in files.items() if not _is_as_made(folder / f, content)]
    strays = [one.name for one in folder.iterdir() if one.name not in files]
    return [f"{folder.name}/{file}" for file in (*wrong, *strays)]


def _is_as_made(path: Path, content: bytes) -> bool:
    if not path.is_file():
        return False
    if path.suffix == ".xlsx":
        return same_cells(path.read_bytes(), content)
    return path.read_bytes() == content


def main(words: list[str]) -> int:
    """Write or check; the names of samples may be given, else all are meant."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="which samples; all by default")
    parser.add_argument("--check", action="store_true", help="write nothing, only compare")
    chosen = parser.parse_args(words)
    unknown = set(chosen.names) - SAMPLES.keys()
    if unknown:
        parser.error(f"no such sample: {', '.join(sorted(unknown))}")
    wrong: list[str] = []
    for name in chosen.names or SAMPLES:
        if chosen.check:
            wrong += check(name, SAMPLES[name])
        else:
            write(name, SAMPLES[name])
    for folder, files in FOLDERS.items():
        if chosen.check:
            wrong += _not_as_made(HERE / folder, files())
        else:
            _write_files(HERE / folder, files())
    for file in wrong:
        print(f"not as made: {file}", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
