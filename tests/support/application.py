"""The application on a database of its own, and a server that browsers can reach."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from werkzeug.serving import make_server

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

    from compete.config import Config


@pytest.fixture(scope="session")
def worker_keys() -> dict[str, str]:
    """The keys of this worker's installations, by the names of their files."""
    from compete.config import KEY_FILES
    from compete.data_folder import new_key

    return {file: new_key() for file in KEY_FILES.values()}


def lay_keys(folder: Path, keys: dict[str, str]) -> None:
    """Write keys as the files of a data folder."""
    folder.mkdir(mode=0o700, exist_ok=True)
    for file, key in keys.items():
        (folder / file).touch(mode=0o600)
        (folder / file).write_text(f"{key}\n", encoding="ascii")


@pytest.fixture
def config(database_url: str, tmp_path: Path, worker_keys: dict[str, str]) -> Config:
    """Settings of an installation of its own, on a migrated database."""
    from compete.config import Config

    lay_keys(tmp_path / "var", worker_keys)
    read = Config.from_env({"COMPETE_DATA_DIR": str(tmp_path / "var")})
    # A test outlives no power cut: it need not wait for the disk.
    return replace(read, database_url=database_url, sqlite_synchronous="OFF", testing=True)


@pytest.fixture
def app(config: Config) -> Iterator[Flask]:
    """The application; its connections are closed at the end."""
    from compete import create_app
    from compete.models.base import db
    from tests.support.posted_twice import Twice

    app = create_app(config)
    app.test_client_class = Twice
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def sound(app: Flask) -> Iterator[None]:
    """At the end `compete verify` finds nothing: whatever was done was honest."""
    yield
    from compete.commands.verify import all_faults
    from compete.models.base import db

    with app.app_context():
        db.session.remove()
        assert all_faults() == []


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without pages: cookies are kept."""
    return app.test_client()


@contextlib.contextmanager
def serving(app: Flask, port: int = 0) -> Iterator[str]:
    """Serve `app` on loopback from threads of this process; gives its address."""
    server = make_server("127.0.0.1", port, app, threaded=True)
    # It asks this often whether it is to end; the half second of itself would be waited for.
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join(timeout=20)
        server.server_close()


@pytest.fixture
def live_url(app: Flask) -> Iterator[str]:
    """The address at which `app` answers real HTTP."""
    with serving(app) as address:
        yield address
