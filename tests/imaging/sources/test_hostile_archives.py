"""Archives made to harm (abuse list 37 and 38): each refused here, each harming a naive reader."""

import io
import resource
import tracemalloc
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from imaging.errors import ImagingError, RefusedFileError, SourceError
from imaging.sources.limits import DEFAULT_SOURCE_LIMITS, SourceLimits
from imaging.sources.opening import opened_sources
from tests.imaging.sources.crafted_archives import (
    HEAD,
    Member,
    archive,
    deflated,
    deflated_zeros,
    end_record,
)

MIB = 2**20


@pytest.fixture
def scratch(tmp_path: Path) -> Iterator[Path]:
    """Return a folder to unpack in, which must be empty again, as must all around it."""
    folder = tmp_path / "around" / "scratch"
    folder.mkdir(parents=True)
    yield folder
    assert list((tmp_path / "around").rglob("*")) == [folder]


def refusal(
    tmp_path: Path, content: bytes, scratch: Path, limits: SourceLimits = DEFAULT_SOURCE_LIMITS
) -> ImagingError:
    """Return how an archive that is given itself is refused."""
    path = tmp_path / "given.zip"
    path.write_bytes(content)
    with (
        pytest.raises(ImagingError) as error,
        opened_sources([path], limits=limits, scratch=scratch),
    ):
        pass
    assert str(error.value).startswith(("unpacking ", "the disk ", str(path)))
    return error.value


def naive_bytes(content: bytes, enough: int) -> tuple[int, int]:
    """Inflate the first member as a naive reader does; return bytes out, bytes in, up to enough."""
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        packed = opened.infolist()[0].compress_size
        inflater = zlib.decompressobj(-15)
        start = content.index(b"PK\x03\x04") + 30 + len(opened.infolist()[0].filename)
        out = read = 0
        while out < enough and read < packed:
            block = content[start + read : start + min(read + 4096, packed)]
            read += len(block)
            out += len(inflater.decompress(block))
    return out, read


# 37: bombs


def test_a_bomb_is_refused_before_a_byte_of_it_is_written(tmp_path: Path, scratch: Path) -> None:
    bomb = archive([Member(b"IM1", deflated_zeros(3072), 8, size=3072 * MIB + len(HEAD), crc32=0)])
    assert len(bomb) < 4 * MIB
    error = refusal(tmp_path, bomb, scratch)
    assert isinstance(error, RefusedFileError)
    assert error.code == "archive_too_large"


def test_a_naive_reader_inflates_a_bomb_a_thousandfold() -> None:
    bomb = archive([Member(b"IM1", deflated_zeros(3072), 8, size=3072 * MIB + len(HEAD), crc32=0)])
    out, read = naive_bytes(bomb, enough=64 * MIB)
    assert out / read > 900


def test_a_member_that_is_longer_than_it_claims_is_cut_off_there(
    tmp_path: Path, scratch: Path
) -> None:
    liar = archive([Member(b"IM1", deflated_zeros(64), 8, size=1000, crc32=zlib.crc32(HEAD))])
    assert naive_bytes(liar, enough=32 * MIB)[0] >= 32 * MIB
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2 * MIB, limit[1]))  # no more may be written
    try:
        error = refusal(tmp_path, liar, scratch)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
    assert error.code == "damaged_archive"
    assert "claims" in str(error)


def test_what_the_library_makes_of_a_lie_is_a_file_cut_short_in_silence() -> None:
    whole = HEAD + b"the rest"
    liar = archive([Member(b"IM1", deflated(whole), 8, size=len(HEAD), crc32=zlib.crc32(HEAD))])
    with zipfile.ZipFile(io.BytesIO(liar)) as opened:
        assert opened.read("IM1") == HEAD


def test_a_member_that_claims_more_than_deflate_can_do_is_refused(
    tmp_path: Path, scratch: Path
) -> None:
    packed = deflated(HEAD)
    member = Member(b"IM1", packed, 8, size=1033 * len(packed), crc32=0)
    assert refusal(tmp_path, archive([member]), scratch).code == "unsafe_archive"


def overlapping(times: int) -> bytes:
    """Return an archive in which one packed block is the content of many members."""
    packed, crc32 = deflated_zeros(16), 0
    size = 16 * MIB + len(HEAD)
    first = Member(b"IM0000", packed, 8, size=size, crc32=crc32)
    again = [
        Member(b"IM%04d" % n, packed, 8, size=size, crc32=crc32, offset=0) for n in range(1, times)
    ]
    return archive([first, *again])


def test_members_that_share_their_bytes_are_refused(tmp_path: Path, scratch: Path) -> None:
    content = overlapping(50)
    with zipfile.ZipFile(io.BytesIO(content)) as opened:  # a naive reader adds nothing up
        assert sum(one.file_size for one in opened.infolist()) > 40_000 * len(content)
    assert refusal(tmp_path, content, scratch).code == "unsafe_archive"


def with_entries(count: int, told: int) -> bytes:
    """Return an archive whose directory lists an empty member `count` times and tells of `told`."""
    entry = Member(b"a", b"").entry(0)
    local = Member(b"a", b"").local()
    return local + entry * count + end_record(told, len(entry) * count, len(local))


