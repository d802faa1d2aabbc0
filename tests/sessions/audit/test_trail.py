import asyncio
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from itertools import count
from pathlib import Path

import apsw
import pytest

from sessions.audit.reading import Wanted, read_trail, verify_trail
from sessions.audit.records import Kind
from sessions.audit.trail import FILE_NAME, AuditTrail
from sessions.errors import AuditError, DamagedAuditError
from tests.sessions.audit.events import NOW_MS, adoption, altered, change, event, numbered
from tests.sessions.failing_disk import FailingDisk

_names = count(1)

ANOTHER_ROOM = "CAST(replace(payload, 'r1', 'r2') AS BLOB)"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / FILE_NAME


@pytest.fixture
async def trail(path: Path) -> AsyncIterator[AuditTrail]:
    trail = AuditTrail(path)
    yield trail
    await trail.close()


async def test_what_was_appended_is_read_and_goes_on_after_a_restart(path: Path) -> None:
    """K3."""
    for number in range(3):
        trail = AuditTrail(path)
        (entry,) = await trail.append([event(at_ms=NOW_MS + number)])
        assert entry.sequence == number + 1
        await trail.close()
    assert [it.event.at_ms - NOW_MS for it in read_trail(path)] == [0, 1, 2]
    assert verify_trail(path) == (3, entry.hash)


async def test_a_copy_taken_after_the_answer_holds_the_entry(
    trail: AuditTrail, path: Path, tmp_path: Path
) -> None:
    """K3."""
    await trail.append([event()])
    copy = tmp_path / "copy"
    copy.mkdir()
    for name in (FILE_NAME, f"{FILE_NAME}-wal"):
        (copy / name).write_bytes(path.with_name(name).read_bytes())
    assert verify_trail(copy / FILE_NAME).sequence == 1


def test_a_data_folder_without_a_trail_has_no_entries(path: Path) -> None:
    """K2."""
    assert verify_trail(path).sequence == 0
    assert not path.exists()
    path.touch()
    assert verify_trail(path).sequence == 0


async def test_the_file_is_for_its_owner_only(trail: AuditTrail, path: Path) -> None:
    """K1."""
    await trail.append([event()])
    for name in (FILE_NAME, f"{FILE_NAME}-wal"):
        assert path.with_name(name).stat().st_mode & 0o077 == 0


async def test_entries_are_found_by_room_time_and_kind(trail: AuditTrail, path: Path) -> None:
    """K4."""
    rooms = [event(room_id=f"r{number % 2}", at_ms=NOW_MS + number) for number in range(6)]
    await trail.append([*rooms, event(Kind.SIGNED_IN, "")])

    def found(wanted: Wanted) -> list[int]:
        return [entry.sequence for entry in read_trail(path, wanted)]

    assert found(Wanted(room_id="r1")) == [2, 4, 6]
    assert found(Wanted(since_ms=NOW_MS + 4)) == [5, 6]
    assert found(Wanted(kind=Kind.SIGNED_IN)) == [7]
    assert found(Wanted(room_id="r0", since_ms=NOW_MS + 1, kind=Kind.LEFT)) == []


@pytest.mark.parametrize(
    ("statement", "sequence"),
    [
        (f"UPDATE entries SET payload = {ANOTHER_ROOM} WHERE sequence = 3", 3),
        ("DELETE FROM entries WHERE sequence = 2", 2),
        ("DELETE FROM entries WHERE sequence > 3", 4),
        ("UPDATE entries SET sequence = sequence + 1 WHERE sequence = 5", 5),
        ("UPDATE entries SET room_id = 'r9' WHERE sequence = 4", 4),
        ("UPDATE trail SET value = '4' WHERE key = 'head_sequence'", 5),
    ],
)
async def test_what_was_done_to_the_file_is_named(
    trail: AuditTrail, path: Path, statement: str, sequence: int
) -> None:
    """K2; rows 60 and 61 of the abuse list."""
    await trail.append(list(numbered(5)))
    altered(path, statement)
    with pytest.raises(DamagedAuditError, match=f"at entry {sequence}:") as caught:
        verify_trail(path)
    assert caught.value.sequence == sequence


