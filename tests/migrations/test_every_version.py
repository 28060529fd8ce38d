"""What every earlier version left is upgraded, verified and scored."""

from __future__ import annotations

import gzip
import hashlib
import json
import lzma
import shutil
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import select

from compete import create_app
from compete.cli import main
from compete.domain.bundle.results import write_results
from compete.domain.scoring.scorer import score
from compete.domain.values.states import CertificateState
from compete.models import AuditEntry, Certificate, Competition, Decision, Publication, db
from compete.services.certificates.search import find_by_number
from compete.services.kernel import audit
from compete.services.scoring.bundle_out import export_bundle
from tests.support.pictures import photo

DATA = Path(__file__).parent / "data"
UNPACKED = {".gz": gzip.decompress, ".xz": lzma.decompress}
# By commit, oldest first, with the first characters of each file's SHA-256.
SUMS = {
    "fb0aba2.sqlite.gz": "3102f50b63fd",
    "f1924f3.sqlite.gz": "59fb46494bca",
    "bd2a86e.sqlite.xz": "e47d87690f16",
    "088d0a8.sqlite.xz": "9518f380bed9",
    "592d6b3.sqlite.xz": "e8a6987502fe",
    "dfa4641.sqlite.xz": "c8e7eaa488cf",
    "7924f4a.sqlite.xz": "59c0734e8aea",
    "87df94e.sqlite.xz": "0978d413effc",
    "ac48915.sqlite.xz": "8583070dc6c4",
    "9f84c69.sqlite.xz": "cbc790d28a66",
    "0e9ac03.sqlite.xz": "0fab9462ca02",
    "d1d0755.sqlite.xz": "19272b37e652",
    "d5e1ca4.sqlite.xz": "56b708fd73a9",
    "424d6f2.sqlite.xz": "c2142f0ab5cc",
    "5af868f.sqlite.xz": "48efe3dd0e10",
    "8fb3401.sqlite.xz": "d6244efb1d25",
    "cbc18ca.sqlite.xz": "7576019e9fb4",
    "f6f33c5.sqlite.xz": "5b4a8ab47b53",
    "4aca73d.sqlite.xz": "29d2d7ab0fb7",
    "3ea6137.sqlite.xz": "d7a38c9b8c04",
    "2c47447.sqlite.xz": "09251c7a8e8b",
    "575b3a2.sqlite.xz": "ae10c620d3a9",
    "b37ebd6.sqlite.xz": "f159efc4fa53",
    "ba69f43.sqlite.xz": "8988d9d761c0",
    "7907334.sqlite.xz": "dc26cf184961",
    "d827c17.sqlite.xz": "9650ac406d83",
    "2ce9cec.sqlite.xz": "cb7d3a60bf6a",
    "c0245d2.sqlite.xz": "01dacc7b0f6a",
    "30411b2.sqlite.xz": "968ea2e1b649",
    "4768ecd.sqlite.xz": "c56306affde3",
    "25eb552.sqlite.xz": "26d109d48ecc",
    "331510f.sqlite.xz": "953a907a2fd5",
}
VERSIONS = [name.partition(".")[0] for name in SUMS]
FILES = dict(zip(VERSIONS, SUMS, strict=True))
ANNOUNCED = Path(__file__).parents[2] / "sample_events" / "coal-sampling" / "results.json"
# Each seals in another way: records hashed without a key; with one, and rows not sealed; rows too.
FORMS = ("fb0aba2", "bd2a86e", "088d0a8")
PLAIN = "fb0aba2"
# A decision's photo was kept as the camera had made it, and no row was sealed.
PHOTOS_AS_THEY_CAME = "bd2a86e"
FIELD_KEY = b"\xab" * 32
# Those that left a whole day, up to certificates, and not one still judged.
WHOLE = VERSIONS[VERSIONS.index("bd2a86e") :]
STANDINGS = [("E1", "84.82"), ("E2", "81.75")]
OF_THE_DAY = [("P1", "94.00"), ("P2", "84.00"), ("P3", "74.00"), ("P4", "62.80")]


@pytest.fixture(scope="module")
def _settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COMPETE_FIELD_KEY", FIELD_KEY.hex())
        patch.setenv("COMPETE_LOG_KEY", "cd" * 32)
        patch.setenv("COMPETE_SECRET_KEY", "x" * 40)
        yield patch


