"""The file: private, whole after a crash, shared between processes, and silent."""

import logging
import os
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import apsw
import pytest

from imaging.catalog.catalog import Catalog
from imaging.catalog.database import Database
from imaging.catalog.records import Query
from imaging.catalog.schema import MIGRATIONS, migrate
from imaging.errors import CatalogError
from imaging.identity import Patient
from tests.imaging.catalog.cases import JOAO, LATER, NOW, TWINS, facts

KILLS = 12


def process(path: Path, life: str, last: int = 100_000) -> "subprocess.Popen[bytes]":
    module = "tests.imaging.catalog.recording_until_killed"
    return subprocess.Popen(
        [sys.executable, "-m", module, str(path), life, str(last)], stdout=subprocess.PIPE
    )


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def make(path: Path, statement: str) -> None:
    connection = apsw.Connection(str(path))
    connection.execute(statement)
    connection.close()


def newer(path: Path) -> None:
    Catalog(path).close()
    make(path, "INSERT INTO migration VALUES (99, '2099-01-01')")


def test_only_its_owner_can_read_the_file_and_its_companions(path: Path) -> None:
    before = os.umask(0)
    try:
        with Catalog(path) as catalog:
            catalog.record(JOAO, facts(), NOW)
            assert {it.name: mode(it) for it in path.parent.iterdir()} == {
                "catalog.sqlite": 0o600,
                "catalog.sqlite-wal": 0o600,
                "catalog.sqlite-shm": 0o600,
            }
    finally:
        os.umask(before)


def test_a_file_that_others_could_read_is_closed_to_them(path: Path) -> None:
    Catalog(path).close()
    path.chmod(0o644)
    Catalog(path).close()
    assert mode(path) == 0o600


def test_opening_it_again_leaves_the_locks_of_the_first_one_alone(path: Path) -> None:
    """Closing any descriptor of a file drops all POSIX locks that the process has on it."""
    with Catalog(path) as catalog:
        catalog.record(JOAO, facts(), NOW)
        Catalog(path).close()
        assert taken_by_another(path) == "refused"
        os.close(os.open(path, os.O_RDONLY))  # what must not be done
        assert taken_by_another(path) == "taken"


def taken_by_another(path: Path) -> str:
    """Let another process try for the lock with which the last one cleans up behind all."""
    program = (
        "import fcntl, sys\n"
        "with open(sys.argv[1], 'r+b') as file:\n"
        "    try:\n"
        "        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 510, 0x40000002)\n"
        "        print('taken')\n"
        "    except BlockingIOError:\n"
        "        print('refused')\n"
    )
    command = [sys.executable, "-c", program, str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def test_a_link_in_its_place_is_not_followed(path: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_bytes(b"")
    path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(CatalogError) as caught:
        Catalog(path)
    assert caught.value.code == "catalog_disk"


def test_what_was_acknowledged_survives_the_end_of_the_process(path: Path) -> None:
    acknowledged: set[str] = set()
    for life in range(KILLS):
        with process(path, str(life)) as running:
            assert running.stdout is not None
            first = running.stdout.readline()
            # Other moments in each life: between two commits, in a commit, in a checkpoint.
            time.sleep(0.003 * life)
            running.kill()
            lines = (first + running.stdout.read()).decode().split("\n")
        acknowledged |= set(lines[:-1])  # the last one may be cut short
    with Catalog(path) as catalog:
        assert len(acknowledged) > KILLS
        pages = [
            catalog.search(Query(limit=500, offset=offset))
            for offset in range(0, len(acknowledged) + KILLS, 500)
        ]
        kept = {study.study_uid for page in pages for study in page.studies}
        assert acknowledged <= kept
        assert catalog.search(Query("joao")).total == pages[0].total
    connection = apsw.Connection(str(path))
    assert connection.pragma("integrity_check") == "ok"
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    connection.close()


def test_processes_that_start_and_write_at_once_lose_nothing(path: Path) -> None:
    lives = [process(path, str(life), 25) for life in range(4)]
    for running in lives:
        running.communicate()
    assert [running.returncode for running in lives] == [0] * 4
    with Catalog(path) as catalog:
        assert catalog.search(Query()).total == 100
        assert len({it.patient.pseudonym for it in catalog.search(Query(limit=100)).studies}) == 1


def test_a_reader_sees_one_moment_while_another_process_writes(path: Path) -> None:
    with Catalog(path) as catalog, process(path, "other") as running:
        assert running.stdout is not None
        for _ in range(20):
            running.stdout.readline()
            page = catalog.search(Query("joao", limit=500))
            assert len(page.studies) == min(page.total, 500) > 0
            assert all(study.series[0].volumes for study in page.studies)
        running.kill()


def test_who_waits_too_long_for_another_writer_is_told(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("imaging.catalog.database.LOOKS", 3)
    with Catalog(path) as catalog:
        other = apsw.Connection(str(path))
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(CatalogError) as caught:
            catalog.record(JOAO, facts(), NOW)
        assert caught.value.code == "catalog_busy"
        other.execute("ROLLBACK")
        other.close()
        assert catalog.record(JOAO, facts(), NOW).new


def test_a_record_that_fails_half_way_leaves_nothing(catalog: Catalog) -> None:
    broken = replace(facts("b"), volume_id=None)  # type: ignore[arg-type]
    with pytest.raises(CatalogError):
        catalog.record(replace(JOAO, patient=Patient("half", "way")), broken, NOW)
    assert catalog.search(Query()).total == 0
    assert catalog.record(JOAO, facts(), NOW).new


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda path: path.write_bytes(b"no database at all" * 99), "damaged_catalog"),
        (lambda path: path.mkdir(), "catalog_disk"),
        (lambda path: make(path, "CREATE TABLE theirs (x)"), "no_catalog"),
        (lambda path: make(path, "PRAGMA application_id = 7"), "no_catalog"),
        (newer, "newer_catalog"),
    ],
)
def test_a_file_that_is_no_catalogue_of_ours_is_refused(
    path: Path, spoil: Callable[[Path], object], code: str
) -> None:
    spoil(path)
    with pytest.raises(CatalogError) as caught:
        Catalog(path)
    assert caught.value.code == code


