"""`compete verify-credential FILE`: 0 for one that holds, 1 for one that doesn't, 2 for none."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from compete.cli import main
from compete.domain.credentials.status_lists import Purpose
from tests.domain.credentials.issued import (
    DOCUMENT,
    NAME,
    NEW,
    PLACE,
    STRANGER,
    bits,
    credential,
    signed,
    token,
)

Output = pytest.CaptureFixture[str]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """What somebody has fetched to check a certificate with."""
    (tmp_path / "did.json").write_text(json.dumps(DOCUMENT), "utf-8")
    (tmp_path / "badge.json").write_bytes(signed(credential()))
    (tmp_path / "badge.jwt").write_bytes(token(credential()) + b"\n")
    for purpose in Purpose:
        (tmp_path / f"{purpose}.json").write_bytes(signed(bits(purpose), NEW, "2023-A"))
    return tmp_path


def check(folder: Path, file: str, *more: str, keys: bool = True, status: bool = True) -> int:
    words = ["verify-credential", str(folder / file), *more]
    if keys:
        words += ["--keys", str(folder / "did.json")]
    if status:
        words += [word for purpose in Purpose for word in ("--status", f"{folder}/{purpose}.json")]
    return main(words)


@pytest.mark.parametrize("file", ["badge.json", "badge.jwt"])
def test_a_certificate_that_holds(folder: Path, file: str, capsys: Output) -> None:
    assert check(folder, file, "--name", NAME) == 0
    output = capsys.readouterr()
    lines = output.out.splitlines()
    assert lines[:6] == [
        "发证方：江北市总工会 did:web:jingsai.example:jiangbei",
        "证书：港口叉车司机竞赛：叉车司机 三级/高级工",
        "编号：Y000032000123223000001",
        "职业技能等级：三级/高级工",
        "理论：91.00",
        "实操：95.00",
    ]
    assert lines[-1] == "有效"
    assert "状态表：2022年9月20日 06:00 UTC 的" in lines
    assert f"发给 {NAME}：是" in lines
    assert output.err == ""


def test_without_status_lists_it_says_what_was_not_looked_up(folder: Path, capsys: Output) -> None:
    assert check(folder, "badge.json", status=False) == 3
    assert capsys.readouterr().out.splitlines()[-1] == "签名对，没有查撤销"
    assert check(folder, "badge.json", "--name", "别人", status=False) == 1


def test_a_certificate_of_somebody_else(folder: Path, capsys: Output) -> None:
    assert check(folder, "badge.json", "--name", "周一凡") == 1
    assert capsys.readouterr().out.splitlines()[-1] == "不是发给这个人的"


def spoil(folder: Path, kind: str) -> None:
    badge = folder / "badge.json"
    match kind:
        case "changed":
            badge.write_bytes(badge.read_bytes().replace("三级".encode(), "一级".encode()))
        case "stranger":
            badge.write_bytes(signed(credential(), STRANGER, "2021-A"))
        case "revoked" | "replaced":
            places = [PLACE]
            (folder / "revocation.json").write_bytes(signed(bits(Purpose.REVOCATION, places)))
            if kind == "replaced":
                (folder / "refresh.json").write_bytes(signed(bits(Purpose.REFRESH, places)))
        case "suspended":
            (folder / "suspension.json").write_bytes(signed(bits(Purpose.SUSPENSION, [PLACE])))
        case "expired":
            badge.write_bytes(signed(credential() | {"validUntil": "2023-01-01T00:00:00Z"}))
        case "future":
            badge.write_bytes(signed(credential() | {"validFrom": "9999-01-01T00:00:00Z"}))
        case _:
            (folder / "revocation.json").write_bytes(signed(bits(Purpose.REVOCATION), STRANGER))


@pytest.mark.parametrize(
    ("kind", "word", "english"),
    [
        ("changed", "签名不对", "Wrong signature"), ("stranger", "钥匙不认得", "Unknown key"),
        ("revoked", "已撤销", "Revoked"), ("replaced", "已换发", "Replaced"),
        ("suspended", "复核中", "Under review"), ("expired", "已过期", "Expired"),
        ("future", "还没生效", "Not in force yet"),
        ("forged list", "不知道是否撤销", "Not known whether it was revoked"),
    ],
)  # fmt: skip
def test_one_that_does_not_hold(
    folder: Path, kind: str, word: str, english: str, capsys: Output
) -> None:
    spoil(folder, kind)
    assert check(folder, "badge.json") == 1
    output = capsys.readouterr().out
    assert output.splitlines()[-1] == word
    assert "有效" not in output
    assert main(["verify-credential", "--lang", "en", *arguments(folder)]) == 1
    english_said = capsys.readouterr().out
    assert english_said.splitlines()[-1] == english
    assert "Valid" not in english_said


def arguments(folder: Path) -> list[str]:
    words = [str(folder / "badge.json"), "--keys", str(folder / "did.json")]
    return words + [
        word for purpose in Purpose for word in ("--status", f"{folder}/{purpose}.json")
    ]


@pytest.mark.parametrize("kind", ["changed", "stranger"])
def test_what_nobody_stands_for_is_not_repeated(folder: Path, kind: str, capsys: Output) -> None:
    spoil(folder, kind)
    check(folder, "badge.json")
    output = capsys.readouterr().out
    assert "高级工" not in output
    assert "91.00" not in output


def test_without_a_key_document_nothing_is_known(folder: Path, capsys: Output) -> None:
    assert check(folder, "badge.json", keys=False, status=False) == 1
    output = capsys.readouterr().out
    assert "2022-A 不认得：公钥文件里没有" in output
    assert "公钥文件在 https://jingsai.example/jiangbei/did.json，" in output
    (folder / "badge.json").write_bytes(signed(credential() | {"issuer": "https://x.example"}))
    assert check(folder, "badge.json", keys=False, status=False) == 1
    assert "公钥文件在" not in capsys.readouterr().out
    assert output.splitlines()[-1] == "钥匙不认得"


@pytest.mark.parametrize(
    ("file", "content", "why"),
    [
        ("badge.json", b"{}", "badge.json: 里面没有"),
        ("badge.json", b"nothing", "badge.json: 这既不是"),
        ("badge.json", None, "badge.json: 读不了这个文件"),
        ("did.json", b"[]", "did.json: 文件里要是"),
        ("did.json", b'{"id":"did:web:x"}', "did.json: 公钥文件里没有"),
        ("refresh.json", b"{}", "refresh.json: 里面没有"),
        ("refresh.json", signed(credential()), "refresh.json: 这不是状态表"),
    ],
)
def test_a_file_that_is_none_is_named_with_what_is_wrong(
    folder: Path, file: str, content: bytes | None, why: str, capsys: Output
) -> None:
    if content is None:
        (folder / file).unlink()
    else:
        (folder / file).write_bytes(content)
    assert check(folder, "badge.json") == 2
    output = capsys.readouterr()
    assert why in output.err
    assert output.out == ""


def test_it_is_read_from_standard_input(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    given = io.TextIOWrapper(io.BytesIO((folder / "badge.jwt").read_bytes()))
    monkeypatch.setattr(sys, "stdin", given)
    assert main(["verify-credential", "-", "--keys", str(folder / "did.json")]) == 3
    assert capsys.readouterr().out.splitlines()[-1] == "签名对，没有查撤销"


def test_what_a_credential_says_cannot_play_with_the_terminal(folder: Path, capsys: Output) -> None:
    document: dict[str, Any] = credential() | {"description": "a\n有效\x1b[2J"}
    (folder / "badge.json").write_bytes(signed(document))
    assert check(folder, "badge.json") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1] == "证书：a\\n有效\\x1b[2J"


def test_it_is_a_command_of_the_installed_program(folder: Path) -> None:
    program = Path(sys.executable).with_name("compete")
    done = subprocess.run(
        [str(program), "verify-credential", *arguments(folder), "--lang", "en"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0
    assert done.stdout.splitlines()[-1] == "Valid"
    assert done.stderr == ""
