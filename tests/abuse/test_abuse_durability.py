"""What a room must not lose, nor give away, and nobody change: on naive builds, then here.

What our log and rooms do of it is tried in `tests/sessions`: see the table.
"""

import gzip
import shutil
import subprocess
import sys
from pathlib import Path

import apsw
import pytest

from imaging.dicom.reading import read_volume
from imaging.formats import write_volume
from sessions.audit.reading import read_trail
from sessions.audit.trail import FILE_NAME as TRAIL
from sessions.plan.commands import OpenCase
from sessions.plan.records import Role
from tests.abuse.naive_builds.approvals import NaivePlan, naive_deidentified
from tests.abuse.naive_builds.notes import FILE_NAME, NaiveFeed, NaiveNode, NaiveNotes
from tests.imaging.dicom.planes import stack, write_planes
from tests.sessions.failing_disk import FailingDisk
from tests.sessions.scene import SOURCE, pin
from tests.workspace.served_room import OTHER_ROOM, Guest, served
from tests.workspace.test_canaries import marked, require_clean
from workspace.audit.exporting import FORMS, write_export
from workspace.planning.pool import GeometryPool


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


@pytest.mark.parametrize("suffix", [".nii", ".nii.gz", ".nrrd", ".mha"])
def test_an_image_that_is_given_away_names_nobody(tmp_path: Path, suffix: str) -> None:
    """Row 65: neither name, id nor date of the series that it was made from."""
    write_planes(tmp_path / "in", marked(stack()))
    out = tmp_path / f"out{suffix}"
    write_volume(out, read_volume([tmp_path / "in"]))
    content = out.read_bytes()
    content += gzip.decompress(content) if suffix.endswith("gz") else b""
    require_clean(content.decode("latin-1"))


async def test_the_audit_trail_of_a_room_names_nobody_in_any_form(
    tmp_path: Path, pool: GeometryPool
) -> None:
    """Row 65: who did what is told by ids, and what was done by its kind."""
    canary = "Doe^Jane^canary"
    async with served(tmp_path / "data", pool) as server, Guest.arriving(server) as ana:
        hosted = await server.hosting.create(OTHER_ROOM)
        await hosted.record_as_server(OpenCase(title=canary, source=SOURCE))
        await ana.join(await server.link(Role.OWNER, OTHER_ROOM), canary)
        async with ana.in_room() as line:
            await line.ask(pin("n1", "bone", text=canary))
        await ana.get("bundle")
        await ana.get(f"export/{canary}")
    for form in FORMS:
        out = tmp_path / form
        write_export(read_trail(tmp_path / "data" / TRAIL), form, out, "test")
        assert out.stat().st_size > 0
        assert b"canary" not in out.read_bytes()


def test_a_naive_plan_stays_approved_whatever_is_done_to_it() -> None:
    """Row 66."""
    plan = NaivePlan()
    plan.approve("Ana")
    plan.edit("another cut")
    assert plan.approved_by == "Ana"
