"""The image's steps, done in a clean folder without an engine for containers.

What is fetched from elsewhere is not: Debian's packages are this machine's, and what
`requirements.txt` pins is lent by the environment of the tests, once it is the same versions.
The wheel is installed for good, by the image's own words.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import sysconfig
import venv
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from sqlalchemy import URL

from tests.packaging.conftest import ROOT, clean_environment
from tests.support.databases import postgres_database, wait_until
from tests.support.ports import free_port

pytestmark = pytest.mark.slow

PAGE = (ROOT / "docs" / "operating.md").read_text("utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
STEPS = [
    tuple(line.split(" ", 1))
    for line in (ROOT / "Containerfile").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]
OF_DEBIAN = {"ca-certificates", "python3", "python3-venv", "postgresql-client-15"}


@dataclass
class Image:
    """An image whose root is a folder; places in it are written as the image has them."""

    root: Path
    context: Path
    stages: list[str] = field(default_factory=list)
    env: dict[str, str] = field(default_factory=dict)
    words: dict[str, list[str]] = field(default_factory=dict)
    settings: dict[str, str] = field(default_factory=dict)
    packages: set[str] = field(default_factory=set)

    def place(self, path: str) -> Path:
        """The file for a place in the image."""
        return self.root / path.lstrip("/")

    def mapped(self, text: str) -> str:
        """A setting's text with the image's own places in this folder."""
        return re.sub(r"(?<![\w/])/(?=opt/|var/)", f"{self.root}/", text)

    def build(self) -> Image:
        """Do every step, in turn."""
        for word, rest in STEPS:
            getattr(self, f"do_{word.lower()}")(rest)
        return self

    def do_from(self, rest: str) -> None:
        base, *_stage = rest.split()
        self.stages.append(base)
        if self.root.exists():
            # The same place for both: scripts of an environment name where they stand.
            self.root.rename(self.root.with_name("build"))
        self.root.mkdir()

    def do_run(self, rest: str) -> None:
        for command in rest.split(" && "):
            words = shlex.split(command)
            if words[0] == "apt-get":
                named = [it for it in words[2:] if not it.startswith("-")]
                self.packages |= set(named)
            elif words[0] == "useradd":
                self.place(words[words.index("--home-dir") + 1]).mkdir(parents=True)
            elif words[:3] == ["python3", "-m", "venv"]:
                venv.create(self.place(words[3]), with_pip=False)
            elif words[1:2] == ["install"] and "-r" in words:
                assert "--require-hashes" in words
                self.lend(self.place(words[-1]), Path(words[0]).parent)
            elif words[1:2] == ["install"]:
                assert "--no-deps" in words
                (wheel,) = self.place(words[-1]).parent.glob(Path(words[-1]).name)
                python = self.place(words[0]).with_name("python")
                pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet"]
                subprocess.run([*pip, "--no-deps", "--no-index", str(wheel)], check=True)
            else:
                assert words[0] == "rm", command

    def lend(self, pins: Path, binaries: Path) -> None:
        """Lend the environment of the tests, which has what is pinned in the same versions."""
        for line in re.findall(r"^(\S.*?) \\$", pins.read_text("utf-8"), re.M):
            pin = Requirement(line)
            if pin.marker is None or pin.marker.evaluate():
                assert pin.specifier.contains(version(pin.name)), line
        (site,) = self.place(str(binaries)).parent.glob("lib/python*/site-packages")
        (site / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n", "utf-8")

    def do_copy(self, rest: str) -> None:
        *options, source, target = rest.split()
        if options:
            assert options == ["--from=build"]
            place = self.place(target)
            place.parent.mkdir(parents=True, exist_ok=True)
            (self.root.with_name("build") / source.lstrip("/")).rename(place)
            return
        self.place(target).mkdir(parents=True, exist_ok=True)
        for file in self.context.glob(source):
            shutil.copy(file, self.place(target))

    def do_env(self, rest: str) -> None:
        name, value = rest.split("=", 1)
        self.env[name] = self.mapped(value)

    def do_entrypoint(self, rest: str) -> None:
        self.words["entrypoint"] = json.loads(rest)

    def do_cmd(self, rest: str) -> None:
        self.words["cmd"] = json.loads(rest)

    def _set(self, name: str, rest: str) -> None:
        self.settings[name] = rest

    def do_workdir(self, rest: str) -> None:
        self._set("workdir", rest)

    def do_volume(self, rest: str) -> None:
        assert "volume" not in self.settings
        self._set("volume", rest)

    def do_user(self, rest: str) -> None:
        self._set("user", rest)

    def do_expose(self, rest: str) -> None:
        self._set("port", rest)

    def start(self, words: list[str], log: Path, **env: str) -> subprocess.Popen[bytes]:
        """Start a command of the image as an engine would: its environment and nothing else."""
        with log.open("ab") as output:
            return subprocess.Popen(
                [*self.words["entrypoint"], *words],
                cwd=self.place(self.settings["workdir"]),
                env=self.env | {"TMPDIR": str(log.parent / "tmp")} | env,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def read_only(self) -> dict[str, int]:
        """All that stands outside the volume, with when it was written."""
        volume = self.place(self.settings["volume"])
        return {
            str(path): path.lstat().st_mtime_ns
            for path in self.root.rglob("*")
            if volume not in (path, *path.parents) and path not in volume.parents
        }


@pytest.fixture(scope="module")
def image(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Image:
    home = tmp_path_factory.mktemp("container")
    context = home / "context"
    (context / "dist").mkdir(parents=True)
    shutil.copy(wheel, context / "dist")
    ignored = (ROOT / ".containerignore").read_text("utf-8").split()
    assert ignored == ["*", "!requirements.txt", "!dist/compete-*.whl"]
    shutil.copy(ROOT / "requirements.txt", context)
    return Image(home / "root", context).build()


def test_the_image_is_slim_for_one_user_and_keeps_one_volume(image: Image) -> None:
    assert image.stages == ["debian:bookworm-slim"] * 2
    assert image.packages == OF_DEBIAN
    assert image.settings["user"] == "10001"
    assert image.settings["volume"] == image.settings["workdir"] == "/var/lib/compete"
    assert image.env["COMPETE_DATA_DIR"] == str(image.place("/var/lib/compete/var"))
    for name in ("Containerfile", "compose.yaml"):
        text = (ROOT / name).read_text("utf-8")
        assert not re.search(r"(?:FROM|image:)\s+\S+\.\S+/", text), "an address of a registry"
        assert "://pypi" not in text
        assert "index-url" not in text


def test_the_services_are_read_only_and_reached_from_this_machine_alone() -> None:
    services = COMPOSE["services"]
    for name in ("compete", "upgrade"):
        service = services[name]
        assert service["read_only"] is True
        assert service["tmpfs"] == ["/tmp"]
        assert service["cap_drop"] == ["ALL"]
        assert service["volumes"] == ["data:/var/lib/compete"]
    assert services["compete"]["ports"] == ["127.0.0.1:8000:8000"]
    assert [name for name, it in services.items() if "ports" in it] == ["compete"]
    assert services["upgrade"]["command"] == ["compete", "db", "upgrade"]
    # What it backs up with is no older than the server.
    assert services["database"]["image"].startswith("postgres:15")
    waits = services["compete"]["depends_on"]
    assert waits["upgrade"]["condition"] == "service_completed_successfully"


def test_the_page_tells_the_same_steps() -> None:
    part = PAGE.partition("\n## 用容器\n")[2].partition("\n## ")[0]
    for name in ("compete.env", "POSTGRES_PASSWORD", "docker compose up", "compete backup"):
        assert name in part
    assert "compete serve --host 127.0.0.1 --port 8000" in PAGE
    serve = next(rest for word, rest in STEPS if word == "CMD")
    assert json.loads(serve)[:2] == ["compete", "serve"]


@pytest.mark.postgres
@pytest.mark.redis
def test_it_upgrades_serves_and_ends_and_writes_to_its_volume_alone(
    image: Image, postgres_server: URL, redis_url: str, tmp_path: Path
) -> None:
    service = COMPOSE["services"]["compete"]
    log, before = tmp_path / "log", image.read_only()
    (tmp_path / "tmp").mkdir()
    with postgres_database(postgres_server) as database:
        address = database.render_as_string(hide_password=False)
        given = service["environment"]
        assert given["COMPETE_DATABASE_URL"].partition("://")[0] == address.partition("://")[0]
        env = {"COMPETE_DATABASE_URL": address, "COMPETE_REDIS_URL": redis_url}
        assert env.keys() == given.keys()
        upgrade = image.start(COMPOSE["services"]["upgrade"]["command"], log, **env)
        assert upgrade.wait(timeout=200) == 0, log.read_text("utf-8")
        port = str(free_port())
        words = [port if word == image.settings["port"] else word for word in image.words["cmd"]]
        server = image.start([*words, "--workers", "1"], log, **env)
        check = [word.replace(":8000", f":{port}") for word in service["healthcheck"]["test"][1:]]

        def healthy() -> bool:
            assert server.poll() is None, log.read_text("utf-8")
            asked = subprocess.run(check, env=clean_environment(), capture_output=True)
            return asked.returncode == 0

        try:
            wait_until(healthy, "the image's server", seconds=90)
        finally:
            server.send_signal(signal.SIGTERM)
            ended = server.wait(timeout=60)
        assert ended == 0, log.read_text("utf-8")
    # The link for the first administrator is in its log.
    assert "/invitation/" in log.read_text("utf-8")
    assert image.read_only() == before
    kept = list(image.place(image.settings["volume"]).rglob("*"))
    assert {path.name for path in kept} >= {"var", "secret.key", "field.key", "log.key"}
    assert not any(path.stat().st_mode & 0o077 for path in kept)
    assert os.listdir(tmp_path / "tmp") == []
