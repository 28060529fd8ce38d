"""The file store: what is written by one host is read by another, and away it says so."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest

from compete.config import Config, ConfigError
from compete.services.kernel.file_store import FolderStore, StoreAwayError, store_of


def test_a_store_keeps_files_by_name(config: Config, files_url: str) -> None:
    store = store_of(replace(config, files_url=files_url))
    assert store.read("photos/ab/one.jpg") is None
    store.write("photos/ab/one.jpg", b"first")
    store.write("photos/ab/one.jpg", b"second")
    store.write("uploads/7/token", b"")
    assert store.read("photos/ab/one.jpg") == b"second"
    assert store.read("uploads/7/token") == b""
    (file,) = store.files("photos/")
    assert file.name == "photos/ab/one.jpg"
    assert abs(file.written_at - time.time()) < 60
    store.remove("photos/ab/one.jpg")
    store.remove("photos/ab/one.jpg")
    assert [file.name for file in store.files("photos/")] == []
    assert not (config.data_dir / "photos").exists()


def test_more_files_than_one_answer_of_the_service_holds(
    config: Config, s3_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOTO_S3_DEFAULT_MAX_KEYS", "3")
    store = store_of(replace(config, files_url=s3_url))
    for number in range(7):
        store.write(f"photos/{number}", b"")
    assert len(list(store.files("photos/"))) == 7


def test_a_store_that_is_away_says_so(config: Config, s3_url: str, tmp_path: Path) -> None:
    gone = store_of(replace(config, files_url=s3_url.replace("compete-", "other-")))
    for act in (
        lambda: gone.write("photos/a", b""),
        lambda: list(gone.files("photos/")),
        lambda: FolderStore(tmp_path / "not mounted").write("photos/ab/a.jpg", b"x"),
    ):
        with pytest.raises(StoreAwayError, match="文件库没有回应"):
            act()
    # Where nothing is mounted no folder is made in its place.
    assert not (tmp_path / "not mounted").exists()


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("http://files.example.cn", "例：file:///srv/compete"),
        ("file://host/srv", "例：file:///srv/compete"),
        ("file:///nowhere/at/all", "没有这个文件夹"),
        ("file://{var}/inside", "不能放在数据文件夹里面"),
        ("s3://key:secret@bucket", "AWS_SECRET_ACCESS_KEY"),
        ("s3://bucket?endpoint=here", "endpoint 要写全"),
        ("s3://bucket?colour=red", "例：file:///srv/compete"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused(tmp_path: Path, address: str, why: str) -> None:
    (tmp_path / "var" / "inside").mkdir(parents=True)
    address = address.replace("{var}", str(tmp_path / "var"))
    env = {"COMPETE_DATA_DIR": str(tmp_path / "var"), "COMPETE_FILES_URL": address}
    with pytest.raises(ConfigError) as refused:
        Config.from_env(env)
    assert why in str(refused.value)
    assert "secret@" not in str(refused.value)


def test_the_data_folder_may_be_named_itself(tmp_path: Path) -> None:
    env = {"COMPETE_DATA_DIR": str(tmp_path), "COMPETE_FILES_URL": f"file://{tmp_path}"}
    assert Config.from_env(env).files_url == ""
