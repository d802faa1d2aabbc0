"""What is imported is kept: voxels, the files themselves, and an entry in the catalogue."""

import hashlib
import zipfile
from pathlib import Path

import numpy as np
import pytest
from pydicom.dataset import Dataset

from imaging.catalog.catalog import Catalog
from imaging.catalog.records import Query
from imaging.dicom.choice import Choice, Uneven
from imaging.dicom.reading import read_volume
from imaging.errors import ImagingError
from imaging.image_archive import ImageArchive, Kept
from tests.imaging.dicom.written_series import Grid, write_series

NOW = "2026-01-02T03:04:05Z"
TILTED_MM = 0.7


def tilt(dataset: Dataset, k: int) -> None:
    x, y, z = (float(value) for value in dataset.ImagePositionPatient)
    dataset.ImagePositionPatient = [f"{x:.6f}", f"{y + TILTED_MM * k:.6f}", f"{z:.6f}"]


def kept_of(archive: ImageArchive, path: Path) -> Kept:
    with archive.reading([path], Choice()) as pending:
        return pending.keep(NOW)


def files_below(folder: Path) -> dict[str, str]:
    return {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in folder.rglob("*")
        if file.is_file()
    }


def test_a_kept_volume_comes_back_with_its_voxels_and_its_place(tmp_path: Path) -> None:
    write_series(tmp_path / "series", edit=tilt)
    archive = ImageArchive(tmp_path / "data")
    with archive.reading([tmp_path / "series"], Choice()) as pending:
        volume, kept = pending.volume, pending.keep(NOW)
    again = archive.volumes.open(kept.stored.key).volume()
    assert np.array_equal(again.voxels, volume.voxels)
    assert np.allclose(again.geometry.affine_lps, volume.geometry.affine_lps, atol=1e-9)  # mm
    assert again.warnings == volume.warnings
    assert "gantry_tilt" in {code for code, _ in again.warnings}


def test_the_files_are_only_read_and_kept_by_their_hashes(tmp_path: Path) -> None:
    paths = write_series(tmp_path / "series")
    before = files_below(tmp_path / "series")
    archive = ImageArchive(tmp_path / "data")
    kept_of(archive, tmp_path / "series")
    assert files_below(tmp_path / "series") == before
    for path in paths:
        archive.originals.verify(hashlib.sha256(path.read_bytes()).hexdigest())


def test_the_same_series_twice_is_one_volume_and_one_entry(tmp_path: Path) -> None:
    write_series(tmp_path / "series")
    with zipfile.ZipFile(tmp_path / "series.zip", "w") as packed:
        for file in (tmp_path / "series").iterdir():
            packed.write(file, f"DICOM/{file.name}")
    archive = ImageArchive(tmp_path / "data")
    first = kept_of(archive, tmp_path / "series")
    second = kept_of(archive, tmp_path / "series.zip")
    assert first.stored.key == second.stored.key
    assert (first.stored.is_new, second.stored.is_new) == (True, False)
    with Catalog(archive.catalog_file) as catalog:
        page = catalog.search(Query("Secret"))
    (study,) = page.studies
    assert [len(series.volumes) for series in study.series] == [1]


def test_other_pixels_under_a_known_instance_are_refused_and_change_nothing(tmp_path: Path) -> None:
    """Row 54 of the abuse list."""

    def brighter(dataset: Dataset, k: int) -> None:
        if k == 2:
            values = np.frombuffer(dataset.PixelData, "<u2") + np.uint16(1)
            dataset.PixelData = values.tobytes()

    write_series(tmp_path / "series")
    write_series(tmp_path / "other", edit=brighter)
    archive = ImageArchive(tmp_path / "data")
    kept = kept_of(archive, tmp_path / "series")
    stored = files_below(tmp_path / "data" / "volumes")
    with pytest.raises(ImagingError) as refusal:
        kept_of(archive, tmp_path / "other")
    assert refusal.value.code == "conflicting_instance"
    assert files_below(tmp_path / "data" / "volumes") == stored
    assert archive.volumes.keys() == (kept.stored.key,)


def test_more_slices_of_a_series_make_a_second_volume_beside_the_first(tmp_path: Path) -> None:
    paths = write_series(tmp_path / "series", Grid(shape_kji=(6, 6, 7)))
    last = paths[-1].read_bytes()
    paths[-1].unlink()
    archive = ImageArchive(tmp_path / "data")
    part = kept_of(archive, tmp_path / "series")
    paths[-1].write_bytes(last)
    whole = kept_of(archive, tmp_path / "series")
    assert archive.volumes.keys() == tuple(sorted((part.stored.key, whole.stored.key)))
    read = read_volume([tmp_path / "series"])
    assert np.array_equal(archive.volumes.open(whole.stored.key).volume().voxels, read.voxels)


