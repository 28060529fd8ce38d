"""`compete cert`, `serve --tls` and `demo --tls`, as the operator meets them."""

from __future__ import annotations

import socket
from collections.abc import Callable
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from cryptography import x509

from compete.cli import main
from compete.commands import demo
from compete.config import Config
from compete.services.competitions.demonstration import load_samples
from compete.tls import addresses, fingerprint, renewing
from tests.support.competitions import sample_file


@pytest.fixture
def one_sample(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The demonstration loads the competition that its links are for, and no other."""
    whole = load_samples
    (tmp_path / "samples").mkdir()
    (tmp_path / "samples" / "one").symlink_to(sample_file("port-forklift").parent)
    monkeypatch.setattr(
        "compete.services.competitions.demonstration.load_samples",
        lambda _folder: whole(tmp_path / "samples"),
    )


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of its own, on a machine with one local address."""
    monkeypatch.setenv("COMPETE_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setattr(renewing, "addresses", lambda: {IPv4Address("192.168.1.5")})
    for module in (addresses, renewing, demo):
        monkeypatch.setattr(module, "lan_address", lambda: "192.168.1.5")
    return tmp_path / "var"


def root_of(data: Path) -> x509.Certificate:
    return x509.load_der_x509_certificate((data / "tls" / "ca.crt").read_bytes())


def test_it_says_what_it_made_and_how_to_go_on(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["cert", "judge.lan"]) == 0
    output = capsys.readouterr().out
    assert "做好了根证书：竞赛台 CA" in output
    assert "做好了服务器证书" in output
    assert ", judge.lan, " in output
    assert "192.168.1.5" in output
    for line in (*fingerprint.lines(root_of(data)), fingerprint.words(root_of(data))):
        assert f"    {line}\n" in output
    assert "compete cert --serve" in output
    assert "compete serve --tls" in output


def test_a_second_time_it_says_that_nothing_changed(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["cert"]) == 0
    root = root_of(data)
    capsys.readouterr()
    assert main(["cert"]) == 0
    output = capsys.readouterr().out
    assert "做好了" not in output
    assert "服务器证书还能用，没有换" in output
    assert root_of(data) == root


@pytest.mark.parametrize(
    ("word", "why"),
    [
        ("8.8.8.8", "8.8.8.8 不是局域网地址"),
        ("jing sai", "“jing sai”不是主机名"),
        ("www.example.cn", "“www.example.cn”在互联网上也可能有"),
    ],
)
def test_a_name_that_cannot_be_is_refused_in_words(
    data: Path, capsys: pytest.CaptureFixture[str], word: str, why: str
) -> None:
    assert main(["cert", word]) == 1
    out, err = capsys.readouterr()
    assert err.startswith(why)
    assert out == ""
    assert not (data / "tls" / "server.pem").exists()


def test_in_english_it_speaks_english(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cert", "8.8.8.8", "--lang", "en"]) == 1
    assert "8.8.8.8 is not a local address" in capsys.readouterr().err


def test_a_machine_with_a_public_address_is_told_so(
    data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(addresses, "lan_address", lambda: "203.0.113.9")
    assert main(["cert"]) == 0
    assert "本机地址 203.0.113.9 不是局域网地址" in capsys.readouterr().out


def test_the_page_is_served_beside_its_code(
    data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    served = []
    monkeypatch.setattr("compete.commands.serve.serve_app", lambda *args: served.append(args))
    assert main(["cert", "--serve", "--port", "8431"]) == 0
    output = capsys.readouterr().out
    assert "打开 http://192.168.1.5:8431/ca" in output
    assert "█" in output
    assert fingerprint.words(root_of(data)) in output
    ((make, options),) = served
    assert options["bind"] == "0.0.0.0:8431"
    assert "certfile" not in options
    assert make().test_client().get("/ca").status_code == 200


def test_a_port_that_is_taken_is_said(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("0.0.0.0", 0)) as taken:
        port = taken.getsockname()[1]
        assert main(["cert", "--serve", "--port", str(port)]) == 1
    assert f"端口 {port} 有别的程序在用" in capsys.readouterr().err


@pytest.mark.parametrize("port", ["0", "65536", "http"])
def test_a_port_that_cannot_be_is_refused(
    data: Path, capsys: pytest.CaptureFixture[str], port: str
) -> None:
    assert main(["cert", "--serve", "--port", port]) == 2
    assert "--port" in capsys.readouterr().err


@pytest.fixture
def installation(data: Path, config: Config, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """An installation with tables; what would be served is put into the list."""
    monkeypatch.setenv("COMPETE_DATABASE_URL", config.database_url)
    served: list[object] = []
    monkeypatch.setattr("compete.commands.serve.serve", lambda *args: served.append(args))
    return served


def test_without_a_certificate_it_is_not_served_and_the_command_named(
    installation: list[object], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["serve", "--tls"]) == 1
    assert capsys.readouterr().err == "还没有证书。请先运行：compete cert\n"
    assert installation == []


def test_https_is_served_where_tablets_find_it(
    installation: list[object], data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["cert"]) == 0
    capsys.readouterr()
    assert main(["serve", "--tls", "--host", "0.0.0.0", "--port", "8432"]) == 0
    out, err = capsys.readouterr()
    assert "打开 https://192.168.1.5:8432\n" in out
    assert "█" in out
    assert err == ""
    ((config, options),) = installation  # type: ignore[misc]
    assert config.base_url == "https://192.168.1.5:8432"
    assert config.secure_cookies
    assert options["certfile"] == str(data / "tls" / "server.pem")
    assert (data / "tls" / "address").read_text() == "https://192.168.1.5:8432\n"


def test_a_certificate_without_todays_address_is_said_and_served(
    installation: list[object],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert main(["cert"]) == 0
    monkeypatch.setattr(renewing, "lan_address", lambda: "192.168.1.77")
    assert main(["serve", "--tls", "--host", "0.0.0.0"]) == 0
    warnings = capsys.readouterr().err
    assert "服务器证书里没有 192.168.1.77" in warnings
    assert "compete cert 192.168.1.77" in warnings
    assert len(installation) == 1


def test_what_counts_is_the_address_that_codes_carry(
    installation: list[object],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert main(["cert", "judge.lan"]) == 0
    monkeypatch.setenv("COMPETE_BASE_URL", "https://judge.lan:8000")
    monkeypatch.setattr(renewing, "lan_address", lambda: "192.168.1.77")
    assert main(["serve", "--tls", "--host", "0.0.0.0"]) == 0
    assert capsys.readouterr().err == ""
    ((config, _options),) = installation  # type: ignore[misc]
    assert config.base_url == "https://judge.lan:8000"


def test_codes_that_would_say_http_are_refused(
    installation: list[object],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert main(["cert"]) == 0
    monkeypatch.setenv("COMPETE_BASE_URL", "http://judge.lan:8000")
    assert main(["serve", "--tls"]) == 1
    assert "COMPETE_BASE_URL 是 http://judge.lan:8000" in capsys.readouterr().err
    assert installation == []


def test_the_demonstration_goes_by_the_name_that_it_was_given(
    data: Path,
    one_sample: None,
    lay_tables: Callable[[Path], None],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lay_tables(data)
    assert main(["cert", "judge.lan"]) == 0
    monkeypatch.setattr("compete.commands.serve.serve", lambda *_args: None)
    monkeypatch.setenv("COMPETE_BASE_URL", "https://judge.lan:8434")
    assert main(["demo", "--lan", "--tls", "--port", "8434"]) == 0
    out, err = capsys.readouterr()
    assert "https://judge.lan:8434/sign-in/" in out
    assert err == ""


def test_the_demonstration_makes_its_certificate_by_itself(
    data: Path,
    one_sample: None,
    lay_tables: Callable[[Path], None],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lay_tables(data)
    served: list[tuple[Config, dict[str, object]]] = []
    monkeypatch.setattr("compete.commands.serve.serve", lambda *args: served.append(args))
    assert main(["demo", "--lan", "--tls", "--port", "8433"]) == 0
    output = capsys.readouterr().out
    links = [line for line in output.splitlines() if "/sign-in/" in line]
    assert len(links) == 5
    assert all("https://192.168.1.5:8433/sign-in/" in link for link in links)
    assert "compete cert --serve" in output
    ((config, options),) = served
    assert config.base_url == "https://192.168.1.5:8433"
    assert config.secure_cookies
    assert options["certfile"] == str(data / "tls" / "server.pem")
