"""Members that lead elsewhere, and members that cannot be read (abuse list 38)."""

import io
import ntpath
import stat
import zipfile
from pathlib import Path

import pytest

from imaging.errors import RefusedFileError
from imaging.sources.opening import opened_sources
from tests.imaging.sources.crafted_archives import HEAD, Member, archive, deflated

EVIL = HEAD + b"evil"

LEADING_AWAY = {
    "it climbs": b"../evil",
    "it climbs from below": b"DICOM/../../evil",
    "it is absolute": b"/tmp/commissure-evil",
    "it has a drive": b"C:/evil",
    "it has a drive and no slash": b"C:evil",
    "it climbs by backslashes": b"..\\..\\evil",
    "it is absolute by a backslash": b"\\evil",
    "it is a share": b"\\\\server\\evil",
    "it holds a NUL": b"evil\0.dcm",
    "it is empty": b"",
    "it is a dot": b".",
    "it is longer than a name may be": b"n" * 256,
    "it is longer than a path may be": b"/".join([b"n" * 200] * 12),
    "it is deeper than any export": b"d/" * 40 + b"evil",
}


def opened_codes(folder: Path, content: bytes) -> str:
    """Return the code with which an archive is refused, after nothing was written anywhere."""
    given = folder / "in" / "given.zip"
    scratch = folder / "out" / "scratch"
    given.parent.mkdir()
    scratch.mkdir(parents=True)
    given.write_bytes(content)
    with pytest.raises(RefusedFileError) as error, opened_sources([given], scratch=scratch):
        pass
    assert sorted(folder.rglob("*")) == sorted([given.parent, given, scratch.parent, scratch])
    return error.value.code


@pytest.mark.parametrize("case", LEADING_AWAY)
def test_a_name_that_leads_away_is_refused_if(tmp_path: Path, case: str) -> None:
    content = archive([Member(b"DICOM/IM1"), Member(LEADING_AWAY[case], EVIL)])
    assert opened_codes(tmp_path, content) == "unsafe_archive"
    assert not Path("/tmp/commissure-evil").exists()


def naively(content: bytes, folder: Path) -> None:
    """Unpack as is often done: join the name to the folder, make links where there are links."""
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        for one in opened.infolist():
            target = folder / one.filename
            if stat.S_ISLNK(one.external_attr >> 16):
                target.symlink_to(opened.read(one).decode())
            else:
                target.write_bytes(opened.read(one))