@pytest.fixture(scope="module", params=VERSIONS)
def upgraded(
    request: pytest.FixtureRequest,
    _settings: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """The installation of an earlier version, upgraded as an operator does it."""
    folder = tmp_path_factory.mktemp(request.param)
    kept = DATA / FILES[request.param]
    (folder / "compete.sqlite").write_bytes(UNPACKED[kept.suffix](kept.read_bytes()))
    if request.param == PHOTOS_AS_THEY_CAME:
        sealed = b"\x01" + bytes(12) + AESGCM(FIELD_KEY).encrypt(bytes(12), photo(), None)
        with closing(sqlite3.connect(folder / "compete.sqlite")) as database:
            database.execute("UPDATE decision SET photo = ?", (sealed,))
            database.commit()
    _settings.setenv("COMPETE_DATA_DIR", str(folder))
    assert main(["db", "upgrade"]) == 0
    return folder


def rows(folder: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(folder / "compete.sqlite")) as database:
        records = database.execute(query).fetchall()
        database.commit()
    return records


@pytest.fixture
def a_copy(upgraded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The upgraded installation, to do harm to."""
    shutil.copytree(upgraded, tmp_path / "var")
    monkeypatch.setenv("COMPETE_DATA_DIR", str(tmp_path / "var"))
    return tmp_path / "var"


each_form = pytest.mark.parametrize("upgraded", FORMS, indirect=True)


def test_it_verifies_and_scores_as_ever(
    upgraded: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    """What was announced, and what stood where nothing was announced yet."""
    assert main(["verify"]) == 0
    assert capsysbinary.readouterr().err == b""
    with create_app().app_context():
        results = {
            competition.code: json.loads(write_results(score(export_bundle(competition))))
            for competition in db.session.scalars(select(Competition))
        }
        if upgraded.name.startswith(tuple(WHOLE)):
            (published,) = db.session.scalars(select(Publication))
            (day,) = results.values()
            assert json.loads(zlib.decompress(published.results)) == day
            assert standings_in(day) == OF_THE_DAY
            names = {
                certificate.number: certificate.face["name"]
                for certificate in db.session.scalars(select(Certificate))
            }
            assert len(names) == 5
            for number, name in names.items():
                certificate_there = find_by_number(number, name)
                assert certificate_there is not None
                assert certificate_there.state is CertificateState.VALID
        else:
            assert results["COAL-2026"] == json.loads(ANNOUNCED.read_bytes())
            assert standings_in(results["PANEL"]) == STANDINGS
        db.session.remove()
        db.engine.dispose()


def standings_in(results: dict[str, Any]) -> list[tuple[str, str]]:
    return [(row["entrant"], row["total"]) for row in results["events"][0]["standings"]]


def test_everybody_has_a_record_in_the_installation(upgraded: Path) -> None:
    """Each entrant who is no crew, each member, each official; who has one number and name, one."""
    crews = "id IN (SELECT entrant_id FROM member)"
    for table, condition in (("entrant", f"NOT {crews}"), ("member", "1"), ("judge", "1")):
        query = f"SELECT count(*) FROM {table} WHERE {condition} AND person_id IS NULL"
        assert rows(upgraded, query) == [(0,)], table
    assert rows(upgraded, f"SELECT count(*) FROM entrant WHERE {crews} AND person_id > 0") == [(0,)]
    assert rows(upgraded, "SELECT count(*) FROM person") > [(0,)]
    # Each of a crew has a badge of their own, beside the one that was printed for all of them.
    assert rows(upgraded, "SELECT count(*) FROM member WHERE badge_hash IS NULL") == [(0,)]
    shared = "SELECT count(*) FROM entrant WHERE badge_shared"
    assert rows(upgraded, shared) == rows(upgraded, f"SELECT count(*) FROM entrant WHERE {crews}")
    # What lists are searched by was filled.
    assert rows(upgraded, "SELECT count(*) FROM entrant WHERE coalesce(spoken, '') = ''") == [(0,)]
    groups = "SELECT id_hash FROM person GROUP BY id_hash, name_key"
    assert rows(upgraded, f"{groups} HAVING id_hash > '' AND count(*) > 1") == []


def test_each_record_says_how_it_is_sealed(upgraded: Path) -> None:
    forms = {form for (form,) in rows(upgraded, "SELECT DISTINCT form FROM audit_entry")}
    plain = PLAIN in upgraded.name
    assert forms == ({audit.PLAIN, audit.KEYED} if plain else {audit.KEYED})


@pytest.mark.parametrize("upgraded", [PHOTOS_AS_THEY_CAME], indirect=True)
def test_a_photo_that_was_kept_as_it_came_is_drawn_anew(upgraded: Path) -> None:
    with create_app().app_context():
        (kept,) = db.session.scalars(select(Decision.photo))
        (record,) = db.session.scalars(select(AuditEntry).filter_by(action="decision.redraw"))
        db.session.remove()
        db.engine.dispose()
    assert b"SECRETCAM" in photo()
    assert b"SECRETCAM" not in kept
    assert record.before == {"photo": hashlib.sha256(photo()).hexdigest()}
    assert record.after["photo"] == hashlib.sha256(kept).hexdigest()


@each_form
def test_what_was_changed_after_the_upgrade_is_told(
    a_copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (code,) = rows(a_copy, "SELECT code FROM competition ORDER BY id DESC LIMIT 1")[0]
    rows(a_copy, "UPDATE judge SET name = '别人' WHERE code = 'J1'")
    assert main(["verify", str(code)]) == 1
    assert " judge " in capsys.readouterr().err
    rows(a_copy, "UPDATE audit_entry SET subject = 'J9' WHERE subject = 'J1'")
    assert main(["verify", str(code)]) == 1
    assert " #" in capsys.readouterr().err


@each_form
def test_nobody_makes_a_chain_into_one_without_a_key(a_copy: Path) -> None:
    """Who has the database alone can hash plainly, but not write the record that ends it."""
    with create_app().app_context():
        competition = db.session.scalars(select(Competition).limit(1)).one()
        code = competition.code
        forged, before = [], audit.GENESIS
        for entry in db.session.query(AuditEntry).filter_by(competition_id=competition.id):
            row = {column: getattr(entry, column) for column in audit._HASHED.values()}
            row |= {"actor": "别人", "prev_hash": before}
            before = audit.plain_hash(row)
            forged.append((before, row["prev_hash"], entry.id))
        db.session.remove()
        db.engine.dispose()
    with closing(sqlite3.connect(a_copy / "compete.sqlite")) as database:
        for new, previous, number in forged:
            database.execute(
                "UPDATE audit_entry SET form = 1, actor = '别人', hash = ?, prev_hash = ?"
                " WHERE id = ?",
                (new, previous, number),
            )
        database.commit()
    assert main(["verify", code]) == 1


def test_the_files_are_small_and_as_they_were_made() -> None:
    kept = {path.name: path for path in DATA.glob("*.sqlite.*")}
    assert kept.keys() == SUMS.keys()
    for name, path in kept.items():
        assert path.stat().st_size < 150_000
        assert hashlib.sha256(path.read_bytes()).hexdigest()[:12] == SUMS[name]
