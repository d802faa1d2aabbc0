"""However a series arrives, it is the same volume."""

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np
import pydicom
import pytest
from pydicom.dataset import Dataset
from pydicom.uid import DeflatedExplicitVRLittleEndian

from imaging.dicom.reading import read_volume
from imaging.sources.opening import opened_sources
from imaging.volume import Volume
from tests.imaging.dicom.written_series import write_series
from tests.imaging.sources.crafted_directories import write_directory

PREAMBLE_BYTES: Final = 132


def packed(series: Path, folder: Path) -> Path:
    path = folder / "study.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for file in sorted(series.iterdir()):
            target.write(file, f"DICOM/S1/{file.name}")
    return path


def packed_beside_a_note(series: Path, folder: Path) -> Path:
    packed(series, folder)
    (folder / "note.txt").write_text("the archive beside holds the series")
    return folder


def packed_twice(series: Path, folder: Path) -> Path:
    path = folder / "studies.zip"
    with zipfile.ZipFile(path, "w") as target:
        target.write(packed(series, folder), "inner/study.zip")
    return path


def nested(series: Path, folder: Path) -> Path:
    for n, file in enumerate(sorted(series.iterdir())):
        below = folder.joinpath("deep", *"abc"[: n % 3])
        below.mkdir(parents=True, exist_ok=True)
        file.rename(below / f"{n}")
    return folder / "deep"


def without_preamble(series: Path, folder: Path) -> Path:
    bare = folder / "bare"
    bare.mkdir()
    for file in series.iterdir():
        (bare / file.name).write_bytes(file.read_bytes()[PREAMBLE_BYTES:])
    return bare


def without_preamble_packed(series: Path, folder: Path) -> Path:
    return packed(without_preamble(series, folder), folder)


def without_meta(series: Path, folder: Path) -> Path:
    bare = folder / "bare"
    bare.mkdir()
    for file in series.iterdir():
        dataset = pydicom.dcmread(file)
        plain = Dataset()
        plain.update(dataset)
        pydicom.dcmwrite(bare / file.name, plain, implicit_vr=True, little_endian=True)
    return bare


def without_meta_packed(series: Path, folder: Path) -> Path:
    return packed(without_meta(series, folder), folder)


def medium(series: Path, folder: Path) -> Path:
    """Return a DICOMDIR beside a folder that it names, and a stray series that it does not."""
    (folder / "CD").mkdir()
    series.rename(folder / "CD" / "S1")
    return write_directory(folder / "CD", [rf"S1\{k:04d}.dcm" for k in range(5)])


def packed_medium(series: Path, folder: Path) -> Path:
    directory = medium(series, folder)
    path = folder / "medium.zip"
    with zipfile.ZipFile(path, "w") as target:
        target.write(directory, "DICOMDIR")
        for file in (directory.parent / "S1").iterdir():
            target.write(file, f"S1/{file.name}")
    return path


SOURCES: Final[tuple[Callable[[Path, Path], Path], ...]] = (
    packed,
    packed_beside_a_note,
    packed_twice,
    nested,
    without_preamble,
    without_preamble_packed,
    without_meta,
    without_meta_packed,
    medium,
    packed_medium,
)


def read(path: Path) -> Volume:
    with opened_sources([path]) as sources:
        assert not [note for note in sources.notes if note.refused]
        return read_volume(sources.files)


@pytest.mark.filterwarnings("ignore:Invalid value for VR CS")
@pytest.mark.parametrize("arranged", SOURCES, ids=lambda one: one.__name__)
def test_a_series_is_the_same_volume_if_it_is(
    tmp_path: Path, arranged: Callable[[Path, Path], Path]
) -> None:
    write_series(tmp_path / "series")
    whole = read_volume([tmp_path / "series"])
    folder = tmp_path / "arranged"
    folder.mkdir()
    found = read(arranged(tmp_path / "series", folder))
    assert np.array_equal(found.voxels, whole.voxels)
    assert found.geometry == whole.geometry
    assert found.volume_id == whole.volume_id


def test_a_deflated_instance_in_an_archive_is_the_same_volume(tmp_path: Path) -> None:
    write_series(tmp_path / "plain")
    write_series(tmp_path / "deflated", syntax=DeflatedExplicitVRLittleEndian)
    plain = read_volume([tmp_path / "plain"])
    assert np.array_equal(read(packed(tmp_path / "deflated", tmp_path)).voxels, plain.voxels)
