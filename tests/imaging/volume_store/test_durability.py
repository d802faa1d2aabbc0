"""Whole or nothing: crashes, full disks, removals, two at once."""

import errno
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from imaging.errors import RefusedFileError, SourceError
from imaging.volume_store.store import VolumeStore
from tests.imaging.volume_store.stored_volumes import noise, volume


def run_apart(act: str, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.imaging.volume_store.storing_until_killed", act]
    return subprocess.run([*command, str(folder)], capture_output=True, text=True, check=False)


def test_a_process_that_is_killed_leaves_nothing_that_counts(tmp_path: Path) -> None:
    assert run_apart("die", tmp_path).returncode == -9
    left = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in left) > 500_000  # it was in the middle of it
    store = VolumeStore(tmp_path)
    assert store.keys() == ()
    assert store.remove_stale_drafts() == 1
    assert list(tmp_path.iterdir()) == []


def test_the_draft_of_a_living_process_is_not_swept_away(tmp_path: Path) -> None:
    store = VolumeStore(tmp_path)
    given = volume(noise((5, 5, 5)))
    with store.writing() as writer:
        array = writer.begin((5, 5, 5), given.voxels.dtype)
        assert store.remove_stale_drafts() == 0
        array[...] = given.voxels
        for k in range(5):
            writer.filled(k)
        import dataclasses

        writer.finish(dataclasses.replace(given, voxels=array))
    assert len(store.keys()) == 1


def test_a_full_disk_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    told = run_apart("full", tmp_path)
    assert (told.stdout, told.stderr) == (f"{errno.EFBIG} {tmp_path}", "")
    assert list(tmp_path.iterdir()) == []


def test_an_import_that_fails_leaves_nothing(tmp_path: Path) -> None:
    store = VolumeStore(tmp_path)

    def import_a_broken_series() -> None:
        with store.writing() as writer:
            writer.begin((70, 64, 64), noise((1, 1, 1)).dtype)[...] = 0
            for k in range(66):
                writer.filled(k)
            raise RefusedFileError("a slice is cut short", "truncated_file")

    with pytest.raises(RefusedFileError):
        import_a_broken_series()
    assert list(tmp_path.iterdir()) == []


def test_two_that_store_the_same_volume_at_once_make_one(tmp_path: Path) -> None:
    store = VolumeStore(tmp_path)
    given = [volume(noise((70, 64, 64))) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        stored = list(pool.map(store.put, given))
    assert {one.key for one in stored} == set(store.keys())
    assert [one.is_new for one in stored].count(True) == len(store.keys()) == 1
    store.open(stored[0].key).verify()


def test_a_removed_volume_is_gone(tmp_path: Path) -> None:
    store = VolumeStore(tmp_path)
    key = store.put(volume(noise((5, 5, 5)))).key
    store.remove(key)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(SourceError):
        store.open(key)


@pytest.mark.parametrize("key", ["", "..", "../outside", "/etc", ".draft-abc", "a\0b", "v0-zz"])
def test_what_is_no_key_opens_and_removes_nothing(tmp_path: Path, key: str) -> None:
    store = VolumeStore(tmp_path)
    for act in (store.open, store.remove):
        with pytest.raises(SourceError, match="no stored volume"):
            act(key)
