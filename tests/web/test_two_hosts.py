"""Two hosts with data folders of their own, one database, the same keys and one file store."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask

from compete import create_app
from compete.config import KEY_FILES, CannotStartError, Config
from compete.data_folder import new_key
from compete.models import db
from compete.services.certificates.award_faces import emblem_of
from compete.services.certificates.award_styles import keep_emblem
from tests.support.application import lay_keys
from tests.support.competitions import small_file
from tests.support.panels import Panel, client_of
from tests.support.pictures import photo

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.parametrize("database_kind", ["postgres"], indirect=True),
]


@pytest.fixture
def config(config: Config, files_url: str) -> Config:
    """The first host's settings."""
    return replace(config, files_url=files_url)


@pytest.fixture
def other(config: Config, tmp_path: Path, worker_keys: dict[str, str]) -> Iterator[Flask]:
    """The application of the second host."""
    lay_keys(tmp_path / "second", worker_keys)
    app = create_app(replace(config, data_dir=tmp_path / "second"))
    app.config["WTF_CSRF_ENABLED"] = False
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def test_what_is_put_in_at_one_host_is_seen_at_the_other(
    app: Flask, other: Flask, opened: Panel, tmp_path: Path
) -> None:
    with app.app_context():
        public_id = opened.sheet("J1").public_id
        emblem = keep_emblem(photo("PNG", size=(300, 300)))
    uuid = str(uuid4())
    address = f"/api/sheets/{public_id}/photos"
    form = {"uuid": uuid, "photo": (BytesIO(photo()), "a.jpg")}
    assert client_of(app, opened, "J1").post(address, data=form).status_code == 200
    pictures = [
        client_of(host, opened, "C1").get(f"/desk/PANEL/sheets/{public_id}/photos/{uuid}").data
        for host in (app, other)
    ]
    assert pictures[0] == pictures[1]
    assert pictures[0].startswith(b"\xff\xd8")
    with other.app_context():
        assert emblem_of(emblem)
    # A preview that was begun at one is finished at the other.
    sent = {"bundle": (BytesIO(small_file(tmp_path, "SECOND").read_bytes()), "a.json")}
    answer = client_of(app, opened, "").post("/desk/new/file", data=sent)
    assert answer.status_code == 302, answer.text
    second = client_of(other, opened, "")
    assert "SECOND" in second.get(answer.location).text
    made = second.post(answer.location, data={"code": "SECOND", "name": "第二台"})
    assert made.status_code == 302, made.text
    assert "/desk/" in made.location
    assert client_of(app, opened, "").get(answer.location).status_code == 410
    # Of all this nothing lies in a host's folder.
    for host in (app, other):
        folder = host.extensions["compete.config"].data_dir
        files = {path.name for path in folder.rglob("*") if path.is_file()}
        assert files <= {*KEY_FILES.values()}, files


def test_a_host_with_other_keys_does_not_start_and_names_the_file(
    app: Flask, opened: Panel, tmp_path: Path, worker_keys: dict[str, str]
) -> None:
    from compete.web.startup import open_app

    config: Config = app.extensions["compete.config"]
    open_app(config)
    for file in worker_keys:
        folder = tmp_path / f"without {file}"
        lay_keys(folder, {**worker_keys, file: new_key()})
        env = {
            "COMPETE_DATA_DIR": str(folder),
            "COMPETE_DATABASE_URL": config.database_url,
            "COMPETE_FILES_URL": config.files_url,
        }
        with pytest.raises(CannotStartError, match=f"without {file} 不是这个数据库的|{file}"):
            open_app(Config.from_env(env))
        (folder / file).unlink()
        with pytest.raises(CannotStartError, match=file):
            open_app(Config.from_env(env))