def test_a_damaged_volume_among_several_costs_only_itself(tmp_path: Path) -> None:
    def other(dataset: Dataset, k: int) -> None:
        dataset.SeriesInstanceUID += ".9"
        dataset.SOPInstanceUID = f"{dataset.SeriesInstanceUID}.{k}"

    write_series(tmp_path / "series" / "good")
    victim = write_series(tmp_path / "series" / "bad", edit=other)[1]
    victim.write_bytes(victim.read_bytes()[:-20])
    archive = ImageArchive(tmp_path / "data")
    kept, failures, found, _ = archive.keep_all([tmp_path / "series"], Choice(), NOW)
    assert len(kept) == 1
    assert not failures
    assert [refusal.error.code for refusal in found.refusals] == ["truncated_file"]


def test_erasing_a_volume_leaves_the_files_of_others_and_nothing_of_its_own(tmp_path: Path) -> None:
    def other(dataset: Dataset, k: int) -> None:
        dataset.SeriesInstanceUID += ".9"
        dataset.SOPInstanceUID = f"{dataset.SeriesInstanceUID}.{k}"

    write_series(tmp_path / "one")
    write_series(tmp_path / "two", edit=other)
    archive = ImageArchive(tmp_path / "data")
    gone = kept_of(archive, tmp_path / "one")
    left = kept_of(archive, tmp_path / "two")
    assert archive.erase(gone.facts.volume_id) == 5
    assert archive.volumes.keys() == (left.stored.key,)
    for path in (tmp_path / "two").iterdir():
        archive.originals.verify(hashlib.sha256(path.read_bytes()).hexdigest())
    for path in (tmp_path / "one").iterdir():
        assert not archive.originals.has(hashlib.sha256(path.read_bytes()).hexdigest())


def test_what_is_read_and_not_kept_leaves_nothing(tmp_path: Path) -> None:
    write_series(tmp_path / "series")
    archive = ImageArchive(tmp_path / "data")
    with archive.reading([tmp_path / "series"], Choice()) as pending:
        assert pending.volume.voxels.shape == (5, 6, 7)
    assert files_below(tmp_path / "data") == {}


def test_a_contradiction_leaves_no_file_of_its_own(tmp_path: Path) -> None:
    def brighter(dataset: Dataset, _k: int) -> None:
        values = np.frombuffer(dataset.PixelData, "<u2") + np.uint16(1)
        dataset.PixelData = values.tobytes()

    write_series(tmp_path / "series")
    write_series(tmp_path / "other", edit=brighter)
    archive = ImageArchive(tmp_path / "data")
    kept_of(archive, tmp_path / "series")
    before = files_below(tmp_path / "data" / "originals")
    with pytest.raises(ImagingError):
        kept_of(archive, tmp_path / "other")
    assert files_below(tmp_path / "data" / "originals") == before


def test_a_series_kept_with_gaps_filled_does_not_contradict_the_whole_one(tmp_path: Path) -> None:
    """Its files come with other headers, so that values are compared and not only hashes."""

    def bright_in_the_middle(dataset: Dataset, k: int) -> None:
        if k == 4:
            dataset.PixelData = (np.frombuffer(dataset.PixelData, "<u2") + np.uint16(9)).tobytes()

    def once_more(dataset: Dataset, k: int) -> None:
        bright_in_the_middle(dataset, k)
        dataset.SeriesDescription = "sent again"

    grid = Grid(shape_kji=(9, 6, 7))
    write_series(tmp_path / "series", grid, edit=bright_in_the_middle)[4].unlink()
    write_series(tmp_path / "whole", grid, edit=once_more)
    archive = ImageArchive(tmp_path / "data")
    with archive.reading([tmp_path / "series"], Choice(uneven=Uneven.RESAMPLE)) as pending:
        filled = pending.keep(NOW)
    whole = kept_of(archive, tmp_path / "whole")
    assert archive.volumes.keys() == tuple(sorted((filled.stored.key, whole.stored.key)))


def test_files_that_a_damaged_volume_may_need_outlive_the_erasing_of_another(
    tmp_path: Path,
) -> None:
    def other(dataset: Dataset, k: int) -> None:
        dataset.SeriesInstanceUID += ".9"
        dataset.SOPInstanceUID = f"{dataset.SeriesInstanceUID}.{k}"

    write_series(tmp_path / "one")
    write_series(tmp_path / "two", edit=other)
    archive = ImageArchive(tmp_path / "data")
    gone = kept_of(archive, tmp_path / "one")
    damaged = kept_of(archive, tmp_path / "two")
    (archive.volumes.folder / damaged.stored.key / "zarr.json").write_text("{}")
    assert archive.erase(gone.facts.volume_id) == 0
    assert archive.volumes.keys() == (damaged.stored.key,)
    assert len(files_below(archive.originals.folder)) == 10