def test_a_naive_reader_writes_where_a_climbing_name_leads(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    naively(archive([Member(b"../evil", EVIL)]), inside)
    assert (tmp_path / "evil").read_bytes() == EVIL


def test_a_naive_reader_writes_where_an_absolute_name_leads(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    naively(archive([Member(bytes(tmp_path / "evil"), EVIL)]), inside)
    assert (tmp_path / "evil").read_bytes() == EVIL


@pytest.mark.parametrize("case", ["it climbs by backslashes", "it has a drive", "it is a share"])
def test_on_windows_a_naive_reader_would_leave_the_folder_if(case: str) -> None:
    joined = ntpath.normpath(ntpath.join(r"D:\inside", LEADING_AWAY[case].decode()))
    assert not joined.startswith(r"D:\inside")


def link_and_write_through_it(outside: Path) -> bytes:
    link = Member(b"door", bytes(outside), mode=stat.S_IFLNK | 0o777)
    return archive([Member(b"IM1"), link, Member(b"door/evil", EVIL)])


def test_a_naive_reader_writes_through_a_link_that_it_has_unpacked(tmp_path: Path) -> None:
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    inside.mkdir()
    outside.mkdir()
    naively(link_and_write_through_it(outside), inside)
    assert (outside / "evil").read_bytes() == EVIL


def test_a_link_in_an_archive_is_refused(tmp_path: Path) -> None:
    content = link_and_write_through_it(tmp_path / "out")
    assert opened_codes(tmp_path, content) == "unsafe_archive"


@pytest.mark.parametrize("kind", [stat.S_IFIFO, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFSOCK])
def test_a_pipe_or_device_in_an_archive_is_refused(tmp_path: Path, kind: int) -> None:
    content = archive([Member(b"IM1"), Member(b"x", b"", mode=kind | 0o600)])
    assert opened_codes(tmp_path, content) == "unsafe_archive"


def test_a_name_that_is_file_and_folder_is_refused(tmp_path: Path) -> None:
    content = archive([Member(b"a"), Member(b"a/b")])
    assert opened_codes(tmp_path, content) == "unsafe_archive"


@pytest.mark.parametrize("flag", [1 << 0, 1 << 6 | 1, 1 << 13 | 1])
def test_an_encrypted_member_is_refused(tmp_path: Path, flag: int) -> None:
    content = archive([Member(b"IM1"), Member(b"IM2", flags=flag)])
    assert opened_codes(tmp_path, content) == "encrypted_archive"


def test_an_archive_with_strong_encryption_alone_is_refused(tmp_path: Path) -> None:
    content = archive([Member(b"IM1", b"?" * 600, method=99, size=512, crc32=0, flags=1)])
    assert opened_codes(tmp_path, content) == "encrypted_archive"


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_another_way_of_packing_is_refused(tmp_path: Path, method: int) -> None:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", method) as target:
        target.writestr("IM1", HEAD)
    assert opened_codes(tmp_path, written.getvalue()) == "unsupported_archive"


DAMAGED = {
    "its end is gone": lambda whole: whole[:-30],
    "its middle is gone": lambda whole: whole[:200] + whole[400:],
    "its directory is other bytes": lambda whole: whole.replace(b"PK\x01\x02", b"PK\x01\x03"),
    "its member is not where it should be": lambda whole: b"PK\x03\x04" + whole[3:],
    "a byte of its image is another": lambda whole: whole.replace(b"a slice", b"a slite", 1),
    "it tells of another number of members": lambda whole: whole[:-14] + b"\7\0\7\0" + whole[-10:],
    "it is one of several parts": lambda whole: whole[:-18] + b"\1\0\1\0" + whole[-14:],
}


@pytest.mark.parametrize("case", DAMAGED)
def test_an_archive_is_refused_as_damaged_if(tmp_path: Path, case: str) -> None:
    whole = archive([Member(b"IM1", HEAD + b"a slice"), Member(b"IM2")])
    assert opened_codes(tmp_path, DAMAGED[case](whole)) == "damaged_archive"


@pytest.mark.parametrize(
    "packed",
    [deflated(HEAD)[:-3], deflated(HEAD) + b"more", b"\xff" * 30, deflated(HEAD + b"longer")],
)
def test_a_member_that_does_not_unpack_to_what_it_claims_is_refused(
    tmp_path: Path, packed: bytes
) -> None:
    member = Member(b"IM2", packed, 8, size=len(HEAD), crc32=0)
    content = archive([Member(b"IM1"), member])
    assert opened_codes(tmp_path, content) == "damaged_archive"


def test_what_is_wrong_with_an_archive_in_a_folder_is_a_note(tmp_path: Path) -> None:
    (tmp_path / "IM0").write_bytes(HEAD)
    (tmp_path / "bad.zip").write_bytes(archive([Member(b"../IM1")]))
    (tmp_path / "good.zip").write_bytes(archive([Member(b"IM1")]))
    with opened_sources([tmp_path]) as sources:
        shown = [sources.shown(file) for file in sources.files]
        assert shown == [f"{tmp_path}/IM0", f"{tmp_path}/good.zip/IM1"]
        (note,) = sources.notes
        assert (note.code, note.refused) == ("unsafe_archive", True)
        assert note.shown == f"{tmp_path}/bad.zip"


def test_a_hostile_name_steers_no_terminal_and_forges_no_line(tmp_path: Path) -> None:
    (tmp_path / "bad.zip").write_bytes(archive([Member(b"\x1b[2J\r\nadmin: all is well/../../x")]))
    (tmp_path / "good.zip").write_bytes(archive([Member(b"\x1b[2J\r\nIM1")]))
    with opened_sources([tmp_path]) as sources:
        assert [sources.shown(file) for file in sources.files] == [f"{tmp_path}/good.zip/_[2J__IM1"]
        assert all(note.message.isprintable() for note in sources.notes)
