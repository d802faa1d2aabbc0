"""The imported files are kept as they are."""

import errno
import hashlib
import os
from pathlib import Path

import pytest

from imaging.errors import RefusedFileError, SourceError
from imaging.volume_store.originals import Original, OriginalStore
from tests.imaging.volume_store.test_durability import run_apart


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    folder = tmp_path / "theirs"
    folder.mkdir()
    contents = [b"", b"a", os.urandom(3_000_000), b"a"]
    for number, content in enumerate(contents):
        (folder / f"{number}.dcm").write_bytes(content)
    return sorted(folder.iterdir())


def test_files_are_kept_byte_for_byte_and_equal_ones_once(
    tmp_path: Path, files: list[Path]
) -> None:
    store = OriginalStore(tmp_path / "originals")
    before = [(path.read_bytes(), path.stat().st_mtime_ns) for path in files]
    kept = store.keep_all(files)
    wanted = [hashlib.sha256(content).hexdigest() for content, _ in before]
    assert kept == tuple(
        Original(sha256, len(content)) for sha256, (content, _) in zip(wanted, before, strict=True)
    )
    for sha256, (content, _) in zip(wanted, before, strict=True):
        assert store.path(sha256).read_bytes() == content
        store.verify(sha256)
    assert [(path.read_bytes(), path.stat().st_mtime_ns) for path in files] == before
    kept_files = [path for path in store.folder.rglob("*") if path.is_file()]
    assert len(kept_files) == 3


def test_changing_the_file_afterwards_does_not_change_what_was_kept(
    tmp_path: Path, files: list[Path]
) -> None:
    store = OriginalStore(tmp_path / "originals")
    sha256 = store.keep(files[2]).sha256
    files[2].write_bytes(b"changed")
    store.verify(sha256)


@pytest.mark.parametrize("damage", ["changed", "cut", "removed"])
def test_a_kept_file_that_is_not_what_it_was_is_told(
    tmp_path: Path, files: list[Path], damage: str
) -> None:
    store = OriginalStore(tmp_path / "originals")
    sha256 = store.keep(files[2]).sha256
    path, content = store.path(sha256), files[2].read_bytes()
    path.unlink()
    if damage != "removed":
        path.write_bytes(content[:-1] + (b"" if damage == "cut" else bytes([content[-1] ^ 1])))
    with pytest.raises(RefusedFileError) as refusal:
        store.verify(sha256)
    assert refusal.value.code == "changed_original"


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, "a" * 63, "a" * 64 + "\n"])
def test_a_name_that_is_no_hash_reaches_no_file(tmp_path: Path, name: str) -> None:
    with pytest.raises(RefusedFileError):
        OriginalStore(tmp_path).path(name)


def test_what_is_no_file_is_refused_at_once_and_leaves_nothing(tmp_path: Path) -> None:
    store = OriginalStore(tmp_path / "originals")
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", tmp_path, tmp_path / "absent"):
        with pytest.raises(SourceError):
            store.keep(path)
    assert list(store.folder.iterdir()) == []


def test_a_full_disk_is_told_and_leaves_no_original(tmp_path: Path) -> None:
    told = run_apart("keep", tmp_path / "originals")
    assert (told.stdout, told.stderr) == (str(errno.EFBIG), "")
    assert list((tmp_path / "originals").iterdir()) == []