def test_a_page_that_was_damaged_is_told_of(path: Path) -> None:
    with Catalog(path) as catalog:
        for number in range(50):
            catalog.record(replace(JOAO, study_uid=str(number)), facts(str(number)), NOW)
    whole = bytearray(path.read_bytes())
    whole[4096:] = b"\xa5" * (len(whole) - 4096)
    path.write_bytes(whole)
    with pytest.raises(CatalogError) as caught, Catalog(path) as catalog:
        catalog.search(Query())
    assert caught.value.code == "damaged_catalog"


def test_an_older_file_gets_what_is_new_and_keeps_what_it_had(path: Path) -> None:
    with Catalog(path) as catalog:
        catalog.record(JOAO, facts(), NOW)
    database = Database(path)
    more = (*MIGRATIONS, "ALTER TABLE study ADD COLUMN favourite INTEGER NOT NULL DEFAULT 0;")
    for _ in range(2):
        database.write(lambda connection: migrate(connection, more))
    rows = database.read(lambda it: it.execute("SELECT favourite FROM study").fetchall())
    versions = database.read(lambda it: it.execute("SELECT version FROM migration").fetchall())
    database.close()
    assert rows == [(0,)]
    assert versions == [(1,), (2,)]


def test_a_migration_that_fails_changes_nothing(path: Path) -> None:
    Catalog(path).close()
    database = Database(path)
    broken = (*MIGRATIONS, "CREATE TABLE half (x); CREATE TABLE half (x);")
    with pytest.raises(CatalogError):
        database.write(lambda connection: migrate(connection, broken))
    database.close()
    with Catalog(path) as catalog:
        assert catalog.record(JOAO, facts(), NOW).new


def test_no_name_is_logged_or_shown_by_accident(
    path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    told = []
    with Catalog(path) as catalog:
        for identity, name in ((JOAO, "a"), (TWINS, "b")):
            told.append(repr(catalog.record(identity, facts(name), NOW)))
        other = replace(JOAO, patient=replace(JOAO.patient, name="Souza^Ana"))
        told.append(repr(catalog.record(other, facts("c"), LATER)))
        told.append(repr(catalog.search(Query("joao"))))
        told.append(repr(catalog.search(Query())))
        told.append(repr(Query("joao")))
        with pytest.raises(CatalogError) as caught:
            catalog.record(JOAO, replace(facts(), volume_id=None), NOW)  # type: ignore[arg-type]
        told.append(repr(caught.value) + repr(caught.value.__cause__))
    shown = "".join(
        [*told, *(record.getMessage() for record in caplog.records), *capfd.readouterr()]
    )
    for secret in ("Silva", "João", "joao", "Souza", "12-345", "1990", "TWIN-", "ACC-0042", "2022"):
        assert secret not in shown
    assert "Case " in shown
