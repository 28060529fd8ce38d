"""File stores that hosts share: a folder, and a service of S3 on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest


@pytest.fixture(scope="session")
def _s3_server() -> Iterator[str]:
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def s3_url(_s3_server: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of a store in an empty bucket; its credentials stand in the environment."""
    import boto3

    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    bucket = f"compete-{uuid4().hex}"
    boto3.client("s3", endpoint_url=_s3_server, region_name="us-east-1").create_bucket(
        Bucket=bucket
    )
    return f"s3://{bucket}/files/here?endpoint={_s3_server}"


@pytest.fixture(params=["folder", "s3"])
def files_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty store, of each kind that hosts share."""
    if request.param == "s3":
        return str(request.getfixturevalue("s3_url"))
    (tmp_path / "shared").mkdir()
    return f"file://{tmp_path / 'shared'}"
