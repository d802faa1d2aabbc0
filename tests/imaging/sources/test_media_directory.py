"""DICOMDIR: what it names is found, what it lacks is said, where it leads away it is refused."""

import contextlib
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.fileset import FileSet
from pydicom.uid import (
    UID,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
)

from imaging.dicom.inspecting import inspect
from imaging.errors import RefusedFileError
from imaging.sources.media_directory import MAX_DIRECTORY_BYTES
from imaging.sources.media_records import BrokenDirectoryError, file_ids
from imaging.sources.opening import opened_sources
from tests.imaging.dicom.written_series import Grid, dataset_of, save, stored_values, write_series
from tests.imaging.sources.crafted_archives import HEAD
from tests.imaging.sources.crafted_directories import directory_bytes, record, write_directory

IDS = [f"DICOM\\S1\\IM{n}" for n in range(5)]


@pytest.fixture
def medium(tmp_path: Path) -> Path:
    """Return a folder with a DICOMDIR and the five files that it names, and one more."""
    folder = tmp_path / "medium"
    (folder / "DICOM" / "S1").mkdir(parents=True)
    for n in range(5):
        (folder / "DICOM" / "S1" / f"IM{n}").write_bytes(HEAD + bytes([n]))
    (folder / "autorun.inf").write_bytes(b"[autorun]")
    write_directory(folder, IDS)
    return folder


def as_media_want_it(dataset: Dataset, _k: int) -> None:
    """Add what pydicom asks of an instance for its records."""
    dataset.StudyDate, dataset.StudyTime, dataset.StudyID = "20200101", "120000", "1"
    dataset.SeriesNumber = 1


@contextlib.contextmanager
def closed_set(files: FileSet) -> Iterator[FileSet]:
    """Remove the folder in which pydicom stages a set, which it leaves to the collector."""
    try:
        yield files
    finally:
        files._stage["t"].cleanup()


def written_by_pydicom(paths: Sequence[Path], medium: Path) -> Path:
    """Return the folder of a medium that pydicom made of some files."""
    with warnings.catch_warnings(), closed_set(FileSet()) as files:
        warnings.simplefilter("ignore")
        for path in paths:
            files.add(path)
        files.write(medium)
    return medium


def found(path: Path, below: Path) -> list[str]:
    with opened_sources([path]) as sources:
        assert sources.notes == ()
        return [str(file.relative_to(below)) for file in sources.files]


def test_a_directory_that_is_given_itself_leads_to_its_files(medium: Path) -> None:
    names = [*(one.replace("\\", "/") for one in IDS), "DICOMDIR"]
    assert found(medium / "DICOMDIR", medium) == names


def test_a_directory_in_a_folder_changes_nothing_if_all_is_there(medium: Path) -> None:
    assert len(found(medium, medium)) == 7


def test_a_directory_of_another_name_is_one_if_it_is_given_itself(medium: Path) -> None:
    other = (medium / "DICOMDIR").rename(medium / "index")
    assert len(found(other, medium)) == 6


@pytest.mark.parametrize("given_itself", [True, False])
def test_files_that_are_missing_are_counted_and_named(medium: Path, given_itself: bool) -> None:  # noqa: FBT001
    for n in (3, 4):
        (medium / "DICOM" / "S1" / f"IM{n}").unlink()
    with opened_sources([medium / "DICOMDIR" if given_itself else medium]) as sources:
        (note,) = sources.notes
    assert (note.code, note.refused) == ("missing_from_media_directory", True)
    assert note.message.startswith("2 of the 5 files that")
    assert r"(DICOM\S1\IM3, DICOM\S1\IM4)" in note.message


def test_a_volume_of_an_incomplete_medium_says_so(tmp_path: Path) -> None:
    """An end slice that is not there leaves no gap to be seen."""
    paths = write_series(tmp_path / "series", edit=as_media_want_it)
    names = [path.name for path in paths]
    write_directory(tmp_path / "series", names)
    assert not inspect([tmp_path / "series"]).volumes[0].warnings
    paths[-1].unlink()
    (volume,) = inspect([tmp_path / "series"]).volumes
    assert "missing_from_media_directory" in {warning.code for warning in volume.warnings}


