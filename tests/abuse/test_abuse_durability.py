"""What a room must not lose, and what nobody must be able to change: on a naive log, then here."""

import shutil
import subprocess
import sys
from pathlib import Path

import apsw
import pytest

from tests.abuse.naive_builds.approvals import NaivePlan, naive_deidentified
from tests.abuse.naive_builds.notes import FILE_NAME, NaiveFeed, NaiveNode, NaiveNotes
from tests.sessions.failing_disk import FailingDisk


def test_a_naive_log_loses_what_it_acknowledged_when_it_is_killed(tmp_path: Path) -> None:
    """Row 55."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.abuse.naive_builds.notes", str(tmp_path)],
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        for _ in range(250):
            process.stdout.readline()
        process.kill()
        acknowledged = 250 + len(process.stdout.read().split("\n")) - 1
    connection = apsw.Connection(str(tmp_path / FILE_NAME))
    kept = connection.execute("SELECT count(*) FROM notes").get
    connection.close()
    assert kept < acknowledged


def test_a_naive_log_acknowledges_on_a_disk_that_fails(tmp_path: Path) -> None:
    """Row 57: with synchronous=OFF nobody asks the disk."""
    disk = FailingDisk("naive-disk")
    notes = NaiveNotes(tmp_path, vfs=disk.name)
    disk.failing_syncs = apsw.IOError("the disk is gone")
    assert notes.add(1.0, "cut the skull")
    notes.close()


def test_a_naive_log_does_a_repeated_operation_twice(tmp_path: Path) -> None:
    """Row 58: the page that lost the answer sends it again."""
    notes = NaiveNotes(tmp_path)
    for _ in range(2):
        notes.add(1.0, "move the fragment by 2 mm")
    assert len(notes.texts()) == 2
    notes.close()


def test_a_naive_page_that_was_away_never_hears_what_it_missed() -> None:
    """Row 59."""
    feed = NaiveFeed()
    page: dict[str, str] = {}
    feed.connect(page)
    feed.change("cut", "at 10 mm")
    feed.lose(page)
    feed.change("cut", "at 12 mm")
    feed.connect(page)
    feed.change("note", "ready")
    assert page != feed.state


def test_a_naive_log_does_not_see_a_flipped_bit(tmp_path: Path) -> None:
    """Row 60."""
    notes = NaiveNotes(tmp_path)
    notes.add(1.0, "cut at 10 mm")
    notes.close()
    file = tmp_path / FILE_NAME
    file.write_bytes(file.read_bytes().replace(b"cut at 10 mm", b"cut at 90 mm"))
    again = NaiveNotes(tmp_path)
    assert again.verify()
    assert again.texts() == ["cut at 90 mm"]
    again.close()


@pytest.mark.parametrize(
    "change",
    ["DELETE FROM notes WHERE text = 'by Ana'", "UPDATE notes SET at = 3 - at"],
    ids=["deleted", "reordered"],
)
def test_a_naive_trail_does_not_see_a_row_that_was_taken_or_moved(
    tmp_path: Path, change: str
) -> None:
    """Row 61."""
    notes = NaiveNotes(tmp_path)
    notes.add(1.0, "by Ana")
    notes.add(2.0, "by Ben")
    apsw.Connection(str(tmp_path / FILE_NAME)).execute(change)
    assert notes.verify()
    assert notes.texts() != ["by Ana", "by Ben"]
    notes.close()


def test_a_naive_log_puts_things_out_of_order_when_the_clock_goes_back(tmp_path: Path) -> None:
    """Row 62."""
    notes = NaiveNotes(tmp_path)
    notes.add(7200.0, "place the cut")
    notes.add(3600.0, "apply the cut")
    assert notes.texts() == ["apply the cut", "place the cut"]
    notes.close()


def test_of_two_naive_nodes_one_overwrites_the_other(tmp_path: Path) -> None:
    """Row 63."""
    first, second = NaiveNode.claim(tmp_path / "room"), NaiveNode.claim(tmp_path / "room")
    second.add("by Ben, on the new node")
    first.add("by Ana, on the old node")
    assert NaiveNode.claim(tmp_path / "room").notes == ["by Ana, on the old node"]


def test_a_naive_backup_lacks_what_was_acknowledged_before_it(tmp_path: Path) -> None:
    """Row 64: the newest rows are in the file beside the one that is copied."""
    room, backup = tmp_path / "room", tmp_path / "backup"
    room.mkdir()
    backup.mkdir()
    notes = NaiveNotes(room, "FULL")
    notes.add(1.0, "cut at 10 mm")
    shutil.copy(room / FILE_NAME, backup)
    restored = NaiveNotes(backup)
    assert restored.texts() != notes.texts()
    restored.close()
    notes.close()


def test_a_naive_export_keeps_whoever_is_named_elsewhere() -> None:
    """Row 65."""
    record = {
        "PatientName": "Doe^Jane",
        "PatientID": "4711",
        "notes": ["Jane Doe's left side"],
        "members": ["Ana Reis"],
    }
    given_away = naive_deidentified(record)
    assert all(it in given_away for it in ("4711", "Jane Doe", "Ana Reis"))


def test_a_naive_plan_stays_approved_whatever_is_done_to_it() -> None:
    """Row 66."""
    plan = NaivePlan()
    plan.approve("Ana")
    plan.edit("another cut")
    assert plan.approved_by == "Ana"