@pytest.mark.parametrize("told", [1_000_000, 1])
def test_a_million_entries_are_refused_without_making_one(
    tmp_path: Path, scratch: Path, told: int
) -> None:
    path = tmp_path / "given.zip"
    path.write_bytes(with_entries(1_000_000, told))
    tracemalloc.start()
    try:
        with pytest.raises(RefusedFileError) as error, opened_sources([path], scratch=scratch):
            pass
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert error.value.code == "archive_too_large"
    directory_bytes = 47 * 1_000_000
    assert peak < (0 if told > 1 else directory_bytes) + 8 * MIB  # starts of entries aside


def test_the_library_makes_an_object_of_every_entry_before_anybody_can_count() -> None:
    content = with_entries(20_000, told=1)
    tracemalloc.start()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as opened:
            assert len(opened.infolist()) == 20_000
            held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert held > 300 * 20_000  # so a million take 300 MB and more


def nested(depth: int, width: int, mebibytes: int) -> bytes:
    """Return archives in archives, with one image of so many MiB in each of the innermost."""
    if depth == 0:
        return archive(
            [
                Member(
                    b"IM1",
                    deflated_zeros(mebibytes),
                    8,
                    size=mebibytes * MIB + len(HEAD),
                    crc32=zlib.crc32(bytes(mebibytes * MIB), zlib.crc32(HEAD)),
                )
            ]
        )
    inner = nested(depth - 1, width, mebibytes)
    return archive([Member(b"%d.zip" % n, inner) for n in range(width)])


def unpacked_by_a_naive_reader(content: bytes) -> int:
    """Return how many bytes come out if every archive in an archive is opened too."""
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        return sum(
            unpacked_by_a_naive_reader(opened.read(one))
            if one.filename.endswith(".zip")
            else one.file_size
            for one in opened.infolist()
        )


def test_archives_in_archives_share_the_allowance_of_the_outermost(
    tmp_path: Path, scratch: Path
) -> None:
    content = nested(depth=1, width=8, mebibytes=16)
    assert unpacked_by_a_naive_reader(content) >= 8 * 16 * MIB
    path = tmp_path / "given.zip"
    path.write_bytes(content)
    limits = SourceLimits(free_growth_bytes=50 * MIB, growth=1)
    with opened_sources([path], limits=limits, scratch=scratch) as sources:
        written = sum(file.stat().st_size for file in scratch.rglob("*") if file.is_file())
        assert written < 50 * MIB
        assert len(sources.files) == 3
        assert [note.code for note in sources.notes] == ["archive_too_large"] * 5
        assert all(note.refused for note in sources.notes)


def test_archives_two_deep_are_not_opened_but_named(tmp_path: Path, scratch: Path) -> None:
    content = nested(depth=3, width=1, mebibytes=16)
    path = tmp_path / "given.zip"
    path.write_bytes(content)
    with opened_sources([path], scratch=scratch) as sources:
        assert sources.files == ()
        (note,) = sources.notes
        assert (note.code, note.refused) == ("nested_archive", True)
        assert note.shown == f"{path}/0.zip/0.zip"


def test_all_archives_together_are_bounded(tmp_path: Path, scratch: Path) -> None:
    for name in ("a.zip", "b.zip"):
        (tmp_path / name).write_bytes(nested(depth=0, width=1, mebibytes=16))
    limits = SourceLimits(unpacked_bytes=24 * MIB)
    with opened_sources([tmp_path], limits=limits, scratch=scratch) as sources:
        assert [sources.shown(file) for file in sources.files] == [f"{tmp_path}/a.zip/IM1"]
        assert [note.code for note in sources.notes] == ["archive_too_large"]


def test_a_member_larger_than_any_image_is_refused(tmp_path: Path, scratch: Path) -> None:
    content = nested(depth=0, width=1, mebibytes=16)
    limits = SourceLimits(member_bytes=16 * MIB)
    assert refusal(tmp_path, content, scratch, limits).code == "archive_too_large"


def test_files_and_members_together_are_counted(tmp_path: Path, scratch: Path) -> None:
    content = archive([Member(b"IM%d" % n) for n in range(20)])
    limits = SourceLimits(files=19)
    assert refusal(tmp_path, content, scratch, limits).code == "archive_too_large"


def test_more_folders_than_files_may_be_are_refused(tmp_path: Path, scratch: Path) -> None:
    deep = [b"/".join(b"%d" % (n * 30 + depth) for depth in range(30)) for n in range(10)]
    content = archive([Member(name) for name in deep])
    limits = SourceLimits(files=250)
    assert refusal(tmp_path, content, scratch, limits).code == "archive_too_large"


# the disk


def test_a_disk_without_room_is_found_before_it_is_full(tmp_path: Path, scratch: Path) -> None:
    content = archive([Member(b"IM1")])
    error = refusal(tmp_path, content, scratch, SourceLimits(spare_disk_bytes=2**60))
    assert isinstance(error, SourceError)
    assert error.code == "no_room"


def test_a_disk_that_fills_up_meanwhile_leaves_nothing_behind(
    tmp_path: Path, scratch: Path
) -> None:
    content = archive([Member(b"IM1"), Member(b"IM2", bytes(3 * MIB))])
    path = tmp_path / "given.zip"
    path.write_bytes(content)
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2 * MIB, limit[1]))
    try:
        with pytest.raises(SourceError) as error, opened_sources([path], scratch=scratch):
            pass
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
    assert error.value.code == "no_room"