def test_files_missing_from_a_medium_in_an_archive_are_said_too(
    medium: Path, tmp_path: Path
) -> None:
    path = tmp_path / "medium.zip"
    with zipfile.ZipFile(path, "w") as target:
        for name in ("DICOMDIR", "DICOM/S1/IM0"):
            target.write(medium / name, f"CD/{name}")
    with opened_sources([path]) as sources:
        (note,) = sources.notes
    assert note.code == "missing_from_media_directory"
    assert note.shown == f"{path}/CD/DICOMDIR"
    assert note.message.startswith("4 of the 5 files")


@pytest.mark.parametrize("renamed", [str.lower, lambda name: f"{name};1", lambda name: f"{name}."])
def test_names_as_a_disc_changes_them_are_found(medium: Path, renamed: object) -> None:
    assert callable(renamed)
    for file in (medium / "DICOM" / "S1").iterdir():
        file.rename(file.with_name(renamed(file.name)))
    assert len(found(medium / "DICOMDIR", medium)) == 6


def test_a_record_that_is_no_longer_in_use_misses_nothing(medium: Path) -> None:
    retired = record("GONE")
    retired.RecordInUseFlag = 0
    (medium / "DICOMDIR").write_bytes(directory_bytes([*map(record, IDS), retired]))
    assert len(found(medium / "DICOMDIR", medium)) == 6


# 44: leading away


LEADING_AWAY = {
    "it climbs": r"..\secret",
    "it climbs from below": r"DICOM\..\..\secret",
    "it climbs by a slash": "../secret",
    "it is absolute": "/etc/passwd",
    "it begins with nothing": r"\etc\passwd",
    "it has a drive": r"C:\secret",
}


@pytest.mark.parametrize("case", LEADING_AWAY)
def test_a_directory_is_refused_if(medium: Path, case: str) -> None:
    (medium.parent / "secret").write_bytes(HEAD)
    path = write_directory(medium, [*IDS, LEADING_AWAY[case]])
    with pytest.raises(RefusedFileError) as error, opened_sources([path]):
        pass
    assert error.value.code == "unsafe_media_directory"
    with opened_sources([medium]) as sources:
        assert [(note.code, note.refused) for note in sources.notes] == [
            ("unsafe_media_directory", True)
        ]
        assert all(file.is_relative_to(medium) for file in sources.files)
        assert len(sources.files) == 7


def test_a_link_that_leads_out_of_the_medium_is_refused(medium: Path) -> None:
    (medium.parent / "secret").write_bytes(HEAD)
    (medium / "DICOM" / "S1" / "IM9").symlink_to("../../../secret")
    path = write_directory(medium, [r"DICOM\S1\IM9"])
    with pytest.raises(RefusedFileError, match="a link that leads out") as error:
        opened_sources([path]).__enter__()
    assert error.value.code == "unsafe_media_directory"


def test_a_folder_that_is_a_link_out_of_the_medium_is_refused(medium: Path) -> None:
    (medium.parent / "other").mkdir()
    (medium.parent / "other" / "IM9").write_bytes(HEAD)
    (medium / "OUT").symlink_to("../other")
    path = write_directory(medium, [r"OUT\IM9"])
    with pytest.raises(RefusedFileError, match="a link that leads out"):
        opened_sources([path]).__enter__()


def test_links_within_the_medium_are_followed_and_circles_are_not(medium: Path) -> None:
    (medium / "ALIAS").symlink_to("DICOM")
    (medium / "CIRCLE").symlink_to("CIRCLE")
    path = write_directory(medium, [r"ALIAS\S1\IM0", "CIRCLE"])
    with opened_sources([path]) as sources:
        assert len(sources.files) == 2
        assert [note.message[:12] for note in sources.notes] == ["1 of the 2 f"]


@pytest.mark.filterwarnings("ignore:Invalid value for VR CS")
def test_a_naive_reader_follows_a_directory_out_of_its_folder(medium: Path) -> None:
    """It joins the components to the folder and reads what is there."""
    secret = dataset_of(Grid(), 0, stored_values(Grid().shape_kji)[0])
    save(secret, medium.parent / "SECRET")
    path = write_directory(medium, [r"..\SECRET"])
    (named,) = dcmread(path).DirectoryRecordSequence
    read = dcmread(medium.joinpath(*named.ReferencedFileID))
    assert read.PatientName == secret.PatientName


