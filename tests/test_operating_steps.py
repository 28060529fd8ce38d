"""The steps for systemd and PostgreSQL in the page for operators, run as they are printed."""

from __future__ import annotations

import configparser
import http.client
import os
import re
import secrets
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import URL

from tests.support.databases import wait_until
from tests.support.ports import free_port
from tests.support.warm import warm_program

pytestmark = pytest.mark.slow

PAGE = (Path(__file__).parents[1] / "docs" / "operating.md").read_text(encoding="utf-8")
PROGRAM = Path(sys.executable).with_name("compete")


def block(beginning: str) -> str:
    """The one block of the page that begins so, as it is printed."""
    blocks = re.findall(r"^```\n(.*?)^```$", PAGE, re.S | re.M)
    (only,) = [text for text in blocks if text.startswith(beginning)]
    return only


def clean_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if "COMPETE_" not in name}


# --- systemd ---------------------------------------------------------------


UNITS = {
    "compete.service": "[Unit]\nDescription=compete\n",
    "compete-backup.service": "[Unit]\nDescription=compete backup\n",
    "compete-backup.timer": "[Unit]\nDescription=compete backup every night\n",
}


def test_systemd_knows_every_word_of_the_units(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("no systemd-analyze on this machine")
    for name, beginning in UNITS.items():
        assert f"`/etc/systemd/system/{name}`" in PAGE
        text = block(beginning).replace("/opt/compete/bin/compete", sys.executable)
        (tmp_path / name).write_text(text, encoding="utf-8")
    paths = [str(tmp_path / name) for name in UNITS]
    process = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *paths], capture_output=True, text=True
    )
    assert [line for line in process.stderr.splitlines() if "compete" in line] == []
    assert process.returncode == 0


def test_the_service_starts_serves_and_ends_as_its_unit_says(
    tmp_path: Path, database_url: str
) -> None:
    unit = configparser.ConfigParser(interpolation=None)
    unit.read_string(block(UNITS["compete.service"]))
    service = unit["Service"]
    assert service["EnvironmentFile"] == "/etc/compete.env"
    home = tmp_path / service["WorkingDirectory"].lstrip("/")
    settings = dict(line.split("=", 1) for line in block("COMPETE_DATA_DIR=").splitlines())
    data = tmp_path / settings["COMPETE_DATA_DIR"].lstrip("/")
    data.mkdir(parents=True, mode=0o700)
    shutil.copyfile(database_url.removeprefix("sqlite:///"), data / "compete.sqlite")
    program, *words = shlex.split(service["ExecStart"])
    assert program == "/opt/compete/bin/compete"
    port = free_port()
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(
            [PROGRAM, *words, "--port", str(port), "--workers", "1"],
            cwd=home,
            env=clean_environment() | settings | {"COMPETE_DATA_DIR": str(data)},
            stdout=log,
            stderr=log,
            umask=int(service["UMask"], 8),
            start_new_session=True,
        )
    try:
        wait_until(lambda: _ready(process, port), "the service", seconds=60)
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=40) == 0
    log_text = (tmp_path / "log").read_text(encoding="utf-8")
    assert f"{settings['COMPETE_BASE_URL']}/invitation/" in log_text
    made = [path for path in data.rglob("*") if path.name != "compete.sqlite"]
    assert {path.name for path in made} >= {"field.key", "secret.key"}
    for path in made:
        assert not path.stat().st_mode & 0o077, path


def _ready(process: subprocess.Popen[bytes], port: int) -> bool:
    assert process.poll() is None
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


# --- PostgreSQL ------------------------------------------------------------


