"""Every refusal on the command line: one sentence, exit 1, nothing written, nobody named."""

import os
import shutil
import socket
import subprocess
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pydicom
import pytest

from tests.workspace.command import Ended, commissure, line_with, ready, running, told_to_stop

QUICK: Final = ("--engine", "threshold", "--set", "lower_hu=300", "--port", "0")
CANARY: Final = "Canary^Patient"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def series(coarse_series: Path, tmp_path: Path) -> Path:
    """A copy of the phantom whose patient has a name."""
    folder = tmp_path / "series"
    shutil.copytree(coarse_series, folder)
    for path in instances(folder):
        dataset = pydicom.dcmread(path)
        dataset.PatientName = CANARY
        dataset.PatientID = "canary-77"
        dataset.save_as(path)
    return folder


def instances(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


KEPT: Final = {"intake.lock", "audit.sqlite"}
"""What a server that ran for a moment leaves: that it did stays on record."""


def require_refused(ended: Ended, data: Path) -> str:
    """Return the sentence of a refusal that left nothing behind and named nobody."""
    assert ended.code == 1, ended
    assert "Traceback" not in ended.err
    assert "anary" not in ended.err + ended.out
    left = (
        [path for path in data.rglob("*") if path.is_file() and path.name not in KEPT]
        if data.is_dir()
        else []
    )
    assert left == []
    assert list((data / "rooms").glob("*")) == []
    return ended.sentence


def test_a_folder_without_dicom(tmp_path: Path, data: Path) -> None:
    folder = tmp_path / "letters"
    folder.mkdir()
    (folder / "letter.txt").write_text("Dear colleague")
    ended = commissure("open", folder, "--data", data, *QUICK)
    assert "DICOM" in require_refused(ended, data)
    assert ended.out == ""


def test_an_empty_folder(tmp_path: Path, data: Path) -> None:
    folder = tmp_path / "empty"
    folder.mkdir()
    assert require_refused(commissure("open", folder, "--data", data, *QUICK), data)


def test_a_wrong_path(tmp_path: Path, data: Path) -> None:
    ended = commissure("open", tmp_path / "nowhere", "--data", data, *QUICK)
    assert "nowhere" in require_refused(ended, data)
    assert not data.exists()


@pytest.mark.parametrize("share", [0.02, 0.6])
def test_a_file_cut_short(series: Path, data: Path, share: float) -> None:
    victim = instances(series)[9]
    whole = victim.read_bytes()
    victim.write_bytes(whole[: int(len(whole) * share)])
    assert require_refused(commissure("open", series, "--data", data, *QUICK), data)


def test_two_series_in_one_folder(series: Path, data: Path) -> None:
    other = series / "other"
    other.mkdir()
    for path in instances(series):
        dataset = pydicom.dcmread(path)
        dataset.SeriesInstanceUID = pydicom.uid.UID("1.2.826.0.1.3680043.8.498.77")
        own = pydicom.uid.UID(f"{dataset.SOPInstanceUID}.7")
        dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID = own
        dataset.save_as(other / path.name)
    ended = commissure("open", series, "--data", data, *QUICK)
    assert "2 volumes" in require_refused(ended, data)
    assert ended.out == ""  # no link was given out


def test_a_missing_slice(series: Path, data: Path) -> None:
    instances(series)[5].unlink()
    assert "slice" in require_refused(commissure("open", series, "--data", data, *QUICK), data)


def test_a_port_in_use(coarse_series: Path, data: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        for verb in (("open", coarse_series), ("demo",)):
            ended = commissure(*verb, "--data", data, "--port", port)
            sentence = require_refused(ended, data)
            assert f"port {port} on 127.0.0.1 is in use; choose another with --port" in sentence
            assert ended.out == ""


def test_an_address_of_another_machine(coarse_series: Path, data: Path) -> None:
    elsewhere = ("open", coarse_series, "--data", data, "--host", "192.0.2.1", *QUICK)
    assert "without https" in require_refused(commissure(*elsewhere), data)
    ended = commissure(*elsewhere, "--insecure-http")
    assert "cannot listen on 192.0.2.1" in require_refused(ended, data)


@pytest.mark.parametrize("blocks", [0, 64])
def test_a_disk_with_room_for_part_of_a_case(coarse_series: Path, data: Path, blocks: int) -> None:
    """No file may grow beyond so many blocks of 512 bytes."""
    ended = commissure(
        "open", coarse_series, "--data", data, *QUICK, shell_before=f"ulimit -f {blocks}"
    )
    sentence = require_refused(ended, data)
    assert "full" in sentence or "cannot be written" in sentence


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "small"
    folder.mkdir()
    size = "size=300k"
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", size, "tmpfs", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("a disk of 300 kB needs the right to mount one")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk(coarse_series: Path, small_disk: Path) -> None:
    data = small_disk / "data"
    ended = commissure("open", coarse_series, "--data", data, *QUICK)
    assert "full; free some space" in require_refused(ended, data)
    (small_disk / "rest").write_bytes(b"x" * (small_disk_free(small_disk)))
    ended = commissure("open", coarse_series, "--data", small_disk / "other", *QUICK)
    assert "full" in require_refused(ended, small_disk / "other")


def small_disk_free(folder: Path) -> int:
    return shutil.disk_usage(folder).free


def test_a_data_folder_that_is_a_file(coarse_series: Path, data: Path) -> None:
    data.write_text("no folder")
    ended = commissure("open", coarse_series, "--data", data, *QUICK)
    assert ended.code == 1
    assert "cannot be written" in ended.sentence
    assert data.read_text() == "no folder"


def test_a_data_folder_that_may_not_be_written(coarse_series: Path, tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("the superuser may write anywhere")
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o500)
    ended = commissure("open", coarse_series, "--data", locked / "data", *QUICK)
    assert "cannot be written (permission denied)" in require_refused(ended, locked)


@pytest.mark.parametrize("title", ["x" * 201, "Twins\n", " "])
def test_a_title_that_is_none(coarse_series: Path, data: Path, title: str) -> None:
    ended = commissure("open", coarse_series, "--data", data, *QUICK, "--title", title)
    assert "title" in require_refused(ended, data)
    assert ended.out == ""


def test_serving_a_folder_without_rooms(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "nowhere"):
        with running("serve", "--data", folder, "--port", "0") as process:
            assert str(folder) in line_with(process, "there are no rooms yet.")
            line_with(process, "bring in images")
            with urllib.request.urlopen(line_with(process, "/import/").strip()) as page:
                assert page.status == 200
            assert told_to_stop(process)[0] == 0


def test_a_damaged_room_is_named_and_the_others_are_served(data: Path) -> None:
    for room in ("whole", "torn", "garbled"):
        assert commissure("room", "create", room, "--data", data).code == 0
    torn = data / "rooms" / "torn" / "room.sqlite"
    torn.write_bytes(torn.read_bytes()[:5000])
    (data / "rooms" / "garbled" / "room.sqlite").write_bytes(b"no database at all" * 1000)
    with running("serve", "--data", data, "--port", "0", "--json") as process:
        document = ready(process)
        assert [room["room"] for room in document["rooms"]] == ["whole"]
        assert set(document["not_served"]) == {"torn", "garbled"}
        _, _, err = told_to_stop(process)
    lines = [line for line in err.splitlines() if line.startswith("commissure: ")]
    assert len(lines) == 2
    assert all("is not served: " in line and "restore" in line for line in lines)


def test_a_second_server_on_the_same_rooms(data: Path) -> None:
    commissure("room", "create", "theatre", "--data", data)
    with running("serve", "--data", data, "--port", "0", "--json") as process:
        ready(process)
        second = commissure("serve", "--data", data, "--port", "0")
        assert "chain whole" in commissure("room", "verify", "theatre", "--data", data).out
        assert commissure("room", "replay", "theatre", "--data", data).code == 0
        told_to_stop(process)
    assert second.code == 1
    assert "room theatre is open in another server; stop that one" in second.sentence


@pytest.mark.parametrize("verb", ["invite", "verify", "replay"])
def test_no_such_room(tmp_path: Path, verb: str) -> None:
    ended = commissure("room", verb, "nowhere", "--data", tmp_path)
    assert ended.code == 1
    assert "there is no room nowhere here" in ended.sentence
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x03\x04" + b"\0" * 100])
def test_a_bundle_that_is_none(tmp_path: Path, data: Path, content: bytes) -> None:
    bundle = tmp_path / "room.commissure"
    bundle.write_bytes(content)
    for verb in (("open",), ("room", "import")):
        port = ("--port", "0") if verb == ("open",) else ()
        ended = commissure(*verb, bundle, "--data", data, *port)
        assert "room.commissure is no room bundle" in require_refused(ended, data)


def test_a_bundle_that_is_not_there(tmp_path: Path, data: Path) -> None:
    ended = commissure("open", tmp_path / "none.commissure", "--data", data, "--port", "0")
    assert "there is no file" in require_refused(ended, data)


@pytest.mark.parametrize(
    "arguments",
    [
        ("fly",),
        ("open",),
        ("open", "x", "--port", "70000"),
        ("open", "x", "--set", "a=1"),
        ("open", "x", "--as", "room"),
        ("open", "x.commissure", "--title", "T"),
        ("room", "invite", "x", "--role", "king"),
    ],
)
def test_misuse_ends_with_2_and_no_traceback(arguments: tuple[str, ...], tmp_path: Path) -> None:
    more = ("--data", tmp_path) if arguments[0] != "fly" else ()
    ended = commissure(*arguments, *more)
    assert ended.code == 2, ended
    assert ended.err
    assert "Traceback" not in ended.err
    assert list(tmp_path.iterdir()) == []


def test_the_version_and_the_help_are_told() -> None:
    assert commissure("--version").out == "commissure 0.1.0\n"
    text = commissure("--help").out
    for verb in ("demo", "open", "serve", "room", "inspect", "convert", "segment", "surface"):
        assert f"  {verb} " in text