# the bytes


@pytest.mark.parametrize("syntax", [ExplicitVRLittleEndian, ImplicitVRLittleEndian])
@pytest.mark.parametrize("undefined", [True, False])
def test_records_are_read_however_they_are_encoded(syntax: UID, undefined: bool) -> None:  # noqa: FBT001
    content = directory_bytes([record(one) for one in IDS], syntax, undefined=undefined)
    assert file_ids(content, 1000) == IDS


def test_the_directory_that_pydicom_writes_names_what_it_wrote(tmp_path: Path) -> None:
    paths = write_series(tmp_path / "series", edit=as_media_want_it)
    medium = written_by_pydicom(paths, tmp_path / "medium")
    with opened_sources([medium / "DICOMDIR"]) as sources:
        assert len(sources.files) == len(paths) + 1
        assert sources.notes == ()
    named = file_ids((medium / "DICOMDIR").read_bytes(), 1000)
    assert sorted(medium / Path(*one.split("\\")) for one in named) == sorted(
        file for file in medium.rglob("*") if file.is_file() and file.name != "DICOMDIR"
    )


def test_a_compressed_icon_is_passed_over() -> None:
    from pydicom.encaps import encapsulate

    with_icon = record("IM1")
    with_icon.IconImageSequence[0].PixelData = encapsulate([b"\xff\xd8 a small picture"])
    with_icon.IconImageSequence[0]["PixelData"].is_undefined_length = True
    assert file_ids(directory_bytes([with_icon, record("IM2")]), 10) == ["IM1", "IM2"]


WHOLE = directory_bytes([record(one) for one in IDS])


@settings(deadline=None, max_examples=300)
@given(data=st.data())
def test_corrupted_records_are_read_or_refused(data: st.DataObject) -> None:
    content = bytearray(WHOLE)
    for _ in range(data.draw(st.integers(0, 5))):
        content[data.draw(st.integers(132, len(content) - 1))] = data.draw(st.integers(0, 255))
    del content[data.draw(st.integers(132, len(content))) :]
    try:
        named = file_ids(bytes(content), 100)
    except BrokenDirectoryError:
        return
    assert len(named) <= 5


def test_a_directory_that_is_cut_short_is_refused_for_nobody_knows_what_it_named(
    medium: Path,
) -> None:
    (medium / "DICOMDIR").write_bytes(WHOLE[:-200])
    with pytest.raises(RefusedFileError, match="cannot be read") as error:
        opened_sources([medium / "DICOMDIR"]).__enter__()
    assert error.value.code == "unreadable_file"


def test_a_directory_that_is_packed_as_none_may_be_is_refused(medium: Path) -> None:
    syntax = DeflatedExplicitVRLittleEndian
    (medium / "DICOMDIR").write_bytes(directory_bytes([record(one) for one in IDS], syntax))
    with opened_sources([medium]) as sources:
        assert [note.code for note in sources.notes] == ["unreadable_file"]


def test_a_directory_that_is_too_large_is_refused_whole(medium: Path) -> None:
    path = medium / "DICOMDIR"
    with path.open("r+b") as target:
        target.truncate(MAX_DIRECTORY_BYTES + 1)
    with pytest.raises(RefusedFileError, match="larger than 128 MiB"):
        opened_sources([path]).__enter__()


def test_more_records_than_the_limit_are_refused() -> None:
    with pytest.raises(BrokenDirectoryError, match="more than 9 records"):
        file_ids(WHOLE, 9)  # five records, and five icons in them


def test_thousands_of_nested_sequences_are_no_matter() -> None:
    nested = b"\x04\x00\x20\x12SQ\0\0\xff\xff\xff\xff" + b"\xfe\xff\x00\xe0\xff\xff\xff\xff"
    assert file_ids(WHOLE[:132] + nested * 5000, 10_000) == []
    with pytest.raises(BrokenDirectoryError):
        file_ids(WHOLE[:132] + nested * 5000, 100)