class Shell:
    """A shell of the operator: the printed lines, with names of the test's own."""

    def __init__(self, folder: Path, server: URL) -> None:
        self.name, self.folder = f"compete_steps_{secrets.token_hex(5)}", folder
        self.host, self.port = server.host or "127.0.0.1", server.port or 5432
        programs = folder / "bin"
        programs.mkdir()
        self.program = programs / "compete"
        stub = programs / "systemctl"
        stub.write_text(f'#!/bin/sh\necho "$@" >> {folder}/systemctl\n')
        stub.chmod(0o755)
        as_admin = {
            "PGHOST": server.host,
            "PGPORT": str(self.port),
            "PGUSER": server.username,
            "PGPASSWORD": server.password,
            "PGDATABASE": "postgres",
        }
        self.environment = clean_environment() | {
            "PATH": f"{programs}:{os.environ['PATH']}",
            **{name: value for name, value in as_admin.items() if value},
        }

    def as_here(self, lines: str) -> str:
        """The printed lines, of this test's database, address and folders."""
        lines = re.sub(
            r"^(createuser|createdb|dropdb|dropuser) compete\b",
            rf"\1 {self.name}",
            lines,
            flags=re.M,
        )
        lines = lines.replace("--owner compete", f"--owner {self.name}")
        lines = lines.replace(
            "//compete:密码@127.0.0.1/compete",
            f"//{self.name}:密码@{self.host}:{self.port}/{self.name}",
        )
        return lines.replace("/etc/", f"{self.folder}/etc/").replace(
            "/backup/", f"{self.folder}/backup/"
        )

    def run(self, lines: str, typed: str = "") -> str:
        """Run them, each to succeed; what they said."""
        done = subprocess.run(
            ["bash", "-e", "-c", self.as_here(lines)],
            env=self.environment,
            cwd=self.folder,
            input=typed,
            capture_output=True,
            text=True,
            # Without a terminal, a password is read from what is typed.
            start_new_session=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture
def shell(postgres_server: URL, tmp_path: Path) -> Iterator[Shell]:
    for program in ("bash", "createuser", "createdb", "dropdb", "pg_dump"):
        if shutil.which(program) is None:
            pytest.skip(f"no {program} on this machine")
    shell = Shell(tmp_path, postgres_server)
    try:
        with psycopg.connect(host=shell.host, port=shell.port, dbname="postgres", user="x"):
            pass
    except psycopg.OperationalError as error:
        if "refused" in str(error):
            pytest.skip(f"PostgreSQL does not listen at {shell.host}")
    try:
        with warm_program(shell.program):
            yield shell
    finally:
        shell.run(f"dropdb --if-exists --force {shell.name}\ndropuser --if-exists {shell.name}")


@pytest.mark.slow
@pytest.mark.postgres
def test_postgresql_is_set_up_backed_up_and_restored_as_printed(
    shell: Shell, tmp_path: Path
) -> None:
    steps = block("createuser compete")
    (tmp_path / "etc").mkdir()
    address = re.search(r"`(COMPETE_DATABASE_URL=postgresql\S+)` 写进 `/etc/compete\.env`", PAGE)
    assert address is not None
    settings = f"COMPETE_DATA_DIR={tmp_path / 'var'}\n{shell.as_here(address[1])}\n"
    (tmp_path / "etc" / "compete.env").write_text(settings, encoding="utf-8")
    shell.environment["COMPETE_DATA_DIR"] = str(tmp_path / "var")
    shell.run(steps, typed="密码\n密码\n")
    (use,) = set(re.findall(r"^set -a; \. /etc/compete\.env; set \+a$", PAGE, re.M))
    backing_up = block("compete backup /backup/compete-")
    output = shell.run(f"{use}\ncompete doctor\ncompete account add 钱文\n{backing_up}")
    assert "都正常" in output
    restoring = block("systemctl stop compete")
    (copy,) = set(re.findall(r"/backup/\S+", backing_up + restoring))
    assert (tmp_path / copy.lstrip("/") / "backup.json").is_file()
    rotating = block("set -a; . /etc/compete.env; set +a\ncompete backup")
    output = shell.run(rotating)
    assert "换好以后核对过" in output
    (tmp_path / "systemctl").unlink()
    # A new server: an empty database, nothing in the data folder.
    shutil.rmtree(tmp_path / "var")
    (make,) = [line for line in steps.splitlines() if line.startswith("createdb")]
    output = shell.run(f"dropdb compete\n{make}\n{restoring}\n{use}\ncompete account list")
    assert "恢复好了" in output
    assert "钱文" in output
    assert (tmp_path / "systemctl").read_text() == "stop compete\nstart compete\n"