def test_a_table_without_a_chain_notices_none_of_it(tmp_path: Path) -> None:
    """K2; rows 60 and 61 of the abuse list bite the naive build."""
    naive = tmp_path / "naive.sqlite"
    altered(
        naive,
        "CREATE TABLE audit (id INTEGER PRIMARY KEY, what TEXT NOT NULL) STRICT",
        "INSERT INTO audit (what) VALUES ('ana opened'), ('eve exported'), ('ana left')",
    )
    for statement in (
        "UPDATE audit SET what = 'eve opened' WHERE id = 2",
        "DELETE FROM audit WHERE id = 2",
        "UPDATE audit SET id = -id",
        "UPDATE audit SET id = id + 4",
    ):
        altered(naive, statement)
        connection = apsw.Connection(str(naive), flags=apsw.SQLITE_OPEN_READONLY)
        numbers = [number for (number,) in connection.execute("SELECT id FROM audit ORDER BY id")]
        assert connection.pragma("integrity_check") == "ok"
        assert numbers == sorted(set(numbers))  # no more can be asked of it
        connection.close()


async def test_entries_before_the_damage_are_still_read(trail: AuditTrail, path: Path) -> None:
    """K2."""
    await trail.append(list(numbered(5)))
    altered(path, "DELETE FROM entries WHERE sequence = 3")
    read = read_trail(path)
    assert [next(read).sequence, next(read).sequence] == [1, 2]
    with pytest.raises(DamagedAuditError):
        next(read)


@pytest.mark.parametrize(
    "statement", ["DELETE FROM trail", "DROP TABLE entries", "DROP TABLE trail"]
)
async def test_a_trail_without_its_tables_is_refused_with_a_sentence(
    path: Path, statement: str
) -> None:
    """K2."""
    trail = AuditTrail(path)
    await trail.append([event()])
    await trail.close()
    altered(path, statement)
    with pytest.raises(AuditError, match="keep the file as evidence"):
        verify_trail(path)


def test_a_file_that_is_no_trail_is_refused_with_a_sentence(path: Path) -> None:
    """K2."""
    path.write_bytes(b"not a database, but long enough to look like one" * 50)
    with pytest.raises(AuditError, match="cannot be read"):
        verify_trail(path)


async def test_two_writers_and_a_reader_share_one_chain(path: Path) -> None:
    """K4."""
    one, other = AuditTrail(path), AuditTrail(path)
    await one.append([event()])
    await asyncio.gather(*(it.append([event(Kind.SAW)]) for it in (one, other) * 5))
    assert verify_trail(path).sequence == 11
    await asyncio.gather(one.close(), other.close())


def test_another_process_appends_to_the_same_chain(path: Path) -> None:
    """K4."""
    script = (
        "import asyncio, sys; from pathlib import Path\n"
        "from sessions.audit.trail import AuditTrail\n"
        "from tests.sessions.audit.events import numbered\n"
        "async def main():\n"
        "    trail = AuditTrail(Path(sys.argv[1]))\n"
        "    for event in numbered(20): await trail.append([event])\n"
        "    await trail.close()\n"
        "asyncio.run(main())\n"
    )
    command = [sys.executable, "-c", script, str(path)]
    writers = [subprocess.Popen(command) for _ in range(2)]
    assert [it.wait(60) for it in writers] == [0, 0]
    assert verify_trail(path).sequence == 40


async def test_a_change_is_noted_once(trail: AuditTrail, path: Path) -> None:
    """K5."""
    await trail.append([adoption(0, "0" * 64), change(1, "a" * 64), change(2, "b" * 64)])
    again = await trail.append([change(1, "a" * 64), change(2, "b" * 64), change(3, "c" * 64)])
    assert [it.event.object.revision for it in again] == [3]
    mark = await trail.mark_of("r1")
    assert mark is not None
    assert (mark.revision, mark.hash) == (3, "c" * 64)
    assert await trail.mark_of("r2") is None
    assert verify_trail(path).sequence == 4


