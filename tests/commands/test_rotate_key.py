"""Another field key takes the place of the one that seals the data, wherever it is broken off."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import LargeBinary, create_engine, func, select, text, type_coerce

from compete import create_app
from compete.cli import INTERRUPTED, main
from compete.config import Config
from compete.data_folder import locked_for_server
from compete.models import (
    AuditEntry,
    Base,
    Competition,
    Entrant,
    FormerKey,
    Job,
    MessageAddress,
    Person,
    RowSeal,
    db,
    utc_now,
)
from compete.models.types import EncryptedBytes, EncryptedText, hashed_by
from compete.services.backups import key_rotation
from compete.services.backups.manifest import KeepingError
from compete.services.directory.search_columns import tail_key
from compete.services.jobs.job_seals import seal_of
from compete.services.kernel import audit
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.transactions import unit_of_work
from compete.services.log.leaves_of_records import salt_of
from compete.services.outbox.channels import address_key
from compete.services.registration.preview import id_key
from tests.support.competitions import small_file
from tests.support.filled import fill


def fill_installation(folder: Path) -> None:
    """A competition, whose first contestant has an ID number and a phone."""
    assert main(["db", "upgrade"]) == 0
    file = small_file(folder)
    plain = json.loads(file.read_text(encoding="utf-8"))
    plain["entrants"][0]["id_number"] = "110101199003074514"
    file.write_text(json.dumps(plain), encoding="utf-8")
    assert main(["load", str(file)]) == 0
    with create_app().app_context():
        with unit_of_work() as session:
            entrant = session.scalars(select(Entrant).order_by(Entrant.id)).first()
            assert entrant is not None
            assert entrant.id_number is not None
            entrant.phone = "13900001111"
            row = MessageAddress(channel="sms", address="13900001111", off_token="t")
            row.address_hash = address_key("sms", "13900001111")
            session.add(row)
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, lay_tables: Callable[[Path], None]) -> Path:
    folder = tmp_path_factory.mktemp("filled")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COMPETE_DATA_DIR", str(folder / "var"))
        lay_tables(folder / "var")
        fill_installation(folder)
    return folder


@pytest.fixture
def here(
    database_kind: str,
    request: pytest.FixtureRequest,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Path:
    """The folder of an installation of its own, in `var`."""
    monkeypatch.setenv("COMPETE_DATA_DIR", str(tmp_path / "var"))
    if database_kind == "sqlite":
        shutil.copytree(request.getfixturevalue("filled") / "var", tmp_path / "var")
    else:
        monkeypatch.setenv("COMPETE_DATABASE_URL", request.getfixturevalue("database_url"))
        fill_installation(tmp_path)
        # Earlier commands of this process hold connections, as another program's would be.
        with create_app().app_context(), pytest.raises(KeepingError, match="个连接在用"):
            key_rotation.refuse_company()
        monkeypatch.setattr(key_rotation, "refuse_company", lambda: None)
    return tmp_path


def key_of(folder: Path, name: str = "field.key") -> bytes:
    return bytes.fromhex((folder / "var" / name).read_text().strip())


def sealed_values() -> Iterator[tuple[str, bytes]]:
    """Every sealed value, with its column, as it lies in the database."""
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, EncryptedText | EncryptedBytes):
                raw = select(type_coerce(column, LargeBinary)).where(column.is_not(None))
                for value in db.session.scalars(raw):
                    yield f"{table.name}.{column.name}", bytes(value)


def opened(value: bytes, key: bytes) -> bool:
    try:
        AESGCM(key).decrypt(value[1:13], value[13:], None)
    except InvalidTag:
        return False
    return True


def stop_at(patch: pytest.MonkeyPatch, part: int) -> None:
    """As if the machine were switched off in the middle of a part."""
    whole, left = unit_of_work, [part]

    @contextmanager
    def broken_off() -> Iterator[Any]:
        with whole() as session:
            yield session
            left[0] -= 1
            if left[0] == 0:
                raise KeyboardInterrupt

    patch.setattr(key_rotation, "unit_of_work", broken_off)


@pytest.mark.each_database
def test_broken_off_anywhere_it_is_taken_up_again(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    former = key_of(here)
    with create_app().app_context():
        salt = salt_of("sheet", "x")
        db.session.remove()
        db.engine.dispose()
    parts = 0
    while True:
        # The first parts of each try are those that were done before and are passed over.
        with monkeypatch.context() as patch:
            stop_at(patch, 1 + parts * 5)
            status = main(["rotate-key", "--reason", "换人"])
        capsys.readouterr()
        if status == 0:
            break
        assert status == INTERRUPTED
        # Before the first part is written nothing has changed.
        assert (main(["doctor"]) == 0) == (parts == 0)
        assert main(["verify"]) == (0 if parts == 0 else 1)
        assert ("compete rotate-key" in capsys.readouterr().err) == (parts > 0)
        parts += 1
    assert parts > 4
    assert key_of(here) != former
    (kept,) = (here / "var").glob("field-*.key")
    assert key_of(here, kept.name) == former
    assert not (here / "var" / "field.key.new").exists()
    assert main(["verify"]) == 0
    with create_app().app_context():
        assert salt_of("sheet", "x") == salt, "the log's leaves stand for ever"
        values = list(sealed_values())
        assert {name for name, _ in values} >= {"entrant.badge_token", "former_key.look_up"}
        assert [name for name, value in values if not opened(value, key_of(here))] == []
        entrant = db.session.scalars(select(Entrant).order_by(Entrant.id)).first()
        assert entrant is not None
        assert entrant.phone == "13900001111"
        wanted = id_key(entrant.id_type, entrant.id_number or "")
        assert entrant.id_hash == wanted
        address = db.session.scalars(select(MessageAddress)).one()
        assert address.address_hash == address_key("sms", "13900001111")
        assert entrant.id_tail == tail_key(entrant.competition_id, entrant.id_number or "")
        assert db.session.get_one(Person, entrant.person_id).id_hash == wanted
        entries = db.session.scalars(
            select(AuditEntry)
            .where(AuditEntry.action.in_(("key.begin", "key.done")))
            .order_by(AuditEntry.id)
        ).all()
        assert [(row.action, row.reason) for row in entries] == [
            ("key.begin", "换人"),
            ("key.done", "换人"),
        ]
        db.session.remove()
        db.engine.dispose()


def test_a_backup_of_before_stands_again_by_its_own_key(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    former = key_of(here)
    assert main(["backup", str(here / "before")]) == 0
    with locked_for_server(here / "var"):
        assert main(["rotate-key"]) == 1
    assert "网站还在运行" in capsys.readouterr().err
    assert key_of(here) == former
    assert main(["rotate-key"]) == 0
    assert main(["backup", str(here / "after")]) == 0
    # Former keys belong beside former backups, and nowhere else.
    assert sorted(path.name for path in (here / "after").glob("field*")) == ["field.key"]
    assert main(["restore", str(here / "before"), "--replace"]) == 0
    assert key_of(here) == former
    for aside in (here / "var").glob("before-restore-*"):
        shutil.rmtree(aside)
    assert main(["restore", str(here / "after"), "--replace"]) == 0
    assert key_of(here) != former


def test_a_key_of_the_environment_is_to_be_changed_there(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    former = key_of(here)
    (here / "var" / "field.key").unlink()
    monkeypatch.setenv("COMPETE_FIELD_KEY", former.hex())
    assert main(["rotate-key"]) == 0
    assert "COMPETE_FIELD_KEY 还是原来的钥匙" in capsys.readouterr().out
    assert list((here / "var").glob("field-*")) == []
    assert main(["verify"]) == 1
    monkeypatch.setenv("COMPETE_FIELD_KEY", key_of(here).hex())
    assert main(["verify"]) == 0


def test_without_one_of_the_keys_it_is_not_gone_on_with(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        stop_at(patch, 6)
        assert main(["rotate-key"]) == INTERRUPTED
    for name, words in (("field.key.new", "找不到新的那一把"), ("field.key", "不是原来的那一把")):
        path = here / "var" / name
        key = path.read_text()
        path.unlink()
        if name == "field.key":
            path.write_text("ab" * 32)
            path.chmod(0o600)
        capsys.readouterr()
        assert main(["rotate-key"]) == 1
        assert words in capsys.readouterr().err
        path.write_text(key)
        path.chmod(0o600)
    assert main(["rotate-key"]) == 0


def test_what_was_changed_before_is_still_told_after(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every kind of row there is; nothing that others wrote is sealed with the rest."""
    with create_app().app_context():
        fill(without=("former_key",))
        with unit_of_work() as session:
            job = session.scalars(select(Job)).one()
            job.seal = seal_of(job)
        db.session.remove()
        db.engine.dispose()
    engine = create_engine(Config.from_env().database_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE unit SET name = '别的' WHERE id = 1"))
        connection.execute(text("UPDATE entrant SET id_hash = 'ab' WHERE id = 2"))
        connection.execute(text("DELETE FROM time_entry"))
    # What is logged meanwhile on a slow machine is no word of the command's.
    capsys.readouterr()
    main(["verify"])
    before = capsys.readouterr().err
    assert "unit 1 name" in before
    assert main(["rotate-key"]) == 0
    assert "照样查得出" in capsys.readouterr().out
    main(["verify"])
    assert capsys.readouterr().err == before
    with create_app().app_context():
        values = list(sealed_values())
        assert len({name for name, _ in values}) > 20
        assert [name for name, value in values if not opened(value, key_of(here))] == []
        job = db.session.scalars(select(Job)).one()
        assert job.seal == seal_of(job)
        db.session.remove()
        db.engine.dispose()


def test_who_has_the_former_key_cannot_go_on_from_where_it_ended(here: Path) -> None:
    former = key_of(here)
    assert main(["rotate-key"]) == 0
    config = Config.from_env()
    with create_app().app_context():
        competition = db.session.scalars(select(Competition)).one()
        assert list(verify_chain(competition)) == []
        assert db.session.scalar(select(func.count()).select_from(FormerKey)) == 1
        with unit_of_work() as session:
            chain = AuditEntry.competition_id == competition.id
            session.connection().execute(
                text("DELETE FROM audit_entry WHERE form > 2 AND competition_id = :of"),
                {"of": competition.id},
            )
            last = session.scalars(select(AuditEntry).where(chain)).all()[-1]
            forged = AuditEntry(
                competition_id=competition.id,
                seq=last.seq + 1,
                at=utc_now(),
                actor="我",
                action="competition.change",
                subject="",
                prev_hash=last.hash,
                form=audit.KEYED,
            )
            with hashed_by(former):
                forged.hash = audit.row_hash(forged)
            session.add(forged)
        faults = [str(fault.fault) for fault in verify_chain(competition)]
        assert faults == ["换钥匙以后的记录不见了"]
        seals = db.session.scalars(select(RowSeal.columns)).all()
        assert seals
        assert config.field_key == key_of(here)
        db.session.remove()
        db.engine.dispose()
