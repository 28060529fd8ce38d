"""Competitions in the database, and people who act in them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from compete.domain import read_bundle
from compete.domain.values.roles import Role
from compete.models import Account, Competition, db
from compete.resources import resource_dir
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.competitions.loading import load_bundle
from compete.services.kernel.installation import installation_here
from tests.support.begun import Begin, begun, is_untouched
from tests.support.signing_in import Person
from tests.support.small import all_marks, read, small


@pytest.fixture
def here(app: Flask) -> Iterator[Flask]:
    """The application, with its context about the test, which no request inherits."""
    app.test_client_class = Person
    with app.app_context():
        yield app


@pytest.fixture
def organiser(here: Flask) -> Account:
    """Who organises whatever the test loads."""
    return create_account("吴敏")


@pytest.fixture
def load(here: Flask, organiser: Account, begin: Begin) -> Callable[..., Competition]:
    """Load plain values as a competition; `load(small(…))`."""

    def make(plain: dict[str, Any], **keys: Any) -> Competition:
        competition = load_bundle(read(plain), by=organiser, **keys)
        grant_role(organiser, competition, Role.ORGANISER, by=organiser)
        return competition

    def run(plain: dict[str, Any], **keys: Any) -> Competition:
        if keys or installation_here().memory or not is_untouched():
            return make(plain, **keys)
        begin(f"load {json.dumps(plain, default=str)}", lambda: make(plain))
        return db.session.scalars(select(Competition)).one()

    return run


@pytest.fixture
def fresh(load: Callable[..., Competition], begin: Begin) -> Competition:
    """Load the small competition with people and judges, and nothing judged."""
    begin("fresh", lambda: load(small()))
    return db.session.scalars(select(Competition)).one()


@pytest.fixture
def judged(load: Callable[..., Competition], begin: Begin) -> Competition:
    """Load the small competition with every sheet submitted."""
    begin("judged", lambda: load(small(all_marks())))
    return db.session.scalars(select(Competition)).one()


@pytest.fixture
def forklift(here: Flask, organiser: Account, begin: Begin) -> Competition:
    """Load the port forklift competition, wholly judged."""
    begin("forklift", lambda: load_sample("port-forklift", organiser))
    return db.session.scalars(select(Competition)).one()


def load_sample(name: str, by: Account | None = None) -> Competition:
    """Load a sample competition, whole; where nothing else stands, once a worker."""

    def make() -> Competition:
        competition = load_bundle(sample(name), by=by)
        if by is not None:
            grant_role(by, competition, Role.ORGANISER, by=by)
        return competition

    if installation_here().memory or not is_untouched():
        return make()
    begun(f"sample {name} {by and by.id}", make)
    return db.session.scalars(select(Competition)).one()


def small_file(folder: Path, code: str = "SMALL") -> Path:
    """The small competition, wholly judged, as a file of `folder` that `compete load` takes."""
    plain = small(all_marks())
    plain["competition"]["code"] = code
    file = folder / f"{code}.json"
    file.write_text(json.dumps(plain, ensure_ascii=False), encoding="utf-8")
    return file


def sample(name: str) -> Any:
    """Read a sample's bundle."""
    file = sample_file(name)
    return read_bundle(file.read_bytes(), form="json" if file.suffix == ".json" else "yaml")


def sample_file(name: str) -> Path:
    """The path of a sample's bundle file."""
    return next((resource_dir("sample_events") / name).glob("bundle.*"))


def sample_names() -> list[str]:
    """Every sample that is shipped."""
    return sorted(file.parent.name for file in resource_dir("sample_events").glob("*/bundle.*"))