async def test_a_removed_room_begins_anew(trail: AuditTrail) -> None:
    """K5."""
    await trail.append([adoption(0, "0" * 64), change(1, "a" * 64), event(Kind.ROOM_REMOVED)])
    assert await trail.mark_of("r1") is None
    entries = await trail.append([adoption(0, "0" * 64), change(1, "d" * 64)])
    assert len(entries) == 2


async def test_a_mark_without_the_entry_before_it_is_not_believed(
    trail: AuditTrail, path: Path
) -> None:
    """K2."""
    await trail.append([adoption(0, "0" * 64), event(), change(1, "a" * 64)])
    altered(path, "DELETE FROM entries WHERE sequence = 2")
    with pytest.raises(DamagedAuditError, match="damaged at entry 2: it is missing"):
        await trail.mark_of("r1")


async def test_a_damaged_mark_is_told_and_not_believed(trail: AuditTrail, path: Path) -> None:
    """K2."""
    await trail.append([adoption(0, "0" * 64), change(1, "a" * 64)])
    other = "CAST(replace(payload, 'aaaa', 'bbbb') AS BLOB)"
    altered(path, f"UPDATE entries SET payload = {other} WHERE sequence = 2")
    with pytest.raises(AuditError, match="damaged at entry 2"):
        await trail.mark_of("r1")


@pytest.mark.parametrize("error", [apsw.FullError("full"), apsw.IOError("io")])
@pytest.mark.parametrize("where", ["failing_writes", "failing_syncs"])
async def test_nothing_is_noted_on_a_disk_that_fails_and_all_goes_on_when_it_works(
    path: Path, error: Exception, where: str
) -> None:
    """K3."""
    disk = FailingDisk(f"audit-{next(_names)}")
    trail = AuditTrail(path, disk.name)
    await trail.append([event()])
    setattr(disk, where, error)
    with pytest.raises(AuditError, match="disk"):
        await trail.append([event(Kind.EXPORTED)])
    setattr(disk, where, None)
    await trail.append([event(Kind.LEFT)])
    await trail.close()
    kinds = [entry.event.kind for entry in read_trail(path)]
    # After a failed fsync nobody can say what is on disk: the entry may be there.
    assert kinds in ([Kind.OPENED, Kind.LEFT], [Kind.OPENED, Kind.EXPORTED, Kind.LEFT])
    disk.unregister()


async def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    """K3."""
    trail = AuditTrail(tmp_path / "nowhere" / FILE_NAME)
    with pytest.raises(AuditError, match="cannot be written; check its disk"):
        await trail.append([event()])
    await trail.close()


async def test_a_trail_of_another_version_is_refused(path: Path) -> None:
    """K4."""
    trail = AuditTrail(path)
    await trail.append([event()])
    await trail.close()
    altered(path, "UPDATE trail SET value = '9' WHERE key = 'schema_version'")
    again = AuditTrail(path)
    with pytest.raises(AuditError, match="another version of Commissure"):
        await again.append([event()])
    await again.close()


async def test_a_closed_trail_takes_nothing(path: Path) -> None:
    """K3."""
    trail = AuditTrail(path)
    await trail.close()
    with pytest.raises(AuditError):
        await trail.append([event()])


def test_what_was_noted_is_there_after_kills_and_the_chain_goes_on(path: Path) -> None:
    """K3."""
    command = [sys.executable, "-m", "tests.sessions.audit.noting_until_killed", str(path)]
    noted = 0
    for life in range(5):
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            first = process.stdout.readline()
            time.sleep(0.004 * life)  # other moments of its work in each life
            process.kill()
            lines = (first + process.stdout.read()).decode().split("\n")[:-1]
        assert int(first) > noted
        noted = int(lines[-1])
        assert verify_trail(path).sequence >= noted
