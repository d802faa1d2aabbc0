import errno
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workspace.errors import UploadError
from workspace.uploading.file_stream import FileStream


@contextmanager
def files_no_longer_than(size: int) -> Iterator[None]:
    """Let the system refuse to make a file longer, as it does on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def names(sizes: list[int]) -> list[str]:
    return [f"{at % 3}/{at}" for at in range(len(sizes))]


@given(sizes=st.lists(st.integers(0, 20), min_size=1, max_size=12), cuts=st.data())
def test_any_cuts_and_restarts_give_the_same_files(
    tmp_path_factory: pytest.TempPathFactory, sizes: list[int], cuts: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("stream")
    content = bytes(at % 251 for at in range(sum(sizes)))
    stream = FileStream(folder, names(sizes), sizes)
    while stream.offset < stream.total:
        size = cuts.draw(st.integers(1, stream.total - stream.offset))
        stream.append(memoryview(content[stream.offset : stream.offset + size]))
        again = FileStream(folder, names(sizes), sizes)
        assert again.offset == stream.offset
        stream = again
    stream.complete()
    written = [(folder / name).read_bytes() for name in names(sizes)]
    assert [len(one) for one in written] == sizes
    assert b"".join(written) == content


def test_what_the_disk_had_no_room_for_is_not_counted_and_not_there(tmp_path: Path) -> None:
    stream = FileStream(tmp_path, ["a", "b"], [4, 100])
    with files_no_longer_than(50):
        stream.append(memoryview(b"a" * 4 + b"b" * 30))
        with pytest.raises(OSError, match="large") as refused:
            stream.append(memoryview(b"c" * 60))
    assert refused.value.errno == errno.EFBIG
    assert stream.offset == 34
    assert (tmp_path / "b").read_bytes() == b"b" * 30
    stream.append(memoryview(b"d" * 70))
    stream.complete()
    assert (tmp_path / "b").read_bytes() == b"b" * 30 + b"d" * 70


def test_a_link_that_somebody_put_in_the_way_is_not_followed(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("mine")
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "a").symlink_to(victim)
    stream = FileStream(folder, ["a"], [100])
    with pytest.raises(OSError, match="symbolic links"):
        stream.append(memoryview(b"x" * 100))
    assert victim.read_text() == "mine"


def test_a_file_that_was_cut_behind_our_back_is_found(tmp_path: Path) -> None:
    stream = FileStream(tmp_path, ["a", "b"], [4, 4])
    stream.append(memoryview(b"aaaabbbb"))
    (tmp_path / "a").write_bytes(b"aa")
    with pytest.raises(UploadError, match="was changed on the server"):
        stream.complete()
